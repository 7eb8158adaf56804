"""What an account has to have set aside for its deliveries, and moving it (DEL-027, DEL-034)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from lasalle import wire
from lasalle.plain.obligations import Delivery
from lasalle.plain.soundness import lets_fail
from lasalle.plain.state import State
from lasalle.wire import DeliveryParty, LedgerClass

Events = Iterator[Any]


class Needs(NamedTuple):
    """Micro-dollars that sides of deliveries need."""

    seller: int = 0
    buyer: int = 0

    def plus(self, state: State, account: int, delivery: Delivery, sign: int = 1) -> Needs:
        """With (or, sign -1, without) what a delivery needs of an account."""
        terms = state.owed.terms_of(delivery)
        seller, buyer = (
            sign * delivery.needs(party, terms) if delivery.of(party) == account else 0
            for party in (DeliveryParty.SELLER, DeliveryParty.BUYER)
        )
        return Needs(self.seller + seller, self.buyer + buyer)


NOTHING = Needs()


def _needs_of(state: State, account: int) -> Needs:
    found = NOTHING
    for delivery in state.owed.deliveries.values():
        found = found.plus(state, account, delivery)
    return found


def needed(state: State, account: int, more: Needs = NOTHING) -> int:
    """Micro-dollars the deliveries of an account need with `more`, both sides of all of them, less
    what its delivery credit counts toward what it delivers (DEL-034)."""
    seller, buyer = (a + b for a, b in zip(_needs_of(state, account), more, strict=True))
    return seller + buyer - _counts(state, account, seller)


def counted_credit(state: State, account: int) -> int:
    """Micro-dollars that the delivery credit of an account counts at the moment (DEL-034)."""
    return _counts(state, account, _needs_of(state, account).seller)


def _counts(state: State, account: int, seller: int) -> int:
    credit = state.owed.credits.get(account)
    return min(credit.amount, seller * credit.share // 10_000) if credit else 0


def secured(state: State, account: int) -> int:
    """Micro-dollars set aside: margin of deliveries and performance bond."""
    margin = state.balance(LedgerClass.DELIVERY_MARGIN, account)
    return margin + state.balance(LedgerClass.PERFORMANCE_BOND, account)


def lacking(state: State, account: int, more: Needs = NOTHING) -> int:
    """What an account has not set aside of what it needs with `more`: the coverage test requires
    it beside everything else."""
    if not state.owed.deliveries and more == NOTHING:
        return 0
    return max(0, needed(state, account, more) - secured(state, account))


def secure(state: State, accounts: Iterable[int]) -> Events:
    """Sets aside what lacks as far as free cash goes, or gives back what is set aside beyond what
    is needed: each account named, ascending; in a default the bond as well, and guarantees."""
    for number in sorted(accounts):
        short = lacking(state, number)
        margin = state.balance(LedgerClass.DELIVERY_MARGIN, number)
        spare = min(margin, secured(state, number) - needed(state, number))
        amount = min(short, max(0, state.free_of_holds(state.accounts[number])))
        if spare > 0:
            amount = -spare
        if amount:
            yield wire.DeliveryMarginMoved(account=number, amount=amount)
        if state.accounts[number].member in state.defaults:
            yield from free_bond(state, number)
        yield from free_guarantees(state, number)


def free_bond(state: State, account: int) -> Events:
    """What a bond holds beyond what is needed is cash again."""
    bond = state.balance(LedgerClass.PERFORMANCE_BOND, account)
    spare = min(bond, secured(state, account) - needed(state, account))
    if spare > 0:
        yield wire.BondMoved(account=account, amount=-spare)


def free_guarantees(state: State, account: int) -> Events:
    """Guarantees that an account gave, or that were given for it, are cash again where their
    guarantor is in default and nothing that who they are for let fail is missing (DEL-036)."""
    if not state.defaults:
        return
    for number, guarantee in sorted(state.owed.guarantees.items()):
        concerned = account in (guarantee.account, guarantee.to_account)
        defaulted = state.accounts[guarantee.account].member in state.defaults
        if concerned and defaulted and not lets_fail(state, guarantee.to_account):
            yield wire.GuaranteeEnded(
                guarantee=number,
                account=guarantee.account,
                to_account=guarantee.to_account,
                amount=guarantee.amount,
            )

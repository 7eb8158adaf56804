"""What an account has to have set aside for its deliveries, and moving it (DEL-027)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.state import State
from lasalle.wire import DeliveryParty, LedgerClass

Events = Iterator[Any]


def needed(state: State, account: int) -> int:
    """Micro-dollars the deliveries of an account need, both sides of all of them."""
    total = 0
    for delivery in state.owed.deliveries.values():
        for party in (DeliveryParty.SELLER, DeliveryParty.BUYER):
            if delivery.of(party) == account:
                total += delivery.needs(party, state.owed.terms_of(delivery))
    return total


def secured(state: State, account: int) -> int:
    """Micro-dollars set aside: margin of deliveries and performance bond."""
    margin = state.balance(LedgerClass.DELIVERY_MARGIN, account)
    return margin + state.balance(LedgerClass.PERFORMANCE_BOND, account)


def lacking(state: State, account: int, more: int = 0) -> int:
    """What an account has not set aside of what it needs, and `more`: the coverage test requires
    it beside everything else."""
    if not state.owed.deliveries and not more:
        return 0
    return max(0, needed(state, account) + more - secured(state, account))


def secure(state: State, accounts: Iterable[int]) -> Events:
    """Sets aside what lacks as far as free cash goes, or gives back what is set aside beyond what
    is needed: each account named, ascending."""
    for number in sorted(accounts):
        short = lacking(state, number)
        margin = state.balance(LedgerClass.DELIVERY_MARGIN, number)
        spare = min(margin, secured(state, number) - needed(state, number))
        amount = min(short, max(0, state.free_of_holds(state.accounts[number])))
        if spare > 0:
            amount = -spare
        if amount:
            yield wire.DeliveryMarginMoved(account=number, amount=amount)

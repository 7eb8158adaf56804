"""Deciding who is eligible for which products (INS-014)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.limits import EVERY_PRODUCT, end_raising
from lasalle.plain.orders import same
from lasalle.plain.soundness import owes_delivery
from lasalle.plain.state import JOINING, Account, Place, Refused, State, need_behaviour
from lasalle.wire import ProductClass, Refusal

Events = Iterator[Any]


def set_eligibility(state: State, place: Place, command: wire.SetEligibility) -> Events:
    need_behaviour(state, JOINING)
    if command.member not in state.members:
        raise Refused(Refusal.MEMBER_UNKNOWN, 0, command.member)
    named = state.accounts.get(command.account)
    if command.account and named is None:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, command.account)
    if named is not None and named.member != command.member:
        raise Refused(Refusal.ACCOUNT_NOT_YOURS, command.member, command.account)
    if command.products & ~EVERY_PRODUCT:
        raise Refused(Refusal.PRODUCTS_OUT_OF_BOUNDS, EVERY_PRODUCT, command.products)
    yield same(wire.EligibilitySet, command)
    for number in sorted(state.accounts):
        account = state.accounts[number]
        if account.member == command.member and command.account in (0, number):
            yield from end_raising(state, account)


def check_member_eligible(state: State, account: Account, member: int) -> None:
    """An account moves to a member only with positions in products that one is eligible for."""
    barred = state.members[member].withheld
    for number in sorted(account.positions):
        product = state.series[number].product_class
        if account.lots(number) and barred & product:
            raise Refused(Refusal.PRODUCT_NOT_ELIGIBLE, EVERY_PRODUCT & ~barred, product)
    physical = ProductClass.PHYSICAL
    if barred & physical and owes_delivery(state, account.account):
        raise Refused(Refusal.PRODUCT_NOT_ELIGIBLE, EVERY_PRODUCT & ~barred, physical)

"""Deciding guarantees for what others owe out of failed deliveries (DEL-035, DEL-036)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.delivery import check_evidence
from lasalle.plain.money import check_amount, withdrawable
from lasalle.plain.orders import same
from lasalle.plain.soundness import check_sound, find_account, owes_delivery
from lasalle.plain.state import (
    GUARANTEES,
    LATEST_TIME,
    USD,
    Place,
    Refused,
    State,
    need_behaviour,
)
from lasalle.wire import AccountKind, Bound, Refusal

Events = Iterator[Any]


def give_guarantee(state: State, place: Place, command: wire.GiveGuarantee) -> Events:
    need_behaviour(state, GUARANTEES)
    find_account(state, command.to_account)
    if command.to_account == command.account:
        raise Refused(Refusal.GUARANTEE_OWN, 0, command.to_account)
    account = state.accounts[command.account]
    if account.account_kind != AccountKind.HOUSE:
        raise Refused(Refusal.ACCOUNT_NOT_HOUSE, 0, command.account)
    check_sound(state, account.member)
    check_amount(command.amount)
    if not place.time < command.until <= LATEST_TIME:
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, place.time, command.until)
    check_evidence(command.basis)
    given = state.owed.guarantees_for(command.to_account)
    count = 1 + sum(g.account == command.account for g in given)
    if count > Bound.GUARANTEES:
        raise Refused(Refusal.GUARANTEES_TOO_MANY, Bound.GUARANTEES, count)
    most = withdrawable(state, command.account, USD)
    if command.amount > most:
        raise Refused(Refusal.CASH_SHORT, most, command.amount)
    yield wire.GuaranteeGiven(
        guarantee=place.number,
        account=command.account,
        to_account=command.to_account,
        amount=command.amount,
        until=command.until,
        basis=command.basis,
    )


def return_guarantee(state: State, place: Place, command: wire.ReturnGuarantee) -> Events:
    need_behaviour(state, GUARANTEES)
    guarantee = state.owed.guarantees.get(command.guarantee)
    if guarantee is None or guarantee.account != command.account:
        raise Refused(Refusal.GUARANTEE_UNKNOWN, 0, command.guarantee)
    if owes_delivery(state, guarantee.to_account):
        raise Refused(Refusal.GUARANTEE_NEEDED, guarantee.until, guarantee.to_account)
    yield same(wire.GuaranteeEnded, guarantee)


# -- what it pays --------------------------------------------------------------------------------


def guaranteed(state: State, account: int) -> int:
    """Micro-dollars that guarantees for an account hold."""
    return sum(g.amount for g in state.owed.guarantees_for(account))


def pay_out(state: State, account: int, delivery: int, amount: int) -> Events:
    """Guarantees for an account give it an amount they hold, the oldest first."""
    for guarantee in state.owed.guarantees_for(account):
        part = min(guarantee.amount, amount)
        if not part:
            return
        amount -= part
        yield wire.GuaranteePaid(
            guarantee=guarantee.guarantee,
            account=guarantee.account,
            to_account=account,
            delivery=delivery,
            amount=part,
        )

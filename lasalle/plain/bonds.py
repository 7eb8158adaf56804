"""Deciding money beside deliveries: bond, delivery fund, delivery credit (DEL-029, DEL-034)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.delivery import check_evidence
from lasalle.plain.money import check_amount, room_beyond_line, withdrawable
from lasalle.plain.orders import same
from lasalle.plain.securing import lacking, needed, secure, secured
from lasalle.plain.soundness import find_account, owes_fund
from lasalle.plain.state import DELIVERY, LATEST_TIME, USD, Place, Refused, State, need_behaviour
from lasalle.wire import Bound, LedgerClass, Refusal

Events = Iterator[Any]


def post_bond(state: State, place: Place, command: wire.PostBond) -> Events:
    need_behaviour(state, DELIVERY)
    check_amount(command.amount)
    account = state.accounts[command.account]
    # What lacks is required of the account already: that much moves without uncovering it.
    room = withdrawable(state, command.account, USD) + lacking(state, command.account)
    most = max(0, min(room, state.free_of_holds(account)))
    if command.amount > most:
        raise Refused(Refusal.CASH_SHORT, most, command.amount)
    yield wire.BondMoved(account=command.account, amount=command.amount)
    yield from secure(state, {command.account})


def return_bond(state: State, place: Place, command: wire.ReturnBond) -> Events:
    need_behaviour(state, DELIVERY)
    check_amount(command.amount)
    bond = state.balance(LedgerClass.PERFORMANCE_BOND, command.account)
    spare = secured(state, command.account) - needed(state, command.account)
    most = max(0, min(bond, spare))
    if command.amount > most:
        raise Refused(Refusal.BOND_SHORT, most, command.amount)
    yield wire.BondMoved(account=command.account, amount=-command.amount)


def fund_delivery(state: State, place: Place, command: wire.FundDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    check_amount(command.amount)
    check_amount(command.amount - state.balance(LedgerClass.BANK))
    yield same(wire.DeliveryFunded, command)


def repay_delivery(state: State, place: Place, command: wire.RepayDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    check_amount(command.amount)
    owed = owes_fund(state, command.account)
    if command.amount > owed:
        raise Refused(Refusal.OWED_SHORT, owed, command.amount)
    most = max(0, room_beyond_line(state, command.account))
    if command.amount > most:
        raise Refused(Refusal.CASH_SHORT, most, command.amount)
    yield same(wire.DeliveryRepaid, command)


def repay_fund(state: State, accounts: set[int]) -> Events:
    """At the end of a default, what cash is left pays what the delivery fund is owed (DEL-029)."""
    for number in sorted(accounts):
        cash = max(0, state.free_of_holds(state.accounts[number]))
        amount = min(cash, owes_fund(state, number))
        if amount:
            yield wire.DeliveryRepaid(account=number, amount=amount)


# -- what counts beside money --------------------------------------------------------------------


def set_delivery_credit(state: State, place: Place, command: wire.SetDeliveryCredit) -> Events:
    need_behaviour(state, DELIVERY)
    find_account(state, command.account)
    for value, bound in (
        (command.amount, Bound.MONEY),
        (command.share, 10_000),
        (command.until, LATEST_TIME if command.amount else 0),
    ):
        if not 0 <= value <= bound:
            raise Refused(Refusal.CREDIT_TERMS, bound, value)
    if command.amount and command.until <= place.time:
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, place.time, command.until)
    if command.amount:
        check_evidence(command.basis)
    yield same(wire.DeliveryCreditSet, command)
    yield from secure(state, {command.account})


def credit_over(state: State, account: int) -> Events:
    """The time of a delivery credit is over (DEL-034)."""
    yield wire.DeliveryCreditSet(account=account)
    yield from secure(state, {account})

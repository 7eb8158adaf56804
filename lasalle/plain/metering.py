"""Deciding metered hours, disputes, what becomes final and remedies (DEL-024 to DEL-026)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lasalle import wire
from lasalle.plain.delivery import end_delivery, find_delivery, side_of
from lasalle.plain.lines import repay
from lasalle.plain.obligations import Delivery, Metered
from lasalle.plain.securing import secure
from lasalle.plain.settlement import check_payments, collect, pay, receive, stand_still
from lasalle.plain.state import DELIVERY, Place, Refused, State, need_behaviour
from lasalle.wire import (
    Bound,
    DeliveryEnd,
    DeliveryParty,
    DeliveryState,
    LedgerClass,
    Refusal,
    RemedySource,
)

Events = Iterator[Any]
HOUR = 3_600_000_000_000
S, P = DeliveryState, DeliveryParty


# -- metered hours -------------------------------------------------------------------------------


def meter_delivery(state: State, place: Place, command: wire.MeterDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.RUNNING)
    terms = state.owed.terms_of(delivery)
    left = delivery.hours - delivery.metered_hours
    if not 1 <= command.hours <= left:
        raise Refused(Refusal.HOURS_OUT_OF_BOUNDS, left, command.hours)
    first = delivery.first_hour + delivery.metered_hours
    over = delivery.starts + (first + command.hours) * HOUR
    if place.time < over:
        raise Refused(Refusal.HOURS_NOT_OVER, over, place.time)
    if command.excused and not terms.contingent:
        raise Refused(Refusal.NOT_CONTINGENT, 0, command.excused)
    _check_units(delivery, command.hours, command.units, command.excused)
    amount = _price_of(delivery, command.units)
    check_payments(state, {delivery.buyer: -amount})
    yield wire.DeliveryMetered(
        metered=state.last_event + 1,
        account=delivery.account,
        buyer=delivery.buyer,
        delivery=command.delivery,
        first_hour=first,
        hours=command.hours,
        units=command.units,
        excused=command.excused,
        amount=amount,
        evidence=command.evidence,
        due=place.time + terms.dispute,
    )
    yield from _bought(state, delivery, amount)


def _check_units(delivery: Delivery, hours: int, units: int, excused: int) -> None:
    most = delivery.lots * hours
    for value in (units, excused, units + excused):
        if not 0 <= value <= most:
            raise Refused(Refusal.UNITS_OUT_OF_BOUNDS, most, value)


def _price_of(delivery: Delivery, units: int) -> int:
    """Price of what was delivered, with the differential of its quality, rounded down once."""
    return delivery.price * units * delivery.quality // 10_000


def _bought(state: State, delivery: Delivery, amount: int) -> Events:
    """The buyer pays, from its margin of deliveries and then its bond where its cash falls short,
    and it is kept for the seller."""
    if not amount:
        return
    cash = max(0, state.free_of_holds(state.accounts[delivery.buyer]))
    margin = state.balance(LedgerClass.DELIVERY_MARGIN, delivery.buyer)
    short = amount - min(cash, amount)
    given = min(margin, short)
    if given:
        yield wire.DeliveryMarginMoved(account=delivery.buyer, amount=-given)
    bond = min(state.balance(LedgerClass.PERFORMANCE_BOND, delivery.buyer), short - given)
    if bond:
        yield wire.BondMoved(account=delivery.buyer, amount=-bond)
    yield from collect(state, delivery.buyer, amount)
    yield wire.DeliveryPaid(account=delivery.account, delivery=delivery.delivery, amount=amount)
    yield from stand_still(state)


def _find_metered(state: State, number: int) -> Metered:
    metered = state.owed.metered.get(number)
    if metered is None:
        raise Refused(Refusal.METERED_UNKNOWN, 0, number)
    return metered


def dispute_metered(state: State, place: Place, command: wire.DisputeMetered) -> Events:
    need_behaviour(state, DELIVERY)
    metered = _find_metered(state, command.metered)
    side_of(state.owed.deliveries[metered.delivery], command.account)
    if metered.disputed:
        raise Refused(Refusal.METERED_DISPUTED, 0, metered.disputed)
    yield wire.MeteredDisputed(
        account=command.account,
        metered=command.metered,
        delivery=metered.delivery,
        evidence=command.evidence,
    )


def determine_metered(state: State, place: Place, command: wire.DetermineMetered) -> Events:
    need_behaviour(state, DELIVERY)
    metered = _find_metered(state, command.metered)
    if not metered.disputed:
        raise Refused(Refusal.METERED_NOT_DISPUTED, 0, command.metered)
    delivery = state.owed.deliveries[metered.delivery]
    loser = side_of(delivery, command.loser)
    _check_units(delivery, metered.hours, command.units, command.excused)
    if not 0 <= command.fee <= Bound.MONEY:
        raise Refused(Refusal.AMOUNT_TOO_LARGE, Bound.MONEY, command.fee)
    amount = _price_of(delivery, command.units)
    more = amount - metered.amount
    fees = {command.loser: -command.fee, delivery.of(_other(loser)): command.fee}
    check_payments(state, {delivery.buyer: -max(0, more) - command.fee})
    yield wire.MeteredDetermined(
        metered=command.metered,
        account=command.loser,
        delivery=metered.delivery,
        units=command.units,
        excused=command.excused,
        amount=amount,
        fee=command.fee,
        evidence=command.evidence,
    )
    if more > 0:
        yield from _bought(state, delivery, more)
    elif more < 0:
        yield wire.DeliveryPaid(account=delivery.account, delivery=metered.delivery, amount=more)
        yield from receive(state, delivery.buyer, -more)
    if command.fee:
        yield from pay(state, fees)
    yield from make_final(state, command.metered)


def _other(party: DeliveryParty) -> DeliveryParty:
    return P.BUYER if party == P.SELLER else P.SELLER


def make_final(state: State, number: int) -> Events:
    """Metered hours that nobody disputes any more become final (DEL-025)."""
    metered = state.owed.metered[number]
    delivery = state.owed.deliveries[metered.delivery]
    yield wire.MeteredFinal(
        metered=number,
        account=delivery.account,
        delivery=delivery.delivery,
        amount=metered.amount,
        missing=delivery.lots * metered.hours - metered.units - metered.excused,
    )
    yield from _settle(state, delivery, DeliveryEnd.DELIVERED)


def _settle(state: State, delivery: Delivery, reason: DeliveryEnd) -> Events:
    """What is kept for the seller is paid once nothing is missing, and a delivery all of whose
    hours are final and made good ends."""
    if delivery.held and not delivery.missing:
        yield from _paid_out(state, delivery)
    if delivery.final_hours == delivery.hours and not delivery.missing:
        yield from end_delivery(state, delivery, reason)
    else:
        yield from secure(state, {delivery.account, delivery.buyer})


def _paid_out(state: State, delivery: Delivery) -> Events:
    account, amount = delivery.account, delivery.held
    due = state.due(account)
    repaid = min(due, amount)
    yield wire.ReceivablePaid(
        account=account, delivery=delivery.delivery, amount=amount, to_dues=repaid
    )
    if due and repaid == due:
        yield wire.CallClosed(account=account)
    yield from repay(state, state.accounts[account], amount - repaid)


# -- remedy --------------------------------------------------------------------------------------


class Remedy(NamedTuple):
    """What a remedy costs at which price, micro-dollars."""

    price: int
    cost: int


def remedy_delivery(state: State, place: Place, command: wire.RemedyDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.RUNNING, S.FAILED)
    if not 1 <= command.units <= delivery.missing:
        raise Refused(Refusal.UNITS_OUT_OF_BOUNDS, delivery.missing, command.units)
    failed = delivery.failed or P.SELLER
    remedy = _remedy(state, delivery, failed, command)
    payer, receiver = delivery.of(failed), delivery.of(_other(failed))
    parts = _sources(state, delivery, failed, remedy.cost)
    paid = sum(parts.values())
    yield wire.DeliveryRemedied(
        account=payer,
        delivery=command.delivery,
        units=command.units,
        cover_price=remedy.price,
        in_cash=not command.cover_price,
        cost=remedy.cost,
        unpaid=remedy.cost - paid,
        evidence=command.evidence,
    )
    for source, amount in parts.items():
        yield wire.RemedyPaid(
            account=payer, delivery=command.delivery, source=source, amount=amount
        )
    if paid:
        yield from receive(state, receiver, paid)
    yield from _settle(state, delivery, DeliveryEnd.REMEDIED)


def _remedy(
    state: State, delivery: Delivery, failed: DeliveryParty, command: wire.RemedyDelivery
) -> Remedy:
    """What replacement cost more than the contract, or brought less, and the penalty (DEL-026)."""
    terms, series = state.owed.terms_of(delivery), state.series[delivery.series]
    sign = 1 if failed == P.SELLER else -1
    price = command.cover_price
    if not price:
        fixing = state.fixings.get(series.index)
        if fixing is None or not fixing.price:
            raise Refused(Refusal.FIXING_UNKNOWN, 0, series.index)
        price = fixing.price * (10_000 + sign * terms.cash_factor) // 10_000
    if not 0 <= price <= 2 * Bound.PRICE:
        raise Refused(Refusal.ROW_OUT_OF_BOUNDS, 2 * Bound.PRICE, price)
    penalty = delivery.price * command.units * terms.penalty // 10_000
    cost = max(0, sign * (price - delivery.price)) * command.units + penalty
    if cost > Bound.MONEY:
        raise Refused(Refusal.SETTLEMENT_TOO_LARGE, Bound.MONEY, cost)
    return Remedy(price, cost)


def _sources(
    state: State, delivery: Delivery, failed: DeliveryParty, cost: int
) -> dict[RemedySource, int]:
    """What pays a remedy, in order, and how much of it (DEL-026)."""
    account = delivery.of(failed)
    pots = {
        RemedySource.RECEIVABLE: delivery.held if failed == P.SELLER else 0,
        RemedySource.MARGIN: state.balance(LedgerClass.DELIVERY_MARGIN, account),
        RemedySource.BOND: state.balance(LedgerClass.PERFORMANCE_BOND, account),
        RemedySource.CASH: max(0, state.free_of_holds(state.accounts[account])),
        RemedySource.FUND: state.balance(LedgerClass.DELIVERY_FUND),
    }
    found: dict[RemedySource, int] = {}
    for source, pot in pots.items():
        amount = min(pot, cost)
        if amount:
            found[source] = amount
            cost -= amount
    return found

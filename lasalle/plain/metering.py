"""Deciding metered hours, disputes, what becomes final, and corrections (DEL-024, DEL-025,
DEL-032)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.delivery import (
    S,
    check_evidence,
    end_delivery,
    find_delivery,
    other,
    side_of,
)
from lasalle.plain.lines import repay
from lasalle.plain.obligations import HOUR, Delivery, Metered
from lasalle.plain.securing import secure
from lasalle.plain.settlement import check_payments, collect, pay, receive, stand_still
from lasalle.plain.state import DELIVERY, GUARANTEES, Place, Refused, State, need_behaviour
from lasalle.plain.tendering import check_quality
from lasalle.wire import Bound, DeliveryEnd, LedgerClass, Refusal

Events = Iterator[Any]


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
    _check_units(delivery.lots * command.hours, command.units, command.excused)
    quality = command.quality or delivery.quality
    check_quality(quality, terms.quality_floor, delivery.quality)
    if state.behaviour >= GUARANTEES:
        check_evidence(command.evidence)
    amount = _price_of(delivery.price, command.units, quality)
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
        quality=quality,
        amount=amount,
        evidence=command.evidence,
        due=place.time + terms.dispute,
    )
    yield from _bought(state, delivery, amount)


def _check_units(most: int, units: int, excused: int) -> None:
    for value in (units, excused, units + excused):
        if not 0 <= value <= most:
            raise Refused(Refusal.UNITS_OUT_OF_BOUNDS, most, value)


def _price_of(price: int, units: int, quality: int) -> int:
    """Price of what was delivered, with the differential of its quality, rounded down once."""
    return price * units * quality // 10_000


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
    delivery = state.owed.deliveries[metered.delivery]
    party = side_of(delivery, command.account)
    if metered.disputed:
        raise Refused(Refusal.METERED_DISPUTED, 0, metered.disputed)
    check_evidence(command.evidence)
    yield wire.MeteredDisputed(
        account=command.account,
        to_account=delivery.of(other(party)),
        metered=command.metered,
        delivery=metered.delivery,
        evidence=command.evidence,
        due=place.time + state.owed.terms_of(delivery).determination,
    )


def determine_metered(state: State, place: Place, command: wire.DetermineMetered) -> Events:
    need_behaviour(state, DELIVERY)
    metered = _find_metered(state, command.metered)
    if not metered.disputed:
        raise Refused(Refusal.METERED_NOT_DISPUTED, 0, command.metered)
    delivery = state.owed.deliveries[metered.delivery]
    loser = side_of(delivery, command.loser)
    _check_units(delivery.lots * metered.hours, command.units, command.excused)
    quality = command.quality or metered.quality
    check_quality(quality, state.owed.terms_of(delivery).quality_floor, delivery.quality)
    _check_fee(state, delivery.lots * metered.hours * delivery.price, command.fee)
    check_evidence(command.evidence)
    amount = _price_of(delivery.price, command.units, quality)
    more = amount - metered.amount
    wins = delivery.of(other(loser))
    fees = {command.loser: -command.fee, wins: command.fee}
    check_payments(state, {delivery.buyer: -max(0, more) - command.fee})
    yield wire.MeteredDetermined(
        metered=command.metered,
        account=command.loser,
        to_account=wins,
        delivery=metered.delivery,
        units=command.units,
        excused=command.excused,
        quality=quality,
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
    yield from make_final(state, place, command.metered)


def _check_fee(state: State, most: int, fee: int) -> None:
    """From behaviour 6 on a fee is at most the price of all units the hours can have (DEL-025)."""
    if state.behaviour < GUARANTEES and not 0 <= fee <= Bound.MONEY:
        raise Refused(Refusal.AMOUNT_TOO_LARGE, Bound.MONEY, fee)
    if state.behaviour >= GUARANTEES and not 0 <= fee <= most:
        raise Refused(Refusal.FEE_OUT_OF_BOUNDS, most, fee)


def make_final(state: State, place: Place, number: int) -> Events:
    """Metered hours that nobody disputes any more, or that nobody determined in time, become final
    (DEL-025)."""
    metered = state.owed.metered[number]
    delivery = state.owed.deliveries[metered.delivery]
    terms = state.owed.terms_of(delivery)
    yield wire.MeteredFinal(
        metered=number,
        account=delivery.account,
        to_account=delivery.buyer,
        delivery=delivery.delivery,
        amount=metered.amount,
        missing=delivery.lots * metered.hours - metered.units - metered.excused,
        due=place.time + terms.correction if terms.correction else 0,
    )
    yield from settle_delivery(state, delivery, DeliveryEnd.DELIVERED)


def settle_delivery(state: State, delivery: Delivery, reason: DeliveryEnd) -> Events:
    """What is kept for the seller beyond what is missing is paid, and a delivery all of whose hours
    are final and made good ends."""
    amount = delivery.held - delivery.kept(state.owed.terms_of(delivery))
    if amount > 0:
        yield from _paid_out(state, delivery, amount)
    if delivery.final_hours == delivery.hours and not delivery.missing:
        yield from end_delivery(state, delivery, reason)
    else:
        yield from secure(state, {delivery.account, delivery.buyer})


def _paid_out(state: State, delivery: Delivery, amount: int) -> Events:
    account = delivery.account
    due = state.due(account)
    repaid = min(due, amount)
    yield wire.ReceivablePaid(
        account=account, delivery=delivery.delivery, amount=amount, to_dues=repaid
    )
    if due and repaid == due:
        yield wire.CallClosed(account=account)
    yield from repay(state, state.accounts[account], amount - repaid)


# -- corrections ---------------------------------------------------------------------------------


def correct_metered(state: State, place: Place, command: wire.CorrectMetered) -> Events:
    need_behaviour(state, DELIVERY)
    final = state.owed.finals.get(command.metered)
    if final is None:
        raise Refused(Refusal.METERED_UNKNOWN, 0, command.metered)
    _check_units(final.most, command.units, 0)
    check_evidence(command.evidence)
    moved, most = abs(command.units - final.units), final.most * final.share // 10_000
    if not 1 <= moved <= most:
        raise Refused(Refusal.CORRECTION_OUT_OF_BOUNDS, most, moved)
    amount = _price_of(final.price, command.units, final.quality)
    amount -= _price_of(final.price, final.units, final.quality)
    amounts = {final.buyer: -amount, final.account: amount}
    check_payments(state, amounts)
    yield wire.MeteredCorrected(
        metered=command.metered,
        account=final.account,
        buyer=final.buyer,
        delivery=final.delivery,
        units=command.units,
        amount=amount,
        evidence=command.evidence,
    )
    if amount:
        yield from pay(state, amounts)


def close_final(state: State, number: int) -> Events:
    """Hours that are final can be corrected no more (DEL-032)."""
    final = state.owed.finals[number]
    yield wire.MeteredClosed(
        metered=number, account=final.account, buyer=final.buyer, delivery=final.delivery
    )

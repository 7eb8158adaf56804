"""Deciding how positions turn into deliveries, and how a delivery comes to run (DEL-020 to
DEL-023)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lasalle import wire
from lasalle.plain.matching import cancel_all
from lasalle.plain.obligations import Delivery
from lasalle.plain.orders import find_series, same
from lasalle.plain.securing import secure
from lasalle.plain.settlement import TRADING, check_payments, holders, pay
from lasalle.plain.state import DELIVERY, Place, Refused, Series, State, need_behaviour
from lasalle.plain.waterfall import shares
from lasalle.wire import (
    Bound,
    CancelReason,
    DeliveryEnd,
    DeliveryParty,
    DeliveryState,
    Refusal,
    SeriesKind,
    SeriesState,
)

Events = Iterator[Any]
S, P = DeliveryState, DeliveryParty


class Pair(NamedTuple):
    """What a seller owes a buyer of a series: lots from the begin of a block."""

    seller: int
    buyer: int
    lots: int
    starts: int


# -- from position to obligation -----------------------------------------------------------------


def begin_delivery(state: State, place: Place, command: wire.BeginDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    series = find_series(state, command.series)
    if not series.delivers or series.series_kind == SeriesKind.PUT:
        raise Refused(Refusal.SERIES_NOT_PHYSICAL, 0, command.series)
    if series.state in TRADING or series.state == SeriesState.EXPIRED:
        raise Refused(Refusal.SERIES_STILL_TRADING, SeriesState.CLOSED, series.state)
    if place.time < series.last_trading_time:
        raise Refused(Refusal.TRADING_NOT_ENDED, series.last_trading_time, place.time)
    _check_terms(place, command)
    held = [(a, p) for a, p in holders(state, command.series) if p.lots]
    if held and not series.is_option and not series.mark:
        raise Refused(Refusal.PRICE_MISSING, 0, command.series)
    amounts = {
        account: (position.lots * series.mark - position.cost) * series.hours
        for account, position in holders(state, command.series)
        if not series.is_option
    }
    check_payments(state, amounts)
    pairs = _pairs(state, command, series)
    live = [o for o in state.orders.values() if o.series == command.series]
    yield from cancel_all(live, CancelReason.SERIES_EXPIRED)
    yield same(wire.DeliveryBegun, command)
    for pair in pairs:
        yield _made(state, command, series, pair)
    yield wire.FinalSettled(
        series=command.series,
        month=series.first_month,
        price=series.mark,
        hours=series.hours,
        expired=True,
    )
    if amounts:
        yield from pay(state, amounts)
    yield from secure(state, {n for pair in pairs for n in (pair.seller, pair.buyer)})


def _check_terms(place: Place, command: wire.BeginDelivery) -> None:
    if command.starts - command.nomination_lead <= place.time:
        due = command.starts - command.nomination_lead
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, place.time, due)
    for least, value, bound in (
        (0, command.nomination_lead, Bound.DELIVERY_WINDOW),
        (0, command.grace, Bound.DELIVERY_WINDOW),
        (1, command.inspection, Bound.DELIVERY_WINDOW),
        (1, command.dispute, Bound.DELIVERY_WINDOW),
        (0, command.starts, 2**61),
        (0, command.seller_margin, Bound.PRICE),
        (0, command.prefund_hours, Bound.HOURS),
        (0, command.penalty, 10_000),
        (0, command.cash_factor, 10_000),
    ):
        if not least <= value <= bound:
            raise Refused(Refusal.DELIVERY_TERMS, bound, value)


def _pairs(state: State, command: wire.BeginDelivery, series: Series) -> list[Pair]:
    """Who delivers to whom: the largest first, ties to the lower account (DEL-020)."""
    lots = {a: p.lots for a, p in holders(state, command.series) if p.lots}
    if not series.is_option:
        sold = {a: -n for a, n in lots.items() if n < 0}
        return _matched(sold, {a: n for a, n in lots.items() if n > 0}, command.starts)
    return _assigned(state, command, lots)


def _matched(sold: dict[int, int], bought: dict[int, int], starts: int) -> list[Pair]:
    """As many lots are sold as are bought."""
    found: list[Pair] = []
    sellers = sorted(sold.items(), key=lambda x: (-x[1], x[0]))
    buyers = sorted(bought.items(), key=lambda x: (-x[1], x[0]))
    while sellers and buyers:
        (seller, left), (buyer, wanted) = sellers[0], buyers[0]
        lots = min(left, wanted)
        found.append(Pair(seller, buyer, lots, starts))
        sellers[:1] = [(seller, left - lots)] if left > lots else []
        buyers[:1] = [(buyer, wanted - lots)] if wanted > lots else []
    return found


def _assigned(state: State, command: wire.BeginDelivery, lots: dict[int, int]) -> list[Pair]:
    """Lots of a right that are taken, spread over who sold it by what each still owes: rounded
    down, what is left by largest remainder (DEL-021)."""
    found: list[Pair] = []
    owes = {a: -n for a, n in sorted(lots.items()) if n < 0}
    for number in sorted(a for a, n in lots.items() if n > 0):
        taken = state.owed.exercises.get((number, command.series))
        if taken is None:
            continue
        weights = list(owes.values())
        parts = shares(min(taken.lots, lots[number]), weights)
        starts = max(taken.starts, command.starts)
        for seller, part in zip(list(owes), parts, strict=True):
            if part:
                found.append(Pair(seller, number, part, starts))
                owes[seller] -= part
    return found


def _made(
    state: State, command: wire.BeginDelivery, series: Series, pair: Pair
) -> wire.DeliveryMade:
    return wire.DeliveryMade(
        delivery=state.last_event + 1,
        account=pair.seller,
        buyer=pair.buyer,
        series=series.series,
        lots=pair.lots,
        price=series.strike if series.is_option else series.mark,
        starts=pair.starts,
        first_hour=0,
        hours=series.hours,
        nominated=0,
        pledgee=0,
        due=pair.starts - command.nomination_lead,
    )


def exercise_right(state: State, place: Place, command: wire.ExerciseRight) -> Events:
    need_behaviour(state, DELIVERY)
    series = find_series(state, command.series)
    if not series.delivers or series.series_kind != SeriesKind.CALL:
        raise Refused(Refusal.RIGHT_UNKNOWN, 0, command.series)
    if series.state == SeriesState.EXPIRED:
        raise Refused(Refusal.SERIES_NOT_TRADING, SeriesState.OPEN, series.state)
    held = max(0, state.accounts[command.account].lots(command.series))
    if not 0 <= command.lots <= held:
        raise Refused(Refusal.POSITION_SHORT, held, command.lots)
    if command.starts and not place.time < command.starts <= 2**61:
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, place.time, command.starts)
    yield same(wire.RightExercised, command)


# -- nomination, tender, inspection --------------------------------------------------------------


def find_delivery(state: State, number: int, *states: DeliveryState) -> Delivery:
    """A delivery in one of these states."""
    delivery = state.owed.deliveries.get(number)
    if delivery is None:
        raise Refused(Refusal.DELIVERY_UNKNOWN, 0, number)
    if delivery.state not in states:
        raise Refused(Refusal.DELIVERY_NOT_NOW, states[0], delivery.state)
    return delivery


def side_of(delivery: Delivery, account: int, party: DeliveryParty = P.NOBODY) -> DeliveryParty:
    """The side an account is on; refuses an account on neither, or not on the one named."""
    found = delivery.party(account)
    if found == P.NOBODY or (party and found != party):
        raise Refused(Refusal.DELIVERY_NOT_YOURS, delivery.of(party or P.SELLER), account)
    return found


def nominate_delivery(state: State, place: Place, command: wire.NominateDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.PAIRED)
    party = side_of(delivery, command.account)
    yield wire.DeliveryNominated(
        account=command.account,
        delivery=command.delivery,
        party=party,
        nomination=command.nomination,
    )


def tender_delivery(state: State, place: Place, command: wire.TenderDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.SCHEDULED)
    side_of(delivery, command.account, P.SELLER)
    if not 1 <= command.quality <= Bound.QUALITY:
        raise Refused(Refusal.QUALITY_OUT_OF_BOUNDS, Bound.QUALITY, command.quality)
    inspection = state.owed.terms_of(delivery).inspection
    yield wire.DeliveryTendered(
        account=command.account,
        delivery=command.delivery,
        quality=command.quality,
        evidence=command.evidence,
        # Handed over early, silence says nothing before the block begins.
        due=max(place.time, delivery.starts) + inspection,
    )


def accept_tender(state: State, place: Place, command: wire.AcceptTender) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.TENDERED)
    side_of(delivery, command.account, P.BUYER)
    yield _accepted(delivery, silent=False)


def reject_tender(state: State, place: Place, command: wire.RejectTender) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.TENDERED)
    side_of(delivery, command.account, P.BUYER)
    yield wire.DeliveryRejected(
        account=command.account,
        delivery=command.delivery,
        evidence=command.evidence,
        # Too late for another tender: it fails when the next command comes.
        due=max(delivery.starts + state.owed.terms_of(delivery).grace, place.time),
    )


def _accepted(delivery: Delivery, *, silent: bool) -> wire.DeliveryAccepted:
    return wire.DeliveryAccepted(account=delivery.buyer, delivery=delivery.delivery, silent=silent)


def delivery_due(state: State, number: int) -> Events:
    """The time for what a delivery waits for is over (DEL-022, DEL-023)."""
    delivery = state.owed.deliveries[number]
    if delivery.state == S.TENDERED:
        yield _accepted(delivery, silent=True)
        return
    if delivery.state == S.PAIRED and not delivery.nominated:
        yield from end_delivery(state, delivery, DeliveryEnd.ABANDONED)
        return
    party = P.SELLER
    if delivery.state == S.PAIRED and delivery.nominated == P.SELLER:
        party = P.BUYER
    yield wire.DeliveryFailed(
        account=delivery.of(party),
        delivery=number,
        party=party,
        missing=delivery.lots * delivery.hours,
    )
    yield from secure(state, {delivery.account, delivery.buyer})


def end_delivery(state: State, delivery: Delivery, reason: DeliveryEnd) -> Events:
    """Nothing more is owed; what was set aside for it comes back."""
    yield wire.DeliveryEnded(
        account=delivery.account,
        buyer=delivery.buyer,
        delivery=delivery.delivery,
        reason=reason,
    )
    yield from secure(state, {delivery.account, delivery.buyer})

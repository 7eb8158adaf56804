"""Deciding how positions turn into deliveries, and their nomination (DEL-020 to DEL-022)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lasalle import wire
from lasalle.plain.matching import cancel_all
from lasalle.plain.months import month_begins, month_ends
from lasalle.plain.obligations import HOUR, Delivery
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
    if not series.turns_into_deliveries:
        raise Refused(Refusal.SERIES_NOT_PHYSICAL, 0, command.series)
    if series.state in TRADING or series.state == SeriesState.EXPIRED:
        raise Refused(Refusal.SERIES_STILL_TRADING, SeriesState.CLOSED, series.state)
    if place.time < series.last_trading_time:
        raise Refused(Refusal.TRADING_NOT_ENDED, series.last_trading_time, place.time)
    _check_terms(place, command)
    check_begin(series, command.starts)
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
        (1, command.quality_floor, 10_000),
        (10_000, command.quality_cap, Bound.QUALITY),
        (1, command.determination, Bound.DELIVERY_WINDOW),
        (1, command.remedy_window, Bound.DELIVERY_WINDOW),
        (0, command.cover_band, Bound.COVER_BAND),
        (0, command.correction, Bound.DELIVERY_WINDOW),
        (0, command.correction_share, 10_000),
    ):
        if not least <= value <= bound:
            raise Refused(Refusal.DELIVERY_TERMS, bound, value)


def period_ends(series: Series) -> int:
    """First nanosecond after the period in which a series delivers."""
    return series.period_ends or month_ends(series.last_month)


def check_begin(series: Series, starts: int) -> None:
    """The block lies within the months of its series (DEL-021)."""
    last = period_ends(series) - series.hours * HOUR
    nearest = max(month_begins(series.first_month), min(starts, last))
    if starts != nearest:
        raise Refused(Refusal.BEGIN_OUT_OF_PERIOD, nearest, starts)


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
    if command.starts:
        check_begin(series, command.starts)
    yield same(wire.RightExercised, command)


# -- sides, nomination, end ----------------------------------------------------------------------


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


def other(party: DeliveryParty) -> DeliveryParty:
    """The other side."""
    return P.BUYER if party == P.SELLER else P.SELLER


def check_evidence(evidence: bytes) -> None:
    """What one side, or the house, says against another names what it rests on."""
    if not any(evidence):
        raise Refused(Refusal.EVIDENCE_MISSING)


def nominate_delivery(state: State, place: Place, command: wire.NominateDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.PAIRED)
    party = side_of(delivery, command.account)
    yield wire.DeliveryNominated(
        account=command.account,
        to_account=delivery.of(other(party)),
        delivery=command.delivery,
        party=party,
        nomination=command.nomination,
    )


def end_delivery(state: State, delivery: Delivery, reason: DeliveryEnd) -> Events:
    """Nothing more is owed; what was set aside for it comes back."""
    yield wire.DeliveryEnded(
        account=delivery.account,
        buyer=delivery.buyer,
        delivery=delivery.delivery,
        reason=reason,
    )
    yield from secure(state, {delivery.account, delivery.buyer})


def fail_delivery(state: State, delivery: Delivery, party: DeliveryParty) -> Events:
    """Every accelerator-hour of a delivery is missing by the fault of a side."""
    yield wire.DeliveryFailed(
        account=delivery.of(party),
        to_account=delivery.of(other(party)),
        delivery=delivery.delivery,
        party=party,
        missing=delivery.lots * delivery.hours,
    )
    yield from secure(state, {delivery.account, delivery.buyer})

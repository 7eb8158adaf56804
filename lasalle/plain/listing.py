"""Series and their terms: listed, moved through their day, closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.matching import cancel_all, uncross
from lasalle.plain.months import month_after, month_begins, month_ends, month_hours
from lasalle.plain.orders import find_series, same
from lasalle.plain.state import (
    CALLS,
    JOINING,
    LATEST_TIME,
    OPTIONS,
    PERIODS,
    STANDARDS,
    Place,
    Refused,
    Series,
    State,
    need_behaviour,
)
from lasalle.wire import Bound, CancelReason, PauseReason, Refusal, SeriesState

Events = Iterator[Any]
S = SeriesState
REACHABLE = {
    S.LISTED: {S.PRE_OPEN, S.OPEN, S.CLOSED},
    S.PRE_OPEN: {S.OPEN, S.CLOSED},
    S.OPEN: {S.PAUSED, S.PRE_CLOSE, S.CLOSED},
    S.PAUSED: {S.OPEN, S.PRE_CLOSE, S.CLOSED},
    S.PRE_CLOSE: {S.OPEN, S.CLOSED},
    S.CLOSED: {S.PRE_OPEN, S.OPEN},
    S.EXPIRED: set(),
}
"""Which state may follow which by command (EXC-002)."""


def list_series(state: State, place: Place, command: wire.ListSeries) -> Events:
    named = (bool(command.standard_version), command.standard_hash != bytes(32))
    if any(named):
        need_behaviour(state, STANDARDS)
    if command.period_ends:
        need_behaviour(state, PERIODS)
    if command.delivers:
        need_behaviour(state, JOINING)
    if not command.series:
        raise Refused(Refusal.NUMBER_ZERO, 1, 0)
    if command.series in state.series:
        raise Refused(Refusal.SERIES_KNOWN, 0, command.series)
    if command.symbol in state.symbols:
        raise Refused(Refusal.SYMBOL_KNOWN, 0, state.symbols[command.symbol])
    if named[0] != named[1]:
        raise Refused(Refusal.STANDARD_INCOMPLETE, 0, command.standard_version)
    option = command.series_kind in OPTIONS
    _check_term(command.hours, 1, Bound.HOURS)
    _check_term(command.tick, 1, Bound.PRICE)
    _check_term(command.strike, 1 if option else 0, Bound.PRICE if option else 0)
    _check_term(command.reference_price, command.tick, Bound.PRICE)
    _check_term(Bound.PRICE // command.tick, 1, Bound.PRICE_TICKS)
    _check_term(command.band, 1, 1_000_000)
    _check_term(command.pause_range, 0, 1_000_000)
    _check_term(command.pause_duration, 1 if command.pause_range else 0, 86_400_000_000_000)
    _check_term(command.protection, 1, 10_000)
    for fee in (command.maker_fee, command.taker_fee, command.clearing_fee):
        _check_term(fee, 0, 1_000_000_000)
    _check_term(command.first_month % 100, 1, 12)
    _check_term(command.last_month % 100, 1, 12)
    _check_term(command.last_month, command.first_month, 999_912)
    # Each month but the last takes its calendar hours; the last one takes what is left.
    _check_term(command.hours, 1 + hours_before_last(command), Bound.HOURS)
    _check_term(command.last_trading_time, place.time + 1, LATEST_TIME)
    if command.period_ends:
        _check_period(place, command)
    yield same(wire.SeriesListed, command)


def _check_period(place: Place, command: wire.ListSeries) -> None:
    """A period of its own lies ahead, and ends within the one month it settles in (CLR-016)."""
    month = command.last_month
    _check_term(command.first_month, month, month)
    begins, ends = max(place.time, month_begins(month)), min(month_ends(month), LATEST_TIME)
    _check_term(command.period_ends, begins + 1, ends)


def hours_before_last(command: wire.ListSeries) -> int:
    """Calendar hours of every month before the last, counted until they pass the bound."""
    month, hours = command.first_month, 0
    while month < command.last_month and hours <= Bound.HOURS:
        hours += month_hours(month)
        month = month_after(month)
    return hours


def _check_term(found: int, low: int, high: int) -> None:
    if not low <= found <= high:
        raise Refused(Refusal.TERMS_OUT_OF_BOUNDS, high, found)


def set_series_state(state: State, place: Place, command: wire.SetSeriesState) -> Events:
    series = find_series(state, command.series)
    if command.state not in REACHABLE[series.state]:
        raise Refused(Refusal.STATE_NOT_REACHABLE, series.state, command.state)
    if command.state != S.CLOSED and place.time >= series.last_trading_time:
        raise Refused(Refusal.TRADING_ENDED, series.last_trading_time, place.time)
    call = series.state in CALLS and (command.state == S.OPEN or series.state == S.PRE_CLOSE)
    if call and state.halted:
        raise Refused(Refusal.MARKET_HALTED)
    if call:
        yield from uncross(state, series)
    if command.state == S.CLOSED:
        yield from close_series(state, series, PauseReason.SCHEDULE)
        return
    yield wire.SeriesStateChanged(
        series=command.series, state=command.state, reason=PauseReason.SCHEDULE
    )


def close_series(state: State, series: Series, reason: PauseReason) -> Events:
    """Ends the day of a series and of its day orders (EXC-010)."""
    yield wire.SeriesStateChanged(series=series.series, state=S.CLOSED, reason=reason)
    day = [
        o
        for o in state.orders.values()
        if o.series == series.series and o.time_in_force == wire.TimeInForce.DAY
    ]
    yield from cancel_all(day, CancelReason.DAY_EXPIRED)


def set_fees(state: State, place: Place, command: wire.SetFees) -> Events:
    find_series(state, command.series)
    for fee in (command.maker_fee, command.taker_fee, command.clearing_fee):
        _check_term(fee, 0, 1_000_000_000)
    yield same(wire.FeesSet, command)


# -- positions that change hands -----------------------------------------------------------------

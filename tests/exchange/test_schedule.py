"""The day of a market: phases by the clock, auctions after silence, pauses that stay others'."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lasalle.exchange import (
    Standing,
    close_commands,
    load_schedule,
    pause_commands,
    state_commands,
)
from lasalle.exchange.listing import ExchangeError
from lasalle.wire import SeriesState as S

DESK, OTHER, FAR = 3, 1, 2**62
SECOND = 10**9


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def one(state: S, since: int = 0, actor: int = DESK, until: int = 0, last: int = FAR) -> Standing:
    return Standing(7, state, since, actor, until, last)


@pytest.mark.parametrize(
    ("name", "time", "phase"),
    [
        ("demonstration", "2026-03-31T00:00", S.OPEN),
        ("demonstration", "2026-03-31T00:19:59", S.OPEN),
        ("demonstration", "2026-03-31T00:20", S.PRE_CLOSE),
        ("demonstration", "2026-03-31T00:25", S.CLOSED),
        ("demonstration", "2026-03-31T00:35", S.PRE_OPEN),
        ("demonstration", "2026-03-31T00:40", S.OPEN),
        ("demonstration", "2026-03-31T23:59", S.OPEN),
        ("house", "2026-03-31T00:10", S.CLOSED),
        ("house", "2026-03-31T00:45", S.PRE_OPEN),
        ("house", "2026-03-31T12:00", S.OPEN),
        ("house", "2026-03-31T23:50", S.PRE_CLOSE),
        ("house", "2026-03-31T23:55", S.CLOSED),
    ],
)
def test_the_phase_by_the_clock(name, time, phase):
    assert load_schedule(name).phase(at(time)) == phase


def test_orders_are_refused_for_ten_minutes_of_a_demonstration():
    schedule, start = load_schedule("demonstration"), at("2026-03-31T00:00")
    closed = sum(schedule.phase(start + m * 60 * SECOND) == S.CLOSED for m in range(1_440))
    assert closed == 10


def test_a_business_day_has_ended_when_its_settlement_is_due():
    schedule = load_schedule("house")
    assert schedule.business_day(at("2026-04-01T00:29:59")) == date(2026, 3, 30)
    assert schedule.business_day(at("2026-04-01T00:30")) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("silence", "auction"), [(9, 0), (10, 60), (59, 60), (60, 300), (600, 3_600), (10**6, 3_600)]
)
def test_a_longer_silence_needs_a_longer_auction(silence, auction):
    assert load_schedule("house").auction(silence * SECOND) == auction * SECOND


NOON = at("2026-03-31T12:00")


@pytest.mark.parametrize(
    ("standing", "time", "becomes"),
    [
        (one(S.LISTED), NOON, S.OPEN),
        (one(S.CLOSED), NOON, S.PRE_OPEN),
        (one(S.PRE_OPEN, since=NOON - 4 * SECOND), NOON, None),
        (one(S.PRE_OPEN, since=NOON - 5 * SECOND), NOON, S.OPEN),
        (one(S.PAUSED, since=NOON - 5 * SECOND), NOON, S.OPEN),
        (one(S.PAUSED, since=1, actor=OTHER), NOON, None),
        (one(S.PAUSED, since=1, until=NOON + 1), NOON, None),
        (one(S.OPEN), NOON, None),
        (one(S.OPEN), at("2026-03-31T00:21"), S.PRE_CLOSE),
        (one(S.PAUSED, actor=OTHER), at("2026-03-31T00:21"), S.PRE_CLOSE),
        (one(S.CLOSED), at("2026-03-31T00:21"), None),
        (one(S.PRE_CLOSE), at("2026-03-31T00:25"), S.CLOSED),
        (one(S.CLOSED), at("2026-03-31T00:35"), S.PRE_OPEN),
        (one(S.LISTED), at("2026-03-31T00:35"), S.PRE_OPEN),
        (one(S.OPEN, last=NOON), NOON, S.CLOSED),
        (one(S.CLOSED, last=NOON), NOON, None),
        (one(S.EXPIRED), NOON, None),
    ],
)
def test_the_next_state(standing, time, becomes):
    schedule = load_schedule("demonstration")
    moved = state_commands(schedule, time, [standing], DESK, 0)
    assert [c.state for c in moved] == ([becomes] if becomes else [])


def test_nothing_opens_before_its_auction_is_over():
    schedule = load_schedule("demonstration")
    waiting = [one(S.PAUSED, since=1), one(S.PRE_OPEN, since=1)]
    assert state_commands(schedule, NOON, waiting, DESK, NOON + 1) == []
    assert len(state_commands(schedule, NOON, waiting, DESK, NOON)) == 2


def test_silence_pauses_what_is_open_and_settlement_closes_what_trades():
    every = [one(state) for state in S]
    assert len(pause_commands(every)) == 1
    assert {c.state for c in close_commands(every)} == {S.CLOSED}
    assert len(close_commands(every)) == 4


def test_an_unknown_schedule_is_refused_by_name():
    with pytest.raises(ExchangeError, match="schedule nowhere"):
        load_schedule("nowhere")

"""The day of a market: which state a series should be in now, and for how long it is called first.

Pure: the time is an argument, in nanoseconds UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from lasalle import wire
from lasalle.exchange.listing import ExchangeError, read_table
from lasalle.wire import SeriesState as S

SECOND = 10**9
DAY_SECONDS = 86_400
TRADING = (S.PRE_OPEN, S.OPEN, S.PAUSED, S.PRE_CLOSE)
PHASES = {"pre_open": S.PRE_OPEN, "open": S.OPEN, "pre_close": S.PRE_CLOSE, "close": S.CLOSED}


@dataclass(frozen=True)
class Schedule:
    """Seconds after midnight UTC at which each phase begins and the day is settled; `reopen` has
    (seconds of silence, seconds of auction), ascending.
    """

    name: str
    begins: dict[S, int]
    settle: int
    reopen: tuple[tuple[int, int], ...]

    def phase(self, now: int) -> S:
        """The state the market is in by the clock."""
        second = now // SECOND % DAY_SECONDS
        started = [(at, state) for state, at in self.begins.items() if at <= second]
        # Before the first phase of a date the last one of the date before still stands.
        return max(started or [(at, state) for state, at in self.begins.items()])[1]

    def business_day(self, now: int) -> date:
        """The last date that has ended and whose settlement is due by now."""
        moment = datetime.fromtimestamp(now // SECOND, UTC) - timedelta(seconds=self.settle)
        return moment.date() - timedelta(days=1)

    def auction(self, gap: int) -> int:
        """Nanoseconds of auction after so many nanoseconds of silence; 0 needs none."""
        found = [length for silence, length in self.reopen if gap >= silence * SECOND]
        return max(found, default=0) * SECOND

    @property
    def least_auction(self) -> int:
        """Nanoseconds the shortest call of this market lasts."""
        return self.reopen[0][1] * SECOND

    def said(self) -> str:
        """The day in words."""
        at = {state: _clock(second) for state, second in self.begins.items()}
        return (
            f"open {at[S.OPEN]} to {at[S.PRE_CLOSE]} UTC, closing auction to {at[S.CLOSED]}, "
            f"settlement {_clock(self.settle)}, opening auction from {at[S.PRE_OPEN]}"
        )


@dataclass(frozen=True)
class Standing:
    """What the desk must know of a series: its state, since when and by whom (0: unknown), the end
    of a volatility pause (0: none), the end of its trading.
    """

    series: int
    state: S
    since: int
    actor: int
    until: int
    last_trading_time: int


def load_schedule(name: str) -> Schedule:
    """A schedule shipped with the exchange."""
    row = read_table("schedule").get(name)
    if not isinstance(row, dict) or set(row) != {*PHASES, "settle", "reopen"}:
        raise ExchangeError(f"schedule {name}: expected {sorted(PHASES)}, settle and reopen")
    begins = {state: _second(name, phase, row[phase]) for phase, state in PHASES.items()}
    reopen = tuple((int(a), int(b)) for a, b in row["reopen"])
    if not reopen or sorted(reopen) != list(reopen) or reopen[0][1] < 1:
        raise ExchangeError(f"schedule {name}: reopen: expected ascending pairs, found {reopen}")
    return Schedule(name, begins, _second(name, "settle", row["settle"]), reopen)


def state_commands(
    schedule: Schedule, now: int, standing: Iterable[Standing], actor: int, not_before: int
) -> list[wire.SetSeriesState]:
    """What moves each series to the state it should be in; nothing opens before `not_before`.

    A pause that another operator ordered, and one for volatility, is left alone.
    """
    phase = schedule.phase(now)
    found = []
    for one in standing:
        wanted = S.CLOSED if now >= one.last_trading_time else phase
        state = _next(schedule, now, one, wanted, actor, not_before)
        if state != one.state:
            found.append(wire.SetSeriesState(series=one.series, state=state))
    return found


def pause_commands(standing: Iterable[Standing]) -> list[wire.SetSeriesState]:
    """After a long silence: every open series gathers orders before it trades again."""
    return [
        wire.SetSeriesState(series=one.series, state=S.PAUSED)
        for one in standing
        if one.state == S.OPEN
    ]


def close_commands(standing: Iterable[Standing]) -> list[wire.SetSeriesState]:
    """Ends the trading of a day that is to be settled."""
    return [
        wire.SetSeriesState(series=one.series, state=S.CLOSED)
        for one in standing
        if one.state in TRADING
    ]


def _next(schedule: Schedule, now: int, one: Standing, wanted: S, actor: int, not_before: int) -> S:
    state = one.state
    if state == S.EXPIRED or state == wanted:
        return state
    if wanted == S.CLOSED:
        return wanted if state in TRADING else state
    if wanted == S.PRE_CLOSE:
        return wanted if state in (S.OPEN, S.PAUSED) else state
    if state == S.PAUSED and (one.until or one.actor != actor):
        return state
    if wanted == S.PRE_OPEN:
        return wanted if state in (S.CLOSED, S.LISTED) else state
    if state == S.LISTED:
        return S.OPEN  # nothing can rest in a series that was only listed
    if state == S.CLOSED:
        return S.PRE_OPEN
    called = now >= one.since + schedule.least_auction and now >= not_before
    return S.OPEN if called else state


def _second(name: str, field: str, text: str) -> int:
    try:
        moment = time.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise ExchangeError(f"schedule {name}: {field}: expected HH:MM, found {text!r}") from error
    return moment.hour * 3_600 + moment.minute * 60


def _clock(second: int) -> str:
    return f"{second // 3_600:02d}:{second % 3_600 // 60:02d}"

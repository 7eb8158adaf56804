"""Nouns of the study: the run, the plan, the quote it sees, the order it sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A need of compute worth `budget_micro_dollars` on the plan day, for a run whose start is
    unknown.
    """

    name: str
    plan_day: date
    first_start: date
    last_start: date
    run_days: int = 30
    budget_micro_dollars: int = 20_000_000 * 1_000_000

    def __post_init__(self) -> None:
        if not self.plan_day < self.first_start <= self.last_start:
            raise ValueError("first_start: expected after plan_day and at most last_start")
        if self.run_days < 1 or self.budget_micro_dollars < 1:
            raise ValueError("run_days, budget_micro_dollars: expected at least 1")

    def starts(self, from_day: date | None = None) -> tuple[date, ...]:
        """Every start date of the window that is not before `from_day`."""
        first = max(self.first_start, from_day or self.first_start)
        count = (self.last_start - first).days + 1
        return tuple(first + timedelta(days=n) for n in range(max(0, count)))

    def dates(self, start: date) -> tuple[date, ...]:
        """Dates of a run that starts on a date."""
        return tuple(start + timedelta(days=n) for n in range(self.run_days))


@dataclass(frozen=True, slots=True)
class HedgePlan:
    """Shares of the expected need, in ten-thousandths, and the strike of calls relative to the
    future.

    Chosen before any result was seen; a lab's own planner is another matter.
    """

    name: str
    futures_per_ten_thousand: int
    calls_per_ten_thousand: int
    swap_per_ten_thousand: int
    call_strike_per_ten_thousand: int = 11_000


class TwoSided(Protocol):
    """A quote as the market shows it: micro-dollars per GPU-hour and whole lots."""

    @property
    def symbol(self) -> str: ...
    @property
    def bid_price(self) -> int: ...
    @property
    def bid_lots(self) -> int: ...
    @property
    def ask_price(self) -> int: ...
    @property
    def ask_lots(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Order:
    """An immediate-or-cancel limit order the policy wants sent.

    `lots` never exceeds what the quote shows; `lots_wanted` is the whole gap to the target of
    that day, of which the order takes what is there.
    """

    symbol: str
    buy: bool
    lots: int
    limit_price: int
    reason: str
    lots_wanted: int


FALLING = TrainingRun("falling", date(2024, 6, 1), date(2025, 6, 1), date(2025, 11, 30))
RISING = TrainingRun("rising", date(2025, 4, 1), date(2026, 4, 1), date(2026, 6, 30))
FUTURES = HedgePlan("futures", 8_000, 0, 0)
FUTURES_CALLS_SWAP = HedgePlan("futures_calls_swap", 4_000, 3_000, 2_000)

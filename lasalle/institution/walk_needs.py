"""What a walk asks the planner: the need that `lasalle hedge example` writes, dated from the day of
each plan, its window halved where a history is too short to judge it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources

import msgspec

from lasalle.contracts import Month
from lasalle.hedging.plan.instruments import Kind
from lasalle.hedging.plan.need import Need, read_need

FORTNIGHT = 14
COUNT = 4_000
"""Scenarios of a plan of a walk, fewer than the planner's own: what a plan brought moves no more
with them than with another seed of its 10,000, a tenth to a half of a million dollars.
"""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Months from a plan to the first start, and months of starts; the month after its first third
    is the likeliest.
    """

    first: int
    window: int

    @property
    def last(self) -> int:
        """Months to the last that a run of a month may need."""
        return self.first + self.window

    def __str__(self) -> str:
        return f"starts {self.first} to {self.first + self.window - 1} months ahead"


SHIPPED, HALVED, QUARTERED = Ahead(12, 6), Ahead(6, 3), Ahead(3, 2)
"""Twelve to eighteen months, as shipped; six to nine, and three to five, on shorter histories."""


@lru_cache
def shipped() -> Need:
    """The need that ships: 20 million dollars, may double, premium and cash bounded."""
    text = (resources.files("lasalle.hedging") / "table" / "need.toml").read_text("utf-8")
    return read_need(text, "need.toml")


def need_of(
    day: date,
    name: str,
    ahead: Ahead = SHIPPED,
    instruments: tuple[Kind, ...] | None = None,
    mean_weight: float = 0.0,
) -> Need:
    """The need that ships as a plan of a day has it, in the instruments given or those it names,
    with a weight on the expected cost.
    """
    need = shipped()
    first = Month.of(day).plus(ahead.first)
    start = msgspec.structs.replace(
        need.start,
        earliest=first.first_day,
        latest=first.plus(ahead.window - 1).last_day,
        most_likely=first.plus(ahead.window // 3).first_day,
    )
    trade = msgspec.structs.replace(need.trade, instruments=instruments or need.trade.instruments)
    risk = msgspec.structs.replace(need.risk, mean_weight=mean_weight)
    return msgspec.structs.replace(need, name=name, start=start, trade=trade, risk=risk)


def plan_days(first: date, last: date) -> list[date]:
    """A fortnight after a first date, then every first of a month that is no nearer to it."""
    days = [first + timedelta(days=FORTNIGHT)]
    month = Month.of(days[0]).plus(1)
    while month.first_day <= last:
        if (month.first_day - days[0]).days >= FORTNIGHT:
            days.append(month.first_day)
        month = month.plus(1)
    return days

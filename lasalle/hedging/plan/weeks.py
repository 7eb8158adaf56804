"""The weeks a plan looks ahead: their dates, and the month each belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lasalle.contracts import Month
from lasalle.hedging.plan.instruments import Floats

STEP_DAYS = 7
DAYS_PER_YEAR = 365.0


@dataclass(frozen=True)
class Weeks:
    """Weeks from a day to the end of the last of consecutive months, the first that of the day."""

    day: date
    months: tuple[Month, ...]

    @cached_property
    def days(self) -> NDArray[np.int64]:
        """The date each week ends on, as an ordinal."""
        count = -(-(self.months[-1].last_day - self.day).days // STEP_DAYS)
        return self.day.toordinal() + STEP_DAYS * np.arange(1, count + 1)

    @property
    def dates(self) -> tuple[date, ...]:
        """The same as dates."""
        return tuple(self.day + timedelta(days=STEP_DAYS * (n + 1)) for n in range(self.count))

    @property
    def count(self) -> int:
        """How many weeks."""
        return len(self.days)

    @cached_property
    def years(self) -> Floats:
        """Years from the day to the end of each week."""
        return np.asarray((self.days - self.day.toordinal()) / DAYS_PER_YEAR)

    @cached_property
    def last(self) -> NDArray[np.int64]:
        """Last day of each month, as an ordinal."""
        return np.array([month.last_day.toordinal() for month in self.months])

    @cached_property
    def month_of(self) -> NDArray[np.intp]:
        """Number of the month of each week; what ends after the last month counts to it."""
        return np.minimum(np.searchsorted(self.last, self.days), len(self.months) - 1)

    @cached_property
    def middles(self) -> Floats:
        """Years from the day to the middle of each month, none below 0."""
        found = [month.first_day.toordinal() + month.days / 2 for month in self.months]
        return np.asarray(np.maximum(np.array(found) - self.day.toordinal(), 0.0) / DAYS_PER_YEAR)

    @cached_property
    def to_come(self) -> Floats:
        """Share of each month that lies after the day."""
        days = np.array([month.days for month in self.months])
        return np.asarray(np.minimum(1.0, (self.last - self.day.toordinal()) / days))

"""The time blocks of contracts: an hour, a day, a week, a month, a quarter, a run of months.

All in UTC. A block says which hours are delivered or averaged in it, and parses back from its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from lasalle.contracts.model import Month, midnight_after

PEAK_HOURS = 12
"""Peak hours of a Monday to Friday, 08:00 to 20:00 local standard time."""
LONGEST_PEAK_HOURS = {"day": PEAK_HOURS, "week": 5 * PEAK_HOURS, "month": 23 * PEAK_HOURS}
"""Most peak hours of the blocks that have any."""


class Unit(StrEnum):
    """Length of a block; the words of the standards."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    MONTHS = "months"
    """Consecutive months, at least two: a swap's."""


class PeriodError(ValueError):
    """A text names no block; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One block, both dates included; `hour` is its UTC hour, -1 where the block is no hour."""

    first_day: date
    last_day: date
    unit: Unit
    hour: int = -1

    @property
    def first_month(self) -> Month:
        """Month its first day lies in."""
        return Month.of(self.first_day)

    @property
    def last_month(self) -> Month:
        """Month its last day lies in."""
        return Month.of(self.last_day)

    @property
    def months(self) -> tuple[Month, ...]:
        """Months it touches, ascending."""
        first = self.first_month
        return tuple(first.plus(n) for n in range(self.last_month.minus(first) + 1))

    def dates(self) -> tuple[date, ...]:
        """Every date of it, ascending."""
        days = (self.last_day - self.first_day).days + 1
        return tuple(self.first_day + timedelta(days=n) for n in range(days))

    @property
    def ends(self) -> int:
        """First nanosecond UTC after its last date, whose fixing is the last that counts."""
        return midnight_after(self.last_day)

    def hours(self, *, peak: bool = False) -> int:
        """Hours delivered in it: all of them, or 12 for each Monday to Friday."""
        if peak:
            return PEAK_HOURS * sum(day.weekday() < 5 for day in self.dates())
        return 1 if self.unit is Unit.HOUR else 24 * ((self.last_day - self.first_day).days + 1)

    def plus(self, count: int) -> Period:
        """The block of the same length so many later (earlier when negative)."""
        if self.unit in (Unit.MONTH, Unit.QUARTER, Unit.MONTHS):
            length = len(self.months)
            first = self.first_month.plus(count * length)
            return months_period(first, first.plus(length - 1), self.unit)
        if self.unit is Unit.HOUR:
            days, hour = divmod(self.hour + count, 24)
            day = self.first_day + timedelta(days=days)
            return Period(day, day, Unit.HOUR, hour)
        step = timedelta(days=count * (7 if self.unit is Unit.WEEK else 1))
        return Period(self.first_day + step, self.last_day + step, self.unit)

    def __str__(self) -> str:
        return _text(self)


@lru_cache(maxsize=65_536)
def _text(period: Period) -> str:
    first, unit = period.first_day, period.unit
    if unit is Unit.HOUR:
        return f"{first}T{period.hour:02d}"
    if unit is Unit.DAY:
        return str(first)
    if unit is Unit.WEEK:
        year, week, _ = first.isocalendar()
        return f"{year:04d}W{week:02d}"
    if unit is Unit.QUARTER:
        return f"{first.year:04d}Q{(first.month + 2) // 3}"
    month = str(period.first_month)
    return month if unit is Unit.MONTH else f"{month}_{period.last_month}"


def months_period(first: Month, last: Month, unit: Unit) -> Period:
    """The block from the first day of a month to the last day of another."""
    return Period(first.first_day, last.last_day, unit)


def month_period(month: Month) -> Period:
    """The block of one month."""
    return months_period(month, month, Unit.MONTH)


def period_of(unit: Unit, day: date) -> Period:
    """The block of a length that a date lies in; the first hour of it, for hours."""
    if unit is Unit.HOUR:
        return Period(day, day, unit, 0)
    if unit is Unit.DAY:
        return Period(day, day, unit)
    if unit is Unit.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6), unit)
    if unit is Unit.MONTH:
        return month_period(Month.of(day))
    if unit is Unit.QUARTER:
        first = Month(day.year, (day.month - 1) // 3 * 3 + 1)
        return months_period(first, first.plus(2), unit)
    raise PeriodError("unit", "hour, day, week, month or quarter", str(unit))


TEXT = r"[0-9]{4}(?:W[0-9]{2}|Q[1-4]|-[0-9]{2}(?:_[0-9]{4}-[0-9]{2}|-[0-9]{2}(?:T[0-9]{2})?)?)"
"""Form of the text of a block."""


@lru_cache(maxsize=65_536)
def parse_period(text: str) -> Period:
    """The block a text names. Raises PeriodError."""
    if not re.fullmatch(TEXT, text):
        raise PeriodError("period", "a month, quarter, week, day, hour or run of months", text)
    head, _, tail = text.partition("_")
    if tail:
        first, last = _month("first_month", head), _month("last_month", tail)
        if last <= first:
            raise PeriodError("last_month", f"after {first}", tail)
        return months_period(first, last, Unit.MONTHS)
    if len(text) == 7 and text[4] == "-":
        return month_period(_month("first_month", text))
    try:
        if text[4] == "W":
            found = period_of(Unit.WEEK, date.fromisocalendar(int(text[:4]), int(text[5:]), 1))
        elif text[4] == "Q":
            day = date(int(text[:4]), 3 * int(text[5]) - 2, 1)
            found = period_of(Unit.QUARTER, day)
        elif "T" in text:
            day, hour = date.fromisoformat(text[:10]), int(text[11:])
            found = Period(day, day, Unit.HOUR, hour)
        else:
            found = period_of(Unit.DAY, date.fromisoformat(text))
        # Month refuses years the house does not list; hours have 24 values.
        Month.of(found.first_day), Month.of(found.last_day)
    except ValueError as error:
        what = {"W": "a week of its year", "Q": "a quarter"}.get(text[4], "a date of the calendar")
        raise PeriodError("period", f"{what}, from 2000 to 2999", text) from error
    if found.hour > 23:
        raise PeriodError("period", "an hour from 00 to 23", text)
    return found


def _month(field: str, text: str) -> Month:
    try:
        return Month(int(text[:4]), int(text[5:]))
    except ValueError as error:
        raise PeriodError(field, "a month from 2000-01 to 2999-12", text) from error

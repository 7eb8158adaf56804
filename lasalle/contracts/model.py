"""Nouns every contract shares: the delivery month, the hours of a lot."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

NANOSECONDS_PER_SECOND = 1_000_000_000


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month in UTC, the delivery period of every month contract."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"month: expected 1 to 12, found {self.month}")
        if not 2000 <= self.year <= 2999:
            raise ValueError(f"year: expected 2000 to 2999, found {self.year}")

    @classmethod
    def of(cls, day: date) -> Month:
        """Month a date lies in."""
        return cls(day.year, day.month)

    @classmethod
    def from_number(cls, number: int) -> Month:
        """Month written as YYYYMM, the form of the schema."""
        return cls(number // 100, number % 100)

    @property
    def number(self) -> int:
        """The month as YYYYMM, the form of the schema."""
        return self.year * 100 + self.month

    @property
    def days(self) -> int:
        """Days of the month, 28 to 31."""
        return _span(self)[1]

    @property
    def first_day(self) -> date:
        """First UTC date of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """Last UTC date of the month."""
        return _span(self)[0][-1]

    def dates(self) -> tuple[date, ...]:
        """Every date of the month, ascending: one fixing each."""
        return _span(self)[0]

    def plus(self, months: int) -> Month:
        """The month so many months later (earlier when negative)."""
        ordinal = self.year * 12 + self.month - 1 + months
        return Month(ordinal // 12, ordinal % 12 + 1)

    def minus(self, other: Month) -> int:
        """Months from `other` to this one."""
        return (self.year - other.year) * 12 + self.month - other.month

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@cache
def _span(month: Month) -> tuple[tuple[date, ...], int]:
    """Dates of a month and how many: asked for by every series on every day."""
    days = calendar.monthrange(month.year, month.month)[1]
    return tuple(month.first_day + timedelta(days=n) for n in range(days)), days


def day_number(day: date) -> int:
    """A date as YYYYMMDD, the form of the schema."""
    return day.year * 10_000 + day.month * 100 + day.day


def numbered_day(number: int) -> date:
    """The date a YYYYMMDD names. Raises ValueError where it names none."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def hours(month: Month) -> int:
    """Hours of one month lot: 24 for each UTC day, 672 to 744."""
    return 24 * month.days


def nanoseconds(moment: datetime) -> int:
    """Nanoseconds since 1970-01-01 UTC of a moment with a zone."""
    span = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (span.days * 86_400 + span.seconds) * NANOSECONDS_PER_SECOND + span.microseconds * 1_000


def midnight_after(day: date) -> int:
    """First nanosecond UTC after a date."""
    after = day + timedelta(days=1)
    return nanoseconds(datetime(after.year, after.month, after.day, tzinfo=UTC))


def last_trading_time(month: Month) -> int:
    """First nanosecond at which no order is accepted: midnight UTC after the month's last day.

    The fixing of a date is published after that date ends, so the final fixing of the month is
    never known while its series trade.
    """
    return midnight_after(month.last_day)

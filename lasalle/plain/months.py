"""Months as the schema writes them, YYYYMM."""

from __future__ import annotations

from calendar import monthrange


def month_hours(month: int) -> int:
    """Hours of the whole month, 672 to 744."""
    return 24 * monthrange(month // 100, month % 100)[1]


def month_after(month: int) -> int:
    """The month that follows."""
    return month + 1 if month % 100 < 12 else month + 89


EPOCH_DAY = 719_162
"""Days from the first of January of year 1 to 1970-01-01."""
DAY = 86_400 * 10**9


def month_begins(month: int) -> int:
    """First nanosecond UTC of the month."""
    return month_ends(month) - month_hours(month) * 3_600 * 10**9


def month_ends(month: int) -> int:
    """First nanosecond UTC after the month."""
    year, number = divmod(month_after(month), 100)
    years = year - 1
    days = 365 * years + years // 4 - years // 100 + years // 400
    days += sum(month_hours(100 * year + before) for before in range(1, number)) // 24
    return (days - EPOCH_DAY) * DAY

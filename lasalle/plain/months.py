"""Months as the schema writes them, YYYYMM."""

from __future__ import annotations

from calendar import monthrange


def month_hours(month: int) -> int:
    """Hours of the whole month, 672 to 744."""
    return 24 * monthrange(month // 100, month % 100)[1]


def month_after(month: int) -> int:
    """The month that follows."""
    return month + 1 if month % 100 < 12 else month + 89


def _ordinal(day: int) -> int:
    """Days up to a day written YYYYMMDD; what is no day of a calendar counts as near to one."""
    year, rest = divmod(day, 10_000)
    month, years = min(12, max(1, rest // 100)), year - 1
    before = sum(month_hours(100 * year + m) for m in range(1, month)) // 24
    return 365 * years + years // 4 - years // 100 + years // 400 + before + rest % 100


def days_since(day: int, time: int) -> int:
    """Days from a day written YYYYMMDD to the one a time UTC lies in; negative ahead of it."""
    return time // DAY + EPOCH_DAY + 1 - _ordinal(day)


def days_between(since: int, day: int) -> int:
    """Days from one day to another, YYYYMMDD; none backwards."""
    return max(0, _ordinal(day) - _ordinal(since))


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

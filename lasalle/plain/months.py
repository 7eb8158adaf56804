"""Months as the schema writes them, YYYYMM."""

from __future__ import annotations

from calendar import monthrange


def month_hours(month: int) -> int:
    """Hours of the whole month, 672 to 744."""
    return 24 * monthrange(month // 100, month % 100)[1]


def month_after(month: int) -> int:
    """The month that follows."""
    return month + 1 if month % 100 < 12 else month + 89

"""Days in a path, a query or a command line: written YYYY-MM-DD, as people write them.

The fields of answers hold a day as a number, YYYYMMDD; those eight digits are read as well, so that
a program may ask again with what it was told.
"""

from __future__ import annotations

import re
from datetime import date

WRITTEN = "a date from 2000 to 2999, YYYY-MM-DD"
_DAY = re.compile(r"(2\d{3})-(\d{2})-(\d{2})|(2\d{3})(\d{2})(\d{2})", re.ASCII)


def read_day(text: str) -> date | None:
    """The date a text says; None for a text that says none, or one no calendar has."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups() if part is not None))
    except ValueError:
        return None


def day_text(day: date | int | str) -> str:
    """A day as it is written, of a date, of YYYYMMDD, or of the text itself. Raises ValueError."""
    found = day if isinstance(day, date) else read_day(str(day))
    if found is None:
        raise ValueError(f"day: expected {WRITTEN}, found {day}")
    return found.isoformat()

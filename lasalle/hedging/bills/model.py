"""What a bill comes to: whole micro-dollars and millionths of an accelerator-hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MILLION = 1_000_000


class BillError(ValueError):
    """A bill that is refused whole: file, row or column, what was expected and found."""


@dataclass(frozen=True, slots=True)
class Used:
    """Accelerators of one grade in one place on one day, and what they were paid.

    `hours` in millionths of an accelerator-hour, `cost` in micro-dollars, both rounded once, half
    to even, when the day is whole.
    """

    day: date
    grade: str
    location: str
    hours: int
    cost: int

    @property
    def price(self) -> int | None:
        """Micro-dollars an accelerator-hour, rounded half to even; None without hours or cost."""
        if self.hours <= 0 or self.cost <= 0:
            return None
        return round_half_even(self.cost * MILLION, self.hours)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are no hours of a grade: why, the words that say which, how many, micro-dollars;
    `first` says where the first of them stands.
    """

    why: str
    words: str
    rows: int
    cost: int
    understood: bool
    first: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Rows of a service that is no accelerator by its words: words, how many, micro-dollars."""

    words: str
    rows: int
    cost: int


@dataclass(frozen=True, slots=True)
class Bill:
    """Bills read together. Every row is in `rows_used`, in `others` or in `left_out`; `services`
    are the others by their words, the dearest first.
    """

    version: str
    cost_column: str
    rows: int
    rows_used: int
    others: int
    others_cost: int
    used: tuple[Used, ...]
    left_out: tuple[LeftOut, ...]
    services: tuple[Other, ...] = ()

    @property
    def not_understood(self) -> int:
        """Rows that may be accelerators and matched nothing."""
        return sum(one.rows for one in self.left_out if not one.understood)

    def of(self, family: str, location: str) -> tuple[Used, ...]:
        """What was used of a family (`H100`), in a place (`US` is every place within it)."""
        return tuple(
            one
            for one in self.used
            if one.grade.partition("-")[0] == family
            and (one.location == location or one.location.startswith(f"{location}-"))
        )


def by_day(used: Iterable[Used]) -> dict[date, Used]:
    """Days ascending, grades and places together."""
    found: dict[date, Used] = {}
    for one in used:
        have = found.get(one.day)
        hours, cost = (have.hours, have.cost) if have else (0, 0)
        found[one.day] = Used(one.day, one.grade, one.location, hours + one.hours, cost + one.cost)
    return dict(sorted(found.items()))


def round_half_even(number: int, divisor: int) -> int:
    """A whole number divided, rounded half to even; the divisor is above 0."""
    whole, rest = divmod(number, divisor)
    return whole + (2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1))

"""What is drawn of a need, cause by cause, and how it makes the scenarios a plan is judged on.

Causes stay apart until they are put together, so that each can be held still: how much of what a
plan leaves at risk comes from prices, from the date, from the size, from the own bill, from grade
and place, from shortage, from suppliers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lasalle.contracts import Month
from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.need_terms import Bill
from lasalle.hedging.plan.scenarios import Scenarios


class Cause(StrEnum):
    """Where the uncertainty of a cost comes from."""

    PRICE = "price"
    DATE = "date"
    SIZE = "size"
    BILL = "bill"  # own bill against what it follows of the index, month by month
    DAYS = "days"  # price of the run's own days against the mean of their month
    GRADE = "grade"  # another grade that serves, wherever it stands, against the index
    PLACE = "place"  # the grade itself at another place, against the index
    AVAILABILITY = "availability"
    SUPPLIER = "supplier"


DRAWN = {
    Cause.PRICE: "settled",
    Cause.DATE: "start",
    Cause.SIZE: "size",
    Cause.BILL: "bill",
    Cause.DAYS: "days",
    Cause.GRADE: "grade",
    Cause.PLACE: "place",
    Cause.AVAILABILITY: "shortage",
    Cause.SUPPLIER: "kept",
}
"""What is drawn of each cause."""
AT_MEANS = frozenset(DRAWN) - {Cause.PRICE, Cause.DATE, Cause.SIZE}
"""Causes that stand at the mean of their draws when they are held still, month by month."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a need is not drawn.

    `hours` of the whole run at size 1; `run_days` it lasts; `lost` dollars an hour that cannot be
    had costs above its price; `resale` share of the spot price that an unused hour brings;
    `made_good` share of the spot price that a supplier who fails pays; `bill` what of the index the
    own bill follows, which stands at `today`, dollars an hour, on the plan's day.
    """

    hours: float
    run_days: int
    lost: float = 0.0
    resale: float = 0.8
    made_good: float = 1.0
    bill: Bill = field(default_factory=Bill)
    today: float = 0.0

    def __post_init__(self) -> None:
        if not self.hours > 0 or self.run_days < 1:
            raise ValueError("hours, run_days: expected above 0")
        if self.lost < 0 or not 0 <= self.resale <= 1:
            raise ValueError("lost, resale: expected at least 0, and resale at most 1")


@dataclass(frozen=True, slots=True)
class Factors:
    """S equally likely draws over M consecutive months and T times.

    `months` begin with that of the plan's day. `curve` (M,) and `settled` (S, M) in USD per
    accelerator-hour, `marks` (S, T, M) the curve at each of `times`; `start` (S,) days from the
    first day of the first month; `size` (S,) multiples of the need; `bill`, `days`, `grade`,
    `place` (S, M) are factors on the price of an hour: own bill over what it follows of the index,
    own days over the mean of the month, substitutes of another grade over that, those elsewhere
    over all of it; `shortage` (S, M) share of the hours that cannot be had at any
    price; `kept` (S, M) share of hours sold forward that suppliers deliver. `weekly` (M, W, S) are
    marks of the curve between month ends, on the ordinals `weeks`, for the cash a hedge ties up.
    """

    months: tuple[Month, ...]
    times: tuple[date, ...]
    curve: Floats
    settled: Floats
    marks: Floats
    start: Floats
    size: Floats
    bill: Floats
    days: Floats
    grade: Floats
    place: Floats
    shortage: Floats
    kept: Floats
    weeks: NDArray[np.int64] | None = None
    weekly: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        first = self.months[0] if self.months else None
        if first is None or any(first.plus(n) != m for n, m in enumerate(self.months)):
            raise ValueError("months: expected consecutive months, at least one")
        if list(self.times) != sorted(set(self.times)) or not self.times:
            raise ValueError("times: expected ascending dates, at least one")
        count = self.settled.shape[0]
        if self.start.shape != (count,) or self.size.shape != (count,):
            raise ValueError(f"start, size: expected shape ({count},)")
        if np.any(self.size <= 0):
            raise ValueError("size: expected above 0")
        if np.any((self.shortage < 0) | (self.shortage > 1)):
            raise ValueError("shortage: expected shares, 0 to 1")

    @property
    def basis(self) -> Floats:
        """Own bill, own days, grade and place together (S, M), over what of the index is followed.
        """
        return np.asarray(self.bill * self.days * self.grade * self.place)

    def first(self, count: int) -> Factors:
        """The first draws alone."""
        names = ("marks", *DRAWN.values())
        changed: dict[str, Any] = {name: getattr(self, name)[:count] for name in names}
        if self.weekly is not None:
            changed["weekly"] = self.weekly[:, :, :count]
        return replace(self, **changed)

    def held_still(self, causes: Collection[Cause]) -> Factors:
        """The same draws with some causes at what is expected of them: prices at the curve, the
        date at its median, the others at their means. Marks between month ends are left out.
        """
        changed: dict[str, Any] = {"weekly": None, "weeks": None}
        if Cause.PRICE in causes:
            changed["settled"] = np.broadcast_to(self.curve, self.settled.shape)
            changed["marks"] = np.broadcast_to(self.curve, self.marks.shape)
        if Cause.DATE in causes:
            changed["start"] = np.full_like(self.start, np.round(np.median(self.start)))
        if Cause.SIZE in causes:
            changed["size"] = np.full_like(self.size, self.size.mean())
        for cause in AT_MEANS & set(causes):
            drawn: Floats = getattr(self, DRAWN[cause])
            changed[DRAWN[cause]] = np.broadcast_to(drawn.mean(axis=0), drawn.shape)
        return replace(self, **changed)

    def moves(self, cause: Cause, terms: Terms) -> bool:
        """Whether a cause is uncertain at all, and costs anything."""
        if cause is Cause.AVAILABILITY and not terms.lost:
            return False
        drawn: Floats = getattr(self, DRAWN[cause])
        return bool(np.any(drawn != drawn[:1]))

    def needed(self, terms: Terms) -> Floats:
        """Accelerator-hours by month (S, M): the run's days in each, at even use.

        Raises ValueError where a run ends after the last month.
        """
        origin = self.months[0].first_day
        opens = np.array([(month.first_day - origin).days for month in self.months])
        closes = opens + np.array([month.days for month in self.months])
        ends = self.start + terms.run_days
        if np.any(self.start < 0) or np.any(ends > closes[-1]):
            raise ValueError(
                f"start: expected runs between {origin} and {self.months[-1].last_day},"
                f" found days {self.start.min():g} to {ends.max():g} after {origin}"
            )
        last = np.minimum(ends[:, None], closes)
        days = np.maximum(last - np.maximum(self.start[:, None], opens), 0.0)
        return np.asarray(terms.hours / terms.run_days * self.size[:, None] * days)

    def scenarios(self, terms: Terms) -> Scenarios:
        """The draws put together under the terms of a need."""
        lasts = np.array([month.last_day.toordinal() for month in self.months])
        times = np.array([time.toordinal() for time in self.times])
        paid = terms.bill.followed(self.settled, terms.today) * self.basis
        return Scenarios(
            settled=self.settled,
            marks=self.marks,
            curve=self.curve,
            alive=times[:, None] <= lasts,
            needed=self.needed(terms),
            paid=paid,
            lost=terms.lost * self.shortage,
            resold=terms.resale * paid,
            kept=self.kept,
            made_good=terms.made_good,
            weekly=self.weekly,
            weekly_alive=None if self.weeks is None else self.weeks[:, None] <= lasts,
        )

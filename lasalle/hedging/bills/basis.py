"""The own bill against the index: level, regression, tracking error, month by month.

The level is what the bill came to over what its hours would have cost at the index. What is left is
basis: a hedge on the index does not touch it. The plan draws a month's ratio around the level with
the deviation found here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from lasalle.contracts import Month
from lasalle.hedging.bills.model import MILLION, Used, by_day
from lasalle.hedging.effectiveness import Floats, Regression, regression

LEAST_DAYS, LEAST_MONTHS, LEAST_WEEKS = 5, 3, 8
FLAT = 1e-6
"""USD an hour, within which an index is said not to move: a fixing is whole micro-dollars."""


@dataclass(frozen=True, slots=True)
class MonthOfBill:
    """One month: accelerator-hours, USD an hour paid and at the index, weighted by hours."""

    month: Month
    hours: float
    own: float
    index: float


@dataclass(frozen=True, slots=True)
class BillBasis:
    """Own bill and index on the days both have; prices in USD an accelerator-hour.

    `ratio` of the bill to its hours at the index; `deviation` of the logarithm of a month's ratio,
    from `deviation_months` months, or from days where these are 0; `levels` the regression of the
    own price on the index by day, `changes` of their changes from week to week, None where there
    are too few or the index never moved; `tracking` the deviation of own price less ratio x index
    by day, `tracking_share` that over the mean index.
    """

    days: tuple[date, ...]
    own: Floats
    index: Floats
    hours: float
    ratio: float
    deviation: float
    deviation_months: int
    levels: Regression | None
    changes: Regression | None
    tracking: float
    tracking_share: float
    months: tuple[MonthOfBill, ...]
    unpriced: int
    unfixed: int


def basis_of(used: Iterable[Used], index: Mapping[date, int]) -> BillBasis:
    """The basis of what was used, against fixings in micro-dollars by date. Raises ValueError for
    fewer than five days that have a price and a fixing.
    """
    days = by_day(used)
    priced = [one for one in days.values() if one.price is not None]
    both = [one for one in priced if index.get(one.day, 0) > 0]
    if len(both) < LEAST_DAYS:
        raise ValueError(
            f"bills: expected {LEAST_DAYS} days or more with hours and a fixing of the index, found"
            f" {len(both)} of {len(days)}"
        )
    hours = np.array([one.hours / MILLION for one in both])
    own = np.array([(one.price or 0) / MILLION for one in both])
    fixed = np.array([index[one.day] / MILLION for one in both])
    ratio = float((own * hours).sum() / (fixed * hours).sum())
    months = _months([one.day for one in both], hours, own, fixed)
    if len(months) >= LEAST_MONTHS:
        logs = np.log([one.own / one.index for one in months])
        counted = len(months)
    else:
        logs, counted = np.log(own / fixed), 0
    left = own - ratio * fixed
    weekly = _weekly([one.day for one in both])
    tracking = float(left.std(ddof=1))
    return BillBasis(
        days=tuple(one.day for one in both),
        own=own,
        index=fixed,
        hours=float(hours.sum()),
        ratio=ratio,
        deviation=float(np.std(logs, ddof=1)),
        deviation_months=counted,
        levels=_regressed(own, fixed),
        changes=(
            _regressed(np.diff(own[weekly]), np.diff(fixed[weekly]))
            if len(weekly) > LEAST_WEEKS
            else None
        ),
        tracking=tracking,
        tracking_share=tracking / float(fixed.mean()),
        months=months,
        unpriced=len(days) - len(priced),
        unfixed=len(priced) - len(both),
    )


def _regressed(own: Floats, index: Floats) -> Regression | None:
    return regression(index, own) if np.ptp(index) > FLAT else None


def _months(days: list[date], hours: Floats, own: Floats, index: Floats) -> tuple[MonthOfBill, ...]:
    which = [Month.of(day) for day in days]
    found = []
    for month in sorted(set(which)):
        here = np.array([one == month for one in which])
        weight = hours[here]
        found.append(
            MonthOfBill(
                month,
                float(weight.sum()),
                float(np.average(own[here], weights=weight)),
                float(np.average(index[here], weights=weight)),
            )
        )
    return tuple(found)


def _weekly(days: list[date]) -> list[int]:
    """The last day of each week that has one."""
    last = {day.isocalendar()[:2]: n for n, day in enumerate(days)}
    return sorted(last.values())

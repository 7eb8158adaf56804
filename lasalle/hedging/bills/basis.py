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
from lasalle.hedging.effectiveness import Floats, Regression, dollar_offset, regression

LEAST_DAYS, LEAST_MONTHS, LEAST_WEEKS = 5, 3, 8
CLOSE, SOME = 0.80, 0.30
"""R squared from which a bill is said to move with the index, and to move with it in part; practice
under ASC 815 asks for the first.
"""
SAME, ERRORS, MOST = 0.02, 2.0, 2.0
"""A share this close to 1, or within so many standard errors of it, is 1; the most a share is."""
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
    own price on the index by day, `changes` of changes of their means of weeks, None where there
    are too few or the index never moved; `tracking` the deviation of own price less ratio x index
    by day, `tracking_share` that over the mean index; `mean_index` is weighted by the hours of the
    bill.
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
    mean_index: float


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
    weekly = _weekly([one.day for one in both], own, fixed)
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
            _regressed(*np.diff(weekly, axis=1)) if weekly.shape[1] > LEAST_WEEKS else None
        ),
        tracking=tracking,
        tracking_share=tracking / float(fixed.mean()),
        months=months,
        unpriced=len(days) - len(priced),
        unfixed=len(priced) - len(both),
        mean_index=float(np.average(fixed, weights=hours)),
    )


def offset_of(basis: BillBasis) -> float | None:
    """Dollar offset of the index at the bill's ratio on the bill, from its first month to its last:
    1 where one moved as far as the other. None for one month, or a bill that did not move.
    """
    own = np.diff([one.own for one in basis.months])
    if abs(float(own.sum())) <= FLAT:
        return None
    return dollar_offset(-own, basis.ratio * np.diff([one.index for one in basis.months]))


@dataclass(frozen=True, slots=True)
class Following:
    """How far a bill is shown to follow its index.

    `fit` is the regression that shows least of it, None where the index never moved; `weekly`
    whether that is of changes from week to week, else of levels by day. `share` is what of a move
    of the index at the bill's ratio a plan counts on, at the index `stood`, dollars an hour;
    `deviation` of the logarithm of a month's bill around that.
    """

    index: str
    fit: Regression | None
    weekly: bool
    share: float
    stood: float
    deviation: float

    @property
    def close(self) -> bool:
        """Whether the bill is shown to move with the index closely enough to be hedged on it."""
        return self.fit is not None and self.fit.r_squared >= CLOSE and self.fit.slope > 0


def following(basis: BillBasis, index: str) -> Following:
    """How far a bill follows an index of a name: the ratio of least variance, which is the slope,
    drawn to nothing by its error, so that a slope that may be chance counts for nothing.

    The slope over the ratio is multiplied by 1 - (2 errors / slope)^2, never below 0: the positive
    part of W. James and C. Stein (Proc. Fourth Berkeley Symp. 1, 1961) with two standard errors for
    one. Where R squared is `CLOSE` or more and the slope does not differ from the ratio, it is the
    ratio. Levels may go together by chance where both drift, changes where there are few: the lower
    of the two is counted on. Where the index never moved nothing is known, and the bill is supposed
    to follow.
    """
    stood = basis.mean_index
    fits = [one for one in (basis.changes, basis.levels) if one is not None]
    shares = [_share(one, basis.ratio) for one in fits]
    share = min(shares, default=1.0)
    fit = fits[shares.index(share)] if fits else None
    deviation = basis.deviation if share == 1.0 else _strays(basis, share, stood)
    return Following(index, fit, fit is not None and fit is basis.changes, share, stood, deviation)


def _share(fit: Regression, ratio: float) -> float:
    found, error = fit.slope / ratio, fit.slope_error / ratio
    if found <= 0.0:
        return 0.0
    if fit.r_squared >= CLOSE and abs(found - 1.0) <= max(ERRORS * error, SAME):
        return 1.0
    return min(found * max(0.0, 1.0 - (ERRORS * error / found) ** 2), MOST)


def _strays(basis: BillBasis, share: float, stood: float) -> float:
    """Deviation of the logarithm of a month's bill around what it follows of the index; of a day's
    where there are fewer than three months.
    """
    pairs = [(one.own, one.index) for one in basis.months]
    if not basis.deviation_months:
        pairs = list(zip(basis.own, basis.index, strict=True))
    own, index = (np.array(one) for one in zip(*pairs, strict=True))
    expected = basis.ratio * np.maximum(stood + share * (index - stood), 0.01 * index)
    return float(np.std(np.log(own / expected), ddof=1))


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


def _weekly(days: list[date], own: Floats, index: Floats) -> Floats:
    """Own price and index, (2, weeks), each the mean of the days of a week that has any."""
    which = np.unique([day.toordinal() - day.weekday() for day in days], return_inverse=True)[1]
    count = np.bincount(which)
    return np.array([np.bincount(which, own) / count, np.bincount(which, index) / count])

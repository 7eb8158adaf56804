"""Hedge effectiveness for the accountant: regression and dollar offset.

IFRS 9 (6.4.1) asks for an economic relationship that credit risk does not dominate and a hedge
ratio that is the one in use; it has no bright line. Under ASC 815 practice calls a hedge highly
effective where the slope lies between -0.80 and -1.25, R squared is at least 0.80, or the dollar
offset between 80 and 125 %. Both are figures of changes in fair value; they say nothing of
shortage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST, MOST, LEAST_R_SQUARED = 0.80, 1.25, 0.80


@dataclass(frozen=True, slots=True)
class Regression:
    """Changes of the hedge on changes of the item, ordinary least squares with a constant.

    `slope` is near -1 for a hedge of the whole item; `slope_error` and `constant_error` are their
    standard errors; `observations` how many pairs.
    """

    slope: float
    constant: float
    slope_error: float
    constant_error: float
    r_squared: float
    observations: int

    @property
    def highly_effective(self) -> bool:
        """Slope between -0.80 and -1.25 and R squared of 0.80 or more: the practice under ASC
        815.
        """
        return LEAST <= -self.slope <= MOST and self.r_squared >= LEAST_R_SQUARED


def regression(item: Floats, hedge: Floats) -> Regression:
    """Regression of changes in the hedge on changes in the item, both dollars, in the same order.

    Raises ValueError for fewer than three pairs, or an item that never changes.
    """
    if item.shape != hedge.shape or item.ndim != 1 or len(item) < 3:
        raise ValueError(
            f"item, hedge: expected three pairs or more, found {item.shape} and {hedge.shape}"
        )
    count = len(item)
    moved, answered = item - item.mean(), hedge - hedge.mean()
    spread = float(moved @ moved)
    if spread == 0.0:
        raise ValueError("item: expected changes that differ, found none")
    slope = float(moved @ answered) / spread
    constant = float(hedge.mean() - slope * item.mean())
    residual = hedge - constant - slope * item
    left = float(residual @ residual)
    total = float(answered @ answered)
    variance = left / (count - 2)
    return Regression(
        slope=slope,
        constant=constant,
        slope_error=float(np.sqrt(variance / spread)),
        constant_error=float(np.sqrt(variance * (1 / count + item.mean() ** 2 / spread))),
        r_squared=1.0 - left / total if total > 0 else 0.0,
        observations=count,
    )


def dollar_offset(item: Floats, hedge: Floats) -> float:
    """Cumulative change of the hedge over that of the item, sign turned: 1 offsets all of it.

    Raises ValueError where the item's changes sum to nothing.
    """
    total = float(item.sum())
    if total == 0.0:
        raise ValueError("item: expected a change over the period, found none")
    return -float(hedge.sum()) / total


@dataclass(frozen=True, slots=True)
class Offset:
    """Dollar offset over scenarios, 1 where the hedge offsets all of the item.

    `dearer` of the sums over the scenarios in which the item loses, `cheaper` over those in which
    it gains, None where there are none; `within` the share of the scenarios whose own offset lies
    between 80 and 125 %: where an item hardly moves the ratio is chance, which is why the sums
    stand beside it.
    """

    dearer: float | None
    cheaper: float | None
    within: float

    @property
    def passes(self) -> bool:
        """Whether both sums lie between 80 and 125 %."""
        return all(one is None or within_offset(one) for one in (self.dearer, self.cheaper))


def offset_over(item: Floats, hedge: Floats) -> Offset:
    """Dollar offset over equally likely scenarios of changes, both dollars, in the same order."""
    loses, gains = item < 0, item > 0
    sums = [dollar_offset(item[some], hedge[some]) if some.any() else None
            for some in (loses, gains)]  # fmt: skip
    moved = loses | gains
    ratios = -hedge[moved] / item[moved]
    inside = (ratios >= LEAST) & (ratios <= MOST)
    return Offset(sums[0], sums[1], float(inside.mean()) if moved.any() else 0.0)


def within_offset(offset: float) -> bool:
    """Whether a dollar offset lies between 80 and 125 %."""
    return LEAST <= offset <= MOST


def ineffectiveness(item: Floats, hedge: Floats) -> float:
    """What a cash-flow hedge takes to profit or loss, dollars: the cumulative gain of the hedge in
    excess of the cumulative loss of the item, nothing where the hedge falls short (IFRS 9,
    6.5.11(a), the lower of the two in absolute amounts goes to equity).
    """
    gain, loss = float(hedge.sum()), -float(item.sum())
    if gain * loss <= 0:
        return gain
    excess = abs(gain) - abs(loss)
    return float(np.sign(gain)) * max(0.0, excess)

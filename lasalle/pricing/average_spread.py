"""Options on the difference of two averages: two months of one index, or one month of two indices.

What is fixed of either average is known and moves the strike:

    first - second - strike = s1 X1 - s2 X2 - (strike - known1 + known2)

with s the shares of dates to come and X the means over them, each taken as lognormal with its own
two moments. Two months of one index are tied by its model: the covariance of the logarithms that
gives E[X1 X2]. Two indices are tied by a correlation that is data of the house.
"""

from __future__ import annotations

import math

import numpy as np

from lasalle.contracts import Month
from lasalle.pricing.average import AverageTerms
from lasalle.pricing.forward import DAYS_PER_YEAR
from lasalle.pricing.indexed import IndexCurve
from lasalle.pricing.normalised import Floats
from lasalle.pricing.spread import SpreadMeasures, kirk, spread_options


def month_correlation(seen: IndexCurve, first: Month, second: Month) -> float:
    """Correlation of the logs of two months' averages to come, from the index's model; 0 where one
    of them is known.
    """
    model, ahead = seen.model, [_years(seen, month) for month in (first, second)]
    if not (len(ahead[0]) and len(ahead[1])):
        return 0.0
    count = len(ahead[0])
    years = np.concatenate(ahead)
    left = np.maximum(years - seen.elapsed_days / DAYS_PER_YEAR, 0.0)
    forwards, covariance = model.forward(years), model.covariance(left)
    one, two = forwards[:count], forwards[count:]
    ratios = np.expm1(covariance[:count, count:])
    joint = math.log1p(float(one @ ratios @ two) / (float(one.sum()) * float(two.sum())))
    widths = seen.months[first].deviation * seen.months[second].deviation
    return max(-1.0, min(1.0, joint / widths)) if widths > 0.0 else 0.0


def _years(seen: IndexCurve, month: Month) -> Floats:
    fitted = seen.model.fitted_on
    return np.array([(day - fitted).days for day in month.dates() if day > fitted]) / DAYS_PER_YEAR


def average_spread(
    call: bool,
    first: AverageTerms,
    second: AverageTerms,
    strike: float,
    correlation: float,
    discount: float = 1.0,
) -> SpreadMeasures:
    """The exact value of an option on first - second; slopes by the values of the two futures and
    by strike.
    """
    return spread_options(call, *_moved(first, second, strike), correlation, discount)


def average_spread_by_kirk(
    call: bool,
    first: AverageTerms,
    second: AverageTerms,
    strike: float,
    correlation: float,
    discount: float = 1.0,
) -> float:
    """Kirk's approximation of the same."""
    return float(kirk(call, *_moved(first, second, strike), correlation, discount))


def _moved(
    first: AverageTerms, second: AverageTerms, strike: float
) -> tuple[float, float, float, tuple[float, float]]:
    """Expected parts to come, the strike less what is known, deviations."""
    return (
        first.share * first.forward,
        second.share * second.forward,
        strike - first.known + second.known,
        (first.deviation, second.deviation),
    )

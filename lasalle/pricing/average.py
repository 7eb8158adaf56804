"""Average-price contracts: what is already fixed of a month, what is expected, how uncertain it is.

Sources: S. Turnbull and L. Wakeman, "A quick algorithm for pricing European average options", J.
Financial and Quantitative Analysis 26(3), 1991; E. Levy, "Pricing European average rate currency
options", J. International Money and Finance 11, 1992: the arithmetic average of the fixings to
come is taken as lognormal with its own first two moments, and fixings already known move the
strike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from lasalle.contracts import Month, Period
from lasalle.pricing.forward import DAYS_PER_YEAR, CurveModel, Floats


@dataclass(frozen=True, slots=True)
class AverageTerms:
    """The average of a month or another block seen from a day, USD per unit.

    `known` is the part of the average already fixed, `share` the share of dates to come,
    `forward` their expected mean, `deviation` the standard deviation of the log of their mean,
    `years` their mean distance.
    """

    known: float
    share: float
    forward: float
    deviation: float
    years: float

    @property
    def value(self) -> float:
        """Expected average of the whole block: of a month, the value of its future."""
        return self.known + self.share * self.forward


def moment_deviation(forwards: Floats, covariance: Floats) -> float:
    """Deviation of the log of the mean of lognormal prices: root of ln(M2 / M1^2)."""
    first = float(np.mean(forwards))
    second = float(np.mean(np.outer(forwards, forwards) * np.exp(covariance)))
    return math.sqrt(max(0.0, math.log(second / (first * first))))


def average_terms(
    model: CurveModel, fixings: Mapping[date, int], block: Month | Period, elapsed_days: int = 0
) -> AverageTerms:
    """Terms of a block after the model's last fixing; `elapsed_days` let uncertainty shrink as
    time passes.
    """
    dates = block.dates()
    known = [day for day in dates if day <= model.fitted_on]
    missing = [day for day in known if day not in fixings]
    if missing:
        raise ValueError(f"fixings: expected one for {missing[0]}, found none")
    to_come = [day for day in dates if day > model.fitted_on]
    known_part = sum(fixings[day] for day in known) / 1e6 / len(dates)
    if not to_come:
        return AverageTerms(known_part, 0.0, 0.0, 0.0, 0.0)
    years = np.array([(day - model.fitted_on).days for day in to_come]) / DAYS_PER_YEAR
    forwards = model.forward(years)
    left = np.maximum(years - elapsed_days / DAYS_PER_YEAR, 0.0)
    return AverageTerms(
        known=known_part,
        share=len(to_come) / len(dates),
        forward=float(np.mean(forwards)),
        deviation=moment_deviation(forwards, model.covariance(left)),
        years=float(np.mean(years)),
    )


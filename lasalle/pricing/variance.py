"""A variance future: what is realised of a month so far, and the variance the model expects of the
rest, in thousands of variance points.

    value = 10 x 365 / n x (sum of squared log moves so far + expected squares of those to come)

over the n dates of the month. Variances add, so no correlation of days enters. The expected square
of a move is its variance in the model plus the square of its drift, and no day's is below that of
the jumps stated in `table/variance.toml`: an index that moves in steps looks calm between two.
Source: K. Demeterfi, E. Derman, M. Kamal and J. Zou, "A Guide to Volatility and Variance Swaps",
J. Derivatives 6(4), 1999, for a seasoned variance swap as realised plus expected part.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

import numpy as np

from lasalle.contracts import Month, SeriesTerms
from lasalle.pricing.forward import DAYS_PER_YEAR, CurveModel, Floats
from lasalle.pricing.indexed import IndexCurve, Shocks
from lasalle.pricing.value import VOLATILITY_POINT, SeriesValue

MOST = 100.0
"""Highest price: 100,000 variance points."""


@dataclass(frozen=True, slots=True)
class VarianceTerms:
    """A month's variance as price: what is realised, and what is expected of the rest."""

    realised: float
    expected: float

    @property
    def value(self) -> float:
        """Value of its future."""
        return min(MOST, self.realised + self.expected)


@cache
def jump_variance() -> float:
    """Variance of a year that jumps alone would bring."""
    path = resources.files("lasalle.pricing") / "table" / "variance.toml"
    jumps: dict[str, float] = tomllib.loads(path.read_text(encoding="utf-8"))["jumps"]
    return jumps["a_year"] * jumps["log_move"] ** 2


def price_of(month: Month) -> float:
    """Price of a sum of squared log moves of one."""
    return 10.0 * DAYS_PER_YEAR / month.days


def variance_terms(seen: IndexCurve, month: Month) -> VarianceTerms:
    """Terms of a month. Days elapsed since the last fixing bring no move of their own: what comes
    in them is a shock's to say.
    """
    to_come = (month.last_day - max(seen.model.fitted_on, month.first_day - timedelta(days=1))).days
    skipped = max(0, seen.elapsed_days - max(0, (month.first_day - seen.model.fitted_on).days - 1))
    squares = _expected_squares(seen, month, max(0, to_come), skipped)
    realised = _realised(seen.fixings, month, seen.model.fitted_on)
    scale = price_of(month)
    return VarianceTerms(scale * realised, scale * squares)


def _realised(fixings: Mapping[date, int], month: Month, last: date) -> float:
    """Sum of squared log moves up to a date, the first from the last fixing before the month."""
    if last < month.first_day:
        return 0.0
    before = max((day for day in fixings if day < month.first_day), default=None)
    if before is None:
        raise ValueError(f"fixings: expected one before {month.first_day}, found none")
    inside = [day for day in month.dates() if day <= last and day in fixings]
    logs = [math.log(fixings[day]) for day in (before, *inside)]
    return float(np.sum(np.diff(logs) ** 2))


def _expected_squares(seen: IndexCurve, month: Month, to_come: int, skipped: int) -> float:
    """Sum of the expected squares of the last `to_come` moves of the month, less the first ones
    that are skipped, uncertainty counted from the days elapsed.
    """
    if to_come <= skipped:
        return 0.0
    model = seen.model
    last = (month.last_day - model.fitted_on).days
    ends = np.arange(last - to_come + 1 + skipped, last + 1, dtype=float)
    left = np.maximum(ends - seen.elapsed_days, 1.0) / DAYS_PER_YEAR
    step = 1.0 / DAYS_PER_YEAR
    squares = move_variance(model, left, step) + _drift(model, ends / DAYS_PER_YEAR, step) ** 2
    return float(np.sum(np.maximum(squares, jump_variance() / DAYS_PER_YEAR)))


def move_variance(model: CurveModel, years: Floats, step: float) -> Floats:
    """Variance of the log index's move over the step that ends at each distance in years."""
    kappa, share = model.assumptions.reversion, model.assumptions.long_share
    fresh = (1.0 - np.exp(-2.0 * kappa * step)) / (2.0 * kappa)
    begun = (1.0 - np.exp(-2.0 * kappa * (years - step))) / (2.0 * kappa)
    short = fresh + (1.0 - np.exp(-kappa * step)) ** 2 * begun
    return np.asarray(model.volatility**2 * ((1.0 - share) * short + share * step))


def _drift(model: CurveModel, years: Floats, step: float) -> Floats:
    """Expected log move over the step that ends at each distance."""

    def mean(at: Floats) -> Floats:
        variance = np.array([model.covariance([t])[0, 0] for t in at])
        return np.asarray(np.log(model.forward(at)) - 0.5 * variance)

    return mean(years) - mean(years - step)


def variance_value(series: SeriesTerms, seen: IndexCurve) -> SeriesValue:
    """Value in thousands of variance points, no delta, vega for a point of volatility."""
    terms, volatility = variance_terms(seen, series.months[-1]), seen.model.volatility
    # Expected variance is taken to move as the square of volatility, the floor's part with it.
    vega = 2.0 * terms.expected / volatility * VOLATILITY_POINT if volatility > 0.0 else 0.0
    return SeriesValue(terms.value, 0.0, vega)


def variance_shocked(series: SeriesTerms, seen: IndexCurve, index: str, shocks: Shocks) -> Floats:
    """Values in each column: its move is one move of the index where a date of the month comes
    within the horizon, and expected variance goes with the square of the factor.
    """
    month = series.months[-1]
    terms = variance_terms(seen, month)
    first = max((month.first_day - seen.model.fitted_on).days, 1)
    met = first <= shocks.horizon_days and seen.model.fitted_on < month.last_day
    jump = price_of(month) * shocks.log_moves[index][month] ** 2 if met else 0.0
    return np.minimum(MOST, terms.realised + jump + terms.expected * shocks.factors**2)

"""A basis future: par plus the average of one index over a month, less that of another.

Its value needs no correlation, for an expected difference is the difference of what is expected.
How far it moves does: of two indices with deviations a and b in USD, the difference has

    root(a^2 + b^2 - 2 rho a b).

rho is data of the house (`lasalle/institution/table/families.toml`), with its reason. The bounds of
its price, 50 USD from par on either side, are taken on the value: what they cut is out of reach.
"""

from __future__ import annotations

import math

import numpy as np

from lasalle.contracts import Month, SeriesTerms
from lasalle.pricing.average import AverageTerms
from lasalle.pricing.forward import DAYS_PER_YEAR, Floats
from lasalle.pricing.indexed import IndexCurve, Shocks
from lasalle.pricing.value import SeriesValue


def against_index(series: SeriesTerms) -> str:
    """Name of the index that is taken away, empty for a series that is no basis."""
    name: str = series.standard.terms["contract"].get("against_index", "")
    return name


def basis_value(series: SeriesTerms, first: IndexCurve, second: IndexCurve) -> SeriesValue:
    """Value of a basis, USD per unit; its delta is that to its own index, one lot."""
    month = series.months[-1]
    difference = first.months[month].value - second.months[month].value
    return SeriesValue(float(_bounded(series, np.array(difference))), 1.0, 0.0)


def basis_shocked(
    series: SeriesTerms, first: IndexCurve, second: IndexCurve, shocks: Shocks
) -> Floats:
    """Values of a basis in each column, both averages moved by what the column does to each."""
    month, own, other = series.months[-1], series.index, against_index(series)
    moved = [
        _moved(seen.months[month], shocks.log_moves[name][month])
        for seen, name in ((first, own), (second, other))
    ]
    return _bounded(series, moved[0] - moved[1])


def _moved(seen: AverageTerms, moves: Floats) -> Floats:
    return np.asarray(seen.known + seen.share * seen.forward * np.exp(moves))


def _bounded(series: SeriesTerms, difference: Floats) -> Floats:
    price = series.standard.terms["product"]["price"]
    least, most = price["least_micro_dollars"] / 1e6, price["most_micro_dollars"] / 1e6
    return np.clip(series.standard.par_micro_dollars / 1e6 + difference, least, most)


def difference_deviation(first: float, second: float, correlation: float) -> float:
    """Deviation of the difference of two moves, in their unit."""
    if not -1.0 <= correlation <= 1.0:
        raise ValueError(f"correlation: expected -1 to 1, found {correlation!r}")
    square = first * first + second * second - 2.0 * correlation * first * second
    return math.sqrt(max(0.0, square))


def daily_deviation(seen: IndexCurve, month: Month) -> float:
    """Deviation of one day's move of a month's average, USD per unit: of what is to be fixed."""
    terms, model = seen.months[month], seen.model
    ratio = float(model.deviation_ratio(terms.years))
    return terms.share * terms.forward * model.volatility * ratio / math.sqrt(DAYS_PER_YEAR)

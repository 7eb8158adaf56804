"""A bounded week: the average of seven fixings, raised to a floor and lowered to a cap.

Between them it is a spread of two average-price calls,

    value = floor + call(floor) - call(cap),

seasoned by the fixings of the week that are known. A week may lie in two months; a move of the
curve moves the fixings to come of each by what that month moves.
"""

from __future__ import annotations

import numpy as np

from lasalle.contracts import Month, SeriesTerms, hours, parse_symbol
from lasalle.pricing.average import AverageTerms, average_terms
from lasalle.pricing.black import black
from lasalle.pricing.forward import DAYS_PER_YEAR, Floats
from lasalle.pricing.indexed import IndexCurve, Shocks, block_of
from lasalle.pricing.moments import average_option
from lasalle.pricing.value import VOLATILITY_POINT, SeriesValue


def week_terms(series: SeriesTerms, seen: IndexCurve) -> AverageTerms:
    """The average of the week, seen as that of a month is."""
    return average_terms(seen.model, seen.fixings, block_of(series), seen.elapsed_days)


def bounded_value(series: SeriesTerms, seen: IndexCurve) -> SeriesValue:
    """Value of a bounded week, USD per unit. Its delta is in lots of the future of the month it
    ends in: a lot of a week is 168 units of that month's hours.
    """
    symbol, terms = parse_symbol(series.symbol), week_terms(series, seen)
    floor, cap = symbol.floor_micro_dollars / 1e6, symbol.cap_micro_dollars / 1e6
    low, high = (average_option(True, terms, bound) for bound in (floor, cap))
    size = series.hours_per_lot / hours(series.months[-1])
    volatility = seen.model.volatility
    vega = 0.0
    if volatility > 0.0:
        vega = (low[2] - high[2]) * terms.deviation / volatility * VOLATILITY_POINT
    value = min(max(floor + low[0] - high[0], floor), cap)
    return SeriesValue(value, (low[1] - high[1]) * size, vega)


def bounded_shocked(series: SeriesTerms, seen: IndexCurve, index: str, shocks: Shocks) -> Floats:
    """Values of a bounded week in each column: full revaluation."""
    symbol, terms = parse_symbol(series.symbol), week_terms(series, seen)
    floor, cap = symbol.floor_micro_dollars / 1e6, symbol.cap_micro_dollars / 1e6
    if terms.share == 0.0:
        return np.full(len(shocks.factors), min(max(terms.known, floor), cap))
    moves = shocks.log_moves[index]
    forwards = sum(
        part * np.exp(moves[month]) for month, part in parts_of_week(series, seen).items()
    ) + np.zeros(len(shocks.factors))
    deviations = terms.deviation * shocks.factors
    low, high = (
        black(True, forwards, (bound - terms.known) / terms.share, deviations)
        for bound in (floor, cap)
    )
    return np.clip(floor + terms.share * (low - high), floor, cap)


def parts_of_week(series: SeriesTerms, seen: IndexCurve) -> dict[Month, float]:
    """What each month contributes to the mean of the fixings to come."""
    to_come = [day for day in block_of(series).dates() if day > seen.model.fitted_on]
    years = np.array([(day - seen.model.fitted_on).days for day in to_come]) / DAYS_PER_YEAR
    found: dict[Month, float] = {}
    for day, forward in zip(to_come, seen.model.forward(years), strict=True):
        month = Month.of(day)
        found[month] = found.get(month, 0.0) + float(forward) / len(to_come)
    return found

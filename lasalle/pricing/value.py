"""Value, delta and vega of listed series on a curve of months, and their values when curve and
volatility move.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from lasalle.contracts import Month, SeriesKind, SeriesTerms, hours
from lasalle.pricing.average import AverageTerms, average_terms
from lasalle.pricing.black import black
from lasalle.pricing.forward import CurveModel, Floats
from lasalle.pricing.moments import average_option

VOLATILITY_POINT = 0.01


@dataclass(frozen=True, slots=True)
class SeriesValue:
    """Value in USD per GPU-hour; delta in lots of the month future; vega in USD per GPU-hour per
    point.
    """

    value: float
    delta: float
    vega: float


def month_curve(
    model: CurveModel, fixings: Mapping[date, int], months: Iterable[Month], elapsed_days: int = 0
) -> dict[Month, AverageTerms]:
    """Average terms of each month."""
    return {month: average_terms(model, fixings, month, elapsed_days) for month in set(months)}


def series_value(
    series: SeriesTerms, day: date, curve: Mapping[Month, AverageTerms], volatility: float
) -> SeriesValue:
    """Value of a series on a venue day; a swap is the hour-weighted mean of its unsettled
    months.
    """
    months = series.open_months(day)
    if not months:
        raise ValueError(f"day: expected at most {series.months[-1].last_day}, found {day}")
    if not series.is_option:
        total = sum(hours(month) for month in months)
        value = sum(curve[month].value * hours(month) for month in months) / total
        return SeriesValue(value, float(len(months)), 0.0)
    terms = curve[months[0]]
    value, delta, slope = average_option(
        series.kind is SeriesKind.CALL, terms, series.strike_micro_dollars / 1e6
    )
    # The deviation is proportional to the volatility up to terms of its third power.
    vega = slope * terms.deviation / volatility * VOLATILITY_POINT if volatility > 0.0 else 0.0
    return SeriesValue(value, delta, vega)


def shocked_values(
    series: SeriesTerms,
    day: date,
    curve: Mapping[Month, AverageTerms],
    log_moves: Mapping[Month, Floats],
    volatility_factors: Floats,
) -> Floats:
    """Values when each month's fixings to come move by e^move and deviations by a factor: full
    revaluation.
    """
    months = series.open_months(day)
    if not series.is_option:
        total = sum(hours(month) for month in months)
        moved = [
            (curve[m].known + curve[m].share * curve[m].forward * np.exp(log_moves[m])) * hours(m)
            for m in months
        ]
        return np.asarray(sum(moved) / total)
    terms, strike = curve[months[0]], series.strike_micro_dollars / 1e6
    call = series.kind is SeriesKind.CALL
    if terms.share == 0.0:
        return np.full(len(volatility_factors), average_option(call, terms, strike)[0])
    forwards = terms.forward * np.exp(log_moves[months[0]])
    moved_strike = (strike - terms.known) / terms.share
    return terms.share * black(call, forwards, moved_strike, terms.deviation * volatility_factors)

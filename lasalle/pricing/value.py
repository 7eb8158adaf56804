"""Value, delta and vega of listed series on a curve of months, and their values when curve and
volatility move.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    terms = curve[months[0]]
    found = shocked_options([series], [terms], [log_moves[months[0]]], volatility_factors)
    return np.asarray(found[0])


def shocked_options(
    options: Sequence[SeriesTerms],
    terms: Sequence[AverageTerms],
    log_moves: Sequence[Floats],
    volatility_factors: Floats,
) -> Floats:
    """Values of options on averages, a row each, in every column: one call of Black's formula; the
    bits of a row are those it has alone.
    """
    call = np.array([one.kind is SeriesKind.CALL for one in options])
    strike = np.array([one.strike_micro_dollars / 1e6 for one in options])
    rows = np.array([(t.known, t.share, t.forward, t.deviation) for t in terms], float)
    known, share, forward, deviation = rows.T
    live = share > 0.0
    moves = {id(one): np.exp(one) for one in log_moves}
    forwards = forward[:, None] * np.array([moves[id(one)] for one in log_moves])
    whole = np.where(live, share, 1.0)
    found = whole[:, None] * black(
        call[:, None],
        np.where(live[:, None], forwards, 1.0),
        ((strike - known) / whole)[:, None],
        deviation[:, None] * volatility_factors,
    )
    for n in np.flatnonzero(~live).tolist():
        found[n] = average_option(bool(call[n]), terms[n], float(strike[n]))[0]
    return np.asarray(found)

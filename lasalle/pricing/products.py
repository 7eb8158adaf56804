"""Value, delta and vega of a series of any product settled in cash, by the form of its standard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from lasalle.contracts import Form, Month, SeriesTerms
from lasalle.pricing.basis import against_index, basis_shocked, basis_value
from lasalle.pricing.bounded import bounded_shocked, bounded_value
from lasalle.pricing.forward import Floats
from lasalle.pricing.indexed import IndexCurve, Shocks
from lasalle.pricing.value import SeriesValue, series_value, shocked_values
from lasalle.pricing.variance import variance_shocked, variance_value

PRICED = (
    Form.AVERAGE, Form.BOUNDED, Form.LOCATION_BASIS, Form.GRADE_BASIS, Form.VARIANCE,
)  # fmt: skip
"""Forms that have a model."""
Indices = Mapping[str, IndexCurve]
"""Indices by name."""


def months_needed(series: Iterable[SeriesTerms], day: date) -> list[Month]:
    """Months whose averages the series need on a day."""
    return [month for one in series for month in one.open_months(day)]


def product_value(series: SeriesTerms, day: date, indices: Indices) -> SeriesValue:
    """Value of a series on a venue day, USD per unit. Raises ValueError for one without a model or
    whose months are over.
    """
    form, seen = _checked(series, day), indices[series.index]
    if form is Form.BOUNDED:
        return bounded_value(series, seen)
    if form is Form.VARIANCE:
        return variance_value(series, seen)
    if form is Form.AVERAGE:
        return series_value(series, day, seen.months, seen.model.volatility)
    return basis_value(series, seen, indices[against_index(series)])


def product_shocked(series: SeriesTerms, day: date, indices: Indices, shocks: Shocks) -> Floats:
    """Values of a series in each column of a revaluation, under the same conditions."""
    form, name = _checked(series, day), series.index
    seen = indices[name]
    if form is Form.BOUNDED:
        return bounded_shocked(series, seen, name, shocks)
    if form is Form.VARIANCE:
        return variance_shocked(series, seen, name, shocks)
    if form is Form.AVERAGE:
        return shocked_values(series, day, seen.months, shocks.log_moves[name], shocks.factors)
    return basis_shocked(series, seen, indices[against_index(series)], shocks)


def _checked(series: SeriesTerms, day: date) -> Form:
    form = series.standard.symbol_form
    if form not in PRICED:
        raise ValueError(f"form: expected one with a model, found {form.name}")
    if not series.open_months(day):
        raise ValueError(f"day: expected at most {series.months[-1].last_day}, found {day}")
    return form

"""Value, delta and vega of a series of any product listed, by the form of its standard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from lasalle.contracts import Form, Month, SeriesKind, SeriesTerms
from lasalle.pricing.basis import against_index, basis_shocked, basis_value
from lasalle.pricing.bounded import bounded_shocked, bounded_value
from lasalle.pricing.forward import Floats
from lasalle.pricing.indexed import IndexCurve, Shocks
from lasalle.pricing.moments import Averages, average_options
from lasalle.pricing.physical import physical_shocked, physical_value
from lasalle.pricing.value import (
    VOLATILITY_POINT,
    SeriesValue,
    series_value,
    shocked_options,
    shocked_values,
)
from lasalle.pricing.variance import variance_shocked, variance_value

PRICED = (
    Form.AVERAGE, Form.BOUNDED, Form.LOCATION_BASIS, Form.GRADE_BASIS, Form.VARIANCE, Form.FIRM,
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
    return product_values([series], day, indices)[0]


def product_values(series: Sequence[SeriesTerms], day: date, indices: Indices) -> list[SeriesValue]:
    """Values of many series under the same conditions, options on averages all at once."""
    forms = [_checked(one, day) for one in series]
    options = [one for one in series if one.is_option]
    priced = iter(_option_values(options, indices) if options else ())
    return [
        next(priced) if one.is_option else _outright(one, form, day, indices)
        for one, form in zip(series, forms, strict=True)
    ]


def _option_values(options: Sequence[SeriesTerms], indices: Indices) -> list[SeriesValue]:
    seen = [indices[one.index] for one in options]
    terms = [of.months[one.months[0]] for one, of in zip(options, seen, strict=True)]
    averages = Averages.of(terms, [of.model.volatility for of in seen])
    call = [one.kind is SeriesKind.CALL for one in options]
    strikes = [one.strike_micro_dollars / 1e6 for one in options]
    found = average_options(call, strikes, averages)
    rows = (found.value, found.delta, found.vega * VOLATILITY_POINT)
    return [SeriesValue(*row) for row in np.array(rows).T.tolist()]


def _outright(series: SeriesTerms, form: Form, day: date, indices: Indices) -> SeriesValue:
    seen = indices[series.index]
    if form is Form.BOUNDED:
        return bounded_value(series, seen)
    if form is Form.FIRM:
        return physical_value(series, seen)
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
    if form is Form.FIRM:
        return physical_shocked(series, seen, name, shocks)
    if form is Form.VARIANCE:
        return variance_shocked(series, seen, name, shocks)
    if form is Form.AVERAGE:
        return shocked_values(series, day, seen.months, shocks.log_moves[name], shocks.factors)
    return basis_shocked(series, seen, indices[against_index(series)], shocks)


def products_shocked(
    series: Sequence[SeriesTerms], day: date, indices: Indices, shocks: Shocks
) -> list[Floats]:
    """The same of many series, options on averages of one index all at once."""
    found: list[Floats | None] = [None] * len(series)
    by_index: dict[str, list[int]] = {}
    for n, one in enumerate(series):
        if _checked(one, day) is Form.AVERAGE and one.is_option:
            by_index.setdefault(one.index, []).append(n)
        else:
            found[n] = product_shocked(one, day, indices, shocks)
    for name, numbers in by_index.items():
        options = [series[n] for n in numbers]
        months = [one.open_months(day)[0] for one in options]
        terms = [indices[name].months[month] for month in months]
        moves = [shocks.log_moves[name][month] for month in months]
        for n, row in zip(
            numbers, shocked_options(options, terms, moves, shocks.factors), strict=True
        ):
            found[n] = row
    return [row for row in found if row is not None]


def _checked(series: SeriesTerms, day: date) -> Form:
    form = series.standard.symbol_form
    if form not in PRICED:
        raise ValueError(f"form: expected one with a model, found {form.name}")
    if not series.open_months(day):
        raise ValueError(f"day: expected at most {series.months[-1].last_day}, found {day}")
    return form

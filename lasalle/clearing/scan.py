"""The margin table of a day: each series revalued in full in every scenario, in whole
micro-dollars.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from lasalle.clearing.model import MarginRow, MarginTable
from lasalle.clearing.moves import SCAN_ROWS, scenarios
from lasalle.clearing.terms import MarginTerms
from lasalle.contracts import Month, SeriesKind, SeriesTerms
from lasalle.pricing import (
    AverageTerms,
    CurveModel,
    month_curve,
    series_value,
    shocked_values,
)
from lasalle.pricing.forward import Floats
from lasalle.wire import Bound


@dataclass(frozen=True, slots=True)
class _Shocks:
    """Every column as arrays: log moves by month, factors on deviations, weights of the loss."""

    moves: Mapping[Month, Floats]
    factors: Floats
    weights: Floats


def margin_table(
    model: CurveModel,
    fixings_until_day: Sequence[tuple[date, int]],
    day: date,
    series_list: Sequence[SeriesTerms],
    marks_micro_dollars: Mapping[str, int],
    terms: MarginTerms,
) -> MarginTable:
    """Margin table of a venue day; a fixing after the day is refused.

    A loss is the model's value now less its value after one day in the scenario, times the hours
    a lot still carries, times the weight of the scan point, rounded half to even to a
    micro-dollar. A long option never loses more than its mark.
    """
    if not fixings_until_day or fixings_until_day[-1][0] > day or model.fitted_on > day:
        raise ValueError(f"fixings_until_day: expected fixings up to {day}")
    fixings = dict(fixings_until_day)
    months = [month for series in series_list for month in series.open_months(day)]
    now = month_curve(model, fixings, months)
    later = month_curve(model, fixings, months, elapsed_days=1)
    columns, observed = scenarios(model, fixings_until_day, now, terms)
    shocks = _Shocks(
        {month: np.array([c.log_moves[month] for c in columns]) for month in now},
        np.array([c.volatility_factor for c in columns]),
        np.array([c.weight for c in columns]),
    )
    rows = tuple(
        _row(model, day, series, now, later, shocks, marks_micro_dollars[series.symbol], terms)
        for series in series_list
    )
    labels = tuple(column.label for column in columns)
    return MarginTable(day, labels, SCAN_ROWS, rows, observed, observed < terms.windows)


def _row(
    model: CurveModel,
    day: date,
    series: SeriesTerms,
    now: Mapping[Month, AverageTerms],
    later: Mapping[Month, AverageTerms],
    shocks: _Shocks,
    mark: int,
    terms: MarginTerms,
) -> MarginRow:
    lot_hours = series.open_hours(day)
    value = series_value(series, day, now, model.volatility)
    after = shocked_values(series, day, later, shocks.moves, shocks.factors)
    losses = np.rint((value.value - after) * shocks.weights * lot_hours * 1e6).astype(np.int64)
    if series.is_option:
        losses = np.minimum(losses, mark * lot_hours)
    assert int(np.max(np.abs(losses))) <= Bound.LOSS_PER_LOT, "a loss per lot is within schema law"
    ratio = {SeriesKind.FUTURE: terms.future_ratio, SeriesKind.SWAP: terms.swap_ratio}.get(
        series.kind, terms.option_ratio
    )
    charged = max(mark, series.tick_micro_dollars) * lot_hours
    return MarginRow(
        symbol=series.symbol,
        mark_micro_dollars=mark,
        losses_micro_dollars=tuple(int(loss) for loss in losses),
        # Both charges are rounded up for the house.
        liquidity_micro_dollars=math.ceil(charged * ratio),
        concentration_lots=terms.concentration_lots,
        concentration_micro_dollars=math.ceil(charged * terms.concentration_ratio),
        delta_millionths=round(value.delta * 1_000_000),
        vega_micro_dollars=round(value.vega * 1e6 * lot_hours),
    )

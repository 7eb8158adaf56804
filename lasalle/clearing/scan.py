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
from lasalle.clearing.moves import Market, Scenario, Shift, scenarios
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
from lasalle.wire import Bound, ScenarioKind


@dataclass(frozen=True, slots=True)
class Listed:
    """A family in the table: its name and group, model, fixings up to the day, and its series."""

    name: str
    group: int
    model: CurveModel
    fixings: Sequence[tuple[date, int]]
    series: Sequence[SeriesTerms]


@dataclass(frozen=True, slots=True)
class Priced:
    """A family on its curves: of the day, and of the day after it with nothing moved."""

    day: date
    market: Market
    later: Mapping[Month, AverageTerms]
    series: Sequence[SeriesTerms]


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
    """Margin table of a house with one family."""
    name = series_list[0].standard.family if series_list else ""
    family = Listed(name, 1, model, fixings_until_day, series_list)
    return family_table([family], day, marks_micro_dollars, terms)


def family_table(
    families: Sequence[Listed],
    day: date,
    marks_micro_dollars: Mapping[str, int],
    terms: MarginTerms,
) -> MarginTable:
    """Margin table of a venue day across families; a fixing after the day is refused, and so are
    fixings that end on different dates: a historical column is of the same dates for all.

    A loss is the model's value now less its value after one day in the scenario, times the units
    a lot still carries, times the weight of the scan point, rounded half to even to a
    micro-dollar; in a scan point of another family there is none. A long option never loses more
    than its mark.
    """
    held = priced(families, day)
    markets = [one.market for one in held]
    columns, observed = scenarios(markets, terms)
    rows: list[MarginRow] = []
    for one in held:
        shocks = _shocks(columns, one.market)
        for series in one.series:
            mark = marks_micro_dollars[series.symbol]
            rows.append(_row(one, series, shocks, mark, terms))
    labels = tuple(column.label for column in columns)
    scan_rows = tuple(row for market in markets for row in market.scan_rows())
    return MarginTable(day, labels, scan_rows, tuple(rows), observed, observed < terms.windows)


def priced(families: Sequence[Listed], day: date) -> list[Priced]:
    """Families that list something, on their curves of the day and of the day after it."""
    last = {family.fixings[-1][0] for family in families if family.fixings}
    good = len(last) == 1 and all(family.fixings for family in families) and max(last) <= day
    if not good or any(family.model.fitted_on > day for family in families):
        raise ValueError(f"fixings_until_day: expected fixings up to {day}, of one last date")
    found = []
    for f in families:
        if not f.series:
            continue
        known, months = dict(f.fixings), [m for s in f.series for m in s.open_months(day)]
        market = Market(f.name, f.group, f.model, f.fixings, month_curve(f.model, known, months))
        later = month_curve(f.model, known, months, elapsed_days=1)
        found.append(Priced(day, market, later, f.series))
    return found


def losses_of(
    priced_family: Priced, series: SeriesTerms, columns: Sequence[Scenario], mark: int
) -> tuple[int, ...]:
    """Losses of one long lot in some columns, micro-dollars; `mark` caps those of an option."""
    value = series_value(
        series, priced_family.day, priced_family.market.curve, priced_family.market.model.volatility
    )
    return _losses(priced_family, series, _shocks(columns, priced_family.market), mark, value.value)


def _shocks(columns: Sequence[Scenario], market: Market) -> _Shocks:
    """What every column does to one family."""
    still = dict.fromkeys(market.curve, 0.0)
    shifts = []
    for column in columns:
        # A scan point is one family's own: any other has no loss in it, not even a day's decay.
        other = column.label.kind is ScenarioKind.SCAN
        unnamed = Shift(still, weight=0.0 if other else 1.0)
        shifts.append(column.shifts.get(market.name, unnamed))
    return _Shocks(
        {month: np.array([shift.log_moves[month] for shift in shifts]) for month in market.curve},
        np.array([shift.volatility_factor for shift in shifts]),
        np.array([shift.weight for shift in shifts]),
    )


def _losses(
    one: Priced, series: SeriesTerms, shocks: _Shocks, mark: int, value: float
) -> tuple[int, ...]:
    lot_hours = series.open_hours(one.day)
    after = shocked_values(series, one.day, one.later, shocks.moves, shocks.factors)
    losses = np.rint((value - after) * shocks.weights * lot_hours * 1e6).astype(np.int64)
    if series.is_option:
        losses = np.minimum(losses, mark * lot_hours)
    assert int(np.max(np.abs(losses))) <= Bound.LOSS_PER_LOT, "a loss per lot is within schema law"
    return tuple(losses.tolist())


def _row(
    one: Priced, series: SeriesTerms, shocks: _Shocks, mark: int, terms: MarginTerms
) -> MarginRow:
    lot_hours = series.open_hours(one.day)
    value = series_value(series, one.day, one.market.curve, one.market.model.volatility)
    ratio = {SeriesKind.FUTURE: terms.future_ratio, SeriesKind.SWAP: terms.swap_ratio}.get(
        series.kind, terms.option_ratio
    )
    charged = max(mark, series.tick_micro_dollars) * lot_hours
    return MarginRow(
        symbol=series.symbol,
        mark_micro_dollars=mark,
        losses_micro_dollars=_losses(one, series, shocks, mark, value.value),
        # Both charges are rounded up for the house.
        liquidity_micro_dollars=math.ceil(charged * ratio),
        concentration_lots=terms.concentration_lots,
        concentration_micro_dollars=math.ceil(charged * terms.concentration_ratio),
        delta_millionths=round(value.delta * 1_000_000),
        vega_micro_dollars=round(value.vega * 1e6 * lot_hours),
    )

"""The margin table of a day: each series revalued in full in every scenario, in whole
micro-dollars.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lasalle.clearing.columns import Funding, funded_bounds, funded_loss, fundings
from lasalle.clearing.model import MarginRow, MarginTable
from lasalle.clearing.moves import (
    FIRST_OFFSET_ROW,
    Market,
    Pair,
    Scenario,
    Shift,
    scan_rows,
    scenarios,
)
from lasalle.clearing.terms import MarginTerms
from lasalle.contracts import Form, Month, Period, SeriesKind, SeriesTerms, parse_symbol
from lasalle.pricing import (
    CurveModel,
    IndexCurve,
    SeriesValue,
    Shocks,
    against_index,
    block_of,
    index_curve,
    month_curve,
    months_needed,
    product_values,
    products_shocked,
)
from lasalle.pricing.forward import Floats
from lasalle.wire import Bound, ScenarioKind


@dataclass(frozen=True, slots=True)
class Listed:
    """A family in the table: its name and group, model, fixings up to the day, and its series.

    A family of bases names the family whose index they take away, how the moves of the two indices
    are correlated, and, where another family lists its own index too, that one.
    """

    name: str
    group: int
    model: CurveModel
    fixings: Sequence[tuple[date, int]]
    series: Sequence[SeriesTerms]
    against: str = ""
    correlation: float = 0.0
    shares: str = ""


@dataclass(frozen=True, slots=True)
class Priced:
    """A family on the markets of its indices, by name of the index: its own first, then the one a
    basis takes away; on the day, and on the day after it with nothing moved.
    """

    day: date
    group: int
    markets: Mapping[str, Market]
    now: Mapping[str, IndexCurve]
    later: Mapping[str, IndexCurve]
    series: Sequence[SeriesTerms]
    weeks: Sequence[Funding]
    pair: Pair | None

    @property
    def market(self) -> Market:
        """That of its own index."""
        return next(iter(self.markets.values()))


@dataclass(frozen=True, slots=True)
class _Columns:
    """What every column does to a family, as arrays: its shocks, weights of the loss, which are
    scan points; the numbers of the columns of each bounded week, with their levels; and those that
    are a minimum of a right.
    """

    shocks: Shocks
    weights: Floats
    scan: NDArray[np.bool_]
    funded: Mapping[Period, Sequence[tuple[int, float]]]
    minimum: Mapping[int, tuple[SeriesKind, float]]


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
    than its mark. A basis loses by the moves of both its indices; a bounded week is funded in full,
    to its floor and to its cap, by scan points of its own over the initial factor, and is charged
    nothing else.
    """
    held = priced(families, day)
    markets = {market.name: market for one in held for market in one.markets.values()}
    pairs = [one.pair for one in held if one.pair]
    weeks = [week for one in held for week in one.weeks]
    columns, observed = scenarios(list(markets.values()), terms, pairs, weeks)
    rows: list[MarginRow] = []
    for one in held:
        found, own = _columns(columns, one, terms.horizon_days), terms.of(one.market.name)
        values = product_values(one.series, one.day, one.now)
        shocked = products_shocked(one.series, one.day, one.later, found.shocks)
        for series, value, after in zip(one.series, values, shocked, strict=True):
            mark = marks_micro_dollars[series.symbol]
            rows.append(_row(one, series, found, mark, own, value, after))
    labels = tuple(column.label for column in columns)
    charged = scan_rows(list(markets.values()), terms)
    charged += [row for pair in pairs for row in pair.scan_rows()]
    charged += [week.row for week in weeks]
    return MarginTable(day, labels, tuple(charged), tuple(rows), observed, observed < terms.windows)


def priced(families: Sequence[Listed], day: date) -> list[Priced]:
    """Families that list something, on their curves of the day and of the day after it."""
    last = {family.fixings[-1][0] for family in families if family.fixings}
    good = len(last) == 1 and all(family.fixings for family in families) and max(last) <= day
    if not good or any(family.model.fitted_on > day for family in families):
        raise ValueError(f"fixings_until_day: expected fixings up to {day}, of one last date")
    markets = _markets(families, day)
    found = []
    for f in families:
        if not f.series:
            continue
        own = {f.series[0].index: markets[f.shares or f.name]}
        if f.against:
            own[against_index(f.series[0])] = markets[f.against]
        now, later = {}, {}
        for index, market in own.items():
            known = dict(market.fixings)
            now[index] = IndexCurve(market.model, known, market.curve)
            later[index] = index_curve(market.model, known, market.curve, elapsed_days=1)
        pair = None
        if f.against:
            months = sorted(set(months_needed(f.series, day)))
            first, second = own.values()
            pair = Pair(f.name, f.group, first, second, f.correlation, months)
        weeks = fundings(f.name, f.group, f.series)
        found.append(Priced(day, f.group, own, now, later, f.series, weeks, pair))
    return found


def _markets(families: Sequence[Listed], day: date) -> dict[str, Market]:
    """The index of each family that lists something, or that a basis needs, with the months that
    either asks for.
    """
    months: dict[str, set[Month]] = {f.name: set(months_needed(f.series, day)) for f in families}
    for family in families:
        for name in {family.shares, family.against} - {""}:
            if name not in months:
                raise ValueError(f"{family.name}: expected a basis on families, found {name!r}")
            months[name] |= set(months_needed(family.series, day))
    return {
        f.name: Market(
            f.name, f.group, f.model, f.fixings,
            month_curve(f.model, dict(f.fixings), months[f.name]), scanned=not f.against,
        )
        for f in families
        if months[f.name] and not f.shares
    }  # fmt: skip


def losses_of(
    one: Priced,
    columns: Sequence[Scenario],
    marks_micro_dollars: Mapping[str, int],
    horizon_days: int = 2,
) -> list[tuple[int, ...]]:
    """Losses of one long lot of every series of a family in some columns, micro-dollars; its mark
    caps those of an option. The moves fall within the horizon.
    """
    found = _columns(columns, one, horizon_days)
    values = product_values(one.series, one.day, one.now)
    shocked = products_shocked(one.series, one.day, one.later, found.shocks)
    return [
        _losses(one, series, found, marks_micro_dollars[series.symbol], value.value, after)
        for series, value, after in zip(one.series, values, shocked, strict=True)
    ]


def _columns(columns: Sequence[Scenario], one: Priced, horizon_days: int) -> _Columns:
    """What every column does to one family. A scan point is one family's own: any other has no
    loss in it, not even a day's decay; one of an offset is of the families it names.
    """
    own = (2 * one.group - 1, 2 * one.group)
    offset = [
        one.pair is None and c.label.group >= FIRST_OFFSET_ROW and one.market.name in c.shifts
        for c in columns
    ]
    moves, still = {}, Shift({})
    for index, market in one.markets.items():
        shifts = [column.shifts.get(market.name, still).log_moves for column in columns]
        moves[index] = {m: np.array([move.get(m, 0.0) for move in shifts]) for m in market.curve}
    shifts_of = [column.shifts.get(one.market.name, still) for column in columns]
    scan = np.array([column.label.kind is ScenarioKind.SCAN for column in columns])
    elsewhere = scan & np.array([column.label.group not in own for column in columns])
    elsewhere &= ~np.array(offset)
    weights = np.array([shift.weight for shift in shifts_of])
    factors = np.array([shift.volatility_factor for shift in shifts_of])
    funded = {}
    for week in one.weeks:
        numbers = [n for n, c in enumerate(columns) if scan[n] and c.label.group == week.row.group]
        funded[week.block] = list(zip(numbers, week.levels, strict=False))
    shocks = Shocks(moves, factors, horizon_days)
    minimum = {
        n: shift.minimum
        for n, shift in enumerate(shifts_of)
        if shift.minimum is not None and not elsewhere[n]
    }
    return _Columns(shocks, np.where(elsewhere, 0.0, weights), scan, funded, minimum)


def _losses(
    one: Priced, series: SeriesTerms, columns: _Columns, mark: int, value: float, after: Floats
) -> tuple[int, ...]:
    lot_hours = series.open_hours(one.day)
    losses = np.rint((value - after) * columns.weights * lot_hours * 1e6).astype(np.int64)
    if series.is_option:
        losses = np.minimum(losses, mark * lot_hours)
    for column, (right, ratio) in columns.minimum.items():
        month = one.market.curve[series.open_months(one.day)[0]] if series.kind is right else None
        worth = month.value * lot_hours * 1e6 if month else 0.0
        losses[column] = -math.ceil(ratio * worth)
    if series.standard.symbol_form is Form.BOUNDED:
        # It is funded in full by scan points of its own, and has no loss in those of its curve;
        # in no other column more than at its floor or its cap.
        bounds = funded_bounds(parse_symbol(series.symbol), mark, series.hours_per_lot)
        losses = np.where(columns.scan, 0, np.clip(losses, *bounds))
        for number, level in columns.funded[block_of(series)]:
            losses[number] = funded_loss(series, level, mark)
    assert int(np.max(np.abs(losses))) <= Bound.LOSS_PER_LOT, "a loss per lot is within schema law"
    return tuple(losses.tolist())


def _row(
    one: Priced,
    series: SeriesTerms,
    columns: _Columns,
    mark: int,
    terms: MarginTerms,
    value: SeriesValue,
    after: Floats,
) -> MarginRow:
    lot_hours = series.open_hours(one.day)
    # What a bounded week asks is the most it can lose, and no charge comes on top (CLR-080).
    bounded = series.standard.symbol_form is Form.BOUNDED
    charged = 0 if bounded else _charged(one, series, mark) * lot_hours
    return MarginRow(
        symbol=series.symbol,
        mark_micro_dollars=mark,
        losses_micro_dollars=_losses(one, series, columns, mark, value.value, after),
        # Both charges are rounded up for the house.
        liquidity_micro_dollars=math.ceil(charged * _ratio(series, terms)),
        concentration_lots=terms.concentration_lots,
        concentration_micro_dollars=math.ceil(charged * terms.concentration_ratio),
        delta_millionths=round(value.delta * 1_000_000),
        vega_micro_dollars=round(value.vega * 1e6 * lot_hours),
    )


def _charged(one: Priced, series: SeriesTerms, mark: int) -> int:
    """The price of which a charge is a share: the mark, of a basis its dearer leg's value."""
    if one.pair is None:
        return max(mark, series.tick_micro_dollars)
    legs = [curve.months[series.months[-1]].value for curve in one.now.values()]
    return max(series.tick_micro_dollars, round(max(legs) * 1e6))


def _ratio(series: SeriesTerms, terms: MarginTerms) -> float:
    if series.is_option or series.standard.symbol_form is Form.VARIANCE:
        return terms.option_ratio
    return terms.swap_ratio if series.kind is SeriesKind.SWAP else terms.future_ratio

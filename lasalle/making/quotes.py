"""Two-sided quotes from a fitted model, an inventory and a list of series: data in, data out.

The lean against inventory follows M. Avellaneda and S. Stoikov, "High-frequency trading in a
limit order book", Quantitative Finance 8(3), 2008: the middle shifts against the position in
proportion to risk. Its constants here are terms of the maker, not fitted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lasalle.contracts import Form, Month, SeriesKind, SeriesTerms, hours, parse_symbol
from lasalle.making.model import Against, MakerTerms, Quote
from lasalle.pricing import (
    CurveModel,
    IndexCurve,
    SeriesValue,
    daily_deviation,
    difference_deviation,
    index_curve,
    months_needed,
    product_values,
)
from lasalle.pricing.forward import DAYS_PER_YEAR

BASES = (Form.LOCATION_BASIS, Form.GRADE_BASIS)


@dataclass(frozen=True, slots=True)
class Valuation:
    """A list of series valued on a day, with the half-spread of its curve; inventory plays no
    part.
    """

    series: tuple[SeriesTerms, ...]
    values: tuple[SeriesValue, ...]
    halves: tuple[float, ...]

    def marks(self) -> dict[str, int]:
        """Model value of each series, rounded to the nearest tick, halves up."""
        return {
            series.symbol: math.floor(value.value * 1e6 / series.tick_micro_dollars + 0.5)
            * series.tick_micro_dollars
            for series, value in zip(self.series, self.values, strict=True)
        }


def valuation(
    model: CurveModel,
    fixings: Mapping[date, int],
    day: date,
    series_list: Sequence[SeriesTerms],
    terms: MakerTerms,
    against: Against | None = None,
) -> Valuation:
    """Values on a venue day; a model that saw a later fixing is refused. Bases need the index that
    they take away.
    """
    refuse_later(model, day)
    seen, values = _valued(model, fixings, day, series_list, against)
    halves = (_half_spread(s, seen, day, terms, against) for s in series_list)
    return Valuation(tuple(series_list), tuple(values), tuple(halves))


def quotes(
    model: CurveModel,
    fixings: Mapping[date, int],
    day: date,
    series_list: Sequence[SeriesTerms],
    inventory: Mapping[str, int],
    terms: MakerTerms,
    against: Against | None = None,
) -> tuple[Quote, ...]:
    """Quotes for each series on a venue day; fixings after the day are refused."""
    valued = valuation(model, fixings, day, series_list, terms, against)
    return quotes_around(valued, inventory, terms)


def quotes_around(
    valued: Valuation, inventory: Mapping[str, int], terms: MakerTerms
) -> tuple[Quote, ...]:
    """Quotes around values already known, leaning against an inventory.

    Bids are rounded down and offers up to a tick, so that rounding never narrows the spread.
    """
    net_lots = sum(
        inventory.get(series.symbol, 0) * value.delta
        for series, value in zip(valued.series, valued.values, strict=True)
    )
    variance_lots = sum(
        inventory.get(s.symbol, 0) for s in valued.series if s.standard.symbol_form is Form.VARIANCE
    )
    used = _share(net_lots, terms.capacity_lots)
    variance_used = _share(variance_lots, terms.variance_capacity_lots)
    rows = zip(valued.series, valued.values, valued.halves, strict=True)
    return tuple(
        _quote(
            series,
            value,
            linear,
            variance_used if series.standard.symbol_form is Form.VARIANCE else used,
            terms,
        )
        for series, value, linear in rows
    )


def _share(lots: float, capacity: int) -> float:
    return max(-1.0, min(1.0, lots / capacity))


def fair_marks(
    model: CurveModel,
    fixings: Mapping[date, int],
    day: date,
    series_list: Sequence[SeriesTerms],
    against: Against | None = None,
) -> dict[str, int]:
    """Model value of each series on tick: the mark where nothing trades."""
    refuse_later(model, day)
    _, values = _valued(model, fixings, day, series_list, against)
    return Valuation(tuple(series_list), tuple(values), ()).marks()


def refuse_later(model: CurveModel, day: date) -> None:
    """A model that has seen a fixing after the venue's day is refused."""
    if model.fitted_on > day:
        raise ValueError(f"fitted_on: expected at most {day}, found {model.fitted_on}")


def _valued(
    model: CurveModel,
    fixings: Mapping[date, int],
    day: date,
    series_list: Sequence[SeriesTerms],
    against: Against | None,
) -> tuple[dict[str, IndexCurve], list[SeriesValue]]:
    """The indices of a list by name, its own first, and the value of each series."""
    months = months_needed(series_list, day)
    own = index_curve(model, fixings, months)
    seen = {series.index: own for series in series_list}
    if against is not None:
        refuse_later(against.model, day)
        seen[against.index] = index_curve(against.model, against.fixings, months)
    return seen, product_values(series_list, day, seen)


def _half_spread(
    series: SeriesTerms,
    seen: Mapping[str, IndexCurve],
    day: date,
    terms: MakerTerms,
    against: Against | None,
) -> float:
    """Half-spread of what moves with the index, USD per unit: grows with price, volatility and
    tenor; of a basis, with its dearer leg and the deviation of the difference.
    """
    months, own = series.open_months(day), seen[series.index]
    if series.standard.symbol_form not in BASES:
        return sum(_width(own, month, terms) for month in months) / len(months)
    assert against is not None, "a basis was valued"
    month, other = months[-1], seen[against.index]
    daily = difference_deviation(
        daily_deviation(own, month), daily_deviation(other, month), against.correlation
    )
    dearer = max(curve.months[month].value for curve in (own, other))
    width = terms.half_spread_ratio * dearer + terms.daily_risk_share * daily
    return width * (1.0 + terms.tenor_slope * own.months[month].years)


def _width(own: IndexCurve, month: Month, terms: MakerTerms) -> float:
    seen, model = own.months[month], own.model
    daily = model.volatility * float(model.loading(seen.years)) / math.sqrt(DAYS_PER_YEAR)
    ratio = terms.half_spread_ratio + terms.daily_risk_share * daily
    return seen.value * ratio * (1.0 + terms.tenor_slope * seen.years)


def _slope(series: SeriesTerms, value: SeriesValue) -> float:
    """Change of a price with the curve: one of a future, and of a swap, whose value is a mean over
    its months; none of a variance.
    """
    form = series.standard.symbol_form
    if form is Form.BOUNDED:
        return value.delta * hours(series.months[-1]) / series.hours_per_lot
    return value.delta if series.is_option or form is Form.VARIANCE else 1.0


def _lots(series: SeriesTerms, terms: MakerTerms) -> int:
    form = series.standard.symbol_form
    if form is Form.VARIANCE:
        return terms.variance_lots
    if form in BASES:
        return terms.basis_lots
    if form is Form.BOUNDED:
        return terms.bounded_lots
    linear = {SeriesKind.FUTURE: terms.future_lots, SeriesKind.SWAP: terms.swap_lots}
    return linear.get(series.kind, terms.option_lots)


def _quote(
    series: SeriesTerms, value: SeriesValue, linear: float, use: float, terms: MakerTerms
) -> Quote:
    slope, tick = _slope(series, value), series.tick_micro_dollars
    uncertain = terms.volatility_points * value.vega
    half = abs(slope) * linear + uncertain
    variance = series.standard.symbol_form is Form.VARIANCE
    middle = value.value - use * terms.lean * (uncertain if variance else linear * slope)
    bid = math.floor((middle - half) * 1e6 / tick) * tick
    ask = max(math.ceil((middle + half) * 1e6 / tick) * tick, tick, bid + tick)
    if series.standard.symbol_form is Form.BOUNDED:
        # Nobody pays more than the cap, and whoever sells below the floor gives money away.
        symbol = parse_symbol(series.symbol)
        bid = max(min(bid, symbol.cap_micro_dollars - tick), symbol.floor_micro_dollars)
        ask = max(min(ask, symbol.cap_micro_dollars), bid + tick)
    lots = _lots(series, terms)
    toward = use if slope >= 0.0 else -use
    bid_lots = math.floor(lots * (1.0 - max(0.0, toward)))
    ask_lots = math.floor(lots * (1.0 + min(0.0, toward)))
    if bid < tick:
        bid, bid_lots = 0, 0
    return Quote(series.symbol, bid, bid_lots, ask, ask_lots)

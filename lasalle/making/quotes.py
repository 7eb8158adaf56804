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

from lasalle.contracts import Month, SeriesKind, SeriesTerms
from lasalle.making.model import MakerTerms, Quote
from lasalle.pricing import AverageTerms, CurveModel, SeriesValue, month_curve, series_value
from lasalle.pricing.forward import DAYS_PER_YEAR


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
) -> Valuation:
    """Values on a venue day; a model that saw a later fixing is refused."""
    refuse_later(model, day)
    curve, values = _valued(model, fixings, day, series_list)
    halves = (_half_spread(model, terms, s.open_months(day), curve) for s in series_list)
    return Valuation(tuple(series_list), tuple(values), tuple(halves))


def quotes(
    model: CurveModel,
    fixings: Mapping[date, int],
    day: date,
    series_list: Sequence[SeriesTerms],
    inventory: Mapping[str, int],
    terms: MakerTerms,
) -> tuple[Quote, ...]:
    """Quotes for each series on a venue day; fixings after the day are refused."""
    return quotes_around(valuation(model, fixings, day, series_list, terms), inventory, terms)


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
    use = max(-1.0, min(1.0, net_lots / terms.capacity_lots))
    rows = zip(valued.series, valued.values, valued.halves, strict=True)
    return tuple(_quote(series, value, linear, use, terms) for series, value, linear in rows)


def fair_marks(
    model: CurveModel, fixings: Mapping[date, int], day: date, series_list: Sequence[SeriesTerms]
) -> dict[str, int]:
    """Model value of each series on tick: the mark where nothing trades."""
    refuse_later(model, day)
    _, values = _valued(model, fixings, day, series_list)
    return Valuation(tuple(series_list), tuple(values), ()).marks()


def refuse_later(model: CurveModel, day: date) -> None:
    """A model that has seen a fixing after the venue's day is refused."""
    if model.fitted_on > day:
        raise ValueError(f"fitted_on: expected at most {day}, found {model.fitted_on}")


def _valued(
    model: CurveModel, fixings: Mapping[date, int], day: date, series_list: Sequence[SeriesTerms]
) -> tuple[dict[Month, AverageTerms], list[SeriesValue]]:
    months = (month for series in series_list for month in series.open_months(day))
    curve = month_curve(model, fixings, months)
    return curve, [series_value(series, day, curve, model.volatility) for series in series_list]


def _half_spread(
    model: CurveModel,
    terms: MakerTerms,
    months: Sequence[Month],
    curve: Mapping[Month, AverageTerms],
) -> float:
    """Half-spread of a future or swap in USD per GPU-hour: grows with price, volatility and
    tenor.
    """
    widths = []
    for month in months:
        seen = curve[month]
        daily = model.volatility * float(model.loading(seen.years)) / math.sqrt(DAYS_PER_YEAR)
        ratio = terms.half_spread_ratio + terms.daily_risk_share * daily
        widths.append(seen.value * ratio * (1.0 + terms.tenor_slope * seen.years))
    return sum(widths) / len(widths)


def _quote(
    series: SeriesTerms, value: SeriesValue, linear: float, use: float, terms: MakerTerms
) -> Quote:
    # A swap's value is a mean over its months: one unit of curve moves it by one, as it moves a
    # future.
    slope = value.delta if series.is_option else 1.0
    half = abs(slope) * linear + terms.volatility_points * value.vega
    middle = value.value - use * terms.lean * linear * slope
    tick = series.tick_micro_dollars
    bid = math.floor((middle - half) * 1e6 / tick) * tick
    ask = max(math.ceil((middle + half) * 1e6 / tick) * tick, tick, bid + tick)
    lots = {SeriesKind.FUTURE: terms.future_lots, SeriesKind.SWAP: terms.swap_lots}.get(
        series.kind, terms.option_lots
    )
    toward = use if slope >= 0.0 else -use
    bid_lots = math.floor(lots * (1.0 - max(0.0, toward)))
    ask_lots = math.floor(lots * (1.0 + min(0.0, toward)))
    if bid < tick:
        bid, bid_lots = 0, 0
    return Quote(series.symbol, bid, bid_lots, ask, ask_lots)

"""Product, market, measure: positions in listed series, what the market says on a day, and pure
functions of both.

A market is a value: the day, each index as it is seen (model, fixings, averages of months) and a
volatility surface where one was calibrated. A measure takes every series of a kind at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lasalle.contracts import Form, Month, SeriesKind, SeriesTerms, hours
from lasalle.pricing.average import average_terms
from lasalle.pricing.basis import against_index
from lasalle.pricing.black import black
from lasalle.pricing.bounded import parts_of_week, week_terms
from lasalle.pricing.forward import DAYS_PER_YEAR
from lasalle.pricing.indexed import IndexCurve, Shocks
from lasalle.pricing.moments import Averages, average_options
from lasalle.pricing.normalised import Floats
from lasalle.pricing.products import product_shocked, product_values
from lasalle.pricing.surface import Surface
from lasalle.pricing.value import VOLATILITY_POINT


@dataclass(frozen=True, slots=True)
class Market:
    """What is known and believed on a day, by name of index."""

    day: date
    indices: Mapping[str, IndexCurve]
    surfaces: Mapping[str, Surface] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Series and signed lots, and what was paid or marked, USD per unit."""

    series: tuple[SeriesTerms, ...]
    lots: Floats
    paid: Floats

    @classmethod
    def of(
        cls,
        series: Sequence[SeriesTerms],
        lots: Sequence[float],
        paid: Sequence[float] | None = None,
    ) -> Portfolio:
        """Positions one by one; paid nothing where it is not told."""
        held = np.asarray(lots, float)
        prices = np.zeros(len(held)) if paid is None else np.asarray(paid, float)
        if not len(series) == len(held) == len(prices):
            raise ValueError("lots, paid: expected one for each series")
        return cls(tuple(series), held, prices)

    def units(self, day: date) -> Floats:
        """Signed hours of each position that are still to be settled on a day."""
        open_hours = np.array([one.open_hours(day) for one in self.series], float)
        return np.asarray(self.lots * open_hours)


@dataclass(frozen=True, slots=True)
class PortfolioValue:
    """Of each series: value in USD per unit, delta in lots of its month's future, gamma in USD per
    unit for a USD of the future twice, vega per point of volatility and theta per day in USD per
    unit; and present value of each position in USD. Gamma and theta are those of options on
    averages: of a bounded week and a variance they are not told, and stand as 0.
    """

    value: Floats
    delta: Floats
    gamma: Floats
    vega: Floats
    theta: Floats
    present: Floats

    @property
    def total(self) -> float:
        """Present value of all positions, USD."""
        return float(self.present.sum())


def portfolio_value(of: Portfolio, market: Market) -> PortfolioValue:
    """Value and slopes of every position, options of a kind at once."""
    count = len(of.series)
    rows = np.zeros((5, count))
    options = _options(of)
    if options:
        rows[:, options] = _option_rows([of.series[n] for n in options], market)
    rest = sorted(set(range(count)) - set(options))
    priced = product_values([of.series[n] for n in rest], market.day, market.indices)
    for n, found in zip(rest, priced, strict=True):
        rows[:, n] = found.value, found.delta, 0.0, found.vega, 0.0
    present = of.units(market.day) * (rows[0] - of.paid)
    value, delta, gamma, vega, theta = rows
    return PortfolioValue(value, delta, gamma, vega, theta, present)


def _options(of: Portfolio) -> list[int]:
    return [n for n, one in enumerate(of.series) if one.is_option]


def _seen(
    series: Sequence[SeriesTerms], market: Market
) -> tuple[NDArray[np.bool_], Floats, Averages]:
    """(calls, strikes, averages) of options, deviations by the surface where there is
    one.
    """
    for one in series:
        if not one.open_months(market.day):
            last = one.months[-1].last_day
            raise ValueError(f"{one.symbol}: expected a day up to {last}, found {market.day}")
    call = np.array([one.kind is SeriesKind.CALL for one in series])
    strike = np.array([one.strike_micro_dollars / 1e6 for one in series])
    curves = [market.indices[one.index] for one in series]
    terms = [seen.months[one.months[0]] for one, seen in zip(series, curves, strict=True)]
    volatility = np.array([seen.model.volatility for seen in curves])
    averages = Averages.of(terms, volatility)
    deviation = averages.deviation.copy()
    for n, one in enumerate(series):
        surface = market.surfaces.get(one.index)
        if surface is not None and one.months[0] in surface.smiles and terms[n].share > 0.0:
            deviation[n] = float(surface.deviation(one.months[0], strike[n]))
    return call, strike, replace(averages, deviation=deviation)


def _shrinking(series: Sequence[SeriesTerms], market: Market, averages: Averages) -> Averages:
    """The same with what a day without a move takes off each deviation, told by the year.

    The model's month is seen a day later; a surface's deviation shrinks in the same proportion.
    """
    left: dict[tuple[str, Month], float] = {}
    for one in series:
        key = one.index, one.months[0]
        if key not in left:
            seen = market.indices[one.index]
            now = seen.months[key[1]].deviation
            later = average_terms(seen.model, seen.fixings, key[1], seen.elapsed_days + 1)
            left[key] = later.deviation / now if now > 0.0 else 1.0
    share = np.array([left[one.index, one.months[0]] for one in series])
    per_year = (share - 1.0) * averages.deviation * DAYS_PER_YEAR
    return replace(averages, per_year=per_year)


def _option_rows(series: Sequence[SeriesTerms], market: Market) -> Floats:
    call, strike, averages = _seen(series, market)
    found = average_options(call, strike, _shrinking(series, market, averages))
    return np.array(
        [
            found.value,
            found.delta,
            found.gamma,
            found.vega * VOLATILITY_POINT,
            found.theta / DAYS_PER_YEAR,
        ]
    )


def exposure_by_month(of: Portfolio, market: Market) -> dict[str, dict[Month, float]]:
    """What positions are worth more, in USD, for each USD per unit by which the average of a month
    of an index rises: by index and month. Variances have none.
    """
    slopes, found = portfolio_value(of, market), dict[str, dict[Month, float]]()

    def put(index: str, month: Month, units: float) -> None:
        months = found.setdefault(index, {})
        months[month] = months.get(month, 0.0) + units

    for n, series in enumerate(of.series):
        form, lots = series.standard.symbol_form, float(of.lots[n])
        months = series.open_months(market.day)
        if form is Form.VARIANCE:
            continue
        if series.is_option or form is Form.BOUNDED:
            units = lots * float(slopes.delta[n]) * hours(series.months[-1])
            for month, share in _shares(series, market).items():
                put(series.index, month, units * share)
            continue
        for month in months:
            put(series.index, month, lots * _month_units(series, month))
            if against_index(series):
                put(against_index(series), month, -lots * _month_units(series, month))
    return {index: dict(sorted(months.items())) for index, months in sorted(found.items())}


def _month_units(series: SeriesTerms, month: Month) -> int:
    return hours(month) if len(series.months) > 1 else series.hours_per_lot


def _shares(series: SeriesTerms, market: Market) -> dict[Month, float]:
    """What the average a series is about rises by, for each USD that a month's does."""
    if series.is_option:
        return {series.months[0]: 1.0}
    seen = market.indices[series.index]
    week, found = week_terms(series, seen), dict[Month, float]()
    for month, part in parts_of_week(series, seen).items():
        terms = seen.months[month]
        found[month] = week.share * part / (terms.share * terms.forward)
    return found


def scenario_losses(of: Portfolio, market: Market, shocks: Shocks) -> Floats:
    """Loss of all positions in each column, USD, by full revaluation: options of a kind and all
    columns at once.
    """
    units, base = of.units(market.day), portfolio_value(of, market).value
    losses = np.zeros(len(shocks.factors))
    options = _options(of)
    if options:
        chosen = [of.series[n] for n in options]
        after = _options_shocked(chosen, market, shocks)
        losses += units[options] @ (base[options, None] - after)
    rest = set(range(len(of.series))) - set(options)
    for n in sorted(rest):
        after = product_shocked(of.series[n], market.day, market.indices, shocks)
        losses += units[n] * (base[n] - after)
    return losses


def _options_shocked(series: Sequence[SeriesTerms], market: Market, shocks: Shocks) -> Floats:
    """Values of options, a row each, in every column."""
    call, strike, averages = _seen(series, market)
    moves = np.array([shocks.log_moves[one.index][one.months[0]] for one in series])
    live = averages.share > 0.0
    share = np.where(live, averages.share, 1.0)
    forward = np.where(live, averages.forward, averages.known)[:, None]
    forward = np.where(live[:, None], forward * np.exp(moves), forward)
    moved = np.where(live, (strike - averages.known) / share, strike)
    deviation = np.where(live, averages.deviation, 0.0)[:, None] * shocks.factors
    values = black(call[:, None], forward, moved[:, None], deviation)
    return np.asarray(share[:, None] * values)

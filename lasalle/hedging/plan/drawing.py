"""Joint draws of price, date, size, basis, shortage and supplier for a need.

Prices follow two factors (Schwartz and Smith 2000) around the forward curve of the day, so that
every month is expected to settle at its forward less the premium stated; the planner has no view of
its own. A month settles at the mean of weekly prices within it; the days of the plan's own month
that are past move no more, and count at its forward. Shortage is a coin whose odds rise
with the price, thrown anew each month: what lasts longer is beyond it, and the report says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lasalle.contracts import Month
from lasalle.hedging.plan.factors import Factors, Terms
from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.need import Need, horizon
from lasalle.pricing.processes.draws import normals, uniforms
from lasalle.pricing.processes.schwartz_smith import two_factor_terms

STEP_DAYS = 7
PRICES, NEEDS, BILLS, SUPPLIES = 101, 102, 103, 104
"""Streams of draws, one a purpose."""


@dataclass(frozen=True, slots=True)
class PriceLaw:
    """What is believed of the price: reversion of the passing part a year, volatilities of both
    parts a year, correlation, and the premium a year by which forwards lie above what is expected.
    """

    reversion: float
    passing: float
    lasting: float
    correlation: float = 0.0
    premium: float = 0.0

    def moments(self, years: float) -> tuple[float, float, float]:
        """Variances of the two parts over so many years, and their covariance."""
        of = self.reversion, self.passing, self.lasting, self.correlation
        short, between, long = two_factor_terms(*of, years)
        return float(short), float(long), float(between)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws and what they were made from."""

    factors: Factors
    terms: Terms
    law: PriceLaw
    seed: int


def draw(
    need: Need, day: date, curve: dict[Month, float], law: PriceLaw, *, count: int, seed: int
) -> Drawn:
    """`count` draws for a need planned on a day, on a forward curve in dollars an hour.

    The same seed gives the same draws. Raises ValueError where the curve lacks a month.
    """
    months = horizon(need, day)
    lacking = [str(month) for month in months if month not in curve]
    if lacking:
        raise ValueError(f"curve: expected a price for {lacking[0]}, found none")
    level = np.array([curve[month] for month in months])
    origin = months[0].first_day.toordinal()
    uniform = uniforms(seed, NEEDS, 0, count, 2)
    start = need.starts(uniform[:, 0]) - origin
    prices = _Prices(day, months, level, law, normals(seed, PRICES, 0, count, _draws(day, months)))
    settled, marks = prices.settled, prices.marks
    # The run pays its own days: their mean price over that of the month, times its own bill.
    ratio = np.exp(
        need.bill.deviation * normals(seed, BILLS, 0, count, len(months))
        - need.bill.deviation**2 / 2
    )
    basis = need.bill.ratio * ratio * prices.own_days(start, need.start.run_days) / settled
    supply = uniforms(seed, SUPPLIES, 0, count, 2 * len(months))
    shortage = _shortage(need, settled / level, supply[:, : len(months)])
    kept = (supply[:, len(months) :] >= need.supply.failure).astype(np.float64)
    basis, shortage = _substituted(need, prices.years, basis, shortage, seed)
    hours = need.hours(float(level[0]))
    factors = Factors(
        months=months,
        times=tuple(month.last_day for month in months),
        curve=level,
        settled=settled,
        marks=marks,
        start=start,
        size=need.sizes(uniform[:, 1]),
        basis=basis,
        shortage=shortage,
        kept=kept,
    )
    terms = Terms(
        hours=hours,
        run_days=need.start.run_days,
        lost=need.late.dollars / hours,
        resale=need.supply.resale,
        made_good=need.supply.made_good,
    )
    return Drawn(factors, terms, law, seed)


def _draws(day: date, months: tuple[Month, ...]) -> int:
    """Normal draws a path takes: two a week from the day to the end of the last month."""
    return 2 * (-(-(months[-1].last_day - day).days // STEP_DAYS))


class _Prices:
    """Weekly prices along paths, and what months and marks come to."""

    def __init__(
        self, day: date, months: tuple[Month, ...], level: Floats, law: PriceLaw, drawn: Floats
    ) -> None:
        weeks = drawn.shape[1] // 2
        self._days = np.array(
            [(day + timedelta(days=STEP_DAYS * (n + 1))).toordinal() for n in range(weeks)]
        )
        self._origin = months[0].first_day.toordinal()
        last = np.array([month.last_day.toordinal() for month in months])
        self._month = np.minimum(np.searchsorted(last, self._days), len(months) - 1)
        middles = np.array([month.first_day.toordinal() + month.days / 2 for month in months])
        today = day.toordinal()
        self.years = np.maximum(middles - today, 0.0) / 365.0
        self._law, self._level = law, level
        passing, lasting = self._paths(law, drawn, weeks)
        log = passing + lasting
        years = (self._days - today) / 365.0
        half = np.array([self._variance(float(t), 0.0) / 2 for t in years])
        drift = -law.premium * years
        self._spot = level[self._month] * np.exp(log - half + drift)
        count = len(drawn)
        self.settled = np.empty((count, len(months)))
        for n in range(len(months)):
            within = np.flatnonzero(self._month == n)
            # A month whose days are over but for less than a week stands at its forward.
            own = self._spot[:, within].mean(axis=1) if len(within) else level[n]
            to_come = min(1.0, (int(last[n]) - today) / months[n].days)
            self.settled[:, n] = to_come * own + (1.0 - to_come) * level[n]
        self.marks = self._marked(today, last, passing, lasting)

    def _variance(self, seen: float, ahead: float) -> float:
        """Variance the first `seen` years give the log price `ahead` years after them."""
        short, long, between = self._law.moments(seen)
        decay = float(np.exp(-self._law.reversion * ahead))
        return decay**2 * short + long + 2 * decay * between

    @staticmethod
    def _paths(law: PriceLaw, drawn: Floats, weeks: int) -> tuple[Floats, Floats]:
        """Both parts of the log price by week, (paths, weeks)."""
        short, long, between = law.moments(STEP_DAYS / 365.0)
        deviation = np.sqrt(short)
        slope = between / deviation if deviation > 0 else 0.0
        rest = np.sqrt(max(long - slope**2, 0.0))
        keep = float(np.exp(-law.reversion * STEP_DAYS / 365.0))
        passing = np.empty((len(drawn), weeks))
        at = np.zeros(len(drawn))
        for week in range(weeks):
            at = keep * at + deviation * drawn[:, 2 * week]
            passing[:, week] = at
        lasting = np.cumsum(slope * drawn[:, ::2] + rest * drawn[:, 1::2], axis=1)
        return passing, lasting

    def _marked(self, today: int, last: Floats, passing: Floats, lasting: Floats) -> Floats:
        """The curve at the end of each month (paths, months, months)."""
        months = len(last)
        found = np.empty((len(passing), months, months))
        for time in range(months):
            week = int(np.searchsorted(self._days, last[time], side="right")) - 1
            for month in range(months):
                if month <= time or week < 0:
                    found[:, time, month] = (
                        self.settled[:, month] if month <= time else self._level[month]
                    )
                    continue
                seen = (self._days[week] - today) / 365.0
                ahead = max(float(self.years[month]) - seen, 0.0)
                fade = np.exp(-self._law.reversion * ahead)
                log = fade * passing[:, week] + lasting[:, week] - self._variance(seen, ahead) / 2
                found[:, time, month] = self._level[month] * np.exp(log - self._law.premium * seen)
        return found

    def own_days(self, start: Floats, run_days: int) -> Floats:
        """Mean price of the run's own days in each month (paths, months); that of the month where
        no week of the run falls in it.
        """
        days = self._days - self._origin
        running = (days >= start[:, None]) & (days < start[:, None] + run_days)
        found = self.settled.copy()
        for month in range(found.shape[1]):
            within = running & (self._month == month)
            weeks = within.sum(axis=1)
            own = (self._spot * within).sum(axis=1) / np.maximum(weeks, 1)
            found[:, month] = np.where(weeks > 0, own, found[:, month])
        return found


def _shortage(need: Need, ratio: Floats, uniform: Floats) -> Floats:
    """Whether a month has nothing to be had, 0 or 1: odds rise with the price over its forward."""
    base = need.supply.shortage
    if base == 0.0:
        return np.zeros_like(ratio)
    odds = base / (1 - base) * ratio**need.supply.slope
    return (uniform < odds / (1 + odds)).astype(np.float64)


def _substituted(
    need: Need, years: Floats, basis: Floats, shortage: Floats, seed: int
) -> tuple[Floats, Floats]:
    """Own bill and shortage where another grade would serve: the cheaper is taken, and only where
    all are short is there nothing. Each substitute is short of its own accord.
    """
    count, months = basis.shape
    for n, other in enumerate(need.substitutes):
        drawn = normals(seed, BILLS + 10 + n, 0, count, 1)
        spread = other.deviation * np.sqrt(years)
        ratio = other.hours * other.price_ratio * np.exp(drawn * spread - spread**2 / 2)
        coin = uniforms(seed, SUPPLIES + 10 + n, 0, count, months)
        short = (coin < need.supply.shortage).astype(np.float64)
        cheaper = np.minimum(basis, need.bill.ratio * ratio)
        instead = np.where(shortage > 0, need.bill.ratio * ratio, cheaper)
        served = np.where(short > 0, basis, instead)
        basis, shortage = served, shortage * short
    return basis, shortage

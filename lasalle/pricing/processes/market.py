"""Prices of several grades in several locations, and their joint laws: fitted, or drawn again.

Two ways of going on. `Calibrated`: two factors for each column, shocks of a date correlated
between columns as the moves of the history are. `Bootstrapped`: weeks of the history drawn again
in blocks, all columns of a week together, so that whatever dependence they have is kept; nothing
moves more than it has moved in a week of the history.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lasalle.pricing.processes.bootstrap import stationary_rows
from lasalle.pricing.processes.draws import normals
from lasalle.pricing.processes.history import DAYS_PER_YEAR, Floats, PriceHistory
from lasalle.pricing.processes.schwartz_smith import SchwartzSmith
from lasalle.pricing.processes.two_factor_fit import fit_price

STREAM = 10
WEEK = 7
Column = tuple[str, str]
"""A grade and a location."""


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices in USD per GPU-hour by date (rows) and grade and location (columns); NaN is none."""

    dates: tuple[date, ...]
    columns: tuple[Column, ...]
    prices: Floats

    def __post_init__(self) -> None:
        if self.prices.shape != (len(self.dates), len(self.columns)) or not self.columns:
            raise ValueError(
                f"prices: expected shape ({len(self.dates)}, {len(self.columns)}) and a column, "
                f"found {self.prices.shape}"
            )

    def until(self, day: date) -> PriceTable:
        """The same up to and including a day: what was known then."""
        count = sum(1 for one in self.dates if one <= day)
        return PriceTable(self.dates[:count], self.columns, self.prices[:count])

    def history(self, column: int) -> PriceHistory:
        """One column, from its first price on."""
        prices = self.prices[:, column]
        seen = np.flatnonzero(~np.isnan(prices))
        name = " ".join(self.columns[column])
        if len(seen) < 3:
            raise ValueError(f"{name}: expected at least 3 prices, found {len(seen)}")
        first = int(seen[0])
        return PriceHistory(name, self.dates[first:], prices[first:])

    def weekly_moves(self) -> Floats:
        """Log moves of weeks that end on the last date, the last price seen held; oldest first.

        Weeks before any column has a price are left out.
        """
        days = np.array([day.toordinal() for day in self.dates])
        held = np.empty_like(self.prices)
        shown = np.full(len(self.columns), np.nan)
        for row, prices in enumerate(self.prices):
            shown = np.where(np.isnan(prices), shown, prices)
            held[row] = shown
        whole = np.flatnonzero(~np.isnan(held).any(axis=1))
        if len(whole) == 0:
            raise ValueError("prices: expected a date by which every column has had one")
        ends = np.arange(days[-1], days[whole[0]] - 1, -WEEK)[::-1]
        rows = np.searchsorted(days, ends, side="right") - 1
        return np.diff(np.log(held[rows]), axis=0)

    def last(self) -> Floats:
        """The last price seen of each column."""
        return np.array([self.history(n).seen().prices[-1] for n in range(len(self.columns))])


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Two factors a column, and the correlation of the columns' shocks; shape (columns, columns).

    `demand` of the paths it makes is a standard normal that rises with the shocks of the first
    column, for what depends on the same causes as prices do.
    """

    columns: tuple[Column, ...]
    processes: tuple[SchwartzSmith, ...]
    correlation: Floats
    day: date

    def paths(
        self, seed: int, paths: int, dates: tuple[date, ...], first: int = 0
    ) -> tuple[Floats, Floats]:
        """(prices of shape (paths, dates, columns), demand of shape (paths,))."""
        count, span = len(self.columns), len(dates) + 1
        drawn = normals(seed, STREAM, first, paths, 2 * span * count)
        root = np.linalg.cholesky(self.correlation)
        shocks = drawn.reshape(paths, span, 2, count) @ root.T
        found = np.empty((paths, len(dates), count))
        for column, process in enumerate(self.processes):
            found[:, :, column] = _column(process, shocks[:, :, :, column], dates)
        # Both shocks of the first column, as each weighs in a day of its price.
        lead = self.processes[0]
        weigh = np.array([lead.short_volatility, lead.long_volatility])
        weigh /= math.hypot(*weigh) * math.sqrt(len(dates))
        demand = shocks[:, 1:, :, 0].sum(axis=1) @ weigh
        return np.exp(found, out=found), demand


def _column(process: SchwartzSmith, shocks: Floats, dates: tuple[date, ...]) -> Floats:
    """Log prices of one column from its shocks, shape (paths, dates + 1, 2)."""
    state, before = process.state, process.state.day
    known = (state.short_variance, state.covariance, state.long_variance)
    short, long = _moved(known, shocks[:, 0])
    short, long = short + state.short, long + state.long
    found = np.empty((len(shocks), len(dates)))
    for step, day in enumerate(dates):
        years = (day - before).days / DAYS_PER_YEAR
        if years <= 0.0:
            raise ValueError(f"dates: expected ascending ones after {process.state.day}")
        terms = tuple(float(term) for term in process.covariance_terms(years))
        more_short, more_long = _moved(terms, shocks[:, step + 1])
        short = short * math.exp(-process.reversion * years) + more_short
        long = long + process.drift * years + more_long
        found[:, step], before = short + long, day
    return found


def _moved(terms: tuple[float, ...], shocks: Floats) -> tuple[Floats, Floats]:
    """Moves of (short, long) with variances and covariance; the second shock is the long one."""
    short, cross, long = terms
    deviation = math.sqrt(max(long, 0.0))
    beside = cross / deviation if deviation > 0.0 else 0.0
    own = math.sqrt(max(short - beside * beside, 0.0))
    return own * shocks[:, 0] + beside * shocks[:, 1], deviation * shocks[:, 1]


def calibrate(table: PriceTable, held: dict[str, float] | None = None) -> Calibrated:
    """Each column fitted to its own history, drift 0 unless stated: a history of compute does
    not tell it. Correlations are those of weekly moves, a tenth of the way to none.
    """
    assumed = {"correlation": 0.0, "drift": 0.0} if held is None else held
    made = tuple(
        fit_price(table.history(n), held=assumed, errors=False).process
        for n in range(len(table.columns))
    )
    return Calibrated(table.columns, made, shock_correlation(table), table.dates[-1])


def shock_correlation(table: PriceTable, shrink: float = 0.1) -> Floats:
    """Correlation of weekly moves, shrunk; a column that stood still correlates with none."""
    moves = table.weekly_moves()
    count = moves.shape[1]
    deviation = moves.std(axis=0) if len(moves) > 1 else np.zeros(count)
    scaled = (moves - moves.mean(axis=0)) / np.where(deviation > 0.0, deviation, np.inf)
    found = scaled.T @ scaled / max(len(moves), 1)
    found = (1.0 - shrink) * found
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """Weeks of a history drawn again in blocks; `moves` has shape (weeks, columns)."""

    columns: tuple[Column, ...]
    moves: Floats
    last: Floats
    mean_weeks: float
    day: date

    def paths(
        self, seed: int, paths: int, dates: tuple[date, ...], first: int = 0
    ) -> tuple[Floats, None]:
        """(prices of shape (paths, dates, columns), no demand: a bootstrap has no shocks)."""
        ends = [(day - self.day).days for day in dates]
        if ends[0] <= 0:
            raise ValueError(f"dates: expected ones after {self.day}, found {dates[0]}")
        weeks = [max(1, round(end / WEEK)) for end in ends]
        rows = stationary_rows(seed, paths, weeks[-1], len(self.moves), self.mean_weeks, first)
        found = np.empty((paths, len(dates), len(self.columns)))
        log, begin = np.tile(np.log(self.last), (paths, 1)), 0
        for at, end in enumerate(weeks):
            for week in range(begin, end):
                log += self.moves[rows[:, week]]
            found[:, at], begin = log, end
        return np.exp(found, out=found), None


def bootstrapped(
    table: PriceTable, mean_weeks: float = 8.0, *, centred: bool = True
) -> Bootstrapped:
    """Weeks of a history to be drawn again; `centred` takes the mean move off each column, for
    a fall of two years is not a forecast of the next two.
    """
    moves = table.weekly_moves()
    if len(moves) < 8:
        raise ValueError(f"prices: expected at least 8 weeks, found {len(moves)}")
    if centred:
        moves = moves - moves.mean(axis=0)
    return Bootstrapped(table.columns, moves, table.last(), mean_weeks, table.dates[-1])


def mid_months(after: date, months: int) -> tuple[date, ...]:
    """The fifteenth of each of the calendar months that follow the one of a day."""
    found, day = [], after.replace(day=1)
    for _ in range(months):
        day = (day + timedelta(days=32)).replace(day=1)
        found.append(day.replace(day=15))
    return tuple(found)

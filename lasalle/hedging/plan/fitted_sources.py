"""Price paths from what was seen: processes calibrated to a history, or its weeks drawn again.

What is fitted is how prices stray and how together; the level is the forward curve of the day. The
first column of a history is the grade of the need, the others are its substitutes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.sources import PRICES, Moves, PriceLaw, two_factor_paths
from lasalle.hedging.plan.weeks import Weeks
from lasalle.pricing.processes.bootstrap import stationary_rows
from lasalle.pricing.processes.draws import normals
from lasalle.pricing.processes.fitted import Fitted, Process
from lasalle.pricing.processes.jumps_fit import fit_jumps
from lasalle.pricing.processes.market import PriceTable, calibrate
from lasalle.pricing.processes.regimes_fit import fit_regimes
from lasalle.pricing.processes.schwartz_smith import SchwartzSmith

Columns = tuple[int | None, ...]
"""Column of each substitute in a history; none where it has none."""
LEAST_WEEKS, ENOUGH_WEEKS = 26, 104
BLOCK_WEEKS = 8.0
REACTIONS = np.arange(0.0, 0.31, 0.03)
MEMORIES = np.arange(0.0, 0.96, 0.05)


def seen_words(table: PriceTable, weeks: int) -> str:
    """How long a history is, and whether that is short."""
    names = ", ".join(" ".join(column) for column in table.columns)
    word = f"{weeks} weeks to {table.dates[-1]} of {names}"
    if weeks >= ENOUGH_WEEKS:
        return word
    return f"SHORT HISTORY, below {ENOUGH_WEEKS} weeks: {word}"


def _moves_of(table: PriceTable) -> Floats:
    found = table.weekly_moves()
    if len(found) < LEAST_WEEKS:
        raise ValueError(
            f"scenarios: expected a history of at least {LEAST_WEEKS} weeks of every grade and"
            f" place, found {len(found)} to {table.dates[-1]}; two-factor scenarios need none, and"
            " --prices DIR plans on a longer history from files"
        )
    return found


@dataclass(frozen=True)
class CalibratedFactors:
    """Two factors fitted to each grade and place, their shocks correlated as the weekly moves."""

    processes: tuple[SchwartzSmith, ...]
    correlation: Floats
    columns: Columns
    said: str
    times: float = 1.0

    name = "processes"

    @staticmethod
    def of(table: PriceTable, columns: Columns) -> CalibratedFactors:
        """Fitted to a history. Raises ValueError where it is too short."""
        words = seen_words(table, len(_moves_of(table)))
        made = calibrate(table)
        return CalibratedFactors(made.processes, made.correlation, columns, words)

    @property
    def fitted(self) -> tuple[str, ...]:
        """Reversion and volatilities, and how columns move together."""
        one = self.processes[0]
        return (
            f"Schwartz-Smith, by maximum likelihood: reversion {one.reversion:.2f} a year,"
            f" volatilities {one.short_volatility:.0%} passing and {one.long_volatility:.0%}"
            f" lasting; on {self.said}",
            "correlation of the shocks of grades and places: that of their weekly moves, a tenth"
            " of the way to none",
        )

    @property
    def assumed(self) -> tuple[str, ...]:
        """What a price alone does not tell."""
        return ("correlation of the two factors 0; reversion apart from the long share is hardly"
                " told by a price alone",)  # fmt: skip

    def _law(self, column: int) -> PriceLaw:
        of = self.processes[column]
        made = PriceLaw(of.reversion, of.short_volatility, of.long_volatility, of.correlation)
        return made.scaled(self.times)

    def moves(self, weeks: Weeks, count: int, seed: int) -> Moves:
        """Shocks of all columns at once, then each column's own two factors."""
        wide = len(self.processes)
        drawn = normals(seed, PRICES, 0, count, 2 * weeks.count * wide)
        root = np.linalg.cholesky(self.correlation)
        shocks = drawn.reshape(count, 2 * weeks.count, wide) @ root.T
        lead = self._law(0)
        passing, lasting = two_factor_paths(lead, shocks[:, :, 0])
        log = passing + lasting - _half(lead, weeks)
        others: list[Floats | None] = []
        for column in self.columns:
            if column is None:
                others.append(None)
                continue
            law = self._law(column)
            short, long = two_factor_paths(law, shocks[:, :, column])
            others.append(short + long - _half(law, weeks) - log)
        return Moves(passing, lasting, lead.reversion, lead, tuple(others))

    def scaled(self, factor: float) -> CalibratedFactors:
        """Every volatility times a factor."""
        return replace(self, times=factor * self.times)


def _half(law: PriceLaw, weeks: Weeks) -> Floats:
    """Half the variance of the log price by week."""
    return np.array([law.variance(float(t), 0.0) / 2 for t in weeks.years])


@dataclass(frozen=True)
class CalibratedProcess:
    """A process of the grade that is not normal, jumps or regimes; substitutes move with it as
    their weekly moves did, by regression, and stray by what that leaves.
    """

    fit: Fitted[Any]
    slopes: tuple[tuple[float, float] | None, ...]
    said: str
    name: str
    times: float = 1.0

    @staticmethod
    def of(table: PriceTable, columns: Columns, name: str) -> CalibratedProcess:
        """`jumps` or `regimes` fitted to the first column of a history."""
        moves = _moves_of(table)
        history = table.history(0)
        fit: Fitted[Any] = (
            fit_jumps(history, errors=False)
            if name == "jumps"
            else fit_regimes(history, errors=False)
        )
        slopes = tuple(None if n is None else _regressed(moves, n) for n in columns)
        words = seen_words(table, len(moves))
        return CalibratedProcess(fit, slopes, words, name)

    @property
    def fitted(self) -> tuple[str, ...]:
        """The process and its estimates."""
        told = ", ".join(_numbers(self.fit.process))
        return (
            f"{self.fit.name}, by maximum likelihood: {told}; on {self.said}",
            "substitutes: slope of their weekly moves on those of the grade, and what that leaves",
        )

    @property
    def assumed(self) -> tuple[str, ...]:
        """How forwards follow."""
        if self.name == "regimes":
            return ("every move lasts, so that all forwards move as the spot does",)
        return ("jumps and moves wear off in forwards at the reversion fitted",)

    def moves(self, weeks: Weeks, count: int, seed: int) -> Moves:
        """Paths of the process from the day of its last price on, about their own mean."""
        process: Process = self.fit.process
        began = self.fit.process.day.toordinal()
        # A history that ends before the day: so many weeks from its end, none from the future.
        lag = weeks.day.toordinal() - began
        dates = tuple(type(weeks.day).fromordinal(int(d) - lag) for d in weeks.days)
        logs = np.log(process.simulate(seed, count, dates))
        centred = self.times * (logs - logs.mean(axis=0))
        nothing = np.zeros_like(centred)
        steps = np.diff(centred, axis=1, prepend=0.0)
        others = tuple(
            None if one is None else self._other(one, steps, centred, weeks, seed, n)
            for n, one in enumerate(self.slopes)
        )
        if self.name == "regimes":
            return Moves(nothing, centred, 1.0, None, others)
        return Moves(centred, nothing, self.fit.process.reversion, None, others)

    def _other(
        self, of: tuple[float, float], steps: Floats, lead: Floats, weeks: Weeks, seed: int, n: int
    ) -> Floats:
        slope, left = of
        own = normals(seed, PRICES + 500 + n, 0, len(steps), weeks.count) * (left * self.times)
        log = np.cumsum(slope * steps + own, axis=1)
        over = log - lead
        return np.asarray(over - np.log(np.exp(over).mean(axis=0)))

    def scaled(self, factor: float) -> CalibratedProcess:
        """Every move times a factor."""
        return replace(self, times=factor * self.times)


def _numbers(process: Any) -> list[str]:
    """Parameters of a process, each with its name."""
    found = []
    for one in fields(process):
        value = getattr(process, one.name)
        if isinstance(value, float):
            found.append(f"{one.name.replace('_', ' ')} {value:.3g}")
        elif isinstance(value, np.ndarray) and value.ndim == 1:
            found.append(f"{one.name} " + " and ".join(f"{x:.3g}" for x in value))
    return found


def _regressed(moves: Floats, column: int) -> tuple[float, float]:
    """(slope of a column's moves on those of the first, deviation of what is left)."""
    lead, own = (moves[:, n] - moves[:, n].mean() for n in (0, column))
    square = float(lead @ lead)
    slope = float(lead @ own) / square if square > 0.0 else 0.0
    return slope, float((own - slope * lead).std())


@dataclass(frozen=True)
class Redrawn:
    """Weeks of a history drawn again in blocks, all grades and places of a week together, each
    move over the volatility of its time and times that of the path's (filtered historical
    simulation: Barone-Adesi, Giannopoulos and Vosper 1999).
    """

    drawn_from: Floats
    columns: Columns
    said: str
    times: float = 1.0

    name = "bootstrap"

    @staticmethod
    def of(table: PriceTable, columns: Columns) -> Redrawn:
        """A history's weekly moves, their means taken off: a fall of two years is no forecast."""
        moves = _moves_of(table)
        return Redrawn(moves - moves.mean(axis=0), columns, seen_words(table, len(moves)))

    @cached_property
    def filters(self) -> tuple[tuple[float, float], ...]:
        """Reaction and memory of the variance of each column."""
        return tuple(fit_variance(column) for column in self.drawn_from.T)

    @property
    def fitted(self) -> tuple[str, ...]:
        """What was seen, and the filter."""
        reaction, memory = self.filters[0]
        return (
            f"nothing but the filter of volatility (GARCH by variance targeting, reaction"
            f" {reaction:.2f}, memory {memory:.2f}); moves are those of {self.said}",
        )

    @property
    def assumed(self) -> tuple[str, ...]:
        """What a history does not tell."""
        return (
            f"blocks of {BLOCK_WEEKS:g} weeks on average, begun anywhere, means taken off",
            "every move lasts, so that all forwards move as the spot does",
        )

    def moves(self, weeks: Weeks, count: int, seed: int) -> Moves:
        """Rows of the history by path and week; one row serves every column."""
        rows = stationary_rows(seed, count, weeks.count, len(self.drawn_from), BLOCK_WEEKS)
        lead = self._path(0, rows)
        others: list[Floats | None] = []
        for column in self.columns:
            if column is None:
                others.append(None)
                continue
            over = self._path(column, rows) - lead
            others.append(over - np.log(np.exp(over).mean(axis=0)))
        return Moves(np.zeros_like(lead), lead, 1.0, None, tuple(others))

    def _path(self, column: int, rows: Any) -> Floats:
        """Log price of a column along rows of the history."""
        moves, (reaction, memory) = self.drawn_from[:, column], self.filters[column]
        usual = float(moves.var())
        if usual == 0.0:
            return np.zeros(rows.shape)
        variances = conditional(moves, reaction, memory)
        scaled = moves / np.sqrt(variances[:-1])
        scaled /= scaled.std()
        at = np.full(len(rows), variances[-1])
        found = np.empty(rows.shape)
        rest = (1.0 - reaction - memory) * usual
        for week in range(rows.shape[1]):
            move = np.sqrt(at) * scaled[rows[:, week]]
            at = rest + reaction * move**2 + memory * at
            found[:, week] = move
        return np.cumsum(found, axis=1) * self.times

    def scaled(self, factor: float) -> Redrawn:
        """Every move times a factor."""
        return replace(self, times=factor * self.times)


def conditional(moves: Floats, reaction: float, memory: float) -> Floats:
    """Variance of each move given those before it, and of the next to come, (moves + 1,)."""
    usual = float(moves.var())
    found = np.empty(len(moves) + 1)
    found[0] = usual
    for n, move in enumerate(moves):
        found[n + 1] = (1.0 - reaction - memory) * usual + reaction * move**2 + memory * found[n]
    return found


def fit_variance(moves: Floats) -> tuple[float, float]:
    """(reaction, memory) of the variance, of greatest normal likelihood on a grid, its long-run
    value that of the moves (Engle and Mezrich 1996); both 0 for moves that stand still.
    """
    if float(moves.var()) == 0.0:
        return 0.0, 0.0
    best, found = -np.inf, (0.0, 0.0)
    for reaction in REACTIONS:
        for memory in MEMORIES if reaction > 0.0 else MEMORIES[:1]:
            if reaction + memory > 0.98:
                continue
            variances = conditional(moves, float(reaction), float(memory))[:-1]
            told = -0.5 * float((np.log(variances) + moves**2 / variances).sum())
            if told > best:
                best, found = told, (float(reaction), float(memory))
    return found

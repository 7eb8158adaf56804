"""Where the price paths of a plan come from: two factors as stated, processes calibrated to what
was seen, or weeks of what was seen drawn again.

Every source is centred on the forward curve of the day by `paths.py`: a source says how far and how
together prices stray, never where they go.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.weeks import STEP_DAYS, Weeks
from lasalle.pricing.processes.draws import normals, uniforms
from lasalle.pricing.processes.generations import Generation
from lasalle.pricing.processes.history import DAYS_PER_YEAR
from lasalle.pricing.processes.schwartz_smith import two_factor_terms

PRICES, SUCCESSORS, SUBSTITUTES = 101, 121, 200
"""Streams of draws, one a purpose; substitutes have one each from theirs on."""
WEEK = STEP_DAYS / DAYS_PER_YEAR


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

    def variance(self, seen: float, ahead: float) -> float:
        """Variance the first `seen` years give the log price `ahead` years after them."""
        short, long, between = self.moments(seen)
        decay = float(np.exp(-self.reversion * ahead))
        return decay**2 * short + long + 2 * decay * between

    @property
    def volatility(self) -> float:
        """Volatility a year of the price over a short time."""
        return math.sqrt(
            self.passing**2 + self.lasting**2 + 2 * self.correlation * self.passing * self.lasting
        )

    def scaled(self, factor: float) -> PriceLaw:
        """Both volatilities times a factor."""
        return replace(self, passing=factor * self.passing, lasting=factor * self.lasting)


@dataclass(frozen=True, slots=True)
class Moves:
    """How log prices stray by week, (paths, weeks), before they are centred on the curve.

    A forward `t` years ahead moves by `passing` times exp(-`reversion` t) and by `lasting`.
    `law` is the law of both where it is normal and centring is exact, else none and they are
    centred on their own mean. `others` are log prices of the substitutes over that of the grade,
    in the order of the need; none where the source has no history of one.
    """

    passing: Floats
    lasting: Floats
    reversion: float
    law: PriceLaw | None
    others: tuple[Floats | None, ...]


class Source(Protocol):
    """Where paths come from, and in words what of them is fitted and what assumed."""

    @property
    def name(self) -> str:
        """As the need names it."""
        ...

    @property
    def fitted(self) -> tuple[str, ...]:
        """What was fitted, and on what."""
        ...

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was not."""
        ...

    def moves(self, weeks: Weeks, count: int, seed: int) -> Moves:
        """`count` paths; the same seed gives the same ones."""
        ...

    def scaled(self, factor: float) -> Source:
        """The same with every volatility times a factor."""
        ...


def two_factor_paths(law: PriceLaw, shocks: Floats) -> tuple[Floats, Floats]:
    """(passing, lasting) parts of the log price by week from shocks (paths, 2 x weeks), the passing
    one of each week first.
    """
    short, long, between = law.moments(WEEK)
    deviation = np.sqrt(short)
    slope = between / deviation if deviation > 0 else 0.0
    rest = np.sqrt(max(long - slope**2, 0.0))
    keep = float(np.exp(-law.reversion * WEEK))
    passing = deviation * shocks[:, ::2].T
    for week in range(1, len(passing)):
        passing[week] += keep * passing[week - 1]
    return passing.T, np.cumsum(slope * shocks[:, ::2] + rest * shocks[:, 1::2], axis=1)


@dataclass(frozen=True, slots=True)
class TwoFactor:
    """The two factors of the curve model, at the volatility of the law."""

    law: PriceLaw
    substitutes: int = 0
    fitted: tuple[str, ...] = ("volatility of the index, by the curve model of the day",)

    name = "two-factor"
    assumed = (
        "reversion and long share of the curve model; no jumps, no change of regime",
        "each substitute strays from the grade by the deviation stated",
    )

    def moves(self, weeks: Weeks, count: int, seed: int) -> Moves:
        """Normal shocks, two a week."""
        drawn = normals(seed, PRICES, 0, count, 2 * weeks.count)
        none = (None,) * self.substitutes
        return Moves(*two_factor_paths(self.law, drawn), self.law.reversion, self.law, none)

    def scaled(self, factor: float) -> TwoFactor:
        """Both volatilities times a factor."""
        return replace(self, law=self.law.scaled(factor))


def stated_walk(deviation: float, number: int, weeks: Weeks, count: int, seed: int) -> Floats:
    """Log of a substitute's price over that of the grade: a walk of a deviation a year, its
    exponential 1 on average.
    """
    steps = normals(seed, SUBSTITUTES + number, 0, count, weeks.count)
    walk = np.cumsum(steps, axis=1) * (deviation * np.sqrt(WEEK))
    return np.asarray(walk - deviation**2 / 2 * weeks.years)


def bends(
    of: Generation, successors: Sequence[tuple[int, float]], weeks: Weeks, count: int, seed: int
) -> Floats:
    """What a successor's arrival takes off the log price of its elder, (paths, weeks), each path
    with one date of it; `successors` are ordinals and probabilities.

    Substitution after Fisher and Pry, bend and pace as fitted on an earlier generation.
    """
    chances = np.cumsum([chance for _, chance in successors])
    drawn = uniforms(seed, SUCCESSORS, 0, count, 1)[:, 0]
    which = np.minimum(np.searchsorted(chances, drawn, side="right"), len(successors) - 1)
    rows = []
    for day, _ in successors:
        ages = (np.append(weeks.days, weeks.day.toordinal()) - day) / DAYS_PER_YEAR
        share = of.substitution.share(ages)
        rows.append(-of.bend * (share[:-1] - share[-1]))
    return np.asarray(np.array(rows)[which])

"""A generation of hardware: its price decays, and bends when its successor arrives.

Sources: J. Fisher and R. Pry, "A simple substitution model of technological change",
Technological Forecasting and Social Change 3, 1971: the share f of the successor has log odds
that rise evenly; J. Norton and F. Bass, Management Science 33, 1987, for generations that follow
each other. The price of the older one is

    ln P(t) = level - decay t - bend (f(t) - f(0)) + noise,
    f = 1 / (1 + exp(-(age - lag) / width)),

with age the years since the successor could be let, and f zero before. The bend is what is lost
when the substitution is complete. When the successor comes may be uncertain: then the law is a
mixture over its dates.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, ndtri

from lasalle.pricing.processes.draws import uniforms
from lasalle.pricing.processes.history import DAYS_PER_YEAR, Floats
from lasalle.pricing.processes.laws import Law

STREAM = 5


@dataclass(frozen=True, slots=True)
class Launch:
    """When a grade was announced, when it could first be let by the hour, and who says so."""

    grade: str
    announced: date
    let: date
    source: str


def launches() -> dict[str, Launch]:
    """Launches by grade, as `table/launches.toml` states them."""
    path = resources.files("lasalle.pricing") / "table" / "launches.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["launch"]
    return {row["grade"]: Launch(**row) for row in rows}


@dataclass(frozen=True, slots=True)
class Substitution:
    """Fisher and Pry: years from the launch to half, and the width of the logistic curve."""

    lag: float
    width: float

    def share(self, age: ArrayLike) -> Floats:
        """Share of the successor at years since its launch; none before."""
        years = np.asarray(age, float)
        return np.where(years <= 0.0, 0.0, expit((years - self.lag) / self.width))


@dataclass(frozen=True, slots=True)
class Generation:
    """A grade on a day, log price per hour or per unit of work; rates a year.

    `successors` are dates on which the successor may first be let, with probabilities of sum one;
    a date that lies behind is known.
    """

    level: float
    decay: float
    bend: float
    substitution: Substitution
    volatility: float
    successors: tuple[tuple[date, float], ...]
    day: date

    def __post_init__(self) -> None:
        whole = math.fsum(chance for _, chance in self.successors)
        if not self.successors or abs(whole - 1.0) > 1e-9:
            raise ValueError(f"successors: expected probabilities of sum 1, found {whole}")

    def _log_mean(self, years: float, launch: date) -> float:
        age = (self.day - launch).days / DAYS_PER_YEAR
        now, then = self.substitution.share([age, age + years])
        return self.level - self.decay * years - self.bend * float(then - now)

    def law(self, years: float) -> Law:
        """Law of the log price at a distance: a normal for each date of the successor."""
        weights = np.array([chance for _, chance in self.successors])
        means = np.array([self._log_mean(years, launch) for launch, _ in self.successors])
        spread = self.volatility * math.sqrt(max(years, 0.0))
        return Law(weights, means, np.full(len(means), spread))

    def forward(self, years: float) -> float:
        """Expected price at a distance."""
        return self.law(years).expected_price()

    def simulate(self, seed: int, paths: int, dates: tuple[date, ...], first: int = 0) -> Floats:
        """Prices of shape (paths, dates); each path has one date of the successor."""
        draws = uniforms(seed, STREAM, first, paths, len(dates) + 1)
        chances = np.cumsum([chance for _, chance in self.successors])
        number = np.minimum(
            np.searchsorted(chances, draws[:, 0], side="right"), len(self.successors) - 1
        )
        years = np.array([(day - self.day).days / DAYS_PER_YEAR for day in dates])
        steps = np.diff(years, prepend=0.0)
        if bool(np.any(steps <= 0.0)):
            raise ValueError(f"dates: expected ascending ones after {self.day}")
        means = np.array([[self._log_mean(y, day) for y in years] for day, _ in self.successors])
        noise = np.cumsum(ndtri(draws[:, 1:]) * self.volatility * np.sqrt(steps), axis=1)
        return np.asarray(np.exp(means[number] + noise))


def per_work(price: ArrayLike, factor: float) -> Floats:
    """Price per hour of work of the base grade, of a grade that does `factor` times as much."""
    if factor <= 0.0:
        raise ValueError(f"factor: expected above 0, found {factor}")
    return np.asarray(price, float) / factor


def parity_bend(price: float, successor_price: float, factor: float) -> float:
    """Log price an older grade would lose until an hour of work costs the same with both.

    An assumption to hold beside the fitted bend: `factor` is the work of the successor in an
    hour, that of the older as 1, as the conversion table publishes it.
    """
    return math.log(price) - math.log(float(per_work(successor_price, factor)))

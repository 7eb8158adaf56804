"""Prices that a right is exercised on, as a Markov state that can be stepped from anywhere.

Every process here reproduces a given forward curve exactly: the expected price of each date is the
forward of that date. Deterministic interest is left to the discount factors of a right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lasalle.pricing.processes.schwartz_smith import two_factor_terms

Floats = NDArray[np.float64]


class Process(Protocol):
    """A Markov state over dates 0 to `dates` - 1; the state before date 0 is one and known."""

    @property
    def curve(self) -> Floats:
        """Expected price of each date (dates,), USD per unit."""
        ...

    @property
    def dates(self) -> int:
        """How many dates."""
        ...

    @property
    def factors(self) -> int:
        """Numbers in a state, and normal draws in a step."""
        ...

    def step(self, state: Floats, date: int, normals: Floats) -> Floats:
        """States (n, factors) at a date from those of the date before, given independent standard
        normals of the same shape. The state before date 0 is zeros.
        """
        ...

    def price(self, state: Floats, date: int) -> Floats:
        """Spot price (n,) in a state, USD per unit."""
        ...

    def forward(self, state: Floats, date: int, later: int) -> Floats:
        """What the price of a later date is expected to be (n,), seen from a state at a date."""
        ...


@dataclass(frozen=True, slots=True)
class OneFactor:
    """Log price reverts to its forward curve: Clewlow and Strickland (1999), Schwartz (1997).

    `curve` (dates,) USD per unit; `times` (dates,) years from now, ascending; `reversion` a year, 0
    for none; `volatility` a year.
    """

    curve: Floats
    times: Floats
    reversion: float
    volatility: float

    def __post_init__(self) -> None:
        _check(self.curve, self.times)
        if self.reversion < 0 or not self.volatility > 0:
            raise ValueError("reversion, volatility: expected at least 0, and above 0")

    @property
    def dates(self) -> int:
        """How many dates."""
        return len(self.curve)

    @property
    def factors(self) -> int:
        """One."""
        return 1

    def _spread(self, years: float) -> float:
        """Variance that so many years add to a state."""
        if self.reversion == 0:
            return self.volatility**2 * years
        return float(self.volatility**2 * -np.expm1(-2 * self.reversion * years)) / (
            2 * self.reversion
        )

    def step(self, state: Floats, date: int, normals: Floats) -> Floats:
        """The exact transition of an Ornstein-Uhlenbeck state."""
        years = float(self.times[date] - (self.times[date - 1] if date else 0.0))
        return np.asarray(
            state * np.exp(-self.reversion * years) + np.sqrt(self._spread(years)) * normals
        )

    def price(self, state: Floats, date: int) -> Floats:
        """Forward times a lognormal of mean one."""
        half = self._spread(float(self.times[date])) / 2
        return np.asarray(self.curve[date] * np.exp(state[:, 0] - half))

    def forward(self, state: Floats, date: int, later: int) -> Floats:
        """Closed form: the state decays, what its variance was stays behind."""
        years = float(self.times[later] - self.times[date])
        seen = self._spread(float(self.times[later])) - self._spread(years)
        carried = state[:, 0] * np.exp(-self.reversion * years)
        return np.asarray(self.curve[later] * np.exp(carried - seen / 2))


@dataclass(frozen=True, slots=True)
class TwoFactor:
    """A passing and a lasting part, correlated: Schwartz and Smith (2000), on a given curve.

    Volatilities a year; `reversion` of the passing part a year.
    """

    curve: Floats
    times: Floats
    reversion: float
    passing: float
    lasting: float
    correlation: float

    def __post_init__(self) -> None:
        _check(self.curve, self.times)
        if not self.reversion > 0 or self.passing < 0 or self.lasting < 0:
            raise ValueError("reversion: expected above 0; passing, lasting: at least 0")
        if not -1 <= self.correlation <= 1:
            raise ValueError(f"correlation: expected -1 to 1, found {self.correlation}")

    @property
    def dates(self) -> int:
        """How many dates."""
        return len(self.curve)

    @property
    def factors(self) -> int:
        """Two."""
        return 2

    def _moments(self, years: float) -> tuple[float, float, float]:
        """Variances of the two parts over so many years, and their covariance."""
        of = self.reversion, self.passing, self.lasting, self.correlation
        short, between, long = two_factor_terms(*of, years)
        return float(short), float(long), float(between)

    def _of_log(self, years: float, ahead: float) -> float:
        """Variance that the first `years` give the log price `ahead` years after them."""
        short, long, between = self._moments(years)
        decay = float(np.exp(-self.reversion * ahead))
        return decay**2 * short + long + 2 * decay * between

    def step(self, state: Floats, date: int, normals: Floats) -> Floats:
        """The exact joint transition."""
        years = float(self.times[date] - (self.times[date - 1] if date else 0.0))
        short, long, between = self._moments(years)
        deviation = np.sqrt(short)
        slope = between / deviation if deviation > 0 else 0.0
        rest = np.sqrt(max(long - slope**2, 0.0))
        return np.column_stack(
            (
                state[:, 0] * np.exp(-self.reversion * years) + deviation * normals[:, 0],
                state[:, 1] + slope * normals[:, 0] + rest * normals[:, 1],
            )
        )

    def price(self, state: Floats, date: int) -> Floats:
        """Forward times a lognormal of mean one."""
        half = self._of_log(float(self.times[date]), 0.0) / 2
        return np.asarray(self.curve[date] * np.exp(state.sum(axis=1) - half))

    def forward(self, state: Floats, date: int, later: int) -> Floats:
        """Closed form."""
        ahead = float(self.times[later] - self.times[date])
        seen = self._of_log(float(self.times[date]), ahead)
        carried = state[:, 0] * np.exp(-self.reversion * ahead) + state[:, 1]
        return np.asarray(self.curve[later] * np.exp(carried - seen / 2))


def _check(curve: Floats, times: Floats) -> None:
    if curve.ndim != 1 or curve.shape != times.shape or not len(curve):
        raise ValueError(f"curve, times: expected one price a date, found {curve.shape}")
    if np.any(curve <= 0) or not np.all(np.isfinite(curve)):
        raise ValueError("curve: expected finite prices above 0")
    if times[0] <= 0 or np.any(np.diff(times) <= 0):
        raise ValueError("times: expected years above 0, ascending")

"""The law of a log price at a date as a mixture of normals, and scores of what came.

A component without deviation is an atom: a list price that stays where it is. Scores: continuous
ranked probability score of a normal mixture (E. Grimit, T. Gneiting, V. Berrocal and N. Johnson,
Quarterly Journal of the Royal Meteorological Society 132, 2006); log score of the interval
around what came, which is that of the density where there is one, and finite on an atom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from lasalle.pricing.processes.history import Floats

HALF_WIDTH = 0.0025
"""Log price on either side of what came, for the log score: half a hundredth in all."""


@dataclass(frozen=True, slots=True)
class Law:
    """Weights that sum to one, means and deviations of a log price; arrays of one length."""

    weights: Floats
    means: Floats
    deviations: Floats

    @staticmethod
    def normal(mean: float, deviation: float) -> Law:
        """A single normal."""
        return Law(np.ones(1), np.array([mean]), np.array([deviation]))

    @property
    def mean(self) -> float:
        """Expected log price."""
        return float(self.weights @ self.means)

    @property
    def variance(self) -> float:
        """Variance of the log price."""
        spread = self.deviations**2 + (self.means - self.mean) ** 2
        return float(self.weights @ spread)

    def expected_price(self) -> float:
        """Expected price."""
        return float(self.weights @ np.exp(self.means + 0.5 * self.deviations**2))

    def below(self, log_price: float, *, strictly: bool = False) -> float:
        """Probability of a log price at or below one, or strictly below it."""
        wide = self.deviations > 0.0
        scaled = (log_price - self.means) / np.where(wide, self.deviations, 1.0)
        # An atom of a price is compared to a relative 1e-9: prices are rounded, logs are not.
        reach = -1e-9 if strictly else 1e-9
        atoms = (self.means <= log_price + reach).astype(float)
        return float(self.weights @ np.where(wide, ndtr(scaled), atoms))

    def pit(self, log_price: float, draw: float = 0.5) -> float:
        """Where the law places what came; on an atom a draw in (0, 1) places it."""
        low, high = self.below(log_price, strictly=True), self.below(log_price)
        return low + draw * max(high - low, 0.0)

    def quantile(self, level: float) -> float:
        """Log price that has `level` of the law at or below it, by bisection to 1e-10."""
        reach = 12.0 * float(np.max(self.deviations)) + 1e-9
        low, high = float(np.min(self.means)) - reach, float(np.max(self.means)) + reach
        while high - low > 1e-10:
            middle = 0.5 * (low + high)
            if self.below(middle) < level:
                low = middle
            else:
                high = middle
        return high

    def crps(self, log_price: float) -> float:
        """Continuous ranked probability score of what came, log price; smaller is better."""
        near = _absolute(log_price - self.means, self.deviations**2)
        apart = _absolute(
            self.means[:, None] - self.means[None, :],
            self.deviations[:, None] ** 2 + self.deviations[None, :] ** 2,
        )
        return float(self.weights @ near - 0.5 * self.weights @ apart @ self.weights)

    def log_score(self, log_price: float, half_width: float = HALF_WIDTH) -> float:
        """Log of the mean density around what came; greater is better."""
        high = self.below(log_price + half_width)
        low = self.below(log_price - half_width, strictly=True)
        # A probability below 1e-12 counts as that: one miss may cost much, not everything.
        return float(np.log(max(high - low, 1e-12) / (2.0 * half_width)))


def _absolute(mean: Floats, variance: Floats) -> Floats:
    """Expected absolute value of normals."""
    deviation = np.sqrt(variance)
    wide = deviation > 0.0
    scaled = mean / np.where(wide, deviation, 1.0)
    density = np.exp(-0.5 * scaled**2) / np.sqrt(2.0 * np.pi)
    return np.where(
        wide, 2.0 * deviation * density + mean * (2.0 * ndtr(scaled) - 1.0), np.abs(mean)
    )

"""A log price that reverts to a level, moves a little always and jumps at times, seen in a list.

Sources: A. Cartea and M. Figueroa, "Pricing in electricity markets: a mean reverting jump
diffusion model with seasonality", Applied Mathematical Finance 12, 2005; R. Weron, "Modeling and
forecasting electricity loads and prices", 2006, chapter 4.4.

    dx = kappa (theta - x) dt + sigma dW + J dN,   J ~ N(m, s^2),   N of intensity lambda.

A list price is not the price: it is renewed at times of intensity nu and stands still between. It
shows x as it was when it was last renewed, so that a step after five months holds five months of
moves and is no jump because it is great. Without standing still nu is infinite and x is seen.

The law of a move given the number of its jumps is taken as normal with the exact mean and
variance: the times of jumps, and how far each has faded, are not resolved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import gammaln, ndtri

from lasalle.pricing.processes.draws import uniforms
from lasalle.pricing.processes.history import DAYS_PER_YEAR, Floats
from lasalle.pricing.processes.laws import Law

STREAM = 2
NODES, SHARES = np.polynomial.legendre.leggauss(12)
NODES, SHARES = 0.5 * (NODES + 1.0), 0.5 * SHARES
MOST_JUMPS = 400
"""Jumps in one move that are told apart; a distance that asks for more is refused."""


@dataclass(frozen=True, slots=True)
class MeanRevertingJumps:
    """Parameters per year; log prices. `renewal` is infinite where each price is fresh.

    `log_price` is what the list showed on `day`, renewed `since` years before.
    """

    reversion: float
    level: float
    volatility: float
    intensity: float
    jump_mean: float
    jump_deviation: float
    renewal: float
    day: date
    log_price: float
    since: float = 0.0

    def move(self, log_price: Floats, years: Floats) -> tuple[Floats, Floats, Floats]:
        """(weights, means, deviations) by number of jumps, last axis, after `years`."""
        elapsed = np.asarray(years, float)
        k = self.reversion
        expected = self.intensity * elapsed[..., None]
        most = float(np.max(expected)) if expected.size else 0.0
        reach = math.ceil(most + 6.0 * math.sqrt(most)) + 4
        if reach > MOST_JUMPS:
            raise ValueError(
                f"years: expected a distance of at most {MOST_JUMPS} jumps, found up to {reach}"
            )
        count = np.arange(reach)
        logs = count * np.log(np.maximum(expected, 1e-300)) - expected - gammaln(count + 1.0)
        weights = np.exp(logs)
        weights /= weights.sum(axis=-1, keepdims=True)
        once = -np.expm1(-k * elapsed) / k
        twice = -np.expm1(-2.0 * k * elapsed) / (2.0 * k)
        span = np.maximum(elapsed, 1e-12)
        first, second = once / span, twice / span
        m, s = self.jump_mean, self.jump_deviation
        each = (m * m + s * s) * second - m * m * first * first
        middle = self.level + (np.asarray(log_price, float) - self.level) * np.exp(-k * elapsed)
        means = middle[..., None] + count * (m * first)[..., None]
        variances = (self.volatility**2 * twice)[..., None] + count * each[..., None]
        return weights, means, np.sqrt(np.maximum(variances, 0.0))

    def log_moments(self, years: float) -> tuple[float, float]:
        """(mean, variance) of x in closed form, after `years` since it was last seen."""
        k = self.reversion
        once, twice = -math.expm1(-k * years) / k, -math.expm1(-2.0 * k * years) / (2.0 * k)
        mean = self.level + (self.log_price - self.level) * math.exp(-k * years)
        jumps = self.jump_mean**2 + self.jump_deviation**2
        return (
            mean + self.intensity * self.jump_mean * once,
            (self.volatility**2 + self.intensity * jumps) * twice,
        )

    def _expected(self, years: Floats) -> Floats:
        """Expected exp(x), from the exponent of the jumps by quadrature (Cartea, Figueroa).

        Over how far a jump has faded and not over its time: what is left of it is even there,
        however fast the price reverts.
        """
        k, t = self.reversion, np.asarray(years, float)
        faded = -np.expm1(-k * t)
        fade = 1.0 - faded[..., None] * NODES
        grows = np.expm1(self.jump_mean * fade + 0.5 * (self.jump_deviation * fade) ** 2)
        jumps = self.intensity * faded / k * ((grows / fade) @ SHARES)
        diffusion = -(self.volatility**2) * np.expm1(-2.0 * k * t) / (4.0 * k)
        middle = self.level + (self.log_price - self.level) * np.exp(-k * t)
        return np.asarray(np.exp(middle + diffusion + jumps))

    def _ages(self, years: float) -> tuple[float, Floats]:
        """(probability that the list is not renewed within years, ages of the last renewal)."""
        if math.isinf(self.renewal):
            return 0.0, np.zeros(1)
        still = math.exp(-self.renewal * years)
        return still, -np.log1p(-NODES * (1.0 - still)) / self.renewal

    def forward(self, years: float) -> float:
        """Expected list price at a distance."""
        still, ages = self._ages(years)
        shares = np.ones(1) if len(ages) == 1 else SHARES
        fresh = float(shares @ self._expected(self.since + years - ages))
        return still * math.exp(self.log_price) + (1.0 - still) * fresh

    def law(self, years: float) -> Law:
        """Law of the list price, log: an atom where it stands still, and a mixture beside it."""
        if years <= 0.0:
            return Law.normal(self.log_price, 0.0)
        still, ages = self._ages(years)
        shares = np.ones(1) if len(ages) == 1 else SHARES
        start = np.full(len(ages), self.log_price)
        weights, means, deviations = self.move(start, self.since + years - ages)
        weights = (1.0 - still) * shares[:, None] * weights
        return Law(
            np.append(weights.ravel(), still),
            np.append(means.ravel(), self.log_price),
            np.append(deviations.ravel(), 0.0),
        )

    def simulate(self, seed: int, paths: int, dates: tuple[date, ...], first: int = 0) -> Floats:
        """List prices of shape (paths, dates), paths numbered from `first` on."""
        draws = uniforms(seed, STREAM, first, paths, 4 * len(dates))
        before, shown = self.day, np.full(paths, self.log_price)
        waited = np.full(paths, self.since)
        found = np.empty((paths, len(dates)))
        for step, day in enumerate(dates):
            years = (day - before).days / DAYS_PER_YEAR
            if years <= 0.0:
                raise ValueError(f"dates: expected ascending ones after {self.day}, found {day}")
            renews, age, jumps, shock = draws[:, 4 * step : 4 * step + 4].T
            if math.isinf(self.renewal):
                fresh, ages = np.ones(paths, bool), np.zeros(paths)
            else:
                chance = -math.expm1(-self.renewal * years)
                fresh, ages = renews < chance, -np.log1p(-age * chance) / self.renewal
            weights, means, deviations = self.move(shown, waited + years - ages)
            number = np.sum(np.cumsum(weights, axis=1) < jumps[:, None], axis=1)
            number = np.minimum(number, weights.shape[1] - 1)[:, None]
            mean = np.take_along_axis(means, number, axis=1)[:, 0]
            deviation = np.take_along_axis(deviations, number, axis=1)[:, 0]
            shown = np.where(fresh, mean + deviation * ndtri(shock), shown)
            waited = np.where(fresh, ages, waited + years)
            found[:, step], before = shown, day
        return np.asarray(np.exp(found))

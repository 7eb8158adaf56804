"""A price whose drift and volatility depend on a regime that nobody sees.

Sources: J. Hamilton, "A new approach to the economic analysis of nonstationary time series and
the business cycle", Econometrica 57, 1989, for the filter; C.-J. Kim, Journal of Econometrics 60,
1994, for the smoother. Regimes change at rates a year, so that dates may lie at any distance; the
regime of a step is that of its end, as in Hamilton's model of equal steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.special import ndtri

from lasalle.pricing.processes.draws import uniforms
from lasalle.pricing.processes.history import DAYS_PER_YEAR, Floats
from lasalle.pricing.processes.laws import Law

STREAM = 3
MOST_STEPS = 64


@dataclass(frozen=True, slots=True)
class RegimeSwitching:
    """Drifts and volatilities a year by regime, calm first; rates of change a year.

    `rates` has rows that sum to zero; `probabilities` are those of the regimes on `day`; `step`
    is the usual distance of two dates, years, within which a regime does not change.
    """

    drifts: Floats
    volatilities: Floats
    rates: Floats
    day: date
    log_price: float
    probabilities: Floats
    step: float

    @property
    def stationary(self) -> Floats:
        """Long-run share of time in each regime."""
        return stationary(self.rates)

    def transition(self, years: float) -> Floats:
        """Probabilities of each regime (columns) from each (rows) after years."""
        return np.asarray(expm(self.rates * years))

    def log_moments(self, years: float) -> tuple[float, float]:
        """(mean, variance) of the log price at a distance, exact in continuous time.

        The exponential of a block matrix holds the first two derivatives of E exp(u x) at 0.
        """
        zero, q = np.zeros_like(self.rates), self.rates
        slope, bend = np.diag(self.drifts), np.diag(self.volatilities**2)
        block = np.block([[q, slope, bend], [zero, q, 2.0 * slope], [zero, zero, q]])
        count, ones = len(self.drifts), np.ones(len(self.drifts))
        top = self.probabilities @ expm(block * years)[:count]
        mean = float(top[count : 2 * count] @ ones)
        second = float(top[2 * count :] @ ones)
        return self.log_price + mean, second - mean * mean

    def forward(self, years: float) -> float:
        """Expected price at a distance, exact in continuous time."""
        grows = np.diag(self.drifts + 0.5 * self.volatilities**2)
        factor = self.probabilities @ expm((self.rates + grows) * years)
        return float(np.exp(self.log_price) * factor.sum())

    def law(self, years: float) -> Law:
        """Law of the log price: a normal for each way of sharing the steps among regimes."""
        count = max(1, min(round(years / self.step), MOST_STEPS))
        each, regimes = years / count, len(self.drifts)
        move = self.transition(each)
        # Probability of the steps spent in each regime but the first, and of the last regime.
        shape = (count + 1,) * (regimes - 1)
        held = np.zeros((*shape, regimes))
        held[(0,) * (regimes - 1)] = self.probabilities
        for _ in range(count):
            reached = held @ move
            held = np.zeros_like(held)
            held[..., 0] = reached[..., 0]
            for regime in range(1, regimes):
                held[..., regime] = np.roll(reached[..., regime], 1, axis=regime - 1)
        weights = held.sum(axis=-1)
        spent = np.moveaxis(np.indices(shape), 0, -1)
        kept = weights > 1e-14
        spent, weights = spent[kept], weights[kept]
        within = np.column_stack([count - spent.sum(axis=1), spent]) * each
        means = self.log_price + within @ self.drifts
        return Law(weights / weights.sum(), means, np.sqrt(within @ self.volatilities**2))

    def simulate(self, seed: int, paths: int, dates: tuple[date, ...], first: int = 0) -> Floats:
        """Prices of shape (paths, dates), paths numbered from `first` on."""
        days = [self.day, *dates]
        years = np.diff([day.toordinal() for day in days]) / DAYS_PER_YEAR
        if bool(np.any(years <= 0.0)):
            raise ValueError(f"dates: expected ascending ones after {self.day}")
        parts = [max(1, round(one / self.step)) for one in years]
        draws = uniforms(seed, STREAM, first, paths, 1 + 2 * sum(parts))
        regime = _drawn(np.tile(self.probabilities, (paths, 1)), draws[:, 0])
        log, place = np.full(paths, self.log_price), 1
        found = np.empty((paths, len(dates)))
        for column, (span, count) in enumerate(zip(years, parts, strict=True)):
            each = span / count
            move = self.transition(each)
            for _ in range(count):
                regime = _drawn(move[regime], draws[:, place])
                shock = ndtri(draws[:, place + 1])
                spread = self.volatilities[regime] * np.sqrt(each)
                log = log + self.drifts[regime] * each + spread * shock
                place += 2
            found[:, column] = log
        return np.asarray(np.exp(found))


def _drawn(probabilities: Floats, draws: Floats) -> NDArray[np.int64]:
    """A regime for each row of probabilities."""
    number = np.sum(np.cumsum(probabilities, axis=1) < draws[:, None], axis=1)
    return np.asarray(np.minimum(number, probabilities.shape[1] - 1))


def stationary(rates: Floats) -> Floats:
    """The law that rates keep."""
    count = len(rates)
    full = np.vstack([rates.T, np.ones(count)])
    found, *_ = np.linalg.lstsq(full, np.append(np.zeros(count), 1.0), rcond=None)
    shares = np.clip(found, 0.0, 1.0)
    return np.asarray(shares / shares.sum())

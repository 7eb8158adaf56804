"""The maker's forward model: two mean-reverting factors filtered from the index up to a day.

Source: E. Schwartz and J. Smith, "Short-term variations and long-term dynamics in commodity
prices", Management Science 46(7), 2000: ln S = chi + xi, chi reverting to zero at speed kappa,
xi a random walk. Here the two are independent, and the drifts are those under which the expected
price of a date at distance T is

    F(T) = exp(xi + chi e^(-kappa T) + premium T).

What is fitted: chi and xi by the Kalman filter on the daily index without measurement error; the
volatility from the squared daily moves, pulled towards a stated prior while the history is
short. What is assumed, because a price that moves in a dozen steps identifies neither: kappa,
the long share of variance, the prior, and the annual premium a seller asks for certainty.
Carried fixings count as the index they are. Nothing after the last fixing given is used; there
is nowhere to pass it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
DAYS_PER_YEAR = 365.0


@dataclass(frozen=True, slots=True)
class CurveAssumptions:
    """What the model assumes rather than fits; rates per year.

    The prior volatility lies at the upper end of the 14 to 44 % a year that zone prices of AWS
    spot A100 and H100 instances realised from December 2022 to June 2024.
    """

    reversion: float = 2.0
    long_share: float = 0.75
    prior_volatility: float = 0.40
    prior_years: float = 0.5
    risk_premium: float = 0.05
    volatility_multiplier: float = 1.0


@dataclass(frozen=True, slots=True)
class CurveModel:
    """The fitted curve: prices in USD per GPU-hour, distances in years from the last fixing."""

    fitted_on: date
    short: float
    long: float
    volatility: float
    fixings: int
    assumptions: CurveAssumptions

    def forward(self, years: ArrayLike) -> Floats:
        """Expected index at distances in years, premium included."""
        t = np.asarray(years, float)
        decay = np.exp(-self.assumptions.reversion * t)
        return np.asarray(
            np.exp(self.long + self.short * decay + self.assumptions.risk_premium * t)
        )

    def covariance(self, years: ArrayLike) -> Floats:
        """Covariance of the log index between each two of the given distances.

        Schwartz and Smith (2000), equation 3b extended to two dates, with independent factors.
        """
        t = np.asarray(years, float)
        kappa, share = self.assumptions.reversion, self.assumptions.long_share
        variance = self.volatility**2
        gap, total = np.abs(t[:, None] - t[None, :]), t[:, None] + t[None, :]
        short = (np.exp(-kappa * gap) - np.exp(-kappa * total)) / (2.0 * kappa)
        long = np.minimum(t[:, None], t[None, :])
        return np.asarray(variance * ((1.0 - share) * short + share * long))

    def loading(self, years: ArrayLike) -> Floats:
        """Log move of the forward at a distance for a log move of one in the index: regression
        slope.
        """
        t = np.asarray(years, float)
        share = self.assumptions.long_share
        return np.asarray(share + (1.0 - share) * np.exp(-self.assumptions.reversion * t))

    def deviation_ratio(self, years: ArrayLike) -> Floats:
        """Deviation of the log move of the forward at a distance, over that of the index.

        Never below the loading: a far month moves in part on its own.
        """
        t = np.asarray(years, float)
        share = self.assumptions.long_share
        decay = np.exp(-2.0 * self.assumptions.reversion * t)
        return np.asarray(np.sqrt(share + (1.0 - share) * decay))


def fit(
    fixings_until_day: Sequence[tuple[date, int]], assumptions: CurveAssumptions | None = None
) -> CurveModel:
    """Model fitted on daily fixings (date, micro-dollars per GPU-hour), consecutive and
    ascending.
    """
    stated = assumptions or CurveAssumptions()
    if not fixings_until_day:
        raise ValueError("fixings_until_day: expected at least one fixing, found none")
    days = [day for day, _ in fixings_until_day]
    if any((b - a).days != 1 for a, b in pairwise(days)):
        raise ValueError("fixings_until_day: expected consecutive dates")
    logs = np.log([price / 1e6 for _, price in fixings_until_day])
    short, long = _filter(logs, stated)
    squares = float(np.sum(np.diff(logs) ** 2))
    years = (len(logs) - 1) / DAYS_PER_YEAR
    pooled = (stated.prior_volatility**2 * stated.prior_years + squares) / (
        stated.prior_years + years
    )
    return CurveModel(
        fitted_on=days[-1],
        short=short,
        long=long,
        volatility=math.sqrt(pooled) * stated.volatility_multiplier,
        fixings=len(logs),
        assumptions=stated,
    )


def _filter(logs: Floats, stated: CurveAssumptions) -> tuple[float, float]:
    """Kalman filter of (chi, xi) for exact observations of their sum; variances in units of
    sigma^2.

    The start knows nothing of the level: chi has its stationary law, xi is the rest of the first
    fixing. The sum is always known exactly, so one variance carries the whole state.
    """
    step = 1.0 / DAYS_PER_YEAR
    kappa, share = stated.reversion, stated.long_share
    decay = math.exp(-kappa * step)
    short_noise = (1.0 - share) * (1.0 - decay * decay) / (2.0 * kappa)
    long_noise = share * step
    variance = (1.0 - share) / (2.0 * kappa)  # of chi; xi has the same, with correlation -1
    short, long = 0.0, float(logs[0])
    for observed in logs[1:]:
        short *= decay
        short_short = decay * decay * variance + short_noise
        long_long = variance + long_noise
        cross = -decay * variance
        innovation_variance = short_short + long_long + 2.0 * cross
        gain = (short_short + cross) / innovation_variance
        innovation = float(observed) - short - long
        short += gain * innovation
        long = float(observed) - short
        variance = short_short - gain * (short_short + cross)
    return short, long

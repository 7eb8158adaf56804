"""Two factors: a short one that passes, a long one that stays. Closed forms and paths.

Source: E. Schwartz and J. Smith, "Short-term variations and long-term dynamics in commodity
prices", Management Science 46(7), 2000. ln S = chi + xi + season,

    d chi = -kappa chi dt + sigma_chi dW_chi,      d xi = mu dt + sigma_xi dW_xi,

with correlation rho; under the measure of forwards chi drifts to -lambda / kappa and xi at mu*.
A futures price is F(T) = exp(chi e^(-kappa T) + xi + A(T) + season), their equation 9.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from lasalle.pricing.processes.draws import normals
from lasalle.pricing.processes.history import DAYS_PER_YEAR, Floats
from lasalle.pricing.processes.laws import Law

STREAM = 1


def two_factor_terms(
    reversion: float, short: float, long: float, correlation: float, years: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """(variance of chi, covariance, variance of xi) that arise within years: equation 3b.

    `short`, `long`: volatilities a year. Every law of two factors in the house asks here.
    """
    t = np.asarray(years, float)
    once = -np.expm1(-reversion * t) / reversion
    twice = -np.expm1(-2.0 * reversion * t) / (2.0 * reversion)
    return short * short * twice, correlation * short * long * once, long * long * t


@dataclass(frozen=True, slots=True)
class FactorState:
    """What is known of the two factors on a day: means and covariance, log price."""

    day: date
    short: float
    long: float
    short_variance: float = 0.0
    covariance: float = 0.0
    long_variance: float = 0.0


@dataclass(frozen=True, slots=True)
class SchwartzSmith:
    """Parameters per year and the state of the day fitted on.

    `reversion` kappa, `short_volatility` sigma_chi, `long_volatility` sigma_xi, `correlation`
    rho, `drift` mu, `short_premium` lambda, `forward_drift` mu*. A price alone tells neither
    premium: then lambda is 0 and mu* is mu, and the forward is the expected price. `season` has
    pairs of cosine and sine of each harmonic of the year, log price; empty is none.
    """

    reversion: float
    short_volatility: float
    long_volatility: float
    correlation: float
    drift: float
    short_premium: float
    forward_drift: float
    state: FactorState
    season: tuple[float, ...] = field(default=())

    def __post_init__(self) -> None:
        if not (
            self.reversion > 0.0
            and self.short_volatility >= 0.0
            and self.long_volatility >= 0.0
            and -1.0 <= self.correlation <= 1.0
        ):
            raise ValueError(
                "Schwartz-Smith: expected reversion above 0, volatilities not below 0 and a "
                f"correlation within 1, found {self.reversion}, {self.short_volatility}, "
                f"{self.long_volatility}, {self.correlation}"
            )

    def covariance_terms(self, years: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """(variance of chi, covariance, variance of xi) that arise within years."""
        of = self.reversion, self.short_volatility, self.long_volatility, self.correlation
        return two_factor_terms(*of, years)

    def log_variance(self, years: ArrayLike) -> Floats:
        """Variance of the log price at a distance, given the factors of the day."""
        short, cross, long = self.covariance_terms(years)
        return short + 2.0 * cross + long

    def futures_adjustment(self, years: ArrayLike) -> Floats:
        """A(T): what a futures price carries beside the factors."""
        t = np.asarray(years, float)
        once = -np.expm1(-self.reversion * t) / self.reversion
        return self.forward_drift * t - self.short_premium * once + 0.5 * self.log_variance(t)

    def seasonal(self, days: ArrayLike) -> Floats:
        """Log price that the time of the year adds; days are ordinals."""
        angle = 2.0 * math.pi * np.asarray(days, float) / 365.25
        pairs = zip(self.season[::2], self.season[1::2], strict=True)
        found = np.zeros_like(angle)
        for number, (cosine, sine) in enumerate(pairs, 1):
            found += cosine * np.cos(number * angle) + sine * np.sin(number * angle)
        return found

    def forward(self, years: ArrayLike) -> Floats:
        """Futures prices at distances from the day of the state, at the means of the factors."""
        t = np.asarray(years, float)
        state = self.state
        factors = state.short * np.exp(-self.reversion * t) + state.long
        season = self.seasonal(state.day.toordinal() + DAYS_PER_YEAR * t)
        return np.asarray(np.exp(factors + self.futures_adjustment(t) + season))

    def option_variance(self, expiry: float, delivery: float) -> float:
        """Variance of ln F(delivery) up to an expiry, for Black's formula: equation 17."""
        if not 0.0 <= expiry <= delivery:
            raise ValueError(
                f"expiry: expected between 0 and the delivery {delivery}, found {expiry}"
            )
        short, cross, long = self.covariance_terms(expiry)
        fade = math.exp(-self.reversion * (delivery - expiry))
        return float(fade * fade * short + 2.0 * fade * cross + long)

    def law(self, years: float) -> Law:
        """Law of the log price at a distance, uncertainty of the factors included."""
        state, fade = self.state, math.exp(-self.reversion * years)
        known = fade * fade * state.short_variance + 2.0 * fade * state.covariance
        variance = known + state.long_variance + float(self.log_variance(years))
        season = float(self.seasonal(state.day.toordinal() + DAYS_PER_YEAR * years))
        mean = fade * state.short + state.long + self.drift * years + season
        return Law.normal(mean, math.sqrt(max(variance, 0.0)))

    def simulate(self, seed: int, paths: int, dates: tuple[date, ...], first: int = 0) -> Floats:
        """Prices of shape (paths, dates): exact transitions, factors of the day drawn as well."""
        draws = normals(seed, STREAM, first, paths, 2 * len(dates) + 2)
        state = self.state
        known = np.array(
            [[state.short_variance, state.covariance], [state.covariance, state.long_variance]]
        )
        begin = draws[:, :2] @ _root(known).T
        short, long = state.short + begin[:, 0], state.long + begin[:, 1]
        days = np.array([state.day.toordinal(), *(day.toordinal() for day in dates)], float)
        steps = np.diff(days) / DAYS_PER_YEAR
        if bool(np.any(steps <= 0.0)):
            raise ValueError(f"dates: expected ascending ones after {state.day}")
        found = np.empty((paths, len(dates)))
        season = self.seasonal(days[1:])
        for step, years in enumerate(steps):
            s, c, z = (float(term) for term in self.covariance_terms(years))
            root = _root(np.array([[s, c], [c, z]]))
            moved = draws[:, 2 * step + 2 : 2 * step + 4] @ root.T
            short = short * math.exp(-self.reversion * years) + moved[:, 0]
            long = long + self.drift * years + moved[:, 1]
            found[:, step] = short + long + season[step]
        return np.asarray(np.exp(found))


def _root(covariance: Floats) -> Floats:
    """Square root of a covariance that may be singular, lower triangular."""
    first = math.sqrt(max(float(covariance[0, 0]), 0.0))
    below = float(covariance[0, 1]) / first if first > 0.0 else 0.0
    return np.array([[first, 0.0], [below, math.sqrt(max(covariance[1, 1] - below**2, 0.0))]])

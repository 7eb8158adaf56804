"""Options on averages by conditioning, for averages too long for two moments.

Given the weighted mean of the logarithms, the average of lognormal fixings is nearly known: what an
option pays on its conditional mean is a lower bound in closed form (M. Curran, Management Science
40, 1994; L. Rogers and Z. Shi, J. Applied Probability 32, 1995),

    LB = sum a_i N(rho_i - z) - K N(-z),      sum a_i e^(rho_i z - rho_i^2 / 2) = K,

with a_i = F_i / n and rho_i the covariance of a logarithm with the standardised mean. What is left
is a kink passed by a narrow law: half the conditional variance at z times phi(z) / m'(z), m the
conditional mean. Under one volatility both are sums over the dates and not over their pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from lasalle.pricing.moments import AverageMeasures
from lasalle.pricing.normalised import Flags, Floats

ROOT_TWO_PI = math.sqrt(2.0 * math.pi)
FARTHEST = 37.0
"""Deviations beyond which a normal law has nothing in double precision."""
STEPS, AGAIN = 7, 2
"""Newton's steps from a first guess, and from a root nearby."""
BUMP = 1e-4
SURE = 1e-9
"""Volatility up to which a price is certain: it moves a value by under 1e-9 of the forward."""
ROWS = 512
"""Rows reckoned together: what fits a processor's cache."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Rows of dates to come: what each gives to the mean, distances, volatility; with the loading
    of each on the mean for a volatility of one, and its slope by a year that all move away.
    """

    parts: Floats
    years: Floats
    volatility: Floats
    loading: Floats
    away: Floats

    @classmethod
    def of(cls, parts: Floats, years: Floats, volatility: Floats) -> Dates:
        """Loadings by sums over dates: the covariance of two is that of the earlier."""
        whole = parts.sum(axis=1, keepdims=True)
        after = whole - np.cumsum(parts, axis=1)
        with_each = np.cumsum(parts * years, axis=1) + years * after
        total = np.sum(parts * with_each, axis=1, keepdims=True)
        root = np.sqrt(np.where(total > 0.0, total, 1.0))
        loading = with_each / root
        away = whole / root - 0.5 * loading * (whole / root) ** 2
        return cls(parts, years, volatility, loading, away)

    @property
    def moves(self) -> Flags:
        """Whether anything is uncertain, by row."""
        return np.asarray((self.volatility > SURE) & (self.years[:, -1] > 0.0))

    def kink(
        self, strike: Floats, near: Floats | None = None, steps: int = STEPS
    ) -> tuple[Floats, Floats]:
        """z by row, and parts of the conditional mean there, which add up to the strike; minus
        FARTHEST where every path pays, FARTHEST where none does. `near` is where to begin.
        """
        rho = self.volatility[:, None] * self.loading
        log = np.log(self.parts) - 0.5 * rho * rho
        wanted = np.log(np.maximum(strike, 1e-300))
        z = self._begin(wanted, rho) if near is None else near
        for _ in range(steps):
            # Log of the conditional mean is convex and rises: Newton's steps come from above.
            exponent = log + rho * z[:, None]
            most = exponent.max(axis=1)
            parts = np.exp(exponent - most[:, None])
            mean = parts.sum(axis=1)
            slope = np.sum(parts * rho, axis=1) / mean
            step = (most + np.log(mean) - wanted) / np.where(slope > 1e-12, slope, 1e-12)
            z = np.clip(z - step, -FARTHEST, FARTHEST)
        return z, np.exp(log + rho * z[:, None])

    def _begin(self, wanted: Floats, rho: Floats) -> Floats:
        """z were the mean lognormal."""
        whole = self.parts.sum(axis=1)
        spread = np.sum(self.parts * rho, axis=1) / whole
        spread = np.where(spread > 0.0, spread, 1.0)
        begin = (wanted - np.log(whole)) / spread + 0.5 * spread
        return np.asarray(np.clip(begin, -FARTHEST, FARTHEST))


@dataclass(frozen=True, slots=True)
class _Bound:
    """The lower bound and its slopes by scale of the forwards, strike, volatility and distance."""

    value: Floats
    scale: Floats
    strike: Floats
    twice: Floats
    volatility: Floats
    years: Floats


def _bound(of: Dates, strike: Floats, z: Floats, parts: Floats) -> _Bound:
    rho = of.volatility[:, None] * of.loading
    paying = np.sum(of.parts * ndtr(rho - z[:, None]), axis=1)
    beyond = ndtr(-z)
    density = np.exp(-0.5 * z * z) / ROOT_TWO_PI
    slope = np.sum(parts * rho, axis=1)
    return _Bound(
        value=paying - strike * beyond,
        scale=paying,
        strike=-beyond,
        twice=np.where(slope > 0.0, density / np.where(slope > 0.0, slope, 1.0), 0.0),
        volatility=density * np.sum(parts * of.loading, axis=1),
        years=density * of.volatility * np.sum(parts * of.away, axis=1),
    )


def _rest(of: Dates, z: Floats, b: Floats) -> Floats:
    """What the bound lacks: half the conditional variance at the kink, by density over slope.

    The variance is that of lognormal parts to the square of their covariances.
    """
    s, rho = of.volatility**2, of.volatility[:, None] * of.loading
    with_rho = b * rho
    one = s * _pairs(b, of.years) - np.sum(with_rho, axis=1) ** 2
    two = s * s * _pairs(b, of.years**2) - 2.0 * s * _pairs(with_rho, of.years)
    variance = one + 0.5 * (two + np.sum(with_rho * rho, axis=1) ** 2)
    slope = np.sum(with_rho, axis=1)
    density = np.exp(-0.5 * z * z) / ROOT_TWO_PI
    inside = (np.abs(z) < FARTHEST) & (slope > 0.0)
    found = 0.5 * np.maximum(variance, 0.0) * density / np.where(inside, slope, 1.0)
    return np.where(inside, found, 0.0)


def _pairs(weights: Floats, of_earlier: Floats) -> Floats:
    """Sum over all pairs of dates of both weights and a function of the earlier."""
    after = weights.sum(axis=1, keepdims=True) - np.cumsum(weights, axis=1)
    return np.asarray(np.sum(weights * of_earlier * (weights + 2.0 * after), axis=1))


def conditioned_average_options(
    call: ArrayLike,
    strike: ArrayLike,
    forwards: ArrayLike,
    years: ArrayLike,
    volatility: ArrayLike,
    fixed_sum: ArrayLike = 0.0,
    fixed: ArrayLike = 0,
    discount: ArrayLike = 1.0,
) -> AverageMeasures:
    """Value and slopes of options on averages, a row each, under one volatility a row.

    `forwards`: USD by date to come, `years`: distances, ascending, from 0; `fixed_sum` of `fixed`
    fixings that are known. Within 2e-5 of exact values published for volatilities up to 50 % over
    two years; `docs/theory/options.md` has draws beside it up to 150 %.
    """
    price = np.atleast_2d(np.asarray(forwards, float))
    left = np.broadcast_to(np.asarray(years, float), price.shape)
    if price.shape[1] == 0 or not np.all((price > 0.0) & (price < 1e12)):
        raise ValueError("forwards: expected numbers above 0, one or more a row")
    if not (np.all((left >= 0.0) & (left < 1e4)) and np.all(np.diff(left, axis=1) >= 0.0)):
        raise ValueError("years: expected ascending numbers from 0")
    rows = price.shape[:1]
    sigma, count, total, at, scale = (
        np.broadcast_to(np.asarray(one, float), rows)
        for one in (volatility, fixed, fixed_sum, strike, discount)
    )
    if not np.all((sigma >= 0.0) & (sigma < 1e2)):
        raise ValueError("volatility: expected a number from 0")
    if not np.all((count >= 0.0) & (np.abs(total) < 1e15)):
        raise ValueError("fixed: expected a count from 0 and the sum of as many fixings")
    if not np.all(np.abs(at) < 1e15):
        raise ValueError("strike: expected a number")
    dates = count + price.shape[1]
    share, known = price.shape[1] / dates, total / dates
    moved = (at - known) / share
    parts = price / price.shape[1]
    cuts = [slice(n, n + ROWS) for n in range(0, len(parts), ROWS)]
    told = [_call(Dates.of(parts[cut], left[cut], sigma[cut]), moved[cut]) for cut in cuts]
    found = _Bound(*(np.concatenate([getattr(one, n) for one in told]) for n in _Bound.__slots__))
    kind = np.broadcast_to(np.asarray(call, bool), rows)
    mean = parts.sum(axis=1)
    # A put is the call less the forward and the strike: parity is exact.
    value = np.where(kind, found.value, found.value - mean + moved)
    delta = found.scale / mean - np.where(kind, 0.0, 1.0)
    return AverageMeasures(
        value=scale * share * np.maximum(value, 0.0),
        delta=scale * delta,
        gamma=scale * moved**2 * found.twice / (mean**2 * share),
        vega=scale * share * found.volatility,
        theta=-scale * share * found.years,
        strike_delta=scale * (found.strike + np.where(kind, 0.0, 1.0)),
    )


def _call(of: Dates, strike: Floats) -> _Bound:
    """Calls on the mean of what is to come: the bound and what it lacks, slopes of both."""
    mean, at = of.parts.sum(axis=1), np.maximum(strike, 1e-12)
    sure = np.sum(np.where(of.years > 0.0, 0.0, of.parts), axis=1)
    # Below what is fixed today of the mean every path pays: a forward.
    live = of.moves & (strike > sure * (1.0 + 1e-12))
    z, parts = of.kink(at)
    low = _bound(of, at, z, parts)
    rest = _rest(of, z, parts)

    def near(other: Dates, strike: Floats) -> Floats:
        return _rest(other, *other.kink(strike, z, AGAIN))

    up, down = (near(of, at * (1.0 + bump)) for bump in (BUMP, -BUMP))
    step = BUMP * at
    by_strike, twice = (up - down) / (2.0 * step), (up - 2.0 * rest + down) / step**2
    by_volatility = (
        near(_moved(of, 1.0 + BUMP, 0.0), at) - near(_moved(of, 1.0 - BUMP, 0.0), at)
    ) / (2.0 * BUMP * np.where(of.volatility > SURE, of.volatility, 1.0))
    shift = BUMP * of.years[:, -1]
    by_years = (near(_moved(of, 1.0, shift), at) - rest) / np.where(shift > 0.0, shift, 1.0)
    pays = strike < mean
    intrinsic = np.maximum(mean - strike, 0.0)

    def told(alive: Floats, settled: Floats | float) -> Floats:
        return np.where(live, alive, settled)

    return _Bound(
        value=told(low.value + rest, intrinsic),
        # Degree one in forwards and strike together: Euler's rule gives the slope by scale.
        scale=told(low.scale + rest - at * by_strike, np.where(pays, mean, 0.0)),
        strike=told(low.strike + by_strike, np.where(pays, -1.0, 0.0)),
        twice=told(low.twice + twice, 0.0),
        volatility=told(low.volatility + by_volatility, 0.0),
        years=told(low.years + by_years, 0.0),
    )


def _moved(of: Dates, wilder: float, later: Floats | float) -> Dates:
    """The same dates with another volatility, or all farther away."""
    shift = np.broadcast_to(np.asarray(later, float), of.volatility.shape)[:, None]
    return Dates.of(of.parts, of.years + shift, wilder * of.volatility)

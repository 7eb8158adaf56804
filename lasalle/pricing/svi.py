"""A smile of one month as total variance w over log-moneyness k, and whether it can be traded
against.

    w(k) = a + b (rho (k - m) + root((k - m)^2 + s^2))                                       (SVI)
    w(k) = T/2 (1 + rho p k + root((p k + rho)^2 + 1 - rho^2)),  p = eta / root(T (1 + T))   (SSVI)

T is the variance at the money. An SSVI slice is an SVI one. Sources: J. Gatheral and A. Jacquier,
"Arbitrage-free SVI volatility surfaces", Quantitative Finance 14(1), 2014: with eta (1 + |rho|) at
most 2 an SSVI surface whose T grows with time has no arbitrage (theorem 4.2, corollary 4.1, section
4.2); a slice has no butterfly if and only if

    g(k) = (1 - k w' / (2 w))^2 - w'^2 / 4 (1 / w + 1 / 4) + w'' / 2

is nowhere negative and w is positive with d1 -> -infinity (lemma 2.2); g times a normal density is
the density of the price. Two slices have no calendar spread where the later w is nowhere lower.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lasalle.pricing.normalised import Floats

REACH = 8.0
"""Deviations at the money on either side within which a slice is examined, beside its wings."""
COMPARED = 5.0
"""Deviations of the wider of two slices within which they are compared."""
POINTS = 801


@dataclass(frozen=True, slots=True)
class Slice:
    """The five numbers of SVI; b = 0 is a flat smile."""

    a: float
    b: float
    rho: float
    m: float
    s: float

    def variance(self, k: ArrayLike) -> Floats:
        """Total variance at a log-moneyness."""
        moved = np.asarray(k, float) - self.m
        return np.asarray(
            self.a + self.b * (self.rho * moved + np.sqrt(moved * moved + self.s * self.s))
        )

    def slopes(self, k: ArrayLike) -> tuple[Floats, Floats]:
        """First and second derivative."""
        moved = np.asarray(k, float) - self.m
        root = np.sqrt(moved * moved + self.s * self.s)
        first = self.b * (self.rho + moved / root)
        return np.asarray(first), np.asarray(self.b * self.s * self.s / root**3)

    def density_ratio(self, k: ArrayLike) -> Floats:
        """g: negative where a butterfly costs less than nothing."""
        at, (first, second) = np.asarray(k, float), self.slopes(k)
        w = np.maximum(self.variance(k), 1e-300)
        lean = (1.0 - at * first / (2.0 * w)) ** 2
        return np.asarray(lean - first * first / 4.0 * (1.0 / w + 0.25) + second / 2.0)

    def density(self, k: ArrayLike) -> Floats:
        """Density of the log-moneyness at expiry."""
        at, w = np.asarray(k, float), np.maximum(self.variance(k), 1e-300)
        root = np.sqrt(w)
        d2 = -at / root - 0.5 * root
        return np.asarray(self.density_ratio(k) * np.exp(-0.5 * d2 * d2) / np.sqrt(math.tau * w))


def flat_slice(deviation: float) -> Slice:
    """One variance at every strike."""
    return Slice(deviation * deviation, 0.0, 0.0, 0.0, 1.0)


def ssvi_slice(at_money: float, rho: float, eta: float) -> Slice:
    """The slice of an SSVI surface with a total variance at the money."""
    if not (at_money > 0.0 and abs(rho) < 1.0 and eta >= 0.0):
        raise ValueError("surface: expected variance above 0, |rho| below 1, eta from 0")
    if eta == 0.0:
        return Slice(at_money, 0.0, 0.0, 0.0, 1.0)
    scale = eta / math.sqrt(at_money * (1.0 + at_money))
    rest = 1.0 - rho * rho
    return Slice(
        a=0.5 * at_money * rest,
        b=0.5 * at_money * scale,
        rho=rho,
        m=-rho / scale,
        s=math.sqrt(rest) / scale,
    )


@dataclass(frozen=True, slots=True)
class Butterfly:
    """The least g of a slice and where; `wing`: the steeper slope of variance, at most 2 (R. Lee,
    Mathematical Finance 14, 2004); `mass`: what the density adds up to within reach; `least`: the
    least variance.
    """

    least_ratio: float
    at: float
    wing: float
    mass: float
    least: float

    @property
    def is_free(self) -> bool:
        """No butterfly is negative beyond rounding."""
        return self.least_ratio >= -1e-9 and self.wing <= 2.0 + 1e-9 and self.least > 0.0


def butterfly(of: Slice) -> Butterfly:
    """A slice examined from far below the money to far above it."""
    reach = REACH * math.sqrt(max(float(of.variance(0.0)), 1e-12)) + abs(of.m) + 4.0 * of.s
    reach = min(max(reach, 0.05), 60.0)
    k = np.concatenate(
        [np.linspace(-reach, reach, POINTS), of.m + of.s * np.linspace(-6.0, 6.0, POINTS)]
    )
    k.sort()
    ratio, worst = of.density_ratio(k), 0
    worst = int(np.argmin(ratio))
    mass = float(np.trapezoid(of.density(k), k))
    wing = of.b * (1.0 + abs(of.rho))
    return Butterfly(float(ratio[worst]), float(k[worst]), wing, mass, float(of.variance(k).min()))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The least growth of variance between two slices and where."""

    least_growth: float
    at: float

    @property
    def is_free(self) -> bool:
        """The later variance is nowhere lower, beyond rounding."""
        return self.least_growth >= -1e-12


def calendar(earlier: Slice, later: Slice) -> Calendar:
    """Two slices compared over the strikes that either reaches."""
    width = math.sqrt(max(float(earlier.variance(0.0)), float(later.variance(0.0)), 1e-12))
    reach = min(max(COMPARED * width, 0.05), 60.0)
    k = np.linspace(-reach, reach, POINTS)
    growth = later.variance(k) - earlier.variance(k)
    worst = int(np.argmin(growth))
    return Calendar(float(growth[worst]), float(k[worst]))

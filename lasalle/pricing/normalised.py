"""The normalised option said plainly: what the compiled `core/pricing` computes four at a time.

With m = |ln(F / K)|, deviation s, a = m / s, t = s / 2 and E = e^(-(a a + t t) / 2) / 2, the price
out of the money over the root of F K is

    b = E (erfcx((a - t) / r2) - erfcx((a + t) / r2)),     r2 the root of 2,

at most e^(-m / 2). Where t passes a it is told as that bound less what lacks to it; where both
terms are near each other, by the odd Taylor terms of Mills' ratio about a.
Source: P. Jaeckel, "Let's be rational", Wilmott, January 2015.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
ROOT_TWO_OVER_PI = math.sqrt(2.0 / math.pi)
NEAR = (0.5, 1.0)
"""Greatest t, and greatest a t, of the Taylor terms."""
MOST = 1e100
"""Greatest price, strike or deviation that is taken for one."""
LEAST = 1e-100
"""Forwards and strikes below this count as none."""
STILL = 1e-12
"""Deviations up to this count as none."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a value and its slopes are made of.

    `first` and `second`: erfcx(|a - t| / r2) and erfcx((a + t) / r2). `apart`: value over E, where
    `upper` does not hold; where it does, the value is told from its bound.
    """

    a: Floats
    t: Floats
    first: Floats
    second: Floats
    apart: Floats
    upper: Flags


def parts(m: Floats, s: Floats) -> Parts:
    """Parts of options with distances m and deviations s above 0."""
    a, t = m / s, 0.5 * s
    scale = math.sqrt(0.5)
    first, second = erfcx(np.abs(a - t) * scale), erfcx((a + t) * scale)
    near = (t < NEAR[0]) & (0.5 * m < NEAR[1])
    apart = np.where(near, _taylor(a, t), first - second)
    return Parts(a, t, first, second, apart, (a < t) & ~near)


def _taylor(a: Floats, t: Floats) -> Floats:
    """Root of 2 / pi times Y(t - a) - Y(-t - a), Y = Phi / phi, by Y' = 1 + z Y and
    Y^(n+1) = z Y^(n) + n Y^(n-1) at z = -a.
    """
    # Far from the strike these terms are not used, and would overflow.
    a, t = np.minimum(a, 1e6), np.minimum(t, 1.0)
    before = math.sqrt(math.pi / 2.0) * erfcx(a * math.sqrt(0.5))
    last = 1.0 - a * before
    total, power = last, t * t
    for n in range(3, 22, 2):
        even = (n - 2) * before - a * last
        before, last = even, (n - 1) * last - a * even
        total = total + last * power / math.factorial(n)
        power = power * t * t
    return np.asarray(2.0 * ROOT_TWO_OVER_PI * t * total)


def distance(high: Floats, low: Floats) -> Floats:
    """ln(high / low), exact to the last places where they are near each other."""
    near = high < 1.4 * low
    share = np.where(near, (high - low) / (high + low), 0.0)
    return np.where(near, 2.0 * np.arctanh(share), np.log(high / low))

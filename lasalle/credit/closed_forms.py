"""Closed forms the loss model is held to: one factor, equal loans.

O. Vasicek, Loan portfolio value, Risk 15, 2002; R. Martin and T. Wilde, Unsystematic credit risk,
Risk 15, 2002; M. Gordy, Journal of Financial Intermediation 12, 2003.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, ndtr, ndtri

from lasalle.credit.market import MOST_JUMPS, mixture
from lasalle.credit.terms import PriceTerms

Floats = NDArray[np.float64]
POINTS = 160
"""Of the quadrature over the factor."""


def conditional_pd(pd: float, correlation: float, factor: Floats | float) -> Floats:
    """Share that fails when the common factor stands at a value; low is bad."""
    rest = math.sqrt(1 - correlation)
    return np.asarray(ndtr((ndtri(pd) - math.sqrt(correlation) * np.asarray(factor)) / rest))


def vasicek_quantile(pd: float, correlation: float, share: float) -> float:
    """Share of infinitely many equal loans that fails, at a quantile."""
    return float(conditional_pd(pd, correlation, -float(ndtri(share))))


@cache
def _legendre() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(POINTS)
    return np.asarray(nodes, float), np.asarray(weights, float)


def failures_cdf(pd: float, correlation: float, loans: int) -> Floats:
    """Probability that at most 0, 1, ... loans of so many fail: the binomial law mixed over the
    factor, by Gauss and Legendre's quadrature on eight deviations."""
    nodes, weights = _legendre()
    factor = 8 * nodes
    density = 8 * weights * np.exp(-(factor**2) / 2) / math.sqrt(2 * math.pi)
    fails = conditional_pd(pd, correlation, factor)
    counts = np.arange(loans + 1)
    return np.asarray(bdtr(counts[:, None].astype(float), loans, fails[None, :]) @ density)


def granularity(pd: float, correlation: float, share: float, loans: int) -> float:
    """What the quantile of so many equal loans lies above that of infinitely many, to first
    order."""
    at = -float(ndtri(share))
    slope = -math.sqrt(correlation / (1 - correlation))
    level = (float(ndtri(pd)) - math.sqrt(correlation) * at) / math.sqrt(1 - correlation)
    density = math.exp(-(level**2) / 2) / math.sqrt(2 * math.pi)
    mean = float(ndtr(level))
    first = slope * density
    second = -slope * slope * level * density
    variance = mean * (1 - mean) / loans
    moved = first * (1 - 2 * mean) / loans
    return (at * variance / first - moved / first + variance * second / first**2) / 2


def call_on_move(price: float, strike: float, moves: PriceTerms, years: float) -> float:
    """Expected excess of a price over a strike after a time, jumps included, not discounted."""
    weight, mean, deviation = mixture(moves, years)
    assert len(weight) == MOST_JUMPS
    forward = price * np.exp(mean + deviation**2 / 2)
    upper = np.log(forward / strike) / deviation + deviation / 2
    paid = forward * ndtr(upper) - strike * ndtr(upper - deviation)
    return float(np.sum(weight * paid))

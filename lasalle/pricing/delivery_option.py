"""What the choice of grade is worth to the seller of a deliverable basket.

The contract is worth the expected least converted price; the choice is what that lies below the
least of the converted forwards. Converted prices are lognormal martingales until the grade is
nominated, with a volatility each and correlations. Two grades have a closed form: W. Margrabe, "The
value of an option to exchange one asset for another", Journal of Finance 33, 1978, and R. Stulz,
"Options on the minimum or the maximum of two risky assets", Journal of Financial Economics 10,
1982. Several are drawn, from a stated seed in antithetic pairs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
MOST_PATHS = 4_000_000


@dataclass(frozen=True, slots=True)
class DeliveryOption:
    """`basket`: expected least converted price; `option`: its distance from the least forward;
    `error`: deviation of both by the draw, 0 for a closed form; `chosen`: how often each grade is
    the cheapest.
    """

    basket: float
    option: float
    error: float
    chosen: tuple[float, ...]


def exchange_option(
    given: float, taken: float, deviation_given: float, deviation_taken: float, correlation: float
) -> float:
    """Expected max(0, given - taken) of two lognormal martingales; deviations are volatility times
    the root of the time.
    """
    variance = (
        deviation_given**2
        + deviation_taken**2
        - 2.0 * correlation * deviation_given * deviation_taken
    )
    width = math.sqrt(max(variance, 0.0))
    if width < 1e-12:
        return max(0.0, given - taken)
    upper = math.log(given / taken) / width + width / 2
    return float(given * ndtr(upper) - taken * ndtr(upper - width))


def two_grades(
    converted: tuple[float, float],
    volatility: tuple[float, float],
    correlation: float,
    years: float,
) -> DeliveryOption:
    """The choice between two grades, closed form."""
    _check(converted, volatility, years)
    if not -1.0 <= correlation <= 1.0:
        raise ValueError(f"correlation: expected -1 to 1, found {correlation}")
    root = math.sqrt(years)
    one, two = (v * root for v in volatility)
    basket = converted[0] - exchange_option(*converted, one, two, correlation)
    width = math.sqrt(max(one**2 + two**2 - 2 * correlation * one * two, 0.0))
    lead = math.log(converted[1] / converted[0])
    # Under the real weights, not those of either grade: how often the first is the cheaper.
    drift = (one**2 - two**2) / 2
    first = float(ndtr((lead + drift) / width)) if width > 1e-12 else float(lead > 0)
    return DeliveryOption(basket, min(converted) - basket, 0.0, (first, 1.0 - first))


def several_grades(
    converted: Sequence[float],
    volatility: Sequence[float],
    correlation: Floats,
    years: float,
    *,
    seed: int,
    paths: int = 200_000,
) -> DeliveryOption:
    """The choice among grades from antithetic draws; `correlation` is a matrix."""
    _check(converted, volatility, years)
    count = len(converted)
    matrix = np.asarray(correlation, float)
    if matrix.shape != (count, count) or not np.allclose(matrix, matrix.T):
        raise ValueError(f"correlation: expected {count} by {count}, symmetric")
    values, vectors = np.linalg.eigh(matrix)
    if not np.allclose(np.diag(matrix), 1.0) or values.min() < -1e-9:
        raise ValueError("correlation: expected ones on the diagonal and no negative eigenvalue")
    if not 2 <= paths <= MOST_PATHS:
        raise ValueError(f"paths: expected 2 to {MOST_PATHS}, found {paths}")
    deviation = np.asarray(volatility) * math.sqrt(years)
    root = vectors * np.sqrt(values.clip(0.0))
    normal = np.random.default_rng(seed).standard_normal((paths // 2, count)) @ root.T
    start = np.log(np.asarray(converted)) - deviation**2 / 2
    up, down = (np.exp(start + side * normal * deviation) for side in (1.0, -1.0))
    least = (up.min(axis=1) + down.min(axis=1)) / 2
    wins = np.bincount(np.concatenate([up.argmin(axis=1), down.argmin(axis=1)]), minlength=count)
    basket = float(least.mean())
    error = float(least.std(ddof=1) / math.sqrt(len(least))) if len(least) > 1 else math.inf
    shares = tuple(float(w) / (2 * len(least)) for w in wins)
    return DeliveryOption(basket, min(converted) - basket, error, shares)


def _check(converted: Sequence[float], volatility: Sequence[float], years: float) -> None:
    if len(converted) < 2 or len(converted) != len(volatility):
        raise ValueError("converted: expected two or more prices, and a volatility for each")
    if min(converted) <= 0.0 or min(volatility) < 0.0 or years < 0.0:
        raise ValueError("converted, volatility, years: expected above 0, from 0, from 0")

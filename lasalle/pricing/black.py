"""Black's formula for European options on a forward, defined at every edge.

Source: F. Black, "The pricing of commodity contracts", J. Financial Economics 3 (1976), 167-179.
`deviation` is the standard deviation of the logarithm of the price at expiry, sigma times root
T. At zero deviation the value is intrinsic; a strike at or below zero makes a call a forward and
a put worthless. Never NaN.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
_SMALLEST_DEVIATION = 1e-12


def _terms(
    forward: ArrayLike, strike: ArrayLike, deviation: ArrayLike
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_], Floats]:
    f, k, v = np.broadcast_arrays(
        np.asarray(forward, float), np.asarray(strike, float), np.asarray(deviation, float)
    )
    if np.any(f < 0.0) or np.any(v < 0.0) or not all(np.all(np.isfinite(x)) for x in (f, k, v)):
        raise ValueError("forward and deviation: expected finite and not negative")
    live = (f > 0.0) & (k > 0.0) & (v > _SMALLEST_DEVIATION)
    f_live, k_live, v_live = (np.where(live, x, 1.0) for x in (f, k, v))
    d1 = np.log(f_live / k_live) / v_live + 0.5 * v_live
    return f, k, v, live, d1


def black(
    call: bool, forward: ArrayLike, strike: ArrayLike, deviation: ArrayLike, discount: float = 1.0
) -> Floats:
    """Value of a call or put: discount x (F N(d1) - K N(d2)) for the call, by parity for the
    put.
    """
    f, k, v, live, d1 = _terms(forward, strike, deviation)
    sign = 1.0 if call else -1.0
    value = sign * (f * ndtr(sign * d1) - k * ndtr(sign * (d1 - v)))
    intrinsic = np.maximum(sign * (f - k), 0.0)
    return np.asarray(discount * np.where(live, np.maximum(value, intrinsic), intrinsic))


def black_delta(
    call: bool, forward: ArrayLike, strike: ArrayLike, deviation: ArrayLike, discount: float = 1.0
) -> Floats:
    """Change of value per unit of forward: N(d1) for the call, N(d1) - 1 for the put."""
    f, k, _, live, d1 = _terms(forward, strike, deviation)
    step = np.where(f > k, 1.0, np.where(f < k, 0.0, 0.5))
    up = np.where(live, ndtr(d1), step)
    return np.asarray(discount * (up if call else up - 1.0))


def black_vega(
    forward: ArrayLike, strike: ArrayLike, deviation: ArrayLike, discount: float = 1.0
) -> Floats:
    """Change of value per unit of deviation: F n(d1); the same for call and put."""
    f, _, _, live, d1 = _terms(forward, strike, deviation)
    density = np.exp(-0.5 * d1 * d1) / np.sqrt(2.0 * np.pi)
    return np.asarray(discount * np.where(live, f * density, 0.0))


def black_measures(
    call: bool, forward: float, strike: float, deviation: float
) -> tuple[float, float, float]:
    """Undiscounted value, delta and vega of one option: the array forms without arrays."""
    if forward < 0.0 or deviation < 0.0 or not math.isfinite(forward + strike + deviation):
        raise ValueError("forward and deviation: expected finite and not negative")
    sign = 1.0 if call else -1.0
    intrinsic = max(sign * (forward - strike), 0.0)
    if forward <= 0.0 or strike <= 0.0 or deviation <= _SMALLEST_DEVIATION:
        up = 1.0 if forward > strike else 0.0 if forward < strike else 0.5
        return intrinsic, up if call else up - 1.0, 0.0
    d1 = math.log(forward / strike) / deviation + 0.5 * deviation
    near, far = _normal(sign * d1), _normal(sign * (d1 - deviation))
    value = max(intrinsic, sign * (forward * near - strike * far))
    return value, sign * near, forward * math.exp(-0.5 * d1 * d1) / math.sqrt(2.0 * math.pi)


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))

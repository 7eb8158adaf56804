"""Black's formula for European options on a forward with all its slopes, defined at every edge.

Source: F. Black, "The pricing of commodity contracts", J. Financial Economics 3 (1976), 167-179.
`deviation` is the standard deviation of the logarithm of the price at expiry, sigma times root T.
Without deviation the value is intrinsic; a strike at or below zero makes a call a forward and a put
worthless. Never NaN: what is no number is refused. A value out of the money is right to about 1e-14
of itself, one in the money is that and the intrinsic value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lasalle.pricing.compiled import built
from lasalle.pricing.normalised import (
    LEAST,
    MOST,
    ROOT_TWO_OVER_PI,
    STILL,
    Floats,
    distance,
    parts,
)

ROWS = 7


@dataclass(frozen=True, slots=True)
class BlackMeasures:
    """Value of options and its slopes: by forward (`delta`), twice by forward (`gamma`), by
    deviation (`vega`), by both (`vanna`), twice by deviation (`volga`), by strike.
    """

    value: Floats
    delta: Floats
    gamma: Floats
    vega: Floats
    vanna: Floats
    volga: Floats
    strike_delta: Floats


def black(
    call: ArrayLike,
    forward: ArrayLike,
    strike: ArrayLike,
    deviation: ArrayLike,
    discount: ArrayLike = 1.0,
) -> Floats:
    """Value of calls and puts: discount x (F N(d1) - K N(d2)) for a call, by parity for a put."""
    given, shape = _given(call, forward, strike, deviation)
    return _discounted(_values(given).reshape(shape), discount)


def black_measures(
    call: ArrayLike,
    forward: ArrayLike,
    strike: ArrayLike,
    deviation: ArrayLike,
    discount: ArrayLike = 1.0,
) -> BlackMeasures:
    """Value and slopes of calls and puts, each times the discount."""
    given, shape = _given(call, forward, strike, deviation)
    return BlackMeasures(*_discounted(_measures(given).reshape(ROWS, *shape), discount))


def _discounted(rows: Floats, discount: ArrayLike) -> Floats:
    factor = np.asarray(discount, np.float64)
    if not np.all((factor > 0.0) & (factor <= MOST)):
        raise ValueError("discount: expected a number above 0")
    return rows if factor.ndim == 0 and factor == 1.0 else np.asarray(rows * factor)


def _given(
    call: ArrayLike, forward: ArrayLike, strike: ArrayLike, deviation: ArrayLike
) -> tuple[list[Floats], tuple[int, ...]]:
    """Rows of one length: 1 for a call and -1 for a put, forward, strike, deviation; and the shape
    they broadcast to.
    """
    sign = np.where(np.asarray(call, bool), 1.0, -1.0)
    rows = [sign, *(np.asarray(one, np.float64) for one in (forward, strike, deviation))]
    shape = np.broadcast_shapes(*(one.shape for one in rows))
    return [np.ascontiguousarray(np.broadcast_to(one, shape)).ravel() for one in rows], shape


def _refuse(given: list[Floats]) -> ValueError:
    for name, row, least in zip(
        ("forward", "strike", "deviation"), given[1:], (0.0, -MOST, 0.0), strict=True
    ):
        bad = ~((row >= least) & (row <= MOST))
        if bad.any():
            lower = "0" if least == 0.0 else f"{least:g}"
            return ValueError(
                f"{name}: expected a number from {lower} to {MOST:g}, found {row[bad][0]}"
            )
    raise AssertionError("every number is within its bounds")


def _values(given: list[Floats]) -> Floats:
    compiled, found = built("black_measures"), np.empty_like(given[0])
    if compiled is None:
        return np.asarray(plain_measures(given)[0])
    if not compiled(tuple(given), found, False):
        raise _refuse(given)
    return found


def _measures(given: list[Floats]) -> Floats:
    compiled, found = built("black_measures"), np.empty((ROWS, len(given[0])))
    if compiled is None:
        return plain_measures(given)
    if not compiled(tuple(given), found, True):
        raise _refuse(given)
    return found


def plain_measures(given: list[Floats]) -> Floats:
    """The rows of `BlackMeasures`, undiscounted, of options given as sign, forward, strike and
    deviation: the twin of the compiled core.
    """
    sign, forward, strike, deviation = given
    if not all(
        np.all((row >= least) & (row <= MOST))
        for row, least in ((forward, 0.0), (strike, -MOST), (deviation, 0.0))
    ):
        raise _refuse(given)
    live = (forward > LEAST) & (strike > LEAST) & (deviation > STILL)
    still = np.where(forward > strike, 1.0, np.where(forward < strike, 0.0, 0.5))
    calm = np.zeros((ROWS, len(sign)))
    calm[0] = np.maximum(sign * (forward - strike), 0.0)
    calm[1] = np.where(sign > 0.0, still, still - 1.0)
    calm[6] = np.where(sign > 0.0, -still, 1.0 - still)
    f, k, v = (np.where(live, x, 1.0) for x in (forward, strike, deviation))
    return np.where(live, _live(sign, f, k, v), calm)


def _live(sign: Floats, f: Floats, k: Floats, v: Floats) -> Floats:
    high, low = np.maximum(f, k), np.minimum(f, k)
    of = parts(distance(high, low), v)
    scale = 0.5 * np.exp(-0.5 * (of.a * of.a + of.t * of.t)) * np.sqrt(high) * np.sqrt(low)
    time = np.where(
        of.upper, low - scale * (of.first + of.second), scale * np.maximum(of.apart, 0.0)
    )
    value = np.maximum(sign * (f - k), 0.0) + np.maximum(time, 0.0)
    # Tails of the normal law at -|a - t| and -(a + t), then N(d1), N(-d1), N(d2), N(-d2).
    near, far = scale / low * of.first, scale / high * of.second
    rising, passed = k < f, of.a < of.t
    low_up, low_down = np.where(passed, 1.0 - near, near), np.where(passed, near, 1.0 - near)
    one_up, one_down = np.where(rising, 1.0 - far, low_up), np.where(rising, far, low_down)
    two_up, two_down = np.where(rising, low_down, far), np.where(rising, low_up, 1.0 - far)
    side = np.where(rising, of.a, -of.a)
    d1, d2, vega = side + of.t, side - of.t, scale * ROOT_TWO_OVER_PI
    return np.array(
        [
            value,
            np.where(sign > 0.0, one_up, -one_down),
            vega / (f * f * v),
            vega,
            -(vega * d2) / (f * v),
            vega * d1 * d2 / v,
            np.where(sign > 0.0, -two_up, two_down),
        ]
    )

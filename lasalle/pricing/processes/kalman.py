"""Kalman filter and smoother of two factors seen through any number of prices.

Sources: J. Durbin and S. J. Koopman, "Time series analysis by state space methods", 2nd ed. 2012,
chapters 4 and 7; H. Rauch, F. Tung and C. Striebel, AIAA Journal 3, 1965, for the smoother. The
prices of a date enter through H'R^-1H and H'R^-1z, two by two, reckoned for all dates at once
before the loop; the loop then costs the same for one price and for twelve. A missing price has no
weight. One price without measurement error goes a way of its own, because R^-1 is not there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lasalle.pricing.processes.history import Floats

PRIOR = 10.0
"""Deviation of the level before the first date, log price: it knows nothing."""
LOG_TWO_PI = math.log(2.0 * math.pi)


@dataclass(frozen=True, slots=True)
class Transition:
    """From each date to the next: decay of the first factor, drift of the second, noise.

    Arrays of length dates - 1; `noise` has columns (first, cross, second).
    """

    decay: Floats
    drift: Floats
    noise: Floats


@dataclass(frozen=True, slots=True)
class Filtered:
    """States of every date as (first, second, var first, covariance, var second)."""

    contributions: Floats
    predicted: Floats
    filtered: Floats


def filtered(
    loading: Floats, observed: Floats, errors: Floats, start: tuple[float, float], by: Transition
) -> Filtered:
    """Filter of z = loading * first + second + error.

    `loading` and `observed` have shape (dates, columns), NaN where nothing was seen; `errors`
    are deviations by column. `start` is (variance of the first factor, mean of the second).
    """
    if observed.shape[1] == 1:
        return _one_price(loading[:, 0], observed[:, 0], float(errors[0]) ** 2, start, by)
    seen = ~np.isnan(observed)
    weight = np.where(seen, 1.0 / errors**2, 0.0)
    # The level of the first date is taken off, so that squares of logs do not cancel.
    base = start[1]
    centred = np.where(seen, observed - base, 0.0)
    terms = np.stack(
        [
            np.sum(weight * loading**2, axis=1),
            np.sum(weight * loading, axis=1),
            np.sum(weight, axis=1),
            np.sum(weight * loading * centred, axis=1),
            np.sum(weight * centred, axis=1),
            np.sum(weight * centred**2, axis=1),
            np.sum(np.where(seen, np.log(errors**2) + LOG_TWO_PI, 0.0), axis=1),
        ],
        axis=1,
    ).tolist()
    decay, drift, noise = by.decay.tolist(), by.drift.tolist(), by.noise.tolist()
    a, b, p, c, q = 0.0, 0.0, start[0], 0.0, PRIOR**2
    told, before, after = [], [], []
    for step, (j11, j12, j22, h1, h2, square, constant) in enumerate(terms):
        if step:
            f, (n11, n12, n22) = decay[step - 1], noise[step - 1]
            a, b = f * a, b + drift[step - 1]
            p, c, q = f * f * p + n11, f * c + n12, q + n22
        before.append((a, b + base, p, c, q))
        volume = p * q - c * c
        size = 1.0 + p * j11 + 2.0 * c * j12 + q * j22 + volume * (j11 * j22 - j12 * j12)
        g1, g2 = h1 - j11 * a - j12 * b, h2 - j12 * a - j22 * b
        residual = square - a * (h1 + g1) - b * (h2 + g2)
        p, c, q = (p + volume * j22) / size, (c - volume * j12) / size, (q + volume * j11) / size
        up_a, up_b = p * g1 + c * g2, c * g1 + q * g2
        told.append(-0.5 * (constant + math.log(size) + residual - g1 * up_a - g2 * up_b))
        a, b = a + up_a, b + up_b
        after.append((a, b + base, p, c, q))
    return Filtered(np.array(told), np.array(before), np.array(after))


def _one_price(
    loading: Floats, observed: Floats, error: float, start: tuple[float, float], by: Transition
) -> Filtered:
    """The same for one price, whose error may be none."""
    decay, drift, noise = by.decay.tolist(), by.drift.tolist(), by.noise.tolist()
    a, b, p, c, q = 0.0, start[1], start[0], 0.0, PRIOR**2
    told, before, after = [], [], []
    for step, (e, z) in enumerate(zip(loading.tolist(), observed.tolist(), strict=True)):
        if step:
            f, (n11, n12, n22) = decay[step - 1], noise[step - 1]
            a, b = f * a, b + drift[step - 1]
            p, c, q = f * f * p + n11, f * c + n12, q + n22
        before.append((a, b, p, c, q))
        if z == z:  # NaN, a date without a price, is not itself
            to_a, to_b = e * p + c, e * c + q
            variance = e * to_a + to_b + error
            miss = z - e * a - b
            told.append(-0.5 * (LOG_TWO_PI + math.log(variance) + miss * miss / variance))
            gain = to_a / variance, to_b / variance
            a, b = a + gain[0] * miss, b + gain[1] * miss
            p, c, q = p - gain[0] * to_a, c - gain[0] * to_b, q - gain[1] * to_b
        else:
            told.append(0.0)
        after.append((a, b, p, c, q))
    return Filtered(np.array(told), np.array(before), np.array(after))


@dataclass(frozen=True, slots=True)
class Smoothed:
    """Moments of the states given every date: means, covariances, and those of neighbours.

    `means` (dates, 2), `covariances` (dates, 2, 2), `lagged` (dates - 1, 2, 2): covariance of a
    date (rows) with the one before it (columns).
    """

    means: Floats
    covariances: Floats
    lagged: Floats


def smoothed(run: Filtered, decay: Floats) -> Smoothed:
    """States given all dates, from a run of the filter."""
    filter_at = _matrices(run.filtered)
    predicted_at = _matrices(run.predicted)
    moved = np.stack([decay, np.ones_like(decay)], axis=1)
    # P F' V^-1, the gain of each date from the one after it, for all dates at once.
    gains = (filter_at[:-1] * moved[:, None, :]) @ np.linalg.inv(predicted_at[1:])
    rows = np.concatenate([run.filtered[:-1], run.predicted[1:], gains.reshape(-1, 4)], axis=1)
    a, b, p, c, q = run.filtered[-1].tolist()
    found = [(a, b, p, c, q)]
    for fa, fb, fp, fc, fq, pa, pb, pp, pc, pq, g, h, i, j in reversed(rows.tolist()):
        da, db, dp, dc, dq = a - pa, b - pb, p - pp, c - pc, q - pq
        a, b = fa + g * da + h * db, fb + i * da + j * db
        left, right = g * dp + h * dc, g * dc + h * dq
        below, beside = i * dp + j * dc, i * dc + j * dq
        p, c, q = fp + left * g + right * h, fc + left * i + right * j, fq + below * i + beside * j
        found.append((a, b, p, c, q))
    states = np.array(found[::-1])
    covariances = _matrices(states)
    lagged = covariances[1:] @ np.swapaxes(gains, 1, 2)
    return Smoothed(states[:, :2], covariances, lagged)


def _matrices(states: Floats) -> Floats:
    return states[:, [2, 3, 3, 4]].reshape(-1, 2, 2)


def squared_misses(moments: Smoothed, loading: Floats, observed: Floats) -> Floats:
    """Expected squares of what the factors leave of each price; NaN where none was seen."""
    mean, spread = moments.means, moments.covariances
    miss = observed - loading * mean[:, :1] - mean[:, 1:]
    blur = loading**2 * spread[:, :1, 0] + 2.0 * loading * spread[:, :1, 1] + spread[:, 1:, 1]
    return np.asarray(miss**2 + blur)

"""Options on the difference of two lognormal prices: months of one index, or one month of two.

    pays max(0, first - second - strike), or for a put its mirror.

`kirk` is the usual approximation: E. Kirk, "Correlation in the energy markets", in Managing Energy
Price Risk, Risk Publications, 1995. `spread_options` is the price itself: given the second price
the first is lognormal, so the value is Black's formula averaged over the second; the average is
taken by Gauss-Legendre panels that meet where the option begins to pay or ceases. With strike 0
both are W. Margrabe's formula, J. Finance 33, 1978.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from lasalle.pricing.black import black, black_measures
from lasalle.pricing.normalised import Floats

REACH = 9.0
"""Deviations of the second price beyond which nothing is expected: 1e-19 of the law."""
NODES = 32
"""Of each of the eight panels."""


@dataclass(frozen=True, slots=True)
class SpreadMeasures:
    """Value and slopes by either forward and by strike; `error`: what half the nodes would give
    away.
    """

    value: Floats
    first_delta: Floats
    second_delta: Floats
    strike_delta: Floats
    error: Floats


def kirk(
    call: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    strike: ArrayLike,
    deviations: tuple[ArrayLike, ArrayLike],
    correlation: ArrayLike,
    discount: ArrayLike = 1.0,
) -> Floats:
    """Kirk's approximation; second plus strike must be above 0."""
    one, two, rows = _rows(first, second, strike, deviations, correlation)
    price, other, at, rho = rows
    base = other + at
    if np.any(base <= 0.0):
        raise ValueError("strike: expected second + strike above 0")
    weight = other / base
    square = one * one - 2.0 * rho * one * two * weight + (two * weight) ** 2
    return black(call, price, base, np.sqrt(np.maximum(square, 0.0)), discount)


def spread_options(
    call: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    strike: ArrayLike,
    deviations: tuple[ArrayLike, ArrayLike],
    correlation: ArrayLike,
    discount: ArrayLike = 1.0,
) -> SpreadMeasures:
    """The value and its slopes, many at once; any strike."""
    one, two, (price, other, at, rho) = _rows(first, second, strike, deviations, correlation)
    kind = np.broadcast_to(np.asarray(call, bool), price.shape)[..., None]
    coarse, fine = (
        _averaged(kind, price, other, at, one, two, rho, nodes) for nodes in (NODES // 2, NODES)
    )
    scale = np.asarray(discount, float)
    value, by_first, by_second, by_strike = (scale * row for row in fine)
    return SpreadMeasures(value, by_first, by_second, by_strike, np.abs(value - scale * coarse[0]))


def _averaged(
    kind: Floats,
    price: Floats,
    other: Floats,
    at: Floats,
    one: Floats,
    two: Floats,
    rho: Floats,
    nodes: int,
) -> Floats:
    """Value and slopes by first, second and strike: Black's, averaged over the second price."""
    apart = one * np.sqrt(np.maximum(1.0 - rho * rho, 0.0))
    # Within some deviations of the first price about a meeting its option is neither worthless nor
    # sure; how far that is in the second price's terms.
    width = np.clip(8.0 * apart / np.maximum(np.abs(rho * one - two), 1e-3), 1e-3, 4.0)
    z, weight = _panels(_meetings(price, other, at, one, two, rho), width, nodes)
    lift = np.exp(rho[..., None] * one[..., None] * z - 0.5 * (rho * one)[..., None] ** 2)
    tide = np.exp(two[..., None] * z - 0.5 * two[..., None] ** 2)
    rest = apart[..., None]
    of = black_measures(
        kind, price[..., None] * lift, other[..., None] * tide + at[..., None], rest
    )
    weight = weight * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    rows = (of.value, of.delta * lift, of.strike_delta * tide, of.strike_delta)
    return np.array([(weight * row).sum(axis=-1) for row in rows])


def _meetings(
    price: Floats, other: Floats, at: Floats, one: Floats, two: Floats, rho: Floats
) -> tuple[Floats, Floats]:
    """Where the middle of the first price meets second + strike: at most once on either side of
    where their difference turns; the end of the reach where it never does.
    """

    def excess(z: Floats) -> Floats:
        first = price * np.exp(rho * one * z - 0.5 * (rho * one) ** 2)
        return np.asarray(first - other * np.exp(two * z - 0.5 * two * two) - at)

    pull, slope = rho * one, rho * one - two
    turns = (pull * price > 0.0) & (two * other > 0.0) & (np.abs(slope) > 1e-9)
    ratio = np.where(turns, two * other / np.where(turns, pull * price, 1.0), 1.0)
    turn = (np.log(ratio) + 0.5 * (pull * pull - two * two)) / np.where(turns, slope, 1.0)
    turn = np.clip(np.where(turns, turn, -REACH), -REACH, REACH)
    found = []
    for low, high in ((np.full(price.shape, -REACH), turn), (turn, np.full(price.shape, REACH))):
        start = np.sign(excess(low))
        crosses = start != np.sign(excess(high))
        for _ in range(50):
            middle = 0.5 * (low + high)
            same = np.sign(excess(middle)) == start
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        found.append(np.where(crosses, 0.5 * (low + high), REACH))
    return found[0], found[1]


@cache
def _legendre(nodes: int) -> tuple[Floats, Floats]:
    place, weight = np.polynomial.legendre.leggauss(nodes)
    return place, weight


def _panels(meetings: tuple[Floats, Floats], width: Floats, nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights of panels that meet at two places, with narrow ones beside each."""
    place, weight = _legendre(nodes)
    ends = [np.full(width.shape, -REACH), np.zeros(width.shape), np.full(width.shape, REACH)]
    for meeting in meetings:
        ends += [meeting - width, meeting, meeting + width]
    edges = np.sort(np.clip(np.array(ends), -REACH, REACH), axis=0)[..., None]
    zs, ws = [], []
    for left, right in pairwise(edges):
        zs.append(0.5 * (left + right) + 0.5 * (right - left) * place)
        ws.append(0.5 * (right - left) * weight)
    return np.concatenate(zs, axis=-1), np.concatenate(ws, axis=-1)


def _rows(
    first: ArrayLike,
    second: ArrayLike,
    strike: ArrayLike,
    deviations: tuple[ArrayLike, ArrayLike],
    correlation: ArrayLike,
) -> tuple[Floats, Floats, tuple[Floats, Floats, Floats, Floats]]:
    given = [np.asarray(x, float) for x in (*deviations, first, second, strike, correlation)]
    one, two, price, other, at, rho = np.broadcast_arrays(*given)
    if not (np.all((price >= 0.0) & (price < 1e12)) and np.all((other >= 0.0) & (other < 1e12))):
        raise ValueError("first, second: expected numbers from 0")
    if not np.all(np.abs(at) < 1e12):
        raise ValueError("strike: expected a number")
    if not (np.all((one >= 0.0) & (one < 20.0)) and np.all((two >= 0.0) & (two < 20.0))):
        raise ValueError("deviations: expected numbers from 0 to 20")
    if not np.all(np.abs(rho) <= 1.0):
        raise ValueError("correlation: expected a number from -1 to 1")
    return one, two, (price, other, at, rho)

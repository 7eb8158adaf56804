"""The volatility under which Black's formula gives a price, to the last places of a float.

Source: P. Jaeckel, "Let's be rational", Wilmott, January 2015: normalised prices out of the money,
an objective of its own below the steepest point s = root(2 m), above it, and towards the bound, and
Householder's method of fourth order; here within a bracket that no step may leave. The compiled
core has the same method and a closer first guess.

A price that no volatility gives is answered by its outcome beside a volatility of 0; nothing is
ever NaN. The price of an option in the money is intrinsic value and a small rest: what a float does
not carry of that rest, no method finds again. Where a desk has the choice it asks with the option
out of the money.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfcx, ndtri

from lasalle.pricing.compiled import built
from lasalle.pricing.normalised import (
    LEAST,
    MOST,
    ROOT_TWO_OVER_PI,
    Flags,
    Floats,
    distance,
    parts,
)

NOTHING = 1e-280
"""A time value below this part of the root of forward times strike counts as none."""
LAST = 3e-5
"""A step of at most this part is the last: the next would be of its fourth power."""
MOST_STEPS = 60
OPEN = 1e3
"""Upper end of a bracket that is not known yet."""


class Outcome(IntEnum):
    """What became of a price: found; intrinsic, so 0; less than intrinsic; at or above its bound,
    the forward for a call and the strike for a put; independent of the volatility, without forward
    or strike above 0; no number or out of bounds; no time left, and not intrinsic.
    """

    FOUND = 0
    INTRINSIC = 1
    BELOW_INTRINSIC = 2
    AT_BOUND = 3
    NO_CHOICE = 4
    NO_NUMBER = 5
    NO_TIME = 6


@dataclass(frozen=True, slots=True)
class Implied:
    """Deviations or volatilities, 0 where none is found, and the outcome of each price."""

    found: Floats
    outcome: NDArray[np.uint8]

    @property
    def all_found(self) -> bool:
        """True where every price has one; an intrinsic price has 0."""
        return bool(np.all(self.outcome <= Outcome.INTRINSIC))

    def told(self) -> dict[str, int]:
        """How many prices met each outcome."""
        counts = np.bincount(self.outcome.ravel(), minlength=len(Outcome))
        return {one.name.lower(): int(counts[one]) for one in Outcome if counts[one]}


def implied_deviation(
    call: ArrayLike,
    price: ArrayLike,
    forward: ArrayLike,
    strike: ArrayLike,
    discount: ArrayLike = 1.0,
) -> Implied:
    """Standard deviations of the logarithm at expiry that prices of calls and puts imply."""
    sign = np.where(np.asarray(call, bool), 1.0, -1.0)
    factor = np.asarray(discount, np.float64)
    paid = np.asarray(price, np.float64)
    with np.errstate(all="ignore"):
        # A discount that is no discount leaves no number, and is told as such below.
        paid = paid if np.all(factor == 1.0) else np.where(factor > 0.0, paid / factor, np.nan)
    rows = [sign, paid, np.asarray(forward, np.float64), np.asarray(strike, np.float64)]
    shape = np.broadcast_shapes(*(row.shape for row in rows))
    given = [np.ascontiguousarray(np.broadcast_to(row, shape)).ravel() for row in rows]
    found, outcome = _solved(given)
    return Implied(found.reshape(shape), outcome.reshape(shape))


def implied_volatility(
    call: ArrayLike,
    price: ArrayLike,
    forward: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    discount: ArrayLike = 1.0,
) -> Implied:
    """Volatilities a year that prices imply. Without time left an intrinsic price has any, told
    as 0, and another none.
    """
    found = implied_deviation(call, price, forward, strike, discount)
    left = np.broadcast_to(np.asarray(years, np.float64), found.found.shape)
    timely = np.isfinite(left) & (left > 0.0)
    root = np.sqrt(np.where(timely, left, 1.0))
    stopped = ~timely & (found.outcome == Outcome.FOUND)
    outcome = np.where(stopped, Outcome.NO_TIME, found.outcome)
    outcome = np.where(np.isfinite(left) & (left >= 0.0), outcome, Outcome.NO_NUMBER)
    volatility = np.where(outcome == Outcome.FOUND, found.found / root, 0.0)
    return Implied(volatility, outcome.astype(np.uint8))


def _solved(given: list[Floats]) -> tuple[Floats, NDArray[np.uint8]]:
    compiled = built("implied_deviations") or _plain
    found, outcome = np.empty_like(given[0]), np.empty(len(given[0]), np.uint8)
    if compiled(tuple(given), found, outcome):
        return found, outcome
    _, price, forward, strike = given
    fine = (np.abs(price) <= MOST) & (forward >= 0.0) & (forward <= MOST)
    fine &= np.abs(strike) <= MOST
    calm = [np.where(fine, row, 1.0) for row in given]
    assert compiled(tuple(calm), found, outcome), "numbers within bounds are taken"
    outcome[~fine] = Outcome.NO_NUMBER
    found[~fine] = 0.0
    return found, outcome


def _plain(given: tuple[Floats, ...], found: Floats, outcome: NDArray[np.uint8]) -> bool:
    """The compiled `implied_deviations`, said plainly."""
    sign, price, forward, strike = given
    within = (np.abs(price) <= MOST) & (forward >= 0.0) & (forward <= MOST)
    if not np.all(within & (np.abs(strike) <= MOST)):
        return False
    outcome[:] = _outcomes(sign, price, forward, strike)
    found[:] = 0.0
    ask = np.flatnonzero(outcome == Outcome.FOUND)
    if len(ask):
        found[ask] = _Target.of(*(row[ask] for row in given)).solved()
    return True


def _outcomes(sign: Floats, price: Floats, forward: Floats, strike: Floats) -> NDArray[np.int64]:
    time = price - np.maximum(sign * (forward - strike), 0.0)
    least = NOTHING * np.sqrt(forward) * np.sqrt(np.maximum(strike, 0.0))
    met = [
        (time < 0.0, Outcome.BELOW_INTRINSIC),
        ((forward <= LEAST) | (strike <= LEAST), Outcome.NO_CHOICE),
        (time >= np.minimum(forward, strike), Outcome.AT_BOUND),
        (time < least, Outcome.INTRINSIC),
    ]
    return np.select([one for one, _ in met], [int(name) for _, name in met], int(Outcome.FOUND))


@dataclass(frozen=True, slots=True)
class _Target:
    """Normalised prices, their bound and what lacks to it; -ln of the price; sides."""

    m: Floats
    price: Floats
    bound: Floats
    lacking: Floats
    depth: Floats
    lower: Flags
    far: Flags

    @classmethod
    def of(cls, sign: Floats, price: Floats, forward: Floats, strike: Floats) -> _Target:
        high, low = np.maximum(forward, strike), np.minimum(forward, strike)
        scale = np.sqrt(high) * np.sqrt(low)
        time = price - np.maximum(sign * (forward - strike), 0.0)
        m, normal, bound = distance(high, low), time / scale, np.sqrt(low / high)
        lower = normal < 0.5 * bound * (1.0 - erfcx(np.sqrt(m)))
        far = ~lower & (normal > 0.5 * bound)
        return cls(m, normal, bound, (low - time) / scale, -np.log(normal), lower, far)

    def guess(self) -> Floats:
        """A law of fixed width below the steepest point, an option at the money above it."""
        width = np.sqrt(2.0 * np.pi) * (self.price + 0.5 * self.m)
        wing = self.m / np.sqrt(2.0 * np.maximum(self.depth, 1.0))
        tail = np.maximum(0.5 * self.lacking, 1e-300)
        over = 0.5 * self.price + 0.5 * (1.0 - self.bound)
        at_money = 2.0 * np.where(over < 0.25, ndtri(0.5 + np.minimum(over, 0.25)), -ndtri(tail))
        steepest = np.sqrt(2.0 * self.m)
        below = np.minimum(np.where(self.depth < 2.0, width, wing), 0.999999 * steepest)
        return np.where(self.lower, below, np.maximum(at_money, 1.000001 * steepest + 1e-300))

    def solved(self) -> Floats:
        """The deviations: every step within the bracket of those before it."""
        s, steepest = self.guess(), np.sqrt(2.0 * self.m)
        least, most = np.where(self.lower, 0.0, steepest), np.where(self.lower, steepest, OPEN)
        live = np.ones(len(s), bool)
        for _ in range(MOST_STEPS):
            with np.errstate(all="ignore"):
                short, newton, step = self.step(s)
            least, most = np.where(short, s, least), np.where(short, most, s)
            last = np.abs(step) < LAST * s
            half = np.where(most > 0.5 * OPEN, 2.0 * s, 0.5 * (least + most))
            tried, bold = s + newton, s + step
            following = np.where((least < tried) & (tried < most), tried, half)
            within = (least < bold) & (bold < most)
            s = np.where(live, np.where(within | last, bold, following), s)
            live &= ~last
            if not live.any():
                break
        return s

    def step(self, s: Floats) -> tuple[Flags, Floats, Floats]:
        """(where the price at s is too small, Newton's step, Householder's step)."""
        of = parts(self.m, s)
        squares = 0.5 * (of.a * of.a + of.t * of.t)
        e = 0.5 * np.exp(-squares)
        slope, both = e * ROOT_TWO_OVER_PI, of.first + of.second
        apart = np.maximum(of.apart, 1e-300)
        price = np.where(of.upper, self.bound - e * both, e * apart)
        bend, twist = of.a * of.a / s - 0.25 * s, -3.0 * (of.a / s) ** 2 - 0.25
        # Below the steepest point: the root of 1 / -ln(price), nearly a line.
        carried = np.maximum(price, 1e-300)
        gap = np.where(
            carried < self.price, distance(self.price, carried), -distance(carried, self.price)
        )
        depth, rate, share = self.depth + gap, slope / carried, gap / self.depth
        moved, part = rate * (bend - rate), rate / depth
        low = 2.0 * depth * share / ((1.0 + np.sqrt(1.0 + share)) * rate)
        low_second = 1.5 * part + bend - rate
        low_third = low_second**2 + 1.5 * (moved / depth + part * part) + twist - moved
        # Towards the bound: the logarithm of what lacks.
        lack = np.where(of.upper, e * both, self.bound - price)
        fall = np.where(of.upper, ROOT_TWO_OVER_PI / both, slope / lack)
        away = np.log(np.maximum(lack / self.lacking, 1e-300)) / fall
        away_second = bend + fall
        away_third = away_second**2 + twist + fall * away_second
        sides = [self.lower, self.far]
        newton = np.select(sides, [low, away], (self.price - price) / slope)
        second = np.select(sides, [low_second, away_second], bend)
        third = np.select(sides, [low_third, away_third], bend * bend + twist)
        step = newton * (1.0 + 0.5 * second * newton)
        step = step / (1.0 + newton * (second + third * newton / 6.0))
        short = np.where(self.far, lack > self.lacking, price < self.price)
        return short, newton, step

"""Rights exercised on chosen dates: swing, flexible start, Bermudan; a price as an interval.

From below: least-squares Monte Carlo (Longstaff and Schwartz 2001) with as many continuation values
as rights may be left (Jaillet, Ronn and Tompaidis 2004), its policy followed on fresh paths. From
above: the dual of Rogers (2002), for several rights in the recursive form of Schoenmakers (2012):
along a path seen whole, continuation is the value later less a martingale difference. The
differences come from the fitted values, their expectations from inner draws that are unbiased, so
that the bound holds whatever the fit. The true price lies between, but for the errors stated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from lasalle.pricing.exercise.paths import Floats, Process

DEGREE = 3
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Payoff = Callable[[Floats, int], Floats]


@dataclass(frozen=True, slots=True)
class Rights:
    """`rights` exercises at most, one a date, `least` of them due by the last date; `discounts`
    (dates,) weigh what each date pays.
    """

    rights: int
    discounts: Floats
    least: int = 0

    def __post_init__(self) -> None:
        dates = len(self.discounts)
        if not 1 <= self.rights <= dates:
            raise ValueError(f"rights: expected 1 to {dates}, found {self.rights}")
        if not 0 <= self.least <= self.rights:
            raise ValueError(f"least: expected 0 to {self.rights}, found {self.least}")
        if np.any(self.discounts <= 0):
            raise ValueError("discounts: expected above 0")

    def may_wait(self, left: Counts, dates_left: int) -> Flags:
        """Whether a right may be kept with so many rights left, this date among `dates_left`."""
        due = np.maximum(0, self.least - (self.rights - left))
        return np.asarray(due <= dates_left - 1, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Interval:
    """A price between bounds, USD: their estimates and standard errors, and the interval at two and
    a half errors on either side.
    """

    lower: float
    upper: float
    lower_error: float
    upper_error: float

    @property
    def least(self) -> float:
        """Lower end of the interval."""
        return self.lower - 2.5 * self.lower_error

    @property
    def most(self) -> float:
        """Upper end of the interval."""
        return self.upper + 2.5 * self.upper_error


@dataclass(frozen=True, slots=True)
class Policy:
    """Continuation values by date and rights left: (dates, rights + 1, functions) coefficients of
    functions of the state over its `scales` (dates, factors).
    """

    process: Process
    payoff: Payoff
    rights: Rights
    scales: Floats
    coefficients: Floats

    def _values(self, state: Floats, date: int) -> tuple[Floats, Floats, Floats]:
        """Payoff (n,), continuation (rights + 1, n), and what waiting is worth where it may be."""
        pays = self.rights.discounts[date] * self.payoff(state, date)
        functions = _functions(self.process, self.scales[date], state, date, pays)
        onward = self.coefficients[date] @ functions
        left = np.arange(self.rights.rights + 1)
        waits = self.rights.may_wait(left, self.process.dates - date)
        return pays, onward, np.where(waits[:, None], onward, -np.inf)

    def value(self, state: Floats, date: int) -> Floats:
        """Fitted value (rights + 1, n) before the decision of a date."""
        pays, onward, waiting = self._values(state, date)
        found = waiting.copy()
        found[1:] = np.maximum(waiting[1:], pays + onward[:-1])
        # Rights that cannot all be taken any more have no value to compare with.
        return np.where(np.isfinite(found), found, 0.0)

    def exercised(self, state: Floats, date: int, left: Counts) -> tuple[Flags, Floats]:
        """Whether the policy exercises (n,) with so many rights left, and what that pays."""
        pays, onward, waiting = self._values(state, date)
        every = np.arange(len(left))
        takes = (left > 0) & (pays + onward[left - 1, every] > waiting[left, every])
        return takes, pays


def fitted(
    process: Process, payoff: Payoff, rights: Rights, *, paths: int = 50_000, seed: int = 0
) -> Policy:
    """A policy from least squares over simulated paths."""
    if len(rights.discounts) != process.dates:
        raise ValueError(f"discounts: expected {process.dates}, found {len(rights.discounts)}")
    rng = np.random.Generator(np.random.Philox(seed))
    states = _states(process, paths, rng)
    worth = np.zeros((rights.rights + 1, paths))
    left = np.arange(rights.rights + 1)
    scales = np.array([np.abs(state).mean(axis=0) for state in states])
    scales = np.where(scales > 0, scales, 1.0)
    found = None
    for date in reversed(range(process.dates)):
        pays = rights.discounts[date] * payoff(states[date], date)
        functions = _functions(process, scales[date], states[date], date, pays)
        if found is None:
            found = np.zeros((process.dates, rights.rights + 1, len(functions)))
        if date < process.dates - 1:
            found[date] = _regressed(functions, worth)
        onward = found[date] @ functions
        waits = rights.may_wait(left, process.dates - date)[1:, None]
        takes = ~waits | (pays + onward[:-1] > onward[1:])
        worth[1:] = np.where(takes, pays + worth[:-1], worth[1:])
    assert found is not None
    return Policy(process, payoff, rights, scales, found)


def lower_bound(policy: Policy, *, paths: int = 50_000, seed: int = 1) -> tuple[float, float]:
    """What the policy earns on fresh paths, and the standard error.

    Antithetic pairs, and the prices of all dates as control variates, whose means are the curve.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    process, half = policy.process, (paths + 1) // 2
    state = np.zeros((2 * half, process.factors))
    left = np.full(2 * half, policy.rights.rights)
    earned = np.zeros(2 * half)
    controls = np.empty((process.dates, half))
    for date in range(process.dates):
        drawn = rng.standard_normal((half, process.factors))
        state = process.step(state, date, np.concatenate((drawn, -drawn)))
        takes, pays = policy.exercised(state, date, left)
        earned += np.where(takes, pays, 0.0)
        left = left - takes
        prices = process.price(state, date)
        controls[date] = (prices[:half] + prices[half:]) / 2 - process.curve[date]
    pairs = (earned[:half] + earned[half:]) / 2
    around = controls - controls.mean(axis=1, keepdims=True)
    weights = np.linalg.lstsq(around @ around.T, around @ (pairs - pairs.mean()), rcond=1e-10)[0]
    steadied = pairs - weights @ controls
    return float(steadied.mean()), float(steadied.std(ddof=1) / np.sqrt(half))


def upper_bound(
    policy: Policy, *, paths: int = 1_000, inner: int = 64, seed: int = 2
) -> tuple[float, float]:
    """Mean of the dual along fresh paths, and its standard error.

    Inner draws are normals of a randomly shifted lattice: each is standard normal, so that their
    mean is unbiased, and together they are even. The price, whose expectation is its forward, is
    their control variate, by one weight a date and number of rights.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    process, count = policy.process, policy.rights.rights + 1
    states = [np.zeros((paths, process.factors)), *_states(process, paths, rng)]
    rises = np.empty((process.dates, count, paths))
    for date in range(process.dates):
        drawn = _lattice(rng, paths, inner, process.factors)
        inside = process.step(np.repeat(states[date], inner, axis=0), date, drawn)
        worth = policy.value(inside, date).reshape(count, paths, inner)
        prices = process.price(inside, date).reshape(paths, inner)
        around = prices - prices.mean(axis=1, keepdims=True)
        weights = (worth * around).sum(axis=(1, 2)) / (around**2).sum()
        due = prices.mean(axis=1) - _expected(process, states[date], date)
        rises[date] = policy.value(states[date + 1], date)
        rises[date] -= worth.mean(axis=2) - weights[:, None] * due
    seen = np.zeros((count, paths))
    left = np.arange(count)
    for date in reversed(range(process.dates)):
        pays = policy.rights.discounts[date] * policy.payoff(states[date + 1], date)
        waits = policy.rights.may_wait(left, process.dates - date)[:, None]
        onward = seen - rises[date + 1] if date + 1 < process.dates else seen
        seen = np.where(waits, onward, -np.inf)
        seen[1:] = np.maximum(seen[1:], pays + onward[:-1])
    total = seen[-1] - rises[0][-1]
    return float(total.mean()), float(total.std(ddof=1) / np.sqrt(paths))


def price_interval(
    process: Process,
    payoff: Payoff,
    rights: Rights,
    *,
    paths: int = 50_000,
    outer: int = 500,
    inner: int = 64,
    seed: int = 0,
) -> Interval:
    """Both bounds: `paths` for the fit and again for the policy, `outer` by `inner` for the dual.

    The same seed gives the same interval.
    """
    policy = fitted(process, payoff, rights, paths=paths, seed=3 * seed)
    lower, lower_error = lower_bound(policy, paths=paths, seed=3 * seed + 1)
    upper, upper_error = upper_bound(policy, paths=outer, inner=inner, seed=3 * seed + 2)
    return Interval(lower, upper, lower_error, upper_error)


def spot_less_strike(process: Process, strike: float, *, floored: bool = True) -> Payoff:
    """What a unit taken at a strike is worth on the spot; not below 0 where the taking is free."""

    def payoff(state: Floats, date: int) -> Floats:
        gain = process.price(state, date) - strike
        return np.maximum(gain, 0.0) if floored else gain

    return payoff


def capacity_call(
    process: Process, strike: float, shortage: Callable[[Floats], Floats], factor: float
) -> Payoff:
    """The right to hours, with an availability clause: on a date without shortage a unit is worth
    spot less strike, in shortage `factor` times the spot less strike, for that is what the rule
    pays where none can be had. `shortage` gives its probability at a price, (n,) to (n,); given
    the price, dates are independent.
    """
    if factor < 1:
        raise ValueError(f"factor: expected at least 1, found {factor}")

    def payoff(state: Floats, date: int) -> Floats:
        price = process.price(state, date)
        chance = shortage(price)
        short = np.maximum(factor * price - strike, 0.0)
        return np.asarray(chance * short + (1 - chance) * np.maximum(price - strike, 0.0))

    return payoff


def start_of_run(process: Process, strike: float, dates: int, units: Floats) -> Payoff:
    """A flexible start: exercise on a date buys `units` (dates,) on that date and those after it
    at the strike, valued at the forwards of the state. A run is cut at the last date.
    """

    def payoff(state: Floats, date: int) -> Floats:
        gain = np.zeros(len(state))
        for ahead in range(min(dates, process.dates - date)):
            gain += units[ahead] * (process.forward(state, date, date + ahead) - strike)
        return np.maximum(gain, 0.0)

    return payoff


def _expected(process: Process, state: Floats, date: int) -> Floats:
    """What the price of a date is expected to be, seen from the states of the date before."""
    if date == 0:
        return np.full(len(state), process.curve[0])
    return process.forward(state, date - 1, date)


def _states(process: Process, paths: int, rng: np.random.Generator) -> list[Floats]:
    """States of each date along paths."""
    state, found = np.zeros((paths, process.factors)), []
    for date in range(process.dates):
        state = process.step(state, date, rng.standard_normal((paths, process.factors)))
        found.append(state)
    return found


def _functions(process: Process, scale: Floats, state: Floats, date: int, pays: Floats) -> Floats:
    """Functions a continuation is fitted on (functions, n): products of the state's parts, each
    over its `scale`, up to the third degree, the price and the payoff.
    """
    parts = list((state / scale).T)
    columns = [np.ones(len(state))]
    for degree in range(1, DEGREE + 1):
        for chosen in combinations_with_replacement(parts, degree):
            column = chosen[0]
            for part in chosen[1:]:
                column = column * part
            columns.append(column)
    return np.array([*columns, process.price(state, date), pays])


def _regressed(functions: Floats, worth: Floats) -> Floats:
    """Coefficients (rights + 1, functions) by the normal equations; columns that repeat others get
    none.
    """
    system, right = functions @ functions.T, functions @ worth.T
    return np.asarray(np.linalg.lstsq(system, right, rcond=1e-11)[0].T)


def _lattice(rng: np.random.Generator, paths: int, inner: int, factors: int) -> Floats:
    """Standard normals (paths * inner, factors): a rank-one lattice, shifted anew for each path."""
    golden = (np.sqrt(5.0) - 1) / 2
    points = np.column_stack(
        [np.arange(inner) / inner, *(np.arange(inner) * golden**n % 1 for n in range(1, factors))]
    )
    shifted = (points[None] + rng.random((paths, 1, factors))) % 1.0
    return np.asarray(ndtri(np.clip(shifted, 1e-15, 1 - 1e-15)).reshape(-1, factors))

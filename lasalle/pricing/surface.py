"""The volatility surface of an index: a smile a month, from listed quotes where there are any.

What is quoted are options on a month's average, so a smile is one of the average of the dates still
to come, seasoned: log-moneyness k = ln(((K - known) / share) / forward), total variance the square
of that average's deviation. Months are averages of different dates; that variance grows from month
to month is what a consistent market shows and not an arbitrage that one could lock in. It is
reported all the same.

Every month takes the best that its quotes bear: SVI of its own from five strikes, the month's
variance in an SSVI surface fitted to all months together from one, else the model's deviation with
the surface's shape. Fits are by least squares of implied deviations at the middle of bid and
offer, each weighed by the width of its quote, with what lies outside bid and offer charged again.
A slice of its own that a butterfly could be traded against is not taken: the SSVI slice is, and the
report says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from lasalle.contracts import Month
from lasalle.pricing.average import AverageTerms
from lasalle.pricing.implied import Outcome, implied_deviation
from lasalle.pricing.normalised import Flags, Floats
from lasalle.pricing.svi import (
    Butterfly,
    Calendar,
    Slice,
    butterfly,
    calendar,
    flat_slice,
    ssvi_slice,
)

LEAST_STRIKES = 5
"""Strikes from which a month has a smile of its own."""
OUTSIDE = 10.0
"""What a deviation outside bid and offer is charged, over one inside."""
NARROWEST = 1e-4
"""Half-width of a quote, in deviation, below which it is not believed more."""


WINGS = np.array([0.5, 1.0, 2.0, 4.0])
"""Where beyond the outermost quotes a smile is compared with the shared one, in their distance."""
ASTRAY = 0.25
"""Part of a deviation by which a wing may differ for the price of half a quote's width."""


@dataclass(frozen=True, slots=True)
class ListedQuote:
    """Bid and offer of an option, USD per unit, 0 for none."""

    month: Month
    strike: float
    call: bool
    bid: float
    ask: float


@dataclass(frozen=True, slots=True)
class Read:
    """A strike of a month as quotes tell it: log-moneyness, deviations at bid, middle and offer."""

    strike: float
    k: float
    bid: float
    middle: float
    ask: float


@dataclass(frozen=True, slots=True)
class Smile:
    """A month of a surface: its slice, what that was made from (`svi`, `ssvi`, `model`), the quotes
    that were read, what was left out and why, and what could be traded against it.
    """

    month: Month
    terms: AverageTerms
    slice: Slice
    source: str
    read: tuple[Read, ...]
    left_out: tuple[str, ...]
    examined: Butterfly

    def deviation(self, strike: ArrayLike) -> Floats:
        """Deviation of the log of the average to come, for strikes on the whole average; that of
        the money where a strike is passed by what is known.
        """
        moved = (np.asarray(strike, float) - self.terms.known) / self.terms.share
        live = moved > 0.0
        k = np.where(live, np.log(np.where(live, moved, 1.0) / self.terms.forward), 0.0)
        return np.asarray(np.sqrt(np.maximum(self.slice.variance(k), 0.0)))

    @property
    def worst_miss(self) -> float:
        """Greatest deviation by which the smile lies outside a quote; 0 within all."""
        if not self.read:
            return 0.0
        found = np.sqrt(np.maximum(self.slice.variance([one.k for one in self.read]), 0.0))
        bids, asks = (np.array([getattr(r, n) for r in self.read]) for n in ("bid", "ask"))
        return float(np.max(np.maximum(np.maximum(bids - found, found - asks), 0.0)))


@dataclass(frozen=True, slots=True)
class Surface:
    """Smiles of an index by month as they stand on a day; `rho`, `eta` of the SSVI surface."""

    index: str
    day: date
    smiles: Mapping[Month, Smile]
    rho: float
    eta: float

    def deviation(self, month: Month, strike: ArrayLike) -> Floats:
        """Deviation of a month's average to come at strikes."""
        return self.smiles[month].deviation(strike)

    def growth(self) -> list[tuple[Month, Month, Calendar]]:
        """Each two neighbouring months compared."""
        months = sorted(self.smiles)
        return [
            (one, two, calendar(self.smiles[one].slice, self.smiles[two].slice))
            for one, two in pairwise(months)
        ]

    def faults(self) -> list[str]:
        """What could be traded against, in words; none for a surface in order."""
        found = []
        for month, smile in sorted(self.smiles.items()):
            seen = smile.examined
            if not seen.is_free:
                found.append(f"{month}: a butterfly at k = {seen.at:.3f}, g {seen.least_ratio:.2e}")
            if smile.worst_miss > NARROWEST:
                found.append(f"{month}: outside a quote by {smile.worst_miss:.4f} of deviation")
        for one, two, seen_growth in self.growth():
            if not seen_growth.is_free:
                lost, at = seen_growth.least_growth, seen_growth.at
                found.append(f"{one} to {two}: variance falls by {-lost:.2e} at k = {at:.3f}")
        return found


def calibrate(
    index: str, day: date, curve: Mapping[Month, AverageTerms], quotes: Iterable[ListedQuote]
) -> Surface:
    """The surface of a day; months of the curve whose dates are all known have no smile."""
    live = {month: terms for month, terms in curve.items() if terms.share > 0.0}
    by_month: dict[Month, list[ListedQuote]] = {month: [] for month in live}
    for quote in quotes:
        if quote.month in by_month:
            by_month[quote.month].append(quote)
    reads = {month: _read(live[month], found) for month, found in by_month.items()}
    rho, eta, at_money = _joint(live, {month: found for month, (found, _) in reads.items()})
    smiles = {}
    for month, terms in sorted(live.items()):
        read, left_out = reads[month]
        smiles[month] = _smile(month, terms, read, left_out, (rho, eta, at_money[month]))
    return Surface(index, day, smiles, rho, eta)


def _read(
    terms: AverageTerms, quotes: Sequence[ListedQuote]
) -> tuple[tuple[Read, ...], tuple[str, ...]]:
    """Strikes with bid and offer, out of the money; both sides at one strike are two readings."""
    found, left_out = [], []
    for quote in sorted(quotes, key=lambda one: (one.strike, one.call)):
        name = f"{'call' if quote.call else 'put'} {quote.strike:g}"
        moved = (quote.strike - terms.known) / terms.share
        if not (0.0 < quote.bid <= quote.ask):
            left_out.append(f"{name}: expected a bid and an offer at or above it")
            continue
        if moved <= 0.0:
            left_out.append(f"{name}: what is known has passed the strike")
            continue
        if quote.call != (moved >= terms.forward):
            left_out.append(f"{name}: in the money")
            continue
        prices = np.array([quote.bid, 0.5 * (quote.bid + quote.ask), quote.ask]) / terms.share
        implied = implied_deviation(quote.call, prices, terms.forward, moved)
        if not np.all(implied.outcome == Outcome.FOUND):
            met = Outcome(int(implied.outcome.max())).name.lower()
            left_out.append(f"{name}: no deviation gives its quote ({met})")
            continue
        bid, middle, ask = (float(x) for x in implied.found)
        found.append(Read(quote.strike, math.log(moved / terms.forward), bid, middle, ask))
    return tuple(found), tuple(left_out)


def _arrays(read: Sequence[Read]) -> tuple[Floats, Floats, Floats, Floats]:
    rows = np.array([(r.k, r.bid, r.middle, r.ask) for r in read], float).reshape(-1, 4)
    return rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3]


def _nearest(
    misfit: Callable[[Floats], Floats], begin: Floats, low: Floats, high: Floats
) -> Floats:
    """The point within bounds whose residuals have the least sum of squares."""
    # Loaded where a surface is fitted: most of what starts the command fits none, and it is heavy.
    from scipy.optimize import least_squares

    found: Floats = least_squares(misfit, begin, bounds=(low, high), x_scale="jac").x
    return found


def _misfit(variance: Floats, read: tuple[Floats, Floats, Floats, Floats]) -> Floats:
    """Residuals in half-widths of a quote: from the middle, and again from what is outside."""
    _, bid, middle, ask = read
    found = np.sqrt(np.maximum(variance, 1e-12))
    width = np.maximum(0.5 * (ask - bid), NARROWEST)
    outside = np.maximum(found - ask, 0.0) - np.maximum(bid - found, 0.0)
    return np.concatenate([(found - middle) / width, OUTSIDE * outside / width])


def _joint(
    live: Mapping[Month, AverageTerms], reads: Mapping[Month, tuple[Read, ...]]
) -> tuple[float, float, dict[Month, float]]:
    """(rho, eta, variance at the money by month) of the SSVI surface of all quotes together; a
    month without quotes has the model's variance, scaled as the months with quotes are.
    """
    model = {month: max(terms.deviation**2, 1e-8) for month, terms in live.items()}
    quoted = [month for month in sorted(live) if reads[month]]
    if not quoted:
        return 0.0, 0.0, model
    rows = {month: _arrays(reads[month]) for month in quoted}
    nearest = {m: float(rows[m][2][np.argmin(np.abs(rows[m][0]))]) ** 2 for m in quoted}
    start = np.array([0.0, 0.0, *(math.log(nearest[m]) for m in quoted)])
    # Two strikes or fewer bear no shape.
    shaped = max(len({r.k for r in reads[m]}) for m in quoted) >= 3

    def misfit(x: Floats) -> Floats:
        rho, eta = _shape(x) if shaped else (0.0, 0.0)
        parts = [
            _misfit(ssvi_slice(math.exp(level), rho, eta).variance(rows[month][0]), rows[month])
            for month, level in zip(quoted, x[2:], strict=True)
        ]
        # A weak pull to the middle decides what no quote says.
        return np.concatenate([*parts, 1e-3 * x[:2]])

    bounds = np.array([6.0, 6.0, *[np.inf] * len(quoted)])
    solved = _nearest(misfit, start, -bounds, bounds)
    rho, eta = _shape(solved) if shaped else (0.0, 0.0)
    level = {month: math.exp(x) for month, x in zip(quoted, solved[2:], strict=True)}
    scale = float(np.mean([level[month] / model[month] for month in quoted]))
    return rho, eta, {month: level.get(month, scale * model[month]) for month in live}


def _shape(x: Floats) -> tuple[float, float]:
    """rho and eta with eta (1 + |rho|) at most 2, from two free numbers."""
    rho = 0.999 * math.tanh(float(x[0]))
    return rho, 2.0 / (1.0 + abs(rho)) / (1.0 + math.exp(-float(x[1])))


def _smile(
    month: Month,
    terms: AverageTerms,
    read: tuple[Read, ...],
    left_out: tuple[str, ...],
    joint: tuple[float, float, float],
) -> Smile:
    rho, eta, at_money = joint
    shared = ssvi_slice(at_money, rho, eta) if eta > 0.0 else flat_slice(math.sqrt(at_money))
    source = "ssvi" if read else "model"
    taken = shared
    if len({one.k for one in read}) >= LEAST_STRIKES:
        own = _own(shared, _arrays(read))
        seen = butterfly(own)
        if seen.is_free:
            taken, source = own, "svi"
        else:
            left_out = (*left_out, f"SVI of its own: a butterfly at k = {seen.at:.3f}")
    return Smile(month, terms, taken, source, read, left_out, butterfly(taken))


def _own(shared: Slice, rows: tuple[Floats, Floats, Floats, Floats]) -> Slice:
    """SVI of one month from the shared slice on, variance and g held above 0; beyond the quotes,
    where nothing is told, not far from the shared slice.
    """
    width = max(float(np.ptp(rows[0])), 1e-3)
    begin = shared if shared.b > 0.0 else Slice(0.5 * shared.a, shared.a / width, 0.0, 0.0, width)
    start = np.array(
        [
            math.log(_floor(begin)),
            math.log(begin.b),
            math.atanh(begin.rho),
            begin.m,
            math.log(begin.s),
        ]
    )
    first, last = float(rows[0].min()), float(rows[0].max())
    k = np.linspace(first - width, last + width, 121)
    beyond = np.concatenate([first - width * WINGS, last + width * WINGS])
    known = np.sqrt(shared.variance(beyond))

    def misfit(x: Floats) -> Floats:
        of = _from_free(x)
        negative = np.minimum(of.density_ratio(k), 0.0)
        steep = max(0.0, of.b * (1.0 + abs(of.rho)) - 2.0)
        wings = np.sqrt(np.maximum(of.variance(beyond), 1e-12)) / known - 1.0
        pull = np.concatenate([wings / ASTRAY, 1e-3 * (x - start)])
        return np.concatenate(
            [_misfit(of.variance(rows[0]), rows), 100.0 * negative, [steep], pull]
        )

    high = np.array([5.0, 3.0, 4.0, 3.0 * width + abs(begin.m), 4.0])
    low = np.array([-25.0, -15.0, -4.0, -3.0 * width - abs(begin.m), -9.0])
    inside = np.clip(start, low + 1e-6, high - 1e-6)
    return _from_free(_nearest(misfit, inside, low, high))


def _floor(of: Slice) -> float:
    """The least variance of a slice."""
    return max(of.a + of.b * of.s * math.sqrt(1.0 - of.rho**2), 1e-10)


def _from_free(x: Floats) -> Slice:
    """A slice from the logs of its least variance, b and s, the artanh of rho, and m."""
    least, b, s = (math.exp(float(x[n])) for n in (0, 1, 4))
    rho = math.tanh(float(x[2]))
    return Slice(least - b * s * math.sqrt(1.0 - rho * rho), b, rho, float(x[3]), s)


def known_within(of: Smile, strikes: ArrayLike) -> Flags:
    """Where strikes lie between the outermost quotes: beyond them a smile is extrapolated."""
    at = np.asarray(strikes, float)
    if not of.read:
        return np.zeros(at.shape, bool)
    quoted = [one.strike for one in of.read]
    return np.asarray((at >= min(quoted)) & (at <= max(quoted)))

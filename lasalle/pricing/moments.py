"""Averages of lognormal fixings by their first two moments, one or ten thousand at once.

Sources: S. Turnbull and L. Wakeman, J. Financial and Quantitative Analysis 26(3), 1991; E. Levy, J.
International Money and Finance 11, 1992: the arithmetic average of the fixings to come is taken
as lognormal with its own mean M1 and second moment M2, deviation root(ln(M2 / M1^2)), and fixings
already known move the strike. Under one volatility s of the index the covariance of two dates is
s^2 times the earlier, so that M2 is a sum over the dates and not over their pairs.

How wrong that is grows with the deviation: `drawn_average_options` measures it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lasalle.pricing.average import AverageTerms
from lasalle.pricing.black import black, black_measures
from lasalle.pricing.normalised import Floats


@dataclass(frozen=True, slots=True)
class Averages:
    """Averages of blocks of dates, an element each: what is known, the share of dates to come,
    their expected mean and the deviation of the log of their mean. `per_volatility` and `per_year`
    are the slopes of the deviation by the volatility of the index, and by time that passes.
    """

    known: Floats
    share: Floats
    forward: Floats
    deviation: Floats
    per_volatility: Floats
    per_year: Floats

    @property
    def value(self) -> Floats:
        """Expected averages of whole blocks: of months, the values of their futures."""
        return np.asarray(self.known + self.share * self.forward)

    @classmethod
    def of(cls, terms: Iterable[AverageTerms], volatility: ArrayLike = 0.0) -> Averages:
        """Averages seen one by one. Their deviation is proportional to the volatility up to terms
        of its third power; how it shrinks with time they do not say.
        """
        rows = np.array([(t.known, t.share, t.forward, t.deviation) for t in terms], float)
        known, share, forward, deviation = rows.reshape(-1, 4).T
        sigma = np.broadcast_to(np.asarray(volatility, float), known.shape)
        slope = np.where(sigma > 0.0, deviation / np.where(sigma > 0.0, sigma, 1.0), 0.0)
        return cls(known, share, forward, deviation, slope, np.zeros(len(known)))


@dataclass(frozen=True, slots=True)
class AverageMeasures:
    """Value of average-price options; slopes by the value of the month future (`delta`, `gamma`),
    by a volatility of one, by a year that passes, by strike.
    """

    value: Floats
    delta: Floats
    gamma: Floats
    vega: Floats
    theta: Floats
    strike_delta: Floats


def flat_averages(
    forwards: ArrayLike,
    years: ArrayLike,
    volatility: ArrayLike,
    fixed_sum: ArrayLike = 0.0,
    fixed: ArrayLike = 0,
) -> Averages:
    """Averages of the dates to come, a row each, under one volatility a row.

    `forwards`: USD by date; `years`: distances, ascending, from 0; `fixed_sum` of `fixed` fixings
    that are known.
    """
    price = np.atleast_2d(np.asarray(forwards, float))
    left = np.broadcast_to(np.asarray(years, float), price.shape)
    sigma = np.broadcast_to(np.asarray(volatility, float), price.shape[:1])
    count = np.broadcast_to(np.asarray(fixed, float), price.shape[:1])
    if price.shape[1] == 0 or not np.all((price > 0.0) & (price < 1e12)):
        raise ValueError("forwards: expected numbers above 0, one or more a row")
    if not (np.all((left >= 0.0) & (left < 1e4)) and np.all(np.diff(left, axis=1) >= 0.0)):
        raise ValueError("years: expected ascending numbers from 0")
    if not np.all((sigma >= 0.0) & (sigma < 1e3)):
        raise ValueError("volatility: expected a number from 0")
    if not np.all((count >= 0.0) & (np.abs(fixed_sum) < 1e15)):
        raise ValueError("fixed: expected a count from 0 and the sum of as many fixings")
    total = price.sum(axis=1)
    # Each date with itself and twice with all after it: pairs by their earlier date.
    after = total[:, None] - np.cumsum(price, axis=1)
    pairs = price * (price + 2.0 * after)
    growth = np.expm1((sigma * sigma)[:, None] * left)
    square = total * total
    excess = np.einsum("nd,nd->n", pairs, growth) / square
    deviation = np.sqrt(np.log1p(np.maximum(excess, 0.0)))
    rate = np.einsum("nd,nd,nd->n", pairs, growth + 1.0, left) / (square * (1.0 + excess))
    moving = deviation > 0.0
    held = np.where(moving, deviation, 1.0)
    slope = np.where(moving, sigma * rate / held, np.sqrt(np.maximum(rate, 0.0)))
    dates = count + price.shape[1]
    return Averages(
        known=np.asarray(fixed_sum / dates),
        share=price.shape[1] / dates,
        forward=total / price.shape[1],
        deviation=deviation,
        per_volatility=slope,
        per_year=np.where(moving, -0.5 * sigma * sigma / held, 0.0),
    )


def average_options(
    call: ArrayLike, strike: ArrayLike, of: Averages, discount: ArrayLike = 1.0
) -> AverageMeasures:
    """Value and slopes of options on averages. One whose dates are all known is what it pays."""
    kind, at = np.asarray(call, bool), np.asarray(strike, float)
    live = of.share > 0.0
    share = np.where(live, of.share, 1.0)
    forward = np.where(live, of.forward, of.known)
    moved = np.where(live, (at - of.known) / share, at)
    found = black_measures(kind, forward, moved, np.where(live, of.deviation, 0.0))
    scale = np.asarray(discount, float)
    vega = scale * share * found.vega
    return AverageMeasures(
        value=scale * share * found.value,
        delta=np.where(live, scale * found.delta, 0.0),
        gamma=np.where(live, scale * found.gamma / share, 0.0),
        vega=vega * of.per_volatility,
        theta=vega * of.per_year,
        strike_delta=scale * found.strike_delta,
    )


def average_option(
    call: bool, terms: AverageTerms, strike: float, discount: float = 1.0
) -> tuple[float, float, float]:
    """Value, delta to the month future, and vega per unit of deviation of one option: an array of
    one.
    """
    rows = (terms.known, terms.share, terms.forward, terms.deviation, 1.0, 0.0)
    found = average_options(call, strike, Averages(*map(np.asarray, rows)), discount)
    return float(found.value), float(found.delta), float(found.vega)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Values by strike from draws, the deviation of each by the draw, and what that deviation would
    have been without the control.
    """

    value: Floats
    error: Floats
    error_without: Floats


def drawn_average_options(
    call: bool,
    strikes: ArrayLike,
    forwards: Floats,
    covariance: Floats,
    *,
    seed: int,
    paths: int = 100_000,
    known: float = 0.0,
    share: float = 1.0,
) -> Drawn:
    """Options on the average of lognormal fixings, drawn in antithetic pairs, with the option on
    the geometric average, which Black's formula prices exactly, as control.

    Source: A. Kemna and A. Vorst, "A pricing method for options based on average asset values",
    J. Banking and Finance 14, 1990. `covariance`: of the logarithms.
    """
    half, dates = paths // 2, len(forwards)
    if half < 2 or not 0.0 < share <= 1.0:
        raise ValueError("paths: expected 4 or more; share: expected above 0 and at most 1")
    moved = (np.atleast_1d(np.asarray(strikes, float)) - known) / share
    drift = np.log(forwards) - 0.5 * np.diag(covariance)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(values.clip(0.0))
    normal = np.random.default_rng(seed).standard_normal((half, dates)) @ root.T
    sign = 1.0 if call else -1.0
    paid, control = np.zeros((half, len(moved))), np.zeros((half, len(moved)))
    for side in (0.5, -0.5):
        logs = drift + 2.0 * side * normal
        arithmetic, geometric = np.exp(logs).mean(axis=1), np.exp(logs.mean(axis=1))
        paid += 0.5 * np.maximum(sign * (arithmetic[:, None] - moved), 0.0)
        control += 0.5 * np.maximum(sign * (geometric[:, None] - moved), 0.0)
    variance = float(covariance.mean())
    mean = math.exp(float(drift.mean()) + 0.5 * variance)
    exact = black(call, mean, moved, math.sqrt(max(variance, 0.0)))
    apart, against = paid - paid.mean(axis=0), control - control.mean(axis=0)
    spread = (against * against).sum(axis=0)
    beta = np.where(spread > 0.0, (apart * against).sum(axis=0) / np.maximum(spread, 1e-300), 0.0)
    rest = paid - beta * (control - exact)
    root_count = math.sqrt(half)
    return Drawn(
        share * rest.mean(axis=0),
        share * rest.std(axis=0, ddof=1) / root_count,
        share * paid.std(axis=0, ddof=1) / root_count,
    )

"""Substitution fitted to counts of offers, and decay and bend to the prices of the older grade."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from lasalle.pricing.processes.draws import uniforms
from lasalle.pricing.processes.estimation import Domain, Estimate, Parameter, estimates, maximise
from lasalle.pricing.processes.fitted import Fitted
from lasalle.pricing.processes.generations import Generation, Launch, Substitution
from lasalle.pricing.processes.history import DAYS_PER_YEAR, Floats

BOOTSTRAPS, STREAM = 400, 11
CANNOT = (
    "decay apart from bend while the substitution is early: both fall with time, and their "
    "estimates move against each other",
    "where the substitution ends: the share is taken to go to the whole, and a curve that has not "
    "reached half tells neither its lag nor its end",
    "volumes: shares are of offers listed, not of hours let",
    "the next generation: its bend is taken to be like the one fitted, one case",
)


@dataclass(frozen=True, slots=True)
class OfferCounts:
    """Offers of a grade and of its successor by date."""

    dates: tuple[date, ...]
    older: Floats
    newer: Floats


@dataclass(frozen=True, slots=True)
class ListPrices:
    """Prices of offers of one grade by date; an offer keeps its number, a seller too.

    Arrays of one length: days as ordinals, USD per GPU-hour, numbers of offer and of seller.
    """

    grade: str
    days: Floats
    prices: Floats
    offers: Floats
    sellers: Floats


def fit_substitution(
    counts: OfferCounts, launch: Launch
) -> tuple[Substitution, tuple[Estimate, ...]]:
    """Lag and width by the binomial likelihood of the successor's share from its launch on.

    Snapshots repeat the same offers: the robust and the bootstrap error hold, not the first.
    """
    age = np.array([(day - launch.let).days / DAYS_PER_YEAR for day in counts.dates])
    kept = age > 0.0
    if int(kept.sum()) < 5 or float(counts.newer[kept].sum()) <= 0.0:
        raise ValueError(
            f"{launch.grade}: expected offers on at least 5 dates after {launch.let}, "
            f"found {int(kept.sum())} dates and {counts.newer[kept].sum():g} offers"
        )
    older, newer, years = counts.older[kept], counts.newer[kept], age[kept]
    asked = (
        Parameter("lag", "years", low=-5.0, high=25.0),
        Parameter("width", "years", Domain.POSITIVE, 0.05, 20.0),
    )

    def contributions(sought: Floats) -> Floats:
        odds = (years - sought[0]) / math.exp(sought[1])
        return np.asarray(newer * np.log(expit(odds)) + older * np.log(expit(-odds)))

    best = maximise(
        asked,
        lambda at: float(contributions(at).sum()),
        [np.array([1.0, 0.0]), np.array([4.0, 1.0])],
    )
    made = Substitution(float(best.sought[0]), math.exp(float(best.sought[1])))
    return made, estimates(asked, best, contributions)


def fit_generation(
    prices: ListPrices,
    substitution: Substitution,
    launch: Launch,
    successors: Sequence[tuple[date, float]],
) -> Fitted[Generation]:
    """Decay and bend by least squares within offers, the substitution curve given.

    Errors: of independent residuals; of residuals alike within a seller (sandwich by clusters);
    and of sellers drawn again. Raises ValueError with fewer than 3 sellers.
    """
    years = (prices.days - prices.days.min()) / DAYS_PER_YEAR
    first = date.fromordinal(int(prices.days.min()))
    age = (first - launch.let).days / DAYS_PER_YEAR + years
    logs = np.log(prices.prices)
    slopes = np.stack([-years, -substitution.share(age)], axis=1)
    offers, number = np.unique(prices.offers, return_inverse=True)
    within = _within(np.column_stack([logs, slopes]), number, len(offers))
    sellers, group = np.unique(prices.sellers, return_inverse=True)
    if len(sellers) < 3:
        raise ValueError(f"{prices.grade}: expected at least 3 sellers, found {len(sellers)}")
    if float(np.max(np.abs(within[:, 0]))) < 1e-9:
        raise ValueError(
            f"{prices.grade}: expected an offer whose price changed, found none of {len(offers)}"
        )
    blocks = [within[group == n] for n in range(len(sellers))]
    found, residuals, spread = _clustered(within, blocks, len(offers))
    last = prices.days == prices.days.max()
    day = date.fromordinal(int(prices.days.max()))
    made = Generation(
        level=float(np.median(logs[last])),
        decay=found[0].value,
        bend=found[1].value,
        substitution=substitution,
        volatility=_volatility(logs, prices),
        successors=tuple(successors),
        day=day,
    )
    return Fitted(
        name="generations",
        history=prices.grade,
        fitted_on=day,
        process=made,
        estimates=found,
        log_likelihood=-0.5 * len(logs) * (math.log(2.0 * math.pi * spread) + 1.0),
        observations=len(logs),
        converged=True,
        residuals=residuals / math.sqrt(spread),
        cannot_tell=CANNOT,
    )


def _clustered(
    within: Floats, blocks: list[Floats], offers: int
) -> tuple[tuple[Estimate, ...], Floats, float]:
    """(decay and bend with errors, residuals, their variance); blocks are rows by seller."""
    coefficients, residuals = _regressed(within)
    inverse = np.linalg.pinv(within[:, 1:].T @ within[:, 1:])
    spread = float(residuals @ residuals) / max(len(residuals) - offers - 2, 1)
    told = [block[:, 1:].T @ (block[:, 0] - block[:, 1:] @ coefficients) for block in blocks]
    meat = sum(np.outer(one, one) for one in told) * len(blocks) / (len(blocks) - 1)
    robust = inverse @ meat @ inverse
    drawn = uniforms(0, STREAM, 0, BOOTSTRAPS, len(blocks))
    again = [
        _regressed(np.concatenate([blocks[int(pick * len(blocks))] for pick in row]))[0]
        for row in drawn
    ]
    bootstrap = np.std(again, axis=0)
    found = tuple(
        Estimate(
            name,
            unit,
            float(coefficients[n]),
            math.sqrt(spread * inverse[n, n]),
            math.inf,
            math.sqrt(robust[n, n]),
            float(bootstrap[n]),
        )
        for n, (name, unit) in enumerate((("decay", "a year"), ("bend", "log price")))
    )
    return found, residuals, spread


def _within(columns: Floats, number: NDArray[np.int64], count: int) -> Floats:
    """Columns less the mean of their offer."""
    sizes = np.bincount(number, minlength=count)
    means = np.stack([np.bincount(number, column, count) / sizes for column in columns.T], axis=1)
    return np.asarray(columns - means[number])


def _regressed(rows: Floats) -> tuple[Floats, Floats]:
    """(coefficients, residuals) of the first column on the others."""
    found, *_ = np.linalg.lstsq(rows[:, 1:], rows[:, 0], rcond=None)
    coefficients = np.asarray(found, float)
    return coefficients, rows[:, 0] - rows[:, 1:] @ coefficients


def _volatility(logs: Floats, prices: ListPrices) -> float:
    """Of the mean matched move of the offers, a year; list prices, so it is a lower bound."""
    days = np.unique(prices.days)
    squares = 0.0
    for before, after in pairwise(days):
        earlier, later = (
            dict(zip(prices.offers[prices.days == day], logs[prices.days == day], strict=True))
            for day in (before, after)
        )
        both = earlier.keys() & later.keys()
        if both:
            squares += float(np.mean([later[n] - earlier[n] for n in both])) ** 2
    return math.sqrt(squares / (float(days[-1] - days[0]) / DAYS_PER_YEAR))

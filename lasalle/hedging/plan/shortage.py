"""Whether hours are to be had, week by week, for a grade and its substitutes together.

One latent factor of scarcity runs through weeks and grades: each grade's own state is a standard
normal that shares the factor, both wear off from week to week, and the grade is short while its
state lies below the quantile of the probability that its price of the week gives. So a shortage
lasts, substitutes tend to be short with the grade, and each alone is short as often as stated at
the price there is (a Gaussian copula: D. Li, Journal of Fixed Income 9, 2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.need import Supply
from lasalle.hedging.plan.weeks import STEP_DAYS
from lasalle.pricing.processes.availability import Availability
from lasalle.pricing.processes.draws import normals

SCARCITY = 130
"""Stream of the factor's draws; those of the grades follow it."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
STEADIEST = 0.9995


@dataclass(frozen=True, slots=True)
class Scarcity:
    """How scarce hours are: share of the time that is short at the forward price, log odds added a
    unit of log price over it, mean length of a shortage in days, correlation of grades.
    """

    share: float
    slope: float
    lasts_days: float
    common: float
    fitted: bool = False


def scarcity_of(supply: Supply, availability: Availability | None) -> Scarcity:
    """Of a need as stated; where availability is fitted, its dependence on price and the length of
    its shortages, at the usual price and depth of the marketplace. The share is stated either way.
    """
    if availability is None:
        return Scarcity(supply.shortage, supply.slope, supply.lasts_days, supply.common)
    # Log odds of short: log of mean days closed less that of mean days open, at two prices.
    days = [
        (float(availability.opening.mean_days(x, 0.0)), float(availability.closing.mean_days(x, 0)))
        for x in (0.0, 0.1)
    ]
    odds = [np.log(short / open_) for short, open_ in days]
    slope = float(odds[1] - odds[0]) / 0.1
    return Scarcity(supply.shortage, slope, days[0][0], supply.common, fitted=True)


def both_below(quantile: float, correlation: float) -> float:
    """Probability that two standard normals so correlated lie below one quantile: the integral of
    the density over the correlation (Owen 1956), by Gauss and Legendre to about 1e-8 up to 0.99.
    """
    # In the angle whose sine is the correlation the density has no pole at 1.
    angle = np.arcsin(correlation)
    at = angle * 0.5 * (NODES + 1.0)
    density = np.exp(-(quantile**2) / (1.0 + np.sin(at))) / (2.0 * np.pi)
    return float(ndtr(quantile) ** 2 + 0.5 * angle * (WEIGHTS @ density))


def steadiness(of: Scarcity) -> float:
    """Correlation of a state with that of the week before, such that a shortage lasts as stated on
    average, seen week by week; 0 where it passes within the week.
    """
    quantile, weeks = float(ndtri(of.share)), of.lasts_days / STEP_DAYS
    low, high = 0.0, STEADIEST
    for _ in range(50):
        middle = 0.5 * (low + high)
        stays = both_below(quantile, middle) / of.share
        if 1.0 / max(1.0 - stays, 1e-12) < weeks:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high) if high > 1e-9 else 0.0


def shortages(
    of: Scarcity, deviations: Sequence[Floats], seed: int
) -> tuple[NDArray[np.bool_], ...]:
    """Whether each grade is short, (paths, weeks) each, given its log price over the forward."""
    count, weeks = deviations[0].shape
    if of.share <= 0.0:
        return tuple(np.zeros((count, weeks), dtype=bool) for _ in deviations)
    keep = steadiness(of)
    shared = _wearing(normals(seed, SCARCITY, 0, count, weeks), keep)
    odds = of.share / (1.0 - of.share)
    found = []
    for number, deviation in enumerate(deviations):
        state = np.sqrt(of.common) * shared
        if of.common < 1.0:
            own = _wearing(normals(seed, SCARCITY + 10 + number, 0, count, weeks), keep)
            state = state + np.sqrt(1.0 - of.common) * own
        tilted = odds * np.exp(of.slope * deviation)
        found.append(ndtr(state) < tilted / (1.0 + tilted))
    return tuple(found)


def _wearing(drawn: Floats, keep: float) -> Floats:
    """Standard normals of which each week keeps a part of the last."""
    fresh, rows = np.sqrt(1.0 - keep**2), drawn.T.copy()
    for week in range(1, len(rows)):
        rows[week] = keep * rows[week - 1] + fresh * rows[week]
    return rows.T

"""Lifetimes of a pool forecast one after the other: the rate at which a pool takes machines away is
not known, differs between pools and drifts, so what was seen of the pool lately counts most.

A gamma law of the rate, moved by what ended and by the hours at risk, each fading with its age; the
next lifetime is then of Lomax's law. The three parameters are those that forecast best before a
cut.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from lasalle.credit.lifetimes import Lifetime, censored_at, distance_from_uniform

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Credence:
    """Endings and hours as if seen before, and hours after which a sight counts a third of it."""

    endings: float
    hours: float
    memory: float


@dataclass(frozen=True)
class Forecast:
    """What was known of a pool when a lifetime began: endings and hours."""

    endings: float
    hours: float

    def survival(self, hours: float) -> float:
        """Probability of lasting longer."""
        return float((self.hours / (self.hours + hours)) ** self.endings)

    def log_density(self, hours: float, ended: bool) -> float:
        """Log-likelihood of a lifetime that ended, or was still held."""
        rest = self.endings * math.log(self.hours / (self.hours + hours))
        return rest + (math.log(self.endings / (self.hours + hours)) if ended else 0.0)


def _seen(
    prior: Credence, lives: Sequence[Lifetime], of: Sequence[tuple[str, float]]
) -> tuple[Floats, Floats]:
    """Endings and hours known of pools at moments, by nothing that came later."""
    pools = sorted({life.pool for life in lives} | {pool for pool, _ in of})
    began, hours = (np.array([getattr(x, n) for x in lives], float) for n in ("began", "hours"))
    ended = np.array([x.ended for x in lives], bool)
    own = np.array([pools.index(x.pool) for x in lives], int)
    at = np.array([moment for _, moment in of], float)[:, None]
    asked = np.array([pools.index(pool) for pool, _ in of], int)[:, None]
    counts = (own == asked) & (began < at)
    seen = np.minimum(hours, np.maximum(at - began, 0.0))
    over = ended & (began + hours <= at)
    fades = np.where(counts, np.exp(-np.maximum(at - began - seen, 0.0) / prior.memory), 0.0)
    endings = prior.endings + (fades * over).sum(axis=1)
    return np.asarray(endings, float), np.asarray(prior.hours + (fades * seen).sum(axis=1), float)


def forecast(prior: Credence, lives: Sequence[Lifetime], pool: str, at: float) -> Forecast:
    """What a pool is thought to do at a moment, by nothing that came later."""
    endings, hours = _seen(prior, lives, [(pool, at)])
    return Forecast(float(endings[0]), float(hours[0]))


def score(prior: Credence, lives: Sequence[Lifetime], of: Sequence[Lifetime]) -> float:
    """Log-likelihood of lifetimes, each forecast when it began."""
    endings, hours = _seen(prior, lives, [(life.pool, life.began) for life in of])
    lasted = np.array([life.hours for life in of])
    ended = np.array([float(life.ended) for life in of])
    rest = endings * np.log(hours / (hours + lasted))
    return float(np.sum(rest + ended * np.log(endings / (hours + lasted))))


def fitted_credence(lives: Sequence[Lifetime]) -> Credence:
    """The prior and the memory that forecast what is known best."""

    def lost(x: Floats) -> float:
        kept = np.clip(x, -6.0, 8.0)
        prior = Credence(*(math.exp(float(v)) for v in kept))
        return -score(prior, lives, lives) + float(np.sum((x - kept) ** 2))

    start = np.array([0.0, 1.5, 2.5])
    done = minimize(lost, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-4})
    return Credence(*(math.exp(float(v)) for v in np.clip(done.x, -6.0, 8.0)))


@dataclass(frozen=True)
class PoolTest:
    """As a back-test of a law: log score a lifetime, shares within, distance and probability, and
    endings expected by when each was seen last with what was found."""

    prior: Credence
    known: int
    later: int
    ended: int
    score: float
    within_half: float
    within_most: float
    distance: float
    probability: float
    expected_ended: float
    deviation: float


def pool_test(lives: Sequence[Lifetime], cut: float, seed: int = 1) -> PoolTest:
    """Parameters from what was known at a cut; each later lifetime forecast when it began."""
    known = censored_at(lives, cut)
    prior = fitted_credence(known)
    later = [life for life in lives if life.began >= cut]
    told, hazard, total = [], 0.0, 0.0
    drawn = np.random.default_rng(seed).random(len(later))
    for life, uniform in zip(later, drawn, strict=True):
        seen = forecast(prior, lives, life.pool, life.began)
        survival = seen.survival(life.hours)
        told.append(1 - survival * (1.0 if life.ended else uniform))
        hazard -= math.log(survival)
        total += seen.log_density(life.hours, life.ended)
    transforms = np.array(told)
    distance, probability = distance_from_uniform(transforms)
    return PoolTest(
        prior,
        len(known),
        len(later),
        sum(life.ended for life in later),
        total / len(later),
        float(np.mean((transforms > 0.25) & (transforms < 0.75))),
        float(np.mean((transforms > 0.10) & (transforms < 0.90))),
        distance,
        probability,
        hazard,
        math.sqrt(hazard),
    )

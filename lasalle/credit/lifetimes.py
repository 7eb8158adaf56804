"""How long machines are left to who rents them: lifetimes, some still running when seen last,
fitted and tested on those that began later.

E. Kaplan and P. Meier, JASA 53, 1958; J. Lawless, Statistical Models and Methods for Lifetime Data,
2003.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import kolmogorov, log_ndtr, ndtr, ndtri

from lasalle.credit.model import CreditError

Floats = NDArray[np.float64]
LAWS = ("exponential", "weibull", "lognormal")
LEAST_ENDED = 5
"""Lifetimes that ended, to fit a law to."""


@dataclass(frozen=True)
class Lifetime:
    """When a machine was got, hours since any one epoch, how long it was held, and whether it was
    taken away (else it was still held when seen last); the pool it is of."""

    began: float
    hours: float
    ended: bool
    pool: str


@dataclass(frozen=True)
class Law:
    """A law of lifetimes: log-hours are `location` + `scale` times the standard law of its name;
    an exponential has scale 1."""

    name: str
    location: float
    scale: float
    likelihood: float
    parameters: int

    @property
    def information(self) -> float:
        """Akaike's criterion: lower is better."""
        return 2 * self.parameters - 2 * self.likelihood

    def survival(self, hours: Floats) -> Floats:
        """Probability of lasting longer."""
        z = (np.log(hours) - self.location) / self.scale
        return np.asarray(ndtr(-z) if self.name == "lognormal" else np.exp(-np.exp(z)))

    def quantile(self, share: float) -> float:
        """Hours that a share of lifetimes does not pass."""
        z = float(ndtri(share)) if self.name == "lognormal" else math.log(-math.log1p(-share))
        return math.exp(self.location + self.scale * z)


def log_likelihood(name: str, location: float, scale: float, hours: Floats, ended: Floats) -> float:
    """Of lifetimes that ended by their density, of those that did not by their survival."""
    log_hours = np.log(hours)
    z = (log_hours - location) / scale
    if name == "lognormal":
        density = -(z**2) / 2 - math.log(math.sqrt(2 * math.pi) * scale) - log_hours
        survival = log_ndtr(-z)
    else:
        survival = -np.exp(np.minimum(z, 700.0))
        density = z + survival - math.log(scale) - log_hours
    return float(np.sum(np.where(ended > 0, density, survival)))


def fitted(name: str, lives: Sequence[Lifetime]) -> Law:
    """The law of greatest likelihood. Raises CreditError for too few that ended."""
    hours = np.array([life.hours for life in lives])
    ended = np.array([float(life.ended) for life in lives])
    if ended.sum() < LEAST_ENDED:
        raise CreditError(f"lifetimes: expected {LEAST_ENDED} that ended, found {ended.sum():.0f}")
    if (hours <= 0).any():
        raise CreditError(f"lifetimes: expected hours above 0, found {hours.min()}")
    if name == "exponential":
        location = math.log(hours.sum() / ended.sum())
        found = log_likelihood("weibull", location, 1.0, hours, ended)
        return Law(name, location, 1.0, found, 1)

    def lost(x: Floats) -> float:
        return -log_likelihood(name, float(x[0]), math.exp(float(x[1])), hours, ended)

    start = np.array([math.log(hours.sum() / ended.sum()), 0.0])
    done = minimize(lost, start, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-9})
    return Law(name, float(done.x[0]), math.exp(float(done.x[1])), -float(done.fun), 2)


def kaplan_meier(lives: Sequence[Lifetime]) -> tuple[Floats, Floats]:
    """Hours at which some ended, and the share that lasts longer."""
    ended = np.array(sorted({life.hours for life in lives if life.ended}))
    share, survival = 1.0, []
    for at in ended:
        risk = sum(life.hours >= at for life in lives)
        gone = sum(life.ended and life.hours == at for life in lives)
        share *= 1 - gone / risk
        survival.append(share)
    return ended, np.array(survival)


def censored_at(lives: Sequence[Lifetime], cut: float) -> tuple[Lifetime, ...]:
    """What was known at a moment: lifetimes begun before it, those that ended later still held."""
    return tuple(
        life
        if life.began + life.hours <= cut
        else Lifetime(life.began, cut - life.began, False, life.pool)
        for life in lives
        if life.began < cut
    )


def transforms(law: Law, lives: Sequence[Lifetime], seed: int) -> Floats:
    """Probability integral transforms: uniform where the law holds. One that is still held lies
    somewhere beyond what was seen, drawn there."""
    hours = np.array([life.hours for life in lives])
    ended = np.array([life.ended for life in lives])
    survival = law.survival(hours)
    drawn = np.random.default_rng(seed).random(len(lives))
    return np.asarray(np.where(ended, 1 - survival, 1 - survival * drawn))


def distance_from_uniform(told: Floats) -> tuple[float, float]:
    """Kolmogorov and Smirnov's distance of transforms from the uniform law, and the probability of
    one so large where it holds, by Stephens's approximation (JASA 69, 1974)."""
    many, ordered = len(told), np.sort(told)
    above = float(np.max(np.arange(1, many + 1) / many - ordered))
    below = float(np.max(ordered - np.arange(many) / many))
    distance = max(above, below)
    root = math.sqrt(many)
    return distance, float(kolmogorov((root + 0.12 + 0.11 / root) * distance))


@dataclass(frozen=True)
class BackTest:
    """A law fitted to what was known at a cut, on lifetimes that began later: how many, how many of
    them ended, log score a lifetime, what share lies within the middle half and four fifths of the
    law, Kolmogorov and Smirnov's distance of the transforms with its probability, and how many were
    expected to end by when they were seen last, with its deviation."""

    law: Law
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


def back_test(name: str, lives: Sequence[Lifetime], cut: float, seed: int = 1) -> BackTest:
    """Fitted on one side of a moment, tested on the other."""
    known = censored_at(lives, cut)
    later = [life for life in lives if life.began >= cut]
    law = fitted(name, known)
    hours = np.array([life.hours for life in later])
    ended = np.array([float(life.ended) for life in later])
    kind = "lognormal" if name == "lognormal" else "weibull"
    score = log_likelihood(kind, law.location, law.scale, hours, ended) / len(later)
    told = transforms(law, later, seed)
    distance, probability = distance_from_uniform(told)
    # Cumulative hazards are what a point process of endings is expected to have counted.
    hazard = float(-np.log(law.survival(hours)).sum())
    return BackTest(
        law,
        len(known),
        len(later),
        int(ended.sum()),
        score,
        float(np.mean((told > 0.25) & (told < 0.75))),
        float(np.mean((told > 0.10) & (told < 0.90))),
        distance,
        probability,
        hazard,
        math.sqrt(hazard),
    )

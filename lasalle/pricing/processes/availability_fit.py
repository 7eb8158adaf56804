"""Availability fitted to offers by time, and lifetimes of what was let and taken away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import chdtri, ndtri

from lasalle.pricing.processes.availability import Availability, Hazard
from lasalle.pricing.processes.draws import uniforms
from lasalle.pricing.processes.estimation import (
    Domain,
    Estimate,
    Parameter,
    estimates,
    maximise,
)
from lasalle.pricing.processes.fitted import Fitted
from lasalle.pricing.processes.history import Floats

CANNOT = (
    "sizes beyond the offers seen: what holds for sixteen offers is drawn out to thousands of "
    "accelerators by one coefficient, and one fabric is asked for by none of the data",
    "a shortage that lasts longer than the history: months of 2023 are in no panel by the hour",
    "cause: a high price and a shortage may both come from demand; the coefficient is a "
    "dependence, not what a higher bid would open",
    "whether an offer that is listed would in truth be let",
)
LEAST_SHARE = 0.005
"""A size that is short, or open, for less of the time than this tells hazards badly."""
WEAR = (-0.95, 1.5)


@dataclass(frozen=True, slots=True)
class OfferHistory:
    """Offers that could be had of several grades by time.

    `days` ascend, in days; `available` and `prices` have shape (times, grades), prices in USD per
    unit and positive, NaN where a grade was not seen.
    """

    name: str
    grades: tuple[str, ...]
    day: date
    days: Floats
    available: Floats
    prices: Floats

    def __post_init__(self) -> None:
        shape = (len(self.days), len(self.grades))
        if self.available.shape != shape or self.prices.shape != shape or len(self.days) < 10:
            raise ValueError(
                f"{self.name}: expected at least 10 times and shape {shape}, "
                f"found {self.available.shape} and {self.prices.shape}"
            )
        if bool(np.any(np.diff(self.days) <= 0.0)):
            raise ValueError(f"{self.name}: expected times that ascend")


@dataclass(frozen=True, slots=True)
class Spells:
    """Each step of each grade and size: state, what it became, what the hazard depends on.

    Arrays of shape (steps, series); NaN in `deviation` where a step is not seen.
    """

    short: Floats
    became: Floats
    deviation: Floats
    doublings: Floats
    lasted: Floats
    step: Floats


def spells(history: OfferHistory, sizes: tuple[float, ...]) -> Spells:
    """States of every grade at every size that is at times open and at times short."""
    short, deviation, doublings, lasted = [], [], [], []
    for grade in range(len(history.grades)):
        offers = history.available[:, grade]
        logs = np.log(history.prices[:, grade])
        depth = float(np.nanmean(offers))
        for size in sizes:
            state = np.where(np.isnan(offers), np.nan, (offers < size).astype(float))
            share = float(np.nanmean(state))
            if not LEAST_SHARE < share < 1.0 - LEAST_SHARE:
                continue
            short.append(state)
            deviation.append(logs - np.nanmean(logs))
            doublings.append(math.log2(size / depth))
            lasted.append(_lasted(state, history.days))
    if not short:
        raise ValueError(f"{history.name}: expected a size at times short, found none of {sizes}")
    states = np.stack(short, axis=1)
    return Spells(
        short=states[:-1],
        became=states[1:],
        deviation=np.stack(deviation, axis=1)[:-1],
        doublings=np.array(doublings),
        lasted=np.stack(lasted, axis=1)[:-1],
        step=np.diff(history.days)[:, None],
    )


def _lasted(state: Floats, days: Floats) -> Floats:
    """Days since the state began, or since it was first seen; at least half the first step."""
    found, since = np.empty(len(state)), days[0]
    for at in range(len(state)):
        if at and state[at] != state[at - 1]:
            since = days[at]
        found[at] = days[at] - since
    return np.asarray(found + 0.5 * float(np.median(np.diff(days))))


PARAMETERS = tuple(
    Parameter(f"{state} {name}", unit, domain, low, high)
    for state in ("closing", "opening")
    for name, unit, domain, low, high in (
        ("base", "log, a day", Domain.FREE, -12.0, 8.0),
        ("price", "log hazard by log price", Domain.FREE, -40.0, 40.0),
        ("size", "log hazard by doubling", Domain.FREE, -15.0, 15.0),
        ("wear", "log hazard by log days", Domain.FREE, *WEAR),
    )
)


def change_probability(seen: Spells, sought: Floats) -> tuple[Floats, Floats]:
    """Probabilities of (short after open, short after short) of each step, both hazards held."""
    logs = []
    for n in (0, 4):
        base, price, size, wear = sought[n : n + 4]
        logs.append(base + price * seen.deviation + size * seen.doublings)
        logs[-1] = logs[-1] + wear * np.log(seen.lasted) * (seen.short == (n > 0))
    closing, opening = np.exp(np.clip(logs, -30.0, 12.0))
    total = closing + opening
    kept, share = np.exp(-total * seen.step), closing / total
    return share * (1.0 - kept), share + (1.0 - share) * kept


def fit_availability(
    history: OfferHistory,
    sizes: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 12.0, 16.0),
    *,
    errors: bool = True,
) -> Fitted[Availability]:
    """Hazards fitted to all grades and sizes together; a time is one contribution.

    Sizes of one grade move together, so the scores of a time are added before the errors are
    reckoned: the robust and the bootstrap error hold, that of the curvature is too small.
    """
    seen = spells(history, sizes)
    known = ~(np.isnan(seen.short) | np.isnan(seen.became) | np.isnan(seen.deviation))

    def short_after(sought: Floats) -> Floats:
        opened, shorted = change_probability(seen, sought)
        return np.where(seen.short > 0.5, shorted, opened)

    def contributions(sought: Floats) -> Floats:
        chance = np.clip(short_after(sought), 1e-12, 1.0 - 1e-12)
        told = np.where(seen.became > 0.5, np.log(chance), np.log1p(-chance))
        return np.asarray(np.where(known, told, 0.0).sum(axis=1))

    starts = [np.array([0.0, 0.0, 1.0, wear, 0.0, 0.0, -1.0, wear]) for wear in (0.0, -0.4)]
    best = maximise(PARAMETERS, lambda at: float(contributions(at).sum()), starts)
    values = [float(value) for value in best.sought]
    made = Availability(
        closing=Hazard(*values[:4]),
        opening=Hazard(*values[4:]),
        depth=float(np.nanmean(history.available)),
        usual_log_price=float(np.nanmean(np.log(history.prices))),
        day=history.day,
    )
    chance = short_after(best.sought)
    draws = uniforms(0, 9, 0, 1, chance.size).reshape(chance.shape)
    came_short = seen.became > 0.5
    # A state places an outcome in an interval; a draw places it within.
    placed = np.where(came_short, 1.0 - draws * chance, draws * (1.0 - chance))
    return Fitted(
        name="availability",
        history=history.name,
        fitted_on=history.day,
        process=made,
        estimates=estimates(PARAMETERS, best, contributions) if errors else (),
        log_likelihood=best.log_likelihood,
        observations=int(known.sum()),
        converged=best.converged,
        residuals=np.asarray(ndtri(np.clip(placed[known], 1e-12, 1.0 - 1e-12))),
        cannot_tell=CANNOT,
    )


def of_grade(made: Availability, history: OfferHistory, grade: str) -> Availability:
    """The same hazards around the usual depth and price of one grade."""
    at = history.grades.index(grade)
    return Availability(
        made.closing,
        made.opening,
        float(np.nanmean(history.available[:, at])),
        float(np.nanmean(np.log(history.prices[:, at]))),
        history.day,
    )


def fit_lifetimes(hours: Floats, taken: Floats, sizes: Floats) -> tuple[Estimate, ...]:
    """Weibull law of hours until what was let is taken away; `taken` is 0 where it was not yet.

    Median hours at one accelerator = scale ln(2)^(1 / shape); by doubling of the size the scale
    changes by a factor exp(size).
    """
    if not len(hours) == len(taken) == len(sizes) or bool(np.any(hours <= 0.0)):
        raise ValueError("lifetimes: expected arrays of one length and hours above 0")
    asked = (
        Parameter("scale", "hours", Domain.POSITIVE),
        Parameter("shape", "", Domain.POSITIVE, 0.05, 20.0),
        Parameter("size", "log hours by doubling", low=-10.0, high=10.0),
    )

    def contributions(sought: Floats) -> Floats:
        shape = math.exp(sought[1])
        logs = np.log(hours) - sought[0] - sought[2] * np.log2(sizes)
        hazard = np.log(shape) + shape * logs - np.log(hours)
        return np.asarray(taken * hazard - np.exp(shape * logs))

    start = np.array([math.log(float(np.mean(hours))), 0.0, 0.0])
    best = maximise(asked, lambda at: float(contributions(at).sum()), [start])
    return estimates(asked, best, contributions)


def closing_bound(closings: int, open_days: float) -> float:
    """Greatest hazard of closing, a day, that 95 % allow when so few closings were seen.

    The exact bound of a Poisson count; three over the days seen where there was none.
    """
    return float(chdtri(2 * closings + 2, 0.05)) / (2.0 * open_days)

"""Mean-reverting jumps fitted by maximum likelihood, at any distances of dates."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr, ndtri

from lasalle.pricing.processes.estimation import Domain, Parameter, estimates, maximise
from lasalle.pricing.processes.fitted import Fitted
from lasalle.pricing.processes.history import DAYS_PER_YEAR, Floats, PriceHistory
from lasalle.pricing.processes.jumps import MeanRevertingJumps

STANDS_STILL = 1e-9
"""Relative move below which a list price was not renewed."""
LIST_SHARE = 0.25
"""Share of dates without a move from which a price is a list's; a traded price, which at times
does not move by a tick, stays below it and counts as fresh on each date."""
CANNOT = (
    "the mean of a jump apart from its deviation, with fewer than some twenty jumps",
    "the level apart from the speed of reversion, in a history that crosses it seldom",
    "the moment of a renewal between two dates seen: it counts as the later one",
    "how far a jump has faded by the date it is seen: the law given their number is normal",
)
RENEWAL = Parameter("renewal", "a year", Domain.POSITIVE, 0.05, 400.0)


@dataclass(frozen=True, slots=True)
class Steps:
    """A list price by date: what it was renewed to, and what stood still.

    `renewed` marks the dates, from the second on, on which it is not what it was; `waited` are
    the years since the renewal before; `waits` those between the dates seen.
    """

    logs: Floats
    renewed: Floats
    waited: Floats
    before: Floats
    waits: Floats
    dates: tuple[date, ...]


def steps_of(history: PriceHistory) -> Steps:
    """A history taken apart into renewals and stillness."""
    held = history.seen()
    flat = np.abs(np.diff(np.log(held.prices))) <= STANDS_STILL
    listed = float(np.mean(flat)) >= LIST_SHARE
    logs, days = np.log(held.prices), [day.toordinal() for day in held.dates]
    renewed, waited, before = [], [], []
    last, shown = days[0], float(logs[0])
    for day, log in zip(days[1:], logs[1:].tolist(), strict=True):
        fresh = not listed or abs(log - shown) > STANDS_STILL
        renewed.append(float(fresh))
        waited.append((day - last) / DAYS_PER_YEAR)
        before.append(shown)
        if fresh:
            last, shown = day, log
    return Steps(
        logs, np.array(renewed), np.array(waited), np.array(before), history_waits(days), held.dates
    )


def history_waits(days: list[int]) -> Floats:
    """Years between ordinals."""
    return np.diff(np.array(days, float)) / DAYS_PER_YEAR


def parameters(logs: Floats, still: bool) -> tuple[Parameter, ...]:
    """What is fitted; the level is sought within a factor of three of the prices seen, and what
    comes more often than once a fortnight is no jump.
    """
    low, high = float(logs.min()) - 1.1, float(logs.max()) + 1.1
    found = (
        Parameter("reversion", "a year", Domain.POSITIVE, 0.01, 200.0),
        Parameter("level", "log price", low=low, high=high),
        Parameter("volatility", "a year", Domain.POSITIVE, 0.02, 20.0),
        Parameter("intensity", "jumps a year", Domain.POSITIVE, 0.02, 26.0),
        Parameter("jump mean", "log price", low=-2.0, high=2.0),
        Parameter("jump deviation", "log price", Domain.POSITIVE, 0.01, 2.0),
    )
    return (*found, RENEWAL) if still else found


def fit_jumps(history: PriceHistory, *, errors: bool = True) -> Fitted[MeanRevertingJumps]:
    """The process fitted; the price of a date may stand still, and is then a list's.

    Raises ValueError with fewer than eight renewals: six parameters need more.
    """
    seen = steps_of(history)
    moved = seen.renewed > 0.0
    if int(moved.sum()) < 8:
        raise ValueError(
            f"{history.name}: expected at least 8 moves of the price, found {int(moved.sum())}"
        )
    still = not bool(np.all(moved))
    asked = parameters(seen.logs, still)

    def process(sought: Floats) -> MeanRevertingJumps:
        values = [one.value(float(at)) for one, at in zip(asked, sought, strict=True)]
        renewal = values[6] if still else math.inf
        since = 0.0 if moved[-1] else float(seen.waited[-1])
        speed, level, volatility, intensity, mean, deviation = values[:6]
        return MeanRevertingJumps(
            speed,
            level,
            volatility,
            intensity,
            mean,
            deviation,
            renewal,
            seen.dates[-1],
            float(seen.logs[-1]),
            since,
        )

    def contributions(sought: Floats) -> Floats:
        made = process(sought)
        told = np.zeros(len(moved))
        weights, means, deviations = made.move(seen.before[moved], seen.waited[moved])
        scaled = (seen.logs[1:][moved, None] - means) / deviations
        density = np.log(weights + 1e-300) - 0.5 * scaled**2 - np.log(deviations)
        told[moved] = logsumexp(density, axis=1) - 0.5 * math.log(2.0 * math.pi)
        if still:
            chance = np.log(-np.expm1(-made.renewal * seen.waits))
            told += np.where(moved, chance, -made.renewal * seen.waits)
        return told

    best = maximise(asked, lambda at: float(contributions(at).sum()), _starts(asked, seen, moved))
    made = process(best.sought)
    weights, means, deviations = made.move(seen.before[moved], seen.waited[moved])
    placed = np.sum(weights * ndtr((seen.logs[1:][moved, None] - means) / deviations), axis=1)
    return Fitted(
        name="jumps",
        history=history.name,
        fitted_on=seen.dates[-1],
        process=made,
        estimates=estimates(asked, best, contributions) if errors else (),
        log_likelihood=best.log_likelihood,
        observations=len(moved),
        converged=best.converged,
        residuals=np.asarray(ndtri(np.clip(placed, 1e-12, 1.0 - 1e-12))),
        cannot_tell=CANNOT,
    )


def _starts(asked: tuple[Parameter, ...], seen: Steps, keep: NDArray[np.bool_]) -> list[Floats]:
    """Seldom great jumps and frequent small ones; quiet volatility from the middle of moves."""
    moves = (seen.logs[1:] - seen.before)[keep]
    waited = seen.waited[keep]
    quiet = max(float(np.median(np.abs(moves) / np.sqrt(waited))) / 0.6745, 0.02)
    renewal = max(float(keep.sum()) / float(seen.waits.sum()), 0.1)
    great = max(float(np.quantile(np.abs(moves), 0.95)), 0.03)
    found = []
    for reversion, intensity in ((1.0, 2.0), (6.0, 10.0)):
        values = [reversion, float(seen.logs.mean()), quiet, intensity, 0.0, great, renewal]
        found.append(np.array([p.sought(v) for p, v in zip(asked, values, strict=False)]))
    return found


def refreshed(process: MeanRevertingJumps, history: PriceHistory) -> MeanRevertingJumps:
    """The same parameters on the last day of a history."""
    seen = steps_of(history)
    fresh = bool(seen.renewed[-1]) or math.isinf(process.renewal)
    since = 0.0 if fresh else float(seen.waited[-1])
    return replace(process, day=seen.dates[-1], log_price=float(seen.logs[-1]), since=since)


def jump_probability(
    fitted: Fitted[MeanRevertingJumps], history: PriceHistory
) -> dict[date, float]:
    """Probability that the step of each renewal holds at least one jump."""
    seen = steps_of(history)
    keep = seen.renewed > 0.0
    weights, means, deviations = fitted.process.move(seen.before[keep], seen.waited[keep])
    scaled = (seen.logs[1:][keep, None] - means) / deviations
    density = np.log(weights + 1e-300) - 0.5 * scaled**2 - np.log(deviations)
    none = np.exp(density[:, 0] - logsumexp(density, axis=1))
    days = [day for day, fresh in zip(seen.dates[1:], keep, strict=True) if fresh]
    return {day: 1.0 - float(p) for day, p in zip(days, none, strict=True)}

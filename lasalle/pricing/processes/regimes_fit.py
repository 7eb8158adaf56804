"""Regime switching fitted by maximum likelihood through Hamilton's filter.

The slope of the likelihood is taken by differences, all parameters moved in one run of the
filter: the loop over dates carries every moved point at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.special import ndtr, ndtri

from lasalle.pricing.processes.estimation import Domain, Parameter, estimates, maximise
from lasalle.pricing.processes.fitted import Fitted
from lasalle.pricing.processes.history import Floats, PriceHistory
from lasalle.pricing.processes.regimes import RegimeSwitching, stationary

CALMEST = 0.01
"""Least volatility a year: a price that stands still for weeks would have none, and an infinite
likelihood with it."""
CANNOT = (
    "the rate of leaving a regime that was visited few times: its error is about the rate over "
    "the square root of the visits",
    "the drift of a regime, whose error is its volatility over the square root of the years in it",
    "the number of regimes: the ratio of likelihoods has no usual law there, compare BIC with care",
)
STEP = 1e-5


@dataclass(frozen=True, slots=True)
class Moves:
    """Log moves, steps in years, and the number of each step among the distinct ones."""

    moves: Floats
    steps: Floats
    distinct: Floats
    number: NDArray[np.int64]


def moves_of(history: PriceHistory) -> Moves:
    """A history as what moves; steps that differ by less than an hour are one."""
    steps, moves = history.moves()
    distinct, number = np.unique(np.round(steps, 5), return_inverse=True)
    return Moves(moves, steps, distinct, number)


def parameters(regimes: int) -> tuple[Parameter, ...]:
    """Drift and volatility of each regime, rate from each to each other."""
    names = range(1, regimes + 1)
    return (
        *(Parameter(f"drift {n}", "a year", low=-30.0, high=30.0) for n in names),
        *(Parameter(f"volatility {n}", "a year", Domain.POSITIVE, CALMEST, 20.0) for n in names),
        *(
            Parameter(f"rate {a} to {b}", "a year", Domain.POSITIVE, 0.01, 300.0)
            for a in names
            for b in names
            if a != b
        ),
    )


def _read(sought: Floats, regimes: int) -> tuple[Floats, Floats, Floats]:
    """(drifts, volatilities, rates) at a point of the search space."""
    rates = np.zeros((regimes, regimes))
    rates[~np.eye(regimes, dtype=bool)] = np.exp(sought[2 * regimes :])
    np.fill_diagonal(rates, -rates.sum(axis=1))
    return sought[:regimes], np.exp(sought[regimes : 2 * regimes]), rates


@dataclass(frozen=True, slots=True)
class Run:
    """Of each point searched (first axis): log-likelihood by date, regimes before and after."""

    told: Floats
    predicted: Floats
    filtered: Floats


def hamilton(seen: Moves, points: Floats, regimes: int) -> Run:
    """The filter at several points at once, started from each point's stationary law."""
    parts = [_read(point, regimes) for point in points]
    jumps = _transitions(np.array([part[2] for part in parts]), seen.distinct)
    drift, spread = (np.array([part[n] for part in parts])[:, None, :] for n in (0, 1))
    deviation = spread * np.sqrt(seen.steps)[:, None]
    scaled = (seen.moves[:, None] - drift * seen.steps[:, None]) / deviation
    logs = -0.5 * scaled**2 - np.log(deviation) - 0.5 * math.log(2.0 * math.pi)
    top = logs.max(axis=2)
    density = np.exp(logs - top[:, :, None])
    held = np.array([stationary(q) for _, _, q in parts])
    count = len(seen.moves)
    told, shape = np.empty((len(points), count)), (len(points), count, regimes)
    before, after = np.empty(shape), np.empty(shape)
    for at in range(count):
        held = np.matmul(held[:, None, :], jumps[:, seen.number[at]])[:, 0]
        before[:, at] = held
        held = held * density[:, at]
        total = held.sum(axis=1)
        told[:, at] = total
        held = held / total[:, None]
        after[:, at] = held
    return Run(np.log(told) + top, before, after)


def _transitions(rates: Floats, years: Floats) -> Floats:
    """Transition probabilities of every point and distinct step, shape (points, steps, n, n)."""
    if rates.shape[-1] != 2:
        return np.asarray(expm(rates[:, None] * years[:, None, None]))
    # Two regimes have a closed form, and a search asks for thousands of them.
    leaves, returns = rates[:, 0, 1][:, None], rates[:, 1, 0][:, None]
    gone = -np.expm1(-(leaves + returns) * years) / (leaves + returns)
    to_second, to_first = leaves * gone, returns * gone
    rows = [1.0 - to_second, to_second, to_first, 1.0 - to_first]
    return np.stack(rows, axis=-1).reshape(*gone.shape, 2, 2)


def smoothed(seen: Moves, run: Run, rates: Floats) -> Floats:
    """Probabilities of the regimes of each move given the whole history (Kim)."""
    predicted, found = run.predicted[0], run.filtered[0].copy()
    jumps = [expm(rates * years) for years in seen.distinct]
    for at in range(len(found) - 2, -1, -1):
        ahead = found[at + 1] / np.maximum(predicted[at + 1], 1e-300)
        found[at] *= jumps[seen.number[at + 1]] @ ahead
    return np.asarray(found)


def fit_regimes(
    history: PriceHistory, regimes: int = 2, *, errors: bool = True
) -> Fitted[RegimeSwitching]:
    """Two or three regimes, calm first. Raises ValueError with fewer than 40 moves."""
    seen = moves_of(history)
    if regimes not in (2, 3) or len(seen.moves) < 40:
        raise ValueError(
            f"{history.name}: expected 2 or 3 regimes and at least 40 moves, "
            f"found {regimes} and {len(seen.moves)}"
        )
    asked = parameters(regimes)

    def contributions(sought: Floats) -> Floats:
        return np.asarray(hamilton(seen, sought[None], regimes).told[0])

    def both(sought: Floats) -> tuple[float, Floats]:
        """Likelihood and slope, from one run."""
        moved = np.concatenate([sought + STEP * np.eye(len(sought)), sought[None]])
        told = hamilton(seen, moved, regimes).told.sum(axis=1)
        return float(told[-1]), np.asarray((told[:-1] - told[-1]) / STEP)

    best = maximise(asked, lambda at: both(at)[0], _starts(seen, regimes), both)
    order = np.argsort(best.sought[regimes : 2 * regimes])
    sought = _reordered(best.sought, order)
    drifts, volatilities, rates = _read(sought, regimes)
    run = hamilton(seen, sought[None], regimes)
    held = history.seen()
    made = RegimeSwitching(
        drifts,
        volatilities,
        rates,
        held.dates[-1],
        float(np.log(held.prices[-1])),
        run.filtered[0, -1],
        float(np.median(seen.steps)),
    )
    scaled = (seen.moves[:, None] - drifts * seen.steps[:, None]) / (
        volatilities * np.sqrt(seen.steps)[:, None]
    )
    placed = np.clip(np.sum(run.predicted[0] * ndtr(scaled), axis=1), 1e-12, 1.0 - 1e-12)
    found = type(best)(sought, best.log_likelihood, best.converged)
    return Fitted(
        name=f"regimes-{regimes}",
        history=history.name,
        fitted_on=held.dates[-1],
        process=made,
        estimates=estimates(asked, found, contributions) if errors else (),
        log_likelihood=best.log_likelihood,
        observations=len(seen.moves),
        converged=best.converged,
        residuals=np.asarray(ndtri(placed)),
        cannot_tell=CANNOT,
    )


def refreshed(process: RegimeSwitching, history: PriceHistory) -> RegimeSwitching:
    """The same parameters on the last day of a history."""
    seen, held = moves_of(history), history.seen()
    run = hamilton(seen, sought_of(process)[None], len(process.drifts))
    return replace(
        process,
        day=held.dates[-1],
        log_price=float(np.log(held.prices[-1])),
        probabilities=run.filtered[0, -1],
    )


def sought_of(process: RegimeSwitching) -> Floats:
    """The point of the search space of a process."""
    off = ~np.eye(len(process.drifts), dtype=bool)
    return np.concatenate(
        [process.drifts, np.log(process.volatilities), np.log(process.rates[off])]
    )


def regime_probabilities(fitted: Fitted[RegimeSwitching], history: PriceHistory) -> Floats:
    """Smoothed probabilities of the regimes of each move, shape (moves, regimes)."""
    seen, made = moves_of(history), fitted.process
    run = hamilton(seen, sought_of(made)[None], len(made.drifts))
    return smoothed(seen, run, made.rates)


def _reordered(sought: Floats, order: NDArray[np.int64]) -> Floats:
    regimes = len(order)
    drifts, volatilities, rates = _read(sought, regimes)
    turned = rates[np.ix_(order, order)]
    off = ~np.eye(regimes, dtype=bool)
    return np.concatenate([drifts[order], np.log(volatilities[order]), np.log(turned[off])])


def _starts(seen: Moves, regimes: int) -> list[Floats]:
    """Volatilities apart from each other around the one of all moves; short and long visits."""
    whole = max(math.sqrt(float(np.sum(seen.moves**2) / np.sum(seen.steps))), 2.0 * CALMEST)
    apart = {2: (0.4, 1.8), 3: (0.25, 0.8, 2.5)}[regimes]
    usual = 1.0 / float(np.median(seen.steps))
    found = []
    for share in (0.02, 0.15):
        rates = np.full(regimes * (regimes - 1), math.log(share * usual))
        spread = np.log(np.maximum(whole * np.array(apart), 1.1 * CALMEST))
        found.append(np.concatenate([np.zeros(regimes), spread, rates]))
    return found

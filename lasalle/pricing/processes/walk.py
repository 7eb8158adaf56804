"""Forecasts walked through a history: each uses what was known on its day, and is scored later.

Benchmarks: a random walk with the deviation of all moves so far, and historical simulation, the
moves over the same distance so far, each smeared by Silverman's width unless it was none. The
difference of two scores is tested as F. Diebold and R. Mariano, Journal of Business and Economic
Statistics 13, 1995, with the variance of Newey and West over the overlap of the forecasts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from lasalle.pricing.processes import jumps_fit, regimes_fit
from lasalle.pricing.processes.diagnostics import Test, coverage, uniformity
from lasalle.pricing.processes.draws import uniforms
from lasalle.pricing.processes.history import DAYS_PER_YEAR, Floats, PriceHistory
from lasalle.pricing.processes.jumps import MeanRevertingJumps
from lasalle.pricing.processes.laws import Law
from lasalle.pricing.processes.regimes import RegimeSwitching
from lasalle.pricing.processes.two_factor_fit import fit_price

Forecast = Callable[[float], Law]
Forecaster = Callable[[PriceHistory, bool], Forecast]
"""A history, and whether to fit anew, to a law of the log price by distance in years."""
BENCHMARKS = ("random walk", "historical simulation")
STREAM = 8


def random_walk(history: PriceHistory, _fit: bool) -> Forecast:
    """Normal around today's price, no drift."""
    steps, moves = history.moves()
    volatility = max(math.sqrt(float(np.sum(moves**2)) / float(steps.sum())), 1e-4)
    log = float(np.log(history.seen().prices[-1]))
    return lambda years: Law.normal(log, volatility * math.sqrt(years))


def historical_simulation(history: PriceHistory, _fit: bool) -> Forecast:
    """Today's price moved by each move over the distance that the history holds."""
    held = history.seen()
    logs = np.log(held.prices)
    days = np.array([day.toordinal() for day in held.dates])

    def law(years: float) -> Law:
        span = round(years * DAYS_PER_YEAR)
        ends = np.searchsorted(days, days + span)
        begins = np.flatnonzero(ends < len(days))
        moves = logs[ends[begins]] - logs[begins]
        if len(moves) == 0:
            moves = np.zeros(1)
        great = moves[moves != 0.0]
        width = 1.06 * float(np.std(great)) * len(great) ** -0.2 if len(great) > 1 else 0.01
        deviations = np.where(moves == 0.0, 0.0, max(width, 1e-3))
        return Law(np.full(len(moves), 1.0 / len(moves)), logs[-1] + moves, deviations)

    return law


def two_factors(assumed: Mapping[str, float]) -> Forecaster:
    """Schwartz and Smith, some parameters assumed; between fits the factors alone follow."""
    held: dict[str, float] = {}

    def forecast(history: PriceHistory, fit: bool) -> Forecast:
        if fit or not held:
            made = fit_price(history, held=dict(assumed), errors=False).process
            held.update(
                {
                    "reversion": made.reversion,
                    "short volatility": made.short_volatility,
                    "long volatility": made.long_volatility,
                    "correlation": made.correlation,
                    "drift": made.drift,
                }
            )
            return made.law
        return fit_price(history, held=held, errors=False).process.law

    return forecast


def jumps() -> Forecaster:
    """Mean-reverting jumps, in a list that stands still between renewals."""
    held: list[MeanRevertingJumps] = []

    def forecast(history: PriceHistory, fit: bool) -> Forecast:
        if fit or not held:
            held[:] = [jumps_fit.fit_jumps(history, errors=False).process]
        return jumps_fit.refreshed(held[0], history).law

    return forecast


def regimes(count: int = 2) -> Forecaster:
    """Regime switching."""
    held: list[RegimeSwitching] = []

    def forecast(history: PriceHistory, fit: bool) -> Forecast:
        if fit or not held:
            held[:] = [regimes_fit.fit_regimes(history, count, errors=False).process]
        return regimes_fit.refreshed(held[0], history).law

    return forecast


def forecasters() -> dict[str, Forecaster]:
    """Every process of a price alone, and the benchmarks first."""
    return {
        "random walk": random_walk,
        "historical simulation": historical_simulation,
        "schwartz-smith": two_factors({"correlation": 0.0}),
        "schwartz-smith, no drift": two_factors({"correlation": 0.0, "drift": 0.0}),
        "jumps": jumps(),
        "regimes-2": regimes(),
    }


@dataclass(frozen=True, slots=True)
class Score:
    """Forecasts of one model over one distance: means, and what stands against a benchmark.

    `crps` in log price, smaller is better; `log_score` greater is better. `against` has by
    benchmark (mean difference of CRPS, its t statistic): below zero the model is better.
    """

    model: str
    days: int
    forecasts: int
    crps: float
    log_score: float
    coverage_90: float
    uniform: Test
    against: Mapping[str, tuple[float, float]]


def walk(
    history: PriceHistory,
    models: Mapping[str, Forecaster],
    horizons: Sequence[int],
    *,
    first: int = 60,
    fit_every: int = 13,
) -> tuple[Score, ...]:
    """Scores by distance in days and model, from the date number `first` of the history on.

    A distance ends at the first date at or after it; 0 is the next date, one step.
    """
    held = history.seen()
    if len(held.dates) < first + 10:
        raise ValueError(
            f"{history.name}: expected at least {first + 10} prices, found {len(held.dates)}"
        )
    logs = np.log(held.prices)
    kept: dict[tuple[int, str], list[tuple[float, float, float]]] = {}
    for origin in range(first, len(held.dates) - 1):
        known = held.until(held.dates[origin])
        anew = (origin - first) % fit_every == 0
        laws = {name: model(known, anew) for name, model in models.items()}
        draw = float(uniforms(origin, STREAM, 0, 1, 1)[0, 0])
        for days in horizons:
            end = _end(held, origin, days)
            if end is None:
                continue
            years = (held.dates[end] - held.dates[origin]).days / DAYS_PER_YEAR
            for name, law in laws.items():
                made, came = law(years), float(logs[end])
                row = (made.crps(came), made.log_score(came), made.pit(came, draw))
                kept.setdefault((days, name), []).append(row)
    return tuple(_scored(kept, days, name, held) for days, name in kept)


def _end(held: PriceHistory, origin: int, days: int) -> int | None:
    """The date at which a forecast ends, None beyond the history."""
    if days == 0:
        return origin + 1
    until = held.dates[origin] + timedelta(days=days)
    for index in range(origin + 1, len(held.dates)):
        if held.dates[index] >= until:
            return index
    return None


def _scored(
    kept: Mapping[tuple[int, str], list[tuple[float, float, float]]],
    days: int,
    name: str,
    held: PriceHistory,
) -> Score:
    rows = np.array(kept[days, name])
    apart = (held.dates[-1] - held.dates[0]).days / (len(held.dates) - 1)
    lags = round(days / apart)
    against = {
        other: _diebold_mariano(rows[:, 0] - np.array(kept[days, other])[:, 0], lags)
        for other in BENCHMARKS
        if (days, other) in kept and other != name
    }
    return Score(
        name,
        days,
        len(rows),
        float(rows[:, 0].mean()),
        float(rows[:, 1].mean()),
        coverage(rows[:, 2]),
        uniformity(rows[:, 2]),
        against,
    )


def _diebold_mariano(difference: Floats, lags: int) -> tuple[float, float]:
    """(mean difference, its t statistic)."""
    centred, count = difference - difference.mean(), len(difference)
    variance = float(centred @ centred) / count
    for lag in range(1, min(lags, count - 1) + 1):
        weight = 1.0 - lag / (lags + 1.0)
        variance += 2.0 * weight * float(centred[lag:] @ centred[:-lag]) / count
    error = math.sqrt(max(variance, 1e-300) / count)
    return float(difference.mean()), float(difference.mean()) / error

"""Walks of forecasts: each sees its past alone, and the better model has the better score."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.pricing.processes.history import PriceHistory
from lasalle.pricing.processes.laws import Law
from lasalle.pricing.processes.walk import (
    Forecast,
    historical_simulation,
    jumps,
    random_walk,
    regimes,
    two_factors,
    walk,
)

DAY = date(2024, 1, 1)
WEEKS = tuple(DAY + timedelta(days=7 * n) for n in range(160))


def wandering(seed: int = 1, deviation: float = 0.05) -> PriceHistory:
    moves = np.random.default_rng(seed).normal(0.0, deviation, len(WEEKS))
    return PriceHistory("x", WEEKS, np.exp(np.cumsum(moves)))


def test_on_a_random_walk_the_random_walk_is_calibrated_and_better_than_one_too_wide() -> None:
    def too_wide(history: PriceHistory, fit: bool) -> Forecast:
        narrow = random_walk(history, fit)
        return lambda years: Law.normal(narrow(years).mean, 3.0 * math.sqrt(narrow(years).variance))

    models = {
        "random walk": random_walk,
        "historical simulation": historical_simulation,
        "too wide": too_wide,
    }
    scores = {(s.model, s.days): s for s in walk(wandering(), models, (0, 30))}
    right, wide = scores["random walk", 0], scores["too wide", 0]
    assert right.forecasts == 99
    assert right.uniform.p_value > 0.01
    assert right.coverage_90 == pytest.approx(0.9, abs=0.07)
    assert wide.crps > right.crps
    assert wide.against["random walk"][1] > 3.0
    assert wide.log_score < right.log_score
    assert wide.coverage_90 > 0.98
    assert scores["random walk", 30].forecasts < 99


def test_no_forecaster_sees_what_comes() -> None:
    history = wandering()
    day = WEEKS[60]
    bent = history.prices.copy()
    bent[61:] *= 3.0
    later = PriceHistory("x", WEEKS, bent)
    models = (
        random_walk,
        historical_simulation,
        two_factors({"drift": 0.0, "correlation": 0.0}),
        jumps(),
        regimes(),
    )
    for model in models:
        laws = [model(one.until(day), True)(0.1) for one in (history, later)]
        assert (laws[0].mean, laws[0].variance) == (laws[1].mean, laws[1].variance)


def test_a_walk_needs_a_history() -> None:
    with pytest.raises(ValueError, match="at least 70 prices"):
        walk(wandering().until(WEEKS[50]), {"random walk": random_walk}, (0,))

"""Regimes: the filter against all paths written out, moments, parameters, and statsmodels."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from scipy.linalg import expm, logm
from scipy.stats import binom, norm

from lasalle.pricing.processes.history import PriceHistory
from lasalle.pricing.processes.regimes import RegimeSwitching, stationary
from lasalle.pricing.processes.regimes_fit import (
    Moves,
    fit_regimes,
    hamilton,
    regime_probabilities,
    sought_of,
)

DAY = date(2024, 1, 1)
STEP = 7 / 365
TWO = RegimeSwitching(
    np.array([0.1, -0.4]),
    np.array([0.2, 1.2]),
    np.array([[-4.0, 4.0], [12.0, -12.0]]),
    DAY,
    1.0,
    np.array([0.75, 0.25]),
    STEP,
)
RATES = np.array([[-6.0, 4.0, 2.0], [3.0, -5.0, 2.0], [1.0, 9.0, -10.0]])
THREE = RegimeSwitching(
    np.array([0.0, 0.2, -0.5]), np.array([0.1, 0.5, 1.5]), RATES, DAY, 0.0, stationary(RATES), STEP
)


def weeks(count: int) -> tuple[date, ...]:
    return tuple(DAY + timedelta(days=7 * n) for n in range(1, count + 1))


@pytest.mark.parametrize("process", [TWO, THREE], ids=["two", "three"])
def test_the_filter_sums_over_every_path_of_regimes(process: RegimeSwitching) -> None:
    steps = np.array([7.0, 3.0, 14.0, 7.0]) / 365.0
    moves = np.array([0.01, -0.05, 0.2, 0.0])
    distinct, number = np.unique(steps, return_inverse=True)
    seen = Moves(moves, steps, distinct, number)
    told = hamilton(seen, sought_of(process)[None], len(process.drifts)).told.sum()
    whole, start = 0.0, stationary(process.rates)
    jumps = [expm(process.rates * years) for years in steps]
    for path in product(range(len(process.drifts)), repeat=len(moves)):
        chance, before = 1.0, None
        for at, regime in enumerate(path):
            move = jumps[at]
            chance *= float(start @ move[:, regime]) if before is None else move[before, regime]
            mean = process.drifts[regime] * steps[at]
            spread = process.volatilities[regime] * math.sqrt(steps[at])
            chance *= norm.pdf(moves[at], mean, spread)
            before = regime
        whole += chance
    assert told == pytest.approx(math.log(whole), rel=1e-10)


@pytest.mark.parametrize("process", [TWO, THREE], ids=["two", "three"])
def test_law_paths_and_exact_moments_agree(process: RegimeSwitching) -> None:
    years = 20 * STEP
    end = DAY + timedelta(days=140)
    mean, variance = process.log_moments(years)
    law = process.law(years)
    logs = np.log(process.simulate(4, 40_000, (end,)))[:, 0]
    assert float(law.weights.sum()) == pytest.approx(1.0)
    assert law.mean == pytest.approx(mean, abs=0.01)
    assert law.variance == pytest.approx(variance, rel=0.05), "steps of a week against none"
    assert logs.mean() == pytest.approx(law.mean, abs=4.0 * math.sqrt(law.variance / 40_000))
    assert logs.var() == pytest.approx(law.variance, rel=0.05)
    assert law.expected_price() == pytest.approx(process.forward(years), rel=0.03)


def test_one_regime_twice_is_no_regime() -> None:
    same = RegimeSwitching(
        np.full(2, 0.1), np.full(2, 0.3), TWO.rates, DAY, 0.0, np.full(2, 0.5), STEP
    )
    assert same.forward(2.0) == pytest.approx(math.exp(2.0 * (0.1 + 0.045)))
    assert same.log_moments(2.0) == pytest.approx((0.2, 0.18))


@pytest.mark.slow
def test_parameters_are_found_again_and_their_errors_cover() -> None:
    truth = {
        "volatility 1": 0.2, "volatility 2": 1.2, "drift 1": 0.1, "rate 1 to 2": 4.0,
        "rate 2 to 1": 12.0,
    }  # fmt: skip
    held, runs = 0, 5
    for seed in range(runs):
        history = PriceHistory("x", weeks(300), TWO.simulate(seed, 1, weeks(300))[0])
        fitted = fit_regimes(history)
        for name, value in truth.items():
            found = fitted.estimate(name)
            held += abs(found.value - value) < 1.96 * found.error
    count = runs * len(truth)
    assert held / count > binom.ppf(0.001, count, 0.93) / count, held / count


def test_smoothed_probabilities_find_the_wild_weeks() -> None:
    drawn = np.random.default_rng(1)
    spread = np.where((np.arange(200) > 90) & (np.arange(200) < 120), 0.15, 0.02)
    prices = np.exp(np.cumsum(drawn.normal(size=200) * spread))
    history = PriceHistory("x", weeks(200), prices)
    wild = regime_probabilities(fit_regimes(history, errors=False), history)[:, 1]
    assert wild[95:115].mean() > 0.9
    assert wild[:80].mean() < 0.1
    assert wild[130:].mean() < 0.1


def test_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 40 moves"):
        fit_regimes(PriceHistory("x", weeks(20), np.linspace(1.0, 2.0, 20)))


def test_statsmodels_finds_the_same_likelihood_and_the_same_regimes() -> None:
    peer = pytest.importorskip(
        "statsmodels.tsa.regime_switching.markov_regression", reason="statsmodels is not installed"
    )
    history = PriceHistory("x", weeks(250), TWO.simulate(8, 1, weeks(250))[0])
    fitted = fit_regimes(history, errors=False)
    moves = np.diff(np.log(history.prices))
    model = peer.MarkovRegression(100.0 * moves, k_regimes=2, switching_variance=True)
    made = fitted.process
    move = made.transition(STEP)
    named = {
        "p[0->0]": move[0, 0], "p[1->0]": move[1, 0],
        "const[0]": 100.0 * made.drifts[0] * STEP, "const[1]": 100.0 * made.drifts[1] * STEP,
        "sigma2[0]": 1e4 * made.volatilities[0] ** 2 * STEP,
        "sigma2[1]": 1e4 * made.volatilities[1] ** 2 * STEP,
    }  # fmt: skip
    ours = [named[name] for name in model.param_names]
    # Their moves are in hundredths: the density carries a factor for each.
    same = model.loglike(ours) + len(moves) * math.log(100.0)
    assert same == pytest.approx(fitted.log_likelihood, rel=1e-6)
    theirs = model.fit(start_params=ours, disp=False)
    found = theirs.llf + len(moves) * math.log(100.0)
    assert found <= fitted.log_likelihood + 0.05, "no better maximum is known to them"
    smooth = np.asarray(model.smooth(ours).smoothed_marginal_probabilities)
    assert smooth == pytest.approx(regime_probabilities(fitted, history), abs=1e-4)
    rates = logm(move) / STEP
    assert rates == pytest.approx(made.rates, rel=1e-6)

"""Two factors: the filter against the joint normal law, closed forms against paths, parameters
found again in simulated panels with the coverage of their errors counted, and real curves."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import binom, multivariate_normal

from lasalle.pricing.processes.history import FuturesHistory, PriceHistory, years_between
from lasalle.pricing.processes.kalman import PRIOR, filtered
from lasalle.pricing.processes.profile import reversion_profile
from lasalle.pricing.processes.schwartz_smith import FactorState, SchwartzSmith
from lasalle.pricing.processes.two_factor_fit import Problem, fit_panel, fit_price

DAY = date(2024, 1, 1)
CRUDE = SchwartzSmith(
    1.49, 0.286, 0.145, 0.3, -0.0125, 0.157, 0.0115, FactorState(DAY, 0.119, 2.857)
)
"""Parameters of crude oil of Schwartz and Smith (2000), table II; a state of the same size."""


def days(count: int, step: int = 7, first: date = DAY) -> tuple[date, ...]:
    return tuple(first + timedelta(days=step * n) for n in range(count))


def irregular(count: int, seed: int) -> tuple[date, ...]:
    steps = np.random.default_rng(seed).choice([1, 3, 7, 14], count)
    return tuple(DAY + timedelta(days=int(n)) for n in np.cumsum(steps))


def panel(process: SchwartzSmith, count: int, seed: int, error: float) -> FuturesHistory:
    """A made-up curve at distances of 1, 6, 12 and 24 months."""
    drawn = np.random.default_rng(seed)
    dates = days(count)
    years = np.tile(np.array([1.0, 6.0, 12.0, 24.0]) / 12.0, (count, 1))
    k, steps = process.reversion, [1e-9, *years_between(dates)]
    short = drawn.normal(0.0, process.short_volatility / math.sqrt(2.0 * k))
    long, logs = 3.0, np.empty_like(years)
    for row, step in enumerate(steps):
        s, c, z = (float(term) for term in process.covariance_terms(step))
        move = drawn.multivariate_normal([0.0, 0.0], [[s, c], [c, z]])
        short = short * math.exp(-k * step) + move[0]
        long += process.drift * step + move[1]
        logs[row] = short * np.exp(-k * years[row]) + long + process.futures_adjustment(years[row])
    logs += drawn.normal(0.0, error, logs.shape)
    return FuturesHistory("made up", dates, years, np.exp(logs))


def problem(columns: int, count: int = 8) -> Problem:
    drawn = np.random.default_rng(columns)
    dates = irregular(count, 1)
    logs = np.cumsum(drawn.normal(0.0, 0.1, (count, columns)), axis=0)
    logs[3, columns // 2 :] = np.nan
    years = np.tile(np.arange(1.0, columns + 1.0) / 4.0, (count, 1))
    more = columns > 1
    return Problem(dates, years * more, logs, more, 0, {}, years_between(dates))


@pytest.mark.parametrize("columns", [1, 3])
def test_the_filter_gives_the_likelihood_of_the_joint_normal_law(columns: int) -> None:
    asked = problem(columns)
    sought = asked.starts()[0] + 0.1
    loading, observed, errors, variance, by = asked.parts(sought)
    level = 0.7
    told = filtered(loading, observed, errors, (variance, level), by).contributions.sum()
    # Factors of all dates as linear forms of independent shocks, written out.
    count = len(asked.dates)
    covariance = {(0, 0): np.diag([variance, PRIOR**2])}
    for n in range(1, count):
        step = np.diag([by.decay[n - 1], 1.0])
        for m in range(n):
            covariance[m, n] = covariance[m, n - 1] @ step.T if m < n else None
            covariance[n, m] = covariance[m, n].T
        noise = by.noise[n - 1]
        fresh = np.array([[noise[0], noise[1]], [noise[1], noise[2]]])
        covariance[n, n] = step @ covariance[n - 1, n - 1] @ step.T + fresh
    drift = np.concatenate([[0.0], np.cumsum(by.drift)])
    at = [(n, j) for n in range(count) for j in range(columns) if not np.isnan(observed[n, j])]
    load = {(n, j): np.array([loading[n, j], 1.0]) for n, j in at}
    joint = np.array(
        [
            [
                load[a] @ covariance[a[0], b[0]] @ load[b] + (errors[a[1]] ** 2) * (a == b)
                for b in at
            ]
            for a in at
        ]
    )
    mean = [level + drift[n] for n, _ in at]
    expected = multivariate_normal(mean, joint, allow_singular=True).logpdf(
        [observed[place] for place in at]
    )
    assert told == pytest.approx(expected, rel=1e-7)
    assert len(at) < count * columns, "a price is missing"


@pytest.mark.parametrize(("columns", "harmonics"), [(4, 0), (4, 2), (1, 0)])
def test_the_score_by_the_smoother_is_the_slope_of_the_likelihood(
    columns: int, harmonics: int
) -> None:
    asked = replace(problem(columns, 30), harmonics=harmonics)
    assert asked.scored
    sought = asked.starts()[0] + 0.05
    value, told = asked.value_and_gradient(sought)
    assert value == asked.objective(sought)
    assert len(told) == (7 + 2 * harmonics + 4 if columns > 1 else 5)
    for index in range(len(sought)):
        step = np.eye(len(sought))[index] * 1e-4
        slope = (asked.objective(sought + step) - asked.objective(sought - step)) / 2e-4
        assert told[index] == pytest.approx(slope, rel=1e-4, abs=1e-4)


def test_paths_have_the_moments_of_the_closed_forms() -> None:
    state = FactorState(DAY, 0.2, 1.0, 0.01, -0.004, 0.02)
    process = SchwartzSmith(1.5, 0.5, 0.3, -0.4, 0.1, 0.0, 0.1, state, (0.1, -0.05))
    ends = (DAY + timedelta(days=40), DAY + timedelta(days=400))
    prices = process.simulate(3, 40_000, ends)
    for column, end in enumerate(ends):
        law, logs = process.law((end - DAY).days / 365.0), np.log(prices[:, column])
        error = math.sqrt(law.variance / len(logs))
        assert abs(logs.mean() - law.mean) < 4.0 * error
        assert abs(logs.var() / law.variance - 1.0) < 4.0 * math.sqrt(2.0 / len(logs))
        assert prices[:, column].mean() == pytest.approx(law.expected_price(), rel=0.02)


def test_a_path_is_the_same_in_whatever_batch() -> None:
    ends = days(5, first=DAY + timedelta(days=7))
    whole = CRUDE.simulate(11, 100, ends)
    parts = [CRUDE.simulate(11, count, ends, first) for first, count in ((0, 1), (1, 59), (60, 40))]
    assert np.array_equal(whole, np.concatenate(parts))
    assert not np.array_equal(whole, CRUDE.simulate(12, 100, ends))


def test_without_premiums_the_forward_is_the_expected_price() -> None:
    state = FactorState(DAY, -0.3, 1.2)
    process = SchwartzSmith(2.0, 0.6, 0.2, 0.3, 0.05, 0.0, 0.05, state)
    for years in (0.0, 0.1, 1.0, 3.0):
        assert float(process.forward(years)) == pytest.approx(process.law(years).expected_price())
    assert float(process.forward(0.0)) == pytest.approx(math.exp(0.9))


def test_option_variance_is_that_of_the_futures_price() -> None:
    """Var of e^(-k(T-t)) chi_t + xi_t on paths; at expiry on delivery it is that of the spot."""
    assert CRUDE.option_variance(1.0, 1.0) == pytest.approx(float(CRUDE.log_variance(1.0)))
    far = CRUDE.option_variance(0.5, 8.0)
    assert far == pytest.approx(0.145**2 * 0.5, rel=1e-3), "a far month moves by the long factor"
    with pytest.raises(ValueError, match="expiry"):
        CRUDE.option_variance(2.0, 1.0)


def test_without_a_long_factor_it_is_the_one_factor_of_schwartz() -> None:
    """E. Schwartz, "The stochastic behavior of commodity prices", J. Finance 52(3), 1997, equation
    7 with alpha* = ln S0: F = exp(e^(-kT) ln S + (1 - e^(-kT)) alpha* + s^2 / 4k (1 - e^(-2kT)));
    and Clewlow and Strickland's variance of its forward (1999)."""
    k, s, level, short = 1.3, 0.45, 0.9, 0.35
    process = SchwartzSmith(k, s, 0.0, 0.0, 0.0, 0.0, 0.0, FactorState(DAY, short, level))
    for years in (0.25, 1.0, 4.0):
        fade = math.exp(-k * years)
        log = fade * (level + short) + (1 - fade) * level + s * s / (4 * k) * (1 - fade * fade)
        assert float(process.forward(years)) == pytest.approx(math.exp(log), rel=1e-13)
        expiry = 0.6 * years
        variance = s * s / (2 * k) * (math.exp(-2 * k * (years - expiry)) - fade * fade)
        assert process.option_variance(expiry, years) == pytest.approx(variance, rel=1e-12)


@pytest.mark.slow
def test_parameters_are_found_again_and_their_errors_cover() -> None:
    """12 panels of 20 months: 95 % intervals hold the truth as often as they say."""
    truth = {
        "reversion": 1.49, "short volatility": 0.286, "long volatility": 0.145,
        "correlation": 0.3, "forward drift": 0.0115, "drift": -0.0125,
    }  # fmt: skip
    runs, held = 12, 0
    for seed in range(runs):
        fitted = fit_panel(panel(CRUDE, 87, seed, 0.01))
        for name, value in truth.items():
            found = fitted.estimate(name)
            held += abs(found.value - value) < 1.96 * found.error
    count = runs * len(truth)
    low, high = binom.ppf([0.0005, 0.9995], count, 0.95) / count
    # Estimates of one panel are correlated: a little more room than independent coins have.
    assert low - 0.02 <= held / count <= high, held / count


def test_a_price_alone_says_what_it_cannot_tell() -> None:
    process = SchwartzSmith(3.0, 0.5, 0.3, 0.0, 0.0, 0.0, 0.0, FactorState(DAY, 0.0, 1.0))
    dates = irregular(400, 4)
    prices = process.simulate(5, 1, dates)[0]
    prices[7] = np.nan
    fitted = fit_price(PriceHistory("made up", dates, prices))
    assert fitted.observations == 399
    assert any("premiums" in line for line in fitted.cannot_tell)
    # Volatility over one step is told well, its parts are not.
    total = math.hypot(fitted.process.short_volatility, fitted.process.long_volatility)
    assert total == pytest.approx(math.hypot(0.5, 0.3), rel=0.1)
    assert fitted.estimate("reversion").error > 0.2 * fitted.process.reversion
    assert fitted.process.state.short + fitted.process.state.long == pytest.approx(
        math.log(prices[-1])
    )


def test_the_profile_shows_what_a_price_alone_tells_of_reversion() -> None:
    """Two years of weeks say little; sixteen years of a fast factor alone say much."""
    state = FactorState(DAY, 0.0, 1.0)
    slow = SchwartzSmith(2.0, 0.3, 0.3, 0.0, 0.0, 0.0, 0.0, state)
    fast = SchwartzSmith(5.0, 0.6, 0.001, 0.0, 0.0, 0.0, 0.0, state)
    told = []
    for process, count in ((slow, 104), (fast, 832)):
        dates = days(count, first=DAY + timedelta(days=7))
        prices = process.simulate(1, 1, dates)[0]
        told.append(reversion_profile(PriceHistory("x", dates, prices), (0.05, 1.0, 5.0, 150.0)))
    assert not told[0].told
    assert told[1].told
    assert told[1].falls[2] == 0.0, "the truth is the best of those tried"


def test_bad_histories_are_refused() -> None:
    with pytest.raises(ValueError, match="ascending"):
        PriceHistory("x", (DAY, DAY, DAY), np.ones(3))
    with pytest.raises(ValueError, match="positive"):
        PriceHistory("x", days(3), np.array([1.0, -1.0, 1.0]))
    with pytest.raises(ValueError, match="at least 3 distances"):
        fit_panel(FuturesHistory("x", days(3), np.ones((3, 2)), np.ones((3, 2))))
    with pytest.raises(ValueError, match="names of parameters"):
        fit_price(PriceHistory("x", days(3), np.ones(3)), held={"speed": 1.0})

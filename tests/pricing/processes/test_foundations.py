"""Draws, blocks, laws, scores and residual tests on which every process stands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from lasalle.pricing.processes.bootstrap import stationary_rows
from lasalle.pricing.processes.diagnostics import (
    coverage,
    jarque_bera,
    ljung_box,
    residual_tests,
    uniformity,
)
from lasalle.pricing.processes.draws import normals, uniforms
from lasalle.pricing.processes.estimation import Domain, Parameter, estimates, maximise
from lasalle.pricing.processes.laws import Law


def test_draws_belong_to_the_path_and_streams_are_apart() -> None:
    whole = uniforms(7, 0, 0, 50, 5)
    assert np.array_equal(whole[20:33], uniforms(7, 0, 20, 13, 5))
    others = [uniforms(8, 0, 0, 50, 5), uniforms(7, 1, 0, 50, 5)]
    assert all(not np.any(whole == other) for other in others)
    many = normals(1, 0, 0, 20_000, 3)
    assert abs(many.mean()) < 0.02
    assert np.cov(many.T) == pytest.approx(np.eye(3), abs=0.03)
    with pytest.raises(ValueError, match="draws: expected"):
        uniforms(-1, 0, 0, 1, 1)


def test_blocks_run_on_and_have_their_mean_length() -> None:
    rows = stationary_rows(3, 200, 100, 37, 8.0)
    assert rows.min() == 0
    assert rows.max() == 36
    goes_on = np.mean((rows[:, 1:] - rows[:, :-1]) % 37 == 1)
    # A fresh block may by chance go on where the last one ended.
    assert goes_on == pytest.approx(1 - 1 / 8 + 1 / 8 / 37, abs=0.01)
    assert np.array_equal(rows[50:60], stationary_rows(3, 10, 100, 37, 8.0, first=50))


def test_scores_of_a_normal_law_are_the_published_formulas() -> None:
    law, came = Law.normal(0.3, 0.2), 0.55
    z = (came - 0.3) / 0.2
    crps = 0.2 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert law.crps(came) == pytest.approx(crps, rel=1e-12)
    assert law.log_score(came, 1e-5) == pytest.approx(norm.logpdf(came, 0.3, 0.2), rel=1e-6)
    assert law.pit(came) == pytest.approx(norm.cdf(z), rel=1e-12)
    assert law.quantile(0.9) == pytest.approx(norm.ppf(0.9, 0.3, 0.2), abs=1e-9)


def test_scores_of_atoms_are_those_of_an_empirical_law() -> None:
    law = Law(np.full(4, 0.25), np.array([1.0, 2.0, 2.0, 5.0]), np.zeros(4))
    points = np.array([1.0, 2.0, 2.0, 5.0])
    expected = np.mean(np.abs(points - 3.0)) - 0.5 * np.mean(
        np.abs(points[:, None] - points[None, :])
    )
    assert law.crps(3.0) == pytest.approx(expected)
    assert law.below(2.0) == 0.75
    assert law.pit(2.0, 0.0) == 0.25
    assert law.pit(2.0, 1.0) == 0.75
    assert math.isfinite(law.log_score(100.0))


def test_residual_tests_accept_what_is_normal_and_reject_what_is_not() -> None:
    drawn = np.random.default_rng(5)
    good = drawn.normal(size=2_000)
    assert all(test.p_value > 0.01 for test in residual_tests(good))
    assert ljung_box(np.convolve(good, [1.0, 0.5])).p_value < 1e-6
    assert jarque_bera(drawn.standard_t(4, 2_000)).p_value < 1e-6
    assert uniformity(norm.cdf(1.5 * good)).p_value < 1e-6
    assert coverage(norm.cdf(good), 0.9) == pytest.approx(0.9, abs=0.02)


def test_errors_of_a_normal_sample_are_those_of_the_textbook() -> None:
    """Mean and deviation: sigma / sqrt n and sigma / sqrt 2n, by all four ways."""
    sample = np.random.default_rng(2).normal(1.0, 3.0, 4_000)
    asked = (Parameter("mean", ""), Parameter("deviation", "", Domain.POSITIVE))

    def contributions(sought: np.ndarray) -> np.ndarray:
        return norm.logpdf(sample, sought[0], math.exp(sought[1]))

    best = maximise(asked, lambda at: float(contributions(at).sum()), [np.zeros(2)])
    mean, deviation = estimates(asked, best, contributions)
    assert mean.value == pytest.approx(sample.mean(), abs=1e-4)
    assert deviation.value == pytest.approx(sample.std(), abs=1e-4)
    for told, expected in ((mean, 3.0 / math.sqrt(4_000)), (deviation, 3.0 / math.sqrt(8_000))):
        four = (told.error, told.opg_error, told.robust_error, told.bootstrap_error)
        assert four == pytest.approx([expected] * 4, rel=0.12)


def test_block_bootstrap_sees_what_depends_on_its_neighbours() -> None:
    """The error of a mean of an autoregression: (1 + r) / (1 - r) times the variance of one
    of independent values, which curvature alone does not see."""
    drawn, r, values = np.random.default_rng(3), 0.5, [0.0]
    for shock in drawn.normal(size=6_000):
        values.append(r * values[-1] + shock)
    sample = np.array(values)
    asked = (Parameter("mean", ""),)

    def contributions(sought: np.ndarray) -> np.ndarray:
        return norm.logpdf(sample, sought[0], sample.std())

    best = maximise(asked, lambda at: float(contributions(at).sum()), [np.zeros(1)])
    (mean,) = estimates(asked, best, contributions)
    assert mean.bootstrap_error / mean.error == pytest.approx(math.sqrt(3.0), rel=0.15)


def test_a_parameter_that_nothing_tells_has_an_infinite_error() -> None:
    sample = np.random.default_rng(4).normal(size=500)
    asked = (Parameter("mean", ""), Parameter("idle", ""))

    def contributions(sought: np.ndarray) -> np.ndarray:
        return norm.logpdf(sample, sought[0], 1.0)

    best = maximise(asked, lambda at: float(contributions(at).sum()), [np.zeros(2)])
    mean, idle = estimates(asked, best, contributions)
    assert math.isfinite(mean.error)
    assert math.isinf(idle.error)

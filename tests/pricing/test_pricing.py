"""Formulas against published numbers, closed forms and their own edges."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.contracts import Month
from lasalle.pricing import (
    AverageTerms,
    CurveAssumptions,
    average_option,
    average_terms,
    fit,
)
from lasalle.pricing.average import moment_deviation


def steady(price: int, first: date, count: int) -> list[tuple[date, int]]:
    return [(first + timedelta(days=n), price) for n in range(count)]


def test_moments_of_the_average_closed_form() -> None:
    """Turnbull and Wakeman (1991), continuous average of a driftless price from 0 to T:
    M2 / M1^2 = 2 (e^{s^2 T} - 1 - s^2 T) / (s^2 T)^2; a fine grid comes near it."""
    sigma, count = 0.6, 2_000
    times = (np.arange(count) + 0.5) / count
    found = moment_deviation(np.ones(count), sigma**2 * np.minimum.outer(times, times))
    x = sigma**2
    assert found == pytest.approx(math.sqrt(math.log(2 * (math.exp(x) - 1 - x) / x**2)), rel=1e-4)


def test_covariance_is_the_variance_of_schwartz_and_smith() -> None:
    """Schwartz and Smith (2000), equation 3b with independent factors: the diagonal."""
    model = fit(steady(2_500_000, date(2026, 1, 1), 10))
    kappa, share = model.assumptions.reversion, model.assumptions.long_share
    for t in (0.1, 1.0, 3.0):
        short = (1 - math.exp(-2 * kappa * t)) * (1 - share) / (2 * kappa)
        expected = model.volatility**2 * (short + share * t)
        assert model.covariance(np.array([t]))[0, 0] == pytest.approx(expected)


def test_a_steady_index_has_a_curve_of_premium_only() -> None:
    model = fit(steady(2_500_000, date(2026, 1, 1), 200), CurveAssumptions(risk_premium=0.1))
    assert float(model.forward(0.0)) == pytest.approx(2.5)
    assert float(model.forward(1.0)) == pytest.approx(2.5 * math.exp(0.1))


def test_after_a_step_the_curve_reverts_part_of_the_way() -> None:
    path = [*steady(4_000_000, date(2026, 1, 1), 300), *steady(2_000_000, date(2026, 10, 28), 1)]
    model = fit(path, CurveAssumptions(risk_premium=0.0))
    assert float(model.forward(0.0)) == pytest.approx(2.0)
    assert 2.0 < float(model.forward(5.0)) < 4.0
    assert model.volatility > 0.4


def test_the_fit_sees_nothing_after_the_last_fixing_given() -> None:
    path = steady(3_000_000, date(2026, 1, 1), 50)
    assert fit(path) == fit([*path, (date(2026, 2, 20), 9_000_000)][:50])
    with pytest.raises(ValueError, match="consecutive"):
        fit([path[0], path[2]])


def test_a_seasoned_future_is_known_part_plus_forward() -> None:
    path = steady(3_000_000, date(2026, 6, 1), 15)
    model = fit(path, CurveAssumptions(risk_premium=0.0))
    terms = average_terms(model, dict(path), Month(2026, 6))
    assert terms.share == 0.5
    assert terms.known == pytest.approx(1.5)
    assert terms.value == pytest.approx(3.0)
    done = [*path, *steady(4_000_000, date(2026, 6, 16), 15)]
    over = average_terms(fit(done), dict(done), Month(2026, 6))
    assert (over.share, over.value) == (0.0, pytest.approx(3.5))
    assert average_option(True, over, 3.2) == (pytest.approx(0.3), 0.0, 0.0)


def test_a_strike_already_passed_by_known_fixings_makes_the_call_a_future() -> None:
    terms = AverageTerms(known=2.0, share=0.25, forward=4.0, deviation=0.3, years=0.02)
    assert average_option(True, terms, 1.5)[0] == pytest.approx(terms.value - 1.5)
    assert average_option(True, terms, 1.5)[1] == 1.0
    assert average_option(False, terms, 1.5)[0] == 0.0


def test_the_average_option_agrees_with_simulation() -> None:
    """Monte Carlo of the same joint lognormal law: lognormal matching is off by well under 1 %
    here.
    """
    model = fit(steady(2_500_000, date(2026, 1, 1), 40), CurveAssumptions(prior_volatility=0.8))
    terms = average_terms(model, {}, Month(2026, 8))
    years = np.array([(d - model.fitted_on).days for d in Month(2026, 8).dates()]) / 365
    covariance = model.covariance(years)
    draws = np.random.default_rng(1).multivariate_normal(
        -0.5 * np.diag(covariance), covariance, 200_000, method="cholesky"
    )
    average = (model.forward(years) * np.exp(draws)).mean(axis=1)
    for strike in (2.0, 2.5, 3.5):
        payoff = np.maximum(average - strike, 0.0)
        error = payoff.std() / math.sqrt(len(payoff))
        value = average_option(True, terms, strike)[0]
        assert value == pytest.approx(payoff.mean(), abs=4 * error)

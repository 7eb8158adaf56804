"""Mean-reverting jumps: moments, list steps that are no jumps, parameters found again."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom

from lasalle.pricing.processes.history import PriceHistory
from lasalle.pricing.processes.jumps import MeanRevertingJumps
from lasalle.pricing.processes.jumps_fit import fit_jumps, jump_probability, refreshed, steps_of

DAY = date(2024, 1, 1)
TRADED = MeanRevertingJumps(5.0, 1.0, 0.5, 6.0, 0.1, 0.3, math.inf, DAY, 1.2)
LISTED = replace(TRADED, renewal=10.0, since=0.1)


def weeks(count: int) -> tuple[date, ...]:
    return tuple(DAY + timedelta(days=7 * n) for n in range(1, count + 1))


@pytest.mark.parametrize("process", [TRADED, LISTED], ids=["traded", "listed"])
def test_paths_have_the_law_that_is_told(process: MeanRevertingJumps) -> None:
    ends = (DAY + timedelta(days=30), DAY + timedelta(days=200))
    logs = np.log(process.simulate(5, 40_000, ends))
    for column, end in enumerate(ends):
        law = process.law((end - DAY).days / 365.0)
        assert float(law.weights.sum()) == pytest.approx(1.0, abs=1e-9)
        assert logs[:, column].mean() == pytest.approx(law.mean, abs=0.012)
        assert logs[:, column].var() == pytest.approx(law.variance, rel=0.05)
        for level in (0.05, 0.5, 0.95):
            share = np.mean(logs[:, column] <= law.quantile(level) + 1e-9)
            assert share >= level - 0.01, "an atom may lie above a level, never below it"


def test_moments_are_the_closed_forms() -> None:
    for years in (0.02, 0.5, 3.0):
        mean, variance = TRADED.log_moments(years)
        law = TRADED.law(years)
        assert law.mean == pytest.approx(mean, abs=1e-6)
        assert law.variance == pytest.approx(variance, rel=1e-5)


def test_the_forward_is_the_expected_price_and_without_jumps_the_textbook() -> None:
    assert TRADED.forward(0.02) == pytest.approx(TRADED.law(0.02).expected_price(), rel=1e-4)
    calm, t = replace(TRADED, intensity=0.0), 0.7
    mean, variance = calm.log_moments(t)
    assert calm.forward(t) == pytest.approx(math.exp(mean + 0.5 * variance), rel=1e-10)
    assert TRADED.forward(0.0) == pytest.approx(math.exp(1.2))


@pytest.mark.parametrize("reversion", [0.01, 5.0, 200.0])
def test_the_exponent_of_the_jumps_is_an_integral_over_time(reversion: float) -> None:
    """Beside adaptive quadrature, from slow reversion to one that forgets a jump within a day."""
    made, t = replace(TRADED, reversion=reversion, intensity=26.0), 1.5

    def grows(age: float) -> float:
        left = math.exp(-reversion * age)
        return math.expm1(made.jump_mean * left + 0.5 * (made.jump_deviation * left) ** 2)

    jumps = made.intensity * quad(grows, 0.0, t, points=[min(1.0 / reversion, 1.0)], limit=200)[0]
    calm = replace(made, intensity=0.0)
    assert math.log(made.forward(t) / calm.forward(t)) == pytest.approx(jumps, rel=1e-9)


def test_many_jumps_are_all_counted_or_refused() -> None:
    """Seventy-eight jumps in three years: the law has their mean; a thousand are refused."""
    often = replace(TRADED, reversion=0.5, intensity=26.0)
    assert often.law(3.0).mean == pytest.approx(often.log_moments(3.0)[0], rel=1e-6)
    with pytest.raises(ValueError, match="400 jumps"):
        often.law(40.0)


def test_a_path_is_the_same_in_whatever_batch() -> None:
    whole = LISTED.simulate(1, 50, weeks(6))
    parts = [LISTED.simulate(1, 20, weeks(6)), LISTED.simulate(1, 30, weeks(6), first=20)]
    assert np.array_equal(whole, np.concatenate(parts))


@pytest.mark.slow
def test_parameters_are_found_again_and_their_errors_cover() -> None:
    names = ("reversion", "level", "volatility", "intensity", "jump deviation", "renewal")
    truth = (5.0, 1.0, 0.5, 6.0, 0.3, 40.0)
    process = replace(TRADED, renewal=40.0)
    held = count = 0
    for seed in range(8):
        fitted = fit_jumps(PriceHistory("x", weeks(400), process.simulate(seed, 1, weeks(400))[0]))
        for name, value in zip(names, truth, strict=True):
            found = fitted.estimate(name)
            if math.isfinite(found.error):
                count += 1
                held += abs(found.value - value) < 1.96 * found.error
    assert count > 0.9 * 8 * len(names), "parameters that are told"
    assert held / count > binom.ppf(0.001, count, 0.93) / count, held / count


def test_a_step_that_holds_months_of_moves_is_no_jump() -> None:
    """A list renewed seldom, without jumps: great steps, and jumps that are not called so."""
    calm = replace(TRADED, intensity=0.0, reversion=0.5, volatility=0.5, renewal=6.0)
    dates = weeks(700)
    history = PriceHistory("x", dates, calm.simulate(3, 1, dates)[0])
    steps = steps_of(history)
    assert 40 < steps.renewed.sum() < 120
    fitted = fit_jumps(history)
    called = jump_probability(fitted, history)
    assert np.mean([p > 0.5 for p in called.values()]) < 0.1
    assert fitted.estimate("renewal").value == pytest.approx(6.0, rel=0.3)
    assert fitted.process.volatility == pytest.approx(0.5, rel=0.35)


def test_a_traded_price_is_fresh_on_each_date() -> None:
    prices = TRADED.simulate(2, 1, weeks(300))[0]
    prices[40] = prices[39]
    fitted = fit_jumps(PriceHistory("x", weeks(300), prices))
    assert math.isinf(fitted.process.renewal)
    assert all(one.name != "renewal" for one in fitted.estimates)


def test_between_fits_only_the_day_moves_on() -> None:
    prices = LISTED.simulate(2, 1, weeks(200))[0]
    history = PriceHistory("x", weeks(200), prices)
    made = fit_jumps(history.until(weeks(200)[150]), errors=False).process
    later = refreshed(made, history)
    assert later.reversion == made.reversion
    assert later.day == history.dates[-1]
    assert math.exp(later.log_price) == pytest.approx(prices[-1])


def test_too_few_moves_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 8 moves"):
        fit_jumps(PriceHistory("x", weeks(50), np.full(50, 2.0)))

"""Exact spreads, the choice of grade and the one factor of rights, beside QuantLib's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from lasalle.pricing import spread_options
from lasalle.pricing.delivery_option import two_grades
from lasalle.pricing.exercise import OneFactor

ql = pytest.importorskip("QuantLib", reason="QuantLib, a peer for tests only, is not installed")
DAYS = 200
YEARS, RATE = DAYS / 365, 0.04


def process(price: float, sigma: float) -> Any:
    """A driftless price under a rate, from 10 June 2026."""
    ql.Settings.instance().evaluationDate = ql.Date(10, 6, 2026)
    count = ql.Actual365Fixed()
    flat = ql.YieldTermStructureHandle(ql.FlatForward(0, ql.NullCalendar(), RATE, count))
    surface = ql.BlackConstantVol(0, ql.NullCalendar(), sigma, count)
    return ql.BlackProcess(
        ql.QuoteHandle(ql.SimpleQuote(price)), flat, ql.BlackVolTermStructureHandle(surface)
    )


def option(payoff: Any) -> Any:
    return ql.BasketOption(payoff, ql.EuropeanExercise(ql.Date(10, 6, 2026) + DAYS))


@pytest.mark.parametrize("call", [True, False])
@pytest.mark.parametrize("strike", [0.4, 1.0, 2.0])
@pytest.mark.parametrize("correlation", [-0.3, 0.8])
def test_the_exact_spread_beside_choi(call: bool, strike: float, correlation: float) -> None:
    """J. Choi, "Sum of all Black-Scholes-Merton models", J. Futures Markets 38, 2018: the same
    integral another way, to twelve digits."""
    (first, one), (second, two) = (3.0, 0.5), (2.2, 0.4)
    kind = ql.Option.Call if call else ql.Option.Put
    asked = option(ql.SpreadBasketPayoff(ql.PlainVanillaPayoff(kind, strike)))
    matrix = ql.Matrix(2, 2, 1.0)
    matrix[0][1] = matrix[1][0] = correlation
    asked.setPricingEngine(
        ql.ChoiBasketEngine([process(first, one), process(second, two)], matrix, 20)
    )
    root = math.sqrt(YEARS)
    ours = spread_options(
        call, first, second, strike, (one * root, two * root), correlation,
        math.exp(-RATE * YEARS),
    )  # fmt: skip
    assert float(ours.value) == pytest.approx(asked.NPV(), abs=1e-12)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.6])
@pytest.mark.parametrize("second", [2.4, 2.5, 3.0])
def test_two_grades_beside_stulz(second: float, correlation: float) -> None:
    """A call on the lesser of two prices at a strike near none: R. Stulz (1982)."""
    strike = 1e-9
    asked = option(ql.MinBasketPayoff(ql.PlainVanillaPayoff(ql.Option.Call, strike)))
    asked.setPricingEngine(ql.StulzEngine(process(2.45, 0.45), process(second, 0.6), correlation))
    theirs = asked.NPV() * math.exp(RATE * YEARS) + strike
    ours = two_grades((2.45, second), (0.45, 0.6), correlation, YEARS)
    assert ours.basket == pytest.approx(theirs, abs=1e-10)


def test_the_state_of_a_right_moves_as_an_ornstein_uhlenbeck_process() -> None:
    """Mean and deviation of every step of the one factor that rights are exercised on."""
    times = np.array([0.1, 0.35, 1.2])
    ours = OneFactor(np.full(3, 2.5), times, 1.7, 0.6)
    theirs = ql.OrnsteinUhlenbeckProcess(1.7, 0.6)
    before, state = 0.0, 0.3
    for date, time in enumerate(times):
        still, up = (
            float(ours.step(np.array([[state]]), date, np.array([[shock]]))[0, 0])
            for shock in (0.0, 1.0)
        )
        assert still == pytest.approx(theirs.expectation(before, state, time - before), abs=1e-14)
        wide = theirs.stdDeviation(before, state, time - before)
        assert up - still == pytest.approx(wide, rel=1e-12)
        before = float(time)

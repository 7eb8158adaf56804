"""Spread options, smiles and moments beside QuantLib's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lasalle.pricing import Slice, average_options, flat_averages, kirk

ql = pytest.importorskip("QuantLib", reason="QuantLib, a peer for tests only, is not installed")


def process(price: float, sigma: float):
    """A driftless price under a rate of 4 %, from 10 June 2026."""
    ql.Settings.instance().evaluationDate = ql.Date(10, 6, 2026)
    count = ql.Actual365Fixed()
    flat = ql.YieldTermStructureHandle(ql.FlatForward(0, ql.NullCalendar(), 0.04, count))
    surface = ql.BlackConstantVol(0, ql.NullCalendar(), sigma, count)
    return ql.BlackProcess(
        ql.QuoteHandle(ql.SimpleQuote(price)), flat, ql.BlackVolTermStructureHandle(surface)
    )


@pytest.mark.parametrize("call", [True, False])
@pytest.mark.parametrize("strike", [-0.5, 0.4, 1.0])
@pytest.mark.parametrize("correlation", [-0.3, 0.8])
def test_kirk(call: bool, strike: float, correlation: float) -> None:
    first, second, years = (3.0, 0.5), (2.2, 0.4), 200 / 365
    kind = ql.Option.Call if call else ql.Option.Put
    payoff = ql.SpreadBasketPayoff(ql.PlainVanillaPayoff(kind, strike))
    option = ql.BasketOption(payoff, ql.EuropeanExercise(ql.Date(10, 6, 2026) + 200))
    option.setPricingEngine(ql.KirkEngine(process(*first), process(*second), correlation))
    deviations = (first[1] * math.sqrt(years), second[1] * math.sqrt(years))
    discount = math.exp(-0.04 * years)
    ours = kirk(call, first[0], second[0], strike, deviations, correlation, discount)
    assert float(ours) == pytest.approx(option.NPV(), abs=1e-12)


def test_svi() -> None:
    of = Slice(0.04, 0.1, -0.3, 0.05, 0.2)
    years, forward = 0.75, 2.5
    section = ql.SviSmileSection(years, forward, [of.a, of.b, of.s, of.rho, of.m])
    for strike in (1.2, 2.0, 2.5, 3.1, 5.0):
        ours = float(of.variance(math.log(strike / forward)))
        assert ours == pytest.approx(section.variance(strike), rel=1e-12)


def test_seasoned_averages_of_flat_volatility() -> None:
    """Options on 24 fixings to come of 36, each of its own volatility, one array beside 40 engines'
    answers."""
    today, law = ql.Date(10, 6, 2026), np.random.default_rng(8)
    ql.Settings.instance().evaluationDate = today
    dates, years = [today + n for n in range(1, 25)], np.arange(1, 25) / 365
    sigma, strike = law.uniform(0.2, 1.4, 40), law.uniform(1.8, 3.2, 40)
    ours = average_options(
        True, strike, flat_averages(np.full((40, 24), 2.5), years, sigma, 12 * 2.3, 12)
    )
    count = ql.Actual365Fixed()
    zero = ql.YieldTermStructureHandle(ql.FlatForward(0, ql.NullCalendar(), 0.0, count))
    for n in range(40):
        surface = ql.BlackConstantVol(0, ql.NullCalendar(), float(sigma[n]), count)
        motion = ql.BlackScholesMertonProcess(
            ql.QuoteHandle(ql.SimpleQuote(2.5)), zero, zero,
            ql.BlackVolTermStructureHandle(surface),
        )  # fmt: skip
        option = ql.DiscreteAveragingAsianOption(
            ql.Average.Arithmetic, 12 * 2.3, 12, dates,
            ql.PlainVanillaPayoff(ql.Option.Call, float(strike[n])),
            ql.EuropeanExercise(dates[-1]),
        )  # fmt: skip
        option.setPricingEngine(ql.TurnbullWakemanAsianEngine(motion))
        assert float(ours.value[n]) == pytest.approx(option.NPV(), abs=1e-12)

"""Our Black and average-price formulas beside QuantLib's."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.pricing import AverageTerms, average_option, black, greeks, implied_deviation
from lasalle.pricing.average import moment_deviation

ql = pytest.importorskip("QuantLib", reason="QuantLib, a peer for tests only, is not installed")


def test_black_formula() -> None:
    for strike in (0.5, 2.5, 6.0):
        for v in (0.05, 0.6, 1.5):
            for call in (True, False):
                kind = ql.Option.Call if call else ql.Option.Put
                theirs = ql.blackFormula(kind, strike, 2.5, v, 0.97)
                assert float(black(call, 2.5, strike, v, 0.97)) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("known", [0, 10])
@pytest.mark.parametrize("strike", [2.0, 2.5, 3.2])
def test_turnbull_wakeman(known: int, strike: float) -> None:
    """A month of 30 daily fixings, driftless, flat volatility; `known` of them fixed at 2.6."""
    today, sigma, spot = date(2026, 6, 10), 0.7, 2.5
    ql.Settings.instance().evaluationDate = ql.Date(10, 6, 2026)
    first = today + timedelta(days=20) if known == 0 else today + timedelta(days=1)
    days = [first + timedelta(days=n) for n in range(30 - known)]
    dates = [ql.Date(d.day, d.month, d.year) for d in days]
    count = ql.Actual365Fixed()
    flat = ql.YieldTermStructureHandle(ql.FlatForward(0, ql.NullCalendar(), 0.0, count))
    surface = ql.BlackConstantVol(0, ql.NullCalendar(), sigma, count)
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(spot)), flat, flat, ql.BlackVolTermStructureHandle(surface)
    )
    option = ql.DiscreteAveragingAsianOption(
        ql.Average.Arithmetic,
        known * 2.6,
        known,
        dates,
        ql.PlainVanillaPayoff(ql.Option.Call, strike),
        ql.EuropeanExercise(dates[-1]),
    )
    option.setPricingEngine(ql.TurnbullWakemanAsianEngine(process))
    years = np.array([(d - today).days for d in days]) / 365
    deviation = moment_deviation(
        np.full(len(days), spot), sigma**2 * np.minimum.outer(years, years)
    )
    terms = AverageTerms(known * 2.6 / 30, len(days) / 30, spot, deviation, 0.0)
    assert not math.isnan(deviation)
    assert average_option(True, terms, strike)[0] == pytest.approx(option.NPV(), abs=1e-10)


def test_greeks_beside_the_calculator() -> None:
    """Every slope that QuantLib's BlackCalculator knows, under a rate, to ten digits."""
    years, rate, sigma = 0.75, 0.04, 0.6
    for call in (True, False):
        kind = ql.Option.Call if call else ql.Option.Put
        for strike in (1.2, 2.5, 4.0):
            payoff, root = ql.PlainVanillaPayoff(kind, strike), math.sqrt(years)
            theirs = ql.BlackCalculator(payoff, 2.5, sigma * root, math.exp(-rate * years))
            ours = greeks(call, 2.5, strike, sigma, years, rate)
            assert float(ours.value) == pytest.approx(theirs.value(), rel=1e-10)
            assert float(ours.delta) == pytest.approx(theirs.deltaForward(), rel=1e-10)
            assert float(ours.gamma) == pytest.approx(theirs.gammaForward(), rel=1e-10)
            assert float(ours.vega) == pytest.approx(theirs.vega(years), rel=1e-10)
            assert float(ours.strike_delta) == pytest.approx(theirs.strikeSensitivity(), rel=1e-10)


def test_implied_deviation_beside_the_safe_newton() -> None:
    """QuantLib comes to its own 1e-6, and its accuracy asked for is met by ours."""
    found = 0
    for strike in (1.0, 1.9, 2.5, 2.9, 6.0):
        for v in (0.05, 0.3, 1.1):
            call = strike > 2.5
            kind = ql.Option.Call if call else ql.Option.Put
            price = ql.blackFormula(kind, strike, 2.5, v)
            ours = implied_deviation(call, price, 2.5, strike)
            if price < 1e-6:
                continue
            guess = ql.blackFormulaImpliedStdDev(kind, strike, 2.5, price, 1.0, 0.0, v, 1e-12)
            # Its prices carry about 1e-16 of the forward, which a thin option's slope enlarges.
            assert float(ours.found) == pytest.approx(guess, abs=1e-11)
            assert float(ours.found) == pytest.approx(v, abs=1e-9)
            found += 1
    assert found >= 10


def test_implied_volatility_beside_jaeckels_own() -> None:
    """The port of P. Jaeckel's program in vollib, where it is installed, to 1e-13 of each other."""
    peer = pytest.importorskip("lets_be_rational", reason="lets_be_rational is not installed")
    law = np.random.default_rng(5)
    strike, v = 2.5 * np.exp(law.normal(0.0, 0.5, 400)), law.uniform(0.05, 1.5, 400)
    price = black(strike > 2.5, 2.5, strike, v)
    kept = price > 1e-200
    ours = implied_deviation(strike > 2.5, price, 2.5, strike).found
    for k, p, mine in zip(strike[kept], price[kept], ours[kept], strict=True):
        q = 1.0 if k > 2.5 else -1.0
        theirs = peer.implied_volatility_from_a_transformed_rational_guess(
            float(p), 2.5, float(k), 1.0, q
        )
        assert mine == pytest.approx(theirs, rel=1e-13)
    assert kept.sum() > 300

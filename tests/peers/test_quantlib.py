"""Our Black and average-price formulas beside QuantLib's."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.pricing import AverageTerms, average_option, black
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

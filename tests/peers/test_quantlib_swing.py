"""Our interval of a swing right holds QuantLib's finite-difference price."""

from __future__ import annotations

import numpy as np
import pytest

from lasalle.pricing.exercise import OneFactor, Rights, price_interval, spot_less_strike

ql = pytest.importorskip("QuantLib", reason="QuantLib, a peer for tests only, is not installed")


@pytest.mark.parametrize("rights", [1, 6, 12])
def test_swing_on_a_lognormal_price(rights: int) -> None:
    """Twelve dates, one right to as many as dates: one is a Bermudan, twelve are a strip."""
    today = ql.Date(1, 1, 2027)
    ql.Settings.instance().evaluationDate = today
    count = ql.Actual365Fixed()
    flat = ql.YieldTermStructureHandle(ql.FlatForward(today, 0.0, count))
    surface = ql.BlackConstantVol(today, ql.NullCalendar(), 0.5, count)
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(2.5)), flat, flat, ql.BlackVolTermStructureHandle(surface)
    )
    days = [30 * (n + 1) for n in range(12)]
    option = ql.VanillaSwingOption(
        ql.PlainVanillaPayoff(ql.Option.Call, 2.5),
        ql.SwingExercise([today + day for day in days]),
        0,
        rights,
    )
    option.setPricingEngine(ql.FdSimpleBSSwingEngine(process, 100, 400))
    theirs = option.NPV()
    ours = OneFactor(np.full(12, 2.5), np.array(days) / 365, 0.0, 0.5)
    found = price_interval(ours, spot_less_strike(ours, 2.5), Rights(rights, np.ones(12)))
    assert found.least <= theirs <= found.most
    assert found.lower == pytest.approx(theirs, rel=6e-3)

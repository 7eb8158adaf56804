"""The volatility surface: recovered from its own quotes, its checks against known cases."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from lasalle.contracts import Month
from lasalle.pricing import (
    AverageTerms,
    ListedQuote,
    Slice,
    average_option,
    black,
    butterfly,
    calendar,
    calibrate,
    ssvi_slice,
)

DAY = date(2026, 3, 10)
NEAR, MIDDLE, FAR = Month(2026, 3), Month(2026, 6), Month(2026, 9)
CURVE = {
    NEAR: AverageTerms(0.8, 0.7, 2.6, 0.05, 0.03),
    MIDDLE: AverageTerms(0.0, 1.0, 2.5, 0.25, 0.3),
    FAR: AverageTerms(0.0, 1.0, 2.4, 0.33, 0.55),
}
VOGT = Slice(-0.0410, 0.1331, 0.3060, 0.3586, 0.4153)
"""A. Vogt's smile, in Gatheral and Jacquier (2014), example 3.1: SVI with a butterfly in it."""


def quotes(month: Month, of: Slice, strikes, width: float = 0.004) -> list[ListedQuote]:
    """Two-sided quotes of a smile, out of the money, a width of deviation about it."""
    terms, found = CURVE[month], []
    for strike in strikes:
        moved = (strike - terms.known) / terms.share
        call = moved >= terms.forward
        v = math.sqrt(float(of.variance(math.log(moved / terms.forward))))
        bid, ask = (
            terms.share * float(black(call, terms.forward, moved, v + s)) for s in (-width, width)
        )
        found.append(ListedQuote(month, strike, call, bid, ask))
    return found


def test_the_checks_find_vogts_butterfly() -> None:
    """g of that smile is negative near k = 0.8 (figure 1 of the paper), its variance nowhere."""
    seen = butterfly(VOGT)
    assert not seen.is_free
    assert seen.least_ratio < -0.01
    assert 0.6 < seen.at < 1.1
    assert seen.least > 0.0


@pytest.mark.parametrize("at_money", [1e-4, 0.01, 0.09, 0.5])
@pytest.mark.parametrize("rho", [-0.9, -0.3, 0.0, 0.7])
@pytest.mark.parametrize("share", [0.2, 1.0])
def test_ssvi_within_its_bound_is_free_and_its_density_adds_up_to_one(at_money, rho, share) -> None:
    eta = 2.0 * share / (1.0 + abs(rho))
    of = ssvi_slice(at_money, rho, eta)
    seen = butterfly(of)
    assert seen.is_free
    assert seen.mass == pytest.approx(1.0, abs=0.02)
    scale = eta / math.sqrt(at_money * (1.0 + at_money))
    for k in (-0.7, 0.0, 0.2):
        root = math.sqrt((scale * k + rho) ** 2 + 1 - rho**2)
        exact = at_money / 2 * (1 + rho * scale * k + root)
        assert float(of.variance(k)) == pytest.approx(exact, rel=1e-12)
    later = ssvi_slice(1.3 * at_money, rho, eta)
    assert calendar(of, later).is_free
    assert not calendar(later, of).is_free


def test_slopes_and_density_are_those_of_prices() -> None:
    """w' and w'' by bumps; and the density is the second derivative of the call by strike."""
    of, h = ssvi_slice(0.09, -0.4, 1.1), 1e-4
    for k in (-0.5, 0.1, 0.6):
        up, at, down = (float(of.variance(k + s)) for s in (h, 0.0, -h))
        first, second = of.slopes(k)
        assert float(first) == pytest.approx((up - down) / (2 * h), abs=1e-7)
        assert float(second) == pytest.approx((up - 2 * at + down) / h**2, abs=1e-5)
        strikes = math.exp(k) + np.array([h, 0.0, -h])
        calls = black(True, 1.0, strikes, np.sqrt(of.variance(np.log(strikes))))
        by_strike = float(calls[0] - 2 * calls[1] + calls[2]) / h**2
        # Per unit of strike to per unit of its logarithm.
        assert float(of.density(k)) == pytest.approx(by_strike * math.exp(k), rel=1e-4)


def test_a_surface_comes_back_from_its_own_quotes() -> None:
    rho, eta = -0.35, 0.9
    truth = {MIDDLE: ssvi_slice(0.07, rho, eta), FAR: ssvi_slice(0.12, rho, eta)}
    strikes = np.linspace(1.6, 3.6, 9)
    listed = [q for month, of in truth.items() for q in quotes(month, of, strikes)]
    found = calibrate("H100-US", DAY, CURVE, listed)
    assert found.faults() == []
    for month, of in truth.items():
        smile = found.smiles[month]
        assert smile.source == "svi"
        assert smile.worst_miss == 0.0
        for strike in (1.7, 2.5, 3.3):
            exact = math.sqrt(float(of.variance(math.log(strike / CURVE[month].forward))))
            assert float(smile.deviation(strike)) == pytest.approx(exact, abs=1e-3)
    assert (found.rho, found.eta) == pytest.approx((rho, eta), abs=0.1)
    assert found.smiles[NEAR].source == "model"


def test_few_quotes_take_the_shape_of_the_others_and_none_take_the_model() -> None:
    rho, eta = 0.4, 1.0
    listed = quotes(FAR, ssvi_slice(0.12, rho, eta), np.linspace(1.6, 3.6, 9))
    listed += quotes(MIDDLE, ssvi_slice(0.07, rho, eta), [2.5])
    found = calibrate("H100-US", DAY, CURVE, listed)
    one = found.smiles[MIDDLE]
    assert one.source == "ssvi"
    assert float(one.deviation(2.5)) == pytest.approx(math.sqrt(0.07), abs=2e-3)
    assert float(one.deviation(3.3)) > float(one.deviation(1.9)), "upwards, as the far month is"
    plain = calibrate("H100-US", DAY, CURVE, [])
    for month, terms in CURVE.items():
        assert float(plain.deviation(month, 2.2)) == pytest.approx(terms.deviation)
    assert plain.faults() == []


def test_a_seasoned_month_is_read_on_what_is_to_come() -> None:
    of = ssvi_slice(0.05**2, -0.2, 0.8)
    found = calibrate("H100-US", DAY, CURVE, quotes(NEAR, of, np.linspace(2.45, 2.8, 8), 0.0005))
    smile = found.smiles[NEAR]
    assert smile.source == "svi"
    k = math.log((2.6 - 0.8) / 0.7 / 2.6)
    exact = math.sqrt(float(of.variance(k)))
    assert float(smile.deviation(2.6)) == pytest.approx(exact, abs=5e-4)
    terms = replace(CURVE[NEAR], deviation=float(smile.deviation(2.6)))
    at_quote = next(q for q in quotes(NEAR, of, [2.6], 0.0005))
    assert at_quote.bid < average_option(at_quote.call, terms, 2.6)[0] < at_quote.ask
    assert float(smile.deviation(0.5)) > 0.0, "a strike that is passed has the deviation at money"


def test_what_can_be_traded_against_is_reported() -> None:
    """A dear month before a cheap one, and quotes of a smile with a butterfly in it."""
    listed = quotes(MIDDLE, ssvi_slice(0.20, 0.0, 0.8), np.linspace(1.6, 3.6, 9))
    listed += quotes(FAR, ssvi_slice(0.10, 0.0, 0.8), np.linspace(1.6, 3.6, 9))
    faults = calibrate("H100-US", DAY, CURVE, listed).faults()
    assert any("2026-06 to 2026-09: variance falls" in one for one in faults)
    bent = quotes(FAR, VOGT, 2.4 * np.exp(np.linspace(-1.2, 1.4, 15)), 0.001)
    found = calibrate("H100-US", DAY, CURVE, bent)
    smile = found.smiles[FAR]
    assert smile.examined.is_free, "a slice with a butterfly is not taken"
    assert any("2026-09: outside a quote" in one for one in found.faults())


def test_quotes_that_say_nothing_are_left_out_by_name() -> None:
    good = quotes(MIDDLE, ssvi_slice(0.07, 0.0, 0.8), [2.2, 2.5, 2.9])
    bad = [
        ListedQuote(MIDDLE, 3.0, True, 0.0, 0.2),
        ListedQuote(MIDDLE, 3.1, True, 0.3, 0.2),
        ListedQuote(MIDDLE, 2.0, True, 0.5, 0.6),
        ListedQuote(MIDDLE, 3.2, True, 2.4, 2.6),
        ListedQuote(NEAR, 0.7, False, 0.1, 0.2),
    ]
    found = calibrate("H100-US", DAY, CURVE, [*good, *bad])
    told = " / ".join(found.smiles[MIDDLE].left_out)
    for said in ("call 3: expected a bid", "call 3.1: expected a bid", "call 2: in the money"):
        assert said in told
    assert "call 3.2: no deviation gives its quote (at_bound)" in told
    assert "has passed the strike" in found.smiles[NEAR].left_out[0]
    assert len(found.smiles[MIDDLE].read) == 3

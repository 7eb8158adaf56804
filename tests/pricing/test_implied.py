"""Implied volatility: round trips to the last places, wings, bounds, outcomes, both twins."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasalle.pricing import Outcome, black, implied_deviation, implied_volatility
from lasalle.pricing.compiled import built
from lasalle.pricing.implied import _plain

FLOAT = 2.220446049250313e-16


def prices(count: int, seed: int) -> tuple[np.ndarray, ...]:
    """Out-of-the-money options with distances from 1e-8 to 20 and deviations from 1e-4 to 16 whose
    price a float can carry: forward, strike, deviation, price."""
    law = np.random.default_rng(seed)
    distance, deviation = 10.0 ** law.uniform(-8, 1.3, count), 10.0 ** law.uniform(-4, 1.2, count)
    strike = 2.5 * np.exp(distance)
    price = black(True, 2.5, strike, deviation)
    kept = (price > 1e-270) & (price < 2.5 * (1 - 1e-3))
    return np.full(kept.sum(), 2.5), strike[kept], deviation[kept], price[kept]


def plain(sign, price, forward, strike) -> tuple[np.ndarray, np.ndarray]:
    rows = [np.ascontiguousarray(np.broadcast_to(x, price.shape)) for x in (forward, strike)]
    found, outcome = np.empty(len(price)), np.empty(len(price), np.uint8)
    assert _plain((np.full(len(price), sign), price, *rows), found, outcome)
    return found, outcome


def worst_places(found: np.ndarray, deviation: np.ndarray, f, k, price) -> float:
    """Greatest error in last places of a deviation and of its price, carried over by its slope."""
    d1 = np.log(f / k) / deviation + 0.5 * deviation
    slope = f * np.exp(-0.5 * d1 * d1) / math.sqrt(math.tau)
    place = FLOAT * (1.0 + price / (slope * deviation))
    return float(np.max(np.abs(found / deviation - 1.0) / place))


@pytest.mark.parametrize("solve", ["dispatched", "plain"])
def test_a_market_comes_back_to_the_last_places(solve: str) -> None:
    """Strikes and volatilities of any listing: the deviation comes back to 3e-15 of itself."""
    law = np.random.default_rng(11)
    strike, v = 2.5 * np.exp(law.normal(0.0, 0.4, 40_000)), law.uniform(0.03, 1.0, 40_000)
    kept = np.abs(np.log(strike / 2.5)) < 8.0 * v
    strike, v = strike[kept], v[kept]
    for call, side in ((True, strike >= 2.5), (False, strike < 2.5)):
        k, deviation = strike[side], v[side]
        price = black(call, 2.5, k, deviation)
        if solve == "plain":
            found, outcome = plain(1.0 if call else -1.0, price, np.array(2.5), k)
        else:
            of = implied_deviation(call, price, 2.5, k)
            found, outcome = of.found, of.outcome
        assert np.all(outcome == Outcome.FOUND)
        assert len(k) > 15_000
        assert np.max(np.abs(found / deviation - 1.0)) < 3e-15


@pytest.mark.parametrize("solve", ["dispatched", "plain"])
def test_wings_come_back_as_far_as_a_price_carries_them(solve: str) -> None:
    f, k, deviation, price = prices(60_000, seed=12)
    assert len(price) > 40_000
    assert (price < 1e-100).sum() > 200
    assert (deviation > 4.0).sum() > 1_000
    if solve == "plain":
        found, outcome = plain(1.0, price, f, k)
    else:
        of = implied_deviation(True, price, f, k)
        found, outcome = of.found, of.outcome
    assert np.all(outcome == Outcome.FOUND)
    assert worst_places(found, deviation, f, k, price) < 6.0
    again = black(True, f, k, found)
    middle = np.abs(np.log(f / k)) < 5.0 * deviation
    assert np.max(np.abs(again / price - 1.0)[middle]) < 2e-14


def test_both_twins_agree() -> None:
    if built("implied_deviations") is None:
        pytest.skip("no compiled core was built")
    f, k, _, price = prices(30_000, seed=13)
    of = implied_deviation(True, price, f, k)
    found, outcome = plain(1.0, price, f, k)
    assert np.array_equal(of.outcome, outcome)
    close = price < 0.9 * f
    assert np.max(np.abs(of.found / found - 1.0)[close]) < 1e-13
    assert np.max(np.abs(of.found / found - 1.0)) < 1e-11, "near the bound a price says less"


CASES = [
    ("intrinsic", True, 0.5, 3.0, 2.5, Outcome.INTRINSIC),
    ("worthless", True, 0.0, 2.0, 2.5, Outcome.INTRINSIC),
    ("below intrinsic", True, 0.4999, 3.0, 2.5, Outcome.BELOW_INTRINSIC),
    ("negative", False, -0.1, 2.5, 2.5, Outcome.BELOW_INTRINSIC),
    ("a call at its forward", True, 3.0, 3.0, 2.5, Outcome.AT_BOUND),
    ("a call above its forward", True, 3.1, 3.0, 2.5, Outcome.AT_BOUND),
    ("a put at its strike", False, 2.5, 3.0, 2.5, Outcome.AT_BOUND),
    ("no strike", True, 3.2, 3.0, 0.0, Outcome.NO_CHOICE),
    ("a strike below zero", True, 4.2, 3.0, -1.0, Outcome.NO_CHOICE),
    ("no forward", False, 2.6, 0.0, 2.5, Outcome.NO_CHOICE),
    ("no number", True, math.nan, 3.0, 2.5, Outcome.NO_NUMBER),
    ("an infinite forward", True, 0.5, math.inf, 2.5, Outcome.NO_NUMBER),
    ("a forward below zero", True, 0.5, -1.0, 2.5, Outcome.NO_NUMBER),
    ("an ordinary price", True, 0.7, 3.0, 2.5, Outcome.FOUND),
]


@pytest.mark.parametrize(("name", "call", "price", "forward", "strike", "outcome"), CASES)
def test_edges_are_answered(name, call, price, forward, strike, outcome) -> None:
    of = implied_deviation(call, price, forward, strike)
    assert int(of.outcome) == outcome, name
    assert (float(of.found) > 0.0) == (outcome == Outcome.FOUND)
    assert of.all_found == (outcome <= Outcome.INTRINSIC)
    assert of.told() == {outcome.name.lower(): 1}
    if math.isfinite(forward) and forward >= 0.0 and not math.isnan(price):
        row = np.full(1, price), np.array([forward]), np.array([strike])
        assert plain(1.0 if call else -1.0, *row)[1][0] == outcome
    beside = implied_deviation(True, [0.3, price, 0.3], [2.5, forward, 2.5], [2.5, strike, 2.5])
    assert beside.found[0] == beside.found[2] > 0.0, "a bad price harms none beside it"


def test_without_time() -> None:
    of = implied_volatility(True, [0.5, 0.7, 0.7, 0.7], 3.0, 2.5, [0.0, 0.0, 0.25, math.nan])
    wanted = [Outcome.INTRINSIC, Outcome.NO_TIME, Outcome.FOUND, Outcome.NO_NUMBER]
    assert list(of.outcome) == wanted
    deviation = float(implied_deviation(True, 0.7, 3.0, 2.5).found)
    assert list(of.found) == [0.0, 0.0, pytest.approx(2.0 * deviation), 0.0]
    discounted = implied_deviation(True, 0.7 * 0.9, 3.0, 2.5, 0.9)
    assert float(discounted.found) == pytest.approx(deviation, rel=1e-12)
    assert implied_deviation(True, 0.7, 3.0, 2.5, 0.0).outcome == Outcome.NO_NUMBER


ANY = st.one_of(
    st.floats(), st.floats(1e-3, 10.0), st.sampled_from([0.0, -0.0, 5e-324, 1e-300, 1e300, 2.5])
)


@settings(max_examples=400, deadline=None)
@given(st.booleans(), ANY, ANY, ANY, ANY)
def test_garbage_is_never_answered_with_nan(call, price, forward, strike, years) -> None:
    of = implied_volatility(call, price, forward, strike, years)
    assert np.isfinite(of.found)
    assert 0 <= int(of.outcome) <= max(Outcome)
    if of.outcome == Outcome.FOUND:
        again = float(black(call, forward, strike, float(of.found) * math.sqrt(years)))
        assert again == pytest.approx(price, rel=1e-9, abs=1e-12 * max(forward, strike))
    else:
        assert of.found == 0.0

"""Black's formula and its slopes: published numbers, identities, bumps, edges, both twins."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasalle.pricing import black, black_measures, greeks
from lasalle.pricing.black import ROWS, plain_measures
from lasalle.pricing.compiled import built

EDGES = np.meshgrid(
    [0.0, 1e-120, 1e-9, 2.5, 1e6, 1e100],
    [-1.0, 0.0, 1e-120, 2.5, 1e6, 1e100],
    [0.0, 1e-13, 1e-6, 0.5, 50.0, 1e90],
)


def options(count: int, seed: int = 7) -> list[np.ndarray]:
    """Sign, forward, strike, deviation, from the middle of a market far into its wings."""
    law = np.random.default_rng(seed)
    forward = 10.0 ** law.uniform(-3, 4, count)
    deviation = 10.0 ** law.uniform(-5, 1, count)
    strike = forward * np.exp(law.normal(0.0, 1.0, count) * 3.0 * deviation.clip(0.0, 2.0))
    return [np.where(law.random(count) < 0.5, 1.0, -1.0), forward, strike, deviation]


def test_black_published_number() -> None:
    """Hull, Options, Futures and Other Derivatives: a four-month put on a crude future, F = K =
    20, r = 9 %, sigma = 25 %, is worth 1.12 (example of Black's model in the chapter on futures
    options)."""
    years = 4 / 12
    put = black(False, 20.0, 20.0, 0.25 * math.sqrt(years), math.exp(-0.09 * years))
    assert float(put) == pytest.approx(1.12, abs=0.005)


def test_haug_published_number() -> None:
    """E. G. Haug, The Complete Guide to Option Pricing Formulas, second edition, section 1.1.3:
    a nine-month option on a future at 19, strike 19, r = 10 %, sigma = 28 %: call and put are
    worth 1.7011."""
    of = greeks([True, False], 19.0, 19.0, 0.28, 0.75, 0.10)
    assert of.value == pytest.approx([1.7011, 1.7011], abs=5e-5)


def test_black_at_the_money_closed_form() -> None:
    """At F = K Black (1976) reduces to F (2 N(v/2) - 1) = F erf(v / (2 root 2))."""
    for v in (1e-9, 0.01, 0.3, 2.0, 30.0):
        exact = 5 * math.erf(v / math.sqrt(8))
        assert float(black(True, 5.0, 5.0, v)) == pytest.approx(exact, rel=1e-14)


def test_far_out_of_the_money_the_value_keeps_its_digits() -> None:
    """N(d1) - K N(d2) with F = 1 in sixty digits: K = e^10 with v = 1, K = e^0.5 with v = 0.02."""
    far, farther = black(True, 1.0, [math.exp(10.0), math.exp(0.5)], [1.0, 0.02])
    assert far == pytest.approx(9.81270582684695e-23, rel=1e-13)
    assert farther == pytest.approx(3.12977677298006237e-141, rel=2e-12)


def test_parity_and_edges_never_nan() -> None:
    f, k, v = EDGES
    call, put = black_measures(True, f, k, v), black_measures(False, f, k, v)
    for of in (call, put):
        for row in (of.value, of.delta, of.gamma, of.vega, of.vanna, of.volga, of.strike_delta):
            assert np.all(np.isfinite(row))
    assert np.allclose(call.value - put.value, f - k, rtol=1e-12, atol=1e-9)
    assert np.allclose(call.delta - put.delta, 1.0, atol=1e-15)
    assert np.all(call.value <= f.clip(np.maximum(f - k, 0.0)))
    assert float(black(True, 3.0, 2.5, 0.0)) == 0.5


@pytest.mark.parametrize("call", [True, False])
@pytest.mark.parametrize("k", [1.9, 2.5, 2.8, 4.5])
@pytest.mark.parametrize("v", [0.1, 0.4, 1.7])
def test_slopes_are_the_bumped_ones(call: bool, k: float, v: float) -> None:
    f, h = 2.5, 1e-5
    of = black_measures(call, f, k, v)

    def slope(name: str, forward: float = 0.0, deviation: float = 0.0, strike: float = 0.0):
        up, down = (
            getattr(black_measures(call, f + s * forward, k + s * strike, v + s * deviation), name)
            for s in (h, -h)
        )
        return float(up - down) / (2 * h)

    assert float(of.delta) == pytest.approx(slope("value", forward=1.0), abs=1e-8)
    assert float(of.strike_delta) == pytest.approx(slope("value", strike=1.0), abs=1e-8)
    assert float(of.vega) == pytest.approx(slope("value", deviation=1.0), abs=1e-8)
    assert float(of.gamma) == pytest.approx(slope("delta", forward=1.0), abs=1e-8)
    assert float(of.vanna) == pytest.approx(slope("delta", deviation=1.0), abs=1e-8)
    assert float(of.vanna) == pytest.approx(slope("vega", forward=1.0), abs=1e-8)
    assert float(of.volga) == pytest.approx(slope("vega", deviation=1.0), abs=1e-7)


def test_greeks_of_a_desk_are_the_bumped_ones() -> None:
    given, h = {"volatility": 0.6, "years": 0.8, "rate": 0.05}, 1e-6
    of = greeks(True, 2.5, 2.8, **given)
    for name, found, sign in (
        ("volatility", of.vega, 1.0),
        ("years", of.theta, -1.0),
        ("rate", of.rho, 1.0),
    ):
        up, down = (
            float(greeks(True, 2.5, 2.8, **(given | {name: given[name] + s})).value)
            for s in (h, -h)
        )
        assert float(found) == pytest.approx(sign * (up - down) / (2 * h), abs=1e-8)
    assert float(greeks(True, 2.5, 2.8, 0.6, 0.0).theta) == 0.0
    with pytest.raises(ValueError, match="years: expected"):
        greeks(True, 2.5, 2.8, 0.6, -1.0)


@settings(max_examples=300, deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(-8.0, 8.0), st.floats(0.0, 12.0), st.floats(0.0, 12.0))
def test_bounds_and_monotony(f: float, distance: float, one: float, two: float) -> None:
    """A call lies between intrinsic value and the forward, grows with the deviation and falls with
    the strike; whatever the numbers."""
    k, (low, high) = f * math.exp(distance), sorted((one, two))
    call = black(True, f, [k, k, 1.1 * k], [low, high, low])
    assert max(f - k, 0.0) <= call[0] <= f
    assert call[0] <= call[1] * (1 + 1e-13)
    assert call[2] <= call[0] * (1 + 1e-13)


def test_the_compiled_core_and_its_plain_twin_agree() -> None:
    if built("black_measures") is None:
        pytest.skip("no compiled core was built")
    rows = options(50_000)
    compiled = np.empty((ROWS, 50_000))
    assert built("black_measures")(tuple(rows), compiled, True)
    plain = plain_measures(rows)
    size = np.abs(plain) + 1e-290
    value = rows[1] > 0
    assert np.max(np.abs(compiled - plain)[0] / size[0]) < 2e-12, "worst far in the wings"
    middle = np.abs(np.log(rows[1] / rows[2])) < 3.0 * rows[3]
    assert middle.sum() > 20_000
    scale = np.array([rows[2], 1.0 + 0 * rows[1], plain[2], plain[3], size[4], size[5], 1 + value])
    assert np.max((np.abs(compiled - plain) / scale)[:, middle]) < 1e-11
    edges = [row.ravel() for row in (np.sign(EDGES[0] - 1.0), *EDGES)]
    edges[0] = np.where(edges[0] < 0, -1.0, 1.0)
    found = np.empty((ROWS, len(edges[0])))
    assert built("black_measures")(tuple(edges), found, True)
    assert np.allclose(found, plain_measures(edges), rtol=1e-11, atol=1e-290)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, -1.0])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_no_number_is_refused(place: int, bad: float) -> None:
    given = [np.full(300, 2.5), np.full(300, 2.5), np.full(300, 0.4)]
    given[place][290] = bad
    if place == 1 and bad == -1.0:
        assert np.all(np.isfinite(black(True, *given)))
        return
    name = ("forward", "strike", "deviation")[place]
    with pytest.raises(ValueError, match=f"{name}: expected a number from"):
        black(True, *given)
    with pytest.raises(ValueError, match=f"{name}: expected a number from"):
        plain_measures([np.ones(300), *given])


def test_shapes_broadcast() -> None:
    found = black([[True], [False]], 2.5, [2.0, 2.5, 3.0], 0.4, 0.97)
    assert found.shape == (2, 3)
    assert black([], [], [], []).shape == (0,)
    assert found[0, 1] == pytest.approx(float(black(True, 2.5, 2.5, 0.4)) * 0.97)

"""Spread options: Margrabe, limits, parity, draws, bumps, and what Kirk is off by."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasalle.pricing import black, kirk, spread_options
from lasalle.pricing.delivery_option import exchange_option


@pytest.mark.parametrize("correlation", [-1.0, -0.5, 0.0, 0.7, 0.99, 1.0])
@pytest.mark.parametrize(("one", "two"), [(0.3, 0.4), (0.02, 0.9), (0.5, 0.5)])
def test_without_a_strike_both_are_margrabe(one: float, two: float, correlation: float) -> None:
    for first in (2.0, 2.5, 3.3):
        exact = exchange_option(first, 2.5, one, two, correlation)
        found = spread_options(True, first, 2.5, 0.0, (one, two), correlation)
        assert float(found.value) == pytest.approx(exact, abs=1e-9)
        near = kirk(True, first, 2.5, 0.0, (one, two), correlation)
        # Two equal prices that move as one are a difference of rounding, deviation 1e-8 of them.
        assert float(near) == pytest.approx(exact, abs=3e-8)


def test_haug_published_numbers() -> None:
    """E. G. Haug, The Complete Guide to Option Pricing Formulas, second edition, table 5-4: Kirk's
    approximation for futures at 28 and 20, strike 7, r = 5 %, volatilities 29 % and 36 %,
    correlation 0.42 and a quarter of a year: 2.1670."""
    root, discount = math.sqrt(0.25), math.exp(-0.05 * 0.25)
    found = kirk(True, 28.0, 20.0, 7.0, (0.29 * root, 0.36 * root), 0.42, discount)
    assert float(found) == pytest.approx(2.1670, abs=5e-5)


def test_without_width_in_one_leg_it_is_black() -> None:
    for strike in (-1.0, 0.4, 1.0):
        first = spread_options(True, 3.0, 2.0, strike, (0.4, 0.0), 0.3)
        assert float(first.value) == pytest.approx(float(black(True, 3.0, 2.0 + strike, 0.4)))
        second = spread_options(True, 3.0, 2.0, strike, (0.0, 0.4), 0.3)
        assert float(second.value) == pytest.approx(float(black(False, 2.0, 3.0 - strike, 0.4)))


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.5, 5.0), st.floats(0.5, 5.0), st.floats(-3.0, 3.0),
    st.floats(0.0, 1.2), st.floats(0.0, 1.2), st.floats(-1.0, 1.0),
)  # fmt: skip
def test_parity_bounds_and_growth(first, second, strike, one, two, correlation) -> None:
    given_ = (first, second, [strike, strike, strike + 0.1], (one, two), correlation)
    call, put = (spread_options(kind, *given_) for kind in (True, False))
    assert np.all(np.isfinite(call.value))
    apart = first - second - np.array([strike, strike, strike + 0.1])
    assert call.value - put.value == pytest.approx(apart, abs=1e-7)
    assert np.all(call.value >= np.maximum(apart, 0.0) - 1e-8)
    assert call.value[2] <= call.value[0] + 1e-8
    assert call.first_delta - put.first_delta == pytest.approx(np.ones(3), abs=1e-6)


@pytest.mark.parametrize("strike", [-0.5, 0.3, 1.0])
@pytest.mark.parametrize("correlation", [-0.4, 0.85])
def test_beside_draws_and_kirk(strike: float, correlation: float) -> None:
    """A million draws; Kirk is off by less than 2 % of the value near the money."""
    law = np.random.default_rng(5)
    matrix = [[1.0, correlation], [correlation, 1.0]]
    normal = law.standard_normal((500_000, 2)) @ np.linalg.cholesky(matrix).T
    normal = np.concatenate([normal, -normal])
    first = 3.0 * np.exp(0.5 * normal[:, 0] - 0.125)
    second = 2.5 * np.exp(0.35 * normal[:, 1] - 0.06125)
    paid = np.maximum(first - second - strike, 0.0)
    error = float(paid.std()) / math.sqrt(len(paid))
    found = spread_options(True, 3.0, 2.5, strike, (0.5, 0.35), correlation)
    assert float(found.value) == pytest.approx(float(paid.mean()), abs=4 * error)
    assert float(found.error) < 1e-9
    near = float(kirk(True, 3.0, 2.5, strike, (0.5, 0.35), correlation))
    assert near == pytest.approx(float(found.value), rel=0.02)


def test_slopes_are_the_bumped_ones() -> None:
    h, rest = 1e-5, ((0.5, 0.35), 0.6, 0.9)
    found = spread_options(True, 3.0, 2.5, 0.4, *rest)
    for n, slope in enumerate((found.first_delta, found.second_delta, found.strike_delta)):
        up, down = (
            float(
                spread_options(
                    True, *(x + s * (i == n) for i, x in enumerate((3.0, 2.5, 0.4))), *rest
                ).value
            )
            for s in (h, -h)
        )
        assert float(slope) == pytest.approx((up - down) / (2 * h), abs=1e-7)


def test_bad_numbers_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="correlation"):
        spread_options(True, 3.0, 2.5, 0.4, (0.5, 0.3), 1.1)
    with pytest.raises(ValueError, match="deviations"):
        spread_options(True, 3.0, 2.5, 0.4, (math.nan, 0.3), 0.1)
    with pytest.raises(ValueError, match="first, second"):
        spread_options(True, math.inf, 2.5, 0.4, (0.3, 0.3), 0.1)
    with pytest.raises(ValueError, match="second \\+ strike above 0"):
        kirk(True, 3.0, 2.5, -2.5, (0.5, 0.3), 0.1)

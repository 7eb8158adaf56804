"""Regression against scipy, dollar offset and what equity may take, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats

from lasalle.hedging.bills import BillBasis, Used, basis_of
from lasalle.hedging.bills.basis import offset_of
from lasalle.hedging.bills.telling import basis_words
from lasalle.hedging.effectiveness import (
    dollar_offset,
    ineffectiveness,
    offset_over,
    regression,
    within_offset,
)


@pytest.mark.parametrize("seed", range(5))
def test_the_regression_is_that_of_scipy(seed: int) -> None:
    """Slope, constant, errors and R squared, to nine digits."""
    rng = np.random.default_rng(seed)
    item = rng.normal(100.0, 50.0, 40)
    hedge = -0.9 * item + rng.normal(0.0, 10.0 + 20 * seed, 40)
    found, told = regression(item, hedge), stats.linregress(item, hedge)
    assert found.slope == pytest.approx(told.slope, rel=1e-9)
    assert found.constant == pytest.approx(told.intercept, rel=1e-9)
    assert found.slope_error == pytest.approx(told.stderr, rel=1e-9)
    assert found.constant_error == pytest.approx(told.intercept_stderr, rel=1e-9)
    assert found.r_squared == pytest.approx(told.rvalue**2, rel=1e-9)
    assert found.observations == 40


@pytest.mark.parametrize(
    ("ratio", "noise", "effective"),
    [(-1.0, 1.0, True), (-0.7, 1.0, False), (-1.3, 1.0, False), (-1.0, 200.0, False)],
)
def test_high_effectiveness_has_two_sides_and_a_fit(
    ratio: float, noise: float, effective: bool
) -> None:
    """Too little, too much and too loose are all told."""
    rng = np.random.default_rng(7)
    item = rng.normal(0.0, 50.0, 60)
    found = regression(item, ratio * item + rng.normal(0.0, noise, 60))
    assert found.highly_effective is effective


def test_dollar_offset_by_hand() -> None:
    """A bill 100 dearer, a hedge that brought 90."""
    item, hedge = np.array([-60.0, -40.0]), np.array([50.0, 40.0])
    assert dollar_offset(item, hedge) == pytest.approx(0.9)
    assert within_offset(0.9)
    assert not within_offset(0.79)
    assert not within_offset(1.26)


def test_dollar_offset_over_scenarios_by_hand() -> None:
    """Dearer: 190 of 200; cheaper: 30 of 60, which fails; one that never moved is not counted."""
    item = np.array([-100.0, -100.0, 40.0, 20.0, 0.0])
    found = offset_over(item, np.array([90.0, 100.0, -10.0, -20.0, 5.0]))
    assert found.dearer == pytest.approx(0.95)
    assert found.cheaper == pytest.approx(0.5)
    assert found.within == pytest.approx(3 / 4)
    assert not found.passes
    alone = offset_over(np.array([-1.0, -2.0, -3.0]), np.array([1.0, 2.0, 3.0]))
    assert (alone.dearer, alone.cheaper, alone.within, alone.passes) == (1.0, None, 1.0, True)


def test_dollar_offset_of_a_bill_by_hand() -> None:
    """A bill that rose by 0.50 while the index at its level rose by 0.40; one that stands still."""
    days = [date(2025, 1, 1) + timedelta(n) for n in range(59)]
    index = {day: 2_000_000 if day.month == 1 else 2_400_000 for day in days}

    def bill_of(later: int) -> BillBasis:
        used = [Used(day, "H100-SXM", "US-EAST", 1_000_000, 2_000_000 if day.month == 1 else later)
                for day in days]  # fmt: skip
        return basis_of(used, index)

    rose, still = bill_of(2_500_000), bill_of(2_000_000)
    assert offset_of(rose) == pytest.approx(rose.ratio * 0.4 / 0.5)
    assert offset_of(still) is None
    assert any("dollar offset   none" in line for line in basis_words(still, "index"))
    assert any("within 80 to 125 %" in line for line in basis_words(rose, "index"))


@pytest.mark.parametrize(
    ("item", "hedge", "expected"),
    [(-100.0, 90.0, 0.0), (-100.0, 120.0, 20.0), (100.0, -130.0, -30.0), (100.0, 10.0, 10.0)],
)
def test_what_goes_to_profit_or_loss(item: float, hedge: float, expected: float) -> None:
    """Only what exceeds the item, or all of a hedge that went the same way as it."""
    assert ineffectiveness(np.array([item]), np.array([hedge])) == pytest.approx(expected)


def test_too_little_is_refused() -> None:
    """Two pairs, or an item that stands still."""
    with pytest.raises(ValueError, match="three pairs"):
        regression(np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="differ"):
        regression(np.ones(5), np.arange(5.0))
    with pytest.raises(ValueError, match="over the period"):
        dollar_offset(np.array([1.0, -1.0]), np.ones(2))

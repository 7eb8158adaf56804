"""The value of choosing the grade: draws against Margrabe's closed form, bounds, and limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from lasalle.pricing.delivery_option import exchange_option, several_grades, two_grades

SAME = np.array([[1.0, 0.6], [0.6, 1.0]])


def test_margrabe_worked_by_hand() -> None:
    """Both at 1, deviations 0.3 and 0.4, uncorrelated: width 0.5, so 2 N(0.25) - 1 = 0.197413."""
    assert exchange_option(1.0, 1.0, 0.3, 0.4, 0.0) == pytest.approx(0.1974127, abs=1e-7)
    assert exchange_option(2.0, 1.0, 0.2, 0.2, 1.0) == 1.0
    found = two_grades((1.0, 1.0), (0.3, 0.4), 0.0, 1.0)
    assert found.option == pytest.approx(0.1974127, abs=1e-7)
    assert found.basket == pytest.approx(1.0 - 0.1974127, abs=1e-7)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.6, 0.95])
@pytest.mark.parametrize("second", [2.4, 2.5, 3.0])
def test_draws_agree_with_the_closed_form(second: float, correlation: float) -> None:
    matrix = np.array([[1.0, correlation], [correlation, 1.0]])
    exact = two_grades((2.45, second), (0.45, 0.6), correlation, 0.5)
    drawn = several_grades((2.45, second), (0.45, 0.6), matrix, 0.5, seed=11)
    assert 0.0 < drawn.error < 0.002
    assert abs(drawn.basket - exact.basket) < 4.0 * drawn.error
    assert drawn.chosen == pytest.approx(exact.chosen, abs=0.006)


def test_a_third_grade_makes_the_choice_worth_more_and_the_seed_makes_it_repeatable() -> None:
    three = np.full((3, 3), 0.6) + 0.4 * np.eye(3)
    pair = two_grades((2.4, 2.45), (0.4, 0.5), 0.6, 0.5)
    prices, widths = (2.4, 2.45, 2.5), (0.4, 0.5, 0.6)
    found = several_grades(prices, widths, three, 0.5, seed=3)
    assert found.option > pair.option + 4.0 * found.error
    assert sum(found.chosen) == pytest.approx(1.0)
    assert found == several_grades(prices, widths, three, 0.5, seed=3)
    assert found != several_grades(prices, widths, three, 0.5, seed=4)


def test_three_grades_apart_beside_the_integral_of_what_all_exceed() -> None:
    """Independent grades: the mean least price is the integral of the chance that all lie above,
    taken by the trapezoid rule to 1e-6."""
    prices, widths, years = (2.4, 2.5, 2.7), (0.4, 0.5, 0.6), 0.5
    x = np.linspace(1e-9, 12.0, 400_001)
    above = np.ones_like(x)
    for price, width in zip(prices, widths, strict=True):
        deviation = width * math.sqrt(years)
        above *= norm.sf((np.log(x / price) + deviation**2 / 2) / deviation)
    exact = float(np.trapezoid(above, x))
    found = several_grades(prices, widths, np.eye(3), years, seed=5, paths=400_000)
    assert abs(found.basket - exact) < 4.0 * found.error
    assert found.error < 1e-3 * exact


def test_without_time_or_width_the_choice_is_worth_nothing() -> None:
    assert two_grades((2.0, 3.0), (0.5, 0.5), 0.3, 0.0).option == 0.0
    still = several_grades((2.0, 3.0), (0.0, 0.0), SAME, 1.0, seed=1, paths=100)
    assert still.option == pytest.approx(0.0, abs=1e-12)
    # Grades that move as one are never exchanged.
    assert two_grades((2.0, 3.0), (0.5, 0.5), 1.0, 1.0).option == pytest.approx(0.0, abs=1e-12)


def test_the_choice_grows_with_time_and_falls_with_correlation() -> None:
    grown = [two_grades((2.4, 2.5), (0.4, 0.5), 0.5, years).option for years in (0.1, 0.5, 2.0)]
    assert grown == sorted(grown)
    tied = [two_grades((2.4, 2.5), (0.4, 0.5), rho, 0.5).option for rho in (-0.9, 0.0, 0.9)]
    assert tied == sorted(tied, reverse=True)
    assert all(math.isfinite(value) and value > 0 for value in (*grown, *tied))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (lambda: two_grades((0.0, 1.0), (0.1, 0.1), 0.0, 1.0), "converted"),
        (lambda: two_grades((1.0, 1.0), (0.1, 0.1), 1.5, 1.0), "correlation"),
        (lambda: several_grades((1.0, 1.0), (0.1,), SAME, 1.0, seed=1), "a volatility for each"),
        (lambda: several_grades((1.0, 1.0), (0.1, 0.1), 2 * SAME, 1.0, seed=1), "diagonal"),
        (lambda: several_grades((1.0,) * 3, (0.1,) * 3, SAME, 1.0, seed=1), "3 by 3"),
        (lambda: several_grades((1.0, 1.0), (0.1, 0.1), SAME, 1.0, seed=1, paths=1), "paths"),
    ],
)
def test_bad_numbers_are_refused_by_name(asked, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        asked()

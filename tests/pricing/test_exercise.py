"""Intervals of rights hold the exact price where there is one, and identities where there are."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import norm

from lasalle.pricing import black
from lasalle.pricing.exercise import (
    OneFactor,
    Rights,
    TwoFactor,
    capacity_call,
    fitted,
    lower_bound,
    price_interval,
    spot_less_strike,
    start_of_run,
    upper_bound,
)
from lasalle.pricing.exercise.swing import Payoff

DATES = 8
TIMES = np.arange(1, DATES + 1) / 12
CURVE = np.linspace(2.4, 2.8, DATES)
ONE = OneFactor(CURVE, TIMES, 2.0, 0.8)
TWO = TwoFactor(CURVE, TIMES, 2.0, 0.6, 0.4, -0.3)
ONES = np.ones(DATES)


def exact(
    process: OneFactor,
    rights: Rights,
    strike: float,
    floored: bool = True,
    payoff: Payoff | None = None,
) -> float:
    """Dynamic programming on a fine grid, expectations by Gauss and Hermite."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(48)
    weights = weights / weights.sum()
    grid = np.linspace(-3.5, 3.5, 1401)
    count = rights.rights + 1
    left = np.arange(count)
    value = np.zeros((count, len(grid)))
    pay = payoff or spot_less_strike(process, strike, floored=floored)

    def onward(date: int, at: np.ndarray) -> np.ndarray:
        found = np.zeros((count, len(at)))
        for node, weight in zip(nodes, weights, strict=True):
            to = process.step(at[:, None], date, np.full((len(at), 1), node))[:, 0]
            found += weight * np.array([np.interp(to, grid, row) for row in value])
        return found

    for date in reversed(range(process.dates)):
        later = onward(date + 1, grid) if date + 1 < process.dates else np.zeros_like(value)
        waits = rights.may_wait(left, process.dates - date)[:, None]
        pays = rights.discounts[date] * pay(grid[:, None], date)
        value = np.where(waits, later, -1e9)
        value[1:] = np.maximum(value[1:], pays + later[:-1])
    return float(onward(0, np.zeros(1))[-1, 0])


@pytest.mark.parametrize(
    ("rights", "least", "floored"), [(1, 0, True), (3, 0, True), (6, 0, True), (4, 3, False)]
)
def test_the_interval_holds_the_exact_price(rights: int, least: int, floored: bool) -> None:
    """One factor, solved on a grid; and the interval is narrow."""
    terms = Rights(rights, ONES * 0.99, least)
    true = exact(ONE, terms, 2.6, floored)
    payoff = spot_less_strike(ONE, 2.6, floored=floored)
    found = price_interval(ONE, payoff, terms, paths=8_000, outer=300)
    assert found.least <= true <= found.most
    assert found.most - found.least < 0.09 * true


def test_the_interval_of_a_flexible_start_holds_the_exact_price() -> None:
    """A run of three dates begun once, worth its forwards: a function of the state, so that the
    grid solves it."""
    units = np.array([1.0, 1.0, 0.5, *np.zeros(DATES - 3)])
    payoff = start_of_run(ONE, 2.6, 3, units)
    terms = Rights(1, ONES)
    true = exact(ONE, terms, 2.6, payoff=payoff)
    found = price_interval(ONE, payoff, terms, paths=8_000, outer=300)
    assert found.least <= true <= found.most
    assert found.most - found.least < 0.09 * true


def scarce(price: np.ndarray) -> np.ndarray:
    """Shortage that comes with the price."""
    return np.asarray(1.0 / (1.0 + np.exp(-4.0 * (price - 3.0))))


def test_the_interval_of_a_capacity_call_holds_the_exact_price() -> None:
    """Shortage rises with the price; three rights."""
    payoff = capacity_call(ONE, 2.6, scarce, 1.5)
    terms = Rights(3, ONES)
    true = exact(ONE, terms, 2.6, payoff=payoff)
    found = price_interval(ONE, payoff, terms, paths=8_000, outer=300)
    assert found.least <= true <= found.most
    assert found.most - found.least < 0.09 * true


def test_all_capacity_calls_at_a_constant_shortage_are_two_strips() -> None:
    """With a right for every date: the share of shortage in calls on the factor times the price,
    Black's formula, the rest in plain ones."""
    chance, factor, strike = 0.3, 1.4, 2.6
    payoff = capacity_call(ONE, strike, lambda price: np.full_like(price, chance), factor)
    deviation = np.array([np.sqrt(ONE._spread(time)) for time in TIMES])
    plain, short = (black(True, times * CURVE, strike, deviation).sum() for times in (1.0, factor))
    strip = (1 - chance) * plain + chance * short
    found = price_interval(ONE, payoff, Rights(DATES, ONES), paths=8_000)
    assert found.least <= strip <= found.most
    assert found.lower == pytest.approx(strip, rel=5e-3)


def test_as_many_rights_as_dates_are_a_strip_of_calls() -> None:
    """Black's formula, date by date."""
    deviation = np.array([np.sqrt(ONE._spread(time)) for time in TIMES])
    high = np.log(CURVE / 2.6) / deviation + deviation / 2
    strip = float((CURVE * norm.cdf(high) - 2.6 * norm.cdf(high - deviation)).sum())
    found = price_interval(ONE, spot_less_strike(ONE, 2.6), Rights(DATES, ONES), paths=8_000)
    assert found.least <= strip <= found.most
    assert found.lower == pytest.approx(strip, rel=5e-3)


@pytest.mark.parametrize("process", [ONE, TWO])
def test_the_curve_is_reproduced_and_forwards_are_martingales(process: OneFactor) -> None:
    """Mean price of every date is its forward; so is the mean of its forwards on the way."""
    rng = np.random.default_rng(0)
    state = np.zeros((100_000, process.factors))
    for date in range(process.dates):
        state = process.step(state, date, rng.standard_normal(state.shape))
        price = process.price(state, date)
        assert price.mean() == pytest.approx(CURVE[date], rel=8e-3)
        assert np.allclose(process.forward(state, date, date), price)
        last = process.forward(state, date, process.dates - 1)
        assert last.mean() == pytest.approx(CURVE[-1], rel=8e-3)


def test_a_bad_policy_lowers_the_lower_bound_and_not_the_upper_below_it() -> None:
    """Coefficients thrown away: the policy earns less, and the dual still lies above the price."""
    terms = Rights(2, ONES)
    true = exact(ONE, terms, 2.6)
    policy = fitted(ONE, spot_less_strike(ONE, 2.6), terms, paths=5_000)
    policy.coefficients[:] = 0.0
    lower, error = lower_bound(policy, paths=8_000)
    assert lower < 0.9 * true
    upper, upper_error = upper_bound(policy, paths=200)
    assert upper > true - 2.5 * upper_error
    assert error > 0


def test_a_bad_fit_of_the_values_still_bounds_from_above() -> None:
    """Noise in the fitted values widens the dual and never brings it under the exact price."""
    terms = Rights(2, ONES)
    policy = fitted(ONE, spot_less_strike(ONE, 2.6), terms, paths=5_000)
    tight, _ = upper_bound(policy, paths=200)
    policy.coefficients[:, :, 0] += np.linspace(-0.4, 0.4, DATES)[:, None]
    loose, error = upper_bound(policy, paths=200)
    assert loose > tight
    assert loose > exact(ONE, terms, 2.6) - 2.5 * error


def test_one_right_that_is_due_at_once_is_a_forward() -> None:
    """One date, one right, taken whatever it pays."""
    short = OneFactor(CURVE[:1], TIMES[:1], 2.0, 0.8)
    payoff = spot_less_strike(short, 3.0, floored=False)
    found = price_interval(short, payoff, Rights(1, np.ones(1), 1), paths=8_000)
    assert found.lower == pytest.approx(CURVE[0] - 3.0)
    assert found.upper == pytest.approx(CURVE[0] - 3.0)


def test_more_rights_are_worth_more_and_each_less_than_the_last() -> None:
    """Value rises with rights and is concave in them."""
    found = [
        price_interval(TWO, spot_less_strike(TWO, 2.6), Rights(n, ONES), paths=8_000).lower
        for n in (1, 2, 3, 4)
    ]
    steps = np.diff([0.0, *found])
    assert np.all(steps > 0)
    assert np.all(np.diff(steps) < 0)


def test_a_flexible_start_is_worth_more_than_any_fixed_one() -> None:
    """And no more than all fixed starts together."""
    units = np.array([1.0, 1.0, 0.5, *np.zeros(DATES - 3)])
    payoff = start_of_run(TWO, 2.6, 3, units)
    found = price_interval(TWO, payoff, Rights(1, ONES), paths=8_000)
    rng = np.random.default_rng(1)
    state, fixed = np.zeros((50_000, 2)), []
    for date in range(DATES):
        state = TWO.step(state, date, rng.standard_normal(state.shape))
        fixed.append(payoff(state, date).mean())
    assert max(fixed) * 1.02 < found.upper + 2.5 * found.upper_error < sum(fixed)
    assert found.lower <= found.most


def test_a_capacity_call_lies_between_its_two_worlds() -> None:
    """Never short, always short, and in between; dearer with the factor and with shortage."""
    terms = Rights(2, ONES)

    def value(chance: float, factor: float) -> float:
        payoff = capacity_call(ONE, 2.6, lambda price: np.full_like(price, chance), factor)
        return price_interval(ONE, payoff, terms, paths=8_000).lower

    plain = price_interval(ONE, spot_less_strike(ONE, 2.6), terms, paths=8_000).lower
    assert value(0.0, 1.5) == pytest.approx(plain)
    assert value(0.5, 1.0) == pytest.approx(plain)
    assert plain < value(0.2, 1.5) < value(0.6, 1.5) < value(1.0, 1.5)
    assert value(0.2, 1.2) < value(0.2, 1.5)


def test_the_same_seed_gives_the_same_interval() -> None:
    """And another one another."""
    terms = Rights(3, ONES)
    payoff = spot_less_strike(TWO, 2.6)
    first, again, other = (
        price_interval(TWO, payoff, terms, paths=2_000, seed=seed) for seed in (4, 4, 5)
    )
    assert first == again
    assert first != other


def test_wrong_terms_are_refused() -> None:
    """By field, with what was expected."""
    for made, named in (
        (lambda: Rights(0, ONES), "rights"),
        (lambda: Rights(DATES + 1, ONES), "rights"),
        (lambda: Rights(2, ONES, 3), "least"),
        (lambda: Rights(2, 0 * ONES), "discounts"),
        (lambda: OneFactor(CURVE, TIMES[::-1], 1.0, 0.5), "times"),
        (lambda: OneFactor(-CURVE, TIMES, 1.0, 0.5), "curve"),
        (lambda: OneFactor(CURVE, TIMES, -1.0, 0.5), "reversion"),
        (lambda: TwoFactor(CURVE, TIMES, 1.0, 0.5, 0.5, 2.0), "correlation"),
        (lambda: capacity_call(ONE, 1.0, np.zeros_like, 0.5), "factor"),
        (lambda: fitted(ONE, spot_less_strike(ONE, 2.6), Rights(1, ONES[:2])), "discounts"),
    ):
        with pytest.raises(ValueError, match=named):
            made()


def test_the_dual_is_the_best_of_all_exercises_along_a_path_without_martingales() -> None:
    """With no fit at all it is perfect foresight: the best dates of each path, taken by hand."""
    terms = Rights(3, ONES)
    policy = fitted(ONE, spot_less_strike(ONE, 2.6), terms, paths=1_000)
    blind = type(policy)(
        policy.process,
        lambda state, _: np.zeros(len(state)),
        terms,
        policy.scales,
        0 * policy.coefficients,
    )
    assert upper_bound(blind, paths=50) == (0.0, 0.0)
    rng = np.random.default_rng(3)
    pays = rng.random(DATES)
    fixed = type(policy)(
        policy.process,
        lambda state, date: np.full(len(state), pays[date]),
        terms,
        policy.scales,
        0 * policy.coefficients,
    )
    best = max(sum(chosen) for chosen in combinations(pays, 3))
    assert upper_bound(fixed, paths=50)[0] == pytest.approx(best)

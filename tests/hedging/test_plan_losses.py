"""Cost under scenarios is the optimum of the use of hours, is convex, and has the slopes said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from lasalle.hedging.plan.instruments import CASH, Instrument, Kind, Level, parted, with_impact
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.tail import expected_shortfall, tail_rows
from tests.hedging.plan_market import (
    carried,
    cash_instruments,
    delivered_instruments,
    scenarios,
)

MARKET = scenarios(60)
# A right worth calling to resell the hour: idle it is worth what it brings above its strike.
CHEAP = Instrument("R3@1.0", Kind.CAPACITY, carried(6, 3), (Level(0.9, 300),), strike=1.0)
EVERYTHING = [*cash_instruments(), *delivered_instruments(), CHEAP]
LOSSES = Losses(MARKET, EVERYTHING)
positions = st.lists(
    st.floats(0, 500), min_size=len(EVERYTHING), max_size=len(EVERYTHING)
).map(np.array)  # fmt: skip


def cost_by_programme(lots: np.ndarray, row: int) -> float:
    """Cost of one scenario, hours put to use by a linear programme a month."""
    total = 0.0
    for month in range(MARKET.months):
        dear = MARKET.paid[row, month] + MARKET.lost[row, month]
        resold, kept = MARKET.resold[row, month], MARKET.kept[row, month]
        total += MARKET.needed[row, month] * dear
        use, spare, most = [], [], []
        for one, held in zip(EVERYTHING, lots, strict=True):
            hours = held * one.hours[month]
            if one.kind is Kind.CALL:
                total -= max(MARKET.settled[row, month] - one.strike, 0.0) * hours
            elif one.kind in CASH:
                total -= MARKET.settled[row, month] * hours
            else:
                strike = one.strike if one.kind is Kind.CAPACITY else 0.0
                missing = max(MARKET.paid[row, month] - strike, 0.0)
                total -= (1 - kept) * hours * MARKET.made_good * missing
                use.append(dear - strike)
                spare.append(resold - strike)
                most.append(kept * hours)
        # Hours used and hours resold of each offer: together at most what is delivered; a right
        # may stay uncalled, and hours bought forward have no strike to save.
        count = len(use)
        rows = np.vstack([np.hstack([np.eye(count)] * 2), np.r_[np.ones(count), np.zeros(count)]])
        found = linprog(-np.array(use + spare), A_ub=rows, b_ub=[*most, MARKET.needed[row, month]])
        total += float(found.fun)
    return total


@pytest.mark.parametrize("seed", range(4))
def test_hours_are_put_to_their_best_use(seed: int) -> None:
    """The closed form equals a linear programme in every scenario."""
    lots = np.random.default_rng(seed).uniform(0, 400, len(EVERYTHING))
    values = LOSSES.cost(lots).values
    for row in range(0, MARKET.count, 3):
        assert values[row] == pytest.approx(cost_by_programme(lots, row), rel=1e-9)


@given(positions, positions, st.floats(0, 1))
def test_cost_and_cash_are_convex(one: np.ndarray, other: np.ndarray, share: float) -> None:
    """No mixture of two positions costs more than the mixture of their costs."""
    mixed = share * one + (1 - share) * other
    for measure in (lambda x: LOSSES.cost(x).values, lambda x: LOSSES.peak(x)[0]):
        between = share * measure(one) + (1 - share) * measure(other)
        assert np.all(measure(mixed) <= between + 1e-6)


@given(positions, positions)
def test_a_slope_lies_under_the_surface(at: np.ndarray, elsewhere: np.ndarray) -> None:
    """The plane of a mean over any tail never rises above that mean."""
    cost = LOSSES.cost(at)
    rows = tail_rows(cost.values, 0.9)
    plane = cost.values[rows].mean() + LOSSES.slope(cost, rows) @ (elsewhere - at)
    assert LOSSES.cost(elsewhere).values[rows].mean() >= plane - 1e-5
    peak, when = LOSSES.peak(at)
    slope, long, _ = LOSSES.peak_slope(rows, peak, when)
    plane = peak[rows].mean() + (slope + long) @ (elsewhere - at)
    assert LOSSES.peak(elsewhere)[0][rows].mean() >= plane - 1e-5


def test_slopes_are_those_of_small_steps() -> None:
    """Away from kinks a slope is the difference quotient, for every instrument."""
    lots = np.random.default_rng(5).uniform(50, 150, len(EVERYTHING))
    everyone = np.arange(MARKET.count)
    slope = LOSSES.slope(LOSSES.cost(lots), everyone)
    for n in range(len(EVERYTHING)):
        step = np.zeros(len(EVERYTHING))
        step[n] = 1e-4
        up, down = (LOSSES.cost(lots + sign * step).values.mean() for sign in (1, -1))
        assert slope[n] == pytest.approx((up - down) / 2e-4, rel=1e-5, abs=1e-3)


def test_cash_protects_from_no_shortage() -> None:
    """What is lost for want of hours stands to the cent however much cash settles; hours end it."""
    without = Losses(scenarios(400, shortage=0.0), EVERYTHING)
    with_shortage = Losses(scenarios(400, shortage=0.5), EVERYTHING)
    lots = np.zeros(len(EVERYTHING))
    lost = with_shortage.cost(lots).values - without.cost(lots).values
    assert lost.max() > 1e6
    lots[: len(cash_instruments())] = 200.0
    hedged = with_shortage.cost(lots).values - without.cost(lots).values
    assert hedged == pytest.approx(lost, rel=1e-9)
    lots[:] = 0.0
    lots[len(cash_instruments()) :] = 300.0
    assert (with_shortage.cost(lots).values - without.cost(lots).values).sum() < 0.9 * lost.sum()


def test_peak_cash_by_hand() -> None:
    """A future falls from 2.5: margin while it lives, and the fall paid for good."""
    losses = Losses(MARKET, cash_instruments())
    lots = np.zeros(len(cash_instruments()))
    lots[4] = 10.0  # the future of the third month
    path = MARKET.settled[7, :3]
    deposit = 10 * 0.4 * 730
    expected = max(
        *(deposit + 10 * 730 * (2.5 - price) for price in path),
        10 * 730 * (2.5 - path[-1]),
    )
    assert losses.peak(lots)[0][7] == pytest.approx(max(expected, 0.0))


def test_shortfall_of_a_normal_loss() -> None:
    """mu + sigma phi(z) / (1 - level), the closed form."""
    draws = np.random.default_rng(3).normal(10.0, 2.0, 400_000)
    assert expected_shortfall(draws, 0.95) == pytest.approx(10 + 2 * 2.0627128, rel=2e-3)


def test_impact_continues_a_ladder() -> None:
    """A book as deep again costs the stated share more, half of it on average, in stretches that
    double from half a depth on.
    """
    longer = with_impact((Level(2.0, 100),), buy=True, per_depth=0.1, most_lots=450)
    assert [level.lots for level in longer] == [100, 50, 100, 200]
    assert [level.price for level in longer] == pytest.approx([2.0, 2.05, 2.2, 2.5])
    lower = with_impact((Level(2.0, 100),), buy=False, per_depth=0.1, most_lots=150)
    assert lower[-1] == Level(1.95, 50)
    steep = with_impact((Level(2.0, 10),), buy=False, per_depth=1.0, most_lots=1e6)
    assert all(level.price > 0 for level in steep)
    assert with_impact((), buy=True, per_depth=0.1, most_lots=9) == ()


def test_a_wider_limit_makes_no_lot_dearer() -> None:
    """The ladder of a tighter one is the beginning of it, however deep the book is."""
    for book in ((Level(2.0, 1),), (Level(2.0, 40), Level(2.1, 60)), (Level(3.0, 7000),)):
        widest = with_impact(book, buy=True, per_depth=0.1, most_lots=100_000)
        for most in (1, 2, 90, 101, 333, 5_000, 40_000):
            ladder = with_impact(book, buy=True, per_depth=0.1, most_lots=most)
            lots = sum(level.lots for level in ladder)
            assert lots == max(most, sum(level.lots for level in book))
            first, rest = parted(widest, lots)
            assert first == ladder
            assert sum(level.lots for level in (*first, *rest)) == 100_000
            assert parted(widest, 0.0) == ((), widest)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"asks": (Level(2.6, 1), Level(2.5, 1))}, "asks"),
        ({"bids": (Level(2.4, 1), Level(2.5, 1))}, "bids"),
        ({"bids": (Level(2.7, 1),)}, "at most the ask"),
        ({"asks": (Level(2.5, 0),)}, "lots above 0"),
        ({"margin_long": -1.0}, "margin"),
        ({"held": 5.0, "most_lots": 4.0}, "held"),
        ({"least_lots": -1.0, "kind": Kind.CALL}, "sold short"),
        ({"hours": np.zeros(6)}, "hours"),
        ({"symbol": ""}, "symbol"),
    ],
)
def test_an_instrument_that_cannot_be_is_refused(change: dict[str, Any], named: str) -> None:
    """By the name of what is wrong with it."""
    sound: dict[str, Any] = {
        "symbol": "F",
        "kind": Kind.FUTURE,
        "hours": carried(6, 1),
        "asks": (Level(2.5, 1), Level(2.6, 1)),
    }
    Instrument(**sound)
    with pytest.raises(ValueError, match=named):
        Instrument(**(sound | change))

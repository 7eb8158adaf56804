"""The cutting planes end at the optimum of the plain programme, whoever solves that."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from lasalle.hedging.plan.instruments import Instrument, Kind, Level
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.optimiser import Infeasible, Limits, Optimiser
from lasalle.hedging.plan.scenarios import Scenarios
from lasalle.hedging.plan.tail import expected_shortfall
from tests.hedging.plan_market import cash_instruments, delivered_instruments, scenarios

LEVEL = 0.9
LIMITS = (
    Limits(),
    Limits(premium=60_000.0),
    Limits(cash=250_000.0, cash_level=0.95),
    Limits(premium=60_000.0, cash=250_000.0, cash_level=0.95),
)


def plain(market: Scenarios, instruments: list[Instrument], limits: Limits) -> tuple:
    """Rockafellar and Uryasev's programme, a row a scenario: costs, rows, their bounds, columns.

    Columns: steps of ladders, the quantile and excesses of cost, those of cash, peaks. Long only.
    """
    steps = [(n, level) for n, one in enumerate(instruments) for level in one.asks]
    owner = np.array([n for n, _ in steps])
    hours = np.array([one.hours for one in instruments])
    price = np.array([level.price * hours[n].sum() for n, level in steps])
    margined = np.array([one.kind in (Kind.FUTURE, Kind.SWAP) for one in instruments])
    payoff = np.array(
        [
            np.maximum(market.settled - (one.strike if one.kind is Kind.CALL else 0.0), 0.0)
            @ one.hours
            for one in instruments
        ]
    )[owner]
    bill = (market.needed * (market.paid + market.lost)).sum(axis=1)
    count, times = market.count, market.marks.shape[1]
    tail, cash_tail = round(count * (1 - LEVEL)), round(count * (1 - limits.cash_level))
    eye = sparse.identity(count)
    one = np.ones((count, 1))
    zero = sparse.csr_matrix((count, count))
    none = np.zeros((count, 1))
    rows = [sparse.hstack([-payoff.T, -one, -eye, none, zero, zero])]
    high = [-bill]
    living = market.alive.astype(float) @ (hours > 0).T > 0
    for time in range(times):
        drop = (market.curve - market.marks[:, time]) @ (hours * margined[:, None]).T
        margin = np.where(living[time], [o.margin_long for o in instruments], 0.0)
        tied = (drop + margin)[:, owner]
        rows.append(sparse.hstack([tied, none, zero, none, zero, -eye]))
        high.append(np.zeros(count))
    rows.append(sparse.hstack([np.zeros((count, len(steps))), none, zero, -one, -eye, eye]))
    high.append(np.zeros(count))
    premium = np.where([instruments[n].kind is Kind.CALL for n in owner], price, 0.0)
    wide = 2 + 3 * count
    rows.append(sparse.csr_matrix(np.r_[premium, np.zeros(wide)]))
    high.append([limits.premium])
    excess = np.full(count, 1 / cash_tail)
    cash_row = np.r_[np.zeros(len(steps) + 1 + count), 1.0, excess, np.zeros(count)]
    rows.append(sparse.csr_matrix(cash_row))
    high.append([limits.cash])
    costs = np.r_[price, 1.0, np.full(count, 1 / tail), np.zeros(1 + 2 * count)]
    free = (None, None)
    bounds = [(0, level.lots) for _, level in steps]
    bounds += [free, *[(0, None)] * count, free, *[(0, None)] * (2 * count)]
    return costs, sparse.vstack(rows).tocsc(), np.concatenate(high), bounds


@pytest.mark.parametrize("limits", LIMITS)
def test_the_optimum_is_that_of_the_plain_programme(limits: Limits) -> None:
    """HiGHS on a row a scenario comes to the same shortfall, within the tolerance stated."""
    market, instruments = scenarios(200, shortage=0.0), cash_instruments()
    costs, rows, high, bounds = plain(market, instruments, limits)
    kept = np.isfinite(high)
    told = linprog(costs, A_ub=rows[kept], b_ub=high[kept], bounds=bounds, method="highs")
    assert told.status == 0
    found = Optimiser(Losses(market, instruments), LEVEL, 1e-7).least_shortfall(limits)
    assert found.shortfall == pytest.approx(told.fun, rel=1e-6)
    assert found.bound <= told.fun * (1 + 1e-9)
    if np.isfinite(limits.cash):
        unbounded = Optimiser(Losses(market, instruments), LEVEL).least_shortfall(Limits())
        assert found.cash <= limits.cash * (1 + 1e-5)
        assert unbounded.cash > 1.5 * limits.cash, "the bound binds"


@pytest.mark.parametrize("limits", LIMITS[:2] + LIMITS[3:])
def test_a_second_solver_agrees(limits: Limits) -> None:
    """Clarabel, an interior point method of other authors, on the plain programme."""
    clarabel = pytest.importorskip("clarabel", reason="Clarabel is not installed")
    market, instruments = scenarios(120, shortage=0.0, seed=4), cash_instruments()
    costs, rows, high, bounds = plain(market, instruments, limits)
    kept = np.isfinite(high)
    width = len(costs)
    low = np.array([-np.inf if b[0] is None else b[0] for b in bounds])
    top = np.array([np.inf if b[1] is None else b[1] for b in bounds])
    eye = sparse.identity(width, format="csc")
    # Lots by the hundred and dollars by the hundred thousand, so that the numbers stay near one.
    scale, lots = 1e5, sum(len(one.asks) for one in instruments)
    unit = np.where(np.arange(width) < lots, 100.0, scale)
    system = sparse.vstack([rows[kept], -eye[np.isfinite(low)], eye[np.isfinite(top)]]).tocsc()
    right = np.r_[high[kept], -low[np.isfinite(low)], top[np.isfinite(top)]]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    system = (system @ sparse.diags(unit) / scale).tocsc()
    cone = [clarabel.NonnegativeConeT(len(right))]
    nothing = sparse.csc_matrix((width, width))
    problem = (nothing, costs * unit / scale, system, right / scale, cone, settings)
    told = clarabel.DefaultSolver(*problem).solve()
    assert str(told.status) in ("Solved", "AlmostSolved")
    found = Optimiser(Losses(market, instruments), LEVEL, 1e-7).least_shortfall(limits)
    assert found.shortfall == pytest.approx(told.obj_val * scale, rel=1e-5)


def test_a_normal_exposure_takes_the_least_variance_ratio() -> None:
    """Bill and future jointly normal, no cost: the hedge is covariance over variance."""
    rng = np.random.default_rng(11)
    count, ratio = 40_000, 0.7
    future = np.clip(rng.normal(2.5, 0.3, count), 0.5, None)
    paid = ratio * future + np.clip(rng.normal(1.0, 0.1, count), 0.1, None)
    market = Scenarios(
        settled=future[:, None],
        marks=future[:, None, None],
        curve=np.array([future.mean()]),
        alive=np.ones((1, 1), dtype=bool),
        needed=np.full((count, 1), 100_000.0),
        paid=paid[:, None],
        lost=np.zeros((count, 1)),
        resold=np.zeros((count, 1)),
        kept=np.ones((count, 1)),
    )
    ladder = (Level(float(future.mean()), 5e5),)
    one = Instrument("F", Kind.FUTURE, np.array([1.0]), ladder, most_lots=5e5)
    found = Optimiser(Losses(market, [one]), 0.95).least_shortfall(Limits())
    assert found.lots[0] == pytest.approx(ratio * 100_000, rel=0.03)


def test_whole_lots_are_the_best_of_all() -> None:
    """Every whole position tried, on a market of three instruments of few lots."""
    market = scenarios(80, months=4, seed=8)
    few = [
        replace(one, asks=(Level(one.asks[0].price, 6),), bids=(), least_lots=0, most_lots=6)
        for one in cash_instruments(4)[2:5]
    ]
    big = [replace(one, hours=one.hours * 60) for one in few]
    losses = Losses(market, big)
    optimiser = Optimiser(losses, LEVEL, 1e-9)
    limits = Limits(premium=200_000.0)
    found = optimiser.whole_lots(optimiser.least_shortfall(limits), limits)
    best = np.inf
    tried = 0
    for lots in product(range(7), repeat=3):
        at = np.array(lots, dtype=float)
        price = [one.asks[0].price * one.lot_hours for one in big]
        if at[1] * price[1] <= limits.premium:
            tried += 1
            value = expected_shortfall(losses.cost(at).values, LEVEL) + at @ price
            best = min(best, float(value))
    assert tried > 100
    assert found.shortfall == pytest.approx(best, rel=1e-9)
    assert np.all(found.lots == np.round(found.lots))
    # Ended early, the bound is still one that no whole position beats.
    nothing = replace(optimiser.least_shortfall(limits), lots=np.zeros(3), bound=-np.inf)
    rough = Optimiser(losses, LEVEL, 1e-9).whole_lots(nothing, limits, rounds=1)
    assert rough.bound <= best * (1 + 1e-9) < rough.shortfall
    assert rough.gap > 0


def test_the_frontier_trades_mean_for_shortfall() -> None:
    """From the cheapest end to the safest one shortfall only falls, and ever more slowly."""
    market = scenarios(500)
    losses = Losses(market, [*cash_instruments(), *delivered_instruments()])
    limits = Limits(premium=300_000.0)
    found = Optimiser(losses, LEVEL).frontier(limits)
    assert len(found) == 9
    mean = np.array([one.mean for one in found])
    shortfall = np.array([one.shortfall for one in found])
    assert np.all(np.diff(mean) >= -1e-3 * abs(mean[0]) * 1e-2)
    assert shortfall[0] > shortfall[-1] * 1.01
    slopes = np.diff(shortfall) / np.diff(mean)
    assert np.all(np.diff(slopes) >= -1e-2 * abs(slopes[0]))
    cold = [
        Optimiser(losses, LEVEL).least_shortfall(replace(limits, mean_cost=one.mean * (1 + 1e-9)))
        for one in found[1:-1]
    ]
    assert [one.shortfall for one in found[1:-1]] == pytest.approx(
        [one.shortfall for one in cold], rel=1e-4
    )


def test_a_weight_on_the_mean_stops_where_a_dollar_takes_too_little_off_the_tail() -> None:
    """With a weight the plan is the point of the frontier whose shortfall and weighted mean are
    least: dearer by none of the others, cheaper on average than the safest, also in whole lots.
    """
    losses = Losses(scenarios(500), [*cash_instruments(), *delivered_instruments()])
    limits = Limits(premium=300_000.0)
    frontier = Optimiser(losses, LEVEL).frontier(limits, 15)
    reached = []
    for weight in (0.5, 2.0):
        optimiser = Optimiser(losses, LEVEL, mean_weight=weight)
        found = optimiser.least_shortfall(limits)
        assert 0 <= found.gap <= optimiser.tolerance
        least = min(one.shortfall + weight * one.mean for one in frontier)
        assert optimiser.aim(found) <= least * (1 + 1e-4)
        whole = optimiser.whole_lots(found, limits)
        assert optimiser.aim(whole) == pytest.approx(optimiser.aim(found), rel=1e-2)
        assert whole.bound <= whole.shortfall
        reached.append(found.mean)
    assert frontier[-1].mean > reached[0] > reached[1] >= frontier[0].mean


def test_limits_that_admit_nothing_are_refused() -> None:
    """A position held that ties up more than the cash there is, and no book to leave it."""
    market = scenarios(50)
    stuck = [replace(cash_instruments()[0], held=900.0, least_lots=0, asks=(), bids=())]
    optimiser = Optimiser(Losses(market, stuck), LEVEL)
    with pytest.raises(Infeasible, match="limits"):
        optimiser.least_shortfall(Limits(cash=1_000.0))
    with pytest.raises(ValueError, match="months"):
        Losses(scenarios(50, months=4), cash_instruments())
    with pytest.raises(ValueError, match="level"):
        Optimiser(Losses(market, stuck), 1.0)


def test_what_is_held_is_kept_where_trading_is_dear() -> None:
    """Nothing is sold at a price below every outcome, and the trading told is what moved."""
    market = scenarios(300)
    held = [
        replace(one, held=40.0, bids=(Level(0.01, 40.0),), least_lots=0)
        for one in cash_instruments()[2:4]
    ]
    found = Optimiser(Losses(market, held), LEVEL).least_shortfall(Limits())
    assert np.all(found.lots >= 40 - 1e-6)
    grown = found.lots - 40
    ladders = [[(level.price, level.lots) for level in one.asks] for one in held]
    expected = 0.0
    for lots, one, ladder in zip(grown, held, ladders, strict=True):
        for price, depth in ladder:
            taken = min(lots, depth)
            expected += taken * price * one.lot_hours
            lots -= taken
    assert found.trading == pytest.approx(expected, rel=1e-6)

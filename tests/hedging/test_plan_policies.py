"""Policies along the scenarios against a run by hand: what is known when, what is moved, what it
costs.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lasalle.hedging.plan.drawing import PriceLaw, draw
from lasalle.hedging.plan.instruments import Floats, Instrument, Kind, Level
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.need import Policy, horizon, read_need
from lasalle.hedging.plan.optimiser import Optimiser
from lasalle.hedging.plan.policies import (
    WORKING_DATES,
    Course,
    Tied,
    Trading,
    programmes,
    ruled_lots,
    within_books,
)
from lasalle.hedging.plan.tail import expected_shortfall
from lasalle.institution.hedge_words import POLICIES
from lasalle.pricing import greeks
from tests.institution.hedge_needs import DAY, NEED

SAID = read_need(NEED.replace("run_days = 30", "run_days = 30\nnotice_days = 45"), "need.toml")
MONTHS = horizon(SAID, DAY)
COUNT = 150
LAW = PriceLaw(2.0, 0.3, 0.4)
DRAWN = draw(SAID, DAY, dict.fromkeys(MONTHS, 2.5), LAW, count=COUNT, seed=3)
LATER = Trading(0.004, 0.001, 500_000.0, 0.1)


def instrument(kind: Kind, month: int, strike: float = 0.0, held: float = 0.0) -> Instrument:
    """One of a month, a lot an accelerator."""
    carried = np.zeros(len(MONTHS))
    carried[month] = MONTHS[month].days * 24.0
    price = 2.52 if kind is Kind.FUTURE else 0.3
    bids = (Level(2.48, 9_000),) if held else ()
    margin = 300.0 if kind is Kind.FUTURE else 0.0
    return Instrument(
        f"{kind}{month}", kind, carried, (Level(price, 20_000),), bids, strike=strike,
        margin_long=margin, held=held, most_lots=20_000,
    )  # fmt: skip


BOUGHT = [
    *(instrument(Kind.FUTURE, month) for month in range(1, len(MONTHS))),
    instrument(Kind.CALL, 5, 2.6),
    instrument(Kind.PHYSICAL, 4),
]
LOSSES = Losses(DRAWN.factors.scenarios(DRAWN.terms), BOUGHT)
LOTS = np.array([0, 0, 2_000, 3_000, 3_000, 1_000, 0, 0, 2_500, 700], dtype=np.float64)
LOTS = np.resize(LOTS, len(BOUGHT) - 2)
LOTS = np.append(LOTS, [2_500.0, 700.0])
TRADED = Optimiser(LOSSES).traded(LOTS)
COURSE = Course(SAID, DAY, DRAWN, LOSSES, LOTS)


def test_static_is_the_plan_as_it_is_measured() -> None:
    """Mean and tails to the cent; nothing is moved."""
    found = programmes(SAID, DAY, DRAWN, LOSSES, LOTS, TRADED, [])
    assert [one.policy for one in found] == list(Policy)
    assert tuple(one.value for one in Policy) == POLICIES
    static = found[0]
    cost = LOSSES.cost(LOTS).values + TRADED.sum()
    assert static.mean == pytest.approx(cost.mean(), rel=1e-12)
    assert static.shortfall == pytest.approx(expected_shortfall(cost, SAID.risk.level), rel=1e-12)
    assert static.shortfall_99 == pytest.approx(expected_shortfall(cost, 0.99), rel=1e-12)
    assert static.moved == static.revising == 0.0
    peak = np.quantile(LOSSES.peak(LOTS)[0], 0.99, method="higher")
    assert static.cash_99 == pytest.approx(peak, rel=0.02)
    assert all(one.moved > 0 for one in found[1:])


def known_on(row: int, time: int) -> bool:
    """By the dates: the run is called its notice before it starts."""
    start = MONTHS[0].first_day.toordinal() + DRAWN.factors.start[row]
    return bool(start - 45 <= MONTHS[time].last_day.toordinal())


def test_what_is_expected_knows_no_more_than_the_day() -> None:
    """A run that is called is known; of all others one mean is known, that of those not called."""
    needed = DRAWN.factors.needed(DRAWN.terms)
    reached = 0
    for time in range(len(MONTHS)):
        wanted, known = COURSE.expected(time)
        called = np.array([known_on(row, time) for row in range(COUNT)])
        assert np.array_equal(known, called)
        assert np.array_equal(wanted[called], needed[called])
        if 0 < called.sum() < COUNT:
            reached += 1
            rest = needed[~called].mean(axis=0)
            assert np.all(wanted[~called] == rest)
            assert rest[: time + 1].sum() == 0.0, "what is not called has not run"
    assert reached >= 3
    before, known = COURSE.expected(-1)
    assert not known.any()
    assert before[0] == pytest.approx(needed.mean(axis=0))


@cache
def undecided(time: int) -> Floats:
    """Mean hours of the runs not called yet."""
    rest = [row for row in range(COUNT) if time < 0 or not known_on(row, time)]
    return np.asarray(DRAWN.factors.needed(DRAWN.terms)[rest].mean(axis=0))


def by_hand(policy: Policy, row: int) -> tuple[float, float]:
    """(total cost, cost of later trades) of one scenario, step by step."""
    given, needed = LOSSES.scenarios, DRAWN.factors.needed(DRAWN.terms)
    lot = np.array([month.days * 24.0 for month in MONTHS])
    futures = np.array([one.kind is Kind.FUTURE for one in BOUGHT])
    still = np.where(futures, 0.0, LOTS)
    rolls = policy is Policy.ROLLING
    position = np.zeros(len(MONTHS))
    if not rolls:
        position = np.sum([h * one.hours for h, one in zip(LOTS, BOUGHT, strict=True)
                           if one.kind is Kind.FUTURE], axis=0)  # fmt: skip
    paid = TRADED[~futures].sum() if rolls else TRADED.sum() - float(position @ given.curve)
    cost, later = LOSSES.cost(still).values[row] + float(paid), 0.0
    mark = given.curve.copy()
    for time in range(-1, len(MONTHS)):
        if time >= 0:
            cost -= float((given.marks[row, time] - mark) @ position)
            mark = given.marks[row, time]
        if time < 0 and not rolls:
            continue
        known = time >= 0 and known_on(row, time)
        expected = needed[row] if known else undecided(time)
        wanted = np.maximum(COURSE.cover * expected - kept_by_hand(time, mark), 0.0)
        wanted[: time + 1] = 0.0
        if rolls and not known:
            front = min(time + 2, len(MONTHS) - 1)
            wanted = np.where(np.arange(len(MONTHS)) == front, wanted.sum(), 0.0)
        change = np.round(wanted / lot) * lot - position
        change[: time + 1] = 0.0
        if np.abs(change).sum() > 0.05 * needed.mean(axis=0).sum():
            for hours, price in zip(np.abs(change), mark, strict=True):
                beyond = max(hours - LATER.depth, 0.0)
                impact = 0.1 * beyond / LATER.depth / 2 * beyond
                later += hours * (0.004 * price + 0.001) + price * impact
            position = position + change
    return cost + later, later


def kept_by_hand(time: int, mark: Floats) -> Floats:
    """Hours bought forward, and the delta of the call from the formula of options."""
    found = np.zeros(len(MONTHS))
    found[4] = LOTS[-1] * MONTHS[4].days * 24.0
    today = MONTHS[time].last_day if time >= 0 else DAY
    years = (MONTHS[5].first_day - today).days / 365 + MONTHS[5].days / 730
    delta = 0.0 if years > 0 else float(mark[5] > 2.6)
    if years > 0:
        deviation = np.sqrt(LAW.variance(years, 0.0))
        delta = float(greeks(True, float(mark[5]), 2.6, deviation / np.sqrt(years), years, 0).delta)
    found[5] += LOTS[-2] * MONTHS[5].days * 24.0 * delta
    return found


@pytest.mark.parametrize("policy", [Policy.ROLLING, Policy.DELTA])
def test_a_policy_is_what_its_steps_come_to(policy: Policy) -> None:
    """Cost and later trades, scenario by scenario, against a run by hand."""
    found = COURSE.run(policy, TRADED, LATER, Tied(LOSSES, DRAWN))
    told = [by_hand(policy, row) for row in range(COUNT)]
    assert found.mean == pytest.approx(np.mean([cost for cost, _ in told]), rel=1e-9)
    assert found.revising == pytest.approx(np.mean([later for _, later in told]), rel=1e-9)
    totals = np.array([cost for cost, _ in told])
    assert found.shortfall_95 == pytest.approx(expected_shortfall(totals, 0.95), rel=1e-9)
    assert min(later for _, later in told) > 0.0


def test_a_date_known_from_the_beginning_leaves_nothing_to_revise() -> None:
    """Delta then moves to the run once; on a martingale without costs its mean is the static one
    within the error of the draws.
    """
    free = Trading(0.0, 0.0, np.inf, 0.0)
    tied = Tied(LOSSES, DRAWN)
    static, delta = (COURSE.run(one, TRADED, free, tied) for one in (Policy.STATIC, Policy.DELTA))
    error = LOSSES.cost(LOTS).values.std() / np.sqrt(COUNT)
    assert delta.mean == pytest.approx(static.mean, abs=3 * error)
    assert delta.revising == 0.0
    assert delta.moved > 0


def test_cash_along_a_course_follows_its_position() -> None:
    """The nearest month carries margin and variation while it is held; nothing is tied up by
    nothing.
    """
    tied = Tied(LOSSES, DRAWN)
    position = np.zeros((COUNT, len(MONTHS)))
    nothing = tied.within(2, position, position, np.zeros(COUNT))
    assert not nothing.any()
    position[:, 3] = 72_000.0
    before = DRAWN.factors.marks[:, 1]
    weekly, weeks = DRAWN.factors.weekly, DRAWN.factors.weeks
    assert weekly is not None
    assert weeks is not None
    first, last = (MONTHS[2].first_day.toordinal(), MONTHS[2].last_day.toordinal())
    inside = [n for n, day in enumerate(weeks) if first <= day <= last]
    assert len(inside) >= 4
    rate = np.mean([one.margin_long / one.lot_hours for one in BOUGHT if one.kind is Kind.FUTURE])
    expected = max(
        72_000.0 * (float(before[9, 3]) - float(weekly[3, n, 9]) + rate) for n in inside
    )
    found = tied.within(2, position, before, np.full(COUNT, 10.0))
    assert found[9] == pytest.approx(max(expected - 10.0, 0.0), rel=1e-5)


def quoted(symbol: str, ask: float, bid: float, lots: float) -> Any:
    """A future with both sides, ten hours a lot."""
    terms = SimpleNamespace(symbol=symbol, months=(1,), is_option=False, hours_per_lot=10)
    return SimpleNamespace(
        terms=terms, asks=(Level(ask, lots),), bids=(Level(bid, lots),), fee=0.5
    )  # fmt: skip


def test_later_trades_pay_what_the_books_of_the_day_ask() -> None:
    """Half the median spread, fee, and impact beyond a month of books."""
    board = [quoted("a", 2.02, 1.98, 100), quoted("b", 2.04, 1.96, 100), quoted("c", 2.2, 1.8, 50)]
    of = Trading.of(board, SAID)
    assert of.half_spread == pytest.approx(0.02)
    assert of.fee == pytest.approx(0.05)
    assert of.depth == pytest.approx(100 * 10 * WORKING_DATES)
    depth = of.depth
    within, beyond = of.cost(np.array([-depth, 3 * depth]), np.array([2.0, 2.0]))
    assert within == pytest.approx(depth * (0.04 + 0.05))
    assert beyond == pytest.approx(3 * depth * 0.09 + 2 * depth * 2.0 * 0.1 * 2 / 2)
    none = Trading.of([], SAID)
    assert none.cost(np.array([5.0]), np.array([2.0])) == 0.0


def test_a_rule_places_todays_lots_within_the_books() -> None:
    """Delta: expected hours by month less what calls and hours carry; rolling: all in the nearest
    month that is not under way, until the date is known; no more than books show.
    """
    delta = ruled_lots(Policy.DELTA, COURSE, LOSSES, LOTS, known=False)
    wanted = COURSE.cover * DRAWN.factors.needed(DRAWN.terms).mean(axis=0)
    wanted -= kept_by_hand(-1, np.full(len(MONTHS), 2.5))
    for n, one in enumerate(BOUGHT[:-2]):
        month = int(np.flatnonzero(one.hours)[0])
        assert delta[n] == round(max(wanted[month], 0.0) / one.lot_hours)
    assert np.array_equal(delta[-2:], LOTS[-2:])
    rolling = ruled_lots(Policy.ROLLING, COURSE, LOSSES, LOTS, known=False)
    front = rolling[0] * BOUGHT[0].lot_hours
    assert front == pytest.approx(np.maximum(wanted, 0).sum(), rel=1e-3)
    assert not rolling[1:-2].any()
    again = ruled_lots(Policy.ROLLING, COURSE, LOSSES, LOTS, known=True)
    assert np.array_equal(again, delta)
    board = [quoted(one.symbol, 2.52, 2.48, 150) for one in BOUGHT[:-2]]
    today = within_books(rolling, BOUGHT, board)
    assert today[0] == 150
    held = [instrument(Kind.FUTURE, 1, held=500.0)]
    assert within_books(np.array([0.0]), held, board)[0] == 350

"""Draws and measures against sums by hand: variances, own bill, suppliers, what waiting costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lasalle.hedging.plan.drawing import PriceLaw, draw
from lasalle.hedging.plan.factors import Factors
from lasalle.hedging.plan.instruments import Kind
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.measures import legs, measured
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.optimiser import Optimiser
from tests.hedging.test_plan_measures import DRAWN, EVERYTHING, LOSSES, LOTS, TERMS
from tests.institution.hedge_needs import DAY, NEED

LAW = PriceLaw(20.0, 0.8, 0.0)
COUNT = 6_000


def drawn(text: str, count: int = COUNT) -> Factors:
    """Draws of a need on a flat curve."""
    need = read_need(text, "need.toml")
    curve = dict.fromkeys(horizon(need, DAY), 2.5)
    return draw(need, DAY, curve, LAW, count=count, seed=7).factors


def test_the_passing_part_spreads_as_its_reversion_says() -> None:
    """The log of a mark: weeks of an autoregression, faded to the middle of its month."""
    found = drawn(NEED)
    end, last = found.months[2].last_day, found.months[-1]
    weeks = (end - DAY).days // 7
    step, twice = 7 / 365, 2 * LAW.reversion
    week = LAW.passing**2 * -np.expm1(-twice * step) / twice
    spot = week * np.expm1(-twice * step * weeks) / np.expm1(-twice * step)
    ahead = ((last.first_day - DAY).days + last.days / 2) / 365 - weeks * step
    expected = np.sqrt(spot) * np.exp(-LAW.reversion * ahead)
    assert np.log(found.marks[:, 2, -1]).std() == pytest.approx(expected, rel=0.04)


def test_the_own_bill_is_right_on_average() -> None:
    """Its mean is the ratio however far it strays; a run pays its own days alone."""
    wide = drawn(NEED + "[bill]\nratio = 1.2\ndeviation = 0.8\n")
    assert wide.basis[:, 1].mean() == pytest.approx(1.2, rel=0.04)
    late = NEED.replace("2025-06-01", "2025-06-20").replace("2025-10-31", "2025-06-20")
    exact = drawn(late + "[bill]\ndeviation = 0.0\n", 500)
    assert np.all(exact.basis[:, 2] == 1.0), "May is none of its months"
    assert exact.basis[:, 3].std() > 0.01, "the end of June is not June"


def test_bill_days_grade_and_place_are_told_apart() -> None:
    """Each is drawn of what the need states of it and nothing else, and together they are what an
    hour costs over the index; a substitute of another grade, wherever it stands, is grade.
    """
    other = '[[substitutes]]\ngrade = "A100"\nhours = 2.0\nprice_ratio = 0.45\n'
    far = '[[substitutes]]\ngrade = "H100"\nlocation = "EU"\nhours = 1.0\nprice_ratio = 1.02\n'
    both = other.replace("hours", 'location = "EU"\nhours')
    bare = drawn(NEED, 1_000)
    assert np.all(bare.grade == 1.0)
    assert np.all(bare.place == 1.0)
    assert np.log(bare.bill).std() == pytest.approx(0.05, rel=0.05)
    found = {name: drawn(NEED + text, 1_000) for name, text in
             (("grade", other), ("place", far), ("all", other + far), ("far", both))}  # fmt: skip
    for one in found.values():
        assert np.array_equal(one.bill, bare.bill)
        assert np.array_equal(one.days, bare.days)
    moving = {name: (one.grade.std() > 0, one.place.std() > 0) for name, one in found.items()}
    assert moving == {"grade": (True, False), "place": (False, True), "all": (True, True),
                      "far": (True, False)}  # fmt: skip
    # Grades are asked first: places save what is left to save.
    assert np.array_equal(found["all"].grade, found["grade"].grade)
    assert found["all"].basis.mean() < found["grade"].basis.mean()


def test_suppliers_fail_as_often_as_stated_and_waiting_costs_what_is_stated() -> None:
    """A share of months; dollars of the whole run, spread over its hours."""
    failing = drawn(NEED + "[supply]\nfailure = 0.3\n")
    assert failing.kept.mean() == pytest.approx(0.7, abs=0.01)
    need = read_need(NEED, "need.toml")
    made = draw(need, DAY, dict.fromkeys(horizon(need, DAY), 2.5), LAW, count=10, seed=7)
    assert made.terms.hours == pytest.approx(8_000_000)
    assert made.terms.lost * made.terms.hours == pytest.approx(30 * 100_000)


def test_measures_by_hand() -> None:
    """Two hundred scenarios, sorted."""
    optimiser = Optimiser(LOSSES)
    found = measured(LOSSES, optimiser, LOTS, DRAWN.shortage)
    traded = optimiser.traded(LOTS)
    cost = np.sort(LOSSES.cost(LOTS).values + traded.sum())
    assert found.mean == pytest.approx(cost.mean())
    assert found.shortfall_95 == pytest.approx(cost[-10:].mean())
    assert found.shortfall_99 == pytest.approx(cost[-2:].mean())
    assert (found.least, found.most) == pytest.approx((cost[0], cost[-1]))
    assert found.cash_99 == np.sort(LOSSES.peak(LOTS)[0])[-2]
    paid = [kind in (Kind.CALL, Kind.CAPACITY) for kind in (one.kind for one in EVERYTHING)]
    assert found.premium == pytest.approx(traded[paid].sum())
    assert 0 < found.premium < found.trading
    months = LOSSES.payments(LOTS, traded)
    assert found.worst_month == pytest.approx(np.mean([max(row) for row in months]))


def test_what_is_held_is_no_leg_and_a_leg_left_out_goes_back_to_it() -> None:
    """One future held and bought on, one held and kept."""
    some = [replace(one, held=20.0) if n in (2, 4) else one for n, one in enumerate(EVERYTHING)]
    losses = Losses(DRAWN.scenarios(TERMS), some)
    optimiser = Optimiser(losses)
    lots = np.zeros(len(some))
    lots[2], lots[4] = 50.0, 20.0
    told = legs(losses, optimiser, lots, 0.9)
    assert [(leg.instrument.symbol, leg.lots) for leg in told] == [(some[2].symbol, 30.0)]
    lots[2] = 20.0
    assert told[0].mean_without == pytest.approx(losses.cost(lots).values.mean())


def test_a_future_held_and_kept_brings_its_change_alone() -> None:
    """Payments sum to cost; bought at the curve it costs what it costs held."""
    some = [replace(one, held=20.0) if n in (2, 4) else one for n, one in enumerate(EVERYTHING)]
    losses = Losses(DRAWN.scenarios(TERMS), some)
    optimiser = Optimiser(losses)
    lots = LOTS.copy()
    lots[4] = 20.0
    trading, _ = optimiser.trading(lots)
    paid = losses.payments(lots, optimiser.traded(lots)).sum(axis=1)
    assert paid == pytest.approx(losses.cost(lots).values + trading, rel=1e-9)
    still = 20.0 * sum(2.5 * some[n].lot_hours for n in (2, 4))
    gained = losses.cost(lots).values - LOSSES.cost(lots).values
    assert gained == pytest.approx(np.full(len(gained), still))


def test_a_supplier_that_fails_pays_the_share_stated() -> None:
    """Hours bought that never come: the share of the spot price, and no less need."""
    gone = replace(DRAWN, kept=np.zeros_like(DRAWN.kept))
    terms = replace(TERMS, made_good=0.4)
    losses = Losses(gone.scenarios(terms), EVERYTHING)
    which = next(n for n, one in enumerate(EVERYTHING) if one.kind is Kind.PHYSICAL)
    lots = np.zeros(len(EVERYTHING))
    lots[which] = 10.0
    brought = losses.cost(np.zeros(len(lots))).values - losses.cost(lots).values
    paid = gone.settled * gone.basis
    assert brought == pytest.approx(0.4 * 10 * paid @ EVERYTHING[which].hours)
    assert np.array_equal(losses.uncovered(lots), gone.needed(terms))


def test_hours_bought_forward_are_paid_in_the_month_they_come() -> None:
    """Their price and what they save fall in the month of delivery alone."""
    which = next(n for n, one in enumerate(EVERYTHING) if one.kind is Kind.PHYSICAL)
    lots = np.zeros(len(EVERYTHING))
    lots[which] = 10.0
    traded = Optimiser(LOSSES).traded(lots)
    moved = LOSSES.payments(lots, traded) - LOSSES.payments(0 * lots, 0 * traded)
    elsewhere = EVERYTHING[which].hours == 0
    assert moved[:, elsewhere] == pytest.approx(np.zeros_like(moved[:, elsewhere]))
    assert np.abs(moved[:, ~elsewhere]).max() > 1_000.0

"""Measures of a plan add up: payments to cost, causes to what is at risk, legs to the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.contracts import Month
from lasalle.hedging.plan.factors import Cause, Factors, Terms
from lasalle.hedging.plan.instruments import CASH, Kind
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.measures import at_rest, by_cause, legs, measured, reason
from lasalle.hedging.plan.optimiser import Limits, Optimiser
from lasalle.hedging.plan.tail import expected_shortfall
from tests.hedging.plan_market import cash_instruments, delivered_instruments

MONTHS = tuple(Month(2027, 1).plus(n) for n in range(6))
TERMS = Terms(hours=600_000, run_days=30, lost=4.0)
EVERYTHING = [*cash_instruments(), *delivered_instruments()]


def factors(count: int = 200, seed: int = 2) -> Factors:
    """Every cause uncertain."""
    rng, beside = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    settled = 2.5 * np.exp(np.cumsum(0.12 * rng.standard_normal((count, 6)) - 0.0072, axis=1))
    times = tuple(month.last_day - timedelta(days=1) for month in MONTHS)
    until = np.minimum(np.arange(6)[:, None], np.arange(6))
    return Factors(
        months=MONTHS,
        times=times,
        curve=np.full(6, 2.5),
        settled=settled,
        marks=settled[:, until] * 0.99,
        start=rng.integers(31, 140, count).astype(float),
        size=np.where(rng.random(count) < 0.3, 2.0, 1.0),
        bill=np.exp(0.05 * rng.standard_normal((count, 6))),
        days=np.exp(0.03 * beside.standard_normal((count, 6))),
        grade=np.where(beside.random((count, 6)) < 0.2, 1.3, 0.95),
        place=np.where(beside.random((count, 6)) < 0.3, 0.9, 1.0),
        shortage=(rng.random((count, 6)) < 0.2).astype(float),
        kept=(rng.random((count, 6)) < 0.9).astype(float),
    )


DRAWN = factors()
LOSSES = Losses(DRAWN.scenarios(TERMS), EVERYTHING)
LOTS = np.round(np.random.default_rng(9).uniform(5, 60, len(EVERYTHING)))


def test_the_hours_of_a_run_fall_in_its_days() -> None:
    """A run of 30 days from 20 February has 9 in February and 21 in March."""
    one = factors(1)
    start = (date(2027, 2, 20) - date(2027, 1, 1)).days
    moved = Factors(
        **{
            **{name: getattr(one, name) for name in one.__slots__},
            "start": np.array([float(start)]),
            "size": np.array([2.0]),
        }
    )
    assert moved.needed(TERMS)[0] == pytest.approx([0, 2 * 9 * 20_000, 2 * 21 * 20_000, 0, 0, 0])
    assert DRAWN.needed(TERMS).sum(axis=1) == pytest.approx(DRAWN.size * TERMS.hours)


def test_a_run_past_the_last_month_is_refused() -> None:
    """By the days it would need."""
    late = DRAWN.held_still([Cause.PRICE])
    with pytest.raises(ValueError, match="start: expected runs between 2027-01-01 and 2027-06-30"):
        late.needed(Terms(hours=1.0, run_days=150))


def test_payments_sum_to_the_cost() -> None:
    """Month by month nothing is lost: bill, variation, settlement, delivery, premium."""
    optimiser = Optimiser(LOSSES)
    trading, _ = optimiser.trading(LOTS)
    paid = LOSSES.payments(LOTS, optimiser.traded(LOTS)).sum(axis=1)
    assert paid == pytest.approx(LOSSES.cost(LOTS).values + trading, rel=1e-9)


def test_a_future_alone_pays_its_variation_in_the_months_it_falls() -> None:
    """By hand, for one scenario and the future of the third month."""
    optimiser = Optimiser(LOSSES)
    lots = np.zeros(len(EVERYTHING))
    lots[4] = 10.0
    without = LOSSES.payments(np.zeros(len(EVERYTHING)), np.zeros(len(EVERYTHING)))
    paid = LOSSES.payments(lots, optimiser.traded(lots)) - without
    row = 5
    marks = [DRAWN.marks[row, time, 2] for time in range(3)]
    settled = DRAWN.settled[row, 2]
    hours = 10 * 730
    expected = [
        hours * (2.51 - marks[0]),
        hours * (marks[0] - marks[1]),
        hours * (marks[1] - settled),
    ]
    assert paid[row, :3] == pytest.approx(expected)
    assert paid[row, 3:] == pytest.approx([0, 0, 0], abs=1e-6)


def test_causes_sum_to_what_is_at_risk() -> None:
    """The shares of the causes sum to the shortfall less the cost with everything still."""
    found = by_cause(DRAWN, TERMS, EVERYTHING, LOTS, 0.9)
    still = Losses(DRAWN.held_still(list(Cause)).scenarios(TERMS), EVERYTHING).cost(LOTS).values
    assert np.ptp(still) == pytest.approx(0.0, abs=1e-6)
    total = expected_shortfall(LOSSES.cost(LOTS).values, 0.9) - still[0]
    assert sum(found.values()) == pytest.approx(total, rel=1e-9)
    assert all(found[cause] > 0 for cause in (Cause.PRICE, Cause.SIZE, Cause.AVAILABILITY))
    assert set(found) == set(Cause)
    assert all(found[cause] != 0 for cause in (Cause.BILL, Cause.DAYS, Cause.GRADE, Cause.PLACE))


def test_a_cause_that_never_moves_has_no_share() -> None:
    """What stands still is told apart from what moves and adds nothing; the others sum to the
    whole without it. A shortage that costs nothing is none, and so are suppliers of nobody.
    """
    still = [Cause.SIZE, Cause.GRADE, Cause.PLACE]
    calm = DRAWN.held_still(still)
    found = by_cause(calm, TERMS, EVERYTHING, LOTS, 0.9)
    assert set(found) == set(Cause) - set(still)
    cash = np.where([one.kind in CASH for one in EVERYTHING], LOTS, 0.0)
    free = replace(TERMS, lost=0.0)
    found = by_cause(calm, free, EVERYTHING, cash, 0.9)
    assert set(found) == {Cause.PRICE, Cause.DATE, Cause.BILL, Cause.DAYS}
    tail = expected_shortfall(Losses(calm.scenarios(free), EVERYTHING).cost(cash).values, 0.9)
    assert sum(found.values()) + at_rest(calm, free, EVERYTHING, cash) == pytest.approx(tail)


def test_cash_leaves_the_need_as_unserved_as_it_was() -> None:
    """Only hours lower the share of the need that finds none; futures and calls do not."""
    optimiser = Optimiser(LOSSES)
    nothing = np.zeros(len(EVERYTHING))
    cash = np.where([one.kind in (Kind.FUTURE, Kind.CALL) for one in EVERYTHING], 80.0, 0.0)
    hours = np.where([one.kind is Kind.PHYSICAL for one in EVERYTHING], 250.0, 0.0)
    bare, hedged, delivered = (
        measured(LOSSES, optimiser, lots, DRAWN.shortage).unserved
        for lots in (nothing, cash, hours)
    )
    expected = (DRAWN.needed(TERMS) * DRAWN.shortage).sum() / DRAWN.needed(TERMS).sum()
    assert bare == hedged == pytest.approx(expected)
    assert delivered < 0.9 * bare


def test_legs_and_their_reasons() -> None:
    """Every leg traded is told, the dearest to leave out first, in a sentence with its figures."""
    optimiser = Optimiser(LOSSES, 0.9)
    limits = Limits(premium=2e5)
    found = optimiser.whole_lots(optimiser.least_shortfall(limits), limits)
    told = legs(LOSSES, optimiser, found.lots, 0.9)
    assert len(told) == np.count_nonzero(found.lots)
    assert sum(leg.trading for leg in told) == pytest.approx(found.trading)
    without = [leg.shortfall_without for leg in told]
    assert without == sorted(without, reverse=True)
    assert without[0] > found.shortfall
    needed = DRAWN.needed(TERMS)
    for leg in told:
        sentence = reason(leg, found.shortfall, found.mean, needed)
        one = leg.instrument
        there = needed[:, one.hours > 0].sum(axis=1)
        assert f"{abs(leg.lots) * one.lot_hours:,.0f} hours of its month" in sentence
        assert f"expected to use {there.mean():,.0f} then" in sentence
        assert f"in {np.mean(there > 0):.0%} of the outcomes" in sentence
        cash = leg.instrument.kind in (Kind.FUTURE, Kind.SWAP, Kind.CALL)
        assert ("not against shortage" in sentence) == cash

"""The training run through a venue: short, on the simulated path, and blind to what comes later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lasalle import wire
from lasalle.contracts import Month
from lasalle.hedging import FUTURES_CALLS_SWAP, TrainingRun
from lasalle.institution.study_day import Model, StudyVenue
from lasalle.institution.training_run import load_index
from lasalle.pricing import CurveAssumptions
from lasalle.venue import verify

RUN = TrainingRun("short", date(2024, 12, 20), date(2025, 1, 10), date(2025, 3, 10), run_days=20)
MONTHS = [Month(2025, m) for m in (1, 2, 3)]


def live_through(folder, fixings, days):
    """A venue taken through the days after the plan, with every command it sealed."""
    venue = StudyVenue(folder, Model(fixings, CurveAssumptions()))
    day = RUN.plan_day + timedelta(days=1)
    venue.open(day, MONTHS)
    for _ in range(days):
        started = RUN.first_start if day >= RUN.first_start else None
        venue.run_day(day, RUN, FUTURES_CALLS_SWAP, started)
        day += timedelta(days=1)
    sealed = [c for b in venue.journal.batches() for _, c in wire.read_frames(b.frames)]
    return venue, sealed


@pytest.fixture(scope="module")
def fixings():
    found, simulated, source = load_index(None)
    assert simulated
    assert "simulated" in source
    return found


def test_the_hedge_is_traded_settled_and_closed_in_the_venue(tmp_path, fixings):
    venue, sealed = live_through(tmp_path, fixings, 50)
    placed = [c for c in sealed if isinstance(c, wire.PlaceOrder)]
    assert venue.trades >= 4
    assert len(placed) >= venue.trades
    assert {c.series for c in placed} >= {1, 2}
    assert any(isinstance(c, wire.SettleFinal) for c in sealed)
    assert sum(entry.fees for entry in venue.statement) > 0
    assert max(entry.required for entry in venue.statement) > 0
    assert verify(tmp_path).faults == []


def test_later_prices_change_no_order(tmp_path, fixings):
    seen_until = RUN.plan_day + timedelta(days=25)
    changed = [replace(f, price_micro_dollars=f.price_micro_dollars * 3 + 1)
               if f.day > seen_until else f for f in fixings]
    days = 25
    _, one = live_through(tmp_path / "one", fixings, days)
    _, two = live_through(tmp_path / "two", changed, days)
    kinds = (wire.PlaceOrder, wire.MassQuote)
    orders = [c for c in one if isinstance(c, kinds)]
    assert len(orders) > days
    assert orders == [c for c in two if isinstance(c, kinds)]
    later, _ = live_through(tmp_path / "three", changed, 40), None
    assert [c for c in later[1] if isinstance(c, kinds)][: len(orders)] == orders

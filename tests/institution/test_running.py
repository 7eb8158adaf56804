"""A served house as time passes: the desk asks at the top, says what stops it, goes on after."""

from __future__ import annotations

import asyncio

import pytest

from lasalle import wire
from lasalle.gateway.http import Gateway
from lasalle.institution import running
from lasalle.institution.cycle import first_table
from lasalle.institution.house import open_house
from lasalle.institution.running import keep_running
from lasalle.institution.snapshots import keep_snapshots
from lasalle.venue import verify
from lasalle.venue.waiting import Waiting
from lasalle.wire import SeriesState
from tests.gateway.conftest import furnish
from tests.institution.test_day import Clock, at, begun, desk_of, small  # noqa: F401
from tests.views.test_views import busy_day, seen

WAIT_SECONDS = 30


async def lived(house, desk, clock, steps):
    """Serves a house without a door while `steps` runs; gives what was said."""
    waiting, said = Waiting(house.sequencer), []
    gateway = Gateway(waiting, house.market, house.accounts, house.keys, {}, demo=False)
    gateway.start()
    task = asyncio.create_task(keep_running(house, desk, waiting, clock, said.append))
    try:
        await asyncio.wait_for(steps(waiting, said), WAIT_SECONDS)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await gateway.stop()
    return said


async def until(true):
    while not true():
        await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(running, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(running, "STUCK_SECONDS", 0.05)


def test_a_served_house_settles_the_day_that_ended(tmp_path, small):  # noqa: F811
    clock = Clock("2026-03-30T12:00")
    house = begun(tmp_path, clock)
    market = house.market

    async def steps(waiting, said):
        clock.now = at("2026-03-31T00:31")
        await until(lambda: market.table == first_table(20260330))
        clock.now = at("2026-03-31T00:36")
        await until(lambda: market.series[2].state == SeriesState.PRE_OPEN)
        clock.now = at("2026-03-31T00:41")
        await until(lambda: market.series[2].state == SeriesState.OPEN)

    assert asyncio.run(lived(house, desk_of(house), clock, steps)) == []
    assert market.settled_day == 20260330
    assert house.accounts.stale() == 0
    house.close()
    assert verify(tmp_path).faults == []


def test_a_desk_that_is_stuck_says_why_once_and_goes_on_when_it_can(tmp_path, small):  # noqa: F811
    clock = Clock("2026-03-30T12:00")
    house = begun(tmp_path, clock)
    terms = house.market.series[2].terms
    fields = {name: getattr(terms, name) for name in terms.__struct_fields__}
    other = wire.ListSeries(**{**fields, "series": 900, "symbol": "OTHER"})
    house.ask(1, other)
    house.ask(1, wire.SetSeriesState(series=900, state=SeriesState.CLOSED))

    async def steps(waiting, said):
        clock.now = at("2026-03-31T00:31")
        await until(lambda: said)
        await asyncio.sleep(0.3)
        # The desk's table has no row of an operator's own series, which is loaded by hand.
        losses = tuple(wire.ScenarioLoss(0) for _ in house.market.begun.scenarios)
        row = wire.LoadMarginRow(table=first_table(20260330), series=900, mark=1_000, losses=losses)
        await waiting.ask(1, row)
        await until(lambda: house.market.table == first_table(20260330))

    said = asyncio.run(lived(house, desk_of(house), clock, steps))
    assert len(said) == 1, "the same sentence is said once"
    assert "activate_margin_table: row_missing (CLR-005)" in said[0]
    house.close()
    assert verify(tmp_path).faults == []


def test_a_served_house_keeps_snapshots_as_it_goes(tmp_path):
    house = open_house(tmp_path)
    furnish(house)
    keep_snapshots(house, every=100)
    busy_day(house, 3)
    before, number = seen(house), house.sequencer.core.last_number
    house.release()
    found = sorted(p.name for p in tmp_path.glob("*.snap"))
    assert len(found) == 2, "the two newest are kept"
    again = open_house(tmp_path)
    assert any("From the snapshot after command" in n for n in again.notices)
    assert seen(again) == before
    assert again.sequencer.core.last_number == number
    again.close()
    assert verify(tmp_path).faults == []

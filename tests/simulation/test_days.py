"""Whole days of a made-up world on the real venue, and what they must have met."""

from __future__ import annotations

from collections import Counter

import pytest

from lasalle.sim import Day, DayFailed, both_cores, lines_of, shrink
from lasalle.venue.core import compiled_house
from tests.scenario import read_scenarios, tell
from tests.simulation.reach import LEAST

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reached() -> Counter[str]:
    return Counter()


def test_day(day_seed, reached):
    day = Day(day_seed, both_cores())
    try:
        day.run()
    except DayFailed as failed:
        pytest.fail(str(shrink(failed, both_cores())))
    finally:
        reached.update(day.reached)


def test_the_days_reached_what_they_are_for(reached, days):
    if days < 50:
        pytest.skip("reach is counted over fifty days or more")
    missed = {name: (reached[name], n) for name, n in LEAST.items() if reached[name] < n}
    assert not missed, f"reached too little: {missed}; all: {dict(sorted(reached.items()))}"


def test_both_cores_were_asked_wherever_both_are_built(reached):
    if compiled_house() is None:
        pytest.skip("no compiled core was built; the plain core was simulated alone")
    assert reached["batches both cores told alike"] > 100


def test_the_same_seed_makes_the_same_day():
    first, second = Day(5).run(), Day(5).run()
    assert first == second
    assert Day(6).run().journal != first.journal


def test_a_trace_pasted_into_the_scenarios_leads_to_the_same_state():
    day = Day(7)
    result = day.run()
    text = "\n".join(lines_of(day.venue.disk, "Seed 7"))
    (scenario,) = read_scenarios(text, "trace")
    story = tell(scenario)
    assert story.house.last_number == result.number
    assert story.house.state_hash().hex() == result.state

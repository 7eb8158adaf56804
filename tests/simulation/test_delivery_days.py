"""Delivery days of a venue and meters that are killed at random moments: no reading lost or counted
twice, no payment twice, disputes open where they stood."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.delivery.verifying import verify
from lasalle.venue import Journal
from lasalle.venue.core import make_core
from tests.simulation.delivery_day import CHEATED, HOURS, LOTS, DeliveryDay

CHANCE = 0.08


def told_by(day: DeliveryDay) -> list[Any]:
    """Every event of the day, from its journal and a core of its own."""
    (core, _), found = make_core(), list[Any]()
    for batch in Journal(day.disk).batches():
        found += [event for _, event in wire.read_frames(core.take(batch.frames))]
    return found


def came_to(day: DeliveryDay) -> dict[int, dict[str, int]]:
    """Micro-dollars by account and class at the end."""
    return {
        account: {class_.name: n for (class_, _), n in view.balances.items() if n}
        for account, view in day.venue.house.accounts.accounts.items()
    }


def lived(folder: Path, seed: int, chance: float) -> tuple[DeliveryDay, list[Any]]:
    day = DeliveryDay(folder, seed, chance)
    day.live()
    return day, told_by(day)


def count(events: list[Any], kind: Any) -> int:
    return sum(isinstance(event, kind) for event in events)


@pytest.mark.slow
@pytest.mark.rule("DEL-011", "DEL-024", "DEL-025", "DEL-026", "DEL-063")
def test_killed_at_random_moments_a_delivery_day_comes_to_the_same(
    tmp_path: Path, kills: int
) -> None:
    calm, _ = lived(tmp_path / "calm", 0, 0.0)
    expected, reached = came_to(calm), Counter[str]()
    calm.close()
    for seed in range(1, max(2, kills // 5 if kills <= 10 else kills) + 1):
        day, told = lived(tmp_path / str(seed), seed, CHANCE)
        reached += day.reached
        assert came_to(day) == expected, f"seed {seed}: to the micro-dollar"
        booked = [e.first_hour for e in told if isinstance(e, wire.DeliveryMetered)]
        assert booked == list(range(HOURS)), f"seed {seed}: every hour once, in order"
        units = [e.units for e in told if isinstance(e, wire.DeliveryMetered)]
        assert units == [LOTS // 2 if h == CHEATED else LOTS for h in range(HOURS)]
        paid = [e.amount for e in told if isinstance(e, wire.DeliveryPaid)]
        assert len(paid) == HOURS, f"seed {seed}: no payment twice"
        assert count(told, wire.MeteredDisputed) == count(told, wire.MeteredDetermined) == 1
        assert count(told, wire.DeliveryRemedied) == 1, f"seed {seed}: made good once"
        assert count(told, wire.TransferOffered) == 1, f"seed {seed}: what was bought offered once"
        verdict = verify(day.bundle())
        assert (verdict.sound, verdict.whole) == (True, True), verdict.breaches
        assert verdict.set_aside == (), f"seed {seed}: everything was said in its time"
        assert verdict.readings == 3 * HOURS, f"seed {seed}: no reading lost or counted twice"
        day.close()
    assert reached["power cut of the venue"] >= kills // 5
    assert reached["power cut of the meters"] >= 1
    if kills > 10:
        assert reached["disputes that stood through a cut"] >= kills // 10

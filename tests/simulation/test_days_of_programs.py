"""A delivery day of real processes, killed with SIGKILL at random moments and looked at from
outside: no reading lost or counted twice, no payment twice, disputes open where they stood."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lasalle import venue as proof
from lasalle import wire
from lasalle.delivery.rows import FAILED, WorkRow
from lasalle.delivery.verifying import verify
from lasalle.institution.examples.delivery_venue import DeliveryVenue
from lasalle.venue import Journal
from lasalle.venue.core import make_core
from lasalle.venue.disk import FolderDisk
from tests.simulation.day_found import CHEATED, HOURS, LOTS, balances, never_killed, rows_kept

ROOT = Path(__file__).resolve().parents[2]
CLOCK = Path(__file__).with_name("day_clock.c")
FEW, KILLS = 4, 8
"""Kills of a day, in the tests and in `make soak`."""
SIDES = {1: "buyer", 2: "supplier", 3: "referee"}


def lived(folder: Path, seeds: range, kills: int) -> Iterator[dict[str, Any]]:
    """What each seed came to, as it comes."""
    if sys.platform != "linux" or shutil.which("cc") is None:
        pytest.skip("the day's clock is preloaded: it needs Linux and a C compiler")
    library, clock = folder / "day_clock.so", folder / "clock"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, CLOCK],
                   check=True)  # fmt: skip
    clock.write_bytes(bytes(8))
    words = [str(folder), str(seeds[0]), str(seeds[-1]), str(kills)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.simulation.day_of_programs", *words], cwd=ROOT,
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DAY_CLOCK": str(clock), "LD_PRELOAD": str(library)},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for seed in seeds:
            line = process.stdout.readline()
            assert line, f"seed {seed} did not live to its end"
            yield json.loads(line)
    assert process.returncode == 0


def check_rows(folder: Path, day: dict[str, Any]) -> None:
    """Every request that was answered is one row of every meter it passed, as it was received."""
    whole, tested, cut = day["whole"], day["tested"], set(day["cut"])
    received = {1: whole, 2: {**whole, **tested}, 3: tested}
    good: dict[int, dict[str, WorkRow]] = {}
    for meter, side in SIDES.items():
        rows = [row for n in range(1, HOURS + 1) for row in rows_kept(folder / side, meter, n)]
        assert len({row.nonce for row in rows}) == len(rows), f"{side}: a request stands twice"
        assert {row.nonce for row in rows} <= day["asked"].keys(), f"{side}: nobody asked for it"
        good[meter] = {row.nonce: row for row in rows if not row.marks & FAILED}
        bad = {row.nonce for row in rows if row.marks & FAILED}
        assert meter == 3 or set(day["refused"]) <= bad, f"{side}: what failed is told"
        lost = received[meter].keys() - good[meter].keys()
        assert not lost, f"{side}: answers that ended and have no row"
        for nonce, text in received[meter].items():
            row, content = good[meter][nonce], text.encode()
            told = (row.output, row.completion, row.output_bytes)
            assert told == (sha256(content).hexdigest(), len(content), len(content)), side
    # A meter may have made a row durable whose last bytes a kill took from whoever waited for it.
    passed = good[1].keys() | good[3].keys()
    assert good[1].keys() - whole.keys() <= cut
    assert good[2].keys() - passed <= cut
    verdict = verify((folder / "day.bundle").read_bytes())
    assert (verdict.sound, verdict.whole) == (True, True), verdict.breaches
    assert verdict.readings == 3 * HOURS
    for told in verdict.totals:
        came = sum(row.completion for row in good[told.meter].values())
        assert told.sums["sum_completion"] == came
        extra = good[told.meter].keys() - received[told.meter].keys()
        more = sum(good[told.meter][nonce].completion for nonce in extra)
        assert came - more == sum(len(text.encode()) for text in received[told.meter].values())


def told_by(folder: Path) -> list[Any]:
    """Every event of the day, from its journal and a core of its own."""
    journal = Journal(FolderDisk(folder / "journal"), read_only=True)
    (core, _), found = make_core(), list[Any]()
    for batch in journal.batches():
        found += [event for _, event in wire.read_frames(core.take(batch.frames))]
    return found


def check_house(folder: Path, day: dict[str, Any]) -> tuple[int, ...]:
    """Every hour is booked, final and paid once; gives the units of each."""
    told = told_by(folder / "house")
    assert proof.verify(folder / "house").faults == []

    def of(kind: Any) -> list[Any]:
        return [event for event in told if isinstance(event, kind)]

    booked = of(wire.DeliveryMetered)
    assert [event.first_hour for event in booked] == list(range(HOURS)), "every hour once"
    final = Counter(event.metered for event in of(wire.MeteredFinal))
    assert final == Counter(event.metered for event in booked), "final once"
    assert len(of(wire.DeliveryPaid)) == HOURS, "no payment twice"
    assert len(of(wire.MeteredDisputed)) == len(of(wire.MeteredDetermined)) == 1
    units = tuple(event.units for event in booked)
    remedied = sum(event.units for event in of(wire.DeliveryRemedied))
    assert remedied == LOTS * HOURS - sum(units), "all that is missing is made good, once"
    assert len(of(wire.DeliveryMade)) == len(of(wire.DeliveryEnded)) == 1
    ended = {*day["whole"], *day["tested"], *day["refused"]}
    hit = {hour for nonce, hour in day["asked"].items() if nonce not in ended}
    calm = [LOTS // 3 if hour == CHEATED else LOTS for hour in range(HOURS)]
    assert all(units[hour] == calm[hour] for hour in set(range(HOURS)) - hit)
    return units


def money(folder: Path) -> dict[str, dict[str, int]]:
    venue = DeliveryVenue.open(folder / "house")
    found = balances(venue)
    venue.close()
    return found


def held(folder: Path, seeds: range, kills: int) -> Counter[str]:
    """Lives through seeds and looks at each; gives what was reached."""
    reached, calm = Counter[str](), dict[tuple[int, ...], Any]()
    for day in lived(folder, seeds, kills):
        here = folder / str(day["seed"])
        check_rows(here, day)
        units = check_house(here, day)
        if units not in calm:
            shutil.copytree(folder / "founded", folder / "calm")
            calm[units] = never_killed(folder / "calm", list(units))
            shutil.rmtree(folder / "calm")
        came = money(here)
        assert came == calm[units], f"seed {day['seed']}: to the micro-dollar"
        assert sum(n for one in came.values() for n in one.values()) == 0
        reached.update(day["reached"])
        reached["requests cut off"] += len(day["cut"])
        shutil.rmtree(here)
    return reached


@pytest.mark.rule("DEL-011")
@pytest.mark.rule("DEL-044")
def test_a_day_of_processes_that_are_killed_comes_to_the_same(tmp_path: Path) -> None:
    reached = held(tmp_path, range(1, 2), FEW)
    kills = sum(n for name, n in reached.items() if " killed, " in name)
    assert kills >= FEW, reached


@pytest.mark.slow
@pytest.mark.rule("DEL-011")
@pytest.mark.rule("DEL-044")
def test_many_days_of_processes_that_are_killed_come_to_the_same(
    tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    if kills < 50:
        pytest.skip("`make soak` lives through many days")
    reached = held(tmp_path, range(1, kills + 1), KILLS)
    with capsys.disabled():
        print(f"\n{kills} days of processes: {dict(sorted(reached.items()))}")
    for name in ("venue", *SIDES.values()):
        found = sum(n for what, n in reached.items() if what.startswith(f"{name} killed, "))
        assert found >= kills // 2, (name, reached)
    for step in ("stream", "send", "cosign", "book", "starting"):
        found = sum(n for what, n in reached.items() if what.endswith(f" killed, {step}"))
        assert found >= kills // 10, (step, reached)
    for step in ("begin", "dispute", "determine", "remedy"):
        assert any(what.endswith(f" killed, {step}") for what in reached), (step, reached)
    assert reached["disputes that stood through a kill"] >= kills // 10, reached
    assert reached["requests cut off"] >= kills // 10, reached

"""A house in a folder: snapshot, restart, verify, and kill -9 under load."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lasalle import wire
from lasalle.institution.house import open_house
from lasalle.plain import House
from lasalle.venue import Journal, Sequencer, verify
from lasalle.venue.disk import FolderDisk
from lasalle.venue.journal import NO_EVENTS
from lasalle.venue.replay import Diverged, read_snapshots, replay, write_records, write_snapshot
from lasalle.venue.sequencer import Asked

ROOT = Path(__file__).resolve().parents[2]
LOAD = """
import sys, time
from pathlib import Path
from lasalle import wire
from lasalle.venue import Journal, Sequencer
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import replay
journal = Journal(FolderDisk(Path(sys.argv[1]) / "journal"), headroom_bytes=0)
core, events, _ = replay(journal)
venue = Sequencer(core, journal, time.time_ns)
venue.continue_from(events)
if not core.last_number:
    venue.submit(0, wire.Genesis(name="K", operators=(wire.ActorNumber(1), wire.ActorNumber(2))))
n = core.last_number
while True:
    told = venue.submit(1, wire.PublishFixing(index=1, day=n, price=n, method=1))
    print(told[0][1].day, flush=True)
    n += 1
"""


def make_house(folder: Path) -> Sequencer:
    journal = Journal(FolderDisk(folder / "journal"), headroom_bytes=0)
    venue = Sequencer(House(), journal, time.time_ns)
    operators = (wire.ActorNumber(1), wire.ActorNumber(2))
    venue.submit(0, wire.Genesis(name="V", operators=operators))
    return venue


def test_a_snapshot_and_the_rest_of_the_journal_give_the_same_state(tmp_path):
    venue = make_house(tmp_path)
    for day in range(1, 20):
        venue.submit(1, wire.PublishFixing(index=1, day=day, price=day, method=1))
        if day == 10:
            journal = venue._journal
            write_snapshot(tmp_path, venue.core, journal, venue._events)
    (snapshot,) = read_snapshots(tmp_path)
    core, _, _ = replay(Journal(FolderDisk(tmp_path / "journal")), snapshot)
    assert core.state_hash() == venue.core.state_hash()
    report = verify(tmp_path)
    assert report.faults == []
    assert (report.number, report.snapshots) == (20, 1)
    assert report.state_hash == core.state_hash().hex()


def test_verify_finds_a_snapshot_of_another_house(tmp_path):
    venue = make_house(tmp_path)
    other = House()
    other.take(
        wire.seal(
            wire.Genesis(name="Other", operators=(wire.ActorNumber(1), wire.ActorNumber(2))),
            1,
            0,
            span=1,
        )
    )
    write_snapshot(tmp_path, other, venue._journal, NO_EVENTS)
    assert verify(tmp_path).faults


def test_a_snapshot_whose_chain_is_not_the_journals_is_refused(tmp_path):
    """Same number, same state, same events: only the chain tells that it is of another journal."""
    house = open_house(tmp_path)
    operators = (wire.ActorNumber(1), wire.ActorNumber(2))
    house.ask(0, wire.Genesis(name="V", operators=operators))
    for day in range(1, 5):
        house.ask(1, wire.PublishFixing(index=1, day=day, price=day, method=1))
    number, chain, events, records = house.sequencer.state()
    house.release()
    write_records(tmp_path, number, bytes(32), events, records)
    said = (
        f"the snapshot after number {number} is of another journal: expected the chain "
        f"{chain.hex()} that was sealed there, found {'0' * 64}"
    )
    with pytest.raises(Diverged, match=said):
        open_house(tmp_path)
    assert verify(tmp_path).faults == [said]
    write_records(tmp_path, number, chain, events, records)
    open_house(tmp_path).release()
    assert verify(tmp_path).faults == []


def test_a_snapshot_inside_a_batch_is_refused(tmp_path):
    venue = make_house(tmp_path)
    venue.commit([Asked(1, wire.HaltMarket()), Asked(1, wire.HaltMarket())])
    number, chain, events, records = venue.state()
    write_records(tmp_path, number - 1, chain, events, records)
    (snapshot,) = read_snapshots(tmp_path)
    with pytest.raises(Diverged, match=f"no batch of the journal ends at number {number - 1}"):
        replay(Journal(FolderDisk(tmp_path / "journal")), snapshot)


@pytest.mark.slow
def test_kill_nine_loses_nothing_that_was_acknowledged(tmp_path, kills):
    chance = random.Random(7)
    acknowledged: list[int] = []
    for _ in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-c", LOAD, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert child.stdout is not None
        acknowledged.append(int(child.stdout.readline()))
        time.sleep(chance.uniform(0.0, 0.1))
        child.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in child.stdout.read().splitlines() if line]
        child.wait()
    journal = Journal(FolderDisk(tmp_path / "journal"))
    sealed = [
        command.day
        for batch in journal.batches()
        for _, command in wire.read_frames(batch.frames)
        if isinstance(command, wire.PublishFixing)
    ]
    assert len(acknowledged) > 5 * kills, "the load was real"
    assert len(set(sealed)) == len(sealed), "none is there twice"
    assert set(acknowledged) <= set(sealed), "every acknowledged command is there"
    assert verify(tmp_path).faults == []

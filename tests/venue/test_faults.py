"""What fails around the journal: disks, malformed commands, readers beside a writer, a close under
load."""

from __future__ import annotations

import asyncio
import errno
import random
import time
from hashlib import sha256

import pytest

from lasalle import wire
from lasalle.institution.house import open_house
from lasalle.plain import House
from lasalle.venue import (
    CommandMalformed,
    Journal,
    JournalBent,
    JournalBroken,
    JournalFull,
    JournalLocked,
    Sequencer,
    VenueStopped,
    verify,
)
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import CLOSING, Diverged, read_snapshots, replay, write_snapshot
from lasalle.venue.sequencer import Asked, ClockWrong
from lasalle.venue.waiting import Waiting
from tests.venue.test_journal import MemoryDisk, sealed_market

GENESIS = wire.Genesis(name="F", operators=(wire.ActorNumber(1), wire.ActorNumber(2)))


def fixing(day: int) -> wire.PublishFixing:
    return wire.PublishFixing(index=1, day=day, price=day, method=1)


def opened(disk, headroom_bytes=0) -> Sequencer:
    venue = Sequencer(House(), Journal(disk, headroom_bytes=headroom_bytes), lambda: 1)
    venue.submit(0, GENESIS)
    return venue


class FailingDisk(MemoryDisk):
    """A disk whose flush or cut fails when told to."""

    flush_fails = False
    cut_fails = False

    def flush(self, name):
        if self.flush_fails:
            raise OSError(errno.EIO, "Input/output error")

    def cut(self, name, size):
        if self.cut_fails:
            raise OSError(errno.EIO, "Input/output error")
        super().cut(name, size)


def test_a_flush_that_fails_stops_the_venue_and_its_core_took_nothing():
    disk = FailingDisk()
    venue = opened(disk)
    before = venue.core.state_hash()
    disk.flush_fails = True
    with pytest.raises(VenueStopped):
        venue.submit(1, fixing(1))
    disk.flush_fails = False
    with pytest.raises(VenueStopped):
        venue.submit(1, fixing(1))
    assert venue.core.state_hash() == before
    assert Journal(disk).last == 1


def test_nothing_is_sealed_behind_a_half_written_batch_that_could_not_be_cut():
    disk = FailingDisk()
    journal = Journal(disk, headroom_bytes=0)
    journal.append(b"x", 1, 1, bytes(32))
    disk.free, disk.cut_fails = 40, True
    with pytest.raises(JournalBroken, match="could not be cut"):
        journal.append(b"y" * 100, 2, 2, bytes(32))
    disk.free, disk.cut_fails = 10**9, False
    with pytest.raises(JournalBroken):
        journal.append(b"z", 2, 2, bytes(32))
    again = Journal(disk, headroom_bytes=0)
    assert (again.last, len(again.notices)) == (1, 1), "a torn tail, not a bent middle"
    again.append(b"z", 2, 2, bytes(32))
    assert Journal(disk).last == 2


def test_a_batch_too_long_to_be_read_again_is_not_sealed(monkeypatch):
    disk = MemoryDisk()
    journal = Journal(disk, headroom_bytes=0)
    monkeypatch.setattr("lasalle.venue.journal._MOST_BATCH_BYTES", 200)
    with pytest.raises(ValueError, match="at most 200"):
        journal.append(b"x" * 200, 1, 1, bytes(32))
    assert disk.files == {}


@pytest.mark.parametrize(
    "command",
    [
        wire.PlaceOrder(
            account=1, series=1, side=7, order_type=1, time_in_force=1, self_trade=1, lots=1
        ),
        wire.RegisterMember(member=1, name="é"),
        fixing(2**40),
        wire.HouseOpened(name="x"),
    ],
    ids=["side unknown", "name not ASCII", "day out of its field", "an event"],
)
def test_a_command_that_cannot_be_read_again_is_not_sealed(command):
    disk = MemoryDisk()
    venue = opened(disk)
    before = dict(disk.files)
    with pytest.raises(CommandMalformed):
        venue.submit(1, command)
    assert disk.files == before
    venue.submit(1, fixing(1))
    core, _, _ = replay(Journal(disk))
    assert core.state_hash() == venue.core.state_hash()


def test_verify_changes_nothing_beside_a_writer(tmp_path):
    disk = FolderDisk(tmp_path / "journal")
    venue = opened(disk)
    (name,) = disk.names()
    path = tmp_path / "journal" / name
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:50])
    report = verify(tmp_path)
    assert path.read_bytes() == whole + whole[:50], "a batch being written is left alone"
    assert (report.number, report.faults, len(report.notices)) == (1, [], 1)
    with pytest.raises(JournalBroken):
        Journal(disk, read_only=True).append(b"x", 2, 2, bytes(32))
    assert venue.core.last_number == 1


def test_a_reader_beside_a_writer_reads_again_what_changed_under_it():
    """Zeros were read where a batch came to stand, and behind them the batch that followed it."""

    class Moving(MemoryDisk):
        stale = 1

        def read(self, name):
            content = super().read(name)
            if not self.stale:
                return content
            self.stale -= 1
            at = batches[-2].offset
            return content[:at] + bytes(batches[-2].length) + content[at + batches[-2].length :]

    disk, house = sealed_market()
    batches = list(Journal(disk).batches())
    moving = Moving(disk.files)
    journal = Journal(moving, read_only=True)
    assert (journal.last, journal.notices) == (house.last_number, [])
    for stale, read_only in ((1, False), (9, True)):
        moving.stale = stale
        with pytest.raises(JournalBent, match="is bent, and a sound one follows"):
            Journal(moving, read_only=read_only)


def test_a_snapshot_past_the_journal_shows_that_acknowledged_commands_are_missing(tmp_path):
    disk = FolderDisk(tmp_path / "journal")
    venue = opened(disk)
    venue.submit(1, fixing(1))
    write_snapshot(tmp_path, venue.core, venue._journal, venue.events)
    last = list(Journal(disk).batches())[-1]
    disk.cut(last.segment, last.offset)
    (snapshot,) = read_snapshots(tmp_path)
    with pytest.raises(Diverged, match="acknowledged are missing"):
        replay(Journal(disk), snapshot)
    assert any("acknowledged are missing" in fault for fault in verify(tmp_path).faults)


def test_a_house_whose_last_command_is_lost_after_its_close_does_not_open(tmp_path):
    house = open_house(tmp_path)
    house.sequencer.submit(0, GENESIS)
    house.sequencer.submit(1, fixing(1))
    house.close()
    disk = FolderDisk(tmp_path / "journal")
    last = list(Journal(disk).batches())[-1]
    disk.cut(last.segment, last.offset + last.length - 1)
    disk.close()
    with pytest.raises(ValueError, match="acknowledged are missing"):
        open_house(tmp_path)
    assert (tmp_path / CLOSING).exists()


def test_a_house_is_opened_once(tmp_path):
    house = open_house(tmp_path)
    with pytest.raises(JournalLocked):
        open_house(tmp_path)
    house.close()
    open_house(tmp_path).close()


def test_batches_and_one_by_one_give_the_same_state():
    commands = [Asked(1, fixing(day)) for day in range(1, 200)]
    alone = opened(MemoryDisk())
    for asked in commands:
        alone.commit([asked])
    chance, reached = random.Random(3), set()
    for _ in range(5):
        venue, rest = opened(MemoryDisk()), list(commands)
        while rest:
            size = chance.randint(1, 20)
            reached.add(len(rest[:size]))
            venue.commit(rest[:size])
            del rest[:size]
        assert venue.core.state_hash() == alone.core.state_hash()
    assert len(reached) > 15, "many sizes of batch"


def test_events_flipped_after_the_fact_are_named_by_number():
    disk, _ = sealed_market()
    batches = list(Journal(disk).batches())
    other = MemoryDisk()
    journal = Journal(other, headroom_bytes=0)
    for i, batch in enumerate(batches):
        events = sha256(b"others").digest() if i == 2 else batch.events
        journal.append(batch.frames, batch.first, batch.last, events)
    told = f"{batches[1].first} to {batches[1].last}, before number {batches[2].first}"
    with pytest.raises(Diverged, match=told):
        replay(Journal(other))


def test_a_listener_that_fails_does_not_hide_that_a_command_was_carried_out():
    venue = opened(MemoryDisk())

    def fails(events):
        raise KeyError("a view")

    heard = []
    venue.listen(fails)
    venue.listen(heard.extend)
    assert [type(e).__name__ for _, e in venue.submit(1, fixing(1))]
    assert len(heard) == 1
    assert len(venue.listener_faults) == 1


def test_waiting_batches_and_a_malformed_command_harms_only_itself():
    async def run():
        disk = MemoryDisk()
        venue = opened(disk)
        waiting = Waiting(venue)
        waiting.start()
        answers = await asyncio.gather(
            *(waiting.ask(1, fixing(2**40 if day == 50 else day)) for day in range(1, 101)),
            return_exceptions=True,
        )
        await waiting.stop()
        return answers, len(list(Journal(disk).batches())), venue

    answers, batches, venue = asyncio.run(run())
    assert isinstance(answers[49], CommandMalformed)
    assert sum(isinstance(a, list) for a in answers) == 99
    assert venue.core.last_number == 100
    assert batches < 20, "what waited went together"


def test_a_cancel_beside_orders_keeps_its_headroom():
    async def run():
        disk = MemoryDisk()
        venue = opened(disk)
        venue._journal._headroom_bytes = 2 * 10**9
        waiting = Waiting(venue)
        waiting.start()
        answers = await asyncio.gather(
            waiting.ask(1, fixing(1)),
            waiting.ask(1, wire.MassCancel(account=1)),
            waiting.ask(1, fixing(2)),
            return_exceptions=True,
        )
        await waiting.stop()
        return answers

    order, cancel, other = asyncio.run(run())
    assert isinstance(order, JournalFull)
    assert isinstance(other, JournalFull)
    assert isinstance(cancel, list)


def test_a_stop_waits_for_the_batch_that_is_being_sealed():
    class SlowDisk(MemoryDisk):
        def flush(self, name):
            time.sleep(0.2)

    async def run():
        venue = opened(SlowDisk())
        waiting = Waiting(venue)
        waiting.start()
        asked = [asyncio.create_task(waiting.ask(1, fixing(day))) for day in range(1, 4)]
        await asyncio.sleep(0.05)
        await waiting.stop()
        number = venue.core.last_number
        answers = await asyncio.wait_for(asyncio.gather(*asked), 1)
        with pytest.raises(VenueStopped):
            await waiting.ask(1, fixing(9))
        return number, answers

    number, answers = asyncio.run(run())
    assert (number, len(answers)) == (4, 3)


def test_a_clock_beyond_all_time_seals_nothing_and_service_returns_when_it_is_set():
    disk, now = MemoryDisk(), [1]
    venue = Sequencer(House(), Journal(disk, headroom_bytes=0), lambda: now[0])
    venue.submit(0, GENESIS)
    before = dict(disk.files)
    now[0] = 2**62 + 1
    with pytest.raises(ClockWrong, match=f"expected at most {2**62}"):
        venue.submit(1, fixing(1))
    assert disk.files == before
    now[0] = 2**62
    venue.submit(1, fixing(1))
    core, _, _ = replay(Journal(disk))
    assert core.state_hash() == venue.core.state_hash()

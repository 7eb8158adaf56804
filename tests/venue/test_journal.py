"""The journal: torn tails are dropped, bent middles refuse, full disks lose nothing."""

from __future__ import annotations

import errno
import os
from hashlib import sha256
from pathlib import Path

import google_crc32c
import pytest

from lasalle import wire
from lasalle.plain import House
from lasalle.venue.disk import FolderDisk
from lasalle.venue.journal import Journal, JournalBent, JournalFull
from lasalle.venue.replay import Diverged, replay
from lasalle.venue.sequencer import Asked, Sequencer
from tests.properties.stories import market


class MemoryDisk:
    """A disk in memory that can fill up in the middle of a write."""

    def __init__(self, files: dict[str, bytes] | None = None, free: int = 10**9) -> None:
        self.files = dict(files or {})
        self.free = free
        self.flushes = 0

    def names(self):
        return sorted(self.files)

    def read(self, name):
        return self.files[name]

    def size(self, name):
        return len(self.files.get(name, b""))

    def append(self, name, content):
        taken = content[: max(0, self.free)]
        self.files[name] = self.files.get(name, b"") + taken
        self.free -= len(taken)
        if len(taken) < len(content):
            raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self, name):
        self.flushes += 1

    def cut(self, name, size):
        self.free += len(self.files[name]) - size
        self.files[name] = self.files[name][:size]

    def free_bytes(self):
        return 10**9 if self.free else 0


def sealed_market(segment_bytes=10**9):
    """A disk with the market world sealed in batches of five, and the house that took it."""
    disk = MemoryDisk()
    journal = Journal(disk, segment_bytes=segment_bytes, headroom_bytes=0)
    house, events = House(), sha256(b"").digest()
    frames = market().frames
    for i in range(0, len(frames), 5):
        part = b"".join(frames[i : i + 5])
        first = house.last_number + 1
        journal.append(part, first, first + len(frames[i : i + 5]) - 1, events)
        events = sha256(house.take(part)).digest()
    return disk, house


def test_what_was_sealed_is_there_again():
    disk, house = sealed_market(segment_bytes=1000)
    assert len(disk.files) > 2, "several segments"
    core, _, _ = replay(Journal(disk, headroom_bytes=0))
    assert core.state_hash() == house.state_hash()


def test_a_tail_torn_at_any_byte_is_dropped_and_nothing_else():
    disk, _ = sealed_market()
    ((name, content),) = disk.files.items()
    last = list(Journal(disk).batches())[-1]
    for end in range(last.offset + 1, len(content)):
        torn = MemoryDisk({name: content[:end]})
        journal = Journal(torn, headroom_bytes=0)
        assert journal.last == last.first - 1
        assert torn.files[name] == content[: last.offset]
        assert journal.notices


def test_a_flipped_bit_in_the_middle_refuses_and_says_where():
    disk, _ = sealed_market(segment_bytes=3000)
    batches = list(Journal(disk).batches())
    bent = 0
    for batch in batches[:-1]:
        content = disk.files[batch.segment]
        for at in range(batch.offset, batch.offset + batch.length, 7):
            changed = bytearray(content)
            changed[at] ^= 1
            with pytest.raises(JournalBent, match=batch.segment):
                Journal(MemoryDisk({**disk.files, batch.segment: bytes(changed)}))
            bent += 1
    assert bent > 500


def test_batches_that_were_exchanged_are_found():
    disk, _ = sealed_market()
    ((name, content),) = disk.files.items()
    a, b = list(Journal(disk).batches())[1:3]
    exchanged = (
        content[: a.offset]
        + content[b.offset : b.offset + b.length]
        + content[a.offset : a.offset + a.length]
        + content[b.offset + b.length :]
    )
    with pytest.raises(JournalBent, match="does not continue"):
        Journal(MemoryDisk({name: exchanged}))


def test_events_that_differ_are_named():
    disk = MemoryDisk()
    journal = Journal(disk, headroom_bytes=0)
    frames = market().frames
    journal.append(frames[0], 1, 1, sha256(b"").digest())
    journal.append(frames[1], 2, 2, sha256(b"other events").digest())
    with pytest.raises(Diverged, match="before number 2"):
        replay(Journal(disk))


def test_a_full_disk_refuses_keeps_nothing_and_serves_again():
    disk, house = sealed_market()
    before = dict(disk.files)
    journal = Journal(disk, headroom_bytes=0)
    core, events, _ = replay(journal)
    venue = Sequencer(core, journal, lambda: 0)
    venue.continue_from(events)
    disk.free = 40
    with pytest.raises(JournalFull, match="refused"):
        venue.submit(101, wire.MassCancel(account=1))
    assert disk.files == before, "nothing half-written stays"
    assert core.state_hash() == house.state_hash(), "nothing was carried out"
    disk.free = 10**6
    venue.submit(101, wire.MassCancel(account=1))
    assert Journal(disk).last == house.last_number + 1


def test_headroom_is_kept_for_cancels():
    disk = MemoryDisk()
    journal = Journal(disk, headroom_bytes=10**9)
    with pytest.raises(JournalFull):
        journal.append(b"x", 1, 1, bytes(32))
    journal.append(b"x", 1, 1, bytes(32), urgent=True)
    assert journal.last == 1


def test_the_sequencer_numbers_times_and_answers_each_command():
    journal = Journal(MemoryDisk(), headroom_bytes=0)
    clock = iter((5, 3, 9))
    venue = Sequencer(House(), journal, lambda: next(clock))
    heard = []
    venue.listen(heard.extend)
    operators = (wire.ActorNumber(1), wire.ActorNumber(2))
    first = venue.submit(0, wire.Genesis(name="LaSalle", operators=operators))
    both = venue.commit([Asked(1, wire.HaltMarket()), Asked(1, wire.HaltMarket())])
    assert [type(e).__name__ for _, e in first] == ["HouseOpened"]
    assert [[type(e).__name__ for _, e in told] for told in both] == [["MarketHalted"], ["Refused"]]
    assert [h.number for h, _ in heard] == [1, 2, 3]
    assert [h.time for h, _ in heard] == [5, 5, 5], "venue time does not step back"


def test_an_edit_under_a_fresh_checksum_breaks_the_chain():
    disk, _ = sealed_market()
    (name,) = disk.names()
    batches = list(Journal(disk, headroom_bytes=0).batches())
    middle = batches[len(batches) // 2]
    content = bytearray(disk.files[name])
    end = middle.offset + middle.length
    content[end - 12] ^= 1
    content[end - 4 : end] = google_crc32c.value(bytes(content[middle.offset : end - 4])).to_bytes(
        4, "little"
    )
    disk.files[name] = bytes(content)
    with pytest.raises(JournalBent, match=f"batch {middle.first} does not continue the chain"):
        Journal(disk, headroom_bytes=0)


def test_a_batch_and_the_name_of_its_segment_are_flushed_to_the_disk(tmp_path, monkeypatch):
    synced = []

    def told(sync):
        def run(handle):
            synced.append(Path(os.readlink(f"/proc/self/fd/{handle}")).name)
            sync(handle)

        return run

    monkeypatch.setattr(os, "fdatasync", told(os.fdatasync))
    monkeypatch.setattr(os, "fsync", told(os.fsync))
    journal = Journal(FolderDisk(tmp_path / "j"), segment_bytes=1, headroom_bytes=0)
    for number in (1, 2):
        journal.append(b"frame", number, number, bytes(32))
    assert synced == ["j", f"{1:020d}.seg", "j", f"{2:020d}.seg"]

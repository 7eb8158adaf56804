"""The close of one settled day of a house in a folder, from the nearest snapshot before it.

A close is the state once a day's settlement is followed by the margin table in force next; where
none follows, the state at the journal's end or before the next settlement. The folder is only read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.institution.closes import frames_of
from lasalle.plain.records import read_records
from lasalle.plain.state import State
from lasalle.venue import Journal
from lasalle.venue.core import Core, make_core
from lasalle.venue.disk import FolderDisk
from lasalle.venue.journal import NO_EVENTS
from lasalle.venue.replay import Diverged, Snapshot, read_snapshots
from lasalle.views.statements import HEAD

LOOKED_AT = frozenset({wire.VariationSettled.KIND, wire.MarginTableActivated.KIND})


@dataclass(frozen=True, slots=True)
class DayClose:
    """The state after command `number`; `settled` is the venue time of the day's settlement,
    nanoseconds UTC, and `settlement` the number of its command."""

    day: int
    number: int
    settled: int
    settlement: int
    state: State


def read_close(folder: Path, day: int = 0) -> DayClose:
    """The close of a settled day (YYYYMMDD; 0: the last). Raises ValueError where it is not one."""
    if not (folder / "journal").is_dir():
        raise ValueError(f"{folder}: expected a folder with a journal")
    disk = FolderDisk(folder / "journal", read_only=True)
    try:
        journal = Journal(disk, read_only=True)
        snapshots = [s for s in read_snapshots(folder) if s.number <= journal.last]
        before = (s for s in snapshots if _settled(s) < (day or 2**32))
        found = _close(journal, next(before, None), day)
        if found is None and not day and snapshots:
            # Nothing was settled after the newest snapshot: its own day is the last.
            last = _settled(snapshots[0])
            before = (s for s in snapshots if _settled(s) < last)
            found = _close(journal, next(before, None), last) if last else None
    finally:
        disk.close()
    if found is None:
        raise ValueError(f"--day: expected a settled day, found {day or 'none'}")
    return found


def _settled(snapshot: Snapshot) -> int:
    head = wire.read_header(snapshot.records)
    house = wire.read_body(head, snapshot.records[: head.length])
    return int(house.settled_day)


def _of_kinds(frames: bytes) -> Iterator[tuple[wire.Header, Any]]:
    """The events a close is found by; what else there is is passed over unread."""
    at, end = 0, len(frames)
    while at < end:
        length, kind = HEAD.unpack_from(frames, at)
        if kind in LOOKED_AT:
            header = wire.read_header(frames, at)
            yield header, wire.read_body(header, frames[at : at + length])
        at += length


class _Watch:
    """What the events of one command say of the day that is looked for."""

    def __init__(self, day: int) -> None:
        self._wanted = day
        self.day = self.settled = self.settlement = 0
        self.tabled = False

    def take(self, frames: bytes) -> tuple[bool, bool]:
        """(another settlement follows, the state after the command is a close)."""
        ended = here = False
        for header, event in _of_kinds(frames):
            if isinstance(event, wire.VariationSettled):
                ended = bool(self.day) and bool(self._wanted)
                if not self._wanted or event.day == self._wanted:
                    self.day, self.settled = event.day, header.time
                    self.settlement, self.tabled, here = header.cause, False, True
            elif isinstance(event, wire.MarginTableActivated) and self.day and not self.tabled:
                self.tabled = here = True
        return ended, here


def _close(journal: Journal, snapshot: Snapshot | None, day: int) -> DayClose | None:
    core: Core
    core, _ = make_core(snapshot.records if snapshot else b"")
    told = snapshot.events if snapshot else NO_EVENTS
    watch, records, number = _Watch(day), b"", 0
    for batch in journal.batches(after=snapshot.number if snapshot else 0):
        if batch.events != told:
            raise Diverged(f"the events before number {batch.first} are not those sealed")
        gathered = b""
        for frame in frames_of(batch.frames):
            found = core.take(frame)
            gathered += found
            ended, here = watch.take(found)
            if ended and not here:
                return _made(watch, records, number)
            if here:
                records, number = core.snapshot(), wire.read_header(frame).number
            if day and watch.tabled:
                return _made(watch, records, number)
        told = sha256(gathered).digest()
    return _made(watch, records, number) if records else None


def _made(watch: _Watch, records: bytes, number: int) -> DayClose:
    return DayClose(watch.day, number, watch.settled, watch.settlement, read_records(records))

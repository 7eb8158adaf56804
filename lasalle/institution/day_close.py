"""The close of one settled day of a house in a folder, and its statements, from the nearest state
kept before it.

A close is the state once a day's settlement is followed by the margin table in force next; where
none follows, the state at the journal's end or before the next settlement. The journal is only
read. States right after settlements may be kept in `settlements/`, so that the next evening
replays one day and not the house's life; they are thrown away at will.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
from lasalle.venue.replay import Diverged, Snapshot, keep_newest, read_snapshots, write_records
from lasalle.views.statement import Statement
from lasalle.views.statements import HEAD, Statements

LOOKED_AT = frozenset({wire.VariationSettled.KIND, wire.MarginTableActivated.KIND})
SETTLEMENTS, SETTLEMENTS_KEPT = "settlements", 3
UNSEALED = bytes(32)
"""Chain and digest of a state kept between two commands of a batch: neither is known there."""


@dataclass(frozen=True, slots=True)
class DayClose:
    """The state after command `number`; `settled` is the venue time of the day's settlement,
    nanoseconds UTC, and `settlement` the number of its command."""

    day: int
    number: int
    settled: int
    settlement: int
    state: State


@dataclass(frozen=True, slots=True)
class _Kept:
    """A state to replay from: a snapshot of the house, or one of a settlement."""

    snapshot: Snapshot | None
    day: int
    of_settlement: bool = False

    @property
    def number(self) -> int:
        return self.snapshot.number if self.snapshot else 0


def read_close(folder: Path, day: int = 0) -> DayClose:
    """The close of a settled day (YYYYMMDD; 0: the last). Raises ValueError where it is not one."""
    with _opened(folder) as (journal, kept):
        before = [one for one in kept if one.day < (day or 2**32)]
        found = _close(journal, before[0], day)
        if found is None and not day and kept[0].day:
            # Nothing was settled after the newest state: its own day is the last.
            last = kept[0].day
            found = _close(journal, next(one for one in kept if one.day < last), last)
    if found is None:
        raise ValueError(f"--day: expected a settled day, found {day or 'none'}")
    return found


def read_statements(folder: Path, day: int, *, keep: bool = False) -> list[Statement]:
    """The statements of every account over a settled day, by account, as the whole journal gives
    them; `keep` lays down the state right after its settlement for the next day. Raises ValueError
    where the day is not settled."""
    with _opened(folder) as (journal, kept):
        for one in (one for one in kept if one.day < day):
            found = _statements(journal, one, day)
            if found is None:
                continue
            statements, settlement, records = found
            if keep:
                (folder / SETTLEMENTS).mkdir(exist_ok=True)
                place = (folder / SETTLEMENTS, settlement, UNSEALED, UNSEALED, records)
                write_records(*place)
                keep_newest(folder / SETTLEMENTS, SETTLEMENTS_KEPT)
            return statements
    raise ValueError(f"--day: expected a settled day, found {day}")


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Journal, list[_Kept]]]:
    """The journal of a house, and the states to replay from, the newest first; the last is the
    beginning."""
    if not (folder / "journal").is_dir():
        raise ValueError(f"{folder}: expected a folder with a journal")
    disk = FolderDisk(folder / "journal", read_only=True)
    try:
        journal = Journal(disk, read_only=True)
        kept = [_Kept(None, 0)]
        for place, of_settlement in ((folder, False), (folder / SETTLEMENTS, True)):
            for snapshot in read_snapshots(place):
                if snapshot.number <= journal.last:
                    kept.append(_Kept(snapshot, _settled(snapshot), of_settlement))
        kept.sort(key=lambda one: (one.number, one.of_settlement), reverse=True)
        yield journal, kept
    finally:
        disk.close()


def _settled(snapshot: Snapshot) -> int:
    head = wire.read_header(snapshot.records)
    house = wire.read_body(head, snapshot.records[: head.length])
    return int(house.settled_day)


def replayed(folder: Path) -> Iterator[tuple[Core, int, bytes]]:
    """(core, number, event frames) after each command of a house, from its first."""
    with _opened(folder) as (journal, _):
        yield from _replayed(journal, _Kept(None, 0))


def _replayed(journal: Journal, kept: _Kept) -> Iterator[tuple[Core, int, bytes]]:
    """(core, number, event frames) after each command behind a state. Raises Diverged."""
    snapshot = kept.snapshot
    core: Core
    core, _ = make_core(snapshot.records if snapshot else b"")
    told = snapshot.events if snapshot else NO_EVENTS
    for batch in journal.batches(after=kept.number):
        if told not in (batch.events, UNSEALED):
            raise Diverged(f"the events before number {batch.first} are not those sealed")
        gathered = b""
        for frame in frames_of(batch.frames):
            number = wire.read_header(frame).number
            if number <= kept.number:
                continue
            found = core.take(frame)
            gathered += found
            yield core, number, found
        # The first batch behind a settlement's state was taken in part.
        whole = batch.first > kept.number
        told = sha256(gathered).digest() if whole else UNSEALED


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


def _close(journal: Journal, kept: _Kept, day: int) -> DayClose | None:
    watch, records, number = _Watch(day), b"", 0
    for core, at, found in _replayed(journal, kept):
        ended, here = watch.take(found)
        if ended and not here:
            break
        if here:
            records, number = core.snapshot(), at
        if day and watch.tabled:
            break
    if not records:
        return None
    return DayClose(watch.day, number, watch.settled, watch.settlement, read_records(records))


def _statements(
    journal: Journal, kept: _Kept, day: int
) -> tuple[list[Statement], int, bytes] | None:
    """Statements of a day, the number of its settlement and the state after it; None where a state
    lies too late for what the day opens with, or the day is not settled after it."""
    fold = Statements([day])
    begun = kept.snapshot is None or kept.of_settlement
    if kept.snapshot is not None and kept.of_settlement:
        fold.begin(read_records(kept.snapshot.records))
    settlement, records = 0, b""
    for core, number, found in _replayed(journal, kept):
        settled = [e.day for _, e in _of_kinds(found) if isinstance(e, wire.VariationSettled)]
        if begun:
            if settled and settlement:
                break
            fold.take(found)
        elif settled and settled[0] != day:
            fold.begin(read_records(core.snapshot()))
            begun = True
            continue
        if settled and settled[0] == day:
            if not begun:
                return None
            settlement, records = number, core.snapshot()
        elif settlement and number > settlement + 1 and fold.judged:
            break
    if not settlement:
        return None
    fold.finish()
    found_ = [fold.found[key] for key in sorted(fold.found)]
    return found_, settlement, records

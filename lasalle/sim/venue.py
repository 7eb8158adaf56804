"""A venue under faults: the real sequencer, journal and replay on a disk that fails.

It is opened, asked, cut off and opened again; what it told is held against what it kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any

from lasalle import wire
from lasalle.plain import House
from lasalle.plain.state import State
from lasalle.sim.clock import SteppingClock
from lasalle.sim.disk import Fault, PowerCut, SimulatedDisk
from lasalle.sim.fold import Fold
from lasalle.sim.model import Violation
from lasalle.sim.promises import Promises
from lasalle.sim.watch import Watch, WatchedCore
from lasalle.venue.core import compiled_house
from lasalle.venue.journal import Journal, JournalBent, JournalFull
from lasalle.venue.replay import Diverged, Snapshot, replay
from lasalle.venue.sequencer import (
    Asked,
    ClockWrong,
    Sequencer,
    Told,
    VenueStopped,
    is_urgent,
)

SEGMENT_BYTES = 24 * 1024
HEADROOM_BYTES = 8 * 1024


@dataclass(frozen=True)
class Parts:
    """What a venue is built of. Tests put a broken part in and wait for its checker."""

    house: type[House] = House
    second: Any = None
    disk: type[SimulatedDisk] = SimulatedDisk
    journal: type[Journal] = Journal
    sequencer: type[Sequencer] = Sequencer
    fold: type[Fold] = Fold


def both_cores() -> Parts:
    """The plain house, and the compiled one beside it where it was built."""
    return Parts(second=compiled_house())


class Dark(Exception):
    """The venue is gone: a power cut, or a disk that failed. It has to be opened again."""


class SimulatedVenue:
    """One house over all its crashes. Its watch, promises and views outlive each of them."""

    def __init__(
        self, parts: Parts, disk: SimulatedDisk, clock: SteppingClock, reached: Counter[str]
    ) -> None:
        self._parts, self.disk, self._clock, self._reached = parts, disk, clock, reached
        self.watch = Watch()
        self.promises = Promises()
        self.fold = parts.fold()
        self._snapshot: Snapshot | None = None
        self._sequencer: Sequencer
        self._journal: Journal
        self.open(snapshot=False)

    @property
    def journal(self) -> Journal:
        return self._journal

    @property
    def state(self) -> State:
        """State of the watched house."""
        core = self._sequencer.core
        assert isinstance(core, WatchedCore), "a simulated venue watches its core"
        return core.house.state

    @property
    def number(self) -> int:
        """Last command number carried out."""
        return self._sequencer.core.last_number

    def state_hash(self) -> bytes:
        found = self._sequencer.core.state_hash()
        self.raise_found()
        return found

    def raise_found(self) -> None:
        """Raises what a checker found, if anything."""
        if self.watch.found is not None:
            raise self.watch.found

    # -- asking ----------------------------------------------------------------------------------

    def ask(self, asked: list[Asked]) -> list[list[Told] | None]:
        """Events of each command; None for one the disk had no room for. Raises Dark."""
        if not asked:
            return []
        before = (self._journal.last, self.number)
        try:
            told = self._commit(asked)
        except JournalFull:
            self._reached["disk full: refused"] += 1
            if (self._journal.last, self.number) != before:
                raise Violation("full", "a refused batch left something", before[1]) from None
            return self._ask_urgent(asked)
        except ClockWrong:
            self._reached["clock beyond all time: refused"] += 1
            return [None] * len(asked)
        return list(told)

    def _ask_urgent(self, asked: list[Asked]) -> list[list[Told] | None]:
        """As the venue's door does: an order that waits beside a cancel must not cost the cancel
        its headroom."""
        urgent = [i for i, a in enumerate(asked) if is_urgent(a)]
        answers: list[list[Told] | None] = [None] * len(asked)
        if 0 < len(urgent) < len(asked):
            for i, told in zip(urgent, self.ask([asked[i] for i in urgent]), strict=True):
                answers[i] = told
                self._reached["disk full: urgent carried out"] += told is not None
        return answers

    def _commit(self, asked: list[Asked]) -> list[list[Told]]:
        numbers, number = [], self.number + 1
        for item in asked:
            numbers.append(number)
            number += wire.span_of(item.command)
        try:
            told = self._sequencer.commit(asked)
        except PowerCut:
            self.promises.silent(asked)
            raise Dark("a power cut") from None
        except ClockWrong:
            raise
        except VenueStopped as error:
            self.raise_found()
            if "core stopped" in str(error):
                raise Violation("stopped", str(error), self.number) from error
            self.promises.silent(asked)
            raise Dark(str(error)) from None
        self.raise_found()
        if self._sequencer.listener_faults:
            raise Violation("views", self._sequencer.listener_faults[0], self.number)
        for n, item, events in zip(numbers, asked, told, strict=True):
            self.promises.acknowledged(n, item, events)
        return told

    def take_snapshot(self) -> None:
        """Leaves a snapshot beside the journal, for the next opening to start from."""
        records = self._sequencer.core.snapshot()
        self._snapshot = Snapshot(
            self.number,
            sha256(records).digest(),
            self._journal.chain,
            self._sequencer.events,
            records,
        )
        self._reached["snapshots taken"] += 1

    # -- crashing and opening again --------------------------------------------------------------

    def crash(self, *, bend: bool, snapshot: bool) -> None:
        """The machine goes dark and comes back; with `bend`, a bit of the journal's middle turned
        while it was away."""
        self._reached["crashes"] += 1
        self.disk.lose_power()
        if bend:
            self._bend_and_repair()
        self.open(snapshot=snapshot)

    def open(self, *, snapshot: bool) -> None:
        """Opens journal and core as the venue does, and holds every promise against them."""
        journal = self._open_journal()
        self._reached["torn tails dropped"] += len(journal.notices)
        start = self._snapshot if snapshot else None
        self._reached["opened from a snapshot"] += start is not None
        replayed: dict[int, list[Told]] = {}

        def keep(told: bytes) -> None:
            for event in wire.read_frames(told):
                replayed.setdefault(event[0].cause, []).append(event)

        make = WatchedCore.maker(self._parts.house, self._parts.second, self.watch)
        try:
            core, events, _ = replay(journal, start, keep, make)
        except Diverged as error:
            self._missing(journal, replayed)
            raise Violation("replay", str(error), journal.last) from error
        except wire.FrameError as error:
            raise Violation("replay", f"a sealed frame is refused: {error}") from error
        self.promises.compare(journal, replayed, start.number if start else 0)
        self.raise_found()
        for told in replayed.values():
            self.fold.take(told)
        self._journal = journal
        self._sequencer = self._parts.sequencer(core, journal, self._clock)
        self._sequencer.continue_from(events)
        self._sequencer.listen(self.fold.take)

    def _missing(self, journal: Journal, replayed: dict[int, list[Told]]) -> None:
        """When replay diverged for want of acknowledged commands, that is the fault to tell."""
        self.promises.compare(journal, replayed, journal.last)

    def _open_journal(self) -> Journal:
        try:
            return self._new_journal()
        except JournalBent as error:
            raise Violation("journal", f"a whole journal is refused: {error}") from error

    def _new_journal(self) -> Journal:
        return self._parts.journal(
            self.disk, segment_bytes=SEGMENT_BYTES, headroom_bytes=HEADROOM_BYTES
        )

    def _bend_and_repair(self) -> None:
        """A bit of a batch that a sound one follows turns; the journal must refuse to open and
        change nothing, and the operator puts a copy back."""
        try:
            batches = list(Journal(self.disk, read_only=True).batches())[:-1]
        except JournalBent as error:
            raise Violation("journal", f"a whole journal is refused: {error}") from error
        if not batches:
            return
        batch = Random(len(batches)).choice(batches)
        copy = self.disk.copy()
        at = self.disk.turn_bit(batch.segment, batch.offset, batch.offset + batch.length - 1)
        bent = self.disk.copy()
        try:
            self._new_journal()
        except JournalBent:
            self._reached["bent middles refused"] += 1
        else:
            raise Violation(
                "bent", f"byte {at} of {batch.segment} turned and nobody noticed", batch.first
            )
        if self.disk.copy() != bent:
            raise Violation("bent", "a journal that was refused was changed", batch.first)
        self.disk.restore(copy)

    # -- the end of the day ----------------------------------------------------------------------

    def close(self) -> bytes:
        """The state's hash, after everything of the day is proven once more from the journal."""
        found = self.state_hash()
        journal = self._open_journal()
        fresh, told = Watch([]), self._parts.fold()
        make = WatchedCore.maker(self._parts.house, self._parts.second, fresh)
        replayed: dict[int, list[Told]] = {}

        def keep(frames: bytes) -> None:
            events = wire.read_frames(frames)
            told.take(events)
            for event in events:
                replayed.setdefault(event[0].cause, []).append(event)

        try:
            core, _, _ = replay(journal, None, keep, make)
        except (Diverged, wire.FrameError) as error:
            raise Violation("replay", str(error), journal.last) from error
        if fresh.found is not None:
            raise fresh.found
        self.promises.compare(journal, replayed, 0)
        if core.state_hash() != found:
            raise Violation("replay", "yesterday's journal gives another hash", self.number)
        self.fold.compare(told, self.watch.mirror)
        restored, _ = make(core.snapshot())
        if restored.state_hash() != found:
            raise Violation("replay", "a snapshot restores to another state", self.number)
        return found


__all__ = ["Dark", "Fault", "Parts", "SimulatedVenue", "both_cores"]

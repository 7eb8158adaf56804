"""The compiled engine as the venue drives it: submissions go in, batches come out in order.

It seals a batch, has the core take it beside the flush, and tells only what is both durable and
taken. Where the flush fails after the core took the batch, it stops: nothing of that batch was
told, and opening the house again replays what is durable.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.venue.compiled import CHOICE as CHOICE
from lasalle.venue.compiled import wanted
from lasalle.venue.core import Core
from lasalle.venue.journal import SEGMENT_BYTES, Journal, JournalFull
from lasalle.venue.messages import table
from lasalle.venue.sequencer import Asked, Carried, ClockWrong, Told, VenueStopped, check, is_urgent

LOG = logging.getLogger("lasalle.venue")
JOURNAL_FULL, CLOCK_WRONG = 9, 13
WAIT_SECONDS = 1.0
Answer = Callable[[int, list[Told] | Exception], None]
"""Told the place of a command among those asked together, and its events or why not."""


class VenueBusy(Exception):
    """Too many commands wait; nothing was taken, ask again."""


def engine_class() -> Any:
    """The compiled engine, or None where it was not built or is not wanted."""
    return wanted("Engine")


class _End:
    """Where the journal ends, in the form the engine takes."""

    def __init__(self, journal: Journal, digest: bytes, spare_bytes: int) -> None:
        self.segment, self.size = journal.end
        self.last, self.chain, self.digest = journal.last, list(journal.chain), list(digest)
        self.segment_bytes, self.headroom_bytes = SEGMENT_BYTES, journal.headroom_bytes
        self.spare_bytes = spare_bytes


class DurableCore:
    """The core as far as it is durable: a batch whose flush is under way is not seen."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    @property
    def last_number(self) -> int:
        return int(self._engine.place()[0])

    @property
    def last_time(self) -> int:
        return int(self._engine.place()[1])

    @property
    def last_event(self) -> int:
        return int(self._engine.place()[2])

    def take(self, _: bytes) -> bytes:
        raise VenueStopped("commands reach this core through the engine alone")

    def snapshot(self) -> bytes:
        try:
            return bytes(self._engine.snapshot()[3])
        except RuntimeError as error:
            raise VenueStopped(str(error)) from None

    def state_hash(self) -> bytes:
        return sha256(self.snapshot()).digest()


class EngineSequencer:
    """What `Sequencer` is, with the compiled engine behind it; several threads may ask."""

    def __init__(
        self,
        folder: Path,
        core: Core,
        journal: Journal,
        events: bytes,
        people: tuple[dict[int, int], dict[int, int]] = ({}, {}),
        *,
        spare_bytes: int = 0,
    ) -> None:
        """people: member of each actor, and of each account. spare_bytes: zeros kept ready for the
        next segment, so that a flush writes no metadata; 0 for a house that is seldom written.
        """
        self.engine = engine_class()(
            folder, core, _End(journal, events, spare_bytes), table(), people
        )
        journal.hand_over()
        self._journal = journal
        self._core = DurableCore(self.engine)
        self._events = events
        self._listeners: list[Callable[[bytes, list[Told]], None]] = []
        self._stopped = ""
        self._asked: dict[int, tuple[Answer, int, float]] = {}
        self._last_ticket = 0
        self._pumping, self._asking = threading.RLock(), threading.Lock()
        self.on_door: Callable[[tuple[Any, ...]], None] = lambda _: None
        """Told what the frame door needs answered: logons, and who left."""
        self.listener_faults: list[str] = []
        self.watch: Callable[[float], object] = lambda _: None

    @property
    def core(self) -> Core:
        return self._core

    @property
    def events(self) -> bytes:
        """Digest of the events the last batch gave."""
        return self._events

    @property
    def waiting(self) -> int:
        """Submissions that are not answered yet."""
        return len(self._asked)

    def founded(self) -> bytes:
        """Chain of the journal's first batch, which no other house has."""
        return self._journal.founded()

    def closed_for(self) -> str:
        """Why nothing can be sealed now; empty while the log is appendable."""
        return self._stopped or self._journal.room_for()

    def listen(self, listener: Callable[[list[Told]], None]) -> None:
        """Calls `listener` with the events of every batch, in order, after they are durable."""
        self._listeners.append(lambda _, events: listener(events))
        self.engine.tap(True)

    def hear(self, listener: Callable[[bytes], None]) -> None:
        """The same with the events as the frames the core told."""
        self._listeners.append(lambda frames, _: listener(frames))
        self.engine.tap(True)

    def state(self) -> tuple[int, bytes, bytes, bytes]:
        """(last number, chain, digest of the last batch's events, records of the state)."""
        try:
            number, chain, events, records = self.engine.snapshot()
        except RuntimeError as error:
            raise VenueStopped(str(error)) from None
        return number, chain, events, records

    def submit(self, actor: int, command: Any, cause: int = 0) -> list[Told]:
        """One command alone; gives its events."""
        return self.commit([Asked(actor, command, cause)])[0]

    def commit(self, asked: Sequence[Asked], *, checked: bool = False) -> list[list[Told]]:
        """Has commands sealed and carried out, in one batch unless others ask beside; gives the
        events of each. Raises CommandMalformed, JournalFull, VenueBusy, VenueStopped.

        checked changes nothing here: the frame of a command comes from its check.
        """
        del checked
        frames = [check(item) for item in asked]
        found: dict[int, list[Told] | Exception] = {}
        self.ask(asked, frames, found.__setitem__)
        while len(found) < len(asked):
            self.engine.wait(WAIT_SECONDS)
            self.pump()
        given = [found[i] for i in range(len(asked))]
        for told in given:
            if isinstance(told, Exception):
                raise told
        return [told for told in given if isinstance(told, list)]

    def ask(self, asked: Sequence[Asked], frames: Sequence[bytes], answer: Answer) -> None:
        """Hands commands over with the frames `check` gave; `answer` is called from `pump` for
        each.

        Raises VenueBusy and VenueStopped; then nothing was taken.
        """
        if self._stopped:
            raise VenueStopped(self._stopped)
        now = time.perf_counter()
        with self._asking:
            first = self._last_ticket + 1
            self._last_ticket += len(asked)
            for i in range(len(asked)):
                self._asked[first + i] = (answer, i, now)
            taken = self.engine.submit(
                [
                    (first + i, item.actor, item.cause, frame, is_urgent(item))
                    for i, (item, frame) in enumerate(zip(asked, frames, strict=True))
                ]
            )
            for i in range(taken, len(asked)):
                del self._asked[first + i]
        if asked and not taken:
            raise VenueBusy(f"{self.waiting} commands wait")
        for i in range(taken, len(asked)):
            answer(i, VenueBusy(f"{self.waiting} commands wait"))

    def pump(self) -> None:
        """Tells listeners and askers what happened since the last call, in order."""
        with self._pumping:
            for out in self.engine.drain():
                if out[0] == "batch":
                    self._tell_batch(*out[1:])
                elif out[0] == "failed":
                    _, ticket, code, text = out
                    faults = {JOURNAL_FULL: JournalFull, CLOCK_WRONG: ClockWrong}
                    self._answer(ticket, faults.get(code, VenueStopped)(text))
                elif out[0] == "stopped":
                    self._stopped = out[1]
                else:
                    self.on_door(out)

    def close(self) -> None:
        """Seals what waits and ends the engine's threads."""
        self.engine.stop()
        self.pump()

    def _tell_batch(
        self, last: int, chain: bytes, digest: bytes, events: bytes, tickets: list[Any]
    ) -> None:
        self._journal.follow(last, chain)
        self._events = digest
        told = wire.read_frames(events)
        for listener in self._listeners:
            try:
                listener(events, told)
            except Exception as error:
                # The batch is carried out: whoever asked must hear so, or would ask twice.
                LOG.exception("a listener failed")
                self.listener_faults.append(f"after number {last}: {error!r}")
        by_cause = {first: Carried(first) for _, first, *_ in tickets}
        for event in told:
            asked = by_cause.get(event[0].cause)
            if asked is not None:
                asked.append(event)
        for ticket, first, *_ in tickets:
            self._answer(ticket, by_cause[first])

    def _answer(self, ticket: int, told: list[Told] | Exception) -> None:
        found = self._asked.pop(ticket, None)
        if found is not None:
            answer, place, began = found
            self.watch(time.perf_counter() - began)
            answer(place, told)

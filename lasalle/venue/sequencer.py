"""The sequencer: what waits becomes a batch, gets numbers and a time, is sealed, carried out,
answered.

Two ways to drive it share one `commit`: `submit` for programs that bring their own clock and wait,
and `Waiting` (waiting.py) for the event loop.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from time import perf_counter
from typing import Any

from lasalle import wire
from lasalle.plain.state import LATEST_TIME
from lasalle.venue.core import Core
from lasalle.venue.journal import NO_EVENTS, Journal, JournalBroken

URGENT = (
    wire.CancelOrder,
    wire.MassCancel,
    wire.EngageKillSwitch,
    wire.HaltMarket,
    wire.SuspendMember,
    wire.LoseSession,
    wire.AdvanceTime,
    wire.SettleVariation,
    wire.SettleFinal,
    wire.SweepAccounts,
    wire.Approve,
)
"""Commands that may use the journal's headroom: they take risk away or settle it. So may their
proposals; what an approval carries out is known to the core alone."""
URGENT_KINDS = frozenset(command.KIND for command in URGENT)
FIRST_EVENT_KIND = 1000
LOG = logging.getLogger("lasalle.venue")
Told = tuple[wire.Header, Any]


class VenueStopped(Exception):
    """The core or the disk failed; the venue answers nothing until it is opened again."""


class ClockWrong(VenueStopped):
    """The clock tells a time that no frame can carry; nothing was sealed, and service returns with
    a clock that is set."""


class CommandMalformed(ValueError):
    """A command that no frame can carry and give back: it was not sealed."""


class Carried(list[Told]):
    """Events of one command; `first` is the first number it occupies, told of or not."""

    __slots__ = ("first",)

    def __init__(self, first: int) -> None:
        super().__init__()
        self.first = first


@dataclass(frozen=True)
class Asked:
    """A command with who asks and the event number it answers (0: none)."""

    actor: int
    command: Any
    cause: int = 0


class Sequencer:
    """Gives every command its place. Not for two threads at once."""

    def __init__(self, core: Core, journal: Journal, clock: Callable[[], int]) -> None:
        """clock: nanoseconds UTC; it may step back, venue time does not."""
        if core.last_number != journal.last:
            raise ValueError(f"core at number {core.last_number}, journal at {journal.last}")
        self._core = core
        self._journal = journal
        self._clock = clock
        self._events = NO_EVENTS
        self._listeners: list[Callable[[bytes, list[Told]], None]] = []
        self._stopped = ""
        self.listener_faults: list[str] = []
        """What listeners failed to take; those views are folded again when the house reopens."""
        self.watch: Callable[[float], object] = lambda _: None
        """Told how long each append to the journal took, flush included."""

    @property
    def core(self) -> Core:
        return self._core

    @property
    def events(self) -> bytes:
        """Digest of the events the last batch gave; the next batch seals it."""
        return self._events

    def founded(self) -> bytes:
        """Chain of the journal's first batch, which no other house has."""
        return self._journal.founded()

    def closed_for(self) -> str:
        """Why nothing can be sealed now; empty while the log is appendable."""
        return self._stopped or self._journal.closed_for()

    def listen(self, listener: Callable[[list[Told]], None]) -> None:
        """Calls `listener` with the events of every batch, in order, after they are durable."""
        self._listeners.append(lambda _, events: listener(events))

    def hear(self, listener: Callable[[bytes], None]) -> None:
        """The same with the events as the frames the core told."""
        self._listeners.append(lambda frames, _: listener(frames))

    def continue_from(self, events: bytes) -> None:
        """Sets the digest of the events of the last batch, known from replay."""
        self._events = events

    def state(self) -> tuple[int, bytes, bytes, bytes]:
        """(last number, chain, digest of the last batch's events, records of the state)."""
        return self._core.last_number, self._journal.chain, self._events, self._core.snapshot()

    def close(self) -> None:
        """Nothing is left behind: the journal's disk is closed by whoever opened it."""

    def submit(self, actor: int, command: Any, cause: int = 0) -> list[Told]:
        """One command alone; gives its events."""
        return self.commit([Asked(actor, command, cause)])[0]

    def commit(self, asked: Sequence[Asked], *, checked: bool = False) -> list[list[Told]]:
        """Seals and carries out a batch; gives the events of each command.

        checked: the asker has called `check` on each. Raises CommandMalformed and JournalFull when
        the batch could not be sealed: then nothing happened.
        """
        if self._stopped:
            raise VenueStopped(self._stopped)
        if not checked:
            for item in asked:
                check(item)
        time = max(self._clock(), self._core.last_time)
        if time > LATEST_TIME:
            # A sealed frame that the core refuses would stop every replay there.
            raise ClockWrong(f"the clock tells {time}: expected at most {LATEST_TIME}")
        number = first = self._core.last_number + 1
        frames, firsts = [], []
        for item in asked:
            span = wire.span_of(item.command)
            firsts.append(number)
            frames.append(
                wire.seal(item.command, number, time, cause=item.cause, actor=item.actor, span=span)
            )
            number += span
        sealed = b"".join(frames)
        urgent = all(is_urgent(item) for item in asked)
        began = perf_counter()
        try:
            self._journal.append(sealed, first, number - 1, self._events, urgent=urgent)
            self.watch(perf_counter() - began)
        except JournalBroken as error:
            self._stopped = str(error)
            raise VenueStopped(self._stopped) from error
        try:
            told = self._core.take(sealed)
        except Exception as error:
            self._stopped = f"the core stopped at number {first}: {error!r}"
            raise VenueStopped(self._stopped) from error
        self._events = sha256(told).digest()
        events = wire.read_frames(told)
        for listener in self._listeners:
            try:
                listener(told, events)
            except Exception as error:
                # The batch is carried out: whoever asked must hear so, or would ask twice.
                LOG.exception("a listener failed")
                self.listener_faults.append(f"after number {number - 1}: {error!r}")
        by_cause: dict[int, list[Told]] = {n: Carried(n) for n in firsts}
        for event in events:
            by_cause[event[0].cause].append(event)
        return [by_cause[n] for n in firsts]


def is_urgent(asked: Asked) -> bool:
    """Whether the command may use the headroom."""
    command = asked.command
    if isinstance(command, wire.Propose):
        return command.command in URGENT_KINDS
    return isinstance(command, URGENT)


def check(asked: Asked) -> bytes:
    """The frame of a command without number and time. Raises CommandMalformed when the command
    does not survive its own frame.

    A sealed frame that cannot be read would stop every replay there, so it is read before.
    """
    span = wire.span_of(asked.command)
    try:
        frame = wire.seal(asked.command, 0, 0, cause=asked.cause, actor=asked.actor, span=span)
        header = wire.read_header(frame)
        wire.read_body(header, frame)
    except (ValueError, TypeError, struct.error) as error:
        raise CommandMalformed(f"{type(asked.command).__name__}: {error}") from error
    if header.kind >= FIRST_EVENT_KIND:
        raise CommandMalformed(f"{type(asked.command).__name__} is not a command")
    return frame

"""The sequencer: what waits becomes a batch, gets numbers and a time, is sealed, carried out,
answered.

Two ways to drive it share one `commit`: `submit` for programs that bring their own clock and wait,
and `Waiting` (waiting.py) for the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lasalle import wire
from lasalle.venue.core import Core
from lasalle.venue.journal import NO_EVENTS, Journal

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
)
"""Commands that may use the journal's headroom: they take risk away or settle it."""
Told = tuple[wire.Header, Any]


class VenueStopped(Exception):
    """The core failed after the batch was sealed; the venue answers nothing until it is
    reopened."""


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
        self._listeners: list[Callable[[list[Told]], None]] = []
        self._stopped = ""

    @property
    def core(self) -> Core:
        return self._core

    @property
    def events(self) -> bytes:
        """Digest of the events the last batch gave; the next batch seals it."""
        return self._events

    def listen(self, listener: Callable[[list[Told]], None]) -> None:
        """Calls `listener` with the events of every batch, in order, after they are durable."""
        self._listeners.append(listener)

    def continue_from(self, events: bytes) -> None:
        """Sets the digest of the events of the last batch, known from replay."""
        self._events = events

    def submit(self, actor: int, command: Any, cause: int = 0) -> list[Told]:
        """One command alone; gives its events."""
        return self.commit([Asked(actor, command, cause)])[0]

    def commit(self, asked: Sequence[Asked]) -> list[list[Told]]:
        """Seals and carries out a batch; gives the events of each command.

        Raises JournalFull when the batch could not be sealed: then nothing happened.
        """
        if self._stopped:
            raise VenueStopped(self._stopped)
        time = max(self._clock(), self._core.last_time)
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
        urgent = all(isinstance(item.command, URGENT) for item in asked)
        self._journal.append(sealed, first, number - 1, self._events, urgent=urgent)
        try:
            told = self._core.take(sealed)
        except Exception as error:
            self._stopped = f"the core stopped at number {first}: {error!r}"
            raise VenueStopped(self._stopped) from error
        self._events = sha256(told).digest()
        events = wire.read_frames(told)
        for listener in self._listeners:
            listener(events)
        by_cause: dict[int, list[Told]] = {n: [] for n in firsts}
        for event in events:
            by_cause[event[0].cause].append(event)
        return [by_cause[n] for n in firsts]

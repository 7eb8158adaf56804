"""What the venue told its askers, to be held against the journal after every restart."""

from __future__ import annotations

from typing import Any

from lasalle import wire
from lasalle.sim.model import Violation
from lasalle.venue.journal import Journal
from lasalle.venue.sequencer import Asked

Told = list[tuple[wire.Header, Any]]


class Promises:
    """Every acknowledged command with its number and events, and every one without an answer."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Asked, Told]] = {}
        self._silent: list[Asked] = []
        self.kept = 0
        """Commands nobody was answered for that the journal kept all the same."""
        self.lost = 0
        """Commands nobody was answered for that are gone, as they may be."""

    def acknowledged(self, number: int, asked: Asked, told: Told) -> None:
        self._made[number] = (asked, told)

    def silent(self, asked: list[Asked]) -> None:
        """A batch whose asker heard nothing: it may be carried out, whole, or not at all."""
        self._silent = list(asked)

    def compare(self, journal: Journal, replayed: dict[int, Told], told_from: int) -> None:
        """Raises Violation when the journal holds less, else or more than was acknowledged.

        replayed: events by command, known for every command after `told_from`.
        """
        sealed = {}
        for batch in journal.batches():
            for header, command in wire.read_frames(batch.frames):
                sealed[header.number] = Asked(header.actor, command, header.cause)
        for number, (asked, told) in self._made.items():
            if sealed.get(number) != asked:
                gone = "is gone" if number not in sealed else f"became {sealed[number]}"
                raise Violation("acknowledged", f"{asked} was acknowledged and {gone}", number)
            if number > told_from and replayed.get(number, []) != told:
                raise Violation("acknowledged", f"{asked} is told differently", number)
        more = [(n, asked) for n, asked in sealed.items() if n not in self._made]
        if [asked for _, asked in more] not in ([], self._silent):
            raise Violation("acknowledged", f"the journal holds {more}, asked by nobody")
        self.kept += len(more)
        self.lost += len(self._silent) - len(more)
        for number, asked in more:
            self._made[number] = (asked, replayed.get(number, []))
        self._silent = []

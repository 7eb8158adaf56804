"""The core of a simulated venue: the plain house under the eyes of the checkers, and beside it a
second core that must tell the same bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from lasalle import wire
from lasalle.plain import House
from lasalle.plain.state import State
from lasalle.sim.checkers import Checker, all_checkers
from lasalle.sim.mirror import Mirror
from lasalle.sim.model import Violation
from lasalle.venue.core import Core

Told = list[tuple[wire.Header, Any]]


class Watch:
    """Auditor and checkers of one day; they outlive every crash of the venue."""

    def __init__(self, checkers: list[Checker] | None = None) -> None:
        self.mirror = Mirror()
        self.checkers = all_checkers() if checkers is None else checkers
        self.reached: Counter[str] = Counter()
        self.found: Violation | None = None
        """The first fault; the day ends with it."""

    def see(self, header: wire.Header, told: Told, state: State) -> None:
        """A command that was carried out, its events, and the state after it."""
        if self.found is not None or header.number <= self.mirror.number:
            return
        try:
            self._see(header, told, state)
        except Violation as violation:
            self.found = violation
        except (KeyError, IndexError, AssertionError) as error:
            self.found = Violation("audit", f"events that no auditor can write: {error!r}")

    def _see(self, header: wire.Header, told: Told, state: State) -> None:
        mirror = self.mirror
        for checker in self.checkers:
            checker.number = header.number
        if header.time < mirror.time:
            raise Violation("time", f"{header.time} follows {mirror.time}", header.number)
        for about, event in told:
            if about.number != mirror.event + 1 or about.cause != header.number:
                raise Violation("time", f"event {about.number} is out of order", header.number)
            for checker in self.checkers:
                checker.before(mirror, event)
            mirror.on(about, event)
            count(self.reached, event)
            for checker in self.checkers:
                checker.after(mirror, event)
        mirror.number, mirror.time = header.number + header.span - 1, header.time
        for checker in self.checkers:
            checker.command(mirror, state)


def count(reached: Counter[str], event: Any) -> None:
    """Counts an event under its name, and under its reason where it has one."""
    reached[event.NAME] += 1
    if isinstance(event, wire.Refused):
        reached[f"refused {wire.Refusal(event.refusal).name}"] += 1
    elif isinstance(event, wire.OrderCancelled):
        reached[f"cancelled {event.reason.name}"] += 1
    elif isinstance(event, wire.MarketHalted):
        reached[f"halted {event.reason.name}"] += 1
    elif isinstance(event, wire.AuctionUncrossed):
        reached["auctions that traded"] += event.lots > 0
    elif isinstance(event, wire.PaymentPosted):
        reached["advances"] += event.advanced > 0
        reached["shortfalls"] += event.shortfall > 0
    elif isinstance(event, wire.OrderAccepted):
        reached["close-outs"] += event.close_out
    elif isinstance(event, wire.SeriesStateChanged):
        reached["volatility pauses"] += event.until > 0


class WatchedCore:
    """A `venue.Core`. Commands go to the plain house one by one, to the second core as a batch."""

    def __init__(self, house: House, second: Core | None, watch: Watch) -> None:
        self.house, self.second, self.watch = house, second, watch

    @classmethod
    def maker(
        cls, first: type[House], second: Any, watch: Watch
    ) -> Callable[[bytes], tuple[Core, str]]:
        """What `replay` makes a core with."""

        def make(records: bytes = b"") -> tuple[Core, str]:
            house = first.restore(records) if records else first()
            other = None
            if second is not None:
                other = second.restore(records) if records else second()
            return cls(house, other, watch), "simulated"

        return make

    @property
    def last_number(self) -> int:
        return self.house.last_number

    @property
    def last_time(self) -> int:
        return self.house.last_time

    @property
    def last_event(self) -> int:
        return self.house.last_event

    def take(self, frames: bytes) -> bytes:
        told, at = [], 0
        while at < len(frames):
            header = wire.read_header(frames, at)
            events = self.house.take(frames[at : at + header.length])
            at += header.length
            self.watch.see(header, wire.read_frames(events), self.house.state)
            told.append(events)
        whole = b"".join(told)
        if self.second is not None:
            self._compare(whole, self.second.take(frames))
        return whole

    def snapshot(self) -> bytes:
        return self.house.snapshot()

    def state_hash(self) -> bytes:
        found = self.house.state_hash()
        if self.second is not None and self.second.state_hash() != found:
            self._differ("state hashes differ")
        return found

    def _compare(self, plain: bytes, other: bytes) -> None:
        self.watch.reached["batches both cores told alike"] += plain == other
        if plain != other:
            pairs = zip(wire.read_frames(plain), wire.read_frames(other), strict=False)
            first = next((f"{a} and {b}" for a, b in pairs if a != b), "one tells more events")
            self._differ(first)

    def _differ(self, sentence: str) -> None:
        if self.watch.found is None:
            self.watch.found = Violation("agreement", sentence, self.last_number)

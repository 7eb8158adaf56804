"""A house on whose venue a delivery runs, with the log of its meters in the folder: for tests of what
is booked."""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from lasalle import wire
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.made import made_key
from lasalle.delivery.terms import Meter, Side
from lasalle.delivery.tree import consistency_proof
from lasalle.institution.delivery_hours import DeliveryHours
from lasalle.institution.delivery_round import DeliveryDesk
from lasalle.institution.delivery_store import DeliveryStore
from lasalle.institution.examples.delivery_metering import (
    Judged,
    Meters,
    Request,
    cheating,
    honest,
)
from lasalle.institution.examples.delivery_venue import FIRST, HOUR, SECOND, DeliveryVenue
from tests.delivery.world import Memory
from tests.institution.test_delivery_round import delivery, running

LOTS, HOURS, REQUESTS = 10, 24, 4
HOUR_US = 3_600 * 10**6


class ApartMeters(Meters):
    """Meters each of which may have its own requests of an hour."""

    apart: Mapping[Side, Sequence[Request]] = {}

    def _reading(self, meter: Meter, hour: int, requests: Sequence[Request]) -> bytes:
        return super()._reading(meter, hour, self.apart.get(meter.side, requests))


class House:
    """A venue on which a delivery runs, the log of its meters in the house's folder, the desk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.venue = DeliveryVenue.open(folder / "house")
        store = folder / "house" / "deliveries"
        store.mkdir(parents=True, exist_ok=True)
        (store / "log.key").write_text(sha256(b"made up: log").hexdigest() + "\n")
        self.open()
        self.number = running(self.venue, self.desk, LOTS)
        self.starts = delivery(self.venue).starts
        self.meters = ApartMeters(Memory(), self.number, self.starts // 1_000, HOURS, LOTS)
        self.sent = 0
        self._seen = {c.name: Seen() for c in self.meters.terms.cosigners}

    def open(self) -> None:
        self.store = DeliveryStore(self.venue.house.folder)
        hours = DeliveryHours(self.venue.house.views, self.store)
        self.desk = DeliveryDesk(self.venue.house.views, FIRST, SECOND, hours=hours)

    def again(self) -> None:
        """Stopped, and opened from what is durable."""
        now = self.venue.clock.now
        self.store.close()
        self.venue.house.release()
        self.venue = DeliveryVenue.open(self.folder / "house")
        self.venue.clock.to(now)
        self.open()

    def begin(self) -> None:
        parties = {c.name: 11 for c in self.meters.terms.cosigners}
        self.store.begin(self.meters.terms, parties, self.meters.specification)

    def send(self, sides: Sequence[Side] = tuple(Side), by: Sequence[Side] = tuple(Side)) -> None:
        """What the meters signed since, of some sides, under a checkpoint both parties cosign, or
        one of them."""
        contents = list(self.meters.log.log.entries())[2:]
        number = {m.side: m.meter for m in self.meters.terms.meters}
        own = [b'"meter":%d,' % number[side] for side in sides]
        self.store.admit(self.number, [c for c in contents if any(one in c for one in own)])
        self.cosign(by)

    def cosign(self, by: Sequence[Side] = tuple(Side)) -> None:
        """A checkpoint, and the names of some parties to it that are not there yet."""
        note = self.store.publish(self.number)
        there = {line.name for line in note.lines}
        size = note.checkpoint.size
        terms, log = self.meters.terms, self.store._log(self.number)
        seconds = self.venue.clock.now // 10**9 + 5
        for cosigner in (c for c in terms.cosigners if c.side in by and c.name not in there):
            before = self._seen[cosigner.name]
            proof = consistency_proof(before.size, size, log.log.reader().node)
            party = Cosigning(terms, cosigner.name, made_key(f"{cosigner.side.value} watch"))
            self._seen[cosigner.name], line = party.cosigned(before, note, proof, seconds)
            self.store.cosign(
                11, self.number, size, cosigner.name, line.text.removesuffix("\n")
            )  # fmt: skip

    def hour(self, hour: int, *, cheats: bool = False) -> Judged:
        """An hour passes, and is read."""
        self.venue.clock.to(self.starts + (hour + 1) * HOUR)
        self.meters.read(hour, (cheating if cheats else honest)(hour, REQUESTS))
        return self.meters.judge(hour)

    def apart(self, told: Mapping[Side, Sequence[Request]]) -> Judged:
        """The first hour passes, and is read by each as it says; its rows are what the buyer's has
        to show."""
        self.meters.apart = told
        self.venue.clock.to(self.starts + HOUR)
        self.meters.read(0, told[Side.SUPPLIER])
        return self.meters.judge(0)

    def run(self) -> list[wire.DeliveryMetered]:
        """What the desk books now."""
        now, found = self.venue.clock.now, []
        for _ in range(HOURS + 1):
            for number in self.desk.unread(now):
                self.desk.read(number)
            if not (stage := self.desk.due(now)):
                return found
            for asked in stage:
                told = self.venue.ask(asked.actor, asked.command)
                found += [e for e in told if isinstance(e, wire.DeliveryMetered)]
        raise AssertionError("the desk comes to an end")

"""A delivery for tests: its keys, terms, meters that read, a shelf that can lose its power."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from lasalle.delivery.bundle import Published, bundle
from lasalle.delivery.canonical import NONE
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import Fault
from lasalle.delivery.growing import Shelf
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.notes import Note
from lasalle.delivery.readings import (
    CapacityReading,
    Entry,
    Quality,
    Reading,
    WorkReading,
    sign,
)
from lasalle.delivery.rows import (
    CapacityRow,
    Mark,
    Row,
    WorkRow,
    row_bytes,
    rows_root,
    sums_of_rows,
)
from lasalle.delivery.terms import Cosigner, Meter, Product, Side, Specification, Terms
from lasalle.delivery.tree import consistency_proof
from lasalle.delivery.verifying import Verdict

SECOND = 1_000_000
START = 1_790_000_000 * SECOND
INTERVAL = 60 * SECOND
BUYER, SUPPLIER, REFEREE = 1, 2, 3
SIDES = {BUYER: Side.BUYER, SUPPLIER: Side.SUPPLIER, REFEREE: Side.REFEREE}


def key(word: str) -> SigningKey:
    """A key everybody knows: for tests alone."""
    return SigningKey(sha256(word.encode()).digest())


LOG = key("log")
METERS = {number: key(f"meter {number}") for number in SIDES}
PARTIES = {name: key(name) for name in ("buyer.example/watch", "supplier.example/watch")}


def hexed(word: str, digits: int = 64) -> str:
    return sha256(word.encode()).hexdigest()[:digits]


def specification() -> Specification:
    return Specification(
        model=hexed("model"), tokenizer=hexed("tokenizer"), chat_template=hexed("template"),
        temperature_ppm=0, top_k=1, ignore_eos=False, quantity_basis="canonical_text_tokens",
        input_counts="billed", delivery_point="buyer_proxy", ttft_from="scheduled",
        slo_ppm=990_000, ttft_ns=2_000_000_000, tpot_ns=200_000_000, e2e_ns=60_000_000_000,
        confidence_ppm=990_000, planned=662, timeout_ns=60_000_000_000, workload=hexed("workload"),
        arrival_millihertz=500, arrival_seed=7, tolerance_ppm=5_000,
    )  # fmt: skip


def terms(product: Product = Product.WORK, intervals: int = 6, **changes: Any) -> Terms:
    sides = {"buyer.example/watch": Side.BUYER, "supplier.example/watch": Side.SUPPLIER}
    made = Terms(
        contract=41, product=product, quantity=1_000_000 if product is Product.WORK else 16,
        start_us=START, end_us=START + intervals * INTERVAL, interval_us=INTERVAL,
        grace_us=INTERVAL, clock_us=250_000, method=specification().sha256,
        origin="house.example/delivery/41", log_key=LOG.public.hex(),
        meters=tuple(Meter(n, SIDES[n], METERS[n].public.hex()) for n in SIDES),
        cosigners=tuple(Cosigner(n, sides[n], PARTIES[n].public.hex()) for n in sorted(PARTIES)),
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


@dataclass
class Reader:
    """A meter: makes rows from its own chance, and readings of them in order."""

    terms: Terms
    meter: int
    count: int = 3
    """Rows an interval."""
    sequence: int = 0
    previous: str = ""
    seq: int = 0
    rows: dict[int, list[bytes]] = field(default_factory=dict)

    def read(self, revises: int = 0, **changes: Any) -> Entry:
        """The next reading, or with `revises` an edit of an earlier one."""
        self.sequence += 1
        interval = (revises or self.sequence - self.edits()) - 1
        start = self.terms.start_us + interval * INTERVAL
        rows = [self._row(interval, n) for n in range(self.count)]
        first = self.seq + 1
        if revises:
            first = interval * self.count + 1
        else:
            self.seq += self.count
        written = [row_bytes(row) for row in rows]
        self.rows[self.sequence] = written
        reading = self._reading(start, first, rows, rows_root(written), revises)
        entry = sign(msgspec.structs.replace(reading, **changes), METERS[self.meter])
        self.previous = entry.sha256
        if revises:
            self._revised.append(self.sequence)
        return entry

    _revised: list[int] = field(default_factory=list)

    def edits(self) -> int:
        return len(self._revised)

    def _row(self, interval: int, n: int) -> Row:
        seq, side = interval * self.count + n + 1, SIDES[self.meter].value
        chance = random.Random(f"{interval} {n}")
        begun = n * 1_000_000_000
        if self.terms.product is Product.CAPACITY:
            return CapacityRow(
                1, 41, side, seq, hexed(f"{self.meter} {seq}", 32), f"node-{n}", interval, 60, 4,
                4 - (chance.random() < 0.2), 1_000_000 + chance.randrange(9_000),
                hexed(f"answer {seq}"), begun, begun + 40_000_000, 5_000, 0, NONE,
            )  # fmt: skip
        return WorkRow(
            1, 41, side, seq, hexed(f"nonce {seq}", 32), hexed(f"request {seq}"),
            hexed(f"output {seq}"), hexed(f"ids {seq}"), chance.randrange(50, 90), 24,
            chance.randrange(20, 40), 160, "stop", 200, begun, begun + 1_000, begun + 400_000_000,
            begun + 900_000_000, Mark.AUDIT if n == 1 else Mark.NONE,
        )  # fmt: skip

    def _reading(
        self, start: int, first: int, rows: list[Row], root: str, revises: int
    ) -> Reading:
        said = {
            "contract": 41, "meter": self.meter, "side": SIDES[self.meter],
            "sequence": self.sequence, "revises": revises, "start_us": start,
            "end_us": start + INTERVAL,
            "made_us": start + INTERVAL + SECOND + (INTERVAL * 3 if revises else 0),
            "clock_offset_us": -700, "clock_error_us": 1_500,
            "nonce": hexed(f"{self.meter} reading {self.sequence}", 32),
            "previous": self.previous or self.terms.sha256, "method": self.terms.method,
            "seq_first": first, "seq_last": first + len(rows) - 1, "rows_root": root,
            "telemetry": NONE,
        }  # fmt: skip
        if revises:
            said["quality"] = Quality.EDITED
        kind: Any = WorkReading
        if self.terms.product is Product.CAPACITY:
            kind = CapacityReading
        else:
            said["available_s"] = 60
        said |= sums_of_rows(self.terms.product, rows, specification())
        made: Reading = msgspec.convert({**said, "kind": kind.__struct_config__.tag}, kind)
        return made


class Memory(Shelf):
    """A shelf in memory. `crash` leaves what a power cut would: what was synced, a random part of
    the last append, and each unsynced file or not."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.durable = dict(self.files)
        self.countdown = -1
        """Operations until the power goes; negative for never."""
        self.torn = 0

    def _beat(self) -> bool:
        self.countdown -= 1
        return self.countdown == 0

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    def write(self, name: str, content: bytes) -> None:
        if self._beat():
            raise PowerCut
        self.files[name] = content

    def append(self, name: str, content: bytes) -> None:
        if self._beat():
            part = random.Random(f"{name} {len(content)} {self.torn}").randrange(len(content) + 1)
            self.torn += 1
            self.durable[name] = self.files.get(name, b"") + content[:part]
            raise PowerCut
        self.files[name] = self.files.get(name, b"") + content
        self.durable[name] = self.files[name]

    def sync(self) -> None:
        if self._beat():
            raise PowerCut
        self.durable = dict(self.files)

    def remove(self, name: str) -> None:
        if self._beat():
            raise PowerCut
        self.files.pop(name, None)

    def names(self, folder: str) -> list[str]:
        found = [n.removeprefix(folder + "/") for n in self.files if n.startswith(folder + "/")]
        return sorted(found)

    def after_crash(self, chance: random.Random) -> Memory:
        left = dict(self.durable)
        for name in sorted(set(self.files) | set(left)):
            if self.files.get(name) != self.durable.get(name) and chance.random() < 0.5:
                if name in self.files and not name.startswith("pending/"):
                    left[name] = self.files[name]
                elif name not in self.files:
                    left.pop(name)
        return Memory(left)


class PowerCut(Exception):
    """The power went."""


@dataclass
class Delivery:
    """A log, its meters and the parties that cosign it."""

    log: DeliveryLog
    readers: dict[int, Reader]
    seen: dict[str, Seen] = field(default_factory=dict)

    def publish(self, seconds: int) -> Note:
        """A checkpoint, cosigned by both at an instant."""
        note = self.log.publish()
        for name in PARTIES:
            self.cosign(name, note, seconds)
        kept = self.log.log.note
        assert kept is not None
        return kept

    def cosign(self, name: str, note: Note, seconds: int) -> None:
        """One party looks and puts its name to it."""
        before, size = self.seen.get(name, Seen()), note.checkpoint.size
        proof = consistency_proof(before.size, size, self.log.log.reader().node)
        party = Cosigning(self.log.terms, name, PARTIES[name])
        self.seen[name], line = party.cosigned(before, note, proof, seconds)
        self.log.take_cosignature(size, line)


def begun(product: Product = Product.WORK, shelf: Shelf | None = None, **more: Any) -> Delivery:
    """A delivery of which nothing was read yet."""
    agreed = terms(product, **more)
    method = specification() if product is Product.WORK else None
    log = DeliveryLog.begin(shelf or Memory(), LOG, agreed, method)
    return Delivery(log, {number: Reader(agreed, number) for number in SIDES})


def delivered(
    product: Product = Product.WORK, intervals: int = 6, agreed: int = 0, **more: Any
) -> Delivery:
    """A delivery of which so many intervals, of all or of those agreed, were read by three meters
    and cosigned."""
    found = begun(product, intervals=agreed or intervals, **more)
    for interval in range(intervals):
        for reader in found.readers.values():
            found.log.admit(reader.read().content)
        found.publish((START + (interval + 1) * INTERVAL) // SECOND + 5)
    return found


SHOWN = (BUYER, SUPPLIER)


def bundled(delivery: Delivery) -> bytes:
    """The bundle of a delivery, with the rows of the two parties."""

    def rows(meter: int, sequence: int) -> list[bytes] | None:
        return delivery.readers[meter].rows[sequence] if meter in SHOWN else None

    return b"".join(bundle(published(delivery), rows))


def published(delivery: Delivery) -> Published:
    """Its log as anybody reads it."""
    return Published(delivery.log.log.read, delivery.log.log.sizes())


@lru_cache
def good(product: Product = Product.WORK) -> bytes:
    """A sound bundle of four intervals."""
    return bundled(delivered(product, intervals=4))


def named(verdict: Verdict, fault: Fault) -> list[str]:
    """Where a fault was found."""
    return [breach.where for breach in verdict.breaches if breach.fault is fault]

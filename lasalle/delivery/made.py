"""A delivery that is made up, to try the evidence on: meters that read rows nobody saw, with keys
that everybody can make. Nothing made here is evidence of anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from lasalle.delivery.bundle import Published
from lasalle.delivery.canonical import NONE
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.growing import Shelf
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.readings import CapacityReading, Quality, WorkReading, sign
from lasalle.delivery.rows import CapacityRow, Row, WorkRow, row_bytes, rows_root, sums_of_rows
from lasalle.delivery.terms import Cosigner, Meter, Product, Side, Terms
from lasalle.delivery.tree import consistency_proof

US, NS = 1_000_000, 1_000_000_000
START_US = 1_790_000_000 * US
MINUTE_US = 60 * US
GRADE_PPM = 1_000_000


def made_key(word: str) -> SigningKey:
    """A key anybody can make from its word: for what is made up alone."""
    return SigningKey(sha256(f"made up: {word}".encode()).digest())


def made_terms(product: Product, intervals: int, contract: int = 1) -> Terms:
    """Terms of a delivery of so many minutes, by three meters."""
    meters = tuple(Meter(n, s, made_key(s.value).public.hex()) for n, s in enumerate(Side, 1))
    parties = (Side.BUYER, Side.SUPPLIER)
    return Terms(
        contract=contract, product=product,
        quantity=10**9 if product is Product.WORK else 8, start_us=START_US,
        end_us=START_US + intervals * MINUTE_US, interval_us=MINUTE_US, grace_us=MINUTE_US,
        clock_us=US, method=NONE, origin=f"made-up.example/delivery/{contract}",
        log_key=made_key("log").public.hex(), meters=meters,
        cosigners=tuple(
            Cosigner(f"{s.value}.example", s, made_key(f"{s.value} watch").public.hex())
            for s in parties
        ),
    )  # fmt: skip


@dataclass
class MadeUp:
    """A whole delivery on a shelf."""

    shelf: Shelf
    product: Product
    intervals: int
    count: int = 4
    """Rows a reading."""
    sides: tuple[Side, ...] = tuple(Side)
    span: int = 1
    """Intervals a checkpoint."""
    rows: dict[tuple[int, int], list[bytes]] = field(default_factory=dict)
    """Rows by meter and reading."""

    def __post_init__(self) -> None:
        self.terms = made_terms(self.product, self.intervals)
        self.log = DeliveryLog.begin(self.shelf, made_key("log"), self.terms)
        self._seen = {c.name: Seen() for c in self.terms.cosigners}

    def run(self) -> None:
        """Every interval is read, and every span of them cosigned."""
        meters = [m for m in self.terms.meters if m.side in self.sides]
        for number in range(1, self.intervals + 1):
            self.log.admit_all([self.reading(meter, number) for meter in meters])
            if number % self.span == 0 or number == self.intervals:
                self.cosign((START_US + number * MINUTE_US) // US + 5)

    def reading(self, meter: Meter, number: int) -> bytes:
        """The entry of a reading; its rows are kept."""
        first, end = (number - 1) * self.count + 1, START_US + number * MINUTE_US
        rows = [self._row(meter, first + n, n, number) for n in range(self.count)]
        written = self.rows[meter.meter, number] = [row_bytes(row) for row in rows]
        work = self.product is Product.WORK
        said: dict[str, Any] = {
            "contract": self.terms.contract, "meter": meter.meter, "side": meter.side,
            "sequence": number, "start_us": end - MINUTE_US, "end_us": end, "made_us": end + US,
            "clock_offset_us": 0, "clock_error_us": 1_000,
            "nonce": f"{meter.meter:016x}{number:016x}",
            "previous": self.log.chains[meter.meter].sha256, "method": NONE,
            "quality": Quality.ACTUAL, "seq_first": first, "seq_last": first + self.count - 1,
            "rows_root": rows_root(written), "telemetry": NONE,
            **sums_of_rows(self.product, rows),
            **({"over_ttft": 0, "over_tpot": 0, "available_s": 60} if work else {}),
        }  # fmt: skip
        kind: Any = WorkReading if work else CapacityReading
        return sign(kind(**said), made_key(meter.side.value)).content

    def cosign(self, seconds: int) -> None:
        """A checkpoint to which both parties put their names."""
        note = self.log.publish()
        size = note.checkpoint.size
        for cosigner in self.terms.cosigners:
            before = self._seen[cosigner.name]
            proof = consistency_proof(before.size, size, self.log.log.reader().node)
            party = Cosigning(self.terms, cosigner.name, made_key(f"{cosigner.side.value} watch"))
            self._seen[cosigner.name], line = party.cosigned(before, note, proof, seconds)
            self.log.take_cosignature(size, line)

    def published(self) -> Published:
        """The log as anybody reads it."""
        return Published(self.log.log.read, self.log.log.sizes())

    def rows_of(self, meter: int, number: int) -> list[bytes] | None:
        """Rows of a reading."""
        return self.rows.get((meter, number))

    def _row(self, meter: Meter, seq: int, n: int, number: int) -> Row:
        begun = n * (50 * NS // self.count)
        if self.product is Product.CAPACITY:
            return CapacityRow(
                1, self.terms.contract, meter.side.value, seq, f"{seq:032x}", f"node-{n}",
                number - 1, 60, 2, 2, GRADE_PPM, f"{seq:064x}", begun, begun + NS // 25, 5_000, 0,
                NONE,
            )  # fmt: skip
        return WorkRow(
            1, self.terms.contract, meter.side.value, seq, f"{seq:032x}", f"{seq:064x}",
            f"{seq + 1:064x}", f"{seq + 2:064x}", 60, 24, 32, 160, "stop", 200, begun,
            begun + 1_000, begun + 400_000, begun + 900_000, 0,
        )  # fmt: skip

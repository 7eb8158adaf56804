"""A meter's book: what it saw becomes rows, and the rows of an interval a signed reading.

The book decides and is told: the instant, the nonce and what was seen come in, rows and entries go
out; who keeps it makes them durable. Opened again from what was kept, it goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec

from lasalle.delivery.canonical import NONE
from lasalle.delivery.counting import ids_digest
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.readings import (
    CapacityReading,
    Entry,
    Quality,
    WorkReading,
    read_entry,
    sign,
)
from lasalle.delivery.rows import (
    FAILED,
    CapacityRow,
    Mark,
    Row,
    WorkRow,
    row_bytes,
    rows_root,
    sums_of_rows,
)
from lasalle.delivery.terms import Product, Specification, Terms
from lasalle.delivery.validating import Standing

NS_PER_US = 1_000
US = 1_000_000
FINISHED = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})


_READINGS: dict[Product, Any] = {
    Product.WORK: WorkReading, Product.CAPACITY: CapacityReading
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A node in a slot, as a meter found it. Instants are nanoseconds since 1970."""

    nonce: str
    node: str
    slot: int
    slot_s: int
    due: int
    healthy: int
    grade_ppm: int
    answer: str
    started_ns: int
    ended_ns: int
    energy_mj: int = 0
    faults: int = 0
    telemetry: str = NONE


def capacity_row(
    beat: Heartbeat, contract: int, side: str, seq: int, start_us: int
) -> CapacityRow:
    """The row of a heartbeat in the interval that began at an instant."""
    begun = start_us * NS_PER_US
    return CapacityRow(
        1, contract, side, seq, beat.nonce, beat.node, beat.slot, beat.slot_s, beat.due,
        beat.healthy, beat.grade_ppm, beat.answer, beat.started_ns - begun, beat.ended_ns - begun,
        beat.energy_mj, beat.faults, beat.telemetry,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sighting:
    """A request as a meter saw it. Instants are nanoseconds since 1970 on the meter's own clock,
    which never goes back."""

    nonce: str
    request: str
    """SHA-256 of the body that was asked."""
    scheduled_ns: int
    sent_ns: int
    first_ns: int
    last_ns: int
    status: int
    text: str = ""
    ids: Sequence[int] = ()
    prompt: int = 0
    cached: int = 0
    finish: str = ""
    marks: Mark = Mark.NONE


def work_row(sighting: Sighting, contract: int, side: str, seq: int, start_us: int) -> WorkRow:
    """The row of a sighting in the interval that began at an instant. A request that failed
    delivered nothing (DEL-042)."""
    failed = bool(int(sighting.marks) & FAILED)
    begun, last = start_us * NS_PER_US, sighting.last_ns
    first = last if failed or not sighting.first_ns else sighting.first_ns
    sent = min(sighting.sent_ns, first)
    output = b"" if failed else sighting.text.encode()
    ids = () if failed else sighting.ids
    return WorkRow(
        1, contract, side, seq, sighting.nonce, sighting.request, sha256(output).hexdigest(),
        ids_digest(ids), 0 if failed else sighting.prompt, 0 if failed else sighting.cached,
        len(ids), len(output), sighting.finish if sighting.finish in FINISHED else "",
        sighting.status, min(sighting.scheduled_ns, sent) - begun, sent - begun, first - begun,
        last - begun, int(sighting.marks),
    )  # fmt: skip


def seconds_available(rows: Sequence[WorkRow], span_us: int) -> int:
    """Seconds of an interval less those in which requests ended and every one had failed."""
    good, bad = set[int](), set[int]()
    for row in rows:
        (bad if row.marks & FAILED else good).add(row.last_ns // 1_000_000_000)
    return max(0, -(-span_us // US) - len(bad - good))


@dataclass
class MeterBook:
    """One meter of one contract."""

    terms: Terms
    meter: int
    key: SigningKey
    specification: Specification | None = None
    clock_error_us: int = 1_000
    sequence: int = 0
    previous: str = ""
    start_us: int = 0
    """Where the interval that is under way began."""
    made_us: int = 0
    seq: int = 0
    """Number of the last row."""
    rows: list[Row] = field(default_factory=list)
    """Rows of the interval under way."""
    nonces: set[str] = field(default_factory=set)
    """Of the interval under way."""

    def __post_init__(self) -> None:
        found = self.terms.meter_of(self.meter)
        if found is None or found.public != self.key.public.hex():
            told = "no such meter" if found is None else found.public
            raise ValueError(f"meter {self.meter}: expected the key the terms give it, {told} "
                             f"(DEL-002)")  # fmt: skip
        self.product = self.terms.product
        self.side = found.side
        self.previous = self.previous or self.terms.sha256
        self.start_us = self.start_us or self.terms.start_us

    @property
    def end_us(self) -> int:
        """Where the interval under way ends: one that was cut short is followed by the rest of it,
        so that every hour of the terms has readings of its own."""
        length = self.terms.interval_us
        since = (self.start_us - self.terms.start_us) // length
        return min(self.terms.start_us + (since + 1) * length, self.terms.end_us)

    @property
    def work_rows(self) -> list[WorkRow]:
        """Rows of the interval under way, of a work contract."""
        return [row for row in self.rows if isinstance(row, WorkRow)]

    @property
    def over(self) -> bool:
        """Whether every interval of the terms was read."""
        return self.start_us >= self.terms.end_us

    def take(self, sighting: Sighting) -> bytes | None:
        """The row of a sighting, to be made durable, in the interval under way; None for what was
        taken already. A meter that lost its clock for a while sees nothing end before the interval
        began."""
        if sighting.nonce in self.nonces or self.over:
            return None
        row = work_row(sighting, self.terms.contract, self.side.value, self.seq + 1, self.start_us)
        self.enter(row)
        return row_bytes(row)

    def beat(self, heartbeat: Heartbeat) -> bytes | None:
        """The same of a heartbeat of a node."""
        if heartbeat.nonce in self.nonces or self.over:
            return None
        row = capacity_row(
            heartbeat, self.terms.contract, self.side.value, self.seq + 1, self.start_us
        )  # fmt: skip
        self.enter(row)
        return row_bytes(row)

    def enter(self, row: Row) -> None:
        """Enters a row that was kept or is about to be."""
        self.rows.append(row)
        self.nonces.add(row.nonce)
        self.seq = row.seq

    def close(self, made_us: int, nonce: str, *, end_us: int = 0, telemetry: str = NONE) -> Entry:
        """The signed reading of the interval under way, to be made durable; the next interval
        begins. end_us: where it is cut short. One that is made later than the grace is marked as
        an estimate, since nobody else could have seen that it was not made up (DEL-004)."""
        end = end_us or self.end_us
        made = max(made_us, self.made_us, end)
        late = made > end + self.terms.grace_us
        said: dict[str, Any] = {
            "contract": self.terms.contract, "meter": self.meter, "side": self.side,
            "sequence": self.sequence + 1, "start_us": self.start_us, "end_us": end,
            "made_us": made, "clock_offset_us": 0, "clock_error_us": self.clock_error_us,
            "nonce": nonce, "previous": self.previous, "method": self.terms.method,
            "quality": Quality.ESTIMATED if late else Quality.ACTUAL,
            "seq_first": self.seq - len(self.rows) + 1, "seq_last": self.seq,
            "rows_root": rows_root([row_bytes(row) for row in self.rows]),
            "telemetry": telemetry, **self._sums(end),
        }  # fmt: skip
        entry = sign(_READINGS[self.product](**said), self.key)
        self._pass(entry)
        return entry

    def substitute(
        self, revises: WorkReading, standing: Standing, made_us: int, nonce: str
    ) -> Entry:
        """The signed reading that puts a value that stands in the place of one that was read: no
        rows, since nobody saw it, and a quality that says where it comes from (DEL-047)."""
        in_bytes = self.specification and self.specification.quantity_basis == "utf8_bytes"
        value = standing.value
        entry = sign(
            msgspec.structs.replace(
                revises, sequence=self.sequence + 1, revises=revises.sequence,
                made_us=max(made_us, self.made_us), nonce=nonce, previous=self.previous,
                quality=standing.quality, seq_last=revises.seq_first - 1, rows=0, errors=0,
                rows_root=rows_root([]), sum_prompt=value.input, sum_cached=0,
                sum_completion=0 if in_bytes else value.output,
                sum_bytes=value.output if in_bytes else 0, over_ttft=0, over_tpot=0,
            ),
            self.key,
        )  # fmt: skip
        self._pass(entry)
        return entry

    def _sums(self, end_us: int) -> dict[str, int]:
        """What a reading says of its rows."""
        found = sums_of_rows(self.product, self.rows, self.specification)
        if self.product is Product.CAPACITY:
            return found
        seconds = seconds_available(self.work_rows, end_us - self.start_us)
        return {"over_ttft": 0, "over_tpot": 0, "available_s": seconds, **found}

    def reopen(self, entries: Sequence[bytes], rows: Sequence[Row]) -> None:
        """Goes on from what was kept: the readings that were signed, in order, and the rows of the
        interval under way. Raises EvidenceRefused where what was kept is not a reading."""
        for content in entries:
            entry = read_entry(content, "a kept reading")
            self._pass(entry)
        for row in rows:
            self.enter(row)

    def _pass(self, entry: Entry) -> None:
        reading = entry.statement
        if not isinstance(reading, _READINGS[self.product]):
            raise ValueError(f"expected a reading of {self.product.value}, found {entry.where}")
        self.sequence, self.previous = reading.sequence, entry.sha256
        self.made_us = reading.made_us
        if not reading.revises:
            self.start_us, self.seq = reading.end_us, reading.seq_last
            self.rows, self.nonces = [], set()

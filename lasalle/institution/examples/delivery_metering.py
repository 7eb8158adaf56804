"""Three meters of a delivery of work: the log they sign into and both parties cosign, the judgement
of each hour, the dispute and the referee's count; and meters in one process whose requests are made
up (SIMULATED). Keys are anybody's; chains, roots, signatures and judgement are those of any
delivery."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from lasalle.delivery.auditing import Audited
from lasalle.delivery.bundle import Published, bundle
from lasalle.delivery.canonical import NONE, canonical, digest
from lasalle.delivery.charges import Charge
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.counting import Counter, ids_digest
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.growing import Shelf
from lasalle.delivery.hours import basis_of, units_of_work
from lasalle.delivery.judging import (
    Compared,
    Determined,
    Revealed,
    compared,
    determine,
    served_between,
)
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.readings import Quality, WorkReading, sign
from lasalle.delivery.rows import Mark, WorkRow, row_bytes, rows_root, sums_of_rows
from lasalle.delivery.statements import Answer, Determination, Dispute
from lasalle.delivery.terms import Meter, Product, Side, Specification, Terms
from lasalle.delivery.tree import consistency_proof

US, HOUR_US, SECOND_NS = 1_000_000, 3_600_000_000, 10**9
REQUESTS, WORDS = 48, 200
"""Of an hour: requests, and words of an answer. A word stands for a token."""
ACCUSATIONS = 1_000
"""Numbers of what the referee says of its own accord begin here."""
SPECIFICATION = made_specification(tolerance_ppm=2_000)
COUNTER = Counter(
    lambda text: [len(word) for word in text.split()],
    lambda said: " ".join(message.words for message in said),
)
"""A word is a token: enough to count again from what was said."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was: what came back is empty where the supplier never answered; `claimed` is
    what the supplier writes down, in words."""

    number: int
    words: int
    claimed: int

    @property
    def nonce(self) -> str:
        """The sixteen bytes the buyer chose."""
        return sha256(f"request {self.number}".encode()).hexdigest()[:32]

    @property
    def revealed(self) -> Revealed:
        """What was asked and what came back, in words."""
        asked = f"write {self.words} words, number {self.number}"
        body = canonical({"messages": [{"content": asked, "role": "user"}]})
        return Revealed(body, " ".join(["tokens"] * self.words))


def honest(hour: int, requests: int = REQUESTS) -> list[Request]:
    """An hour in which everything came."""
    first = hour * requests + 1
    return [Request(first + n, WORDS, WORDS) for n in range(requests)]


def cheating(hour: int, requests: int = REQUESTS) -> list[Request]:
    """An hour in which every other request is never answered and billed all the same, and one
    answer is padded by half on paper."""
    made = honest(hour, requests)
    found = [Request(r.number, 0, WORDS) if n % 2 else r for n, r in enumerate(made)]
    found[0] = Request(made[0].number, WORDS, WORDS * 3 // 2)
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """An hour as it was judged: what the buyer's meter and the supplier's say, units delivered, and
    the digest the house is told."""

    hour: int
    compared: Compared
    units: int
    evidence: bytes
    charged: tuple[str, ...] = ()
    """What the supplier is charged with by the evidence, by name."""


@dataclass
class Metering(ABC):
    """The log of a delivery of so many hours and what stands in it, whoever reads the meters."""

    shelf: Shelf
    delivery: int
    start_us: int
    hours: int
    lots: int
    specification: Specification = SPECIFICATION
    counter: Counter = field(default_factory=lambda: COUNTER)
    """The referee's."""
    rows: dict[tuple[int, int], list[WorkRow]] = field(default_factory=dict)
    """Rows by meter and hour."""
    revealed: dict[str, Revealed] = field(default_factory=dict)
    """What the buyer shows the referee of a request, by nonce."""
    audits: dict[int, Audited] = field(default_factory=dict)
    """What the referee's audits of an hour found."""

    def __post_init__(self) -> None:
        self.terms: Terms = metered_terms(
            self.specification, self.start_us, contract=self.delivery, intervals=self.hours
        )
        self.log = DeliveryLog.begin(self.shelf, made_key("log"), self.terms, self.specification)
        self._seen = {c.name: Seen() for c in self.terms.cosigners}
        self.readings: dict[tuple[Side, int], WorkReading] = {}

    @abstractmethod
    def live(self, hour: int) -> None:
        """All three meters read an hour, the one after the last, sign, and send what they
        signed."""

    @abstractmethod
    def close(self) -> None:
        """Stops whatever the meters stand in front of."""

    def cosign(self, hour: int) -> None:
        """A checkpoint to which both parties put their names, some seconds after an hour."""
        seconds = (self.start_us + (hour + 1) * HOUR_US) // US + 5
        note = self.log.publish()
        size = note.checkpoint.size
        for cosigner in self.terms.cosigners:
            before = self._seen[cosigner.name]
            proof = consistency_proof(before.size, size, self.log.log.reader().node)
            party = Cosigning(self.terms, cosigner.name, made_key(f"{cosigner.side.value} watch"))
            self._seen[cosigner.name], line = party.cosigned(before, note, proof, seconds)
            self.log.take_cosignature(size, line)

    def judge(self, hour: int) -> Judged:
        """The hour by what was read of it: the quantity that differs beyond the tolerance stands as
        the buyer's meter read it, until it is disputed."""
        found = compared(*self._both(hour), self.specification)
        return self._judged(hour, found, NONE)

    def accuse(self, hour: int) -> None:
        """The referee writes into the log that audits of an hour found another model (DEL-072)."""
        referee = self.terms.meters[2]
        # Both, so that a supplier whose reading never came is accused as well.
        readings = tuple(digest(reading) for reading in self._both(hour))
        said = Dispute(
            contract=self.delivery, meter=referee.meter, made_us=self._made(hour),
            nonce=f"{hour + 1:031x}a", dispute=ACCUSATIONS + hour, readings=readings,
            rows=(), claim=Charge.MODEL.value, evidence=(), deposit_micro=0,
        )  # fmt: skip
        self._admitted(sign(said, made_key(referee.side.value)).content)

    def dispute(self, hour: int, number: int = 1, behind: int | None = None) -> bytes:
        """The supplier says that the buyer's reading is wrong, in the hour behind another, else
        behind the one that is disputed; the entry's digest."""
        meter = self.terms.meters[1]
        made_us = self._made(hour if behind is None else behind)
        said = Dispute(
            contract=self.delivery, meter=meter.meter, made_us=made_us,
            nonce=f"{number:032x}", dispute=number,
            readings=tuple(digest(reading) for reading in self._both(hour)), rows=(),
            claim="answers that were sent were not counted", evidence=(), deposit_micro=0,
        )  # fmt: skip
        return self._admitted(sign(said, made_key(meter.side.value)).content)

    def determine(
        self, hour: int, number: int = 1, behind: int | None = None
    ) -> tuple[Determined, Judged]:
        """The referee bisects to the rows, counts again from the words and signs what it found, in
        the hour behind another, else behind the one that is disputed."""
        buyer, supplier = self._both(hour)
        meters = {m.side: m.meter for m in self.terms.meters}
        rows = tuple(self.rows[meters[s], hour] for s in (Side.BUYER, Side.SUPPLIER))
        method = self.specification.sha256
        found = determine(
            (buyer, supplier), (rows[0], rows[1]), self.revealed, self.counter,
            self.specification, method,
        )  # fmt: skip
        referee = self.terms.meters[2]
        made_us = self._made(hour if behind is None else behind)
        said = Determination(
            contract=self.delivery, meter=referee.meter, made_us=made_us,
            nonce=f"{number:031x}d", dispute=number, method=method,
            quantity=found.quantity.total, upheld=found.loser is Side.BUYER, reasons=found.reason,
            evidence=(),
        )  # fmt: skip
        self._admitted(sign(said, made_key(referee.side.value)).content)
        settled = Compared(Answer.AGREED, found.quantity, found.quantity, found.quantity)
        return found, self._judged(hour, settled, digest(said))

    def bundle(self) -> bytes:
        """The delivery in one file, every row of the buyer's and the supplier's shown."""
        published = Published(self.log.log.read, self.log.log.sizes())
        return b"".join(bundle(published, self._shown))

    def _shown(self, meter: int, number: int) -> list[bytes] | None:
        rows = self.rows.get((meter, number - 1))
        return None if rows is None else [row_bytes(row) for row in rows]

    def _made(self, hour: int) -> int:
        return self.start_us + (hour + 1) * HOUR_US + US

    def _admitted(self, entry: bytes) -> bytes:
        self.log.admit_all([entry])
        return sha256(entry).digest()

    def _both(self, hour: int) -> tuple[WorkReading, WorkReading]:
        return self.readings[Side.BUYER, hour], self.readings[Side.SUPPLIER, hour]

    def _judged(self, hour: int, found: Compared, determination: str) -> Judged:
        read = {side: self.readings[side, hour] for side in Side}
        service = served_between(read, self.specification)
        audits = self.audits.get(hour, Audited(0, 0, 0))
        units = units_of_work(self.lots, 1, service, of_the_model=audits.of_the_model)
        basis = basis_of(
            self.terms, hour, 1, [digest(one) for one in read.values()],
            determination=determination, units=units, excused=0, quality=10_000,
            quantity=found.settled.total,
        )  # fmt: skip
        return Judged(hour, found, units, bytes.fromhex(basis.sha256))


@dataclass
class Meters(Metering):
    """SIMULATED: meters of requests that are made up. Made anew over the same shelf, after a crash,
    they read the hours again and sign the same bytes."""

    cheated: int = -1
    """The hour in which the supplier cheats; none by default."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._last = {m.meter: self.terms.sha256 for m in self.terms.meters}

    def live(self, hour: int) -> None:
        """An hour as it was made up."""
        self.read(hour, cheating(hour) if hour == self.cheated else honest(hour))

    def close(self) -> None:
        """Nothing stands there."""

    def read(self, hour: int, requests: Sequence[Request]) -> None:
        """All three meters read requests; what was sent before is counted once."""
        self.revealed |= {request.nonce: request.revealed for request in requests}
        self.log.admit_all([self._reading(m, hour, requests) for m in self.terms.meters])

    def _reading(self, meter: Meter, hour: int, requests: Sequence[Request]) -> bytes:
        rows = [self._row(meter.side, n, request) for n, request in enumerate(requests)]
        self.rows[meter.meter, hour] = rows
        written, end = [row_bytes(row) for row in rows], self.start_us + (hour + 1) * HOUR_US
        reading = WorkReading(
            contract=self.delivery, meter=meter.meter, side=meter.side, sequence=hour + 1,
            start_us=end - HOUR_US, end_us=end, made_us=end + US, clock_offset_us=0,
            clock_error_us=1_000, nonce=f"{meter.meter:016x}{hour + 1:016x}",
            previous=self._last[meter.meter], method=SPECIFICATION.sha256,
            quality=Quality.ACTUAL, seq_first=rows[0].seq, seq_last=rows[-1].seq,
            rows_root=rows_root(written), telemetry=NONE, available_s=3_600,
            **sums_of_rows(Product.WORK, rows, SPECIFICATION),
        )  # fmt: skip
        self.readings[meter.side, hour] = reading
        self._last[meter.meter] = digest(reading)
        return sign(reading, made_key(meter.side.value)).content

    def _row(self, side: Side, place: int, request: Request) -> WorkRow:
        """A request as a side writes it down: the supplier what it claims, the others what came."""
        said, told = request.revealed, request.words
        words = request.claimed if side is Side.SUPPLIER else told
        ids = COUNTER.completion_ids(" ".join(["tokens"] * words))
        came = bool(words)
        begun = place * 60 * SECOND_NS
        ends = begun + (40 * SECOND_NS if came else 60 * SECOND_NS - 1)
        text = said.text if told else " ".join(["tokens"] * words)
        return WorkRow(
            1, self.delivery, side.value, request.number, request.nonce,
            sha256(said.body).hexdigest(), sha256(text.encode()).hexdigest(), ids_digest(ids),
            len(COUNTER.encode(said.body.decode())), 0, words, len(text), "stop" if came else "",
            200 if came else 504, begun, begun + 1_000, begun + SECOND_NS if came else ends, ends,
            int(Mark.NONE if came else Mark.TIMEOUT),
        )  # fmt: skip

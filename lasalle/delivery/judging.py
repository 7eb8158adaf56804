"""Judgement of one interval: two readings held against each other, what is within the tolerance
settled at the mean, what is not found row by row and counted again by the referee, and the fee of
it borne by who was further from the truth (DEL-048 to DEL-051).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from lasalle.delivery.answers import read_asked
from lasalle.delivery.bisecting import Parts, agreed_fields, check_shown, nonces_that_differ, shown
from lasalle.delivery.counting import Counter, ids_digest
from lasalle.delivery.faults import Fault, refused
from lasalle.delivery.hours import Served
from lasalle.delivery.readings import CapacityReading, WorkReading
from lasalle.delivery.rows import FAILED, WorkRow
from lasalle.delivery.statements import Answer
from lasalle.delivery.terms import Side, Specification
from lasalle.delivery.validating import Billed, billed, billed_rows

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Compared:
    """Two readings of one interval, side by side."""

    answer: Answer
    buyer: Billed
    supplier: Billed
    settled: Billed
    """What stands unless it is disputed: the mean within the tolerance; the buyer's outside it,
    since it stands at the delivery point."""

    @property
    def difference(self) -> int:
        """The supplier's quantity less the buyer's."""
        return self.supplier.total - self.buyer.total


def compared(buyer: WorkReading, supplier: WorkReading, specification: Specification) -> Compared:
    """Holds the readings of both sides against each other, input and output each by itself."""
    one, other = billed(buyer, specification), billed(supplier, specification)
    if one == other:
        return Compared(Answer.AGREED, one, other, one)
    tolerance = specification.tolerance_ppm
    near = all(
        abs(a - b) * PPM <= tolerance * max(a, b)
        for a, b in ((one.input, other.input), (one.output, other.output))
    )
    if near:
        mean = Billed((one.input + other.input) // 2, (one.output + other.output) // 2)
        return Compared(Answer.TOLERATED, one, other, mean)
    return Compared(Answer.DISPUTED, one, other, one)


def stands_of(readings: Mapping[Side, WorkReading]) -> WorkReading:
    """The reading of an hour whose share of failed requests stands, out of those there are, one of
    a party at least; where several have that share the buyer's, then the supplier's (DEL-075).

    That requests failed is the buyer's word and that none did the supplier's, and either would gain
    by saying so of requests nobody else saw: neither is believed alone. Of three shares the middle
    one stands. It lies between the two parties' and is borne out by a second meter: failures are
    made up only where buyer and referee agree, and hidden only where supplier and referee agree, so
    that the referee decides, and beyond what either party says it cannot go. Of the buyer's and
    another's the lower stands, which is what both bear out; of the supplier's and the referee's the
    higher, since a supplier does not accuse itself, and the referee has no part in it.

    Shares are compared, exactly, and never counts: the referee's meter reads requests of its own,
    a sample that nobody can tell from the rest. Of a sample without a request nothing follows.
    """
    told = {
        side: readings[side]
        for side in Side
        if side in readings and (side is not Side.REFEREE or readings[side].rows)
    }
    share = sorted(map(_failed, told.values()))[_place(told)]
    return next(one for one in told.values() if _failed(one) == share)


def healthy_between(readings: Mapping[Side, Sequence[CapacityReading]]) -> int:
    """Accelerator-seconds of an hour that count as healthy, out of the readings of it there are,
    one of a party at least (DEL-075).

    They stand as shares of work do, and for the same reasons. Every meter probes every node in
    every slot (DEL-058), so that what is due is one number for all of them, the lots of the whole
    hour, and seconds are compared as they are: what a reading itself calls due is the word of one
    meter, which would choose its share with it. Of a referee that found nothing due, since it
    probed nothing, nothing follows.
    """
    told = {
        side: sum(one.healthy_seconds for one in found)
        for side, found in readings.items()
        if side is not Side.REFEREE or any(one.due_seconds for one in found)
    }
    # The more was healthy the less failed.
    return sorted(told.values(), reverse=True)[_place(told)]


def _place(sides: Collection[Side]) -> int:
    """Which of what sides say stands, by the share that failed, the lowest first: of two the higher
    where the buyer read nothing; else the middle of three, the lower of two, the only one."""
    return (len(sides) - (Side.BUYER in sides)) // 2


def served_between(readings: Mapping[Side, WorkReading], specification: Specification) -> Served:
    """What of an hour counts as served and as failed: all of it by the one reading that stands, so
    that counts of one meter are not divided by those of another (DEL-075)."""
    stands = stands_of(readings)
    return Served(billed(stands, specification), stands.rows - stands.errors, stands.errors)


def _failed(reading: WorkReading) -> Fraction:
    """Share of the requests of a reading that failed; nothing of none."""
    return Fraction(reading.errors, reading.rows or 1)


@dataclass(frozen=True, slots=True)
class Revealed:
    """What was asked and what came back, shown to the referee by either side."""

    body: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Recounted:
    """A request of which the sides say different things, and what the referee found."""

    nonce: str
    buyer: Billed | None
    supplier: Billed | None
    found: Billed
    reason: str


@dataclass(frozen=True, slots=True)
class Determined:
    """What the referee found of an interval."""

    quantity: Billed
    rows: tuple[Recounted, ...]
    loser: Side | None
    """Who was further from it; None where both were equally far."""
    reason: str


def disputed_nonces(buyer: Sequence[WorkRow], supplier: Sequence[WorkRow]) -> list[str]:
    """Requests in which the rows of two sides differ, by bisection."""
    return nonces_that_differ(Parts(buyer), Parts(supplier))


def determine(
    readings: tuple[WorkReading, WorkReading],
    rows: tuple[Sequence[WorkRow], Sequence[WorkRow]],
    revealed: Mapping[str, Revealed],
    counter: Counter,
    specification: Specification,
    method: str,
) -> Determined:
    """Counts again what is in dispute, by the method of the contract and no other. readings and
    rows: the buyer's, then the supplier's. Raises EvidenceRefused where the method is another or a
    row that is shown is not under the root its side signed."""
    for reading in readings:
        if not method == reading.method == specification.sha256:
            raise refused(
                Fault.WRONG_METHOD, "determination", "method", specification.sha256, method
            )
    nonces = disputed_nonces(*rows)
    sides = []
    for reading, own in zip(readings, rows, strict=True):
        found = shown(own, nonces)
        where = f"rows of the {reading.side.value}"
        sides.append({n: check_shown(one, reading.rows_root, where) for n, one in found.items()})
    recounted = tuple(
        _recount(nonce, sides[0].get(nonce), sides[1].get(nonce), revealed.get(nonce), counter,
                 specification)
        for nonce in nonces
    )  # fmt: skip
    agreed = billed_rows((row for row in rows[0] if row.nonce not in set(nonces)), specification)
    quantity = Billed(
        agreed.input + sum(one.found.input for one in recounted),
        agreed.output + sum(one.found.output for one in recounted),
    )
    told = [billed(reading, specification) for reading in readings]
    far = [abs(t.input - quantity.input) + abs(t.output - quantity.output) for t in told]
    loser = None if far[0] == far[1] else Side.BUYER if far[0] > far[1] else Side.SUPPLIER
    reason = f"buyer off by {far[0]}, supplier off by {far[1]}, {len(nonces)} requests recounted"
    return Determined(quantity, recounted, loser, reason)


def _recount(
    nonce: str,
    buyer: WorkRow | None,
    supplier: WorkRow | None,
    revealed: Revealed | None,
    counter: Counter,
    specification: Specification,
) -> Recounted:
    """What one request was, by the best there is: the words themselves where they are what a side
    had signed; else the buyer's row; else, of a request only the supplier saw, nothing, since a
    request nobody made is easily written down."""
    told = [None if row is None else billed_rows([row], specification) for row in (buyer, supplier)]
    none = Billed(0, 0)
    if buyer is None or buyer.marks & FAILED:
        reason = "no answer reached the delivery point"
        return Recounted(nonce, told[0], told[1], none, reason)
    if revealed is not None and _is_what_was_signed(revealed, (buyer, supplier)):
        found = _counted(revealed, counter, buyer, specification)
        return Recounted(nonce, told[0], told[1], found, "counted again from the words")
    stands = told[0] or none
    return Recounted(nonce, told[0], told[1], stands, "the reading at the delivery point stands")


def _is_what_was_signed(revealed: Revealed, rows: Sequence[WorkRow | None]) -> bool:
    """Whether words are those that a side signed the digests of."""
    body, text = sha256(revealed.body).hexdigest(), sha256(revealed.text.encode()).hexdigest()
    return any(row is not None and (row.request, row.output) == (body, text) for row in rows)


def _counted(
    revealed: Revealed, counter: Counter, row: WorkRow, specification: Specification
) -> Billed:
    asked = read_asked(revealed.body)
    prompt = len(counter.prompt_ids(asked)) if asked is not None else 0
    ids = counter.completion_ids(revealed.text)
    told = specification.quantity_basis == "returned_token_ids" and ids_digest(ids) != row.ids
    # Ids that were returned cannot be had from the words; the count at the delivery point stands.
    came = row.completion if told else len(ids)
    if specification.quantity_basis == "utf8_bytes":
        came = len(revealed.text.encode())
    # What is cached depends on the prompts before, which the delivery point saw in order.
    cached = min(row.cached, prompt) if specification.input_counts == "uncached_only" else 0
    return Billed(prompt - cached, came)


def agree_on(rows: Sequence[WorkRow], others: Sequence[WorkRow]) -> bool:
    """Whether two sides' rows say the same."""
    return sorted(map(agreed_fields, rows)) == sorted(map(agreed_fields, others))

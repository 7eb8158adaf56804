"""Rows: what a meter saw of one request, or of one node in one slot. A reading bears the root over
its rows and their sums; the rows themselves stay with the meter until they are asked for.

A row is a JSON array in canonical form, its fields in the order told here; a leaf of the rows' tree
is SHA-256 of a zero byte and the row. Durations are nanoseconds of the meter's own monotonic clock,
from the instant the interval of the reading began.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntFlag

import msgspec

from lasalle.delivery.canonical import MOST, bent
from lasalle.delivery.faults import Breach, EvidenceRefused, Fault, refused
from lasalle.delivery.terms import Product, Side, Specification
from lasalle.indices.merkle import leaves_of, root_of

VERSION = 1
_SIDES = frozenset(side.value for side in Side)


class Mark(IntFlag):
    """What is particular about a request."""

    NONE = 0
    AUDIT = 1
    RETRY = 2
    TIMEOUT = 4
    ERROR = 8


MARKS = sum(Mark)


class WorkRow(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A request as a meter saw it. A request belongs to the interval in which it ended."""

    version: int
    contract: int
    side: str
    seq: int
    """Number of the request in the contract, from 1, without a gap; it links the sides' rows."""
    nonce: str
    """Sixteen bytes the buyer chose, in hexadecimal."""
    request: str
    """SHA-256 of the request."""
    output: str
    """SHA-256 of the text that came back."""
    ids: str
    """SHA-256 of the token ids, each as four bytes, big-endian."""
    prompt: int
    cached: int
    completion: int
    output_bytes: int
    finish: str
    status: int
    scheduled_ns: int
    sent_ns: int
    first_ns: int
    """When the first content that is not empty came; where none came, as last_ns."""
    last_ns: int
    marks: int


class CapacityRow(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A node in a slot: how many of its accelerators answered the probe in time and in grade."""

    version: int
    contract: int
    side: str
    seq: int
    """Number of the heartbeat in the meter, from 1, without a gap."""
    nonce: str
    """The challenge of the probe, sixteen bytes in hexadecimal."""
    node: str
    slot: int
    """Number of the slot in the delivery, from 0."""
    slot_s: int
    due: int
    """Accelerators that the node owes."""
    healthy: int
    grade_ppm: int
    """Measured speed over that of the grade, in millionths; 0 where no probe ran."""
    answer: str
    """SHA-256 of the probe's answer."""
    started_ns: int
    ended_ns: int
    energy_mj: int
    faults: int
    """Faults the driver reported (XID errors)."""
    telemetry: str
    """SHA-256 of the telemetry attached; zeros for none."""


Row = WorkRow | CapacityRow
_KINDS: dict[Product, type[Row]] = {Product.WORK: WorkRow, Product.CAPACITY: CapacityRow}
_DECODERS = {product: msgspec.json.Decoder(kind) for product, kind in _KINDS.items()}
_ENCODER = msgspec.json.Encoder()
_DIGESTS = {WorkRow: ("request", "output", "ids"), CapacityRow: ("answer", "telemetry")}
_SIGNED = {"scheduled_ns", "sent_ns", "first_ns", "started_ns", "grade_ppm"}
_COUNTS = {
    kind: [
        field.name
        for field in msgspec.structs.fields(kind)
        if field.type is int
    ]
    for kind in _KINDS.values()
}  # fmt: skip


def row_bytes(row: Row) -> bytes:
    """The one form of a row, without an end of line."""
    return _ENCODER.encode(row)


def rows_root(rows: Sequence[bytes]) -> str:
    """The root over rows in their order, in hexadecimal."""
    return root_of(leaves_of(rows)).hex()


def read_rows(product: Product, rows: Sequence[bytes], where: str) -> list[Row]:
    """Rows from their one form. Raises EvidenceRefused, which names the row and the field."""
    decoder, block = _DECODERS[product], b"\n".join(rows)
    try:
        found: list[Row] = decoder.decode_lines(block)
        if _ENCODER.encode_lines(found)[:-1] == block and _sound(found):
            return found
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    raise _first_bent(product, rows, where)


def _sound(rows: Sequence[Row]) -> bool:
    """Whether every number is in range and every word one; a block at a time, for speed."""
    if not rows:
        return True
    kind = type(rows[0])
    for name in _COUNTS[kind]:
        numbers = [getattr(row, name) for row in rows]
        if max(numbers) > MOST or min(numbers) < (-MOST if name in _SIGNED else 0):
            return False
    for name, length in [("nonce", 32), *((name, 64) for name in _DIGESTS[kind])]:
        words = [getattr(row, name) for row in rows]
        if set(map(len, words)) != {length}:
            return False
        joined = "".join(words)
        try:
            if bytes.fromhex(joined).hex() != joined:
                return False
        except ValueError:
            return False
    named = {row.side for row in rows} <= _SIDES and {row.version for row in rows} == {VERSION}
    return named and all(_ascii(row) for row in rows)


def _ascii(row: Row) -> bool:
    word = row.finish if isinstance(row, WorkRow) else row.node
    return len(word) <= 80 and word.isascii() and (not word or word.isprintable())


def _first_bent(product: Product, rows: Sequence[bytes], where: str) -> EvidenceRefused:
    kind, decoder = _KINDS[product], _DECODERS[product]
    for number, content in enumerate(rows, 1):
        place = f"{where}, row {number}"
        try:
            row = decoder.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            found = bent(error, place)
            at = found.breach.field.removeprefix("[").removesuffix("]")
            names = [field.name for field in msgspec.structs.fields(kind)]
            if not at.isdigit():
                return found
            told = found.breach
            return refused(told.fault, place, names[int(at)], told.expected, told.found)
        if _ENCODER.encode(row) != content:
            return refused(Fault.MALFORMED, place, "bytes", "the canonical form", content[:80])
        if not _sound([row]):
            return _out_of_range(row, place)
    return refused(Fault.MALFORMED, where, "rows", "rows", "none")


def _out_of_range(row: Row, place: str) -> EvidenceRefused:
    for name in _COUNTS[type(row)]:
        value = getattr(row, name)
        least = -MOST if name in _SIGNED else 0
        if not least <= value <= MOST:
            return refused(Fault.OUT_OF_RANGE, place, name, f"{least} to {MOST}", value)
    if row.version != VERSION:
        return refused(Fault.OUT_OF_RANGE, place, "version", VERSION, row.version)
    for name in ("nonce", *_DIGESTS[type(row)]):
        value, length = getattr(row, name), 32 if name == "nonce" else 64
        if len(value) != length or set(value) - set("0123456789abcdef"):
            return refused(Fault.MALFORMED, place, name, f"{length} hexadecimal digits", value)
    if row.side not in _SIDES:
        return refused(Fault.MALFORMED, place, "side", "a side", row.side)
    return refused(Fault.MALFORMED, place, "word", "up to 80 printable ASCII characters", row)


def checked_rows(
    rows: Sequence[Row], contract: int, side: Side, seq_first: int, span_ns: int, where: str
) -> Breach | None:
    """What no row of a reading may be: of another contract or side, out of its place, or of times
    that cannot be."""
    for number, row in enumerate(rows, 1):
        for field, sound, expected in (
            ("contract", row.contract == contract, contract),
            ("side", row.side == side, side),
            ("seq", row.seq == seq_first + number - 1, seq_first + number - 1),
        ):
            if not sound:
                place = f"{where}, row {number}"
                return Breach(Fault.ROWS, place, field, str(expected), str(getattr(row, field)))
        field = _impossible(row, span_ns)
        if field:
            place = f"{where}, row {number}"
            return Breach(Fault.ROWS, place, field, "what can be", str(getattr(row, field)))
    if len({row.nonce for row in rows}) != len(rows):
        return Breach(Fault.ROWS, where, "nonce", "each once", "one twice")
    return None


def _impossible(row: Row, span_ns: int) -> str:
    """The field of a row that cannot be; empty where all can."""
    if isinstance(row, WorkRow):
        if not row.scheduled_ns <= row.sent_ns <= row.first_ns <= row.last_ns:
            return "first_ns"
        if not 0 <= row.last_ns <= span_ns:
            return "last_ns"
        if row.cached > row.prompt:
            return "cached"
        return "marks" if row.marks & ~MARKS else ""
    if not row.started_ns <= row.ended_ns:
        return "ended_ns"
    if not 0 <= row.ended_ns <= span_ns:
        return "ended_ns"
    return "healthy" if row.healthy > row.due else ""


def work_sums(rows: Sequence[WorkRow], specification: Specification | None) -> dict[str, int]:
    """What a work reading says of its rows; how many were over time only by a specification. A
    request that failed or timed out is over both times and delivered no tokens."""
    failed = [bool(row.marks & (Mark.TIMEOUT | Mark.ERROR)) for row in rows]
    found = {
        "rows": len(rows),
        "errors": sum(failed),
        "sum_prompt": sum(row.prompt for row in rows),
        "sum_cached": sum(row.cached for row in rows),
        "sum_completion": sum(row.completion for row in rows),
        "sum_bytes": sum(row.output_bytes for row in rows),
    }
    if specification is not None:
        scheduled = specification.ttft_from == "scheduled"
        over_ttft = over_tpot = 0
        for row, bad in zip(rows, failed, strict=True):
            begun = row.scheduled_ns if scheduled else row.sent_ns
            over_ttft += bad or row.first_ns - begun > specification.ttft_ns
            # (t_last - t_first) / (n - 1), compared without dividing; one token has none.
            steps = row.completion - 1
            slow = steps > 0 and row.last_ns - row.first_ns > specification.tpot_ns * steps
            over_tpot += bad or slow
        found |= {"over_ttft": over_ttft, "over_tpot": over_tpot}
    return found


def capacity_sums(rows: Sequence[CapacityRow]) -> dict[str, int]:
    """What a capacity reading says of its rows."""
    return {
        "rows": len(rows),
        "errors": sum(row.healthy < row.due for row in rows),
        "due_seconds": sum(row.due * row.slot_s for row in rows),
        "healthy_seconds": sum(row.healthy * row.slot_s for row in rows),
        "energy_mj": sum(row.energy_mj for row in rows),
        "faults": sum(row.faults for row in rows),
        "least_grade_ppm": min((row.grade_ppm for row in rows if row.healthy), default=0),
    }

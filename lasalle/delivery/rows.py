"""Rows: what a meter saw of one request, or of one node in one slot. A reading bears the root over
its rows and their sums; the rows themselves stay with the meter until they are asked for.

A row is a JSON array in canonical form, its fields in the order told here; a leaf of the rows' tree
is SHA-256 of a zero byte and the row. Durations are nanoseconds of the meter's own monotonic clock,
from the instant the interval of the reading began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from hashlib import sha256
from itertools import pairwise
from operator import le, lt, mul
from typing import Annotated, Any

import msgspec

from lasalle.delivery.canonical import MOST, Count, Signed, bent
from lasalle.delivery.faults import Breach, EvidenceRefused, Fault, refused
from lasalle.delivery.terms import Product, Side, Specification
from lasalle.indices.merkle import leaves_of, root_of

VERSION = 1
_SIDES = frozenset(side.value for side in Side)


Hex32 = Annotated[str, msgspec.Meta(min_length=32, max_length=32)]
Hex64 = Annotated[str, msgspec.Meta(min_length=64, max_length=64)]
"""Their lengths are looked at as a row is read, their digits over all rows at once."""


class Mark(IntFlag):
    """What is particular about a request."""

    NONE = 0
    AUDIT = 1
    RETRY = 2
    TIMEOUT = 4
    ERROR = 8


MARKS = int(sum(Mark))
FAILED = int(Mark.TIMEOUT | Mark.ERROR)
"""Marks of a request that delivered nothing."""


class WorkRow(
    msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False
):
    """A request as a meter saw it. A request belongs to the interval in which it ended."""

    version: Count
    contract: Count
    side: str
    seq: Count
    """Number of the request in the meter, from 1, in the order in which they ended."""
    nonce: Hex32
    """Sixteen bytes the buyer chose, in hexadecimal; it links the sides' rows."""
    request: Hex64
    """SHA-256 of the request."""
    output: Hex64
    """SHA-256 of the text that came back."""
    ids: Hex64
    """SHA-256 of the token ids, each as four bytes, big-endian."""
    prompt: Count
    cached: Count
    completion: Count
    output_bytes: Count
    finish: str
    status: Count
    scheduled_ns: Signed
    sent_ns: Signed
    first_ns: Signed
    """When the first content that is not empty came; where none came, as last_ns."""
    last_ns: Count
    marks: Count


class CapacityRow(
    msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False
):
    """A node in a slot: how many of its accelerators answered the probe in time and in grade."""

    version: Count
    contract: Count
    side: str
    seq: Count
    """Number of the heartbeat in the meter, from 1, without a gap."""
    nonce: Hex32
    """The challenge of the probe, sixteen bytes in hexadecimal."""
    node: str
    slot: Count
    """Number of the slot in the delivery, from 0."""
    slot_s: Count
    due: Count
    """Accelerators that the node owes."""
    healthy: Count
    grade_ppm: Signed
    """Measured speed over that of the grade, in millionths; 0 where no probe ran."""
    answer: Hex64
    """SHA-256 of the probe's answer."""
    started_ns: Signed
    ended_ns: Count
    energy_mj: Count
    faults: Count
    """Faults the driver reported (XID errors)."""
    telemetry: Hex64
    """SHA-256 of the telemetry attached; zeros for none."""


Row = WorkRow | CapacityRow
Columns = dict[str, tuple[Any, ...]]
_KINDS: dict[Product, type[Row]] = {Product.WORK: WorkRow, Product.CAPACITY: CapacityRow}
_DECODERS = {product: msgspec.json.Decoder(kind) for product, kind in _KINDS.items()}
_ENCODER = msgspec.json.Encoder()
_DIGESTS = {WorkRow: ("request", "output", "ids"), CapacityRow: ("answer", "telemetry")}
_FORMS: dict[object, str] = {
    Count: f"0 to {MOST}", Signed: f"{-MOST} to {MOST}",
    Hex32: "32 hexadecimal digits", Hex64: "64 hexadecimal digits",
}  # fmt: skip
_WORDS: dict[type[Row], str] = {WorkRow: "finish", CapacityRow: "node"}


def row_bytes(row: Row) -> bytes:
    """The one form of a row, without an end of line."""
    return _ENCODER.encode(row)


def rows_root(rows: Sequence[bytes]) -> str:
    """The root over rows in their order, each without its end of line, in hexadecimal."""
    return root_of(leaves_of(rows)).hex()


def block_root(block: bytes) -> str:
    """The same over rows as they stand in a file, each with its end of line."""
    if not block:
        return root_of(()).hex()
    # Each row gets the zero byte of a leaf as all of them are parted.
    marked = (b"\0" + block[:-1].replace(b"\n", b"\n\0")).split(b"\n")
    return root_of([sha256(row).digest() for row in marked]).hex()


def columns_of(rows: Sequence[Row]) -> Columns:
    """Fields of rows of one kind by name, each in the order of the rows: a field of a million rows
    is looked at in one go."""
    names = type(rows[0]).__struct_fields__ if rows else ()
    return dict(zip(names, zip(*map(msgspec.structs.astuple, rows), strict=True), strict=True))


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a reading, by row and by field."""

    product: Product
    rows: list[Row]
    columns: Columns


def read_rows(product: Product, block: bytes, where: str) -> Block:
    """Rows from their one form, a line each, the last with its end. Raises EvidenceRefused, which
    names the row and the field."""
    try:
        found: list[Row] = _DECODERS[product].decode_lines(block)
        columns = columns_of(found)
        if _ENCODER.encode_lines(found) == block and _sound(_KINDS[product], columns):
            return Block(product, found, columns)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    raise _first_bent(product, block.split(b"\n")[:-1], where)


def _sound(kind: type[Row], columns: Columns) -> bool:
    """Whether every word is one, of rows whose numbers and lengths were looked at as they were
    read; a column at a time, for speed."""
    if not columns:
        return True
    for name in ("nonce", *_DIGESTS[kind]):
        joined = "".join(columns[name])
        try:
            if bytes.fromhex(joined).hex() != joined:
                return False
        except ValueError:
            return False
    named = _SIDES.issuperset(columns["side"]) and set(columns["version"]) == {VERSION}
    return named and all(map(_is_word, set(columns[_WORDS[kind]])))


def _is_word(word: str) -> bool:
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
            if not at.isdigit():
                return found
            field, told = msgspec.structs.fields(kind)[int(at)], found.breach
            expected = _FORMS.get(field.type, told.expected)
            return refused(told.fault, place, field.name, expected, _value(content, int(at)))
        if _ENCODER.encode(row) != content:
            return refused(Fault.MALFORMED, place, "bytes", "the canonical form", content[:80])
        if not _sound(kind, columns_of([row])):
            return _out_of_range(row, place)
    return refused(Fault.MALFORMED, where, "rows", "rows", "none")


def _value(content: bytes, place: int) -> object:
    """What stands at a place of a row, where the row is JSON at all."""
    try:
        return msgspec.json.decode(content)[place]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, IndexError, TypeError):
        return "another"


def _out_of_range(row: Row, place: str) -> EvidenceRefused:
    if row.version != VERSION:
        return refused(Fault.OUT_OF_RANGE, place, "version", VERSION, row.version)
    for name in ("nonce", *_DIGESTS[type(row)]):
        value, length = getattr(row, name), 32 if name == "nonce" else 64
        if len(value) != length or set(value) - set("0123456789abcdef"):
            return refused(Fault.MALFORMED, place, name, f"{length} hexadecimal digits", value)
    if row.side not in _SIDES:
        return refused(Fault.MALFORMED, place, "side", "a side", row.side)
    word = getattr(row, _WORDS[type(row)])
    return refused(Fault.MALFORMED, place, "word", "up to 80 printable ASCII characters", word)


def checked_rows(
    block: Block, contract: int, side: Side, seq_first: int, span_ns: int, where: str
) -> Breach | None:
    """What no row of a reading may be: of another contract or side, out of its place, or of times
    that cannot be."""
    rows = block.rows
    if _all_fit(block.columns, contract, side, seq_first, span_ns):
        return None
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


def _all_fit(
    columns: Columns, contract: int, side: Side, seq_first: int, span_ns: int
) -> bool:  # fmt: skip
    """Whether there is nothing to name; a column at a time, for speed."""
    if not columns:
        return True
    seqs, nonces = columns["seq"], columns["nonce"]
    fits = (
        set(columns["contract"]) == {contract}
        and set(columns["side"]) == {side.value}
        and seqs == tuple(range(seq_first, seq_first + len(seqs)))
        and len(set(nonces)) == len(nonces)
    )
    if "scheduled_ns" in columns:
        times = [columns[n] for n in ("scheduled_ns", "sent_ns", "first_ns", "last_ns")]
        return (
            fits
            and all(all(map(le, one, next_)) for one, next_ in pairwise(times))
            and min(times[3]) >= 0
            and max(times[3]) <= span_ns
            and all(map(le, columns["cached"], columns["prompt"]))
            and max(columns["marks"]) <= MARKS
        )
    ended = columns["ended_ns"]
    return (
        fits
        and all(map(le, columns["started_ns"], ended))
        and min(ended) >= 0
        and max(ended) <= span_ns
        and all(map(le, columns["healthy"], columns["due"]))
    )


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


def sums_of(block: Block, specification: Specification | None) -> dict[str, int]:
    """What a reading says of its rows."""
    if block.product is Product.CAPACITY:
        return _capacity_sums(block.columns)
    return _work_sums(block.columns, specification)


def sums_of_rows(
    product: Product, rows: Sequence[Row], specification: Specification | None = None
) -> dict[str, int]:
    """The same of rows as a meter has them. How many were over time is told where a specification
    says what that is; a request that failed or timed out is over both times and delivered none."""
    return sums_of(Block(product, list(rows), columns_of(rows)), specification)


def _work_sums(columns: Columns, specification: Specification | None) -> dict[str, int]:
    columns = columns or dict.fromkeys(WorkRow.__struct_fields__, ())
    failed = [mark & FAILED for mark in columns["marks"]]
    found = {
        "rows": len(failed),
        "errors": len(failed) - failed.count(0),
        "sum_prompt": sum(columns["prompt"]),
        "sum_cached": sum(columns["cached"]),
        "sum_completion": sum(columns["completion"]),
        "sum_bytes": sum(columns["output_bytes"]),
    }
    if specification is not None:
        begun = columns[
            "scheduled_ns" if specification.ttft_from == "scheduled" else "sent_ns"
        ]  # fmt: skip
        ttft, tpot = specification.ttft_ns, specification.tpot_ns
        first, last, counts = columns["first_ns"], columns["last_ns"], columns["completion"]
        waits = zip(failed, first, begun, strict=True)
        steps = zip(failed, last, first, counts, strict=True)
        found["over_ttft"] = sum(1 for bad, came, start in waits if bad or came - start > ttft)
        # (t_last - t_first) / (n - 1), compared without dividing; one token has none.
        found["over_tpot"] = sum(
            1 for bad, end, came, n in steps if bad or (n > 1 and end - came > tpot * (n - 1))
        )
    return found


def _capacity_sums(columns: Columns) -> dict[str, int]:
    columns = columns or dict.fromkeys(CapacityRow.__struct_fields__, ())
    due, healthy, span = columns["due"], columns["healthy"], columns["slot_s"]
    grades = zip(columns["grade_ppm"], healthy, strict=True)
    return {
        "rows": len(due),
        "errors": sum(map(lt, healthy, due)),
        "due_seconds": sum(map(mul, due, span)),
        "healthy_seconds": sum(map(mul, healthy, span)),
        "energy_mj": sum(columns["energy_mj"]),
        "faults": sum(columns["faults"]),
        "least_grade_ppm": min((grade for grade, found in grades if found), default=0),
    }

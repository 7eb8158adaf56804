"""Readings: what a meter says of an interval, signed, each bearing the digest of the one before.

An entry of the log is a statement and the signature of who makes it, in canonical form. Everything
here decides from what it is given; it asks no clock and reads no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

import msgspec

from lasalle.delivery.canonical import Count, Digest, Nonce, Signed, bent, canonical, reader
from lasalle.delivery.faults import EvidenceRefused, Fault, refused
from lasalle.delivery.keys import SigningKey, signed_by
from lasalle.delivery.rows import Block, sums_of
from lasalle.delivery.statements import CounterReading, Determination, Dispute, Event
from lasalle.delivery.terms import Side, Specification, Terms

VERSION = 1
HOUSE = 0
"""The meter number under which the house itself signs, with the key of the log."""


class Quality(StrEnum):
    """Where the values of a reading come from. What was read first is always kept."""

    ACTUAL = "actual"
    ESTIMATED = "estimated"
    SUBSTITUTED = "substituted"
    EDITED = "edited"


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What readings of either product say. Instants are microseconds since 1970, UTC."""

    version: Count = VERSION
    contract: Count
    meter: Count
    side: Side
    sequence: Count
    """Number of the reading in its meter, from 1, without a gap."""
    revises: Count = 0
    """Number of the earlier reading whose values it replaces; 0 where it is of an interval anew."""
    start_us: Count
    end_us: Count
    made_us: Count
    """When it was signed, by the meter's clock."""
    clock_offset_us: Signed
    """How far the meter found its clock before (+) or behind (-) the common one."""
    clock_error_us: Count
    """How far that finding may be wrong."""
    nonce: Nonce
    previous: Digest
    """Digest of the meter's reading before; of its first one, the digest of the terms."""
    method: Digest
    quality: Quality = Quality.ACTUAL
    seq_first: Count
    seq_last: Count
    """Numbers of its rows; seq_last is seq_first - 1 where there are none."""
    rows: Count
    errors: Count
    rows_root: Digest
    telemetry: Digest
    """Digest of what is attached; zeros for none."""


class WorkReading(Reading, frozen=True, tag_field="kind", tag="work"):
    """An interval of a work contract: sums of its requests."""

    sum_prompt: Count
    sum_cached: Count
    sum_completion: Count
    sum_bytes: Count
    over_ttft: Count
    over_tpot: Count
    available_s: Count


class CapacityReading(Reading, frozen=True, tag_field="kind", tag="capacity"):
    """An interval of a capacity contract: accelerator-seconds due and found healthy."""

    due_seconds: Count
    healthy_seconds: Count
    energy_mj: Count
    faults: Count
    least_grade_ppm: Count


AnyReading = WorkReading | CapacityReading
Statement = (
    Terms | Specification | WorkReading | CapacityReading
    | Event | CounterReading | Dispute | Determination
)  # fmt: skip
Signature = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{128}$")]


class _Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    body: msgspec.Raw
    signature: Signature


_read_envelope = msgspec.json.Decoder(_Envelope)
_read_statement = reader(Statement)


@dataclass(frozen=True, slots=True)
class Entry:
    """A signed statement, and its bytes as the log has them."""

    content: bytes
    body: bytes
    statement: Statement
    signature: bytes

    @property
    def sha256(self) -> str:
        """Digest of the statement, which the next reading of its meter bears."""
        return sha256(self.body).hexdigest()

    @property
    def where(self) -> str:
        """How a person names it."""
        return named(self.statement)


def named(statement: Statement) -> str:
    """How a person names a statement."""
    if isinstance(statement, Reading):
        return f"reading {statement.sequence} of meter {statement.meter} ({statement.side.value})"
    kind = str(statement.__struct_config__.tag)
    return kind if isinstance(statement, (Terms, Specification)) else (
        f"{kind} of meter {statement.meter}"
    )  # fmt: skip


def message(statement: Statement, body: bytes) -> bytes:
    """What is signed of a statement: what it is, then its canonical form."""
    return f"lasalle/delivery/{statement.__struct_config__.tag}/v1\n".encode("ascii") + body


def sign(statement: Statement, key: SigningKey) -> Entry:
    """A statement signed, as an entry of the log."""
    body = canonical(statement)
    signature = key.sign(message(statement, body))
    content = b'{"body":' + body + b',"signature":"' + signature.hex().encode("ascii") + b'"}'
    return Entry(content, body, statement, signature)


def read_entry(content: bytes, where: str = "entry") -> Entry:
    """An entry from its bytes; its signature is not looked at. Raises EvidenceRefused."""
    try:
        envelope = _read_envelope.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bent(error, where) from None
    body = bytes(envelope.body)
    signature = bytes.fromhex(envelope.signature)
    statement: Statement = _read_statement(body, where)
    written = b'{"body":' + body + b',"signature":"' + envelope.signature.encode("ascii") + b'"}'
    if written != content:
        raise refused(Fault.MALFORMED, where, "bytes", "the canonical form", content[:120])
    return Entry(content, body, statement, signature)


def signer_of(entry: Entry, terms: Terms) -> tuple[str, str]:
    """Public key that has to sign an entry, and whose it is. Raises EvidenceRefused."""
    statement = entry.statement
    if isinstance(statement, (Terms, Specification)):
        return terms.log_key, "the house"
    meter = terms.meter_of(statement.meter)
    if meter is None:
        known = ", ".join(str(m.meter) for m in terms.meters)
        raise refused(Fault.UNKNOWN_METER, entry.where, "meter", f"one of {known}", statement.meter)
    if isinstance(statement, Reading) and statement.side is not meter.side:
        raise refused(Fault.UNKNOWN_METER, entry.where, "side", meter.side, statement.side)
    return meter.public, f"meter {meter.meter} ({meter.side.value})"


def check_signature(entry: Entry, terms: Terms) -> None:
    """Raises EvidenceRefused: of whose key signed it, where that is another's of the terms, or as
    altered, where it is nobody's."""
    public, owner = signer_of(entry, terms)
    told = message(entry.statement, entry.body)
    if signed_by(bytes.fromhex(public), told, entry.signature):
        return
    others = {m.public: f"meter {m.meter} ({m.side.value})" for m in terms.meters}
    others |= {c.public: f"cosigner {c.name}" for c in terms.cosigners}
    others[terms.log_key] = "the house"
    for key, other in others.items():
        if signed_by(bytes.fromhex(key), told, entry.signature):
            raise refused(Fault.WRONG_KEY, entry.where, "signature", f"of {owner}", f"of {other}")
    raise refused(Fault.ALTERED, entry.where, "signature", f"of {owner}", "of nobody's over it")


def check_sums(
    reading: AnyReading, block: Block, specification: Specification | None
) -> EvidenceRefused | None:
    """The refusal of a reading whose sums are not those of its rows; None where they are."""
    for name, value in sums_of(block, specification).items():
        if getattr(reading, name) != value:
            told = getattr(reading, name)
            return refused(Fault.SUMS, named(reading), name, f"{value}, the sum of its rows", told)
    return None

"""The terms of metering of one delivery: what is measured, between when, by whose meters and keys.

They are the first entry of the delivery's log, so that whoever cosigns a checkpoint of it has
agreed to them, and their digest is what a contract names.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec

from lasalle.delivery.canonical import Count, Digest, Word, digest
from lasalle.delivery.faults import Fault, refused

VERSION = 1
Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
"""An Ed25519 public key in hexadecimal."""
Name = Annotated[str, msgspec.Meta(pattern=r"^[!-*,-~]{1,120}$")]
"""A name of a signer or a log: ASCII without a space or a plus."""


class Side(StrEnum):
    """Whose meter it is."""

    BUYER = "buyer"
    SUPPLIER = "supplier"
    REFEREE = "referee"


class Product(StrEnum):
    """What is delivered: tokens through an endpoint, or accelerators by the hour."""

    WORK = "work"
    CAPACITY = "capacity"


class Meter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A meter: its number in the contract, whose it is, the key its readings are signed with."""

    meter: Count
    side: Side
    public: Key


class Cosigner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party that cosigns every checkpoint: its name in a note and a key used for nothing else."""

    name: Name
    side: Side
    public: Key


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="terms"):
    """What a delivery is metered by. Instants are microseconds since 1970, UTC."""

    contract: Count
    """Number of the delivery obligation in the house."""
    product: Product
    quantity: Count
    """Accelerators, or tokens an interval at most; what a meter can at most have seen."""
    start_us: Count
    end_us: Count
    interval_us: Count
    """The longest span of one reading."""
    grace_us: Count
    """How long after its interval a reading may come."""
    clock_us: Count
    """How far a meter's clock may be from the common one, its own doubt included."""
    method: Digest
    """Digest of the measurement specification."""
    origin: Name
    """Name of the log, first line of its checkpoints."""
    log_key: Key
    meters: tuple[Meter, ...]
    cosigners: tuple[Cosigner, ...]
    version: Count = VERSION

    def meter_of(self, number: int) -> Meter | None:
        """A meter by its number."""
        return next((m for m in self.meters if m.meter == number), None)

    def cosigners_but(self, without: Side | None) -> tuple[Cosigner, ...]:
        """Everybody who cosigns, but those of a side."""
        return tuple(one for one in self.cosigners if one.side is not without)

    @property
    def sha256(self) -> str:
        """The digest a contract names."""
        return digest(self)


def checked(terms: Terms) -> Terms:
    """Terms that can be metered by. Raises EvidenceRefused, which names the field."""
    sides = [m.side for m in terms.meters]
    numbers = [m.meter for m in terms.meters]
    keys = [m.public for m in terms.meters] + [c.public for c in terms.cosigners] + [terms.log_key]
    cosigning = {c.side for c in terms.cosigners}
    for field, sound, expected, found in (
        ("version", terms.version == VERSION, VERSION, terms.version),
        ("end_us", terms.start_us < terms.end_us, f"after {terms.start_us}", terms.end_us),
        ("interval_us", terms.interval_us > 0, "above 0", terms.interval_us),
        ("quantity", terms.quantity > 0, "above 0", terms.quantity),
        ("meters", _once(numbers), "each number once", numbers),
        ("meters", 0 not in numbers, "numbers from 1", numbers),
        ("meters", {Side.BUYER, Side.SUPPLIER} <= set(sides), "buyer and supplier", sides),
        # A key that signs two kinds of thing lets one owner speak for another.
        ("public", _once(keys), "each key once", "one twice"),
        ("cosigners", {Side.BUYER, Side.SUPPLIER} <= cosigning, "both parties", sorted(cosigning)),
        ("cosigners", _once([c.name for c in terms.cosigners]), "each name once", "one twice"),
    ):
        if not sound:
            raise refused(Fault.TERMS, "terms", field, expected, found)
    return terms


def _once(found: Sequence[object]) -> bool:
    return len(set(found)) == len(found)


class Specification(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="method"
):
    """How a work contract is measured; `Terms.method` is its digest. Durations in nanoseconds,
    shares in millionths."""

    model: Digest
    """SHA-256 of the weights."""
    tokenizer: Digest
    chat_template: Digest
    temperature_ppm: Count
    top_k: Count
    ignore_eos: bool
    quantity_basis: str
    """returned_token_ids, canonical_text_tokens or utf8_bytes."""
    input_counts: str
    """billed or uncached_only."""
    delivery_point: str
    """buyer_proxy, market_gateway or seller_edge."""
    ttft_from: str
    """scheduled or first_byte_sent."""
    slo_ppm: Count
    """Share of requests that must be in time."""
    ttft_ns: Count
    tpot_ns: Count
    e2e_ns: Count
    confidence_ppm: Count
    planned: Count
    """Requests of the service-level test, fixed in advance."""
    timeout_ns: Count
    workload: Digest
    arrival_millihertz: Count
    arrival_seed: Count
    tolerance_ppm: Count
    """How far two meters' counts may be apart before it is a dispute."""
    remarks: Word = ""
    version: Count = VERSION

    @property
    def sha256(self) -> str:
        """The digest terms name."""
        return digest(self)

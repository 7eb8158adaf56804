"""What a delivery's log holds beside readings: events, answers to a reading, disputes and how they
were determined. Each is signed by the meter it names and carried in order with the rest."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from lasalle.delivery.canonical import Count, Digest, Nonce, Signed, Word

VERSION = 1
Digests = Annotated[tuple[Digest, ...], msgspec.Meta(max_length=64)]
Numbers = Annotated[tuple[Count, ...], msgspec.Meta(max_length=256)]


class Happening(StrEnum):
    """What a delivery goes through."""

    NOMINATED = "nominated"
    TENDERED = "tendered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    STARTED = "started"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ENDED = "ended"


class Answer(StrEnum):
    """What another meter says to a reading."""

    AGREED = "agreed"
    TOLERATED = "tolerated"
    DISPUTED = "disputed"


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every one of them says: of which contract, by whose meter, when."""

    version: Count = VERSION
    contract: Count
    meter: Count
    made_us: Count
    nonce: Nonce


class Event(Said, frozen=True, tag_field="kind", tag="event"):
    """A step of the delivery, as the one who took it tells it."""

    event: Happening
    at_us: Count
    reason: Word = ""
    evidence: Digests = ()


class CounterReading(Said, frozen=True, tag_field="kind", tag="counter"):
    """What a meter says to the reading of another."""

    reading: Digest
    own: Digest
    """Its own reading of the interval; zeros for none."""
    answer: Answer
    difference: Signed
    """Its own quantity less the other's, in the unit of the contract."""


class Dispute(Said, frozen=True, tag_field="kind", tag="dispute"):
    """A claim that a reading is wrong, with what is put behind it."""

    dispute: Count
    readings: Digests
    rows: Numbers
    """Numbers of the rows in which the two readings differ."""
    claim: Word
    evidence: Digests
    deposit_micro: Count
    """Micro-dollars the claimant leaves with the house."""


class Determination(Said, frozen=True, tag_field="kind", tag="determination"):
    """What the referee found, by the method of the contract and no other."""

    dispute: Count
    method: Digest
    quantity: Count
    upheld: bool
    reasons: Word
    evidence: Digests

"""What the evidence of a supplier's hours speaks of, by name: the tests of chapter 8 put together,
each on what it is about. A charge is where a dispute begins; who is charged has the referee's count
to answer it with (DEL-057).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lasalle.delivery.auditing import Audited
from lasalle.delivery.readings import WorkReading
from lasalle.delivery.rows import FAILED, WorkRow
from lasalle.delivery.service_level import Level, is_late, level_of, sampled
from lasalle.delivery.terms import Specification
from lasalle.delivery.validating import Doubt, doubts_of

PPM = 1_000_000
GONE = 3
"""Requests without an answer between one and the end that make a block reclaimed."""


class Charge(StrEnum):
    """Names of charges."""

    TOKENS = "tokens out"
    PROMPT = "tokens in"
    CACHED = "cached tokens"
    USAGE = "usage claimed"
    MODEL = "another model"
    REPLAYED = "one answer to many"
    SLOW = "service level, late"
    REFUSED = "service level, no answer"
    RECLAIMED = "gone before the end"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is there to judge by: the readings of both sides, the buyer's rows in the order of their
    end, what the endpoint claimed of counts the buyer's meter made too, and the audits."""

    buyer: WorkReading
    supplier: WorkReading
    rows: Sequence[WorkRow]
    audits: Audited
    claimed: int = 0
    counted: int = 0
    answers: int = 0
    """Answers of which something was claimed."""
    rated_tokens_s: int = 1_000_000


def apart(one: int, other: int, tolerance_ppm: int) -> bool:
    """Whether two counts are further apart than is tolerated."""
    return abs(one - other) * PPM > tolerance_ppm * max(one, other)


def charges(seen: Seen, specification: Specification) -> frozenset[Charge]:
    """Every charge the evidence bears out. The counts of a supplier that says less than the buyer
    are no charge: it would harm itself alone."""
    buyer, supplier, tolerance = seen.buyer, seen.supplier, specification.tolerance_ppm
    first = sampled(seen.rows, specification)
    doubts = {one.doubt for one in doubts_of(buyer, seen.rows, [], seen.rated_tokens_s)}
    found = {
        Charge.TOKENS: supplier.sum_completion > buyer.sum_completion
        and apart(supplier.sum_completion, buyer.sum_completion, tolerance),
        Charge.PROMPT: supplier.sum_prompt > buyer.sum_prompt
        and apart(supplier.sum_prompt, buyer.sum_prompt, tolerance),
        # Of cached tokens a share is told, so that what depends on who came first is tolerated.
        Charge.CACHED: specification.input_counts == "uncached_only"
        and (buyer.sum_cached - supplier.sum_cached) * PPM > tolerance * buyer.sum_prompt,
        # An engine counts the token that ends an answer, and no text shows it.
        Charge.USAGE: seen.claimed - seen.answers > seen.counted
        and apart(seen.claimed - seen.answers, seen.counted, tolerance),
        Charge.MODEL: not seen.audits.of_the_model,
        Charge.REPLAYED: Doubt.FROZEN in doubts,
        Charge.SLOW: _alone(first, specification, failed=False),
        Charge.REFUSED: _alone(first, specification, failed=True),
        Charge.RECLAIMED: _gone(seen.rows),
    }
    return frozenset(charge for charge, stands in found.items() if stands)


def _alone(rows: Sequence[WorkRow], specification: Specification, *, failed: bool) -> bool:
    """Whether requests that failed, or those that were answered late, miss the level by
    themselves."""
    if not rows:
        return False
    misses = sum(bool(row.marks & FAILED) is failed and is_late(row, specification) for row in rows)
    shown = level_of(misses, len(rows), specification.slo_ppm, specification.confidence_ppm)
    return shown is Level.MISSED


def _gone(rows: Sequence[WorkRow]) -> bool:
    """Whether nothing was answered any more from some request to the end, as they were sent."""
    tail = 0
    for row in sorted(rows, key=lambda one: one.sent_ns, reverse=True):
        if not row.marks & FAILED:
            break
        tail += 1
    return tail >= GONE and tail < len(rows)

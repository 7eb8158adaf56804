"""Whether a service level was met: an exact binomial test whose number of requests is fixed in
advance (DEL-045). All in whole numbers, so that everybody who repeats it has the same verdict.

Of n requests the specification planned, m came late or not at all; the contract asks that a share p
be in time. The level is shown to be met where so few misses had a chance of at most 1 - c at a
supplier that is just not good enough, P(X <= m) <= 1 - c for X binomial of n and 1 - p (S. S. Wilks,
1941; the early-stopping rule of MLPerf LoadGen at a fixed n). It is shown to be missed where so many
had a chance of at most 1 - c at a supplier that is just good enough, P(X >= m) <= 1 - c. Between
the two nothing is shown, and nobody pays.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lasalle.delivery.rows import FAILED, WorkRow
from lasalle.delivery.terms import Specification

PPM = 1_000_000
MOST_PLANNED = 20_000


class Level(StrEnum):
    """What a test shows."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    """Neither; or fewer requests than were planned."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A test and what went into it."""

    planned: int
    seen: int
    misses: int
    level: Level


def few_chance(misses: int, planned: int, share_ppm: int) -> int:
    """P(X <= misses) times PPM ** planned, X binomial of `planned` and one less the share."""
    good, bad = share_ppm, PPM - share_ppm
    if good == 0:
        return _power(PPM, planned) if misses >= planned else 0
    term = _power(good, planned)
    total = term
    for n in range(1, min(misses, planned) + 1):
        # The division leaves nothing: a binomial coefficient times whole powers, n by n.
        term = term * (planned - n + 1) * bad // (n * good)
        total += term
    return total


def level_of(misses: int, planned: int, share_ppm: int, confidence_ppm: int) -> Level:
    """What so many misses of so many planned requests show. Raises ValueError out of bounds."""
    if not 1 <= planned <= MOST_PLANNED:
        raise ValueError(f"planned: expected 1 to {MOST_PLANNED}, found {planned} (DEL-045)")
    if not 0 < share_ppm < PPM or not 0 < confidence_ppm < PPM:
        raise ValueError("expected a share and a confidence between 0 and 1 (DEL-045)")
    if not 0 <= misses <= planned:
        raise ValueError(f"misses: expected 0 to {planned}, found {misses} (DEL-045)")
    whole = _power(PPM, planned)
    allowed = (PPM - confidence_ppm) * whole
    if few_chance(misses, planned, share_ppm) * PPM <= allowed:
        return Level.MET
    few = few_chance(misses - 1, planned, share_ppm) if misses else 0
    if (whole - few) * PPM <= allowed:
        return Level.MISSED
    return Level.OPEN


def _power(base: int, exponent: int) -> int:
    """A whole power."""
    return int(base**exponent)


def is_late(row: WorkRow, specification: Specification) -> bool:
    """Whether a request misses the level: it failed, or any of its three times is over."""
    if row.marks & FAILED:
        return True
    begun = row.scheduled_ns if specification.ttft_from == "scheduled" else row.sent_ns
    steps = row.completion - 1
    return (
        row.first_ns - begun > specification.ttft_ns
        or row.last_ns - begun > specification.e2e_ns
        or (steps > 0 and row.last_ns - row.first_ns > specification.tpot_ns * steps)
    )


def sampled(rows: Iterable[WorkRow], specification: Specification) -> list[WorkRow]:
    """The first requests in the order in which the meter sent them on, as many as were planned;
    none where there are fewer. Times of all rows count from one begin.

    In the order in which requests end the slow ones come last, and a supplier of which half hang
    would be shown to be good by the others. When the buyer meant to send is its own word, so the
    meter's time decides; ties by nonce.
    """
    first = sorted(rows, key=lambda row: (row.sent_ns, row.nonce))[: specification.planned]
    return first if len(first) == specification.planned else []


def level_shown(rows: Sequence[WorkRow], specification: Specification, until_ns: int) -> Shown:
    """The test over the first requests of a delivery in the order of their sending, as many as were
    planned: whoever goes on until it passes, or stops when it does, has tested something else.

    rows: every request that ended before until_ns, nanoseconds from the begin their times count
    from. While one that was sent before the last of those may still be under way nothing is met: it
    may be the one that hangs.
    """
    planned, first = specification.planned, sampled(rows, specification)
    misses = sum(is_late(row, specification) for row in first or rows)
    if not first:
        return Shown(planned, len(rows), misses, Level.OPEN)
    level = level_of(misses, planned, specification.slo_ppm, specification.confidence_ppm)
    if level is Level.MET and first[-1].sent_ns + specification.timeout_ns > until_ns:
        level = Level.OPEN
    return Shown(planned, planned, misses, level)

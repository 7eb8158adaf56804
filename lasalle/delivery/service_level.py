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

from collections.abc import Iterable
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


def level_shown(rows: Iterable[WorkRow], specification: Specification) -> Shown:
    """The test over the first requests of a delivery, as many as were planned: whoever goes on
    until it passes, or stops when it does, has tested something else."""
    planned = specification.planned
    seen = misses = 0
    for row in rows:
        if seen == planned:
            break
        seen += 1
        misses += is_late(row, specification)
    if seen < planned:
        return Shown(planned, seen, misses, Level.OPEN)
    level = level_of(misses, planned, specification.slo_ppm, specification.confidence_ppm)
    return Shown(planned, seen, misses, level)

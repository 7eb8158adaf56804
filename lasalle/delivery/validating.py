"""Validation, estimation and editing: which readings are suspect, and what stands in their place.

What was read is never lost: a value that replaces another is a reading of its own that names the
one it replaces and says what it is (DEL-010). A suspicion is no finding: a reading is held to what
can be, to its own past and to the other side's, and what is suspect is replaced until a referee
says that it was right (DEL-046, DEL-047).
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lasalle.delivery.readings import Quality, WorkReading
from lasalle.delivery.rows import FAILED, WorkRow
from lasalle.delivery.terms import Specification

PPM = 1_000_000
SPIKE = 5
"""Times the median of the intervals before above which a value is a spike."""
TRAILING = 6
"""Intervals before that a value is held against."""
FEW = 4
"""Answers or intervals below which nothing is frozen and nothing a spike."""
NS_PER_US = 1_000


class Doubt(StrEnum):
    """Names of suspicions."""

    SPIKE = "spike"
    FROZEN = "frozen"
    TOO_FAST = "too_fast"
    CLOCK = "clock"
    COUNT = "count"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why a reading is suspect: of which request, where it is of one."""

    doubt: Doubt
    expected: int
    found: int
    nonce: str = ""
    rule: str = "DEL-046"

    def __str__(self) -> str:
        of = f" of request {self.nonce}" if self.nonce else ""
        return (f"{self.doubt.value}{of}: expected {self.expected}, found {self.found} "
                f"({self.rule})")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Billed:
    """What a reading bills: tokens that went in and tokens that came out."""

    input: int
    output: int

    @property
    def total(self) -> int:
        """Both."""
        return self.input + self.output


def billed(reading: WorkReading, specification: Specification) -> Billed:
    """What a reading bills under a specification (DEL-043)."""
    cached = reading.sum_cached if specification.input_counts == "uncached_only" else 0
    out = reading.sum_completion
    if specification.quantity_basis == "utf8_bytes":
        out = reading.sum_bytes
    return Billed(reading.sum_prompt - cached, out)


def billed_rows(rows: Iterable[WorkRow], specification: Specification) -> Billed:
    """What rows bill."""
    uncached = specification.input_counts == "uncached_only"
    in_bytes = specification.quantity_basis == "utf8_bytes"
    asked = came = 0
    for row in rows:
        asked += row.prompt - (row.cached if uncached else 0)
        came += row.output_bytes if in_bytes else row.completion
    return Billed(asked, came)


def doubts_of(
    reading: WorkReading,
    rows: Sequence[WorkRow],
    before: Sequence[WorkReading],
    rated_tokens_s: int,
) -> list[Suspicion]:
    """What is suspect in a reading by itself: faster than the endpoint can be, an answer that many
    different requests got, a value far above the intervals before."""
    found = []
    for row in rows:
        span_ns = row.last_ns - row.first_ns
        # One token more than fits: the first comes with the first instant.
        most = 1 + -(-rated_tokens_s * span_ns // 1_000_000_000)
        if row.completion > most and not row.marks & FAILED and span_ns > 0:
            found.append(Suspicion(Doubt.TOO_FAST, most, row.completion, row.nonce))
        if row.completion > row.output_bytes:
            found.append(Suspicion(Doubt.COUNT, row.output_bytes, row.completion, row.nonce))
    good = [row for row in rows if not row.marks & FAILED and row.completion]
    if len(good) >= FEW:
        answers = Tally(row.output for row in good)
        output, times = answers.most_common(1)[0]
        asked = len({row.request for row in good if row.output == output})
        if asked > len(good) // 2:
            found.append(Suspicion(Doubt.FROZEN, len(good) // 2, times))
    past = sorted(one.sum_completion for one in before[-TRAILING:])
    if len(past) >= FEW:
        most = SPIKE * past[len(past) // 2]
        if reading.sum_completion > most:
            found.append(Suspicion(Doubt.SPIKE, most, reading.sum_completion))
    return found


def clock_doubts(
    outer: Mapping[str, WorkRow],
    inner: Mapping[str, WorkRow],
    outer_start_us: int,
    inner_start_us: int,
    bound_us: int,
) -> list[Suspicion]:
    """Requests that the meter behind saw before the one in front sent them, or after it had the
    end: the clocks of the two are further apart than the terms allow."""
    found = []
    bound = bound_us * NS_PER_US
    for nonce, front in outer.items():
        behind = inner.get(nonce)
        if behind is None or (front.marks | behind.marks) & FAILED:
            continue
        shift = (inner_start_us - outer_start_us) * NS_PER_US
        early = front.sent_ns - (behind.sent_ns + shift)
        late = (behind.last_ns + shift) - front.last_ns
        worst = max(early, late)
        if worst > bound:
            found.append(Suspicion(Doubt.CLOCK, bound, worst, nonce))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """The value that stands for an interval, and where it comes from."""

    value: Billed
    quality: Quality
    source: str


def estimated(
    own: WorkReading | None,
    own_doubts: Sequence[Suspicion],
    checks: Sequence[WorkReading],
    before: Sequence[WorkReading],
    specification: Specification,
) -> Standing | None:
    """What stands for an interval, by the first that there is: the reading itself where it is not
    suspect; a check meter's, the other side's before the referee's; the mean of the intervals
    before, rounded down. None where there is nothing to go by: then nothing was delivered
    (DEL-047)."""
    if own is not None and not own_doubts:
        return Standing(billed(own, specification), own.quality, "own")
    for one in checks:
        return Standing(billed(one, specification), Quality.SUBSTITUTED, one.side.value)
    past = [billed(one, specification) for one in before[-TRAILING:]]
    if not past:
        return None
    mean = Billed(
        sum(one.input for one in past) // len(past), sum(one.output for one in past) // len(past)
    )
    return Standing(mean, Quality.ESTIMATED, f"mean of {len(past)} intervals before")

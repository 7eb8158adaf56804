"""Version 1 of a method: the mean of one published price list, as of H100-GCP-US-CENTRAL1.

1. Evidence of a date: every row of the source for that date, cloud GCP, region us-central1,
   machine type `a3-highgpu-8g`, with an observed spot price above zero and no quality mark
   against it.
2. The fixing is the arithmetic mean of the evidence in USD per GPU-hour, rounded half to even to a
   whole micro-dollar. With one row, as the source has, it is that row.
3. A date without evidence carries the last fixing, and is marked as carried.
4. The fixing of a date is published after the date ends (00:30 UTC of the next date) and is
   never revised.
5. Each fixing bears the SHA-256 of its canonical inputs, so that anyone can recompute it.

Such an index is an administered offer of one cloud in one region. It is not an average over traders
and moves in steps; the name of the evidence stands in every fixing. The training run settles on it;
no served house begins with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from lasalle.contracts import Month


@dataclass(frozen=True, slots=True)
class IndexMethod:
    """Identity of a published method."""

    index: str
    version: int
    source: str


METHOD = IndexMethod("H100-GCP-US-CENTRAL1", 1, "GCP us-central1 a3-highgpu-8g spot")


class FixingError(ValueError):
    """Fixings are missing or inconsistent; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, slots=True)
class Observation:
    """One piece of evidence: a date, what was read, and the price in exact decimal USD per
    GPU-hour.
    """

    day: date
    evidence: str
    usd_per_gpu_hour: Decimal
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Fixing:
    """The index on a date, in whole micro-dollars per GPU-hour."""

    day: date
    price_micro_dollars: int
    evidence: tuple[str, ...]
    evidence_day: date
    carried: bool
    simulated: bool
    method_version: int
    input_sha256: str
    provisional: bool = False
    """Whether its challenge time still runs: it may be marked by, and nothing settles on it."""


@dataclass(frozen=True, slots=True)
class NoFix:
    """A date on which the index has no fixing, and why: one of the words of the schema."""

    day: date
    reason: str
    method_version: int
    input_sha256: str
    """Digest of the inputs that were too few; empty where there were none to publish."""
    provisional: bool = False


Dated = Fixing | NoFix
"""What a date of an index has."""


@dataclass(frozen=True, slots=True)
class MonthAverage:
    """Average of every fixing of a month: exact, and rounded half to even to a micro-dollar."""

    month: Month
    exact_micro_dollars: Fraction
    price_micro_dollars: int
    carried_days: int


def canonical_inputs(
    observations: Sequence[Observation], method: IndexMethod = METHOD
) -> bytes:
    """Bytes whose SHA-256 a fixing bears: method line, then one line a row, sorted, prices
    unrounded.
    """
    head = f"{method.index} v{method.version}"
    rows = sorted(
        f"{o.day.isoformat()}|{o.evidence}|{_plain(o.usd_per_gpu_hour)}|"
        f"{'simulated' if o.simulated else 'observed'}"
        for o in observations
    )
    return "\n".join([head, *rows, ""]).encode("ascii")


def parse_inputs(text: bytes, method: IndexMethod = METHOD) -> tuple[Observation, ...]:
    """Observations written by `canonical_inputs`; a line that would not write back is refused."""
    lines = text.decode("ascii").split("\n")
    head = f"{method.index} v{method.version}"
    if lines[0] != head:
        raise FixingError("inputs", head, lines[0])
    found: list[Observation] = []
    for line in lines[1:-1]:
        parts = line.split("|")
        try:
            day, evidence, price, word = parts
            simulated = {"simulated": True, "observed": False}[word]
            found.append(Observation(date.fromisoformat(day), evidence, Decimal(price), simulated))
        except (ValueError, KeyError, ArithmeticError) as error:
            expected = "date|evidence|price|observed or simulated"
            raise FixingError("inputs", expected, line) from error
    if canonical_inputs(found, method) != text:
        raise FixingError("inputs", "sorted lines that each end", f"{len(lines)} lines")
    return tuple(found)


def fix(
    day: date,
    observations: Sequence[Observation],
    previous: Fixing | None,
    method: IndexMethod = METHOD,
) -> Fixing:
    """Fixing of a date from the evidence of that date, or the previous one carried."""
    used = [o for o in observations if o.day == day]
    for observation in used:
        if observation.usd_per_gpu_hour <= 0:
            raise FixingError("usd_per_gpu_hour", "above 0", str(observation.usd_per_gpu_hour))
    if used:
        mean = sum((Fraction(o.usd_per_gpu_hour) for o in used), Fraction(0)) / len(used)
        return Fixing(
            day=day,
            price_micro_dollars=round(mean * 1_000_000),  # half to even: Fraction.__round__
            evidence=tuple(sorted(o.evidence for o in used)),
            evidence_day=day,
            carried=False,
            simulated=any(o.simulated for o in used),
            method_version=method.version,
            input_sha256=hashlib.sha256(canonical_inputs(used, method)).hexdigest(),
        )
    if previous is None:
        raise FixingError("observations", f"evidence on {day}, the first date", "none")
    if previous.day >= day:
        raise FixingError("previous", f"a fixing before {day}", previous.day.isoformat())
    return Fixing(
        day=day,
        price_micro_dollars=previous.price_micro_dollars,
        evidence=previous.evidence,
        evidence_day=previous.evidence_day,
        carried=True,
        simulated=previous.simulated,
        method_version=method.version,
        input_sha256=previous.input_sha256,
    )


def fixing_history(
    observations: Iterable[Observation],
    last: date | None = None,
    method: IndexMethod = METHOD,
) -> tuple[Fixing, ...]:
    """Fixings of every date from the first evidence to `last` (or the last evidence)."""
    by_day: dict[date, list[Observation]] = {}
    for observation in observations:
        by_day.setdefault(observation.day, []).append(observation)
    if not by_day:
        raise FixingError("observations", "at least one", "none")
    day, end = min(by_day), last or max(by_day)
    fixings: list[Fixing] = []
    while day <= end:
        before = fixings[-1] if fixings else None
        fixings.append(fix(day, by_day.get(day, []), before, method))
        day += timedelta(days=1)
    return tuple(fixings)


def month_average(fixings: Iterable[Fixing], month: Month) -> MonthAverage:
    """Final settlement price of a month: the average of all its fixings, none missing, none
    twice.
    """
    of_month = sorted((f for f in fixings if Month.of(f.day) == month), key=lambda f: f.day)
    if tuple(f.day for f in of_month) != month.dates():
        raise FixingError(
            "fixings", f"one for each of {month.days} dates of {month}", len(of_month)
        )
    exact = Fraction(sum(f.price_micro_dollars for f in of_month), month.days)
    carried = sum(f.carried for f in of_month)
    return MonthAverage(month, exact, round(exact), carried)


def decimal_price(value: float) -> Decimal:
    """Decimal a source's binary number stands for, to six places, half to even."""
    return Decimal(repr(value)).quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN)


def _plain(value: Decimal) -> str:
    return format(value, "f")

"""What a replayed index did, beside the plain median of the same evidence on the same dates.

Beliefs for people to read, in floats; nothing here goes into a fixing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from lasalle.indices.bundle import date_of
from lasalle.indices.chain import Rung, Status, Step
from lasalle.indices.fixed_point import PICO

DAYS_A_YEAR = 365
_FIX = (Status.FIXED, Status.SHORTAGE)


@dataclass(frozen=True, slots=True)
class Told:
    """Figures of one index over its dates. Shares of one, volatilities of one a year."""

    index: str
    first: str
    last: str
    dates: int
    fixed: int
    """With evidence of the date itself."""
    carried: int
    shortage: int
    no_fix: int
    corrections: int
    """Rows of the record that corrected a final fixing; a replay itself makes none."""
    anchored: int
    held: int
    """Offers held on some date, date by date."""
    volatility: float
    largest: float
    largest_day: str
    why: str
    median_volatility: float
    median_largest: float
    median_day: str
    raw_moved: float
    """Sum of the median's absolute logarithmic moves, over dates that follow each other."""
    composition: float
    """What of it is left when only offers of both dates are compared: share that is composition."""


def told(index: str, steps: Sequence[Step], corrections: int = 0) -> Told:
    """Figures of a replay, and the corrections in the record beside it. Raises ValueError for one
    without a fixing."""
    fixings = [s.fixing for s in steps]
    priced = [f for f in fixings if f.status in _FIX]
    if not priced:
        raise ValueError(f"{index}: expected at least one fixing, found none of {len(fixings)}")
    moves = _moves([(f.day, f.price) for f in priced])
    largest_day, largest = max(moves, key=lambda m: abs(m[1]), default=(priced[0].day, 0.0))
    sheets = {s.fixing.day: sheet for s in steps if (sheet := _sheet(s))}
    raw = _moves([(day, median(sheet.values())) for day, sheet in sorted(sheets.items())])
    raw_day, raw_largest = max(raw, key=lambda m: abs(m[1]), default=(priced[0].day, 0.0))
    moved, composed = composition(sheets)
    counts = {status: sum(f.status is status for f in fixings) for status in Status}
    carried = sum("carried" in f.marks for f in fixings)
    return Told(
        index=index,
        first=date_of(fixings[0].day).isoformat(),
        last=date_of(fixings[-1].day).isoformat(),
        dates=len(fixings),
        fixed=counts[Status.FIXED] - carried,
        carried=carried,
        shortage=counts[Status.SHORTAGE],
        no_fix=counts[Status.NO_FIX],
        corrections=corrections,
        anchored=sum("anchored" in f.marks for f in fixings),
        held=sum(v.word == "held" for s in steps for v in s.verdicts),
        volatility=_volatility(moves, priced[-1].day - priced[0].day),
        largest=math.expm1(largest),
        largest_day=date_of(largest_day).isoformat(),
        why=_why(next(s for s in steps if s.fixing.day == largest_day)),
        median_volatility=_volatility(raw, priced[-1].day - priced[0].day),
        median_largest=math.expm1(raw_largest),
        median_day=date_of(raw_day).isoformat(),
        raw_moved=moved,
        composition=composed / moved if moved else 0.0,
    )


def composition(sheets: Mapping[int, Mapping[str, int]]) -> tuple[float, float]:
    """(movement of the median of all offers, part of it that offers of both dates do not show).

    Between two dates the median of all moves by r, that of the offers on both dates by m: |r - m|
    came from offers that entered or left.
    """
    moved = composed = 0.0
    days = sorted(sheets)
    for before, after in itertools.pairwise(days):
        old, new = sheets[before], sheets[after]
        both = old.keys() & new.keys()
        raw = math.log(median(new.values()) / median(old.values()))
        matched = (
            math.log(median(new[k] for k in both) / median(old[k] for k in both)) if both else 0.0
        )
        moved += abs(raw)
        composed += abs(raw - matched)
    return moved, composed


def _sheet(step: Step) -> dict[str, int]:
    """Price of each offer of the index's own tenor that a date has, scale or not."""
    words = ("other tenor", "cover")
    if step.fixing.rung is Rung.COVER:
        return {}
    return {v.key: v.price for v in step.verdicts if v.word not in words}


def _moves(prices: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Logarithmic move into each day but the first."""
    return [
        (day, math.log(price / before)) for (_, before), (day, price) in itertools.pairwise(prices)
    ]


def _volatility(moves: Sequence[tuple[int, float]], days: int) -> float:
    """Root of the sum of squared moves a year: moves that come weekly are not daily moves."""
    return math.sqrt(sum(m * m for _, m in moves) * DAYS_A_YEAR / days) if days > 0 else 0.0


def _why(step: Step) -> str:
    """The offers that moved a date most, or the rung that did."""
    if step.fixing.rung in (Rung.COVER, Rung.LEVEL):
        return f"{step.fixing.rung.value}: {', '.join(step.fixing.marks) or step.fixing.reason}"
    found = sorted(step.verdicts, key=lambda v: -abs(v.move * v.weight))[:2]
    said = [
        f"{v.key.split('|')[-1]} {math.expm1(v.move / PICO):+.1%}"
        for v in found
        if v.move and v.weight
    ]
    return "; ".join([*said, *step.fixing.marks]) or "a date after one without a fixing"


HEADS = (
    "index", "first", "last", "dates", "fixed", "carried", "shortage", "no fix", "anchored",
    "volatility", "largest move", "on", "why", "median: volatility", "largest", "on",
    "composition in the median", "corrections",
)  # fmt: skip


def table(rows: Sequence[Told]) -> str:
    """The figures as a table of Markdown."""
    lines = [" | ".join(HEADS), " | ".join("---" for _ in HEADS)]
    for r in rows:
        cells = [
            r.index, r.first, r.last, f"{r.dates}", f"{r.fixed}", f"{r.carried}", f"{r.shortage}",
            f"{r.no_fix}", f"{r.anchored}", f"{r.volatility:.1%}", f"{r.largest:+.1%}",
            r.largest_day, r.why, f"{r.median_volatility:.1%}", f"{r.median_largest:+.1%}",
            r.median_day, f"{r.composition:.0%} of {r.raw_moved:.2f}",
            f"{r.corrections}",
        ]  # fmt: skip
        lines.append(" | ".join(cells))
    return "\n".join(f"| {line} |" for line in lines) + "\n"

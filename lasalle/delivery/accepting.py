"""Acceptance of capacity: runs of a benchmark whose number is fixed in advance, the grade their
median gives, and what the grade makes of the invoice (DEL-055)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

PPM = 1_000_000
WHOLE = 10_000


class Grade(StrEnum):
    """Grades of delivered capacity."""

    PREMIUM = "premium"
    STANDARD = "standard"
    BELOW = "below"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade with its quality in ten-thousandths, which the tender bears."""

    grade: Grade
    quality: int


@dataclass(frozen=True, slots=True)
class GradeTable:
    """Least speeds of the grades over that of the standard, in millionths, and what premium
    brings."""

    premium_ppm: int = 1_050_000
    standard_ppm: int = 970_000
    below_ppm: int = 850_000
    premium_quality: int = 10_300

    def graded(self, speed_ppm: int) -> Graded:
        """The grade of a speed. Below the standard the buyer pays for the speed it gets, rounded
        down; below the least it may reject."""
        if speed_ppm >= self.premium_ppm:
            return Graded(Grade.PREMIUM, self.premium_quality)
        if speed_ppm >= self.standard_ppm:
            return Graded(Grade.STANDARD, WHOLE)
        quality = speed_ppm * WHOLE // PPM
        return Graded(Grade.BELOW if speed_ppm >= self.below_ppm else Grade.REFUSED, quality)


STANDARD_TABLE = GradeTable()


def median_speed(speeds_ppm: Sequence[int], planned: int) -> int:
    """The median of the runs. Raises ValueError where they are not the number that was planned, or
    that is not odd: whoever may run once more may choose."""
    if planned < 1 or planned % 2 == 0:
        raise ValueError(f"planned: expected an odd number of runs, found {planned} (DEL-055)")
    if len(speeds_ppm) != planned:
        raise ValueError(f"runs: expected {planned}, found {len(speeds_ppm)} (DEL-055)")
    return sorted(speeds_ppm)[planned // 2]


def accepted(
    nodes: Sequence[Sequence[int]], planned: int, table: GradeTable = STANDARD_TABLE
) -> Graded:
    """The grade of a fabric of nodes: that of its slowest, since a job waits for it."""
    if not nodes:
        raise ValueError("nodes: expected one at least, found none (DEL-055)")
    return table.graded(min(median_speed(runs, planned) for runs in nodes))


def invoice(price: int, units: int, quality: int) -> int:
    """What units are billed at, in micro-dollars, rounded down once."""
    return price * units * quality // WHOLE

"""From a day that failed to the shortest beginning of it that still fails the same way."""

from __future__ import annotations

from dataclasses import dataclass

from lasalle.sim.day import Day, DayFailed
from lasalle.sim.model import Violation
from lasalle.sim.trace import lines_of
from lasalle.sim.venue import Parts
from lasalle.venue.journal import JournalBent


@dataclass(frozen=True)
class Shrunk:
    """The shortest failing beginning: steps, what failed, and its trace as scenario lines."""

    seed: int
    steps: int
    violation: Violation
    lines: list[str]

    def __str__(self) -> str:
        head = f"seed {self.seed} fails after {self.steps} steps: {self.violation}"
        return "\n".join([head, *self.lines])


def shrink(failed: DayFailed, parts: Parts | None = None) -> Shrunk:
    """Bisects the length of the day; gives the shortest one that fails by the same checker."""
    seed, checker = failed.day.seed, failed.violation.checker
    passes, fails, shortest = 0, failed.day.step + 1, failed
    while fails - passes > 1:
        middle = (passes + fails) // 2
        again = fails_after(seed, middle, parts)
        if again is not None and again.violation.checker == checker:
            fails, shortest = middle, again
        else:
            passes = middle
    return Shrunk(seed, fails, shortest.violation, trace_of(shortest, fails))


def fails_after(seed: int, steps: int, parts: Parts | None = None) -> DayFailed | None:
    """How the first steps of a day fail, or None when they hold."""
    try:
        Day(seed, parts).run(steps)
    except DayFailed as failed:
        return failed
    return None


def trace_of(failed: DayFailed, steps: int) -> list[str]:
    """What the failed day's journal holds, as one scenario."""
    title = f"Seed {failed.day.seed}, {steps} steps: {failed.violation.checker}"
    try:
        return lines_of(failed.day.venue.disk, title)
    except JournalBent as error:
        return [f"# no trace: {error}"]

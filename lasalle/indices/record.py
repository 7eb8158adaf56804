"""The record of an index: rows only ever added, provisional, final and corrected (IDX-014).

A final fixing is what contracts settle on, for good. A correction says what would have come out,
and why; the chain goes on from the state it leaves, on the first date that is not final yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lasalle.indices.published import ChainMethod, Method
from lasalle.indices.quotes import DAY


class Stage(StrEnum):
    """What a row of the record is."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    CORRECTION = "correction"


class RecordError(ValueError):
    """A row may not be added; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r} (IDX-014)")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the record: a fixing, its stage, and the price a correction says was wrong."""

    stage: Stage
    fixing: dict[str, Any]
    """As `bundle.fixing_row` has it."""
    published: int
    """Nanoseconds UTC."""
    old_price: int = 0
    why: str = ""
    exposure: Mapping[str, int] = field(default_factory=dict)
    """What moving it costs, as `manipulation.exposure_row` has it; empty where no tier spoke."""
    late: int = 0
    """Seconds after its time in the timetable; 0 where it was kept."""
    silent: tuple[str, ...] = ()
    """Sources that were asked for the evidence of the date and gave none, for a fault of theirs."""


MEAN_PUBLISHED = 30 * 60 * 10**9
"""Nanoseconds after a date at which version 1 is published, and final."""
PUNCTUAL_SECONDS = 900
"""A row laid down within so many seconds of its time is not late."""


def moment(method: Method, day: int, stage: Stage) -> int:
    """Nanoseconds UTC at which a date (days since 1970) reaches a stage by the timetable."""
    if not isinstance(method, ChainMethod):
        return (day + 1) * DAY + MEAN_PUBLISHED
    challenge = method.challenge_hours * 3_600 * 10**9 if stage is Stage.FINAL else 0
    return (day + 1) * DAY + method.provisional + challenge


def due(method: ChainMethod, day: int, now: int) -> Stage | None:
    """Which stage a date (days since 1970) has reached at an instant; None before its first."""
    for stage in (Stage.FINAL, Stage.PROVISIONAL):
        if now >= moment(method, day, stage):
            return stage
    return None


def lateness(method: Method, day: int, stage: Stage, now: int) -> int:
    """Whole seconds by which a row laid down now misses its time; 0 where it does not."""
    seconds = (now - moment(method, day, stage)) // 10**9
    return seconds if seconds > PUNCTUAL_SECONDS else 0


class Record:
    """Rows of one index in the order they were published."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows: list[Row] = []
        self._final: dict[str, Row] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """One more row. Raises RecordError for what would change or leave out a final fixing."""
        day = row.fixing["day"]
        final = self._final.get(day)
        if self.rows and row.published < self.rows[-1].published:
            raise RecordError("published", f"from {self.rows[-1].published} on", row.published)
        if row.stage is Stage.CORRECTION:
            if final is None:
                raise RecordError("stage", f"a final fixing of {day} before it", row.stage.value)
            if row.old_price != final.fixing["price"] or not row.why:
                expected = f"the final price {final.fixing['price']}, and why"
                raise RecordError("old_price, why", expected, (row.old_price, row.why))
            if row.fixing["price"] == row.old_price:
                raise RecordError("price", f"another than {row.old_price}", row.fixing["price"])
        elif final is not None:
            raise RecordError("stage", f"a correction: {day} is final", row.stage.value)
        elif row.old_price or row.why:
            raise RecordError("old_price, why", "those of a correction alone", row.why)
        if row.stage is Stage.FINAL:
            self._final[day] = row
        self.rows.append(row)

    def settles(self, day: str) -> Row | None:
        """What contracts settle on for a date: its final row, whatever was corrected since."""
        return self._final.get(day)

    def current(self) -> list[Row]:
        """The last row of each date that is a fixing, in order of dates."""
        found = {r.fixing["day"]: r for r in self.rows if r.stage is not Stage.CORRECTION}
        return [found[day] for day in sorted(found)]

    def corrections(self) -> list[Row]:
        """Every correction, in the order they were published."""
        return [row for row in self.rows if row.stage is Stage.CORRECTION]

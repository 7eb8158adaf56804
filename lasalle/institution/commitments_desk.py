"""The weekly report of commitments: made of the close of one day of each week, a file that is never
written over, by a served house."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from lasalle.clearing.commitments import (
    commitments,
    holdings,
    load_reporting_terms,
    weekly_csv,
)
from lasalle.contracts import numbered_day
from lasalle.institution.day_close import read_close
from lasalle.institution.index_store import lay_down

FOLDER = "commitments"


class CommitmentsStore:
    """Reports in a folder, a CSV a week."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def days(self) -> list[int]:
        """Days with a report, YYYYMMDD, ascending."""
        return sorted(int(path.stem) for path in self._folder.glob("[0-9]*.csv"))

    def read(self, day: int) -> bytes | None:
        """The report of a day; None where there is none."""
        path = self._folder / f"{day:08d}.csv"
        return path.read_bytes() if path.exists() else None

    def keep(self, day: int, content: bytes) -> None:
        """Lays down a report. Raises FileExistsError for a day that has one."""
        path = self._folder / f"{day:08d}.csv"
        if path.exists():
            raise FileExistsError(f"{path}: a report is kept as it was made")
        self._folder.mkdir(parents=True, exist_ok=True)
        lay_down(path, content)


@dataclass(frozen=True)
class CommitmentsDuty:
    """Of each day of the week that the table of reports names, the report of its close."""

    folder: Path
    store: CommitmentsStore
    name: str = "commitments"

    def first(self) -> int:
        """The first day with a report."""
        return min(self.store.days(), default=0)

    def due(self, day: int) -> bool:
        """Whether the day is that of the week and has no report."""
        weekday = numbered_day(day).weekday()
        return weekday == load_reporting_terms().weekday and day not in self.store.days()

    async def carry_out(self, day: int) -> str:
        """Makes and keeps the report, beside the event loop."""
        return await asyncio.to_thread(self._make, day)

    def _make(self, day: int) -> str:
        state = read_close(self.folder, day).state
        rows = commitments(holdings(state), load_reporting_terms())
        last = max((d for d in self.store.days() if d < day), default=0)
        before = (self.store.read(last) or b"").decode("ascii")
        self.store.keep(day, weekly_csv(rows, day, before).encode("ascii"))
        withheld = sum(one.long is None for one in rows)
        return f"Commitments of traders of {day}: {len(rows)} rows, {withheld} withheld."

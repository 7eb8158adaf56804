"""Rates and tables of a house in its folder: what hands said, and the tables made of it.

    fx/observations.csv      every observation in the order it was told, never written over
    fx/tables/DAY.N.json     the tables of a date; N is 1, and more where it was corrected
"""

from __future__ import annotations

import csv
import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from lasalle.clearing.fx import FxError, Observation, canonical, digest_of
from lasalle.institution.index_store import lay_down

FOLDER = "fx"
NAME = re.compile(r"(\d{8})\.(\d{1,6})")
HEADS = [one.name for one in fields(Observation)]


class FxStore:
    """Observations and tables. A served house and a person at its folder take turns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Held while something is added, by whichever process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writing.lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def observations(self) -> list[Observation]:
        """Every observation, in the order it was told. A last line that was torn is left out."""
        path = self.folder / "observations.csv"
        if not path.exists():
            return []
        whole, _, _ = path.read_text("ascii").rpartition("\n")
        rows = csv.reader(whole.splitlines())
        return [Observation(r[0], int(r[1]), r[2], int(r[3]), r[4]) for r in rows]

    def add(self, said: Iterable[Observation]) -> int:
        """Keeps observations that are not what their hand said last of the date; how many."""
        with self.alone():
            last = {(o.currency, o.day, o.hand): o for o in self.observations()}
            fresh = [o for o in said if last.get((o.currency, o.day, o.hand)) != o]
            same = {
                o for o in fresh
                if (known := last.get((o.currency, o.day, o.hand))) and known.rate == o.rate
            }  # fmt: skip
            kept = [o for o in fresh if o not in same]
            if kept:
                self._append(kept)
            return len(kept)

    def _append(self, kept: Iterable[Observation]) -> None:
        path = self.folder / "observations.csv"
        before = path.read_bytes() if path.exists() else b""
        whole, end, _ = before.rpartition(b"\n")
        with path.open("ab") as file:
            file.truncate(len(whole) + len(end))
            lines = (",".join(map(str, astuple(o))) + "\n" for o in kept)
            file.write("".join(lines).encode("ascii"))
            file.flush()
            os.fsync(file.fileno())

    def names(self) -> list[tuple[int, int]]:
        """(day, row) of every table, in their order."""
        found = (NAME.fullmatch(p.stem) for p in (self.folder / "tables").glob("*.json"))
        return sorted((int(one[1]), int(one[2])) for one in found if one)

    def days(self) -> list[int]:
        """Dates that have a table, YYYYMMDD, ascending."""
        return sorted({day for day, _ in self.names()})

    def read(self, day: int, row: int = 0) -> dict[str, Any] | None:
        """A table of a date, the newest without a row; None where there is none."""
        rows = [n for d, n in self.names() if d == day]
        number = row or max(rows, default=0)
        if number not in rows:
            return None
        content = self._path(day, number).read_bytes()
        found: dict[str, Any] = json.loads(content)
        return found

    def before(self, day: int) -> dict[str, Any] | None:
        """The newest table of the last date before one; None where there is none."""
        earlier = [d for d in self.days() if d < day]
        return self.read(earlier[-1]) if earlier else None

    def keep(self, table: Mapping[str, Any]) -> bytes:
        """Lays down a table; its digest. Raises FxError where its place is not the next of its
        date."""
        day, row = table["day"], table["row"]
        known = max((n for d, n in self.names() if d == day), default=0)
        before = self.read(day)
        corrects = digest_of(before).hex() if before else ""
        if row != known + 1 or table["corrects"] != corrects:
            raise FxError(f"table {row} of {day}: expected the next after {known}, none in place")
        (self.folder / "tables").mkdir(parents=True, exist_ok=True)
        lay_down(self._path(day, row), canonical(table))
        return digest_of(table)

    def _path(self, day: int, row: int) -> Path:
        return self.folder / "tables" / f"{day:08d}.{row}.json"

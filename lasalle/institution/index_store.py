"""Published indices in a folder: a record, the state of the chain, and a bundle a date and index.

    INDEX/fixings.parquet      every row, provisional, final and corrected
    INDEX/state.txt            what the last final date left, for the next one
    INDEX/bundles/DATE.json    what the row of a date is made again from
    INDEX/bundles/DATE.N.json  the same of a correction, row N of the record
    adoptions.jsonl            what officers said of later versions of methods
    INDEX/corrected.txt        first and last date whose bundles are of a chain before a correction

A file is laid down whole or not at all; a final row and its bundle are never written over.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lasalle.indices.adoption import Adoption, Saying
from lasalle.indices.bundle import date_of
from lasalle.indices.chain import State, parse_state
from lasalle.indices.record import Record, Row, Stage
from lasalle.indices.record_file import read_record, write_record
from lasalle.institution.adoption_file import read_adoptions, say

FOLDER = "indices"


class IndexStore:
    """Records, states and bundles under a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, tuple[int, Record]] = {}
        self.fixes: frozenset[str] = frozenset()
        """Indices whose dates the house fixes, before the first of them has a row too."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Held while rows are made and laid down: a served house and a person at its folder take
        turns, whichever process they are of.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writing.lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def indices(self) -> list[str]:
        """Names of the indices that have a record."""
        return sorted(path.parent.name for path in self.folder.glob("*/fixings.parquet"))

    def keeps(self, index: str) -> bool:
        """Whether the index is one of the house: it has a record here, or is about to (IDX-020)."""
        return index in self.fixes or index in self.indices()

    def record(self, index: str) -> Record:
        """The record of an index; an empty one where it has none."""
        path = self.folder / index / "fixings.parquet"
        if index not in self.indices():
            return Record()
        written = path.stat().st_mtime_ns
        known = self._read.get(index)
        if known is None or known[0] != written:
            self._read[index] = known = (written, read_record(path.read_bytes()))
        return known[1]

    def state(self, index: str) -> State | None:
        """What the last final date left; None where the chain has none."""
        path = self.folder / index / "state.txt"
        return parse_state(path.read_bytes().split(b"\n")[:-1]) if path.exists() else None

    def bundle(self, index: str, day: str) -> bytes | None:
        """The bundle of a date of an index, or of a correction by `correction_name`; None where
        there is none.
        """
        if index not in self.indices():
            return None
        path = self.folder / index / "bundles" / f"{day}.json"
        return path.read_bytes() if path.exists() else None

    def adoptions(self) -> tuple[Adoption, ...]:
        """Later versions of methods that were said here, agreed or not."""
        return read_adoptions(self.folder)

    def say(self, saying: Saying) -> Adoption:
        """Takes an officer's word down."""
        with self.alone():
            return say(self.folder, saying)

    def corrected(self, index: str) -> tuple[str, str] | None:
        """First and last date whose bundles are of a chain before a correction; None for none."""
        path = self.folder / index / "corrected.txt"
        first, last = path.read_text("ascii").split() if path.exists() else ("", "")
        return (first, last) if first else None

    def keep(
        self,
        index: str,
        rows: list[Row],
        bundles: dict[str, bytes],
        state: State | None,
        corrected: tuple[str, str] | None = None,
    ) -> None:
        """Adds rows to a record, and what they are made again from. Raises RecordError.

        corrected: first and last date that a correction goes through.
        """
        folder = self.folder / index
        record = self.record(index)
        whole = Record([*record.rows, *rows])  # every row is looked at before anything is written
        (folder / "bundles").mkdir(parents=True, exist_ok=True)
        final = {r.fixing["day"] for r in record.rows if r.stage is Stage.FINAL}
        for day, bundle in bundles.items():
            if day not in final:
                _write(folder / "bundles" / f"{day}.json", bundle)
        if corrected:
            spans = [corrected, self.corrected(index) or corrected]
            words = f"{min(first for first, _ in spans)} {max(last for _, last in spans)}\n"
            _write(folder / "corrected.txt", words.encode("ascii"))
        # The record before the state: whoever is stopped between them makes the same rows again,
        # where a state ahead of its record would leave dates out for good.
        _write(folder / "fixings.parquet", write_record(whole.rows))
        if state is not None:
            _write(folder / "state.txt", b"".join(row + b"\n" for row in state.rows()))

    def events(self, since: dict[str, int]) -> Iterator[tuple[str, int, Row]]:
        """Rows added to each record after so many of it, with their number from 1."""
        for index in self.indices():
            rows = self.record(index).rows
            for number in range(since.get(index, 0), len(rows)):
                yield index, number + 1, rows[number]


def last_final_day(record: Record) -> str:
    """The last date that is final; empty where none is."""
    return max((r.fixing["day"] for r in record.rows if r.stage is Stage.FINAL), default="")


def lay_down(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all."""
    _write(path, content)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(path.suffix + ".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def correction_name(day: int, number: int) -> str:
    """The bundle of a correction: its date, and its row in the record from 1."""
    return f"{name_of(day)}.{number}"


def name_of(day: int) -> str:
    """A date as files and rows have it."""
    return date_of(day).isoformat()

"""Margin tables that were in force, as everyone could read them: kept by a served house as they
change, or made again from its journal, so that an old requirement can be reckoned again."""

from __future__ import annotations

import gzip
import json
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from lasalle import wire
from lasalle.clearing import Published, read_published
from lasalle.gateway.held import HeldFaults
from lasalle.gateway.http import CHANGING
from lasalle.gateway.margin import PastTable
from lasalle.institution.day_close import replayed
from lasalle.institution.house import OpenHouse
from lasalle.institution.index_store import lay_down
from lasalle.plain.records import read_records
from lasalle.views.margin import published_of
from lasalle.views.statements import HEAD

FOLDER = "margin-tables"
MOST_WAITING, AGAIN_SECONDS = 64, 5.0
"""Tables that wait for a disk at most, and seconds until one is tried again."""
Kept = tuple[Published, int, int, int]
KINDS = frozenset(event.KIND for event in CHANGING)


class TableStore:
    """Tables in a folder, a file each, named by their first event, number and digest. From any
    thread; writing is done by one of its own, in order. What the disk refuses is held among the
    faults of the house and written again until it is."""

    def __init__(self, folder: Path, faults: HeldFaults | None = None) -> None:
        self._folder = folder / FOLDER
        self._faults = faults or HeldFaults()
        self._rows: list[PastTable] | None = None
        self._waiting: deque[Kept] = deque()
        self._change = threading.Condition()
        self._closing = False
        self._writer: threading.Thread | None = None

    def rows(self) -> list[PastTable]:
        """What is kept, in the order it came in force."""
        if self._rows is None:
            paths = self._folder.glob("*.json.gz")
            self._rows = sorted((_row(path) for path in paths), key=lambda row: row.event)
        return self._rows

    def read(self, row: PastTable) -> Published:
        """A table. Raises PublishedError, or ValueError where its digest is not its name."""
        found = read_published(json.loads(gzip.decompress(self._path(row).read_bytes())))
        if found.sha256 != row.sha256:
            raise ValueError(f"margin table {row.table}: expected {row.sha256}, found another")
        return found

    def keep(self, table: Published, event: int, number: int, time: int) -> None:
        """Has a table written that came in force with an event of a command; one that reads as the
        last is not."""
        with self._change:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name=FOLDER, daemon=True)
                self._writer.start()
            self._waiting.append((table, event, number, time))
            if len(self._waiting) > MOST_WAITING:
                # The journal has it: lasalle margin tables makes it again.
                _, lost, *_ = self._waiting.popleft()
                told = f"the table of event {lost} is left to lasalle margin tables"
                self._faults.hold("margin tables left out", told)
            self._change.notify()

    def _write(self) -> None:
        """The writer: the oldest that waits, until there is none and the store is closed."""
        while True:
            with self._change:
                while not self._waiting and not self._closing:
                    self._change.wait()
                if not self._waiting:
                    return
                waiting = self._waiting[0]
            try:
                self.add(*waiting)
            except OSError as error:
                told = f"a margin table is not kept, and tried again: {error}"
                self._faults.hold(FOLDER, told)
                with self._change:
                    if self._closing:
                        return
                    self._change.wait(AGAIN_SECONDS)
                continue
            self._faults.clear(FOLDER, "margin tables are kept again")
            with self._change:
                if self._waiting and self._waiting[0] is waiting:
                    self._waiting.popleft()

    def add(self, table: Published, event: int, number: int, time: int) -> bool:
        """Writes a table; False where it is kept already, or reads as the one before it."""
        rows = self.rows()
        row = PastTable(table.table, table.sha256, event, number, time)
        before = [r for r in rows if r.event <= event]
        if before and (before[-1].event == event or before[-1].sha256 == row.sha256):
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        lay_down(self._path(row), gzip.compress(table.canonical, 6, mtime=0))
        self._rows = sorted([*rows, row], key=lambda r: r.event)
        return True

    def close(self) -> None:
        """Writes what waits, until the disk refuses one: what is in force is kept at the next
        opening."""
        with self._change:
            self._closing = True
            self._change.notify()
        if self._writer is not None:
            self._writer.join()

    def _path(self, row: PastTable) -> Path:
        name = f"{row.event:016d}-{row.number}-{row.time}-{row.table}-{row.sha256}.json.gz"
        return self._folder / name


def _row(path: Path) -> PastTable:
    event, number, time, table, digest = path.name.removesuffix(".json.gz").split("-")
    return PastTable(int(table), digest, int(event), int(number), int(time))


def made_again(folder: Path) -> Iterator[tuple[Published, int, int, int]]:
    """Every table of a house's journal as it came in force: (table, event, command, time)."""
    for core, number, frames in replayed(folder):
        last: tuple[int, int] | None = None
        at, end = 0, len(frames)
        while at < end:
            length, kind = HEAD.unpack_from(frames, at)
            if kind in KINDS:
                header = wire.read_header(frames, at)
                last = (header.number, header.time)
            at += length
        if last is not None:
            table = published_of(read_records(core.snapshot()))
            if table is not None:
                yield table, last[0], number, last[1]


def keep_current(store: TableStore, house: OpenHouse) -> None:
    """Keeps the table in force as a house opens, unless it reads as the last one kept: it came in
    force while the house was not served, or was not written."""
    table = house.accounts.margins.published()
    if table is not None:
        core = house.sequencer.core
        store.keep(table, core.last_event, core.last_number, core.last_time)

"""What a meter keeps in its folder, so that a crash loses no request and counts none twice.

| file | holds |
|---|---|
| `rows/METER/NUMBER.rows` | rows of the reading of that number, a line each, durable before the last byte of the answer leaves |
| `begun/NUMBER` | requests that were under way, a line each; one that has no row after a crash failed |
| `entries/NUMBER` | signed readings, as they go into the log |

A line that was torn while it was written belongs to an answer whose end nobody received.
"""  # noqa: E501

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from lasalle.delivery.meter_book import Heartbeat, MeterBook, Sighting
from lasalle.delivery.readings import Entry, WorkReading
from lasalle.delivery.rows import Mark, Row, read_rows
from lasalle.delivery.validating import Standing
from lasalle.institution.index_store import lay_down


class MeterClock:
    """Nanoseconds since 1970 that never go back: the wall's hour once, then the monotonic clock."""

    def __init__(self, floor_ns: int = 0) -> None:
        self._offset = time.time_ns() - time.monotonic_ns()
        self.floor_ns = floor_ns

    def now_ns(self) -> int:
        """Now."""
        return max(time.monotonic_ns() + self._offset, self.floor_ns)


class MeterKeeper:
    """A meter's folder, with one writer."""

    def __init__(self, folder: Path, book: MeterBook, clock: MeterClock | None = None) -> None:
        """Goes on where it stood. Raises BlockingIOError where another process writes there."""
        self.folder, self.book = folder, book
        self.clock = clock or MeterClock()
        for name in ("entries", "begun", f"rows/{book.meter}"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._lock = os.open(folder / "meter.lock", os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise
        self.under_way: dict[str, bytes] = {}
        """Lines of requests that began and did not end, by nonce."""
        self.cut_off = 0
        """Requests that a crash cut off, found when the folder was opened."""
        self._waiting: list[asyncio.Future[None]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._spent: list[int] = []
        self._before: set[str] = set()
        """Nonces of the interval before."""
        self._reopen()

    def seen(self, nonce: str) -> bool:
        """Whether a nonce stands in this interval or the one before, or is under way."""
        return nonce in self.under_way or nonce in self.book.nonces or nonce in self._before

    def begin(self, nonce: str, request: str, scheduled_ns: int, sent_ns: int) -> None:
        """Notes that a request is under way: a crash of the meter does not forget it."""
        line = f"{nonce} {request} {scheduled_ns} {sent_ns}\n".encode("ascii")
        self.under_way[nonce] = line
        os.write(self._begun, line)

    async def end(self, sighting: Sighting) -> None:
        """Enters a request that ended; it is durable on return, with whatever ended meanwhile."""
        self._enter(sighting)
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        await waiting

    def beat(self, heartbeat: Heartbeat) -> None:
        """Enters a heartbeat of a capacity contract; it is durable on return."""
        self.close_due(heartbeat.ended_ns)
        line = self.book.beat(heartbeat)
        if line is not None:
            os.write(self._rows, line + b"\n")
            os.fdatasync(self._rows)

    def close_due(self, now_ns: int | None = None) -> list[bytes]:
        """Signs the reading of every interval that is over; gives the entries."""
        now = self.clock.now_ns() if now_ns is None else now_ns
        found = []
        while not self.book.over and now // 1_000 >= self.book.end_us:
            found.append(self._seal(self.book.close))
        return found

    def cut_short(self) -> bytes | None:
        """Signs a reading of what the interval under way has so far; None where it just began."""
        self.close_due()
        now_us = self.clock.now_ns() // 1_000 + 1
        if self.book.over or now_us <= self.book.start_us:
            return None
        end_us = min(now_us, self.book.end_us)
        return self._seal(lambda made, nonce: self.book.close(made, nonce, end_us=end_us))

    def substitute(self, revises: WorkReading, standing: Standing) -> bytes:
        """Signs a reading of its own that takes the place of another one's values; what was read
        is kept. Raises ValueError where the interval under way has requests: it is cut short
        first."""
        if self.book.rows:
            raise ValueError("expected the interval under way cut short, found requests in it")
        return self._seal(
            lambda made, nonce: self.book.substitute(revises, standing, made, nonce)
        )  # fmt: skip

    def entries(self, after: int = 0) -> list[bytes]:
        """Signed readings by number, those after a number alone."""
        numbers = range(after + 1, self.book.sequence + 1)
        return [self._entry_path(number).read_bytes() for number in numbers]

    def rows_of(self, meter: int, number: int) -> list[bytes] | None:
        """Rows of a reading of this meter; None for another's."""
        path = self._rows_path(number)
        if meter != self.book.meter or not path.exists():
            return None
        return path.read_bytes().split(b"\n")[:-1]

    def close(self) -> None:
        """Gives the folder up; the interval under way stays open."""
        for handle in (self._rows, self._begun, self._lock, *self._spent):
            os.close(handle)
        self._spent = []

    def _enter(self, sighting: Sighting) -> None:
        self.close_due(sighting.last_ns)
        line = self.book.take(sighting)
        self.under_way.pop(sighting.nonce, None)
        if line is not None:
            os.write(self._rows, line + b"\n")

    async def _flush(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(os.fdatasync, self._rows)
            except OSError as error:
                for one in waiting:
                    one.set_exception(error)
                raise
            for one in waiting:
                if not one.done():
                    one.set_result(None)

    def _seal(self, sign: Callable[[int, str], Entry]) -> bytes:
        """Rows first, then what is under way in the next file, then the entry that closes them."""
        os.fdatasync(self._rows)
        number = self.book.sequence + 1
        lay_down(self._begun_path(number + 1), b"".join(self.under_way.values()))
        before = self.book.nonces
        made = self.clock.now_ns() // 1_000
        entry = sign(made, secrets.token_hex(16))
        lay_down(self._entry_path(number), entry.content)
        _sync(self.folder / "entries")
        self._before = before
        self._spent += [self._rows, self._begun]
        self._open_files()
        self._begun_path(number).unlink(missing_ok=True)
        self.clock.floor_ns = self.book.start_us * 1_000
        return entry.content

    def _open_files(self) -> None:
        number = self.book.sequence + 1
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._rows = os.open(self._rows_path(number), flags, 0o640)
        self._begun = os.open(self._begun_path(number), flags, 0o640)
        _sync(self._rows_path(number).parent)
        if self._flushing is None or self._flushing.done():
            for handle in self._spent:
                os.close(handle)
            self._spent = []

    def _reopen(self) -> None:
        names = sorted(p.name for p in (self.folder / "entries").iterdir() if p.name.isdigit())
        self.book.reopen([(self.folder / "entries" / name).read_bytes() for name in names], [])
        number = self.book.sequence + 1
        self.book.reopen([], self._kept_rows(number))
        self._before = {row.nonce for row in self._kept_rows(number - 1)} if number > 1 else set()
        self.clock.floor_ns = max(self.clock.floor_ns, self.book.start_us * 1_000)
        begun = sorted((self.folder / "begun").glob("[0-9]*[0-9]"))
        lines = [line for path in begun for line in path.read_bytes().splitlines(keepends=True)]
        # What ended is told before any interval closes, and what was cut off stays noted as under
        # way until it has its row: hours may have passed, and this may be killed as well.
        first = max(1, min([number, *(int(path.name) for path in begun)]))
        kept = (row.nonce for n in range(first, number + 1) for row in self._kept_rows(n))
        done = {*kept, *self._before}
        whole = [line for line in lines if line.endswith(b"\n")]
        cut = {line[:32].decode("ascii"): line for line in whole}
        self.under_way = {nonce: line for nonce, line in cut.items() if nonce not in done}
        self._open_files()
        now = self.clock.now_ns()
        for nonce, line in list(self.under_way.items()):
            words = line.decode("ascii").split()
            # Whoever asked got no end of an answer from this meter.
            scheduled, sent = int(words[2]), int(words[3])
            self._enter(Sighting(nonce, words[1], scheduled, sent, 0, max(now, sent), 0,
                                 marks=Mark.ERROR))  # fmt: skip
            self.cut_off += 1
        os.fdatasync(self._rows)
        for path in begun:
            if path != self._begun_path(self.book.sequence + 1):
                path.unlink(missing_ok=True)

    def _kept_rows(self, number: int) -> list[Row]:
        """Rows of a reading as they were kept; a torn end is cut off."""
        path = self._rows_path(number)
        if not path.exists():
            return []
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            with path.open("r+b") as file:
                file.truncate(len(whole))
                os.fsync(file.fileno())
        if not whole:
            return []
        return read_rows(self.book.product, whole, str(path.name)).rows

    def _rows_path(self, number: int) -> Path:
        return self.folder / "rows" / str(self.book.meter) / f"{number:08d}.rows"

    def _begun_path(self, number: int) -> Path:
        return self.folder / "begun" / f"{number:08d}"

    def _entry_path(self, number: int) -> Path:
        return self.folder / "entries" / f"{number:08d}"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

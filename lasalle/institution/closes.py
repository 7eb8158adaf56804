"""The closes of a house in a folder: its journal replayed, stopped at each settled day.

A close is the state once a day's settlement is followed by the margin table in force next, or, as
long as none is, the state after the settlement. The folder is only read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from lasalle import wire
from lasalle.clearing.disclosed import Year
from lasalle.clearing.disclosed_deliveries import EVENTS, Delivered
from lasalle.clearing.disclosure import BackTest, Close, Span
from lasalle.contracts import numbered_day
from lasalle.institution.settings import read_settings
from lasalle.plain.records import read_records
from lasalle.venue import Journal
from lasalle.venue.core import make_core
from lasalle.venue.disk import FolderDisk
from lasalle.venue.journal import NO_EVENTS
from lasalle.venue.replay import Diverged

YEAR = timedelta(days=365)


class Closes:
    """Folds events of a journal into closes and the spans between them, up to a day."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.spans: list[Span] = []
        self.tested: list[tuple[int, BackTest]] = []
        self.delivered: list[tuple[int, Delivered]] = []
        self.before: Close | None = None
        self.records, self.span = b"", Span(0)
        self._next, self._settling, self._tabled = Span(0), -1, True
        self._delivered, self._delivering = Delivered(), Delivered()
        """Of the span that ended at a settlement, and of the one under way."""
        self._between: dict[int, int] = {}
        """What was settled for good since a settlement that has no table yet."""

    def events(self, frames: bytes) -> bool:
        """Takes the events of a command; True when the state after it is to be handed over."""
        settled = tabled = False
        for header, event in wire.read_frames(frames):
            if isinstance(event, wire.VariationSettled):
                self._end()
                self._settle(event.day, header.cause)
                settled = True
            elif isinstance(event, wire.MarginTableActivated) and not self._tabled:
                tabled = self._tabled = True
                self._finals(self.span)
                self._delivered.add(self._delivering)
                self._delivering = Delivered()
            elif isinstance(event, wire.PaymentPosted) and header.cause == self._settling:
                self.span.paid[event.account] = self.span.paid.get(event.account, 0) + event.amount
            elif isinstance(event, wire.MarginCalled):
                self._next.called += event.amount
            elif isinstance(event, wire.FinalSettled):
                into = self._next.finals if self._tabled else self._between
                into[event.series] = into.get(event.series, 0) + event.price * event.hours
            elif type(event) in EVENTS:
                self._delivering.on(event)
        return settled or tabled

    def _settle(self, day: int, cause: int) -> None:
        self._finals(self._next)
        self.span, self._next = self._next, Span(0)
        self._delivered, self._delivering = self._delivering, Delivered()
        self.span.day, self._settling, self._tabled = day, cause, False

    def _finals(self, span: Span) -> None:
        for series, gained in self._between.items():
            span.finals[series] = span.finals.get(series, 0) + gained
        self._between = {}

    def _end(self) -> None:
        """The close of the day before is what it was handed last."""
        if not self.records:
            return
        close = Close(self.span.day, read_records(self.records))
        if self.before is not None:
            test = BackTest()
            test.compare(self.before, close, self.span)
            self.tested.append((close.day, test))
        self.spans.append(self.span)
        self.delivered.append((close.day, self._delivered))
        self.before, self.records = close, b""

    def year(self, made_up: bool) -> Year:
        """The last close with the year before it. Raises ValueError where there is none."""
        self._end()
        if self.before is None or (self.last and self.before.day != self.last):
            raise ValueError(self._no_close())
        first = numbered_day(self.before.day) - YEAR
        whole = BackTest()
        for day, test in self.tested:
            if numbered_day(day) > first:
                whole.observed += test.observed
                whole.over += test.over
        spans = [span for span in self.spans if numbered_day(span.day) > first]
        delivered = [d for day, d in self.delivered if numbered_day(day) > first]
        return Year(self.before, spans, whole, made_up, delivered=delivered)

    def _no_close(self) -> str:
        """Why there is no close of the day that was asked for, in dates as they are typed."""
        if not self.last:
            return "--as-of: expected a house that has settled a day, found none settled"
        found = f"--as-of: expected a settled day, found {numbered_day(self.last)}"
        if self.before is None:
            return f"{found}; this house settled none up to it"
        return f"{found}; the last one settled before it is {numbered_day(self.before.day)}"


def read_year(folder: Path, last: int = 0) -> Year:
    """The year up to a settled day (YYYYMMDD; 0: the last) of a house in a folder.

    Raises ValueError where the day is not settled, Diverged where the journal does not replay.
    """
    if not (folder / "journal").is_dir():
        raise ValueError(f"{folder}: expected a folder with a journal")
    closes, (core, _), told = Closes(last), make_core(), NO_EVENTS
    disk = FolderDisk(folder / "journal", read_only=True)
    try:
        for batch in Journal(disk, read_only=True).batches():
            if batch.events != told:
                raise Diverged(f"the events before number {batch.first} are not those sealed")
            gathered = b""
            for frame in frames_of(batch.frames):
                found = core.take(frame)
                gathered += found
                if last and _settles_after(found, last):
                    return closes.year(read_settings(folder).demonstration)
                if closes.events(found):
                    closes.records = core.snapshot()
            told = sha256(gathered).digest()
    finally:
        disk.close()
    return closes.year(read_settings(folder).demonstration)


def _settles_after(frames: bytes, last: int) -> bool:
    return any(
        isinstance(event, wire.VariationSettled) and event.day > last
        for _, event in wire.read_frames(frames)
    )


def frames_of(frames: bytes) -> Iterator[bytes]:
    """Each frame of a batch."""
    at = 0
    while at < len(frames):
        length = int.from_bytes(frames[at : at + 4], "little")
        yield frames[at : at + length]
        at += length

"""What waits for one reader of a stream, in frames that readers share."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import msgspec

from lasalle import wire
from lasalle.gateway.answers import is_own
from lasalle.gateway.framing import Wire, framed
from lasalle.gateway.keys import Signer
from lasalle.gateway.shared import Shared
from lasalle.views import HistoryBehind
from lasalle.views.requirement import Change, RequirementStore

CONFLATE_BEHIND = 500
CONFLATE_BEHIND_BYTES = 512 * 1024
MOST_BEHIND = 5_000
MOST_BEHIND_BYTES = 4 * 1024 * 1024
MOST_UNANSWERED = 1_000
PATH = "/v1/stream"
CATCH_UP = 500
HISTORY_SECONDS = 0.2
"""Between two looks at a history that has yet to fold what a reader is to hear."""
"""Events looked at in one step for a reader that resumes: a step never holds the loop for long."""
WRITE_BYTES = 64 * 1024
"""Frames handed to the wire at once."""
TOGETHER_SECONDS = 0.001
"""Public messages that follow each other faster go out together."""
ENCODER = msgspec.json.Encoder()


def written(message: dict[str, Any]) -> bytes:
    """A message as it goes out, framed."""
    return framed(ENCODER.encode(message))


class Pace:
    """Writes what waits for many readers: at once after a quiet moment, together in a busy one."""

    def __init__(self) -> None:
        self._due: set[Stream] = set()
        self._last = 0.0
        self._under_way = False

    def add(self, stream: Stream) -> None:
        """Something waits for this reader."""
        self._due.add(stream)
        if self._under_way:
            return
        self._under_way = True
        loop = asyncio.get_running_loop()
        pause = self._last + TOGETHER_SECONDS - loop.time()
        if pause > 0:
            loop.call_later(pause, self._write)
        else:
            loop.call_soon(self._write)

    def _write(self) -> None:
        due, self._due, self._under_way = self._due, set(), False
        self._last = asyncio.get_running_loop().time()
        for stream in due:
            stream.flush()


class Resumed:
    """How far a reader has come in the changes of what its accounts are asked: `cursor` is the last
    row looked at while it catches up, None when it is up to date."""

    def __init__(self) -> None:
        self.on, self.seq = False, 0
        self.cursor: int | None = None

    @property
    def live(self) -> bool:
        """Whether rows are told as they are made."""
        return self.on and self.cursor is None

    def begin(self, row: int, *, behind: bool) -> None:
        """Goes on after a row."""
        self.on, self.seq, self.cursor = True, row, row if behind else None

    def end(self) -> None:
        """Tells nothing more, also of what is being caught up with."""
        self.on, self.cursor = False, None


class Stream:
    """Messages, books to be told anew, and how far a private reader has come."""

    def __init__(
        self,
        shared: Shared,
        out: Wire,
        address: str = "",
        wanted: frozenset[str] = frozenset(),
    ) -> None:
        self._g, self._out = shared, out
        self.address, self.wanted = address, wanted
        self.signer: Signer | None = None
        self.session = 0
        self.names_session = False
        self.private = False
        self.private_seq = 0
        self.cursor: int | None = None
        """Last event looked at while the reader catches up; None when it is up to date."""
        self.requirement = Resumed()
        self.gone = asyncio.Event()
        """Set when the reader is too far behind to be told everything it must be told."""
        self.revoked = False
        """Set when the key of its login was revoked: nothing private is told after that."""
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._stale: dict[str, None] = {}
        self._drained = asyncio.Event()
        self._soon = False

    def push(self, message: bytes) -> None:
        """A message that is never left out. One alone may be longer than what may wait."""
        waiting = self._waiting
        if waiting and (
            len(waiting) >= MOST_BEHIND or self._bytes + len(message) > MOST_BEHIND_BYTES
        ):
            self.gone.set()
            return
        waiting.append(message)
        self._bytes += len(message)

    def push_book(self, symbol: str, message: bytes) -> bool:
        """A book increment; False when a snapshot will stand for it."""
        if self._stale and symbol in self._stale:
            return False
        if len(self._waiting) >= CONFLATE_BEHIND or self._bytes >= CONFLATE_BEHIND_BYTES:
            self._stale[symbol] = None
            return False
        self.push(message)
        return True

    def tell(self, message: dict[str, Any]) -> None:
        """A message for this reader alone; it goes out when this turn of the loop ends."""
        self.push(written(message))
        self.soon()

    def soon(self) -> None:
        """Has what waits written when this turn of the loop ends."""
        if not self._soon:
            self._soon = True
            asyncio.get_running_loop().call_soon(self.flush)

    def push_private(self, header: wire.Header, event: Any) -> None:
        """An event, if it is the reader's own; it names the one before."""
        assert self.signer is not None, "only a reader that logged in hears private events"
        g, actor, number = self._g, self.signer.actor, header.number
        if not is_own(g.accounts, actor, event, number):
            return
        told = g.tellings.own(g.accounts, actor, header, event)
        head = b'{"channel":"private","prev_seq":%d,"seq":%d,' % (self.private_seq, number)
        self.private_seq = number
        self.push(framed(head + told[1:]))
        self.soon()

    def push_requirements(self, changes: list[Change]) -> None:
        """Those changes that are of the reader's accounts; each names the one before."""
        assert self.signer is not None, "only a reader that logged in hears of its accounts"
        views, at = self._g.accounts, self.requirement
        for change in changes:
            since, _ = self._g.reading.since(self.signer.actor, change.account)
            if change.event > since and views.may_see(self.signer.actor, change.account):
                head = {"channel": "requirement", "prev_seq": at.seq, "seq": change.row}
                at.seq = change.row
                self.push(written({**head, **change.told()}))
        self.soon()

    async def catch_up_requirements(self, store: RequirementStore) -> None:
        """Tells changes after the cursor, as fast as the reader takes them, until it is up to
        date; nothing is awaited between the last look and that."""
        at = self.requirement
        while at.cursor is not None and self.signer is not None and not self.gone.is_set():
            if not self._g.keys.alive(self.signer.key):
                self.revoke()
                return
            changes = store.after(at.cursor, CATCH_UP)
            self.push_requirements(changes)
            at.cursor = changes[-1].row if len(changes) == CATCH_UP else None
            self.flush()
            if self._waiting:
                self._drained.clear()
                await self._drained.wait()
            await asyncio.sleep(0)

    def flush(self) -> None:
        """Writes what waits for as long as the reader takes it."""
        self._soon = False
        while self._out.ready and not self.gone.is_set():
            if self._waiting:
                self._out.write(self._chunk())
            elif self._stale:
                symbols = list(self._stale)
                self._stale.clear()
                books = [self._g.market.by_symbol[s].book() for s in symbols]
                self._out.write(written({"channel": "snapshot", "books": books}))
            else:
                self._drained.set()
                return

    def _chunk(self) -> bytes:
        waiting, size = self._waiting, self._bytes
        if size <= WRITE_BYTES or len(waiting) == 1:
            chunk = waiting[0] if len(waiting) == 1 else b"".join(waiting)
            waiting.clear()
            self._bytes = 0
            return chunk
        parts = [waiting.popleft()]
        taken = len(parts[0])
        while waiting and taken + len(waiting[0]) <= WRITE_BYTES:
            parts.append(waiting.popleft())
            taken += len(parts[-1])
        self._bytes -= taken
        return b"".join(parts)

    def revoke(self) -> None:
        """Ends the stream: its login no longer stands."""
        self.revoked = True
        self.gone.set()

    async def catch_up(self) -> None:
        """Tells private events after the cursor, as fast as the reader takes them, until it is up
        to date."""
        while self.cursor is not None and not self.gone.is_set():
            self.flush()
            if self._waiting:
                self._drained.clear()
                await self._drained.wait()
            await self._catch_up()
            await asyncio.sleep(0)

    def _behind(self) -> bool:
        return self.cursor is not None and self.signer is not None

    async def _catch_up(self) -> None:
        cursor, signer = self.cursor, self.signer
        if cursor is None or signer is None:
            return
        if not self._g.keys.alive(signer.key):
            self.revoke()
            return
        try:
            told = await self._g.reading.feed(cursor, CATCH_UP)
        except HistoryBehind:
            # Later events wait behind those the history has yet to fold: none is left out.
            await asyncio.sleep(HISTORY_SECONDS)
            return
        if self.cursor != cursor or not self._behind():
            # The reader logged out meanwhile, or asked to go on from elsewhere.
            return
        for header, event in told:
            self.push_private(header, event)
            self.cursor = header.number
        if len(told) < CATCH_UP:
            self.cursor = None

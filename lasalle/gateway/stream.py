"""What waits for one reader of a stream."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import msgspec

from lasalle import wire
from lasalle.gateway.answers import own_event
from lasalle.gateway.faults import BadCommand
from lasalle.gateway.keys import Signer
from lasalle.views import AccountsView

if TYPE_CHECKING:
    from lasalle.gateway.http import Gateway

CONFLATE_BEHIND = 500
MOST_BEHIND = 5_000
MOST_UNANSWERED = 1_000
PATH = "/v1/stream"
CATCH_UP = 500
"""Events looked at in one step for a reader that resumes: a step never holds the loop for long."""


def written(message: dict[str, Any]) -> str:
    """A message as it goes out; text, so that it is decoded once for all its readers."""
    return msgspec.json.encode(message).decode()


class Stream:
    """Messages, books to be told anew, and how far a private reader has come."""

    def __init__(self, address: str = "", wanted: frozenset[str] = frozenset()) -> None:
        self.address, self.wanted = address, wanted
        self.signer: Signer | None = None
        self.session = 0
        self.names_session = False
        self.private = False
        self.private_seq = 0
        self.cursor: int | None = None
        """Last event looked at while the reader catches up; None when it is up to date."""
        self.gone = asyncio.Event()
        """Set when the reader is too far behind to be told everything it must be told."""
        self.revoked = False
        """Set when the key of its login was revoked: nothing private is told after that."""
        self._waiting: deque[str] = deque()
        self._stale: dict[str, None] = {}
        self._wake = asyncio.Event()

    def push(self, message: str) -> None:
        """A message that is never left out."""
        if len(self._waiting) >= MOST_BEHIND:
            self.gone.set()
        else:
            self._waiting.append(message)
        self._wake.set()

    def push_book(self, symbol: str, message: str) -> bool:
        """A book increment; False when a snapshot will stand for it."""
        if self._stale and symbol in self._stale:
            return False
        if len(self._waiting) >= CONFLATE_BEHIND:
            self._stale[symbol] = None
            self._wake.set()
            return False
        self._waiting.append(message)
        self._wake.set()
        return True

    def revoke(self) -> None:
        """Ends the stream: its login no longer stands."""
        self.revoked = True
        self.gone.set()
        self._wake.set()

    def push_private(self, accounts: AccountsView, header: wire.Header, event: Any) -> None:
        """An event, if it is the reader's own; it names the one before."""
        assert self.signer is not None, "only a reader that logged in hears private events"
        fields = own_event(accounts, self.signer.actor, header, event)
        if fields is None:
            return
        message = {
            "channel": "private",
            "prev_seq": self.private_seq,
            "seq": header.number,
            **fields,
        }
        self.private_seq = header.number
        self.push(written(message))

    async def next(self, gateway: Gateway) -> str | None:
        """The next message; None when the reader is too far behind."""
        while not self.gone.is_set():
            if self._waiting:
                return self._waiting.popleft()
            if self.cursor is not None:
                await self._catch_up(gateway)
                await asyncio.sleep(0)
                continue
            if self._stale:
                symbols = list(self._stale)
                self._stale.clear()
                books = [gateway.market.by_symbol[s].book() for s in symbols]
                return written({"channel": "snapshot", "books": books})
            self._wake.clear()
            await self._wake.wait()
        return None

    def _behind(self) -> bool:
        return self.cursor is not None and self.signer is not None

    async def _catch_up(self, gateway: Gateway) -> None:
        assert self.cursor is not None, "only a reader that is behind catches up"
        assert self.signer is not None, "only a reader that logged in hears private events"
        if not gateway.keys.alive(self.signer.key):
            self.revoke()
            return
        told = await gateway.reading.feed(self.cursor, CATCH_UP)
        if not self._behind():
            # The reader logged out meanwhile.
            return
        for header, event in told:
            self.push_private(gateway.accounts, header, event)
            self.cursor = header.number
        if len(told) < CATCH_UP:
            self.cursor = None


def decoded(text: str | bytes) -> dict[str, Any]:
    """A message of a reader. Raises BadCommand."""
    try:
        message = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadCommand("", "a JSON object", str(error)) from None
    if not isinstance(message, dict):
        raise BadCommand("", "a JSON object", type(message).__name__)
    return message

"""Streams: public data by snapshot and deltas, an owner's events after a signed login.

A reader that falls behind gets fresh snapshots instead of old book deltas; trades and private
events are never left out: a reader that cannot take them is closed with a code.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from lasalle import wire
from lasalle.gateway.answers import own_event
from lasalle.gateway.keys import KeyRefused, KeyStore, ScopeMissing, Signer
from lasalle.venue.waiting import Waiting
from lasalle.views import AccountsView, MarketView
from lasalle.views.market import trade_row

CONFLATE_BEHIND = 500
MOST_BEHIND = 5_000
HEARTBEAT_SECONDS = 5.0
TRADES_FIRST = 100
TOO_FAR_BEHIND, BAD_MESSAGE = 4008, 4000
PATH = "/v1/stream"


class Stream:
    """What waits for one reader."""

    def __init__(self) -> None:
        self.wanted: frozenset[str] = frozenset()
        self.signer: Signer | None = None
        self.session = 0
        self.private = False
        self.private_seq = 0
        self.over = False
        self._waiting: deque[bytes] = deque()
        self._stale: dict[str, None] = {}
        self._wake = asyncio.Event()

    def wants(self, channel: str, symbol: str) -> bool:
        """True for every public message until the reader names its channels."""
        return not self.wanted or channel in self.wanted or f"{channel}.{symbol}" in self.wanted

    def push(self, message: bytes) -> None:
        if len(self._waiting) >= MOST_BEHIND:
            self.over = True
        else:
            self._waiting.append(message)
        self._wake.set()

    def push_book(self, symbol: str, message: bytes) -> None:
        if symbol in self._stale or len(self._waiting) >= CONFLATE_BEHIND:
            self._stale[symbol] = None
            self._wake.set()
        else:
            self.push(message)

    async def next(self, market: MarketView) -> bytes | None:
        """The next message; None when the reader is too far behind."""
        while not (self.over or self._waiting or self._stale):
            self._wake.clear()
            await self._wake.wait()
        if self.over:
            return None
        if self._waiting:
            return self._waiting.popleft()
        symbols = list(self._stale)
        self._stale.clear()
        return snapshot(market, symbols)


def snapshot(market: MarketView, symbols: list[str]) -> bytes:
    books = [market.by_symbol[s].book() for s in symbols]
    return msgspec.json.encode({"channel": "snapshot", "books": books})


def arrival(market: MarketView) -> bytes:
    """What a new reader gets first: every book, and the last trades, newest first."""
    views = list(market.series.values())
    recent = sorted(((h, e, v) for v in views for h, e in v.trades), key=lambda t: -t[0].number)
    return msgspec.json.encode(
        {
            "channel": "snapshot",
            "books": [v.book() for v in views],
            "trades": [trade_row(v, h, e) for h, e, v in recent[:TRADES_FIRST]],
        }
    )


class Streams:
    """Every open stream; all of it runs on the event loop."""

    def __init__(
        self, waiting: Waiting, market: MarketView, accounts: AccountsView, keys: KeyStore
    ) -> None:
        self._waiting, self._market = waiting, market
        self._accounts, self._keys = accounts, keys
        self._open: set[Stream] = set()
        self._last_session = 0
        self.sessions: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._open)

    def tell(self, messages: list[dict[str, Any]]) -> None:
        """Hands public messages to those who want them; each is written out once."""
        for message in messages:
            channel, symbol = message["channel"], message.get("symbol", "")
            written = msgspec.json.encode(message)
            for stream in self._open:
                if not stream.wants(channel, symbol):
                    continue
                if channel == "book":
                    stream.push_book(symbol, written)
                else:
                    stream.push(written)

    def tell_owner(self, header: wire.Header, event: Any) -> None:
        """Hands an event to the private streams of its owners."""
        for stream in self._open:
            if stream.private:
                self._push_private(stream, header, event)

    def _push_private(self, stream: Stream, header: wire.Header, event: Any) -> None:
        assert stream.signer is not None, "a private stream is logged in"
        fields = own_event(self._accounts, stream.signer.actor, header, event)
        if fields is None or header.number <= stream.private_seq:
            return
        body = {"channel": "private", "prev_seq": stream.private_seq, "seq": header.number}
        stream.push(msgspec.json.encode({**body, **fields}))
        stream.private_seq = header.number

    async def serve(self, socket: WebSocket) -> None:
        """One reader from its arrival to its end; its session's orders end with it."""
        await socket.accept()
        stream = Stream()
        stream.push(arrival(self._market))
        self._open.add(stream)
        tasks = [
            asyncio.create_task(self._send(socket, stream)),
            asyncio.create_task(self._beat(stream)),
            asyncio.create_task(self._hear(socket, stream)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open.discard(stream)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._logout(stream)

    async def _send(self, socket: WebSocket, stream: Stream) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while (message := await stream.next(self._market)) is not None:
                await socket.send_text(message.decode())
            await socket.close(TOO_FAR_BEHIND, "too far behind: read the snapshot again")

    async def _beat(self, stream: Stream) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            beat = {
                "channel": "heartbeat",
                "seq": self._market.last_event,
                "time": str(time.time_ns()),
            }
            stream.push(msgspec.json.encode(beat))

    async def _hear(self, socket: WebSocket, stream: Stream) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                said = await socket.receive_text()
                try:
                    message = msgspec.json.decode(said)
                    if not isinstance(message, dict):
                        raise ValueError("expected a JSON object")
                    await self._carry_out(stream, message, socket)
                except (KeyRefused, ScopeMissing, ValueError, TypeError) as error:
                    stream.push(
                        msgspec.json.encode(
                            {"channel": "error", "code": BAD_MESSAGE, "text": str(error)}
                        )
                    )

    async def _carry_out(self, stream: Stream, message: dict[str, Any], socket: WebSocket) -> None:
        op = message.get("op")
        if op == "subscribe":
            stream.wanted = frozenset(str(c) for c in message.get("channels", ()))
        elif op == "login":
            self._login(stream, message, socket.client.host if socket.client else "")
        elif op == "logout":
            await self._logout(stream)
        elif op == "private":
            self._open_private(stream, message.get("after"))
        else:
            raise ValueError(f"op {op!r}: expected subscribe, login, logout or private")

    def _login(self, stream: Stream, message: dict[str, Any], address: str) -> None:
        if stream.session:
            raise ValueError("logged in already: log out first")
        headers = {
            f"x-lasalle-{n}": str(message.get(n, "")) for n in ("key", "timestamp", "signature")
        }
        now_ms = time.time_ns() // 1_000_000
        signer = self._keys.signer(headers, now_ms, "GET", PATH, b"", address)
        signer.need("read")
        self._last_session += 1
        stream.signer, stream.session = signer, self._last_session
        self.sessions[stream.session] = signer.actor
        stream.push(msgspec.json.encode({"channel": "login", "session": stream.session}))

    async def _logout(self, stream: Stream) -> None:
        """Ends the session: whoever left by word or by wire has no order of it in the book."""
        session, stream.session, stream.private = stream.session, 0, False
        stream.signer = None
        if session:
            self.sessions.pop(session, None)
            with contextlib.suppress(Exception):
                # A venue that stopped, or is full, loses the session when it is opened again.
                await self._waiting.ask(0, wire.LoseSession(session=session))

    def _open_private(self, stream: Stream, after: Any) -> None:
        """Private events after a number, or a snapshot and what follows."""
        if stream.signer is None:
            raise ValueError("private: expected a login before")
        stream.private = True
        accounts = self._accounts
        if type(after) is int and after >= accounts.feed_lost:
            stream.private_seq = after
            for header, event in list(accounts.feed):
                if header.number > after:
                    self._push_private(stream, header, event)
            return
        mine = [n for n in accounts.accounts if accounts.may_see(stream.signer.actor, n)]
        stream.private_seq = self._market.last_event
        stream.push(
            msgspec.json.encode(
                {
                    "channel": "private_snapshot",
                    "seq": stream.private_seq,
                    "accounts": [accounts.shown(n) for n in mine],
                    "orders": [o for n in mine for o in accounts.live_orders(n)],
                }
            )
        )

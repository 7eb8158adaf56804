"""Streams: public data by snapshot and increments, an owner's events and orders after one logon.

A reader that falls behind gets fresh snapshots instead of old book increments; trades and private
events are never left out: a reader that cannot take them is closed with a code.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from lasalle import wire
from lasalle.gateway.desk import StreamDesk
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.gateway.stream import (
    CONFLATE_BEHIND,
    MOST_BEHIND,
    MOST_UNANSWERED,
    PATH,
    Stream,
    written,
)
from lasalle.views import MarketView
from lasalle.views.market import trade_row

if TYPE_CHECKING:
    from lasalle.gateway.http import Gateway

__all__ = ["CONFLATE_BEHIND", "MOST_BEHIND", "MOST_UNANSWERED", "PATH", "Streams"]

HEARTBEAT_SECONDS = 5.0
TRADES_FIRST = 100
TOO_FAR_BEHIND, CLOSING, REFUSED = 4008, 1001, 4003
CLOSE_SECONDS = 2.0
MOST_CHANNELS = 1_000
CHANNELS = ("book", "trades", "fixings", "status")


def snapshot(market: MarketView, symbols: list[str]) -> str:
    """Fresh books of some series."""
    return written({"channel": "snapshot", "books": [market.by_symbol[s].book() for s in symbols]})


def arrival(market: MarketView, wanted: frozenset[str]) -> str:
    """What a reader gets first: the books it wants, and the last trades, newest first."""
    views = [
        v
        for v in market.series.values()
        if not wanted or "book" in wanted or f"book.{v.terms.symbol}" in wanted
    ]
    recent = sorted(((h, e, v) for v in views for h, e in v.trades), key=lambda t: -t[0].number)
    return written(
        {
            "channel": "snapshot",
            "seq": market.last_event,
            "books": [v.book() for v in views],
            "trades": [trade_row(v, h, e) for h, e, v in recent[:TRADES_FIRST]],
        }
    )


class Streams:
    """Every open stream; all of it runs on the event loop."""

    def __init__(self, gateway: Gateway) -> None:
        self._g = gateway
        self._open: set[Stream] = set()
        self._arrival: tuple[int, str] = (-1, "")

    def __len__(self) -> int:
        return len(self._open)

    def tell(self, messages: list[dict[str, Any]]) -> None:
        """Hands public messages to those who want them; each is written out once."""
        measures = self._g.measures
        for message in messages:
            channel, symbol = message["channel"], message.get("symbol", "")
            text = written(message)
            exact = f"{channel}.{symbol}"
            told = 0
            for stream in self._open:
                wanted = stream.wanted
                if wanted and channel not in wanted and exact not in wanted:
                    continue
                told += 1
                if channel == "book":
                    if not stream.push_book(symbol, text):
                        measures.conflated.inc()
                else:
                    stream.push(text)
            measures.sent.inc(told)

    def tell_owner(self, header: wire.Header, event: Any) -> None:
        """Hands an event to the private streams of its owners."""
        for stream in self._open:
            if stream.signer is None or not stream.private or stream.cursor is not None:
                continue
            if self._g.keys.alive(stream.signer.key):
                stream.push_private(self._g.accounts, header, event)
            else:
                stream.revoke()

    async def beat(self) -> None:
        """A heartbeat to every reader, so that silence means a broken wire."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            beat = written(
                {
                    "channel": "heartbeat",
                    "seq": self._g.market.last_event,
                    "time": time.time_ns(),
                }
            )
            for stream in self._open:
                stream.push(beat)

    async def serve(self, scope: Any, receive: Any, send: Any) -> None:
        """One reader from its first message to its last."""
        await receive()
        try:
            address = scope["client"][0] if scope["client"] else ""
            self._g.buckets.take(address, "public", time.monotonic())
            query = dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=5))
            listed = query.get("channels", "")
            wanted = self.channels(listed.split(",") if listed else [])
        except (Denied, ValueError) as error:
            await send({"type": "websocket.close", "code": REFUSED, "reason": str(error)[:100]})
            return
        await send({"type": "websocket.accept"})
        stream = Stream(address, wanted)
        stream.push(self._first(wanted))
        self._open.add(stream)
        desk = StreamDesk(self._g, self, stream)
        sender = asyncio.create_task(self._send(stream, send))
        tasks = {
            sender,
            asyncio.create_task(self._hear(desk, receive)),
            asyncio.create_task(stream.gone.wait()),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open.discard(stream)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await desk.leave()
            if stream.revoked:
                await self._close(send, REFUSED, "the key was revoked")
            elif stream.gone.is_set():
                self._g.measures.dropped.inc()
                behind = "too far behind: read the snapshot again"
                await self._close(send, TOO_FAR_BEHIND, behind)

    def _first(self, wanted: frozenset[str]) -> str:
        """The first snapshot; readers who arrive between two events share one."""
        if wanted:
            return arrival(self._g.market, wanted)
        number, text = self._arrival
        if number != self._g.market.last_event:
            text = arrival(self._g.market, wanted)
            self._arrival = (self._g.market.last_event, text)
        return text

    async def _close(self, send: Any, code: int, reason: str) -> None:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSE_SECONDS):
                await send({"type": "websocket.close", "code": code, "reason": reason})

    async def _send(self, stream: Stream, send: Any) -> None:
        with contextlib.suppress(RuntimeError, OSError):
            while True:
                text = await stream.next(self._g)
                if text is None:
                    return
                await send({"type": "websocket.send", "text": text})

    async def _hear(self, desk: StreamDesk, receive: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            await desk.hear(message.get("text") or message.get("bytes") or "")

    def channels(self, listed: Any) -> frozenset[str]:
        """Channels a reader names: `book`, `trades.SYMBOL` and so on. Raises BadCommand."""
        if not isinstance(listed, list) or len(listed) > MOST_CHANNELS:
            raise BadCommand("channels", f"a list of at most {MOST_CHANNELS} names", listed)
        for name in listed:
            channel, _, symbol = name.partition(".") if isinstance(name, str) else ("", "", "")
            if channel not in CHANNELS or (symbol and symbol not in self._g.market.by_symbol):
                raise BadCommand("channels", f"{', '.join(CHANNELS)} or one of them.SYMBOL", name)
        return frozenset(listed)

    def fresh(self, symbol: str | None, wanted: frozenset[str]) -> str:
        """A snapshot a reader asks for after a gap."""
        self._g.measures.resyncs.inc()
        if symbol is None:
            return arrival(self._g.market, wanted)
        if symbol not in self._g.market.by_symbol:
            raise BadCommand("symbol", "a listed symbol", symbol)
        return snapshot(self._g.market, [symbol])

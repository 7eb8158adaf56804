"""Streams: public data by snapshot and increments, an owner's events and orders after one logon.

A reader that falls behind gets fresh snapshots instead of old book increments; trades and private
events are never left out: a reader that cannot take them is closed with a code.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any
from urllib.parse import parse_qsl

from lasalle import wire
from lasalle.gateway.channels import arrival, channels
from lasalle.gateway.desk import StreamDesk
from lasalle.gateway.faults import Denied
from lasalle.gateway.framing import FRAMES, FramedProtocol
from lasalle.gateway.shared import Shared
from lasalle.gateway.stream import Pace, Stream, written
from lasalle.views.requirement import Change

HEARTBEAT_SECONDS = 5.0
TOO_FAR_BEHIND, REFUSED = 4008, 4003
CLOSE_SECONDS = 2.0


class Streams:
    """Every open stream; all of it runs on the event loop."""

    def __init__(self, shared: Shared) -> None:
        self._g = shared
        self._open: set[Stream] = set()
        self._pace = Pace()
        self._arrival: tuple[int, bytes] = (-1, b"")

    def tell(self, messages: list[dict[str, Any]]) -> None:
        """Hands public messages to those who want them; each is written out once."""
        if not self._open:
            return
        measures, add = self._g.measures, self._pace.add
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
                add(stream)
            measures.sent.inc(told)

    def tell_owner(self, header: wire.Header, event: Any) -> None:
        """Hands an event to the private streams of its owners."""
        for stream in self._open:
            if stream.signer is None or not stream.private or stream.cursor is not None:
                continue
            if self._g.keys.alive(stream.signer.key):
                stream.push_private(header, event)
            else:
                stream.revoke()

    def tell_requirements(self, changes: list[Change]) -> None:
        """Hands changes of what accounts are asked to the streams of their owners."""
        for stream in self._open:
            if stream.signer is None or not stream.requirement.live:
                continue
            if self._g.keys.alive(stream.signer.key):
                stream.push_requirements(changes)
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
                self._pace.add(stream)

    async def serve(self, scope: Any, receive: Any, send: Any) -> None:
        """One reader from its first message to its last."""
        await receive()
        g = self._g
        try:
            address = scope["client"][0] if scope["client"] else ""
            g.buckets.take(address, "public", time.monotonic())
            query = dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=5))
            listed = query.get("channels", "")
            wanted = channels(g.market, listed.split(",") if listed else [])
        except (Denied, ValueError) as error:
            await send({"type": "websocket.close", "code": REFUSED, "reason": str(error)[:100]})
            return
        await send({"type": "websocket.accept"})
        protocol: FramedProtocol = scope["extensions"][FRAMES]
        stream = Stream(g, protocol, address, wanted)
        desk = StreamDesk(g, stream, protocol)
        stream.push(self._first(wanted))
        self._pace.add(stream)
        protocol.hear, protocol.resumed = desk.hear, stream.flush
        self._open.add(stream)
        g.measures.readers.inc()
        tasks = {
            asyncio.create_task(_until_left(desk, receive)),
            asyncio.create_task(stream.gone.wait()),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open.discard(stream)
            g.measures.readers.dec()
            protocol.hear = protocol.resumed = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await desk.leave()
            if stream.revoked:
                await _close(send, REFUSED, "the key was revoked")
            elif stream.gone.is_set():
                g.measures.dropped.inc()
                await _close(send, TOO_FAR_BEHIND, "too far behind: read the snapshot again")

    def _first(self, wanted: frozenset[str]) -> bytes:
        """The first snapshot; readers who arrive between two events share one."""
        if wanted:
            return arrival(self._g.market, wanted)
        number, text = self._arrival
        if number != self._g.market.last_event:
            text = arrival(self._g.market, wanted)
            self._arrival = (self._g.market.last_event, text)
        return text


async def _until_left(desk: StreamDesk, receive: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        # Said before the stream was open.
        desk.hear((message.get("text") or "").encode() or message.get("bytes") or b"")


async def _close(send: Any, code: int, reason: str) -> None:
    with contextlib.suppress(Exception):
        async with asyncio.timeout(CLOSE_SECONDS):
            await send({"type": "websocket.close", "code": code, "reason": reason})

"""A stream of a house: books kept by increments and mended by one message, private events that go
on where they stopped, and orders under one logon."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from lasalle.client.asking import order_fields
from lasalle.client.faults import fault_from
from lasalle.client.shapes import Answer
from lasalle.client.signing import Key

PATH = "/v1/stream"
ENCODER = msgspec.json.Encoder()
ANSWER_SECONDS = 30.0
RECONNECT_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)


class StreamLost(Exception):
    """The stream ended before an answer came; what was asked may or may not have been done."""


class LiveBook:
    """A book by level: whole ticks to lots, best last to ask for; `seq` is that of the last
    increment."""

    def __init__(self, book: dict[str, Any]) -> None:
        self.symbol: str = book["symbol"]
        self.seq: int = book["seq"]
        self.bids = {x["price_ticks"]: x["lots"] for x in book["bids"]}
        self.asks = {x["price_ticks"]: x["lots"] for x in book["asks"]}

    def take(self, message: dict[str, Any]) -> bool:
        """Writes an increment; False when one before it is missing."""
        if message["seq"] <= self.seq:
            return True
        if message["prev_seq"] != self.seq:
            return False
        self.seq = message["seq"]
        for level in message["levels"]:
            side = self.bids if level["side"] == "buy" else self.asks
            if level["lots"]:
                side[level["price_ticks"]] = level["lots"]
            else:
                side.pop(level["price_ticks"], None)
        return True

    def best(self) -> tuple[int | None, int | None]:
        """Best bid and ask in ticks."""
        return max(self.bids, default=None), min(self.asks, default=None)


class Stream:
    """Enter it, read it (`async for message in stream`), and ask over it.

    A lost connection is made again: books start from fresh snapshots, private events go on after
    the last one seen. The session of an older connection has ended by then, and its orders with it.
    """

    def __init__(
        self,
        address: str,
        key: Key | None = None,
        channels: list[str] | None = None,
        *,
        private_after: int | None = None,
        cancel_on_disconnect: str = "session",
    ) -> None:
        self._address = address.replace("http", "ws", 1) + PATH
        self._key, self._channels = key, channels
        self._cancel_on_disconnect = cancel_on_disconnect
        self.private_seq = private_after
        self.session = 0
        self.books: dict[str, LiveBook] = {}
        self.resyncs = 0
        self._mending: set[str] = set()
        self._messages: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._answers: dict[int, asyncio.Future[Answer]] = {}
        self._last_id = 0
        self._socket: ClientConnection | None = None
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._failed: Exception | None = None

    async def __aenter__(self) -> Stream:
        self._task = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        while (message := await self._messages.get()) is not None:
            yield message
        if self._failed is not None:
            raise self._failed

    async def command(self, name: str, **fields: Any) -> Answer:
        """Any command of the schema under this logon. Raises Fault and its kinds, StreamLost."""
        return await self._ask({"op": "command", "name": name, "fields": fields})

    async def place(self, account: int, symbol: str, side: str, lots: int, **more: Any) -> Answer:
        """An order by symbol and ticks, as `Client.place`."""
        fields = order_fields(account, symbol, side, lots, **more)
        return await self._ask({"op": "order", "fields": fields})

    async def _ask(self, message: dict[str, Any]) -> Answer:
        if not self._ready.is_set():
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._ready.wait()
        if self._failed is not None:
            raise self._failed
        loop = asyncio.get_running_loop()
        number = self._last_id = self._last_id + 1
        answer: asyncio.Future[Answer] = loop.create_future()
        self._answers[number] = answer
        late = loop.call_later(ANSWER_SECONDS, self._late, number)
        try:
            await self._send({**message, "id": number})
            return await answer
        finally:
            late.cancel()
            self._answers.pop(number, None)

    def _late(self, number: int) -> None:
        waiting = self._answers.get(number)
        if waiting is not None and not waiting.done():
            waiting.set_exception(TimeoutError(f"no answer in {ANSWER_SECONDS:.0f} s"))

    async def _send(self, message: dict[str, Any]) -> None:
        if self._socket is None:
            raise StreamLost("the stream is not connected")
        try:
            await self._socket.send(ENCODER.encode(message), text=True)
        except WebSocketException as error:
            raise StreamLost(str(error)) from error

    async def _live(self) -> None:
        attempt = 0
        try:
            while True:
                with contextlib.suppress(WebSocketException, OSError):
                    async with connect(self._address, max_size=None) as socket:
                        self._socket, attempt = socket, 0
                        await self._greet()
                        while True:
                            await self._hear(msgspec.json.decode(await socket.recv(decode=False)))
                self._lose()
                pause = RECONNECT_SECONDS[min(attempt, len(RECONNECT_SECONDS) - 1)]
                await asyncio.sleep(pause)
                attempt += 1
        except Exception as error:
            self._failed = error
            self._ready.set()
            self._messages.put_nowait(None)
        finally:
            self._lose()

    async def _greet(self) -> None:
        if self._channels:
            await self._send({"op": "subscribe", "channels": self._channels})
        if self._key is None:
            self._ready.set()
            return
        signed = self._key.headers("GET", PATH, b"")
        login = {n.removeprefix("X-LaSalle-").lower(): v for n, v in signed.items()}
        await self._send(
            {"op": "login", "cancel_on_disconnect": self._cancel_on_disconnect, **login}
        )
        await self._send({"op": "private", "after": self.private_seq})

    async def _hear(self, message: dict[str, Any]) -> None:
        channel = message.get("channel")
        if channel == "answer":
            self._answer(message)
            return
        if channel == "login":
            self.session = message["session"]
            self._ready.set()
        elif channel == "error" and message.get("op") == "login" and not self.session:
            raise fault_from(0, message["error"])
        elif channel in ("private", "private_snapshot"):
            self.private_seq = message["seq"]
        elif channel == "snapshot":
            self.books |= {b["symbol"]: LiveBook(b) for b in message["books"]}
            self._mending -= self.books.keys()
        elif channel == "book":
            await self._increment(message)
        self._messages.put_nowait(message)

    async def _increment(self, message: dict[str, Any]) -> None:
        """Writes an increment; after a gap one message brings the book anew."""
        symbol = message["symbol"]
        book = self.books.get(symbol)
        if symbol in self._mending or (book is not None and book.take(message)):
            return
        self.books.pop(symbol, None)
        self._mending.add(symbol)
        self.resyncs += 1
        await self._send({"op": "resync", "symbol": symbol})

    def _answer(self, message: dict[str, Any]) -> None:
        waiting = self._answers.pop(message.get("id", 0), None)
        if waiting is None or waiting.done():
            return
        if "error" in message:
            waiting.set_exception(fault_from(message.get("status", 0), message["error"]))
        else:
            waiting.set_result(msgspec.convert(message, Answer))

    def _lose(self) -> None:
        self._socket, self.session = None, 0
        self._mending.clear()
        if self._failed is None:
            self._ready.clear()
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(StreamLost("the stream ended before the answer came"))
        self._answers.clear()

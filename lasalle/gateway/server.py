"""The server every door of HTTP stands on: uvicorn with bounds on size, time and number.

uvicorn listens and holds the connections; requests of the door's table are answered on the
connection itself, the page and its files by an application beside it.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections import Counter, deque
from collections.abc import Coroutine
from functools import partial
from typing import Any

import httptools
import msgspec
import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lasalle.gateway.faults import Denied
from lasalle.gateway.framing import FramedProtocol
from lasalle.gateway.requests import Answering, Request, answer_bytes

MOST_BODY_BYTES = 256 * 1024
MOST_HEADER_BYTES = 32 * 1024
MOST_CONNECTIONS = 2_000
MOST_CONNECTIONS_OF_ADDRESS = 1_500
HEADER_SECONDS = 10.0
BODY_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 30
MOST_STREAM_MESSAGE_BYTES = 64 * 1024
SWITCH_SECONDS = 0.0005
"""How long a thread that folds or writes may keep the loop from the interpreter."""
COLLECT_AFTER = 50_000
"""Objects made before the youngest are looked through for cycles: an order makes about a hundred
and leaves none."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
NOTHING, HEADERS, BODY = range(3)
_open: Counter[str] = Counter()
"""Connections by address; one process serves one house."""


class Bounded(HttpToolsProtocol):
    """A connection that must send its requests whole, in time and in bounds; they are answered one
    by one, in their order.

    uvicorn waits for ever for a request that began and never ends, and keeps headers of any size.
    """

    def __init__(self, answering: Answering, **parts: Any) -> None:
        super().__init__(**parts)
        self._answering = answering
        self._counted = ""
        self._slow: asyncio.TimerHandle | None = None
        self._unread = 0
        self._stage = NOTHING
        self._told = False
        """Set when the connection ends with what was said last: nothing more is read."""
        self._request: Request | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._line: deque[Request] = deque()
        self._busy = False
        self._quiet: asyncio.TimerHandle | None = None
        self._quiet_since = 0.0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        address = self._counted = self.client[0] if self.client else ""
        _open[address] += 1
        if _open[address] > MOST_CONNECTIONS_OF_ADDRESS or sum(_open.values()) > MOST_CONNECTIONS:
            self._refuse(Denied("too many connections", name="venue_busy"))
        self._slow = self.loop.call_later(HEADER_SECONDS, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._settle()
        if self._quiet is not None:
            self._quiet.cancel()
        self._line.clear()
        self._uncount()
        super().connection_lost(exc)

    def _uncount(self) -> None:
        address, self._counted = self._counted, ""
        if address:
            _open[address] -= 1
            if _open[address] <= 0:
                del _open[address]

    def shutdown(self) -> None:
        if self._busy:
            self._told = True
        else:
            super().shutdown()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._next()

    def data_received(self, received: bytes) -> None:
        if self._told:
            return
        self._unread += len(received)
        super().data_received(received)
        self._bound()

    def _bound(self) -> None:
        """Bounds what has arrived of a request that is not whole."""
        if self._told:
            return
        if self._stage == HEADERS and self._unread > MOST_HEADER_BYTES:
            self._refuse(
                Denied(name="headers_too_large", expected=MOST_HEADER_BYTES, found=self._unread)
            )
        elif self._stage == NOTHING:
            self._settle()
        elif self._slow is None:
            seconds = HEADER_SECONDS if self._stage == HEADERS else BODY_SECONDS
            self._slow = self.loop.call_later(seconds, self._late)

    def handle_websocket_upgrade(self) -> None:
        self._settle()
        if self._quiet is not None:
            self._quiet.cancel()
        super().handle_websocket_upgrade()
        protocol = self.transport.get_protocol()
        # The stream is counted for as long as it is open.
        if isinstance(protocol, FramedProtocol):
            protocol.left = self._uncount

    def on_message_begin(self) -> None:
        self._stage = HEADERS
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_headers_complete(self) -> None:
        self._settle()
        self._stage = BODY
        upgrade = self.parser.should_upgrade() and self._should_upgrade()
        path, query = _split(self.url)
        if self._told:
            return
        if upgrade or self._answering.leaves(path):
            self._leave()
            return
        if self._left_unanswered():
            self.cycle.keep_alive = False
            self._told = True
            return
        address = self.client[0] if self.client else ""
        method = self.parser.get_method().decode("latin-1")
        request = Request(method, path.decode("latin-1"), query, address)
        for name, value in self.headers:
            request.hear(name, value)
        request.keep = self.parser.should_keep_alive()
        self._request, self._parts, self._size = request, [], 0
        if self.expect_100_continue:
            self.transport.write(CONTINUE)

    def on_body(self, body: bytes) -> None:
        request = self._request
        if request is None:
            if not self._told:
                super().on_body(body)
            return
        self._size += len(body)
        if self._size <= MOST_BODY_BYTES:
            self._parts.append(body)
        elif request.fault is None:
            request.fault = Denied(
                name="body_too_large",
                expected=MOST_BODY_BYTES,
                found=self._size,
                headers={"Connection": "close"},
            )
            self._complete(request)
            self._told = True

    def on_message_complete(self) -> None:
        self._stage, self._unread = NOTHING, 0
        request = self._request
        if request is not None:
            request.body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
            self._complete(request)
        elif not self._told:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        self._unread = 0
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(Denied(msg, name="malformed"))

    def _leave(self) -> None:
        """A request for the application beside the door; uvicorn carries it from here."""
        url, headers, expecting = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expecting
        self.headers += headers
        if self._busy:
            # Answers keep their order: whoever asks both at once asks the second again.
            self._told = True
            return
        super().on_headers_complete()

    def _left_unanswered(self) -> bool:
        """Whether the application beside the door has yet to answer."""
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _complete(self, request: Request) -> None:
        self._request = None
        self._line.append(request)
        if self._busy:
            self.flow.pause_reading()
        else:
            self._next()

    def _next(self) -> None:
        while self._line and not self._busy and not self.flow.write_paused:
            self._busy = True
            self._answering.answer(self._line.popleft(), self._reply)

    def _reply(self, content: bytes, keep: bool) -> None:
        """Writes an answer; the next request of the line is answered after it."""
        self._busy = False
        if self.transport.is_closing():
            return
        self.server_state.total_requests += 1
        self.transport.write(content)
        if not keep or self._told:
            self._told = True
            self._line.clear()
            self.transport.close()
        elif self._line:
            self.loop.call_soon(self._next)
        else:
            self.flow.resume_reading()
            self._quiet_since = self.loop.time()
            if self._quiet is None:
                self._quiet = self.loop.call_later(self.timeout_keep_alive, self._tire)

    def _tire(self) -> None:
        """Ends a connection nobody used for long; one timer serves many requests."""
        self._quiet = None
        left = self._quiet_since + self.timeout_keep_alive - self.loop.time()
        if left > 0 or self._stage != NOTHING or self._busy or self._left_unanswered():
            self._quiet = self.loop.call_later(max(left, 1.0), self._tire)
        else:
            self.transport.close()

    def _settle(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _late(self) -> None:
        self._slow = None
        if self._stage == NOTHING:
            self.transport.close()
            return
        part, seconds = ("headers", HEADER_SECONDS), ("body", BODY_SECONDS)
        named, allowed = part if self._stage == HEADERS else seconds
        text = f"the {named} did not arrive whole in time"
        self._refuse(Denied(text, name="request_timeout", expected=int(allowed)))

    def _refuse(self, denied: Denied) -> None:
        """Ends the connection with a reason, unless another answer is under way."""
        if self._told or self.transport.is_closing():
            return
        self._told = True
        self._settle()
        if not self._busy and not self._left_unanswered():
            request = Request("", "", b"", "", keep=False)
            content = msgspec.json.encode(denied.body())
            self.transport.write(answer_bytes(request, denied.status, content))
            self.transport.close()
        elif not self._busy:
            self.transport.close()


def _split(url: bytes) -> tuple[bytes, bytes]:
    """(path, query) of a target."""
    if not url.startswith(b"/"):
        try:
            parsed = httptools.parse_url(url)
        except httptools.HttpParserInvalidURLError:
            return url, b""
        return parsed.path or b"/", parsed.query or b""
    path, _, query = url.partition(b"?")
    return path, query


def run(main: Coroutine[Any, Any, None]) -> None:
    """Runs a house on the leanest event loop there is: it writes headers and body at once."""
    switch, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(SWITCH_SECONDS)
    # What was opened stays for as long as the house serves: looking through it finds nothing.
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, *threshold[1:])
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main)
    finally:
        sys.setswitchinterval(switch)
        gc.unfreeze()
        gc.set_threshold(*threshold)


def make_server(
    answering: Answering, app: Any, host: str, port: int, **more: Any
) -> uvicorn.Server:
    """A server that is not running yet; `app` has what `answering` leaves to it.

    A client's address is that of its socket: a header that names another one is not believed.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    settings: dict[str, Any] = {
        "host": host,
        "port": port,
        "log_level": "error",
        "access_log": False,
        "http": partial(Bounded, answering),
        "ws": FramedProtocol,
        "ws_max_size": MOST_STREAM_MESSAGE_BYTES,
        "ws_per_message_deflate": False,
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 20.0,
        "proxy_headers": False,
        "server_header": False,
        "date_header": False,
        "lifespan": "off",
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": 2,
        "backlog": 2048,
    }
    return uvicorn.Server(uvicorn.Config(app, **{**settings, **more}))

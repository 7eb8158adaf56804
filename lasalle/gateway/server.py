"""The server every door of HTTP stands on: uvicorn with bounds on size, time and number."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine
from typing import Any

import msgspec
import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lasalle.gateway.faults import Denied

MOST_BODY_BYTES = 256 * 1024
MOST_HEADER_BYTES = 32 * 1024
MOST_CONNECTIONS = 2_000
MOST_CONNECTIONS_OF_ADDRESS = 1_500
HEADER_SECONDS = 10.0
BODY_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 30
MOST_STREAM_MESSAGE_BYTES = 64 * 1024
STATUS_LINES = {
    400: b"HTTP/1.1 400 Bad Request",
    408: b"HTTP/1.1 408 Request Timeout",
    431: b"HTTP/1.1 431 Request Header Fields Too Large",
    503: b"HTTP/1.1 503 Service Unavailable",
}
_open: Counter[str] = Counter()
"""Connections by address; one process serves one house."""


class Bounded(HttpToolsProtocol):
    """A connection that must send its headers whole, in time and in bounds.

    uvicorn waits for ever for a request that began and never ends, and keeps headers of any size.
    """

    _counted = ""
    _slow: asyncio.TimerHandle | None = None
    _unread = 0
    _told = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        address = self._counted = self.client[0] if self.client else ""
        _open[address] += 1
        if _open[address] > MOST_CONNECTIONS_OF_ADDRESS or sum(_open.values()) > MOST_CONNECTIONS:
            self._refuse(Denied("too many connections", name="venue_busy"))
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._settle()
        if self._counted:
            _open[self._counted] -= 1
            if _open[self._counted] <= 0:
                del _open[self._counted]
            self._counted = ""
        super().connection_lost(exc)

    def data_received(self, received: bytes) -> None:
        if self._told:
            return
        if self._slow is None and self._unread == 0:
            self._wait()
        self._unread += len(received)
        super().data_received(received)
        if self._slow is not None and self._unread > MOST_HEADER_BYTES:
            self._refuse(
                Denied(name="headers_too_large", expected=MOST_HEADER_BYTES, found=self._unread)
            )

    def handle_websocket_upgrade(self) -> None:
        self._settle()
        super().handle_websocket_upgrade()

    def on_headers_complete(self) -> None:
        self._settle()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        self._unread = 0
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(Denied(msg, name="malformed"))

    def _wait(self) -> None:
        self._slow = self.loop.call_later(HEADER_SECONDS, self._late)

    def _settle(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _late(self) -> None:
        self._slow = None
        if self._unread:
            self._refuse(
                Denied(
                    "the headers did not arrive whole in time",
                    name="request_timeout",
                    expected=int(HEADER_SECONDS),
                )
            )
        else:
            self.transport.close()

    def _refuse(self, denied: Denied) -> None:
        if self._told or self.transport.is_closing():
            return
        self._told = True
        self._settle()
        content = msgspec.json.encode(denied.body())
        self.transport.write(
            STATUS_LINES[denied.status]
            + b"\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: "
            + str(len(content)).encode()
            + b"\r\n\r\n"
            + content
        )
        self.transport.close()


def run(main: Coroutine[Any, Any, None]) -> None:
    """Runs a house on the leanest event loop there is: it writes headers and body at once."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


def make_server(app: Any, host: str, port: int, **more: Any) -> uvicorn.Server:
    """A server that is not running yet.

    A client's address is that of its socket: a header that names another one is not believed.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    settings: dict[str, Any] = {
        "host": host,
        "port": port,
        "log_level": "error",
        "access_log": False,
        "http": Bounded,
        "ws": "websockets-sansio",
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

"""HTTP/1.1 as a metering proxy needs it: messages read from a stream as they come, by httptools."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httptools
import msgspec

PIECE = 65_536
MOST_BODY = 32 * 1024 * 1024
Header = tuple[bytes, bytes]
_HOP = frozenset({
    b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"te", b"trailer",
    b"upgrade", b"content-length", b"host", b"expect",
    # A meter reads what passes: nothing is packed on the way.
    b"accept-encoding",
})  # fmt: skip


class Broken(ConnectionError):
    """The other end closed, or spoke something that is not HTTP, in the middle of a message."""


class TooLarge(Broken):
    """A body larger than a meter holds."""


@dataclass
class _Message:
    headers: list[Header] = field(default_factory=list)
    url: bytes = b""
    pieces: list[bytes] = field(default_factory=list)
    begun: bool = False
    complete: bool = False
    more: bool = False
    """Whether another message begins in the bytes that ended this one."""

    def on_message_begin(self) -> None:
        self.more = self.complete

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.begun = True

    def on_body(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def on_message_complete(self) -> None:
        self.complete = True


@dataclass(frozen=True)
class Request:
    """A request, whole."""

    method: bytes
    target: bytes
    headers: Sequence[Header]
    body: bytes
    keep_alive: bool

    def header(self, name: bytes) -> bytes:
        """The value of a header; empty where there is none."""
        return next((value for found, value in self.headers if found == name), b"")


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None where it closed between two. Raises Broken."""
    message = _Message()
    parser = httptools.HttpRequestParser(message)
    size = 0
    while not message.complete:
        piece = await reader.read(PIECE)
        size += len(piece)
        if not piece:
            if size:
                raise Broken("the client closed in the middle of a request")
            return None
        if size > MOST_BODY:
            raise TooLarge(f"expected up to {MOST_BODY} bytes of a request")
        try:
            parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            raise Broken("an upgrade is not metered") from None
        except httptools.HttpParserError as error:
            raise Broken(f"not HTTP: {error}") from None
    if message.more:
        # What asks before it was answered could have its words counted as another's.
        raise Broken("requests are asked one after the other")
    return Request(
        parser.get_method(), message.url, message.headers, b"".join(message.pieces),
        parser.should_keep_alive(),
    )  # fmt: skip


class Upstream:
    """One connection to the endpoint."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.reusable = False
        self.status = 0
        self.headers: list[Header] = []

    @staticmethod
    async def connect(host: str, port: int) -> Upstream:
        """A fresh connection. Raises OSError."""
        return Upstream(*await asyncio.open_connection(host, port, limit=PIECE))

    @property
    def closing(self) -> bool:
        """Whether it can carry nothing more."""
        return self._writer.is_closing() or self._reader.at_eof()

    async def ask(self, request: Request, host: bytes, more: Sequence[Header]) -> None:
        """Sends a request, its hop-by-hop headers left out."""
        kept = [one for one in request.headers if one[0] not in _HOP]
        lines = [b"%s: %s" % one for one in (*kept, *more)]
        head = b"%s %s HTTP/1.1\r\nhost: %s\r\ncontent-length: %d\r\n" % (
            request.method, request.target, host, len(request.body),
        )  # fmt: skip
        self._writer.write(head + b"".join(line + b"\r\n" for line in lines) + b"\r\n")
        self._writer.write(request.body)
        await self._writer.drain()

    async def answer(self) -> AsyncIterator[list[bytes]]:
        """Pieces of the answer's body as they come, an empty list once the headers are there.
        Raises Broken."""
        message = _Message()
        parser = httptools.HttpResponseParser(message)
        told = False
        while not message.complete:
            try:
                piece = await self._reader.read(PIECE)
                if not piece:
                    if message.begun and not _is_framed(message.headers):
                        break
                    raise Broken("the endpoint closed in the middle of an answer")
                parser.feed_data(piece)
            except httptools.HttpParserError as error:
                raise Broken(f"not HTTP: {error}") from None
            except ConnectionError as error:
                raise Broken(f"the endpoint broke off: {error}") from None
            if message.begun and not told:
                self.status, self.headers, told = parser.get_status_code(), message.headers, True
                yield []
            pieces, message.pieces = message.pieces, []
            if pieces:
                yield pieces
        self.reusable = message.complete and not message.more and parser.should_keep_alive()

    def close(self) -> None:
        """Gives it up."""
        self._writer.close()


def _is_framed(headers: Sequence[Header]) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in headers)


def head_of(status: int, headers: Sequence[Header], *, keep_alive: bool) -> bytes:
    """The head of an answer that is passed on in chunks."""
    lines = [b"%s: %s\r\n" % one for one in headers if one[0] not in _HOP]
    stays = b"keep-alive" if keep_alive else b"close"
    return b"".join(
        (b"HTTP/1.1 %d \r\n" % status, *lines, b"transfer-encoding: chunked\r\nconnection: ",
         stays, b"\r\n\r\n")
    )  # fmt: skip


def chunk_of(piece: bytes) -> bytes:
    """A piece as a chunk."""
    return b"%x\r\n%s\r\n" % (len(piece), piece)


LAST_CHUNK = b"0\r\n\r\n"


def plain_answer(status: int, words: str, *, keep_alive: bool = True) -> bytes:
    """An answer of the meter itself, as OpenAI-compatible endpoints tell errors."""
    body = msgspec.json.encode({"error": {"message": words, "type": "meter", "code": status}})
    stays = b"keep-alive" if keep_alive else b"close"
    return (
        b"HTTP/1.1 %d \r\ncontent-type: application/json\r\ncontent-length: %d\r\n"
        b"connection: %s\r\n\r\n%s" % (status, len(body), stays, body)
    )

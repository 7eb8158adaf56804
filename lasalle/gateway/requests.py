"""A request of HTTP as a door hears it, and the bytes of an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

from lasalle.gateway.faults import Denied

SIGNING = (b"x-lasalle-key", b"x-lasalle-timestamp", b"x-lasalle-signature")
HEARD = frozenset((*SIGNING, b"content-type", b"content-encoding"))
"""Headers a door looks at; each may come once."""
HEADS = {s.value: f"HTTP/1.1 {s.value} {s.phrase}\r\n".encode() for s in HTTPStatus}
LINE = re.compile(rb"[^\x00-\x1f\x7f]*")
POLICY = b"default-src 'none'; frame-ancestors 'none'"
SAFE = b"x-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\n"
"""Headers of every answer that is made here."""
KEPT_NOWHERE = {"Cache-Control": "no-store"}
"""Unless an answer says how long it holds."""
JSON = b"application/json"


@dataclass(slots=True)
class Request:
    """A whole request. `path` is as it was sent, without its query; `fault` is what the wire found
    wrong with it."""

    method: str
    path: str
    query: bytes
    address: str
    headers: dict[bytes, str] = field(default_factory=dict)
    body: bytes = b""
    keep: bool = True
    fault: Denied | None = None

    def hear(self, name: bytes, value: bytes) -> None:
        """A header, its name in lower case."""
        if name in HEARD:
            if name in self.headers:
                text = name.decode()
                self.fault = Denied(f"{text}: expected once", name="malformed", field=text)
            self.headers[name] = value.decode("latin-1")


Reply = Callable[[bytes, bool], None]
"""Takes the bytes of an answer, and whether the connection stays."""


class Answering(Protocol):
    """What answers requests."""

    def leaves(self, path: bytes) -> bool:
        """Whether a path is left to the application beside it."""

    def answer(self, request: Request, reply: Reply) -> None:
        """Answers at once or later; never raises."""


def answer_bytes(
    request: Request,
    status: int,
    content: bytes,
    media: bytes = JSON,
    headers: dict[str, str] | None = None,
    policy: bytes = POLICY,
) -> bytes:
    """Head and body of an answer, in one piece."""
    parts = [
        HEADS[status],
        b"content-type: ", media, b"\r\ncontent-length: ", str(len(content)).encode(),
        b"\r\n", SAFE, b"content-security-policy: ", policy, b"\r\n",
    ]  # fmt: skip
    for name, value in (KEPT_NOWHERE | (headers or {})).items():
        line = f"{name.lower()}: {value}".encode("latin-1")
        assert LINE.fullmatch(line), "a header is one line of printable characters"
        parts += (line, b"\r\n")
    if not request.keep:
        parts.append(b"connection: close\r\n")
    parts.append(b"\r\n")
    if request.method != "HEAD":
        parts.append(content)
    return b"".join(parts)

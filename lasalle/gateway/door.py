"""The door of HTTP: who asks, in bounds, within limits; what is answered, with headers and body.

Paths of the table are answered here, without a framework's layers between; the page, its files and
the stream are Starlette's.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import msgspec

from lasalle.gateway.endpoints import JSON, Asked, Endpoint, Raw
from lasalle.gateway.faults import Denied, fault_of
from lasalle.gateway.keys import KeyRefused, Signer
from lasalle.gateway.limits import TooMany
from lasalle.gateway.server import BODY_SECONDS, MOST_BODY_BYTES
from lasalle.gateway.stream import PATH

if TYPE_CHECKING:
    from lasalle.gateway.http import Gateway

NOBODY = Signer("", 0, frozenset())
SIGNING = (b"x-lasalle-key", b"x-lasalle-timestamp", b"x-lasalle-signature")
ONCE = frozenset((*SIGNING, b"content-type", b"content-encoding"))
BODILESS = frozenset(("GET", "HEAD"))


class Door:
    """The application uvicorn serves."""

    def __init__(self, gateway: Gateway, rest: Any) -> None:
        self._g, self._rest = gateway, rest

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._stream(scope, receive, send)
            return
        path = scope["raw_path"].decode("latin-1")
        found = self._g.table.find(path)
        if found is None and (path == "/" or path.startswith("/web/")):
            await self._rest(scope, receive, send)
            return
        content: Any
        headers: dict[str, str] = {}
        try:
            if found is None:
                raise Denied(f"{path[:100]}: nothing answers here", name="path_unknown")
            endpoint = self._method(found[0], scope["method"])
            content = await self._answer(endpoint, found[1], scope, path, receive, headers)
            status = 200
        except Exception as error:
            denied = self._denied(error, path)
            content, status = denied.body(), denied.status
            headers |= denied.headers
        await self._send(content, status, headers, send)

    async def _stream(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == PATH:
            await self._g.streams.serve(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4004, "reason": "no stream here"})

    def _method(self, methods: dict[str, Endpoint], method: str) -> Endpoint:
        endpoint = methods.get("GET" if method == "HEAD" else method)
        if endpoint is None:
            allowed = ", ".join(sorted(methods))
            raise Denied(
                f"{method[:20]}: expected {allowed}",
                name="method_not_allowed",
                expected=allowed,
                found=method[:20],
                headers={"Allow": allowed},
            )
        return endpoint

    async def _answer(
        self,
        endpoint: Endpoint,
        names: dict[str, str],
        scope: Any,
        path: str,
        receive: Any,
        headers: dict[str, str],
    ) -> Any:
        given = _headers(scope["headers"])
        body = b"" if scope["method"] in BODILESS else await self._body(given, receive)
        signer, g = NOBODY, self._g
        client = scope["client"]
        address = client[0] if client else ""
        if endpoint.scope in ("", "open"):
            who = address
        else:
            signer = self._signed(scope, path, given, body, address)
            who = signer.key
        if endpoint.bucket:
            left = g.buckets.take(who, endpoint.bucket, time.monotonic(), endpoint.cost)
            headers["X-RateLimit-Limit"] = str(g.buckets.rates[endpoint.bucket].burst)
            headers["X-RateLimit-Remaining"] = str(left)
        if signer is not NOBODY:
            signer.need(endpoint.scope)
        asked = Asked(signer, names, endpoint.read_query(scope["query_string"]), body)
        return await endpoint.run(asked)

    def _signed(
        self, scope: Any, path: str, given: dict[bytes, str], body: bytes, address: str
    ) -> Signer:
        """Who signed. Whoever fails often is not verified for: a signature costs more than it."""
        g, now = self._g, time.monotonic()
        if g.buckets.left(address, "failure", now) < 1:
            raise TooMany("failure", g.buckets.rates["failure"], 1, 0)
        query = scope["query_string"].decode("latin-1")
        signing = {name.decode(): given.get(name, "") for name in SIGNING}
        try:
            return g.keys.signer(
                signing,
                time.time_ns() // 1_000_000,
                scope["method"],
                f"{path}?{query}" if query else path,
                body,
                address,
            )
        except KeyRefused:
            g.measures.unsigned.inc()
            g.buckets.take(address, "failure", now)
            raise

    async def _body(self, given: dict[bytes, str], receive: Any) -> bytes:
        """The whole body, bounded in size and time. Raises Denied."""
        media = given.get(b"content-type", "")
        if media and media.partition(";")[0].strip().lower() != JSON.decode():
            raise Denied(
                name="media_type_unsupported",
                field="Content-Type",
                expected=JSON.decode(),
                found=media[:60],
            )
        if given.get(b"content-encoding", "identity").lower() != "identity":
            raise Denied(
                name="media_type_unsupported", field="Content-Encoding", expected="identity"
            )
        parts, size = [], 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Denied("the client left", name="request_timeout")
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > MOST_BODY_BYTES:
                        raise Denied(
                            name="body_too_large",
                            expected=MOST_BODY_BYTES,
                            found=size,
                            headers={"Connection": "close"},
                        )
                    if not message.get("more_body", False):
                        return b"".join(parts)
        except TimeoutError:
            raise Denied(
                name="request_timeout",
                expected=int(BODY_SECONDS),
                headers={"Connection": "close"},
            ) from None

    def _denied(self, error: Exception, path: str) -> Denied:
        """The fault that says what happened, counted."""
        g = self._g
        denied = fault_of(error)
        g.measures.faults.labels(denied.name).inc()
        if denied.name == "internal":
            g.log.fault(what=repr(error), path=path[:100])
        if isinstance(denied, TooMany):
            g.measures.limited.labels(denied.kind).inc()
        return denied

    async def _send(self, content: Any, status: int, headers: dict[str, str], send: Any) -> None:
        self._g.measures.requests.inc()
        media = JSON
        if isinstance(content, Raw):
            headers |= content.headers
            media, status, packed = content.media.encode(), content.status, content.content
        else:
            packed = msgspec.json.encode(content)
        raw = [(b"content-type", media), (b"content-length", str(len(packed)).encode())]
        raw += [(n.lower().encode(), v.encode("latin-1")) for n, v in headers.items()]
        raw += SAFE
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": packed})


SAFE = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[bytes, str]:
    """Headers that matter here, each at most once. Raises Denied."""
    found: dict[bytes, str] = {}
    for name, value in raw:
        if name in ONCE:
            if name in found:
                raise Denied(
                    f"{name.decode()}: expected once",
                    name="malformed",
                    field=name.decode(),
                )
            found[name] = value.decode("latin-1")
    return found

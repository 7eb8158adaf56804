"""The door of HTTP: who asks, in bounds, within limits; what is answered, with headers and body."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from functools import partial
from typing import Any

import msgspec

from lasalle.gateway.asks import UnderWay
from lasalle.gateway.caught import fault_of
from lasalle.gateway.endpoints import Asked, Endpoint, Raw, Table
from lasalle.gateway.faults import Denied
from lasalle.gateway.keys import KeyRefused, Signer
from lasalle.gateway.limits import TooMany
from lasalle.gateway.requests import JSON, POLICY, SIGNING, Reply, Request, answer_bytes
from lasalle.gateway.shared import Shared

NOBODY = Signer("", 0, frozenset())
KEY, STAMP, SIGNATURE = SIGNING
ENCODER = msgspec.json.Encoder()
PAGE_POLICY = b"default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
"""Of a page that is made here: it has a style sheet of the house and runs nothing."""


class Door:
    """Answers the requests of a table, without a framework's layers between."""

    def __init__(self, shared: Shared, table: Table, page: bool) -> None:
        """page: whether an application beside it serves the page and its files."""
        self._g, self._table, self._page = shared, table, page
        self._slow: set[asyncio.Task[None]] = set()

    def leaves(self, path: bytes) -> bool:
        """Whether a path is left to the application beside it."""
        return self._page and (path == b"/" or path.startswith(b"/web/"))

    def answer(self, request: Request, reply: Reply) -> None:
        """Answers at once, or when the venue has; a request that reads the disk gets a task."""
        headers: dict[str, str] = {}
        try:
            found = self._ask(request, headers)
        except Exception as error:
            self._reply(request, reply, headers, error)
            return
        if isinstance(found, UnderWay):
            found.then(partial(self._finish, found, request, reply, headers))
        elif isinstance(found, Coroutine):
            task = asyncio.create_task(self._wait(found, request, reply, headers))
            self._slow.add(task)
            task.add_done_callback(self._slow.discard)
        else:
            self._reply(request, reply, headers, found)

    def _finish(
        self, asked: UnderWay, request: Request, reply: Reply, headers: dict[str, str]
    ) -> None:
        found: Any
        try:
            found = asked.finish()
        except Exception as error:
            found = error
        self._reply(request, reply, headers, found)

    async def _wait(
        self, asked: Any, request: Request, reply: Reply, headers: dict[str, str]
    ) -> None:
        found: Any
        try:
            found = await asked
        except Exception as error:
            found = error
        self._reply(request, reply, headers, found)

    def _ask(self, request: Request, headers: dict[str, str]) -> Any:
        if request.fault is not None:
            raise request.fault
        path = request.path
        found = self._table.find(path)
        if found is None:
            raise Denied(f"{path[:100]}: nothing answers here", name="path_unknown")
        methods, names = found
        endpoint = methods.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            raise _not_allowed(request.method, methods)
        _check_form(request)
        signer, g, who = NOBODY, self._g, request.address
        if endpoint.signed:
            signer = self._signed(request)
            who = signer.key
        if endpoint.bucket:
            left = g.buckets.take(who, endpoint.bucket, time.monotonic(), endpoint.cost)
            headers["X-RateLimit-Limit"] = str(g.buckets.rates[endpoint.bucket].burst)
            headers["X-RateLimit-Remaining"] = str(left)
        if endpoint.signed:
            signer.need(endpoint.scope)
        query = endpoint.read_query(request.query)
        return endpoint.run(Asked(signer, names, query, request.body))

    def _signed(self, request: Request) -> Signer:
        """Who signed. Whoever fails often is not verified for: a signature costs more than it."""
        g, now = self._g, time.monotonic()
        if g.buckets.left(request.address, "failure", now) < 1:
            raise TooMany("failure", g.buckets.rates["failure"], 1, 0)
        given = request.headers.get
        path = request.path
        if request.query:
            path = f"{path}?{request.query.decode('latin-1')}"
        try:
            return g.keys.signer(
                (given(KEY, ""), given(STAMP, ""), given(SIGNATURE, "")),
                time.time_ns() // 1_000_000,
                request.method,
                path,
                request.body,
                request.address,
            )
        except KeyRefused:
            g.measures.unsigned.inc()
            g.buckets.take(request.address, "failure", now)
            raise

    def _reply(self, request: Request, reply: Reply, headers: dict[str, str], found: Any) -> None:
        status, media, policy = 200, JSON, POLICY
        self._g.measures.requests.inc()
        if isinstance(found, Exception):
            denied = self._denied(found, request.path)
            found, status = denied.body(), denied.status
            headers |= denied.headers
        if isinstance(found, Raw):
            headers |= found.headers
            media, packed = found.media.encode(), found.content
            if media.startswith(b"text/html"):
                policy = PAGE_POLICY
        else:
            packed = ENCODER.encode(found)
        if headers.pop("Connection", "") == "close":
            request.keep = False
        made = answer_bytes(request, status, packed, media, headers, policy)
        reply(made, request.keep)

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


def _not_allowed(method: str, methods: dict[str, Endpoint]) -> Denied:
    allowed = ", ".join(sorted(methods))
    return Denied(
        f"{method[:20]}: expected {allowed}",
        name="method_not_allowed",
        expected=allowed,
        found=method[:20],
        headers={"Allow": allowed},
    )


def _check_form(request: Request) -> None:
    """A body is JSON as it stands. Raises Denied."""
    if request.method in ("GET", "HEAD"):
        return
    media = request.headers.get(b"content-type", "")
    if media and media.partition(";")[0].strip().lower() != "application/json":
        raise Denied(
            name="media_type_unsupported",
            field="Content-Type",
            expected="application/json",
            found=media[:60],
        )
    if request.headers.get(b"content-encoding", "identity").lower() != "identity":
        raise Denied(name="media_type_unsupported", field="Content-Encoding", expected="identity")

"""The gateway: every door over one shared state, and the server they stand on."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from lasalle import wire
from lasalle.gateway import requirements, statements, surfaces
from lasalle.gateway.asks import begin
from lasalle.gateway.credit import Suppliers
from lasalle.gateway.custody import Reserves
from lasalle.gateway.door import Door
from lasalle.gateway.endpoints import Table
from lasalle.gateway.health import Health
from lasalle.gateway.hedging import Hedging
from lasalle.gateway.ledgers import Ledgers
from lasalle.gateway.nominations import Nominations
from lasalle.gateway.obligations import Obligations
from lasalle.gateway.private import Private
from lasalle.gateway.public import Public
from lasalle.gateway.server import make_server
from lasalle.gateway.shared import Shared
from lasalle.gateway.stream import PATH
from lasalle.gateway.streams import Streams

CHANGING = (wire.MarginTableActivated, wire.VariationSettled, wire.FinalSettled)
"""Events after which a published table reads otherwise: rows, marks, or hours of a lot."""
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""The page runs scripts of the house alone and speaks with the house alone."""


class Gateway(Shared):
    """The doors of one house: a batch of events is told to the views, then to the streams."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        """As Shared."""
        super().__init__(*parts, **more)
        self.health = Health(self)
        self.streams = Streams(self)
        self.requirements = requirements.Requirements(
            self.accounts, self.kept_requirements, self.streams.tell_requirements
        )
        self.obligations = Obligations(self.accounts, self.reading)
        nominations = Nominations(self, self.obligations, partial(begin, self))
        public = Public(self, self.health)
        endpoints = [
            *Private(self).endpoints(), *Ledgers(self).endpoints(),
            *self.obligations.endpoints(), *nominations.endpoints(),
            *Hedging(self, self.plans).endpoints(), *surfaces.endpoints(self),
            *statements.endpoints(self), *Suppliers(self).endpoints(), *Reserves(self).endpoints(),
            *requirements.endpoints(self.requirements, self.reading), *public.endpoints(),
        ]  # fmt: skip
        public.describe(endpoints)
        self.table = Table(endpoints)
        self._tabled: wire.Header | None = None
        """The last event that changed how the published table reads, until it is kept."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.waiting.sequencer.listen(self.tell)
        self.waiting.sequencer.watch = self.measures.seal_seconds.observe

    def tell(self, events: list[tuple[wire.Header, Any]]) -> None:
        """Folds a batch. Views and streams change on the event loop alone, so that a snapshot and
        its sequence number always belong together; answers come after, in the loop's order.
        """
        if self._loop is None or self._loop.is_closed() or self._loop is _running():
            self._fold(events)
        else:
            self._loop.call_soon_threadsafe(self._fold, events)

    def _fold(self, events: list[tuple[wire.Header, Any]]) -> None:
        try:
            for header, event in events:
                if self._tabled is not None and header.cause != self._tabled.cause:
                    self._keep_table()
                self.streams.tell(self.market.on(header, event))
                self.accounts.on(header, event)
                self.reading.on(event)
                self.requirements.on(header, event)
                self.streams.tell_owner(header, event)
                if isinstance(event, wire.CallOpened):
                    self.measures.calls.inc()
                elif isinstance(event, CHANGING):
                    self._tabled = header
            self._keep_table()
        except Exception as error:
            # What is shown may lag behind what is law: say not ready rather than show it.
            self.broken = f"a view stopped: {error!r}"
            self.measures.violations.inc()
            self.log.fault(what=self.broken)
            raise
        self.measures.folded_at = time.monotonic()

    def _keep_table(self) -> None:
        """Hands on the published table after a command that changed it."""
        header, self._tabled = self._tabled, None
        table = self.accounts.margins.published() if header and self.tables else None
        if header is not None and table is not None and self.tables is not None:
            self.tables.keep(table, header.number, header.cause, header.time)

    def start(self) -> None:
        """Commands are taken and answered from here on."""
        self._loop = asyncio.get_running_loop()
        self.waiting.start()
        self._tasks = [
            asyncio.create_task(self.log.run()),
            asyncio.create_task(self.streams.beat()),
        ]
        self.requirements.start(self.waiting.sequencer.core.last_number)
        self.started = True

    async def stop(self) -> None:
        """Answers what waits; then nothing more is taken."""
        self.started = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.plans.stop()
        await self.waiting.stop()
        self.requirements.stop()


def _running() -> asyncio.AbstractEventLoop | None:
    """The loop this thread runs; the compiled engine tells its batches on it."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def server_of(gateway: Gateway, web: Path | None, host: str, port: int) -> uvicorn.Server:
    """The server of a gateway, not running yet; `web` is the folder of the page."""
    door = Door(gateway, gateway.table, page=web is not None)
    return make_server(door, application(gateway, web), host, port)


def application(gateway: Gateway, web: Path | None) -> Any:
    """What stands beside the door: the stream, the page and its files."""
    pages = Starlette(routes=_pages(web) if web else [])

    async def served(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await pages(scope, receive, _safely(send))
        elif scope["path"] == PATH:
            await gateway.streams.serve(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4004, "reason": "no stream here"})

    return served


def _pages(web: Path) -> list[Any]:
    async def page(_: Any) -> Response:
        return FileResponse(web / "index.html", headers={"Cache-Control": "no-cache"})

    return [Route("/", page), Mount("/web", StaticFiles(directory=web))]


def _safely(send: Any) -> Any:
    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(raw=message.setdefault("headers", [])).update(PAGE_HEADERS)
        await send(message)

    return sent

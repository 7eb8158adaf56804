"""REST and WebSocket. Every answer that binds comes from the core; refusals carry their rule."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from lasalle import __version__, wire
from lasalle.gateway import openapi
from lasalle.gateway.door import Door
from lasalle.gateway.endpoints import Table
from lasalle.gateway.files import Files, Inputs
from lasalle.gateway.health import Health
from lasalle.gateway.keys import KeyStore
from lasalle.gateway.ledgers import Ledgers
from lasalle.gateway.limits import Buckets
from lasalle.gateway.log import CommandLog
from lasalle.gateway.measures import Measures
from lasalle.gateway.private import Private
from lasalle.gateway.public import Public
from lasalle.gateway.reading import Reading
from lasalle.gateway.sessions import Sessions
from lasalle.gateway.streams import Streams
from lasalle.venue.waiting import Waiting
from lasalle.views import AccountsView, MarketView


class Gateway:
    """What the doors share: the venue, the views, the keys, the sessions, the streams."""

    def __init__(
        self,
        waiting: Waiting,
        market: MarketView,
        accounts: AccountsView,
        keys: KeyStore,
        about: dict[str, Any],
        demo: bool,
        buckets: Buckets | None = None,
        *,
        inputs: Inputs | None = None,
        log: Path | None = None,
    ) -> None:
        """inputs: canonical inputs of a fixing, where they are at hand. log: a file for one line a
        command."""
        self.waiting, self.market, self.accounts, self.keys = waiting, market, accounts, keys
        self.about, self.demo = about, demo
        self.buckets = buckets or Buckets()
        self.measures, self.log = Measures(), CommandLog(log)
        self.reading, self.files = (
            Reading(market, accounts),
            Files(market, accounts.history, inputs),
        )
        self.sessions = Sessions(waiting, self.reading.last_session())
        self.private = Private(self)
        self.streams = Streams(self)
        self.health = Health(self)
        self.broken = ""
        self.started = False
        self.table = Table(
            [*self.private.endpoints(), *Ledgers(self).endpoints(), *Public(self).endpoints()]
        )
        self.described = msgspec.json.encode(openapi.described(__version__, self.table.endpoints))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        waiting.sequencer.listen(self.tell)
        waiting.sequencer.watch = self.measures.seal_seconds.observe

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
                self.streams.tell(self.market.on(header, event))
                self.accounts.on(header, event)
                self.reading.on(event)
                self.streams.tell_owner(header, event)
                if isinstance(event, wire.CallOpened):
                    self.measures.calls.inc()
        except Exception as error:
            # What is shown may lag behind what is law: say not ready rather than show it.
            self.broken = f"a view stopped: {error!r}"
            self.measures.violations.inc()
            self.log.fault(what=self.broken)
            raise
        self.measures.folded_at = time.monotonic()

    def start(self) -> None:
        """Commands are taken and answered from here on."""
        self._loop = asyncio.get_running_loop()
        self.waiting.start()
        self._tasks = [
            asyncio.create_task(self.log.run()),
            asyncio.create_task(self.streams.beat()),
        ]
        self.started = True

    async def stop(self) -> None:
        """Answers what waits; then nothing more is taken."""
        self.started = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.waiting.stop()

    def measured(self) -> bytes:
        """Measures in the text form of Prometheus."""
        core = self.waiting.sequencer.core
        self.measures.number.set(core.last_number)
        self.measures.event.set(core.last_event)
        self.measures.lag.set(core.last_event - self.market.last_event)
        self.measures.readers.set(len(self.streams))
        return self.measures.text()


def _running() -> asyncio.AbstractEventLoop | None:
    """The loop this thread runs; the compiled engine tells its batches on it."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def routes(g: Gateway, web: Path | None) -> Door:
    """The application of a gateway; `web` is the folder of the page."""
    table: list[Any] = []
    if web is not None:

        async def page(_: Any) -> Response:
            return FileResponse(web / "index.html", headers={"Cache-Control": "no-cache"})

        table += [Route("/", page), Mount("/web", StaticFiles(directory=web))]
    return Door(g, Starlette(routes=table))

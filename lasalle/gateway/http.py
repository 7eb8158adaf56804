"""REST and WebSocket. Every answer that binds comes from the core; refusals carry their rule."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from lasalle import __version__, wire
from lasalle.gateway import openapi, streams
from lasalle.gateway.answers import answer, fault
from lasalle.gateway.commands import BadCommand
from lasalle.gateway.keys import KeyRefused, KeyStore, ScopeMissing
from lasalle.gateway.limits import Buckets, TooMany
from lasalle.gateway.private import MOST_BODY_BYTES, Private
from lasalle.gateway.streams import Streams
from lasalle.venue.journal import JournalFull
from lasalle.venue.sequencer import VenueStopped
from lasalle.venue.waiting import VenueBusy, Waiting
from lasalle.views import AccountsView, MarketView
from lasalle.views.market import dollars, fixing_row, trade_row


class Gateway:
    """What the routes share: the venue, the views, the keys, the streams."""

    def __init__(
        self,
        waiting: Waiting,
        market: MarketView,
        accounts: AccountsView,
        keys: KeyStore,
        about: dict[str, Any],
        demo: bool,
        buckets: Buckets | None = None,
    ) -> None:
        self.waiting, self.market, self.accounts, self.keys = waiting, market, accounts, keys
        self.about, self.demo = about, demo
        self.buckets = buckets or Buckets()
        self.streams = Streams(waiting, market, accounts, keys)
        self.broken = ""
        self.registry = CollectorRegistry()
        self._commands = Counter(
            "lasalle_commands", "Commands answered.", ("name", "outcome"), registry=self.registry
        )
        self._number = Gauge("lasalle_command_number", "Last number.", registry=self.registry)
        self._readers = Gauge("lasalle_streams", "Streams open.", registry=self.registry)
        self._loop: asyncio.AbstractEventLoop | None = None
        waiting.sequencer.listen(self.tell)

    def tell(self, events: list[tuple[wire.Header, Any]]) -> None:
        """Folds a batch. Views and streams change on the event loop alone, so that a snapshot and
        its sequence number always belong together; answers come after, in the loop's order.
        """
        if self._loop is None or self._loop.is_closed():
            self._fold(events)
        else:
            self._loop.call_soon_threadsafe(self._fold, events)

    def _fold(self, events: list[tuple[wire.Header, Any]]) -> None:
        try:
            for header, event in events:
                self.streams.tell(self.market.on(header, event))
                self.accounts.on(header, event)
                self.streams.tell_owner(header, event)
        except Exception as error:
            # What is shown may lag behind what is law: say not ready rather than show it.
            self.broken = f"a view stopped: {error!r}"
            raise

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.waiting.start()

    def count(self, name: str, told: list[tuple[wire.Header, Any]]) -> None:
        """Counts an answered command by its outcome."""
        refused = any(isinstance(e, wire.Refused) for _, e in told)
        self._commands.labels(name, "refused" if refused else "accepted").inc()

    def measures(self) -> bytes:
        """Metrics in the text form of Prometheus."""
        self._number.set(self.waiting.sequencer.core.last_number)
        self._readers.set(len(self.streams))
        return generate_latest(self.registry)


def routes(g: Gateway, web: Path | None) -> Starlette:
    """The application of a gateway; `web` is the folder of the page."""

    private = Private(g)

    async def book(request: Request) -> Response:
        view = g.market.by_symbol.get(request.path_params["symbol"])
        return answer(view.book()) if view else fault(404, "series_unknown", "no such symbol")

    async def trades(request: Request) -> Response:
        view = g.market.by_symbol.get(request.path_params["symbol"])
        if view is None:
            return fault(404, "series_unknown", "no such symbol")
        return answer({"trades": [trade_row(view, h, e) for h, e in list(view.trades)[-100:]]})

    async def series(request: Request) -> Response:
        return answer({"series": [_series_row(g, v) for v in list(g.market.series.values())]})

    async def fixings(request: Request) -> Response:
        return answer({"fixings": [fixing_row(f) for f in list(g.market.fixings)]})

    async def status(request: Request) -> Response:
        core = g.waiting.sequencer.core
        return answer(
            {
                "version": __version__,
                "number": core.last_number,
                "event": g.market.last_event,
                "halted": g.market.halted,
                **g.about,
            }
        )

    async def clock(request: Request) -> Response:
        return answer({"time": str(time.time_ns())})

    async def errors(request: Request) -> Response:
        return answer(
            {
                "errors": [
                    {
                        "code": int(r),
                        "name": r.name.lower(),
                        "rule": rule,
                        "field": field,
                        "text": text,
                    }
                    for r, (rule, field, text) in wire.REFUSALS.items()
                ]
            }
        )

    async def limits(request: Request) -> Response:
        return answer(
            {
                "bounds": {n.lower(): v for n, v in vars(wire.Bound).items() if n.isupper()},
                "body_bytes": MOST_BODY_BYTES,
                "stream_messages_conflated": streams.CONFLATE_BEHIND,
                "stream_messages_behind": streams.MOST_BEHIND,
                "rates": {
                    kind: {"per_second": r.per_second, "burst": r.burst}
                    for kind, r in g.buckets.rates.items()
                },
            }
        )

    async def demo_accounts(request: Request) -> Response:
        return answer({"accounts": [g.accounts.shown(n) for n in list(g.accounts.accounts)]})

    async def healthy(request: Request) -> Response:
        return answer({"ok": True})

    async def page(request: Request) -> Response:
        assert web is not None, "the page has a folder"
        return FileResponse(web / "index.html")

    async def ready(request: Request) -> Response:
        return fault(503, "not_ready", g.broken) if g.broken else answer({"ready": True})

    async def metrics(request: Request) -> Response:
        return Response(g.measures(), media_type="text/plain; version=0.0.4")

    async def described(request: Request) -> Response:
        return answer(openapi.described(__version__))

    def public(run: Callable[[Request], Awaitable[Response]]) -> Any:
        async def call(request: Request) -> Response:
            address = request.client.host if request.client else ""
            left = g.buckets.take(address, "public", time.monotonic())
            request.state.left = ("public", left)
            return await run(request)

        return call

    def get(path: str, run: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, guarded(g, run), methods=["GET"])

    def post(path: str, run: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, guarded(g, run), methods=["POST"])

    own = "/v1/accounts/{account:int}"
    table: list[Any] = [
        post("/v1/commands/{name}", private.command),
        post("/v1/orders", private.place),
        Route(own + "/orders/{order}", guarded(g, private.cancel), methods=["DELETE"]),
        Route(own + "/orders/{order}", guarded(g, private.replace), methods=["PATCH"]),
        get(own + "/orders/{order}", private.order),
        get(own + "/orders", private.orders),
        get(own + "/statement", private.statement),
        get(own, private.account),
        get("/v1/events", private.events),
        get("/v1/series", public(series)),
        get("/v1/series/{symbol}/book", public(book)),
        get("/v1/series/{symbol}/trades", public(trades)),
        get("/v1/fixings", public(fixings)),
        get("/v1/status", public(status)),
        get("/v1/time", public(clock)),
        get("/v1/errors", public(errors)),
        get("/v1/limits", public(limits)),
        get("/openapi.json", public(described)),
        get("/healthz", healthy),
        get("/readyz", ready),
        get("/metrics", metrics),
        WebSocketRoute(streams.PATH, g.streams.serve),
    ]
    if g.demo:
        table.append(get("/v1/demo/accounts", public(demo_accounts)))
    if web is not None:
        table += [Route("/", page), Mount("/web", StaticFiles(directory=web))]
    return Starlette(routes=table)


def guarded(g: Gateway, run: Callable[[Request], Awaitable[Response]]) -> Any:
    """A route whose faults have a body, and whose answers tell what the caller may still ask."""

    async def call(request: Request) -> Response:
        try:
            made = await run(request)
        except KeyRefused as error:
            made = fault(401, "key_refused", str(error))
        except ScopeMissing as error:
            made = fault(403, "scope_missing", str(error))
        except TooMany as error:
            made = fault(429, "too_many_requests", str(error))
            made.headers["Retry-After"] = str(error.retry_after_seconds)
        except (BadCommand, ValueError) as error:
            made = fault(400, "bad_command", str(error))
        except JournalFull as error:
            made = fault(503, "journal_full", f"{error}; nothing was done")
        except VenueBusy as error:
            made = fault(503, "venue_busy", f"{error}; nothing was done")
        except VenueStopped as error:
            made = fault(503, "venue_stopped", str(error))
        kind, left = getattr(request.state, "left", ("", 0))
        if kind:
            made.headers["X-RateLimit-Limit"] = str(g.buckets.rates[kind].burst)
            made.headers["X-RateLimit-Remaining"] = str(left)
        return made

    return call


def _series_row(g: Gateway, view: Any) -> dict[str, Any]:
    t = view.terms
    return {
        "series": t.series,
        "symbol": t.symbol,
        "kind": t.series_kind.name.lower(),
        "first_month": t.first_month,
        "last_month": t.last_month,
        "hours": t.hours,
        "tick": dollars(t.tick),
        "strike": dollars(t.strike),
        "mark": dollars(view.mark),
        "state": view.state.name.lower(),
        "last_trading_time": str(t.last_trading_time),
        "open_interest": g.accounts.open_interest.get(t.series, 0),
    }

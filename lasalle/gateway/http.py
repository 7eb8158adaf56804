"""REST and WebSocket. Every answer that binds comes from the core; refusals carry their rule."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from enum import IntEnum
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from lasalle import __version__, wire
from lasalle.gateway.commands import BadCommand, read_command
from lasalle.gateway.keys import KeyRefused, KeyStore
from lasalle.venue.journal import JournalFull
from lasalle.venue.sequencer import VenueStopped
from lasalle.venue.waiting import VenueBusy, Waiting
from lasalle.views import AccountsView, MarketView
from lasalle.views.market import dollars, fixing_row, trade_row

MOST_BODY_BYTES = 256 * 1024
MOST_BEHIND = 2_000
STATUS = {
    "reference_reused": 409,
    "role_missing": 403,
    "account_not_yours": 403,
    "actor_unknown": 403,
    "account_unknown": 404,
    "order_unknown": 404,
    "series_unknown": 404,
}


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
    ) -> None:
        self.waiting, self.market, self.accounts, self.keys = waiting, market, accounts, keys
        self.about, self.demo = about, demo
        self.streams: set[asyncio.Queue[bytes | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        waiting.sequencer.listen(self.tell)

    def tell(self, events: list[tuple[wire.Header, Any]]) -> None:
        """Folds a batch and hands its public messages to the streams."""
        messages: list[bytes] = []
        for header, event in events:
            messages += [msgspec.json.encode(m) for m in self.market.on(header, event)]
            self.accounts.on(header, event)
        if self._loop is not None and messages:
            self._loop.call_soon_threadsafe(self._send, messages)

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.waiting.start()

    def _send(self, messages: list[bytes]) -> None:
        for stream in list(self.streams):
            if stream.qsize() + len(messages) > MOST_BEHIND:
                self.streams.discard(stream)
                while not stream.empty():
                    stream.get_nowait()
                stream.put_nowait(None)
                continue
            for message in messages:
                stream.put_nowait(message)


def answer(content: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")


def fault(status: int, name: str, text: str, **more: Any) -> Response:
    """An error body: code, name, field, rule, expected, found, text."""
    body = {
        "code": 0,
        "name": name,
        "field": "",
        "rule": "",
        "expected": None,
        "found": None,
        "text": text,
        **more,
    }
    return answer({"error": body}, status)


def refusal_fault(event: wire.Refused) -> Response:
    refusal = wire.Refusal(event.refusal)
    rule, field, text = wire.REFUSALS[refusal]
    name = refusal.name.lower()
    return fault(
        STATUS.get(name, 422),
        name,
        text.format(expected=event.expected, found=event.found),
        code=int(refusal),
        field=field,
        rule=rule,
        expected=event.expected,
        found=event.found,
    )


def shown(header: wire.Header, event: Any) -> dict[str, Any]:
    """An event for its owner: numbers of 64 bits as text."""
    fields = {}
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, IntEnum):
            value = value.name.lower()
        elif isinstance(value, bytes):
            value = value.hex()
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
            value = str(value)
        elif isinstance(value, tuple):
            value = len(value)
        fields[name] = value
    return {"event": header.number, "time": str(header.time), "name": event.NAME, **fields}


def routes(g: Gateway, web: Path | None) -> Starlette:
    """The application of a gateway; `web` is the folder of the page."""

    async def signed(request: Request) -> tuple[int, bytes]:
        body = await request.body()
        if len(body) > MOST_BODY_BYTES:
            raise BadCommand(f"body: expected at most {MOST_BODY_BYTES} bytes, found {len(body)}")
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        actor = g.keys.actor(
            dict(request.headers), time.time_ns() // 1_000_000, request.method, path, body
        )
        return actor, body

    async def ask(actor: int, command: Any) -> Response:
        told = await g.waiting.ask(actor, command)
        for _, event in told:
            if isinstance(event, wire.Refused):
                return refusal_fault(event)
        replayed = any(isinstance(e, wire.Replayed) for _, e in told)
        mine = [own_side(g, actor, e, shown(h, e)) for h, e in told if _may_see(g, actor, e)]
        return answer({"replayed": replayed, "events": mine})

    async def command(request: Request) -> Response:
        actor, body = await signed(request)
        return await ask(actor, read_command(request.path_params["name"], body))

    async def place(request: Request) -> Response:
        actor, body = await signed(request)
        fields = _order_fields(g, body)
        return await ask(actor, read_command("place_order", msgspec.json.encode(fields)))

    async def cancel(request: Request) -> Response:
        actor, _ = await signed(request)
        account, name = int(request.path_params["account"]), request.path_params["order"]
        by_number = wire.CancelOrder(
            account=account,
            order=int(name) if name.isdigit() else 0,
            target="" if name.isdigit() else name,
        )
        return await ask(actor, by_number)

    async def orders(request: Request) -> Response:
        actor, _ = await signed(request)
        number = int(request.path_params["account"])
        if not g.accounts.may_see(actor, number):
            return fault(404, "account_unknown", f"account {number} is not yours or does not exist")
        view = g.accounts.accounts[number]
        wanted = request.query_params.get("client_order_id")
        found = (
            [view.orders[view.references[wanted]]]
            if wanted in view.references
            else []
            if wanted
            else list(view.orders.values())
        )
        after = int(request.query_params.get("after", "0"))
        page = [o for o in found if o.accepted.order > after][:200]
        return answer(
            {
                "orders": [o.shown(g.accounts.symbols[o.accepted.series].symbol) for o in page],
                "next": str(page[-1].accepted.order) if len(page) == 200 else None,
            }
        )

    async def account(request: Request) -> Response:
        actor, _ = await signed(request)
        number = int(request.path_params["account"])
        if not g.accounts.may_see(actor, number):
            return fault(404, "account_unknown", f"account {number} is not yours or does not exist")
        return answer(g.accounts.shown(number))

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
        bounds = {n.lower(): v for n, v in vars(wire.Bound).items() if n.isupper()}
        return answer(
            {"bounds": bounds, "body_bytes": MOST_BODY_BYTES, "stream_messages_behind": MOST_BEHIND}
        )

    async def demo_accounts(request: Request) -> Response:
        return answer({"accounts": [g.accounts.shown(n) for n in list(g.accounts.accounts)]})

    async def healthy(request: Request) -> Response:
        return answer({"ok": True})

    async def page(request: Request) -> Response:
        assert web is not None, "the page has a folder"
        return FileResponse(web / "index.html")

    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        books = [v.book() for v in list(g.market.series.values())]
        g.streams.add(queue)
        try:
            await socket.send_text(
                msgspec.json.encode({"channel": "snapshot", "books": books}).decode()
            )
            while (message := await queue.get()) is not None:
                await socket.send_text(message.decode())
            await socket.close(4008, "too far behind: read the snapshot again")
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            g.streams.discard(queue)

    def guarded(run: Callable[[Request], Awaitable[Response]]) -> Any:
        async def call(request: Request) -> Response:
            try:
                return await run(request)
            except KeyRefused as error:
                return fault(401, "key_refused", str(error))
            except (BadCommand, ValueError) as error:
                return fault(400, "bad_command", str(error))
            except JournalFull as error:
                return fault(503, "journal_full", f"{error}; nothing was done")
            except VenueBusy as error:
                return fault(503, "venue_busy", f"{error}; nothing was done")
            except VenueStopped as error:
                return fault(503, "venue_stopped", str(error))

        return call

    def get(path: str, run: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, guarded(run), methods=["GET"])

    def post(path: str, run: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, guarded(run), methods=["POST"])

    table: list[Any] = [
        post("/v1/commands/{name}", command),
        post("/v1/orders", place),
        Route("/v1/accounts/{account:int}/orders/{order}", guarded(cancel), methods=["DELETE"]),
        get("/v1/accounts/{account:int}/orders", orders),
        get("/v1/accounts/{account:int}", account),
        get("/v1/series", series),
        get("/v1/series/{symbol}/book", book),
        get("/v1/series/{symbol}/trades", trades),
        get("/v1/fixings", fixings),
        get("/v1/status", status),
        get("/v1/time", clock),
        get("/v1/errors", errors),
        get("/v1/limits", limits),
        get("/healthz", healthy),
        WebSocketRoute("/v1/stream", stream),
    ]
    if g.demo:
        table.append(get("/v1/demo/accounts", demo_accounts))
    if web is not None:
        table += [Route("/", page), Mount("/web", StaticFiles(directory=web))]
    return Starlette(routes=table)


SIDES = ("buy", "sell")


def _may_see(g: Gateway, actor: int, event: Any) -> bool:
    accounts = {
        getattr(event, n)
        for n in ("account", "buy_account", "sell_account")
        if getattr(event, n, 0)
    }
    return not accounts or any(g.accounts.may_see(actor, a) for a in accounts)


def own_side(g: Gateway, actor: int, event: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """A trade without the side of a stranger: account, order, level and fee are its owner's."""
    for side in SIDES:
        account = getattr(event, f"{side}_account", 0)
        if account and not g.accounts.may_see(actor, account):
            for name in ("account", "order", "price", "fee"):
                fields.pop(f"{side}_{name}", None)
    return fields


def _order_fields(g: Gateway, body: bytes) -> dict[str, Any]:
    """Order fields with a symbol for the series and ticks for prices, and the usual defaults."""
    try:
        fields = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise BadCommand(f"body: expected a JSON object, {error}") from None
    if not isinstance(fields, dict):
        raise BadCommand("body: expected a JSON object")
    view = g.market.by_symbol.get(fields.pop("symbol", ""))
    if view is None:
        raise BadCommand("symbol: expected a listed symbol")
    order = {
        "order_type": "limit",
        "time_in_force": "gtc",
        "self_trade": "cancel_newest",
        "series": view.terms.series,
    }
    for name in ("price", "stop_price"):
        ticks = fields.pop(f"{name}_ticks", None)
        if ticks is not None:
            if type(ticks) is not int:
                raise BadCommand(f"{name}_ticks: expected a whole number, found {ticks!r}")
            order[name] = ticks * view.terms.tick
    order["reference"] = fields.pop("client_order_id", "")
    return {**order, **fields}


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

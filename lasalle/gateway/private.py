"""Signed routes: commands of an actor, and what its accounts hold."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lasalle import wire
from lasalle.gateway.answers import (
    answer,
    fault,
    may_see,
    own_event,
    own_side,
    refusal_fault,
    shown,
)
from lasalle.gateway.commands import BadCommand, read_command
from lasalle.gateway.keys import Signer
from lasalle.views.market import dollars

if TYPE_CHECKING:
    from lasalle.gateway.http import Gateway

MOST_BODY_BYTES = 256 * 1024
PAGE = 200
MOST_SCANNED = 5_000
"""Events looked at for one page: a request never holds the loop for long."""
TRADING = frozenset(
    (
        "place_order",
        "replace_order",
        "cancel_order",
        "mass_cancel",
        "mass_quote",
        "set_maker_protection",
        "arm_dead_man",
    )
)
TRANSFERS = frozenset(("request_withdrawal", "offer_transfer", "accept_transfer"))


class Private:
    """The routes of members and operators."""

    def __init__(self, gateway: Gateway) -> None:
        self._g = gateway

    async def signed(self, request: Request, scope: str) -> tuple[Signer, bytes]:
        """Who asks, with a scope, and the body. Raises KeyRefused, ScopeMissing, TooMany."""
        body = await request.body()
        if len(body) > MOST_BODY_BYTES:
            raise BadCommand(f"body: expected at most {MOST_BODY_BYTES} bytes, found {len(body)}")
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        signer = self._g.keys.signer(
            dict(request.headers),
            time.time_ns() // 1_000_000,
            request.method,
            path,
            body,
            request.client.host if request.client else "",
        )
        kind = "read" if scope == "read" else "trade"
        request.state.left = (kind, self._g.buckets.take(signer.key, kind, time.monotonic()))
        signer.need(scope)
        return signer, body

    async def ask(self, signer: Signer, command: Any) -> Response:
        """The core's answer to a command."""
        session = 0 if isinstance(command, wire.MassCancel) else getattr(command, "session", 0)
        lost = isinstance(command, wire.LoseSession)
        if session and not lost and self._g.streams.sessions.get(session) != signer.actor:
            raise BadCommand(f"session: {session} is not a session of yours")
        told = await self._g.waiting.ask(signer.actor, command)
        self._g.count(command.NAME, told)
        for _, event in told:
            if isinstance(event, wire.Refused):
                return refusal_fault(event)
        replayed = any(isinstance(e, wire.Replayed) for _, e in told)
        views, actor = self._g.accounts, signer.actor
        mine = [own_side(views, actor, e, shown(h, e)) for h, e in told if may_see(views, actor, e)]
        return answer({"replayed": replayed, "events": mine})

    async def command(self, request: Request) -> Response:
        name = request.path_params["name"]
        scope = "trade" if name in TRADING else "transfer" if name in TRANSFERS else "admin"
        signer, body = await self.signed(request, scope)
        return await self.ask(signer, read_command(name, body))

    async def place(self, request: Request) -> Response:
        signer, body = await self.signed(request, "trade")
        fields = self._order_fields(body)
        return await self.ask(signer, read_command("place_order", msgspec.json.encode(fields)))

    async def cancel(self, request: Request) -> Response:
        signer, _ = await self.signed(request, "trade")
        return await self.ask(
            signer, wire.CancelOrder(account=request.path_params["account"], **_target(request))
        )

    async def replace(self, request: Request) -> Response:
        """Price and lots of an order; it keeps its place only where the rulebook says so."""
        signer, body = await self.signed(request, "trade")
        fields = _fields(body)
        account = request.path_params["account"]
        target = _target(request)
        if "price_ticks" in fields:
            found = self._own_order(signer.actor, account, request)
            if found is None:
                return fault(404, "order_unknown", "no such order of yours")
            tick = self._g.market.by_symbol[found["symbol"]].terms.tick
            fields["price"] = _whole("price_ticks", fields.pop("price_ticks")) * tick
        packed = msgspec.json.encode({**fields, **target, "account": account})
        return await self.ask(signer, read_command("replace_order", packed))

    async def order(self, request: Request) -> Response:
        signer, _ = await self.signed(request, "read")
        found = self._own_order(signer.actor, request.path_params["account"], request)
        return answer(found) if found else fault(404, "order_unknown", "no such order of yours")

    async def orders(self, request: Request) -> Response:
        """Live and ended orders by number; `status=live`, `client_order_id=`, `after=` choose."""
        signer, _ = await self.signed(request, "read")
        number = self._account(signer.actor, request)
        if number is None:
            return _not_yours(request)
        views, wanted = self._g.accounts, request.query_params
        after = _number(request, "after")
        if "client_order_id" in wanted:
            named = views.find_order(number, reference=wanted["client_order_id"])
            found = [named] if named and named.accepted.order > after else []
        elif wanted.get("status") == "live":
            kept = views.accounts[number].orders.items()
            found = [o for n, o in sorted(kept) if n > after and o.status == "live"]
        else:
            found = views.orders_page(number, after, PAGE)
        page = found[:PAGE]
        symbols = self._g.accounts.symbols
        return answer(
            {
                "orders": [o.shown(symbols[o.accepted.series].symbol) for o in page],
                "next": str(page[-1].accepted.order) if len(page) == PAGE else None,
            }
        )

    async def account(self, request: Request) -> Response:
        signer, _ = await self.signed(request, "read")
        number = self._account(signer.actor, request)
        return _not_yours(request) if number is None else answer(self._g.accounts.shown(number))

    async def statement(self, request: Request) -> Response:
        """Lines of the ledger for an account, of the events still kept."""
        signer, _ = await self.signed(request, "read")
        number = self._account(signer.actor, request)
        if number is None:
            return _not_yours(request)
        after = _number(request, "after")
        lines = self._g.accounts.statement_lines(number, after, PAGE)
        return answer(
            {
                "lines": [
                    {
                        "event": line.event,
                        "time": str(line.time),
                        "why": line.why,
                        "class": line.ledger_class.name.lower(),
                        "asset": line.asset,
                        "amount": dollars(line.amount),
                        "amount_micro_dollars": str(line.amount),
                    }
                    for line in lines
                ],
                "next": str(lines[-1].event) if len(lines) >= PAGE else None,
            }
        )

    async def events(self, request: Request) -> Response:
        """The private feed after an event number, oldest first."""
        signer, _ = await self.signed(request, "read")
        after, views = _number(request, "after"), self._g.accounts
        told = views.events_after(after, MOST_SCANNED)
        found: list[dict[str, Any]] = []
        for header, event in told:
            fields = own_event(views, signer.actor, header, event)
            if fields is not None:
                found.append(fields)
            if len(found) == PAGE:
                return answer({"events": found, "next": str(header.number)})
        # More may follow: go on from the last event looked at, shown or not.
        more = str(told[-1][0].number) if len(told) == MOST_SCANNED else None
        return answer({"events": found, "next": more})

    def _account(self, actor: int, request: Request) -> int | None:
        number = int(request.path_params["account"])
        return number if self._g.accounts.may_see(actor, number) else None

    def _own_order(self, actor: int, account: int, request: Request) -> dict[str, Any] | None:
        if not self._g.accounts.may_see(actor, account):
            return None
        target = _target(request)
        return self._g.accounts.order_shown(account, target["order"], target["target"])

    def _order_fields(self, body: bytes) -> dict[str, Any]:
        """Order fields with a symbol for the series, ticks for prices, and the usual defaults."""
        fields = _fields(body)
        view = self._g.market.by_symbol.get(fields.pop("symbol", ""))
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
                order[name] = _whole(f"{name}_ticks", ticks) * view.terms.tick
        order["reference"] = fields.pop("client_order_id", "")
        return {**order, **fields}


def _fields(body: bytes) -> dict[str, Any]:
    try:
        fields = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise BadCommand(f"body: expected a JSON object, {error}") from None
    if not isinstance(fields, dict):
        raise BadCommand(f"body: expected a JSON object, found {type(fields).__name__}")
    return fields


def _whole(name: str, value: Any) -> int:
    if type(value) is not int:
        raise BadCommand(f"{name}: expected a whole number, found {value!r}")
    return value


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    if not (text.isascii() and text.isdigit()):
        raise BadCommand(f"{name}: expected a whole number, found {text!r}")
    return int(text)


def _target(request: Request) -> dict[str, Any]:
    """An order by number; by client reference when asked so, or when it is no number."""
    name = request.path_params["order"]
    by_number = name.isascii() and name.isdigit()
    if request.query_params.get("by") == "client_order_id" or not by_number:
        return {"order": 0, "target": name}
    return {"order": int(name), "target": ""}


def _not_yours(request: Request) -> Response:
    number = request.path_params["account"]
    return fault(404, "account_unknown", f"account {number} is not yours or does not exist")

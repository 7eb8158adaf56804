"""Signed paths: commands of an actor, and what its accounts hold."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from lasalle import wire
from lasalle.client.shapes import Account, Answer, Order, StatementLine
from lasalle.gateway import orders, shapes
from lasalle.gateway.answers import answered, own_event, said
from lasalle.gateway.commands import COMMANDS, build, read_object
from lasalle.gateway.endpoints import MOST_ID, MOST_NUMBER, Asked, Endpoint, Query, read_body
from lasalle.gateway.faults import BadCommand, Denied, refused
from lasalle.gateway.keys import Signer
from lasalle.gateway.pages import PAGE, PAGED, make_cursor, page, read_cursor

if TYPE_CHECKING:
    from lasalle.gateway.http import Gateway

MOST_SCANNED = 2_000
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
        "engage_kill_switch",
    )
)
TRANSFERS = frozenset(("request_withdrawal", "offer_transfer", "accept_transfer"))
COSTS = {"cancel_order": 1, "mass_cancel": 1, "engage_kill_switch": 1, "mass_quote": 20}
USUAL_COST = 10
"""A cancel costs a tenth of an order, so that whoever must get out can."""
BY = Query("by", "How the order is named; digits are a number unless it says otherwise.",
           words=("order", "client_order_id"))  # fmt: skip


def scope_of(name: str) -> str:
    """The scope a command needs."""
    return "trade" if name in TRADING else "transfer" if name in TRANSFERS else "admin"


class Private:
    """The paths of members and operators."""

    def __init__(self, gateway: Gateway) -> None:
        self._g = gateway

    def endpoints(self) -> list[Endpoint]:
        """The declarations, in the order they are read."""
        return [*self._orders(), *self._reads(), *self._commands()]

    def _orders(self) -> list[Endpoint]:
        own = "/v1/accounts/{account}/orders"
        which = (
            Query("symbol", "Only this series."),
            Query("label", "Only this label.", "integer"),
            Query("session", "Only this session.", "integer", most=MOST_ID),
        )
        listed = (
            *PAGED,
            Query("status", "All, or only what can still trade.", words=("all", "live")),
            Query("client_order_id", "Only this one."),
        )
        found = [
            Endpoint(
                "POST", "/v1/orders", self.place, "Places an order by symbol and ticks.", Answer,
                "trade", 10, orders.NewOrder, faults=("series_unknown", "reference_reused"),
            ),
            Endpoint(
                "POST", "/v1/quotes", self.quote, "Replaces quotes, all or none.", Answer,
                "trade", 20, orders.NewQuotes, faults=("series_unknown",),
            ),
            Endpoint(
                "DELETE", own, self.cancel_all, "Cancels all, or by series, label, session.",
                Answer, "trade", query=which, faults=("series_unknown", "account_unknown"),
            ),
            Endpoint(
                "GET", own, self.listed, "Orders alive and ended, by ascending number.",
                shapes.page_of("Orders", "orders", Order), "read", 5, query=listed,
                faults=("account_unknown",),
            ),
        ]  # fmt: skip
        for path, query in (
            (own + "/{order}", (BY,)),
            (own + "/by-client-id/{client_order_id}", ()),
        ):
            found += [
                Endpoint(
                    "GET", path, self.order, "An order alive or ended.", Order, "read",
                    query=query, faults=("order_unknown", "account_unknown"),
                ),
                Endpoint(
                    "PATCH", path, self.replace, "Other terms for an order.", Answer, "trade", 10,
                    orders.NewTerms, query,
                    ("order_unknown", "account_unknown", "reference_reused"),
                ),
                Endpoint(
                    "DELETE", path, self.cancel, "Cancels an order.", Answer, "trade",
                    query=query, faults=("order_unknown", "account_unknown"),
                ),
            ]  # fmt: skip
        return found

    def _reads(self) -> list[Endpoint]:
        own, unknown = "/v1/accounts/{account}", ("account_unknown",)
        after = Query("after", "Only events after this number.", "integer", most=MOST_NUMBER)
        return [
            Endpoint(
                "GET", "/v1/accounts", self.accounts, "Accounts the key may see.",
                shapes.page_of("Accounts", "accounts", Account), "read", 5, query=PAGED,
            ),
            Endpoint(
                "GET", own, self.account, "Balances, positions, margin.", Account, "read",
                faults=unknown,
            ),
            Endpoint(
                "GET", own + "/statement", self.statement, "Postings of the ledger.",
                shapes.page_of("Statement", "lines", StatementLine), "read", 5, query=PAGED,
                faults=unknown,
            ),
            Endpoint(
                "GET", "/v1/proposals", self.proposals,
                "Four-eyes commands that wait for another operator.",
                shapes.page_of("Proposals", "proposals", shapes.Proposal), "admin", 5,
                query=PAGED,
            ),
            Endpoint(
                "GET", "/v1/events", self.events, "Private events, oldest first.",
                shapes.page_of("Events", "events", dict[str, Any]), "read", 5,
                query=(*PAGED, after),
            ),
        ]  # fmt: skip

    def _commands(self) -> list[Endpoint]:
        found = []
        for name, kind in COMMANDS.items():
            found.append(
                Endpoint(
                    "POST", f"/v1/commands/{name}", self._command(name), kind.__doc__ or "", Answer,
                    scope_of(name), COSTS.get(name, USUAL_COST), kind,
                    faults=("account_unknown", "order_unknown", "series_unknown",
                            "reference_reused"),
                )
            )  # fmt: skip
        return found

    def _command(self, name: str) -> Any:
        async def run(asked: Asked) -> Any:
            return await self.ask(asked.signer, build(COMMANDS[name], read_object(asked.body)))

        return run

    async def ask(self, signer: Signer, command: Any) -> dict[str, Any]:
        """The core's answer to a command. Raises Denied when it is refused."""
        self._check_session(signer, command)
        began = time.perf_counter()
        g = self._g
        told = await g.waiting.ask(signer.actor, command)
        seconds = time.perf_counter() - began
        outcome = g.measures.command(command.NAME, told, seconds)
        g.log.command(
            trace=getattr(command, "reference", "") or getattr(command, "target", ""),
            name=command.NAME,
            actor=signer.actor,
            key=signer.key,
            account=getattr(command, "account", 0),
            number=told[0][0].cause if told else 0,
            outcome=outcome,
            microseconds=round(seconds * 1e6),
        )
        for _, event in told:
            if isinstance(event, wire.Refused):
                raise refused(event)
        return answered(g.accounts, signer.actor, command, told)

    def _check_session(self, signer: Signer, command: Any) -> None:
        if isinstance(command, wire.MassCancel | wire.LoseSession):
            return
        session = getattr(command, "session", 0)
        if session and self._g.sessions.actor(session) != signer.actor:
            raise Denied(
                f"session {session} is not an open session of yours",
                name="session_unknown",
                field="session",
                found=session,
            )

    async def place(self, asked: Asked) -> Any:
        order = read_body(orders.NewOrder, asked.body)
        return await self.ask(asked.signer, orders.place(self._g.market, order))

    async def quote(self, asked: Asked) -> Any:
        quotes = read_body(orders.NewQuotes, asked.body)
        return await self.ask(asked.signer, orders.mass_quote(self._g.market, quotes))

    async def cancel_all(self, asked: Asked) -> Any:
        query, series = asked.query, 0
        if "symbol" in query:
            series = orders.series_named(self._g.market, query["symbol"]).terms.series
        command = wire.MassCancel(
            account=asked.account(),
            series=series,
            label=query.get("label", 0),
            session=query.get("session", 0),
        )
        return await self.ask(asked.signer, command)

    async def cancel(self, asked: Asked) -> Any:
        order, target = named_order(asked)
        command = wire.CancelOrder(account=asked.account(), order=order, target=target)
        try:
            return await self.ask(asked.signer, command)
        except Denied as denied:
            if target and denied.name == "order_unknown":
                text = f"client order id {target}: expected that of a live order of this account"
                raise Denied(
                    text, name=denied.name, field="client_order_id", found=target
                ) from None
            raise

    async def replace(self, asked: Asked) -> Any:
        """Price and lots of an order; it keeps its place only where the rulebook says so."""
        terms = read_body(orders.NewTerms, asked.body)
        account = self._g.reading.own(asked.signer.actor, asked.account())
        order, target = named_order(asked)
        found = await self._g.reading.order(account, order, target)
        tick = self._g.market.by_symbol[found["symbol"]].terms.tick
        price = orders.micro_dollars("price", terms.price_ticks, terms.price, tick)
        said = terms.price_ticks is not UNSET or terms.price is not UNSET
        command = wire.ReplaceOrder(
            account=account,
            order=order,
            target=target,
            price=price if said else found["price_ticks"] * tick,
            lots=found["open_lots"] if terms.lots is UNSET else terms.lots,
            reference=terms.client_order_id,
            reference_time=int(terms.reference_time),
        )
        return await self.ask(asked.signer, command)

    async def order(self, asked: Asked) -> Any:
        account = self._g.reading.own(asked.signer.actor, asked.account())
        return await self._g.reading.order(account, *named_order(asked))

    async def listed(self, asked: Asked) -> Any:
        """Live and ended orders by number."""
        reading, query = self._g.reading, asked.query
        account = reading.own(asked.signer.actor, asked.account())
        after, limit = read_cursor("orders", query) or 0, query.get("limit", PAGE)
        if "client_order_id" in query:
            name = query["client_order_id"]
            named = await asyncio.to_thread(self._g.accounts.find_order, account, reference=name)
            found = [named] if named and named.accepted.order > after else []
        elif query.get("status") == "live":
            found = reading.live(account, after)
        else:
            found = await reading.orders(account, after, limit + 1)
        rows = [reading.order_row(o) for o in found[:limit]]
        following = make_cursor("orders", rows[-1]["order"]) if len(found) > limit else None
        return {"orders": rows, "next": following}

    async def accounts(self, asked: Asked) -> Any:
        reading = self._g.reading
        found = sorted(reading.owned(asked.signer.actor))
        rows, following = page("accounts", found, lambda n: int(n), asked.query)
        return {"accounts": [reading.account(n) for n in rows], "next": following}

    async def proposals(self, asked: Asked) -> Any:
        """What is put before another operator, with every field it would carry out."""
        waiting = self._g.accounts.proposals
        rows, following = page("proposals", sorted(waiting), lambda n: int(n), asked.query)
        found = []
        for number in rows:
            kind = wire.MESSAGES[waiting[number].command]
            command = kind.unpack(waiting[number].payload, kind.BLOCK)
            found.append({"proposal": number, "command": kind.NAME, "fields": said(command)})
        return {"proposals": found, "next": following}

    async def account(self, asked: Asked) -> Any:
        reading = self._g.reading
        return reading.account(reading.own(asked.signer.actor, asked.account()))

    async def statement(self, asked: Asked) -> Any:
        """Lines of the ledger; lines of one event are never parted."""
        reading, query = self._g.reading, asked.query
        account = reading.own(asked.signer.actor, asked.account())
        after, limit = read_cursor("lines", query) or 0, query.get("limit", PAGE)
        lines = await reading.lines(account, after, limit)
        following = make_cursor("lines", lines[-1]["event"]) if len(lines) >= limit else None
        return {"lines": lines, "next": following}

    async def events(self, asked: Asked) -> Any:
        """The private feed after an event number, oldest first."""
        query, reading = asked.query, self._g.reading
        after = read_cursor("events", query)
        if after is None:
            after = query.get("after", 0)
        limit = query.get("limit", PAGE)
        found: list[dict[str, Any]] = []
        told = await reading.feed(after, MOST_SCANNED)
        for header, event in told:
            if len(found) == limit:
                # More may follow: go on from the last event looked at, shown or not.
                return {"events": found, "next": make_cursor("events", after)}
            after = header.number
            fields = own_event(self._g.accounts, asked.signer.actor, header, event)
            if fields is not None:
                found.append(fields)
        following = make_cursor("events", after) if len(told) == MOST_SCANNED else None
        return {"events": found, "next": following}


def named_order(asked: Asked) -> tuple[int, str]:
    """(number, client order id) of the path, one of them empty. Raises BadCommand."""
    name = asked.path.get("client_order_id")
    if name is None:
        name = asked.path["order"]
        by_number = name.isascii() and name.isdigit()
        if asked.query.get("by", "order" if by_number else "client_order_id") == "order":
            if not (by_number and len(name) <= 20 and int(name) <= MOST_NUMBER):
                raise BadCommand("order", "the number of an order", name)
            return int(name), ""
    if not (1 <= len(name) <= 32 and name.isascii() and name.isprintable()):
        raise BadCommand("client_order_id", "1 to 32 printable ASCII characters", name)
    return 0, name

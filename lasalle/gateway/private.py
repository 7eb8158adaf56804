"""Signed paths: commands of an actor, and what its accounts hold."""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec import UNSET

from lasalle import wire
from lasalle.client.shapes import Account, Answer, Order, StatementLine
from lasalle.gateway import orders, shapes
from lasalle.gateway.answers import own_event, said
from lasalle.gateway.asks import COSTS, USUAL_COST, UnderWay, begin, scope_of
from lasalle.gateway.commands import COMMANDS, build, read_object
from lasalle.gateway.endpoints import MOST_ID, MOST_NUMBER, Asked, Endpoint, Query, read_body
from lasalle.gateway.faults import BEHIND, BadCommand, Denied
from lasalle.gateway.pages import PAGE, PAGED, make_cursor, page, read_cursor
from lasalle.gateway.shared import Shared

MOST_SCANNED = 2_000
"""Events looked at for one page: a request never holds the loop for long."""
BY = Query("by", "How the order is named; digits are a number unless it says otherwise.",
           words=("order", "client_order_id"))  # fmt: skip


class Private:
    """The paths of members and operators."""

    def __init__(self, shared: Shared) -> None:
        self._g = shared

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
                faults=("account_unknown", BEHIND),
            ),
        ]  # fmt: skip
        for path, query in (
            (own + "/{order}", (BY,)),
            (own + "/by-client-id/{client_order_id}", ()),
        ):
            found += [
                Endpoint(
                    "GET", path, self.order, "An order alive or ended.", Order, "read",
                    query=query, faults=("order_unknown", "account_unknown", BEHIND),
                ),
                Endpoint(
                    "PATCH", path, self.replace, "Other terms for an order.", Answer, "trade", 10,
                    orders.NewTerms, query,
                    ("order_unknown", "account_unknown", "reference_reused", BEHIND),
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
                faults=(*unknown, BEHIND),
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
                query=(*PAGED, after), faults=(BEHIND,),
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
        kind = COMMANDS[name]

        def run(asked: Asked) -> UnderWay:
            return self._begin(asked, build(kind, read_object(asked.body)))

        return run

    def _begin(self, asked: Asked, command: Any) -> UnderWay:
        return begin(self._g, asked.signer, command)

    def place(self, asked: Asked) -> Any:
        order = read_body(orders.NewOrder, asked.body)
        return self._begin(asked, orders.place(self._g.market, order))

    def quote(self, asked: Asked) -> Any:
        quotes = read_body(orders.NewQuotes, asked.body)
        return self._begin(asked, orders.mass_quote(self._g.market, quotes))

    def cancel_all(self, asked: Asked) -> Any:
        query, series = asked.query, 0
        if "symbol" in query:
            series = orders.series_named(self._g.market, query["symbol"]).terms.series
        command = wire.MassCancel(
            account=asked.account(),
            series=series,
            label=query.get("label", 0),
            session=query.get("session", 0),
        )
        return self._begin(asked, command)

    def cancel(self, asked: Asked) -> Any:
        order, target = named_order(asked)
        command = wire.CancelOrder(account=asked.account(), order=order, target=target)
        return self._cancel_named(asked, command) if target else self._begin(asked, command)

    async def _cancel_named(self, asked: Asked, command: wire.CancelOrder) -> Any:
        try:
            return await self._begin(asked, command)
        except Denied as denied:
            name = command.target
            if denied.name == "order_unknown":
                text = f"client order id {name}: expected that of a live order of this account"
                raise Denied(text, name=denied.name, field="client_order_id", found=name) from None
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
        return await self._begin(asked, command)

    async def order(self, asked: Asked) -> Any:
        reading, actor = self._g.reading, asked.signer.actor
        account = reading.own(actor, asked.account())
        return await reading.order(account, *named_order(asked), reading.since(actor, account)[1])

    async def listed(self, asked: Asked) -> Any:
        """Live and ended orders by number."""
        reading, query = self._g.reading, asked.query
        account = reading.own(asked.signer.actor, asked.account())
        after, limit = read_cursor("orders", query) or 0, query.get("limit", PAGE)
        after = max(after, reading.since(asked.signer.actor, account)[1])
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

    def accounts(self, asked: Asked) -> Any:
        reading = self._g.reading
        found = sorted(reading.owned(asked.signer.actor))
        rows, following = page("accounts", found, lambda n: int(n), asked.query)
        return {"accounts": [reading.account(n) for n in rows], "next": following}

    def proposals(self, asked: Asked) -> Any:
        """What is put before another operator, with every field it would carry out."""
        if not self._g.accounts.of_house(asked.signer.actor):
            raise Denied("expected an actor of the house", name="role_missing")
        waiting = self._g.accounts.proposals
        rows, following = page("proposals", sorted(waiting), lambda n: int(n), asked.query)
        found = []
        for number in rows:
            kind = wire.MESSAGES[waiting[number].command]
            command = kind.unpack(waiting[number].payload, kind.BLOCK)
            found.append({"proposal": number, "command": kind.NAME, "fields": said(command)})
        return {"proposals": found, "next": following}

    def account(self, asked: Asked) -> Any:
        reading = self._g.reading
        return reading.account(reading.own(asked.signer.actor, asked.account()))

    async def statement(self, asked: Asked) -> Any:
        """Lines of the ledger; lines of one event are never parted."""
        reading, query = self._g.reading, asked.query
        account = reading.own(asked.signer.actor, asked.account())
        after, limit = read_cursor("lines", query) or 0, query.get("limit", PAGE)
        after = max(after, reading.since(asked.signer.actor, account)[0])
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

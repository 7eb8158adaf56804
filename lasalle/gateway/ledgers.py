"""The books of an account: balances, positions, fills, calls, live margin."""

from __future__ import annotations

import asyncio
from typing import Any

from lasalle.client.shapes import Balance, Call, Fill, Margin, Position
from lasalle.gateway import shapes
from lasalle.gateway.endpoints import Asked, Endpoint
from lasalle.gateway.faults import BEHIND
from lasalle.gateway.pages import PAGE, PAGED, make_cursor, page, read_cursor
from lasalle.gateway.shared import Shared
from lasalle.views.model import TradeView, dollars

MOST_AT_ONCE = 5_000
"""Trades read from the disk in one step."""


class Ledgers:
    """The signed reads of an account's books. What lies on disk is read in a thread."""

    def __init__(self, shared: Shared) -> None:
        self._g = shared

    def endpoints(self) -> list[Endpoint]:
        """The declarations."""
        own, unknown = "/v1/accounts/{account}", ("account_unknown",)
        listed: list[tuple[str, Any, str, Any]] = [
            ("balances", self.balances, "Balances by ledger class and asset.", Balance),
            ("positions", self.positions, "Positions, with what they are worth at the mark.",
             Position),
            ("fills", self.fills, "Trades of the account, oldest first.", Fill),
            ("calls", self.calls, "Calls for dues and for margin, standing and closed.", Call),
        ]  # fmt: skip
        found = [
            Endpoint(
                "GET", f"{own}/{name}", run, doc,
                shapes.page_of(name.capitalize(), name, row), "read", 5, query=PAGED,
                faults=(*unknown, BEHIND) if name in ("fills", "calls") else unknown,
            )
            for name, run, doc, row in listed
        ]  # fmt: skip
        return [
            *found,
            Endpoint(
                "GET", own + "/margin", self.margin, "Both tests of the account as it stands now.",
                Margin, "read", 5, faults=unknown,
            ),
        ]  # fmt: skip

    def _own(self, asked: Asked) -> int:
        return self._g.reading.own(asked.signer.actor, asked.account())

    def balances(self, asked: Asked) -> Any:
        view = self._g.accounts.accounts[self._own(asked)]
        rows = [
            {
                "class": kind.name.lower(),
                "asset": asset,
                "amount": dollars(amount),
                "amount_micro_dollars": amount,
            }
            for (kind, asset), amount in sorted(view.balances.items())
        ]
        keys = [int(kind) * 2**32 + asset for kind, asset in sorted(view.balances)]
        found, following = page(
            "balances", list(zip(keys, rows, strict=True)), lambda r: int(r[0]), asked.query
        )
        return {"balances": [r for _, r in found], "next": following}

    def positions(self, asked: Asked) -> Any:
        view = self._g.accounts.accounts[self._own(asked)]
        held = [(s, lots) for s, lots in sorted(view.positions.items()) if lots]
        found, following = page("positions", held, lambda p: int(p[0]), asked.query)
        reading = self._g.reading
        rows = [{"symbol": reading.symbol(s), "lots": lots} for s, lots in found]
        return {"positions": rows, "next": following}

    async def fills(self, asked: Asked) -> Any:
        account, query = self._own(asked), asked.query
        after, limit = read_cursor("fills", query) or 0, query.get("limit", PAGE)
        after = max(after, self._g.reading.since(asked.signer.actor, account)[0])
        history = self._g.accounts.history
        found = await asyncio.to_thread(history.fills, account, after, limit + 1)
        following = make_cursor("fills", found[limit - 1].trade) if len(found) > limit else None
        rows = [row for trade in found[:limit] for row in fill_rows(self._g, account, trade)]
        return {"fills": rows, "next": following}

    async def calls(self, asked: Asked) -> Any:
        account = self._own(asked)
        known = await asyncio.to_thread(self._g.accounts.history.calls, account)
        since = self._g.reading.since(asked.signer.actor, account)[0]
        found = [call for call in known if call.opened > since]
        rows, following = page("calls", found, lambda c: int(c.opened), asked.query)
        return {
            "calls": [
                {
                    "call": c.opened,
                    "time": c.time,
                    "amount": dollars(c.amount),
                    "amount_micro_dollars": c.amount,
                    "open": not c.closed,
                    "closed_by": c.closed,
                    "kind": "margin" if c.number else "dues",
                    "state": c.state,
                    "deadline": c.due,
                    "margin_call": c.number,
                    "required": dollars(c.required),
                    "late_by": c.late,
                }
                for c in rows
            ],
            "next": following,
        }

    def margin(self, asked: Asked) -> Any:
        return self._g.reading.margin(self._own(asked))


def fill_rows(shared: Shared, account: int, trade: TradeView) -> list[dict[str, Any]]:
    """A trade as its owner may see it; one row a side that is the account's."""
    terms, rows = trade.terms, []
    tick = shared.accounts.symbols[terms.series].tick
    for side in ("buy", "sell"):
        if getattr(terms, f"{side}_account") != account:
            continue
        aggressor = terms.aggressor.name.lower()
        role = "auction" if aggressor == "none" else "taker" if aggressor == side else "maker"
        rows.append(
            {
                "trade": trade.trade,
                "time": trade.time,
                "symbol": shared.reading.symbol(terms.series),
                "order": getattr(terms, f"{side}_order"),
                "side": side,
                "role": role,
                "price_ticks": terms.price // tick,
                "price": dollars(terms.price),
                "lots": terms.lots,
                "fee": dollars(getattr(terms, f"{side}_fee")),
                "clearing_fee": dollars(getattr(terms, f"{side}_clearing_fee")),
                "busted": trade.busted,
            }
        )
    return rows


async def every_fill(shared: Shared, actor: int, account: int) -> list[Fill]:
    """The fills of an account that an actor may read, oldest first."""
    found, after = list[Fill](), shared.reading.since(actor, account)[0]
    while trades := await asyncio.to_thread(
        shared.accounts.history.fills, account, after, MOST_AT_ONCE
    ):
        found += [Fill(**row) for trade in trades for row in fill_rows(shared, account, trade)]
        after = trades[-1].trade
    return found

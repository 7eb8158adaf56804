"""What the doors read of the views; nothing else in this room touches their insides."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from itertools import islice, pairwise
from typing import Any

from lasalle import wire
from lasalle.gateway.faults import Denied
from lasalle.gateway.instruments import said_of
from lasalle.views import AccountsView, MarketView
from lasalle.views.market import SeriesView
from lasalle.views.model import LIVE, OrderView, Told, dollars

STILL = 2**64
"""After every command."""


class Reading:
    """Accounts, orders and events for their owners; instruments for everyone."""

    def __init__(self, market: MarketView, accounts: AccountsView) -> None:
        self.market, self.accounts = market, accounts
        self._margins: dict[int, tuple[int, bool]] = {}
        """Requirement and coverage by account, as last judged since the house opened."""

    def on(self, event: Any) -> None:
        """Keeps what the core last said of an account's margin."""
        if isinstance(event, wire.AccountRefreshed):
            self._margins[event.account] = (event.requirement, event.covered)

    def last_session(self) -> int:
        """Highest session a live order names; 0 for none."""
        views = list(self.accounts.accounts.values())
        return max((o.accepted.session for v in views for o in v.orders.values()), default=0)

    def own(self, actor: int, account: int) -> int:
        """The account, when the actor may see it. Raises Denied (account_unknown)."""
        if not self.accounts.may_see(actor, account):
            raise Denied(
                f"account {account} is not yours or does not exist",
                name="account_unknown",
                field="account",
                found=account,
            )
        return account

    def of_member(self, actor: int, account: int) -> int:
        """The account, for an actor of the member that owns it and nobody else. Raises Denied."""
        self.own(actor, account)
        if self.accounts.actors[actor][0] != self.accounts.accounts[account].member:
            raise Denied("expected an actor of the member that owns it", name="role_missing")
        return account

    def since(self, actor: int, account: int) -> tuple[int, int]:
        """(event, command) up to which an account is not an actor's to read: what was another
        member's before it was ported stays theirs. Zeros for the house, and where nothing was."""
        ports = self.accounts.margins.ports.get(account)
        if not ports or self.accounts.of_house(actor):
            return 0, 0
        return ports[-1].event, ports[-1].command

    def had(self, actor: int, account: int) -> list[tuple[int, int]]:
        """(first, last) commands between which an account was of an actor's member, or of the house
        all along; `last` is greater than every command where it is so still. Raises Denied."""
        ports = self.accounts.margins.ports.get(account, [])
        if not ports or self.accounts.of_house(actor):
            self.own(actor, account)
            return [(0, STILL)]
        member = self.accounts.actors.get(actor, (-1, 0))[0]
        whose = [(ports[0].from_member, 0, ports[0].command)]
        for port, following in pairwise([*ports, None]):
            assert port is not None, "only the last has none behind it"
            whose.append((port.member, port.command, following.command if following else STILL))
        found = [(first, last) for owner, first, last in whose if owner == member]
        if not found or not self.accounts.actors[actor][1]:
            self.own(actor, account)
        return found

    def owned(self, actor: int) -> list[int]:
        """Accounts an actor may see."""
        return [n for n in self.accounts.accounts if self.accounts.may_see(actor, n)]

    def account(self, number: int) -> dict[str, Any]:
        """An account for its owner: what the core last judged, and its margin as it stands."""
        judged = self._margins.get(number)
        return {
            **self.accounts.shown(number),
            "requirement": dollars(judged[0]) if judged else None,
            "covered": judged[1] if judged else None,
            "margin": self.margin(number),
        }

    def margin(self, number: int) -> dict[str, Any]:
        """Both tests of an account after the last event folded. Amounts are None where the table in
        force has no row for a series the account holds."""
        found = self.accounts.margin(number)
        amounts: dict[str, Any] = dict.fromkeys(
            ("requirement", "cover", "required_cover", "free_cash", "needed_cash")
        )
        if found is not None:
            amounts = {
                "requirement": dollars(found.requirement),
                "cover": dollars(found.cover),
                "required_cover": dollars(found.required),
                "free_cash": dollars(found.free),
                "needed_cash": dollars(found.needed),
            }
        covered = found.covered if found else None
        event = self.accounts.margins.last_event
        return {"account": number, "event": event, "covered": covered, **amounts}

    async def order(
        self, account: int, number: int, reference: str, since: int = 0
    ) -> dict[str, Any]:
        """An order alive or ended, by number or by client order id, placed after a command. Raises
        Denied."""
        view = self.accounts.accounts[account]
        kept = view.references.get(reference, 0) if reference else number
        found = view.orders.get(kept)
        if found is None:
            found = await asyncio.to_thread(self.accounts.find_order, account, number, reference)
        if found is None or found.accepted.order <= since:
            raise Denied(
                "no such order of this account is kept",
                name="order_unknown",
                field="client_order_id" if reference else "order",
                found=reference or number,
            )
        return self.order_row(found)

    async def orders(self, account: int, after: int, most: int) -> list[OrderView]:
        """Orders alive and ended after a number, oldest first: at most so many."""
        self.accounts.history.need(self.accounts.accounts[account].orders_lost)
        told = await asyncio.to_thread(self.accounts.history.orders, account, after, most)
        return self.accounts.orders_page(account, after, most, told)

    def live(self, account: int, after: int = 0) -> list[OrderView]:
        """Orders after a number that can still trade."""
        kept = self.accounts.accounts[account].orders.items()
        return [o for n, o in sorted(kept) if n > after and o.status == LIVE]

    def live_rows(self, account: int) -> list[dict[str, Any]]:
        """Orders that can still trade."""
        return [self.order_row(o) for o in self.live(account)]

    def order_row(self, order: OrderView) -> dict[str, Any]:
        """An order for its owner."""
        a, price = order.accepted, order.price
        tick = self.accounts.symbols[a.series].tick
        return {
            **order.shown(self.symbol(a.series)),
            "order": a.order,
            "price_ticks": price // tick,
            "price": dollars(price),
            "session": a.session,
            "label": a.label,
        }

    def symbol(self, series: int) -> str:
        return self.accounts.symbols[series].symbol

    async def lines(self, account: int, after: int, most: int) -> list[dict[str, Any]]:
        """Postings of an account after an event; those of one event are never parted."""
        told, lost = None, self.accounts.accounts[account].lines_lost
        if after < lost:
            self.accounts.history.need(lost)
            told = await asyncio.to_thread(self.accounts.history.lines, account, after, most)
        return [
            {
                "event": line.event,
                "time": line.time,
                "why": line.why,
                "class": line.ledger_class.name.lower(),
                "asset": line.asset,
                "amount": dollars(line.amount),
                "amount_micro_dollars": line.amount,
            }
            for line in self.accounts.statement_lines(account, after, most, told)
        ]

    async def feed(self, after: int, most: int) -> list[Told]:
        """At most so many owners' events after a number; nothing is awaited after the newest was
        looked at.
        """
        views = self.accounts
        if after >= views.feed_lost:
            start = bisect_right(views.feed, after, key=lambda told: told[0].number)
            return list(islice(views.feed, start, start + most))
        views.history.need(views.feed_lost)
        told = await asyncio.to_thread(views.history.feed, after, most)
        return views.events_after(after, most, told)

    def instrument(self, view: SeriesView) -> dict[str, Any]:
        """Terms of a series, for everyone."""
        t = view.terms
        said = said_of(t.index, t.symbol, t.series_kind)
        return {
            "series": t.series,
            "symbol": t.symbol,
            "kind": t.series_kind.name.lower(),
            "group": t.group,
            "index": t.index,
            "index_name": said.index_name,
            "index_unit": said.index_unit,
            "unit": said.unit,
            "first_month": t.first_month,
            "last_month": t.last_month,
            "hours": t.hours,
            "tick": dollars(t.tick),
            "tick_micro_dollars": t.tick,
            "strike": dollars(t.strike),
            "mark": dollars(view.mark),
            "state": view.state.name.lower(),
            "last_trading_time": t.last_trading_time,
            "open_interest": self.accounts.open_interest.get(t.series, 0),
            "band": t.band,
            "protection": t.protection,
            "maker_fee": dollars(t.maker_fee),
            "taker_fee": dollars(t.taker_fee),
            "clearing_fee": dollars(t.clearing_fee),
            "lot": said.lot,
            "settlement": said.settlement,
            "standard_version": t.standard_version,
            "standard_hash": t.standard_hash.hex() if t.standard_version else "",
        }

"""What the doors read of the views; nothing else in this room touches their insides."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lasalle import wire
from lasalle.gateway.faults import Denied
from lasalle.views import AccountsView, MarketView
from lasalle.views.market import SeriesView, dollars

LOT = "one accelerator for every UTC hour of the delivery period"
SETTLEMENT = {
    wire.SeriesKind.FUTURE: "cash, against the average of the index over the delivery month",
    wire.SeriesKind.CALL: "cash, exercised when the month's index average lies above the strike",
    wire.SeriesKind.PUT: "cash, exercised when the month's index average lies below the strike",
    wire.SeriesKind.SWAP: "cash, month by month, against each month's index average",
}


class Reading:
    """Accounts, orders and events for their owners; instruments for everyone."""

    def __init__(self, market: MarketView, accounts: AccountsView) -> None:
        self.market, self.accounts = market, accounts
        self._margins: dict[int, tuple[int, bool]] = {}
        for _, event in list(accounts.feed):
            self.on(event)

    def on(self, event: Any) -> None:
        """Keeps what the core last said of an account's margin."""
        if isinstance(event, wire.AccountRefreshed):
            self._margins[event.account] = (event.requirement, event.covered)

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

    def owned(self, actor: int) -> list[int]:
        """Accounts an actor may see."""
        return [n for n in self.accounts.accounts if self.accounts.may_see(actor, n)]

    def account(self, number: int) -> dict[str, Any]:
        """An account for its owner; the requirement is the one of its last judgement."""
        requirement, covered = self._margins.get(number, (0, True))
        return {
            **self.accounts.shown(number),
            "requirement": dollars(requirement),
            "covered": covered,
        }

    def order(self, account: int, number: int, reference: str) -> dict[str, Any]:
        """An order alive or ended, by number or by client order id. Raises Denied."""
        view = self.accounts.accounts[account]
        if reference:
            number = view.references.get(reference, 0)
        found = view.orders.get(number)
        if found is None:
            raise Denied(
                "no such order of this account is kept",
                name="order_unknown",
                field="client_order_id" if reference else "order",
                found=reference or number,
            )
        return self.order_row(found)

    def orders(self, account: int, *, live: bool, symbol: str, reference: str) -> list[Any]:
        """Orders by ascending number."""
        view = self.accounts.accounts[account]
        named = view.references.get(reference, 0)
        return [
            o
            for o in list(view.orders.values())
            if (not live or o.status == "live")
            and (not reference or o.accepted.order == named)
            and (not symbol or self.symbol(o.accepted.series) == symbol)
        ]

    def live_rows(self, account: int) -> list[dict[str, Any]]:
        """Orders that can still trade."""
        rows = self.orders(account, live=True, symbol="", reference="")
        return [self.order_row(o) for o in rows]

    def order_row(self, order: Any) -> dict[str, Any]:
        a = order.accepted
        price = getattr(order, "price", a.price)
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

    def lines(self, account: int, after: int) -> Iterator[dict[str, Any]]:
        """Postings of an account after an event. Raises Denied (events_gone)."""
        view = self.accounts.accounts[account]
        if after < view.lines_lost:
            raise gone(view.lines_lost)
        for line in list(view.lines):
            if line.event > after:
                yield {
                    "event": line.event,
                    "time": line.time,
                    "why": line.why,
                    "class": line.ledger_class.name.lower(),
                    "asset": line.asset,
                    "amount": dollars(line.amount),
                    "amount_micro_dollars": line.amount,
                }

    def feed(self, after: int, most: int) -> list[tuple[wire.Header, Any]]:
        """At most so many owners' events after a number. Raises Denied (events_gone)."""
        views = self.accounts
        if after < views.feed_lost:
            raise gone(views.feed_lost)
        start = bisect_right(views.feed, after, key=lambda told: told[0].number)
        return list(islice(views.feed, start, start + most))

    def instrument(self, view: SeriesView) -> dict[str, Any]:
        """Terms of a series, for everyone."""
        t = view.terms
        return {
            "series": t.series,
            "symbol": t.symbol,
            "kind": t.series_kind.name.lower(),
            "group": t.group,
            "index": t.index,
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
            "lot": LOT,
            "settlement": SETTLEMENT[t.series_kind],
        }


def gone(number: int) -> Denied:
    return Denied(
        f"events to {number} are no longer kept here: read orders and account, then go on",
        name="events_gone",
        field="after",
        expected=number,
    )

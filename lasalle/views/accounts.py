"""What owners see: orders alive and ended, fills, positions, balances of each account."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from lasalle import wire
from lasalle.plain import postings
from lasalle.views.market import dollars
from lasalle.wire import Header, LedgerClass, SeriesKind

ENDED_KEPT = 10_000
FEED_KEPT = 100_000
LINES_KEPT = 10_000
OWNERS = ("account", "buy_account")
"""One of these fields is in every event an owner may see."""


@dataclass
class OrderView:
    """An order as its owner sees it; `status` is live, filled or cancelled (with the reason)."""

    accepted: wire.OrderAccepted
    lots: int
    filled: int = 0
    status: str = "live"

    def shown(self, symbol: str) -> dict[str, Any]:
        a = self.accepted
        return {
            "order": str(a.order),
            "account": a.account,
            "symbol": symbol,
            "side": a.side.name.lower(),
            "type": a.order_type.name.lower(),
            "time_in_force": a.time_in_force.name.lower(),
            "price": dollars(a.price),
            "lots": a.lots,
            "open_lots": self.lots,
            "filled_lots": self.filled,
            "status": self.status,
            "client_order_id": a.reference,
            "quote": a.quote,
        }


@dataclass(frozen=True)
class StatementLine:
    """One posting to an account: event number, nanoseconds UTC, why, micro-dollars."""

    event: int
    time: int
    why: str
    ledger_class: LedgerClass
    asset: int
    amount: int


@dataclass
class AccountView:
    """Orders by id and by client reference, positions in lots, balances in micro-dollars."""

    member: int
    orders: dict[int, OrderView] = field(default_factory=dict)
    references: dict[str, int] = field(default_factory=dict)
    ended: deque[int] = field(default_factory=deque)
    positions: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    balances: dict[tuple[LedgerClass, int], int] = field(default_factory=lambda: defaultdict(int))
    lines: deque[StatementLine] = field(default_factory=deque)
    lines_lost: int = 0
    """Event of the last line no longer kept."""

    def post(self, line: StatementLine) -> None:
        """Writes a line of the ledger; a credit is positive."""
        self.balances[line.ledger_class, line.asset] += line.amount
        self.lines.append(line)
        if len(self.lines) > LINES_KEPT:
            self.lines_lost = self.lines.popleft().event


class AccountsView:
    """Fold of owners' events."""

    def __init__(self) -> None:
        self.accounts: dict[int, AccountView] = {}
        self.actors: dict[int, tuple[int, int]] = {}
        self.symbols: dict[int, wire.SeriesListed] = {}
        self.open_interest: dict[int, int] = defaultdict(int)
        self.feed: deque[tuple[Header, Any]] = deque(maxlen=FEED_KEPT)
        self.feed_lost = 0
        self._shortfall = 0

    def on(self, header: Header, event: Any) -> None:
        """Writes an event."""
        if any(getattr(event, n, 0) for n in OWNERS):
            if len(self.feed) == FEED_KEPT:
                self.feed_lost = self.feed[0][0].number
            self.feed.append((header, event))
        for posting in postings(event, self._shortfall):
            for (class_, account), sign in ((posting.debit, -1), (posting.credit, 1)):
                if class_ == LedgerClass.DEFAULT_SHORTFALL:
                    self._shortfall -= sign * posting.amount
                if account:
                    self.accounts[account].post(
                        StatementLine(
                            header.number,
                            header.time,
                            event.NAME,
                            class_,
                            posting.asset,
                            sign * posting.amount,
                        )
                    )
        if isinstance(event, wire.AccountOpened):
            self.accounts[event.account] = AccountView(event.member)
        elif isinstance(event, wire.ActorRegistered):
            self.actors[event.registered] = (event.member, event.roles)
        elif isinstance(event, wire.HouseOpened):
            self.actors |= {o.actor: (0, sum(wire.Role)) for o in event.operators}
        elif isinstance(event, wire.SeriesListed):
            self.symbols[event.series] = event
        elif isinstance(event, wire.OrderAccepted):
            owner_view = self.accounts[event.account]
            owner_view.orders[event.order] = OrderView(event, event.lots)
            if event.reference:
                owner_view.references[event.reference] = event.order
        elif isinstance(event, wire.OrderReplaced):
            self._order(event.account, event.order).lots = event.lots
        elif isinstance(event, wire.OrderReduced):
            self._take(event.account, event.order, event.lots, "reduced")
        elif isinstance(event, wire.OrderCancelled):
            order = self._order(event.account, event.order)
            order.status = "cancelled: " + event.reason.name.lower()
            order.lots = 0
            self._end(event.account, event.order)
        elif isinstance(event, wire.Traded):
            for owner, number, sign in (
                (event.buy_account, event.buy_order, 1),
                (event.sell_account, event.sell_order, -1),
            ):
                self._order(owner, number).filled += event.lots
                self._take(owner, number, event.lots, "filled")
                self._move(owner, event.series, sign * event.lots)
        elif isinstance(event, wire.TradeBusted):
            self._move(event.buy_account, event.series, -event.lots)
            self._move(event.sell_account, event.series, event.lots)
        elif isinstance(event, wire.PositionTransferred):
            self._move(event.account, event.series, -event.lots)
            self._move(event.to_account, event.series, event.lots)
        elif isinstance(event, wire.FinalSettled) and event.expired:
            for holder in self.accounts.values():
                holder.positions.pop(event.series, None)

    def shown(self, number: int) -> dict[str, Any]:
        """An account for its owner."""
        account = self.accounts[number]
        cash = {
            str(asset): dollars(b)
            for (c, asset), b in account.balances.items()
            if c == LedgerClass.CASH
        }
        dues = -account.balances.get((LedgerClass.DUE_FROM_MEMBER, 1), 0)
        positions = [
            {"symbol": self.symbols[s].symbol, "lots": lots}
            for s, lots in sorted(account.positions.items())
            if lots
        ]
        live = sum(o.status == "live" for o in account.orders.values())
        return {
            "account": number,
            "member": account.member,
            "cash": cash,
            "dues": dollars(dues),
            "positions": positions,
            "live_orders": live,
        }

    def order_shown(self, account: int, number: int) -> dict[str, Any] | None:
        """An order alive or ended."""
        order = self.accounts[account].orders.get(number)
        return order.shown(self.symbols[order.accepted.series].symbol) if order else None

    def live_orders(self, account: int) -> list[dict[str, Any]]:
        """Orders that can still trade."""
        orders = self.accounts[account].orders.values()
        return [
            o.shown(self.symbols[o.accepted.series].symbol) for o in orders if o.status == "live"
        ]

    def may_see(self, actor: int, account: int) -> bool:
        """True for the account's member and for the house."""
        member = self.actors.get(actor, (-1, 0))[0]
        return account in self.accounts and member in (0, self.accounts[account].member)

    def curve(self) -> list[wire.SeriesListed]:
        """Futures in order of month."""
        futures = [s for s in self.symbols.values() if s.series_kind == SeriesKind.FUTURE]
        return sorted(futures, key=lambda s: s.first_month)

    def _order(self, account: int, order: int) -> OrderView:
        return self.accounts[account].orders[order]

    def _take(self, account: int, number: int, lots: int, ended: str) -> None:
        order = self._order(account, number)
        order.lots -= lots
        if not order.lots:
            order.status = ended
            self._end(account, number)

    def _end(self, account: int, number: int) -> None:
        view = self.accounts[account]
        view.ended.append(number)
        if len(view.ended) > ENDED_KEPT:
            view.orders.pop(view.ended.popleft(), None)

    def _move(self, account: int, series: int, lots: int) -> None:
        positions = self.accounts[account].positions
        self.open_interest[series] += max(0, positions[series] + lots) - max(0, positions[series])
        positions[series] += lots

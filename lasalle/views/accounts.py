"""What owners see: orders alive and ended, fills, positions, balances of each account."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from lasalle import wire
from lasalle.plain.margin import Judgement
from lasalle.views.history import POSTING, History, Ledger, MemoryHistory
from lasalle.views.margin import MarginView
from lasalle.views.model import LIVE, OrderView, StatementLine, Told, accepted_order, dollars, owned
from lasalle.views.past import Past
from lasalle.wire import Header, LedgerClass, SeriesKind

ENDED_KEPT = 10_000
FEED_KEPT = 100_000
LINES_KEPT = 10_000
EPOCHS = (
    wire.VariationSettled,
    wire.MarginTableActivated,
    wire.FinalSettled,
    wire.FeesSet,
    wire.CollateralAdmitted,
    wire.CollateralValued,
)
"""After these every account is due to be judged again."""
OF_ORDERS = frozenset(
    {
        wire.OrderAccepted,
        wire.OrderRested,
        wire.SliceRefreshed,
        wire.OrderReplaced,
        wire.OrderReduced,
        wire.OrderCancelled,
        wire.Traded,
        wire.TradeBusted,
    }
)
"""What most events are: orders, and what becomes of them."""


@dataclass
class AccountView:
    """Orders by id and by client reference, positions in lots, balances in micro-dollars."""

    member: int
    orders: dict[int, OrderView] = field(default_factory=dict)
    references: dict[str, int] = field(default_factory=dict)
    ended: deque[tuple[int, int]] = field(default_factory=deque)
    """Order and the event with which it ended."""
    positions: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    balances: dict[tuple[LedgerClass, int], int] = field(default_factory=lambda: defaultdict(int))
    lines: deque[StatementLine] = field(default_factory=deque)
    judged: int = 0
    """Event under which its cover was judged last."""
    requirement: int = 0
    """Micro-dollars of margin as judged last since the house was opened; 0 before."""
    lines_lost: int = 0
    """Event of the last line no longer kept here; the history has it."""

    orders_lost: int = 0
    """Event with which the last order ended that is no longer kept here; the history has it."""

    def post(self, line: StatementLine) -> None:
        """Writes a line of the ledger; a credit is positive."""
        self.balances[line.ledger_class, line.asset] += line.amount
        self.lines.append(line)
        if len(self.lines) > LINES_KEPT:
            self.lines_lost = self.lines.popleft().event

    def end(self, number: int, event: int) -> None:
        """An order ended; the one that ended longest ago goes when too many are kept."""
        self.ended.append((number, event))
        if len(self.ended) > ENDED_KEPT:
            oldest, self.orders_lost = self.ended.popleft()
            gone = self.orders.pop(oldest, None)
            if gone is not None:
                reference = gone.accepted.reference
                if self.references.get(reference) == gone.accepted.order:
                    del self.references[reference]


class AccountsView:
    """Fold of owners' events: what lives and what ended lately; what ended longer ago is asked of
    the history.
    """

    def __init__(self, history: History | None = None) -> None:
        self.history: History = history if history is not None else MemoryHistory()
        self.accounts: dict[int, AccountView] = {}
        self.actors: dict[int, tuple[int, int]] = {}
        self.members: dict[int, str] = {}
        self.margin_calls: dict[int, wire.MarginCalled] = {}
        """Margin calls that stand, by account; one that is late is due at 0."""
        self._doubtful: set[int] = set()
        """Accounts not known to be covered."""
        self.digests: dict[wire.Publication, wire.DigestPublished | wire.DigestRecord] = {}
        """The last digest on the log of each publication."""
        self.proposals: dict[int, wire.Proposed] = {}
        """Four-eyes commands that wait for a second operator."""
        self.house: dict[tuple[LedgerClass, int], int] = defaultdict(int)
        """Balances of the house's own ledger accounts, micro-dollars by class and asset."""
        self.symbols: dict[int, wire.SeriesListed] = {}
        self.open_interest: dict[int, int] = defaultdict(int)
        self.feed: deque[Told] = deque(maxlen=FEED_KEPT)
        self.feed_lost = 0
        """Number of the last event that `feed` no longer holds; the history has it."""
        self.name = ""
        """Of the house."""
        self.epoch = 0
        """Event at which marks, margin table or fees last changed."""
        self.margins = MarginView()
        self._ledger = Ledger()
        self._event = 0

    def margin(self, number: int) -> Judgement | None:
        """Both tests of an account after the last event; see MarginView."""
        account = self.accounts[number]
        return self.margins.judged(number, account.orders.values(), account.balances)

    def uncovered(self) -> dict[int, Judgement]:
        """Accounts that are not covered, with both tests, by number."""
        found = {}
        for number in sorted(self._doubtful):
            judged = self.margin(number)
            if judged is not None and judged.covered:
                self._doubtful.discard(number)
            elif judged is not None:
                found[number] = judged
        return found

    def stale(self) -> int:
        """Accounts not judged since marks, margin table or fees changed."""
        return sum(a.judged < self.epoch for a in self.accounts.values())

    def restore(self, records: list[Told], past: Past, last_event: int) -> None:
        """Takes the state a core's records tell after an event; orders come with their past."""
        self.symbols = {s.series: s for s in past.listed()}
        orders = past.live_orders()
        self.feed_lost = last_event
        self.margins.restore(records, last_event, past.ports())
        for _, record in records:
            if isinstance(record, wire.AccountRecord):
                account = AccountView(record.member, judged=record.seen)
                account.lines_lost = account.orders_lost = last_event
                self.accounts[record.account] = account
                self._doubtful.add(record.account)
            elif isinstance(record, wire.HouseRecord):
                self.epoch, self.name = record.epoch, record.name
            elif isinstance(record, wire.MemberRecord):
                self.members[record.member] = record.name
            elif isinstance(record, wire.ProposalRecord):
                waiting = wire.Proposed(
                    proposal=record.proposal,
                    command=record.command,
                    due=record.due,
                    payload=record.payload,
                )
                self.proposals[record.proposal] = waiting
            elif isinstance(record, wire.MarginCallRecord):
                self.margin_calls[record.account] = wire.MarginCalled(
                    call=record.call, account=record.account, amount=record.amount, due=record.due
                )
            elif isinstance(record, wire.DigestRecord):
                self.digests[record.publication] = record
            elif isinstance(record, wire.ActorRecord):
                self.actors[record.actor] = (record.member, record.roles)
            elif isinstance(record, wire.BalanceRecord):
                key = (LedgerClass(record.ledger_class), record.asset)
                if record.account:
                    self.accounts[record.account].balances[key] = record.balance
                    continue
                self.house[key] = record.balance
                if record.ledger_class == LedgerClass.DEFAULT_SHORTFALL:
                    self._ledger.shortfall = -record.balance
            elif isinstance(record, wire.PositionRecord):
                self._move(record.account, record.series, record.lots)
            elif isinstance(record, wire.OrderRecord):
                view, order = self.accounts[record.account], orders[record.order]
                assert order.lots == record.lots, "the history knows the lots of every live order"
                view.orders[record.order] = order
                if order.accepted.reference:
                    view.references[order.accepted.reference] = record.order

    def on(self, header: Header, event: Any) -> None:
        """Writes an event."""
        self._event = header.number
        self.margins.on(header, event)
        if owned(event):
            if len(self.feed) == FEED_KEPT:
                self.feed_lost = self.feed[0][0].number
            self.feed.append((header, event))
        kind = type(event)
        if kind in POSTING:
            self._post(header, event)
        if kind in OF_ORDERS:
            self._on_order(event)
        elif isinstance(event, wire.AccountOpened):
            self.accounts[event.account] = AccountView(event.member, judged=self.epoch)
        elif isinstance(event, wire.AccountPorted):
            self.accounts[event.account].member = event.member
        elif isinstance(event, wire.AccountRefreshed):
            view = self.accounts[event.account]
            view.judged, view.requirement = header.number, event.requirement
            (self._doubtful.discard if event.covered else self._doubtful.add)(event.account)
        elif isinstance(event, EPOCHS):
            self.epoch = header.number
            if isinstance(event, wire.FinalSettled):
                self._expire(event)
        elif isinstance(event, wire.ActorRegistered):
            self.actors[event.registered] = (event.member, event.roles)
        elif isinstance(event, wire.MarginCalled):
            self.margin_calls[event.account] = event
        elif isinstance(event, wire.MarginCallMet):
            del self.margin_calls[event.account]
        elif isinstance(event, wire.MarginCallLate):
            late = replace(self.margin_calls[event.account], amount=event.amount, due=0)
            self.margin_calls[event.account] = late
        elif isinstance(event, wire.DigestPublished):
            self.digests[event.publication] = event
        elif isinstance(event, wire.MemberRegistered):
            self.members[event.member] = event.name
        elif isinstance(event, wire.Proposed):
            self.proposals[event.proposal] = event
        elif isinstance(event, wire.Approved | wire.ProposalLapsed | wire.ProposalWithdrawn):
            del self.proposals[event.proposal]
        elif isinstance(event, wire.HouseOpened):
            self.name = event.name
            self.actors |= {o.actor: (0, sum(wire.Role)) for o in event.operators}
        elif isinstance(event, wire.SeriesListed):
            self.symbols[event.series] = event
        elif isinstance(event, wire.PositionTransferred):
            self._move(event.account, event.series, -event.lots)
            self._move(event.to_account, event.series, event.lots)

    def _post(self, header: Header, event: Any) -> None:
        for account, _, line in self._ledger.lines(header, event):
            if account:
                self.accounts[account].post(line)
            else:
                self.house[line.ledger_class, line.asset] += line.amount

    def _expire(self, event: wire.FinalSettled) -> None:
        if event.expired:
            self.open_interest.pop(event.series, None)
            for holder in self.accounts.values():
                holder.positions.pop(event.series, None)

    def _on_order(self, event: Any) -> None:
        if isinstance(event, wire.OrderAccepted):
            owner_view = self.accounts[event.account]
            owner_view.orders[event.order] = accepted_order(event)
            if event.reference:
                owner_view.references[event.reference] = event.order
        elif isinstance(event, wire.OrderReplaced):
            order = self._order(event.account, event.order)
            order.lots, order.price = event.lots, event.price
            order.total = order.filled + event.lots
            if event.reference:
                self.accounts[event.account].references[event.reference] = event.order
        elif isinstance(event, wire.OrderReduced):
            self._take(event.account, event.order, event.lots, "reduced")
        elif isinstance(event, wire.OrderCancelled):
            order = self._order(event.account, event.order)
            order.status = "cancelled: " + event.reason.name.lower()
            order.lots = 0
            self.accounts[event.account].end(event.order, self._event)
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
        live = sum(o.status == LIVE for o in account.orders.values())
        return {
            "account": number,
            "member": account.member,
            "cash": cash,
            "dues": dollars(dues),
            "positions": positions,
            "live_orders": live,
            "products": self.margins.products(number),
        }

    def find_order(self, account: int, number: int = 0, reference: str = "") -> OrderView | None:
        """An order alive or ended, by its number or by the client reference that named it last."""
        view = self.accounts[account]
        if reference:
            number = view.references.get(reference, 0)
        found = view.orders.get(number)
        if found is not None:
            return found
        self.history.need(view.orders_lost)
        if number:
            return self.history.order(account, number)
        return self.history.order_named(account, reference) if reference else None

    def orders_page(
        self, account: int, after: int, most: int, told: list[OrderView] | None = None
    ) -> list[OrderView]:
        """Orders alive and ended after a number, oldest first; `told` is what the history said
        to the same question, read here where it is not given.
        """
        told = self.history.orders(account, after, most) if told is None else told
        found = {o.accepted.order: o for o in told}
        # What the history has not folded yet is newer than all it has.
        found |= {n: o for n, o in self.accounts[account].orders.items() if n > after}
        return [found[n] for n in sorted(found)[:most]]

    def statement_lines(
        self, account: int, after: int, most: int, told: list[StatementLine] | None = None
    ) -> list[StatementLine]:
        """Lines of the ledger after an event, oldest first; those of one event are never parted.
        `told` as in orders_page.
        """
        view = self.accounts[account]
        found: list[StatementLine] = []
        if after < view.lines_lost:
            told = self.history.lines(account, after, most) if told is None else told
            found = [line for line in told if line.event <= view.lines_lost]
        if len(found) < most:
            found += [line for line in view.lines if line.event > after]
        last = found[most - 1].event if len(found) > most else 0
        return [line for i, line in enumerate(found) if i < most or line.event == last]

    def events_after(self, after: int, most: int, told: list[Told] | None = None) -> list[Told]:
        """Owners' events after a number, oldest first: at most so many; `told` as above."""
        found: list[Told] = []
        if after < self.feed_lost:
            told = self.history.feed(after, most) if told is None else told
            found = [t for t in told if t[0].number <= self.feed_lost]
        for told_now in self.feed:
            if len(found) >= most:
                break
            if told_now[0].number > after:
                found.append(told_now)
        return found

    def live_orders(self, account: int) -> list[dict[str, Any]]:
        """Orders that can still trade."""
        orders = self.accounts[account].orders.values()
        return [o.shown(self.symbols[o.accepted.series].symbol) for o in orders if o.status == LIVE]

    def may_see(self, actor: int, account: int) -> bool:
        """True for the account's member and for the house, while the actor holds a role."""
        member, roles = self.actors.get(actor, (-1, 0))
        return (
            bool(roles)
            and account in self.accounts
            and member in (0, self.accounts[account].member)
        )

    def of_house(self, actor: int) -> bool:
        """Whether an actor belongs to the house and holds a role."""
        member, roles = self.actors.get(actor, (-1, 0))
        return not member and bool(roles)

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
            self.accounts[account].end(number, self._event)

    def _move(self, account: int, series: int, lots: int) -> None:
        positions = self.accounts[account].positions
        self.open_interest[series] += max(0, positions[series] + lots) - max(0, positions[series])
        positions[series] += lots

"""What ended is answered from here: orders, fills, ledger lines, calls, fixings, settlement prices.

One door, two keepers: `MemoryHistory` in this file says it plainly, `SqliteHistory` keeps it on
disk. Both are folded from events alone and may be thrown away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

from lasalle import wire
from lasalle.plain.postings import MOVES_MONEY, postings
from lasalle.views.calls import CALLS, after_call
from lasalle.views.model import (
    FIXING,
    LIVE,
    STEPS,
    Call,
    DayStatement,
    HistoryBehind,
    Line,
    Mark,
    Move,
    OrderView,
    Port,
    StatementLine,
    Told,
    TradeView,
    accepted_order,
    as_fixing,
    last_of_each,
    moves,
    owned,
    port_of,
    state_header,
)
from lasalle.wire import Header, LedgerClass

MARKING = (wire.VariationSettled, wire.MarginTableActivated)
"""Events that set the marks of series."""
UNFILLED_QUOTES_KEPT = 35 * 86_400 * 10**9
"""Nanoseconds after which a quote that ended without a fill is forgotten; the rest is kept."""


class History(Protocol):
    """What the views ask of a keeper. Numbers are ascending; `after` is left out of an answer."""

    @property
    def mark(self) -> Mark: ...

    @property
    def fault(self) -> str: ...

    def tell(self, frames: bytes, number: int, chain: bytes) -> None: ...

    def flush(self) -> None: ...

    def expect(self, event: int) -> None: ...

    @property
    def expected(self) -> int: ...

    def need(self, event: int) -> None: ...

    def wipe(self) -> None: ...

    def order(self, account: int, number: int) -> OrderView | None: ...

    def order_named(self, account: int, reference: str) -> OrderView | None: ...

    def orders(self, account: int, after: int, most: int) -> list[OrderView]: ...

    def live_orders(self) -> list[OrderView]: ...

    def fills(self, account: int, after: int, most: int) -> list[TradeView]: ...

    def trades(self, series: int, before: int, most: int) -> list[TradeView]: ...

    def lines(self, account: int, after: int, most: int) -> list[StatementLine]: ...

    def statement(self, account: int, day: int) -> DayStatement | None: ...

    def settled_days(self) -> list[int]: ...

    def settlement_prices(self, series: int) -> list[tuple[int, int]]: ...

    def final_prices(self, series: int) -> list[tuple[int, int]]: ...

    def fixings(self, most: int) -> list[wire.FixingPublished]: ...

    def no_fixes(self) -> list[wire.NoFixDeclared]: ...

    def late_days(self) -> set[tuple[int, int]]: ...

    def last_fixing_event(self) -> int: ...

    def marks_time(self) -> int: ...

    def states(self) -> dict[int, Header]: ...

    def calls(self, account: int) -> list[Call]: ...

    def listed(self) -> list[wire.SeriesListed]: ...

    def ports(self) -> list[Port]: ...

    def feed(self, after: int, most: int) -> list[Told]: ...

    def steps(self, delivery: int) -> list[Told]: ...

    def ended(self, account: int) -> list[int]: ...

    def close(self) -> None: ...


POSTING = MOVES_MONEY
MOVING = frozenset({wire.Traded, wire.TradeBusted, wire.PositionTransferred})
"""Events that move money, and those that move lots."""


class Ledger:
    """Lines of the ledger, event by event; it carries the shortfall that repayments fill first."""

    def __init__(self, shortfall: int = 0) -> None:
        self.shortfall = shortfall

    def lines(self, header: Header, event: Any) -> Iterator[Line]:
        """Both sides of every posting of an event."""
        for posting in postings(event, self.shortfall):
            for (class_, account), sign in ((posting.debit, -1), (posting.credit, 1)):
                amount = sign * posting.amount
                if class_ == LedgerClass.DEFAULT_SHORTFALL:
                    self.shortfall -= amount
                line = StatementLine(
                    header.number, header.time, event.NAME, class_, posting.asset, amount
                )
                yield Line(account, header.cause, line)


class MemoryHistory:
    """The history said plainly, for tests and for venues that keep nothing."""

    def __init__(self) -> None:
        self.wipe()

    def wipe(self) -> None:
        """Forgets everything; the journal is folded again from its beginning."""
        self.mark, self.fault, self.expected = Mark(), "", 0
        self._orders: dict[int, OrderView] = {}
        self._ended: dict[int, int] = {}
        self._names: dict[tuple[int, str], int] = {}
        self._trades: dict[int, TradeView] = {}
        self._lines: list[Line] = []
        self._moves: list[Move] = []
        self._settled: dict[int, tuple[int, wire.VariationSettled]] = {}
        self._finals: list[wire.FinalSettled] = []
        self._fixings: list[wire.FixingPublished] = []
        self._no_fixes: list[wire.NoFixDeclared] = []
        self._fixing_event = self._marks_time = 0
        self._states: dict[int, Header] = {}
        self._calls: dict[int, list[Call]] = defaultdict(list)
        self._listed: list[wire.SeriesListed] = []
        self._ports: list[Port] = []
        self._feed: list[Told] = []
        self._ledger = Ledger()

    def tell(self, frames: bytes, number: int, chain: bytes) -> None:
        """Folds the events of a batch that ends at a command number under a chain."""
        events = wire.read_frames(frames)
        for header, event in events:
            self._fold(header, event)
        last = events[-1][0].number if events else self.mark.event
        self.mark = Mark(last, number, chain.hex())

    def flush(self) -> None:
        """Everything told is readable: it is, always."""

    def expect(self, event: int) -> None:
        """Answers are to be whole up to an event."""
        self.expected = event

    def need(self, event: int) -> None:
        """Raises HistoryBehind where an event is not folded yet."""
        if self.mark.event < event:
            raise HistoryBehind(self.mark.event, event)

    def close(self) -> None:
        """Nothing is held."""

    def _fold(self, header: Header, event: Any) -> None:
        if owned(event):
            self._feed.append((header, event))
        self._lines += self._ledger.lines(header, event)
        self._moves += moves(header, event)
        if isinstance(event, wire.OrderAccepted):
            self._orders[event.order] = accepted_order(event)
            self._name(event)
        elif isinstance(event, wire.OrderReplaced):
            order = self._orders[event.order]
            order.price, order.lots = event.price, event.lots
            order.total = order.filled + event.lots
            self._name(event)
        elif isinstance(event, wire.OrderReduced):
            self._take(header, event.order, event.lots, 0, "reduced")
        elif isinstance(event, wire.OrderCancelled):
            order = self._orders[event.order]
            order.lots, order.status = 0, "cancelled: " + event.reason.name.lower()
            self._ended[event.order] = header.time
        elif isinstance(event, wire.Traded):
            self._trades[header.number] = TradeView(header.number, header.time, event)
            for number in (event.buy_order, event.sell_order):
                self._take(header, number, event.lots, event.lots, "filled")
        elif isinstance(event, wire.TradeBusted):
            self._trades[event.trade] = replace(self._trades[event.trade], busted=True)
        elif isinstance(event, wire.TradeAdjusted):
            self._adjust(event)
        else:
            self._settle(header, event)

    def _settle(self, header: Header, event: Any) -> None:
        if isinstance(event, MARKING):
            self._marks_time = header.time
        if isinstance(event, wire.VariationSettled):
            self._settled[event.day] = (header.cause, event)
            self._forget(header)
        elif isinstance(event, wire.FinalSettled):
            self._finals.append(event)
            if event.expired:
                self._moves += self._expiry(header, event.series)
        elif isinstance(event, FIXING):
            self._fixing_event = header.number
            if isinstance(event, wire.NoFixDeclared):
                self._no_fixes.append(event)
            else:
                self._fixings.append(as_fixing(event))
        elif isinstance(event, wire.SeriesStateChanged):
            self._states[event.series] = state_header(header)
        elif isinstance(event, CALLS):
            self._calls[event.account] = after_call(self._calls[event.account], header, event)
        elif isinstance(event, wire.SeriesListed):
            self._listed.append(event)
        elif isinstance(event, wire.AccountPorted):
            self._ports.append(port_of(header, event))

    def _name(self, event: wire.OrderAccepted | wire.OrderReplaced) -> None:
        if event.reference:
            self._names[event.account, event.reference] = event.order

    def _take(self, header: Header, number: int, lots: int, filled: int, ended: str) -> None:
        order = self._orders[number]
        order.lots, order.filled = order.lots - lots, order.filled + filled
        if not order.lots:
            order.status = ended
            self._ended[number] = header.time

    def _adjust(self, event: wire.TradeAdjusted) -> None:
        trade = self._trades[event.trade]
        fields = {name: getattr(trade.terms, name) for name in trade.terms.__struct_fields__}
        terms = wire.Traded(**{**fields, "price": event.price})
        self._trades[event.trade] = replace(trade, terms=terms)

    def _expiry(self, header: Header, series: int) -> list[Move]:
        held: dict[int, int] = defaultdict(int)
        for move in self._moves:
            if move.series == series:
                held[move.account] += move.lots
        return [Move(a, header.cause, series, -lots) for a, lots in held.items() if lots]

    def _forget(self, header: Header) -> None:
        before = header.time - UNFILLED_QUOTES_KEPT
        for number, ended in list(self._ended.items()):
            order = self._orders[number]
            if ended < before and order.accepted.quote and not order.filled:
                del self._orders[number], self._ended[number]

    def order(self, account: int, number: int) -> OrderView | None:
        """An order of an account by its number."""
        order = self._orders.get(number)
        return order if order is not None and order.accepted.account == account else None

    def order_named(self, account: int, reference: str) -> OrderView | None:
        """The order a client reference named last."""
        return self.order(account, self._names.get((account, reference), 0))

    def orders(self, account: int, after: int, most: int) -> list[OrderView]:
        """Orders of an account, alive and ended."""
        mine = [o for n, o in sorted(self._orders.items()) if n > after]
        return [o for o in mine if o.accepted.account == account][:most]

    def live_orders(self) -> list[OrderView]:
        """Every order that can still trade."""
        return [o for _, o in sorted(self._orders.items()) if o.status == LIVE]

    def fills(self, account: int, after: int, most: int) -> list[TradeView]:
        """Trades of an account."""
        found = [t for n, t in sorted(self._trades.items()) if n > after]
        mine = [t for t in found if account in (t.terms.buy_account, t.terms.sell_account)]
        return mine[:most]

    def trades(self, series: int, before: int, most: int) -> list[TradeView]:
        """The last trades of a series before a trade number (0: up to now), oldest first."""
        found = [t for _, t in sorted(self._trades.items()) if t.terms.series == series]
        return [t for t in found if not before or t.trade < before][-most:]

    def lines(self, account: int, after: int, most: int) -> list[StatementLine]:
        """Lines of an account; those of one event are never parted."""
        found = [x.line for x in self._lines if x.account == account and x.line.event > after]
        last = found[most - 1].event if len(found) > most else 0
        return [x for i, x in enumerate(found) if i < most or x.event == last]

    def statement(self, account: int, day: int) -> DayStatement | None:
        """An account over a settled day; None when the day was not settled."""
        if day not in self._settled:
            return None
        end = self._settled[day][0]
        start = max((c for d, (c, _) in self._settled.items() if d < day), default=0)
        opening = closing = 0
        moved: dict[str, int] = defaultdict(int)
        for x in self._lines:
            cash = x.line.ledger_class == LedgerClass.CASH and x.line.asset == 1
            if x.account != account or not cash or x.cause > end:
                continue
            closing += x.line.amount
            if x.cause <= start:
                opening += x.line.amount
            else:
                moved[x.line.why] += x.line.amount
        held: dict[int, int] = defaultdict(int)
        for move in self._moves:
            if move.account == account and move.cause <= end:
                held[move.series] += move.lots
        positions = {s: lots for s, lots in sorted(held.items()) if lots}
        return DayStatement(account, day, opening, closing, dict(sorted(moved.items())), positions)

    def settled_days(self) -> list[int]:
        """Days of variation settlement."""
        return sorted(self._settled)

    def settlement_prices(self, series: int) -> list[tuple[int, int]]:
        """(day, micro-dollars per unit) of a series."""
        rows = [(d, p) for d, (_, e) in self._settled.items() for p in e.prices]
        return sorted((d, p.price) for d, p in rows if p.series == series)

    def final_prices(self, series: int) -> list[tuple[int, int]]:
        """(month, micro-dollars per unit) of a series."""
        return sorted((e.month, e.price) for e in self._finals if e.series == series)

    def fixings(self, most: int) -> list[wire.FixingPublished]:
        """The last fixings of each index by day and index, oldest first."""
        return last_of_each(sorted(self._fixings, key=lambda f: (f.day, f.index)), most)

    def no_fixes(self) -> list[wire.NoFixDeclared]:
        """Every day that was told to have no fixing, by day and index."""
        return sorted(self._no_fixes, key=lambda told: (told.day, told.index))

    def late_days(self) -> set[tuple[int, int]]:
        """Index and day of every fixing that came after its day was told to have none."""
        none = {(told.index, told.day) for told in self._no_fixes}
        return none & {(fixing.index, fixing.day) for fixing in self._fixings}

    def last_fixing_event(self) -> int:
        """Event of the last fixing, or day told to have none; 0 when there is neither."""
        return self._fixing_event

    def marks_time(self) -> int:
        """Nanoseconds UTC at which marks last changed; 0 when they never did."""
        return self._marks_time

    def states(self) -> dict[int, Header]:
        """Number, time and actor of the event that set the state of each series."""
        return dict(self._states)

    def calls(self, account: int) -> list[Call]:
        """Calls of an account, standing and closed."""
        return list(self._calls[account])

    def ports(self) -> list[Port]:
        """Accounts that became another member's, in order."""
        return list(self._ports)

    def listed(self) -> list[wire.SeriesListed]:
        """Every series ever listed, by number."""
        return sorted(self._listed, key=lambda s: s.series)

    def feed(self, after: int, most: int) -> list[Told]:
        """Owners' events."""
        return [t for t in self._feed if t[0].number > after][:most]

    def steps(self, delivery: int) -> list[Told]:
        """Every event of a delivery, oldest first."""
        return [t for t in self._feed if type(t[1]) in STEPS and t[1].delivery == delivery]

    def ended(self, account: int) -> list[int]:
        """Deliveries an account was on a side of and that ended, newest first."""
        ends = (e for _, e in self._feed if isinstance(e, wire.DeliveryEnded))
        return sorted((e.delivery for e in ends if account in (e.account, e.buyer)), reverse=True)

"""What living views begin from: a history, and the events it has yet to fold.

A house that opens does not wait for its history. Books, balances and positions come from the
core's records; what the records do not tell, the past of orders that still live, last trades,
listings, fixings, comes from the history and is brought up to date here from the frames that wait.
"""

from __future__ import annotations

import struct
from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import msgspec

from lasalle import wire
from lasalle.views.folding import TRADED, block_of
from lasalle.views.history import MARKING, History
from lasalle.views.model import (
    FIXING,
    OrderView,
    Port,
    TradeView,
    accepted_order,
    as_fixing,
    last_of_each,
    port_of,
    state_header,
)
from lasalle.wire import Header

TRADES_RESTORED = 100
"""Last trades of a series which a view begins with."""
_HEAD, _ORDER = struct.Struct("<IH"), struct.Struct("<Q")
OF_ONE_ORDER = frozenset(
    k.KIND for k in (wire.OrderAccepted, wire.OrderReplaced, wire.OrderReduced)
)
"""Events of an order that may live on; each begins with the order's number."""
RARE = frozenset(
    k.KIND
    for k in (
        *MARKING,
        *FIXING,
        wire.AccountPorted,
        wire.SeriesListed,
        wire.SeriesStateChanged,
        wire.TradeAdjusted,
        wire.TradeBusted,
    )
)
ASKED = OF_ONE_ORDER | RARE | {wire.Traded.KIND}


class Past:
    """A history as it will be when it has folded what waits, as far as living views ask it."""

    def __init__(
        self, history: History, waiting: Iterable[bytes] = (), alive: Collection[int] = ()
    ) -> None:
        """waiting: event frames of batches behind the history's mark, in order; the history folds
        nothing meanwhile. alive: numbers of the orders that live after them.
        """
        self._history, self._alive = history, alive
        self._orders = {o.accepted.order: o for o in history.live_orders()}
        self._trades: dict[int, deque[bytes]] = defaultdict(
            lambda: deque(maxlen=TRADES_RESTORED)
        )
        self._adjusted: dict[int, int] = {}
        self._busted: set[int] = set()
        self._listed: list[wire.SeriesListed] = []
        self._ports: list[Port] = []
        self._fixings: list[wire.FixingPublished] = []
        self._no_fixes: list[wire.NoFixDeclared] = []
        self._fixing_event = self._marks_time = 0
        self._states: dict[int, Header] = {}
        for frames in waiting:
            self._take(frames)

    def _take(self, frames: bytes) -> None:
        at, end, head, alive = 0, len(frames), _HEAD.unpack_from, self._alive
        while at < end:
            length, kind = head(frames, at)
            if kind in ASKED:
                if kind in OF_ONE_ORDER:
                    if _ORDER.unpack_from(frames, at + wire.HEADER_BYTES)[0] in alive:
                        self._on_order(_event(frames[at : at + length])[1])
                elif kind == wire.Traded.KIND:
                    self._on_trade(frames[at : at + length])
                else:
                    self._on_rare(*_event(frames[at : at + length]))
            at += length

    def _on_order(self, event: Any) -> None:
        if isinstance(event, wire.OrderAccepted):
            self._orders[event.order] = accepted_order(event)
            return
        order = self._orders[event.order]
        if isinstance(event, wire.OrderReplaced):
            order.price, order.lots = event.price, event.lots
            order.total = order.filled + event.lots
        else:
            order.lots -= event.lots

    def _on_trade(self, frame: bytes) -> None:
        buy_order, sell_order, _, _, series, lots = TRADED(block_of(wire.Traded, frame))
        self._trades[series].append(frame)
        for named in (buy_order, sell_order):
            if named in self._alive:
                order = self._orders[named]
                order.lots, order.filled = order.lots - lots, order.filled + lots

    def _on_rare(self, header: Header, event: Any) -> None:
        if isinstance(event, MARKING):
            self._marks_time = header.time
        elif isinstance(event, wire.SeriesListed):
            self._listed.append(event)
        elif isinstance(event, wire.AccountPorted):
            self._ports.append(port_of(header, event))
        elif isinstance(event, FIXING):
            self._fixing_event = header.number
            if isinstance(event, wire.NoFixDeclared):
                self._no_fixes.append(event)
            else:
                self._fixings.append(as_fixing(event))
        elif isinstance(event, wire.SeriesStateChanged):
            self._states[event.series] = state_header(header)
        elif isinstance(event, wire.TradeAdjusted):
            self._adjusted[event.trade] = event.price
        elif isinstance(event, wire.TradeBusted):
            self._busted.add(event.trade)

    def live_orders(self) -> dict[int, OrderView]:
        """Every order that can still trade, by number."""
        return {n: order for n, order in self._orders.items() if n in self._alive}

    def trades(self, series: int) -> list[TradeView]:
        """The last trades of a series that stand, oldest first."""
        told = [_event(frame) for frame in self._trades[series]]
        newer = [TradeView(header.number, header.time, terms) for header, terms in told]
        found = [*self._history.trades(series, 0, TRADES_RESTORED), *newer][-TRADES_RESTORED:]
        stand = [t for t in found if not t.busted and t.trade not in self._busted]
        return [self._as_adjusted(trade) for trade in stand]

    def _as_adjusted(self, trade: TradeView) -> TradeView:
        price = self._adjusted.get(trade.trade)
        if price is None:
            return trade
        return replace(trade, terms=msgspec.structs.replace(trade.terms, price=price))

    def listed(self) -> list[wire.SeriesListed]:
        """Every series ever listed, by number."""
        return sorted([*self._history.listed(), *self._listed], key=lambda s: s.series)

    def ports(self) -> list[Port]:
        """Accounts that became another member's, in order."""
        return [*self._history.ports(), *self._ports]

    def fixings(self, most: int) -> list[wire.FixingPublished]:
        """The last fixings of each index by day and index, oldest first."""
        found = [*self._history.fixings(most), *self._fixings]
        return last_of_each(sorted(found, key=lambda f: (f.day, f.index)), most)

    def no_fixes(self) -> list[wire.NoFixDeclared]:
        """Every day that was told to have no fixing."""
        return [*self._history.no_fixes(), *self._no_fixes]

    def late_days(self) -> set[tuple[int, int]]:
        """Index and day of every fixing that came after its day was told to have none."""
        none = {(told.index, told.day) for told in self.no_fixes()}
        newer = {(fixing.index, fixing.day) for fixing in self._fixings}
        return self._history.late_days() | (none & newer)

    def last_fixing_event(self) -> int:
        """Event of the last fixing, or day told to have none; 0 when there is neither."""
        return self._fixing_event or self._history.last_fixing_event()

    def marks_time(self) -> int:
        """Nanoseconds UTC at which marks last changed; 0 when they never did."""
        return self._marks_time or self._history.marks_time()

    def states(self) -> dict[int, Header]:
        """Number, time and actor of the event that set the state of each series."""
        return self._history.states() | self._states


def _event(frame: bytes) -> tuple[Header, Any]:
    header = wire.read_header(frame)
    return header, wire.read_body(header, frame)

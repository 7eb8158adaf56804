"""What the public sees: series, aggregated books, trades, fixings; nothing of accounts."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from lasalle import wire
from lasalle.wire import Header, SeriesState, Side

TRADES_KEPT = 500
FIXINGS_KEPT = 1_000


@dataclass
class SeriesView:
    """One series: terms, state, levels by price (micro-dollars per unit) in lots, last trades."""

    terms: wire.SeriesListed
    state: SeriesState = SeriesState.LISTED
    mark: int = 0
    seq: int = 0
    levels: dict[Side, dict[int, int]] = field(
        default_factory=lambda: {Side.BUY: {}, Side.SELL: {}}
    )
    trades: deque[tuple[Header, wire.Traded]] = field(
        default_factory=lambda: deque(maxlen=TRADES_KEPT)
    )

    def change(self, side: Side, price: int, lots: int) -> None:
        """Adds lots to a level; an empty level goes."""
        levels = self.levels[side]
        levels[price] = levels.get(price, 0) + lots
        assert levels[price] >= 0, "a level never holds less than nothing"
        if not levels[price]:
            del levels[price]

    def book(self) -> dict[str, Any]:
        """Snapshot with the sequence number deltas continue from; best first."""
        sides = {
            "bids": sorted(self.levels[Side.BUY].items(), reverse=True),
            "asks": sorted(self.levels[Side.SELL].items()),
        }
        tick = self.terms.tick
        rows = {name: [row(p, lots, tick) for p, lots in side] for name, side in sides.items()}
        return {
            "symbol": self.terms.symbol,
            "seq": self.seq,
            "state": self.state.name.lower(),
            "mark": dollars(self.mark),
            **rows,
        }


def row(price: int, lots: int, tick: int) -> dict[str, Any]:
    """A level as whole ticks, a decimal price in USD per GPU-hour, and lots."""
    return {"price_ticks": price // tick, "price": dollars(price), "lots": lots}


def dollars(amount: int) -> str:
    """Micro-dollars as an exact decimal string."""
    sign, whole = "-" if amount < 0 else "", abs(amount)
    return f"{sign}{whole // 1_000_000}.{whole % 1_000_000:06d}"


class MarketView:
    """Fold of public events. `on` gives the deltas of one event: (symbol, message)."""

    def __init__(self) -> None:
        self.series: dict[int, SeriesView] = {}
        self.by_symbol: dict[str, SeriesView] = {}
        self.fixings: deque[wire.FixingPublished] = deque(maxlen=FIXINGS_KEPT)
        self.halted = False
        self.last_event = 0

    def on(self, header: Header, event: Any) -> list[dict[str, Any]]:
        """Writes an event and gives the public messages it brings."""
        self.last_event = header.number
        if isinstance(event, wire.SeriesListed):
            self.series[event.series] = self.by_symbol[event.symbol] = SeriesView(event)
        elif isinstance(event, wire.FixingPublished):
            self.fixings.append(event)
            return [{"channel": "fixings", **fixing_row(event)}]
        elif isinstance(event, wire.MarketHalted | wire.MarketResumed):
            self.halted = isinstance(event, wire.MarketHalted)
            return [{"channel": "status", "halted": self.halted}]
        elif isinstance(event, wire.VariationSettled):
            for price in event.prices:
                self.series[price.series].mark = price.price
        elif isinstance(event, wire.MarginRowLoaded):
            self.series[event.series].mark = event.mark
        elif isinstance(event, wire.FinalSettled):
            if event.expired:
                self.series[event.series].state = SeriesState.EXPIRED
        else:
            return self._book(header, event)
        return []

    def _book(self, header: Header, event: Any) -> list[dict[str, Any]]:
        moves = book_moves(event)
        view = self.series.get(getattr(event, "series", 0))
        if view is None:
            return []
        message: dict[str, Any] = {
            "symbol": view.terms.symbol,
            "prev_seq": view.seq,
            "seq": header.number,
        }
        if isinstance(event, wire.SeriesStateChanged):
            view.state = event.state
            message |= {"channel": "book", "state": event.state.name.lower(), "levels": []}
        elif moves:
            for side, price, lots in moves:
                view.change(side, price, lots)
            message |= {
                "channel": "book",
                "levels": [
                    {
                        "side": side.name.lower(),
                        **row(price, view.levels[side].get(price, 0), view.terms.tick),
                    }
                    for side, price, _ in moves
                ],
            }
        elif not isinstance(event, wire.Traded):
            return []
        view.seq = header.number
        if not isinstance(event, wire.Traded):
            return [message]
        view.trades.append((header, event))
        message.setdefault("channel", "book")
        message.setdefault("levels", [])
        return [message, {"channel": "trades", **trade_row(view, header, event)}]


def book_moves(event: Any) -> list[tuple[Side, int, int]]:
    """What an event does to visible levels: (side, price, lots added)."""
    if isinstance(event, wire.OrderRested | wire.SliceRefreshed):
        return [(event.side, event.price, event.visible)]
    if isinstance(event, wire.OrderCancelled | wire.OrderReduced):
        return [(event.side, event.price, -event.visible)] if event.visible else []
    if isinstance(event, wire.OrderReplaced):
        return [(event.side, event.old_price, event.visible - event.old_visible)]
    if isinstance(event, wire.Traded):
        sides = ((Side.BUY, event.buy_price), (Side.SELL, event.sell_price))
        return [(side, price, -event.lots) for side, price in sides if price]
    return []


def trade_row(view: SeriesView, header: Header, event: wire.Traded) -> dict[str, Any]:
    return {
        "symbol": view.terms.symbol,
        "trade": header.number,
        "time": str(header.time),
        "aggressor": event.aggressor.name.lower(),
        **row(event.price, event.lots, view.terms.tick),
    }


def fixing_row(event: wire.FixingPublished) -> dict[str, Any]:
    return {
        "index": event.index,
        "day": event.day,
        "price": dollars(event.price),
        "carried": event.carried,
        "simulated": event.simulated,
        "method": event.method,
        "inputs": event.inputs.hex(),
    }

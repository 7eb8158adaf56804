"""What the public sees: series, aggregated books, trades, fixings; nothing of accounts."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from lasalle import wire
from lasalle.plain.months import month_after
from lasalle.views.model import Told, as_fixing, dollars, last_of_each
from lasalle.views.past import Past
from lasalle.wire import Header, OrderState, SeriesState, Side

RATIO = 10_000
TRADES_KEPT = 500
FIXINGS_KEPT = 1_000
"""Of each index: one with many late fixings takes no other one's place."""


@dataclass
class SeriesView:
    """One series: terms as listed, state and who set it, levels by price (micro-dollars per unit)
    in lots, last trades.
    """

    terms: wire.SeriesListed
    state: SeriesState = SeriesState.LISTED
    changed: Header | None = None
    """Event that set the state, its number, time and actor; None for one that was only listed."""
    until: int = 0
    first_month: int = 0
    """First delivery month not yet settled."""
    mark: int = 0
    reference: int = 0
    """Centre of the price band (EXC-007)."""
    last: int = 0
    """Price of the last trade since it was called or opened, from which a pause is reckoned; 0
    before the first, and the reference serves (EXC-019)."""
    seq: int = 0
    time: int = 0
    """Nanoseconds UTC of the last event that moved it; 0 when it was before the house opened."""
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

    def reachable(self, side: Side) -> dict[int, int]:
        """Levels of a side that an order takes, best first, with neither a refusal for the band nor
        a pause, as the book stands (EXC-007, EXC-019)."""
        half = max(self.reference * self.terms.band // RATIO, 10 * self.terms.tick)
        anchor, pause_range = self.last or self.reference, self.terms.pause_range
        found: dict[int, int] = {}
        for price in sorted(self.levels[side], reverse=side == Side.BUY):
            beyond = price - self.reference if side == Side.SELL else self.reference - price
            pauses = pause_range and abs(price - anchor) * RATIO > pause_range * anchor
            if beyond > half or pauses:
                break
            found[price] = self.levels[side][price]
        return found

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
            "time": self.time,
            "state": self.state.name.lower(),
            "mark": dollars(self.mark),
            **rows,
        }


def row(price: int, lots: int, tick: int) -> dict[str, Any]:
    """A level as whole ticks, a decimal price in USD per unit, and lots."""
    return {"price_ticks": price // tick, "price": dollars(price), "lots": lots}


class MarketView:
    """Fold of public events. `on` gives the deltas of one event: (symbol, message)."""

    def __init__(self) -> None:
        self.series: dict[int, SeriesView] = {}
        self.by_symbol: dict[str, SeriesView] = {}
        self.fixings: list[wire.FixingPublished] = []
        """The last of each index, in the order of days and, within one, as they were told."""
        self.halted = False
        self.behaviour = 1
        """Version of the law in force."""
        self.last_event = 0
        self.settled_day = 0
        """Last day of variation settlement, YYYYMMDD."""
        self.marks_time = 0
        """Nanoseconds UTC at which marks last changed; 0 when they never did."""
        self.table = 0
        self.tabled_day = 0
        """Day settled last when a margin table came in force, as far as was told; 0 before."""
        """Margin table in force; the one being loaded stands in `loading` with its rows."""
        self.rows: dict[int, wire.MarginRowLoaded] = {}
        """Rows of the table in force by series: only these can trade (CLR-002)."""
        self.scenarios: tuple[wire.Scenario, ...] = ()
        """Labels of the table in force, in the order of every row's losses."""
        self.loading = 0
        self.loaded: dict[int, wire.MarginRowLoaded] = {}
        self.begun: wire.MarginTableBegun | None = None
        self.no_fixes: dict[tuple[int, int], wire.NoFixDeclared] = {}
        self.late_days: set[tuple[int, int]] = set()
        """Index and day of those that got their fixing since, however long ago."""
        """Days that were told to have no fixing, by index and day (CLR-017); one that got a fixing
        later stays (CLR-018)."""
        self.fixing_event = 0
        """Event of the last fixing, or of the last day told to have none."""

    def restore(self, records: list[Told], past: Past, last_event: int) -> None:
        """Takes the state a core's records tell after an event; books go on from its number."""
        self.last_event = last_event
        self.fixings = past.fixings(FIXINGS_KEPT)
        self.no_fixes = {(told.index, told.day): told for told in past.no_fixes()}
        self.late_days = past.late_days()
        self.fixing_event, self.marks_time = past.last_fixing_event(), past.marks_time()
        changes = past.states()
        for terms in past.listed():
            view = self._list(terms)
            view.seq, view.changed = last_event, changes.get(terms.series)
            view.trades.extend((t.header, t.terms) for t in past.trades(terms.series))
        for _, record in records:
            if isinstance(record, wire.HouseRecord):
                self.halted, self.settled_day = record.halted, record.settled_day
                self.table, self.loading = record.table, record.loading
                self.behaviour = max(1, record.behaviour)
            elif isinstance(record, wire.SeriesRecord):
                view = self.series[record.series]
                view.state, view.until = record.state, record.until
                view.mark, view.first_month = record.mark, record.first_month
                view.reference, view.last = record.reference_price, record.last_price
            elif isinstance(record, wire.OrderRecord) and record.state == OrderState.RESTING:
                self.series[record.series].change(record.side, record.price, record.visible)
            elif isinstance(record, wire.TableRecord) and record.table == self.loading:
                self.begun = wire.MarginTableBegun(
                    table=record.table, scenarios=record.scenarios, rows=record.rows
                )
            elif isinstance(record, wire.TableRecord) and record.table == self.table:
                self.scenarios = record.scenarios
            elif isinstance(record, wire.RowRecord):
                rows = self.rows if record.table == self.table else self.loaded
                fields = {n: getattr(record, n) for n in record.__struct_fields__}
                rows[record.series] = wire.MarginRowLoaded(**fields)

    def _list(self, terms: wire.SeriesListed) -> SeriesView:
        view = SeriesView(terms, first_month=terms.first_month, reference=terms.reference_price)
        self.series[terms.series] = self.by_symbol[terms.symbol] = view
        return view

    def on(self, header: Header, event: Any) -> list[dict[str, Any]]:
        """Writes an event and gives the public messages it brings."""
        self.last_event = header.number
        if isinstance(event, wire.SeriesListed):
            self._list(event)
        elif isinstance(event, wire.TradeBusted | wire.TradeAdjusted):
            self._correct(event)
        elif isinstance(event, wire.FixingPublished):
            self.fixings = last_of_each([*self.fixings, event], FIXINGS_KEPT)
            self.fixing_event = header.number
            return [{"channel": "fixings", **fixing_row(event)}]
        elif isinstance(event, wire.LateFixingPublished):
            return [{"channel": "fixings", **fixing_row(self._late(header, event), late=True)}]
        elif isinstance(event, wire.NoFixDeclared):
            self.no_fixes[event.index, event.day] = event
            self.fixing_event = header.number
            return [{"channel": "no_fixes", **no_fix_row(event, late=False)}]
        elif isinstance(event, wire.MarketHalted | wire.MarketResumed):
            self.halted = isinstance(event, wire.MarketHalted)
            return [{"channel": "status", "halted": self.halted}]
        elif isinstance(event, wire.HouseOpened | wire.BehaviourSwitched):
            self.behaviour = max(1, event.behaviour)
        elif isinstance(event, wire.MarginTableBegun):
            self.loading, self.loaded, self.begun = event.table, {}, event
        elif isinstance(event, wire.MarginRowLoaded):
            self.loaded[event.series] = event
        elif isinstance(event, wire.MarginTableActivated):
            self.marks_time = header.time
            for row in self.loaded.values():
                self._mark(row.series, row.mark)
            self.scenarios = self.begun.scenarios if self.begun else ()
            self.rows, self.table, self.loading = self.loaded, event.table, 0
            self.tabled_day = self.settled_day
            self.loaded, self.begun = {}, None
        elif isinstance(event, wire.VariationSettled):
            self.settled_day, self.marks_time = event.day, header.time
            for price in event.prices:
                self._mark(price.series, price.price)
        elif isinstance(event, wire.FinalSettled):
            view = self.series[event.series]
            view.first_month = month_after(event.month)
            if event.expired:
                view.state, view.changed, view.until = SeriesState.EXPIRED, header, 0
        else:
            return self._book(header, event)
        return []

    def _mark(self, series: int, mark: int) -> None:
        """A mark is the centre of the band as well."""
        view = self.series[series]
        view.mark = view.reference = mark

    def _correct(self, event: wire.TradeBusted | wire.TradeAdjusted) -> None:
        """An error trade is gone, or stands at its corrected price."""
        view = self.series[event.series]
        kept = []
        for header, trade in view.trades:
            if header.number != event.trade:
                kept.append((header, trade))
            elif isinstance(event, wire.TradeAdjusted):
                kept.append((header, replace(trade, price=event.price)))
        view.trades = deque(kept, maxlen=TRADES_KEPT)

    def _late(self, header: Header, event: wire.LateFixingPublished) -> wire.FixingPublished:
        """A late fixing among the others, in the order of days."""
        self.fixing_event = header.number
        late = as_fixing(event)
        self.late_days.add((late.index, late.day))
        ordered = sorted([*self.fixings, late], key=lambda fixing: fixing.day)
        self.fixings = last_of_each(ordered, FIXINGS_KEPT)
        return late

    def fixed_late(self, fixing: wire.FixingPublished) -> bool:
        """Whether a fixing came after its day was told to have none."""
        return (fixing.index, fixing.day) in self.late_days

    def _book(self, header: Header, event: Any) -> list[dict[str, Any]]:
        moves = book_moves(event)
        view = self.series.get(getattr(event, "series", 0))
        if view is None:
            return []
        message: dict[str, Any] = {
            "symbol": view.terms.symbol,
            "prev_seq": view.seq,
            "seq": header.number,
            "time": header.time,
        }
        if isinstance(event, wire.ReferenceMoved):
            view.reference = event.price
            return []
        if isinstance(event, wire.SeriesStateChanged):
            ended = view.state in (SeriesState.LISTED, SeriesState.CLOSED)
            if ended or event.state == SeriesState.PRE_OPEN:
                view.last = 0
            view.state, view.changed, view.until = event.state, header, event.until
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
        view.seq, view.time = header.number, header.time
        if not isinstance(event, wire.Traded):
            return [message]
        view.trades.append((header, event))
        view.last = event.price
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
        "time": header.time,
        "aggressor": event.aggressor.name.lower(),
        **row(event.price, event.lots, view.terms.tick),
    }


def fixing_row(event: wire.FixingPublished, *, late: bool = False) -> dict[str, Any]:
    return {
        "index": event.index,
        "day": event.day,
        "price": dollars(event.price),
        "carried": event.carried,
        "simulated": event.simulated,
        "method": event.method,
        "inputs": event.inputs.hex(),
        "late": late,
    }


def no_fix_row(event: wire.NoFixDeclared, *, late: bool) -> dict[str, Any]:
    """late: whether the day got its fixing since."""
    return {
        "index": event.index,
        "day": event.day,
        "reason": event.reason.name.lower(),
        "method": event.method,
        "inputs": event.inputs.hex() if any(event.inputs) else "",
        "fixed_late": late,
    }

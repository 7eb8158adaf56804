"""Events in their frames, folded into the tables of the history many at a time.

What most events are, orders and trades, is read from its bytes and gathered row by row; whatever
else writes a table first has what was gathered written, then goes through `tables.write`. Frames
of owners' events are kept as they came.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from operator import itemgetter
from sqlite3 import IntegrityError
from typing import Any

from lasalle import wire
from lasalle.views import tables
from lasalle.views.calls import CALLS
from lasalle.views.history import MARKING, MOVING, POSTING, Ledger
from lasalle.views.model import FIXING, LIVE, STEPS, owned

HEAD = struct.Struct("<IHHHHQqQI")
"""Length, kind, version, block, span, number, time, cause, actor."""
BLOCK_AT = 8
"""Byte of a header at which the length of its block stands."""
CANCELLED = {int(reason): "cancelled: " + reason.name.lower() for reason in wire.CancelReason}
WRITTEN = (
    POSTING
    | MOVING
    | STEPS
    | frozenset(MARKING)
    | frozenset(FIXING)
    | frozenset(CALLS)
    | {
        wire.OrderAccepted,
        wire.OrderReplaced,
        wire.OrderReduced,
        wire.OrderCancelled,
        wire.TradeAdjusted,
        wire.FinalSettled,
        wire.SeriesStateChanged,
        wire.SeriesListed,
        wire.AccountPorted,
    }
)
"""Events that write into a table beside the feed."""
FEED = "INSERT INTO feed (event, frame) VALUES (?, ?)"
STATE = "SELECT now_price, open_lots, filled, total, status, ended FROM orders WHERE number = ?"
SET_STATE = """UPDATE orders SET now_price = ?, open_lots = ?, filled = ?, total = ?, status = ?,
    ended = ? WHERE number = ?"""
PRICE, OPEN, FILLED, TOTAL, STATUS, ENDED = range(6)


def picked(kind: Any, *names: str) -> Callable[[tuple[Any, ...]], Any]:
    """Picks fields of a message by name from its unpacked block."""
    return itemgetter(*(kind.__struct_fields__.index(name) for name in names))


ACCEPTED = picked(wire.OrderAccepted, "order", "account", "price", "lots", "reference")
REPLACED = picked(wire.OrderReplaced, "order", "account", "price", "lots", "reference")
REDUCED = picked(wire.OrderReduced, "order", "lots")
ENDING = picked(wire.OrderCancelled, "order", "reason")
TRADED = picked(
    wire.Traded, "buy_order", "sell_order", "buy_account", "sell_account", "series", "lots"
)
POSTED = picked(
    wire.Traded, "buy_fee", "sell_fee", "buy_clearing_fee", "sell_clearing_fee", "premium"
)
REFERENCE = wire.OrderAccepted.__struct_fields__.index("reference")
LABEL = wire.OrderAccepted.__struct_fields__.index("label")


def block_of(kind: Any, frame: bytes) -> tuple[Any, ...]:
    """The fixed fields of a message in its frame, zeros where an older schema did not say them."""
    fields: tuple[Any, ...]
    if int.from_bytes(frame[BLOCK_AT : BLOCK_AT + 2], "little") == kind.BLOCK:
        fields = kind.LAYOUT.unpack_from(frame, wire.HEADER_BYTES)
    else:
        fields = kind.LAYOUT.unpack_from(wire.read_body(wire.read_header(frame), frame).pack())
    return fields


class Folding:
    """Rows of a run of events, until `write` hands them to the tables; the caller commits."""

    def __init__(self, db: Any, ledger: Ledger) -> None:
        """db: has `execute` and `executemany`."""
        self._db, self._ledger = db, ledger
        self._forget()
        reads: tuple[tuple[Any, Any], ...] = (
            (wire.OrderAccepted, self._accepted),
            (wire.OrderReplaced, self._replaced),
            (wire.OrderReduced, self._reduced),
            (wire.OrderCancelled, self._cancelled),
            (wire.Traded, self._traded),
            (wire.OrderRested, None),
            (wire.SliceRefreshed, None),
        )
        self._reads = {k.KIND: (k.BLOCK, k.LAYOUT.unpack_from, read) for k, read in reads}

    def _forget(self) -> None:
        self._feed: list[tuple[int, bytes]] = []
        self._new: dict[int, tuple[Any, ...]] = {}
        self._states: dict[int, list[Any]] = {}
        self._names: dict[tuple[int, str], int] = {}
        self._trades: list[tuple[Any, ...]] = []
        self._lines: list[tuple[Any, ...]] = []
        self._moves: list[tuple[int, ...]] = []

    def take(self, frames: bytes) -> int:
        """Gathers what a run of whole frames tells; gives the number of its last event."""
        at, end, number = 0, len(frames), 0
        head, reads = HEAD.unpack_from, self._reads
        while at < end:
            length, kind, _, block, _, number, time, cause, _ = head(frames, at)
            frame = frames[at : at + length]
            known = reads.get(kind)
            if known is not None and known[0] == block:
                self._feed.append((number, frame))
                if known[2] is not None:
                    known[2](number, time, cause, known[1](frame, wire.HEADER_BYTES))
            else:
                self._other(frame)
            at += length
        return int(number)

    def _other(self, frame: bytes) -> None:
        """An event that is seldom, or was written under an older schema."""
        header = wire.read_header(frame)
        event = wire.read_body(header, frame)
        if owned(event):
            self._feed.append((header.number, frame))
        if type(event) in WRITTEN:
            self.write()
            tables.write(self._db, self._ledger, (header, event))

    def _accepted(self, _n: int, _t: int, _c: int, fields: tuple[Any, ...]) -> None:
        order, account, price, lots, reference = ACCEPTED(fields)
        held = list(fields)
        held[REFERENCE] = name = reference.decode("ascii")
        held[LABEL] = tables.signed(fields[LABEL])
        self._new[order] = tuple(held)
        self._states[order] = [price, lots, 0, lots, LIVE, 0]
        if name:
            self._names[account, name] = order

    def _replaced(self, _n: int, _t: int, _c: int, fields: tuple[Any, ...]) -> None:
        order, account, price, lots, reference = REPLACED(fields)
        state = self._state(order)
        state[PRICE], state[OPEN], state[TOTAL] = price, lots, state[FILLED] + lots
        if reference:
            self._names[account, reference.decode("ascii")] = order

    def _reduced(self, _n: int, time: int, _c: int, fields: tuple[Any, ...]) -> None:
        order, lots = REDUCED(fields)
        self._take(order, lots, 0, "reduced", time)

    def _cancelled(self, _n: int, time: int, _c: int, fields: tuple[Any, ...]) -> None:
        order, reason = ENDING(fields)
        state = self._state(order)
        state[OPEN], state[STATUS], state[ENDED] = 0, CANCELLED[reason], time

    def _traded(self, number: int, time: int, cause: int, fields: tuple[Any, ...]) -> None:
        buy_order, sell_order, buyer, seller, series, lots = TRADED(fields)
        self._trades.append((number, time, *fields, 0))
        self._moves.append((number, 0, cause, buyer, series, lots))
        self._moves.append((number, 1, cause, seller, series, -lots))
        self._take(buy_order, lots, lots, "filled", time)
        self._take(sell_order, lots, lots, "filled", time)
        if any(POSTED(fields)):
            event = wire.Traded.unpack(wire.Traded.LAYOUT.pack(*fields), wire.Traded.BLOCK)
            header = wire.Header(0, wire.Traded.KIND, 0, 0, 0, number, time, cause, 0, 0)
            self._lines += tables.line_rows(self._ledger, header, event)

    def _take(self, order: int, lots: int, filled: int, ended: str, time: int) -> None:
        state = self._state(order)
        state[OPEN] -= lots
        state[FILLED] += filled
        if not state[OPEN]:
            state[STATUS], state[ENDED] = ended, time

    def _state(self, order: int) -> list[Any]:
        """What changes of an order, as it stands; raises IntegrityError where it is not kept."""
        found = self._states.get(order)
        if found is None:
            row = self._db.execute(STATE, (order,)).fetchone()
            if row is None:
                raise IntegrityError(f"order {order} is not kept")
            self._states[order] = found = list(row)
        return found

    def write(self) -> None:
        """Writes what was gathered, table by table."""
        many, new, states = self._db.executemany, self._new, self._states
        for sql, rows in (
            (FEED, self._feed),
            (tables.INSERT_ORDER, [(*row, *states[number]) for number, row in new.items()]),
            (SET_STATE, [(*state, n) for n, state in states.items() if n not in new]),
            (tables.NAME, [(*name, number) for name, number in self._names.items()]),
            (tables.INSERT_TRADE, self._trades),
            (tables.INSERT_LINE, self._lines),
            (tables.INSERT_MOVE, self._moves),
        ):
            if rows:
                many(sql, rows)
        self._forget()

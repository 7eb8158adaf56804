"""Tables of the history and what each event writes into them, in SQL that PostgreSQL takes too
(`?` is its `%s`, INTEGER its BIGINT, BLOB its BYTEA).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from lasalle import wire
from lasalle.views.calls import CALLS, opened_call
from lasalle.views.history import (
    MARKING,
    MOVING,
    POSTING,
    UNFILLED_QUOTES_KEPT,
    Ledger,
)
from lasalle.views.model import (
    LIVE,
    STEPS,
    OrderView,
    Port,
    Told,
    TradeView,
    as_fixing,
    moves,
    port_of,
)

ACCEPTED = wire.OrderAccepted.__struct_fields__
TRADED = wire.Traded.__struct_fields__
FIXED = wire.FixingPublished.__struct_fields__
NO_FIX = wire.NoFixDeclared.__struct_fields__
LISTED = wire.SeriesListed.__struct_fields__
TEXTS = frozenset({"reference", "symbol", "inputs", "standard_hash"})
RENAMED = {"order": "number", "index": "benchmark", "group": "product_group"}
"""Words SQL keeps for itself."""


def columns(names: tuple[str, ...]) -> str:
    return ", ".join(RENAMED.get(n, n) for n in names)


def typed(names: tuple[str, ...]) -> str:
    return ", ".join(
        f"{RENAMED.get(n, n)} {'TEXT' if n in TEXTS else 'INTEGER'} NOT NULL" for n in names
    )


SCHEMA = (
    f"""CREATE TABLE IF NOT EXISTS orders ({typed(ACCEPTED)}, now_price INTEGER NOT NULL,
        open_lots INTEGER NOT NULL, filled INTEGER NOT NULL, total INTEGER NOT NULL,
        status TEXT NOT NULL, ended INTEGER NOT NULL, PRIMARY KEY (number))""",
    "CREATE INDEX IF NOT EXISTS orders_account ON orders (account, number)",
    "CREATE INDEX IF NOT EXISTS orders_live ON orders (number) WHERE status = 'live'",
    """CREATE INDEX IF NOT EXISTS orders_unfilled ON orders (ended)
        WHERE quote = 1 AND filled = 0 AND ended > 0""",
    """CREATE TABLE IF NOT EXISTS names (account INTEGER NOT NULL, reference TEXT NOT NULL,
        number INTEGER NOT NULL, PRIMARY KEY (account, reference))""",
    f"""CREATE TABLE IF NOT EXISTS trades (trade INTEGER NOT NULL, time INTEGER NOT NULL,
        {typed(TRADED)}, busted INTEGER NOT NULL, PRIMARY KEY (trade))""",
    "CREATE INDEX IF NOT EXISTS trades_series ON trades (series, trade)",
    "CREATE INDEX IF NOT EXISTS trades_buyer ON trades (buy_account, trade)",
    "CREATE INDEX IF NOT EXISTS trades_seller ON trades (sell_account, trade)",
    """CREATE TABLE IF NOT EXISTS lines (event INTEGER NOT NULL, place INTEGER NOT NULL,
        cause INTEGER NOT NULL, time INTEGER NOT NULL, account INTEGER NOT NULL, why TEXT NOT NULL,
        ledger_class INTEGER NOT NULL, asset INTEGER NOT NULL, amount INTEGER NOT NULL,
        PRIMARY KEY (event, place))""",
    "CREATE INDEX IF NOT EXISTS lines_account ON lines (account, event)",
    """CREATE TABLE IF NOT EXISTS moves (event INTEGER NOT NULL, place INTEGER NOT NULL,
        cause INTEGER NOT NULL, account INTEGER NOT NULL, series INTEGER NOT NULL,
        lots INTEGER NOT NULL, PRIMARY KEY (event, place))""",
    "CREATE INDEX IF NOT EXISTS moves_account ON moves (account, series)",
    "CREATE INDEX IF NOT EXISTS moves_series ON moves (series, account)",
    """CREATE TABLE IF NOT EXISTS days (day INTEGER NOT NULL, cause INTEGER NOT NULL,
        PRIMARY KEY (day))""",
    """CREATE TABLE IF NOT EXISTS prices (series INTEGER NOT NULL, day INTEGER NOT NULL,
        price INTEGER NOT NULL, PRIMARY KEY (series, day))""",
    """CREATE TABLE IF NOT EXISTS finals (series INTEGER NOT NULL, month INTEGER NOT NULL,
        price INTEGER NOT NULL, PRIMARY KEY (series, month))""",
    f"""CREATE TABLE IF NOT EXISTS fixings ({typed(FIXED)}, event INTEGER NOT NULL,
        PRIMARY KEY (benchmark, day))""",
    f"""CREATE TABLE IF NOT EXISTS no_fixes ({typed(NO_FIX)}, event INTEGER NOT NULL,
        PRIMARY KEY (benchmark, day))""",
    """CREATE TABLE IF NOT EXISTS states (series INTEGER NOT NULL, event INTEGER NOT NULL,
        time INTEGER NOT NULL, actor INTEGER NOT NULL, PRIMARY KEY (series))""",
    """CREATE TABLE IF NOT EXISTS marked (one INTEGER NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (one))""",
    """CREATE TABLE IF NOT EXISTS calls (opened INTEGER NOT NULL, time INTEGER NOT NULL,
        account INTEGER NOT NULL, amount INTEGER NOT NULL, closed INTEGER NOT NULL,
        number INTEGER NOT NULL, required INTEGER NOT NULL, due INTEGER NOT NULL,
        late INTEGER NOT NULL, PRIMARY KEY (opened))""",
    "CREATE INDEX IF NOT EXISTS calls_account ON calls (account, opened)",
    f"CREATE TABLE IF NOT EXISTS listed ({typed(LISTED)}, PRIMARY KEY (series))",
    """CREATE TABLE IF NOT EXISTS ports (account INTEGER NOT NULL, event INTEGER NOT NULL,
        command INTEGER NOT NULL, from_member INTEGER NOT NULL, member INTEGER NOT NULL,
        PRIMARY KEY (event))""",
    """CREATE TABLE IF NOT EXISTS feed (event INTEGER NOT NULL, frame BLOB NOT NULL,
        PRIMARY KEY (event))""",
    """CREATE TABLE IF NOT EXISTS steps (delivery INTEGER NOT NULL, event INTEGER NOT NULL,
        PRIMARY KEY (delivery, event))""",
    """CREATE TABLE IF NOT EXISTS ended (account INTEGER NOT NULL, delivery INTEGER NOT NULL,
        PRIMARY KEY (account, delivery))""",
    """CREATE TABLE IF NOT EXISTS mark (one INTEGER NOT NULL, form INTEGER NOT NULL,
        event INTEGER NOT NULL, number INTEGER NOT NULL, chain TEXT NOT NULL, PRIMARY KEY (one))""",
)
FORM = zlib.crc32(" ".join(SCHEMA).encode()) & 0x7FFFFFFF
"""Tables of another form, as after a message gained a field, are folded anew."""
TABLES = (
    "orders",
    "names",
    "trades",
    "lines",
    "moves",
    "days",
    "prices",
    "finals",
    "fixings",
    "no_fixes",
    "states",
    "marked",
    "calls",
    "listed",
    "ports",
    "feed",
    "steps",
    "ended",
    "mark",
)


def insert(table: str, names: str, count: int) -> str:
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * count)})"


ORDER_NAMES = columns(ACCEPTED) + ", now_price, open_lots, filled, total, status, ended"
TRADE_NAMES = "trade, time, " + columns(TRADED) + ", busted"
INSERT_ORDER = insert("orders", ORDER_NAMES, len(ACCEPTED) + 6)
INSERT_TRADE = insert("trades", TRADE_NAMES, len(TRADED) + 3)
INSERT_LINE = insert(
    "lines", "event, place, cause, time, account, why, ledger_class, asset, amount", 9
)
INSERT_MOVE = insert("moves", "event, place, cause, account, series, lots", 6)
INSERT_FIXING = insert("fixings", columns(FIXED) + ", event", len(FIXED) + 1)
INSERT_NO_FIX = insert("no_fixes", columns(NO_FIX) + ", event", len(NO_FIX) + 1)
STATE = """INSERT INTO states (series, event, time, actor) VALUES (?, ?, ?, ?)
    ON CONFLICT (series) DO UPDATE SET event = excluded.event, time = excluded.time,
    actor = excluded.actor"""
MARKED = """INSERT INTO marked (one, time) VALUES (1, ?)
    ON CONFLICT (one) DO UPDATE SET time = excluded.time"""
CALL_NAMES = "opened, time, amount, closed, number, required, due, late"
INSERT_CALL = insert(
    "calls", "opened, time, account, amount, closed, number, required, due, late", 9
)
STANDS = "account = ? AND closed = 0"
INSERT_STEP = insert("steps", "delivery, event", 2)
INSERT_ENDED = insert("ended", "account, delivery", 2)
INSERT_PORT = insert("ports", ", ".join(Port._fields), len(Port._fields))
INSERT_LISTED = insert("listed", columns(LISTED), len(LISTED))
NAME = """INSERT INTO names (account, reference, number) VALUES (?, ?, ?)
    ON CONFLICT (account, reference) DO UPDATE SET number = excluded.number"""
REPLACE = """UPDATE orders SET now_price = ?, open_lots = ?, total = filled + ? WHERE number = ?"""
TAKE = """UPDATE orders SET open_lots = open_lots - ?, filled = filled + ?,
    status = CASE WHEN open_lots = ? THEN ? ELSE status END,
    ended = CASE WHEN open_lots = ? THEN ? ELSE ended END WHERE number = ?"""
END = "UPDATE orders SET open_lots = 0, status = ?, ended = ? WHERE number = ?"
EXPIRE = """INSERT INTO moves (event, place, cause, account, series, lots)
    SELECT ?, account, ?, account, series, -SUM(lots) FROM moves WHERE series = ?
    GROUP BY account, series HAVING SUM(lots) <> 0"""
MARK = """INSERT INTO mark (one, form, event, number, chain) VALUES (1, ?, ?, ?, ?)
    ON CONFLICT (one) DO UPDATE SET form = excluded.form, event = excluded.event,
    number = excluded.number, chain = excluded.chain"""


GETTERS = {names: attrgetter(*names) for names in (ACCEPTED, TRADED, FIXED, NO_FIX, LISTED)}


def flat(event: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    """Fields of a message as whole numbers and text."""
    values = GETTERS[names](event)
    return tuple([v if type(v) is str else _flat(v) for v in values])


def _flat(value: Any) -> int | str:
    if type(value) is int:
        return value if value < 2**63 else signed(value)
    return value.hex() if isinstance(value, bytes) else int(value)


def signed(value: int) -> int:
    """A number of 64 bits as SQL holds it: the upper half of the unsigned ones is negative."""
    return value - 2**64 if value >= 2**63 else value


def whole(kind: Any, names: tuple[str, ...], row: tuple[Any, ...]) -> Any:
    """A message from its row."""
    fields = dict(zip(names, row, strict=False))
    for name, read in _readers(kind, names):
        fields[name] = read(fields[name])
    return kind(**fields)


@cache
def _readers(kind: Any, names: tuple[str, ...]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """How to read the columns of a message that are not held as they are."""
    found: list[tuple[str, Callable[[Any], Any]]] = []
    for name in names:
        annotation = kind.__annotations__[name]
        if annotation == "bytes":
            found.append((name, bytes.fromhex))
        elif annotation == "bool":
            found.append((name, bool))
        elif name == "label":
            found.append((name, _unsigned))
        elif annotation not in ("int", "str"):
            words = getattr(wire, annotation)
            found.append((name, {word.value: word for word in words}.__getitem__))
    return tuple(found)


def _unsigned(value: int) -> int:
    """The number of 64 bits that `signed` wrote."""
    return value + 2**64 if value < 0 else value


def order_of(row: tuple[Any, ...]) -> OrderView:
    """An order from its row."""
    price, lots, filled, total, status, _ = row[len(ACCEPTED) :]
    accepted = whole(wire.OrderAccepted, ACCEPTED, row)
    return OrderView(accepted, lots, filled, status, price, total)


def trade_of(row: tuple[Any, ...]) -> TradeView:
    """A trade from its row."""
    return TradeView(row[0], row[1], whole(wire.Traded, TRADED, row[2:]), bool(row[-1]))


def line_rows(ledger: Ledger, header: wire.Header, event: Any) -> list[tuple[Any, ...]]:
    """Rows of the lines of the ledger which an event writes."""
    return [
        (header.number, place, header.cause, x.time, account, x.why, int(x.ledger_class),
         x.asset, x.amount)
        for place, (account, _, x) in enumerate(ledger.lines(header, event))
    ]  # fmt: skip


def write(db: Any, ledger: Ledger, told: Told) -> None:
    """Writes an event into every table but the feed. `db` has `execute`; the caller commits."""
    header, event = told
    number, cause = header.number, header.cause
    run = db.execute
    if type(event) in POSTING:
        for row in line_rows(ledger, header, event):
            run(INSERT_LINE, row)
    if type(event) in MOVING:
        for place, move in enumerate(moves(header, event)):
            run(INSERT_MOVE, (number, place, cause, move.account, move.series, move.lots))
    if type(event) in STEPS:
        run(INSERT_STEP, (event.delivery, number))
        if isinstance(event, wire.DeliveryEnded):
            for side in (event.account, event.buyer):
                run(INSERT_ENDED, (side, event.delivery))
    if isinstance(event, wire.OrderAccepted):
        begun = (event.price, event.lots, 0, event.lots, LIVE, 0)
        run(INSERT_ORDER, flat(event, ACCEPTED) + begun)
        if event.reference:
            run(NAME, (event.account, event.reference, event.order))
    elif isinstance(event, wire.OrderReplaced):
        run(REPLACE, (event.price, event.lots, event.lots, event.order))
        if event.reference:
            run(NAME, (event.account, event.reference, event.order))
    elif isinstance(event, wire.OrderReduced):
        lots = event.lots
        run(TAKE, (lots, 0, lots, "reduced", lots, header.time, event.order))
    elif isinstance(event, wire.OrderCancelled):
        run(END, ("cancelled: " + event.reason.name.lower(), header.time, event.order))
    elif isinstance(event, wire.Traded):
        run(INSERT_TRADE, (number, header.time, *flat(event, TRADED), 0))
        lots = event.lots
        for order in (event.buy_order, event.sell_order):
            run(TAKE, (lots, lots, lots, "filled", lots, header.time, order))
    elif isinstance(event, wire.TradeBusted):
        run("UPDATE trades SET busted = 1 WHERE trade = ?", (event.trade,))
    elif isinstance(event, wire.TradeAdjusted):
        run("UPDATE trades SET price = ? WHERE trade = ?", (event.price, event.trade))
    else:
        _write_settlement(run, header, event)


def _write_call(run: Any, header: wire.Header, event: Any) -> None:
    """An account has at most one call for dues and one for margin that stands."""
    if isinstance(event, wire.CallOpened | wire.MarginCalled):
        c = opened_call(header, event)
        row = (c.opened, c.time, event.account, c.amount, 0, c.number, c.required, c.due, 0)
        run(INSERT_CALL, row)
    elif isinstance(event, wire.MarginCallLate):
        sql = f"UPDATE calls SET late = ?, amount = ? WHERE {STANDS} AND number > 0"
        run(sql, (header.number, event.amount, event.account))
    else:
        which = "=" if isinstance(event, wire.CallClosed) else ">"
        sql = f"UPDATE calls SET closed = ? WHERE {STANDS} AND number {which} 0"
        run(sql, (header.number, event.account))


def _write_settlement(run: Any, header: wire.Header, event: Any) -> None:
    number = header.number
    if isinstance(event, MARKING):
        run(MARKED, (header.time,))
    if isinstance(event, wire.VariationSettled):
        run("INSERT INTO days (day, cause) VALUES (?, ?)", (event.day, header.cause))
        for p in event.prices:
            sql = "INSERT INTO prices (series, day, price) VALUES (?, ?, ?)"
            run(sql, (p.series, event.day, p.price))
        before = header.time - UNFILLED_QUOTES_KEPT
        run(
            "DELETE FROM orders WHERE quote = 1 AND filled = 0 AND ended > 0 AND ended < ?",
            (before,),
        )
    elif isinstance(event, wire.FinalSettled):
        sql = "INSERT INTO finals (series, month, price) VALUES (?, ?, ?)"
        run(sql, (event.series, event.month, event.price))
        if event.expired:
            run(EXPIRE, (number, header.cause, event.series))
    elif isinstance(event, wire.FixingPublished | wire.LateFixingPublished):
        run(INSERT_FIXING, (*flat(as_fixing(event), FIXED), number))
    elif isinstance(event, wire.NoFixDeclared):
        run(INSERT_NO_FIX, (*flat(event, NO_FIX), number))
    elif isinstance(event, wire.SeriesStateChanged):
        run(STATE, (event.series, number, header.time, header.actor))
    elif isinstance(event, CALLS):
        _write_call(run, header, event)
    elif isinstance(event, wire.SeriesListed):
        run(INSERT_LISTED, flat(event, LISTED))
    elif isinstance(event, wire.AccountPorted):
        run(INSERT_PORT, port_of(header, event))

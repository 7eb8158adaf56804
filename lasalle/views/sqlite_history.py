"""The history in SQLite: one thread folds what it is told in batches, readers never wait for it."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.views import tables
from lasalle.views.folding import Folding
from lasalle.views.history import Ledger
from lasalle.views.model import (
    Call,
    DayStatement,
    HistoryBehind,
    Mark,
    OrderView,
    Port,
    StatementLine,
    Told,
    TradeView,
)
from lasalle.wire import LedgerClass

RETRY_SECONDS = 1.0
MOST_TOLD_AT_ONCE = 256
"""Batches of one transaction: a reader is never further behind than these and what waits."""
MOST_BYTES_AT_ONCE = 4 * 1024 * 1024
"""Bytes of events after which a transaction takes no further batch, some 16,000 commands: what is
gathered for it is looked through for cycles again and again, and whoever serves waits for that."""
BREATH_SECONDS = 0.0002
"""Between two batches of a history that catches up: whoever serves beside it goes first."""
CACHE_KIB = 32 * 1024
"""Pages a connection keeps: what is folded at once fits."""
CHECKPOINT_PAGES = 4_096
"""Pages of 4 KiB in the log ahead before they are copied into the file, 16 MiB: a page written by
many transactions is copied once."""
Batch = tuple[bytes, int, bytes]


class SqliteHistory:
    """What is folded lies in one file, in write-ahead mode; a lost tail is folded again from the
    journal, for every transaction carries its mark.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.fault = ""
        """Why nothing can be written at the moment (a full disk); it is tried again."""
        self.expected = 0
        """Event up to which answers must be whole; until then every question is refused."""
        self._told: queue.Queue[Batch | None] = queue.Queue()
        self._closing = threading.Event()
        self._open()
        self._thread = threading.Thread(target=self._write, name="views", daemon=True)
        self._thread.start()

    def _open(self) -> None:
        self._writer = self._connect()
        form = self._writer.execute("PRAGMA user_version").fetchone()[0]
        if form not in (0, tables.FORM):
            self._writer.close()
            self._remove()
            self._writer = self._connect()
        for statement in tables.SCHEMA:
            self._writer.execute(statement)
        self._writer.execute(f"PRAGMA user_version = {tables.FORM}")
        self._writer.commit()
        self._reader, self._reading = self._connect(), threading.Lock()
        self._unfit = False
        self.mark = self._read_mark()
        self._ledger = Ledger(self._shortfall())

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        # Nothing here is the truth: what a power cut takes is folded again.
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        return db

    def _remove(self) -> None:
        for end in ("", "-wal", "-shm"):
            Path(f"{self._path}{end}").unlink(missing_ok=True)

    def _read_mark(self) -> Mark:
        row = self._reader.execute("SELECT event, number, chain FROM mark").fetchone()
        return Mark(*row) if row else Mark()

    def _shortfall(self) -> int:
        """Open shortfall, which lines of the house tell."""
        row = self._reader.execute(
            "SELECT -SUM(amount) FROM lines WHERE account = 0 AND ledger_class = ?",
            (int(LedgerClass.DEFAULT_SHORTFALL),),
        ).fetchone()
        return int(row[0] or 0)

    def wipe(self) -> None:
        """Forgets everything; the journal is folded again from its beginning."""
        self.flush()
        self._reader.close()
        self._writer.close()
        self._remove()
        self._open()

    # -- writing ---------------------------------------------------------------------------------

    def tell(self, frames: bytes, number: int, chain: bytes) -> None:
        """Hands over the events of a batch that ends at a command number under a chain; returns at
        once."""
        if frames:
            self._told.put((frames, number, chain))

    def flush(self) -> None:
        """Waits until everything told can be read."""
        self._told.join()

    def expect(self, event: int) -> None:
        """Nothing is answered until the events up to this one, all of them told, are folded."""
        self.expected = event

    def need(self, event: int) -> None:
        """Raises HistoryBehind where an event is not folded yet."""
        if self.mark.event < event:
            raise HistoryBehind(self.mark.event, event, self.fault)

    def close(self) -> None:
        """Writes what waits and lets go of the file; on a disk without room it is folded again
        when the house opens.
        """
        self._told.put(None)
        self._closing.set()
        self._thread.join()
        self._reader.close()
        self._writer.close()

    def _write(self) -> None:
        going = True
        while going:
            batches = self._batches()
            going = batches[-1] is not None
            self._fold_until_done([b for b in batches if b is not None])
            for _ in batches:
                self._told.task_done()

    def _batches(self) -> list[Batch | None]:
        """What one transaction takes of what was told; None behind it where nothing more comes."""
        batches, size = [self._told.get()], 0
        while batches[-1] is not None and len(batches) < MOST_TOLD_AT_ONCE:
            size += len(batches[-1][0])
            if size >= MOST_BYTES_AT_ONCE:
                break
            try:
                batches.append(self._told.get_nowait())
            except queue.Empty:
                break
        return batches

    def _fold_until_done(self, batches: list[Batch]) -> None:
        while batches and not self._unfit:
            shortfall = self._ledger.shortfall
            try:
                self._fold(batches)
            except sqlite3.IntegrityError as error:
                # What is kept does not fit what is told: without a mark it is folded anew.
                self._writer.rollback()
                self.fault = f"the views do not fit the journal, open the house again: {error}"
                self._writer.execute("DELETE FROM mark")
                self._writer.commit()
                self._unfit = True
                return
            except sqlite3.Error as error:
                with contextlib.suppress(sqlite3.Error):
                    self._writer.rollback()
                self._ledger.shortfall = shortfall
                self.fault = f"the views cannot be written: {error}"
                if self._closing.wait(RETRY_SECONDS):
                    return
            else:
                self.fault = ""
                return

    def _fold(self, batches: list[Batch]) -> None:
        folding, event = Folding(self._writer, self._ledger), 0
        for frames, _, _ in batches:
            event = folding.take(frames)
            if event <= self.expected:
                time.sleep(BREATH_SECONDS)
        folding.write()
        _, number, chain = batches[-1]
        mark = Mark(event, number, chain.hex())
        row = (tables.FORM, mark.event, mark.number, mark.chain)
        self._writer.execute(tables.MARK, row)
        self._writer.commit()
        self.mark = mark

    # -- reading ---------------------------------------------------------------------------------

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        self.need(self.expected)
        # Whoever serves reads from more threads than one.
        with self._reading:
            return self._reader.execute(sql, values).fetchall()

    def _orders(self, where: str, *values: Any) -> list[OrderView]:
        rows = self._rows(f"SELECT {tables.ORDER_NAMES} FROM orders WHERE {where}", *values)
        return [tables.order_of(row) for row in rows]

    def _trades(self, where: str, *values: Any) -> list[TradeView]:
        rows = self._rows(f"SELECT {tables.TRADE_NAMES} FROM trades WHERE {where}", *values)
        return [tables.trade_of(row) for row in rows]

    def order(self, account: int, number: int) -> OrderView | None:
        """An order of an account by its number."""
        found = self._orders("number = ? AND account = ?", number, account)
        return found[0] if found else None

    def order_named(self, account: int, reference: str) -> OrderView | None:
        """The order a client reference named last."""
        sql = "SELECT number FROM names WHERE account = ? AND reference = ?"
        rows = self._rows(sql, account, reference)
        return self.order(account, rows[0][0]) if rows else None

    def orders(self, account: int, after: int, most: int) -> list[OrderView]:
        """Orders of an account, alive and ended."""
        where = "account = ? AND number > ? ORDER BY number LIMIT ?"
        return self._orders(where, account, after, most)

    def live_orders(self) -> list[OrderView]:
        """Every order that can still trade."""
        return self._orders("status = 'live' ORDER BY number")

    def fills(self, account: int, after: int, most: int) -> list[TradeView]:
        """Trades of an account."""
        found = [
            trade
            for side in ("buy_account", "sell_account")
            for trade in self._trades(
                f"{side} = ? AND trade > ? ORDER BY trade LIMIT ?", account, after, most
            )
        ]
        return sorted(found, key=lambda t: t.trade)[:most]

    def trades(self, series: int, before: int, most: int) -> list[TradeView]:
        """The last trades of a series before a trade number (0: up to now), oldest first."""
        where = "series = ? AND trade < ? ORDER BY trade DESC LIMIT ?"
        return self._trades(where, series, before or 2**62, most)[::-1]

    def lines(self, account: int, after: int, most: int) -> list[StatementLine]:
        """Lines of an account; those of one event are never parted."""
        names = "event, time, why, ledger_class, asset, amount"
        sql = f"SELECT {names} FROM lines WHERE account = ? AND event "
        found = self._rows(sql + "> ? ORDER BY event, place LIMIT ?", account, after, most)
        if len(found) == most:
            last = found[-1][0]
            found = [row for row in found if row[0] < last]
            found += self._rows(sql + "= ? ORDER BY place", account, last)
        return [StatementLine(e, t, w, LedgerClass(c), s, m) for e, t, w, c, s, m in found]

    def statement(self, account: int, day: int) -> DayStatement | None:
        """An account over a settled day; None when the day was not settled."""
        ends = self._rows("SELECT cause FROM days WHERE day = ?", day)
        if not ends:
            return None
        end = ends[0][0]
        start = self._rows("SELECT COALESCE(MAX(cause), 0) FROM days WHERE day < ?", day)[0][0]
        cash = "account = ? AND asset = 1 AND ledger_class = ? AND cause"
        mine = (account, int(LedgerClass.CASH))
        opening = self._rows(
            f"SELECT COALESCE(SUM(amount), 0) FROM lines WHERE {cash} <= ?", *mine, start
        )[0][0]
        sql = f"""SELECT why, SUM(amount) FROM lines WHERE {cash} > ? AND cause <= ?
            GROUP BY why ORDER BY why"""
        moved = dict(self._rows(sql, *mine, start, end))
        sql = """SELECT series, SUM(lots) FROM moves WHERE account = ? AND cause <= ?
            GROUP BY series HAVING SUM(lots) <> 0 ORDER BY series"""
        closing = opening + sum(moved.values())
        return DayStatement(
            account, day, opening, closing, moved, dict(self._rows(sql, account, end))
        )

    def settled_days(self) -> list[int]:
        """Days of variation settlement."""
        return [day for (day,) in self._rows("SELECT day FROM days ORDER BY day")]

    def settlement_prices(self, series: int) -> list[tuple[int, int]]:
        """(day, micro-dollars per unit) of a series."""
        sql = "SELECT day, price FROM prices WHERE series = ? ORDER BY day"
        return [(day, price) for day, price in self._rows(sql, series)]

    def final_prices(self, series: int) -> list[tuple[int, int]]:
        """(month, micro-dollars per unit) of a series."""
        sql = "SELECT month, price FROM finals WHERE series = ? ORDER BY month"
        return [(month, price) for month, price in self._rows(sql, series)]

    def fixings(self, most: int) -> list[wire.FixingPublished]:
        """The last fixings of each index by day and index, oldest first."""
        what = tables.columns(tables.FIXED)
        place = "ROW_NUMBER() OVER (PARTITION BY benchmark ORDER BY day DESC) AS place"
        sql = (
            f"SELECT {what} FROM (SELECT *, {place} FROM fixings) WHERE place <= ? "
            "ORDER BY day, benchmark"
        )
        rows = self._rows(sql, most)
        return [tables.whole(wire.FixingPublished, tables.FIXED, row) for row in rows]

    def no_fixes(self) -> list[wire.NoFixDeclared]:
        """Every day that was told to have no fixing, by day and index."""
        sql = f"SELECT {tables.columns(tables.NO_FIX)} FROM no_fixes ORDER BY day, benchmark"
        return [tables.whole(wire.NoFixDeclared, tables.NO_FIX, row) for row in self._rows(sql)]

    def late_days(self) -> set[tuple[int, int]]:
        """Index and day of every fixing that came after its day was told to have none."""
        sql = "SELECT benchmark, day FROM no_fixes INTERSECT SELECT benchmark, day FROM fixings"
        return {(int(index), int(day)) for index, day in self._rows(sql)}

    def last_fixing_event(self) -> int:
        """Event of the last fixing, or day told to have none; 0 when there is neither."""
        sql = "SELECT COALESCE(MAX(event), 0) FROM {}"
        return max(int(self._rows(sql.format(t))[0][0]) for t in ("fixings", "no_fixes"))

    def marks_time(self) -> int:
        """Nanoseconds UTC at which marks last changed; 0 when they never did."""
        return int(self._rows("SELECT COALESCE(MAX(time), 0) FROM marked")[0][0])

    def states(self) -> dict[int, wire.Header]:
        """Number, time and actor of the event that set the state of each series."""
        rows = self._rows("SELECT series, event, time, actor FROM states")
        return {s: wire.Header(0, 0, 0, 0, 0, e, t, 0, a, 0) for s, e, t, a in rows}

    def calls(self, account: int) -> list[Call]:
        """Calls of an account, standing and closed."""
        sql = f"SELECT {tables.CALL_NAMES} FROM calls WHERE account = ? ORDER BY opened"
        return [Call(*row) for row in self._rows(sql, account)]

    def listed(self) -> list[wire.SeriesListed]:
        """Every series ever listed, by number."""
        sql = f"SELECT {tables.columns(tables.LISTED)} FROM listed ORDER BY series"
        return [tables.whole(wire.SeriesListed, tables.LISTED, row) for row in self._rows(sql)]

    def ports(self) -> list[Port]:
        """Accounts that became another member's, in order."""
        sql = f"SELECT {', '.join(Port._fields)} FROM ports ORDER BY event"
        return [Port(*row) for row in self._rows(sql)]

    def feed(self, after: int, most: int) -> list[Told]:
        """Owners' events."""
        sql = "SELECT frame FROM feed WHERE event > ? ORDER BY event LIMIT ?"
        return [wire.read_frames(frame)[0] for (frame,) in self._rows(sql, after, most)]

    def steps(self, delivery: int) -> list[Told]:
        """Every event of a delivery, oldest first."""
        sql = "SELECT frame FROM feed JOIN steps USING (event) WHERE delivery = ? ORDER BY event"
        return [wire.read_frames(frame)[0] for (frame,) in self._rows(sql, delivery)]

    def ended(self, account: int) -> list[int]:
        """Deliveries an account was on a side of and that ended, newest first."""
        sql = "SELECT delivery FROM ended WHERE account = ? ORDER BY delivery DESC"
        return [number for (number,) in self._rows(sql, account)]

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, in order: two histories folded alike are equal."""
        return {t: sorted(self._rows(f"SELECT * FROM {t}")) for t in tables.TABLES}

"""What each account is asked, whenever it changes, and why: the figures of the coverage test by the
law's own formula over the views, and a store of every change.

Nothing here binds: the core judges each order. A change is a row with what the account was asked
before and after, and the commands between that could have changed it.
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from lasalle.plain.collateral import counted
from lasalle.plain.margin import Exposure, Open, adverse, exposures, fees
from lasalle.plain.securing import lacking
from lasalle.plain.state import Account, State
from lasalle.plain.tables import Table
from lasalle.views.model import dollars
from lasalle.wire import ScenarioKind


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What an account is asked, micro-dollars: margin of positions and open orders (CLR-001), cover
    required with the initial factor and worst prices (CLR-003) and what its deliveries lack
    (DEL-027), what its collateral counts; its limits; and what its deliveries lack alone."""

    requirement: int = 0
    required_cover: int = 0
    collateral: int = 0
    position_limit: int = 0
    order_lots_limit: int = 0
    order_value_limit: int = 0
    delivery: int = 0

    def told(self) -> dict[str, Any]:
        """In words: money as decimal text."""
        found: dict[str, Any] = asdict(self)
        for name in ("requirement", "required_cover", "collateral", "delivery"):
            found[name] = dollars(found[name])
        return found


class TableArrays:
    """A margin table as arrays: sums of lots by losses fit 64 bits by the bounds of the schema."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.place = {series: n for n, series in enumerate(table.series)}
        count = len(table.scenarios)
        rows = [row.losses for row in table.series.values()]
        self.losses = np.array(rows, np.int64).reshape(len(rows), count)
        labels = list(enumerate(table.scenarios))
        self.scan = [
            (row.weight, np.array([n for n, x in labels
                                   if (x.kind, x.group) == (ScenarioKind.SCAN, row.group)], int))
            for row in table.rows
        ]  # fmt: skip
        self.tails = [
            np.array([n for n, x in labels if x.kind == kind], int)
            for kind in (ScenarioKind.HISTORICAL, ScenarioKind.STRESS)
        ]

    def requirement(self, state: State, exposure: Mapping[int, Exposure]) -> int | None:
        """As `plain.margin.requirement`; None where a series has no row."""
        if not exposure:
            return 0
        if not exposure.keys() <= self.place.keys():
            return None
        rows = self.losses[[self.place[series] for series in exposure]]
        held = np.array([(e.lots, e.buys, e.sells) for e in exposure.values()], np.int64)
        fills = np.maximum(held[:, 1:2] * rows, -held[:, 2:3] * rows)
        loss = (held[:, 0:1] * rows + np.maximum(0, fills)).sum(axis=0)
        scan = sum(w * max(0, int(loss[places].max())) for w, places in self.scan if len(places))
        (h, nh), (t, nt) = (_shortfall(loss[places]) for places in self.tails)
        charges = value = 0
        for series, e in exposure.items():
            assert state.table is not None, "arrays are of the table in force"
            charge, terms = state.table.series[series], state.series[series]
            charges += charge.liquidity * e.worst_net
            charges += charge.concentration * max(0, e.worst_net - charge.concentration_lots)
            value += e.lots * terms.mark * terms.hours if terms.is_option else 0
        whole = 10_000 * 4 * nh * nt
        tail = 10_000 * (3 * h * nt + t * nh)
        numerator = max(scan * 4 * nh * nt, tail) + (charges - value) * whole
        return max(0, -(-numerator // whole))


def _shortfall(losses: Any) -> tuple[int, int]:
    """Expected shortfall at 99 % as a fraction."""
    count = len(losses)
    if not count:
        return 0, 1
    worst, whole = np.sort(losses)[::-1], count // 100
    return 100 * int(worst[:whole].sum()) + (count - 100 * whole) * int(worst[whole]), count


def asked_of(
    state: State, arrays: TableArrays | None, account: Account, live: list[Open]
) -> AskedOf | None:
    """What an account is asked with these open lots; None where the table lacks a series."""
    needed = arrays.requirement(state, exposures(account, live)) if arrays else 0
    if needed is None:
        return None
    worse = sum(
        adverse(state.series[o.series], o) + fees(state.series[o.series], o.lots) for o in live
    )
    lacks = lacking(state, account.account)
    required = -(-11 * needed // 10) + worse + lacks
    counts = counted(state, account).cover(required)
    limits = (account.position_limit, account.order_lots_limit, account.order_value_limit)
    return AskedOf(needed, required, counts, *limits, lacks)


@dataclass(frozen=True, slots=True)
class Change:
    """A row: the account, time and number of the last command that could have changed what it is
    asked, and the causes since the row before: events by name, with the first and the last of their
    commands and how many there were."""

    row: int
    account: int
    time: int
    number: int
    event: int
    causes: tuple[tuple[str, int, int, int], ...]
    before: AskedOf | None
    after: AskedOf

    def told(self) -> dict[str, Any]:
        """In words."""
        return {
            "row": self.row,
            "account": self.account,
            "time": self.time,
            "number": self.number,
            "event": self.event,
            "causes": [
                {"name": name, "first": first, "last": last, "count": count}
                for name, first, last, count in self.causes
            ],
            "before": self.before.told() if self.before else None,
            "after": self.after.told(),
        }


SCHEMA = (
    """CREATE TABLE IF NOT EXISTS changes (row INTEGER NOT NULL, account INTEGER NOT NULL,
        time INTEGER NOT NULL, number INTEGER NOT NULL, event INTEGER NOT NULL,
        causes TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, PRIMARY KEY (row))""",
    "CREATE INDEX IF NOT EXISTS changes_account ON changes (account, row)",
)
INCREMENTAL, PAGES = 2, 64
"""Of SQLite: room is given back when asked for, and pages of it in one step."""
NAMES = "row, account, time, number, event, causes, old, new"
DAY = 86_400 * 10**9


@dataclass(frozen=True, slots=True)
class KeptTerms:
    """How long changes are kept: days of the house's own time, and rows at most. The last row of an
    account is always kept. `sweep_rows`: removed in one step; `sweep_every`: rows between two."""

    days: int
    rows: int
    sweep_rows: int
    sweep_every: int


def load_kept_terms() -> KeptTerms:
    """The terms in force."""
    path = resources.files("lasalle.views") / "table" / "kept.toml"
    row = tomllib.loads(path.read_text(encoding="utf-8"))["requirements"]
    return KeptTerms(**row)


class RequirementStore:
    """Changes in a file, or in memory without one: a view, which may be thrown away. What is older
    than its terms, or beyond their rows, is removed a little at a time as rows are added, and the
    room it took is given back to the disk."""

    def __init__(self, path: Path | None = None, terms: KeptTerms | None = None) -> None:
        self._terms = terms or load_kept_terms()
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False)
        if self._db.execute("PRAGMA auto_vacuum").fetchone()[0] != INCREMENTAL:
            # A file that was made without it is written anew once.
            self._db.execute(f"PRAGMA auto_vacuum = {INCREMENTAL}")
            self._db.execute("VACUUM")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        for statement in SCHEMA:
            self._db.execute(statement)
        self._db.commit()
        row = self._db.execute("SELECT COALESCE(MAX(row), 0), COALESCE(MAX(time), 0) FROM changes")
        self.last, self._time = row.fetchone()
        rows = self._db.execute("SELECT account, new, row, MAX(row) FROM changes GROUP BY account")
        # Whoever follows asks for these: a look through the whole file would hold everyone up.
        self._newest = dict[int, AskedOf]()
        self._held = dict[int, int]()
        """The last row of each account."""
        for account, new, number, _ in rows:
            self._newest[account], self._held[account] = AskedOf(*json.loads(new)), number
        self._swept, self._front = self.last, 0
        """The last row when it was swept, and up to which row only what stays is left."""
        while self.sweep() == self._terms.sweep_rows:
            pass

    def add(self, changes: Sequence[Change]) -> None:
        """Keeps changes, in the order of their rows."""
        rows = [
            (c.row, c.account, c.time, c.number, c.event, json.dumps(c.causes),
             json.dumps(_packed(c.before)), json.dumps(_packed(c.after)))
            for c in changes
        ]  # fmt: skip
        with self._db:
            sql = f"INSERT INTO changes ({NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            self._db.executemany(sql, rows)
        self.last = rows[-1][0] if rows else self.last
        self._newest.update((c.account, c.after) for c in changes)
        self._held.update((c.account, c.row) for c in changes)
        self._time = max(self._time, *(c.time for c in changes)) if changes else self._time
        if self.last - self._swept >= self._terms.sweep_every:
            self.sweep()

    def sweep(self) -> int:
        """Removes the oldest rows that the terms no longer keep, one step of them; how many."""
        terms, self._swept = self._terms, self.last
        oldest, first = self._time - terms.days * DAY, self.last - terms.rows
        sql = "SELECT row, account, time FROM changes WHERE row > ? ORDER BY row LIMIT ?"
        gone = []
        for row, account, time in self._db.execute(sql, (self._front, terms.sweep_rows)).fetchall():
            if row > first and time >= oldest:
                break
            self._front = row
            if self._held[account] != row:
                gone.append((row,))
        if gone:
            with self._db:
                self._db.executemany("DELETE FROM changes WHERE row = ?", gone)
            self._db.execute(f"PRAGMA incremental_vacuum({PAGES})").fetchall()
        return len(gone)

    def newest(self) -> dict[int, AskedOf]:
        """What each account was asked last."""
        return dict(self._newest)

    def after(self, row: int, most: int, account: int = 0, event: int = 0) -> list[Change]:
        """At most so many changes after a row, of one account after an event, or of all."""
        own = "account = ? AND event > ? AND" if account else ""
        values = (account, event, row, most) if account else (row, most)
        sql = f"SELECT {NAMES} FROM changes WHERE {own} row > ? ORDER BY row LIMIT ?"
        return [_change(found) for found in self._db.execute(sql, values)]

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()


def _packed(asked: AskedOf | None) -> list[int] | None:
    return None if asked is None else list(asdict(asked).values())


def _change(row: tuple[Any, ...]) -> Change:
    number, account, time, command, event, causes, old, new = row
    before = json.loads(old)
    return Change(
        number, account, time, command, event, tuple(tuple(c) for c in json.loads(causes)),
        AskedOf(*before) if before is not None else None, AskedOf(*json.loads(new)),
    )  # fmt: skip

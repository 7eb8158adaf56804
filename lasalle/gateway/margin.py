"""The margin table in force for everyone, and what any portfolio would be asked by it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple, Protocol

import msgspec
from msgspec import Meta

from lasalle import wire
from lasalle.clearing import Held, Published, PublishedError, Requirement, requirement
from lasalle.client.shapes import Shape
from lasalle.gateway.endpoints import DAY, Asked, Endpoint, Query, read_body
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.gateway.pages import PAGED, page
from lasalle.gateway.shapes import page_of
from lasalle.views import AccountsView, MarketView
from lasalle.views.model import dollars

CURRENT = "current"
MONTH_FUTURE = re.compile(r"[A-Z][A-Z0-9]{1,7}-\d{4}-\d{2}", re.ASCII)
"""Symbols of the futures on the average of a month."""
MOST_LOTS = wire.Bound.ACCOUNT_GROSS_LOTS
MOST_POSITIONS = 500
SINCE = Query("from", "Those in force from this day on, YYYY-MM-DD.", DAY)
WHICH = Query("table", "Number or digest of another table than the one in force.")
Lots = Annotated[int, Meta(ge=-MOST_LOTS, le=MOST_LOTS)]
OpenLots = Annotated[int, Meta(ge=0, le=MOST_LOTS)]


class WhatIfPosition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One series: signed lots, and lots of open orders on each side."""

    symbol: Annotated[str, Meta(max_length=32)]
    lots: Lots = 0
    buys: OpenLots = 0
    sells: OpenLots = 0


class WhatIfDelivery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A side of a delivery: lots, hours that are not yet final (of a buyer those it pays ahead),
    and micro-dollars set aside a unit: a seller's margin, a buyer's price."""

    lots: Annotated[int, Meta(ge=1, le=MOST_LOTS)]
    hours: Annotated[int, Meta(ge=1, le=wire.Bound.HOURS)]
    unit: Annotated[int, Meta(ge=0, le=wire.Bound.PRICE)]


class WhatIf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A portfolio, each series once, and the sides of deliveries beside it."""

    positions: Annotated[list[WhatIfPosition], Meta(max_length=MOST_POSITIONS)]
    deliveries: Annotated[list[WhatIfDelivery], Meta(max_length=MOST_POSITIONS)] = []


class MarginScenario(Shape, frozen=True):
    """A column: scan, historical or stress, and the scan row of a scan point."""

    kind: str
    group: int


class MarginScanRow(Shape, frozen=True):
    """A scan row: ten-thousandths of its worst column count."""

    group: int
    weight_per_ten_thousand: int


class MarginSeries(Shape, frozen=True):
    """A series in micro-dollars: mark a unit; charges a lot; what one long lot loses by column."""

    symbol: str
    is_option: bool
    hours: int
    mark: int
    liquidity: int
    concentration_lots: int
    concentration: int
    losses: list[int]


class MonthFutures(Shape, frozen=True):
    """Month futures of a family that still trade, the nearest first."""

    family: str
    symbols: list[str]


class MarginTable(Shape, frozen=True):
    """The table in force with marks as they stand, and the digest of its canonical text: all but
    `month_futures`, which say what `front` means beside it, the house's first index first."""

    table: int
    sha256: str
    scenarios: list[MarginScenario]
    scan_rows: list[MarginScanRow]
    series: list[MarginSeries]
    month_futures: list[MonthFutures]


class ScanCharge(Shape, frozen=True):
    """The worst loss of a scan row, and the part of it that counts."""

    group: int
    weight_per_ten_thousand: int
    worst_micro_dollars: int


class WhatIfAnswer(Shape, frozen=True):
    """What a portfolio is asked: `requirement` and `initial`, 1.10 of its margin and once what its
    deliveries need, in dollars and whole micro-dollars; then its parts. Each path is rounded up by
    itself; `binding` is the greater.
    """

    table: int
    sha256: str
    requirement: str
    requirement_micro_dollars: int
    initial: str
    initial_micro_dollars: int
    binding: str
    scan_micro_dollars: int
    tail_micro_dollars: int
    scan_rows: list[ScanCharge]
    liquidity_micro_dollars: int
    concentration_micro_dollars: int
    delivery_micro_dollars: int
    option_value_micro_dollars: int


class PastTable(NamedTuple):
    """A table that was in force from an event of a command on, nanoseconds UTC."""

    table: int
    sha256: str
    event: int
    number: int
    time: int


class Tables(Protocol):
    """Tables that were in force, in the order they came."""

    def rows(self) -> list[PastTable]: ...

    def read(self, row: PastTable) -> Published: ...

    def keep(self, table: Published, event: int, number: int, time: int) -> None: ...


class KeptTable(Shape, frozen=True):
    """A table that was in force: its number and digest, the event and command it came with, and
    when, nanoseconds UTC."""

    table: int
    sha256: str
    event: int
    number: int
    time: int


class Holder(Protocol):
    """What has the table in force, and those that were."""

    tables: Tables | None
    accounts: AccountsView
    market: MarketView


def endpoints(shared: Holder) -> list[Endpoint]:
    """The declarations; both are public, for who may trade tomorrow may reckon today."""

    async def named_table(named: str) -> tuple[Published, int]:
        """A table, and the time it stood at."""
        table, now = shared.accounts.margins.published(), time.time_ns()
        if table is not None and named in (CURRENT, str(table.table)):
            return table, now
        row = await asyncio.to_thread(_kept, shared.tables, named)
        if row is not None and shared.tables is not None:
            return await asyncio.to_thread(shared.tables.read, row), row.time
        if table is not None and named == await asyncio.to_thread(lambda: table.sha256):
            return table, now
        expected = f"{CURRENT}, {table.table}, " if table else ""
        text = f"no such margin table: expected {expected}or the number or digest of one kept"
        raise Denied(text, name="file_unknown", field="table", found=named[:64])

    async def table(asked: Asked) -> Any:
        found, stood = await named_table(asked.path["table"])
        beside = {"month_futures": month_futures(shared.market, found, stood)}
        return await asyncio.to_thread(lambda: told(found) | beside)

    async def tables(asked: Asked) -> Any:
        since = asked.query.get("from", 0)
        rows = await asyncio.to_thread(shared.tables.rows) if shared.tables else []
        late = [row for row in rows if day_of(row.time) >= since]
        found, following = page("tables", late, lambda row: int(row.event), asked.query)
        return {"tables": [row._asdict() for row in found], "next": following}

    async def what_if(asked: Asked) -> Any:
        body = read_body(WhatIf, asked.body)
        portfolio, needs = read_portfolio(body.positions), needed(body.deliveries)
        found, _ = await named_table(asked.query.get("table", CURRENT))
        try:
            made = await asyncio.to_thread(requirement, portfolio, found, needs)
            return said(made, found)
        except PublishedError as error:
            symbols = [s for s in portfolio if s not in found.by_symbol]
            raise BadCommand("symbol", "a series of the margin table", symbols[0]) from error

    return [
        Endpoint(
            "GET", "/v1/margin/tables", tables,
            "Margin tables that were in force, oldest first.",
            page_of("KeptTables", "tables", KeptTable), cost=5, query=(*PAGED, SINCE),
        ),
        Endpoint(
            "GET", "/v1/margin/tables/{table}", table,
            "A margin table: current, or one that was in force by number or digest.", MarginTable,
            cost=20, faults=("file_unknown",),
        ),
        Endpoint(
            "POST", "/v1/margin/what-if", what_if,
            "What a portfolio would be asked by a margin table, the one in force unless named.",
            WhatIfAnswer, cost=20, body=WhatIf, query=(WHICH,), faults=("file_unknown",),
        ),
    ]  # fmt: skip


def _kept(tables: Tables | None, named: str) -> PastTable | None:
    """The last table kept under a number, or that with a digest."""
    rows = tables.rows() if tables else []
    found = [row for row in rows if named in (row.sha256, str(row.table))]
    return found[-1] if found else None


def told(table: Published) -> dict[str, Any]:
    """A table with its digest, as it is given to a client."""
    return {**table.told(), "sha256": table.sha256}


def day_of(time: int) -> int:
    """The day of a time in nanoseconds UTC, YYYYMMDD."""
    return int(f"{datetime.fromtimestamp(time // 10**9, UTC):%Y%m%d}")


def month_futures(market: MarketView, table: Published, now: int) -> list[dict[str, Any]]:
    """Month futures of a table that trade at a time, by family: the first index first, the nearest
    month first."""
    terms = [
        market.by_symbol[symbol].terms
        for symbol in table.by_symbol
        if symbol in market.by_symbol and MONTH_FUTURE.fullmatch(symbol)
    ]
    found: dict[str, list[str]] = {}
    for one in sorted(terms, key=lambda one: (one.index, one.first_month)):
        if one.last_trading_time > now:
            found.setdefault(one.symbol.partition("-")[0], []).append(one.symbol)
    return [{"family": family, "symbols": symbols} for family, symbols in found.items()]


def read_portfolio(positions: Iterable[WhatIfPosition]) -> dict[str, Held]:
    """Lots by symbol. Raises BadCommand for a series said twice, or for too many lots."""
    found: dict[str, Held] = {}
    gross = 0
    for one in positions:
        if one.symbol in found:
            raise BadCommand("symbol", "each series once", one.symbol)
        found[one.symbol] = Held(one.lots, one.buys, one.sells)
        gross += abs(one.lots) + one.buys + one.sells
    if gross > MOST_LOTS:
        raise BadCommand("lots", f"at most {MOST_LOTS} of all series together", gross)
    return found


def needed(deliveries: Iterable[WhatIfDelivery]) -> int:
    """Micro-dollars that sides of deliveries need set aside (DEL-027)."""
    return sum(one.lots * one.hours * one.unit for one in deliveries)


def said(found: Requirement, table: Published) -> dict[str, Any]:
    """A requirement in the words of the answer."""
    return {
        "table": table.table,
        "sha256": table.sha256,
        "requirement": dollars(found.requirement),
        "requirement_micro_dollars": found.requirement,
        "initial": dollars(found.initial),
        "initial_micro_dollars": found.initial,
        "binding": "scan" if found.scan_path > found.tail_path else "tail",
        "scan_micro_dollars": found.scan_path,
        "tail_micro_dollars": found.tail_path,
        "scan_rows": [
            {"group": group, "weight_per_ten_thousand": weight, "worst_micro_dollars": worst}
            for group, weight, worst in found.scan
        ],
        "liquidity_micro_dollars": found.liquidity,
        "concentration_micro_dollars": found.concentration,
        "delivery_micro_dollars": found.delivery,
        "option_value_micro_dollars": found.option_value,
    }

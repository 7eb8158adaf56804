"""The margin table in force for everyone, and what any portfolio would be asked by it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lasalle import wire
from lasalle.clearing import Held, Published, PublishedError, Requirement, requirement
from lasalle.client.shapes import Shape
from lasalle.gateway.endpoints import Asked, Endpoint, read_body
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.gateway.shared import Shared
from lasalle.views.model import dollars

CURRENT = "current"
MOST_LOTS = wire.Bound.ACCOUNT_GROSS_LOTS
MOST_POSITIONS = 500
Lots = Annotated[int, Meta(ge=-MOST_LOTS, le=MOST_LOTS)]
OpenLots = Annotated[int, Meta(ge=0, le=MOST_LOTS)]


class WhatIfPosition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One series: signed lots, and lots of open orders on each side."""

    symbol: Annotated[str, Meta(max_length=32)]
    lots: Lots = 0
    buys: OpenLots = 0
    sells: OpenLots = 0


class WhatIf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A portfolio, each series once."""

    positions: Annotated[list[WhatIfPosition], Meta(max_length=MOST_POSITIONS)]


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


class MarginTable(Shape, frozen=True):
    """The table in force with marks as they stand, and the digest of its canonical text."""

    table: int
    sha256: str
    scenarios: list[MarginScenario]
    scan_rows: list[MarginScanRow]
    series: list[MarginSeries]


class ScanCharge(Shape, frozen=True):
    """The worst loss of a scan row, and the part of it that counts."""

    group: int
    weight_per_ten_thousand: int
    worst_micro_dollars: int


class WhatIfAnswer(Shape, frozen=True):
    """What a portfolio is asked: `requirement` and `initial`, 1.10 of it, in dollars and whole
    micro-dollars; then its parts. Each path is rounded up by itself; `binding` is the greater.
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


def endpoints(shared: Shared) -> list[Endpoint]:
    """The declarations; both are public, for who may trade tomorrow may reckon today."""

    def in_force(named: str) -> Published:
        table = shared.accounts.margins.published()
        if table is None or named not in (CURRENT, str(table.table)):
            expected = f"{CURRENT} or {table.table}" if table else "one, and none is in force yet"
            text = f"no such margin table is in force: expected {expected}"
            raise Denied(text, name="file_unknown", field="table", found=named[:20])
        return table

    async def table(asked: Asked) -> Any:
        found = in_force(asked.path["table"])
        return await asyncio.to_thread(lambda: {**found.told(), "sha256": found.sha256})

    async def what_if(asked: Asked) -> Any:
        portfolio = read_portfolio(read_body(WhatIf, asked.body).positions)
        found = in_force(CURRENT)
        try:
            return await asyncio.to_thread(lambda: said(requirement(portfolio, found), found))
        except PublishedError as error:
            symbols = [s for s in portfolio if s not in found.by_symbol]
            raise BadCommand("symbol", "a series of the margin table", symbols[0]) from error

    return [
        Endpoint(
            "GET", "/v1/margin/tables/{table}", table,
            "The margin table in force, by its number or as current.", MarginTable, cost=20,
            faults=("file_unknown",),
        ),
        Endpoint(
            "POST", "/v1/margin/what-if", what_if,
            "What a portfolio would be asked by the margin table in force.", WhatIfAnswer, cost=20,
            body=WhatIf, faults=("file_unknown",),
        ),
    ]  # fmt: skip


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

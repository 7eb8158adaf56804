"""The clearing desk's words to the core: a margin table in chunks, and the prices of a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lasalle import wire
from lasalle.clearing.model import MarginTable


def table_commands(
    table: MarginTable, version: int, replaces: int, series: Mapping[str, int]
) -> list[Any]:
    """Begin, one row a series, activate; `series` gives numbers by symbol (CLR-005)."""
    begin = wire.BeginMarginTable(
        table=version,
        scenarios=tuple(wire.Scenario(x.kind, x.group) for x in table.labels),
        rows=tuple(wire.ScanRow(r.group, r.weight_per_ten_thousand) for r in table.scan_rows),
    )
    rows = [
        wire.LoadMarginRow(
            table=version,
            series=series[row.symbol],
            mark=row.mark_micro_dollars,
            liquidity=row.liquidity_micro_dollars,
            concentration_lots=row.concentration_lots,
            concentration=row.concentration_micro_dollars,
            delta=row.delta_millionths,
            vega=row.vega_micro_dollars,
            losses=tuple(wire.ScenarioLoss(x) for x in row.losses_micro_dollars),
        )
        for row in table.rows
    ]
    return [begin, *rows, wire.ActivateMarginTable(table=version, replaces=replaces)]


def settlement_command(
    day: int, marks: Mapping[str, int], series: Mapping[str, int]
) -> wire.SettleVariation:
    """Settlement prices of a day (YYYYMMDD), at least one micro-dollar, ascending by series."""
    priced = sorted((series[symbol], max(1, price)) for symbol, price in marks.items())
    return wire.SettleVariation(
        day=day, prices=tuple(wire.SeriesPrice(number, price) for number, price in priced)
    )

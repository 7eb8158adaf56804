"""Margin tables, as the state keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field

from lasalle.wire import ScanRow, Scenario


@dataclass(slots=True)
class Row:
    series: int
    mark: int
    liquidity: int
    concentration_lots: int
    concentration: int
    delta: int
    vega: int
    losses: tuple[int, ...]


@dataclass(slots=True)
class Table:
    table: int
    scenarios: tuple[Scenario, ...]
    rows: tuple[ScanRow, ...]
    series: dict[int, Row] = field(default_factory=dict)

"""Nouns of a margin table, in the whole numbers the core takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lasalle.wire import ScenarioKind


@dataclass(frozen=True, slots=True)
class ScenarioLabel:
    """What a column of losses means; `group` is a scan row, 0 for historical and stress."""

    kind: ScenarioKind
    group: int
    name: str


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A scan row: ten-thousandths of the worst of its columns count towards the requirement."""

    group: int
    weight_per_ten_thousand: int
    name: str


@dataclass(frozen=True, slots=True)
class MarginRow:
    """Row of a series: losses of one long lot in micro-dollars, positive is a loss.

    `delta_millionths`: millionths of a month lot per lot; `vega_micro_dollars`: micro-dollars
    per volatility point per lot; the liquidity and concentration charges are micro-dollars per lot.
    """

    symbol: str
    mark_micro_dollars: int
    losses_micro_dollars: tuple[int, ...]
    liquidity_micro_dollars: int
    concentration_lots: int
    concentration_micro_dollars: int
    delta_millionths: int
    vega_micro_dollars: int


@dataclass(frozen=True, slots=True)
class MarginTable:
    """A whole activation; `short_history` says that floors stand in for missing historical
    moves.
    """

    day: date
    labels: tuple[ScenarioLabel, ...]
    scan_rows: tuple[ScanRow, ...]
    rows: tuple[MarginRow, ...]
    historical_observed: int
    short_history: bool

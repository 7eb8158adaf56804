"""A margin table as everyone may read it: labels, scan rows, and a row of whole numbers a series.

With it and the lots of a portfolio anyone comes to the house's own figure (`requirement`). The
digest is over the canonical text, ASCII JSON without spaces, so that two readers can say whether
they hold the same table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lasalle.clearing.model import MarginTable
from lasalle.contracts import SeriesTerms
from lasalle.wire import Bound, ScenarioKind

FIELDS = (
    "symbol",
    "is_option",
    "hours",
    "mark",
    "liquidity",
    "concentration_lots",
    "concentration",
    "losses",
)


class PublishedError(ValueError):
    """A table is not as one is published; says field, expected and found."""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A series: micro-dollars one long lot loses in each scenario, its charges in micro-dollars a
    lot, its mark in micro-dollars a unit and the units a lot still carries.
    """

    symbol: str
    is_option: bool
    hours: int
    mark: int
    liquidity: int
    concentration_lots: int
    concentration: int
    losses: tuple[int, ...]

    @property
    def value(self) -> int:
        """Option value of one long lot, micro-dollars; 0 for a future or a swap."""
        return self.mark * self.hours if self.is_option else 0


@dataclass(frozen=True)
class Published:
    """A table: its number, (kind, scan row) of each column, (scan row, weight in ten-thousandths)
    of each scan row, and the rows of series.
    """

    table: int
    scenarios: tuple[tuple[ScenarioKind, int], ...]
    scan_rows: tuple[tuple[int, int], ...]
    series: tuple[PublishedRow, ...]

    def __post_init__(self) -> None:
        if len({row.symbol for row in self.series}) != len(self.series):
            raise PublishedError("series: expected each symbol once")
        for row in self.series:
            if len(row.losses) != len(self.scenarios):
                wanted, found = len(self.scenarios), len(row.losses)
                raise PublishedError(f"{row.symbol}: expected {wanted} losses, found {found}")
            if max(map(abs, row.losses), default=0) > Bound.LOSS_PER_LOT:
                raise PublishedError(f"{row.symbol}: expected losses up to {Bound.LOSS_PER_LOT}")

    @cached_property
    def by_symbol(self) -> dict[str, int]:
        """Place of each series among the rows."""
        return {row.symbol: place for place, row in enumerate(self.series)}

    def columns(self, kind: ScenarioKind, group: int = 0) -> list[int]:
        """Places of the columns of a kind, and of one scan row."""
        return [n for n, label in enumerate(self.scenarios) if label == (kind, group)]

    @cached_property
    def canonical(self) -> bytes:
        """The text the digest is taken over."""
        return json.dumps(self.told(), separators=(",", ":"), ensure_ascii=True).encode("ascii")

    @cached_property
    def sha256(self) -> str:
        """Digest of the table, hexadecimal."""
        return hashlib.sha256(self.canonical).hexdigest()

    def told(self) -> dict[str, Any]:
        """The table in words and whole numbers, as it is written to a file or a client."""
        return {
            "table": self.table,
            "scenarios": [
                {"kind": kind.name.lower(), "group": group} for kind, group in self.scenarios
            ],
            "scan_rows": [
                {"group": group, "weight_per_ten_thousand": weight}
                for group, weight in self.scan_rows
            ],
            "series": [
                {**{name: getattr(row, name) for name in FIELDS}, "losses": list(row.losses)}
                for row in sorted(self.series, key=lambda row: row.symbol)
            ],
        }


def read_published(told: Mapping[str, Any]) -> Published:
    """A table from what `told` gives; other fields are looked past. Raises PublishedError."""
    try:
        scenarios = tuple(
            (ScenarioKind[one["kind"].upper()], int(one["group"])) for one in told["scenarios"]
        )
        rows = tuple(
            (int(one["group"]), int(one["weight_per_ten_thousand"])) for one in told["scan_rows"]
        )
        series = tuple(_row(one) for one in told["series"])
        return Published(int(told["table"]), scenarios, rows, series)
    except (KeyError, TypeError, AttributeError) as error:
        expected = "table, scenarios, scan_rows and series as the house publishes them"
        raise PublishedError(f"table: expected {expected}, found {error}") from error


def _row(one: Mapping[str, Any]) -> PublishedRow:
    numbers = {name: one[name] for name in FIELDS[2:-1]}
    for name, found in {**numbers, **{f"loss {n}": x for n, x in enumerate(one["losses"])}}.items():
        if type(found) is not int:
            raise PublishedError(f"{one['symbol']} {name}: expected a whole number, found {found}")
    return PublishedRow(
        symbol=str(one["symbol"]),
        is_option=bool(one["is_option"]),
        losses=tuple(one["losses"]),
        **numbers,
    )


def published(table: MarginTable, number: int, series: Iterable[SeriesTerms]) -> Published:
    """The desk's own table of a day, as it stands when it is activated."""
    terms = {one.symbol: one for one in series}
    return Published(
        table=number,
        scenarios=tuple((label.kind, label.group) for label in table.labels),
        scan_rows=tuple((row.group, row.weight_per_ten_thousand) for row in table.scan_rows),
        series=tuple(
            PublishedRow(
                symbol=row.symbol,
                is_option=terms[row.symbol].is_option,
                hours=terms[row.symbol].open_hours(table.day),
                mark=row.mark_micro_dollars,
                liquidity=row.liquidity_micro_dollars,
                concentration_lots=row.concentration_lots,
                concentration=row.concentration_micro_dollars,
                losses=row.losses_micro_dollars,
            )
            for row in table.rows
        ),
    )

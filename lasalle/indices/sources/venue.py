"""The venue's own trades and quotes as evidence.

A series that settles on an index in cash is no evidence for that index: its price is a belief about
fixings to come, and a fixing taken from it would be a fixing taken from itself. Such rows are
refused as `circular` unless a curve, which is built from beliefs, asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as arrow

from lasalle.indices.evidence import EVIDENCE_SCHEMA, PriceType, Unit
from lasalle.indices.sources.admission import Reading, admit


@dataclass(frozen=True, slots=True)
class VenueSeries:
    """What evidence needs to know of a listed series."""

    symbol: str
    grade: str
    location: str
    tenor_days: int
    lot_units: int
    """Accelerators, or millions of tokens, one lot stands for."""
    cash_settled: bool
    unit: Unit = Unit.GPU_HOUR


@dataclass(frozen=True, slots=True)
class VenuePrice:
    """A trade, or the best offer resting at a moment. Price in micro-dollars per unit."""

    series: VenueSeries
    time: int
    price: int
    lots: int
    number: int
    """Event that traded, or the last that moved the book."""
    resting: bool = False


def venue_evidence(
    prices: Iterable[VenuePrice], since: int, until: int, *, source: str, with_beliefs: bool = False
) -> Reading:
    """EXECUTED rows of trades and EXECUTABLE rows of resting offers to sell; each trade is an offer
    of its own, because it was made once and is matched with no other.
    """
    rows: list[dict[str, Any]] = []
    circular = []
    for told in prices:
        series = told.series
        kind = PriceType.EXECUTABLE if told.resting else PriceType.EXECUTED
        rows.append(
            {
                "source": source,
                "time": told.time,
                "unit": int(series.unit),
                "grade": series.grade,
                "location": series.location,
                "tenor_days": series.tenor_days,
                "size": told.lots * series.lot_units,
                "price_type": int(kind),
                "price": told.price,
                "offer": f"{series.symbol}/{'ask' if told.resting else told.number}",
                "reference": f"event {told.number}",
                "simulated": False,
            }
        )
        circular.append(series.cash_settled and not with_beliefs)
    table = arrow.Table.from_pylist(rows, schema=EVIDENCE_SCHEMA)
    return admit(table, since, until, marks={"circular": np.array(circular, dtype=bool)})

"""Evidence: what a source said, when, about which unit, at which price. Integers only.

Every connector gives rows of this one shape, every method reads it. In bulk they are a table of
`EVIDENCE_SCHEMA`, a column a field under the same name.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import pyarrow as arrow


class EvidenceError(ValueError):
    """A row of evidence is wrong; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


class PriceType(IntEnum):
    """How strong a price is as evidence; the lower number is the stronger."""

    EXECUTED = 1
    """Someone paid it."""
    EXECUTABLE = 2
    """Anyone could have paid it then: a resting order, a marketplace offer with stock."""
    LIST = 3
    """Published, without a word on whether anything was to be had."""
    SHORTAGE = 4
    """The source was asked and had nothing: evidence of no price, and never of the last one."""


class Unit(IntEnum):
    """What one price is for."""

    GPU_HOUR = 1
    MILLION_TOKENS = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row. Prices in micro-dollars per unit, times in nanoseconds UTC."""

    source: str
    """Connector and publisher, `gcp-history`, `lasalle-trades`."""
    time: int
    unit: Unit
    grade: str
    """Capacity grade or token class of the contract standards, `H100-SXM`, `T-STANDARD`."""
    location: str
    """Delivery point of the contract standards, `US-EAST`; empty where it has none."""
    tenor_days: int
    """Days committed: 0 for spot that may be taken back, 1 on demand, 30, 365, 1095 reserved."""
    size: int
    """Accelerators, or millions of tokens, to be had or dealt at that price; 0 where unsaid."""
    price_type: PriceType
    price: int
    """0 where there was none to be had (SHORTAGE)."""
    offer: str
    """Stable name of the very thing priced, within its source: what is matched from day to day."""
    reference: str
    """Where the raw row is found again: file and row, address and time."""
    simulated: bool = False

    def __post_init__(self) -> None:
        if not self.source or not self.offer:
            raise EvidenceError("source, offer", "names", (self.source, self.offer))
        if self.time <= 0 or self.tenor_days < 0 or self.size < 0:
            found = (self.time, self.tenor_days, self.size)
            raise EvidenceError("time, tenor_days, size", "above 0, from 0, from 0", found)
        if (self.price == 0) != (self.price_type is PriceType.SHORTAGE) or self.price < 0:
            raise EvidenceError("price", "above 0, and 0 exactly for a shortage", self.price)


EVIDENCE_SCHEMA = arrow.schema(
    [
        ("source", arrow.string()),
        ("time", arrow.int64()),
        ("unit", arrow.int8()),
        ("grade", arrow.string()),
        ("location", arrow.string()),
        ("tenor_days", arrow.int32()),
        ("size", arrow.int64()),
        ("price_type", arrow.int8()),
        ("price", arrow.int64()),
        ("offer", arrow.string()),
        ("reference", arrow.string()),
        ("simulated", arrow.bool_()),
    ]
)
assert EVIDENCE_SCHEMA.names == [field.name for field in fields(Evidence)]

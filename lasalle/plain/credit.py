"""What the state of the house keeps of lines of credit, and of interest on variation."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Cover:
    """Short lots an account has shown it can deliver; until: nanoseconds UTC."""

    account: int
    series: int
    lots: int
    until: int
    evidence: bytes


@dataclass(slots=True)
class Line:
    """limit: micro-dollars; rate: millionths a day. What is owed stands in the ledger."""

    account: int
    limit: int
    rate: int


@dataclass(slots=True)
class Security:
    """advance: ten-thousandths of its price lent against an asset."""

    asset: int
    advance: int
    account_cap: int


@dataclass(slots=True)
class Rate:
    """rate: millionths a year of 360 days."""

    day: int
    rate: int
    source: str
    inputs: bytes


@dataclass(slots=True)
class Credit:
    """Covers by account and series, lines by account, securities by asset, rates by day; variation
    on swaps received so far, by account and series."""

    covers: dict[tuple[int, int], Cover] = field(default_factory=dict)
    lines: dict[int, Line] = field(default_factory=dict)
    securities: dict[int, Security] = field(default_factory=dict)
    rates: dict[int, Rate] = field(default_factory=dict)
    variation: dict[tuple[int, int], int] = field(default_factory=dict)

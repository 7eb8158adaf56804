"""What is told of a drill: its days, its defaults, and how money and layers are written."""

from __future__ import annotations

from dataclasses import dataclass, field

from lasalle.clearing.auction import Slice
from lasalle.wire import LossLayer


@dataclass(slots=True)
class DefaultTold:
    """What a default came to; micro-dollars and lots."""

    key: str
    name: str
    member: int
    declared: int
    margin_paid: int = 0
    """Taken from its cash on the days it could not pay whole, before any layer."""
    loss: int = 0
    left: int = 0
    layers: dict[LossLayer, int] = field(default_factory=lambda: dict.fromkeys(LossLayer, 0))
    hedged: int = 0
    sold: int = 0
    paid_to_winners: int = 0
    torn: int = 0
    ported: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    closed: int = 0
    slices: list[Slice] = field(default_factory=list)
    tried: bool = False


@dataclass(slots=True)
class DayTold:
    """A day: price in micro-dollars, what stood ready before it, what was told."""

    day: int
    date: int
    price: int
    halted: bool
    ready: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def usd(amount: int) -> str:
    """Micro-dollars as USD, to the micro-dollar where there is one."""
    whole, rest = divmod(abs(amount), 1_000_000)
    part = f"{rest:06}".rstrip("0").ljust(2, "0")
    return f"{'-' if amount < 0 else ''}{whole:,}.{part}"


def words(layer: LossLayer) -> str:
    """A layer as a reader calls it."""
    return {
        LossLayer.MARGIN: "its margin",
        LossLayer.OWN_FUND: "its default fund",
        LossLayer.FIRST_LOSS: "the house's first loss",
        LossLayer.ABSENT_FUND: "the fund of those who did not bid",
        LossLayer.BIDDING_FUND: "the fund of those who bid",
        LossLayer.SECOND_TRANCHE: "the house's second tranche",
        LossLayer.ASSESSMENT: "assessments",
        LossLayer.GAINS: "gains given back",
        LossLayer.CLIENT_GAINS: "gains of clients given back",
        LossLayer.LIQUIDITY: "the house's liquidity",
    }[layer]

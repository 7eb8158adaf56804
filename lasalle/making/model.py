"""Nouns of the maker: its terms, and a two-sided quote in whole ticks and lots."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from importlib import resources

from lasalle.pricing import CurveModel


class MakerError(ValueError):
    """A term of the maker is missing or wrong; says field, expected and found."""


@dataclass(frozen=True, slots=True)
class MakerTerms:
    """How wide, how much and how strongly leaning the maker quotes.

    `half_spread_ratio`: half-spread as a share of price before risk. `daily_risk_share`: share
    of the index's one-day deviation, carried to the month by the model's loading, added to it.
    `tenor_slope`: growth of the half-spread per year of tenor. `volatility_points`: half-width
    of options in volatility points. `capacity_lots`: net delta, in month lots, at which one side
    is withdrawn; of variance, which has no delta, `variance_capacity_lots`. `lean`: half-spreads by
    which quotes shift at capacity.
    """

    half_spread_ratio: float
    daily_risk_share: float
    tenor_slope: float
    volatility_points: float
    capacity_lots: int
    lean: float
    future_lots: int
    option_lots: int
    swap_lots: int
    bounded_lots: int
    basis_lots: int
    variance_lots: int
    variance_capacity_lots: int

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value < 0 or (field.name.endswith("_lots") and value < 1):
                raise MakerError(f"{field.name}: expected above 0, found {value!r}")


@dataclass(frozen=True, slots=True)
class Against:
    """The index that bases take away: its name, model and fixings, and how its moves are correlated
    with those of their own.
    """

    index: str
    model: CurveModel
    fixings: Mapping[date, int]
    correlation: float


@dataclass(frozen=True, slots=True)
class Quote:
    """A two-sided quote: micro-dollars per GPU-hour on tick, whole lots; zero lots is no quote
    on that side.
    """

    symbol: str
    bid_price: int
    bid_lots: int
    ask_price: int
    ask_lots: int

    @property
    def middle(self) -> float:
        """Mid price in micro-dollars per GPU-hour."""
        return (self.bid_price + self.ask_price) / 2


def load_maker_terms() -> MakerTerms:
    """Terms shipped with the house."""
    path = resources.files("lasalle.making") / "table" / "maker.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))["maker"]
    expected = {field.name for field in fields(MakerTerms)}
    if set(table) != expected:
        raise MakerError(f"maker: expected {sorted(expected)}, found {sorted(table)}")
    return MakerTerms(**table)

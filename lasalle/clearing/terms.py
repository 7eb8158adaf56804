"""Parameters of the margin model, read from their table and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any


class MarginTermsError(ValueError):
    """A parameter is missing or out of bounds; says field, expected and found."""


@dataclass(frozen=True, slots=True)
class StressMove:
    """A named hypothetical: log moves at the near and the far end, factor on deviations."""

    name: str
    near: float
    far: float
    volatility: float


@dataclass(frozen=True, slots=True)
class MarginTerms:
    """Parameters; moves are log moves, ratios shares of the mark."""

    horizon_days: int
    quantile: float
    price_floor_front: float
    price_floor_back: float
    front_months: int
    volatility_range: float
    twist_share: float
    windows: int
    ewma_lambda: float
    scale_low: float
    scale_high: float
    volatility_floor: float
    future_ratio: float
    option_ratio: float
    swap_ratio: float
    concentration_lots: int
    concentration_ratio: float
    stress: tuple[StressMove, ...]

    def __post_init__(self) -> None:
        bounds: tuple[tuple[str, float, float], ...] = (
            ("horizon_days", 1, 10),
            ("quantile", 1.0, 10.0),
            ("price_floor_front", 0.0, 2.0),
            ("price_floor_back", 0.0, 2.0),
            ("front_months", 0, 36),
            ("volatility_range", 0.0, 0.99),
            ("twist_share", 0.0, 1.0),
            ("windows", 1, 4_000),
            ("ewma_lambda", 0.5, 0.999),
            ("scale_low", 0.0, 1.0),
            ("scale_high", 1.0, 10.0),
            ("volatility_floor", 0.01, 5.0),
            ("future_ratio", 0.0, 1.0),
            ("option_ratio", 0.0, 1.0),
            ("swap_ratio", 0.0, 1.0),
            ("concentration_lots", 1, 1_000_000),
            ("concentration_ratio", 0.0, 1.0),
        )
        for field, low, high in bounds:
            found = getattr(self, field)
            if not low <= found <= high:
                raise MarginTermsError(f"{field}: expected {low} to {high}, found {found!r}")


def load_margin_terms() -> MarginTerms:
    """Parameters shipped with the house. Raises MarginTermsError when one is missing or unknown."""
    path = resources.files("lasalle.clearing") / "table" / "margin.toml"
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    stress = tuple(StressMove(**row) for row in table["stress"])
    flat = {**table["scan"], **table["historical"], **table["liquidity"]}
    expected = {field.name for field in fields(MarginTerms)} - {"stress"}
    if set(flat) != expected:
        raise MarginTermsError(f"margin: expected {sorted(expected)}, found {sorted(flat)}")
    return MarginTerms(stress=stress, **flat)

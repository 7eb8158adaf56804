"""Parameters of the margin model, read from their table and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
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
class Proxy:
    """Whose moves stand in for those a family has not seen yet, and by what they are scaled."""

    family: str
    of: str
    scale: float


@dataclass(frozen=True, slots=True)
class Offset:
    """Two families whose level charges are asked of both together, a share of them."""

    families: tuple[str, str]
    share: float


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
    thirds: tuple[int, ...]
    extreme_ranges: float
    extreme_weight: float
    short_option_ratio: float
    windows: int
    ewma_lambda: float
    scale_low: float
    scale_high: float
    volatility_floor: float
    volatility_low: float
    volatility_high: float
    buffer: float
    floor_days: int
    future_ratio: float
    option_ratio: float
    swap_ratio: float
    concentration_lots: int
    concentration_ratio: float
    stress: tuple[StressMove, ...]
    proxies: tuple[Proxy, ...] = ()
    offsets: tuple[Offset, ...] = ()
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bounds: tuple[tuple[str, float, float], ...] = (
            ("horizon_days", 1, 10),
            ("quantile", 1.0, 10.0),
            ("price_floor_front", 0.0, 2.0),
            ("price_floor_back", 0.0, 2.0),
            ("front_months", 0, 36),
            ("volatility_range", 0.0, 0.99),
            ("twist_share", 0.0, 1.0),
            ("extreme_ranges", 1.0, 10.0),
            ("extreme_weight", 0.0, 1.0),
            ("short_option_ratio", 0.0, 1.0),
            ("windows", 1, 4_000),
            ("ewma_lambda", 0.5, 0.999),
            ("scale_low", 0.0, 1.0),
            ("scale_high", 1.0, 10.0),
            ("volatility_floor", 0.01, 5.0),
            ("volatility_low", 0.0, 1.0),
            ("volatility_high", 1.0, 10.0),
            ("buffer", 0.0, 1.0),
            ("floor_days", 0, 10_000),
            ("future_ratio", 0.0, 1.0),
            ("option_ratio", 0.0, 1.0),
            ("swap_ratio", 0.0, 1.0),
            ("concentration_lots", 1, 1_000_000),
            ("concentration_ratio", 0.0, 1.0),
        )
        for name, low, high in bounds:
            found = getattr(self, name)
            if not low <= found <= high:
                raise MarginTermsError(f"{name}: expected {low} to {high}, found {found!r}")
        self._check_rows()

    def _check_rows(self) -> None:
        """What stands in tables beside the parameters."""
        good = bool(self.thirds) and all(-9 <= third <= 9 for third in self.thirds)
        if not good or len(set(self.thirds)) != len(self.thirds):
            raise MarginTermsError(f"thirds: expected some of -9 to 9, found {self.thirds}")
        for row in self.proxies:
            if not 0.1 <= row.scale <= 10.0 or row.family == row.of:
                raise MarginTermsError(f"proxy: expected another's at 0.1 to 10, found {row}")
        offset = [family for row in self.offsets for family in row.families]
        if len(set(offset)) != len(offset):
            raise MarginTermsError(f"offset: expected each family once, found {offset}")
        for one in self.offsets:
            if not 0.0 <= one.share <= 1.0:
                raise MarginTermsError(f"share: expected 0 to 1, found {one.share!r}")
        for family, row_own in self.own.items():
            unknown = set(row_own) - _numbers()
            if unknown:
                raise MarginTermsError(f"own {family}: expected parameters, found {unknown}")

    def of(self, family: str) -> MarginTerms:
        """The parameters of a family."""
        return replace(self, own={}, **self.own[family]) if family in self.own else self

    @property
    def points(self) -> tuple[tuple[float, int, float], ...]:
        """Scan points in order: price in ranges, way of volatility, weight of the loss."""
        inner = ((third / 3, way, 1.0) for third in self.thirds for way in (1, -1))
        outer = ((way * self.extreme_ranges, 0, self.extreme_weight) for way in (1, -1))
        return (*inner, *outer)


_ROWS = frozenset({"stress", "proxies", "offsets", "own"})


def _numbers() -> set[str]:
    """Parameters that are one number."""
    return {one.name for one in fields(MarginTerms)} - _ROWS - {"thirds"}


def load_margin_terms() -> MarginTerms:
    """Parameters shipped with the house. Raises MarginTermsError when one is missing or unknown."""
    path = resources.files("lasalle.clearing") / "table" / "margin.toml"
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    parts = ("scan", "historical", "procyclicality", "liquidity")
    flat = {name: value for part in parts for name, value in table[part].items()}
    if set(flat) != _numbers() | {"thirds"}:
        wanted = sorted(_numbers() | {"thirds"})
        raise MarginTermsError(f"margin: expected {wanted}, found {sorted(flat)}")
    flat["thirds"] = tuple(flat["thirds"])
    return MarginTerms(
        stress=tuple(StressMove(**row) for row in table["stress"]),
        proxies=tuple(Proxy(**row) for row in table.get("proxy", [])),
        offsets=tuple(
            Offset((row["families"][0], row["families"][1]), row["share"])
            for row in table.get("offset", [])
        ),
        own=table.get("own", {}),
        **flat,
    )

"""The standard of a contract family, read from its table and checked field by field."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from lasalle.contracts.symbols import STRIKE_STEP_MICRO_DOLLARS


class ContractError(ValueError):
    """A term is missing or wrong; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, slots=True)
class Standard:
    """Terms shared by all series of a family; prices in micro-dollars per GPU-hour."""

    version: int
    family: str
    unit: str
    grade: str
    lot: str
    currency: str
    tick_micro_dollars: int
    index: str
    final_price: str
    last_trading: str
    future_months: int
    option_months: int
    quarter_swaps: int
    year_swaps: int
    strike_step_micro_dollars: int
    strikes_per_ten_thousand: tuple[int, ...]


def parse_standard(text: str) -> Standard:
    """Standard written in a TOML table; the first wrong field is refused by name."""
    table = tomllib.loads(text)
    standard = Standard(
        version=_whole(table, "version", 1),
        family=_words(table, "family"),
        unit=_words(table, "unit.name"),
        grade=_words(table, "unit.grade"),
        lot=_words(table, "unit.lot"),
        currency=_words(table, "price.currency"),
        tick_micro_dollars=_whole(table, "price.tick_micro_dollars", 1),
        index=_words(table, "settlement.index"),
        final_price=_words(table, "settlement.final_price"),
        last_trading=_words(table, "settlement.last_trading"),
        future_months=_whole(table, "strip.future_months", 1),
        option_months=_whole(table, "strip.option_months", 0),
        quarter_swaps=_whole(table, "strip.quarter_swaps", 0),
        year_swaps=_whole(table, "strip.year_swaps", 0),
        strike_step_micro_dollars=_whole(table, "option.strike_step_micro_dollars", 1),
        strikes_per_ten_thousand=_strikes(table),
    )
    _constants(table)
    if standard.option_months > standard.future_months:
        raise ContractError(
            "strip.option_months", f"at most {standard.future_months}", standard.option_months
        )
    if standard.strike_step_micro_dollars % STRIKE_STEP_MICRO_DOLLARS:
        expected = f"a multiple of {STRIKE_STEP_MICRO_DOLLARS}"
        raise ContractError(
            "option.strike_step_micro_dollars", expected, standard.strike_step_micro_dollars
        )
    return standard


def load_standard(family: str = "H100") -> Standard:
    """Standard shipped with the house for a family."""
    path = resources.files("lasalle.contracts") / "table" / f"{family.lower()}.toml"
    if not path.is_file():
        raise ContractError("family", "a family with a table", family)
    return parse_standard(path.read_text(encoding="utf-8"))


def _constants(table: dict[str, Any]) -> None:
    """Terms the arithmetic of the house relies on and no table may change."""
    rows: tuple[tuple[str, int | str], ...] = (
        ("unit.lot_accelerators", 1),
        ("unit.hours_per_day", 24),
        ("settlement.method", "cash"),
        ("price.currency", "USD"),
    )
    for field, expected in rows:
        found = _field(table, field)
        if found != expected:
            raise ContractError(field, repr(expected), found)


def _field(table: dict[str, Any], field: str) -> Any:
    value: Any = table
    for part in field.split("."):
        if not isinstance(value, dict) or part not in value:
            raise ContractError(field, "a value", "nothing")
        value = value[part]
    return value


def _whole(table: dict[str, Any], field: str, least: int) -> int:
    value = _field(table, field)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ContractError(field, f"a whole number of at least {least}", value)
    return value


def _words(table: dict[str, Any], field: str) -> str:
    value = _field(table, field)
    if not isinstance(value, str) or not value.strip():
        raise ContractError(field, "a text", value)
    return value


def _strikes(table: dict[str, Any]) -> tuple[int, ...]:
    field = "option.strikes_per_ten_thousand"
    value = _field(table, field)
    whole = isinstance(value, list) and all(isinstance(v, int) and v > 0 for v in value)
    if not whole or sorted(set(value)) != value:
        raise ContractError(field, "ascending positive whole numbers", value)
    return tuple(value)

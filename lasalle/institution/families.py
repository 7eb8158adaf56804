"""Which contract families a house lists, as data: standards, index, group, evidence, reach."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from lasalle.contracts import (
    Form,
    Month,
    SeriesTerms,
    Standard,
    SymbolError,
    load_standards,
    parse_symbol,
    series_terms,
)
from lasalle.contracts.standard import ContractError
from lasalle.indices import Fixing, method_of, published_methods
from lasalle.indices.published import Method

Loader = Callable[[date], tuple[list[Fixing], bool]]
"""Fixings of every date up to one, and whether their evidence is real."""


class FamilyError(ValueError):
    """A row of families is wrong; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True)
class OptionsListed:
    """Options a house lists of a family: of so many months ahead, so many strikes of each."""

    months: int
    strikes: int

    def __post_init__(self) -> None:
        if self.months < 0 or self.strikes < 1:
            raise FamilyError("options", "months from 0 and strikes from 1", str(self))


@dataclass(frozen=True)
class Family:
    """A family of contracts on one index."""

    name: str
    """As its symbols begin."""
    group: int
    standards: tuple[Standard, ...]
    method: Method
    """Under which its index is fixed; its number is that of the index on the log."""
    evidence: str
    begins: date
    """First date whose evidence its index is made from."""
    months: int
    options: OptionsListed

    @property
    def index(self) -> int:
        """Number of its index on the log."""
        return self.method.number

    def terms(self, symbols: Iterable[str]) -> list[SeriesTerms]:
        """Terms of those symbols that name a series of the family."""
        found = []
        for symbol in symbols:
            try:
                found.append(series_terms(self.standards, parse_symbol(symbol)))
            except (ContractError, SymbolError):
                continue  # another family's, or listed by an operator under other terms
        return found

    def shortened(self, listing: Iterable[SeriesTerms], today: date) -> list[SeriesTerms]:
        """What is listed of all that may be: within its months, the middle strikes alone."""
        chosen: list[SeriesTerms] = []
        options: dict[tuple[Month, int], list[SeriesTerms]] = {}
        for terms in listing:
            if terms.months[-1].minus(Month.of(today)) >= self.months:
                continue
            if not terms.is_option:
                chosen.append(terms)
            elif terms.months[0].minus(Month.of(today)) < self.options.months:
                options.setdefault((terms.months[0], terms.kind), []).append(terms)
        for ladder in options.values():
            ladder.sort(key=lambda t: t.strike_micro_dollars)
            start = max(0, (len(ladder) - self.options.strikes) // 2)
            chosen += ladder[start : start + self.options.strikes]
        return chosen


def read_family(row: Mapping[str, Any]) -> Family:
    """A family of a row. Raises FamilyError."""
    kinds: dict[str, type] = {
        "family": str, "group": int, "products": list, "method": int, "evidence": str,
        "begins": date, "months": int, "options": dict,
    }  # fmt: skip
    if set(row) != set(kinds):
        raise FamilyError("family", ", ".join(sorted(kinds)), sorted(row))
    for field, kind in kinds.items():
        if type(row[field]) is not kind:
            raise FamilyError(field, kind.__name__, row[field])
    for field in ("group", "method", "months"):
        if not 1 <= row[field] <= 1_000:
            raise FamilyError(field, "1 to 1000", row[field])
    standards = load_standards(row["family"], tuple(row["products"]))
    _check_average(standards)
    return Family(
        name=row["family"],
        group=row["group"],
        standards=standards,
        method=method_of(standards[0].index, row["method"]),
        evidence=row["evidence"],
        begins=row["begins"],
        months=row["months"],
        options=OptionsListed(**row["options"]),
    )


def _check_average(standards: Iterable[Standard]) -> None:
    """A house marks and margins by one curve a family: what settles on anything else is refused."""
    indices = {standard.index for standard in standards}
    if len(indices) != 1:
        raise FamilyError("products", "products on one index", sorted(indices))
    for standard in standards:
        if standard.symbol_form is not Form.AVERAGE:
            expected = "products on the average of months of one index"
            raise FamilyError("products", expected, standard.name)


@cache
def load_families(house: str = "demonstration") -> tuple[Family, ...]:
    """Families of a kind of house, from the shipped table. Raises FamilyError."""
    path = resources.files("lasalle.institution") / "table" / "families.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get(house, [])
    found = tuple(read_family(row) for row in rows)
    for field in ("name", "group", "index"):
        seen = [getattr(family, field) for family in found]
        if len(set(seen)) != len(seen):
            raise FamilyError(field, "another for each family", seen)
    return found


def index_names() -> dict[int, str]:
    """Name of every index with a published method, by its number on the log."""
    return {method.number: method.index for method in published_methods().values()}

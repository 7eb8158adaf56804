"""Which contract families a house lists, as data: standards, index, group, evidence, reach."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from lasalle import wire
from lasalle.contracts import (
    Form,
    Month,
    Period,
    SeriesTerms,
    Standard,
    SymbolError,
    Unit,
    load_standards,
    parse_symbol,
    series_terms,
)
from lasalle.contracts.standard import ContractError
from lasalle.indices import Dated, method_of, published_methods
from lasalle.indices.published import Method
from lasalle.pricing import PRICED

Loader = Callable[[date], tuple[list[Dated], bool]]
"""Every date up to one, fixed or not, and whether the evidence is real."""


WIDE = "wide"


class FamilyError(ValueError):
    """A row of families is wrong; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True)
class OptionsListed:
    """Options a house lists of a family: of so many months ahead, so many strikes of each; of the
    `near` first of them `near_strikes`, and of those from there to `far` months `far_strikes`.
    """

    months: int
    strikes: int
    near: int = 0
    near_strikes: int = 1
    far: int = 0
    far_strikes: int = 1

    def __post_init__(self) -> None:
        fewest = min(self.strikes, self.near_strikes, self.far_strikes)
        if min(self.months, self.near, self.far) < 0 or fewest < 1:
            raise FamilyError("options", "months from 0 and strikes from 1", str(self))

    def strikes_of(self, ahead: int) -> int:
        """Strikes of a month so many after that of the day; none beyond the last."""
        if ahead >= self.months:
            return self.far_strikes if ahead < self.far else 0
        return self.near_strikes if ahead < self.near else self.strikes


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
    against: str = ""
    """Name of the family whose index its bases take away; empty where it lists none."""
    correlation: float = 0.0
    """Of the moves of its index with those of the index taken away."""
    shares: str = ""
    """Name of another family that lists its index too, if one does."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Most blocks listed at a time of a product by name; of others, as many as its strip has."""
    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Blocks listed of a product by name, as its symbols are long; of others, all it has."""
    earlier: tuple[Family, ...] = ()
    """The same under earlier versions of its method: what a house begun under one keeps."""

    @property
    def against_index(self) -> str:
        """Name of the index taken away; empty where it lists no basis."""
        name: str = self.standards[0].terms["contract"].get("against_index", "")
        return name

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
        """What is listed of all that may be: within its months and counts, the middle strikes
        alone.
        """
        chosen: list[SeriesTerms] = []
        options: dict[tuple[Month, int], list[SeriesTerms]] = {}
        blocks: dict[str, set[Period]] = {}
        for terms in listing:
            if terms.months[-1].minus(Month.of(today)) >= self.months:
                continue
            unit = parse_symbol(terms.symbol).period.unit
            if unit.value not in self.blocks.get(terms.standard.product, (unit.value,)):
                continue
            if not terms.is_option:
                seen = blocks.setdefault(terms.standard.product, set())
                seen.add(parse_symbol(terms.symbol).period)
                if len(seen) <= self.counts.get(terms.standard.product, len(seen)):
                    chosen.append(terms)
            elif self.options.strikes_of(terms.months[0].minus(Month.of(today))):
                options.setdefault((terms.months[0], terms.kind), []).append(terms)
        for (month, _), ladder in options.items():
            ladder.sort(key=lambda t: t.strike_micro_dollars)
            many = self.options.strikes_of(month.minus(Month.of(today)))
            start = max(0, (len(ladder) - many) // 2)
            chosen += ladder[start : start + many]
        return chosen


_FIELDS: dict[str, type] = {
    "family": str, "group": int, "products": list, "method": int, "evidence": str,
    "begins": date, "months": int, "options": dict,
}  # fmt: skip
_BASIS_FIELDS: dict[str, type] = {"against": str, "correlation": float}
_MORE_FIELDS: dict[str, type] = {
    "place": str, "counts": dict, "blocks": dict, "earlier": list, **_BASIS_FIELDS,
}  # fmt: skip


def read_family(row: Mapping[str, Any]) -> Family:
    """A family of a row. Raises FamilyError."""
    kinds = _FIELDS | {name: kind for name, kind in _MORE_FIELDS.items() if name in row}
    if set(row) != set(kinds):
        raise FamilyError("family", ", ".join(sorted(kinds)), sorted(row))
    for name, kind in kinds.items():
        if type(row[name]) is not kind:
            raise FamilyError(name, kind.__name__, row[name])
    for name in ("group", "method", "months"):
        if not 1 <= row[name] <= 1_000:
            raise FamilyError(name, "1 to 1000", row[name])
    place = row.get("place", "")
    found = load_standards(row["family"], tuple(row["products"]))
    standards = tuple(s for s in found if not place or s.symbol_place == place)
    counts = row.get("counts", {})
    if not set(counts) <= {name.partition("/")[0] for name in row["products"]} or any(
        type(n) is not int or n < 1 for n in counts.values()
    ):
        raise FamilyError("counts", "1 or more of each of some of its products", counts)
    blocks = row.get("blocks", {})
    units = [unit.value for unit in Unit]
    if not set(blocks) <= {name.partition("/")[0] for name in row["products"]} or any(
        type(names) is not list or not names or not set(names) <= set(units)
        for names in blocks.values()
    ):
        raise FamilyError("blocks", f"of {', '.join(units)} for some of its products", blocks)
    basis = _check_standards(standards, place)
    if basis != (_BASIS_FIELDS.keys() <= set(row)) or basis != ("against" in row):
        expected = "against and correlation of a family of bases, and of no other"
        raise FamilyError("against", expected, sorted(set(row) & set(_BASIS_FIELDS)))
    if not -1.0 <= row.get("correlation", 0.0) <= 1.0:
        raise FamilyError("correlation", "-1.0 to 1.0", row["correlation"])
    return Family(
        name=_name(standards),
        group=row["group"],
        standards=standards,
        method=method_of(standards[0].index, row["method"]),
        evidence=row["evidence"],
        begins=row["begins"],
        months=row["months"],
        options=OptionsListed(**row["options"]),
        against=row.get("against", ""),
        correlation=row.get("correlation", 0.0),
        counts=counts,
        blocks={name: tuple(of) for name, of in blocks.items()},
        earlier=tuple(_earlier(row, one) for one in row.get("earlier", ())),
    )


def _earlier(row: Mapping[str, Any], one: Any) -> Family:
    """A family as a row has it, under an earlier version and the standards of that time."""
    if not isinstance(one, dict) or not {"method", "products"} <= set(one):
        raise FamilyError("earlier", "method, products and what else differed", one)
    return read_family({**{k: v for k, v in row.items() if k != "earlier"}, **one})


def _check_standards(standards: Sequence[Standard], place: str) -> bool:
    """Whether a family's standards are bases. A house marks and margins by one curve a family: what
    has no model, and bases beside what is none, are refused.
    """
    indices = {(standard.index, _against(standard)) for standard in standards}
    if not standards:
        raise FamilyError("place", "one that its products name", place)
    if len(indices) != 1:
        raise FamilyError("products", "products on one index", sorted(i for i, _ in indices))
    for standard in standards:
        if standard.symbol_form not in PRICED:
            expected = "products that have a model"
            raise FamilyError("products", expected, standard.name)
    return bool(_against(standards[0]))


def _against(standard: Standard) -> str:
    name: str = standard.terms["contract"].get("against_index", "")
    return name


def _name(standards: Sequence[Standard]) -> str:
    """As its symbols begin: of bases with what they are against, of deliveries with their place."""
    standard = standards[0]
    if all(one.symbol_form is Form.FIRM and one.symbol_place for one in standards):
        return f"{standard.family}.F{standard.symbol_place}"
    if not _against(standard):
        return standard.family
    if standard.symbol_form is Form.LOCATION_BASIS:
        return f"{standard.family}.L{standard.symbol_place}"
    return f"{standard.family}.G{standard.against}"


@cache
def load_families(house: str = "demonstration") -> tuple[Family, ...]:
    """Families of a kind of house, from the shipped table; `wide` is the demonstration with the
    families beside it. Raises FamilyError.
    """
    path = resources.files("lasalle.institution") / "table" / "families.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = table.get(house, [])
    if house == WIDE:
        rows = table["demonstration"] + rows
    return families_of(map(read_family, rows))


def families_of(rows: Iterable[Family]) -> tuple[Family, ...]:
    """Families of one house, each told who lists its index too. Raises FamilyError."""
    found = tuple(rows)
    outright = {family.index: family.name for family in found if not family.against}
    for field_name, seen in (
        ("name", [family.name for family in found]),
        ("group", [family.group for family in found]),
        ("index", [family.index for family in found if not family.against]),
    ):
        if len(set(seen)) != len(seen):
            raise FamilyError(field_name, "another for each family", seen)
    by_index = {family.method.index: family.name for family in found if not family.against}
    for family in found:
        if family.against and by_index.get(family.against_index) != family.against:
            expected = f"a family of this house on {family.against_index}"
            raise FamilyError("against", expected, family.against)
    return tuple(
        replace(family, shares=outright.get(family.index, "")) if family.against else family
        for family in found
    )


def as_begun(
    families: Iterable[Family], fixings: Iterable[wire.FixingPublished]
) -> tuple[Family, ...]:
    """Families under the version of their method that stands on a log: what a house lists settles
    by the law it was listed under, and a later version of a method is for houses begun after it.

    fixings: those on the log, the last of each index last.
    """
    return under(families, versions_on(fixings))


def versions_on(fixings: Iterable[wire.FixingPublished]) -> dict[int, int]:
    """Version of the method by number of the index, as the last fixing of each bears it."""
    return {fixing.index: fixing.method for fixing in fixings}


def under(families: Iterable[Family], versions: Mapping[int, int]) -> tuple[Family, ...]:
    """Families under versions of their methods by number of the index, where those are known."""
    return tuple(
        next((e for e in f.earlier if e.method.version == versions.get(f.index)), f)
        for f in families
    )


def index_names() -> dict[int, str]:
    """Name of every index with a published method, by its number on the log."""
    return {method.number: method.index for method in published_methods().values()}

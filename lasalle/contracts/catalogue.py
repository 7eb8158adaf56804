"""The catalogue: every standard the house ships, read and checked as one, and what it lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from importlib import resources
from typing import Any

from lasalle.contracts.checks import check
from lasalle.contracts.periods import Unit
from lasalle.contracts.reading import (
    InWords,
    StandardFault,
    StandardFile,
    StandardWrong,
    judged,
)
from lasalle.contracts.sound import Known, Sound, sound
from lasalle.contracts.standard import ContractError, Standard, Strip
from lasalle.contracts.symbols import Form

FOLDERS = ("grades", "classes", "locations", "blocks", "calendars", "clauses", "products")
NAMED = frozenset(("kind", "id", "version"))
"""Fields by which other files name one."""
STRIP_PRODUCTS = ("month-future", "average-option/1", "average-swap")
"""Products of a family that a house lists by its forward curve, in the order of its numbers, where
none are named: of options the short ladder.
"""
LIST_FAMILY, LIST_PRODUCTS = "H100GC", ("list-future", "list-option", "list-swap")
"""What the training run is hedged with: contracts on the price list of one provider."""


@dataclass(frozen=True)
class Catalogue:
    """Standards by kind and reference, each file accepted beside the others."""

    files: Mapping[tuple[str, str], StandardFile]

    @property
    def products(self) -> tuple[StandardFile, ...]:
        """Every version of every product, by name."""
        return tuple(f for (kind, _), f in sorted(self.files.items()) if kind == "product")

    def latest(self, product: str) -> StandardFile:
        """The newest version of a product."""
        versions = [f for f in self.products if f.terms["id"] == product]
        if not versions:
            known = ", ".join(sorted({f.terms["id"] for f in self.products}))
            raise ContractError("product", f"one of {known}", product)
        return max(versions, key=lambda f: f.terms["version"])

    def product(self, reference: str) -> StandardFile:
        """A product by its name, newest version, or by name and version."""
        return self.find(reference) if "/" in reference else self.latest(reference)

    def find(self, reference: str) -> StandardFile:
        """A file by its name, newest version, or by name and version as `H100-SXM/1`."""
        name, _, version = reference.partition("/")
        found = [
            f
            for f in self.files.values()
            if f.terms["id"].lower() == name.lower() and version in ("", str(f.terms["version"]))
        ]
        if not found:
            names = {f.terms["id"]: None for f in self.files.values()}
            versions = [n for n in names if n.lower() == name.lower()]
            near = versions or get_close_matches(name, names, 3)
            told = f" (near: {', '.join(near)})" if near else "; lasalle contracts list has them"
            raise ContractError("standard", f"a standard of the catalogue{told}", reference)
        return max(found, key=lambda f: f.terms["version"])

    def standards(self, product: StandardFile) -> tuple[Standard, ...]:
        """The contracts a product states: one for each of its rows and locations."""
        return tuple(
            self._resolved(product, row, place)
            for row in product.terms["contract"]
            for place in row["locations"]
        )

    def every_standard(self) -> tuple[Standard, ...]:
        """The contracts of the newest version of every product."""
        names = sorted({f.terms["id"] for f in self.products})
        return tuple(s for name in names for s in self.standards(self.latest(name)))

    @cached_property
    def every_version(self) -> tuple[Standard, ...]:
        """The contracts of every version of every product."""
        return tuple(s for product in self.products for s in self.standards(product))

    def named(self, family: str, form: Form) -> tuple[Standard, ...]:
        """The contracts whose symbols begin with a family and are of a form."""
        return self._by_name.get((family, form), ())

    @cached_property
    def _by_name(self) -> dict[tuple[str, Form], tuple[Standard, ...]]:
        found: dict[tuple[str, Form], tuple[Standard, ...]] = {}
        for standard in self.every_standard():
            key = standard.family, standard.symbol_form
            found[key] = (*found.get(key, ()), standard)
        return found

    def _resolved(self, product: StandardFile, row: Mapping[str, Any], place: str) -> Standard:
        terms, listing = product.terms, product.terms["listing"]
        price, lot = terms["price"], terms["lot"]
        slice_kind = "grade" if ("grade", row["slice"]) in self.files else "class"
        slice_terms = self._terms(slice_kind, row["slice"])
        location = self._terms("location", place)
        blocks = {s["block"]: self._terms("block", s["block"]) for s in listing["strip"]}
        index = row["index"].replace("{location}", location["id"])
        whole = {
            "product": {name: value for name, value in terms.items() if name != "contract"},
            "contract": {**row, "locations": [place], "index": index},
            "slice": slice_terms,
            "location": location,
            "blocks": blocks,
            "calendar": self._terms("calendar", terms["calendar"]),
            "clauses": self._terms("clauses", terms["clauses"]),
        }
        against = ""
        if "against" in row:
            basis = terms["form"] == "location_basis"
            kind, name = ("location", "place") if basis else ("grade", "family")
            whole["against"] = self._terms(kind, row["against"])
            against = whole["against"][name]
        return Standard(
            product=terms["id"],
            version=terms["version"],
            form=terms["form"],
            family=slice_terms["family"],
            place=location["place"],
            index=index,
            against=against,
            unit="GPU-hour" if slice_kind == "grade" else "million tokens",
            lot_size=lot["size"],
            lot_per_hour=lot["per"] == "hour",
            tick_micro_dollars=price["tick_micro_dollars"],
            par_micro_dollars=price["par_micro_dollars"],
            strips=tuple(_strip(s, blocks[s["block"]]) for s in listing["strip"]),
            strikes_per_ten_thousand=tuple(listing.get("strikes", ())),
            strike_step_micro_dollars=listing.get("strike_step_micro_dollars", 0),
            bounds_per_ten_thousand=tuple(
                (bound["floor"], bound["cap"]) for bound in listing.get("bounds", ())
            ),
            accelerators=tuple(row.get("accelerators", ())),
            days=tuple(row.get("days", ())),
            terms=whole,
        )

    def _terms(self, kind: str, reference: str) -> dict[str, Any]:
        return self.files[kind, reference].terms


def _strip(strip: Mapping[str, Any], block: Mapping[str, Any]) -> Strip:
    return Strip(
        unit=Unit(block["unit"]),
        peak=block["profile"] == "peak",
        first=strip["first"],
        count=strip["count"],
        months=block["months"],
        within_months=strip.get("within_months", 0),
    )


def read_catalogue(texts: Iterable[tuple[str, str]]) -> Catalogue:
    """A catalogue from (file name, text) pairs. Raises StandardWrong with every fault of all: a
    field the schema refuses leaves out the rules that ask for it, and no others.
    """
    faults: list[StandardFault] = []
    read: list[tuple[StandardFile, Sound]] = []
    known = Known()
    for name, text in texts:
        file, found = judged(text, name)
        faults += found
        if file is None or not (terms := sound(file.terms, found)).keys() >= NAMED:
            known.whole = False
            continue
        read.append((file, terms))
        known[file.kind, file.reference] = terms
    faults += _twice(read)
    faults += [fault for file, terms in read for fault in check(file, terms, known)]
    if faults:
        raise StandardWrong(faults)
    return Catalogue({(file.kind, file.reference): file for file, _ in read})


def _twice(read: Iterable[tuple[StandardFile, Sound]]) -> Iterator[StandardFault]:
    """Names and versions given twice, and symbols that would name two things."""
    seen: Counter[tuple[str, ...]] = Counter()
    for file, terms in read:
        names: list[tuple[str, ...]] = [("id", file.kind, file.reference)]
        for kind, field in (("grade", "family"), ("class", "family"), ("location", "place")):
            if file.kind == kind and not {field} & terms.refused:
                shared = "slice" if field == "family" else "place"
                names.append((field, shared, terms[field], str(terms["version"])))
        for field, *name in names:
            seen[tuple(name)] += 1
            if seen[tuple(name)] > 1:
                twice = InWords(f"{'/'.join(name[1:])} again")
                yield file.fault((field,), "a name given once", twice)


def shipped_texts() -> Iterator[tuple[str, str]]:
    """(file name, text) of every standard in the package."""
    root = resources.files("lasalle.contracts") / "standards"
    for folder in FOLDERS:
        for file in sorted((root / folder).iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml"):
                yield f"{folder}/{file.name}", file.read_text(encoding="utf-8")


@cache
def load_catalogue() -> Catalogue:
    """The catalogue shipped with the house."""
    return read_catalogue(shipped_texts())


@cache
def load_standards(
    family: str = "H100", products: tuple[str, ...] = STRIP_PRODUCTS, place: str = ""
) -> tuple[Standard, ...]:
    """Contracts of a family, product by product: the newest version, or the one named as
    `average-option/1`; in one place, or in each it is listed for.
    """
    catalogue = load_catalogue()
    found = tuple(
        standard
        for product in products
        for standard in catalogue.standards(catalogue.product(product))
        if standard.family == family and place in ("", standard.place)
    )
    if not found:
        raise ContractError("family", "a family of these products", family)
    return found

"""The verb `lasalle contracts`: list, show, validate, render and diff the contract standards."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lasalle.contracts import (
    Form,
    Standard,
    StandardWrong,
    Symbol,
    find_terms,
    listed_symbols,
    load_catalogue,
    month_strip,
    parse_symbol,
    read_catalogue,
    read_standard,
)
from lasalle.contracts.catalogue import shipped_texts
from lasalle.contracts.difference import differences, stated
from lasalle.contracts.reading import StandardFile, judged
from lasalle.contracts.rendering import chapter, html, pdf
from lasalle.contracts.sheet import Section, term_sheet, usd
from lasalle.institution.ctd import cheapest_to_deliver
from lasalle.institution.index_terms import index_section
from lasalle.institution.telling import counted

MONTHS_AHEAD = 60
"""Months for which a forward typed by hand stands."""


def run(args: Any) -> int:
    """Carries out what was asked; 1 where a standard is refused."""
    verbs: dict[str, Callable[[Any], int]] = {
        "list": _list,
        "show": _show,
        "validate": _validate,
        "render": _render,
        "diff": _diff,
        "ctd": cheapest_to_deliver,
    }
    return verbs[args.what](args)


def _chosen(product: str, family: str, place: str) -> tuple[Standard, ...]:
    """Contracts of a product, of a family and in a place where these are given."""
    catalogue = load_catalogue()
    found = tuple(
        standard
        for standard in catalogue.standards(catalogue.find(product))
        if family in ("", standard.family) and place in ("", standard.place)
    )
    if not found:
        raise ValueError(f"expected a family and place {product} is listed for, found none such")
    return found


def _list(args: Any) -> int:
    if args.product:
        return _list_series(args)
    catalogue = load_catalogue()
    for product in catalogue.products:
        rows = catalogue.standards(product)
        families = ", ".join(dict.fromkeys(row.family for row in rows))
        settled = "delivery" if rows[0].delivers else "cash"
        print(f"{product.reference:<32} {len(rows):>3} contracts  {settled:<9} {families}")
    others = [file for file in catalogue.files.values() if file.kind != "product"]
    for file in sorted(others, key=lambda file: (file.kind, file.reference)):
        print(f"{file.reference:<32} {file.kind:<13} {file.terms['title']}")
    return 0


def _list_series(args: Any) -> int:
    if not re.fullmatch(r"\d{1,2}(\.\d{1,6})?", args.forward):
        raise ValueError(f"--forward: expected USD per unit, as 2.50, found {args.forward}")
    day = args.day or datetime.now(UTC).date()
    price = int(Decimal(args.forward) * 1_000_000)
    forward = dict.fromkeys(month_strip(day, MONTHS_AHEAD), price)
    for standard in _chosen(args.product, args.family, args.place):
        for symbol in listed_symbols(standard, day, forward):
            print(symbol)
    return 0


LIKE_SYMBOL = re.compile(r"\w+(\.\w*)?-\d.*", re.ASCII)
"""Begins as symbols do: a family, a form or none, and a period."""


def _symbol(text: str) -> Symbol | None:
    """What a symbol names, or None for the name of a standard. Raises SymbolError, with the part at
    fault, for what begins as a symbol does and is none.
    """
    names = {file.terms["id"].lower() for file in load_catalogue().files.values()}
    if text.partition("/")[0].lower() in names or not LIKE_SYMBOL.fullmatch(text):
        return None
    return parse_symbol(text)


def _show(args: Any) -> int:
    symbol = _symbol(args.name)
    if symbol is not None:
        terms = find_terms(symbol)
        ends = datetime.fromtimestamp(terms.last_trading_time // 10**9, UTC)
        print(f"{terms.symbol}: {terms.kind.name.lower()} of {terms.standard.name}")
        # A lot of variance is so many dollars for each unit of variance, and carries no hours.
        unit = "variance unit" if symbol.form is Form.VARIANCE else terms.standard.unit
        print(f"units per lot {terms.hours_per_lot:,} {unit}s".replace("nss", "ns"))
        print(f"last trading {ends:%Y-%m-%d %H:%M} UTC")
        if terms.is_option:
            print(f"strike {usd(terms.strike_micro_dollars)} USD")
        standards: tuple[Standard, ...] = (terms.standard,)
    else:
        file = load_catalogue().find(args.name)
        if args.toml:
            _write(args.toml, dict(shipped_texts())[file.file].encode())
            return 0
        if file.kind != "product":
            return _show_file(file)
        standards = _chosen(file.reference, args.family, args.place)
        if len(standards) > 1 and not args.json:
            others = sorted({(s.family, s.place) for s in standards})
            listed = ", ".join(f"{family} {place}" for family, place in others)
            print(f"{file.reference} is listed for {listed}; the first is shown, choose others by")
            print("--family and --place")
            standards = standards[:1]
    for standard in standards:
        if args.json:
            print(standard.canonical)
        else:
            _print_standard(standard)
    return 0


def _print_standard(standard: Standard) -> None:
    sheet = term_sheet(standard, index_section(standard))
    print(f"\n{sheet.title}\n{sheet.subtitle}")
    for section in (*sheet.front, *sheet.back):
        _print_section(section)
    print(f"\n{sheet.footer}")


def _print_section(section: Section) -> None:
    print(f"\n{section.heading}")
    for label, text in section.rows:
        print(f"  {label:<16} {text}")


def _show_file(file: StandardFile) -> int:
    print(f"{file.reference}: {file.terms['title']}")
    for field, value in sorted(stated(file.terms)):
        print(f"  {field:<40} {value}")
    return 0


def _validate(args: Any) -> int:
    """Files of one's own stand beside those of the house, or instead of one of the same name."""
    own = [(str(path), _text(path)) for path in dict.fromkeys(args.files)]
    replaced = {_name_of(text, name) for name, text in own}
    shipped = [one for one in shipped_texts() if _name_of(one[1], one[0]) not in replaced]
    try:
        read_catalogue([*shipped, *own])
    except StandardWrong as error:
        print(error, file=sys.stderr)
        print(counted(len(error.faults), "fault"), file=sys.stderr)
        return 1
    for name, text in own:
        file = read_standard(text, name)
        print(f"{file.file}: {file.kind} {file.reference} is sound")
    return 0


def _name_of(text: str, name: str) -> tuple[str, ...]:
    """Kind, name and version of a file, however much else of it is wrong."""
    file, _ = judged(text, name)
    stated = file.terms if file is not None else {}
    return tuple(repr(stated.get(field, name)) for field in ("kind", "id", "version"))


def _text(path: Path) -> str:
    """What a file says; one that is no text is refused by its name."""
    if path.is_dir():
        raise ValueError(f"{path}: expected a TOML file, found a folder")
    if not path.exists():
        raise ValueError(f"{path}: expected a TOML file, found nothing there")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected text in UTF-8, found {error.reason}") from error


def _render(args: Any) -> int:
    catalogue = load_catalogue()
    names = [file.reference for file in catalogue.products] if args.name == "all" else [args.name]
    products = [catalogue.find(name) for name in names]
    for product in products:
        if product.kind != "product":
            raise ValueError(f"name: expected a product or all, found {product.kind} {args.name}")
    args.dir.mkdir(parents=True, exist_ok=True)
    for product in products:
        first, *_ = _chosen(product.reference, args.family, args.place)
        stem = f"{product.terms['id']}.{product.terms['version']}"
        _write(args.dir / f"{stem}.md", chapter(catalogue, product, index_section).encode())
        if args.chapters:
            continue
        path = args.dir / f"{stem}.{first.family}.{first.place}"
        sheet = term_sheet(first, index_section(first))
        _write(path.with_name(path.name + ".html"), html(sheet).encode())
        _write(path.with_name(path.name + ".pdf"), pdf(sheet))
    return 0


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    print(path)


def _diff(args: Any) -> int:
    found = differences(*(_whole(_read(name)) for name in (args.before, args.after)))
    for row in found:
        print(f"{row.what} {row.field}")
        for sign, said in (("-", row.before), ("+", row.after)):
            if said is not None:
                print(f"  {sign} {said}")
    if not found:
        print(f"{args.before} and {args.after} say the same")
    return 0


def _whole(file: StandardFile) -> dict[str, Any]:
    """Terms of a file; of a product, with those of the clauses it names, for they are its own."""
    named = load_catalogue().files.get(("clauses", str(file.terms.get("clauses"))))
    if file.kind != "product" or named is None:
        return file.terms
    kept = ("meter", "tolerance", "failure", "remedy", "force_majeure")
    return {**file.terms, **{name: named.terms[name] for name in kept}}


def _read(name: str) -> StandardFile:
    """A TOML file where the name ends so, else a standard of the catalogue."""
    if name.endswith(".toml"):
        return read_standard(_text(Path(name)), name)
    return load_catalogue().find(name)

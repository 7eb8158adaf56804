"""A supplier's file: read from TOML and refused by field, its one form and its digest (CRD-001)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from lasalle.contracts import parse_toml
from lasalle.credit.model import CreditError, Machines, SupplierFile, hours_of

MOST_BYTES = 1_000_000
COVENANTS = {
    "most_leverage": "debt over what its fleet and cash are worth",
    "least_coverage": "earnings over interest",
    "least_liquidity_months": "cash over fixed costs of a month",
    "most_encumbered": "share of what the fleet is worth that secures debt",
    "most_short_cover": "share of what is sold that no verified machine can deliver",
}
"""Covenants a file may promise, and what each is of."""
WRONG = re.compile(r"^(?P<said>.*?)(?: - at `(?P<path>\$[^`]*)`)?$", re.S)
FIELD = re.compile(r"(?:missing required|unknown) field `(\w+)`")
STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


def read_supplier(text: str) -> SupplierFile:
    """A file as its supplier or the desk writes it. Raises CreditError with every fault of what the
    shape cannot say, each in a line."""
    if len(text.encode()) > MOST_BYTES:
        raise CreditError(f"file: expected at most {MOST_BYTES} bytes, found more (CRD-001)")
    try:
        rows = parse_toml(text)
    except ValueError as error:
        raise CreditError(f"file: expected TOML, found {error} (CRD-001)") from error
    try:
        made = msgspec.convert(rows, SupplierFile)
    except msgspec.ValidationError as error:
        raise CreditError(_misfit(str(error), rows)) from None
    faults = [
        f"{field}: expected {want}, found {got} (CRD-001)" for field, want, got in wrong(made)
    ]
    if faults:
        raise CreditError("\n".join(faults))
    return made


def _misfit(said: str, rows: Any) -> str:
    found = WRONG.match(said)
    path = (found and found["path"]) or "$"
    value = rows
    for name, place in STEP.findall(path):
        try:
            value = value[int(place)] if place else value[name]
        except (KeyError, IndexError, TypeError):
            value = "nothing"
            break
    words = (found["said"] if found else said).rstrip(".")
    inner, at = FIELD.search(words), path[2:]
    if inner is not None:
        name = f"{at}.{inner[1]}" if at else inner[1]
        expected = "a value, found nothing" if "missing" in words else "no such field, found one"
        return f"{name}: expected {expected} (CRD-001)"
    expected = words.removeprefix("Expected ")
    shown = f", found {value!r}" if path != "$" and not isinstance(value, (dict, list)) else ""
    return f"{path[2:] or 'file'}: expected {expected}{shown} (CRD-001)"


def wrong(one: SupplierFile) -> Iterator[tuple[str, str, object]]:
    """What a file says that cannot be: field, expected, found."""
    latest = f"{one.as_of:%Y-%m}"
    if one.since > latest:
        yield "since", f"a month up to {latest}", one.since
    for n, m in enumerate(one.fleet):
        yield from _wrong_machines(f"fleet[{n}]", m, latest)
    record, money = one.record, one.financials
    if record.delivered_hours > record.promised_hours:
        yield "record.delivered_hours", f"at most {record.promised_hours}", record.delivered_hours
    if record.below_grade_hours > record.delivered_hours:
        most = f"at most {record.delivered_hours}"
        yield "record.below_grade_hours", most, record.below_grade_hours
    if money.as_of > one.as_of:
        yield "financials.as_of", f"a date up to {one.as_of}", money.as_of
    if bool(money.market_equity_usd) != bool(money.equity_volatility):
        expected = "a value and a volatility of equity, or neither"
        yield "financials.equity_volatility", expected, money.equity_volatility
    if money.interest_usd and not (money.debt_due_usd or money.debt_later_usd):
        yield "financials.interest_usd", "0 without debt", money.interest_usd
    yield from _wrong_pledges(one)
    known: set[str] = set()
    references = one.collateral.references()
    for n, (letter, reference) in enumerate(zip(one.collateral.letters, references, strict=True)):
        if reference in known:
            yield f"collateral.letters[{n}].reference", "one no other letter has", reference
        known.add(reference)
        if letter.drawn_usd > letter.amount_usd:
            amount = f"at most {letter.amount_usd}"
            yield f"collateral.letters[{n}].drawn_usd", amount, letter.drawn_usd
    for n, sold in enumerate(one.sold):
        whole = sold.accelerators * hours_of(sold.month)
        if sold.hours > whole:
            yield f"sold[{n}].hours", f"at most the {whole} of the month", sold.hours
    for name, limit in one.covenants.items():
        if name not in COVENANTS:
            yield "covenants", f"some of {', '.join(COVENANTS)}", name
        elif not 0 <= limit <= 1_000:
            yield f"covenants.{name}", "0 to 1000", limit


def _wrong_machines(field: str, m: Machines, latest: str) -> Iterator[tuple[str, str, object]]:
    if m.vintage > latest:
        yield f"{field}.vintage", f"a month up to {latest}", m.vintage
    if m.verified > m.accelerators:
        yield f"{field}.verified", f"at most {m.accelerators}", m.verified
    if m.verified and m.reclaimable:
        yield f"{field}.verified", "0 for machines that may be taken back (CRD-022)", m.verified
    if m.verified and m.verified_until is None:
        yield f"{field}.verified_until", "a date for what is verified", "nothing"


def _wrong_pledges(one: SupplierFile) -> Iterator[tuple[str, str, object]]:
    """Pledges of more machines than there are, of what somebody may take back, and first liens on
    what secures a debt."""
    pledged: dict[tuple[str, str, str], int] = {}
    first: dict[tuple[str, str, str], int] = {}
    for n, h in enumerate(one.collateral.hardware):
        key = (h.grade, h.vintage, h.place)
        rows = [m for m in one.fleet if (m.grade, m.vintage, m.place) == key]
        many = pledged[key] = pledged.get(key, 0) + h.accelerators
        own = sum(m.accelerators for m in rows)
        kept = sum(m.accelerators for m in rows if not m.reclaimable)
        named, field = " ".join(key), f"collateral.hardware[{n}].accelerators"
        if many > own:
            yield field, f"at most the {own} of {named} in the fleet", many
        elif many > kept:
            yield field, f"at most the {kept} of {named} that nobody may take back (CRD-022)", many
        if not h.first_lien:
            continue
        many = first[key] = first.get(key, 0) + h.accelerators
        free = sum(m.accelerators for m in rows if not m.reclaimable and not m.encumbered_usd)
        if free < many <= kept:
            yield field, f"at most the {free} of {named} that secure no debt (CRD-011)", many


def canonical(one: SupplierFile) -> bytes:
    """Its one form: JSON with keys in order."""
    return msgspec.json.encode(one, order="sorted")


def digest(one: SupplierFile) -> str:
    """SHA-256 of its one form, hexadecimal."""
    return sha256(canonical(one)).hexdigest()


def of_canonical(content: bytes) -> SupplierFile:
    """A file from its one form. Raises CreditError."""
    try:
        return msgspec.json.decode(content, type=SupplierFile)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise CreditError(f"file: {error} (CRD-001)") from error

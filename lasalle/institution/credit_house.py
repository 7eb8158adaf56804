"""The suppliers of a house judged: files from its record, prices and positions from its views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path

from msgspec.structs import replace

from lasalle.contracts import Form, SymbolError, Unit, numbered_day, parse_symbol
from lasalle.credit.market import market_of
from lasalle.credit.model import CreditError, SupplierFile, month_number, number_month
from lasalle.credit.portfolio import Book, Judged, judge_all
from lasalle.credit.residual import load_curve
from lasalle.credit.supplier_file import read_supplier
from lasalle.credit.terms import load_scorecard, load_terms
from lasalle.credit.warning import Seen
from lasalle.institution.credit_sold import Views, sold_here
from lasalle.institution.credit_store import CreditStore
from lasalle.views import MarketView
from lasalle.wire import SeriesState

EXAMPLES = ("northern-halls", "plateau-compute", "sandbar-resale")
EXAMPLES_OF = date(2026, 11, 20)
RISE_DAYS = 10


def example_text(name: str) -> str:
    """The file of a made-up supplier. Raises CreditError."""
    if name not in EXAMPLES:
        raise CreditError(f"example: expected one of {', '.join(EXAMPLES)}, found {name}")
    path = resources.files("lasalle.credit") / "suppliers" / f"{name}.toml"
    return path.read_text(encoding="utf-8")


def book_of(marks: Mapping[str, int] | None = None) -> Book:
    """Terms, card and curve in force, and the market by some marks."""
    terms = load_terms()
    return Book(market_of(terms, marks), load_curve(), load_scorecard(), terms)


def marks_of(market: MarketView) -> dict[str, int]:
    """Marks of the nearest month future of each family, micro-dollars."""
    nearest: dict[str, tuple[int, int]] = {}
    # Copied at once: a served house goes on while a thread judges.
    for symbol, view in list(market.by_symbol.items()):
        try:
            named = parse_symbol(symbol)
        except SymbolError:
            continue
        month = named.form is Form.AVERAGE and named.period.unit is Unit.MONTH
        if not month or named.is_option or view.state == SeriesState.EXPIRED or view.mark <= 0:
            continue
        first = (view.terms.first_month, view.mark)
        nearest[named.family] = min(nearest.get(named.family, first), first)
    return {family: mark for family, (_, mark) in nearest.items()}


def as_it_stands(file: SupplierFile, day: date, views: Views | None) -> SupplierFile:
    """A file on a later day; what was sold here is read from the house where it has an account."""
    if file.account and views is not None and file.account in views.accounts.accounts:
        elsewhere = tuple(s for s in file.sold if s.elsewhere)
        file = replace(file, sold=(*elsewhere, *sold_here(views, file.account)))
    return replace(file, as_of=max(day, file.as_of))


def judge_house(
    store: CreditStore,
    now: int,
    views: Views | None = None,
    faults: dict[str, str] | None = None,
) -> tuple[Judged, ...]:
    """Every supplier on file as it stands at a time, nanoseconds UTC; faults as `judge_all` has
    them."""
    day = datetime.fromtimestamp(now // 10**9, UTC).date()
    held = store.held()
    files = [as_it_stands(one.file, day, views) for one in held.values()]
    seen = {
        name: Seen(one.heartbeats(now), one.grade_before(now), rises(views))
        for name, one in held.items()
    }
    book = book_of(marks_of(views.market) if views else None)
    return judge_all(files, book, seen, {name: one.line for name, one in held.items()}, faults)


def among(found: Sequence[Judged], supplier: str, faults: Mapping[str, str]) -> Judged:
    """One that is on file, of all as they were judged. Raises CreditError where it was not."""
    for one in found:
        if one.file.supplier == supplier:
            return one
    raise CreditError(f"{supplier} is not judged: {faults.get(supplier, 'filed meanwhile')}")


def rises(views: Views | None) -> dict[str, float]:
    """By how much prices rose in ten days, a share, by grade: the last fixing of each family's
    index over the lowest one of the ten days before it."""
    if views is None:
        return {}
    families = {}
    for symbol, view in list(views.market.by_symbol.items()):
        family, _, rest = symbol.partition("-")
        if "." not in family and rest:
            families[view.terms.index] = family
    by_index: dict[int, list[tuple[date, int]]] = {}
    for one in list(views.market.fixings):
        day = numbered_day(one.day)
        if one.price > 0 and day is not None:
            by_index.setdefault(one.index, []).append((day, one.price))
    found: dict[str, float] = {}
    for index, rows in by_index.items():
        last, price = max(rows)
        before = [p for day, p in rows if 0 < (last - day).days <= RISE_DAYS]
        if index in families and before:
            found[families[index]] = price / min(before) - 1
    return found


def shifted(file: SupplierFile, day: date) -> SupplierFile:
    """A made-up file told as of another day: every date moved by as many months, so that what it
    sells lies ahead."""
    months = (day.year - EXAMPLES_OF.year) * 12 + day.month - EXAMPLES_OF.month

    def moved(one: date) -> date:
        at = one.year * 12 + one.month - 1 + months
        return date(at // 12, at % 12 + 1, min(one.day, 28))

    def month(text: str) -> str:
        return number_month(month_number(text) + months)

    fleet = tuple(
        replace(m, vintage=month(m.vintage),
                verified_until=moved(m.verified_until) if m.verified_until else None)
        for m in file.fleet
    )  # fmt: skip
    held = file.collateral
    letters = tuple(replace(x, expires=moved(x.expires)) for x in held.letters)
    hardware = tuple(replace(x, vintage=month(x.vintage)) for x in held.hardware)
    return replace(
        file,
        as_of=day,
        since=month(file.since),
        fleet=fleet,
        financials=replace(file.financials, as_of=moved(file.financials.as_of)),
        sold=tuple(replace(s, month=month(s.month)) for s in file.sold),
        collateral=replace(held, letters=letters, hardware=hardware),
    )


def file_examples(folder: Path, by: int, now: int) -> None:
    """Files the made-up suppliers in a demonstration that has none."""
    store = CreditStore(folder)
    if store.rows():
        return
    day = datetime.fromtimestamp(now // 10**9, UTC).date()
    for name in EXAMPLES:
        store.file(shifted(read_supplier(example_text(name)), day), by, now)

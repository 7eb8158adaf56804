"""What the desks believe on a business day, family by family: the maker's curve, the series that
should be listed, their marks; and one margin table of them all. Data in, data out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lasalle.clearing import Listed, MarginTable, family_table, load_margin_terms
from lasalle.contracts import (
    Form,
    Month,
    SeriesTerms,
    month_strip,
    months_ahead,
    numbered_day,
    series_listing,
)
from lasalle.indices import Dated, Fixing, NoFix
from lasalle.institution.families import Family
from lasalle.making import Against, fair_marks
from lasalle.pricing import CurveModel, block_of, fit, month_curve

NOT_PUBLISHED = "not_published"
"""Why a date has no fixing that no evidence and no desk told of."""


@dataclass(frozen=True)
class FamilyEstimate:
    """Beliefs of one family; `marks` are micro-dollars per unit by symbol."""

    family: Family
    model: CurveModel
    prices: Mapping[date, int]
    listing: tuple[SeriesTerms, ...]
    marks: Mapping[str, int]
    against: Against | None = None


@dataclass(frozen=True)
class Estimate:
    """Beliefs after a business day, for the day that follows it."""

    day: date
    families: tuple[FamilyEstimate, ...]
    table: MarginTable

    @property
    def value_day(self) -> date:
        """The date for which the marks hold."""
        return self.day + timedelta(days=1)

    @property
    def marks(self) -> dict[str, int]:
        """Marks of every family, micro-dollars per unit by symbol."""
        return {symbol: mark for made in self.families for symbol, mark in made.marks.items()}


def by_day(dated: Iterable[Dated], before: date) -> dict[date, int]:
    """Prices of every date from the first fixing to the last before a date: a date without a fix
    is believed to be as the last one that has.
    """
    known = {
        one.day: one.price_micro_dollars
        for one in dated
        if isinstance(one, Fixing) and one.day < before
    }
    found: dict[date, int] = {}
    day, price = min(known, default=before), 0
    while day < before:
        price = found[day] = known.get(day, price)
        day += timedelta(days=1)
    return found


def as_published(
    dated: Iterable[Dated], published: Mapping[int, int | None], until: date, method: int
) -> list[Dated]:
    """Every date of an index from its first to a last one, as it stands on the log: what was
    published is never revised, and a date nobody told of has no fixing.

    published: micro-dollars by YYYYMMDD, None for a date that stands there without a fixing.
    """
    known = {one.day: one for one in dated}
    on_log = {numbered_day(number): price for number, price in published.items()}
    day = min([*known, *on_log], default=until + timedelta(days=1))
    found: list[Dated] = []
    while day <= until:
        one = known.get(day) or NoFix(day, NOT_PUBLISHED, method, "")
        found.append(_as_told(one, on_log[day], method) if day in on_log else one)
        day += timedelta(days=1)
    return found


def _as_told(one: Dated, price: int | None, method: int) -> Dated:
    if price is None:
        return NoFix(one.day, NOT_PUBLISHED, method, "") if isinstance(one, Fixing) else one
    if isinstance(one, Fixing):
        return replace(one, price_micro_dollars=price)
    return Fixing(one.day, price, (), one.day, False, False, one.method_version, one.input_sha256)


def estimate(
    day: date, fixings: Sequence[tuple[Family, Sequence[Dated]]], listed: Sequence[str], now: int
) -> Estimate:
    """Beliefs after a day from fixings up to it; `listed` are the symbols that live on, by number.
    What no longer trades by `now`, nanoseconds UTC, is not listed any more.
    """
    made = believed(day, fixings, listed, now)
    rows = listed_of(made)
    marks = {symbol: mark for m in made for symbol, mark in m.marks.items()}
    table = family_table(rows, day + timedelta(days=1), marks, load_margin_terms())
    return Estimate(day, made, table)


def believed(
    day: date, fixings: Sequence[tuple[Family, Sequence[Dated]]], listed: Sequence[str], now: int
) -> tuple[FamilyEstimate, ...]:
    """The curve, listing and marks of each family, as `estimate` has them, without a table."""
    value_day = day + timedelta(days=1)
    seen = {family.name: _seen(by_day(known, value_day)) for family, known in fixings}
    return tuple(
        _family(value_day, family, seen[family.name], _against(family, seen), listed, now)
        for family, _ in fixings
    )


def _seen(known: dict[date, int]) -> tuple[CurveModel, dict[date, int]]:
    return fit(sorted(known.items())), known


def _against(
    family: Family, seen: Mapping[str, tuple[CurveModel, dict[date, int]]]
) -> Against | None:
    if not family.against:
        return None
    model, known = seen[family.against]
    return Against(family.against_index, model, known, family.correlation)


def listed_of(made: Iterable[FamilyEstimate]) -> list[Listed]:
    """Families as the margin table takes them."""
    return [
        Listed(
            m.family.name, m.family.group, m.model, sorted(m.prices.items()), m.listing,
            m.family.against, m.family.correlation, m.family.shares,
        )
        for m in made
    ]  # fmt: skip


def _family(
    value_day: date,
    family: Family,
    seen: tuple[CurveModel, dict[date, int]],
    against: Against | None,
    listed: Sequence[str],
    now: int,
) -> FamilyEstimate:
    model, known = seen
    standards = family.standards
    months = month_strip(value_day, months_ahead(standards))
    curve = month_curve(model, known, months)
    tick = standards[0].tick_micro_dollars
    forward = {m: max(tick, round(curve[m].value * 1e6)) for m in months}
    kept = [t for t in family.terms(listed) if t.months[-1] >= Month.of(value_day)]
    wanted = family.shortened(series_listing(standards, value_day, forward), value_day)
    fresh = [t for t in wanted if t.last_trading_time > now and not _stands(t, kept)]
    listing = (*kept, *fresh)
    marks = fair_marks(model, known, value_day, listing, against)
    return FamilyEstimate(family, model, known, listing, marks, against)


def _stands(terms: SeriesTerms, kept: Sequence[SeriesTerms]) -> bool:
    """Whether a series is listed already: floors and caps of a week are set once, when it is."""
    if terms.standard.symbol_form is not Form.BOUNDED:
        return any(terms.symbol == one.symbol for one in kept)
    return any(
        one.standard.symbol_form is Form.BOUNDED and block_of(one) == block_of(terms)
        for one in kept
    )

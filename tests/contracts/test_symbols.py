"""Symbols say the terms of a series and parse back without loss."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lasalle.contracts import (
    Form,
    Month,
    Period,
    PeriodError,
    SeriesKind,
    Symbol,
    SymbolError,
    Unit,
    find_terms,
    listed_symbols,
    load_catalogue,
    month_period,
    month_strip,
    parse_period,
    parse_symbol,
    symbols,
)
from lasalle.contracts.periods import months_period, period_of

months = st.builds(Month, st.integers(2000, 2990), st.integers(1, 12))
days = st.dates(date(2000, 1, 3), date(2999, 12, 20))
amounts = st.integers(1, 9_999_999).map(lambda mils: mils * 1_000)
# How fast examples are drawn says how busy the machine is, and nothing of the symbols.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
UNRESERVED = r"[A-Za-z0-9._~-]{1,32}"  # RFC 3986, 2.3; text32 of the schema


@st.composite
def any_symbol(draw: st.DrawFn) -> Symbol:
    """A symbol of any form, of families and places of usual length."""
    form = draw(st.sampled_from(Form))
    family, place = draw(st.sampled_from(["H100", "A100", "TSTD"])), ""
    kind, strike, more = SeriesKind.FUTURE, 0, {}
    unit = draw(st.sampled_from(symbols.PERIODS[form]))
    first = draw(months)
    if unit is Unit.MONTHS:
        kind = SeriesKind.SWAP
        period = months_period(first, first.plus(draw(st.integers(1, 24))), unit)
    elif unit is Unit.HOUR:
        day = draw(days)
        period = Period(day, day, unit, draw(st.integers(0, 23)))
    else:
        period = period_of(unit, draw(days))
    if form is Form.AVERAGE and unit is Unit.MONTH:
        kind = draw(st.sampled_from([SeriesKind.FUTURE, SeriesKind.CALL, SeriesKind.PUT]))
    if form in (Form.LOCATION_BASIS, Form.CAPACITY_CALL, Form.FLEXIBLE_START):
        place = draw(st.from_regex(r"[A-Z]{2}", fullmatch=True))
    if form in (Form.FIRM, Form.CONTINGENT) and draw(st.booleans()):
        place = draw(st.from_regex(r"[A-Z]{2}", fullmatch=True))
        more["peak"] = unit is not Unit.HOUR and draw(st.booleans())
    if form is Form.GRADE_BASIS:
        more["against"] = draw(st.sampled_from(["B200", "AP", "TP2"]))
    if form in (Form.CAPACITY_CALL, Form.FLEXIBLE_START):
        kind, more["accelerators"] = SeriesKind.CALL, draw(st.integers(1, 4_096))
    if form is Form.FLEXIBLE_START:
        more["days"] = draw(st.integers(1, 99))
    if kind in (SeriesKind.CALL, SeriesKind.PUT):
        strike = draw(st.integers(1, 99_999)) * 1_000
    if form is Form.BOUNDED:
        floor = draw(st.integers(0, 9_000)) * 1_000
        more["floor_micro_dollars"] = floor
        more["cap_micro_dollars"] = floor + draw(st.integers(1, 9_000)) * 1_000
    return Symbol(family, kind, period, strike, form=form, place=place, **more)


@calm
@given(any_symbol())
def test_every_symbol_parses_back(symbol: Symbol) -> None:
    assert parse_symbol(str(symbol)) == symbol
    assert re.fullmatch(UNRESERVED, str(symbol))


@calm
@given(months, amounts)
def test_symbols_of_options_of_months_keep_their_names(month: Month, strike: int) -> None:
    dollars, mils = strike // 10**6, strike // 1_000 % 1_000
    symbol = Symbol("H100", SeriesKind.CALL, month_period(month), strike)
    assert str(symbol) == f"H100-{month}-C-{dollars}.{mils:03d}"


NEAR_SYMBOLS = (
    r"[A-Z0-9]{1,5}(\.[LGVWDFUKX][A-Z]{0,3}[0-9]{0,3}(D[0-9]{1,2})?)?"
    r"-20[0-9]{2}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2})?)?|Q[0-9]|W[0-9]{2})"
    r"(-[CP]-[0-9]{1,3}\.[0-9]{2,4}|-[0-9]\.[0-9]{3}_[0-9]\.[0-9]{3})?"
)


@calm
@given(st.from_regex(NEAR_SYMBOLS, fullmatch=True))
def test_what_parses_writes_back_to_the_same_text(text: str) -> None:
    try:
        symbol = parse_symbol(text)
    except SymbolError:
        return
    assert str(symbol) == text


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("H100-2026-13", "first_month"),
        ("H100-2026-03-C-2.5", "strike"),
        ("H100-2026-03-C-02.500", "strike"),
        ("H100-2026-03-C-0.000", "strike"),
        ("H100-2026-06_2026-04", "last_month"),
        ("H100-2026-06_2026-06", "last_month"),
        ("h100-2026-06", "family"),
        ("H100-2026-03\n", "period"),
        ("H100-2026Q5", "period"),
        ("H100-2026Q2-C-2.500", "kind"),
        ("H100-2026-02-30", "period"),
        ("H100.FUE-2026-02-30", "period"),
        ("H100.FUE-2026-02-28T24", "period"),
        ("H100.FUEP-2026-02-28T12", "peak"),
        ("H100.FP-2026-02", "form"),
        ("H100.W-2026W54-1.000_2.000", "period"),
        ("H100.W-2026W10-2.000_2.000", "cap"),
        ("H100.W-2026W10", "cap"),
        ("H100.V-2026W10", "period"),
        ("H100.V-2026-03-C-2.500", "kind"),
        ("H100.LUE-2026-03_2026-05", "period"),
        ("H100.GH100-2026-03", "against"),
        ("H100.KUE64-2026-03", "kind"),
        ("H100.KUE64-2026-03-P-2.000", "kind"),
        ("H100.XUE64D28-2026-03-C-2.000", "period"),
        ("H100.XUE1024D28-2026Q2-C-12.0000", "strike"),
    ],
)
def test_a_wrong_symbol_is_refused_by_field(text: str, field: str) -> None:
    with pytest.raises(SymbolError) as refused:
        parse_symbol(text)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "field", "found"),
    [
        ("h100-2026-03", "family", "h100"),
        ("", "family", ""),
        ("H100.Z-2026-03", "form", "Z"),
        ("H100.-2026-03", "form", ""),
        ("H100", "period", ""),
        ("H100-2026-3", "period", "2026-3"),
        ("H100-2026-03X", "period", "X"),
        ("H100-2026-03-C-2.5", "strike", "2.5"),
        ("H100-2026-03-Q-2.500", "tail", "Q-2.500"),
        ("H100.W-2026W12-1_2", "cap", "1_2"),
        ("H100.W-2026W12-3.750_1.250", "cap", "3.750_1.250"),
        ("H100-2026-03-C-0.000", "strike", "0.000"),
    ],
)
def test_the_part_of_a_symbol_that_is_at_fault_is_named(text: str, field: str, found: str) -> None:
    with pytest.raises(SymbolError) as refused:
        parse_symbol(text)
    assert (refused.value.field, refused.value.found) == (field, found)
    assert refused.value.expected


def test_a_symbol_that_would_be_too_long_is_refused() -> None:
    with pytest.raises(SymbolError, match="at most 32 characters"):
        Symbol(
            "ABCD1234",
            SeriesKind.CALL,
            period_of(Unit.QUARTER, date(2026, 1, 1)),
            9_999_999_000,
            form=Form.FLEXIBLE_START,
            place="UE",
            accelerators=1024,
            days=28,
        )


@calm
@given(days, st.sampled_from([u for u in Unit if u is not Unit.MONTHS]), st.integers(-30, 30))
def test_blocks_follow_each_other_without_gap(day: date, unit: Unit, count: int) -> None:
    period = period_of(unit, day)
    assert period.first_day <= day <= period.last_day
    assert parse_period(str(period)) == period
    if date(2010, 1, 1) < day < date(2990, 1, 1):
        assert period.plus(count).plus(-count) == period
        if unit is not Unit.HOUR:
            assert period.plus(1).first_day == period.last_day + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "base", "peak"),
    [("2026-03", 744, 264), ("2024-02", 696, 252), ("2026W12", 168, 60), ("2026-03-15", 24, 0)],
)
def test_hours_of_blocks(text: str, base: int, peak: int) -> None:
    assert (parse_period(text).hours(), parse_period(text).hours(peak=True)) == (base, peak)


def test_a_period_that_is_none_is_refused() -> None:
    for text in ("2026", "2026-3", "1999-12-31", "2026W53T", "2025W53", ""):
        with pytest.raises(PeriodError):
            parse_period(text)


@pytest.mark.slow
def test_every_series_of_a_year_of_listing_days_parses_back() -> None:
    """While the forward moves: one contract of every product on each seventh of 365 dates and about
    each turn of a month, every contract of every product, in every place, on the sixth day of each
    quarter.
    """
    seen: dict[str, Symbol] = {}
    reached: Counter[str] = Counter()
    standards, first = load_catalogue().every_standard(), date(2027, 1, 1)
    one_each = tuple({standard.product: standard for standard in standards}.values())
    for n in range(365):
        day = first + timedelta(days=n)
        if n % 7 and 3 < day.day < 28 and day.day != 6:
            continue
        forward = dict.fromkeys(month_strip(day, 40), 2_000_000 + 7_300 * n)
        for standard in standards if day.day == 6 and day.month % 3 == 1 else one_each:
            for symbol in listed_symbols(standard, day, forward):
                text = str(symbol)
                if text not in seen:
                    seen[text] = symbol
                    reached[standard.product] += 1
                assert seen[text] == symbol
    for text, symbol in seen.items():
        assert re.fullmatch(UNRESERVED, text)
        assert parse_symbol(text) == symbol
    assert {standard.product for standard in standards} == reached.keys()
    assert sum(reached.values()) > 40_000
    assert min(reached.values()) >= 13, "quarters and years of one contract alone"
    # Each names exactly one contract of the catalogue.
    for text, symbol in list(seen.items())[::29]:
        assert find_terms(symbol).symbol == text


def test_the_page_shows_the_grammar_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "docs/desks/contracts.md").read_text(encoding="utf-8")
    said = (symbols.__doc__ or "").splitlines()
    lines = [line.strip() for line in said if line.startswith("    ")]
    assert len(lines) == 18
    assert [line for line in lines if line not in page] == []
    shown = re.findall(r"^\| `(\S+-20\S+)` \|", page, re.MULTILINE)
    assert [str(parse_symbol(text)) for text in shown] == shown
    assert {parse_symbol(text).form for text in shown} == set(Form)

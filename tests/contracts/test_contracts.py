"""Month contracts: symbols parse back without loss, terms are whole, wrong fields are named."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasalle.contracts import (
    ContractError,
    Month,
    SeriesKind,
    Symbol,
    SymbolError,
    hours,
    last_trading_time,
    load_standard,
    month_strip,
    parse_standard,
    parse_symbol,
    series_listing,
    symbols,
)

months = st.builds(Month, st.integers(2000, 2990), st.integers(1, 12))


@pytest.mark.parametrize(
    "text",
    ["H100-2026-03", "H100-2026-03-C-2.500", "H100-2026-03-P-0.050", "H100-2026-04_2026-06"],
)
def test_symbols_of_the_family(text: str) -> None:
    assert str(parse_symbol(text)) == text


@given(months, st.sampled_from(list(SeriesKind)), st.integers(1, 9_999_999), st.integers(1, 24))
def test_every_symbol_parses_back(first: Month, kind: SeriesKind, mils: int, span: int) -> None:
    option = kind in (SeriesKind.CALL, SeriesKind.PUT)
    last = first.plus(span) if kind is SeriesKind.SWAP else first
    symbol = Symbol("H100", kind, first, last, mils * 1_000 if option else 0)
    assert parse_symbol(str(symbol)) == symbol
    assert re.fullmatch(
        r"[A-Za-z0-9._~-]{1,32}", str(symbol)
    )  # RFC 3986, 2.3; text32 of the schema


@given(
    st.from_regex(
        r"[A-Z0-9]{1,5}-20[0-9]{2}-[0-9]{2}(-[CP]-[0-9]{1,3}\.[0-9]{2,4})?", fullmatch=True
    )
)
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
        ("H100-2026-03-C-2.5", "symbol"),
        ("H100-2026-03-C-02.500", "symbol"),
        ("H100-2026-03-C-0.000", "strike"),
        ("H100-2026-06_2026-04", "last_month"),
        ("H100-2026-06_2026-06", "last_month"),
        ("h100-2026-06", "symbol"),
        ("H100-2026-03\n", "symbol"),
    ],
)
def test_a_wrong_symbol_is_refused_by_field(text: str, field: str) -> None:
    with pytest.raises(SymbolError) as refused:
        parse_symbol(text)
    assert refused.value.field == field


def test_hours_and_last_trading_time() -> None:
    assert [hours(Month(2024, m)) for m in (1, 2, 4)] == [744, 696, 720]
    assert hours(Month(2025, 2)) == 672
    midnight = datetime(2026, 4, 1, tzinfo=UTC)
    assert last_trading_time(Month(2026, 3)) == int(midnight.timestamp()) * 10**9


def test_the_listing_of_a_day() -> None:
    standard, day = load_standard(), date(2025, 4, 15)
    forward = dict.fromkeys(month_strip(day, 24), 2552879)
    listed = series_listing(standard, day, forward)
    count = {kind: sum(s.kind is kind for s in listed) for kind in SeriesKind}
    assert count == {
        SeriesKind.FUTURE: 24,
        SeriesKind.CALL: 108,
        SeriesKind.PUT: 108,
        SeriesKind.SWAP: 8,
    }
    assert len({s.symbol for s in listed}) == len(listed)
    by_name = {s.symbol: s for s in listed}
    assert by_name["H100-2026-04_2026-06"].hours_per_lot == (30 + 31 + 30) * 24
    assert by_name["H100-2026-04_2026-06"].open_hours(date(2026, 5, 1)) == (31 + 30) * 24
    strikes = [s.strike_micro_dollars for s in listed if s.symbol.startswith("H100-2025-06-C")]
    # 0.70, 0.85, 1, 1.1, 1.25, 1.5 times 2.552879, to the nearest 0.05.
    assert strikes == [1_800_000, 2_150_000, 2_550_000, 2_800_000, 3_200_000, 3_850_000]
    assert by_name["H100-2025-06-C-2.550"].underlying == "H100-2025-06"


def test_a_forward_that_is_missing_is_named() -> None:
    day, standard = date(2025, 4, 1), load_standard()
    forward = dict.fromkeys(month_strip(day, 23), 2000000)
    with pytest.raises(ContractError, match="2027-03"):
        series_listing(standard, day, forward)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("tick_micro_dollars = 1_000", "price.tick_micro_dollars"),
        ("lot_accelerators = 1", "unit.lot_accelerators"),
        ('currency = "USD"', "price.currency"),
        ("future_months = 24", "strip.future_months"),
    ],
)
def test_a_standard_with_a_wrong_field_is_refused_by_name(line: str, field: str) -> None:
    from importlib import resources

    text = (resources.files("lasalle.contracts") / "table/h100.toml").read_text()
    assert line in text
    for broken in (text.replace(line, ""), text.replace(line, line.split("=")[0] + "= 0")):
        with pytest.raises(ContractError) as refused:
            parse_standard(broken)
        assert refused.value.field == field


def test_the_page_shows_the_grammar_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "docs/desks/contracts.md").read_text(encoding="utf-8")
    said = symbols.__doc__ or ""
    lines = [line.strip() for line in said.splitlines() if " = " in line]
    assert len(lines) == 7
    assert [line for line in lines if line not in page] == []
    shown = re.findall(r"^\| `(\S+)` \|", page, re.MULTILINE)
    assert [str(parse_symbol(text)) for text in shown] == shown
    assert len(shown) == 3

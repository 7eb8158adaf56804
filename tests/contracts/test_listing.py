"""Which series are open on a day, and on what terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lasalle.contracts import (
    ContractError,
    Month,
    SeriesKind,
    check_listable,
    find_standard,
    find_terms,
    hours,
    last_trading_time,
    load_catalogue,
    load_standards,
    month_strip,
    parse_symbol,
    series_listing,
)
from lasalle.contracts.listing import bounds, business_day, strikes, trading_ends

INDICES = ("H100-US", "H200-US", "T-STANDARD", "T-BATCH", "H100-US-EAST")


def terms(symbol: str):
    return find_terms(parse_symbol(symbol))


def moment(nanoseconds: int) -> str:
    return f"{datetime.fromtimestamp(nanoseconds // 10**9, UTC):%Y-%m-%d %H:%M}"


def test_hours_and_last_trading_time() -> None:
    assert [hours(Month(2024, m)) for m in (1, 2, 4)] == [744, 696, 720]
    assert hours(Month(2025, 2)) == 672
    midnight = datetime(2026, 4, 1, tzinfo=UTC)
    assert last_trading_time(Month(2026, 3)) == int(midnight.timestamp()) * 10**9


def test_the_listing_of_a_day() -> None:
    day = date(2025, 4, 15)
    forward = dict.fromkeys(month_strip(day, 24), 2552879)
    listed = series_listing(load_standards(), day, forward)
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


def test_a_version_of_a_product_is_named_or_the_newest() -> None:
    wide, narrow = (load_standards("H100", (f"average-option{v}",)) for v in ("", "/1"))
    assert [(s.version, len(strikes(s, 2_552_879))) for s in (*wide, *narrow)] == [(3, 17), (1, 6)]
    # From half the forward to twice it, a twentieth of it apart around it, to the nearest 0.05.
    ladder = strikes(wide[0], 4_000_000)
    assert (ladder[0], ladder[-1]) == (2_000_000, 8_000_000)
    assert ladder[4:12] == tuple(range(3_200_000, 4_800_000, 200_000))
    assert set(strikes(narrow[0], 4_000_000)) - set(ladder) == set()
    with pytest.raises(ContractError, match="average-option/9"):
        load_standards("H100", ("average-option/9",))


def test_a_series_keeps_the_standard_it_was_listed_under() -> None:
    symbol, catalogue = parse_symbol("TSTD-2027-01"), load_catalogue()
    newest = find_terms(symbol).standard
    older = next(
        s for s in catalogue.standards(catalogue.product("month-future/1"))
        if s.family == newest.family
    )  # fmt: skip
    assert older.sha256 != newest.sha256
    assert find_standard(symbol, older.sha256).version == 1
    assert find_standard(symbol, newest.sha256) == newest == find_standard(symbol, bytes(32))
    with pytest.raises(ContractError, match="standard: expected one of the catalogue"):
        find_standard(symbol, b"\x01" * 32)


def test_a_block_that_is_listed_no_more_keeps_the_version_that_listed_it() -> None:
    peak, base = parse_symbol("H100.FUEP-2026-03-02"), parse_symbol("H100.FUE-2026-03-02")
    assert (find_terms(peak).standard.version, find_terms(base).standard.version) == (1, 2)
    assert find_terms(peak).hours_per_lot == 12
    listed = load_standards("H100", ("capacity-forward-firm", "capacity-forward-contingent"))
    assert not any(strip.peak for standard in listed for strip in standard.strips)


def test_a_forward_that_is_missing_is_named() -> None:
    day = date(2025, 4, 1)
    forward = dict.fromkeys(month_strip(day, 17), 2000000)
    with pytest.raises(ContractError, match="2026-09"):
        series_listing(load_standards(), day, forward)


def test_strikes_and_bounds_around_a_forward_that_is_no_price() -> None:
    future, option, _ = load_standards()
    with pytest.raises(ContractError, match="forward: expected a positive price, found 0"):
        strikes(option, 0)
    assert strikes(future, 2_000_000) == ()
    (bounded,) = load_standards("H100", ("weekly-bounded",))
    assert bounds(bounded, 2_000_000) == ((1_000_000, 3_000_000), (1_600_000, 2_400_000))
    # So low a forward that floor and cap fall on one step: the cap is one step above.
    assert bounds(bounded, 40_000) == ((0, 50_000), (50_000, 100_000))


@pytest.mark.parametrize(
    ("symbol", "units", "ends"),
    [
        ("H100-2026Q2", 2_184, "2026-07-01 00:00"),
        ("TSTD-2026-03", 744, "2026-04-01 00:00"),
        ("TSTD-2026-04_2026-06", 2_184, "2026-07-01 00:00"),
        ("H100.LEN-2026-03", 744, "2026-04-01 00:00"),
        ("B200.GH100-2026-02", 672, "2026-03-01 00:00"),
        ("H100.V-2026-03", 1_000, "2026-04-01 00:00"),
        ("TBAT.W-2026W12-0.500_1.500", 168, "2026-03-23 00:00"),
        # Two business days before: Monday 5 January is preceded by the holiday of Thursday.
        ("H100.FUE-2026W02", 168, "2025-12-31 12:00"),
        ("H100.FUE-2026-03-17T14", 1, "2026-03-13 12:00"),
        ("H100.UAPP-2026-03", 264, "2026-02-26 12:00"),
        ("TINT.F-2026-03-18", 24, "2026-03-16 12:00"),
        ("A100.KUW16-2026-03-C-1.500", 744, "2026-02-23 12:00"),
        ("H100.XUE64D28-2026Q2-C-2.500", 672, "2026-03-25 12:00"),
    ],
)
def test_lots_and_last_trading_times(symbol: str, units: int, ends: str) -> None:
    found = terms(symbol)
    assert found.hours_per_lot == units
    assert moment(found.last_trading_time) == ends


def test_what_settles_once_settles_by_the_month_its_block_ends_in() -> None:
    june, april = Month(2026, 6), Month(2026, 4)
    assert terms("H100-2026Q2").settled_months() == (june, june)
    assert terms("H100-2026-04_2026-06").settled_months() == (april, june)
    # 30 March to 5 April.
    assert terms("H100.W-2026W14-1.000_2.000").settled_months() == (april, april)


@pytest.mark.parametrize(
    ("symbol", "field", "expected"),
    [
        ("H100.KUE63-2026-03-C-2.000", "accelerators", "1024 or 256 or 64, for a series"),
        ("H100.FUS-2026-03", "place", "AP or EN or UE or UW"),  # nothing is delivered to an area
        ("H100.F-2026-03", "place", "AP or EN or UE"),  # a forward on a grade names its place
        ("TSTD.FUE-2026-03", "place", "none, for a series"),  # one on tokens none
        ("H100.GB200-2026-03", "form", "average or basket"),  # bases are taken against H100
        ("H200.GB200-2026-03", "against", "H100, for a series"),
        ("X900-2026-03", "family", "A100 or B200 or H100"),
        ("H200.D-2026-03", "form", "average or bounded"),  # a basket is named by its base grade
        ("TSTD.KUE64-2026-03-C-2.000", "form", "average or bounded"),
    ],
)
def test_a_symbol_of_no_contract_is_refused(symbol: str, field: str, expected: str) -> None:
    """By the first of its parts that no contract has."""
    with pytest.raises(ContractError) as refused:
        terms(symbol)
    assert refused.value.field == field
    assert refused.value.expected.startswith(expected)


def test_what_is_delivered_is_refused_under_a_law_without_delivery() -> None:
    refused = 0
    for standard in load_catalogue().every_standard():
        if standard.delivers:
            day = date(2026, 3, 17)
            forward = dict.fromkeys(month_strip(day, 40), 2_000_000)
            series = series_listing([standard], day, forward)[0]
            with pytest.raises(ContractError, match="under a law that knows it"):
                check_listable(series, [standard.index])
            check_listable(series, [standard.index], delivery=True)
            refused += 1
    assert refused == 4 * 4 * 4 + 2 * 3 + 1


def test_a_series_needs_the_indices_it_settles_on() -> None:
    for symbol in ("H100-2026-03", "TSTD-2026-03", "H200.GH100-2026-03", "H100.LUE-2026-03"):
        check_listable(terms(symbol), INDICES)
    for symbol, index in (("B200-2026-03", "B200-US"), ("H100.LEN-2026-03", "H100-EU-NORTH")):
        with pytest.raises(ContractError, match=f"{index} is not published"):
            check_listable(terms(symbol), INDICES)
    with pytest.raises(ContractError, match="H100-US is not published"):
        check_listable(terms("H100.LUE-2026-03"), ["H100-US-EAST"])


def test_nothing_is_listed_on_a_holiday_and_nothing_whose_trading_has_ended() -> None:
    (firm,) = load_standards("H100", ("capacity-forward-firm",), "UE")
    forward = dict.fromkeys(month_strip(date(2025, 12, 1), 30), 2_000_000)
    for day, open_day in (
        (date(2025, 12, 25), False),
        (date(2025, 12, 26), False),
        (date(2025, 12, 27), False),
        (date(2025, 12, 29), True),
    ):
        assert business_day(firm, day) is open_day
        assert bool(series_listing([firm], day, forward)) is open_day
    day = date(2025, 12, 24)
    for series in series_listing([firm], day, forward):
        assert moment(series.last_trading_time) >= "2025-12-24"
    # Five days ahead from Christmas Eve is Monday 29 December, which stopped on the 23rd.
    days = [s.symbol for s in series_listing([firm], day, forward) if "-12-29" in s.symbol]
    assert days == []


def test_the_last_trading_time_is_that_of_the_standard() -> None:
    (firm,) = load_standards("H100", ("capacity-forward-firm",), "UE")
    product = firm.terms["product"]
    other = replace(firm, terms={**firm.terms, "product": {**product, "trading": {
        "last": "before_block", "business_days": 1, "utc_hour": 9}}})  # fmt: skip
    assert (
        moment(trading_ends(other, parse_symbol("H100.FUE-2026-03").period)) == "2026-02-27 09:00"
    )

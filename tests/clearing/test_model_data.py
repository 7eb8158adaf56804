"""What the model is told by data: short options, offsets, proxies, own parameters, buffers."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lasalle.clearing import (
    Held,
    Listed,
    MarginTermsError,
    ScenarioKind,
    family_table,
    load_margin_terms,
    published,
    requirement,
)
from lasalle.clearing.filtering import buffer_share, filtered
from lasalle.clearing.report import report_lines
from lasalle.clearing.terms import Offset, Proxy
from lasalle.contracts import load_standards, month_strip, series_listing
from lasalle.making import fair_marks
from lasalle.pricing import fit

DAY = date(2026, 3, 10)
TERMS = replace(load_margin_terms(), proxies=(), offsets=(), own={})
PRODUCTS = ("month-future", "average-option/1")


def listed(name: str, group: int, price: int, days: int = 320, step: int = 30_000) -> Listed:
    path = [
        (DAY - timedelta(days=days - 1 - n), price + step * (n // (6 + group) % 5))
        for n in range(days)
    ]
    products = PRODUCTS if name == "H100" else PRODUCTS[:1]
    strip = dict.fromkeys(month_strip(DAY, 24), price)
    series = series_listing(load_standards(name, products), DAY, strip)
    futures = [s for s in series if not s.is_option][:6]
    options = [s for s in series if s.is_option and "2026-03" in s.symbol]
    return Listed(name, group, fit(path), path, (*futures, *options))


def laid_out(families, terms=TERMS):
    marks = {
        symbol: mark
        for one in families
        for symbol, mark in fair_marks(one.model, dict(one.fixings), DAY, one.series).items()
    }
    table = family_table(families, DAY, marks, terms)
    return table, published(table, 1, [s for one in families for s in one.series])


H100 = listed("H100", 1, 2_500_000)
H200 = listed("H200", 2, 3_100_000)


@pytest.mark.rule("CLR-061")
def test_a_short_option_costs_at_least_its_share_of_the_month() -> None:
    """Whatever moves it or does not; a long one of the same right takes that away, a future does
    not, and calls do not add to puts."""
    table, rows = laid_out([H100], replace(TERMS, short_option_ratio=0.5))
    call, put = "H100-2026-03-C-2.500", "H100-2026-03-P-2.500"
    column = next(n for n, x in enumerate(table.labels) if x.name == "H100 short calls")
    row, future = (rows.series[rows.by_symbol[s]] for s in (call, call.partition("-C-")[0]))
    least = -row.losses[column]
    assert least == pytest.approx(0.5 * future.mark * future.hours, rel=0.01)
    assert future.losses[column] == rows.series[rows.by_symbol[put]].losses[column] == 0
    level = [n for n, x in enumerate(table.labels) if x.group == 1 and n != column]
    assert least > max(-row.losses[n] for n in level), "no scan point costs as much"
    for held, worst in (
        ({call: Held(-10)}, 10 * least),
        ({call: Held(0, sells=10)}, 10 * least),
        ({call: Held(-10), future.symbol: Held(10)}, 10 * least),
        ({call: Held(-10), put: Held(-10)}, 10 * least),
        ({call: Held(-10), put: Held(10)}, 10 * least),
    ):
        assert requirement(held, rows).scan[0][2] == pytest.approx(worst, rel=0.02), held
    shipped = laid_out([H100])[1]
    ratio = -shipped.series[shipped.by_symbol[call]].losses[column] / least
    assert ratio == pytest.approx(0.02 / 0.5, rel=0.01)


@pytest.mark.rule("CLR-062")
def test_an_offset_asks_less_of_grades_held_against_each_other() -> None:
    terms = replace(TERMS, offsets=(Offset(("H100", "H200"), 0.5),))
    plain = laid_out([H100, H200])[1]
    offset = laid_out([H100, H200], terms)[1]
    assert dict(offset.scan_rows) == {1: 5_000, 2: 10_000, 3: 5_000, 4: 10_000, 60_001: 5_000}
    one, other = (
        next(s.symbol for s in f.series if s.symbol.endswith("-06")) for f in (H100, H200)
    )
    against, along = {one: Held(100), other: Held(-80)}, {one: Held(100), other: Held(80)}
    asked = {
        name: requirement(held, plain).scan_path for name, held in (("-", against), ("+", along))
    }
    less = requirement(against, offset).scan_path
    assert 0.5 * asked["-"] < less < 0.75 * asked["-"]
    # Held the same way there is nothing to set off.
    assert requirement(along, offset).scan_path == pytest.approx(asked["+"], rel=0.02)
    alone = requirement({one: Held(100)}, offset).scan_path
    assert alone == requirement({one: Held(100)}, plain).scan_path


@pytest.mark.rule("CLR-063")
def test_a_young_family_borrows_the_moves_it_has_not_seen() -> None:
    young = listed("H200", 2, 3_100_000, days=40)
    terms = replace(TERMS, proxies=(Proxy("H200", "H100", 1.5),))
    symbol = "H200-2026-06"
    rows = {}
    for name, used in (("floor", TERMS), ("proxy", terms)):
        table, _ = laid_out([H100, young], used)
        columns = [n for n, x in enumerate(table.labels) if x.kind is ScenarioKind.HISTORICAL]
        losses = next(r.losses_micro_dollars for r in table.rows if r.symbol == symbol)
        rows[name] = [losses[n] for n in columns]
        assert table.historical_observed == 38
        assert table.short_history, "borrowed moves are not observed ones"
    assert rows["floor"][:38] == rows["proxy"][:38]
    assert rows["floor"][38:] != rows["proxy"][38:]
    moves = filtered(H100.fixings, TERMS).moves
    largest = max(range(38, len(moves)), key=lambda n: abs(moves[n]))
    value = young.model.forward(0.28) * 720
    loading = math.log(1 - rows["proxy"][largest] / 1e6 / value) / moves[largest]
    assert 0.8 < loading < 1.6, "half as much again, less what a forward takes of it"


def test_a_family_has_parameters_of_its_own() -> None:
    terms = replace(TERMS, own={"H200": {"price_floor_back": 0.6, "price_floor_front": 0.6}})
    assert terms.of("H100").price_floor_back == TERMS.price_floor_back
    both, own = laid_out([H100, H200])[1], laid_out([H100, H200], terms)[1]
    first, second = (
        next(s.symbol for s in f.series if s.symbol.endswith("-06")) for f in (H100, H200)
    )
    assert requirement({first: Held(1)}, own) == requirement({first: Held(1)}, both)
    asked, before = (requirement({second: Held(-1)}, t).scan_path for t in (own, both))
    assert asked > 1.5 * before


def calm_then_wild() -> tuple[list[tuple[date, int]], list[tuple[date, int]]]:
    calm = [(DAY - timedelta(days=400 - n), 2_500_000 + 90_000 * (n % 3)) for n in range(300)]
    wild = [(DAY - timedelta(days=100 - n), 2_500_000 + 900_000 * (n % 3)) for n in range(100)]
    return calm, [*calm, *wild]


def test_the_buffer_is_whole_in_calm_and_spent_in_stress() -> None:
    terms = replace(TERMS, buffer=0.25, volatility_floor=0.05)
    calm, wild = calm_then_wild()
    assert buffer_share(calm, TERMS) == 0.0, "off as shipped"
    assert buffer_share(calm, terms) == pytest.approx(0.25, abs=0.01)
    shares = [buffer_share([*calm, *wild[300 : 300 + n]], terms) for n in range(0, 60, 3)]
    assert shares == sorted(shares, reverse=True)
    assert min(shares) < 0.08
    bare = max(filtered(calm, replace(terms, buffer=0.0)).moves)
    grown = max(filtered(calm, terms).moves) / bare
    assert grown == pytest.approx(1.25, abs=0.01)


def test_the_long_look_back_is_a_floor_under_calm() -> None:
    calm, wild = calm_then_wild()
    quiet = [(DAY - timedelta(days=500 - n), p) for n, (_, p) in enumerate([*wild[300:], *calm])]
    without = replace(TERMS, volatility_floor=0.05, floor_days=0)
    found = filtered(quiet, without)
    floored = filtered(quiet, replace(without, floor_days=3_650))
    assert not found.floor_binds
    assert floored.floor_binds
    assert floored.now > 1.5 * found.now


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"thirds": ()}, "thirds: expected"),
        ({"thirds": (1, 1)}, "thirds: expected"),
        ({"proxies": (Proxy("H200", "H200", 1.0),)}, "proxy: expected another's"),
        ({"proxies": (Proxy("H200", "H100", 0.0),)}, "proxy: expected another's"),
        ({"offsets": (Offset(("A", "B"), 0.5), Offset(("B", "C"), 0.5))}, "each family once"),
        ({"offsets": (Offset(("A", "B"), 1.5),)}, "share: expected 0 to 1"),
        ({"own": {"H100": {"mood": 1.0}}}, "own H100: expected parameters, found"),
    ],
)
def test_rows_out_of_bounds_are_refused_by_name(change, said: str) -> None:
    with pytest.raises(MarginTermsError, match=said):
        replace(TERMS, **change)


@pytest.mark.rule("CLR-063")
def test_the_report_says_what_stands_in_for_history() -> None:
    young = listed("H200", 2, 3_100_000, days=40)
    terms = replace(
        TERMS,
        proxies=(Proxy("H200", "H100", 1.5),),
        offsets=(Offset(("H100", "H200"), 0.5),),
        buffer=0.25,
    )
    table, rows = laid_out([H100, young], terms)
    told = list(report_lines(table, rows, [H100, young], terms))
    text = "\n".join(told)
    assert told[0] == f"margin table for {DAY}, sha256 {rows.sha256}"
    assert "H200: 40 fixings to 2026-03-10" in text
    assert "history below 250 fixings: floors bind" in text
    assert "162 of 200 historical moves not observed; proxy: H100 times 1.5" in text
    assert "buffer adds" in text
    assert "scan row 60001, H100 with H200: 50 % counts" in text
    assert len(told) > len(rows.series) + 8
    line = next(line for line in told if line.startswith("H200-2026-06 "))
    short = requirement({"H200-2026-06": Held(-1)}, rows)
    row = rows.series[rows.by_symbol["H200-2026-06"]]
    assert f"{100 * short.initial / (row.mark * row.hours):.1f}" in line
    assert "(floor 0.22)" in line
    calm = list(report_lines(*laid_out([H100]), [H100], TERMS))
    assert not [line for line in calm if "proxy" in line or "buffer" in line]

"""Rows of quarters, bounded weeks, bases and variances: each column by hand, and what is funded."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.clearing import (
    Held,
    Listed,
    ScenarioKind,
    family_table,
    load_margin_terms,
    load_stress_cases,
    published,
    requirement,
    stress_losses,
)
from lasalle.clearing.columns import FIRST_FUNDED, funded_at
from lasalle.clearing.moves import price_range
from lasalle.contracts import Month, find_terms, hours, parse_symbol
from lasalle.pricing import difference_deviation, fit, index_curve, product_value
from lasalle.wire import Bound

DAY = date(2026, 5, 13)
TERMS = load_margin_terms()
RHO = 0.15


def path(price: int, step: int, phase: int) -> list[tuple[date, int]]:
    return [
        (DAY - timedelta(days=300 - n), price + step * ((n + phase) // 6 % 5)) for n in range(300)
    ]


def listed(*symbols: str):
    return [find_terms(parse_symbol(symbol)) for symbol in symbols]


WEEKS = ("H100.W-2026W20-1.500_3.500", "H100.W-2026W20-2.200_2.900", "H100.W-2026W23-2.000_3.000")
"""From 11 May, two of whose fixings are known, and from 1 June."""
OUTRIGHT = (
    "H100-2026-05", "H100-2026-06", "H100-2026-07", "H100-2026-08", "H100-2026Q2", "H100-2026Q3",
    *WEEKS, "H100.V-2026-05", "H100.V-2026-06",
)  # fmt: skip
BASES = ("A100.GH100-2026-05", "A100.GH100-2026-06", "A100.GH100-2026-08")
LEGS = ("A100-2026-05", "A100-2026-06", "A100-2026-08")
H100, A100 = path(2_400_000, 70_000, 0), path(1_900_000, 40_000, 3)


def houses(correlation: float = RHO) -> list[Listed]:
    """H100; A100 with its own futures; their basis, a group of its own."""
    return [
        Listed("H100", 1, fit(H100), H100, listed(*OUTRIGHT)),
        Listed("A100", 2, fit(A100), A100, listed(*LEGS)),
        Listed(
            "A100.GH100", 3, fit(A100), A100, listed(*BASES),
            against="H100", correlation=correlation, shares="A100",
        ),
    ]  # fmt: skip


def marks(families) -> dict[str, int]:
    known = {"H100-US": H100, "A100-US": A100}
    months = [Month(2026, 4).plus(n) for n in range(6)]
    indices = {n: index_curve(fit(p), dict(p), months) for n, p in known.items()}
    return {
        s.symbol: round(product_value(s, DAY, indices).value * 1e3) * 1_000
        for f in families
        for s in f.series
    }


MARKS = marks(houses())
TABLE = family_table(houses(), DAY, MARKS, TERMS)
ROWS = {row.symbol: np.array(row.losses_micro_dollars) for row in TABLE.rows}
GROUPS = np.array([label.group for label in TABLE.labels])
SCAN = np.array([label.kind is ScenarioKind.SCAN for label in TABLE.labels])


def column(name: str) -> int:
    return next(n for n, label in enumerate(TABLE.labels) if label.name == name)


def test_labels_and_rows_are_what_the_core_takes() -> None:
    assert {r.group for r in TABLE.scan_rows} == set(GROUPS[SCAN].tolist())
    assert len({r.group for r in TABLE.scan_rows}) == len(TABLE.scan_rows) == 8
    assert len(TABLE.labels) <= Bound.SCENARIOS
    assert max(GROUPS) < 65_536
    for row in TABLE.rows:
        assert len(row.losses_micro_dollars) == len(TABLE.labels)
        assert max(map(abs, row.losses_micro_dollars)) <= Bound.LOSS_PER_LOT
        assert 0 <= row.liquidity_micro_dollars <= Bound.CHARGE_PER_LOT
        assert row.mark_micro_dollars <= Bound.PRICE


def test_a_basis_loses_what_its_legs_lose_in_every_joint_column() -> None:
    """Historical and stress moves are those of the futures, so that legs offset it to rounding."""
    for basis, own in zip(BASES, LEGS, strict=True):
        month = basis.removeprefix("A100.GH100-")
        legs = ROWS[own] - ROWS[f"H100-{month}"]
        assert np.max(np.abs((ROWS[basis] - legs)[~SCAN])) <= 2
        assert np.max(np.abs(ROWS[basis][~SCAN])) > 50_000_000


def test_a_basis_has_a_scan_group_of_its_own() -> None:
    own = SCAN & np.isin(GROUPS, (5, 6))
    assert own.sum() == 4 + 6
    for symbol, losses in ROWS.items():
        inside = np.any(losses[own] != 0)
        assert inside == (symbol in BASES), symbol
        if symbol in BASES:
            assert not np.any(losses[SCAN & ~own])


@pytest.mark.parametrize("correlation", [-1.0, 0.0, RHO, 0.8])
def test_the_range_of_a_basis_is_that_of_the_difference(correlation: float) -> None:
    """To the first order; the moves are logarithms, so the whole is a little convex."""
    table = family_table(houses(correlation), DAY, MARKS, TERMS)
    names = [label.name for label in table.labels]
    rows = {row.symbol: row.losses_micro_dollars for row in table.rows}
    month = Month(2026, 6)
    sizes = []
    for known in (A100, H100):
        model = fit(known)
        seen = index_curve(model, dict(known), [month]).months[month]
        sizes.append(price_range(model, month, Month(2026, 5), seen, TERMS) * seen.forward)
    wanted = difference_deviation(sizes[0], sizes[1], correlation) * hours(month) * 1e6
    down, up = (rows[BASES[1]][names.index(f"A100.GH100 parts {s}1")] for s in "-+")
    assert (down - up) / 2 == pytest.approx(wanted, rel=0.03)
    assert down > 0 > up


def test_a_basis_is_charged_on_its_dearer_leg_and_not_on_par() -> None:
    row = next(row for row in TABLE.rows if row.symbol == BASES[1])
    leg = next(row for row in TABLE.rows if row.symbol == "H100-2026-06")
    assert row.mark_micro_dollars > 49_000_000
    assert row.liquidity_micro_dollars == pytest.approx(leg.liquidity_micro_dollars, rel=1e-3)
    assert row.delta_millionths == 1_000_000


def test_a_basis_without_an_own_family_brings_the_index_it_needs() -> None:
    """Its own index moves in history and stress, and has no scan group of futures nobody lists."""
    base, _, basis = houses()
    alone = family_table([base, replace(basis, shares="")], DAY, MARKS, TERMS)
    rows = {row.symbol: row.losses_micro_dollars for row in alone.rows}
    assert [row.group for row in alone.scan_rows] == [
        1,
        2,
        5,
        6,
        *range(FIRST_FUNDED, FIRST_FUNDED + 2),
    ]
    kinds = [label.kind for label in alone.labels]
    history = [n for n, kind in enumerate(kinds) if kind is ScenarioKind.HISTORICAL]
    whole = [n for n, label in enumerate(TABLE.labels) if label.kind is ScenarioKind.HISTORICAL]
    for symbol in BASES:
        assert [rows[symbol][n] for n in history] == ROWS[symbol][whole].tolist()
    with pytest.raises(ValueError, match="expected a basis on families, found 'H100'"):
        family_table([replace(basis, shares="")], DAY, MARKS, TERMS)


def test_a_quarter_loses_what_its_months_lose() -> None:
    third = sum(ROWS[f"H100-2026-0{m}"] for m in (7, 8))
    parts = ROWS["H100-2026Q3"] - third  # September has no future here
    assert np.all(np.sign(parts[SCAN & (GROUPS == 1)]) == np.sign(third[SCAN & (GROUPS == 1)]))
    running = ROWS["H100-2026Q2"]
    months = ROWS["H100-2026-05"] + ROWS["H100-2026-06"]
    assert np.max(np.abs(running - months)) <= 2, "April is over: it moves no more"


def test_a_month_that_is_over_is_not_the_front_of_the_curve() -> None:
    base = houses()[0]
    without = replace(base, series=[s for s in base.series if s.symbol != "H100-2026Q2"])
    names = {row.symbol for row in family_table([base], DAY, MARKS, TERMS).rows}
    first, second = (family_table([f], DAY, MARKS, TERMS) for f in (base, without))
    rows = {row.symbol: row for row in second.rows}
    assert len(names) == len(rows) + 1
    for row in first.rows:
        if row.symbol in rows:
            assert row == rows[row.symbol]


@pytest.mark.parametrize("symbol", WEEKS)
def test_a_bounded_week_is_funded_in_full(symbol: str) -> None:
    """One lot long loses its price less the floor at worst, one short the cap less its price: the
    table has that over the initial factor, and nothing that comes on top.
    """
    long, short = greatest(symbol, MARKS[symbol])
    scan = ROWS[symbol][SCAN]
    assert scan.max() == 10 * long // 11
    assert -scan.min() == 10 * short // 11
    rest = ROWS[symbol][~SCAN]
    assert rest.max() <= scan.max()
    assert rest.min() >= scan.min()
    assert np.any(rest != 0)
    row = next(row for row in TABLE.rows if row.symbol == symbol)
    assert row.liquidity_micro_dollars == row.concentration_micro_dollars == 0


def greatest(symbol: str, mark: int) -> tuple[int, int]:
    """The most one lot long and one lot short can lose from a mark, micro-dollars."""
    terms = parse_symbol(symbol)
    return (mark - terms.floor_micro_dollars) * 168, (terms.cap_micro_dollars - mark) * 168


@pytest.mark.rule("CLR-080")
@pytest.mark.parametrize("symbol", WEEKS)
@pytest.mark.parametrize("lots", [1, -1, 7, -20_000, 100_000])
def test_margin_of_a_bounded_week_is_the_most_it_can_lose(symbol: str, lots: int) -> None:
    """Initial margin, with the factor 1.10 in it, to a micro-dollar or two a lot and never above:
    of a position, of orders that would make it, and after its mark moved."""
    rows = published(TABLE, 1, listed(*OUTRIGHT, *LEGS, *BASES))
    move = 37_000 if lots % 2 else -41_000
    at = replace(
        rows.series[rows.by_symbol[symbol]],
        mark=MARKS[symbol] + move,
        losses=moved(symbol, MARKS[symbol] + move),
    )
    for table, mark in (
        (rows, MARKS[symbol]),
        (replace(rows, series=(at,)), MARKS[symbol] + move),
    ):
        long, short = greatest(symbol, mark)
        most = (long if lots > 0 else short) * abs(lots)
        for held in (Held(lots), Held(0, lots, 0) if lots > 0 else Held(0, 0, -lots)):
            asked = requirement({symbol: held}, table).initial
            assert most - 2 * abs(lots) <= asked <= most


def moved(symbol: str, mark: int) -> tuple[int, ...]:
    row = next(row for row in TABLE.rows if row.symbol == symbol)
    was = row.mark_micro_dollars, mark
    terms = parse_symbol(symbol)
    return funded_at(TABLE.labels, terms, row.losses_micro_dollars, was, 168)


@pytest.mark.parametrize("lots", [(1, -1), (2, -1), (1, -2), (-1, 1), (-3, 4)])
def test_a_spread_of_bounded_weeks_is_funded_wherever_the_week_ends(lots) -> None:
    one, other = WEEKS[:2]
    scan = (lots[0] * ROWS[one] + lots[1] * ROWS[other])[SCAN].max()
    worst = -math.inf
    for average in range(1_000_000, 4_000_001, 20_000):
        loss = 0
        for symbol, held in zip((one, other), lots, strict=True):
            terms = parse_symbol(symbol)
            end = min(max(average, terms.floor_micro_dollars), terms.cap_micro_dollars)
            loss += held * (MARKS[symbol] - end) * 168
        worst = max(worst, loss)
    # Gains are cut towards zero as losses are: at most a micro-dollar for each lot of either.
    assert abs(11 * scan - 10 * worst) <= 11 * sum(map(abs, lots))


@pytest.mark.parametrize("move", [-200_000, -7_000, 0, 12_000, 200_000])
@pytest.mark.parametrize("symbol", WEEKS)
def test_a_week_marked_elsewhere_is_funded_from_there(symbol: str, move: int) -> None:
    """As a table made at that mark: the levels are read back from the losses without loss."""
    mark = MARKS[symbol] + move
    found = np.array(moved(symbol, mark))
    anew = family_table(houses(), DAY, MARKS | {symbol: mark}, TERMS)
    (row,) = [row for row in anew.rows if row.symbol == symbol]
    assert found[SCAN].tolist() == np.array(row.losses_micro_dollars)[SCAN].tolist()
    long, short = greatest(symbol, mark)
    assert found[~SCAN].max() <= 10 * long // 11
    assert found[~SCAN].min() >= -(10 * short // 11)


def test_weeks_do_not_offset_each_other() -> None:
    for one, other in itertools.combinations((WEEKS[0], WEEKS[2]), 2):
        assert not np.any((ROWS[one] != 0) & (ROWS[other] != 0) & SCAN)


def test_a_variance_loses_the_square_of_a_move() -> None:
    """Point 13 is the whole range down, volatility up; a month that has not begun has no move."""
    point = column("H100 scan 13")
    model = fit(H100)
    seen = index_curve(model, dict(H100), [Month(2026, 5), Month(2026, 6)], elapsed_days=1)
    values = {
        s: product_value(*listed(s), DAY, {"H100-US": seen}).value
        for s in ("H100.V-2026-05", "H100.V-2026-06")
    }
    running, next_month = (ROWS[s][point] / 1e9 for s in values)
    width = max(TERMS.price_floor_front, price_range(
        model, Month(2026, 5), Month(2026, 5), seen.months[Month(2026, 5)], TERMS))  # fmt: skip
    assert -running > 3650 / 31 * width**2 > 9
    still = [label.name for label in TABLE.labels].index("H100 scan 1")
    raised = ROWS["H100.V-2026-06"][still] / 1e9
    assert next_month == pytest.approx(raised)
    assert -raised == pytest.approx(values["H100.V-2026-06"] * (1.3**2 - 1), rel=0.02)
    row = next(r for r in TABLE.rows if r.symbol == "H100.V-2026-06")
    assert row.vega_micro_dollars > 0
    assert row.delta_millionths == 0


def test_the_wider_stress_set_moves_both_indices_of_a_basis() -> None:
    found = stress_losses(houses(), DAY, MARKS, load_stress_cases())
    rows = dict(zip(found.symbols, found.losses, strict=True))
    for basis, own in zip(BASES, LEGS, strict=True):
        month = basis.removeprefix("A100.GH100-")
        assert np.max(np.abs(rows[basis] - rows[own] + rows[f"H100-{month}"])) <= 2
    assert set(rows) == {*OUTRIGHT, *LEGS, *BASES}


def test_more_weeks_than_a_family_has_groups_for_are_refused() -> None:
    many = listed(*(f"H100.W-2026W{n}-1.000_4.000" for n in range(20, 31)))
    family = replace(houses()[0], series=many)
    with pytest.raises(ValueError, match="weeks of H100: expected at most 10, found 11"):
        family_table([family], DAY, marks([family]), TERMS)

"""One margin table of several families: what is each one's own, and what meets all of them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from lasalle.clearing import Listed, ScenarioKind, family_table, load_margin_terms, margin_table
from lasalle.contracts import load_standards, month_strip, series_listing
from lasalle.making import fair_marks
from lasalle.pricing import fit

DAY = date(2026, 3, 10)
TERMS = load_margin_terms()


def family(name: str, group: int, price: int, step: int, days: int = 374) -> Listed:
    """Month futures of a family on a path of its own, up to the day."""
    path = [
        (DAY - timedelta(days=days - 1 - n), price + step * (n // (7 + group) % 5))
        for n in range(days)
    ]
    standards = load_standards(name, ("month-future",))
    series = series_listing(standards, DAY, dict.fromkeys(month_strip(DAY, 24), price))
    return Listed(name, group, fit(path), path, series[:6])


BOTH = (family("H100", 1, 2_500_000, 60_000), family("TSTD", 2, 700_000, -20_000))
MARKS = {
    symbol: mark
    for one in BOTH
    for symbol, mark in fair_marks(one.model, dict(one.fixings), DAY, one.series).items()
}
TABLE = family_table(BOTH, DAY, MARKS, TERMS)


def columns(kind: ScenarioKind, group: int = 0) -> list[int]:
    return [n for n, label in enumerate(TABLE.labels) if (label.kind, label.group) == (kind, group)]


@pytest.mark.parametrize("one", BOTH, ids=lambda one: one.name)
def test_its_own_columns_are_those_of_a_house_of_one_family(one: Listed) -> None:
    alone = margin_table(one.model, one.fixings, DAY, one.series, MARKS, TERMS)
    rows = {row.symbol: row.losses_micro_dollars for row in TABLE.rows}
    own = columns(ScenarioKind.SCAN, 2 * one.group - 1) + columns(ScenarioKind.SCAN, 2 * one.group)
    own += columns(ScenarioKind.HISTORICAL) + columns(ScenarioKind.STRESS)[: len(TERMS.stress)]
    for row in alone.rows:
        assert [rows[row.symbol][n] for n in own] == list(row.losses_micro_dollars)


def test_no_loss_of_one_family_is_offset_in_a_scan_point_of_another() -> None:
    groups = {series.symbol: one.group for one in BOTH for series in one.series}
    moved = 0
    for row in TABLE.rows:
        for number, label in enumerate(TABLE.labels):
            if label.kind is not ScenarioKind.SCAN:
                continue
            if (label.group + 1) // 2 == groups[row.symbol]:
                moved += row.losses_micro_dollars[number] != 0
            else:
                assert row.losses_micro_dollars[number] == 0
    assert moved > 200
    assert [row.group for row in TABLE.scan_rows] == [1, 2, 3, 4]
    assert {row.weight_per_ten_thousand for row in TABLE.scan_rows} == {10_000}


def test_a_stress_move_meets_both_and_each_alone() -> None:
    stress = columns(ScenarioKind.STRESS)
    count = len(TERMS.stress)
    assert len(stress) == 3 * count
    joint, first, second = (stress[n * count : (n + 1) * count] for n in range(3))
    for row in TABLE.rows:
        own, other = (first, second) if row.symbol.startswith("H100") else (second, first)
        losses = row.losses_micro_dollars
        assert [losses[n] for n in own] == [losses[n] for n in joint]
        assert len({losses[n] for n in other}) == 1, "it stands still while the other is struck"
        assert abs(losses[other[0]]) < max(abs(losses[n]) for n in own) / 20


def test_historical_columns_are_of_the_same_dates() -> None:
    name, group, model, path = BOTH[1].name, BOTH[1].group, BOTH[1].model, BOTH[1].fixings
    late = Listed(name, group, model, path[:-1], BOTH[1].series)
    with pytest.raises(ValueError, match="of one last date"):
        family_table((BOTH[0], late), DAY, MARKS, TERMS)
    short = family("TSTD", 2, 700_000, -20_000, days=60)
    table = family_table((BOTH[0], short), DAY, MARKS, TERMS)
    assert table.short_history
    assert table.historical_observed == 58


def test_the_page_counts_the_columns_of_two_families() -> None:
    page = (Path(__file__).parents[2] / "docs/desks/clearing.md").read_text(encoding="utf-8")
    assert f"{len(TABLE.labels)} columns of two families" in page

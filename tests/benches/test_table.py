"""The measurements keep one form, and every bench is in the table."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from benches import table

FOLDER = Path(table.__file__).parent


def test_every_module_of_the_folder_is_a_bench_or_furniture() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert files == set(table.names()) | table.FURNITURE
    for name in table.names():
        module = importlib.import_module(f"benches.{name}")
        assert callable(module.rows), f"{name} says its rows"
        assert module.__doc__, f"{name} says what it measures"


def test_the_last_measurements_keep_the_form() -> None:
    latest = table.read()
    assert table.faults(latest) == []
    assert set(latest) <= set(table.names())
    assert all(bench["rows"] for bench in latest.values())


def test_a_run_replaces_only_its_own_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(table, "LATEST", tmp_path / "latest.json")
    facts = {"cores": 2, "processor": "x", "load": 0.1, "measured": "2026-01-02 10:00"}
    first = table.row("a", 4, "ms", command="c", taken="best of 5", peer="p", peer_value=2)
    second = table.row("b", 5, "ms", command="c", taken="median of 7")
    table.write({"matching": {"machine": facts, "rows": [first]}})
    table.write({"plain_core": {"machine": facts, "rows": [first]}})
    table.write({"matching": {"machine": facts, "rows": [second]}})
    rows = json.loads(table.LATEST.read_text())
    assert [(one["name"], one["bench"]) for one in rows] == [("a", "plain_core"), ("b", "matching")]
    assert all(one["machine"] == facts and one.keys() >= table.MUST for one in rows)
    told = table.read()
    assert list(told) == ["plain_core", "matching"]
    assert told["plain_core"]["rows"] == [first]
    assert told["matching"]["rows"] == [second]
    assert table.faults(told) == []
    assert first["ratio"] == 2
    assert "p: 2, ratio 2" in "\n".join(table.lines("plain_core", told["plain_core"]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ratio": 9.0}, "ratio 9.0 is not value / peer_value"),
        ({"peer_value": None, "ratio": None}, "p has no figure and no reason"),
        ({"colour": "red"}, "a word too many: colour"),
        ({"value": "fast"}, "expected a number as value"),
    ],
)
def test_a_bent_row_is_noticed(change: dict[str, object], said: str) -> None:
    sound = table.row("a", 4, "ms", command="c", taken="best of 5", peer="p", peer_value=2)
    facts = {"cores": 2, "load": 0.1, "measured": "2026-01-02 10:00"}
    assert table.faults({"x": {"machine": facts, "rows": [sound]}}) == []
    if "value" in change:
        change = {**change, "peer_value": None, "ratio": None, "peer": None}
    bent = {"x": {"machine": facts, "rows": [{**sound, **change}]}}
    assert any(said in fault for fault in table.faults(bent))


def test_the_page_of_the_clearing_desk_has_the_figures_of_the_table() -> None:
    rows = {row["name"]: row for row in json.loads(table.LATEST.read_text(encoding="utf-8"))}
    page = (FOLDER.parent / "docs/desks/clearing.md").read_text(encoding="utf-8")
    page = page.split("## Many accounts at once")[1].split("\n## ")[0]
    nightly = "nightly margin, 20 positions x 1,000 scenarios"
    ours, quantlib = rows[f"{nightly}, 100,000 accounts"], rows[f"{nightly}, beside QuantLib"]
    read, numpy = rows["losses read by it"], rows[f"{nightly}, in numpy"]
    judged = rows["a command of the whole core, each order judged over 1,000 scenarios"]
    for said in (
        f"{ours['value']:,} accounts a second",
        f"{numpy['value']:,} in numpy",
        f"{ours['peer_value']:,.0f} ({ours['ratio']:.1f} times slower)",
        f"{quantlib['peer_value']:.0f}, from a sample ({quantlib['ratio']:,.0f} times slower",
        f"{read['value']} GB of losses a second",
        f"{read['ratio']:.1f} times the {read['peer_value']} GB/s",
        f"takes {judged['value']} microseconds",
    ):
        assert said in page.replace("\n", " "), said

"""The stress set: wide, drawn from what happened, and revalued like the margin table."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from lasalle.clearing import (
    CaseKind,
    Listed,
    MarginTermsError,
    ScenarioKind,
    family_table,
    load_margin_terms,
    load_stress_cases,
    stress_losses,
)
from lasalle.clearing.stress import read_stress_cases
from lasalle.contracts import load_standards, month_strip, series_listing
from lasalle.making import fair_marks
from lasalle.pricing import fit

DAY = date(2026, 3, 10)
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CASES = load_stress_cases()
MUST_NAME = ("generation", "xport ban", "supplier fails", "Demand burst")


def family(name: str, group: int, price: int) -> Listed:
    """Twenty-four months of a family on a path of its own, up to the day."""
    path = [(DAY - timedelta(days=299 - n), price + 9_000 * (n // 5 % 7)) for n in range(300)]
    products = ("month-future", "average-option/1") if name == "H100" else ("month-future",)
    strip = dict.fromkeys(month_strip(DAY, 24), price)
    return Listed(
        name, group, fit(path), path, series_listing(load_standards(name, products), DAY, strip)
    )


BOTH = (family("H100", 1, 2_500_000), family("TSTD", 2, 700_000))
MARKS = {
    symbol: mark
    for one in BOTH
    for symbol, mark in fair_marks(one.model, dict(one.fixings), DAY, one.series).items()
}
FOUND = stress_losses(BOTH, DAY, MARKS, CASES)


def test_the_set_is_as_wide_as_the_rules_ask() -> None:
    kinds = Counter(case.kind for case in CASES)
    assert len(CASES) >= 40
    assert min(kinds[kind] for kind in CaseKind) >= 10
    told = " ".join(case.name for case in CASES)
    assert [word for word in MUST_NAME if word not in told] == []
    assert {case.near > 0 for case in CASES} == {case.far > 0 for case in CASES} == {True, False}


def test_a_case_of_the_set_is_a_column_of_the_margin_table() -> None:
    """The same move put into the table's own stress columns costs the same, series by series."""
    plain = [case for case in CASES if not case.own]
    usual = load_margin_terms().stress[0]
    moves = tuple(
        replace(usual, name=c.name, near=c.near, far=c.far, volatility=c.volatility) for c in plain
    )
    table = family_table(BOTH, DAY, MARKS, replace(load_margin_terms(), stress=moves))
    joint = [n for n, label in enumerate(table.labels) if label.kind is ScenarioKind.STRESS]
    column = {case.name: n for n, case in enumerate(CASES)}
    compared = 0
    for row, losses in zip(table.rows, FOUND.losses, strict=True):
        for case, place in zip(plain, joint, strict=False):
            assert row.losses_micro_dollars[place] == losses[column[case.name]]
            compared += 1
    assert compared > 5_000


def test_a_family_of_its_own_moves_as_named() -> None:
    case = next(case for case in CASES if case.name.startswith("Software"))
    number = CASES.index(case)
    for symbol, loss in zip(FOUND.symbols, FOUND.losses[:, number], strict=True):
        mark = MARKS[symbol]
        if symbol.startswith("TSTD"):
            assert loss > 0.3 * mark * 672
        elif "-C-" not in symbol and "-P-" not in symbol:
            assert abs(loss) < 0.01 * mark * 744


def test_a_portfolio_loses_what_its_lots_lose() -> None:
    lots = {FOUND.symbols[0]: -3, FOUND.symbols[9]: 2_097_152, FOUND.symbols[-1]: 40}
    rows = {s: [int(x) for x in row] for s, row in zip(FOUND.symbols, FOUND.losses, strict=True)}
    assert FOUND.of(lots) == [
        sum(held * rows[symbol][n] for symbol, held in lots.items()) for n in range(len(CASES))
    ]
    assert max(map(abs, FOUND.of(dict.fromkeys(FOUND.symbols, 2**21)))) > 2**53, "past a float"
    with pytest.raises(KeyError):
        FOUND.of({"H100-1999-01": 1})


GOOD = 'name = "a"\nkind = "compute"\nsource = ""\nnear = 0\nfar = 0\nvolatility = 1\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "one or more"),
        (f"[[case]]\n{GOOD}[[case]]\n{GOOD}", "each name once"),
        ('[[case]]\nname = "a"\n', "expected .* found"),
        (f"[[case]]\n{GOOD}".replace("compute", "rumour"), "kind: expected .* found 'rumour'"),
        (f"[[case]]\n{GOOD}".replace("near = 0", "near = 5"), "of -4.0 to 4.0, found 5.0"),
        (f"[[case]]\n{GOOD}".replace("ity = 1", "ity = 0"), "volatility: expected"),
        (f"[[case]]\n{GOOD}own = {{ H100 = [1] }}", "own H100: expected two moves"),
    ],
)
def test_a_bent_case_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(MarginTermsError, match=said):
        read_stress_cases(text)


def test_steps_of_compute_are_those_of_the_price_history() -> None:
    path = DATA / "gpu_prices" / "gcp_gpu_prices_2022_2026.parquet"
    if not path.exists():
        pytest.skip(f"no price history at {path}")
    import pyarrow.parquet as parquet

    wanted = [("accelerator", "=", "H100-80GB-SXM"), ("cloud", "=", "gcp")]
    prices: dict[str, dict[date, float]] = defaultdict(dict)
    for row in parquet.read_table(path, filters=wanted).to_pylist():
        if not row["flags"] and row["spot_usd_per_gpu_hour"]:
            prices[row["region"]][row["date"].date()] = row["spot_usd_per_gpu_hour"]
    steps = {
        (region, day): math.log(held[day] / held[before])
        for region, held in prices.items()
        for before, day in zip(sorted(held), sorted(held)[1:], strict=False)
    }
    cases = {case.name: case for case in CASES}
    for name, region, day in (
        ("March 2025: us-central1 H100 re-priced down", "us-central1", date(2025, 3, 13)),
        ("October 2024: us-central1 H100 re-priced down", "us-central1", date(2024, 10, 31)),
        ("July 2024: us-central1 H100 re-priced down", "us-central1", date(2024, 7, 8)),
        ("March 2025: us-west4 H100 halves", "us-west4", date(2025, 3, 13)),
        ("November 2025: regions of H100 fall to a quarter", "europe-west9", date(2025, 11, 6)),
        ("January 2026: H100 turns up", "us-central1", date(2026, 1, 22)),
    ):
        assert cases[name].near == pytest.approx(steps[region, day], abs=0.006)
    assert min(case.near for case in CASES if case.kind is CaseKind.COMPUTE) <= min(steps.values())


def test_analogues_are_moves_of_gas_and_oil() -> None:
    path = DATA / "power" / "futures_nearby_NG_CL_2007.parquet"
    if not path.exists():
        pytest.skip(f"no futures at {path}")
    import pyarrow.parquet as parquet

    curves: dict[str, dict[date, dict[int, float]]] = {"NG": {}, "CL": {}}
    for row in parquet.read_table(path).to_pylist():
        curves[row["root"]].setdefault(row["date"].date(), {})[row["nearby"]] = row["value"]
    checked = 0
    for case in CASES:
        root, _, told = case.source.partition(" nearby ")
        if root not in curves:
            continue
        nearby, day = int(told[0]), date.fromisoformat(told.split(", ")[1].split(":")[0])
        held = curves[root]
        days = sorted(held)
        before = days[days.index(day) - 2]
        assert case.near == pytest.approx(
            math.log(held[day][nearby] / held[before][nearby]), abs=1e-3
        )
        checked += 1
    assert checked >= 10


def test_losses_are_whole_and_bounded() -> None:
    assert FOUND.losses.dtype == np.int64
    assert FOUND.losses.shape == (sum(len(f.series) for f in BOTH), len(CASES))

"""The family of a date: every index that is listed, on the real histories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pyarrow as arrow
import pytest

from lasalle.indices import ChainMethod, EvidenceBook, published_methods, replay
from lasalle.indices.evidence import EVIDENCE_SCHEMA
from lasalle.indices.family import Leg, recompute
from lasalle.indices.family.listed import family_of, family_table, indices_read, leg_of
from lasalle.indices.sources.grading import graded
from lasalle.institution.sources import file_sources

DATA = Path(__file__).parents[3] / "shared/data"
CHAINS = {m.index: m for m in published_methods().values() if isinstance(m, ChainMethod)}


def evidence(*names: str) -> arrow.Table:
    tables = []
    for known in file_sources(DATA):
        if known.name in names:
            if not known.path.exists():
                pytest.skip(f"{known.path.name} is not beside this checkout")
            tables.append(known.read(0, 1 << 62))
    return arrow.concat_tables(tables)


def fixings(table: arrow.Table, *names: str) -> Mapping[str, Mapping[int, Leg]]:
    book = EvidenceBook(table)
    epoch = date(1970, 1, 1)
    return {
        name: {
            int((epoch + timedelta(days=made.fixing.day)).strftime("%Y%m%d")): leg_of(made.fixing)
            for made in replay(CHAINS[name], book)
        }
        for name in names
    }


def test_the_table_names_indices_that_are_fixed() -> None:
    assert indices_read() <= set(CHAINS)
    table = family_table()
    assert set(table["grades"]) <= set(graded())
    for name, (grade, _, tenor, accelerators) in table["availability"].items():
        assert grade in graded(), name
        assert tenor in (0, 1)
        assert accelerators in (1, 8)
    numbers = [method.number for method in CHAINS.values()]
    assert len(numbers) == len(set(numbers))


def test_every_index_of_a_date_is_there_and_made_anew() -> None:
    """2025-11-10: on-demand fixings of four grades from the Prime record, and what they make."""
    table = evidence("prime-history")
    grades = tuple(family_table()["grades"].values())
    made = fixings(table, *grades)
    found = {index.index: index for index in family_of(date(2025, 11, 10), made, table)}
    for index in found.values():
        assert recompute(index.inputs) == index
        assert (index.value is None) == bool(index.reason)
    table_ = family_table()
    assert len(found) == (
        2 * len(table_["differences"])
        + len(table_["realised"])
        + len(table_["implied"])
        + len(table_["compute"])
        + 2 * len(table_["availability"])
    )
    legs = {name: made[name][20251110] for name in grades}
    gap = found["H200-H100"].value
    assert gap == legs["H200-ON-DEMAND"].price - legs["H100-ON-DEMAND"].price
    assert gap is not None
    assert gap > 0
    # B200 in round 5.1, Server: 12,397.099 tokens a second.
    cost = found["T-STANDARD-COMPUTE"]
    assert cost.detail.startswith("B200-SXM")
    assert cost.value == round(legs["B200-ON-DEMAND"].price * 1e9 / (12_397_099 * 3_600))
    assert found["H100-AV1"].value == 8_274
    assert found["H100-RV30"].detail == "22 moves over 22 days"
    assert found["H100-US-OD-1Y"].reason == "H100-US-OD is no-fix"
    assert found["H100-US-IV30"].value is None, "no options are given"


def test_a_carried_date_has_no_differential() -> None:
    """GCP is read once or twice a week: between, its fixings are carried and not differenced."""
    table = evidence("gcp-history")
    made = fixings(table, "H100-US-OD", "H100-US-1Y")
    read, between = date(2026, 7, 30), date(2026, 7, 29)
    values = {
        day: {index.index: index for index in family_of(day, made, EVIDENCE_SCHEMA.empty_table())}
        for day in (read, between)
    }
    assert (values[read]["H100-US-OD-1Y"].value or 0) > 0
    assert values[between]["H100-US-OD-1Y"].reason == "H100-US-OD is carried"

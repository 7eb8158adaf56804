"""Published histories and plain files as evidence: their figures, and what is refused in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.compute as compute
import pytest

from lasalle.indices import METHOD
from lasalle.indices.evidence import EVIDENCE_SCHEMA, PriceType
from lasalle.indices.gcp_history import gcp_history
from lasalle.indices.sources import (
    Source,
    SourceError,
    Unreachable,
    aws_panel_evidence,
    gcp_history_evidence,
    location_of,
    plain_evidence,
)
from lasalle.indices.sources.grading import grade_band, graded, location_of_place, machines_of
from lasalle.institution.sources import FileSource, file_sources, plain_file

PRICES = Path(__file__).parents[3] / "shared/data"
ALWAYS = (0, 1 << 62)
NAMES = {"source": "told", "reference": "told.csv"}


def nanoseconds(day: date, hour: int = 0) -> int:
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000_000


def source(name: str) -> FileSource:
    found = next(known for known in file_sources(PRICES) if known.name == name)
    if not found.path.exists():
        pytest.skip(f"{found.path.name} is not beside this checkout")
    return found


def counted(table: arrow.Table, **equal: Any) -> int:
    for column, value in equal.items():
        table = table.filter(compute.equal(table[column], value))
    return len(table)


def test_gcp_spot_of_us_central1_is_what_the_first_method_reads() -> None:
    reading = source("gcp-history").reading(*ALWAYS)
    rows = reading.evidence.filter(
        compute.equal(reading.evidence["offer"], "gcp/us-central1/a3-highgpu-8g/spot")
    ).to_pylist()
    known = gcp_history(PRICES / "gpu_prices/gcp_gpu_prices_2022_2026.parquet")
    assert METHOD.source == "GCP us-central1 a3-highgpu-8g spot"
    assert [(row["time"], row["price"]) for row in rows] == [
        (nanoseconds(o.day, 12), int(o.usd_per_gpu_hour * 1_000_000)) for o in known
    ]
    assert len(rows) == 127
    assert {row["location"] for row in rows} == {"US-EAST"}
    assert reading.refusals() == {"marked": 19_158, "no delivery point": 11_988}


def test_a_reference_finds_the_row_again() -> None:
    kept = source("gcp-history")
    row = kept.read(*ALWAYS).slice(1_000, 1).to_pylist()[0]
    name, number = row["reference"].split("#")
    assert name == kept.path.name
    raw = arrow.parquet.read_table(kept.path).slice(int(number), 1).to_pylist()[0]
    region, machine = row["offer"].split("/")[1:3]
    assert (raw["region"], raw["machine_type"]) == (region, machine)
    assert nanoseconds(raw["date"].date(), 12) == row["time"]


def test_a_null_spot_of_the_aws_panel_is_a_shortage() -> None:
    table = source("aws-panel").read(*ALWAYS)
    assert counted(table, grade="H100-SXM", price_type=int(PriceType.SHORTAGE)) == 354
    assert counted(table, grade="H100-SXM", price_type=int(PriceType.EXECUTABLE)) == 1_030
    assert counted(table, grade="A100-80-SXM", price_type=int(PriceType.SHORTAGE)) == 5_220
    assert counted(table, tenor_days=1) == 2 * 522 + 584 + 324 + 127, "one price a region and day"


def test_prime_offers_are_executable_and_the_window_cuts_them() -> None:
    prime = source("prime-history")
    assert len(prime.read(*ALWAYS)) == 15_906
    day = date(2025, 11, 1)
    rows = prime.read(nanoseconds(day), nanoseconds(day + timedelta(days=1)))
    assert 0 < len(rows) < 800
    assert set(compute.floor(compute.divide(rows["time"], 86_400 * 10**9)).to_pylist()) == {
        nanoseconds(day) // (86_400 * 10**9)
    }
    assert rows.schema == EVIDENCE_SCHEMA
    assert set(rows["price_type"].to_pylist()) == {int(PriceType.EXECUTABLE)}


def test_every_file_is_a_source_and_says_where_it_comes_from() -> None:
    for known in file_sources(PRICES):
        assert isinstance(known, Source)
        assert known.origin
        assert known.licence
        assert known.live == "a file"


def test_an_absent_or_bent_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="expected the file"):
        file_sources(tmp_path)[0].read(*ALWAYS)
    bent = tmp_path / "prices.parquet"
    bent.write_bytes(b"PAR1 no more")
    with pytest.raises(SourceError, match=r"prices\.parquet: expected a CSV or Parquet file"):
        plain_file(bent).read(*ALWAYS)


@pytest.mark.parametrize("gone", ["date", "spot_usd_per_gpu_hour", "flags", "region"])
def test_a_missing_column_is_named(gone: str) -> None:
    rows = {
        "date": [datetime(2026, 3, 12)],  # noqa: DTZ001 - the file's own form
        "region": ["us-central1"],
        "machine_type": ["a3-highgpu-8g"],
        "flags": [""],
        "spot_usd_per_gpu_hour": [2.5],
        "on_demand_usd_per_gpu_hour": [9.0],
        "commit_1y_usd_per_gpu_hour": [None],
        "commit_3y_usd_per_gpu_hour": [None],
    }
    whole = arrow.table(rows)
    assert len(gcp_history_evidence(whole, *ALWAYS, **NAMES).evidence) == 2
    with pytest.raises(SourceError, match=f"no {gone} in"):
        gcp_history_evidence(whole.drop([gone]), *ALWAYS, **NAMES)


def test_a_panel_that_turns_to_cents_is_refused() -> None:
    rows = {
        "date": [datetime(2024, 3, 12), datetime(2024, 3, 13)],  # noqa: DTZ001 - the file's own
        "instance_type": ["p5.48xlarge"] * 2,
        "region": ["us-east-1"] * 2,
        "zone": ["use1-az5"] * 2,
        "on_demand_usd_per_gpu_hour": [12.29, 1229.0],
        "spot_usd_per_gpu_hour": [4.3, 430.0],
    }
    reading = aws_panel_evidence(arrow.table(rows), *ALWAYS, **NAMES)
    assert reading.refusals() == {"cents": 2}
    assert len(reading.evidence) == 2


PLAIN = {
    "time": [datetime(2026, 3, 12, 9, tzinfo=UTC)] * 3,
    "grade": ["H100-SXM", "T-STANDARD", "H200-SXM"],
    "location": ["US-EAST", None, "APAC"],
    "tenor_days": [0, 1, 365],
    "size": [8, None, 0],
    "price_type": ["executed", "list", "shortage"],
    "offer": ["a", "b", "c"],
}


@pytest.mark.parametrize(
    ("column", "prices"),
    [
        ("price_usd", [2.5, 0.6, None]),
        ("price_cents", [250.0, 60.0, None]),
        ("price_micro_dollars", [2_500_000, 600_000, None]),
    ],
)
def test_a_plain_file_declares_its_unit(column: str, prices: list[float | None]) -> None:
    reading = plain_evidence(arrow.table(PLAIN | {column: prices}), *ALWAYS, **NAMES)
    assert reading.evidence["price"].to_pylist() == [2_500_000, 600_000, 0]
    assert reading.evidence["unit"].to_pylist() == [1, 2, 1]
    assert reading.evidence["price_type"].to_pylist() == [1, 3, 4]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, "price column"),
        ({"price_usd": [1.0] * 3, "price_cents": [1.0] * 3}, "price column"),
        ({"price_usd": [1.0] * 3}, "price_usd"),
        ({"price_usd": [1.0, 1.0, None], "price_type": ["paid", "list", "list"]}, "price_type"),
        ({"price_usd": [1.0, 1.0, None], "grade": ["H100", "H100", "H100"]}, "grade"),
        ({"price_usd": [1.0, 1.0, None], "time": ["noon"] * 3}, "times"),
    ],
)
def test_a_plain_file_in_other_words_is_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(SourceError, match=field):
        plain_evidence(arrow.table(PLAIN | change), *ALWAYS, **NAMES)


def test_the_published_tables_hold_together() -> None:
    points = {"US-EAST", "US-WEST", "EU-NORTH", "APAC"}
    for grade in graded():
        low, high = grade_band(grade)
        assert 0 < low < high < 100 * high
    for cloud in ("aws", "gcp", "azure"):
        assert machines_of(cloud)
        assert {grade for grade, _ in machines_of(cloud).values()} <= set(graded())
    assert {location_of("gcp", region) for region in ("us-central1", "us-west4")} == {
        "US-EAST",
        "US-WEST",
    }
    assert location_of("gcp", "me-west1") is None
    assert location_of_place("Sweden, SE") == "EU-NORTH"
    assert location_of_place("California, US") == "US-WEST"
    assert location_of_place("US") == location_of_place("") == location_of_place("Texas, US") == ""
    assert {location_of_place(word) for word in ("JP", "FR", "Ohio, US", "Utah, US")} == points - {
        "none"
    }

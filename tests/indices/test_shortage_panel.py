"""The AWS panel zone by zone: on no day without an offer does an index tell the last price.

In the panel a zone without an offer has either never had one or gets its first one later. Told
backwards the same days are zones that lose theirs, and the price of cover is asked for.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.compute as compute
import pyarrow.parquet as parquet
import pytest

from lasalle.indices.chain import Status
from lasalle.indices.evidence import Evidence, PriceType, Unit
from lasalle.indices.history import replay
from lasalle.indices.published import ChainMethod
from lasalle.indices.quotes import DAY, EvidenceBook, evidence_table
from tests.indices.offers import method

FIRST, LAST = datetime(2022, 12, 2, tzinfo=UTC), datetime(2024, 6, 13, tzinfo=UTC)
PANEL = Path(__file__).parents[3] / "shared/data/gpu_prices/aws_gpu_daily_panel_2022_2024.parquet"


def zone_method(card: str) -> ChainMethod:
    """An index of one machine in one zone: a single offer is enough."""
    return method(
        ("H100-SXM", card),
        ("offers = 3\nsources = 1\nsize = 0", "offers = 1\nsources = 1\nsize = 0"),
    )


def evidence(row: dict[str, Any], tenor: int, usd: float | None) -> Evidence:
    """A zone's day: what was to be had, or that nothing was; and the list price on demand."""
    kind = PriceType.LIST if tenor else PriceType.EXECUTABLE
    return Evidence(
        source="aws-panel",
        time=int(row["date"].timestamp()) * 10**9 + DAY // 2,
        unit=Unit.GPU_HOUR,
        grade=row["accelerator"],
        location="US-EAST",
        tenor_days=tenor,
        size=8,
        price_type=kind if usd else PriceType.SHORTAGE,
        price=round(usd * 1e6) if usd else 0,
        offer=f"{row['zone']}/{row['instance_type']}/{tenor}",
        reference="panel",
    )


def zones(backwards: bool) -> list[list[dict[str, Any]]]:
    """Days of each machine of each zone that was without an offer on some of them."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    panel = parquet.read_table(PANEL)
    without = panel.filter(compute.is_null(panel["spot_usd_per_gpu_hour"]))
    names = {
        (r["zone"], r["instance_type"])
        for r in without.select(["zone", "instance_type"]).to_pylist()
    }
    known = compute.is_in(panel["zone"].cast("string"), arrow.array([zone for zone, _ in names]))
    for row in panel.filter(known).to_pylist():
        if (row["zone"], row["instance_type"]) in names:
            date = row["date"].replace(tzinfo=UTC)
            row["date"] = LAST - (date - FIRST) if backwards else date
            found.setdefault((row["zone"], row["instance_type"]), []).append(row)
    return list(found.values())


@pytest.mark.rule("IDX-013")
@pytest.mark.parametrize(("backwards", "covered"), [(False, 0), (True, 600)])
def test_no_zone_day_without_an_offer_is_told_as_the_day_before(
    backwards: bool, covered: int
) -> None:
    if not PANEL.exists():
        pytest.skip("the AWS panel is not beside this checkout")
    seen: Counter[str] = Counter()
    for rows in zones(backwards):
        told = [evidence(row, 0, row["spot_usd_per_gpu_hour"]) for row in rows]
        told += [
            evidence(row, 1, row["on_demand_usd_per_gpu_hour"])
            for row in rows
            if row["on_demand_usd_per_gpu_hour"]
        ]
        short = {e.time // DAY for e in told if e.price_type is PriceType.SHORTAGE}
        short -= {e.time // DAY for e in told if e.price_type is PriceType.EXECUTABLE}
        before = 0
        for step in replay(zone_method(rows[0]["accelerator"]), EvidenceBook(evidence_table(told))):
            fixing = step.fixing
            if fixing.day not in short:
                before = fixing.price if fixing.status is Status.FIXED else before
                continue
            assert fixing.status in (Status.SHORTAGE, Status.NO_FIX), fixing
            assert fixing.reason == "shortage"
            assert "carried" not in fixing.marks
            assert fixing.price == 0 or fixing.price >= before
            seen[fixing.status.value] += 1
            seen["dearer"] += fixing.price > before > 0
    assert seen["shortage"] + seen["no-fix"] > 20_000, seen
    assert seen["shortage"] >= covered, seen
    assert seen["dearer"] >= 0.9 * seen["shortage"], "cover is dearer than the spot it stands for"

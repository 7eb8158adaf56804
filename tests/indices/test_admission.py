"""What may be evidence is let in, and each thing that may not is refused by its own name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as arrow
import pytest

from lasalle.indices.evidence import EVIDENCE_SCHEMA, EvidenceError
from lasalle.indices.sources import REASONS, admit, combine
from lasalle.indices.sources.admission import micro_dollars

HOUR = 3_600 * 1_000_000_000
NOW = int(datetime(2026, 3, 12, 12, tzinfo=UTC).timestamp()) * 1_000_000_000
ALWAYS = (0, 1 << 62)
ROW: dict[str, Any] = {
    "source": "vast",
    "time": NOW,
    "unit": 1,
    "grade": "H100-SXM",
    "location": "US-EAST",
    "tenor_days": 1,
    "size": 8,
    "price_type": 2,
    "price": 2_500_000,
    "offer": "machine 7",
    "reference": "row 1",
    "simulated": False,
}


def table(*changes: dict[str, Any]) -> arrow.Table:
    return arrow.Table.from_pylist([ROW | change for change in changes], schema=EVIDENCE_SCHEMA)


def test_a_good_row_comes_in_as_it_is() -> None:
    reading = admit(table({}), *ALWAYS, asked_at=NOW, stale_after=HOUR)
    assert reading.evidence.to_pylist() == [ROW]
    assert reading.refusals() == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"price": 0}, "not a price"),
        ({"price": -1}, "not a price"),
        ({"price": 250_000_000}, "cents"),
        ({"price": 45_000_000}, "cents"),
        ({"price": 100_000}, "beyond belief"),
        ({"price": 25_000_000_000}, "beyond belief"),
        ({"time": NOW + HOUR}, "future"),
        ({"time": NOW - 3 * HOUR}, "stale"),
    ],
)
def test_a_row_is_refused_by_name(change: dict[str, Any], reason: str) -> None:
    reading = admit(table(change, {"offer": "b"}), *ALWAYS, asked_at=NOW, stale_after=2 * HOUR)
    assert reading.refusals() == {reason: 1}
    assert reading.refused.to_pylist() == [ROW | change | {"reason": reason}]
    assert reading.evidence.to_pylist() == [ROW | {"offer": "b"}]
    assert reason in REASONS


def test_a_clock_that_is_wrong_is_heard_of_outside_the_window() -> None:
    window = (NOW - HOUR, NOW + 1)
    late = admit(table({"time": NOW + HOUR}), *window, asked_at=NOW)
    assert late.refusals() == {"future": 1}
    old = admit(table({"time": NOW - 2 * HOUR}), *window, asked_at=NOW, stale_after=HOUR)
    assert old.refusals() == {"stale": 1}
    assert len(admit(table({"time": NOW + HOUR}), *window).refused) == 0, "a file has no clock"


def test_an_offer_told_twice_counts_once_and_a_gainsaid_one_not_at_all() -> None:
    same = admit(table({}, {"reference": "row 2"}, {"offer": "b"}), *ALWAYS)
    assert same.refused["reference"].to_pylist() == ["row 2"]
    assert same.refusals() == {"repeated": 1}
    torn = admit(table({}, {"price": 2_600_000}, {"offer": "b"}, {}), *ALWAYS)
    assert torn.refusals() == {"contradicted": 3}
    assert torn.evidence["offer"].to_pylist() == ["b"]
    apart = admit(table({}, {"time": NOW + 1}, {"source": "prime"}), *ALWAYS)
    assert len(apart.evidence) == 3


def test_a_shortage_has_no_price_and_is_admitted() -> None:
    reading = admit(table({"price_type": 4, "price": 0, "size": 0}), *ALWAYS)
    assert reading.evidence["price_type"].to_pylist() == [4]


def test_nothing_is_admitted_and_combined() -> None:
    empty = admit(EVIDENCE_SCHEMA.empty_table(), *ALWAYS)
    assert len(combine([empty, empty]).evidence) == 0
    assert combine([]).refusals() == {}
    assert combine([empty]).evidence.schema == EVIDENCE_SCHEMA


def test_rows_of_another_shape_are_refused() -> None:
    with pytest.raises(EvidenceError, match="rows"):
        admit(table({}).drop(["price"]), *ALWAYS)


def test_prices_are_whole_micro_dollars_rounded_half_to_even() -> None:
    told = [2.5, 0.0000015, 0.0000025, 1e-9, 0.0, -1.0, None, float("inf"), float("nan"), 1e12]
    found = micro_dollars(arrow.array(told, arrow.float64()))
    assert found.tolist() == [2_500_000, 2, 2, -1, 0, 0, 0, 0, 0, 0]
    assert micro_dollars(np.array([8.0, 1.0]), 8).tolist() == [1_000_000, 125_000]

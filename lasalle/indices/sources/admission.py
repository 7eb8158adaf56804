"""What is let in as evidence: rows a source gave, checked one by one and refused by name.

The checks know nothing of the market. A price that is merely odd comes in and is the fixing
method's to judge; what is refused here cannot be evidence at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
from numpy.typing import NDArray

from lasalle.indices.evidence import EVIDENCE_SCHEMA, EvidenceError, PriceType
from lasalle.indices.sources.grading import grade_band

REASONS = {
    "no delivery point": "its region belongs to no delivery point of the standards",
    "marked": "its publisher or the file's keeper marked it as doubtful",
    "not a price": "the price is missing, not finite, zero or below",
    "cents": "a hundredth of the price is believable and the price is not: another unit",
    "beyond belief": "the price lies outside the band of its grade",
    "future": "it is dated after it was asked for, by more than the clocks may differ",
    "stale": "it is dated longer before it was asked for than the source's rows may be",
    "repeated": "the same offer at the same time and price stands earlier in the answer",
    "circular": "it is a price of a contract that settles on the index it would be evidence for",
    "contradicted": "the same offer has two prices at one time; none of them is believed",
}
"""Every reason a row is refused for, and what it means."""

REFUSED_SCHEMA = EVIDENCE_SCHEMA.append(arrow.field("reason", arrow.string()))
CLOCKS_DIFFER = 5 * 60 * 1_000_000_000
"""Nanoseconds by which a publisher's clock may run ahead of ours."""

Whole = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source said in a window: admitted rows, and refused rows with a `reason` column."""

    evidence: arrow.Table
    refused: arrow.Table

    def refusals(self) -> dict[str, int]:
        """Number of rows refused, by reason."""
        counted = self.refused["reason"].value_counts()
        return {row["values"]: row["counts"] for row in counted.to_pylist()}


def rows_of(columns: Mapping[str, Any]) -> arrow.Table:
    """Rows from columns, a single word or number standing for all; `simulated` is false and
    `location` empty where not given.
    """
    filled: dict[str, Any] = {"simulated": False, "location": "", **columns}
    if missing := [name for name in EVIDENCE_SCHEMA.names if name not in filled]:
        raise EvidenceError("columns", ", ".join(EVIDENCE_SCHEMA.names), f"no {missing[0]}")
    alone = {name for name, value in filled.items() if isinstance(value, (str, int))}
    length = len(next(value for name, value in filled.items() if name not in alone))
    arrays = []
    for field in EVIDENCE_SCHEMA:
        value = filled[field.name]
        column = [value] * length if field.name in alone else value
        if isinstance(column, arrow.ChunkedArray):
            column = column.combine_chunks()
        arrays.append(arrow.array(column, field.type))
    return arrow.Table.from_arrays(arrays, schema=EVIDENCE_SCHEMA)


def micro_dollars(dollars: Any, units: int = 1) -> Whole:
    """Whole micro-dollars per unit of prices in USD for `units` of them, half to even; 0 where
    missing, infinite or not above zero, and -1 where below a whole micro-dollar.
    """
    prices = np.asarray(compute.fill_null(_float(dollars), np.nan), dtype=float) / units
    good = np.isfinite(prices) & (prices > 0.0) & (prices < 1e9)
    whole = np.rint(np.where(good, prices, 0.0) * 1e6).astype(np.int64)
    return np.where(good & (whole == 0), -1, whole)


def _float(values: Any) -> arrow.Array:
    found = values.combine_chunks() if isinstance(values, arrow.ChunkedArray) else values
    if not isinstance(found, arrow.Array):
        found = arrow.array(found)
    return found.cast(arrow.float64())


def admit(
    rows: arrow.Table,
    since: int,
    until: int,
    *,
    marks: Mapping[str, Marks] | None = None,
    asked_at: int | None = None,
    stale_after: int | None = None,
) -> Reading:
    """Rows of the window that may be evidence; the others with the first reason that holds.

    `marks` are reasons the connector itself found. `asked_at` is given for a live answer: its rows
    are then tested against the clock, and those of `future` and `stale` are refused even where the
    window would leave them out, because a clock that is an hour off must be heard of.
    """
    if rows.schema != EVIDENCE_SCHEMA:
        raise EvidenceError("rows", str(EVIDENCE_SCHEMA.names), rows.schema.names)
    times = rows["time"].to_numpy()
    shortage = rows["price_type"].to_numpy() == PriceType.SHORTAGE
    reason: NDArray[np.object_] = np.full(len(rows), "", dtype=object)
    for name, marked in {**(marks or {}), **_clock(times, asked_at, stale_after)}.items():
        _give(reason, marked, name)
    inside = (times >= since) & (times < until)
    inside |= (reason == "future") | (reason == "stale")
    prices = rows["price"].to_numpy()
    _give(reason, (prices <= 0) & ~shortage, "not a price")
    low, high = _bands(rows)
    hundredth = (prices > high) & (prices >= 100 * low) & (prices <= 100 * high)
    _give(reason, hundredth & ~shortage, "cents")
    _give(reason, ((prices < low) | (prices > high)) & ~shortage, "beyond belief")
    left = np.flatnonzero(inside & (reason == ""))
    for name, found in _told_twice(rows, left).items():
        reason[found] = name
    kept = inside & (reason == "")
    return Reading(
        evidence=rows.filter(arrow.array(kept)),
        refused=rows.append_column(
            REFUSED_SCHEMA.field("reason"), arrow.array(reason, arrow.string())
        ).filter(arrow.array(inside & ~kept)),
    )


def combine(readings: list[Reading]) -> Reading:
    """Several readings as one, in order of time, source and offer."""
    evidence = arrow.concat_tables(
        [EVIDENCE_SCHEMA.empty_table(), *(reading.evidence for reading in readings)]
    )
    refused = arrow.concat_tables(
        [REFUSED_SCHEMA.empty_table(), *(reading.refused for reading in readings)]
    )
    order = [("time", "ascending"), ("source", "ascending"), ("offer", "ascending")]
    return Reading(evidence.sort_by(order), refused.sort_by(order))


def _give(reason: NDArray[np.object_], marked: Marks, name: str) -> None:
    reason[marked & (reason == "")] = name


def _clock(times: Whole, asked_at: int | None, stale_after: int | None) -> dict[str, Marks]:
    if asked_at is None:
        return {}
    found = {"future": times > asked_at + CLOCKS_DIFFER}
    if stale_after is not None:
        found["stale"] = times < asked_at - stale_after
    return found


def _bands(rows: arrow.Table) -> tuple[Whole, Whole]:
    codes = compute.dictionary_encode(rows["grade"].combine_chunks())
    bands = [grade_band(grade) for grade in codes.dictionary.to_pylist()] or [(0, 0)]
    both = np.array(bands, dtype=np.int64)[codes.indices.to_numpy()]
    return both[:, 0], both[:, 1]


def _told_twice(rows: arrow.Table, left: Whole) -> dict[str, Whole]:
    """Rows, among those left, that say again or gainsay what stands in another."""
    some = rows.take(arrow.array(left))
    names = compute.binary_join_element_wise(some["source"], some["offer"], "\n").combine_chunks()
    offers = compute.dictionary_encode(names).indices.to_numpy().astype(np.int64)
    keys = np.stack([offers, some["time"].to_numpy()], axis=1)
    prices = some["price"].to_numpy()
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    group = group.reshape(-1)
    differs = np.zeros(len(first), dtype=bool)
    np.logical_or.at(differs, group, prices != prices[first][group])
    contradicted = differs[group]
    repeated = ~contradicted & (first[group] != np.arange(len(left)))
    return {"contradicted": left[contradicted], "repeated": left[repeated]}

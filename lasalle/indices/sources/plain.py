"""Plain files: anyone's prices in columns of the house's own words, the unit declared by name."""

from __future__ import annotations

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from lasalle.indices.evidence import PriceType, Unit
from lasalle.indices.sources.admission import Reading, admit, micro_dollars, rows_of
from lasalle.indices.sources.columns import asked_columns, nanoseconds, translated
from lasalle.indices.sources.faults import SourceError
from lasalle.indices.sources.grading import graded

PRICES = {"price_usd": 1, "price_cents": 100, "price_micro_dollars": 1_000_000}
"""The column a price stands in declares its unit; a file has exactly one of them."""
PLAIN_COLUMNS = ("time", "grade", "location", "tenor_days", "size", "price_type", "offer")


def plain_evidence(
    table: arrow.Table, since: int, until: int, *, source: str, reference: str
) -> Reading:
    """Evidence of a plain file: `PLAIN_COLUMNS` and one of `PRICES`.

    `price_type` is executed, executable, list or shortage; the price of a shortage is left empty.
    """
    declared = [name for name in PRICES if name in table.column_names]
    if len(declared) != 1:
        raise SourceError(
            f"{source}: price column", f"exactly one of {', '.join(PRICES)}", table.column_names
        )
    rows = asked_columns(table, (*PLAIN_COLUMNS, declared[0]), source)
    kinds = {kind.name.lower(): str(int(kind)) for kind in PriceType}
    _known(rows["price_type"], tuple(kinds), f"{source}: price_type")
    _known(rows["grade"], graded(), f"{source}: grade")
    kind = translated(rows["price_type"], kinds).astype(np.int64)
    tokens = np.asarray(compute.starts_with(rows["grade"], "T-"))
    prices = micro_dollars(rows[declared[0]], PRICES[declared[0]])
    if np.any((prices != 0) & (kind == PriceType.SHORTAGE)):
        raise SourceError(f"{source}: {declared[0]}", "no price beside a shortage", "one")
    numbers = arrow.array(range(len(rows)), arrow.int64()).cast(arrow.string())
    evidence = rows_of(
        {
            "source": source,
            "time": nanoseconds(rows["time"]),
            "unit": np.where(tokens, Unit.MILLION_TOKENS, Unit.GPU_HOUR),
            "grade": rows["grade"],
            "location": compute.fill_null(rows["location"], ""),
            "tenor_days": rows["tenor_days"].cast(arrow.int32()),
            "size": compute.fill_null(rows["size"].cast(arrow.int64()), 0),
            "price_type": kind,
            "price": prices,
            "offer": rows["offer"],
            "reference": compute.binary_join_element_wise(f"{reference}#", numbers, ""),
        }
    )
    return admit(evidence, since, until)


def _known(column: arrow.ChunkedArray, words: tuple[str, ...], field: str) -> None:
    for word in column.unique().to_pylist():
        if word not in words:
            raise SourceError(field, f"one of {', '.join(words)}", word)

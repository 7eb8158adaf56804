"""Marketplaces: the half-hourly record of Prime."""

from __future__ import annotations

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from lasalle.indices.evidence import PriceType, Unit
from lasalle.indices.sources.admission import Reading, admit, micro_dollars, rows_of
from lasalle.indices.sources.columns import asked_columns, nanoseconds, translated
from lasalle.indices.sources.grading import accelerators

PRIME_HISTORY_COLUMNS = ("timestamp", "gpu_type", "socket", "provider", "offers", "min_usd")


def prime_history_evidence(
    table: arrow.Table, since: int, until: int, *, source: str, reference: str
) -> Reading:
    """Evidence of the Prime record: each provider's lowest price of a grade, every half hour.

    EXECUTABLE for one accelerator, on demand: the record holds offers with stock, and of the lowest
    price it says no more. It names no place, so the location is empty.
    """
    asked = asked_columns(table, PRIME_HISTORY_COLUMNS, source)
    names = compute.binary_join_element_wise(asked["gpu_type"], asked["socket"], "/")
    grades = translated(names, accelerators())
    numbers = np.arange(len(asked), dtype=np.int64)
    mask = arrow.array(grades != "")
    rows = asked.filter(mask)
    numbered = arrow.array(numbers[grades != ""]).cast(arrow.string())
    evidence = rows_of(
        {
            "source": source,
            "time": nanoseconds(rows["timestamp"]),
            "unit": int(Unit.GPU_HOUR),
            "grade": grades[grades != ""],
            "tenor_days": 1,
            "size": 1,
            "price_type": int(PriceType.EXECUTABLE),
            "price": micro_dollars(rows["min_usd"]),
            "offer": compute.binary_join_element_wise(
                "prime",
                rows["provider"].combine_chunks(),
                names.filter(mask).combine_chunks(),
                "/",
            ),
            "reference": compute.binary_join_element_wise(f"{reference}#", numbered, ""),
        }
    )
    return admit(evidence, since, until)

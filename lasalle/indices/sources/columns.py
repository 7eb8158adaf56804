"""Columns of what was read: asked for by name, and turned into the house's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
from numpy.typing import NDArray

from lasalle.indices.sources.faults import SourceError

HOUR = 3_600 * 1_000_000_000
DAY = 24 * HOUR


def asked_columns(table: arrow.Table, names: Iterable[str], source: str) -> arrow.Table:
    """The named columns, dictionary columns as plain words; a missing one is refused by name."""
    wanted = list(names)
    if missing := [name for name in wanted if name not in table.column_names]:
        raise SourceError(
            f"{source}: columns", ", ".join(wanted), f"no {missing[0]} in {table.column_names}"
        )
    columns = []
    for name in wanted:
        column = table[name]
        if arrow.types.is_dictionary(column.type) or arrow.types.is_large_string(column.type):
            column = column.cast(arrow.string())
        columns.append(column)
    return arrow.table(columns, names=wanted)


def nanoseconds(column: arrow.ChunkedArray) -> NDArray[np.int64]:
    """Times as nanoseconds since 1970 UTC; a column without a zone is UTC."""
    if not arrow.types.is_timestamp(column.type) and not arrow.types.is_date(column.type):
        raise SourceError("times", "a column of times", str(column.type))
    zone = column.type.tz if arrow.types.is_timestamp(column.type) else None
    exact = column.cast(arrow.timestamp("ns", tz=zone)).cast(arrow.int64())
    return np.asarray(exact.combine_chunks().to_numpy(zero_copy_only=False), dtype=np.int64)


def noon(dates: arrow.ChunkedArray) -> NDArray[np.int64]:
    """12:00 UTC of each date: where a source that tells no hour is put."""
    days = nanoseconds(dates) // DAY
    return np.asarray(days * DAY + 12 * HOUR, dtype=np.int64)


def translated(column: arrow.ChunkedArray, words: Mapping[str, str]) -> NDArray[np.str_]:
    """Each word by the house's word for it; empty where there is none."""
    codes = compute.dictionary_encode(column.combine_chunks())
    known = np.array([words.get(word, "") for word in codes.dictionary.to_pylist()], dtype=np.str_)
    if not len(known):
        return np.zeros(len(column), dtype=np.str_)
    return np.asarray(known[codes.indices.to_numpy()])

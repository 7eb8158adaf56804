"""The record of an index as a Parquet file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet

from lasalle.indices.record import Record, RecordError, Row, Stage

_WORDS = (
    "index", "day", "status", "rung", "reason", "evidence_day", "method_sha256", "inputs_root",
    "state_before", "state_after",
)  # fmt: skip
_NUMBERS = ("price", "offers", "sources", "rows", "level", "method_version")
EXPOSURE = (
    "up_1_micro_dollars", "down_1_micro_dollars", "up_5_micro_dollars", "down_5_micro_dollars",
    "gain_1_micro_dollars", "gain_5_micro_dollars", "lots", "largest_alone_ppm", "withdrawals",
)  # fmt: skip
"""Columns of what moving a fixing costs; null where no number of own offers does it in a date."""
MOST_ROWS = 200_000
"""Rows of a record, of an index fixed every date for a hundred years with room for corrections."""
RECORD_SCHEMA = arrow.schema(
    [
        ("stage", arrow.string()),
        ("published", arrow.int64()),
        *((name, arrow.string()) for name in _WORDS),
        *((name, arrow.int64()) for name in _NUMBERS),
        ("marks", arrow.list_(arrow.string())),
        ("simulated", arrow.bool_()),
        ("old_price", arrow.int64()),
        ("why", arrow.string()),
        *((name, arrow.int64()) for name in EXPOSURE),
        ("late", arrow.int64()),
        ("silent", arrow.list_(arrow.string())),
    ]
)
_ADDED = {"late": 0, "silent": []}
"""Columns a record without them is read with: a house lays them down anew with its next row."""


def write_record(rows: Sequence[Row]) -> bytes:
    """Rows of a record as a Parquet file."""
    table = arrow.Table.from_pylist([_flat(row) for row in rows], schema=RECORD_SCHEMA)
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


def read_record(content: bytes) -> Record:
    """A record from its file; rows that could not have been added are refused."""
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows > MOST_ROWS:  # a few bytes can stand for a million rows
            raise RecordError("rows", f"at most {MOST_ROWS}", file.metadata.num_rows)
        table = file.read()
    except arrow.ArrowException as error:
        raise RecordError("file", "a Parquet file of a record", str(error)) from error
    names = RECORD_SCHEMA.names
    if table.schema.names not in (names, [name for name in names if name not in _ADDED]):
        raise RecordError("columns", ", ".join(names), table.schema.names)
    return Record(_row(_ADDED | found) for found in table.to_pylist())


def fixing_json(row: Row) -> bytes:
    """A row for programs."""
    return json.dumps(_flat(row), indent=1).encode("ascii")


def _flat(row: Row) -> dict[str, Any]:
    return {
        "stage": row.stage.value,
        "published": row.published,
        **row.fixing,
        "old_price": row.old_price,
        "why": row.why,
        **{name: row.exposure.get(name) for name in EXPOSURE},
        "late": row.late,
        "silent": list(row.silent),
    }


def _row(found: dict[str, Any]) -> Row:
    fixing = {name: found[name] for name in (*_WORDS, *_NUMBERS, "marks", "simulated")}
    return Row(
        stage=Stage(found["stage"]),
        fixing=fixing,
        published=found["published"],
        old_price=found["old_price"],
        why=found["why"],
        exposure={name: found[name] for name in EXPOSURE if found[name] is not None},
        late=found["late"],
        silent=tuple(found["silent"]),
    )

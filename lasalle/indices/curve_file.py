"""A published curve as the bytes of a Parquet file, and back: a row a month, its inputs beside."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

import pyarrow as arrow
import pyarrow.parquet as parquet

from lasalle.contracts import Month, day_number
from lasalle.indices.curve import (
    CURVE_METHOD,
    MOST_MONTHS,
    Curve,
    CurveError,
    CurveMonth,
    Place,
    Repriced,
    Repricing,
    parse_curve_inputs,
)
from lasalle.indices.curve_fit import recompute_curve

INPUTS, HELD, PUBLISHED = b"lasalle.inputs", b"lasalle.held", b"lasalle.published"
CURVE_SCHEMA = arrow.schema(
    [
        ("index", arrow.string()),
        ("day", arrow.int32()),
        ("month", arrow.int32()),
        ("forward", arrow.int64()),
        ("low", arrow.int64()),
        ("high", arrow.int64()),
        ("place", arrow.string()),
        ("method", arrow.int32()),
        ("input_sha256", arrow.string()),
    ]
)
"""Prices in micro-dollars per unit, days YYYYMMDD, months YYYYMM. The file's metadata holds the
canonical inputs, how each is held, and when the curve was published, nanoseconds UTC."""


@dataclass(frozen=True, slots=True)
class StoredCurve:
    """A curve as it was published, and when: nanoseconds UTC."""

    curve: Curve
    published: int


def write_curve(curve: Curve, published: int) -> bytes:
    """The file of a curve."""
    rows = [
        {
            "index": curve.index,
            "day": day_number(curve.day),
            "month": row.month.number,
            "forward": row.forward,
            "low": row.low,
            "high": row.high,
            "place": row.place.name.lower(),
            "method": curve.method,
            "input_sha256": curve.input_sha256,
        }
        for row in curve.months
    ]
    held = [[r.input.name, r.held.name.lower(), *r.against] for r in curve.repricings]
    beside = {INPUTS: curve.inputs, HELD: json.dumps(held), PUBLISHED: str(published)}
    table = arrow.Table.from_pylist(rows, CURVE_SCHEMA).replace_schema_metadata(beside)
    sink = arrow.BufferOutputStream()
    parquet.write_table(table, sink)
    return bytes(sink.getvalue())


def curve_lines(curve: Curve) -> bytes:
    """A curve in canonical form: a head, a row a month, how each input is held."""
    head = f"{curve.index}|{day_number(curve.day)}|curve v{curve.method}|{curve.input_sha256}"
    rows = [
        f"{row.month.number}|{row.forward}|{row.low}|{row.high}|{row.place.name.lower()}"
        for row in curve.months
    ]
    held = [f"{r.input.name}|{r.held.name.lower()}" for r in curve.repricings]
    return "\n".join([head, *rows, *held, ""]).encode("utf-8")


def curve_sha256(curve: Curve) -> str:
    """Digest of the canonical form: what is published beside the curve."""
    return hashlib.sha256(curve_lines(curve)).hexdigest()


def read_curve(content: bytes) -> StoredCurve:
    """The curve of a file, its repricings told from the months it holds."""
    try:
        file = parquet.ParquetFile(arrow.BufferReader(content))
        if file.metadata.num_rows > MOST_MONTHS:  # a few bytes can stand for a million rows
            raise CurveError("rows", f"at most {MOST_MONTHS}", file.metadata.num_rows)
        table = file.read()
        beside = table.schema.metadata
        text, published = beside[INPUTS], int(beside[PUBLISHED])
        rows = table.to_pylist()
        months = tuple(
            CurveMonth(
                Month.from_number(row["month"]),
                row["forward"],
                row["low"],
                row["high"],
                Place[row["place"].upper()],
            )
            for row in rows
        )
        told = {name: (Repriced[h.upper()], tuple(a)) for name, h, *a in json.loads(beside[HELD])}
    except CurveError:
        raise
    except (KeyError, TypeError, ValueError, arrow.ArrowException) as error:
        raise CurveError("file", "a Parquet file of a curve", repr(error)) from error
    index, day, terms, inputs = parse_curve_inputs(text)
    _check(rows, index, day, {one.name for one in inputs} == told.keys())
    forward = {row.month: row.forward for row in months}
    repricings = tuple(
        Repricing.of(one, forward, *told[one.name]) for one in sorted(inputs, key=lambda i: i.name)
    )
    curve = Curve(index, day, terms, months, repricings, text)
    for row in rows:
        if row["input_sha256"] != curve.input_sha256:
            raise CurveError("input_sha256", curve.input_sha256, row["input_sha256"])
    return StoredCurve(curve, published)


def _check(rows: list[dict[str, object]], index: str, day: date, named: bool) -> None:
    expected = {"index": index, "day": day_number(day), "method": CURVE_METHOD}
    for row in rows:
        found = {name: row[name] for name in expected}
        if found != expected:
            raise CurveError("rows", str(expected), found)
    if not named:
        raise CurveError("held", "one word for each input", "others")


def differences(stored: Curve) -> list[str]:
    """What parts a stored curve from the one its inputs give here, a sentence each; none when every
    bit agrees.
    """
    anew = recompute_curve(stored.inputs)
    found = []
    if [row.month for row in stored.months] != [row.month for row in anew.months]:
        return ["months: the stored strip is not that of the terms"]
    for old, now in zip(stored.months, anew.months, strict=True):
        for name in ("forward", "low", "high", "place"):
            was, is_now = getattr(old, name), getattr(now, name)
            if was != is_now:
                found.append(f"{old.month}: {name}: stored {was}, recomputed {is_now}")
    for was_held, now_held in zip(stored.repricings, anew.repricings, strict=True):
        if was_held.held != now_held.held:
            words = f"stored {was_held.held.name.lower()}, recomputed {now_held.held.name.lower()}"
            found.append(f"{was_held.input.name}: {words}")
    return found

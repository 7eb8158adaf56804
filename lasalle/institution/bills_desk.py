"""`lasalle hedge bills`: bills in FOCUS columns from files of any size, and their basis."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from lasalle.client import Asking, Client
from lasalle.client.asking import asking_series
from lasalle.hedging.bills import (
    Bill,
    BillBasis,
    BillError,
    BillReader,
    Following,
    basis_of,
    following,
    naming,
)
from lasalle.hedging.bills.telling import (
    basis_picture,
    basis_value,
    days_csv,
    following_words,
    told,
    value,
)
from lasalle.hedging.plan.need import Need
from lasalle.institution.asked_fixings import asked_fixings
from lasalle.institution.training_run import load_index

BLOCK_BYTES = 1 << 20
"""Of a file that is read at once, uncompressed; the reader holds some forty of them ahead."""
NULLS = ["", "NULL", "null"]
MOST_FILES = 1_000
Ask = Callable[[Asking[Any]], Any]


def run(args: Any, client: Client | None = None) -> int:
    """Carries out `lasalle hedge bills`; `client` asks a served house, none where prices are
    given.
    """
    bill = read_bills(args.files, args.cost, args.machines)
    basis, against = _basis(args, client, bill)
    if args.csv:
        args.csv.write_bytes(days_csv(bill))
        print(f"{args.csv} written", file=sys.stderr)
    if args.png and basis is not None:
        args.png.write_bytes(basis_picture(basis, against))
        print(f"{args.png} written", file=sys.stderr)
    print(
        json.dumps(value(bill, basis, against), indent=2)
        if args.json
        else told(bill, basis, against)
    )
    return 0


def _basis(args: Any, client: Client | None, bill: Bill) -> tuple[BillBasis | None, str]:
    """The basis and what it is against; none, and why."""
    used = bill.of(args.grade, args.location)
    if not used:
        return None, f"the bill has no hours of {args.grade} in {args.location}"
    try:
        if args.prices:
            name, index = listed_index(args.prices, args.grade, args.location)
        else:
            assert client is not None, "the command line brings one"
            name, index = served_index(client.ask, args.grade, args.location)
            name = f"{name}: as the house serves it"
        return basis_of(used, index), name
    except httpx.ConnectError:
        return None, f"no house is served at {args.at}; name another with --at, or give --prices"
    except ValueError as error:
        return None, str(error)


def listed_index(
    prices: Path, grade: str, location: str, before: date = date.max
) -> tuple[str, dict[date, int]]:
    """The index of a folder's price list before a day. Raises ValueError for what the folder has
    not.
    """
    if (grade, location) != ("H100", "US"):
        found = f"{grade} in {location}"
        raise ValueError(f"expected H100 in US, whose list the folder has, found {found}")
    fixings, simulated, source = load_index(prices)
    word = "SIMULATED, " if simulated else ""
    return f"H100-US: {word}{source}", {
        one.day: one.price_micro_dollars for one in fixings if not one.carried and one.day < before
    }


def read_bills(paths: Iterable[Path], cost: str, machines: Path | None = None) -> Bill:
    """Bills as one: CSV, plain or compressed as its name says, or Parquet. Raises BillError, and
    OSError for a file that is not there.
    """
    own = machines.read_text(encoding="utf-8") if machines else ""
    reader = BillReader(naming(own), cost)
    names = list(paths)
    if not 1 <= len(names) <= MOST_FILES:
        raise BillError(f"bills: expected 1 to {MOST_FILES} files, found {len(names)}")
    if len({path.resolve() for path in names}) < len(names):
        raise BillError("bills: expected each file once, found one twice")
    for path in names:
        _check_text(path)
        try:
            (_read_parquet if path.suffix == ".parquet" else _read_csv)(path, reader)
        except (pa.ArrowException, OSError) as error:
            raise BillError(f"{path}: expected FOCUS rows, found {error}") from error
    return reader.bill()


def _check_text(path: Path) -> None:
    """Raises BillError for no file, an empty one, and one named as CSV that is no text."""
    if not path.is_file():
        found = "a folder" if path.is_dir() else "none"
        raise BillError(f"{path}: expected a file of bills in FOCUS columns, found {found}")
    if not path.stat().st_size:
        raise BillError(f"{path}: expected a head of FOCUS columns and rows, found an empty file")
    if path.suffix not in (".csv", ".txt", ""):
        return
    with path.open("rb") as file:
        begins = file.read(BLOCK_BYTES)
    try:
        # The block may end within a letter.
        codecs.getincrementaldecoder("utf-8-sig")().decode(begins)
        text = b"\0" not in begins
    except UnicodeDecodeError:
        text = False
    if not text:
        raise BillError(
            f"{path}: expected CSV, text in UTF-8, found bytes that are none; a compressed file is"
            " named as such (.csv.gz, .csv.zst), Parquet as .parquet"
        )


def _read_csv(path: Path, reader: BillReader) -> None:
    with pa.input_stream(path, compression="detect") as stream:
        head = pa.csv.open_csv(stream, *_options())
        wanted = reader.check(str(path), head.schema.names)

    def invalid(row: Any) -> str:
        where = "" if row.number is None else f", row {row.number}"
        reader.lost(row.actual_columns, f"{path}{where}")
        return "skip"

    with pa.input_stream(path, compression="detect") as stream:
        at = 2
        for batch in pa.csv.open_csv(stream, *_options(wanted, invalid)):
            reader.take(str(path), batch, at)
            at += batch.num_rows


def _options(
    wanted: Iterable[str] = (), invalid: Callable[[Any], str] | None = None
) -> tuple[Any, Any, Any]:
    """How a file is read; without columns every one, for its head alone."""
    return (
        pa.csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
        pa.csv.ParseOptions(
            newlines_in_values=True, invalid_row_handler=invalid or (lambda _: "skip")
        ),
        pa.csv.ConvertOptions(
            include_columns=list(wanted),
            column_types={name: pa.string() for name in wanted},
            null_values=NULLS,
            strings_can_be_null=True,
        ),
    )


def _read_parquet(path: Path, reader: BillReader) -> None:
    file = pa.parquet.ParquetFile(path)
    wanted = reader.check(str(path), file.schema_arrow.names)
    at = 1
    for batch in file.iter_batches(batch_size=65_536, columns=list(wanted)):
        texts = [_text(batch.column(n)) for n in batch.schema.names]
        reader.take(str(path), pa.RecordBatch.from_arrays(texts, batch.schema.names), at)
        at += batch.num_rows


def _text(column: pa.Array) -> pa.Array:
    """A column as text; of a map, as SKU details are kept, every word of it."""
    if pa.types.is_nested(column.type):
        return pa.array([None if one is None else str(one) for one in column.to_pylist()])
    return column.cast(pa.string())


def with_bills(
    need: Need, file: Path, index: Mapping[date, int], name: str
) -> tuple[Need, Following, str]:
    """The need with the basis its bills show, how far they follow the index, and what is said of
    it; bills stand beside the need's own file. Raises ValueError where they show none.
    """
    paths = [file.parent / one for one in need.bill.files]
    bill = read_bills(paths, need.bill.cost)
    used = bill.of(need.grade, need.location)
    if not used:
        raise BillError(_no_hours(need, bill))
    found = basis_of(used, index)
    need, shown = billed(need, found, name)
    return need, shown, bill_words(found, name, bill)


def _no_hours(need: Need, bill: Bill) -> str:
    """Why a bill gives a need no hours: what its rows were taken for."""
    whys = [f"{one.rows:,} {one.why}: {one.words} ({one.first})" for one in bill.left_out[:3]]
    if bill.others:
        whys.append(f"{bill.others:,} other services, the dearest {bill.services[0].words!r}")
    others = sorted({f"{one.grade} in {one.location}" for one in bill.used})
    whys += [f"hours of {', '.join(others)}"] if others else []
    return (
        f"bill.files: expected hours of {need.grade} in {need.location}, found none in"
        f" {bill.rows:,} rows: {'; '.join(whys) or 'there is no row'}"
    )


def billed(need: Need, found: BillBasis, name: str) -> tuple[Need, Following]:
    """The need with a basis, and how far that follows the index of a name."""
    shown = following(found, name)
    seen = msgspec.structs.replace(
        need.bill,
        ratio=min(max(found.ratio, 0.01), 100.0),
        deviation=min(shown.deviation, 2.0),
        follows=shown.share,
        index_dollars=shown.stood,
    )
    return msgspec.structs.replace(need, bill=seen), shown


def bill_words(found: BillBasis, name: str, bill: Bill) -> str:
    """Where the plan's basis comes from, in one line."""
    levels, shown = basis_value(found)["levels"], following(found, name)
    fit = f", R2 by day {levels['r_squared']:.2f}" if levels else ""
    return (
        f"own bill: {found.ratio:.3f} of {name}, following {shown.share:.0%} of its moves and"
        f" straying {shown.deviation:.1%} a month from that{fit}, from"
        f" {found.hours:,.0f} accelerator-hours on {len(found.days)} days"
        f" ({bill.rows:,} rows, {bill.not_understood:,} not understood);"
        f" {following_words(found)}"
    )


def served_index(ask: Ask, grade: str, location: str) -> tuple[str, dict[date, int]]:
    """Name and fixings of the index of a grade and place in a served house. Raises ValueError
    where it lists no series on one.
    """
    for series in ask(asking_series()):
        if series.index_name in (f"{grade}-{location}", grade):
            return series.index_name, asked_fixings(ask, series.index)
    raise ValueError(f"expected an index of {grade} in {location} in the house, found none")

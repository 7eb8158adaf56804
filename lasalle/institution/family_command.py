"""`lasalle index sources` and `lasalle index family`: where evidence comes from, and every derived
index of a date from the records of a folder.
"""

from __future__ import annotations

import argparse
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as arrow

from lasalle.client import Client
from lasalle.indices import EVIDENCE_SCHEMA, INDEX
from lasalle.indices.family import Derived, MonthQuotes, recompute
from lasalle.indices.family.derived import OBSERVED, Truth
from lasalle.indices.family.listed import derived_names, family_of, indices_read
from lasalle.indices.sources import Source, Unreachable
from lasalle.indices.truth import truth_of
from lasalle.institution.derived_desk import legs_of
from lasalle.institution.families import index_names
from lasalle.institution.index_bundle import looked_in, store_of
from lasalle.institution.option_quotes import asked_quotes
from lasalle.institution.settings import PRICES
from lasalle.institution.sources import FileSource, known_sources
from lasalle.institution.sources.files import file_sources

DAY = 86_400 * 10**9


def sources(args: argparse.Namespace) -> int:
    """Every source, its terms, and whether it was ever run live."""
    prices = args.prices or PRICES
    found = known_sources(prices, None, os.environ)
    print(f"{'source':<24}{'run live':<24}{'here':<8}{'licence':<42} origin")
    for name, source in found.items():
        print(f"{name:<24}{source.live:<24}{_here(source):<8}{source.licence:<42} {source.origin}")
    never = sum(source.live == "never run live" for source in found.values())
    print(f"{len(found)} sources, {never} of them never run live; docs/reference/sources.md")
    return 0


def _here(source: Source) -> str:
    """Whether a file is on this machine; of the others it is not known without asking."""
    if isinstance(source, FileSource):
        return "yes" if source.path.is_file() else "no"
    return "-"


def family(args: argparse.Namespace) -> int:
    """The derived indices of a date, or one of them made anew from its published lines."""
    if args.recompute:
        return _again(recompute(args.recompute.read_bytes()), args)
    store = store_of(args.dir)
    if not store.folder.is_dir() and not args.at:
        where = looked_in(args.dir)
        raise ValueError(f"{where}: expected records of indices (lasalle index fix), found none")
    day, options, quoted = _options(args)
    fixings = {index: legs_of(store, index) for index in sorted(indices_read())}
    evidence, missing = _market_evidence(args.prices or PRICES, day)
    kept = {*store.indices(), *options}
    found = family_of(day, fixings, evidence, options, kept, quoted=quoted)
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        for index in found:
            (args.out / f"{index.index}-{day}.txt").write_bytes(index.inputs)
    for index in found:
        print(json.dumps(_row(index)) if args.json else _line(index))
    if not args.json:
        for sentence in missing:
            print(sentence)
        values = sum(index.value is not None for index in found)
        print(f"{day}: {values} of {len(found)} derived indices have a value")
        if rest := len(derived_names()) - len(found):
            print(f"{rest} more are made of indices that are not kept in {store.folder}")
    return 0


def _options(
    args: argparse.Namespace,
) -> tuple[date, dict[str, list[MonthQuotes]], Truth]:
    """The date asked for, and the quotes of a served house where one is named, with what they are:
    those stand now, so the date is that of its last fixing.
    """
    if not args.at:
        if args.day is None:
            raise ValueError("day: expected a date, --at ADDRESS or --recompute FILE, found none")
        return args.day, {}, OBSERVED
    with Client(args.at) as client:
        asked = asked_quotes(client, INDEX, args.day)
    return asked.day, {index_names()[INDEX]: asked.months}, asked.truth


def _again(index: Derived, args: argparse.Namespace) -> int:
    print(json.dumps(_row(index)) if args.json else _line(index))
    return 0


def _row(index: Derived) -> dict[str, Any]:
    return {
        "index": index.index,
        "day": index.day,
        "method": f"{index.method} v{index.version}",
        "value": index.value,
        "unit": index.unit,
        "reason": index.reason,
        "detail": index.detail,
        "simulated": index.simulated,
        "modelled": index.modelled,
        "input_sha256": index.input_sha256,
    }


def _line(index: Derived) -> str:
    value = "-" if index.value is None else f"{index.value:,}"
    said = index.reason or index.detail
    truth = "-" if index.value is None else truth_of(index.simulated, index.modelled)
    return f"{index.index:<28}{value:>14}  {index.unit:<36} {truth:<20} {said}".rstrip()


def _market_evidence(prices: Path, day: date) -> tuple[arrow.Table, list[str]]:
    """What could be had or not in the forty days up to a date, and the files that are absent."""
    end = (day.toordinal() - date(1970, 1, 1).toordinal() + 1) * DAY
    tables, missing = [EVIDENCE_SCHEMA.empty_table()], []
    for source in file_sources(prices):
        if source.name.startswith("tokens-"):
            continue
        try:
            tables.append(source.read(end - 40 * DAY, end))
        except Unreachable as error:
            missing.append(str(error))
    return arrow.concat_tables(tables), missing

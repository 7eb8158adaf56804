"""The words of `lasalle margin`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.institution.index_words import a_date, a_day

Verb = Callable[..., argparse.ArgumentParser]
EXAMPLES = (
    "lasalle margin what-if --position front=10 --position front+2=-4",
    "lasalle margin report --day 2026-03-01",
)


def add(margin: argparse.ArgumentParser, verb: Verb, add_house: Callable[[Any], None]) -> None:
    """What margin can be asked."""
    what = margin.add_subparsers(dest="what", required=True, metavar="WHAT")
    asked = verb(
        what,
        "what-if",
        "reckon what a portfolio would be asked, here, from the published table alone",
        "lasalle margin what-if --position front=10 --position front+2=-4",
        "lasalle margin what-if --position front+1=10:0:6 --json",
    )
    asked.add_argument("file", nargs="?", type=Path, help="CSV: symbol,lots and maybe buys,sells")
    asked.add_argument(
        "--position",
        action="append",
        default=[],
        metavar="SYMBOL=LOTS[:BUYS:SELLS]",
        help="signed lots, open lots on each side; front, front+1 as in lasalle order",
    )
    asked.add_argument(
        "--delivery",
        action="append",
        default=[],
        metavar="LOTS:HOURS:USD",
        help="a side of a delivery: hours not yet final, or paid ahead; dollars a unit set aside",
    )
    asked.add_argument(
        "--table", type=Path, help="a table that lasalle margin table saved; no house is asked"
    )
    asked.add_argument("--json", action="store_true", help="for programs")
    table = verb(
        what, "table", "save the margin table in force of a served house",
        "lasalle margin table table.json",
    )  # fmt: skip
    table.add_argument("file", type=Path, help="JSON to write")
    table.add_argument("--table", default="current", help="number or digest of one that was")
    for one in (asked, table):
        add_house(one)
    report = verb(
        what,
        "report",
        "say of each series why its margin is what it is: moves, floors that bind, digest",
        "lasalle margin report --day 2026-03-01",
    )
    report.add_argument("--day", type=a_date, help="business day (default: the last with prices)")
    tested = verb(
        what,
        "backtest",
        "test margin on real prices: coverage, runs, swings, parameters bumped",
        "lasalle margin backtest --out margin-backtest.md",
    )
    tested.add_argument("--out", type=Path, help="writes the page into this file")
    for one in (report, tested):
        one.add_argument("--prices", type=Path, help="folder of price histories")
    _add_houses(what, verb)


def _add_houses(what: Any, verb: Verb) -> None:
    """What is asked of a house in a folder."""
    again = verb(
        what,
        "tables",
        "make again every margin table of a house from its journal, into a folder",
        "lasalle margin tables var/house --out var/tables",
    )
    again.add_argument("dir", type=Path, help="folder of a house, served or not")
    again.add_argument("--from", dest="since", type=a_day, default=0, help="YYYY-MM-DD")
    again.add_argument("--out", type=Path, help="folder to write (default: that of the house)")
    run = verb(
        what,
        "cover",
        "run Cover-1 and Cover-2 of a settled day over the stress set, from a house's journal",
        "lasalle margin cover var/house",
        "lasalle margin cover var/house --json",
    )
    run.add_argument("dir", type=Path, help="folder of a house, served or not")
    run.add_argument("--day", type=a_day, default=0, help="YYYY-MM-DD (default: the last settled)")
    run.add_argument("--json", action="store_true", help="the whole run, as the house keeps it")

"""The words of `lasalle hedge`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.institution.index_words import a_date
from lasalle.institution.settings import PRICES

POLICIES = ("static", "rolling", "delta")
Verb = Callable[..., argparse.ArgumentParser]
EXAMPLES = (
    "lasalle hedge example spring-run.toml",
    "lasalle hedge plan need.toml --png plan.png --orders orders.json --account 101",
)


def add(hedge: argparse.ArgumentParser, verb: Verb, add_house: Callable[[Any], None]) -> None:
    """What a lab can ask of its hedge."""
    what = hedge.add_subparsers(dest="what", required=True, metavar="WHAT")
    example = verb(
        what, "example", "write a need to begin from", "lasalle hedge example autumn-run.toml"
    )  # fmt: skip
    example.add_argument("file", type=Path, help="TOML to write; nothing is overwritten")
    plan = verb(
        what,
        "plan",
        "plan the hedge of a need: cost with and without, legs and their reasons, orders",
        "lasalle hedge plan need.toml",
        "lasalle hedge plan need.toml --prices ../shared/data --day 2026-07-01 --json",
    )
    rebalance = verb(
        what,
        "rebalance",
        "plan again with what an account holds",
        "lasalle hedge rebalance need.toml --account 101",
    )
    rebalance.add_argument("--account", type=int, required=True, help="whose positions are held")
    for one in (plan, rebalance):
        _asked(one)
        add_house(one)
    plan.add_argument(
        "--prices",
        type=Path,
        nargs="?",
        const=PRICES,
        help="no house is asked: folder with gpu_prices/, quotes by the maker's model",
    )
    plan.add_argument("--account", type=int, help="with --orders: whom they are written for")
    plan.add_argument("--day", type=a_date, help="with --prices: the plan's day")
    _add_bills(what, verb, add_house)
    _add_books(what, verb, add_house)
    _add_sending(what, verb, add_house)


def _add_bills(what: Any, verb: Verb, add_house: Callable[[Any], None]) -> None:
    bills = verb(
        what,
        "bills",
        "read own bills in FOCUS columns: hours, prices, and the basis to the index",
        "lasalle hedge bills june.csv july.csv.gz",
        "lasalle hedge bills bills.parquet --grade H100 --location US --png basis.png",
    )
    bills.add_argument("files", type=Path, nargs="+", help="FOCUS 1.0 or later, CSV or Parquet")
    bills.add_argument("--grade", default="H100", help="default %(default)s")
    bills.add_argument("--location", default="US", help="default %(default)s")
    bills.add_argument(
        "--cost",
        choices=("EffectiveCost", "BilledCost"),
        default="EffectiveCost",
        help="default %(default)s: commitments spread over the hours they cover",
    )
    bills.add_argument("--machines", type=Path, help="TOML of machines the tables lack")
    bills.add_argument("--csv", type=Path, help="writes hours and prices by day")
    bills.add_argument("--png", type=Path, help="writes the picture of the basis")
    bills.add_argument("--json", action="store_true", help="for programs")
    bills.add_argument(
        "--prices",
        type=Path,
        nargs="?",
        const=PRICES,
        help="no house is asked: folder with gpu_prices/, its H100 list is the index",
    )
    add_house(bills)


def _asked(one: argparse.ArgumentParser) -> None:
    """What a plan and a rebalance are asked with."""
    one.add_argument("need", type=Path, help="the need, TOML")
    one.add_argument("--scenarios", type=int, default=10_000, help="default %(default)s")
    one.add_argument("--seed", type=int, default=1, help="of the scenarios")
    one.add_argument(
        "--policy",
        choices=POLICIES,
        help="as the date becomes clearer; default: as the need says",
    )
    one.add_argument("--json", action="store_true", help="for programs")
    one.add_argument("--png", type=Path, help="writes the picture")
    one.add_argument("--html", type=Path, help="writes the report as one page")
    one.add_argument("--orders", type=Path, help="writes the orders, for lasalle hedge execute")
    one.add_argument("--save", type=Path, help="writes all of it, for report, memo and journal")


def _add_books(what: Any, verb: Verb, add_house: Callable[[Any], None]) -> None:
    report = verb(
        what,
        "report",
        "tell a saved plan again, as it was: text, page, picture, orders",
        "lasalle hedge report plan.json --html plan.html",
    )
    report.add_argument("--html", type=Path, help="writes the report as one page")
    report.add_argument("--png", type=Path, help="writes the picture")
    report.add_argument("--orders", type=Path, help="writes the orders, for lasalle hedge execute")
    memo = verb(
        what,
        "memo",
        "write the draft of the memo that designates a saved plan once its lots are held",
        'lasalle hedge memo plan.json --entity "Lab Ltd" --out memo.pdf',
    )
    memo.add_argument("--entity", default="", help="who designates")
    memo.add_argument("--out", type=Path, help="memo.md, memo.html or memo.pdf; default: printed")
    journal = verb(
        what,
        "journal",
        "write the journal entries of the account of a saved plan",
        "lasalle hedge journal plan.json --out journal.csv",
        "lasalle hedge journal plan.json --bills june.csv --json",
    )
    journal.add_argument("--out", type=Path, help="CSV of the entries")
    journal.add_argument(
        "--since", type=a_date, help="day of the memo: nothing is designated on days before it"
    )
    journal.add_argument(
        "--bills", type=Path, nargs="+", help="FOCUS bills that show which hours arose"
    )
    journal.add_argument(
        "--statements", type=Path, nargs="+", help="whole statements as JSON; default: the house's"
    )
    for one in (report, memo, journal):
        one.add_argument("plan", type=Path, help="what plan --save wrote")
    for one in (report, journal):
        one.add_argument("--json", action="store_true", help="for programs")
    add_house(journal)


def _add_sending(what: Any, verb: Verb, add_house: Callable[[Any], None]) -> None:
    execute = verb(
        what,
        "execute",
        "send the orders of a plan, after one confirmation",
        "lasalle hedge execute orders.json",
        'lasalle hedge execute plan.json --memo memo.pdf --entity "Lab Ltd"',
    )
    execute.add_argument("--yes", action="store_true", help="asks nothing")
    track = verb(
        what,
        "track",
        "compare what an account holds with a plan, and what that brought with what it hedges",
        "lasalle hedge track orders.json",
        "lasalle hedge track plan.json --memo memo.pdf",
    )
    for one in (execute, track):
        one.add_argument("orders", type=Path, help="what plan --orders wrote, or plan --save")
        one.add_argument(
            "--memo",
            type=Path,
            help="of a saved plan: writes the memo of the lots held, memo.md, .html or .pdf",
        )
        one.add_argument("--entity", default="", help="with --memo: who designates")
        one.add_argument("--account", type=int, help="refuses orders written for another")
        one.add_argument("--json", action="store_true", help="for programs")
        add_house(one)


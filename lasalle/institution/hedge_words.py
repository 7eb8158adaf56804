"""The words of `lasalle hedge`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.institution.evidence import PRICES
from lasalle.institution.index_words import a_date

Verb = Callable[..., argparse.ArgumentParser]
EXAMPLES = (
    "lasalle hedge example spring-run.toml",
    "lasalle hedge plan need.toml --png plan.png --orders orders.json",
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
        one.add_argument("need", type=Path, help="the need, TOML")
        one.add_argument("--scenarios", type=int, default=10_000, help="default %(default)s")
        one.add_argument("--seed", type=int, default=1, help="of the scenarios")
        one.add_argument("--json", action="store_true", help="for programs")
        one.add_argument("--png", type=Path, help="writes the picture")
        one.add_argument("--html", type=Path, help="writes the report as one page")
        one.add_argument("--orders", type=Path, help="writes the orders, for lasalle hedge execute")
        add_house(one)
    plan.add_argument(
        "--prices",
        type=Path,
        nargs="?",
        const=PRICES,
        help="no house is asked: folder with gpu_prices/, quotes by the maker's model",
    )
    plan.add_argument("--day", type=a_date, help="with --prices: the plan's day")
    execute = verb(
        what,
        "execute",
        "send the orders of a plan, after one confirmation",
        "lasalle hedge execute orders.json --account 101",
    )
    execute.add_argument("orders", type=Path, help="what plan --orders wrote")
    execute.add_argument("--account", type=int, required=True, help="account that trades")
    execute.add_argument("--yes", action="store_true", help="asks nothing")
    track = verb(
        what,
        "track",
        "compare what an account holds with a plan",
        "lasalle hedge track orders.json --account 101",
    )
    track.add_argument("orders", type=Path, help="what plan --orders wrote")
    track.add_argument("--account", type=int, required=True, help="account that holds")
    for one in (execute, track):
        one.add_argument("--json", action="store_true", help="for programs")
        add_house(one)

"""The words of `lasalle line`: what it expects, and examples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def add(verbs: Any, verb: Callable[..., Any]) -> None:
    """Adds the verb."""
    line = verb(
        verbs,
        "line",
        "print what opens lines of credit for covered sellers, and report what they owe",
        "lasalle line report var/house",
    )
    what = line.add_subparsers(dest="what", required=True, metavar="WHAT")
    cover = verb(
        what,
        "cover",
        "print what records how many short lots an account has shown it can deliver",
        "lasalle line cover 2 10 150 1798761600000000000 --evidence verified.json",
    )
    cover.add_argument("account", type=int, help="a trading account")
    cover.add_argument("series", type=int, help="number of the series")
    cover.add_argument("lots", type=int, help="lots covered; 0 ends the cover")
    cover.add_argument("until", type=int, help="nanoseconds UTC up to which it stands")
    cover.add_argument("--evidence", type=Path, required=True, help="what was verified")
    terms = verb(
        what, "set", "print what opens a line or changes its terms", "lasalle line set 2 50000 350"
    )
    terms.add_argument("account", type=int, help="a trading account with cover in force")
    terms.add_argument("limit", help="dollars that may be owed; 0 ends draws")
    terms.add_argument("rate", type=int, help="interest, millionths a day, at most 10000")
    secure = verb(
        what,
        "secure",
        "print what takes an asset that covers no margin as security",
        "lasalle line secure 7 4000 1000000",
    )
    secure.add_argument("asset", type=int, help="an asset admitted with a haircut of everything")
    secure.add_argument("advance", type=int, help="ten-thousandths of its price lent against it")
    secure.add_argument("cap", help="dollars that one account may count of it")
    fund = verb(
        what, "fund", "print what adds money of the house to lend", "lasalle line fund 100000"
    )
    fund.add_argument("amount", help="dollars")
    report = verb(
        what,
        "report",
        "list lines with what they owe, what secures them, and cover",
        "lasalle line report var/house",
    )
    report.add_argument("dir", type=Path, help="folder of the house, served or not")

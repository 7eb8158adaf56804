"""The words of `lasalle fx`: what each expects, and an example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.institution.index_words import a_day


def add(verbs: Any, verb: Callable[..., Any], asks: Callable[[Any], None]) -> None:
    """Adds the verb; `asks` adds the words of who asks a served house."""
    fx = verb(
        verbs,
        "fx",
        "fix exchange rates from what publishers and officers say, show and publish their tables",
        "lasalle fx list var/house",
    )
    what = fx.add_subparsers(dest="what", required=True, metavar="WHAT")
    listed = verb(what, "list", "list the tables of a house by date", "lasalle fx list var/house")
    take = verb(
        what,
        "take",
        "take rates from a file: of the European Central Bank, or date,currency,usd_per_unit",
        "lasalle fx take var/house eurofxref-daily.xml",
        "lasalle fx take var/house rates.csv --hand bank",
    )
    fix = verb(
        what,
        "fix",
        "make the table of a date, or of one that has a table another with the reason",
        "lasalle fx fix var/house --day 2026-11-27",
        'lasalle fx fix var/house --day 2026-11-27 --why "the bank sent Thursday\'s file again"',
    )
    show = verb(
        what,
        "show",
        "show the table of a date, and check that its rows follow from its observations",
        "lasalle fx show var/house",
        "lasalle fx show table.json --json",
    )
    for one in (listed, take, fix):
        one.add_argument("dir", type=Path, help="folder of a house, served or not")
    show.add_argument("dir", type=Path, help="folder of a house, or the file of a table")
    take.add_argument("file", type=Path, help="XML or CSV")
    take.add_argument("--hand", default="ecb", help="who says these rates (default: %(default)s)")
    for one in (fix, show):
        one.add_argument("--day", type=a_day, default=0, help="YYYY-MM-DD (default: the last)")
    fix.add_argument("--why", default="", help="reason of a correction")
    show.add_argument("--row", type=int, default=0, help="of a date with several (default: last)")
    show.add_argument("--json", action="store_true", help="the whole table, for programs")
    say = verb(
        what,
        "say",
        "say a rate of a date as an officer of a served house",
        "lasalle fx say EUR 1.0851 --day 2026-11-27 --key first.json",
    )
    say.add_argument("currency", help="three capitals")
    say.add_argument("rate", help="USD for one unit, up to six decimals")
    say.add_argument("--day", type=a_day, required=True, help="YYYY-MM-DD")
    publish = verb(
        what,
        "publish",
        "put the prices of a table in force in a served house, as it does itself each day",
        "lasalle fx publish var/house --key first.json",
    )
    publish.add_argument("dir", type=Path, help="folder of the house")
    publish.add_argument("--day", type=a_day, default=0, help="YYYY-MM-DD (default: the last)")
    for one in (say, publish):
        asks(one)

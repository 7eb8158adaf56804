"""The words of `lasalle disclosure`: what it expects, and an example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.institution.index_words import a_day


def add(verbs: Any, verb: Callable[..., Any]) -> None:
    """Adds the verb; `verb` makes a parser with help and examples."""
    told = verb(
        verbs,
        "disclosure",
        "write what a house discloses of a settled day: its figures, and who holds what",
        "lasalle disclosure var/house --out disclosure.csv",
        "lasalle disclosure var/house --out disclosure.md",
        "lasalle disclosure var/house --commitments commitments.csv",
        "lasalle disclosure var/house --large-traders large.csv --key first.json",
        "lasalle disclosure var/house --trades trades.csv --key first.json",
    )
    told.add_argument("dir", type=Path, help="folder of a house, served or not")
    told.add_argument(
        "--as-of", type=a_day, default=0, metavar="DAY", help="YYYY-MM-DD (default: the last one)"
    )
    told.add_argument("--out", type=Path, help="the quantitative disclosure; .csv, or .md a page")
    told.add_argument("--commitments", type=Path, help="CSV: lots by class of trader, for everyone")
    told.add_argument(
        "--large-traders", type=Path, help="CSV: who holds much in a market; operators alone"
    )
    told.add_argument(
        "--trades",
        type=Path,
        help="trade-repository file of the day, .csv or .xml; operators alone, filed nowhere",
    )
    told.add_argument("--lei", default="", help="identifier of the house, for --trades")
    told.add_argument("--classes", type=Path, help="CSV: owner,class (default: member or client)")
    told.add_argument("--key", type=Path, help="key file of an operator, for the last two")

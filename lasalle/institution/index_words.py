"""The words of `lasalle index`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from lasalle.client.days import WRITTEN, read_day

Verb = Callable[..., argparse.ArgumentParser]
House = Callable[[argparse.ArgumentParser], None]
FOLDER = Path("var/indices")
FOUND = f"a folder of indices or of a house (default: the first of ., {FOLDER}, var/house with any)"
EXAMPLES = (
    "lasalle index fix H100-US T-STANDARD",
    "lasalle index show H100-US 2026-03-12",
)


def a_date(text: str) -> date:
    """A date as a person types it, or as eight digits."""
    found = read_day(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"expected {WRITTEN}, found {text!r}")
    return found


def a_day(text: str) -> int:
    """A date as a person types it, in the number of a field, YYYYMMDD."""
    return int(f"{a_date(text):%Y%m%d}")


def add(index: argparse.ArgumentParser, verb: Verb, house: House) -> None:
    """What an index can be asked."""
    what = index.add_subparsers(dest="what", required=True, metavar="WHAT")
    _add_fixings(what, verb)
    _add_readings(what, verb)
    _add_family(what, verb)
    _add_adoption(what, verb, house)
    again = verb(
        what,
        "recompute",
        "make a fixing again from what is published of it, bit for bit",
        "lasalle index recompute H100-US 2026-03-12",
        "lasalle index recompute H100-US 2026-03-12 --bundle H100-US-2026-03-12.json",
        "lasalle index recompute H100-US --against var/house",
        "lasalle index recompute H100-GCP-US-CENTRAL1 2025-03-13",
    )
    again.add_argument("index", help="its name, as lasalle index list shows it")
    again.add_argument("day", nargs="?", type=a_date, help="a date, YYYY-MM-DD")
    given = again.add_mutually_exclusive_group()
    given.add_argument("--bundle", type=Path, help="from this bundle alone")
    given.add_argument("--against", type=Path, help="every fixing a house has sealed of any index")
    again.add_argument("--dir", type=Path, help="a folder of indices or of a house")
    again.add_argument(
        "--at",
        default="",
        help="a served house to fetch the bundle from (default: the folders here, then LASALLE_AT, "
        "or this machine)",
    )
    again.add_argument("--inputs", type=Path, help="published inputs of version 1")
    again.add_argument("--published", type=Path, help="JSON of the fixing from elsewhere")
    _add_places(again, dir_too=False)


def _add_adoption(what: Any, verb: Verb, house: House) -> None:
    adopt = verb(
        what,
        "adopt",
        "say, as an officer, that an index goes on under a later version of its method",
        'lasalle index adopt H100-US --version 4 --from 2027-04-01 --why "a list read weekly"',
    )
    adopt.add_argument("index", help="its name, as lasalle index list shows it")
    adopt.add_argument("--version", type=int, required=True, help="a published one, later")
    adopt.add_argument("--from", dest="first", type=a_date, required=True,
                       help="first date under it, YYYY-MM-DD")  # fmt: skip
    adopt.add_argument("--why", required=True, help="what members read of it")
    house(adopt)


def _add_family(what: Any, verb: Verb) -> None:
    sources = verb(
        what, "sources", "show where evidence comes from, and what was ever run live",
        "lasalle index sources",
    )  # fmt: skip
    family = verb(
        what, "family", "derive tenors, volatility, availability and the rest of a date",
        "lasalle index family 2026-03-12 --out family",
        "lasalle index family --recompute family/H100-US-RV30-2026-03-12.txt",
    )  # fmt: skip
    family.add_argument("day", nargs="?", type=a_date, help="a date, YYYY-MM-DD")
    family.add_argument("--at", default="", help="a served house: its option books, as they stand")
    family.add_argument("--out", type=Path, help="a folder for the lines each is made from")
    family.add_argument("--recompute", type=Path, help="make one anew from its published lines")
    family.add_argument("--json", action="store_true", help="for programs, one a line")
    _add_places(sources, dir_too=False)
    _add_places(family, dir_too=False)
    family.add_argument("--dir", type=Path, help=FOUND)


def _add_readings(what: Any, verb: Verb) -> None:
    listed = verb(what, "list", "show every index, its method and its last fixing",
                  "lasalle index list")  # fmt: skip
    listed.add_argument("--dir", type=Path, help=FOUND)
    show = verb(
        what, "show", "show the last fixings of an index, or one date and why",
        "lasalle index show H100-US", EXAMPLES[1],
    )  # fmt: skip
    bundle = verb(
        what, "bundle", "copy out what a fixing is made of",
        "lasalle index bundle H100-US 2026-03-12 --out H100-US-2026-03-12.json",
    )  # fmt: skip
    plot = verb(
        what, "plot", "draw an index as a picture, or as a page that needs no network",
        "lasalle index plot H100-US --png spot.png --html spot.html",
    )  # fmt: skip
    for one in (show, bundle, plot):
        one.add_argument("index", help="its name, as lasalle index list shows it")
        one.add_argument("--dir", type=Path, help=FOUND)
    show.add_argument("day", nargs="?", type=a_date, help="a date, YYYY-MM-DD")
    show.add_argument("--json", action="store_true", help="for programs")
    bundle.add_argument("day", type=a_date, help="a date, YYYY-MM-DD")
    bundle.add_argument("--row", type=int, help="of the correction in this row of the record")
    bundle.add_argument("--out", type=Path, required=True, help="the file to write")
    plot.add_argument("--png", type=Path, help="a picture")
    plot.add_argument("--html", type=Path, help="a page")


def _add_fixings(what: Any, verb: Verb) -> None:
    fix = verb(
        what, "fix", "fix every date of indices that has come due since the last final one",
        EXAMPLES[0],
        "lasalle index fix H100-US --lots 5000",
        'lasalle index fix H100-US --correct 2026-03-12 --why "a region spoke in cents"',
    )  # fmt: skip
    fix.add_argument("indices", nargs="*", metavar="INDEX", help="(default: every one)")
    fix.add_argument("--to", type=a_date, help="the last date (default: the newest)")
    fix.add_argument("--lots", type=int, default=0, help="open interest that settles on it")
    fix.add_argument("--live", action="store_true", help="ask publishers over the network as well")
    fix.add_argument("--correct", type=a_date, help="look again at finals from here on")
    fix.add_argument("--why", default="", help="reason of the corrections")
    report = verb(
        what, "report", "replay indices over all the evidence there is, beside the plain median",
        "lasalle index report H100-ON-DEMAND",
    )  # fmt: skip
    report.add_argument("indices", nargs="*", metavar="INDEX", help="(default: every one)")
    coefficients = verb(
        what,
        "coefficients",
        "estimate the coefficients of a method from evidence, for its next version",
        "lasalle index coefficients H100-US",
    )
    coefficients.add_argument("index", help="its name, as lasalle index list shows it")
    _add_places(coefficients, dir_too=False)
    _add_places(fix, dir_too=True)
    _add_places(report, dir_too=False)
    report.add_argument("--dir", type=Path, help=FOUND)


def _add_places(verb: argparse.ArgumentParser, *, dir_too: bool) -> None:
    verb.add_argument("--prices", type=Path, help="folder with gpu_prices/ and llm_prices/")
    if dir_too:
        verb.add_argument("--dir", type=Path, default=FOLDER, help="(default: %(default)s)")

"""The words of `lasalle credit`: what each verb expects, and an example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Verb = Callable[..., Any]
FILE = "a supplier's TOML file, or the name of a made-up supplier, as northern-halls"


def add(verbs: Any, verb: Verb, asks: Callable[[Any], None]) -> None:
    """What the credit desk can be asked; `asks` adds the words of who asks a served house."""
    credit = verb(
        verbs,
        "credit",
        "judge suppliers: files, scores, limits, collateral, losses",
        "lasalle credit score northern-halls",
    )
    what = credit.add_subparsers(dest="what", required=True, metavar="WHAT")
    _of_a_file(what, verb)
    _of_a_house(what, verb)
    _of_models(what, verb)
    limits = verb(
        what,
        "limits",
        "show a supplier's limits by month, grade and place, and what the core holds it to",
        "lasalle credit limits northern-halls --key first.json",
    )
    limits.add_argument("supplier", help="a supplier on file")
    limits.add_argument(
        "--apply", action="store_true", help="set the limit, and propose what takes two actors"
    )
    asks(limits)
    line = verb(
        what,
        "line",
        "ask for a line without security; on when another officer asks for the same, 0 ends it",
        "lasalle credit line northern-halls 250000 --key first.json",
    )
    line.add_argument("supplier", help="a supplier on file")
    line.add_argument("usd", type=int, help="whole US dollars; 0 switches it off")
    asks(line)


def _of_a_file(what: Any, verb: Verb) -> None:
    example = verb(
        what,
        "example",
        "print the file of a made-up supplier, to write one's own from",
        "lasalle credit example plateau-compute",
    )
    example.add_argument("name", nargs="?", default="northern-halls", help="(default: %(default)s)")
    check = verb(
        what,
        "check",
        "read a supplier's file; every fault by field, or its digest",
        "lasalle credit check northern-halls",
    )
    score = verb(
        what,
        "score",
        "show the score of a file line by line, its grade, security, margin and warnings",
        "lasalle credit score plateau-compute",
        "lasalle credit score sandbar-resale --json",
    )
    for one in (check, score):
        one.add_argument("file", help=FILE)
    score.add_argument("--json", action="store_true", help="for programs")


def _of_a_house(what: Any, verb: Verb) -> None:
    file = verb(
        what,
        "file",
        "keep a supplier's file in the record of a house",
        "lasalle credit file var/house plateau-compute --by 1",
    )
    file.add_argument("dir", type=Path, help="folder of a house, served or not")
    file.add_argument("file", help=FILE)
    see = verb(
        what,
        "see",
        "keep what share of a supplier's heartbeats was missed in the last day",
        "lasalle credit see var/house plateau-compute 0.03 --by 1",
    )
    see.add_argument("dir", type=Path, help="folder of a house, served or not")
    see.add_argument("supplier", help="a supplier on file")
    see.add_argument("missed", type=float, help="a share from 0 to 1")
    draw = verb(
        what,
        "draw",
        "draw on a supplier's letter of credit: kept, and printed as it is presented",
        'lasalle credit draw var/house northern-halls "Bank of the North" 250000 --by 1',
    )
    counts = verb(
        what,
        "counts",
        "print what says in the core that hardware and spare capacity count for an account",
        "lasalle credit counts var/house plateau-compute 2",
    )
    for one in (draw, counts):
        one.add_argument("dir", type=Path, help="folder of a house, served or not")
        one.add_argument("supplier", help="a supplier on file")
    draw.add_argument("issuer", help="who issued the letter, or its own reference")
    draw.add_argument("usd", type=int, help="whole US dollars, up to what is left of it")
    counts.add_argument("account", type=int, help="number of its trading account")
    counts.add_argument("--days", type=int, default=30, help="it stands (default: %(default)s)")
    for one in (file, see, draw):
        one.add_argument("--by", type=int, required=True, help="number of the officer who says so")
    portfolio = verb(
        what,
        "portfolio",
        "show every supplier on file: grade, what is sold, required and secured, warnings",
        "lasalle credit portfolio var/house",
    )
    portfolio.add_argument("dir", type=Path, help="folder of a house, served or not")
    portfolio.add_argument("--json", action="store_true", help="for programs")
    asked = verb(
        what,
        "what-if",
        "say how much more a supplier can sell of a month, and what a spike would ask of it",
        "lasalle credit what-if var/house northern-halls next+2 H100 EN --price 2.40",
    )
    asked.add_argument("dir", type=Path, help="folder of a house, served or not")
    asked.add_argument("supplier", help="a supplier on file")
    asked.add_argument("month", help="YYYY-MM, or next, or next+2: months after the next one")
    asked.add_argument("grade", help="a grade of its fleet, as H100")
    asked.add_argument("place", help="where it stands, as EN")
    asked.add_argument("--price", default="", help="USD an hour (default: that of the market)")
    asked.add_argument("--json", action="store_true", help="for programs")


def _of_models(what: Any, verb: Verb) -> None:
    residual = verb(
        what,
        "residual",
        "show what a machine is still worth by age, and fit how fast rents fall to price files",
        "lasalle credit residual",
    )
    residual.add_argument("--prices", type=Path, help="folder with the Parquet files of prices")
    loss = verb(
        what,
        "loss",
        "draw what the suppliers of a house may cost in a year, expected and at a quantile",
        "lasalle credit loss var/house --draws 20000",
    )
    loss.add_argument("dir", type=Path, help="folder of a house, served or not")
    loss.add_argument("--draws", type=int, default=0, help="(default: that of the terms)")
    loss.add_argument("--seed", type=int, default=-1, help="(default: that of the terms)")
    lives = verb(
        what,
        "lifetimes",
        "fit how long machines are left to who rents them, and test it on later ones",
        "lasalle credit lifetimes made-up",
    )
    lives.add_argument("file", help="CSV: cloud, created, gpu, zone, preempted, hours; or made-up")
    lives.add_argument("--cut", type=float, default=0.5, help="share known (default: %(default)s)")
    for one in (residual, loss, lives):
        one.add_argument("--json", action="store_true", help="for programs")

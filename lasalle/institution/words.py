"""The words of the `lasalle` command: verbs, what each expects, and an example of each."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from lasalle import __version__, wire
from lasalle.gateway.keys import SCOPES, USUAL_SCOPES
from lasalle.institution import (
    bank_words,
    books_words,
    credit_words,
    default_words,
    delivery_words,
    disclosure_words,
    fx_words,
    hedge_words,
    index_words,
    line_words,
    margin_words,
    pricing_words,
)
from lasalle.institution.settings import KEY_FILE

DEMO_FOLDER = Path("var/house")
HERE = "http://127.0.0.1:8080"
STORIES = {"delivery": "delivery", "hall-forward": "hall", "inference-company": "inference",
           "month-and-right": "right", "reserve": "reserve"}  # fmt: skip
STUDIES = {
    **{name: f"lasalle.institution.examples.{module}" for name, module in STORIES.items()},
    "training-run": "lasalle.institution.training_run",
    "walk-forward": "lasalle.institution.walk_forward",
}
LIVES = tuple(t.name.lower() for t in wire.TimeInForce if t != wire.TimeInForce.GTD)
SYMBOL = "a listed symbol, or a month future still trading, nearest first: front+1, TSTD-front"
FIELDS = "a JSON object; docs/reference/commands.md has the fields of each command"
EXAMPLE_KEY = "18efe3a651cf7e1050e953bc3dbc55c43715c959dabac3074036b9447d92764f"
"""The public half of a key whose secret was never kept: nobody signs with it."""


def parser() -> argparse.ArgumentParser:
    """Every verb, with its help."""
    top = argparse.ArgumentParser(
        prog="lasalle",
        description="An exchange and a clearing house for AI compute.",
        epilog="lasalle VERB --help says what a verb expects and shows an example.",
    )
    top.add_argument("--version", action="version", version=f"lasalle {__version__}")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    _add_houses(verbs)
    _add_commands(verbs)
    _add_readings(verbs)
    _add_curve(
        _verb(verbs, "curve", "show forward curves, and make them anew", "lasalle curve show")
    )
    _add_contracts(verbs)
    index_words.add(
        _verb(verbs, "index", "fix, show and recompute indices", *index_words.EXAMPLES),
        _verb,
        _add_house,
    )
    books_words.add(verbs, _verb)
    prices = "value a series, its surface, fit processes"
    pricing = _verb(verbs, "pricing", prices, *pricing_words.EXAMPLES)
    pricing_words.add(pricing, _verb, _add_house)
    margin = _verb(verbs, "margin", "reckon margin, and test it", *margin_words.EXAMPLES)
    margin_words.add(margin, _verb, _add_house)
    bank_words.add(verbs, _verb, _add_house)
    fx_words.add(verbs, _verb, _add_house)
    default = _verb(verbs, "default", "drill what a default costs", *default_words.EXAMPLES)
    default_words.add(default, _verb, _add_house)
    disclosure_words.add(verbs, _verb)
    credit_words.add(verbs, _verb, _add_house)
    delivery_words.add(verbs, _verb, _add_house)
    hedge = _verb(verbs, "hedge", "plan and follow the hedge of a need", *hedge_words.EXAMPLES)
    hedge_words.add(hedge, _verb, _add_house)
    line_words.add(verbs, _verb)
    _add_studies(verbs)
    return top


def _verb(verbs: Any, name: str, says: str, *examples: str) -> argparse.ArgumentParser:
    shown = "\n".join(f"  {example}" for example in examples)
    made: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=says,
        description=f"{says[0].upper()}{says[1:]}.",
        epilog=f"{'examples' if len(examples) > 1 else 'example'}:\n{shown}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return made


def _add_houses(verbs: Any) -> None:
    run = _verb(
        verbs,
        "run",
        "serve a house until Ctrl-C; without a folder, the demonstration",
        "lasalle run --dir my-house --port 8090",
    )
    run.add_argument(
        "--dir", type=Path, default=DEMO_FOLDER, help="its folder (default: %(default)s)"
    )
    run.add_argument("--port", type=int, default=8080, help="of page and API (default: 8080)")
    run.add_argument("--door-port", type=int, help="of the frame door; 0: none (default: the next)")
    init = _verb(
        verbs,
        "init",
        "make a folder for a house",
        'lasalle init --production my-house --name "My house"',
    )
    init.add_argument("--production", action="store_true", help="empty: no key, member or price")
    init.add_argument("dir", type=Path, help="a folder that is empty or not there")
    init.add_argument("--name", default="LaSalle", help="name of the venue, up to 32 characters")
    init.add_argument(
        "--operator",
        action="append",
        default=[],
        metavar="NUMBER:PUBLIC",
        help="an operator and the public half of its key; at least two open the house",
    )
    made = _verb(
        verbs,
        "keygen",
        "make a key of your own; its public half is printed, the file holds both",
        "lasalle keygen own-key.json",
    )
    made.add_argument("file", type=Path, help="a file that does not exist; nobody else can read it")
    check = _verb(
        verbs,
        "verify",
        "check a house: chain, replay, snapshots, ledger, positions and statements",
        "lasalle verify var/house",
    )
    check.add_argument("dir", type=Path, help="folder of a house, served or not")
    _add_key(verbs)


def _add_key(verbs: Any) -> None:
    key = _verb(
        verbs,
        "key",
        "make a key for an actor of a house in a folder, or admit one's own public half",
        "lasalle key var/house 1 --scopes read,admin --file first.json",
        "lasalle key var/house 2 --scopes read,admin --file second.json",
        f"lasalle key var/house 12 --public {EXAMPLE_KEY}",
    )
    key.add_argument("dir", type=Path, help="folder of the house")
    key.add_argument("actor", type=int, help="number of the actor that will ask with it")
    key.add_argument(
        "--scopes",
        default=",".join(USUAL_SCOPES),
        help=f"of {', '.join(SCOPES)} (default: %(default)s)",
    )
    key.add_argument("--public", default="", help="admit this public half; no secret is made")
    key.add_argument("--file", type=Path, help="write the key here, and print its name alone")
    key.add_argument("--from", dest="networks", default="", help="addresses, as 10.0.0.0/8,...")


def _add_commands(verbs: Any) -> None:
    ask = _verb(
        verbs,
        "ask",
        "send a command of the schema, and print the events it caused",
        """lasalle ask mass_cancel '{"account": 2}'""",
    )
    propose = _verb(
        verbs,
        "propose",
        "put a four-eyes command before another operator",
        """lasalle propose register_member '{"member": 9, "name": "Ninth"}' --key first.json""",
    )
    for verb in (ask, propose):
        verb.add_argument("name", metavar="COMMAND", help="as in docs/reference/commands.md")
        verb.add_argument("fields", nargs="?", default="{}", help=FIELDS)
    proposals = _verb(
        verbs,
        "proposals",
        "show the commands that wait for another operator",
        "lasalle proposals --key second.json",
    )
    approve = _verb(
        verbs,
        "approve",
        "carry out a proposal of another operator",
        "lasalle approve 4 --key second.json",
    )
    approve.add_argument("proposal", type=int, help="its number, as lasalle proposals shows it")
    for verb in (ask, propose, proposals, approve):
        verb.add_argument("--json", action="store_true", help="a refusal too, for programs")
        _add_house(verb)
    _add_order(_verb(verbs, "order", "place, cancel and list orders", "lasalle order list 2"))


def _add_order(order: argparse.ArgumentParser) -> None:
    what = order.add_subparsers(dest="what", required=True, metavar="WHAT")
    place = _verb(
        what,
        "place",
        "place an order at a limit, or at the market",
        "lasalle order place 2 buy front 5 6.35",
        "lasalle order place 2 buy front+3 5 market",
        "lasalle order place 2 sell front 5 6400 --ticks --post-only --client-order-id my-offer",
    )
    place.add_argument("account", type=int, help="number of an account the key may trade for")
    place.add_argument("side", choices=("buy", "sell"))
    place.add_argument("symbol", help=SYMBOL)
    place.add_argument("lots", type=int, help="a lot of a month is one GPU for all its hours")
    place.add_argument("price", help="USD per unit, as 6.35; or market, which never rests")
    place.add_argument("--ticks", action="store_true", help="the price is a number of whole ticks")
    place.add_argument(
        "--client-order-id", default="", help="a name of your own: asked twice, it happens once"
    )
    place.add_argument(
        "--time-in-force", choices=LIVES, help="how long it may rest (default: gtc; market: ioc)"
    )
    place.add_argument("--post-only", action="store_true", help="rest or be refused, never take")
    cancel = _verb(
        what,
        "cancel",
        "cancel an order by its number, or by your own name for it",
        "lasalle order cancel 2 ref:my-offer",
    )
    live = _verb(what, "list", "show live orders", "lasalle order list 2")
    for verb in (cancel, live):
        verb.add_argument("account", type=int, help="number of the account")
    cancel.add_argument("order", help="its number, or ref:NAME with the client order id")
    for verb in (place, cancel):
        verb.add_argument("--json", action="store_true", help="the events, for programs")
    for verb in (place, cancel, live):
        _add_house(verb)


def _add_readings(verbs: Any) -> None:
    accounts = _verb(
        verbs, "accounts", "show the accounts a key may see: cash, dues, positions",
        "lasalle accounts",
    )  # fmt: skip
    orders = _verb(verbs, "orders", "show the live orders of an account", "lasalle orders 2")
    orders.add_argument("account", type=int, help="number of the account")
    calls = _verb(
        verbs, "calls", "show the calls on an account: dues and margin, and whether met",
        "lasalle calls 2",
    )  # fmt: skip
    asked = _verb(
        verbs, "requirement", "show each change of what an account is asked, and why",
        "lasalle requirement 2",
    )  # fmt: skip
    for verb in (calls, asked):
        verb.add_argument("account", type=int, help="number of the account")
    book = _verb(verbs, "book", "show the book of a series", "lasalle book front")
    book.add_argument("symbol", help=SYMBOL)
    series = _verb(verbs, "series", "show what is listed", "lasalle series")
    status = _verb(
        verbs, "status", "show what a served house says of itself", "lasalle status --json"
    )
    status.add_argument("--json", action="store_true", help="for programs")
    for verb in (accounts, orders, calls, asked, book, series, status):
        _add_house(verb)


def _add_curve(curve: argparse.ArgumentParser) -> None:
    what = curve.add_subparsers(dest="what", required=True, metavar="WHAT")
    show = _verb(
        what,
        "show",
        "show a published curve of a served house, made anew here from its inputs",
        "lasalle curve show",
        "lasalle curve show H100-US --png curve.png --inputs inputs.txt",
    )
    show.add_argument("index", nargs="?", default="H100-US", help="(default: %(default)s)")
    show.add_argument(
        "--day", type=index_words.a_day, default=0, help="YYYY-MM-DD (default: the last one)"
    )
    show.add_argument("--inputs", type=Path, help="writes its canonical inputs into this file")
    build = _verb(
        what,
        "build",
        "make a curve from a file: its inputs, or a stored curve, which must agree bit for bit",
        "lasalle curve build inputs.txt --png curve.png",
    )
    build.add_argument("file", type=Path, help="canonical inputs, or the Parquet file of a curve")
    for verb in (show, build):
        verb.add_argument("--png", type=Path, help="draws the curve into this file as well")
        verb.add_argument("--json", action="store_true", help="for programs")
    _add_house(show)


def _add_contracts(verbs: Any) -> None:
    contracts = _verb(
        verbs, "contracts", "read, check and print the contract standards",
        "lasalle contracts list",
    )  # fmt: skip
    what = contracts.add_subparsers(dest="what", required=True, metavar="WHAT")
    listed = _verb(
        what,
        "list",
        "list the standards, or the series a product has on a day",
        "lasalle contracts list",
        "lasalle contracts list average-option --family H100 --day 2026-03-17 --forward 2.50",
    )
    listed.add_argument("product", nargs="?", help="a product, for its series on a day")
    listed.add_argument("--day", type=index_words.a_date, help="the day, as 2026-03-17")
    listed.add_argument("--forward", default="2.50", help="USD per unit (default: %(default)s)")
    show = _verb(
        what,
        "show",
        "show every term of a standard, or of the series a symbol names",
        "lasalle contracts show H100-2026-03-C-2.500",
        "lasalle contracts show capacity-forward-firm --family H100 --place UE",
        "lasalle contracts show H100-SXM/1 --toml my-grade.toml",
    )
    show.add_argument("name", help="a standard, one of its versions, or a symbol")
    show.add_argument("--json", action="store_true", help="the canonical text, for programs")
    show.add_argument("--toml", type=Path, help="write its file here, to make one of your own")
    check = _verb(
        what,
        "validate",
        "check files of standards beside those of the house; every fault at once",
        "lasalle contracts validate my-grade.toml",
    )
    check.add_argument("files", nargs="+", type=Path, help="TOML files of standards")
    render = _verb(
        what,
        "render",
        "write the rule chapter and a term sheet of two pages, HTML and PDF",
        "lasalle contracts render month-future --family H100 --dir sheets",
        "lasalle contracts render all --chapters --dir chapters",
    )
    render.add_argument("--chapters", action="store_true", help="the rule chapters alone")
    render.add_argument("name", help="a product, or all")
    render.add_argument("--dir", type=Path, required=True, help="folder to write to")
    for verb in (listed, show, render):
        verb.add_argument("--family", default="", help="of these grades or classes alone, as H100")
        verb.add_argument("--place", default="", help="in this place alone, as UE")
    compare = _verb(
        what,
        "diff",
        "compare two standards, or two files, field by field",
        "lasalle contracts diff capacity-forward-firm capacity-forward-contingent",
    )
    for name in ("before", "after"):
        compare.add_argument(name, help="a standard, one of its versions, or a TOML file")
    _add_cheapest(what)


def _add_cheapest(what: Any) -> None:
    cheapest = _verb(
        what,
        "ctd",
        "say which grade of a deliverable basket is the cheapest, and what the choice is worth",
        "lasalle contracts ctd H100-SXM=2.45 H200-SXM=2.90 B200-SXM=8.90 --settlement 2.40",
    )
    cheapest.add_argument("prices", nargs="+", metavar="GRADE=USD", help="forwards of one month")
    cheapest.add_argument("--settlement", default="", help="USD per H100-equivalent hour")
    cheapest.add_argument("--basket", default="deliverable-basket", help="(default: %(default)s)")
    for name, usual, says in (
        ("--volatility", 0.5, "of each grade, a year"), ("--correlation", 0.6, "of each two"),
        ("--days", 90, "until a grade is nominated"), ("--seed", 1, "of the draws, from three on"),
    ):  # fmt: skip
        cheapest.add_argument(name, type=type(usual), default=usual, help=f"{says} (%(default)s)")


def _add_studies(verbs: Any) -> None:
    days = _verb(
        verbs,
        "simulate",
        "live through days of a made-up world on a venue whose disk fails",
        "lasalle simulate --seed 7 --quiet",
    )
    days.add_argument("--seed", type=int, default=0, help="seed of the first day (default 0)")
    days.add_argument("--days", type=int, default=1, help="seeds from there on (default 1)")
    days.add_argument("--quiet", action="store_true", help="what was reached, not what was told")
    example = _verb(
        verbs,
        "run-example",
        "run an example on a venue of its own",
        "lasalle run-example training-run --help",
        "lasalle run-example training-run --quick",
    )
    example.add_argument("name", choices=sorted(STUDIES))
    example.add_argument("rest", nargs=argparse.REMAINDER, help="words of the example")


def _add_house(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--key",
        type=Path,
        default=os.environ.get("LASALLE_KEY", DEMO_FOLDER / KEY_FILE),
        help="key file of who asks (default: LASALLE_KEY, or the demo key; now %(default)s)",
    )
    verb.add_argument(
        "--at",
        default=os.environ.get("LASALLE_AT", HERE),
        help="where the house is served (default: LASALLE_AT, or this machine; now %(default)s)",
    )

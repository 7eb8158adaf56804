"""The words of `lasalle pricing`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from lasalle.institution import calibration_words

Verb = Callable[..., argparse.ArgumentParser]
EXAMPLES = (
    "lasalle pricing price front --lots 10",
    "lasalle pricing surface",
    "lasalle pricing implied call 0.25 --forward 2.50 --strike 2.60 --years 0.5",
)


def add(pricing: argparse.ArgumentParser, verb: Verb, add_house: Callable[[Any], None]) -> None:
    """What a price can be asked."""
    what = pricing.add_subparsers(dest="what", required=True, metavar="WHAT")
    price = verb(
        what,
        "price",
        "value a listed series by the curve and surface of a served house, with its slopes",
        "lasalle pricing price front --lots 10",
        "lasalle pricing price front+1 --json",
    )
    price.add_argument("symbol", help="a listed symbol, or front, front+1 as in lasalle order")
    price.add_argument("--lots", type=int, default=1, help="signed (default: %(default)s)")
    surface = verb(
        what,
        "surface",
        "calibrate the volatility surface from the quotes of a served house, and check it",
        "lasalle pricing surface",
        "lasalle pricing surface --json",
    )
    surface.add_argument("--month", default="", help="this month alone, as 2026-03")
    for one in (price, surface):
        one.add_argument("--json", action="store_true", help="for programs")
        add_house(one)
    surface.add_argument("--index", default="H100-US", help="(default: %(default)s)")
    implied = verb(
        what,
        "implied",
        "say which volatility gives an option's price, and the slopes under it; no house is asked",
        "lasalle pricing implied call 0.25 --forward 2.50 --strike 2.60 --years 0.5",
        "lasalle pricing implied put 0.31 --forward 2.50 --strike 2.60 --years 0.5 --rate 0.04",
    )
    implied.add_argument("kind", choices=("call", "put"))
    implied.add_argument("price", type=float, help="what is paid, USD per unit")
    for name, said in (
        ("forward", "the future, USD per unit"),
        ("strike", "USD per unit"),
        ("years", "to the date on which the price is known"),
    ):
        implied.add_argument(f"--{name}", type=float, required=True, help=said)
    implied.add_argument(
        "--rate", type=float, default=0.0, help="a year, continuous (default: %(default)s)"
    )
    implied.add_argument("--json", action="store_true", help="for programs")
    calibration_words.add(what, verb)

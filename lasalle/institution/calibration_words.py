"""The words of `lasalle pricing fit`, `score` and `scenarios`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle.institution.index_words import a_date

Verb = Callable[..., argparse.ArgumentParser]
PROCESSES = ("all", "schwartz-smith", "jumps", "regimes", "generations", "availability")
HOUSE = "gcp:H100-80GB-SXM:us-central1"
SERIES = (
    "gcp:GRADE:REGION (spot), futures:NG or futures:CL (a panel, for schwartz-smith alone), "
    f"henry-hub (default: {HOUSE}); none for generations and availability"
)
ASKED = ("fit", "score", "scenarios")


def add(what: Any, verb: Verb) -> None:
    """What processes can be asked, beside the other verbs of pricing."""
    fit = verb(
        what,
        "fit",
        "fit processes to a history of prices, with errors, tests and what it cannot tell",
        "lasalle pricing fit --process jumps",
        "lasalle pricing fit --process schwartz-smith --out fit.md --png fit.png",
    )
    fit.add_argument("--process", choices=PROCESSES, default="all", help="(default: %(default)s)")
    score = verb(
        what,
        "score",
        "walk forecasts of each process through a history, beside a random walk",
        "lasalle pricing score --first 90",
    )
    score.add_argument(
        "--first", type=int, default=60, help="prices before the first forecast (60)"
    )
    for one in (fit, score):
        one.add_argument("--series", help=SERIES)
        one.add_argument("--out", type=Path, help="writes the page into this file as well")
    fit.add_argument("--png", type=Path, help="draws what is expected, and the profile")
    made = verb(
        what,
        "scenarios",
        "draw joint paths of prices of several grades, and show their quantiles by month",
        "lasalle pricing scenarios --paths 1000 --months 12",
        "lasalle pricing scenarios --bootstrap --seed 7 --json",
    )
    made.add_argument("--seed", type=int, default=1, help="(default: %(default)s)")
    made.add_argument("--paths", type=int, default=10_000, help="(default: %(default)s)")
    made.add_argument("--months", type=int, default=24, help="(default: %(default)s)")
    made.add_argument("--bootstrap", action="store_true", help="weeks of the history drawn again")
    made.add_argument("--png", type=Path, help="draws the quantiles of the first column")
    for one in (fit, score, made):
        _add_common(one)


def _add_common(one: Any) -> None:
    one.add_argument("--until", type=a_date, help="the last date that is seen (default: all)")
    one.add_argument("--prices", type=Path, help="folder of price histories")
    one.add_argument("--json", action="store_true", help="for programs")

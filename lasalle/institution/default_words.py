"""Words of `lasalle default`: what the verb expects, and an example of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

EXAMPLES = ("lasalle default drill three-defaults", "lasalle default proposals --key second.json")


def add(default: Any, verb: Callable[..., Any], add_house: Callable[..., None]) -> None:
    """Adds what `lasalle default` can do; `verb` makes a parser with help and examples, `add_house`
    says which house is asked."""
    what = default.add_subparsers(dest="what", required=True, metavar="WHAT")
    drill = verb(
        what,
        "drill",
        "tell a story of defaults to a copy of a house, and report who bore what",
        "lasalle default drill three-defaults --out var/drill",
        "lasalle default drill three-defaults --dir var/house --seed 8",
    )
    proposals = verb(
        what,
        "proposals",
        "show the members that the desk proposes to declare in default",
        "lasalle default proposals --key second.json",
    )
    add_house(proposals)
    drill.add_argument("scenario", help="three-defaults, or the TOML file of a story of your own")
    drill.add_argument("--dir", type=Path, help="house to copy, served or not (default: none)")
    drill.add_argument(
        "--scale",
        type=int,
        help="times the story's money (default: 1; with --dir what makes the house's own small)",
    )
    drill.add_argument("--seed", type=int, help="instead of the story's own")
    drill.add_argument("--out", type=Path, help="folder for the trace, JSON and picture")

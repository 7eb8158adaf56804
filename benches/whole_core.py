"""What the whole compiled core takes a second, and what it holds.

Checksums, decoding, guards, margin over every scenario, matching, ledger and encoded events, on a
made-up day of 45 % new orders, 45 % cancels, 5 % replacements and 5 % immediate orders. The driver
records the day with one house and times another one taking it, in chunks of 256 commands; both
must come to the same state.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from benches.table import Row, row

ROOT = Path(__file__).resolve().parent.parent
BUILD = ("cargo", "build", "--release", "--example", "whole_core", "-p", "lasalle-house")
COMMAND = "python -m benches whole_core"


class Size(NamedTuple):
    """A house and a day."""

    name: str
    series: int
    accounts: int
    scenarios: int
    commands: int
    runs: int


DAY = Size("whole core, a mixed day", 32, 1_000, 250, 1_000_000, 5)
SIZES = (
    DAY,
    DAY._replace(name="the same, 1,000 scenarios", scenarios=1_000, runs=3),
    DAY._replace(name="the same, 1,000 series", series=1_000, runs=3),
    DAY._replace(name="the same, 100,000 accounts", accounts=100_000, runs=3),
    DAY._replace(name="replay of 5,000,000 commands", commands=5_000_000, runs=1),
)


def measured(program: Path, size: Size) -> dict[str, Any]:
    """What the driver says of one size, its counts checked."""
    numbers = (size.series, size.accounts, size.scenarios, size.commands, size.runs)
    told = subprocess.run(
        [str(program), *map(str, numbers)], check=True, capture_output=True, text=True, timeout=1200
    )
    answer: dict[str, Any] = json.loads(told.stdout)
    asked = sum(answer[name] for name in ("new", "cancels", "replaces", "immediate"))
    assert asked == size.commands, f"{asked} commands were asked"
    assert answer["orders_traded"] * 5 >= answer["orders"], "a fifth of the orders trades"
    assert answer["refused"] * 50 < size.commands, f"{answer['refused']} commands were refused"
    return answer


def built() -> Path | None:
    """The driver, built first; None without a Rust toolchain."""
    if shutil.which(BUILD[0]) is None:
        print("whole_core: not measured, no Rust toolchain")
        return None
    subprocess.run(BUILD, cwd=ROOT / "core", check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "core" / "target"))
    return target / "release" / "examples" / "whole_core"


def rows() -> list[Row]:
    """Every line of the table; the driver is built first."""
    program = built()
    if program is None:
        return []
    found = []
    for size in SIZES:
        told = measured(program, size)
        taken = f"best of {size.runs}, processor time of one thread"
        for name, key, how in (
            (size.name, "commands_per_s", "a bound accepts what it covers"),
            (f"{size.name}, each order judged", "commands_per_s_judging_always", "no bound used"),
        ):
            speed, said = round(told[key]), f"{taken}; {how}"
            found.append(row(name, speed, "commands/s", command=COMMAND, taken=said))
        if size is DAY:
            for what, when in (("resting_order", "before the day"), ("account", "after the day")):
                name = f"memory for each {what.replace('_', ' ')}"
                held = told[f"bytes_per_{what}"]
                found.append(row(name, held, "bytes", command=COMMAND, taken=when))
            size_told = f"{told['snapshot_bytes']:,} bytes, before the day; best of 3"
            for what in ("snapshot", "state_hash", "restore"):
                took = round(told[f"{what}_s"] * 1_000, 1)
                name = f"{what.replace('_', ' ')} of the house"
                found.append(row(name, took, "ms", command=COMMAND, taken=size_told))
    return found

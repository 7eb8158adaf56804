"""Order to durable acknowledgement through the frame door, beside what disk and loopback give bare.

A mixed day of one member (32 series, 1,000 accounts, 250 scenarios) goes over one TCP connection
of the loopback to a running engine with a spare segment, at 1, 64 and 256 commands in flight. In
the same round the same bytes are written and flushed in batches of that many commands, to a file
that grows and to one of zeros set aside (the faster of the two is told), and sent to a thread that
echoes them. After the door they are written and flushed once more, in batches as long as the
door's were in the mean, which the row "beside batches alike" tells: with so many in flight the
door may well seal fewer at once, and the two ratios say what the disk would give either way. A
third says what disk and loopback alone leave to any engine that answers from a disk and then hears
what is asked next: one bare flush and one bare echo of so many commands, one after the other, both
of that round, no house. Wall time; each latency is the median of the rounds, each throughput that
of the round whose ratio is the median. No views are folded beside it.

Where the disk is quick the core and the loopback bound the door, and the ratio says little of how
it treats a disk. So 64 and 256 in flight are measured on a modelled disk too: every flush, the
door's and the bare one's, lasts a millisecond longer, as on a disk without a cache that a power
cut cannot hurt. Those rows say "modelled disk of 1 ms".
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benches.table import Row, row

ROOT = Path(__file__).resolve().parent.parent
BUILD = ("cargo", "build", "--release", "--example", "durable", "-p", "lasalle-engine")
COMMAND = "python -m benches durable"
ROUNDS = 5
TAKEN = f"median of {ROUNDS} rounds, wall time"
# Microseconds by which each flush of the modelled disk is longer, and the widths measured on it.
ADDED_US = 1_000
MODELLED = ("64", "256")


def rounds(*only: str) -> list[dict[str, Any]]:
    """What the driver says, a round and width each; the folder lies on the disk of the house.

    only: a width, and by how many microseconds each flush is longer; neither is every width on the
    disk as it is.
    """
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "core" / "target"))
    program = target / "release" / "examples" / "durable"
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        told = subprocess.run(
            [str(program), folder, str(ROUNDS), *only],
            check=True, capture_output=True, text=True, timeout=1200,
        )  # fmt: skip
    return [json.loads(line) for line in told.stdout.splitlines()]


def _alone(one: dict[str, Any]) -> float:
    """Commands a second of a flush and an echo in turn, each of all that is in flight."""
    return 1 / (1 / one["disk_per_s"] + 1 / one["echo_per_s"])


def rows() -> list[Row]:
    """Throughput and latency at each width; the driver is built first."""
    if shutil.which(BUILD[0]) is None:
        print("durable: not measured, no Rust toolchain")
        return []
    subprocess.run(BUILD, cwd=ROOT / "core", check=True)
    found = _rows(rounds(), "")
    for width in MODELLED:
        disk = f", modelled disk of {ADDED_US / 1_000:g} ms"
        found += _rows(rounds(width, str(ADDED_US)), disk)
    return found


def _rows(rounds: list[dict[str, Any]], disk: str) -> list[Row]:
    """Rows of the widths measured on one disk, which their names tell."""
    told = [one | {"alone_per_s": _alone(one)} for one in rounds]
    found = []
    for width in sorted({one["in_flight"] for one in told}):
        own = [one for one in told if one["in_flight"] == width]
        middle = {key: median(one[key] for one in own) for key in own[0]}
        alike = round(middle["mean_batch"])
        same = "write and fdatasync of the same bytes"
        alone = f"one such flush and one bare echo of {width} in turn"
        peers = (
            ("disk", "", f"{same}, {width} a batch"),
            ("alike", ", beside batches alike", f"{same}, {alike} a batch"),
            ("alone", ", beside disk and loopback alone", alone),
        )
        for name, beside, peer in peers:
            # Door and disk of one round: a disk that stalls in another makes no ratio.
            by_ratio = sorted(own, key=lambda one: one["door_per_s"] / one[f"{name}_per_s"])
            told_round = by_ratio[len(own) // 2]
            found.append(
                row(
                    f"durable commands, {width} in flight{disk}{beside}",
                    round(told_round["door_per_s"]),
                    "commands/s",
                    command=COMMAND,
                    taken=f"of {ROUNDS} rounds the one of the median ratio, wall time",
                    peer=peer,
                    peer_value=round(told_round[f"{name}_per_s"]),
                )
            )
        for share in ("p50", "p99"):
            for name, peer in (("disk", "one such flush"), ("echo", "a bare TCP echo")):
                found.append(
                    row(
                        f"durable acknowledgement {share}, {width} in flight{disk}",
                        round(middle[f"door_{share}_us"], 1),
                        "us",
                        command=COMMAND,
                        taken=TAKEN,
                        peer=peer,
                        peer_value=round(middle[f"{name}_{share}_us"], 1),
                    )
                )
    return found

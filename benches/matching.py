"""Matching speed of the compiled book beside its peers: one thread, best of five, processor time.

The driver decodes each record of W1 and W2, keeps the order index and folds the trade tape. A peer
counts only when it made the same trades. Peers from PyPI run when they are installed.

`LASALLE_PEERS` may name a folder of programs; where it is unset the table says so. Each program
is called as `PROGRAM WORKLOAD_FILE RUNS`. The file holds records of 24 bytes, little endian:
operation (u8: 0 new limit order, 1 cancel), side (u8: 0 buys, 1 sells), u16 zero, u32 lots,
i64 price in ticks, u64 order id; a cancel names the id it cancels. The program matches the whole
file RUNS times by price and time and prints one line, a JSON object:

    {"peer": NAME, "ops_per_s": BEST, "trades": N, "traded_qty": LOTS,
     "cancels_ok": N, "cancels_rejected": N, "fnv": OPTIONAL}

`ops_per_s` is operations per second of processor time, the counts are of one run, and `fnv`, where
it is given, is the trade tape folded as `tape` of benches/workload.py folds it, in 16 hex digits.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benches.table import Row, row
from benches.workload import W1, W1_TAPE, W2, Workload, operations

ROOT = Path(__file__).resolve().parent.parent
# Operation (0 new, 1 cancel), side (0 buys), zero, lots, price in ticks, order id.
RECORD = struct.Struct("<BBHIqQ")
RUNS = 5
COUNTS = ("trades", "traded_qty", "cancels_ok", "cancels_rejected")
TAPES = {W1.name: f"{W1_TAPE:016x}", W2.name: "1ac3414a2483d2ab"}
COMMAND = "python -m benches matching"
# The driver asks early for the memory of later cancels once a book is deep, as `take` does within a
# batch; peers are driven an operation at a time.
TAKEN = f"best of {RUNS}, processor time of one thread; our driver looks ahead in a deep book"
BUILD = ("cargo", "build", "--release", "--example", "matching", "-p", "lasalle-house")
PYTHON_OPERATIONS = 200_000


def encoded(workload: Workload) -> bytes:
    """The stream as the driver's records."""
    return b"".join(
        RECORD.pack(one.cancel, one.side, 0, one.lots, one.price, one.order)
        for one in operations(workload)
    )


def measured(program: Path, workload_file: Path, runs: int = RUNS) -> dict[str, Any]:
    """What a driver says of one workload."""
    command = [str(program), str(workload_file), str(runs)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


def programs() -> list[Path]:
    """Peer programs in the folder named by `LASALLE_PEERS`."""
    folder = os.environ.get("LASALLE_PEERS")
    if not folder or not Path(folder).is_dir():
        return []
    return sorted(
        path for path in Path(folder).iterdir() if path.is_file() and os.access(path, os.X_OK)
    )


def bourse_speed(records: bytes) -> dict[str, Any] | None:
    """The PyPI package bourse, one call per operation, on the stream's first operations.

    It keys orders by price and time, so its clock is set before each order. Trades are counted
    from its own tape.
    """
    try:
        bourse = importlib.import_module("bourse.core")
    except ImportError:
        return None
    stream = list(RECORD.iter_unpack(records[: PYTHON_OPERATIONS * RECORD.size]))
    book = bourse.OrderBook(0, 1, True)
    numbers: dict[int, int] = {}
    started = time.process_time()
    for now, (cancel, side, _, lots, price, order_id) in enumerate(stream):
        book.set_time(now)
        if cancel:
            book.cancel_order(numbers[order_id])
        else:
            numbers[order_id] = book.place_order(side == 0, lots, side, price=price)
    seconds = time.process_time() - started
    trades = book.get_trades()
    return {
        "peer": "bourse (first 200,000 operations)",
        "ops_per_s": len(stream) / seconds,
        "trades": len(trades),
        "traded_qty": sum(trade[3] for trade in trades),
    }


def beside(workload: Workload, own: dict[str, Any], peer: dict[str, Any] | None) -> Row:
    """One line of the table: operations per second of the book and of one peer."""
    return row(
        f"matching {workload.name}",
        round(float(own["ops_per_s"])),
        "operations/s",
        command=COMMAND,
        taken=TAKEN,
        peer=peer["peer"] if peer else None,
        peer_value=round(float(peer["ops_per_s"])) if peer and "ops_per_s" in peer else None,
        reason=peer.get("reason", "") if peer else "",
    )


def workload_rows(program: Path, workload: Workload, folder: Path) -> list[Row]:
    """The book and each peer on one workload, run one after another."""
    records = encoded(workload)
    path = folder / f"{workload.name[:2].lower()}.bin"
    path.write_bytes(records)
    own = measured(program, path)
    if own["fnv"] != TAPES[workload.name]:
        raise AssertionError(f"{workload.name}: tape {own['fnv']}, not {TAPES[workload.name]}")
    peers: list[dict[str, Any]] = []
    for peer_program in programs():
        told = measured(peer_program, path)
        peers.append(counted(told, own, COUNTS))
    if not peers:
        peers.append({"peer": "other programs", "reason": "LASALLE_PEERS names no folder of them"})
    part = folder / "part.bin"
    part.write_bytes(records[: PYTHON_OPERATIONS * RECORD.size])
    expected, bourse = measured(program, part, 1), bourse_speed(records)
    if bourse is None:
        peers.append({"peer": "bourse", "reason": "not installed: pip install bourse"})
    else:
        peers.append(counted(bourse, expected, ("trades", "traded_qty")))
    memory = row(
        f"memory {workload.name}, {own['resting_orders']:,} resting orders",
        own["bytes_per_resting_order"],
        "bytes/order",
        command=COMMAND,
        taken="at the end of the last run",
    )
    return [*(beside(workload, own, peer) for peer in peers), memory]


def counted(peer: dict[str, Any], own: dict[str, Any], words: Iterable[str]) -> dict[str, Any]:
    """A peer that made the same trades, or its name with the reason why it does not count."""
    differing = [
        f"{word} {peer[word]}, not {own[word]}" for word in words if peer[word] != own[word]
    ]
    if "fnv" in peer and peer["fnv"] != own["fnv"]:
        differing.append(f"trade tape {peer['fnv']}, not {own['fnv']}")
    if not differing:
        return peer
    return {"peer": peer["peer"], "reason": f"made other trades: {'; '.join(differing)}"}


def rows() -> list[Row]:
    """Every line of the table; the driver is built first."""
    if shutil.which(BUILD[0]) is None:
        print("matching: not measured, no Rust toolchain")
        return []
    subprocess.run(BUILD, cwd=ROOT / "core", check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "core" / "target"))
    program = target / "release" / "examples" / "matching"
    with tempfile.TemporaryDirectory() as folder:
        return [
            line for workload in (W1, W2) for line in workload_rows(program, workload, Path(folder))
        ]

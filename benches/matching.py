"""Matching speed of the compiled book beside its peers: one thread, best of five, processor time.

The driver decodes each record of W1 and W2, keeps the order index and folds the trade tape. A peer
counts only when it made the same trades. Peers from PyPI run when they are installed. A folder
named by `LASALLE_PEERS` may hold programs, each of which takes a workload file and a number of
runs and prints one JSON object with `peer`, `ops_per_s`, `trades`, `traded_qty`, `cancels_ok` and
`cancels_rejected`.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benches.workload import RECORD, W1, W2, Workload, encoded

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
COUNTS = ("trades", "traded_qty", "cancels_ok", "cancels_rejected")
TAPES = {W1.name: "92b559f87a253678", W2.name: "1ac3414a2483d2ab"}
BUILD = ("cargo", "build", "--release", "--example", "matching", "-p", "lasalle-house")
PYTHON_OPERATIONS = 200_000


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


def row(workload: Workload, own: dict[str, Any], peer: dict[str, Any] | None) -> dict[str, Any]:
    """One line of the table: operations per second of the book and of one peer."""
    speed = float(own["ops_per_s"])
    other = float(peer["ops_per_s"]) if peer else None
    return {
        "name": f"matching {workload.name}",
        "value": round(speed),
        "unit": "operations/s",
        "peer": peer["peer"] if peer else None,
        "peer_value": round(other) if other else None,
        "ratio": round(speed / other, 2) if other else None,
        "command": "python -m benches.matching",
    }


def workload_rows(program: Path, workload: Workload, folder: Path) -> list[dict[str, Any]]:
    """The book and each peer on one workload, run one after another."""
    records = encoded(workload)
    path = folder / f"{workload.name[:2].lower()}.bin"
    path.write_bytes(records)
    own = measured(program, path)
    if own["fnv"] != TAPES[workload.name]:
        raise AssertionError(f"{workload.name}: tape {own['fnv']}, not {TAPES[workload.name]}")
    peers = []
    for peer_program in programs():
        told = measured(peer_program, path)
        differing = [name for name in COUNTS if told[name] != own[name]]
        if differing:
            print(f"{told['peer']} left out on {workload.name}: other {', '.join(differing)}")
            continue
        peers.append(told)
    part = folder / "part.bin"
    part.write_bytes(records[: PYTHON_OPERATIONS * RECORD.size])
    expected, bourse = measured(program, part, 1), bourse_speed(records)
    if bourse is not None:
        if all(bourse[name] == expected[name] for name in ("trades", "traded_qty")):
            peers.append(bourse)
        else:
            print(f"{bourse['peer']} left out on {workload.name}: other trades")
    memory = {
        "name": f"memory {workload.name}, {own['resting_orders']} resting orders",
        "value": own["bytes_per_resting_order"],
        "unit": "bytes/order",
        "peer": None,
        "peer_value": None,
        "ratio": None,
        "command": "python -m benches.matching",
    }
    beside: list[dict[str, Any] | None] = [*peers] or [None]
    return [*(row(workload, own, peer) for peer in beside), memory]


def rows() -> list[dict[str, Any]]:
    """Every line of the table; the driver is built first."""
    subprocess.run(BUILD, cwd=ROOT / "core", check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "core" / "target"))
    program = target / "release" / "examples" / "matching"
    with tempfile.TemporaryDirectory() as folder:
        return [
            line for workload in (W1, W2) for line in workload_rows(program, workload, Path(folder))
        ]


def main() -> None:
    """Print the table."""
    for line in rows():
        beside = ""
        if line["peer"]:
            beside = f"{line['peer']}: {line['peer_value']:,}, ratio {line['ratio']}"
        print(f"{line['name']:<45} {line['value']:>12,} {line['unit']:<13} {beside}")


if __name__ == "__main__":
    main()

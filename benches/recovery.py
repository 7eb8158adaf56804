"""How long a house takes to stand again: a journal replayed from disk, a start from a snapshot.

The driver seals a mixed day (32 series, 1,000 accounts, 250 scenarios) in a journal on the disk of
the house, in batches of 256. Replay reads that journal once (check sums, numbers, chain of every
batch) and has the compiled core take all of it beside, comparing the events of each batch with the
digest the next one seals; the state must be the one the driver left. The start opens a whole house,
folder, lock, views and all, from a snapshot with 100,000 commands behind it, and asks one command
of it. Wall time, with the journal in the page cache where it was just written. Both use both cores.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from benches.table import Row, row
from lasalle import wire
from lasalle.institution.house import OpenHouse, open_house
from lasalle.venue import Journal
from lasalle.venue.compiled import wanted
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import replay_whole, write_records
from lasalle.views.model import LIVE

ROOT = Path(__file__).resolve().parent.parent
BUILD = ("cargo", "build", "--release", "--example", "recovery", "-p", "lasalle-engine")
COMMAND = "python -m benches recovery"
LONG = 5_000_000
BEHIND = 100_000
STARTS = 3


def driven(folder: Path, before: int, after: int) -> dict[str, Any]:
    """Has the driver leave a journal in the folder; what it says of it."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "core" / "target"))
    program = str(target / "release" / "examples" / "recovery")
    told = subprocess.run(
        [program, str(folder), str(before), str(after)],
        check=True, capture_output=True, text=True, timeout=1200,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


def replayed(folder: Path) -> dict[str, float]:
    """Times of one replay, in a process of its own so that its memory is its own."""
    told = subprocess.run(
        [sys.executable, "-m", "benches.recovery", str(folder)],
        cwd=ROOT, check=True, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    answer: dict[str, float] = json.loads(told.stdout)
    return answer


def replay_here(folder: Path) -> dict[str, Any]:
    """Opens and replays the journal of a folder; seconds of each, and where it came to."""
    began = time.perf_counter()
    Journal(FolderDisk(folder / "journal", read_only=True), read_only=True)
    opened, processor = time.perf_counter(), time.process_time()
    _, core, _, _ = replay_whole(FolderDisk(folder / "journal", read_only=True), read_only=True)
    over = time.perf_counter()
    return {
        "opening": opened - began,
        "replay": over - opened,
        "processor": time.process_time() - processor,
        "number": core.last_number,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "state": core.state_hash().hex(),
    }


def hashed(folder: Path) -> tuple[int, float]:
    """Bytes of a journal, and seconds to read them and take one SHA-256 of them."""
    began, size, digest = time.perf_counter(), 0, sha256()
    for path in sorted((folder / "journal").iterdir()):
        content = path.read_bytes()
        digest.update(content)
        size += len(content)
    return size, time.perf_counter() - began


def long_replay(folder: Path) -> list[Row]:
    """The replay of a long journal, beside a bare reading and hashing of its bytes."""
    made = driven(folder, 0, LONG)
    size, bare = hashed(folder)
    told = replayed(folder)
    assert (told["number"], told["state"]) == (made["last"], made["state"]), "the same house"
    number, whole = made["last"], told["replay"]
    said = (
        f"one run, wall time; {told['processor']:.1f} s of processor; one pass: check sums, "
        "numbers, chain and events of every batch"
    )
    return [
        row(
            f"replay from disk, {number:,} commands",
            round(number / whole),
            "commands/s",
            command=COMMAND,
            taken=said,
            peer="the same bytes read and hashed once",
            peer_value=round(number / bare),
        ),
        row(
            "opening of that journal alone",
            round(size / told["opening"] / 1e6),
            "MB/s",
            command=COMMAND,
            taken="check sums, numbers and chain of every batch",
            peer="the same bytes read and hashed once",
            peer_value=round(size / bare / 1e6),
        ),
        row(
            "peak memory of that replay",
            round(told["peak_bytes"] / 1e6),
            "MB",
            command=COMMAND,
            taken=f"the whole process, {made['resting_orders']:,} orders rested at first",
        ),
    ]


def started(folder: Path) -> tuple[float, float]:
    """Seconds until the house of a folder has answered its first command, and until its history is
    whole; it is let go as a kill would."""
    began = time.perf_counter()
    house = open_house(folder, history_beside=True)
    told = house.ask(*first_command(house))
    answered = time.perf_counter()
    assert any(isinstance(event, wire.OrderCancelled) for _, event in told), told
    assert any("and 100" in said for said in house.notices), house.notices
    house.history.flush()
    whole = time.perf_counter()
    house.release()
    return answered - began, whole - began


def first_command(house: OpenHouse) -> tuple[int, wire.CancelOrder]:
    """An actor and the cancel of an order that its member has resting: by the clock of the machine
    the day of the driver is over, and its series take no order."""
    for account, view in house.accounts.accounts.items():
        for number, order in view.orders.items():
            if order.status == LIVE:
                actors = house.accounts.actors.items()
                actor = next(a for a, (member, _) in actors if member == view.member)
                return actor, wire.CancelOrder(account=account, order=number)
    raise AssertionError("an order rests in the driver's house")


def starts(folder: Path) -> list[Row]:
    """A start from a snapshot with commands behind it, its views current and behind."""
    made = driven(folder, BEHIND, BEHIND)
    records = (folder / "records").read_bytes()
    chain, events = bytes.fromhex(made["chain"]), bytes.fromhex(made["events"])
    write_records(folder, made["number"], chain, events, records)
    behind = views_at_snapshot(folder)
    current, late = [], []
    for _ in range(STARTS):
        shutil.copytree(behind, folder, dirs_exist_ok=True)
        late.append(started(folder))
        current.append(started(folder))
    name = f"start from a snapshot and {made['last'] - made['number']:,} commands"
    wall = f"median of {STARTS}, wall time"
    found = [
        row(f"{name}, {said}", round(median(times), 3), "s", command=COMMAND, taken=how)
        for said, times, how in (
            (
                "views current, to the first command answered",
                [answered for answered, _ in current],
                f"{wall}; as a kill leaves them",
            ),
            (
                "views at the snapshot, to the first command answered",
                [answered for answered, _ in late],
                f"{wall}; the history catches up beside",
            ),
            (
                "views at the snapshot, to a whole history",
                [whole for _, whole in late],
                f"{wall}; until then its questions are answered history_catching_up",
            ),
        )
    ]
    for key, what in (("resting_order", "resting order"), ("account", "account")):
        held = made[f"bytes_per_{key}"]
        taken = f"at the snapshot, {made['resting_orders']:,} orders resting"
        name = f"memory for each {what} of that house"
        found.append(row(name, held, "bytes", command=COMMAND, taken=taken))
    return found


def views_at_snapshot(folder: Path) -> Path:
    """Views that end where the snapshot was taken, made by a house whose journal ends there."""
    other = folder.parent / "cut"
    shutil.copytree(folder, other)
    (snapshot,) = other.glob("*.snap")
    number = int(snapshot.stem)
    disk = FolderDisk(other / "journal")
    for batch in Journal(disk).batches(after=number):
        disk.cut(batch.segment, batch.offset)
        break
    for path in (other / "journal").iterdir():
        if int(path.stem) > number + 1:
            path.unlink()
    disk.close()
    open_house(other).release()
    kept = folder.parent / "views"
    kept.mkdir()
    for path in other.glob("views.sqlite*"):
        path.rename(kept / path.name)
    return kept


def rows() -> list[Row]:
    """Every line of the table; the driver is built first."""
    if shutil.which(BUILD[0]) is None or wanted("replay_segments") is None:
        print("recovery: not measured, no Rust toolchain or no compiled core")
        return []
    subprocess.run(BUILD, cwd=ROOT / "core", check=True)
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        found = starts(Path(folder) / "house")
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        return long_replay(Path(folder) / "house") + found


if __name__ == "__main__":
    print(json.dumps(replay_here(Path(sys.argv[1]))))

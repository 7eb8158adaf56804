"""A delivery's evidence: a bundle of a million rows verified, and readings made durable.

The bundle holds a million requests as rows under two thousand signed readings of one meter, each
reading in the log, a cosigned checkpoint every hundred readings; `verify` looks at everything, one
thread, CPU time. The log of a million entries is appended to, laid down as tiles in memory and read
again from them, its root compared. The append rate is of a log in a folder on this disk, each batch
flushed before it is answered for, wall time, beside the same bytes written and flushed bare.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benches.table import Row, row
from lasalle.delivery.bundle import bundle
from lasalle.delivery.growing import GrowingLog
from lasalle.delivery.made import MadeUp, made_key
from lasalle.delivery.terms import Product, Side
from lasalle.delivery.tree import Frontier, leaf_hash
from lasalle.delivery.verifying import verify
from lasalle.indices.merkle import leaves_of, root_of
from lasalle.venue.shelf import FolderShelf

COMMAND = "python -m benches delivery"
CPU = "one run, processor time of one thread"
ROWS, A_READING, A_CHECKPOINT = 1_000_000, 500, 100
ROOT = Path(__file__).resolve().parent.parent


class _Files:
    """A shelf in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.read = self.files.get

    def write(self, name: str, content: bytes) -> None:
        self.files[name] = content

    def append(self, name: str, content: bytes) -> None:
        self.files[name] = self.files.get(name, b"") + content

    def sync(self) -> None: ...

    def remove(self, name: str) -> None:
        self.files.pop(name, None)

    def names(self, folder: str) -> list[str]:
        return sorted(n.split("/", 1)[1] for n in self.files if n.startswith(folder + "/"))


def _made(rows_in_all: int) -> bytes:
    """A bundle of so many rows of the buyer's meter."""
    shelf, readings = _Files(), rows_in_all // A_READING
    made = MadeUp(shelf, Product.WORK, readings, A_READING, sides=(Side.BUYER,), span=A_CHECKPOINT)
    made.run()
    return b"".join(bundle(made.published(), made.rows_of))


def _cpu(run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun


def rows() -> list[Row]:
    """Rows of the table."""
    content = _made(ROWS)

    def verified() -> None:
        verdict = verify(content, part=True)
        assert verdict.sound, verdict.breaches[:3]
        assert verdict.rows == ROWS

    lines = [line for line in content.split(b"\n") if line.startswith(b"[")]
    begun = time.perf_counter()
    seconds = _cpu(verified)
    wall, bare = time.perf_counter() - begun, _cpu(lambda: root_of(leaves_of(lines)))
    name = f"bundle of {ROWS:,} rows under {ROWS // A_READING:,} signed readings verified"
    verification = [
        row(
            name, round(seconds, 2), "s", command=COMMAND, taken=CPU,
            peer="one Merkle root over the same rows by hashlib", peer_value=round(bare, 2),
        ),
        row(f"{name}, wall", round(wall, 2), "s", command=COMMAND, taken="the same run, wall time"),
    ]  # fmt: skip
    return [*verification, *_tiles(), *_appended()]


def _tiles() -> list[Row]:
    entries = [b"entry %d of a log of a million" % n for n in range(ROWS)]
    shelf = _Files()
    log = GrowingLog(shelf, "house.example/delivery/1", made_key("log"))

    def laid() -> None:
        for first in range(0, ROWS, 100_000):
            log.append(entries[first : first + 100_000])
            log.publish()

    def read() -> None:
        frontier = Frontier()
        for entry in log.reader().entries():
            frontier.append(leaf_hash(entry))
        assert log.note is not None
        assert frontier.root() == log.note.checkpoint.root

    return [
        row(
            f"log of {ROWS:,} entries, {what}", round(_cpu(run), 2), "s", command=COMMAND, taken=CPU
        )
        for what, run in (("laid down as tiles", laid), ("read from tiles to its root", read))
    ]


def _appended() -> list[Row]:
    """Batches of entries of a reading's size in a folder, and the same bytes bare."""
    (ROOT / "var").mkdir(exist_ok=True)
    entry, found = bytes(1_200), []
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        for batch, rounds in ((1, 300), (64, 100)):
            shelf = FolderShelf(Path(folder) / f"log-{batch}")
            log = GrowingLog(shelf, "house.example/delivery/1", made_key("log"))
            handle = os.open(Path(folder) / f"bare-{batch}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            times: list[tuple[float, float]] = []
            for _ in range(rounds):
                begun = time.perf_counter()
                log.append([entry] * batch)
                middle = time.perf_counter()
                os.write(handle, entry * batch)
                os.fdatasync(handle)
                times.append((middle - begun, time.perf_counter() - middle))
            os.close(handle)
            shelf.close()
            ours, bare = (median(one[n] for one in times) for n in (0, 1))
            name = f"entries of {len(entry):,} bytes made durable, {batch} a batch"
            found.append(
                row(
                    name, round(batch / ours), "entries/s", command=COMMAND,
                    taken=f"median of {rounds} batches, wall time",
                    peer="the same bytes appended and flushed bare, batch by batch beside it",
                    peer_value=round(batch / bare),
                )
            )  # fmt: skip
    return found

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
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from benches.table import Row, row
from lasalle.delivery.bundle import bundle
from lasalle.delivery.canonical import NONE
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.growing import GrowingLog
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.readings import WorkReading, sign
from lasalle.delivery.rows import WorkRow, row_bytes, rows_root, sums_of_rows
from lasalle.delivery.terms import Cosigner, Meter, Product, Side, Terms
from lasalle.delivery.tree import Frontier, consistency_proof, leaf_hash
from lasalle.delivery.verifying import verify
from lasalle.indices.merkle import leaves_of, root_of
from lasalle.venue.shelf import FolderShelf

COMMAND = "python -m benches delivery"
CPU = "one run, processor time of one thread"
ROWS, A_READING, A_CHECKPOINT = 1_000_000, 500, 100
START, MINUTE = 1_790_000_000_000_000, 60_000_000
ROOT = Path(__file__).resolve().parent.parent


def _key(word: str) -> SigningKey:
    return SigningKey(sha256(word.encode()).digest())


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


def _terms(readings: int) -> Terms:
    meters = tuple(
        Meter(n, side, _key(side.value).public.hex()) for n, side in enumerate(Side, 1)
    )  # fmt: skip
    cosigners = tuple(
        Cosigner(f"{s.value}.example", s, _key(f"{s.value} watch").public.hex())
        for s in (Side.BUYER, Side.SUPPLIER)
    )
    return Terms(
        contract=1, product=Product.WORK, quantity=10**9, start_us=START,
        end_us=START + readings * MINUTE, interval_us=MINUTE, grace_us=MINUTE, clock_us=10**6,
        method=NONE, origin="house.example/delivery/1", log_key=_key("log").public.hex(),
        meters=meters, cosigners=cosigners,
    )  # fmt: skip


def _made(rows_in_all: int) -> bytes:
    """A bundle of so many rows of the buyer's meter."""
    readings = rows_in_all // A_READING
    terms, kept = _terms(readings), dict[int, list[bytes]]()
    log = DeliveryLog.begin(_Files(), _key("log"), terms)
    seen = {c.name: Seen() for c in terms.cosigners}
    previous, seq = terms.sha256, 1
    for number in range(1, readings + 1):
        rows = [
            WorkRow(1, 1, "buyer", seq + n, f"{seq + n:032x}", f"{seq + n:064x}",
                    f"{seq + n + 1:064x}", f"{seq + n + 2:064x}", 60, 24, 32, 160, "stop", 200,
                    n * 10**8, n * 10**8 + 1_000, n * 10**8 + 400_000, n * 10**8 + 900_000, 0)
            for n in range(A_READING)
        ]  # fmt: skip
        kept[number] = [row_bytes(one) for one in rows]
        end = START + number * MINUTE
        sums: dict[str, Any] = sums_of_rows(Product.WORK, rows)
        entry = sign(
            WorkReading(
                contract=1, meter=1, side=Side.BUYER, sequence=number, start_us=end - MINUTE,
                end_us=end, made_us=end + 1, clock_offset_us=0, clock_error_us=1_000,
                nonce=f"{number:032x}", previous=previous, method=NONE, seq_first=seq,
                seq_last=seq + A_READING - 1, rows_root=rows_root(kept[number]), telemetry=NONE,
                over_ttft=0, over_tpot=0, available_s=60, **sums,
            ),
            _key("buyer"),
        )  # fmt: skip
        previous, seq = entry.sha256, seq + A_READING
        log.admit(entry.content)
        if number % A_CHECKPOINT == 0 or number == readings:
            _cosigned(log, seen, end // 1_000_000 + 1)
    return b"".join(bundle(log, lambda meter, sequence: kept[sequence] if meter == 1 else None))


def _cosigned(log: DeliveryLog, seen: dict[str, Seen], seconds: int) -> None:
    note = log.publish()
    for name, before in seen.items():
        size = note.checkpoint.size
        proof = consistency_proof(before.size, size, log.log.reader().node)
        party = Cosigning(log.terms, name, _key(name.split(".")[0] + " watch"))
        seen[name], line = party.cosigned(before, note, proof, seconds)
        log.take_cosignature(size, line)


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
    seconds, bare = _cpu(verified), _cpu(lambda: root_of(leaves_of(lines)))
    verification = row(
        f"bundle of {ROWS:,} rows under {ROWS // A_READING:,} signed readings verified",
        round(seconds, 2), "s", command=COMMAND, taken=CPU,
        peer="one Merkle root over the same rows by hashlib", peer_value=round(bare, 2),
    )  # fmt: skip
    return [verification, *_tiles(), *_appended()]


def _tiles() -> list[Row]:
    entries = [b"entry %d of a log of a million" % n for n in range(ROWS)]
    shelf = _Files()
    log = GrowingLog(shelf, "house.example/delivery/1", _key("log"))

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
            log = GrowingLog(shelf, "house.example/delivery/1", _key("log"))
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

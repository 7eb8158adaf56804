"""What anyone can check of a house from its folder alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lasalle import wire
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import Diverged, read_snapshots, replay, replay_whole


@dataclass
class Report:
    """Findings of a check; `faults` is empty when all holds."""

    number: int = 0
    batches: int = 0
    state_hash: str = ""
    records: bytes = b""
    """The state after the whole journal, as record frames."""
    snapshots: int = 0
    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def verify(folder: Path, on_events: Callable[[bytes], None] | None = None) -> Report:
    """Chain intact, replay equals every snapshot, ledger and positions sum to zero.

    Changes nothing, so that a serving house may be checked. `on_events` is told the events of each
    batch. Raises JournalBent or Diverged where
    nothing further can be said.
    """
    report = Report()
    disk = FolderDisk(folder / "journal", read_only=True)
    journal, core, _, _ = replay_whole(disk, on_events, read_only=True)
    report.notices += journal.notices
    report.batches = journal.batch_count
    report.number, report.state_hash = core.last_number, core.state_hash().hex()
    for snapshot in read_snapshots(folder):
        report.snapshots += 1
        try:
            other, _, _ = replay(journal, snapshot)
        except Diverged as error:
            report.faults.append(str(error))
            continue
        if other.state_hash() != core.state_hash():
            report.faults.append(f"snapshot {snapshot.number} does not lead to the state of replay")
    report.records = core.snapshot()
    report.faults += unbalanced(report.records)
    disk.close()
    return report


def unbalanced(records: bytes) -> list[str]:
    """What does not sum to zero in a state: assets of the ledger, positions of a series."""
    balances: dict[int, int] = defaultdict(int)
    positions: dict[int, int] = defaultdict(int)
    for _, record in wire.read_frames(records):
        if isinstance(record, wire.BalanceRecord):
            balances[record.asset] += record.balance
        elif isinstance(record, wire.PositionRecord):
            positions[record.series] += record.lots
    return [f"asset {a} sums to {total}" for a, total in sorted(balances.items()) if total] + [
        f"series {s}: positions sum to {total}" for s, total in sorted(positions.items()) if total
    ]

"""Nodes of a capacity contract over time: which one failed, what replaced it, and how many
accelerator-seconds count (DEL-058)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lasalle.delivery.rows import CapacityRow

MISSED = 2
"""Slots without an answer after which a node has failed, from the first of them on."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A node that takes the place of another from a slot on, its attestation and its acceptance
    done before that slot."""

    failed: str
    by: str
    from_slot: int
    attested_slot: int
    accepted_slot: int


def failures(rows: Iterable[CapacityRow]) -> dict[str, int]:
    """Nodes that failed, each with the first slot of its failure."""
    found: dict[str, int] = {}
    silent: dict[str, tuple[int, int]] = {}
    for row in sorted(rows, key=lambda one: (one.node, one.slot)):
        first, run = silent.get(row.node, (row.slot, 0))
        if row.healthy >= row.due:
            silent.pop(row.node, None)
            continue
        silent[row.node] = (first if run else row.slot, run + 1)
        if run + 1 >= MISSED:
            found.setdefault(row.node, silent[row.node][0])
    return found


def check_replacement(replacement: Replacement, failed: dict[str, int]) -> None:
    """Raises ValueError where a replacement does not stand: of a node that did not fail, before it
    did, or by one that was not attested and accepted first."""
    begun = failed.get(replacement.failed)
    for field, sound, expected, found in (
        ("failed", begun is not None, "a node that failed", replacement.failed),
        ("from_slot", begun is not None and replacement.from_slot >= begun, begun,
         replacement.from_slot),
        ("attested_slot", replacement.attested_slot <= replacement.from_slot,
         f"up to {replacement.from_slot}", replacement.attested_slot),
        ("accepted_slot", replacement.accepted_slot <= replacement.from_slot,
         f"up to {replacement.from_slot}", replacement.accepted_slot),
    ):  # fmt: skip
        if not sound:
            raise ValueError(f"{field}: expected {expected}, found {found} (DEL-058)")


def counted_seconds(
    rows: Iterable[CapacityRow],
    nodes: Sequence[str],
    replacements: Sequence[Replacement],
    lots: int,
) -> int:
    """Accelerator-seconds that count: of each slot the healthy accelerators of the nodes that stand
    in it, and never more than were bought. A node that was replaced does not come back."""
    begins = {one.by: one.from_slot for one in replacements}
    ends = {one.failed: one.from_slot for one in replacements}
    standing = {*nodes, *begins}
    healthy: dict[int, int] = defaultdict(int)
    lengths: dict[int, int] = {}
    for row in rows:
        if row.node not in standing or row.slot < begins.get(row.node, 0):
            continue
        if row.node in ends and row.slot >= ends[row.node]:
            continue
        healthy[row.slot] += row.healthy
        lengths[row.slot] = row.slot_s
    return sum(min(lots, count) * lengths[slot] for slot, count in healthy.items())

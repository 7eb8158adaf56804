"""The bundle of a delivery: its log in one file of lines, which anybody checks without a network.

| a line begins with | is |
|---|---|
| `{"bundle"` | the head, first: form, and whose rows are shown |
| `{"body"` | an entry of the log, its bytes |
| `[` | a row of the reading above it |
| `{"leaves"` | hashes of the entries above that no such line told yet |
| `"` | a checkpoint over the entries above, as a JSON string |
| `{"totals"` | the totals, last |

The hashes make nothing true: they are there so that an entry which is not what was signed can be
named. What is true is what the signatures and the roots of the checkpoints hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import msgspec

from lasalle.delivery.canonical import canonical
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import EvidenceRefused, Fault, refused
from lasalle.delivery.notes import Note, cosigned_at
from lasalle.delivery.readings import Reading, read_entry
from lasalle.delivery.terms import Terms
from lasalle.delivery.totals import MeterTotals, totals_of
from lasalle.delivery.tree import leaf_hash

FORM = "lasalle delivery bundle 1"
MOST_LINES = 8_000_000
Rows = Callable[[int, int], list[bytes] | None]
"""Rows of a reading by meter and number; None where they are not shown."""


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    bundle: str
    rows: tuple[int, ...]
    """Meters whose rows are shown, of every reading."""
    terms: str


class Leaves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hashes of entries from a number on."""

    leaves: str
    start: int


class Totals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last line."""

    totals: tuple[MeterTotals, ...]


def is_cosigned(note: Note, terms: Terms) -> bool:
    """Whether every party put its name to a checkpoint."""
    try:
        for cosigner in terms.cosigners:
            cosigned_at(note, cosigner, "checkpoint")
    except EvidenceRefused:
        return False
    return True


def bundle(log: DeliveryLog, rows: Rows | None = None) -> Iterator[bytes]:
    """The lines of a bundle, each with its end: everything under the last checkpoint that both
    parties cosigned, with the rows of the meters that show all of theirs. Raises EvidenceRefused
    where there is no such checkpoint."""
    notes = [note for note in log.log.checkpoints() if is_cosigned(note, log.terms)]
    if not notes:
        raise refused(Fault.NOT_COSIGNED, "log", "checkpoint", "one both parties cosigned", "none")
    shown: set[int] = set()
    if rows is not None:
        shown = {n for n in log.chains if all(rows(n, q) is not None for q in log.chains[n].taken)}
    yield canonical(Head(FORM, tuple(sorted(shown)), log.terms.sha256)) + b"\n"
    entries, at = log.log.entries(), 0
    chains = DeliveryLog(log.log, log.terms)
    for note in notes:
        start, leaves = at, []
        while at < note.checkpoint.size:
            content = next(entries)
            entry = read_entry(content)
            leaves.append(leaf_hash(content))
            yield content + b"\n"
            if isinstance(entry.statement, Reading):
                chains.chains[entry.statement.meter].take(entry)
                if rows is not None and entry.statement.meter in shown:
                    found = rows(entry.statement.meter, entry.statement.sequence)
                    yield b"".join(row + b"\n" for row in found or ())
            at += 1
        if leaves:
            yield canonical(Leaves(b"".join(leaves).hex(), start)) + b"\n"
        yield json.dumps(note.content.decode("utf-8"), ensure_ascii=False).encode() + b"\n"
    found_totals = tuple(totals_of(chain) for chain in chains.chains.values())
    yield canonical(Totals(found_totals)) + b"\n"

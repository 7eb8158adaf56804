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
from collections.abc import Callable, Iterable, Iterator

import msgspec

from lasalle.delivery.canonical import canonical
from lasalle.delivery.chain import Chain
from lasalle.delivery.faults import EvidenceRefused, Fault, refused
from lasalle.delivery.growing import kept_name
from lasalle.delivery.notes import Note, cosigned_at, read_note
from lasalle.delivery.readings import Reading, read_entry
from lasalle.delivery.terms import Side, Terms
from lasalle.delivery.tiles import CHECKPOINT, Read, TileReader
from lasalle.delivery.totals import MeterTotals, totals_of

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


def is_cosigned(note: Note, terms: Terms, without: Side | None = None) -> bool:
    """Whether every party put its name to a checkpoint, or every one but those of a side."""
    try:
        for cosigner in terms.cosigners_but(without):
            cosigned_at(note, cosigner, "checkpoint")
    except EvidenceRefused:
        return False
    return True


class Published:
    """A log as anybody reads it: its files by name, from a folder or over the network."""

    def __init__(self, read: Read, sizes: Iterable[int]) -> None:
        """sizes: of its checkpoints. Raises EvidenceRefused where its newest checkpoint or its
        terms are missing or bent."""
        content = read(CHECKPOINT)
        if content is None:
            raise refused(Fault.CHECKPOINT, "log", CHECKPOINT, "one", "none")
        self.newest = read_note(content)
        self.tiles = TileReader(read, self.newest.checkpoint.size)
        first = read_entry(self.tiles.bundle(0)[0], "entry 0").statement
        if not isinstance(first, Terms):
            raise refused(Fault.TERMS, "entry 0", "kind", "terms", "another")
        self.terms = first
        found = ((size, read(kept_name(size))) for size in sorted(sizes))
        self._notes = [read_note(kept, f"checkpoint {size}") for size, kept in found if kept]

    def cosigned(self, without: Side | None = None) -> list[Note]:
        """Checkpoints both parties put their names to, or the one without a side, smallest
        first."""
        return [note for note in self._notes if is_cosigned(note, self.terms, without)]


def bundle(
    log: Published, rows: Rows | None = None, without: Side | None = None
) -> Iterator[bytes]:
    """The lines of a bundle, each with its end: everything under the last checkpoint that both
    parties cosigned, with the rows of the meters that show all of theirs. without: the side whose
    cosignatures are not asked for (DEL-076). Raises EvidenceRefused where there is no such
    checkpoint."""
    notes = log.cosigned(without)
    if not notes:
        due = "one both parties cosigned" if without is None else f"one but the {without} cosigned"
        raise refused(Fault.NOT_COSIGNED, "log", "checkpoint", due, "none")
    contents: list[bytes] = []
    for content in log.tiles.entries():
        if len(contents) == notes[-1].checkpoint.size:
            break
        contents.append(content)
    chains = {m.meter: Chain(log.terms, m.meter) for m in log.terms.meters}
    under: dict[int, tuple[int, int]] = {}
    for number, content in enumerate(contents):
        entry = read_entry(content, f"entry {number}")
        if isinstance(entry.statement, Reading):
            chains[entry.statement.meter].take(entry)
            under[number] = (entry.statement.meter, entry.statement.sequence)
    shown: dict[tuple[int, int], list[bytes]] = {}
    hidden = set(chains) - {meter for meter, _ in under.values()}
    for key in under.values() if rows else ():
        found = rows(*key) if rows else None
        hidden |= {key[0]} if found is None else set()
        shown[key] = found or []
    whose = tuple(sorted(set(chains) - hidden)) if rows else ()
    yield canonical(Head(FORM, whose, log.terms.sha256)) + b"\n"
    at = 0
    for note in notes:
        start, size = at, note.checkpoint.size
        while at < size:
            yield contents[at] + b"\n"
            if at in under and under[at][0] in whose:
                yield b"".join(row + b"\n" for row in shown[under[at]])
            at += 1
        if start < size:
            # Hashes as the log published them, so that an entry that was bent since is named.
            leaves = b"".join(log.tiles.node(0, n) for n in range(start, size)).hex()
            yield canonical(Leaves(leaves, start)) + b"\n"
        yield json.dumps(note.content.decode("utf-8"), ensure_ascii=False).encode() + b"\n"
    yield canonical(Totals(tuple(totals_of(chain) for chain in chains.values()))) + b"\n"

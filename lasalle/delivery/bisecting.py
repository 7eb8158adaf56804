"""Where two meters differ, found without handing over their rows (DEL-049).

Each side answers for digests over what both should have seen alike, its rows in the order of their
nonces' digests, parted by the bits of those digests. Where the digests of a part are the same, the
rows are; where they differ, its halves are asked for. d rows that differ among n take about
2 d log2(n) digests. What is found is shown by the rows themselves and their paths to the root the
side has signed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from lasalle.delivery.canonical import canonical
from lasalle.delivery.faults import Fault, refused
from lasalle.delivery.rows import FAILED, WorkRow, row_bytes
from lasalle.indices.merkle import leaves_of, proof_of, proves

SMALL = 2
"""Rows of a part that are named at once."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a side says of the rows whose place begins with some bits."""

    count: int
    digest: bytes


Ask = Callable[[str], Part]
"""A part by the bits it begins with, as a text of 0 and 1."""


def agreed_fields(row: WorkRow) -> bytes:
    """What two meters of one request should have alike."""
    failed = int(bool(row.marks & FAILED))
    return canonical(
        [row.nonce, row.request, row.output, row.ids, row.prompt, row.cached, row.completion,
         row.output_bytes, failed]
    )  # fmt: skip


class Parts:
    """One side's rows, parted by the digests of their nonces."""

    def __init__(self, rows: Iterable[WorkRow]) -> None:
        self.rows = {row.nonce: row for row in rows}
        placed = sorted((place_of(nonce), nonce) for nonce in self.rows)
        self._places = [place for place, _ in placed]
        self._nonces = [nonce for _, nonce in placed]
        self._leaves = [sha256(agreed_fields(self.rows[one])).digest() for one in self._nonces]
        self.asked = 0

    def part(self, bits: str) -> Part:
        """What stands under some bits."""
        self.asked += 1
        begin, end = self._span(bits)
        return Part(end - begin, sha256(b"".join(self._leaves[begin:end])).digest())

    def nonces(self, bits: str) -> list[str]:
        """Nonces of the rows under some bits."""
        begin, end = self._span(bits)
        return self._nonces[begin:end]

    def _span(self, bits: str) -> tuple[int, int]:
        return bisect_left(self._places, bits), bisect_left(self._places, bits + "2")


def place_of(nonce: str) -> str:
    """Where a nonce stands: the bits of its digest, so that nobody chooses them."""
    return f"{int.from_bytes(sha256(nonce.encode()).digest()[:8], 'big'):064b}"


def parts_that_differ(one: Ask, other: Ask) -> Iterator[str]:
    """Smallest parts in which two sides differ."""
    open_parts = [""]
    while open_parts:
        bits = open_parts.pop()
        here, there = one(bits), other(bits)
        if here == there:
            continue
        if max(here.count, there.count) <= SMALL or len(bits) == 64:
            yield bits
        else:
            open_parts += [bits + "1", bits + "0"]


def nonces_that_differ(one: Parts, other: Parts) -> list[str]:
    """Requests of which two sides say different things, or of which one says nothing."""
    found = []
    for bits in parts_that_differ(one.part, other.part):
        for nonce in sorted({*one.nonces(bits), *other.nonces(bits)}):
            here, there = one.rows.get(nonce), other.rows.get(nonce)
            if here is None or there is None or agreed_fields(here) != agreed_fields(there):
                found.append(nonce)
    return found


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with its path to the root of the reading it stands in."""

    row: WorkRow
    path: Sequence[tuple[bool, bytes]]


def shown(rows: Sequence[WorkRow], nonces: Iterable[str]) -> Mapping[str, ShownRow]:
    """Rows of a reading by nonce, each with its path; those the side does not have are left out."""
    leaves = leaves_of([row_bytes(row) for row in rows])
    places = {row.nonce: n for n, row in enumerate(rows)}
    return {
        nonce: ShownRow(rows[places[nonce]], proof_of(leaves, places[nonce]))
        for nonce in nonces
        if nonce in places
    }


def check_shown(found: ShownRow, rows_root: str, where: str) -> WorkRow:
    """The row, where it stands under the root that was signed. Raises EvidenceRefused."""
    leaf = leaves_of([row_bytes(found.row)])[0]
    if not proves(bytes.fromhex(rows_root), leaf, found.path):
        raise refused(Fault.ROWS, where, "rows_root", "a row of the reading", found.row.nonce)
    return found.row

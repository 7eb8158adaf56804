"""A log that grows: entries made durable before they are answered for, tiles and checkpoints laid
down from them.

What is on the shelf, in the order in which it is laid down:

| name | holds |
|---|---|
| `pending/NUMBER` | entries from that number on, not all of them under a checkpoint yet |
| `tile/entries/...`, `tile/L/...` | the tree, in the layout of C2SP tlog-tiles |
| `checkpoint` | size and root, signed; everything it stands for is durable before it is |
| `checkpoints/SIZE` | every checkpoint with the cosignatures it has |

A crash leaves the last checkpoint, its tiles, and every entry that was answered for; an entry that
was torn while it was written was never answered for. What lies beyond the checkpoint is written
again with the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Protocol
from zlib import crc32

from lasalle.delivery.faults import Fault, refused
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.notes import Checkpoint, Note, read_note, sign_checkpoint
from lasalle.delivery.tiles import (
    CHECKPOINT,
    MOST_ENTRY_BYTES,
    WIDTH,
    TileReader,
    entries_name,
    pack,
    tile_name,
    unpack,
)
from lasalle.delivery.tree import HASH_BYTES, Frontier, leaf_hash, node_hash, peaks_of

_HEAD = struct.Struct("<QIII")
PENDING = "pending"
KEPT = "checkpoints"


class Shelf(Protocol):
    """Where a log is kept: files by name."""

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Lays a file down whole or not at all; durable after the next `sync`."""

    def append(self, name: str, content: bytes) -> None:
        """Adds to a file, durable on return; a crash may leave a beginning of it."""

    def sync(self) -> None:
        """Returns when everything written is durable, by content and by name."""

    def remove(self, name: str) -> None:
        """Takes a file away; nothing where there is none."""

    def names(self, folder: str) -> list[str]:
        """Names of the files of a folder, in order."""


class GrowingLog:
    """A log with one writer."""

    def __init__(self, shelf: Shelf, origin: str, key: SigningKey) -> None:
        """Goes on where it stood. Raises EvidenceRefused where what is kept is not what was signed
        or an entry that was answered for is bent."""
        self._shelf, self.origin, self._key = shelf, origin, key
        self.notices: list[str] = []
        content = shelf.read(CHECKPOINT)
        self.note: Note | None = None if content is None else read_note(content)
        self.published = 0 if self.note is None else self.note.checkpoint.size
        self._edges = self._read_edges()
        self._entries = self._read_tail()
        self._frontier = self._proved_frontier()
        self._waiting: list[bytes] = []
        self._pending_name = ""
        for entry in self._read_pending():
            self._take(entry)

    @property
    def size(self) -> int:
        """Entries that are durable."""
        return self.published + len(self._waiting)

    def append(self, entries: Sequence[bytes]) -> int:
        """Makes entries durable; gives the number of the first."""
        for entry in entries:
            if len(entry) > MOST_ENTRY_BYTES:
                raise refused(
                    Fault.OUT_OF_RANGE, "entry", "bytes", f"up to {MOST_ENTRY_BYTES}", len(entry)
                )  # fmt: skip
        first = self.size
        self._pending_name = self._pending_name or _pending_name(first)
        self._shelf.append(self._pending_name, _framed(first, entries))
        for entry in entries:
            self._take(entry)
        return first

    def publish(self) -> Note:
        """Lays down the tiles of every durable entry, then the checkpoint that stands for them.
        The same checkpoint where nothing came."""
        if self.note is not None and not self._waiting:
            return self.note
        self._lay_tiles()
        self._shelf.sync()
        self.published = self._frontier.size
        self._waiting.clear()
        checkpoint = Checkpoint(self.origin, self.published, self._frontier.root())
        note = sign_checkpoint(checkpoint, self._key)
        self._keep(note)
        for name in self._shelf.names(PENDING):
            self._shelf.remove(f"{PENDING}/{name}")
        self._pending_name = ""
        return note

    def keep_cosigned(self, note: Note) -> None:
        """Keeps a checkpoint of this log with further cosignatures, which the caller checked."""
        self._keep(note)

    def checkpoints(self) -> Iterator[Note]:
        """Every checkpoint, smallest first."""
        for size in self.sizes():
            note = self.checkpoint_of(size)
            if note is not None:
                yield note

    def checkpoint_of(self, size: int) -> Note | None:
        """The checkpoint of a size, where there is one."""
        content = self._shelf.read(kept_name(size))
        return None if content is None else read_note(content, f"checkpoint {size}")

    def reader(self) -> TileReader:
        """The published tree."""
        return TileReader(self._shelf.read, self.published)

    def sizes(self) -> list[int]:
        """Sizes of the checkpoints, smallest first."""
        return [int(name) for name in self._shelf.names(KEPT)]

    def read(self, name: str) -> bytes | None:
        """A file of the log by its name."""
        return self._shelf.read(name)

    def entries(self) -> Iterator[bytes]:
        """Every durable entry, in order."""
        yield from self.reader().entries()
        yield from list(self._waiting)

    def _keep(self, note: Note) -> None:
        """The history before the newest, so that what is shown first is always kept."""
        self._shelf.write(kept_name(note.checkpoint.size), note.content)
        self._shelf.sync()
        if self.note is None or note.checkpoint.size >= self.note.checkpoint.size:
            self._shelf.write(CHECKPOINT, note.content)
            self._shelf.sync()
            self.note = note

    def _take(self, entry: bytes) -> None:
        self._waiting.append(entry)
        self._frontier.append(leaf_hash(entry))

    def _read_edges(self) -> list[bytes]:
        """The last tile of every level, where it is not whole."""
        edges, level = [], 0
        while self.published >> (8 * level):
            count = self.published >> (8 * level)
            width = count % WIDTH
            edge = b""
            if width:
                name = tile_name(level, count // WIDTH, width)
                edge = self._shelf.read(name) or b""
                if len(edge) != width * HASH_BYTES:
                    raise refused(Fault.TREE, name, "bytes", width * HASH_BYTES, len(edge))
            edges.append(edge)
            level += 1
        return edges

    def _read_tail(self) -> list[bytes]:
        """Entries of the last bundle, where it is not whole."""
        width = self.published % WIDTH
        return self.reader().bundle(self.published // WIDTH) if width else []

    def _proved_frontier(self) -> Frontier:
        nodes = self.reader().node
        frontier = Frontier(self.published, peaks_of(self.published, nodes))
        if self.note is not None and frontier.root() != self.note.checkpoint.root:
            raise refused(
                Fault.TREE, f"checkpoint {self.published}", "root",
                self.note.checkpoint.root.hex(), frontier.root().hex(),
            )  # fmt: skip
        return frontier

    def _read_pending(self) -> list[bytes]:
        """Entries that were answered for and stand under no checkpoint yet."""
        found: list[bytes] = []
        names = self._shelf.names(PENDING)
        for name in names:
            content = self._shelf.read(f"{PENDING}/{name}") or b""
            at = 0
            while at < len(content):
                batch = _unframed(content, at)
                if batch is None:
                    self._cut_torn(f"{PENDING}/{name}", content, at)
                    break
                first, entries, length = batch
                # A crash may leave what a checkpoint already stands for.
                found += entries[max(0, self.published + len(found) - first) :]
                at += length
        # A torn end was cut off, so that what comes next is written behind what is sound.
        self._pending_name = f"{PENDING}/{names[-1]}" if names else ""
        return found

    def _cut_torn(self, name: str, content: bytes, at: int) -> None:
        """Cuts a batch that was torn while it was written. Raises EvidenceRefused where a sound
        one follows: then it is bent, and was answered for."""
        for later in range(at + 1, len(content) - _HEAD.size + 1):
            if _unframed(content, later) is not None:
                where = f"{name} at byte {at}"
                raise refused(Fault.ALTERED, where, "batch", "a sound one", "one that was bent")
        self.notices.append(f"{name}: {len(content) - at} bytes torn at {at} were never answered")
        self._shelf.write(name, content[:at])
        self._shelf.sync()

    def _lay_tiles(self) -> None:
        """Every bundle and tile that grew, whole ones before the part that remains."""
        entries = self._entries + self._waiting
        place = self.published // WIDTH
        hashes = [leaf_hash(entry) for entry in self._waiting]
        for begin in range(0, len(entries), WIDTH):
            part = entries[begin : begin + WIDTH]
            self._shelf.write(entries_name(place, len(part)), pack(part))
            place += 1
        self._entries = entries[len(entries) - len(entries) % WIDTH :]
        level = 0
        while hashes:
            hashes = self._lay_level(level, hashes)
            level += 1

    def _lay_level(self, level: int, hashes: list[bytes]) -> list[bytes]:
        """Adds hashes to a level; gives those of the tiles that became whole."""
        if level == len(self._edges):
            self._edges.append(b"")
        edge = self._edges[level]
        place = (self.published >> (8 * level)) // WIDTH
        content = edge + b"".join(hashes)
        step, above = WIDTH * HASH_BYTES, []
        for begin in range(0, len(content), step):
            tile = content[begin : begin + step]
            width = len(tile) // HASH_BYTES
            self._shelf.write(tile_name(level, place, width), tile)
            if width == WIDTH:
                above.append(_tile_root(tile))
            place += 1
        self._edges[level] = content[len(content) - len(content) % step :]
        return above


def _tile_root(tile: bytes) -> bytes:
    level = [tile[n : n + HASH_BYTES] for n in range(0, len(tile), HASH_BYTES)]
    while len(level) > 1:
        level = [node_hash(a, b) for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def _pending_name(number: int) -> str:
    return f"{PENDING}/{number:020d}"


def kept_name(size: int) -> str:
    """The file of a checkpoint by its size."""
    return f"{KEPT}/{size:020d}"


def _framed(first: int, entries: Sequence[bytes]) -> bytes:
    """A batch: number of its first entry, how many, bytes, check sum over all of it, entries."""
    content = pack(entries)
    head = _HEAD.pack(first, len(entries), len(content), 0)
    return _HEAD.pack(first, len(entries), len(content), crc32(content, crc32(head))) + content


def _unframed(content: bytes, at: int) -> tuple[int, list[bytes], int] | None:
    """Number of its first entry, the entries and the length of a batch; None for none."""
    if len(content) - at < _HEAD.size:
        return None
    first, count, length, check = _HEAD.unpack_from(content, at)
    begin = at + _HEAD.size
    if begin + length > len(content) or not 2 * count <= length or not count:
        return None
    packed = content[begin : begin + length]
    if crc32(packed, crc32(_HEAD.pack(first, count, length, 0))) != check:
        return None
    return first, unpack(packed, "batch"), _HEAD.size + length

"""The journal: batches of command frames in segments, check-summed, chained, flushed before any
answer.

A batch on disk, little-endian:

| offset | field | type | meaning |
|---|---|---|---|
| 0 | magic | 4 bytes | `LSJ1` |
| 4 | length | u32 | bytes of the whole batch |
| 8 | first | u64 | number of its first command |
| 16 | last | u64 | last number it occupies, span included |
| 24 | events | 32 bytes | SHA-256 of the event frames the batch before gave |
| 56 | chain | 32 bytes | SHA-256 of the chain before, the fields above and the frames |
| 88 | frames | | command frames |
| length-4 | check | u32 | CRC32C of everything before it |

A segment may end in zeros, room set aside so that a flush writes no metadata: zeros where a batch
would begin are its clean end.
"""

from __future__ import annotations

import errno
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import google_crc32c

from lasalle.venue.compiled import wanted
from lasalle.venue.disk import Disk, FolderDisk

MAGIC = b"LSJ1"
_HEAD = struct.Struct("<4sIQQ32s")
_CHAIN_AT = _HEAD.size
_FRAMES_AT = _CHAIN_AT + 32
_MOST_BATCH_BYTES = 64 * 1024 * 1024
SEGMENT_BYTES = 16 * 1024 * 1024
HEADROOM_BYTES = 32 * 1024 * 1024
"""Below this much free disk only cancels, kill switches and settlement are sealed."""
SPARE_BYTES = SEGMENT_BYTES
"""Zeros a house that is served sets aside, so that a flush writes no metadata."""
_READS_BESIDE_A_WRITER = 2
Found = tuple[str, int, int, bytes, int, list[tuple[str, int]]]
"""Segment, byte behind its last batch, last number, chain, batches, segments that end in zeros."""
NO_EVENTS = sha256(b"").digest()


class JournalBent(Exception):
    """A sound record follows a bent one: nothing may be built on this journal."""


class JournalFull(Exception):
    """The disk has no room: nothing was sealed, nothing was carried out, and service returns
    with space."""


class JournalBroken(Exception):
    """The disk failed in a way that leaves the tail unknown: the journal is opened again before
    anything more is sealed."""


class JournalLocked(Exception):
    """Another venue holds this journal."""


@dataclass(frozen=True)
class Batch:
    """One sealed batch: numbers first..last, digest of the events before it, its chain, its
    frames."""

    first: int
    last: int
    events: bytes
    chain: bytes
    frames: bytes
    segment: str
    offset: int
    length: int


class Journal:
    """The one truth. `append` returns when the batch is durable."""

    def __init__(
        self,
        disk: Disk,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        headroom_bytes: int = HEADROOM_BYTES,
        read_only: bool = False,
        found: Found | None = None,
    ) -> None:
        """found: where it ends, as a replay that has just read all of it tells. read_only: a torn
        tail is told and left alone, for it may be a batch that another process is writing at this
        moment."""
        self._disk = disk
        self._read_only = read_only
        self._broken = "it was opened to be read" if read_only else ""
        self._segment_bytes = segment_bytes
        self._headroom_bytes = headroom_bytes
        self.notices: list[str] = []
        self._bent = ""
        if self._check_compiled(found):
            return
        self._read_all()
        for _ in range(_READS_BESIDE_A_WRITER if read_only else 0):
            if not self._bent:
                break
            # A writer may seal two batches while one segment is read: zeros, then a sound record.
            self._read_all()
        if self._bent:
            raise JournalBent(self._bent)

    @property
    def folder(self) -> Path | None:
        """Where the segments lie, for compiled parts to read them; None on a disk of another
        kind."""
        return self._disk.folder if type(self._disk) is FolderDisk else None

    def _check_compiled(self, found: Found | None) -> bool:
        """Whether the compiled check found every batch sound; all else is told apart here."""
        check = wanted("check_segments")
        if found is None and check is not None and self.folder is not None:
            found = check(self.folder)
        if found is None:
            return False
        self._segment, self._size, self.last, self.chain, self.batch_count, zeros = found
        for name, end in () if self._read_only else zeros:
            self._disk.cut(name, end)
        return True

    def _read_all(self) -> None:
        self.last = self.batch_count = 0
        self.chain = bytes(32)
        self.notices.clear()
        self._segment = self._bent = ""
        self._size = 0
        try:
            for batch in self._scan():
                self.batch_count += 1
                self.last, self.chain, self._segment = batch.last, batch.chain, batch.segment
                self._size = batch.offset + batch.length
        except JournalBent as error:
            self._bent = str(error)

    def batches(self, after: int = 0) -> Iterator[Batch]:
        """Sealed batches whose last number lies after `after`, in order.

        Raises JournalBent when a batch that was sound at opening no longer is.
        """
        names = [name for name in self._disk.names() if self._disk.size(name)]
        # A segment is named by the number it begins with.
        begins = [int(name.removesuffix(".seg")) for name in names]
        skipped = max(0, bisect_right(begins, after) - 1)
        last = begins[skipped] - 1 if skipped else 0
        for name in names[skipped:]:
            content, at = self._disk.read(name), 0
            while at < len(content):
                if last == self.last:
                    return
                batch = _read_batch(content, at, name)
                if batch is None and _is_zero(content, at):
                    break
                if batch is None or batch.first != last + 1:
                    raise JournalBent(
                        f"{name} at byte {at}: the record after number {last} changed"
                    )
                last = batch.last
                if batch.last > after:
                    yield batch
                at += batch.length
        if last != self.last:
            raise JournalBent(f"number {self.last} expected at the end, {last} found")

    def founded(self) -> bytes:
        """Chain of the first batch, which no other house has; empty before there is one."""
        first = next(self.batches(), None)
        return first.chain if first else b""

    @property
    def end(self) -> tuple[str, int]:
        """Segment and byte behind the last batch."""
        return self._segment, self._size

    @property
    def headroom_bytes(self) -> int:
        return self._headroom_bytes

    def hand_over(self) -> None:
        """Another writer goes on from here; this one only follows what it is told."""
        self._broken = "the compiled engine seals this journal"

    def follow(self, last: int, chain: bytes) -> None:
        """Where the other writer stands, as it was told."""
        self.last, self.chain = last, chain

    def closed_for(self) -> str:
        """Why an ordinary batch cannot be sealed now; empty when it can."""
        if self._broken:
            return f"nothing more is sealed: {self._broken}"
        return self.room_for()

    def room_for(self) -> str:
        """Why the disk takes no ordinary batch now; empty when it does."""
        room = self._disk.free_bytes()
        if room <= self._headroom_bytes:
            return f"{room} bytes of disk are free, {self._headroom_bytes} are kept as headroom"
        return ""

    def append(
        self, frames: bytes, first: int, last: int, events: bytes, *, urgent: bool = False
    ) -> None:
        """Seals frames numbered first..last; `events` is the digest of what the batch before gave.

        urgent: may use the headroom. Raises JournalFull when it does not fit; nothing stays behind.
        Raises JournalBroken when the disk failed otherwise; then nothing more is sealed.
        """
        if self._broken:
            raise JournalBroken(f"nothing more is sealed: {self._broken}")
        assert first == self.last + 1, "numbers continue without a gap"
        assert last >= first, "a batch holds a command"
        length = _FRAMES_AT + len(frames) + 4
        if length > _MOST_BATCH_BYTES:
            # Opening takes no longer batch for sound: it would be dropped as a torn tail.
            raise ValueError(
                f"{length} bytes to seal: a batch is at most {_MOST_BATCH_BYTES} bytes"
            )
        room = self._disk.free_bytes() - (0 if urgent else self._headroom_bytes)
        if length > room:
            raise JournalFull(f"{length} bytes to seal, {max(0, room)} bytes of disk free for them")
        head = _HEAD.pack(MAGIC, length, first, last, events)
        chain = sha256(self.chain + head + frames).digest()
        content = head + chain + frames
        content += struct.pack("<I", google_crc32c.value(content))
        if not self._size or self._size >= self._segment_bytes:
            self._segment, self._size = f"{first:020d}.seg", 0
        try:
            self._disk.append(self._segment, content)
            self._disk.flush(self._segment)
        except OSError as error:
            self._take_back(error)
            raise JournalFull(f"the disk refused {length} bytes: {error.strerror}") from error
        self._size += length
        self.last, self.chain = last, chain

    def _take_back(self, cause: OSError) -> None:
        """Cuts what a failed append left. Where that fails, or the disk did not merely run out of
        room, the tail is unknown and a batch behind it would bend the middle."""
        if cause.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            self._broken = f"{self._segment}: {cause}"
        try:
            if self._disk.size(self._segment) > self._size:
                self._disk.cut(self._segment, self._size)
        except OSError as error:
            self._broken = f"{self._segment} could not be cut at byte {self._size}: {error}"
        if self._broken:
            raise JournalBroken(self._broken) from cause

    def _scan(self) -> Iterator[Batch]:
        """Reads everything; cuts a torn tail, refuses a bent middle."""
        names = self._disk.names()
        chain, last = bytes(32), 0
        for i, name in enumerate(names):
            content, at = self._disk.read(name), 0
            while at < len(content):
                batch = _read_batch(content, at, name)
                if batch is None and _is_zero(content, at):
                    self._cut_zeros(name, at)
                    break
                if batch is None:
                    self._drop_tail(content, at, name, names[i + 1 :], last)
                    return
                frames_chain = sha256(chain + content[at : at + _CHAIN_AT] + batch.frames).digest()
                if batch.chain != frames_chain or batch.first != last + 1:
                    raise JournalBent(
                        f"{name} at byte {at}: batch {batch.first} does not continue "
                        f"the chain after number {last}"
                    )
                chain, last = batch.chain, batch.last
                yield batch
                at += batch.length

    def _cut_zeros(self, name: str, at: int) -> None:
        """Gives back the room set aside behind the last batch: this journal appends."""
        if not self._read_only:
            self._disk.cut(name, at)
        self._segment, self._size = name, at

    def _drop_tail(self, content: bytes, at: int, name: str, later: list[str], last: int) -> None:
        follows = _follower(content, at, name, last)
        for other in later:
            if follows is None and self._disk.size(other):
                follows = next(_sound_from(self._disk.read(other), 0, other), None)
        if follows is not None:
            raise JournalBent(
                f"{name} at byte {at}: the record after number {last} is bent, and a sound one "
                f"follows in {follows.segment} at byte {follows.offset} (number {follows.first})"
            )
        torn = len(content.rstrip(b"\0")) - at
        if self._read_only:
            self.notices.append(
                f"{name}: {torn} bytes after number {last} are no sound batch: torn, "
                "or being written now; they were left alone"
            )
            return
        for other in later:
            self._disk.cut(other, 0)
        self._disk.cut(name, at)
        self.notices.append(
            f"{name}: {torn} bytes of a torn tail after number {last} "
            "were dropped; they were never acknowledged"
        )
        self._segment, self._size = name, at


def _read_batch(content: bytes, at: int, name: str) -> Batch | None:
    """The batch at byte `at`, or None when it is not sound."""
    if len(content) - at < _FRAMES_AT + 4:
        return None
    magic, length, first, last, events = _HEAD.unpack_from(content, at)
    if magic != MAGIC or not _FRAMES_AT + 4 <= length <= min(len(content) - at, _MOST_BATCH_BYTES):
        return None
    whole = content[at : at + length]
    if struct.unpack_from("<I", whole, length - 4)[0] != google_crc32c.value(whole[:-4]):
        return None
    return Batch(
        first, last, events, whole[_CHAIN_AT:_FRAMES_AT], whole[_FRAMES_AT:-4], name, at, length
    )


def _is_zero(content: bytes, at: int) -> bool:
    """Whether nothing but zeros stands from byte `at` on."""
    return content.count(0, at) == len(content) - at


def _follower(content: bytes, at: int, name: str, last: int) -> Batch | None:
    """A sound batch that shows the record at byte `at` to be bent and not torn.

    A member's integers may spell a sound batch, so one that begins inside the bytes which the
    record claims by its own head counts only where it continues the chain the record holds.
    """
    claimed = _claim(content, at, last)
    for batch in _sound_from(content, at + 1, name):
        if claimed is None:
            return batch
        length, claimed_last, chain = claimed
        if batch.offset >= at + length:
            return batch
        head = content[batch.offset : batch.offset + _CHAIN_AT]
        if (
            batch.first == claimed_last + 1
            and batch.chain == sha256(chain + head + batch.frames).digest()
        ):
            return batch
    return None


def _claim(content: bytes, at: int, before: int) -> tuple[int, int, bytes] | None:
    """Length, last number and chain which the head of an unsound record tells; None unless it is
    whole, its numbers go on and its length can be a batch's."""
    if len(content) - at < _FRAMES_AT:
        return None
    magic, length, first, last, _ = _HEAD.unpack_from(content, at)
    if magic != MAGIC or not _FRAMES_AT + 4 <= length <= _MOST_BATCH_BYTES:
        return None
    if first != before + 1 or last < first:
        return None
    return length, last, content[at + _CHAIN_AT : at + _FRAMES_AT]


def _sound_from(content: bytes, at: int, name: str) -> Iterator[Batch]:
    """Every sound batch that begins at or after byte `at`, wherever it stands."""
    while (at := content.find(MAGIC, at)) >= 0:
        batch = _read_batch(content, at, name)
        if batch is not None:
            yield batch
        at += 1

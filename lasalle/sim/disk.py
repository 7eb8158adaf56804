"""A disk that fails as disks do: it loses what was not flushed, turns a bit, fills up, cuts the
power."""

from __future__ import annotations

import errno
from collections import Counter
from enum import Enum
from random import Random

SECTOR = 512
ROOMY = 10**12


class PowerCut(Exception):
    """The machine went dark in the middle of a write; nobody hears an answer."""


class Fault(Enum):
    """What the disk does at its next write."""

    TORN_WRITE = "power cut while the batch is written"
    BEFORE_FLUSH = "power cut before the batch is durable"
    AFTER_FLUSH = "power cut after the batch is durable, before anyone is answered"
    NO_ROOM = "no room in the middle of the batch"
    FLUSH_FAILS = "the flush fails"


class SimulatedDisk:
    """Files in memory with a mark of how much of each is durable. A double of `venue.disk.Disk`."""

    def __init__(self, random: Random, reached: Counter[str]) -> None:
        self._random = random
        self._reached = reached
        self._files: dict[str, bytearray] = {}
        self._durable: dict[str, int] = {}
        self._fault: Fault | None = None
        self._capacity = ROOMY

    # -- what the journal asks -------------------------------------------------------------------

    def names(self) -> list[str]:
        return sorted(self._files)

    def read(self, name: str) -> bytes:
        return bytes(self._files[name])

    def size(self, name: str) -> int:
        return len(self._files.get(name, b""))

    def append(self, name: str, content: bytes) -> None:
        file = self._files.setdefault(name, bytearray())
        self._durable.setdefault(name, 0)
        if self._takes(Fault.TORN_WRITE):
            file += content[: self._random.randrange(len(content))]
            raise PowerCut(Fault.TORN_WRITE.value)
        room = max(0, self.free_bytes())
        if self._takes(Fault.NO_ROOM):
            room = self._random.randrange(len(content))
        file += content[:room]
        if room < len(content):
            self._reached["disk full in the middle of a batch"] += 1
            raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self, name: str) -> None:
        if self._takes(Fault.FLUSH_FAILS):
            raise OSError(errno.EIO, "Input/output error")
        if self._takes(Fault.BEFORE_FLUSH):
            raise PowerCut(Fault.BEFORE_FLUSH.value)
        self._durable[name] = len(self._files[name])
        if self._takes(Fault.AFTER_FLUSH):
            raise PowerCut(Fault.AFTER_FLUSH.value)

    def cut(self, name: str, size: int) -> None:
        del self._files[name][size:]
        self._durable[name] = size

    def free_bytes(self) -> int:
        return self._capacity - sum(len(f) for f in self._files.values())

    # -- what the day does to it -----------------------------------------------------------------

    def plan(self, fault: Fault | None) -> None:
        """The next write meets this fault."""
        self._fault = fault

    def fill(self, leave: int) -> None:
        """Somebody else's files take all but `leave` bytes."""
        self._capacity = sum(len(f) for f in self._files.values()) + leave

    def make_room(self) -> None:
        self._capacity = ROOMY

    def lose_power(self) -> None:
        """Keeps a random part of what was not flushed, perhaps with a bit turned or a sector
        empty."""
        self._fault = None
        for name, file in self._files.items():
            start, end = self._durable[name], len(file)
            if end > start:
                self._keep_part(file, start, end)
            self._durable[name] = len(file)

    def turn_bit(self, name: str, first: int, last: int) -> int:
        """Turns one bit between two bytes of what was durable; gives the byte."""
        at = self._random.randint(first, last)
        self._files[name][at] ^= 1 << self._random.randrange(8)
        return at

    def copy(self) -> dict[str, bytes]:
        """What an operator's copy of the journal holds."""
        return {name: bytes(file) for name, file in self._files.items()}

    def restore(self, copy: dict[str, bytes]) -> None:
        """The operator puts the copy back."""
        self._files = {name: bytearray(content) for name, content in copy.items()}
        self._durable = {name: len(content) for name, content in copy.items()}

    def _takes(self, fault: Fault) -> bool:
        if self._fault is not fault:
            return False
        self._fault = None
        self._reached[f"fault: {fault.value}"] += 1
        return True

    def _keep_part(self, file: bytearray, start: int, end: int) -> None:
        kept = self._random.choice((0, end - start, self._random.randrange(end - start)))
        del file[start + kept :]
        what = "lost" if not kept else "kept" if kept == end - start else "torn"
        self._reached[f"unflushed bytes {what}"] += 1
        if not kept:
            return
        damage = self._random.choice(("none", "none", "bit", "sector"))
        if damage == "bit":
            self.turn_in(file, start)
        elif damage == "sector":
            sector = self._random.randrange(start // SECTOR, (len(file) - 1) // SECTOR + 1) * SECTOR
            low, high = max(start, sector), min(len(file), sector + SECTOR)
            file[low:high] = bytes(high - low)
            self._reached["unflushed sector empty"] += 1

    def turn_in(self, file: bytearray, start: int) -> None:
        """Turns one bit of what was not flushed."""
        at = self._random.randrange(start, len(file))
        file[at] ^= 1 << self._random.randrange(8)
        self._reached["unflushed bit turned"] += 1

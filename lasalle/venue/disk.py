"""The disk as the journal sees it: a folder of files that are appended, flushed and cut."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

SPARE_SHARE = 4
"""Zeros are set aside only where so many times their bytes are free: they never fill a disk."""
_PIECE = 1024 * 1024


class Disk(Protocol):
    """What a journal asks of a disk; simulation gives it one that tears, flips and fills."""

    def names(self) -> list[str]: ...

    def read(self, name: str) -> bytes: ...

    def size(self, name: str) -> int: ...

    def append(self, name: str, content: bytes) -> None: ...

    def flush(self, name: str) -> None: ...

    def cut(self, name: str, size: int) -> None: ...

    def free_bytes(self) -> int: ...


class FolderDisk:
    """A real folder. `append` may raise OSError part-way; `flush` returns when the bytes are
    durable."""

    def __init__(self, folder: Path, *, read_only: bool = False, spare_bytes: int = 0) -> None:
        """read_only: an absent folder is not made. spare_bytes: zeros set aside in the segment that
        is appended to, so that a flush writes no metadata; `close` gives back what is left."""
        self._folder = folder
        self._open: tuple[str, int] | None = None
        self.spare_bytes = spare_bytes
        self._end = self._room = 0
        """Where the open segment's batches end, and where its file ends."""
        if not read_only:
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        """Where the segments lie: compiled parts read them there."""
        return self._folder

    def names(self) -> list[str]:
        return sorted(p.name for p in self._folder.glob("*.seg"))

    def read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def size(self, name: str) -> int:
        path = self._folder / name
        return path.stat().st_size if path.exists() else 0

    def append(self, name: str, content: bytes) -> None:
        handle = self._handle(name)
        if self._end == self._room < self.spare_bytes:
            self._set_aside(handle)
        view = memoryview(content)
        while view:
            written = os.pwrite(handle, view, self._end)
            view = view[written:]
            self._end += written
            self._room = max(self._room, self._end)

    def flush(self, name: str) -> None:
        os.fdatasync(self._handle(name))

    def cut(self, name: str, size: int) -> None:
        os.ftruncate(self._handle(name), size)
        os.fdatasync(self._handle(name))
        self._end = self._room = size

    def free_bytes(self) -> int:
        found = os.statvfs(self._folder)
        return found.f_bavail * found.f_frsize

    def close(self) -> None:
        if self._open is not None:
            if self._end < self._room:
                self.cut(self._open[0], self._end)
            os.close(self._open[1])
            self._open = None

    def _set_aside(self, handle: int) -> None:
        """Fills the segment with zeros; where as much again would not stay free, it grows."""
        wanted = self.spare_bytes
        if self.free_bytes() < SPARE_SHARE * wanted:
            return
        try:
            while self._room < wanted:
                piece = bytes(min(_PIECE, wanted - self._room))
                self._room += os.pwrite(handle, piece, self._room)
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, self._end)
            self._room = self._end

    def _handle(self, name: str) -> int:
        if self._open is not None and self._open[0] == name:
            return self._open[1]
        self.close()
        path = self._folder / name
        # The name of a segment must be as durable as what stands in it, and who made it may have
        # been killed before it was.
        handle, folder = os.open(path, os.O_WRONLY | os.O_CREAT, 0o640), -1
        try:
            folder = os.open(self._folder, os.O_RDONLY)
            os.fsync(folder)
        except OSError:
            os.close(handle)
            raise
        finally:
            if folder >= 0:
                os.close(folder)
        self._open = (name, handle)
        self._end = self._room = os.fstat(handle).st_size
        return handle

"""The disk as the journal sees it: a folder of files that are appended, flushed and cut."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol


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

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """read_only: an absent folder is not made."""
        self._folder = folder
        self._open: tuple[str, int] | None = None
        if not read_only:
            folder.mkdir(parents=True, exist_ok=True)

    def names(self) -> list[str]:
        return sorted(p.name for p in self._folder.glob("*.seg"))

    def read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def size(self, name: str) -> int:
        path = self._folder / name
        return path.stat().st_size if path.exists() else 0

    def append(self, name: str, content: bytes) -> None:
        handle = self._handle(name)
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]

    def flush(self, name: str) -> None:
        os.fdatasync(self._handle(name))

    def cut(self, name: str, size: int) -> None:
        os.ftruncate(self._handle(name), size)
        os.fdatasync(self._handle(name))

    def free_bytes(self) -> int:
        found = os.statvfs(self._folder)
        return found.f_bavail * found.f_frsize

    def close(self) -> None:
        if self._open is not None:
            os.close(self._open[1])
            self._open = None

    def _handle(self, name: str) -> int:
        if self._open is not None and self._open[0] == name:
            return self._open[1]
        self.close()
        path = self._folder / name
        fresh = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        if fresh:
            # The name of a new segment must be as durable as what stands in it.
            folder = os.open(self._folder, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        self._open = (name, handle)
        return handle

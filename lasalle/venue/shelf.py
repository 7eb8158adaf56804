"""A folder as the log of a delivery sees it: files laid down whole, or appended and flushed."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

_DRAFT = ".draft"


class FolderShelf:
    """Files under a folder, with one writer: it holds a lock until it is closed."""

    def __init__(self, folder: Path) -> None:
        """Raises BlockingIOError where another process writes there."""
        self.folder = folder
        self._touched: set[Path] = set()
        self._appending: tuple[str, int] | None = None
        self._make(folder)
        self._lock = os.open(folder / "writing.lock", os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise

    def read(self, name: str) -> bytes | None:
        return read_file(self.folder, name)

    def write(self, name: str, content: bytes) -> None:
        self._stop_appending(name)
        path = self.folder / name
        self._make(path.parent)
        draft = path.with_name(path.name + _DRAFT)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        self._touched.add(path.parent)

    def append(self, name: str, content: bytes) -> None:
        handle = self._handle(name)
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        os.fdatasync(handle)

    def sync(self) -> None:
        for folder in sorted(self._touched):
            _sync_folder(folder)
        self._touched.clear()

    def remove(self, name: str) -> None:
        self._stop_appending(name)
        (self.folder / name).unlink(missing_ok=True)

    def names(self, folder: str) -> list[str]:
        found = self.folder / folder
        if not found.is_dir():
            return []
        return sorted(p.name for p in found.iterdir() if p.is_file() and p.suffix != _DRAFT)

    def close(self) -> None:
        """Gives the folder up."""
        self._stop_appending(None)
        os.close(self._lock)

    def _handle(self, name: str) -> int:
        if self._appending is not None and self._appending[0] == name:
            return self._appending[1]
        self._stop_appending(None)
        path = self.folder / name
        self._make(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        # The name is as durable as what stands under it.
        _sync_folder(path.parent)
        self._appending = (name, handle)
        return handle

    def _stop_appending(self, name: str | None) -> None:
        if self._appending is not None and name in (None, self._appending[0]):
            os.close(self._appending[1])
            self._appending = None

    def _make(self, folder: Path) -> None:
        """A folder, its name durable in the one above."""
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for one in reversed(missing):
            one.mkdir(exist_ok=True)
            _sync_folder(one.parent)


def read_file(folder: Path, name: str) -> bytes | None:
    """A file under a folder; None where there is none."""
    try:
        return (folder / name).read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

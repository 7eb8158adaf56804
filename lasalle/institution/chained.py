"""A record in a file to which lines are added alone, each with the SHA-256 of the line before it.

Nothing is written over. A last line that was torn by a crash is dropped; anything else that does
not follow is an alarm.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

FIRST = "0" * 64


class ChainedRecord:
    """Statements in their order. A served house and a person at its folder take turns."""

    def __init__(self, path: Path, rule: str, wrong: Callable[[str], Exception]) -> None:
        """wrong: makes what is raised of a sentence."""
        self.path, self._rule, self._wrong = path, rule, wrong

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Held while something is added, by whichever process."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with (self.path.parent / "writing.lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def rows(self) -> list[dict[str, Any]]:
        """Every statement in its order. Raises where one does not follow."""
        if not self.path.exists():
            return []
        whole, _, _ = self.path.read_bytes().rpartition(b"\n")
        before, found = FIRST, []
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                row = json.loads(line)
                follows = row["before"] == before and row["number"] == number
            except (ValueError, KeyError, TypeError):
                follows = False
            if not follows:
                raise self._wrong(f"{self.path}: line {number} does not follow ({self._rule})")
            before = sha256(line).hexdigest()
            found.append(row)
        return found

    def head(self) -> str:
        """SHA-256 of the last whole line; zeros before the first."""
        whole, _, _ = self._bytes().rpartition(b"\n")
        return sha256(whole.rpartition(b"\n")[2]).hexdigest() if whole else FIRST

    def add(self, **said: Any) -> int:
        """Writes a statement; its number. Only under `alone`."""
        number = len(self.rows()) + 1
        whole, end, _ = self._bytes().rpartition(b"\n")
        row = {"number": number, "before": self.head(), **said}
        with self.path.open("ab") as file:
            file.truncate(len(whole) + len(end))
            file.write(json.dumps(row, separators=(",", ":")).encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return number

    def size(self) -> int:
        """Bytes of the record: it only grows."""
        return self.path.stat().st_size if self.path.exists() else 0

    def _bytes(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""

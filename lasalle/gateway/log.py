"""The log of commands: one JSON line each, secrets left out, written beside the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

WRITE_SECONDS = 0.25
MOST_WAITING = 20_000
MOST_BYTES = 64 * 1024 * 1024
KEPT = 4
SECRET = re.compile(r"secret|signature|private|password|authorization|payload", re.IGNORECASE)
LEFT_OUT = "[left out]"
ENCODER = msgspec.json.Encoder(enc_hook=repr)


@lru_cache(1_000)
def _secret(name: str) -> bool:
    return SECRET.search(name) is not None


def without_secrets(line: Mapping[str, Any]) -> dict[str, Any]:
    """A field whose name tells of a secret keeps its name alone."""
    return {n: LEFT_OUT if _secret(n) else v for n, v in line.items()}


class CommandLog:
    """Lines wait in memory and are written by a thread; without a path they go nowhere.

    A disk that does not keep up costs lines, never the loop; how many is told in the next line.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._waiting: list[bytes] = []
        self._lost = 0

    @property
    def kept(self) -> bool:
        """Whether lines go anywhere."""
        return self._path is not None

    def command(self, **fields: Any) -> None:
        """One line for a command that was answered."""
        if self.kept:
            self._line("command", fields)

    def fault(self, **fields: Any) -> None:
        """One line for what the house failed at."""
        if self.kept:
            self._line("fault", fields)

    def _line(self, event: str, fields: dict[str, Any]) -> None:
        stamp = datetime.now(UTC).isoformat()
        line = {"event": event, "timestamp": stamp, **without_secrets(fields)}
        if len(self._waiting) >= MOST_WAITING:
            self._lost += 1
        else:
            self._waiting.append(ENCODER.encode(line))

    async def run(self) -> None:
        """Writes until cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(WRITE_SECONDS)
                await asyncio.to_thread(self.write)
        finally:
            self.write()

    def write(self) -> None:
        """Appends what waits; a full disk keeps nothing and stops nothing."""
        if self._path is None or not self._waiting:
            return
        lines, self._waiting = self._waiting, []
        lost, self._lost = self._lost, 0
        if lost:
            lines.append(ENCODER.encode({"event": "lines lost", "count": lost}))
        with contextlib.suppress(OSError):
            self._turn(self._path)
            with self._path.open("ab") as out:
                out.write(b"\n".join(lines) + b"\n")

    def _turn(self, path: Path) -> None:
        """A long file becomes `.1`, that one `.2`, and the last one goes."""
        if not path.exists() or path.stat().st_size < MOST_BYTES:
            return
        for n in range(KEPT - 1, 0, -1):
            older = path.with_suffix(f".{n}")
            if older.exists():
                older.rename(path.with_suffix(f".{n + 1}"))
        path.rename(path.with_suffix(".1"))

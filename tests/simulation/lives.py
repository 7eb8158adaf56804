"""Real processes of a made-up day: `lasalle run` and `lasalle delivery meter` as they are typed,
forked from one program that has imported them, killed with SIGKILL and started again. The clock is
set by the day (`day_clock.c`)."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import mmap
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST = 150.0
"""Seconds of the machine's own clock after which a process that does not come is a fault."""


class DayClock:
    """The file every process of the day reads its clock from."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._file = mmap.mmap(file.fileno(), 8)

    def to(self, moment: int) -> None:
        """The wall tells this moment, nanoseconds UTC, and goes on from there."""
        (shift,) = struct.unpack_from("<q", self._file)
        struct.pack_into("<q", self._file, 0, shift + moment - time.time_ns())


class Nursery:
    """Forks lives from a process of its own, made before this one has threads."""

    def __init__(self) -> None:
        here, there = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            here.close()
            _fork_lives(there)
        there.close()
        self._asked = here.makefile("rwb", buffering=0)

    def begin(self, words: Sequence[str], told: Path, *, meter: bool) -> int:
        """The process number of `lasalle WORDS`, which says what it says into a file."""
        asked = json.dumps({"words": list(words), "told": str(told), "meter": meter})
        self._asked.write(asked.encode() + b"\n")
        return int(self._asked.readline())

    def close(self) -> None:
        """Ends it."""
        self._asked.close()
        os.waitpid(self.pid, 0)


def _fork_lives(asked: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, lambda *_: _let_go())
    lines, lives = asked.makefile("rwb", buffering=0), list[int]()
    while line := lines.readline():
        one = json.loads(line)
        child = os.fork()
        if not child:
            lines.close()
            asked.close()
            _live(one)
        lives.append(child)
        lines.write(b"%d\n" % child)
    for child in lives:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    os._exit(0)


def _let_go() -> None:
    """A process that ended is gone, and its processor time counted."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _live(asked: dict[str, Any]) -> None:
    from lasalle.institution.command_line import main

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told = os.open(asked["told"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    for stream in (1, 2):
        os.dup2(told, stream)
    if asked["meter"]:
        ctypes.CDLL(None).day_clock_all()
    code = 1
    try:
        code = main(asked["words"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def free_port() -> int:
    """A port of the loopback nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Life:
    """A process that is started again whenever it was killed."""

    nursery: Nursery
    name: str
    words: tuple[str, ...]
    port: int
    told: Path
    pid: int = 0
    starts: int = 0

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        """Starts it; it listens after `listening`."""
        meter = self.name != "venue"
        self.pid = self.nursery.begin(self.words, self.told, meter=meter)
        self.starts += 1

    async def listening(self) -> None:
        """Until it takes connections."""
        until = time.monotonic() + LONGEST
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                assert self.alive, f"{self.name} ended by itself:\n{self.told.read_text()}"
                assert time.monotonic() < until, f"{self.name} does not listen"
                await asyncio.sleep(0.004)
            else:
                writer.close()
                return

    async def kill(self) -> None:
        """Ends it at once, with nothing said to it; gone on return."""
        assert self.alive, f"{self.name} ended by itself:\n{self.told.read_text()}"
        os.kill(self.pid, signal.SIGKILL)
        while self.alive:
            await asyncio.sleep(0.001)

    @property
    def alive(self) -> bool:
        """Whether its process is there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

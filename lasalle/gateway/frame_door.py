"""The frame door: command frames over TCP, answered when they are durable.

Two doors behave alike: the compiled engine's own, and the twin on the event loop
(frame_connection.py), which serves where no engine was built. Bytes: docs/desks/frame-door.md.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from lasalle import wire
from lasalle.client.frames import ErrorCode
from lasalle.gateway.frame_connection import Bounds, Connection, Logons, scope_bits
from lasalle.gateway.keys import KeyRefused, KeyStore, ScopeMissing
from lasalle.gateway.sessions import Sessions
from lasalle.venue import JournalFull, VenueStopped
from lasalle.venue.engine import EngineSequencer, VenueBusy
from lasalle.venue.waiting import Waiting
from lasalle.views import AccountsView

LOOK_SECONDS = 0.5
"""From one look at the keys of open connections to the next."""


class EngineDoor:
    """The compiled engine's door; logons alone come here."""

    def __init__(self, waiting: Waiting, logons: Logons, bounds: Bounds) -> None:
        assert isinstance(waiting.sequencer, EngineSequencer), "the engine serves"
        self._waiting, self._logons, self._bounds = waiting, logons, bounds
        self._engine = waiting.sequencer.engine
        self._open: dict[int, tuple[str, int]] = {}
        self._task: asyncio.Task[None] | None = None
        waiting.sequencer.on_door = self._hear

    def __len__(self) -> int:
        return len(self._open)

    async def start(self, host: str, port: int) -> int:
        """Listens; gives the port. Raises OSError."""
        b = self._bounds
        bounds = (b.heartbeat_ms, b.most_frame, b.most_in_flight, b.most_connections)
        found = int(self._engine.listen(host, port, *bounds))
        self._task = asyncio.create_task(self._look_after_keys())
        return found

    async def stop(self) -> None:
        """Ends every connection, and seals that its session is lost."""
        if self._task is not None:
            self._task.cancel()
        self._engine.shut()
        # The lost sessions wait in front of it for the same batch.
        with contextlib.suppress(JournalFull, VenueBusy, VenueStopped):
            await self._waiting.ask(0, wire.AdvanceTime())

    def _hear(self, out: tuple[Any, ...]) -> None:
        if out[0] == "left":
            _, session = self._open.pop(out[1], ("", 0))
            self._logons.sessions.forget(session)
        elif out[0] == "logon":
            _, number, key, signature, signed, address, wanted = out
            try:
                signer, session = self._logons.admit(key, signature, signed, address, wanted)
            except (KeyRefused, ScopeMissing) as error:
                refused = isinstance(error, KeyRefused)
                code = ErrorCode.KEY_REFUSED if refused else ErrorCode.SCOPE_MISSING
                self._engine.reject(number, int(code), str(error))
                return
            self._open[number] = (key, session)
            self._engine.admit(number, signer.actor, scope_bits(signer), session)

    async def _look_after_keys(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for number, (key, _) in list(self._open.items()):
                if not self._logons.keys.alive(key):
                    code = int(ErrorCode.KEY_REFUSED)
                    self._engine.reject(number, code, "the key was revoked")


class PlainDoor:
    """The door on the event loop."""

    def __init__(
        self, waiting: Waiting, accounts: AccountsView, logons: Logons, bounds: Bounds
    ) -> None:
        self._waiting, self._accounts = waiting, accounts
        self._logons, self._bounds = logons, bounds
        self._open: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    def __len__(self) -> int:
        return len(self._open)

    async def start(self, host: str, port: int) -> int:
        """Listens; gives the port. Raises OSError."""
        self._server = await asyncio.start_server(self._serve, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Ends every connection, and seals that its session is lost."""
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= self._bounds.most_connections:
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None, "a connection is served by a task"
        self._open.add(task)
        parts = (self._waiting, self._accounts, self._logons, self._bounds)
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await Connection(reader, writer, *parts).run()
        finally:
            self._open.discard(task)


def make_door(
    waiting: Waiting,
    accounts: AccountsView,
    keys: KeyStore,
    sessions: Sessions,
    bounds: Bounds | None = None,
) -> EngineDoor | PlainDoor:
    """The engine's own door where the compiled engine serves, else the plain twin."""
    logons, bounds = Logons(keys, sessions), bounds or Bounds()
    if isinstance(waiting.sequencer, EngineSequencer):
        return EngineDoor(waiting, logons, bounds)
    return PlainDoor(waiting, accounts, logons, bounds)

"""The sequencer for an event loop: what waits while one batch is sealed becomes the next batch."""

from __future__ import annotations

import asyncio
from typing import Any

from lasalle import wire
from lasalle.venue.sequencer import Asked, Sequencer, Told

MOST_WAITING = 10_000
MOST_BATCH = 512


class VenueBusy(Exception):
    """Too many commands wait; nothing was taken, ask again."""


class Waiting:
    """Commands in, events out. Sealing runs in a thread: a disk never blocks the loop."""

    def __init__(self, sequencer: Sequencer) -> None:
        self.sequencer = sequencer
        self._queue: asyncio.Queue[tuple[Asked, asyncio.Future[list[Told]]]] = asyncio.Queue(
            MOST_WAITING
        )
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, tick_seconds: float = 1.0) -> None:
        """Starts committing, and lets venue time pass every `tick_seconds`."""
        self._tasks = [
            asyncio.create_task(self._commit()),
            asyncio.create_task(self._pass_time(tick_seconds)),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ask(self, actor: int, command: Any, cause: int = 0) -> list[Told]:
        """Events of the command, once durable. Raises VenueBusy, JournalFull, VenueStopped."""
        answer: asyncio.Future[list[Told]] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((Asked(actor, command, cause), answer))
        except asyncio.QueueFull:
            raise VenueBusy(f"{MOST_WAITING} commands wait") from None
        return await answer

    async def _pass_time(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await self.ask(0, wire.AdvanceTime())
            except Exception:  # a full disk passes; time is told again in a moment
                continue

    async def _commit(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < MOST_BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                told = await asyncio.to_thread(self.sequencer.commit, [asked for asked, _ in batch])
            except Exception as error:
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (_, answer), events in zip(batch, told, strict=True):
                if not answer.done():
                    answer.set_result(events)

"""The sequencer for an event loop: what waits while one batch is sealed becomes the next batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from lasalle import wire
from lasalle.venue.engine import EngineSequencer
from lasalle.venue.engine import VenueBusy as VenueBusy
from lasalle.venue.journal import JournalFull
from lasalle.venue.sequencer import Asked, Sequencer, Told, VenueStopped, check, is_urgent

MOST_WAITING = 10_000
MOST_BATCH = 512
Tell = Callable[[list[Told] | Exception], None]
"""Told the events of a command once they are durable, or why there are none; it never raises."""
Waiter = tuple[Asked, Tell]


class Waiting:
    """Commands in, events out. Sealing runs in a thread: a disk never blocks the loop."""

    def __init__(self, sequencer: Sequencer | EngineSequencer) -> None:
        self.sequencer = sequencer
        self.lost: set[int] = set()
        """Sessions that ended and whose loss is not sealed yet."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: asyncio.Queue[Waiter | None] = asyncio.Queue(MOST_WAITING)
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False
        self._gathered: list[tuple[Asked, bytes, Tell]] = []
        """Asked for in this turn of the loop: handed to the engine together when it ends."""

    def start(self, tick_seconds: float = 1.0) -> None:
        """Starts committing, and lets venue time pass every `tick_seconds`."""
        self._closing = False
        if isinstance(self.sequencer, EngineSequencer):
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self.sequencer.engine.fileno(), self.sequencer.pump)
        self._tasks = [
            asyncio.create_task(self._commit()),
            asyncio.create_task(self._pass_time(tick_seconds)),
        ]

    async def stop(self) -> None:
        """Answers what waits and takes nothing more. A batch that is being sealed is never left
        behind: its thread would write beside whoever opens the house next."""
        if self._closing or not self._tasks:
            return
        self._closing = True
        commits, ticks = self._tasks
        ticks.cancel()
        await self._queue.put(None)
        await asyncio.gather(commits, ticks, return_exceptions=True)
        if self._loop is not None and isinstance(self.sequencer, EngineSequencer):
            while self.sequencer.waiting or self._gathered:
                await asyncio.sleep(0.001)
                self.sequencer.pump()
            self._loop.remove_reader(self.sequencer.engine.fileno())
            self._loop = None

    async def ask(self, actor: int, command: Any, cause: int = 0) -> list[Told]:
        """Events of the command, once durable.

        Raises CommandMalformed, VenueBusy, JournalFull, VenueStopped.
        """
        answer: asyncio.Future[list[Told]] = asyncio.get_running_loop().create_future()

        def tell(told: list[Told] | Exception) -> None:
            if answer.done():
                return
            if isinstance(told, Exception):
                answer.set_exception(told)
            else:
                answer.set_result(told)

        self.begin(actor, command, tell, cause)
        return await answer

    def begin(self, actor: int, command: Any, tell: Tell, cause: int = 0) -> None:
        """Hands a command over, on the loop: commands are sealed in the order they were begun.
        Raises as `ask`, or tells it later; `tell` is not called before this returns.
        """
        if self._closing:
            raise VenueStopped("the venue is closing")
        asked = Asked(actor, command, cause)
        frame = check(asked)
        if isinstance(self.sequencer, EngineSequencer):
            if not self._gathered:
                asyncio.get_running_loop().call_soon(self._hand_over, self.sequencer)
            self._gathered.append((asked, frame, tell))
            return
        try:
            self._queue.put_nowait((asked, tell))
        except asyncio.QueueFull:
            raise VenueBusy(f"{MOST_WAITING} commands wait") from None

    def _hand_over(self, sequencer: EngineSequencer) -> None:
        """Gives the engine what was gathered: one waking for all of it."""
        gathered, self._gathered = self._gathered, []

        def answer(place: int, told: list[Told] | Exception) -> None:
            gathered[place][2](told)

        try:
            sequencer.ask([g[0] for g in gathered], [g[1] for g in gathered], answer)
        except (VenueBusy, VenueStopped) as error:
            for _, _, tell in gathered:
                tell(error)

    async def lose_session(self, session: int) -> None:
        """Seals that a session is lost; where it cannot be sealed now, every tick tries again.
        Where the venue stopped, it is lost when the house opens again."""
        self.lost.add(session)
        try:
            await self.ask(0, wire.LoseSession(session=session))
        except (JournalFull, VenueBusy, VenueStopped):
            return
        self.lost.discard(session)

    async def _pass_time(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await self.ask(0, wire.AdvanceTime())
                for session in sorted(self.lost):
                    await self.lose_session(session)
            except Exception:  # a full disk passes; time is told again in a moment
                continue

    async def _commit(self) -> None:
        last = False
        while not last:
            first = await self._queue.get()
            if first is None:
                return
            batch = [first]
            while len(batch) < MOST_BATCH and not self._queue.empty():
                waiter = self._queue.get_nowait()
                if waiter is None:
                    last = True
                    break
                batch.append(waiter)
            await self._seal(batch)

    async def _seal(self, batch: list[Waiter]) -> None:
        """One batch; on a disk without room, once more with the urgent alone."""
        try:
            asked = [asked for asked, _ in batch]
            told = await asyncio.to_thread(self.sequencer.commit, asked, checked=True)
        except Exception as error:
            urgent = [waiter for waiter in batch if is_urgent(waiter[0])]
            retry = isinstance(error, JournalFull) and 0 < len(urgent) < len(batch)
            for asked_one, tell in batch:
                if not (retry and is_urgent(asked_one)):
                    tell(error)
            if retry:
                # An order that waits beside a cancel must not cost the cancel its headroom.
                await self._seal(urgent)
            return
        for (_, tell), events in zip(batch, told, strict=True):
            tell(events)

"""Suppliers to try meters and judgement on: an honest one, and nine that are not. What is dishonest
about one stands between its meter and its engine, or in a meter that signs what it did not see.
Nothing here serves a real delivery.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from lasalle.delivery.counting import Counter
from lasalle.delivery.meter_book import MeterBook, Sighting
from lasalle.delivery.rows import WorkRow, row_bytes
from lasalle.institution.metering.http_parts import (
    LAST_CHUNK,
    Request,
    Upstream,
    chunk_of,
    head_of,
    plain_answer,
    read_request,
)
from lasalle.institution.metering.keeper import MeterClock, MeterKeeper
from lasalle.institution.metering.proxy import MeterProxy

PPM = 1_000_000
_USAGE = re.compile(rb'"(prompt_tokens|completion_tokens)":\s*(\d+)')


@dataclass(frozen=True)
class Conduct:
    """What a supplier does, in millionths of requests or of counts; nothing is honest."""

    name: str = "honest"
    pad_ppm: int = 0
    """Tokens its meter adds to an answer's."""
    hidden_prompt: int = 0
    """Tokens its meter adds to every prompt, of a prompt of its own nobody asked for."""
    bills_cached: bool = False
    """Whether its meter says that nothing was cached."""
    slow_ppm: int = 0
    slow_s: float = 0.0
    refuse_ppm: int = 0
    reclaim_after: int = 0
    """Requests after which the capacity is somebody else's."""
    replay_ppm: int = 0
    """Requests that get an answer which was given before."""
    usage_ppm: int = 0
    """What the engine's own counts are inflated by."""
    coarse_bits: int = 0
    """Bits of the weights that are served instead; the engine is started with them."""


HONEST = Conduct()
DISHONEST = (
    Conduct("cheaper quantisation", coarse_bits=3),
    Conduct("padded tokens", pad_ppm=120_000),
    Conduct("hidden prompt billed", hidden_prompt=40),
    Conduct("cached prompts billed", bills_cached=True),
    Conduct("slow tail", slow_ppm=400_000, slow_s=1.8),
    Conduct("rate limited", refuse_ppm=400_000),
    Conduct("reclaimed mid-block", reclaim_after=12),
    Conduct("replayed answers", replay_ppm=800_000),
    Conduct("lying usage counts", usage_ppm=300_000),
)


class LyingBook(MeterBook):
    """A meter whose owner has it sign what it did not see."""

    alter: Callable[[WorkRow], WorkRow] = staticmethod(lambda row: row)

    def take(self, sighting: Sighting) -> bytes | None:
        """The row as the owner wants it."""
        content = super().take(sighting)
        if content is None:
            return None
        self.rows[-1] = self.alter(self.work_rows[-1])
        return row_bytes(self.rows[-1])


def altered(conduct: Conduct) -> Callable[[WorkRow], WorkRow]:
    """What a supplier's meter makes of a row."""

    owed = 0

    def alter(row: WorkRow) -> WorkRow:
        nonlocal owed
        if not row.completion:
            return row
        owed += row.completion * conduct.pad_ppm
        more, owed = divmod(owed, PPM)
        return msgspec.structs.replace(
            row,
            completion=row.completion + more,
            prompt=row.prompt + conduct.hidden_prompt,
            cached=0 if conduct.bills_cached else row.cached,
        )

    return alter


@dataclass
class Front:
    """What stands between a supplier's meter and its engine."""

    conduct: Conduct
    engine: tuple[str, int]
    seed: int = 0
    port: int = 0
    asked: int = 0
    _kept: list[bytes] = field(default_factory=list)
    """Answers that may be given again."""

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._server: asyncio.Server | None = None
        self._first = asyncio.Event()

    async def start(self) -> None:
        """Listens on the loopback, at a free port."""
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.close()

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:  # fmt: skip
        with suppress(ConnectionError, asyncio.CancelledError):
            while (request := await read_request(reader)) is not None:
                await self._answer(request, writer)
                await writer.drain()
        writer.close()

    def _happens(self, share_ppm: int) -> bool:
        return share_ppm > 0 and self._chance.randrange(PPM) < share_ppm

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        conduct = self.conduct
        if conduct.reclaim_after and self.asked > conduct.reclaim_after:
            writer.write(plain_answer(503, "the capacity is gone"))
            return
        if self._happens(conduct.refuse_ppm):
            writer.write(plain_answer(429, "too many requests"))
            return
        if self._happens(conduct.slow_ppm):
            await asyncio.sleep(conduct.slow_s)
        if self.asked > 1 and self._happens(conduct.replay_ppm):
            # The first answer was good, and no engine is asked again.
            await self._first.wait()
            head = head_of(200, [(b"content-type", b"text/event-stream")], keep_alive=True)
            writer.write(head + chunk_of(self._kept[0]) + LAST_CHUNK)
            return
        await self._forward(request, writer)

    async def _forward(self, request: Request, writer: asyncio.StreamWriter) -> None:
        upstream = await Upstream.connect(*self.engine)
        came: list[bytes] = []
        try:
            host = f"{self.engine[0]}:{self.engine[1]}".encode()
            await upstream.ask(request, host, [(b"connection", b"close")])
            async for pieces in upstream.answer():
                if not pieces:
                    writer.write(head_of(upstream.status, upstream.headers, keep_alive=True))
                for piece in pieces:
                    said = self._inflated(piece)
                    came.append(said)
                    writer.write(chunk_of(said))
                await writer.drain()
        finally:
            upstream.close()
        writer.write(LAST_CHUNK)
        if upstream.status == 200 and len(self._kept) < 8:
            self._kept.append(b"".join(came))
            self._first.set()

    def _inflated(self, piece: bytes) -> bytes:
        if not self.conduct.usage_ppm:
            return piece
        more = PPM + self.conduct.usage_ppm
        return _USAGE.sub(
            lambda m: b'"%s":%d' % (m.group(1), int(m.group(2)) * more // PPM), piece
        )


@dataclass
class SupplierSide:
    """A supplier at an address: its meter, what is dishonest about it, its engine."""

    folder: Path
    book: MeterBook
    counter: Counter
    conduct: Conduct
    engine: tuple[str, int]
    seed: int = 0
    clock: MeterClock | None = None

    async def start(self) -> None:
        """Starts the meter in front."""
        self.front = Front(self.conduct, self.engine, self.seed)
        await self.front.start()
        self.keeper = MeterKeeper(self.folder, self.book, self.clock)
        upstream = f"http://127.0.0.1:{self.front.port}"
        self.proxy = MeterProxy(self.keeper, self.counter, upstream)
        await self.proxy.start()

    @property
    def address(self) -> str:
        """Where its meter listens."""
        return self.proxy.address

    async def stop(self) -> None:
        """Stops the meter and gives its folder up."""
        await self.proxy.stop()
        await self.front.stop()
        self.keeper.close()


def book_of(honest: MeterBook, conduct: Conduct) -> MeterBook:
    """The book such a supplier keeps, on the terms and with the key of an honest one."""
    if not (conduct.pad_ppm or conduct.hidden_prompt or conduct.bills_cached):
        return honest
    lying = LyingBook(honest.terms, honest.meter, honest.key, honest.specification)
    lying.alter = altered(conduct)
    return lying

"""The proxy of a meter: requests pass through it to an endpoint, and it counts what passes.

The words go on as they come; only the end of an answer waits, until the row of it is durable. One
program serves all three sides: the buyer's stands in front of the buyer and chooses nonces, the
supplier's in front of the engine and takes them over, the referee's is a buyer that tests.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from lasalle.delivery.answers import METERED, UNSEEN, AnswerReader, Asked, Usage, asked_in
from lasalle.delivery.counting import Counter
from lasalle.delivery.meter_book import Sighting
from lasalle.delivery.rows import Mark
from lasalle.delivery.terms import Side
from lasalle.institution.metering.http_parts import (
    LAST_CHUNK,
    Broken,
    Header,
    Request,
    Upstream,
    chunk_of,
    head_of,
    plain_answer,
    read_request,
)
from lasalle.institution.metering.keeper import MeterKeeper

NONCE = b"x-meter-nonce"
SCHEDULED = b"x-meter-scheduled-ns"
"""When a request was due, nanoseconds since 1970; for the buyer's own meter, and not passed on."""
AUDIT = b"x-meter-audit"
RETRY = b"x-meter-retry"
_OWN = frozenset({SCHEDULED, AUDIT, RETRY, NONCE})
TICK = 0.25
SECOND = 1_000_000_000
DEFAULT_TIMEOUT_NS = 600 * SECOND
HELD_BYTES = 8 * 1024 * 1024
FAILURES = frozenset({408, 429})
LEFT = 499
"""Status of a request whose client went away before the end."""
MOST_TOLD = 80
"""Characters of what was found that a refusal tells."""
MOST_NS_DIGITS = 19


class _Refused(Exception):
    """A request that goes no further: it reaches no endpoint, has no row and is not billed."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@dataclass
class Claims:
    """What the endpoint said it counted, beside what the meter counted, of answers that said so."""

    answers: int = 0
    prompt: int = 0
    completion: int = 0
    counted_prompt: int = 0
    counted_completion: int = 0

    def add(self, usage: Usage | None, prompt: int, completion: int) -> None:
        """One more answer."""
        if usage is None:
            return
        self.answers += 1
        self.prompt += usage.prompt_tokens
        self.completion += usage.completion_tokens
        self.counted_prompt += prompt
        self.counted_completion += completion


@dataclass
class _Passing:
    """A request that is passing."""

    request: Request
    reader: AnswerReader
    nonce: str
    digest: str
    scheduled_ns: int
    sent_ns: int
    marks: Mark
    first_ns: int = 0
    head_sent: bool = False
    held: list[bytes] = field(default_factory=list)


class MeterProxy:
    """A meter at an address."""

    def __init__(self, keeper: MeterKeeper, counter: Counter, upstream: str) -> None:
        """upstream: the endpoint, as http://127.0.0.1:8000."""
        parts = urlsplit(upstream)
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise ValueError(f"expected an address as http://127.0.0.1:8000, found {upstream}")
        self.keeper, self.counter = keeper, counter
        self.claims = Claims()
        self.port = 0
        self._host, self._to = parts.hostname, parts.port
        self._idle: list[Upstream] = []
        self._server: asyncio.Server | None = None
        self._ticking: asyncio.Task[None] | None = None
        specification = keeper.book.specification
        timeout = specification.timeout_ns if specification else DEFAULT_TIMEOUT_NS
        self._timeout = timeout / SECOND
        self._own_nonce = keeper.book.side is not Side.SUPPLIER

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self, port: int = 0) -> None:
        """Listens on the loopback; port 0 takes a free one."""
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._ticking = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Listens no more; what is under way stays noted as begun."""
        if self._ticking is not None:
            self._ticking.cancel()
        if self._server is not None:
            self._server.close()
        for one in self._idle:
            one.close()
        self._idle.clear()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self.keeper.close_due()

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:  # fmt: skip
        # A client that reads slowly holds up itself, and not what its meter reads.
        writer.transport.set_write_buffer_limits(high=HELD_BYTES)
        try:
            while (request := await read_request(reader)) is not None:
                if not await self._serve(request, writer) or not request.keep_alive:
                    break
        except (ConnectionError, TimeoutError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection may carry another request."""
        path = request.target.decode("latin-1").split("?")[0]
        if request.method == b"GET" and path in UNSEEN:
            return await self._pass_unseen(request, writer)
        try:
            asked, scheduled = self._asked(request, path), self._scheduled(request)
        except _Refused as refused:
            writer.write(plain_answer(refused.status, refused.words))
            await writer.drain()
            return True
        nonce = request.header(NONCE).decode("latin-1").lower()
        if len(nonce) != 32 or set(nonce) - set("0123456789abcdef"):
            nonce = secrets.token_hex(16) if self._own_nonce or not nonce else ""
        if not nonce or self.keeper.seen(nonce):
            writer.write(plain_answer(409, "expected a nonce of 32 hexadecimal digits, used once"))
            await writer.drain()
            return True
        now = self.keeper.clock.now_ns()
        passing = _Passing(
            request, AnswerReader(bool(asked.stream)), nonce, sha256(request.body).hexdigest(),
            now if scheduled is None else min(scheduled, now), now, self._marks(request),
        )  # fmt: skip
        self.keeper.begin(nonce, passing.digest, passing.scheduled_ns, now)
        status, keep = await self._pass_on(passing, writer)
        prompt = self.counter.prompt_ids(asked)
        await self._enter(passing, status, prompt)
        return await self._let_end(passing, writer) if keep else False

    def _asked(self, request: Request, path: str) -> Asked:
        """What is asked, all of which can be counted (DEL-074). Raises _Refused."""
        if request.method != b"POST" or path not in METERED:
            # As it is spelled: an endpoint that reads another spelling as the same is not asked.
            expected = " or ".join([*(f"POST {one}" for one in METERED),
                                    *(f"GET {one}" for one in UNSEEN)])  # fmt: skip
            found = f"{request.method.decode('latin-1')} {path}"
            raise _Refused(404, f"expected {expected}, found {found[:MOST_TOLD]}")
        if self.keeper.book.over:
            raise _Refused(410, "the delivery is over: nothing is metered any more")
        try:
            return asked_in(request.body)
        except ValueError as error:
            raise _Refused(400, f"{error} (DEL-074)") from None

    def _scheduled(self, request: Request) -> int | None:
        """When the request was due, where its own program says so. Raises _Refused."""
        told = request.header(SCHEDULED) if self._own_nonce else b""
        if not told:
            return None
        if not told.isdigit() or len(told) > MOST_NS_DIGITS:
            name, found = SCHEDULED.decode(), told[:MOST_TOLD].decode("latin-1")
            raise _Refused(400, f"{name}: expected nanoseconds since 1970, found {found}")
        return int(told)

    def _marks(self, request: Request) -> Mark:
        marks = Mark.NONE
        if self._own_nonce:
            marks |= Mark.AUDIT if request.header(AUDIT) else Mark.NONE
            marks |= Mark.RETRY if request.header(RETRY) else Mark.NONE
        return marks

    async def _pass_on(
        self, passing: _Passing, writer: asyncio.StreamWriter
    ) -> tuple[int, bool]:  # fmt: skip
        """Status of the answer and whether the client is still there; 0 where no answer came, or
        not all of it."""
        try:
            async with asyncio.timeout(self._timeout):
                return await self._stream(passing, writer), True
        except TimeoutError:
            passing.marks |= Mark.TIMEOUT
            return 0, self._break_off(passing, 504, "the endpoint took too long")
        except Broken as error:
            passing.marks |= Mark.ERROR
            return 0, self._break_off(passing, 502, str(error))
        except ConnectionError:
            # The client went away; what had passed by then was delivered.
            return LEFT, False
        except OSError as error:
            passing.marks |= Mark.ERROR
            return 0, self._break_off(passing, 502, str(error))

    def _break_off(self, passing: _Passing, status: int, words: str) -> bool:
        """Tells the client where nothing was told yet; a stream that was begun just ends."""
        passing.held.clear()
        if passing.head_sent:
            return False
        passing.held.append(plain_answer(status, words))
        return True

    async def _stream(self, passing: _Passing, writer: asyncio.StreamWriter) -> int:
        upstream, fresh = await self._connected()
        try:
            found = await self._through(upstream, passing, writer)
        except Broken:
            upstream.close()
            if fresh or passing.head_sent or upstream.status:
                raise
            # An idle connection may have been closed meanwhile; the request never got through it.
            upstream = await self._connect()
            found = await self._through(upstream, passing, writer)
        except BaseException:
            upstream.close()
            raise
        if upstream.reusable:
            self._idle.append(upstream)
        else:
            upstream.close()
        return found

    async def _through(
        self, upstream: Upstream, passing: _Passing, writer: asyncio.StreamWriter
    ) -> int:
        host = f"{self._host}:{self._to}".encode()
        request, reader, held = passing.request, passing.reader, passing.held
        kept = [one for one in request.headers if one[0] not in _OWN]
        asked = Request(request.method, request.target, kept, request.body, True)
        more: list[Header] = [(NONCE, passing.nonce.encode())]
        try:
            await upstream.ask(asked, host, more)
        except ConnectionError as error:
            raise Broken(str(error)) from None
        async for pieces in upstream.answer():
            if not pieces:
                head = head_of(upstream.status, upstream.headers, keep_alive=request.keep_alive)
                held.append(head)
            for piece in pieces:
                if reader.feed(piece) and not passing.first_ns:
                    passing.first_ns = self.keeper.clock.now_ns()
                held.append(chunk_of(piece))
            # The end waits for its row; an answer in one piece waits whole.
            if reader.streamed and upstream.status < 400 and not reader.done and held:
                writer.write(b"".join(held))
                held.clear()
                passing.head_sent = True
                await writer.drain()
        if reader.end() and not passing.first_ns:
            passing.first_ns = self.keeper.clock.now_ns()
        held.append(LAST_CHUNK)
        return upstream.status

    async def _enter(self, passing: _Passing, status: int, prompt: object) -> None:
        reader, book = passing.reader, self.keeper.book
        assert isinstance(prompt, (list, tuple, bytes))
        if status in FAILURES or status >= 500 or (status == 200 and not reader.whole):
            passing.marks |= Mark.ERROR
        basis = book.specification.quantity_basis if book.specification else ""
        told = basis == "returned_token_ids" and reader.ids
        ids = reader.ids if told else self.counter.completion_ids(reader.text)
        good = status in (200, LEFT) and not passing.marks & (Mark.ERROR | Mark.TIMEOUT)
        if good:
            self.claims.add(reader.usage, len(prompt), len(ids))
        sighting = Sighting(
            passing.nonce, passing.digest, passing.scheduled_ns, passing.sent_ns,
            passing.first_ns, self.keeper.clock.now_ns(), status, reader.text if good else "",
            ids if good else (), len(prompt) if good else 0,
            self.counter.cached(prompt) if good else 0, reader.finish, passing.marks,
        )  # fmt: skip
        await self.keeper.end(sighting)

    async def _let_end(self, passing: _Passing, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"".join(passing.held))
        with suppress(ConnectionError):
            await writer.drain()
        return not writer.is_closing()

    async def _pass_unseen(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """What is not metered goes through as it is."""
        reader = AnswerReader(streamed=False)
        passing = _Passing(request, reader, "", "", 0, 0, Mark.NONE)
        try:
            await self._stream(passing, writer)
        except OSError as error:
            writer.write(plain_answer(502, str(error)))
            await writer.drain()
            return True
        return await self._let_end(passing, writer)

    async def _connected(self) -> tuple[Upstream, bool]:
        while self._idle:
            found = self._idle.pop()
            if not found.closing:
                return found, False
            found.close()
        return await self._connect(), True

    async def _connect(self) -> Upstream:
        try:
            return await Upstream.connect(self._host, self._to)
        except OSError as error:
            # The endpoint is gone, and not the client, whose own connection may break as well.
            raise Broken(f"the endpoint takes no connection: {error}") from None

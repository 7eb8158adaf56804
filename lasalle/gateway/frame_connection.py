"""One connection of the frame door on the event loop: what the compiled engine's door does, said
plainly. Bytes: docs/desks/frame-door.md."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import struct
import time
from dataclasses import dataclass
from typing import Any

import google_crc32c

from lasalle import wire
from lasalle.client.frames import (
    ANSWER,
    ANSWER_BLOCK,
    ERROR,
    ERROR_BLOCK,
    HEARTBEAT,
    HELLO,
    HELLO_BLOCK,
    LOGON,
    LOGON_BLOCK,
    LOGOUT,
    SIGNED,
    WELCOME,
    WELCOME_BLOCK,
    ErrorCode,
    own_frame,
)
from lasalle.gateway.answers import SIDES, may_see
from lasalle.gateway.keys import KeyRefused, KeyStore, ScopeMissing, Signer
from lasalle.gateway.sessions import Sessions
from lasalle.venue import CommandMalformed, JournalFull, VenueStopped
from lasalle.venue.engine import VenueBusy
from lasalle.venue.messages import ANY_SESSION, SCOPES, scope_of
from lasalle.venue.sequencer import FIRST_EVENT_KIND, Carried, ClockWrong
from lasalle.venue.waiting import Waiting
from lasalle.views import AccountsView

LOGON_SECONDS = 5.0
LOOK_SECONDS = 0.5
LINGER_SECONDS = 1.0
"""How long what is said last may take to leave."""
SMALLEST = wire.HEADER_BYTES + 4
Reply = asyncio.Future[bytes] | bytes


@dataclass(frozen=True)
class Bounds:
    """Bounds of a door."""

    heartbeat_ms: int = 5_000
    most_frame: int = 65_536
    most_in_flight: int = 1_024
    most_connections: int = 256


class _Wrong(Exception):
    """A frame after which the connection closes: code and what was expected."""

    def __init__(self, code: ErrorCode, text: str) -> None:
        super().__init__(text)
        self.code = code


def error_frame(request: int, code: ErrorCode, fatal: bool, text: str) -> bytes:
    """An error frame; `request` 0 is the connection itself, `fatal` says that the door closes."""
    said = text.encode()
    body = ERROR_BLOCK.pack(code, fatal, len(said)) + said
    return own_frame(ERROR, body, 3, request)


class Logons:
    """Who may log on: the keys of the house, as for a signed request."""

    def __init__(self, keys: KeyStore, sessions: Sessions) -> None:
        self.keys, self.sessions = keys, sessions

    def admit(
        self, key: str, signature: bytes, signed: bytes, address: str, session: bool
    ) -> tuple[Signer, int]:
        """Signer and session number (0: none wanted). Raises KeyRefused, ScopeMissing."""
        signer = self.keys.logon(key, signature, signed, address)
        return signer, self.sessions.open(signer.actor).number if session else 0


def scope_bits(signer: Signer) -> int:
    """Scopes of a key as the engine takes them."""
    return sum(SCOPES[s] for s in signer.scopes)


class Connection:
    """One client of the plain door."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        waiting: Waiting,
        accounts: AccountsView,
        logons: Logons,
        bounds: Bounds,
    ) -> None:
        self._reader, self._writer = reader, writer
        self._waiting, self._accounts = waiting, accounts
        self._logons, self._bounds = logons, bounds
        self._signer: Signer | None = None
        self._session = self._last_request = 0
        self._stopped = ""
        self._nonce = secrets.token_bytes(32)
        self._heard = self._said = self._since = self._looked = time.monotonic()
        self._replies: asyncio.Queue[Reply | None] = asyncio.Queue()
        self._free = asyncio.Semaphore(bounds.most_in_flight)

    async def run(self) -> None:
        """From hello to farewell; the session's orders end with it."""
        b = self._bounds
        hello = HELLO_BLOCK.pack(self._nonce, b.heartbeat_ms, b.most_frame, b.most_in_flight)
        self._say(own_frame(HELLO, hello))
        hearing = asyncio.create_task(self._hear_all())
        beating = asyncio.create_task(self._beat())
        answering = asyncio.create_task(self._answer())
        tasks = [hearing, beating, answering]
        try:
            await asyncio.wait(tasks[1:], return_when=asyncio.FIRST_COMPLETED)
            if beating.done():
                hearing.cancel()
                self._replies.put_nowait(beating.result())
                self._replies.put_nowait(None)
                # Who does not read its farewell is not waited for.
                await asyncio.wait([answering], timeout=4 * b.heartbeat_ms / 1000)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._leave()
            self._writer.close()
            try:
                await asyncio.wait_for(self._writer.wait_closed(), LINGER_SECONDS)
            except (OSError, TimeoutError):
                self._writer.transport.abort()

    async def _leave(self) -> None:
        session, self._session = self._session, 0
        if session:
            await self._logons.sessions.close(session)

    def _say(self, frame: bytes) -> None:
        self._writer.write(frame)
        self._said = time.monotonic()

    async def _hear_all(self) -> None:
        """Hears until a wrong frame, a logout or the end; None behind the last reply closes."""
        try:
            while await self._hear(await self._frame()):
                pass
        except _Wrong as wrong:
            self._replies.put_nowait(error_frame(0, wrong.code, True, str(wrong)))
        except (OSError, asyncio.IncompleteReadError):
            pass
        self._replies.put_nowait(None)

    async def _frame(self) -> bytes:
        head = await self._reader.readexactly(4)
        length = int.from_bytes(head, "little")
        most = self._bounds.most_frame
        if not SMALLEST <= length <= most:
            text = f"length {length}: expected {SMALLEST} to {most} bytes"
            raise _Wrong(ErrorCode.FRAME_TOO_LONG, text)
        frame = head + await self._reader.readexactly(length - 4)
        self._heard = time.monotonic()
        (check,) = struct.unpack_from("<I", frame, length - 4)
        if check != google_crc32c.value(frame[:-4]):
            raise _Wrong(ErrorCode.BAD_FRAME, "the check sum does not fit the frame")
        return frame

    async def _hear(self, frame: bytes) -> bool:
        """Takes one frame; False behind a logout."""
        try:
            header = wire.read_header(frame)
        except wire.FrameError as error:
            raise _Wrong(ErrorCode.BAD_FRAME, str(error)) from None
        if header.kind == LOGOUT:
            self._replies.put_nowait(own_frame(LOGOUT))
            return False
        if header.kind == LOGON:
            self._log_on(frame[wire.HEADER_BYTES : -4])
        elif header.kind != HEARTBEAT:
            if self._signer is None:
                text = f"kind {header.kind}: expected a logon first"
                raise _Wrong(ErrorCode.NOT_LOGGED_ON, text)
            if header.kind >= FIRST_EVENT_KIND:
                raise _Wrong(ErrorCode.BAD_FRAME, f"kind {header.kind} is not a command")
            reply = self._ask(header, frame, self._signer)
            # Past the bound the door reads no more.
            await self._free.acquire()
            self._replies.put_nowait(reply)
        return True

    def _log_on(self, block: bytes) -> None:
        if self._signer is not None:
            raise _Wrong(ErrorCode.BAD_FRAME, "logged on already")
        if len(block) != LOGON_BLOCK.size:
            text = f"logon of {len(block)} bytes: expected {LOGON_BLOCK.size}"
            raise _Wrong(ErrorCode.BAD_FRAME, text)
        key, signature, session = LOGON_BLOCK.unpack(block)
        address = self._writer.get_extra_info("peername")[0]
        try:
            self._signer, self._session = self._logons.admit(
                key.decode("ascii", "replace"), signature, SIGNED + self._nonce, address, session
            )
        except KeyRefused as error:
            raise _Wrong(ErrorCode.KEY_REFUSED, str(error)) from None
        except ScopeMissing as error:
            raise _Wrong(ErrorCode.SCOPE_MISSING, str(error)) from None
        last = self._waiting.sequencer.core.last_number
        said = WELCOME_BLOCK.pack(self._session, self._signer.actor, last)
        self._say(own_frame(WELCOME, said))

    def _ask(self, header: wire.Header, frame: bytes, signer: Signer) -> Reply:
        """The answer to come, or a refusal of the door. Raises _Wrong."""
        request = header.number
        if request <= self._last_request:
            text = f"request {request}: expected above {self._last_request}"
            raise _Wrong(ErrorCode.NUMBER_NOT_ASCENDING, text)
        self._last_request = request
        if header.actor or header.time:
            raise _Wrong(ErrorCode.BAD_FRAME, "actor and time: expected 0, the door sets them")
        version, known = header.version, wire.SCHEMA_VERSION
        if not 1 <= version <= known:
            # A field that a schema to come appended would be cut without a word.
            text = f"schema version {version}: expected 1 to {known}"
            raise _Wrong(ErrorCode.BAD_FRAME, text)
        try:
            command = wire.read_body(header, frame)
        except ValueError as error:
            raise _Wrong(ErrorCode.BAD_FRAME, str(error)) from None
        scope = scope_of(type(command))
        if not scope:
            text = "only the venue itself asks this"
            return error_frame(request, ErrorCode.VENUE_ONLY, False, text)
        if not scope & scope_bits(signer):
            text = "the key lacks the scope for this"
            return error_frame(request, ErrorCode.SCOPE_MISSING, False, text)
        session = getattr(command, "session", 0)
        if session and session != self._session and not isinstance(command, ANY_SESSION):
            text = "the session is not yours"
            return error_frame(request, ErrorCode.SESSION_NOT_YOURS, False, text)
        return asyncio.ensure_future(self._carry_out(request, signer.actor, command, header.cause))

    async def _carry_out(self, request: int, actor: int, command: Any, cause: int) -> bytes:
        try:
            told = await self._waiting.ask(actor, command, cause)
        except JournalFull as error:
            return error_frame(request, ErrorCode.JOURNAL_FULL, False, str(error))
        except VenueBusy as error:
            return error_frame(request, ErrorCode.VENUE_BUSY, False, str(error))
        except ClockWrong as error:
            return error_frame(request, ErrorCode.CLOCK_WRONG, False, str(error))
        except CommandMalformed as error:
            return error_frame(request, ErrorCode.BAD_FRAME, False, str(error))
        except VenueStopped as error:
            self._stopped = str(error)
            return error_frame(request, ErrorCode.VENUE_STOPPED, False, str(error))
        assert isinstance(told, Carried), "a sequencer says the number of every command"
        accounts = self._accounts
        shown = [
            own_bytes(accounts, actor, header, event)
            for header, event in told
            # Whoever asked hears why not, of a stranger's account too.
            if isinstance(event, wire.Refused) or may_see(accounts, actor, event)
        ]
        last = told.first + wire.span_of(command) - 1
        body = ANSWER_BLOCK.pack(told.first, last, len(shown), sum(map(len, shown)))
        return own_frame(ANSWER, body, number=request) + b"".join(shown)

    async def _answer(self) -> None:
        """Says replies in the order of their requests."""
        with contextlib.suppress(OSError):
            while (waits := await self._replies.get()) is not None:
                said = waits if isinstance(waits, bytes) else await waits
                if said[4:6] == LOGOUT.to_bytes(2, "little"):
                    await self._leave()
                self._say(said)
                await self._writer.drain()
                self._free.release()
                if self._stopped:
                    self._say(error_frame(0, ErrorCode.VENUE_STOPPED, True, self._stopped))
                    return

    async def _beat(self) -> bytes:
        """Beats while the connection may stay; the error that ends it."""
        beat = self._bounds.heartbeat_ms / 1000
        while True:
            await asyncio.sleep(min(0.05, beat / 4))
            now = time.monotonic()
            if now - self._heard > 2 * beat:
                text = "nothing was heard for two heartbeats"
                return error_frame(0, ErrorCode.SILENT, True, text)
            if self._signer is None and now - self._since > LOGON_SECONDS:
                text = "expected a logon within five seconds"
                return error_frame(0, ErrorCode.NOT_LOGGED_ON, True, text)
            if self._signer is not None and now - self._looked > LOOK_SECONDS:
                self._looked = now
                if not self._logons.keys.alive(self._signer.key):
                    return error_frame(0, ErrorCode.KEY_REFUSED, True, "the key was revoked")
            if now - self._said > beat:
                self._say(own_frame(HEARTBEAT))


def own_bytes(accounts: AccountsView, actor: int, header: wire.Header, event: Any) -> bytes:
    """The frame of an event with a stranger's side of a trade blanked."""
    for side in SIDES:
        account = getattr(event, f"{side}_account", 0)
        if account and not accounts.may_see(actor, account):
            fields = {n: getattr(event, n) for n in event.__struct_fields__}
            blank = {n: 0 for n in fields if n.startswith(f"{side}_")}
            event = type(event)(**{**fields, **blank})
    return wire.seal(event, header.number, header.time, cause=header.cause, actor=header.actor)

"""What a reader of a stream may ask: channels, a logon, its events, commands under the logon."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Coroutine
from functools import partial
from typing import Any

import msgspec

from lasalle.gateway import orders
from lasalle.gateway.asks import COSTS, USUAL_COST, UnderWay, begin, scope_of
from lasalle.gateway.caught import fault_of
from lasalle.gateway.channels import channels, fresh
from lasalle.gateway.commands import make_command, read_object
from lasalle.gateway.endpoints import read_body
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.gateway.framing import FramedProtocol
from lasalle.gateway.keys import KeyRefused
from lasalle.gateway.limits import TooMany
from lasalle.gateway.sessions import SCOPES
from lasalle.gateway.shared import Shared
from lasalle.gateway.stream import MOST_UNANSWERED, PATH, Stream
from lasalle.views import HistoryBehind

BODIES: dict[str, type[Any]] = {"order": orders.NewOrder, "quotes": orders.NewQuotes}
SIGNING = ("key", "timestamp", "signature")
NULL = msgspec.Raw(b"null")


class Said(msgspec.Struct):
    """What every message may have; its fields are read when it is known what they are of."""

    op: Any = ""
    id: Any = 0
    name: Any = None
    fields: msgspec.Raw = NULL


SAID = msgspec.json.Decoder(Said)


class StreamDesk:
    """One reader's requests. Commands are handed on in the order they came, and answered as the
    venue answers: many may be under way at once."""

    def __init__(self, shared: Shared, stream: Stream, protocol: FramedProtocol) -> None:
        self._g, self._stream, self._protocol = shared, stream, protocol
        self._unanswered = 0
        self._slow: asyncio.Task[None] | None = None
        self._line: deque[bytes] = deque()
        """What was heard while a slow request was carried out."""
        self._catching_up: asyncio.Task[None] | None = None
        self._asking_up: asyncio.Task[None] | None = None
        self._left = False

    def hear(self, text: bytes) -> None:
        """Carries out one message; a fault is told and the stream goes on."""
        if self._slow is not None:
            self._line.append(text)
            return
        op: Any = ""
        try:
            said = _said(text)
            op = said.op
            if op in ("command", "order", "quotes"):
                self._start(op, said)
                return
            g = self._g
            g.buckets.take(self._stream.address, "public", time.monotonic())
            slow = self._carry_out(op, read_object(text))
        except Exception as error:
            self._tell_fault(op, error)
            return
        if slow is not None:
            self._protocol.hold()
            self._slow = asyncio.create_task(self._wait(op, slow))

    async def _wait(self, op: Any, slow: Coroutine[Any, Any, None]) -> None:
        """Carries out what takes time, then what was heard meanwhile."""
        try:
            await slow
        except Exception as error:
            self._tell_fault(op, error)
        self._slow = None
        while self._line and self._slow is None:
            self.hear(self._line.popleft())
        if self._slow is None:
            self._protocol.release()

    async def leave(self) -> None:
        """Ends the session by wire; what is under way is answered to nobody."""
        self._left = True
        self._line.clear()
        tasks = [t for t in (self._slow, self._catching_up, self._asking_up) if t is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._logout()

    def _carry_out(self, op: Any, message: dict[str, Any]) -> Coroutine[Any, Any, None] | None:
        """Done when it returns, but for what takes time."""
        g, stream = self._g, self._stream
        if op in ("subscribe", "unsubscribe"):
            named = channels(g.market, message.get("channels"))
            stream.wanted = named if op == "subscribe" else stream.wanted - named
            self._tell({"channel": "subscribed", "channels": sorted(stream.wanted)})
        elif op == "resync":
            symbol = message.get("symbol")
            if symbol is not None and not isinstance(symbol, str):
                raise BadCommand("symbol", "a listed symbol", symbol)
            if symbol is None:
                # Every book at once: what it costs to write is taken from the bucket.
                books = min(len(g.market.series), g.buckets.rates["public"].burst // 4)
                g.buckets.take(stream.address, "public", time.monotonic(), books)
            stream.push(fresh(g.market, symbol, stream.wanted))
            g.measures.resyncs.inc()
            stream.soon()
        elif op == "login":
            self._login(message)
        elif op == "logout":
            return self._say_logout()
        elif op == "private":
            return self._open_private(message.get("after"))
        elif op == "requirement":
            self._open_requirement(message.get("after"))
        elif op == "ping":
            self._tell({"channel": "pong", "time": time.time_ns()})
        else:
            raise BadCommand(
                "op",
                "subscribe, unsubscribe, resync, login, logout, private, requirement, ping, order, "
                "quotes or command",
                op,
            )
        return None

    def _login(self, message: dict[str, Any]) -> None:
        g, stream = self._g, self._stream
        if stream.session:
            raise BadCommand("op", "a logout before another login", "login")
        scope = message.get("cancel_on_disconnect", "session")
        if scope not in SCOPES:
            raise BadCommand("cancel_on_disconnect", f"one of {', '.join(SCOPES)}", scope)
        now = time.monotonic()
        if g.buckets.left(stream.address, "failure", now) < 1:
            raise TooMany("failure", g.buckets.rates["failure"], 1, 0)
        key, stamp, signature = (str(message.get(n, "")) for n in SIGNING)
        try:
            signer = g.keys.signer(
                (key, stamp, signature),
                time.time_ns() // 1_000_000,
                "GET",
                PATH,
                b"",
                stream.address,
            )
        except KeyRefused:
            g.measures.unsigned.inc()
            g.buckets.take(stream.address, "failure", now)
            raise
        signer.need("read")
        session = g.sessions.open(signer.actor, scope, self._accounts(signer.actor, message))
        stream.signer, stream.session = signer, session.number
        stream.names_session = scope == "session"
        self._tell({"channel": "login", "session": session.number, "cancel_on_disconnect": scope})

    def _accounts(self, actor: int, message: dict[str, Any]) -> tuple[int, ...]:
        """Accounts the account scope is for: those named, or all of the actor's member."""
        mine = self._g.reading.owned(actor)
        named = message.get("accounts", mine if len(mine) <= 100 else [])
        if not isinstance(named, list) or not all(type(n) is int and n in mine for n in named):
            raise BadCommand("accounts", "a list of accounts of yours", named)
        return tuple(named)

    async def _say_logout(self) -> None:
        session = self._stream.session
        await self._logout()
        self._tell({"channel": "logout", "session": session})

    async def _logout(self) -> None:
        stream = self._stream
        session, stream.session, stream.private = stream.session, 0, False
        stream.signer, stream.cursor = None, None
        stream.requirement.end()
        if session:
            await self._g.sessions.close(session)

    async def _open_private(self, after: Any) -> None:
        """Private events after a number, or a snapshot and what follows."""
        g, stream = self._g, self._stream
        if stream.signer is None:
            raise BadCommand("op", "a login before private", "private")
        if after is not None:
            if type(after) is not int or not 0 <= after < 2**64:
                raise BadCommand("after", "the number of an event", after)
            with contextlib.suppress(HistoryBehind):
                await g.reading.feed(after, 1)
            stream.private, stream.private_seq, stream.cursor = True, after, after
            if self._catching_up is None or self._catching_up.done():
                self._catching_up = asyncio.create_task(stream.catch_up())
            return
        mine = g.reading.owned(stream.signer.actor)
        stream.private, stream.cursor = True, None
        stream.private_seq = g.market.last_event
        self._tell(
            {
                "channel": "private_snapshot",
                "seq": stream.private_seq,
                "accounts": [g.reading.account(n) for n in mine],
                "orders": [o for n in mine for o in g.reading.live_rows(n)],
            }
        )

    def _open_requirement(self, after: Any) -> None:
        """Changes of what the reader's accounts are asked after a row, or a snapshot and what
        follows."""
        g, stream = self._g, self._stream
        if stream.signer is None:
            raise BadCommand("op", "a login before requirement", "requirement")
        if after is not None:
            last = g.kept_requirements.last
            if type(after) is not int or not 0 <= after <= last:
                # Rows of a store that was thrown away name nothing in the next one.
                raise BadCommand("after", f"the row of a change, at most {last}", after)
            stream.requirement.begin(after, behind=True)
            if self._asking_up is None or self._asking_up.done():
                work = stream.catch_up_requirements(g.kept_requirements)
                self._asking_up = asyncio.create_task(work)
            return
        row, newest = g.kept_requirements.last, g.kept_requirements.newest()
        stream.requirement.begin(row, behind=False)
        mine = g.reading.owned(stream.signer.actor)
        self._tell(
            {
                "channel": "requirement_snapshot",
                "seq": row,
                "accounts": [
                    {"account": n, **newest[n].told()} for n in mine if n in newest
                ],
            }
        )

    def _start(self, op: str, said: Said) -> None:
        """A command under way; it reaches the sequencer before the next message is read."""
        number = said.id
        try:
            if type(number) is not int or not 0 <= number < 2**53:
                number = 0
                raise BadCommand("id", "a whole number", said.id)
            if self._unanswered >= MOST_UNANSWERED:
                raise Denied(
                    "too many commands of this stream are unanswered",
                    name="too_many_requests",
                    expected=MOST_UNANSWERED,
                )
            asked = self._begin(op, said)
        except Exception as error:
            self._tell_fault(op, error, number)
            return
        self._unanswered += 1
        asked.then(partial(self._answer, asked, op, number))

    def _begin(self, op: str, said: Said) -> UnderWay:
        g, stream = self._g, self._stream
        signer = stream.signer
        if signer is None:
            raise KeyRefused("expected a login before", field="op")
        if not g.keys.alive(signer.key):
            raise KeyRefused("the key was revoked", field="key")
        name = {"order": "place_order", "quotes": "mass_quote"}.get(op) or said.name
        if not isinstance(name, str):
            raise BadCommand("name", "the name of a command", name)
        signer.need(scope_of(name))
        cost = COSTS.get(name, USUAL_COST)
        g.buckets.take(signer.key, "write", time.monotonic(), cost)
        if op == "command":
            fields = msgspec.json.decode(said.fields)
            if not isinstance(fields, dict):
                raise BadCommand("fields", "a JSON object", fields)
            return begin(g, signer, make_command(name, fields))
        session = stream.session if stream.names_session else 0
        body = read_body(BODIES[op], said.fields)
        make: Any = orders.place if op == "order" else orders.mass_quote
        return begin(g, signer, make(g.market, body, session))

    def _answer(self, asked: UnderWay, op: str, number: int) -> None:
        self._unanswered -= 1
        try:
            answer = asked.finish()
        except Exception as error:
            self._tell_fault(op, error, number)
            return
        self._tell({"channel": "answer", "id": number, **answer})

    def _tell(self, message: dict[str, Any]) -> None:
        if not self._left:
            self._stream.tell(message)

    def _tell_fault(self, op: Any, error: Exception, number: int | None = None) -> None:
        denied = fault_of(error)
        self._g.measures.faults.labels(denied.name).inc()
        if denied.name == "internal":
            self._g.log.fault(what=repr(error), path="stream")
        if isinstance(denied, TooMany):
            self._g.measures.limited.labels(denied.kind).inc()
        head: dict[str, Any] = {"channel": "error", "op": op if isinstance(op, str) else ""}
        if number is not None:
            head = {"channel": "answer", "id": number, "status": denied.status}
        self._tell({**head, **denied.body()})


def _said(text: bytes) -> Said:
    """A message of a reader. Raises BadCommand."""
    try:
        return SAID.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadCommand("", "a JSON object", str(error)) from None

"""What a reader of a stream may ask: channels, a logon, its events, commands under the logon."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import msgspec

from lasalle.gateway import orders
from lasalle.gateway.commands import make_command
from lasalle.gateway.endpoints import read_body
from lasalle.gateway.faults import BadCommand, Denied, fault_of
from lasalle.gateway.keys import KeyRefused
from lasalle.gateway.limits import TooMany
from lasalle.gateway.private import COSTS, USUAL_COST, scope_of
from lasalle.gateway.sessions import SCOPES
from lasalle.gateway.stream import MOST_UNANSWERED, PATH, Stream, decoded, written

if TYPE_CHECKING:
    from lasalle.gateway.http import Gateway
    from lasalle.gateway.streams import Streams

BODIES: dict[str, type[Any]] = {"order": orders.NewOrder, "quotes": orders.NewQuotes}


class StreamDesk:
    """One reader's requests. Commands are handed on in the order they came, and answered as the
    venue answers: many may be under way at once."""

    def __init__(self, gateway: Gateway, streams: Streams, stream: Stream) -> None:
        self._g, self._streams, self._stream = gateway, streams, stream
        self._under_way: set[asyncio.Task[None]] = set()

    async def hear(self, text: str | bytes) -> None:
        """Carries out one message; a fault is told and the stream goes on."""
        op: Any = ""
        try:
            message = decoded(text)
            op = message.get("op")
            if op in ("command", "order", "quotes"):
                self._start(op, message)
                return
            g = self._g
            g.buckets.take(self._stream.address, "public", time.monotonic())
            await self._carry_out(op, message)
        except Exception as error:
            self._tell_fault(op, error)

    async def leave(self) -> None:
        """Ends the session by wire; what is under way is answered to nobody."""
        await self._logout()
        for task in list(self._under_way):
            task.cancel()

    async def _carry_out(self, op: Any, message: dict[str, Any]) -> None:
        g, stream = self._g, self._stream
        if op in ("subscribe", "unsubscribe"):
            named = self._streams.channels(message.get("channels"))
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
            stream.push(self._streams.fresh(symbol, stream.wanted))
        elif op == "login":
            self._login(message)
        elif op == "logout":
            session = stream.session
            await self._logout()
            self._tell({"channel": "logout", "session": session})
        elif op == "private":
            await self._open_private(message.get("after"))
        elif op == "ping":
            self._tell({"channel": "pong", "time": time.time_ns()})
        else:
            raise BadCommand(
                "op",
                "subscribe, unsubscribe, resync, login, logout, private, ping, order, quotes or "
                "command",
                op,
            )

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
        signing = {
            f"x-lasalle-{n}": str(message.get(n, "")) for n in ("key", "timestamp", "signature")
        }
        try:
            signer = g.keys.signer(
                signing, time.time_ns() // 1_000_000, "GET", PATH, b"", stream.address
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

    async def _logout(self) -> None:
        stream = self._stream
        session, stream.session, stream.private = stream.session, 0, False
        stream.signer, stream.cursor = None, None
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
            await g.reading.feed(after, 1)
            stream.private, stream.private_seq, stream.cursor = True, after, after
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

    def _start(self, op: str, message: dict[str, Any]) -> None:
        """A command under way; it reaches the sequencer before the next message is read."""
        number = message.get("id", 0)
        try:
            if type(number) is not int or not 0 <= number < 2**53:
                number = 0
                raise BadCommand("id", "a whole number", message.get("id"))
            if len(self._under_way) >= MOST_UNANSWERED:
                raise Denied(
                    "too many commands of this stream are unanswered",
                    name="too_many_requests",
                    expected=MOST_UNANSWERED,
                )
            signer, command = self._command(op, message)
        except Exception as error:
            self._tell_fault(op, error, number)
            return
        task = asyncio.create_task(self._ask(op, number, signer, command))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _command(self, op: str, message: dict[str, Any]) -> Any:
        g, stream = self._g, self._stream
        signer = stream.signer
        if signer is None:
            raise KeyRefused("expected a login before", field="op")
        if not g.keys.alive(signer.key):
            raise KeyRefused("the key was revoked", field="key")
        name = {"order": "place_order", "quotes": "mass_quote"}.get(op) or message.get("name")
        if not isinstance(name, str):
            raise BadCommand("name", "the name of a command", name)
        signer.need(scope_of(name))
        cost = COSTS.get(name, USUAL_COST)
        g.buckets.take(signer.key, "write", time.monotonic(), cost)
        fields = message.get("fields")
        if op == "command":
            if not isinstance(fields, dict):
                raise BadCommand("fields", "a JSON object", fields)
            return signer, make_command(name, fields)
        session = stream.session if stream.names_session else 0
        body = read_body(BODIES[op], msgspec.json.encode(fields))
        make: Any = orders.place if op == "order" else orders.mass_quote
        return signer, make(g.market, body, session)

    async def _ask(self, op: str, number: int, signer: Any, command: Any) -> None:
        try:
            answer = await self._g.private.ask(signer, command)
        except Exception as error:
            self._tell_fault(op, error, number)
            return
        self._tell({"channel": "answer", "id": number, **answer})

    def _tell(self, message: dict[str, Any]) -> None:
        self._stream.push(written(message))

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

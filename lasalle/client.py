"""Clients of a house, sync and async: requests are signed, refusals come back as exceptions."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
import msgspec
from websockets.asyncio.client import connect

from lasalle import wire
from lasalle.gateway.keys import sign, signed_text

STREAM = "/v1/stream"
T = TypeVar("T")


class Fault(Exception):
    """An answer that is not the one asked for; `name` and `code` are contract, the text is not."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(error.get("text", ""))
        self.status = status
        self.code: int = error.get("code", 0)
        self.name: str = error.get("name", "")
        self.field: str = error.get("field", "")
        self.rule: str = error.get("rule", "")
        self.expected: int | None = error.get("expected")
        self.found: int | None = error.get("found")


class Refused(Fault):
    """The core refused; nothing changed."""


REFUSED: dict[str, type[Refused]] = {
    r.name.lower(): type(r.name.title().replace("_", ""), (Refused,), {"__doc__": text})
    for r, (_, _, text) in wire.REFUSALS.items()
}
"""An exception for every refusal of the registry, by name."""


@dataclass(frozen=True)
class Key:
    """A key of a house: its name and the private half in hexadecimal."""

    key: str
    secret: str

    @staticmethod
    def read(path: Path) -> Key:
        """From a file as `lasalle key` prints it."""
        content = json.loads(path.read_text())
        return Key(content["key"], content["secret"])

    def headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """What signs a request now."""
        stamp = time.time_ns() // 1_000_000
        return {
            "X-LaSalle-Key": self.key,
            "X-LaSalle-Timestamp": str(stamp),
            "X-LaSalle-Signature": sign(self.secret, signed_text(stamp, method, path, body)),
        }


class Level(msgspec.Struct, frozen=True):
    """A level: whole ticks, USD per GPU-hour as decimal text, lots."""

    price_ticks: int
    price: str
    lots: int


class Book(msgspec.Struct, frozen=True):
    """A book by level, best first; deltas go on from `seq`."""

    symbol: str
    seq: int
    state: str
    mark: str
    bids: list[Level]
    asks: list[Level]


class Order(msgspec.Struct, frozen=True):
    """An order of one's own, alive or ended."""

    order: str
    account: int
    symbol: str
    side: str
    type: str
    time_in_force: str
    price: str
    lots: int
    open_lots: int
    filled_lots: int
    status: str
    client_order_id: str
    quote: bool


class Position(msgspec.Struct, frozen=True):
    symbol: str
    lots: int


class Account(msgspec.Struct, frozen=True):
    """An account of one's own; money as decimal text by asset number."""

    account: int
    member: int
    cash: dict[str, str]
    dues: str
    positions: list[Position]
    live_orders: int


class Answer(msgspec.Struct, frozen=True):
    """What a command did; `replayed` when the same command with its reference came before."""

    replayed: bool
    events: list[dict[str, Any]]


@dataclass(frozen=True)
class Asking(Generic[T]):
    """A request before it is signed, and the type of its answer."""

    method: str
    path: str
    kind: type[T]
    body: bytes = b""
    within: str = ""

    def read(self, answer: httpx.Response) -> T:
        """The answer, typed. Raises Refused or Fault."""
        if answer.status_code != 200:
            try:
                error = answer.json()["error"]
            except (ValueError, KeyError, TypeError):
                error = {"text": f"status {answer.status_code}: {answer.text[:200]}"}
            made = REFUSED.get(error.get("name", ""), Fault) if error.get("code") else Fault
            raise made(answer.status_code, error)
        content = msgspec.json.decode(answer.content)
        return msgspec.convert(content[self.within] if self.within else content, self.kind)


def asking_command(name: str, fields: dict[str, Any]) -> Asking[Answer]:
    return Asking("POST", f"/v1/commands/{name}", Answer, msgspec.json.encode(fields))


def asking_order(account: int, symbol: str, side: str, lots: int, **more: Any) -> Asking[Answer]:
    fields = {"account": account, "symbol": symbol, "side": side, "lots": lots, **more}
    return Asking("POST", "/v1/orders", Answer, msgspec.json.encode(fields))


def order_path(account: int, order: str) -> str:
    """An order by its number, or by a client reference written as `ref:NAME`."""
    if order.startswith("ref:"):
        return f"/v1/accounts/{account}/orders/{quote(order[4:], safe='')}?by=client_order_id"
    return f"/v1/accounts/{account}/orders/{quote(order, safe='')}"


def asking_cancel(account: int, order: str) -> Asking[Answer]:
    return Asking("DELETE", order_path(account, order), Answer)


def asking_replace(account: int, order: str, **fields: Any) -> Asking[Answer]:
    return Asking("PATCH", order_path(account, order), Answer, msgspec.json.encode(fields))


def asking_live(account: int) -> Asking[list[Order]]:
    path = f"/v1/accounts/{account}/orders?status=live"
    return Asking("GET", path, list[Order], within="orders")


class Client:
    """A member's program that waits for each answer."""

    def __init__(self, address: str, key: Key | None = None) -> None:
        self._key = key
        self._http = httpx.Client(base_url=address, timeout=30)

    def ask(self, asking: Asking[T]) -> T:
        """Signs, sends and reads. Raises Refused or Fault."""
        signed = self._key.headers(asking.method, asking.path, asking.body) if self._key else {}
        return asking.read(
            self._http.request(asking.method, asking.path, content=asking.body, headers=signed)
        )

    def command(self, name: str, **fields: Any) -> Answer:
        """Any command of the schema by name."""
        return self.ask(asking_command(name, fields))

    def place(self, account: int, symbol: str, side: str, lots: int, **more: Any) -> Answer:
        """An order; `price_ticks`, `client_order_id`, `time_in_force`, `post_only` and so on."""
        return self.ask(asking_order(account, symbol, side, lots, **more))

    def cancel(self, account: int, order: str) -> Answer:
        return self.ask(asking_cancel(account, order))

    def replace(self, account: int, order: str, **fields: Any) -> Answer:
        return self.ask(asking_replace(account, order, **fields))

    def order(self, account: int, order: str) -> Order:
        return self.ask(Asking("GET", order_path(account, order), Order))

    def live_orders(self, account: int) -> list[Order]:
        """The first page of live orders."""
        return self.ask(asking_live(account))

    def account(self, number: int) -> Account:
        return self.ask(Asking("GET", f"/v1/accounts/{number}", Account))

    def book(self, symbol: str) -> Book:
        return self.ask(Asking("GET", f"/v1/series/{symbol}/book", Book))

    def series(self) -> list[dict[str, Any]]:
        return self.ask(Asking("GET", "/v1/series", list[dict[str, Any]], within="series"))

    def status(self) -> dict[str, Any]:
        return self.ask(Asking("GET", "/v1/status", dict[str, Any]))

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """One page of private events after a number."""
        path = f"/v1/events?after={after}"
        return self.ask(Asking("GET", path, list[dict[str, Any]], within="events"))

    def close(self) -> None:
        self._http.close()


class AsyncClient:
    """A member's program on an event loop; `ask` takes the same askings as `Client`."""

    def __init__(self, address: str, key: Key | None = None) -> None:
        self._key, self._address = key, address
        self._http = httpx.AsyncClient(base_url=address, timeout=30)

    async def ask(self, asking: Asking[T]) -> T:
        """Signs, sends and reads. Raises Refused or Fault."""
        signed = self._key.headers(asking.method, asking.path, asking.body) if self._key else {}
        return asking.read(
            await self._http.request(
                asking.method, asking.path, content=asking.body, headers=signed
            )
        )

    async def command(self, name: str, **fields: Any) -> Answer:
        return await self.ask(asking_command(name, fields))

    async def place(self, account: int, symbol: str, side: str, lots: int, **more: Any) -> Answer:
        return await self.ask(asking_order(account, symbol, side, lots, **more))

    async def cancel(self, account: int, order: str) -> Answer:
        return await self.ask(asking_cancel(account, order))

    async def replace(self, account: int, order: str, **fields: Any) -> Answer:
        return await self.ask(asking_replace(account, order, **fields))

    async def live_orders(self, account: int) -> list[Order]:
        return await self.ask(asking_live(account))

    async def stream(
        self, channels: list[str] | None = None, *, private_after: int | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        """Messages of the house; with a key logged in, and private events too.

        The session of the `login` message cancels the orders that name it when the stream ends.
        """
        address = self._address.replace("http", "ws", 1) + STREAM
        async with connect(address, max_size=None) as socket:
            if channels:
                await socket.send(json.dumps({"op": "subscribe", "channels": channels}))
            if self._key:
                signed = self._key.headers("GET", STREAM, b"")
                login = {n.removeprefix("X-LaSalle-").lower(): v for n, v in signed.items()}
                await socket.send(json.dumps({"op": "login", **login}))
                await socket.send(json.dumps({"op": "private", "after": private_after}))
            async for message in socket:
                yield msgspec.json.decode(message)

    async def close(self) -> None:
        await self._http.aclose()

"""REST orders beside an empty endpoint of the same server, orders on the stream beside those by
request, and one publisher to 200 readers. House and load are two processes on loopback.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benches.table import Row, row
from lasalle.client import AsyncClient, Key

COMMAND = "python -m benches gateway"
ORDERS, CONNECTIONS, RUNS = 1_500, 32, 3
STREAM_ORDERS, IN_FLIGHT = 1_500, 256
READERS, BURST, PACED, PACE = 200, 400, 100, 50
EMPTY = "an empty endpoint of the same server"
ALONE = 300


def rows() -> list[Row]:
    """The rows, best of three for rates."""
    with tempfile.TemporaryDirectory() as folder:
        house = subprocess.Popen(
            [sys.executable, "-m", "benches.gateway", folder],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ,
        )
        try:
            assert house.stdout is not None, "the house tells where it listens"
            told = json.loads(house.stdout.readline())
            return asyncio.run(_measured(told["port"], Key(told["key"], told["secret"])))
        finally:
            house.terminate()
            house.wait(30)


async def _measured(port: int, key: Key) -> list[Row]:
    found: list[Row] = []
    orders = [await _requests(port, _orders(key, n)) for n in range(RUNS)]
    empty = [await _requests(port, [_empty()] * ORDERS) for _ in range(RUNS)]
    single = await _requests(port, _orders(key, 99)[:ALONE], 1)
    bare = await _requests(port, [_empty()] * ALONE, 1)
    rate, waits = max(orders, key=lambda r: r[0])
    empty_rate, empty_waits = max(empty, key=lambda r: r[0])
    name = f"REST, signed orders answered durable, {CONNECTIONS} connections"
    found.append(_beside(name, rate, "orders/s", EMPTY, empty_rate, f"best of {RUNS}"))
    for share in (0.5, 0.99):
        mine, other = _share(waits, share), _share(empty_waits, share)
        found.append(_beside(f"{name}, p{share * 100:.0f}", mine, "ms", EMPTY, other, "that run"))
    mine, other = _share(single[1], 0.5), _share(bare[1], 0.5)
    name = "REST, signed order answered durable, one connection, p50"
    found.append(_beside(name, mine, "ms", EMPTY, other, f"{ALONE} orders"))
    over = max([await _stream_orders(port, key) for _ in range(RUNS)])
    name = f"stream, orders answered durable under one logon, {IN_FLIGHT} in flight"
    found.append(
        _beside(name, over, "orders/s", "the same by signed request", rate, f"best of {RUNS}")
    )
    return found + await _fan_out(port)


def _beside(
    name: str, value: float, unit: str, peer: str | None, peer_value: float | None, taken: str
) -> Row:
    return row(name, value, unit, command=COMMAND, taken=taken, peer=peer, peer_value=peer_value)


def _share(waits: list[float], share: float) -> float:
    return round(sorted(waits)[min(len(waits) - 1, int(len(waits) * share))] * 1e3, 3)


def _orders(key: Key, run: int) -> list[bytes]:
    """Signed requests for resting orders; each has a client order id of its own."""
    made = []
    for n in range(ORDERS):
        body = json.dumps(
            {
                "account": 1,
                "symbol": "TEST",
                "side": "buy",
                "lots": 1,
                "price_ticks": 150 + n % 40,
                "client_order_id": f"b{run}-{n}",
                "reference_time": time.time_ns(),
            }
        ).encode()
        made.append(_request("POST", "/v1/orders", body, key.headers("POST", "/v1/orders", body)))
    return made


def _empty() -> bytes:
    return _request("POST", "/empty", b"{}", {})


def _request(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: bench", "content-type: application/json"]
    lines += [f"{n}: {v}" for n, v in headers.items()]
    return ("\r\n".join([*lines, f"content-length: {len(body)}", "", ""])).encode() + body


async def _requests(
    port: int, requests: list[bytes], connections: int = CONNECTIONS
) -> tuple[float, list[float]]:
    """(answers a second, seconds each waited); every answer must be a 200."""
    waiting = iter(requests)
    waits: list[float] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            content = await reader.readexactly(length)
            waits.append(time.perf_counter() - began)
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{head!r} {content!r}")
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return round(len(waits) / (time.perf_counter() - began)), waits


async def _stream_orders(port: int, key: Key) -> float:
    async with AsyncClient(f"http://127.0.0.1:{port}", key) as client:
        stream = client.open_stream(["status"])
        async with stream:
            room = asyncio.Semaphore(IN_FLIGHT)

            async def one(n: int) -> None:
                async with room:
                    await stream.place(1, "TEST", "buy", 1, price_ticks=150 + n % 40)

            await one(0)
            began = time.perf_counter()
            await asyncio.gather(*(one(n) for n in range(STREAM_ORDERS)))
            return round(STREAM_ORDERS / (time.perf_counter() - began))


class _Reader(asyncio.Protocol):
    """Counts frames and, when asked, how long ago each was published."""

    def __init__(self, done: asyncio.Event) -> None:
        self.count, self.wanted, self.done = 0, 0, done
        self.waits: list[float] = []
        self._buffer = b""
        self._open = False

    def connection_made(self, transport: Any) -> None:
        transport.write(
            b"GET /v1/stream?channels=trades HTTP/1.1\r\nhost: bench\r\nupgrade: websocket\r\n"
            b"connection: upgrade\r\nsec-websocket-version: 13\r\n"
            b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )

    def data_received(self, received: bytes) -> None:
        self._buffer += received
        if not self._open:
            head, ended, rest = self._buffer.partition(b"\r\n\r\n")
            if not ended:
                return
            assert b" 101 " in head, head
            self._open, self._buffer = True, rest
        at, buffer = 0, self._buffer
        while len(buffer) - at >= 2:
            size, start = buffer[at + 1] & 127, at + 2
            if size == 126:
                size, start = int.from_bytes(buffer[at + 2 : at + 4]), at + 4
            elif size == 127:
                size, start = int.from_bytes(buffer[at + 2 : at + 10]), at + 10
            if len(buffer) < start + size:
                break
            self._hear(buffer[start : start + size])
            at = start + size
        self._buffer = buffer[at:]

    def _hear(self, message: bytes) -> None:
        if not message.startswith(b'{"channel":"trades"'):
            return
        self.count += 1
        published = int(message.partition(b'"time":')[2].partition(b",")[0])
        self.waits.append((time.time_ns() - published) / 1e9)
        if self.count == self.wanted:
            self.done.set()


async def _fan_out(port: int) -> list[Row]:
    """Flat out, and at a steady pace."""
    loop = asyncio.get_running_loop()
    readers = [_Reader(asyncio.Event()) for _ in range(READERS)]
    for reader in readers:
        await loop.create_connection(lambda r=reader: r, "127.0.0.1", port)
    await asyncio.sleep(1)
    rates = []
    for _ in range(RUNS):
        rates.append(await _told(port, readers, BURST, 0))
    for reader in readers:
        reader.waits.clear()
    await _told(port, readers, PACED, PACE)
    waits = [w for reader in readers for w in reader.waits]
    assert len(waits) == PACED * READERS, "every reader hears every trade"
    name = f"stream, one publisher to {READERS} readers"
    paced = f"{name} at {PACE * READERS:,} deliveries/s"
    return [
        _beside(name, max(rates), "deliveries/s", None, None, f"best of {RUNS}"),
        _beside(f"{paced}, p50", _share(waits, 0.5), "ms", None, None, f"{PACED} trades"),
        _beside(f"{paced}, p99", _share(waits, 0.99), "ms", None, None, f"{PACED} trades"),
    ]


async def _told(port: int, readers: list[_Reader], messages: int, pace: int) -> float:
    """Deliveries a second of so many messages to every reader."""
    for reader in readers:
        reader.wanted = reader.count + messages
        reader.done.clear()
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.perf_counter()
    writer.write(_request("GET", f"/publish?messages={messages}&pace={pace}", b"", {}))
    async with asyncio.timeout(120):
        await asyncio.gather(*(reader.done.wait() for reader in readers))
    seconds = time.perf_counter() - began
    writer.close()
    return round(messages * len(readers) / seconds)


def serve(folder: Path) -> None:
    """The house of the bench, with two endpoints no house has: /empty and /publish."""
    from lasalle.gateway.limits import Buckets, Rate
    from tests.gateway.conftest import serving

    kinds = ("public", "machine", "read", "write", "failure")
    buckets = Buckets(dict.fromkeys(kinds, Rate(10**9, 10**9)))
    log = folder / "commands.log"
    with serving(folder / "house", buckets=buckets, furnished=_furnished, log=log) as served:
        key = served.keys[11]
        told = {"port": int(served.address.rpartition(":")[2])}
        print(json.dumps({**told, "key": key.key, "secret": key.secret}), flush=True)
        while os.getppid() > 1:
            time.sleep(0.5)


def _furnished(gateway: Any) -> None:
    from lasalle.gateway.endpoints import Endpoint, Query

    publishing: set[asyncio.Task[None]] = set()

    async def publish(messages: int, pace: int) -> None:
        for n in range(messages):
            trade = {"channel": "trades", "symbol": "TEST", "trade": n, "time": time.time_ns()}
            terms = {"aggressor": "buy", "price_ticks": 200, "price": "2.000000", "lots": 1}
            gateway.streams.tell([{**trade, **terms}])
            await asyncio.sleep(1 / pace if pace else 0)

    def start(asked: Any) -> Any:
        task = asyncio.create_task(publish(asked.query["messages"], asked.query["pace"]))
        publishing.add(task)
        task.add_done_callback(publishing.discard)
        return {}

    how = (Query("messages", "How many.", "integer"), Query("pace", "A second.", "integer"))
    gateway.table.add(Endpoint("POST", "/empty", lambda _: {}, "Nothing."))
    gateway.table.add(Endpoint("GET", "/publish", start, "Trades.", query=how))


if __name__ == "__main__":
    serve(Path(sys.argv[1]))

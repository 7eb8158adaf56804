"""Streams: deltas rebuild the book, private events resume, a lost session leaves no order."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from lasalle.client import AsyncClient
from lasalle.gateway.framing import framed
from lasalle.gateway.stream import (
    CONFLATE_BEHIND,
    CONFLATE_BEHIND_BYTES,
    MOST_BEHIND,
    MOST_BEHIND_BYTES,
    Stream,
    written,
)
from tests.gateway.conftest import SYMBOL, Served

Levels = dict[tuple[str, int], int]


def levels_of(book: dict[str, Any]) -> Levels:
    sides = (("buy", book["bids"]), ("sell", book["asks"]))
    return {(side, x["price_ticks"]): x["lots"] for side, rows in sides for x in rows}


async def until(served: Served, channel: str, socket: Any) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            message = json.loads(await socket.recv())
            assert message["channel"] != "error", message
            if message["channel"] == channel:
                return message


def login(served: Served, actor: int) -> str:
    signed = served.keys[actor].headers("GET", "/v1/stream", b"")
    return json.dumps(
        {"op": "login", **{n.removeprefix("X-LaSalle-").lower(): v for n, v in signed.items()}}
    )


@pytest.mark.rule("GTW-006")
def test_a_revoked_key_hears_nothing_more(served: Served):
    async def story() -> None:
        stranger = AsyncClient(served.address, served.keys[12])
        async with connect(served.address.replace("http", "ws") + "/v1/stream") as socket:
            await socket.send(login(served, 11))
            await socket.send(json.dumps({"op": "private", "after": None}))
            await until(served, "private_snapshot", socket)
            assert served.gateway.keys.revoke(served.keys[11].key)
            await stranger.place(2, SYMBOL, "sell", 3, price_ticks=205)
            owner = AsyncClient(served.address, served.keys[1])
            await owner.command("mass_cancel", account=1)
            await owner.command("engage_kill_switch", account=1)
            with pytest.raises(ConnectionClosed) as closed:
                await until(served, "private", socket)
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (
                4003,
                "the key was revoked",
            )
            await owner.close()
        await stranger.close()

    asyncio.run(story())


@pytest.mark.rule("GTW-006")
def test_an_actor_without_a_role_sees_no_account(served: Served):
    for actor, account in ((11, 1), (1, 1), (1, 2)):
        assert served.house.accounts.may_see(actor, account)
    for actor, member in ((11, 1), (1, 0)):
        served.house.accounts.actors[actor] = (member, 0)
    for actor, account in ((11, 1), (1, 1), (1, 2)):
        assert not served.house.accounts.may_see(actor, account)
    assert served.house.accounts.may_see(12, 2)


@pytest.mark.rule("GTW-010")
def test_deltas_from_a_snapshot_rebuild_the_book(served: Served):
    async def story() -> None:
        buyer = AsyncClient(served.address, served.keys[11])
        seller = AsyncClient(served.address, served.keys[12])
        await buyer.place(1, SYMBOL, "buy", 9, price_ticks=190)
        async with connect(served.address.replace("http", "ws") + "/v1/stream") as socket:
            (book,) = (await until(served, "snapshot", socket))["books"]
            levels, seq = levels_of(book), book["seq"]
            assert levels == {("buy", 190): 9}
            await buyer.place(1, SYMBOL, "buy", 5, price_ticks=195, display_lots=2)
            await seller.place(2, SYMBOL, "sell", 7, price_ticks=205)
            await seller.place(2, SYMBOL, "sell", 6, price_ticks=190)
            order = (await buyer.live_orders(1))[0].order
            await buyer.replace(1, order, price_ticks=189, lots=4)
            await buyer.command("mass_cancel", account=1)
            final = served.house.market.by_symbol[SYMBOL].book()
            while seq < final["seq"]:
                message = await until(served, "book", socket)
                assert message["prev_seq"] == seq
                seq = message["seq"]
                for x in message["levels"]:
                    levels[x["side"], x["price_ticks"]] = x["lots"]
                    if not x["lots"]:
                        del levels[x["side"], x["price_ticks"]]
            assert levels == levels_of(final) == {("sell", 205): 7}
        await buyer.close()
        await seller.close()

    asyncio.run(story())


@pytest.mark.rule("GTW-009")
def test_orders_of_a_session_end_with_it_by_wire_and_by_word(served: Served):
    async def story(by_word: bool) -> None:
        client = AsyncClient(served.address, served.keys[11])
        async with connect(served.address.replace("http", "ws") + "/v1/stream") as socket:
            await socket.send(login(served, 11))
            session = (await until(served, "login", socket))["session"]
            await client.place(1, SYMBOL, "buy", 1, price_ticks=190, session=session)
            await client.place(1, SYMBOL, "buy", 1, price_ticks=191)
            assert len(await client.live_orders(1)) == 2
            if by_word:
                await socket.send(json.dumps({"op": "logout"}))
                await left_alone(client)
        await left_alone(client)
        await client.command("mass_cancel", account=1)
        await client.close()

    async def left_alone(client: AsyncClient) -> None:
        deadline = time.monotonic() + 10
        while len(found := await client.live_orders(1)) == 2 and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        assert [o.price for o in found] == ["1.910000"]

    asyncio.run(story(by_word=False))
    asyncio.run(story(by_word=True))


@pytest.mark.rule("GTW-006")
def test_private_events_go_on_where_the_reader_stopped(served: Served):
    async def story() -> None:
        client = AsyncClient(served.address, served.keys[11])
        stranger = AsyncClient(served.address, served.keys[12])
        address = served.address.replace("http", "ws") + "/v1/stream"
        async with connect(address) as socket:
            await socket.send(login(served, 11))
            await socket.send(json.dumps({"op": "private", "after": None}))
            first = await until(served, "private_snapshot", socket)
            assert [a["account"] for a in first["accounts"]] == [1]
        await stranger.place(2, SYMBOL, "sell", 1, price_ticks=210)
        await client.place(1, SYMBOL, "buy", 1, price_ticks=190)
        async with connect(address) as socket:
            await socket.send(login(served, 11))
            await socket.send(json.dumps({"op": "private", "after": first["seq"]}))
            told = [await until(served, "private", socket) for _ in range(3)]
        assert [m["name"] for m in told] == ["account_refreshed", "order_accepted", "order_rested"]
        assert {m["account"] for m in told} == {1}
        numbers = [first["seq"], *(m["seq"] for m in told)]
        assert [m["prev_seq"] for m in told] == numbers[:-1]
        await client.close()
        await stranger.close()

    asyncio.run(story())


@pytest.mark.rule("GTW-006")
def test_private_events_wait_for_a_history_that_is_behind(served: Served):
    """A reader that resumes while the history catches up hears every event, later."""
    history, accounts = served.house.history, served.house.accounts

    async def story() -> None:
        client = AsyncClient(served.address, served.keys[11])
        for ticks in (190, 191):
            await client.place(1, SYMBOL, "buy", 1, price_ticks=ticks)
        history.flush()
        owned = [h.number for h, e in accounts.feed if getattr(e, "account", 0) == 1]
        # As after a start: what was told before is in the history alone, which is behind.
        accounts.feed_lost = history.mark.event
        accounts.feed.clear()
        history.expect(history.mark.event + 1_000)
        async with connect(served.address.replace("http", "ws") + "/v1/stream") as socket:
            await socket.send(login(served, 11))
            await socket.send(json.dumps({"op": "private", "after": 0}))
            await client.place(1, SYMBOL, "buy", 1, price_ticks=192)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(until(served, "private", socket), 1)
            history.expect(0)
            told = [await until(served, "private", socket) for _ in range(len(owned) + 2)]
        assert [m["seq"] for m in told][: len(owned)] == owned
        assert [m["name"] for m in told[-2:]] == ["order_accepted", "order_rested"]
        assert len(owned) > 5
        numbers = [0, *(m["seq"] for m in told)]
        assert [m["prev_seq"] for m in told] == numbers[:-1]
        await client.close()

    asyncio.run(story())


def test_without_a_login_nothing_private_is_told(served: Served):
    async def story() -> None:
        async with connect(served.address.replace("http", "ws") + "/v1/stream") as socket:
            await socket.send(json.dumps({"op": "private", "after": 0}))
            await socket.send(login(served, 11).replace('"key": "', '"key": "f'))
            async with asyncio.timeout(10):
                seen = []
                while len(seen) < 2:
                    message = json.loads(await socket.recv())
                    assert message["channel"] not in ("private", "private_snapshot", "login")
                    if message["channel"] == "error":
                        seen.append(message["error"]["text"])
        assert "login" in seen[0]
        assert "not known" in seen[1]

    asyncio.run(story())


class Reader:
    """A wire that keeps what is written, and takes it only while it is ready."""

    def __init__(self) -> None:
        self.ready = True
        self.heard: list[dict[str, Any]] = []

    def write(self, frames: bytes) -> None:
        while frames:
            size, at = frames[1], 2
            if size == 126:
                size, at = int.from_bytes(frames[2:4]), 4
            elif size == 127:
                size, at = int.from_bytes(frames[2:10]), 10
            assert frames[0] == 0x81
            self.heard.append(json.loads(frames[at : at + size]))
            frames = frames[at + size :]


@pytest.mark.rule("GTW-011")
def test_a_slow_reader_gets_snapshots_for_deltas_and_every_trade(served: Served):
    async def story() -> None:
        reader = Reader()
        stream = Stream(served.gateway, reader)
        reader.ready = False
        told = [stream.push_book(SYMBOL, written({"n": n})) for n in range(CONFLATE_BEHIND + 100)]
        assert (told.count(True), told.count(False)) == (CONFLATE_BEHIND, 100)
        stream.push(written({"trade": 1}))
        stream.flush()
        assert not reader.heard
        reader.ready = True
        stream.flush()
        assert [m.get("n") for m in reader.heard[:CONFLATE_BEHIND]] == [*range(CONFLATE_BEHIND)]
        assert reader.heard[CONFLATE_BEHIND] == {"trade": 1}
        assert reader.heard[-1]["channel"] == "snapshot"
        assert len(reader.heard) == CONFLATE_BEHIND + 2
        reader.ready = False
        for _ in range(MOST_BEHIND + 1):
            stream.push(written({"trade": 1}))
        assert stream.gone.is_set()

    asyncio.run(story())


@pytest.mark.rule("GTW-011")
def test_a_reader_is_behind_by_bytes_as_well(served: Served):
    async def story() -> None:
        wide = written({"wide": "x" * 100_000})
        stream = Stream(served.gateway, Reader())
        books = [stream.push_book(SYMBOL, wide) for _ in range(10)]
        assert books.count(True) == CONFLATE_BEHIND_BYTES // len(wide) + 1 < 10
        told = 0
        while not stream.gone.is_set():
            stream.push(wide)
            told += 1
        assert told <= MOST_BEHIND_BYTES // len(wide) < MOST_BEHIND
        alone = Stream(served.gateway, Reader())
        alone.push(written({"wide": "x" * (MOST_BEHIND_BYTES + 1)}))
        assert not alone.gone.is_set(), "one message may be longer than what may wait"

    asyncio.run(story())


def test_frames_are_those_of_websockets():
    for size in (0, 125, 126, 65_535, 65_536):
        message = b"x" * size
        assert framed(message) == Frame(Opcode.TEXT, message).serialize(mask=False)

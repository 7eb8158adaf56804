"""The Python client: what may be repeated is, the stream mends itself, orders go over it."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import httpx
import pytest

from lasalle.client import DOOR_FAULTS, REFUSED, AsyncClient, Client, Fault, Key
from tests.gateway.conftest import SYMBOL, TICK, Served


def test_the_client_stands_below_every_room():
    code = (
        "import sys, lasalle.client; "
        "print(sorted(m for m in sys.modules if m.startswith('lasalle.')))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    rooms = {name.split(".")[1] for name in eval(out.stdout)}
    assert rooms == {"client", "wire"}


def test_every_refusal_has_an_exception(served: Served):
    client = served.client(11)
    with pytest.raises(REFUSED["quantity_not_positive"]) as caught:
        client.place(1, SYMBOL, "buy", 0, price_ticks=190)
    assert caught.value.status == 422
    with pytest.raises(DOOR_FAULTS["key_refused"]):
        Client(served.address, Key("0" * 16, served.keys[11].secret)).account(1)
    with pytest.raises(DOOR_FAULTS["malformed"]):
        client.place(1, SYMBOL, "buy", 1, price_ticks=190, price="1.90")


def test_a_lost_answer_is_asked_for_again_and_makes_one_order(served: Served, monkeypatch):
    client = served.client(11)
    sent, real = [], client._http.request

    def loses_the_first_answer(*args, **kwargs):
        answer = real(*args, **kwargs)
        sent.append(kwargs["content"])
        if len(sent) == 1:
            raise httpx.ReadTimeout("the answer was lost")
        return answer

    monkeypatch.setattr(client._http, "request", loses_the_first_answer)
    answer = client.place(1, SYMBOL, "buy", 3, price_ticks=190)
    assert answer.replayed
    assert sent[0] == sent[1]
    assert [o.lots for o in client.live_orders(1)] == [3]
    sent.clear()
    quotes = [{"series": 1, "bid_price": 180 * TICK, "bid_lots": 1}]
    with pytest.raises(httpx.ReadTimeout):
        client.command("mass_quote", account=1, self_trade="cancel_newest", quotes=quotes)
    assert len(sent) == 1, "what would be done twice is not asked twice"


def test_orders_are_cancelled_by_label_series_and_all(served: Served):
    client = served.client(11)
    for label in (1, 1, 2):
        client.place(1, SYMBOL, "buy", 1, price_ticks=190, label=label)
    client.cancel_all(1, label=1)
    assert [o.label for o in client.live_orders(1)] == [2]
    with pytest.raises(REFUSED["series_unknown"]):
        client.cancel_all(1, symbol="NOTHING")
    client.cancel_all(1, symbol=SYMBOL)
    assert client.live_orders(1) == []
    client.place(1, SYMBOL, "buy", 1, price="1.91")
    client.cancel_all(1)
    assert client.live_orders(1) == []


def test_replacing_keeps_what_is_not_said(served: Served):
    client = served.client(11)
    client.place(1, SYMBOL, "buy", 5, price_ticks=190, client_order_id="a/b c")
    client.replace(1, "ref:a/b c", lots=4, client_order_id="second")
    (order,) = client.live_orders(1)
    assert (order.price_ticks, order.open_lots) == (190, 4)
    client.replace(1, order.order, price="1.92")
    assert (client.order(1, "ref:second").price_ticks, client.book(SYMBOL).bids[0].lots) == (192, 4)


def test_orders_quotes_and_the_dead_man_go_over_one_logon(served: Served):
    async def story() -> None:
        async with AsyncClient(served.address, served.keys[11]) as client:
            async with client.open_stream() as stream:
                answers = await asyncio.gather(
                    *(stream.place(1, SYMBOL, "buy", 1, price_ticks=180 + n) for n in range(20))
                )
                numbers = [a.events[-1]["order"] for a in answers]
                assert numbers == sorted(numbers), "in the order they were sent"
                assert {o.session for o in await client.live_orders(1)} == {stream.session}
                with pytest.raises(REFUSED["price_off_tick"]):
                    await stream.place(1, SYMBOL, "buy", 1, price="1.955")
                with pytest.raises(DOOR_FAULTS["scope_missing"]):
                    await stream.command("halt_market")
                told = await stream.command("arm_dead_man", account=1, timeout=10**12)
                assert [e["name"] for e in told.events] == ["dead_man_armed"]
                quote = {"series": 1, "bid_price": 170 * TICK, "bid_lots": 2, "ask_price": 0,
                         "ask_lots": 0}  # fmt: skip
                await stream.command(
                    "mass_quote", account=1, self_trade="cancel_newest", quotes=[quote]
                )
                assert served.house.keys.revoke(served.keys[11].key)
                with pytest.raises(DOOR_FAULTS["key_refused"]):
                    await stream.place(1, SYMBOL, "buy", 1, price_ticks=180)
        async with AsyncClient(served.address, served.keys[1]) as house, asyncio.timeout(10):
            while len(left := await house.live_orders(1)) > 1:
                await asyncio.sleep(0.02)
            assert [o.quote for o in left] == [True], "the quote named no session"

    asyncio.run(story())


@pytest.mark.rule("GTW-009")
def test_the_account_scope_ends_every_order_with_the_wire(served: Served):
    async def story() -> None:
        async with AsyncClient(served.address, served.keys[11]) as client:
            await client.place(1, SYMBOL, "buy", 1, price_ticks=190)
            async with client.open_stream(cancel_on_disconnect="account") as stream:
                await stream.place(1, SYMBOL, "buy", 1, price_ticks=191)
            async with asyncio.timeout(10):
                while await client.live_orders(1):
                    await asyncio.sleep(0.02)

    asyncio.run(story())


@pytest.mark.rule("GTW-010")
def test_a_gap_is_mended_by_one_message(served: Served):
    async def story() -> None:
        async with AsyncClient(served.address, served.keys[11]) as client:
            async with client.open_stream(["book"]) as stream, asyncio.timeout(20):
                await client.place(1, SYMBOL, "buy", 1, price_ticks=190)
                async for message in stream:
                    if message["channel"] == "book":
                        break
                stream.books[SYMBOL].seq -= 1
                stream.books[SYMBOL].bids[1] = 99
                await client.place(1, SYMBOL, "buy", 2, price_ticks=191)
                async for message in stream:
                    if message["channel"] == "snapshot" and stream.resyncs:
                        break
                assert stream.books[SYMBOL].bids == {190: 1, 191: 2}
                assert stream.books[SYMBOL].best() == (191, None)
        text = served.gateway.measured().decode()
        assert "lasalle_stream_resyncs_total 1.0" in text

    asyncio.run(story())


def test_wrong_words_on_a_stream_are_told_and_the_stream_goes_on(served: Served):
    async def story() -> None:
        async with AsyncClient(served.address, served.keys[11]) as client:
            async with client.open_stream(["status"]) as stream, asyncio.timeout(20):
                await stream.place(1, SYMBOL, "buy", 1, price_ticks=190)
                said = ["[" * 50_000, "\x00", "[]", "{}", '{"op": 5}', '{"op": "subscribe"}',
                        '{"op": "subscribe", "channels": ["no"]}', '{"op": "private", "after": -1}',
                        '{"op": "resync", "symbol": 7}', '{"op": "login"}']  # fmt: skip
                for text in said:
                    await stream._socket.send(text)
                heard = []
                async for message in stream:
                    if message["channel"] == "error":
                        heard.append(message["error"]["name"])
                    if len(heard) == len(said):
                        break
                assert set(heard) == {"malformed"}
                with pytest.raises(Fault) as caught:
                    await stream._ask({"op": "order", "fields": [1]})
                assert caught.value.name == "malformed"
                assert (await stream.place(1, SYMBOL, "buy", 1, price_ticks=190)).events

    asyncio.run(story())

"""The frame door: the same tests for the compiled engine's door and for its plain twin."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest

from lasalle import wire
from lasalle.client import DoorRefused, ErrorCode, FrameClient, Key
from lasalle.client.frames import HEARTBEAT, LOGON, LOGON_BLOCK, own_frame
from lasalle.gateway.frame_connection import Bounds
from lasalle.gateway.frame_door import make_door
from lasalle.gateway.sessions import Sessions
from lasalle.institution.house import OpenHouse, open_house
from lasalle.venue import engine, verify
from lasalle.venue.waiting import Waiting
from tests.gateway.conftest import furnish

BEAT_MS, IN_FLIGHT = 1_000, 64


@dataclass
class Served:
    """A house with a frame door alone."""

    house: OpenHouse
    port: int
    door: Any
    waiting: Waiting
    loop: asyncio.AbstractEventLoop

    def venue(self, actor: int, command: Any) -> None:
        """A command that comes by another way than the door."""
        asking = self.waiting.ask(actor, command)
        asyncio.run_coroutine_threadsafe(asking, self.loop).result(20)

    def key(self, actor: int, *, networks=(), scopes=("read", "trade")) -> Key:
        made = self.house.keys.create(actor, scopes, networks)
        return Key(made.key, made.secret)

    def connect(self, actor: int = 11, key: Key | None = None, **more: Any) -> FrameClient:
        return FrameClient("127.0.0.1", self.port, key or self.key(actor), **more)


@pytest.fixture(params=["plain", "compiled"])
def served(request, tmp_path, monkeypatch):
    monkeypatch.setenv(engine.CHOICE, request.param)
    if request.param == "compiled" and engine.engine_class() is None:
        pytest.skip("no compiled engine was built")
    house = open_house(tmp_path / "house")
    furnish(house)
    waiting = Waiting(house.sequencer)
    ready, over, found = threading.Event(), asyncio.Event(), []

    def fold(told) -> None:
        for header, event in told:
            house.accounts.on(header, event)

    async def serve() -> None:
        waiting.start()
        sessions = Sessions(waiting)
        bounds = Bounds(heartbeat_ms=BEAT_MS, most_in_flight=IN_FLIGHT)
        door = make_door(waiting, house.accounts, house.keys, sessions, bounds)
        house.sequencer.listen(fold)
        port = await door.start("127.0.0.1", 0)
        found.append(Served(house, port, door, waiting, asyncio.get_running_loop()))
        ready.set()
        await over.wait()
        await door.stop()
        await waiting.stop()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20), "the door opens within twenty seconds"
    given = found[0]
    yield given
    given.loop.call_soon_threadsafe(over.set)
    thread.join(20)
    assert len(given.door) == 0, "no connection is left behind"
    house.history.flush()
    house.close()
    assert verify(tmp_path / "house").faults == []


def order(reference: str, side=wire.Side.BUY, session=0, account=1, lots=1) -> wire.PlaceOrder:
    return wire.PlaceOrder(
        account=account,
        series=1,
        side=side,
        order_type=wire.OrderType.LIMIT,
        time_in_force=wire.TimeInForce.GTC,
        self_trade=wire.SelfTrade.CANCEL_NEWEST,
        price=2_000_000,
        lots=lots,
        session=session,
        reference=reference,
    )


def names(answer) -> list[str]:
    return [type(event).__name__ for _, event in answer.events]


def refused(code, fatal, ask) -> DoorRefused:
    with pytest.raises(DoorRefused) as caught:
        ask()
    assert (caught.value.code, caught.value.fatal) == (code, fatal), caught.value
    return caught.value


def closed(client) -> None:
    with pytest.raises(ConnectionError):
        client.receive()


def test_an_order_is_answered_with_its_number_and_events(served):
    with served.connect() as client:
        assert (client.actor, client.session > 0, client.heartbeat_ms) == (11, True, BEAT_MS)
        first = client.ask(order("a"))
        assert "OrderAccepted" in names(first)
        assert {h.cause for h, _ in first.events} == {first.first} == {first.last}
        assert {h.actor for h, _ in first.events} == {11}
        assert first.first > client.last_number
        journaled = served.house.sequencer.core.last_number
        assert journaled >= first.last, "what is answered is durable"


def test_who_asks_nothing_more_is_told_what_it_is_owed(served):
    """A reader that shuts its writing half hears every answer, and then the end."""
    for asked in (1, 3 * IN_FLIGHT):
        with served.connect() as client:
            numbers = client.send(*(order(f"h{asked}-{i}") for i in range(asked)))
            client.socket.shutdown(socket.SHUT_WR)
            found = list(client.answers(asked))
            assert [answer.request for answer in found] == numbers
            assert all("OrderAccepted" in names(answer) for answer in found)
            closed(client)


def test_answers_come_in_the_order_of_the_requests_past_the_bound_too(served):
    with served.connect() as client:
        numbers = client.send(*(order(f"b{i}") for i in range(4 * IN_FLIGHT)))
        answers = list(client.answers(len(numbers)))
        assert [a.request for a in answers] == numbers
        assert [a.first for a in answers] == sorted({a.first for a in answers})
        again = client.ask_many([order(f"c{i}") for i in range(150)], width=50)
        assert len(again) == 150
        assert all("OrderAccepted" in names(a) for a in answers + again)


def test_a_refusal_of_the_core_is_an_event_with_its_rule(served):
    with served.connect() as client:
        for asked in (order("z", lots=0), order("strange", account=2)):
            answer = client.ask(asked)
            assert "Refused" in names(answer)
            assert "OrderAccepted" not in names(answer)


def test_a_halted_market_takes_no_order_and_lets_cancels_through(served):
    with served.connect() as client:
        client.ask(order("before"))
        served.venue(1, wire.HaltMarket())
        assert "Refused" in names(client.ask(order("during")))
        assert "OrderCancelled" in names(client.ask(wire.MassCancel(account=1)))


def test_a_stranger_sees_his_own_side_of_a_trade_alone(served):
    with served.connect() as buyer, served.connect(12) as seller:
        bid = buyer.ask(order("bid"))
        told = seller.ask(order("offer", wire.Side.SELL, account=2))
        trades = [e for _, e in told.events if isinstance(e, wire.Traded)]
        assert len(trades) == 1
        assert (trades[0].sell_account, trades[0].buy_account, trades[0].buy_order) == (2, 0, 0)
        assert not [e for _, e in told.events if getattr(e, "account", 2) not in (0, 2)]
        assert "OrderAccepted" in names(bid)


def test_what_the_door_refuses_keeps_its_place_and_the_connection(served):
    with served.connect() as client:
        for command, code in (
            (wire.AdvanceTime(), ErrorCode.VENUE_ONLY),
            (wire.HaltMarket(), ErrorCode.SCOPE_MISSING),
            (order("s", session=client.session + 99), ErrorCode.SESSION_NOT_YOURS),
        ):
            refused(code, False, lambda command=command: client.ask(command))
        asked = [order("one"), wire.HaltMarket(), order("two")]
        answers = client.ask_many(asked)
        assert [a.refused is None for a in answers] == [True, False, True]
        assert answers[2].first == answers[0].last + 1, "what was refused took no number"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\xff\xff\xff\x7f", ErrorCode.FRAME_TOO_LONG),
        (b"\x05\0\0\0\0", ErrorCode.FRAME_TOO_LONG),
        (wire.seal(order("x"), 1, 0)[:-1] + b"\0", ErrorCode.BAD_FRAME),
        (wire.seal(order("x"), 1, 0, actor=12), ErrorCode.BAD_FRAME),
        (wire.seal(order("x"), 1, 77), ErrorCode.BAD_FRAME),
        (wire.seal(order("x"), 0, 0), ErrorCode.NUMBER_NOT_ASCENDING),
        (wire.seal_body(40, b"\1", 1, 1, 0, 0, 1), ErrorCode.BAD_FRAME),
        (wire.seal(wire.HouseOpened(name="x"), 1, 0), ErrorCode.BAD_FRAME),
        (own_frame(999), ErrorCode.NUMBER_NOT_ASCENDING),
        (own_frame(LOGON, LOGON_BLOCK.pack(b"k", bytes(64), True)), ErrorCode.BAD_FRAME),
    ],
)
def test_a_wrong_frame_is_told_and_the_connection_closes(served, frame, code):
    with served.connect() as client:
        client.socket.sendall(frame)
        refused(code, True, client.receive)
        closed(client)


def test_a_number_used_before_is_refused_behind_the_answer_it_had(served):
    with served.connect() as client:
        frame = wire.seal(order("once"), 1, 0)
        client.socket.sendall(frame + frame)
        assert "OrderAccepted" in names(client.receive())
        refused(ErrorCode.NUMBER_NOT_ASCENDING, True, client.receive)


def test_who_may_log_on(served):
    mine, other = served.key(11), served.key(12)
    bad = Key(mine.key, other.secret)
    refused(ErrorCode.KEY_REFUSED, True, lambda: served.connect(key=bad))
    unknown = Key("f" * 16, mine.secret)
    refused(ErrorCode.KEY_REFUSED, True, lambda: served.connect(key=unknown))
    far = served.key(11, networks=("10.0.0.0/8",))
    refused(ErrorCode.SCOPE_MISSING, True, lambda: served.connect(key=far))
    gone = served.key(11)
    served.house.keys.revoke(gone.key)
    refused(ErrorCode.KEY_REFUSED, True, lambda: served.connect(key=gone))
    with served.connect(key=mine) as client:
        assert "OrderAccepted" in names(client.ask(order("fine")))


def test_a_command_before_the_logon_is_refused(served):
    with served.connect() as model:
        client = FrameClient.__new__(FrameClient)
        client.socket, client._read = type(model.socket)(), bytearray()
        client.socket.connect(("127.0.0.1", served.port))
        client._next()
        client.socket.sendall(wire.seal(order("early"), 1, 0))
        refused(ErrorCode.NOT_LOGGED_ON, True, client.receive)
        client.close()


def test_a_revoked_key_ends_its_connections(served):
    key = served.key(11)
    with served.connect(key=key) as client:
        client.ask(order("goes", session=client.session))
        served.house.keys.revoke(key.key)
        refused(ErrorCode.KEY_REFUSED, True, client.receive)
        closed(client)
    assert live(served) == 0


def live(served) -> int:
    """Orders of account 1 in the book; they are cancelled by the look."""
    with served.connect() as client:
        told = client.ask(wire.MassCancel(account=1))
        return sum(isinstance(e, wire.OrderCancelled) for _, e in told.events)


def test_a_logout_ends_the_session_and_leaves_other_orders(served):
    with served.connect() as client:
        client.send(order("stays"), order("goes", session=client.session))
        client.logout()
    assert live(served) == 1


def test_who_is_gone_without_a_word_has_no_order_of_the_session(served):
    with served.connect() as client, served.connect(cancel_on_disconnect=False) as kept:
        assert kept.session == 0
        client.ask(order("goes", session=client.session))
        kept.ask(order("stays"))
    deadline = time.monotonic() + 10
    while len(served.door) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert live(served) == 1


def test_who_is_silent_is_told_and_ended_and_who_beats_is_not(served):
    with served.connect() as silent, served.connect() as alive:
        for _ in range(6):
            time.sleep(BEAT_MS / 2000)
            alive.socket.sendall(own_frame(HEARTBEAT))
        refused(ErrorCode.SILENT, True, silent.receive)
        assert "OrderAccepted" in names(alive.ask(order("alive")))

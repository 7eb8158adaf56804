"""What leaves the house by an answer or a public message, held against who may see each field."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from lasalle import wire
from lasalle.gateway.answers import Tellings, answered
from lasalle.institution.house import open_house
from lasalle.venue.sequencer import Asked
from lasalle.wire import OrderType, SelfTrade, Side, TimeInForce
from tests.gateway.conftest import TICK, approved, furnish, told_to

ROOT = Path(__file__).resolve().parents[2]
EVENTS = tomllib.loads((ROOT / "schema" / "events.toml").read_text())
SEEN = {(name, f[0]): f[2] for name, row in EVENTS.items() for f in row.get("fields", ())}
NEVER_PUBLIC = {field for (_, field), _ in SEEN.items()} - {
    field for (_, field), audience in SEEN.items() if audience == "public"
}


def order(account: int, side: Side, lots: int, price: int) -> wire.PlaceOrder:
    return wire.PlaceOrder(
        account=account,
        series=1,
        side=side,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        self_trade=SelfTrade.CANCEL_NEWEST,
        price=price * TICK,
        lots=lots,
    )


def test_an_answer_holds_nothing_of_a_stranger(tmp_path):
    house = open_house(tmp_path / "house")
    furnish(house)
    told_to(house, 11, order(1, Side.SELL, 5, 200))
    told_to(house, 11, order(1, Side.SELL, 5, 201))
    # Fees change, so the maker is judged again before it trades: its account is told of.
    approved(house, wire.SetFees(series=1, maker_fee=1_000, taker_fee=2_000, clearing_fee=500))
    command = order(2, Side.BUY, 7, 201)
    told = told_to(house, 12, command)
    assert any(isinstance(e, wire.AccountRefreshed) and e.account == 1 for _, e in told)
    assert sum(isinstance(e, wire.Traded) for _, e in told) == 2
    tellings = Tellings()

    def told_of(actor: int) -> list[dict[str, object]]:
        found = answered(tellings, house.accounts, actor, command, told)["events"]
        return [msgspec.json.decode(raw) for raw in found]

    mine = told_of(12)
    assert {e["account"] for e in mine if "account" in e} == {2}
    trades = [e for e in mine if e["name"] == "traded"]
    assert [t["buy_account"] for t in trades] == [2, 2]
    assert not [name for t in trades for name in t if name.startswith("sell_")]
    # What was written for one actor is not told to another.
    stranger = told_of(11)
    assert {e["account"] for e in stranger if "account" in e} == {1}
    assert not [name for t in stranger for name in t if name.startswith("buy_")]
    house.close()


def names(value: object) -> set[str]:
    """Every word a message has, at any depth."""
    if isinstance(value, dict):
        return set(value) | {n for v in value.values() for n in names(v)}
    if isinstance(value, list | tuple):
        return {n for v in value for n in names(v)}
    return set()


def test_a_public_message_has_no_word_that_is_an_owners_alone(tmp_path):
    assert {"account", "buy_account", "sell_order", "buy_fee", "reference"} <= NEVER_PUBLIC
    house = open_house(tmp_path / "house")
    furnish(house)
    messages = []

    def ask(actor: int, command: object) -> None:
        for told in house.sequencer.commit([Asked(actor, command)]):
            for header, event in told:
                messages.extend(house.market.on(header, event))
                house.accounts.on(header, event)

    ask(11, order(1, Side.SELL, 5, 200))
    ask(12, order(2, Side.BUY, 3, 200))
    ask(11, order(1, Side.SELL, 5, 199))
    ask(1, wire.SetSeriesState(series=1, state=wire.SeriesState.PAUSED))
    ask(12, order(2, Side.BUY, 4, 201))
    ask(1, wire.SetSeriesState(series=1, state=wire.SeriesState.OPEN))
    ask(1, wire.HaltMarket())
    ask(1, wire.PublishFixing(index=1, day=20260101, price=2_000_000, method=1))
    assert {m["channel"] for m in messages} == {"book", "trades", "status", "fixings"}
    assert len([m for m in messages if m["channel"] == "trades"]) >= 2
    for message in messages:
        assert not names(message) & NEVER_PUBLIC, message
    assert not names(house.market.series[1].book()) & NEVER_PUBLIC
    house.close()

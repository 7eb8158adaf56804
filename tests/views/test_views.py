"""Views against the core: what is shown is what the law holds, and folds to the same again."""

from __future__ import annotations

import random

from lasalle import wire
from lasalle.institution.house import open_house
from lasalle.views import AccountsView, MarketView
from lasalle.wire import OrderType, SelfTrade, Side, TimeInForce
from tests.gateway.conftest import TICK, furnish


def busy_day(house, seed: int) -> list[tuple[wire.Header, object]]:
    """Orders, icebergs, replaces, trades and cancels on both accounts; every event told."""
    chance, told, live = random.Random(seed), [], []
    for _ in range(300):
        account = chance.choice((1, 2))
        roll = chance.random()
        if roll < 0.65 or not live:
            lots = chance.randint(1, 20)
            command = wire.PlaceOrder(
                account=account,
                series=1,
                side=chance.choice(list(Side)),
                order_type=OrderType.LIMIT,
                time_in_force=chance.choice((TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC)),
                self_trade=SelfTrade.CANCEL_NEWEST,
                price=TICK * chance.randint(195, 205),
                lots=lots,
                display_lots=chance.choice((0, 0, min(lots, 2))),
            )
        else:
            account, order = chance.choice(live)
            command = wire.CancelOrder(account=account, order=order)
            if roll < 0.85:
                price = TICK * chance.randint(195, 205)
                command = wire.ReplaceOrder(
                    account=account, order=order, price=price, lots=chance.randint(1, 9)
                )
        events = house.sequencer.submit(10 + account, command)
        for header, event in events:
            house.market.on(header, event)
            house.accounts.on(header, event)
            if isinstance(event, wire.OrderRested):
                live.append((event.account, event.order))
        told += events
    return told


def test_the_views_show_what_the_core_holds(tmp_path):
    house = open_house(tmp_path / "house")
    furnish(house)
    for seed in range(5):
        told = busy_day(house, seed)
        assert sum(isinstance(e, wire.Traded) for _, e in told) > 20
        levels: dict[tuple[Side, int], int] = {}
        orders = {}
        records = wire.read_frames(house.sequencer.core.snapshot())
        for record in (r for _, r in records if isinstance(r, wire.OrderRecord)):
            key = (record.side, record.price)
            levels[key] = levels.get(key, 0) + record.visible
            orders[record.order] = record.lots
        view = house.market.series[1]
        assert {(s, p): n for s in Side for p, n in view.levels[s].items()} == levels
        shown = {
            n: o.lots
            for a in house.accounts.accounts.values()
            for n, o in a.orders.items()
            if o.status == "live"
        }
        assert shown == orders
        positions = {
            (r.account, r.series): r.lots
            for _, r in records
            if isinstance(r, wire.PositionRecord) and r.lots
        }
        assert positions == {
            (n, s): lots
            for n, a in house.accounts.accounts.items()
            for s, lots in a.positions.items()
            if lots
        }
        assert house.accounts.open_interest[1] == sum(max(0, n) for n in positions.values())
    house.close()


def test_views_thrown_away_fold_to_the_same_again(tmp_path):
    house = open_house(tmp_path / "house")
    furnish(house)
    busy_day(house, 7)
    before = seen(house.market, house.accounts)
    house.close()
    again = open_house(tmp_path / "house")
    assert seen(again.market, again.accounts) == before
    again.close()


def seen(market: MarketView, accounts: AccountsView) -> dict[str, object]:
    return {
        "books": [v.book() for v in market.series.values()],
        "accounts": [accounts.shown(n) for n in accounts.accounts],
        "statements": [list(a.lines) for a in accounts.accounts.values()],
        "feed": list(accounts.feed),
    }

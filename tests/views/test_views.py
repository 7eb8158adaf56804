"""Views against the core: what is shown is what the law holds, and folds to the same again."""

from __future__ import annotations

import random

from lasalle import wire
from lasalle.institution.house import open_house
from lasalle.plain.margin import judge
from lasalle.plain.records import read_records
from lasalle.views import MarketView
from lasalle.views import market as market_module
from lasalle.wire import OrderType, SelfTrade, Side, TimeInForce
from tests.gateway.conftest import TICK, approved, furnish, told_to


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
    before = seen(house)
    assert before["orders"][0]
    assert before["statements"][0]
    house.close()
    kept = open_house(tmp_path / "house")
    assert any("snapshot after command" in n for n in kept.notices)
    assert seen(kept) == before
    kept.close()
    for file in (tmp_path / "house").glob("views.sqlite*"):
        file.unlink()
    anew = open_house(tmp_path / "house")
    assert not any("snapshot after command" in n for n in anew.notices), "all of it is replayed"
    assert seen(anew) == before
    anew.close()


def test_the_views_go_on_from_a_snapshot_as_if_nothing_had_happened(tmp_path):
    one, two = (open_house(tmp_path / name, lambda: 1) for name in ("one", "two"))
    for house in (one, two):
        furnish(house)
    busy_day(one, 8)
    busy_day(two, 8)
    one.close()
    one = open_house(tmp_path / "one", lambda: 1)
    told = [busy_day(house, 9) for house in (one, two)]
    assert [e for _, e in told[0]] == [e for _, e in told[1]]
    assert sum(isinstance(e, wire.Traded) for _, e in told[0]) > 20
    shown = [seen(house) for house in (one, two)]
    for key in ("books", "accounts", "orders"):
        assert shown[0][key] == shown[1][key]
    prices = [(v.reference, v.last) for house in (one, two) for v in house.market.series.values()]
    assert prices[: len(prices) // 2] == prices[len(prices) // 2 :]
    assert all(last for _, last in prices)
    one.close()
    two.close()


def seen(house) -> dict[str, object]:
    """What the house shows; the number a book's deltas go on from is the house's own affair."""
    house.history.flush()
    accounts = house.accounts
    return {
        "books": [v.book() | {"seq": 0, "time": 0} for v in house.market.series.values()],
        "trades": [
            [(h.number, e) for h, e in v.trades][-50:] for v in house.market.series.values()
        ],
        "accounts": [accounts.shown(n) for n in accounts.accounts],
        "orders": [
            [o.shown("x") for o in accounts.orders_page(n, 0, 10**6)] for n in accounts.accounts
        ],
        "statements": [accounts.statement_lines(n, 0, 10**6) for n in accounts.accounts],
        "feed": [(h.number, h.time, e) for h, e in accounts.events_after(0, 10**6)],
        "interest": dict(accounts.open_interest),
    }


def test_margin_as_it_stands_is_what_the_core_would_judge(tmp_path):
    house = open_house(tmp_path / "house", lambda: 1)
    furnish(house)
    compared = settled = unsettled = held = 0

    def compare() -> None:
        nonlocal compared, unsettled, held
        state = read_records(house.sequencer.core.snapshot())
        for number, account in state.accounts.items():
            expected = judge(state, account)
            assert house.accounts.margin(number) == expected
            assert house.accounts.margins.last_event == state.last_event
            compared += bool(expected.requirement)
            unsettled += any(p.cost != p.lots * 2_000_000 for p in account.positions.values())
            held += any(account.held.values())

    for seed in range(4):
        told = busy_day(house, 20 + seed)
        compare()
        trade = next(h.number for h, e in reversed(told) if isinstance(e, wire.Traded))
        approved(house, wire.BustTrade(trade=trade))
        compare()
        price = 1_990_000 + 10_000 * seed
        command = wire.SettleVariation(day=20260101 + seed, prices=(wire.SeriesPrice(1, price),))
        settled += any(isinstance(e, wire.VariationSettled) for _, e in told_to(house, 1, command))
        compare()
        withdrawal = wire.RequestWithdrawal(
            account=1, asset=1, amount=10_000_000, reference=f"w{seed}"
        )
        told_to(house, 11, withdrawal)
        compare()
    fees = wire.SetFees(series=1, maker_fee=1_000, taker_fee=2_000, clearing_fee=500)
    approved(house, fees)
    compare()
    assert (settled, compared > 20, unsettled > 4, held > 2) == (4, True, True, True)
    before = [house.accounts.margin(n) for n in (1, 2)]
    house.close()
    again = open_house(tmp_path / "house", lambda: 1)
    assert [again.accounts.margin(n) for n in (1, 2)] == before
    again.close()


def test_marks_transfers_and_proposals_are_shown_as_the_core_holds_them(tmp_path):
    now = 1_800_000_000 * 10**9
    house = open_house(tmp_path / "house", lambda: now)
    furnish(house)
    busy_day(house, 30)

    def compare() -> None:
        state = read_records(house.sequencer.core.snapshot())
        view, held = house.market.series[1], state.series[1]
        assert view.mark == held.mark
        assert (view.reference, view.last) == (held.reference_price, held.last_price)
        lots = {n: a.lots(1) for n, a in state.accounts.items()}
        assert {n: a.positions.get(1, 0) for n, a in house.accounts.accounts.items()} == lots
        assert house.accounts.open_interest[1] == sum(max(0, n) for n in lots.values())
        waiting = {n: (p.command, p.payload, p.due) for n, p in state.proposals.items()}
        shown = {n: (p.command, p.payload, p.due) for n, p in house.accounts.proposals.items()}
        assert shown == waiting

    compare()
    prices = (wire.SeriesPrice(1, 2_020_000),)
    told_to(house, 1, wire.SettleVariation(day=20260101, prices=prices))
    assert house.market.series[1].mark == 2_020_000
    compare()
    giver, lots = next(
        (n, a.positions[1]) for n, a in house.accounts.accounts.items() if a.positions.get(1)
    )
    part, taker = lots // abs(lots), 3 - giver
    offer = wire.OfferTransfer(
        account=giver, to_account=taker, series=1, lots=part, price=2_020_000
    )
    ((_, offered),) = told_to(house, 10 + giver, offer)
    told_to(house, 10 + taker, wire.AcceptTransfer(account=taker, offer=offered.offer))
    assert house.accounts.accounts[giver].positions.get(1, 0) == lots - part
    compare()
    halt = wire.Propose(command=wire.ResumeMarket.KIND, payload=b"")
    told_to(house, 1, wire.HaltMarket())
    told_to(house, 1, halt)
    told_to(house, 1, halt)
    assert len(house.accounts.proposals) == 2
    compare()
    told_to(house, 2, wire.Approve(proposal=min(house.accounts.proposals)))
    assert len(house.accounts.proposals) == 1
    compare()
    now += wire.Bound.CONSENT_WINDOW
    told_to(house, 0, wire.AdvanceTime())
    assert not house.accounts.proposals
    compare()
    house.close()


def test_reference_and_last_price_of_a_call_are_those_of_the_core(tmp_path):
    house = open_house(tmp_path / "house", lambda: 1_800_000_000 * 10**9)
    furnish(house)
    busy_day(house, 30)

    def compare() -> None:
        view = house.market.series[1]
        held = read_records(house.sequencer.core.snapshot()).series[1]
        assert (view.reference, view.last) == (held.reference_price, held.last_price)

    compare()
    # The reference moves to the price of an auction, and a call forgets the last trade.
    assert house.market.series[1].last
    for state in (wire.SeriesState.CLOSED, wire.SeriesState.PRE_OPEN):
        told_to(house, 1, wire.SetSeriesState(series=1, state=state))
        compare()
    assert not house.market.series[1].last
    for account, side in ((1, Side.BUY), (2, Side.SELL)):
        for number, resting in list(house.accounts.accounts[account].orders.items()):
            if resting.status == "live":
                told_to(house, 10 + account, wire.CancelOrder(account=account, order=number))
        order = wire.PlaceOrder(
            account=account, series=1, side=side, order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.GTC, self_trade=SelfTrade.CANCEL_NEWEST,
            price=2_040_000, lots=5,
        )  # fmt: skip
        told_to(house, 10 + account, order)
    told_to(house, 1, wire.SetSeriesState(series=1, state=wire.SeriesState.OPEN))
    assert house.market.series[1].reference == house.market.series[1].last == 2_040_000
    compare()
    house.close()


def test_a_busy_index_takes_no_other_ones_place(monkeypatch):
    """A fixing a day for years, and late ones besides: of the other index none is forgotten."""
    monkeypatch.setattr(market_module, "FIXINGS_KEPT", 20)
    market, number = MarketView(), 0

    def tell(event):
        nonlocal number
        number += 1
        market.on(wire.Header(0, event.KIND, 0, 0, 0, number, number, 0, 0, 0), event)

    for day in (20260101, 20260102):
        tell(wire.FixingPublished(index=2, day=day, price=5))
    for day in range(20260101, 20260129):
        tell(wire.FixingPublished(index=1, day=day, price=7))
    tell(wire.LateFixingPublished(index=1, day=20260120, price=8, method=1, inputs=bytes(32)))
    assert [f.day for f in market.fixings if f.index == 2] == [20260101, 20260102]
    of_one = [f.day for f in market.fixings if f.index == 1]
    assert len(of_one) == 20
    assert of_one == sorted(of_one)
    assert of_one[-1] == 20260128

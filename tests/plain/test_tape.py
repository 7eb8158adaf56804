"""The plain book and the plain core trade exactly what the published workloads trade."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from benches.workload import W1, W1_TAPE, W2, Operation, Tape, Workload, operations
from lasalle import wire
from lasalle.plain import House
from lasalle.plain.book import Book
from lasalle.wire import OrderType, SelfTrade, SeriesKind, SeriesState, Side, TimeInForce

PREFIX = 3_000


@dataclass
class Resting:
    order: int
    side: Side
    price: int
    lots: int


def by_book(stream):
    """Trades of a stream through the plain book alone."""
    book: Book[Resting] = Book()
    live: dict[int, Resting] = {}
    for cancel, side, lots, price, number in stream:
        if cancel:
            if number in live:
                book.remove(live.pop(number))
            continue
        taker = Resting(number, Side.SELL if side else Side.BUY, price, lots)
        other = Side.BUY if side else Side.SELL
        while taker.lots:
            maker = book.best(other)
            if maker is None or (maker.price < price if side else maker.price > price):
                break
            filled = min(taker.lots, maker.lots)
            yield maker.order, number, maker.price, filled
            taker.lots -= filled
            maker.lots -= filled
            if not maker.lots:
                book.remove(live.pop(maker.order))
        if taker.lots:
            book.append(taker)
            live[number] = taker


def by_core(stream: list[Operation]):
    """Trades of a stream through the whole core: buys on account 1, sells on account 2."""
    house, time = House(), 10**18

    def ask(actor, command):
        frame = wire.seal(
            command, house.last_number + 1, time, actor=actor, span=wire.span_of(command)
        )
        told = [e for _, e in wire.read_frames(house.take(frame))]
        refused = [e for e in told if isinstance(e, wire.Refused)]
        known = (wire.Refusal.ORDER_UNKNOWN,)
        assert all(wire.Refusal(e.refusal) in known for e in refused), refused
        return told

    def approved(command):
        (proposed,) = ask(1, wire.Propose(command=command.KIND, payload=command.pack()))
        ask(2, wire.Approve(proposal=proposed.proposal))

    ask(0, wire.Genesis(name="T", operators=(wire.ActorNumber(1), wire.ActorNumber(2))))
    for account in (1, 2):
        approved(wire.RegisterMember(member=account, name="M"))
        approved(wire.RegisterActor(registered=10 + account, member=account, roles=1))
        approved(
            wire.OpenAccount(
                account=account,
                member=account,
                account_kind=wire.AccountKind.HOUSE,
                owner=account,
                position_limit=2**21,
                order_lots_limit=100,
                order_value_limit=10**12,
            )
        )
        ask(1, wire.Deposit(account=account, asset=1, amount=10**15, reference="d"))
    ask(
        1,
        wire.ListSeries(
            series=1,
            symbol="W",
            series_kind=SeriesKind.FUTURE,
            first_month=202601,
            last_month=202601,
            hours=1,
            tick=1,
            reference_price=10_000,
            band=1_000_000,
            protection=1,
            last_trading_time=2 * 10**18,
        ),
    )
    label = wire.Scenario(wire.ScenarioKind.SCAN, 1)
    ask(1, wire.BeginMarginTable(table=1, scenarios=(label,), rows=(wire.ScanRow(1, 10_000),)))
    ask(1, wire.LoadMarginRow(table=1, series=1, mark=10_000, losses=(wire.ScenarioLoss(10),)))
    ask(1, wire.ActivateMarginTable(table=1, replaces=0))
    ask(1, wire.SetSeriesState(series=1, state=SeriesState.OPEN))
    numbers: dict[int, int] = {}
    sides: dict[int, int] = {}
    names: dict[int, int] = {}
    for cancel, side, lots, price, number in stream:
        if cancel:
            account = 1 + sides[number]
            ask(10 + account, wire.CancelOrder(account=account, order=numbers[number]))
            continue
        numbers[number], sides[number] = house.last_number + 1, side
        names[house.last_number + 1] = number
        told = ask(
            11 + side,
            wire.PlaceOrder(
                account=1 + side,
                series=1,
                side=Side.SELL if side else Side.BUY,
                order_type=OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                self_trade=SelfTrade.CANCEL_NEWEST,
                price=price,
                lots=lots,
            ),
        )
        for event in told:
            if isinstance(event, wire.Traded):
                buy, sell = names[event.buy_order], names[event.sell_order]
                maker = buy if side else sell
                yield maker, number, event.price, event.lots


@pytest.mark.slow
def test_the_plain_book_gives_the_published_tape_of_w1():
    tape = Tape()
    for trade in by_book(operations(W1)):
        tape.trade(*trade)
    assert tape.fnv == W1_TAPE


@pytest.mark.parametrize(
    "workload", [W1, W2, Workload("other", 11, 400, 10, 40)], ids=lambda w: w.name
)
def test_the_plain_core_trades_what_the_book_trades(workload):
    stream = list(operations(replace(workload, orders=PREFIX)))
    expected = list(by_book(stream))
    assert len(expected) > 300, "the prefix trades"
    assert list(by_core(stream)) == expected

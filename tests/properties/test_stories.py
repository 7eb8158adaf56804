"""What holds in every story, whatever is asked: balance, zero-sum, cover, priority, replay."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from lasalle import wire
from lasalle.plain import House
from lasalle.plain.evolve import evolve
from lasalle.plain.margin import judge
from lasalle.plain.records import write_records
from lasalle.plain.state import Place, State
from lasalle.wire import LedgerClass, SeriesState, Side
from tests.cores import built
from tests.properties.stories import Teller, market, reach

STORIES, COMMANDS = 100, 120
LEAVES_COVER_ALONE = (
    wire.PlaceOrder,
    wire.ReplaceOrder,
    wire.CancelOrder,
    wire.MassQuote,
    wire.SetMakerProtection,
    wire.EngageKillSwitch,
    wire.ReleaseKillSwitch,
    wire.SetSeriesState,
    wire.OfferTransfer,
    wire.AcceptTransfer,
    wire.RequestWithdrawal,
    wire.Deposit,
    wire.SweepAccounts,
)
"""Commands at an unchanged table and unchanged marks: who was covered stays covered."""


def covered(state: State) -> set[int]:
    """Accounts judged under the marks in force that are covered."""
    return {
        a.account for a in state.accounts.values() if not state.stale(a) and judge(state, a).covered
    }


def check(state: State) -> None:
    for asset in state.assets:
        assert sum(b for k, b in state.balances.items() if k[2] == asset) == 0
    assert state.balance(LedgerClass.SETTLEMENT) == 0
    for (class_, account, _), balance in state.balances.items():
        assert balance >= 0 or class_ not in wire.NON_NEGATIVE, (class_, account)
    for series in state.series.values():
        lots = [
            a.positions[series.series]
            for a in state.accounts.values()
            if series.series in a.positions
        ]
        assert sum(p.lots for p in lots) == 0, "positions sum to zero"
        assert sum(p.cost for p in lots) == 0, "costs sum to zero"
        book = state.books[series.series]
        bid, ask = book.best(Side.BUY), book.best(Side.SELL)
        if series.state == SeriesState.OPEN and bid and ask:
            assert bid.price < ask.price, "an open book is not crossed"
        for side in Side:
            queue = [
                (o.price * (1 if side == Side.SELL else -1), o.priority) for o in book.orders(side)
            ]
            assert queue == sorted(queue), "price first, then first come"
            assert all(0 < o.visible <= o.lots for o in book.orders(side))


def tell_story(seed: int) -> tuple[House, list[bytes], list[tuple[wire.Header, Any]]]:
    """One story with every check after every command."""
    story = market()
    house: House = story.house
    teller, told, last = Teller(seed), list(story.told), 0
    while house.last_number < len(story.frames) + COMMANDS and last < COMMANDS:
        for command, actor in teller.next():
            last += 1
            if isinstance(command, wire.Approve):
                command = wire.Approve(proposal=house.last_number)
            if isinstance(command, wire.AcceptTransfer):
                command = wire.AcceptTransfer(account=command.account, offer=house.last_number)
            before = covered(house.state)
            story.clock += 10**6
            frame = wire.seal(
                command, house.last_number + 1, story.clock, actor=actor, span=wire.span_of(command)
            )
            story.frames.append(frame)
            events = wire.read_frames(house.take(frame))
            told += events
            for header, event in events:
                teller.see(header, event)
            check(house.state)
            if isinstance(command, LEAVES_COVER_ALONE):
                fired = any(isinstance(e, wire.TransferVoided) for _, e in events)
                lost = before - covered(house.state)
                assert fired or not lost, f"{command} uncovered {lost}"
    return house, story.frames, told


@pytest.fixture(scope="module")
def reached() -> Counter[str]:
    return Counter()


@pytest.mark.parametrize("seed", range(STORIES))
def test_story(seed, reached):
    house, frames, told = tell_story(seed)
    reached += reach(told)
    for core in built():
        again = core()
        events = again.take(b"".join(frames))
        assert again.snapshot() == house.snapshot(), "neither batching nor the core matters"
        assert wire.read_frames(events) == told, "the same frames give the same events"
        assert core.restore(house.snapshot()).state_hash() == house.state_hash()
    rebuilt = State()
    for header, event in told:
        evolve(rebuilt, header.number, Place(header.cause, header.time, header.actor), event)
    rebuilt.last_number, rebuilt.last_time = house.last_number, house.last_time
    assert write_records(rebuilt) == house.snapshot(), "events alone rebuild the state"


def test_the_stories_reached_what_they_are_for(reached):
    least = {
        "traded": 1500,
        "slice_refreshed": 100,
        "order_elected": 30,
        "order_replaced": 50,
        "payment_posted": 100,
        "auction_uncrossed": 30,
        "account_refreshed": 300,
        "trade_busted": 10,
        "trade_adjusted": 10,
        "position_transferred": 3,
        "transfer_voided": 10,
        "MARGIN_SHORT": 30,
        "cancel SELF_TRADE": 100,
        "cancel FOK_UNFILLED": 30,
        "cancel MINIMUM_UNMET": 10,
        "order_reduced": 20,
        "cancel QUOTE_REPLACED": 50,
        "cancel MAKER_PROTECTION": 5,
        "cancel DEFICIT": 3,
        "POST_ONLY_CROSSES": 10,
        "PREMIUM_SHORT": 3,
    }
    missed = {name: (reached[name], n) for name, n in least.items() if reached[name] < n}
    assert not missed, f"reached too little: {missed}; all: {dict(reached)}"

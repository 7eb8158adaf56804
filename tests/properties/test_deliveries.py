"""What holds after every command of a house that delivers: no money is made, none is paid twice,
and every accelerator-hour that was owed is delivered, excused, made good, or still owed."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.plain import House
from lasalle.plain.securing import needed
from lasalle.plain.state import GUARANTEES, USD, State
from lasalle.wire import DeliveryParty, DeliveryState, LedgerClass, RemedySource
from tests.properties.wide_deliveries import DeliveryTeller

SCHEMA = Path(__file__).resolve().parents[2] / "schema" / "ledger.toml"
NEVER_BELOW = {
    LedgerClass(row["code"])
    for row in tomllib.loads(SCHEMA.read_text()).values()
    if row["non_negative"]
}
STORIES, COMMANDS = range(16, 22), 700
ORDER = [
    *(RemedySource.RECEIVABLE, RemedySource.MARGIN, RemedySource.BOND, RemedySource.CASH),
    *(RemedySource.GUARANTEE, RemedySource.INITIAL_MARGIN, RemedySource.FUND),
]
"""Sources of a remedy as the law orders them (DEL-026)."""
LEAST = {
    "delivery_made": 40,
    "delivery_metered": 12,
    "metered_final": 9,
    "receivable_paid": 9,
    "delivery_remedied": 20,
    "delivery_terminated": 2,
    "split by a seller": 1,
    "guarantee_given": 15,
    "guarantee_ended": 8,
    "source GUARANTEE": 2,
}


class Books:
    """Accelerator-hours and money of every delivery, from the events alone."""

    def __init__(self) -> None:
        self.owed: dict[int, int] = {}
        """Accelerator-hours a delivery was made for, less those that went to others."""
        self.done: Counter[int] = Counter()
        """Of them delivered, excused, made good, or owed by nobody any more."""
        self.paid: Counter[int] = Counter()
        """Micro-dollars the buyer paid that the seller has not got."""
        self.made: dict[int, wire.DeliveryMade] = {}
        self.ended: dict[int, wire.DeliveryEnd] = {}
        self.parts = 0
        """Accelerator-hours of a delivery that was cut and that no part has taken up."""

    def see_delivery_made(self, event: wire.DeliveryMade) -> None:
        if self.parts:
            self.parts -= event.lots * event.hours
        self.made[event.delivery] = event
        self.owed[event.delivery] = event.lots * event.hours

    def see_delivery_terminated(self, event: wire.DeliveryTerminated) -> None:
        made = self.made[event.delivery]
        if event.hours:
            before, self.owed[event.delivery] = self.owed[event.delivery], made.lots * event.hours
            if event.party != DeliveryParty.NOBODY:
                self.parts = before - self.owed[event.delivery]

    def see_metered_final(self, event: wire.MeteredFinal) -> None:
        self.done[event.delivery] -= event.missing

    def see_delivery_metered(self, event: wire.DeliveryMetered) -> None:
        self.done[event.delivery] += self.made[event.delivery].lots * event.hours

    def see_delivery_remedied(self, event: wire.DeliveryRemedied) -> None:
        self.done[event.delivery] += event.units

    def see_delivery_paid(self, event: wire.DeliveryPaid) -> None:
        self.paid[event.delivery] += event.amount

    def see_receivable_paid(self, event: wire.ReceivablePaid) -> None:
        self.paid[event.delivery] -= event.amount

    def see_remedy_paid(self, event: wire.RemedyPaid) -> None:
        if event.source == RemedySource.RECEIVABLE:
            self.paid[event.delivery] -= event.amount

    def see_delivery_ended(self, event: wire.DeliveryEnded) -> None:
        number = event.delivery
        assert number not in self.ended, "a delivery ends once"
        self.ended[number] = event.reason
        if event.reason == wire.DeliveryEnd.SPLIT:
            self.parts = self.owed[number]
        assert not self.paid[number], "nothing is kept of a delivery that ended"
        if event.reason in (wire.DeliveryEnd.DELIVERED, wire.DeliveryEnd.REMEDIED):
            assert self.done[number] == self.owed[number], "all that was owed was delivered"

    def check(self, state: State) -> None:
        """The events and the state say the same."""
        assert not self.parts, "the parts of a delivery are the whole of it"
        for number, delivery in state.owed.deliveries.items():
            waiting = sum(m.amount for m in state.owed.open_metered(number))
            assert self.paid[number] == delivery.held + waiting >= 0, "what is kept is paid once"
            assert delivery.final_hours <= delivery.metered_hours <= delivery.hours
            assert 0 <= delivery.missing <= delivery.lots * delivery.hours
            if delivery.missing:
                assert delivery.due, "what is missing is made good in time, or by itself"


def check_ledger(state: State) -> None:
    """All balances of an asset add up to nothing, and none is below zero that may not be."""
    total: Counter[int] = Counter()
    kept: Counter[int] = Counter()
    for (class_, account, asset), balance in state.balances.items():
        total[asset] += balance
        assert balance >= 0 or class_ not in NEVER_BELOW, (class_, account, balance)
        if class_ == LedgerClass.DELIVERY_RECEIVABLE and asset == USD:
            kept[account] += balance
    assert not any(total.values()), "what one account pays another receives"
    for delivery in state.owed.deliveries.values():
        kept[delivery.account] -= delivery.held
    for metered in state.owed.metered.values():
        kept[state.owed.deliveries[metered.delivery].account] -= metered.amount
    assert not any(kept.values()), "the receivables are those of the deliveries"


def check_guarantees(state: State) -> None:
    """What an account has set aside as guarantees is what its guarantees hold, and none that holds
    nothing, or whose time is over, stands."""
    held: Counter[int] = Counter()
    for one in state.owed.guarantees.values():
        assert one.amount > 0
        assert one.until > state.last_time
        held[one.account] += one.amount
    for number in state.accounts:
        assert held[number] == state.balance(LedgerClass.GUARANTEE, number), number


def remedies_in(told: list[Any]) -> Iterator[list[Any]]:
    """What guarantees gave and sources paid, remedy by remedy."""
    found: list[Any] = []
    for event in told:
        if isinstance(event, wire.DeliveryRemedied):
            yield found
            found = []
        elif isinstance(event, wire.RemedyPaid | wire.GuaranteePaid):
            found.append(event)
    yield found


def check_order(state: State, told: list[Any]) -> None:
    """Sources of a remedy pay in their order, and guarantees have nothing left where one behind
    them pays."""
    paid = {event.source: event for event in told if isinstance(event, wire.RemedyPaid)}
    if state.behaviour < GUARANTEES or not paid:
        return
    assert [s for s in ORDER if s in paid] == list(paid), "sources pay in their order"
    account = next(iter(paid.values())).account
    if RemedySource.INITIAL_MARGIN in paid or RemedySource.FUND in paid:
        assert not state.owed.guarantees_for(account), "a guarantee pays before margin of positions"
    given = [event for event in told if isinstance(event, wire.GuaranteePaid)]
    numbers = [event.guarantee for event in given]
    assert numbers == sorted(numbers), "the oldest guarantee pays first"
    said = paid.get(RemedySource.GUARANTEE)
    assert sum(event.amount for event in given) == (said.amount if said else 0)


def check_set_aside(state: State, accounts: set[int]) -> None:
    """Nobody has more set aside in margin than its deliveries need, where it has none in a bond."""
    for number in accounts:
        margin = state.balance(LedgerClass.DELIVERY_MARGIN, number)
        bond = state.balance(LedgerClass.PERFORMANCE_BOND, number)
        assert margin <= max(0, needed(state, number) - bond), number


def tell(seed: int) -> Counter[str]:
    house, teller, books = House(), DeliveryTeller(seed), Books()
    counts: Counter[str] = Counter()

    def ask(command: Any, actor: int) -> None:
        teller.clock += 1_000_000
        number = house.last_number + 1
        frame = wire.seal(command, number, teller.clock, actor=actor, span=wire.span_of(command))
        before = {a: needed(house.state, a) for a in house.state.accounts}
        touched: set[int] = set()
        sold: set[int] = set()
        events = wire.read_frames(house.take(frame))
        teller.number = number
        for header, event in events:
            counts[event.NAME] += 1
            see = getattr(books, "see_" + event.NAME, None)
            if see is not None:
                see(event)
            if isinstance(event, wire.DeliveryTransferred):
                made = books.made[event.delivery]
                if event.account == made.account and event.to_account != made.buyer:
                    sold.add(made.buyer)
            if isinstance(event, wire.RemedyPaid):
                counts["source " + event.source.name] += 1
            if isinstance(event, wire.DeliveryMarginMoved):
                touched.add(event.account)
            teller.see(header, event)
        if house.state.name:
            check_ledger(house.state)
            check_guarantees(house.state)
        for told in remedies_in([event for _, event in events]):
            check_order(house.state, told)
        books.check(house.state)
        check_set_aside(house.state, touched)
        for buyer in sold:
            counts["split by a seller"] += 1
            assert needed(house.state, buyer) <= before[buyer], "a seller's split locks no cash"

    for command, actor in teller.opening():
        for asked, who in teller.sealed(command, actor):
            ask(asked, who)
    while sum(counts.values()) < 3 * COMMANDS:
        for command, actor in teller.next():
            ask(command, actor)
    for number, delivery in house.state.owed.deliveries.items():
        failed = delivery.state == DeliveryState.FAILED
        assert (delivery.failed != DeliveryParty.NOBODY) == failed, number
    return counts


@pytest.fixture(scope="module")
def reached() -> Counter[str]:
    return Counter()


@pytest.mark.rule("DEL-024")
@pytest.mark.parametrize("seed", STORIES)
def test_every_hour_and_every_dollar_of_a_delivery_is_accounted_for(seed, reached):
    reached += tell(seed)


def test_the_deliveries_reached_what_they_are_for(reached):
    missed = {name: (reached[name], n) for name, n in LEAST.items() if reached[name] < n}
    assert not missed, f"reached too little: {missed}"

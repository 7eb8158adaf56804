"""Cover that was bought: offered again where the offer was lost, closed where nobody took it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.contracts import day_number
from lasalle.institution.cover_round import Offers
from lasalle.institution.delivery_round import DeliveryDesk, RemedyAccount
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    DAY,
    DESK,
    FIRST,
    HOUR,
    OTHER,
    PRICE,
    SECOND,
    DeliveryVenue,
)
from lasalle.wire import Side
from tests.institution.test_delivery_round import HOUSE, desk_of, named, run, running, short_by

COVER = 420_000


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[DeliveryVenue]:
    found = DeliveryVenue.open(tmp_path / "house")
    yield found
    found.close()


def bought(venue: DeliveryVenue, lots: int = 2) -> tuple[int, str]:
    """A delivery that lacks so many lots, for which cover is on offer; its number and the block."""
    desk = desk_of(venue)
    number = running(venue, desk)
    short_by(venue, number, 24 * lots)
    symbol = venue.series[-1].symbol
    venue.order(OTHER, symbol, Side.SELL, lots, COVER)
    return number, symbol


def held(venue: DeliveryVenue, account: int, symbol: str) -> int:
    return int(venue.house.accounts.accounts[account].positions.get(venue.number(symbol), 0))


def decline(venue: DeliveryVenue, told: list[Any]) -> None:
    for offer in named(told, wire.TransferOffered):
        venue.ask(10 + BUYER, wire.WithdrawOffer(account=BUYER, offer=offer.offer))


@pytest.mark.rule("DEL-062")
@pytest.mark.parametrize("steps", range(5))
def test_killed_between_any_two_commands_cover_is_offered_exactly_once(
    tmp_path: Path, steps: int
) -> None:
    """Order, proposal, approval, offer: the desk is stopped after so many of them."""
    venue = DeliveryVenue.open(tmp_path / "house")
    _, symbol = bought(venue)
    desk, told = desk_of(venue), list[Any]()
    for _ in range(steps):
        (asked, *_) = desk.due(venue.clock.now)
        told += venue.ask(asked.actor, asked.command)
        desk = desk_of(venue)
    venue.house.release()
    again = DeliveryVenue.open(tmp_path / "house")
    try:
        told += run(again, desk_of(again))
        assert len(named(told, wire.Traded)) == len(named(told, wire.DeliveryRemedied)) == 1
        (offer,) = named(told, wire.TransferOffered)
        assert (offer.to_account, offer.lots, offer.price) == (BUYER, 2, COVER)
        again.ask(10 + BUYER, wire.AcceptTransfer(account=BUYER, offer=offer.offer))
        assert (held(again, BUYER, symbol), held(again, DESK, symbol)) == (2, 0)
        assert run(again, desk_of(again)) == []
    finally:
        again.close()


@pytest.mark.rule("DEL-062")
def test_what_was_booked_is_offered_once_while_the_rest_is_still_looked_for(
    venue: DeliveryVenue,
) -> None:
    """A desk of its own for each command, as if each were killed after one."""

    def run_killed() -> list[Any]:
        told = list[Any]()
        while stage := desk_of(venue).due(venue.clock.now):
            told += venue.ask(stage[0].actor, stage[0].command)
        return told

    number = running(venue, desk_of(venue))
    short_by(venue, number, 72)
    symbol = venue.series[-1].symbol
    for lots, price in ((1, COVER), (1, COVER)):
        venue.order(OTHER, symbol, Side.SELL, lots, price)
        told = run_killed()
        (booked,) = named(told, wire.DeliveryRemedied)
        (offer,) = named(told, wire.TransferOffered)
        assert (booked.units, booked.in_cash) == (24, False)
        assert (offer.to_account, offer.lots, offer.price) == (BUYER, 1, COVER)
    assert venue.house.accounts.margins.owed.deliveries[number].missing == 24
    # What was declined is sold back, and what was bought and waits for its remedy is not.
    venue.ask(10 + BUYER, wire.WithdrawOffer(account=BUYER, offer=offer.offer))
    venue.order(BUYER, symbol, Side.BUY, 1, 400_000)
    assert [t.price for t in named(run_killed(), wire.Traded)] == [400_000]
    assert (held(venue, DESK, symbol), run_killed()) == (1, [])


@pytest.mark.rule("DEL-071")
def test_no_order_that_closes_cover_pauses_a_series(venue: DeliveryVenue) -> None:
    _, symbol = bought(venue, 1)
    desk = desk_of(venue)
    decline(venue, run(venue, desk))
    # Cover was bought at 0.42, a tenth below which is 0.378; the limit is 0.30.
    venue.order(BUYER, symbol, Side.BUY, 1, 370_000)
    assert run(venue, desk) == []
    assert "nobody is in the book for it within limit and band" in desk.said()
    venue.order(BUYER, symbol, Side.BUY, 1, 400_000)
    venue.order(OTHER, symbol, Side.SELL, 1, 400_000)
    told = run(venue, desk)
    assert [t.price for t in named(told, wire.Traded)] == [370_000]
    assert held(venue, DESK, symbol) == 0


@pytest.mark.rule("DEL-062")
def test_without_a_second_actor_cover_is_offered_once_a_person_approved(
    venue: DeliveryVenue,
) -> None:
    bought(venue)
    desk = DeliveryDesk(venue.house.views, FIRST, 0, HOUSE)
    told = run(venue, desk)
    (proposed,) = named(told, wire.Proposed)
    assert named(told, wire.TransferOffered) == []
    venue.ask(SECOND, wire.Approve(proposal=proposed.proposal))
    assert len(named(run(venue, desk), wire.TransferOffered)) == 1


@pytest.mark.rule("DEL-071")
def test_cover_that_is_declined_is_sold_back_and_the_difference_is_the_remedy_accounts(
    venue: DeliveryVenue,
) -> None:
    _, symbol = bought(venue)
    desk = desk_of(venue)
    decline(venue, run(venue, desk))
    # A bid below the limit, cash at the index less the factor, is no bid.
    venue.order(BUYER, symbol, Side.BUY, 5, PRICE * 3 // 4 - 1_000)
    assert run(venue, desk) == []
    assert "nobody is in the book for it within limit and band" in desk.said()
    venue.order(OTHER, symbol, Side.BUY, 1, 390_000)
    (first,) = named(run(venue, desk), wire.Traded)
    assert (first.sell_account, first.lots, first.price) == (DESK, 1, 390_000)
    # Another desk, as after a kill, sells what is left and no more.
    venue.order(OTHER, symbol, Side.BUY, 9, 385_000)
    (second,) = named(run(venue, desk_of(venue)), wire.Traded)
    assert (second.lots, held(venue, DESK, symbol)) == (1, 0)
    assert run(venue, desk_of(venue)) == []
    # What the two lots brought less than they cost, booked by the next variation settlement.
    before = {account: venue.cash(account) for account in (BUYER, OTHER, DESK)}
    prices = tuple(
        wire.SeriesPrice(n, view.mark)
        for n, view in venue.house.market.series.items()
        if view.state == wire.SeriesState.OPEN
    )
    settled = wire.SettleVariation(day=day_number(DAY), prices=prices)
    venue.ask(FIRST, settled)
    assert venue.cash(DESK) - before[DESK] == 24 * (390_000 + 385_000 - 2 * COVER)
    assert venue.cash(BUYER) == before[BUYER], "who declined was paid, and pays nothing back"


@pytest.mark.rule("DEL-071")
def test_cover_that_lapses_is_sold_back_as_well(venue: DeliveryVenue) -> None:
    _, symbol = bought(venue, 1)
    desk = desk_of(venue)
    run(venue, desk)
    venue.order(OTHER, symbol, Side.BUY, 1, 390_000)
    assert run(venue, desk) == [], "the buyer has a day to take it"
    (ended,) = named(venue.until(venue.clock.now + 24 * HOUR), wire.OfferEnded)
    assert ended.reason == wire.OfferEnd.LAPSED
    (sold,) = named(run(venue, desk), wire.Traded)
    assert (sold.sell_account, sold.price, held(venue, DESK, symbol)) == (DESK, 390_000, 0)


@pytest.mark.rule("DEL-071")
def test_cover_that_came_too_late_to_be_booked_is_closed_and_not_offered(
    venue: DeliveryVenue,
) -> None:
    number, symbol = bought(venue, 1)
    (order,) = desk_of(venue).due(venue.clock.now)
    venue.ask(order.actor, order.command)
    # The desk is gone for a day: the law pays in cash by itself.
    told = venue.until(venue.clock.now + 24 * HOUR)
    (cash,) = named(told, wire.DeliveryRemedied)
    assert (cash.delivery, cash.in_cash) == (number, True)
    venue.order(OTHER, symbol, Side.BUY, 1, 400_000)
    late = run(venue, desk_of(venue))
    assert named(late, wire.TransferOffered) == []
    assert [t.price for t in named(late, wire.Traded)] == [400_000]
    assert held(venue, DESK, symbol) == 0


@pytest.mark.rule("DEL-071")
def test_what_a_person_moved_by_hand_is_left_alone(venue: DeliveryVenue) -> None:
    _, symbol = bought(venue, 1)
    desk = desk_of(venue)
    decline(venue, run(venue, desk))
    venue.order(OTHER, symbol, Side.BUY, 3, 395_000)
    venue.order(DESK, symbol, Side.SELL, 1, 395_000)
    assert held(venue, DESK, symbol) == 0
    assert run(venue, desk) == []


@pytest.mark.rule("DEL-071")
def test_of_cover_that_a_person_moved_in_part_the_rest_is_left_alone(venue: DeliveryVenue) -> None:
    _, symbol = bought(venue, 2)
    desk = desk_of(venue)
    decline(venue, run(venue, desk))
    venue.order(OTHER, symbol, Side.BUY, 3, 395_000)
    venue.order(DESK, symbol, Side.SELL, 1, 395_000)
    assert held(venue, DESK, symbol) == 1
    assert run(venue, desk) == [], "closing two lots of one would leave the account short"


@pytest.mark.rule("DEL-062")
@pytest.mark.rule("DEL-071")
def test_what_the_remedy_account_went_without_itself_it_keeps(venue: DeliveryVenue) -> None:
    _, symbol = bought(venue, 2)
    desk = desk_of(venue, RemedyAccount(BUYER, 10 + BUYER))
    told = run(venue, desk)
    assert len(named(told, wire.DeliveryRemedied)) == 1
    assert named(told, wire.TransferOffered) == [], "nobody offers a position to itself"
    venue.order(OTHER, symbol, Side.BUY, 3, 395_000)
    assert run(venue, desk) == []
    assert held(venue, BUYER, symbol) == 2


@pytest.mark.rule("DEL-062")
def test_offers_are_read_page_by_page(
    venue: DeliveryVenue, monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(venue)
    run(venue, desk_of(venue))
    monkeypatch.setattr("lasalle.institution.cover_round.A_PAGE", 7)
    offers, pages = Offers(DESK, 0), 1
    while not offers.read(venue.house.accounts):
        pages += 1
    assert (len(offers.found()), pages > 5) == (1, True)
    assert offers.read(venue.house.accounts)

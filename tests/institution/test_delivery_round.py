"""The desk of deliveries: pairing on the last trading day, and what is missing made good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.contracts.catalogue import load_standards
from lasalle.contracts.listing import find_terms
from lasalle.contracts.symbols import parse_symbol
from lasalle.delivery.desk_terms import DeskTermsWrong, load_desk_terms, read_desk_terms
from lasalle.delivery.replacement import Book, Fill, covered, limit_of, unbooked, wanted
from lasalle.institution import delivery_round
from lasalle.institution.delivery_round import (
    DeliveryDesk,
    RemedyAccount,
    RemedyWrong,
    read_remedy,
)
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    DESK,
    FIRST,
    HOUR,
    OTHER,
    PRICE,
    SECOND,
    SUPPLIER,
    DeliveryVenue,
)
from lasalle.wire import DeliveryState, Side
from tests.institution.delivery_world import owned, traded

HOUSE = RemedyAccount(DESK, 10 + DESK)
EVIDENCE = b"\x01" * 32


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[DeliveryVenue]:
    found = DeliveryVenue.open(tmp_path / "house")
    yield found
    found.close()


def desk_of(venue: DeliveryVenue, remedy: RemedyAccount | None = HOUSE) -> DeliveryDesk:
    return DeliveryDesk(venue.house.views, FIRST, SECOND, remedy)


def run(venue: DeliveryVenue, desk: DeliveryDesk) -> list[Any]:
    """Everything the desk has to do now; the events."""
    told = []
    while stage := desk.due(venue.clock.now):
        for asked in stage:
            told += venue.ask(asked.actor, asked.command)
    return told


def closed(venue: DeliveryVenue, lots: int = 100) -> int:
    """A position whose trading ended; the series."""
    series = venue.number(traded(venue, lots))
    venue.clock.to(venue.series[0].last_trading_time)
    venue.ask(FIRST, wire.SetSeriesState(series=series, state=wire.SeriesState.CLOSED))
    return series


def delivery(venue: DeliveryVenue) -> Any:
    (found,) = venue.house.accounts.margins.owed.deliveries.values()
    return found


def running(venue: DeliveryVenue, desk: DeliveryDesk, lots: int = 100) -> int:
    closed(venue, lots)
    run(venue, desk)
    number = delivery(venue).delivery
    for account in (SUPPLIER, BUYER):
        nominated = wire.NominateDelivery(account=account, delivery=number, nomination=EVIDENCE)
        venue.ask(10 + account, nominated)
    tender = wire.TenderDelivery(
        account=SUPPLIER, delivery=number, quality=10_000, evidence=EVIDENCE
    )
    venue.ask(10 + SUPPLIER, tender)
    venue.until(delivery(venue).starts + 2 * HOUR)
    assert delivery(venue).state == DeliveryState.RUNNING
    return int(number)


def short_by(venue: DeliveryVenue, number: int, units: int) -> None:
    """The first hour is metered that much short, and final."""
    metered = wire.MeterDelivery(delivery=number, hours=1, units=100 - units, evidence=EVIDENCE)
    venue.ask(FIRST, metered)
    venue.until(venue.clock.now + 24 * HOUR)
    assert delivery(venue).missing == units


def named(events: list[Any], kind: Any) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


@pytest.mark.rule("DEL-020")
@pytest.mark.rule("DEL-061")
def test_a_series_turns_into_deliveries_on_its_last_trading_day(venue: DeliveryVenue) -> None:
    desk = desk_of(venue)
    assert run(venue, desk) == []
    closed(venue)
    (begun,) = named(run(venue, desk), wire.DeliveryBegun)
    terms = load_desk_terms()
    last = venue.series[0].last_trading_time
    assert begun.starts - begun.nomination_lead == last + terms.nominations_hours * HOUR
    # No fixing above the mark; half of it is the worst move by the table; a tenth the penalty.
    assert begun.seller_margin == PRICE // 2 + PRICE // 10
    assert (begun.penalty, begun.cash_factor, begun.contingent) == (1_000, 2_500, False)
    assert (delivery(venue).account, delivery(venue).buyer) == (SUPPLIER, BUYER)
    assert run(venue, desk) == []
    assert desk.said() == ""


@pytest.mark.rule("DEL-061")
def test_a_desk_that_comes_late_leaves_an_hour_and_one_too_late_says_so(
    venue: DeliveryVenue,
) -> None:
    desk = desk_of(venue)
    series = closed(venue)
    venue.clock.to(venue.series[0].last_trading_time + 20 * HOUR)
    (begun,) = named(run(venue, desk), wire.DeliveryBegun)
    assert begun.starts - begun.nomination_lead == venue.clock.now + HOUR
    other = venue.series[1].symbol
    venue.ask(FIRST, wire.SetSeriesState(series=series + 1, state=wire.SeriesState.CLOSED))
    venue.clock.to(venue.series[1].period_ends - 24 * HOUR)
    assert run(venue, desk) == []
    assert f"{other} (its block begins before nominations can be due" in desk.said()


def peak_from(venue: DeliveryVenue, first: int) -> Callable[[str], Any]:
    """Terms of symbols, where blocks from a place of the strip on are of peak hours."""
    peak = find_terms(parse_symbol("H100.FUEP-2026-07-20"))
    symbols = {terms.symbol for terms in venue.series[first:]}
    return lambda symbol: peak if symbol in symbols else find_terms(parse_symbol(symbol))


@pytest.mark.rule("DEL-061")
def test_a_block_of_peak_hours_is_left_to_operators(
    venue: DeliveryVenue, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(venue)
    closed(venue)
    monkeypatch.setattr(delivery_round, "standard_terms", peak_from(venue, 0))
    assert run(venue, desk) == []
    assert "its hours are not one after the other; two operators end it (DEL-061)" in desk.said()


@pytest.mark.rule("DEL-063")
@pytest.mark.parametrize("first", [0, 1])
def test_blocks_of_peak_hours_replace_and_are_replaced_by_none(
    venue: DeliveryVenue, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    desk = desk_of(venue)
    number = running(venue, desk)
    short_by(venue, number, 50)
    venue.order(OTHER, venue.series[-1].symbol, Side.SELL, 5, 420_000)
    monkeypatch.setattr(delivery_round, "standard_terms", peak_from(venue, first))
    (cash,) = named(run(venue, desk), wire.DeliveryRemedied)
    assert (cash.units, cash.in_cash) == (50, True)


@pytest.mark.rule("DEL-026")
@pytest.mark.parametrize("product", ["work-forward-firm", "work-forward-contingent"])
def test_the_sheet_says_what_a_remedy_costs(product: str) -> None:
    """Its words are those of the terms the desk begins a delivery on: a tenth of the contract
    price, and a quarter above the fixing."""
    (standard,) = load_standards("TSTD", (product,))
    remedy = standard.terms["clauses"]["remedy"]
    assert (remedy["penalty"], load_desk_terms().cash_factor) == (1_000, 2_500)
    assert "plus 10 % of the contract price" in remedy["says"]
    assert "the last fixing of the index a quarter above it" in remedy["says"]


@pytest.mark.rule("DEL-061")
def test_without_a_second_actor_a_person_approves(venue: DeliveryVenue) -> None:
    desk = DeliveryDesk(venue.house.views, FIRST)
    closed(venue)
    (proposed,) = run(venue, desk)
    assert f"proposal {proposed.proposal} waits for a second actor" in desk.said()
    venue.ask(SECOND, wire.Approve(proposal=proposed.proposal))
    assert delivery(venue).lots == 100


@pytest.mark.rule("DEL-062")
@pytest.mark.rule("DEL-063")
def test_missing_units_are_bought_booked_and_offered_to_who_went_without(
    venue: DeliveryVenue,
) -> None:
    desk = desk_of(venue)
    number = running(venue, desk)
    later = venue.series[-1].symbol
    short_by(venue, number, 50)
    # Two lots of 24 units can be had, the second dearer; two units are less than a lot.
    venue.order(OTHER, later, Side.SELL, 1, 420_000)
    venue.order(OTHER, later, Side.SELL, 5, 438_000)
    before = owned(venue, BUYER)
    told = run(venue, desk)
    assert owned(venue, BUYER) - before == sum(r.cost for r in named(told, wire.DeliveryRemedied))
    assert [(t.lots, t.price) for t in named(told, wire.Traded)] == [(1, 420_000), (1, 438_000)]
    bought, cash = named(told, wire.DeliveryRemedied)
    assert (bought.units, bought.cover_price, bought.in_cash) == (48, 429_000, False)
    assert bought.cost == 48 * (429_000 - PRICE + PRICE // 10)
    assert (cash.units, cash.cover_price, cash.in_cash) == (2, PRICE * 5 // 4, True)
    assert [p.source.name for p in named(told, wire.RemedyPaid)] == ["RECEIVABLE", "RECEIVABLE"]
    offers = named(told, wire.TransferOffered)
    assert [(o.to_account, o.lots, o.price) for o in offers] == [
        (BUYER, 1, 420_000), (BUYER, 1, 438_000)
    ]  # fmt: skip
    for offer in offers:
        venue.ask(10 + BUYER, wire.AcceptTransfer(account=BUYER, offer=offer.offer))
    positions = venue.house.accounts.accounts
    assert positions[BUYER].positions[venue.number(later)] == 2
    assert positions[DESK].positions[venue.number(later)] == 0
    assert run(venue, desk) == []


@pytest.mark.rule("DEL-063")
@pytest.mark.rule("DEL-064")
def test_what_is_dearer_than_cash_is_not_bought_and_cash_waits_for_the_window(
    venue: DeliveryVenue,
) -> None:
    desk = desk_of(venue)
    number = running(venue, desk)
    short_by(venue, number, 100)
    venue.order(OTHER, venue.series[-1].symbol, Side.SELL, 5, PRICE * 5 // 4 + 1_000)
    assert run(venue, desk) == [], "an hour in which somebody may still sell"
    venue.clock.to(venue.clock.now + load_desk_terms().window)
    (cash,) = named(run(venue, desk), wire.DeliveryRemedied)
    assert (cash.units, cash.in_cash, cash.unpaid) == (100, True, 0)
    assert delivery(venue).missing == 0


@pytest.mark.rule("DEL-064")
def test_a_house_without_a_remedy_account_pays_in_cash_at_once(venue: DeliveryVenue) -> None:
    desk = desk_of(venue, None)
    number = running(venue, desk)
    short_by(venue, number, 10)
    (cash,) = named(run(venue, desk), wire.DeliveryRemedied)
    assert (cash.units, cash.in_cash) == (10, True)


@pytest.mark.rule("DEL-065")
def test_of_a_buyer_that_fails_the_hours_are_sold(venue: DeliveryVenue) -> None:
    desk = desk_of(venue)
    closed(venue, 2)
    run(venue, desk)
    number = delivery(venue).delivery
    venue.ask(10 + SUPPLIER, wire.NominateDelivery(
        account=SUPPLIER, delivery=number, nomination=EVIDENCE))  # fmt: skip
    (failed,) = named(venue.until(delivery(venue).due), wire.DeliveryFailed)
    assert (failed.party, failed.missing) == (wire.DeliveryParty.BUYER, 48)
    later = venue.series[-1].symbol
    venue.order(OTHER, later, Side.BUY, 3, 370_000)
    told = run(venue, desk)
    (sold,) = named(told, wire.DeliveryRemedied)
    assert (sold.account, sold.units, sold.cover_price) == (BUYER, 48, 370_000)
    assert sold.cost == 48 * (PRICE - 370_000 + PRICE // 10)
    (offer,) = named(told, wire.TransferOffered)
    assert (offer.to_account, offer.lots) == (SUPPLIER, -2)


@pytest.mark.rule("DEL-063")
def test_a_desk_that_was_stopped_after_buying_books_what_it_bought(tmp_path: Path) -> None:
    venue = DeliveryVenue.open(tmp_path / "house")
    desk = desk_of(venue)
    number = running(venue, desk)
    short_by(venue, number, 48)
    venue.order(OTHER, venue.series[-1].symbol, Side.SELL, 5, 420_000)
    (order,) = desk.due(venue.clock.now)
    venue.ask(order.actor, order.command)
    venue.house.release()
    again = DeliveryVenue.open(tmp_path / "house")
    try:
        told = run(again, desk_of(again))
        assert named(told, wire.Traded) == [], "what was bought before is not bought again"
        (bought,) = named(told, wire.DeliveryRemedied)
        assert (bought.units, bought.cover_price) == (48, 420_000)
    finally:
        again.close()


def book(levels: dict[int, int], begins: int = 1, units: int = 24) -> Book:
    return Book(begins, f"B{begins}", begins, units, 1_000, levels)


@pytest.mark.rule("DEL-063")
def test_the_soonest_block_is_bought_as_far_as_the_limit_goes() -> None:
    near, far = book({500: 1}, 1), book({400: 3, 450: 2}, 2)
    found = wanted(100, [far, near], 480, buys=True)
    assert (found.symbol, found.lots, found.limit) == ("B2", 4, 450)
    found = wanted(100, [far, near], 500, buys=True)
    assert (found.symbol, found.lots, found.limit) == ("B1", 1, 500)
    assert wanted(23, [near, far], 900, buys=True) is None
    sold = wanted(60, [book({300: 1, 280: 9})], 290, buys=False)
    assert (sold.lots, sold.limit) == (1, 300)
    assert (limit_of(400_001, 2_500, buys=True), limit_of(400_001, 2_500, buys=False)) == (
        500_001, 300_000,
    )  # fmt: skip


@pytest.mark.rule("DEL-063")
def test_fills_are_booked_in_the_order_of_their_trades_and_rounded_against_who_failed() -> None:
    fills = [Fill(9, 1, 1, 101, 24), Fill(3, 1, 2, 100, 24)]
    assert unbooked(fills, 0) == (fills[1], fills[0])
    assert unbooked(fills, 48) == (fills[0],)
    assert unbooked(fills, 72) == ()
    assert covered(fills, 500, buys=True).price == 101
    assert covered(fills, 500, buys=False).price == 100
    assert covered([], 500, buys=True) is None


@pytest.mark.rule("DEL-061")
def test_terms_and_files_that_are_wrong_are_refused(tmp_path: Path) -> None:
    good = {n: getattr(load_desk_terms(), n) for n in load_desk_terms().__slots__}
    for changed, why in (
        ({"grace_minutes": -1}, "grace_minutes: expected 0"),
        ({"window_minutes": 1_440}, "so that a remedy is booked in time"),
        ({"other": 1}, "terms: expected"),
    ):
        with pytest.raises(DeskTermsWrong, match=why):
            read_desk_terms({**good, **changed})
    assert read_remedy(tmp_path) is None
    path = tmp_path / "remedy.toml"
    for text, why in (
        ("account = 4", "expected account and actor"),
        ('account = "4"\nactor = 14', "account: expected its number"),
        ("account =", "expected TOML"),
    ):
        path.write_text(text)
        with pytest.raises(RemedyWrong, match=why):
            read_remedy(tmp_path)
    path.write_text("account = 4\nactor = 14")
    assert read_remedy(tmp_path) == HOUSE

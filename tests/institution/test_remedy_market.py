"""The market in which the remedy desk buys: its reach, and blocks that open again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.delivery.desk_terms import load_desk_terms
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    DAY,
    FIRST,
    OTHER,
    PRICE,
    DeliveryVenue,
    StepRefused,
)
from lasalle.wire import Side
from tests.institution.test_delivery_round import delivery, desk_of, named, run, running, short_by


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[DeliveryVenue]:
    found = DeliveryVenue.open(tmp_path / "house")
    yield found
    found.close()


def states(events: list[Any]) -> list[wire.SeriesState]:
    return [event.state for event in named(events, wire.SeriesStateChanged)]


@pytest.mark.rule("DEL-063")
def test_no_order_of_the_desk_pauses_a_series_and_what_is_out_of_reach_is_bought_later(
    venue: DeliveryVenue,
) -> None:
    desk = desk_of(venue)
    number = running(venue, desk)
    short_by(venue, number, 24)
    symbol = venue.series[-1].symbol
    # A tenth of 0.40 is the pause range; the limit is 0.50.
    venue.order(OTHER, symbol, Side.SELL, 1, 441_000)
    assert run(venue, desk) == []
    assert venue.house.market.by_symbol[symbol].state == wire.SeriesState.OPEN
    # Others trade at 0.401, a tenth above which is 0.4411.
    venue.order(OTHER, symbol, Side.SELL, 1, 401_000)
    venue.order(BUYER, symbol, Side.BUY, 1, 401_000)
    told = run(venue, desk)
    assert ([t.price for t in named(told, wire.Traded)], states(told)) == ([441_000], [])
    assert delivery(venue).missing == 0


@pytest.mark.rule("DEL-063")
def test_a_better_price_that_is_out_of_reach_is_left_with_what_lies_behind_it(
    venue: DeliveryVenue,
) -> None:
    desk = desk_of(venue)
    number = running(venue, desk)
    short_by(venue, number, 24)
    symbol = venue.series[-1].symbol
    venue.order(OTHER, symbol, Side.SELL, 1, 359_000)
    venue.order(OTHER, symbol, Side.SELL, 1, 400_000)
    assert run(venue, desk) == []
    order = venue.order(BUYER, symbol, Side.BUY, 1, 400_000)
    assert states(order) == [wire.SeriesState.PAUSED], "as the desk's would have"


@pytest.mark.rule("DEL-063")
def test_an_order_is_within_the_band(venue: DeliveryVenue) -> None:
    symbol = venue.series[-1].symbol
    view = venue.house.market.by_symbol[symbol]
    venue.order(OTHER, symbol, Side.SELL, 1, 400_000)
    venue.order(OTHER, symbol, Side.SELL, 1, 440_000)
    venue.order(OTHER, symbol, Side.SELL, 1, 441_000)
    assert view.reachable(Side.SELL) == {400_000: 1, 440_000: 1}
    # Trades lead 0.08, 0.088, 0.095 above: the band of three tenths ends at 0.52 all the same.
    for price in (400_000, 440_000, 441_000, 485_000, 520_000):
        if price > 441_000:
            venue.order(OTHER, symbol, Side.SELL, 1, price)
        venue.order(BUYER, symbol, Side.BUY, 1, price)
    assert (view.last, view.reference) == (520_000, 400_000)
    venue.order(OTHER, symbol, Side.SELL, 1, 521_000)
    assert view.reachable(Side.SELL) == {}
    with pytest.raises(StepRefused, match="EXC-007"):
        venue.order(BUYER, symbol, Side.BUY, 1, 521_000)


def trading(venue: DeliveryVenue) -> list[int]:
    """Blocks whose trading has not ended."""
    ahead = [t.symbol for t in venue.series if t.last_trading_time > venue.clock.now]
    return [venue.number(symbol) for symbol in ahead]


@pytest.mark.rule("DEL-064")
@pytest.mark.parametrize("state", [wire.SeriesState.PAUSED, wire.SeriesState.CLOSED])
def test_a_market_that_opens_again_within_the_window_is_waited_for(
    venue: DeliveryVenue, state: wire.SeriesState
) -> None:
    desk = desk_of(venue)
    number = running(venue, desk)
    short_by(venue, number, 24)
    blocks = trading(venue)
    for series in blocks:
        venue.ask(FIRST, wire.SetSeriesState(series=series, state=state))
    assert run(venue, desk) == [], "nothing is paid in cash while a block may open again"
    if state == wire.SeriesState.CLOSED:
        for series in blocks:
            venue.ask(FIRST, wire.SetSeriesState(series=series, state=wire.SeriesState.PRE_OPEN))
        assert run(venue, desk) == []
    venue.order(OTHER, venue.series[-1].symbol, Side.SELL, 1, 420_000)
    assert run(venue, desk) == [], "no order of the desk waits for an auction"
    for series in blocks:
        venue.ask(FIRST, wire.SetSeriesState(series=series, state=wire.SeriesState.OPEN))
    (bought,) = named(run(venue, desk), wire.DeliveryRemedied)
    assert (bought.units, bought.cover_price, bought.in_cash) == (24, 420_000, False)


@pytest.mark.rule("DEL-064")
def test_a_paused_market_does_not_lengthen_the_window(venue: DeliveryVenue) -> None:
    desk = desk_of(venue)
    number = running(venue, desk)
    short_by(venue, number, 24)
    for series in trading(venue):
        venue.ask(FIRST, wire.SetSeriesState(series=series, state=wire.SeriesState.PAUSED))
    venue.clock.to(venue.clock.now + load_desk_terms().window)
    (cash,) = named(run(venue, desk), wire.DeliveryRemedied)
    assert (cash.units, cash.in_cash) == (24, True)


@pytest.mark.rule("DEL-064")
def test_where_no_block_of_the_product_trades_any_more_cash_is_paid_at_once(
    venue: DeliveryVenue,
) -> None:
    venue.series = venue.series[-1:]
    desk = desk_of(venue)
    number = running(venue, desk)
    short_by(venue, number, 24)
    venue.fix(DAY + timedelta(days=10), PRICE)
    (cash,) = named(run(venue, desk), wire.DeliveryRemedied)
    assert (cash.units, cash.in_cash) == (24, True)

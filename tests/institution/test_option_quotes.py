"""The books of listed options give the volatility their quotes were made with."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lasalle import wire
from lasalle.contracts import Month, day_number
from lasalle.indices import fixing_history, simulated_history
from lasalle.indices.family import implied_volatility, recompute
from lasalle.institution.demo import maker_quotes
from lasalle.institution.estimates import estimate
from lasalle.institution.families import OptionsListed, load_families
from lasalle.institution.option_quotes import ListedOption, month_quotes, option_quotes
from lasalle.pricing import CurveAssumptions, CurveModel, average_option, average_terms
from lasalle.views import MarketView
from lasalle.wire import Header, SeriesKind, Side

DAY = date(2026, 3, 12)
MONTHS = (Month(2026, 3), Month(2026, 4), Month(2026, 5))
TICK = 1_000


def market(volatility: float, missing: date | None = None) -> MarketView:
    """A house with options of three months quoted two ticks wide around their value."""
    stated = CurveAssumptions(long_share=1.0, risk_premium=0.0)
    model = CurveModel(DAY, 0.0, math.log(2.5), volatility, 100, stated)
    fixings = {DAY - timedelta(days=n): 2_500_000 for n in range(12)}
    view, number = MarketView(), 0

    def tell(event: wire.SeriesListed | wire.FixingPublished) -> None:
        nonlocal number
        number += 1
        view.on(Header(0, event.KIND, 0, 0, 0, number, number, 0, 0, 0), event)

    for day, price in sorted(fixings.items()):
        if day != missing:
            tell(wire.FixingPublished(index=1, day=day_number(day), price=price))
    for month in MONTHS:
        terms = average_terms(model, fixings, month)
        for strike in range(1_000_000, 6_000_000, 50_000):
            for kind in (SeriesKind.CALL, SeriesKind.PUT):
                tell(
                    wire.SeriesListed(
                        series=number + 1,
                        symbol=f"{month}-{kind.name}-{strike}",
                        series_kind=kind,
                        index=1,
                        first_month=month.number,
                        last_month=month.number,
                        tick=TICK,
                        strike=strike,
                    )
                )
                value = average_option(kind is SeriesKind.CALL, terms, strike / 1e6)[0]
                ticks = round(value * 1e6 / TICK)
                series = view.series[number]
                series.change(Side.SELL, (ticks + 1) * TICK, 1)
                series.change(Side.SELL, (ticks + 9) * TICK, 1)
                if ticks > 1:
                    series.change(Side.BUY, (ticks - 1) * TICK, 1)
    return view


@pytest.mark.parametrize("volatility", [0.3, 0.6])
def test_books_give_the_volatility_of_their_quotes(volatility: float) -> None:
    quotes = option_quotes(market(volatility), 1, DAY)
    assert [month.month for month in quotes] == [202603, 202604, 202605]
    assert quotes[0].known == 12 * 2_500_000
    found = implied_volatility("H100-US-IV30", 20260312, quotes)
    assert recompute(found.inputs) == found
    assert found.value == pytest.approx(10_000 * volatility, abs=100)


def test_a_month_without_one_of_its_fixings_is_left_out() -> None:
    quotes = option_quotes(market(0.3, missing=date(2026, 3, 5)), 1, DAY)
    assert [month.month for month in quotes] == [202604, 202605]
    assert option_quotes(market(0.3), 2, DAY) == []
    assert [m.month for m in option_quotes(market(0.3), 1, date(2026, 4, 30))] == [202605]


def test_the_strikes_a_demonstration_lists_give_an_implied_volatility() -> None:
    """From the maker's own quotes of its first evening, on made-up fixings; three strikes of each
    month, as it lists further out, give none.
    """
    family = load_families()[0]
    fixings = list(fixing_history(simulated_history(5, date(2025, 1, 1), DAY), DAY))
    prices = {f.day: f.price_micro_dollars for f in fixings}
    assert (family.options.near, family.options.near_strikes) == (3, 13)

    def implied(options: OptionsListed) -> tuple[int | None, int, float]:
        known = [(replace(family, options=options), fixings)]
        made = estimate(DAY, known, [], int(datetime(2026, 3, 13, tzinfo=UTC).timestamp()) * 10**9)
        listed = [t for one in made.families for t in one.listing if t.is_option]
        symbols = {t.symbol for t in listed}
        quoted = {q.symbol: q for q in maker_quotes(made, {}, symbols)}
        books = [
            ListedOption(
                t.months[0],
                t.strike_micro_dollars,
                t.kind is SeriesKind.CALL,
                quoted[t.symbol].bid_price,
                quoted[t.symbol].ask_price,
            )
            for t in listed
        ]
        found = implied_volatility("H100-US-IV30", 20260312, month_quotes(books, prices, DAY))
        return found.value, len(listed), made.families[0].model.volatility

    value, many, volatility = implied(family.options)
    assert many == 3 * 13 * 2 + 3 * 3 * 2 + 12 * 2
    assert value is not None
    # Moves revert in the model: over thirty days it lies below the volatility of a day.
    assert 0.4 * volatility < value / 10_000 < 1.1 * volatility
    none, few, _ = implied(OptionsListed(months=6, strikes=3))
    assert (none, few) == (None, 6 * 3 * 2)

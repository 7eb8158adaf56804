"""Contracts the day's desk does not list: what settles of them, and when the core lets it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import pairwise

import pytest

from lasalle import wire
from lasalle.contracts import Month, find_terms, parse_symbol
from lasalle.exchange import list_series, load_listing_terms
from lasalle.indices import FixingError, final_price, method_of
from lasalle.institution import demo
from lasalle.institution.house import open_house
from lasalle.institution.running import found_demo
from lasalle.institution.waiting import final_of
from lasalle.venue import verify
from lasalle.wire import Refusal, ScenarioKind
from lasalle.wire import SeriesState as S
from tests.institution.test_day import Clock, at

MARCH = tuple(date(2026, 3, 1) + timedelta(days=n) for n in range(31))
H100 = {day: 6_000_000 + 7_001 * day.day for day in MARCH}
H200 = {day: 6_400_000 + 3_003 * (day.day % 7) for day in MARCH}
NUMBERS = {name: method_of(name).number for name in ("H100-US", "H200-US")}
BASIS, WEEK, CAPPED = (
    "H200.GH100-2026-03",
    "H100.W-2026W13-5.000_8.000",
    "H100.W-2026W13-4.000_6.000",
)
LAB, FUND = 2, 3


class Floor:
    """A founded house in which an operator lists three series and members trade them."""

    def __init__(self, folder, behaviour=wire.SCHEMA_VERSION) -> None:
        self.clock = Clock("2026-03-27T12:00")
        self.house = open_house(folder, self.clock)
        found_demo(self.house)
        self.numbers = {symbol: n + 1 for n, symbol in enumerate((BASIS, WEEK, CAPPED))}
        for symbol, number in self.numbers.items():
            terms = find_terms(parse_symbol(symbol))
            rules = replace(load_listing_terms("linear"), group=9)
            listed = partial(list_series, behaviour=behaviour)
            self.must(demo.FIRST, listed(terms, number, self.price(symbol), rules, NUMBERS))
        self.margin()
        for symbol, number in self.numbers.items():
            self.must(demo.FIRST, wire.SetSeriesState(series=number, state=S.OPEN))
            self.trade(symbol)

    def price(self, symbol):
        return 50_400_000 if symbol == BASIS else 6_000_000

    def must(self, actor, command):
        told = self.house.ask(actor, command)
        refused = [e for _, e in told if isinstance(e, wire.Refused)]
        assert not refused, (command, refused)
        return told

    def margin(self):
        """A table of one historical and one stress column."""
        kinds = (ScenarioKind.HISTORICAL, ScenarioKind.STRESS)
        columns = tuple(wire.Scenario(kind, 0) for kind in kinds)
        self.must(demo.FIRST, wire.BeginMarginTable(table=1, scenarios=columns, rows=()))
        for symbol, number in self.numbers.items():
            row = wire.LoadMarginRow(
                table=1, series=number, mark=self.price(symbol), liquidity=1, concentration_lots=9,
                concentration=1, delta=1, vega=0, losses=(wire.ScenarioLoss(10**8),) * 2,
            )  # fmt: skip
            self.must(demo.FIRST, row)
        self.must(demo.FIRST, wire.ActivateMarginTable(table=1, replaces=0))

    def trade(self, symbol):
        for account, side in ((FUND, wire.Side.SELL), (LAB, wire.Side.BUY)):
            order = wire.PlaceOrder(
                account=account, series=self.numbers[symbol], side=side,
                order_type=wire.OrderType.LIMIT, time_in_force=wire.TimeInForce.GTC,
                self_trade=wire.SelfTrade.CANCEL_NEWEST, price=self.price(symbol), lots=4,
            )  # fmt: skip
            told = self.must(account + 10, order)
        assert any(isinstance(e, wire.Traded) for _, e in told)

    def publish(self, until):
        for day in MARCH:
            number = day.year * 10_000 + day.month * 100 + day.day
            if day > until or number <= max((f.day for f in self.house.market.fixings), default=0):
                continue
            for name, prices in (("H100-US", H100), ("H200-US", H200)):
                fixing = wire.PublishFixing(
                    index=NUMBERS[name], day=number, price=prices[day], method=2, inputs=bytes(32)
                )
                self.must(demo.FIRST, fixing)

    def settle(self, symbol):
        """The final the fixings give, through four eyes: its refusal, or nothing."""
        view = self.house.market.by_symbol[symbol]
        if view.state != S.CLOSED:
            closed = wire.SetSeriesState(series=view.terms.series, state=S.CLOSED)
            self.must(demo.FIRST, closed)
        known = {NUMBERS["H100-US"]: H100, NUMBERS["H200-US"]: H200}
        final = final_of(view.terms.series, view, known)
        command = wire.Propose(command=final.KIND, payload=final.pack())
        told = self.house.ask(demo.FIRST, command)
        if isinstance(told[-1][1], wire.Proposed):
            told = self.house.ask(demo.SECOND, wire.Approve(proposal=told[-1][1].proposal))
        refusals = [wire.Refusal(e.refusal) for _, e in told if isinstance(e, wire.Refused)]
        return final, refusals[0] if refusals else None


@pytest.mark.rule("CLR-016")
def test_a_week_settles_once_it_is_over_and_no_hour_earlier(tmp_path) -> None:
    floor = Floor(tmp_path)
    week = Fraction(sum(H100[day] for day in MARCH[22:29]), 7)
    assert floor.house.market.by_symbol[WEEK].terms.period_ends == at("2026-03-30T00:00")
    assert floor.house.market.by_symbol[BASIS].terms.period_ends == 0, "a whole month needs none"
    floor.clock.now = at("2026-03-29T23:59")
    floor.publish(MARCH[28])
    early, refusal = floor.settle(WEEK)
    assert refusal is Refusal.TRADING_NOT_ENDED
    floor.clock.now = at("2026-03-30T00:31")
    final, refusal = floor.settle(WEEK)
    assert refusal is None
    assert final == early
    assert (final.price, final.month, final.hours) == (round(week), 202603, 168)
    assert floor.house.market.by_symbol[WEEK].state == S.EXPIRED
    assert floor.settle(BASIS)[1] is Refusal.TRADING_NOT_ENDED
    floor.house.close()
    assert not verify(tmp_path).faults


def test_a_basis_and_a_week_of_an_older_law_settle_once_their_month_is_over(tmp_path) -> None:
    floor = Floor(tmp_path, behaviour=2)
    house, cash = floor.house, 100_000_000 * demo.DOLLAR
    floor.clock.now = at("2026-03-30T12:00")
    floor.publish(MARCH[28])
    _, refusal = floor.settle(WEEK)
    assert refusal is Refusal.MONTH_NOT_OVER, "its week ended, the month it ends in has not"
    floor.clock.now = at("2026-04-01T12:00")
    floor.publish(MARCH[-1])
    week = Fraction(sum(H100[day] for day in MARCH[22:29]), 7)
    basis = 50_000_000 + Fraction(sum(H200.values()) - sum(H100.values()), 31)
    finals = {}
    for symbol in (WEEK, CAPPED, BASIS):
        final, refusal = floor.settle(symbol)
        assert refusal is None
        finals[symbol] = final
        assert house.market.by_symbol[symbol].state == S.EXPIRED
    assert finals[WEEK].price == round(week)
    assert finals[CAPPED].price == 6_000_000 < week, "nobody gains more than the cap"
    assert finals[BASIS].price == round(basis)
    assert [finals[s].hours for s in (WEEK, CAPPED, BASIS)] == [168, 168, 744]
    gains = sum((finals[s].price - floor.price(s)) * 4 * finals[s].hours for s in finals)
    fees = 3 * 4 * (100_000 + 50_000)
    assert house.accounts.accounts[LAB].balances[wire.LedgerClass.CASH, 1] == cash + gains - fees
    assert not house.accounts.accounts[LAB].positions
    house.close()
    assert not verify(tmp_path).faults


def test_a_basis_is_bounded_and_a_missing_date_is_named() -> None:
    terms, month = find_terms(parse_symbol(BASIS)), Month(2026, 3)
    far = {"H200-US": dict.fromkeys(MARCH, 1), "H100-US": dict.fromkeys(MARCH, 60_000_000)}
    assert final_price(terms, month, far).price_micro_dollars == 1_000
    far["H200-US"] = dict.fromkeys(MARCH, 120_000_000)
    assert final_price(terms, month, far).price_micro_dollars == 100_000_000
    del far["H100-US"][MARCH[4]]
    with pytest.raises(FixingError, match="31 dates, found 'none for 2026-03-05'"):
        final_price(terms, month, far)


def test_a_variance_is_the_sum_of_squared_moves_of_its_month() -> None:
    """Beside floats; a missing date adds nothing and its move counts with the next; at most 100."""
    variance, month = find_terms(parse_symbol("H100.V-2026-03")), Month(2026, 3)
    prices = {day: 2_500_000 + 40_000 * (n * n % 13) for n, day in enumerate(MARCH)}
    prices[date(2026, 2, 27)] = 2_700_000
    del prices[MARCH[4]]
    logs = [math.log(prices[day]) for day in sorted(prices)]
    squares = math.fsum((b - a) ** 2 for a, b in pairwise(logs))
    found = final_price(variance, month, {"H100-US": prices})
    assert float(found.exact_micro_dollars) == pytest.approx(3.65e9 / 31 * squares, rel=1e-12)
    assert found.price_micro_dollars == round(found.exact_micro_dollars) > 1_000_000
    still = dict.fromkeys([date(2026, 2, 28), *MARCH], 2_500_000)
    assert final_price(variance, month, {"H100-US": still}).price_micro_dollars == 0
    wild = still | {MARCH[9]: 90_000_000, MARCH[10]: 1}
    assert final_price(variance, month, {"H100-US": wild}).price_micro_dollars == 100_000_000


@pytest.mark.rule("IDX-027")
@pytest.mark.parametrize("days", [MARCH, [date(2026, 2, 28)], [], [date(2026, 2, 28), *MARCH[7:]]])
def test_a_variance_without_two_ends_or_four_fifths_is_refused(days) -> None:
    variance = find_terms(parse_symbol("H100.V-2026-03"))
    with pytest.raises(FixingError, match="one of H100-US before 2026-03-01"):
        final_price(variance, Month(2026, 3), {"H100-US": dict.fromkeys(days, 2_500_000)})


def test_what_settles_on_no_index_is_refused() -> None:
    basket = find_terms(parse_symbol("H100.D-2026-03"))
    with pytest.raises(FixingError, match=r"a series on averages or .* found 'BASKET'"):
        final_price(basket, Month(2026, 3), {"H100-US": H100})

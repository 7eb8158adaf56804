"""The board of a served house, read as anyone reads it: books, margin table, curve, fixings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lasalle.clearing import published
from lasalle.client import Asking
from lasalle.contracts import Month, month_strip
from lasalle.exchange import load_schedule
from lasalle.hedging.plan.board import tradable
from lasalle.hedging.plan.instruments import Kind, Level
from lasalle.hedging.plan.market import Market
from lasalle.hedging.plan.need import NeedError, horizon, read_need
from lasalle.hedging.plan.orders import orders
from lasalle.hedging.plan.page import page
from lasalle.hedging.plan.planning import make_plan
from lasalle.hedging.plan.telling import told, value
from lasalle.indices import fixing_history, simulated_history
from lasalle.institution.asked_fixings import asked_fixings
from lasalle.institution.demo import maker_quotes
from lasalle.institution.estimates import Estimate, estimate
from lasalle.institution.families import load_families
from lasalle.institution.hedge_market import served_market

DAY = date(2026, 3, 12)
CALLS = """name = "Calls"
grade = "H100"
location = "US"
[amount]
accelerator_hours = 400_000
[start]
earliest = 2026-08-01
latest = 2026-10-31
run_days = 30
[budget]
cash_dollars = 100_000
"""
NOW = 1_773_360_000 * 10**9


@cache
def believed() -> Estimate:
    """What a house believes on an evening."""
    known = list(fixing_history(simulated_history(5, date(2025, 1, 1), DAY), DAY))
    return estimate(DAY, [(load_families()[0], known)], [], NOW)


@dataclass
class House:
    """Answers by path; `closed` is a series whose book is closed, `unlisted` has no margin row; all
    series are in the `state` of the market.
    """

    made: Estimate
    closed: str = ""
    state: str = "open"
    status: dict[str, Any] = field(default_factory=dict)
    unlisted: str = ""
    fixed: bool = True

    def __post_init__(self) -> None:
        self.terms = [one for family in self.made.families for one in family.listing]
        quoted = maker_quotes(self.made, {}, {one.symbol for one in self.terms})
        self.quoted = {one.symbol: one for one in quoted}
        self.asked: list[str] = []

    def ask(self, asking: Asking[Any]) -> Any:
        self.asked.append(asking.path)
        path = asking.path.split("?")[0]
        if path.endswith("/book"):
            return self.book(path.split("/")[-2])
        return {
            "/v1/series": self.series,
            "/v1/curves/H100-US": self.curve,
            "/v1/margin/tables/current": self.table,
            "/v1/fixings": self.fixings,
            "/v1/status": lambda: {"real": [], "simulated": "all of it", **self.status},
        }[path]()

    def series(self) -> list[Any]:
        return [
            SimpleNamespace(
                symbol=one.symbol,
                index=1,
                index_name="H100-US",
                state="closed" if one.symbol == self.closed else self.state,
                taker_fee="0.30",
                clearing_fee="0.20",
            )
            for one in self.terms
        ]

    def curve(self) -> dict[str, Any]:
        future = {one.symbol: one for one in self.terms}
        months = [
            {"month": month.number, "forward_micro_dollars": self.made.marks[f"H100-{month}"]}
            for month in month_strip(DAY + timedelta(days=1), 24)
            if f"H100-{month}" in future
        ]
        return {"day": DAY.isoformat(), "months": months}

    def table(self) -> dict[str, Any]:
        told = published(self.made.table, 7, self.terms).told()
        told["series"] = [row for row in told["series"] if row["symbol"] != self.unlisted]
        return told

    def book(self, symbol: str) -> Any:
        one = self.quoted[symbol]

        def side(price: int, lots: int) -> list[Any]:
            return [SimpleNamespace(price=f"{price / 1e6:.6f}", lots=lots)] if lots else []

        return SimpleNamespace(
            bids=side(one.bid_price, one.bid_lots), asks=side(one.ask_price, one.ask_lots)
        )

    def fixings(self) -> list[Any]:
        if not self.fixed:
            return []
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(71)]
        gap = date(2026, 2, 1)
        return [
            SimpleNamespace(index=1, day=int(f"{day:%Y%m%d}"), price=f"{2 + day.day / 100:.6f}")
            for day in reversed(days)
            if day != gap
        ] + [SimpleNamespace(index=2, day=20260101, price="9.0")]


def months(day: date) -> Sequence[Month]:
    """A year from a day on."""
    return month_strip(day, 12)


def board(house: House, location: str = "US") -> Market:
    """What a plan sees of it."""
    return served_market(house.ask, "H100", location, months)


def test_books_margin_and_fees_are_those_of_the_house() -> None:
    """Each series of the months wanted, at its own quotes, with margin and fees a lot."""
    house = House(believed())
    market = board(house)
    assert market.day == DAY
    assert len(market.board) > 20
    kinds = {one.terms.kind for one in market.board}
    assert len(kinds) >= 3
    wanted = set(months(DAY))
    for one in market.board:
        quote = house.quoted[one.terms.symbol]
        assert set(one.terms.months) <= wanted
        assert one.asks[0].price == pytest.approx(quote.ask_price / 1e6)
        assert one.asks[0].lots == quote.ask_lots
        assert one.fee == pytest.approx(0.5)
        assert one.margin_short > 0
    assert market.curve[Month(2026, 5)] == house.made.marks["H100-2026-05"] / 1e6
    assert any("real: nothing; simulated: all of it" in line for line in market.said)
    # A book is asked of a series that can serve, and of no other.
    assert sum(path.split("?")[0].endswith("/book") for path in house.asked) == len(market.board)


def test_what_is_closed_or_without_margin_is_left_out() -> None:
    """Nothing can be bought in the one, and nothing is known of the other."""
    whole = {one.terms.symbol for one in board(House(believed())).board}
    some = board(House(believed(), closed="H100-2026-05", unlisted="H100-2026-06")).board
    assert whole - {one.terms.symbol for one in some} == {"H100-2026-05", "H100-2026-06"}


@pytest.mark.parametrize(
    ("state", "halted", "said"),
    [
        ("closed", False, "found it shut at 00:27 UTC by the house's clock; it opens at 00:40 UTC"),
        ("pre_open", False, "found it in its opening auction at 00:27 UTC"),
        ("closed", True, "found it halted by the house's operators"),
    ],
)
def test_a_market_that_is_shut_is_said_to_be(state: str, halted: bool, said: str) -> None:
    """With when it opens, by the day the house tells; no book is asked for."""
    schedule = load_schedule("demonstration").said()
    at = int(datetime(2026, 3, 13, 0, 27, tzinfo=UTC).timestamp()) * 10**9
    told = {"schedule": schedule, "venue_time": at, "halted": halted}
    house = House(believed(), state=state, status=told)
    with pytest.raises(ValueError, match=said) as refused:
        board(house)
    assert halted or schedule in str(refused.value)
    assert not any(path.split("?")[0].endswith("/book") for path in house.asked)


def test_scenarios_stray_as_far_as_calls_are_quoted() -> None:
    """The maker has seen more than the log tells: what its calls are quoted at is read from them,
    month by month, and a plan moves by that unless its need says otherwise; both are told.
    """
    house = House(believed())
    market = board(house)
    of_maker, fitted = house.made.families[0].model.volatility, market.law.volatility
    assert len(market.implied) >= 9
    assert all(one.volatility == pytest.approx(of_maker, rel=0.08) for one in market.implied)
    assert market.quoted == pytest.approx(of_maker, rel=0.02)
    assert abs(of_maker / fitted - 1) > 0.2, "two numbers"
    need = read_need(CALLS, "need.toml")
    plan = make_plan(need, market, {}, count=400, points=0)
    assert plan.swing.apart
    assert plan.drawn.law.volatility == pytest.approx(market.quoted)
    assert plan.market.law == plan.drawn.law
    other = read_need(f'volatility = "fitted"\n{CALLS}', "need.toml")
    calm = make_plan(other, market, {}, count=400, points=0, ask_aside=False)
    assert calm.drawn.law == market.law
    rates = f"{market.quoted:.0%}", f"{fitted:.0%}"
    for shown in (told(plan), page(plan, b"drawn").decode(), told(calm)):
        assert all(rate in shown for rate in rates)
    row = plan.changes[1]
    assert row.assumption == f"volatility as fitted to what was seen, {fitted:.0%} a year"
    # The same draws of the same law: the row is what a need that says so would see.
    assert row.shortfall_bare == pytest.approx(calm.bare.shortfall_95)
    found = value(plan)["volatility"]
    assert found["taken"] == "quoted"
    assert found["scenarios"] == found["quoted"] == market.quoted
    within = {one["month"]: one["scenarios"] / one["quoted"] for one in found["by_month"]}
    assert min(within.values()) > 0.85
    assert max(within.values()) < 1.15
    # By how much its calls are quoted above what they are worth where prices move as was seen.
    bought = [one for one in plan.legs if one.instrument.kind is Kind.CALL]
    assert bought, "a plan that buys calls"
    gap = found["calls_quoted_above_the_other_dollars"]
    assert np.sign(gap) == np.sign(market.quoted - fitted)
    assert f"{abs(gap) / 1e6:,.2f} million USD" in told(plan)


def test_a_volatility_that_nobody_quotes_is_not_taken() -> None:
    """Without a call quoted on both sides scenarios move as was seen, and say so; a need that asks
    for what calls are quoted at is refused.
    """
    market = board(House(believed()))
    bare = replace(market, implied=())
    need = read_need(CALLS, "need.toml")
    plan = make_plan(need, bare, {}, count=300, points=0, ask_aside=False)
    assert plan.drawn.law == market.law
    assert "No call is quoted on both sides today" in told(plan)
    asked = read_need(f'volatility = "quoted"\n{CALLS}', "need.toml")
    with pytest.raises(ValueError, match="volatility: expected a call quoted on both sides"):
        make_plan(asked, bare, {}, count=300, points=0)
    with pytest.raises(NeedError, match="volatility: expected one of quoted, fitted, found 'wild'"):
        read_need(f'volatility = "wild"\n{CALLS}', "need.toml")


@pytest.mark.parametrize(
    ("grade", "location", "said"),
    [
        ("Z1", "US", "grade: expected a family the house lists, H100; found Z1"),
        ("H100", "Mars", "location: expected one of US, found Mars"),
    ],
)
def test_a_grade_or_place_without_an_index_is_refused(
    grade: str, location: str, said: str
) -> None:
    """By name, with what there is."""
    with pytest.raises(ValueError, match=said):
        served_market(House(believed()).ask, grade, location, months)


def test_fixings_are_read_whole_and_a_missing_date_is_as_the_last() -> None:
    """Exact to the micro-dollar, of one index; none at all is refused."""
    found = asked_fixings(House(believed()).ask, 1)
    assert (len(found), found[date(2026, 1, 31)]) == (71, 2_310_000)
    assert found[date(2026, 2, 1)] == found[date(2026, 1, 31)]
    with pytest.raises(ValueError, match="fixings: expected some of index 1, found none"):
        asked_fixings(House(believed(), fixed=False).ask, 1)


def test_orders_walk_the_levels_of_the_served_book() -> None:
    """Every level of a live book is a step of the ladder, at its own lots; beyond the last the
    impact of the need; lots are whole and within its position limit; an order's limit is the level
    it reaches, and what it says is shown there is.
    """

    @dataclass
    class Deep(House):
        def book(self, symbol: str) -> Any:
            one = self.quoted[symbol]
            tick = self.quoted[symbol].ask_price / 1e6
            asks = [SimpleNamespace(price=f"{tick + n / 100:.6f}", lots=40 + n) for n in range(4)]
            bids = super().book(symbol).bids if one.bid_lots else []
            return SimpleNamespace(bids=bids, asks=asks if one.ask_lots else [])

    house = Deep(believed())
    market = board(house)
    text = (
        'name = "Walk"\ngrade = "H100"\nlocation = "US"\n[amount]\naccelerator_hours = 400_000\n'
        "[start]\nearliest = 2026-08-01\nlatest = 2026-08-31\nrun_days = 30\n"
        "[trade]\nmost_lots = 300\nimpact = 0.2\nmost_legs = 3\n"
    )
    need = read_need(text, "need.toml")
    need_months = horizon(need, market.day)
    instruments, _ = tradable(need, need_months, market.board, {})
    by_symbol = {one.terms.symbol: one for one in market.board}
    for one in instruments:
        live = by_symbol[one.symbol].asks
        assert [level.lots for level in live] == [40, 41, 42, 43]
        assert one.asks[:4] == live
        beyond = one.asks[4:]
        assert sum(level.lots for level in one.asks) == one.most_lots == 300
        assert beyond[0].price > live[-1].price
        # Half a depth of 166 lots on, at the price of its middle.
        assert beyond[0] == Level(live[-1].price * (1 + 0.2 * 0.25), 83)
    plan = make_plan(need, market, {}, count=300, points=0, ask_aside=False)
    sent, _ = orders(plan)
    deep = [one for one in sent if one.lots > 41]
    assert deep, "an order that walks"
    for one in sent:
        live, left, worst = by_symbol[one.symbol].asks, one.lots, 0.0
        for level in live:
            if left > 0:
                worst, left = level.price, left - int(level.lots)
        assert one.limit_price == pytest.approx(worst * 1e6, abs=1_000)
        assert one.shown == min(one.lots, 166)
        assert one.lots <= 300
    leg = max(plan.legs, key=lambda one: one.lots)
    left, paid = leg.lots, 0.0
    for level in leg.instrument.asks:
        taken = min(left, level.lots)
        paid, left = paid + taken * level.price * leg.instrument.lot_hours, left - taken
    assert leg.trading == pytest.approx(paid + leg.lots * leg.instrument.fee)

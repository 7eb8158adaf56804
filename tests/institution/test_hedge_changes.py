"""What is said beside a plan: what would change it, where on its frontier it lies, how far its
scenarios stray beside what calls are quoted at.
"""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import numpy as np
import pytest

from lasalle.hedging.plan import changes, expected_shortfall
from lasalle.hedging.plan.frontier_words import cheaper_point, frontier_words
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.optimiser import Infeasible
from lasalle.hedging.plan.orders import orders
from lasalle.hedging.plan.page import page
from lasalle.hedging.plan.plainly import limit_words
from lasalle.hedging.plan.planning import make_plan
from lasalle.hedging.plan.telling import told
from lasalle.indices import Fixing, fixing_history, simulated_history
from lasalle.institution.hedge_market import modelled_market
from tests.institution.hedge_needs import DAY, NEED

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)


@pytest.fixture(scope="module")
def fixings() -> list[Fixing]:
    """A made-up index."""
    return list(fixing_history(simulated_history(7, FIRST, LAST), LAST))


def test_what_would_change_a_plan_is_told_beside_the_plan_itself(fixings: list[Fixing]) -> None:
    """The first row is the plan's own lots over its own draws: what its figures say, at the level
    of the need and not at 95 %; the rows after it have no more legs than the plan may have.
    """
    need = read_need(NEED.replace("level = 0.95", "level = 0.8"), "need.toml")
    market = modelled_market(DAY, fixings, horizon(need, DAY))
    made = make_plan(need, market, {}, count=200, seed=5, points=0)
    same = made.changes[0]
    assert same.assumption == "as planned"
    assert same.shortfall_bare == pytest.approx(expected_shortfall(made.costs_bare, 0.8))
    assert same.shortfall_bare < 0.99 * made.bare.shortfall_95, "the levels differ"
    assert same.shortfall == pytest.approx(made.hedge.shortfall)
    assert same.added == pytest.approx(made.hedged.mean - made.bare.mean)
    assert sum(same.lots.values()) == pytest.approx(made.hedge.lots.sum())
    assert len(made.changes) == 6
    row = f"costs {same.added / 1e6:,.2f} on average, CVaR 80 % falls by"
    for shown in (told(made), page(made, b"drawn").decode()):
        assert row in shown


def test_an_assumption_that_admits_no_plan_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, fixings: list[Fixing]
) -> None:
    """The plan stands; the row says that no position keeps the limits."""
    need = read_need(NEED, "need.toml")
    market = modelled_market(DAY, fixings, horizon(need, DAY))
    few_legs = changes.few_legs

    def refused(need: Any, *rest: Any) -> Any:
        if need.budget.cash_dollars < 8_000_000:
            raise Infeasible("limits")
        return few_legs(need, *rest)

    monkeypatch.setattr(changes, "few_legs", refused)
    made = make_plan(need, market, {}, count=200, points=0)
    assert [one.assumption for one in made.changes if not one.lots] == ["half the cash for margin"]
    assert "no position keeps the limits" in told(made)


def test_where_on_its_frontier_a_plan_lies_is_said_and_the_cheaper_point_can_be_asked_for(
    fixings: list[Fixing],
) -> None:
    """The dear end of it, in words; the bound that is named makes about the plan that is told,
    which says that the bound ends it.
    """
    need = read_need(NEED, "need.toml")
    market = modelled_market(DAY, fixings, horizon(need, DAY))
    made = make_plan(need, market, {}, count=300, points=5, ask_aside=False)
    point, last = cheaper_point(made), made.frontier[-1]
    assert point is not None
    assert point.mean < last.mean
    [said] = frontier_words(made)
    assert "lies at the dear end" in said
    assert f"{(last.mean - point.mean) / 1e6:,.2f} million USD less on average" in said
    asked = float(said.split("budget.mean_dollars = ")[1].split()[0])
    bounded = changes.replace_budget(need, mean_dollars=asked)
    found = make_plan(bounded, market, {}, count=300, points=5, ask_aside=False)
    assert found.hedge.mean <= asked + 1
    assert found.hedge.shortfall == pytest.approx(point.shortfall, rel=5e-3)
    assert "lies where budget.mean_dollars ends it" in frontier_words(found)[0]
    for shown in (told(made), page(made, b"drawn").decode()):
        assert said in html.unescape(shown)
    risk = msgspec.structs.replace(need.risk, mean_weight=2.0)
    weighed = replace(made, need=msgspec.structs.replace(need, risk=risk))
    assert "the last dollar added on average takes 2 off the tail" in frontier_words(weighed)[0]
    # A rule sets a position that lies on no frontier.
    assert not frontier_words(replace(made, hedge=replace(made.hedge, bound=-np.inf)))


def test_the_rest_of_an_order_says_why_it_may_pay_more_than_the_book_asks(
    fixings: list[Fixing],
) -> None:
    """Where one may, and what is held counts as the first of the lots; not where the book shows
    them all.
    """
    need = read_need(NEED, "need.toml")
    market = modelled_market(DAY, fixings, horizon(need, DAY))
    made = make_plan(need, market, {}, count=300, points=0, ask_aside=False)
    sent, _ = orders(made)
    assert any(one.shown < one.lots and one.rest_price > one.limit_price for one in sent)
    [said] = limit_words(made)
    assert "cost 10% more" in said
    assert "What is held" not in said
    for shown in (told(made), page(made, b"drawn").decode()):
        assert said in html.unescape(shown)
    held = replace(made, instruments=tuple(replace(one, held=1.0) for one in made.instruments))
    assert "What is held is reckoned as the first" in limit_words(held)[0]
    deep = tuple(replace(one, asks=tuple(replace(a, lots=9e4) for a in one.asks))
                 for one in market.board)  # fmt: skip
    assert not limit_words(make_plan(need, replace(market, board=deep), {}, count=300, points=0,
                                     ask_aside=False))  # fmt: skip

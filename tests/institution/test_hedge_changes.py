"""What is said beside a plan: what would change it, where on its frontier it lies, how far its
scenarios stray beside what calls are quoted at.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lasalle.hedging.plan import changes, expected_shortfall
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.optimiser import Infeasible
from lasalle.hedging.plan.page import page
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

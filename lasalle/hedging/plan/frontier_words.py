"""Where on its frontier a plan lies, and what a cheaper one leaves at risk."""

from __future__ import annotations

import math

from lasalle.hedging.plan.change_words import level_word
from lasalle.hedging.plan.optimiser import Hedge
from lasalle.hedging.plan.planning import Plan
from lasalle.hedging.plan.tail import expected_shortfall

MILLION = 1e6
MOST = 0.75
"""Share of what the plan takes off the tail that the cheaper one named keeps at least."""
ROUNDED = 10_000.0
LEAST = 10_000.0
"""Dollars of expected cost between the ends below which there is no choice to speak of."""


def cheaper_point(plan: Plan) -> Hedge | None:
    """The cheapest plan of the frontier that takes most of what this one does off the tail, the
    next one where none does; none where a rule has set the position, or the ends cost the same.
    """
    points = plan.frontier
    if len(points) < 3 or not math.isfinite(plan.hedge.bound):
        return None
    if points[-1].mean - points[0].mean < LEAST or _taken(plan, points[-1]) <= 0.0:
        return None
    least = MOST * _taken(plan, points[-1])
    return next((one for one in points[1:-1] if _taken(plan, one) >= least), points[-2])


def _taken(plan: Plan, one: Hedge) -> float:
    """What a plan takes off the tail, beside nothing being traded, dollars."""
    return expected_shortfall(plan.costs_bare, plan.need.risk.level) - one.shortfall


def frontier_words(plan: Plan) -> list[str]:
    """In two sentences where on its frontier the plan lies, and what a cheaper point would be."""
    point = cheaper_point(plan)
    if point is None:
        return []
    last, most = plan.frontier[-1], plan.need.budget.mean_dollars
    weight = plan.need.risk.mean_weight
    if weight > 0.0:
        lies = (
            "On its frontier the plan lies where the last dollar added on average takes"
            f" {weight:g} off the tail (risk.mean_weight)."
        )
    elif last.mean >= 0.999 * most:
        lies = (
            "On its frontier the plan lies where budget.mean_dollars ends it: of what costs no more"
            " on average, this leaves least at risk."
        )
    else:
        bounds = "bounds no expected cost" if math.isinf(most) else "would allow more"
        lies = (
            "On its frontier the plan lies at the dear end: there least is left at risk, and the"
            f" need {bounds} (budget.mean_dollars)."
        )
    share = _taken(plan, point) / _taken(plan, last)
    asked = math.ceil(point.mean / ROUNDED) * ROUNDED
    return [
        f"{lies} A plan that costs {_money(last.mean - point.mean)} less on average leaves"
        f" {_money(point.shortfall - last.shortfall)} more in {level_word(plan)} and takes off"
        f" {share:.0%} of what this one does: budget.mean_dollars = {asked:_.0f} asks for it."
    ]


def _money(dollars: float) -> str:
    return f"{dollars / MILLION:,.2f} million USD"

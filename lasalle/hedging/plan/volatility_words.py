"""How far the scenarios of a plan stray beside what its calls are quoted at, and what that is worth
to whoever pays for calls.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lasalle.hedging.plan.instruments import Kind
from lasalle.hedging.plan.need import Volatility
from lasalle.hedging.plan.planning import Plan
from lasalle.hedging.plan.volatility import settled_deviations
from lasalle.pricing.black import black

MILLION = 1e6


def swing_words(plan: Plan) -> list[str]:
    """Both volatilities in a sentence or two, and what the calls of the plan are worth under the
    one that they are not bought at; nothing where no call is listed.
    """
    of = plan.swing
    if not any(one.terms.kind.name.lower() == Kind.CALL for one in plan.market.board):
        return []
    if of.quoted is None:
        return [
            f"The scenarios move by {of.fitted:.0%} a year, fitted to what was seen. No call is"
            " quoted on both sides today, so that nothing shows what the market expects."
        ]
    if not of.apart:
        return [
            f"The scenarios move by {of.scenarios:.0%} a year, and the calls on the board are"
            " quoted at as much."
        ]
    less, gap = of.quoted > of.fitted, calls_apart(plan)
    bought = (
        f"its calls are worth {abs(gap) / MILLION:,.2f} million USD {'less' if less else 'more'}"
        " than they are quoted at"
    )
    if of.taken is Volatility.QUOTED:
        costs = f", and the plan costs that much {'more' if less else 'less'} on average"
        then = f"; should they go on like that, {bought}{costs}" if gap else ""
        return [
            f"The scenarios move by {of.quoted:.0%} a year, as the calls on the board are quoted."
            f" What was seen of prices gives {of.fitted:.0%}{then}."
            ' volatility = "fitted" in the need plans with that.'
        ]
    then = f": in these scenarios {bought}" if gap else ""
    dear = "dear" if less else "cheap"
    return [
        f"The scenarios move by {of.fitted:.0%} a year, fitted to what was seen, and the calls on"
        f" the board are quoted at {of.quoted:.0%}, so that they look {dear} here{then}."
        ' volatility = "quoted" in the need plans with what they are quoted at.'
    ]


def calls_apart(plan: Plan) -> float:
    """By how much the calls of a plan are quoted above what they are worth at the volatility that
    the scenarios do not have, or have where they do not take the quoted one; dollars.
    """
    of = plan.swing
    if of.quoted is None:
        return 0.0
    quoted = {one.month: one.deviation for one in plan.market.implied}
    months, curve = plan.drawn.factors.months, plan.drawn.factors.curve
    own = dict(zip(months, settled_deviations(plan.drawn.factors.settled), strict=True))
    total = 0.0
    for one, lots in zip(plan.instruments, plan.hedge.lots, strict=True):
        at = int(np.argmax(one.hours))
        deviation = quoted.get(months[at])
        if one.kind is not Kind.CALL or deviation is None or lots <= 0:
            continue
        other = deviation * of.fitted / of.quoted
        if of.taken is Volatility.FITTED:
            other = float(own[months[at]])
        paid, worth = black(True, curve[at], one.strike, np.array([deviation, other]))
        total += float(lots) * one.lot_hours * float(paid - worth)
    return total


def month_rows(plan: Plan) -> list[tuple[str, float, float]]:
    """Each month with calls: volatility a year they are quoted at, and that of the scenarios."""
    factors = plan.drawn.factors
    own = dict(zip(factors.months, settled_deviations(factors.settled), strict=True))
    return [
        (str(one.month), one.volatility, one.volatility * float(own[one.month]) / one.deviation)
        for one in plan.market.implied
        if one.month in own
    ]


def month_words(plan: Plan) -> list[str]:
    """The same as a line."""
    rows = month_rows(plan)
    if not rows:
        return []
    said = ", ".join(f"{month} {quoted:.0%} ({own:.0%})" for month, quoted, own in rows)
    return [f"volatility a year that calls are quoted at, and in brackets that of the scenarios:"
            f" {said}"]  # fmt: skip


def swing_value(plan: Plan) -> dict[str, Any]:
    """The same for programs."""
    of = plan.swing
    return {
        "taken": of.taken.value,
        "scenarios": of.scenarios,
        "fitted": of.fitted,
        "quoted": of.quoted,
        "calls_quoted_above_the_other_dollars": calls_apart(plan),
        "by_month": [
            {"month": month, "quoted": quoted, "scenarios": own}
            for month, quoted, own in month_rows(plan)
        ],
    }

"""What is at risk by cause, told: a row a cause, and why a cause that has none has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lasalle.hedging.plan.choosing import ASIDE
from lasalle.hedging.plan.factors import Cause
from lasalle.hedging.plan.planning import Plan

MILLION = 1e6
WORDS = {
    Cause.PRICE: "price of the month",
    Cause.DATE: "date of the start",
    Cause.SIZE: "size of the run",
    Cause.BILL: "own bill against the index",
    Cause.DAYS: "own days within the month",
    Cause.GRADE: "another grade that serves",
    Cause.PLACE: "the grade at another place",
    Cause.AVAILABILITY: "no hours to be had",
    Cause.SUPPLIER: "suppliers that fail",
}
NONE = {
    Cause.PRICE: "prices do not move in these scenarios",
    Cause.DATE: "one day is stated",
    Cause.SIZE: "one size is stated",
    Cause.BILL: "the bill is stated not to stray (bill.deviation 0)",
    Cause.DAYS: "every month has one price in these scenarios",
    Cause.GRADE: "no substitute of another grade is named",
    Cause.PLACE: "no substitute of the grade elsewhere is named",
    Cause.AVAILABILITY: "hours are always to be had, or waiting costs nothing as stated",
    Cause.SUPPLIER: "no hours are bought of suppliers that may fail",
}
"""Why nothing is at risk by a cause of which a need draws nothing."""


def _cells(bare: float | None, hedged: float | None) -> list[str]:
    return ["none" if one is None else f"{one / MILLION:,.2f}" for one in (bare, hedged)]


def cause_rows(plan: Plan) -> list[tuple[str, list[str]]]:
    """Each cause, the cost with all of them still, and what they come to together, bare and hedged,
    in millions of dollars; a cause of which nothing is drawn is said to be none.
    """
    both = plan.causes_bare, plan.causes_hedged
    count = min(len(plan.costs_bare), ASIDE)
    together = [sum(of.values()) + rest for of, rest in zip(both, plan.rests, strict=True)]
    return [
        *((word, _cells(*(of.get(cause) for of in both))) for cause, word in WORDS.items()),
        ("cost with all of them still", _cells(*plan.rests)),
        (f"together, over {count:,} scenarios", _cells(*together)),
    ]


def none_causes(plan: Plan) -> dict[Cause, str]:
    """Causes that the plan leaves no risk by, and why."""
    return {cause: why for cause, why in NONE.items() if cause not in plan.causes_hedged}


def cause_words(plan: Plan) -> list[str]:
    """What the rows of causes do not say of themselves, as lines."""
    lines = [f"{WORDS[cause]}: none, {why}" for cause, why in none_causes(plan).items()]
    if any(amount < 0 for of in (plan.causes_bare, plan.causes_hedged) for amount in of.values()):
        lines.append("below zero: where that cause moves, the dear outcomes become less dear")
    if len(plan.costs_bare) > ASIDE:
        lines.append(
            f"split over the first {ASIDE:,} of the {len(plan.costs_bare):,} scenarios, so that the"
            " sum differs by chance from the figure over all of them above"
        )
    return lines


def cause_value(plan: Plan) -> dict[str, Any]:
    """The same for programs: dollars, none where there are none."""

    def told(of: Mapping[Cause, float]) -> dict[str, float | None]:
        return {cause.value: of.get(cause) for cause in Cause}

    return {
        "causes": {"unhedged": told(plan.causes_bare), "hedged": told(plan.causes_hedged)},
        "causes_none": {cause.value: why for cause, why in none_causes(plan).items()},
        "cost_with_all_causes_still": dict(zip(("unhedged", "hedged"), plan.rests, strict=True)),
    }

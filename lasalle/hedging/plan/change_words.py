"""What would change a plan, told as rows."""

from __future__ import annotations

from typing import Any

from lasalle.hedging.plan.planning import Plan

MILLION = 1e6


def level_word(plan: Plan) -> str:
    """The level of the need's expected shortfall, as `CVaR 95 %`."""
    return f"CVaR {100 * plan.need.risk.level:g} %"


def fall_words(fall: float) -> str:
    """A fall or a rise, in the unit given."""
    return f"{'falls' if fall >= 0 else 'rises'} by {abs(fall):,.2f}"


def changes_head(plan: Plan) -> str:
    """Over what the rows of other assumptions are."""
    return (
        "million USD; this plan and, under each other assumption alone, the best of at most"
        f" {plan.need.trade.most_legs} legs, over as many scenarios of the same seed"
    )


def change_rows(plan: Plan) -> list[tuple[str, str, str]]:
    """Each other assumption, the lots it would make of the plan, and what those do."""
    found = []
    for one in plan.changes:
        lots = ", ".join(f"{amount:,.0f} {kind}" for kind, amount in one.lots.items())
        does = (
            f"{'costs' if one.added >= 0 else 'saves'} {abs(one.added) / MILLION:,.2f} on average,"
            f" {level_word(plan)} {fall_words((one.shortfall_bare - one.shortfall) / MILLION)}"
        )
        found.append((one.assumption, lots or "no position keeps the limits", lots and does))
    return found


def changes_value(plan: Plan) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "assumption": change.assumption,
            "lots": dict(change.lots),
            "mean_added": change.added,
            "shortfall_unhedged": change.shortfall_bare,
            "shortfall": change.shortfall,
        }
        for change in plan.changes
    ]

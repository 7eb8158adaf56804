"""What is said beside the figures of a plan: that the account holds what it does not count, that it
asks for more cash than there is, what of it the books fill today, and why a budget for premium
stays idle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lasalle.contracts import Month
from lasalle.hedging.plan.instruments import Kind
from lasalle.hedging.plan.need_terms import Policy
from lasalle.hedging.plan.planning import Plan

MILLION = 1e6
IDLE = 0.5
"""Share of the budget that is left, above which the report says why."""


def beside_holdings(plan: Plan, holds: Mapping[str, int]) -> Plan:
    """A plan for an account that holds lots by symbol: it says which of its board it leaves out."""
    counted = {one.symbol for one in plan.instruments if one.held}
    counted |= {one.symbol for one in plan.passed if one.held}
    board = {one.terms.symbol for one in plan.market.board} - counted
    left = {symbol: lots for symbol, lots in holds.items() if lots and symbol in board}
    return replace(plan, uncounted=left)


def already_words(plan: Plan) -> list[str]:
    """What the account holds already that no figure of the plan counts; nothing where it is all
    counted.
    """
    if not plan.uncounted:
        return []
    words = ", ".join(f"{lots:+,} {symbol}" for symbol, lots in plan.uncounted.items())
    return [
        f"THE ACCOUNT HOLDS {words} ALREADY, which this plan does not count and its orders come on"
        " top of. A rebalance counts it."
    ]


def cash_words(plan: Plan) -> list[str]:
    """That margin may ask for more cash than the need has; nothing where it does not. The best plan
    keeps its budget; a rule moves what it moves.
    """
    asked, budget = plan.hedged.cash_99, plan.need.budget.cash_dollars
    if asked <= budget:
        return []
    held = f"; what is held today, {_money(plan.bare.cash_99)}" if plan.bare.cash_99 else ""
    return [
        f"THIS ASKS FOR MORE CASH THAN THE NEED HAS: up to {_money(asked)} for margin, enough in 99"
        f" of 100 outcomes, where budget.cash_dollars is {_money(budget)}{held}."
        f" The rule {plan.need.trade.policy.value} keeps to no budget: have that cash ready, or ask"
        " with --policy static for the best plan within it."
    ]


def today_words(plan: Plan) -> list[str]:
    """What the books fill at once of what the plan wants, and how the rest is bought."""
    today = plan.today
    if today is None or today.filled == today.wanted:
        return []
    of = today.measures
    return [
        f"Today's books fill {today.filled:,} of the {today.wanted:,} lots. With these alone the"
        f" hours are expected to cost {_money(of.mean)}, and {_money(of.shortfall_95)} in the"
        f" dearest twentieth; premium {_money(of.premium)}, cash for margin {_money(of.cash_99)}."
        " The figures of the plan are those of all its lots, the rest at prices supposed beyond the"
        " books. Send the same orders again on later days, for a week: each time what is missing is"
        " bought, at prices up to those the plan supposed and never more than the plan; after that"
        " plan again with what is held."
    ]


def today_column(plan: Plan, name: str) -> float | None:
    """A measure of what the books fill today, dollars; none where that is all of the plan."""
    if plan.today is None or plan.today.filled == plan.today.wanted:
        return None
    return float(getattr(plan.today.measures, name))


def premium_words(plan: Plan) -> list[str]:
    """Why most of the budget for premium is not spent; nothing where it is, or is no budget."""
    budget, need = plan.need.budget.premium_dollars, plan.need
    held = sum(one.spent for one in plan.instruments if one.kind is Kind.CALL)
    left = budget - held - plan.hedged.premium
    if need.trade.policy is Policy.DELTA:  # buys no call, so that it spends no premium
        return []
    if not 0 < budget < np.inf or left < IDLE * budget or Kind.CALL not in need.trade.instruments:
        return []
    lines = f"{_money(left)} of the {_money(budget)} for premium stay unspent: "
    passed = {one.symbol: one.why for one in plan.passed}
    listed = [one.terms for one in plan.market.board if one.terms.kind.name.lower() == Kind.CALL]
    usable = [one.months[0] for one in listed if one.symbol not in passed]
    first = Month.of(need.first_start)
    factors = plan.drawn.factors
    used = np.flatnonzero(factors.needed(plan.drawn.terms).mean(axis=0) > 0)
    last = factors.months[used[-1]] if len(used) else first
    if not listed:
        return [lines + f"no call is listed in the months of the need, to {last}."]
    if not usable:
        ends = max(one.months[0] for one in listed)
        whys = Counter(passed[one.symbol] for one in listed)
        said = "; ".join(f"{count} of them: {why}" for why, count in whys.most_common())
        return [
            lines + f"calls are listed to {ends}, the run may need hours from {first} to {last}"
            f" ({said}). Calls of later months are listed as time passes: plan again then."
        ]
    beyond = ""
    if max(usable) < last:
        beyond = f" None is listed for {max(usable).plus(1)} to {last}, where the run may fall too."
    return [
        lines + f"{len(usable)} calls of {min(usable)} to {max(usable)} may be bought, and more of"
        " them would take less off the dearest outcomes than they cost, or than the futures and"
        f" swaps that the cash for margin and the legs allowed go to.{beyond}"
    ]


def _money(dollars: float) -> str:
    return f"{dollars / MILLION:,.2f} million USD"

"""A plan in the words of whoever pays for it: what it does, what it costs, what it asks to have
ready, what it leaves; and what its words mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from lasalle.hedging.bills.basis import CLOSE
from lasalle.hedging.plan.beside import already_words, cash_words, premium_words, today_words
from lasalle.hedging.plan.factors import Cause
from lasalle.hedging.plan.frontier_words import frontier_words
from lasalle.hedging.plan.need import DEFAULTS, Need
from lasalle.hedging.plan.need_terms import Policy
from lasalle.hedging.plan.orders import orders
from lasalle.hedging.plan.planning import Plan
from lasalle.hedging.plan.volatility_words import swing_words

MILLION = 1e6
LEFT = {
    Cause.PRICE: "the price of the hours",
    Cause.DATE: "the date of the start",
    Cause.SIZE: "the size of the run",
    Cause.BILL: "your own bill straying from the index",
    Cause.DAYS: "the price of the run's own days, which no month's mean follows",
    Cause.GRADE: "what the grades that would serve cost",
    Cause.PLACE: "what the places that would serve cost",
    Cause.AVAILABILITY: "finding no hours at all",
    Cause.SUPPLIER: "suppliers that do not deliver",
}
MEANT = {
    "expected cost": "the mean over all scenarios: hours, hedge and fees together",
    "CVaR 95 %": "the mean of the dearest twentieth of the scenarios; 99 %: of the dearest"
    " hundredth. Also called expected shortfall",
    "index": "the published price of an hour of the grade, on which every contract settles",
    "future": "fixes the price of one month: it pays what the month's mean index lies above that"
    " price, and takes what it lies below",
    "swap": "a future over several months at one price",
    "call": "pays what the month's mean index lies above its strike; it never costs more than its"
    " premium, which is paid at once",
    "physical, capacity": "hours themselves, or a right to them: the legs that help when there are"
    " none to be had",
    "lot": "one accelerator for every hour of the contract's months",
    "margin": "a deposit with the clearing house; with it, gains and losses of futures and swaps"
    " are paid in cash every day, so that cash is needed before the hours are",
    "basis": "what your own bill pays above or below the index: no contract covers it",
    "frontier": "plans that cost more on average and leave less at risk, each the best of its kind",
}
"""Words of the report, for whoever does not trade."""


def in_short(plan: Plan) -> list[str]:
    """The answer in sentences, the most important first."""
    bare, hedged = plan.bare, plan.hedged
    added, saved = hedged.mean - bare.mean, bare.shortfall_95 - hedged.shortfall_95
    before = "With what is held today" if any(o.held for o in plan.instruments) else "Unhedged"
    lines = [
        *warnings(plan),
        f"{before} the hours are expected to cost {_money(bare.mean)}, and"
        f" {_money(bare.shortfall_95)} on average in the dearest twentieth of the outcomes."
    ]
    if not plan.legs:
        return [*lines, f"{none_words(plan)}: the plan is to trade nothing."]
    lines.append(
        f"With the plan it is {_money(hedged.mean)} and {_money(hedged.shortfall_95)}: it"
        f" {'costs' if added >= 0 else 'saves'} {_money(abs(added))} on average and"
        f" {'takes' if saved >= 0 else 'adds'} {_money(abs(saved))}"
        f" {'off' if saved >= 0 else 'to'} those dear outcomes."
    )
    if hedged.least > bare.least and not rule_words(plan):
        lines.append(
            "It is an insurance, not a saving. Where prices fall the hedge loses: the cheapest"
            f" outcome costs {_money(hedged.least)} with it, {_money(bare.least)} without."
        )
    lines += frontier_words(plan)
    premium = f"{_money(hedged.premium)} of premium, which is spent, and "
    lines.append(
        f"Have ready {premium if hedged.premium >= 1.0 else ''}up to"
        f" {_money(hedged.cash_99)} of cash for margin, enough in 99 of 100 outcomes; it is asked"
        " for while prices fall, long before the run."
    )
    lines += [*today_words(plan), *swing_words(plan), *premium_words(plan)]
    left = max(plan.causes_hedged, key=lambda cause: plan.causes_hedged[cause])
    lines.append(
        f"What stays at risk is chiefly {LEFT[left]}; hours still cannot be had for"
        f" {hedged.unserved:.1%} of the need ({bare.unserved:.1%} without the plan)."
    )
    return lines


def rule_words(plan: Plan) -> list[str]:
    """That following a rule makes the tail worse today, or costs more than it takes off it; nothing
    where it does neither, or where the plan was sought and not ruled.
    """
    added = plan.hedged.mean - plan.bare.mean
    saved = plan.bare.shortfall_95 - plan.hedged.shortfall_95
    rule = plan.need.trade.policy
    if rule is Policy.STATIC or not plan.legs or (saved >= 0 and added <= saved):
        return []
    kept = (
        f"holding what is held would leave {_money(plan.bare.shortfall_95)} in the dearest"
        f" twentieth, at {_money(plan.bare.mean)} on average"
    )
    if saved < 0:
        return [f"THE RULE {rule.value} MAKES THE TAIL WORSE TODAY by {-saved:,.0f} USD: {kept}."]
    return [
        f"THE RULE {rule.value} COSTS MORE TODAY THAN IT TAKES OFF THE TAIL, {added:,.0f} USD on"
        f" average for {saved:,.0f} USD: {kept}."
    ]


def none_words(plan: Plan) -> str:
    """Why a plan has no leg."""
    if not plan.need.bill.can_be_hedged:
        return "Nothing listed moves with your bill"
    if any(one.held for one in plan.instruments):
        return (
            f"What is held stays: no move of more than {plan.need.trade.band:.0%} of the need"
            " (trade.band) makes that less within the limits"
        )
    return "No leg within the limits makes that less"


def warnings(plan: Plan) -> list[str]:
    """What has to be read before anything else of a plan."""
    return [*rule_words(plan), *already_words(plan), *cash_words(plan), *bill_words(plan)]


def bill_words(plan: Plan) -> list[str]:
    """That the own bill does not follow the index, where that is shown or stated; what matters most
    to whoever is about to hedge it there. Nothing where it follows.
    """
    bill, shown = plan.need.bill, plan.market.following
    if shown is None:
        if bill.follows >= CLOSE:
            return []
        if not bill.can_be_hedged:
            return [
                "AS STATED, YOUR BILL DOES NOT FOLLOW THE INDEX, on which every contract settles: a"
                " hedge there would be a bet beside your bill, and the plan buys none."
            ]
        return [
            f"AS STATED, YOUR BILL FOLLOWS THE INDEX BY {bill.follows:.0%}: every contract settles"
            " on the index, and no more than that part of your price can be hedged there."
        ]
    if shown.fit is None:
        return [
            "YOUR BILLS DO NOT SHOW WHETHER THEY FOLLOW THE INDEX, which never moved on their days."
            " The plan supposes that they do: if your price is fixed, buy none of it."
        ]
    if shown.close:
        return []
    fit = shown.fit
    how = (
        f"when {shown.index} moved by a dollar an hour from week to week, your bill moved by"
        if shown.weekly
        else f"on days when {shown.index} stood a dollar an hour higher, your bill stood higher by"
    )
    seen = f"{how} {fit.slope:.2f} (error {fit.slope_error:.2f}), R2 {fit.r_squared:.2f}"
    asked = f"hedge accounting asks for {CLOSE:.2f} in practice"
    if not bill.can_be_hedged:
        return [
            f"YOUR BILL DOES NOT FOLLOW THE INDEX: {seen}; {asked}. A hedge on the index would be a"
            " bet beside your bill, not a cover of it, so the plan buys none there. Hours whose"
            " price is still open belong in a need of their own, without these bills."
        ]
    return [
        f"YOUR BILL FOLLOWS THE INDEX ONLY IN PART: {seen}; {asked}. The plan counts on"
        f" {shown.share:.0%} of a move of the index, the slope less what may be chance in it, and"
        " hedges no more than that; the rest of your price stays yours."
    ]


def order_words(plan: Plan) -> list[str]:
    """The orders as a table: what is sent, and what is to be agreed by hand."""
    sent, offered = orders(plan)
    if not sent and not offered:
        return []
    lines = [
        "orders, immediate or cancel; what the book does not show waits for another day: sent again"
        " they buy what is missing"
    ]
    for one in sent:
        lines.append(
            f"  {one.side:5}{one.lots:7,} {one.symbol:26} at {one.limit_price / MILLION:.3f} USD an"
            f" hour or better; the book shows {one.shown:,}"
            + ("" if one.shown == one.lots else f", the rest up to {one.rest_price / MILLION:.3f}")
        )
    for leg in offered:
        lines.append(f"  agree{leg.accelerators:7,} {leg.name}: accelerators, outside the exchange")
    return [*lines, *(f"  {line}" for line in limit_words(plan)), ""]


def limit_words(plan: Plan) -> list[str]:
    """Why the rest of an order may pay more than the book asks now; nothing where none may."""
    sent, _ = orders(plan)
    if not any(one.shown < one.lots and one.rest_price > one.limit_price for one in sent):
        return []
    impact = plan.need.trade.impact
    held = any(one.held for one in plan.instruments)
    counted = " What is held is reckoned as the first of those lots." if held else ""
    return [
        "The rest: beyond what a book shows, the plan supposes that as many lots again cost"
        f" {impact:.0%} more, and so on (trade.impact), and still wants its last lot.{counted} What"
        " stands there is the most that the rest may pay on a later day, not what it is expected to"
        " pay: it fills at what the book asks then."
    ]


def fields(kind: Any = Need, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a need that may be left out, with what stands then, by its dotted name."""
    for one in msgspec.structs.fields(kind):
        if isinstance(one.type, type) and issubclass(one.type, msgspec.Struct):
            yield from fields(one.type, f"{before}{one.name}.")
        elif one.default is not msgspec.NODEFAULT:
            yield before + one.name, one.default


def silent(need: Need) -> list[tuple[str, str]]:
    """Fields a need leaves as they are by default, and why that is so."""
    found = []
    for name, default in fields():
        value: Any = need
        for part in name.split("."):
            value = getattr(value, part)
        if value == default and name in DEFAULTS:
            found.append((name, DEFAULTS[name]))
    return found


def silent_words(plan: Plan) -> list[str]:
    """The same as lines."""
    rows = silent(plan.need)
    if not rows:
        return []
    return [
        "where the need is silent",
        *(f"  {name:24} {why}" for name, why in rows),
        "",
    ]


def meaning_words() -> list[str]:
    """What the words mean, as lines."""
    return ["words", *(f"  {word}: {said}" for word, said in MEANT.items()), ""]


def _money(dollars: float) -> str:
    return f"{dollars / MILLION:,.2f} million USD"

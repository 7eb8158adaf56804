"""A plan told: as a table for people, as a value for programs."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import numpy as np

from lasalle.hedging.plan.beside import today_column
from lasalle.hedging.plan.by_month import MONTHS_TOGETHER, month_table, position_by_month
from lasalle.hedging.plan.causes import cause_rows, cause_value, cause_words
from lasalle.hedging.plan.change_words import (
    change_rows,
    changes_head,
    changes_value,
    level_word,
)
from lasalle.hedging.plan.instruments import DELIVERED
from lasalle.hedging.plan.measures import Measures, reason
from lasalle.hedging.plan.need import Policy
from lasalle.hedging.plan.orders import orders
from lasalle.hedging.plan.plainly import (
    in_short,
    meaning_words,
    none_words,
    order_words,
    silent,
    silent_words,
    warnings,
)
from lasalle.hedging.plan.planning import Plan
from lasalle.hedging.plan.volatility_words import month_words, swing_value

MILLION = 1e6
NOTICE = (
    "Cash contracts protect against the price of hours, never against there being none; only hours"
    " delivered or a right to them do."
)
LEGS_APART = "each is told with the others kept, so that they do not add up to what the plan does"
ROWS = (
    ("expected cost", "mean"),
    ("CVaR 95 %", "shortfall_95"),
    ("CVaR 99 %", "shortfall_99"),
    ("cheapest scenario", "least"),
    ("dearest scenario", "most"),
    ("worst month, on average", "worst_month"),
    ("worst month, CVaR 95 %", "worst_month_95"),
    ("premium paid", "premium"),
    ("peak margin cash, 99 %", "cash_99"),
    ("  seen at month ends alone", "cash_99_month_ends"),
)
POLICIES = {
    Policy.STATIC: "static: held as bought",
    Policy.ROLLING: "rolling: nearest month until known",
    Policy.DELTA: "delta: moved to where it is expected",
}


def needed_hours(plan: Plan) -> float:
    """Accelerator-hours of the need, expected."""
    return plan.drawn.terms.hours * float(plan.drawn.factors.size.mean())


def need_words(plan: Plan) -> str:
    """What is needed and when, in one line; of an amount in dollars the price it was turned at."""
    need, hours = plan.need, plan.drawn.terms.hours
    dollars = need.amount.dollars
    at = "" if dollars is None else (
        f", {dollars / MILLION:,.2f} million USD at today's {dollars / hours:.3f} USD an hour"
    )  # fmt: skip
    return (
        f"{needed_hours(plan):,.0f} {need.grade} hours expected ({hours:,.0f} at size 1{at}), start"
        f" {need.first_start} to {need.last_start}, {need.start.run_days} days"
    )


def bare_word(plan: Plan) -> str:
    """What stands beside the plan: no hedge, or what is held already."""
    return "as held" if any(one.held for one in plan.instruments) else "unhedged"


def word_rows(plan: Plan) -> list[tuple[str, list[str]]]:
    """What of the measures is no amount: without, with, and with what the books fill today."""
    columns = [plan.bare, plan.hedged]
    if plan.today is not None and today_column(plan, "mean") is not None:
        columns.append(plan.today.measures)
    months = plan.drawn.factors.months
    return [
        ("worst month is most often", [str(months[one.worst_at]) for one in columns]),
        ("need that finds no hours", [f"{one.unserved:.1%}" for one in columns]),
    ]


def worst_words(plan: Plan) -> str:
    """Whether the plan stays within the worst acceptable cost; empty where none is stated."""
    worst = plan.need.risk.worst_dollars
    if worst is None:
        return ""
    kept = "stays within" if plan.worst_kept else "IS ABOVE"
    return (
        f"{level_word(plan)},"
        f" {plan.hedge.shortfall / MILLION:,.2f} million USD, {kept} the worst acceptable cost,"
        f" {worst / MILLION:,.2f} million USD"
    )


def passed_words(plan: Plan) -> list[str]:
    """Series passed over by reason, and what is held that no figure counts."""
    whys = Counter(one.why for one in plan.passed if not one.held)
    lines = [f"held and NOT COUNTED: {one.held:+,} {one.symbol}, which {one.why}"
             for one in plan.passed if one.held]  # fmt: skip
    if whys:
        said = "; ".join(f"{why} ({count})" for why, count in whys.most_common())
        lines.append(f"series passed over, and how many: {said}")
    return lines


def scenario_words(plan: Plan) -> list[str]:
    """Which scenarios a plan rests on, what of them was fitted, and what is assumed."""
    drawn = plan.drawn
    return [
        f"{len(drawn.factors.start):,} scenarios of seed {drawn.seed}, MODELLED: {drawn.source}"
        " prices around the forward curve; date, size, own bill, shortage, suppliers",
        *month_words(plan),
        *(f"fitted: {one}" for one in drawn.fitted),
        *(f"assumed: {one}" for one in drawn.assumed),
    ]


def waiting_words(plan: Plan) -> list[str]:
    """What the rule of the need wants beyond the books of the day."""
    return [f"waits for another day, the book shows no more: {lots:+,.0f} {symbol}"
            for symbol, lots in plan.waiting.items()]  # fmt: skip


def above_budget_words(plan: Plan) -> list[str]:
    """Programmes whose cash is above the budget of the need."""
    most = plan.need.budget.cash_dollars
    return [f"{one.policy.value}: its peak margin cash at 99 % is ABOVE THE BUDGET,"
            f" {most / MILLION:,.2f} million USD"
            for one in plan.programmes if one.cash_99 > 1.01 * most]  # fmt: skip


def told(plan: Plan) -> str:
    """The plan as text."""
    need = plan.need
    lines = [
        f"{need.name}: {need_words(plan)}; planned {plan.market.day}",
        "",
        *in_short(plan),
        "",
        f"{'million USD':26}{bare_word(plan):>12}{'hedged':>12}"
        + ("" if today_column(plan, "mean") is None else f"{'filled today':>14}"),
    ]
    for word, name in ROWS:
        bare, hedged = getattr(plan.bare, name), getattr(plan.hedged, name)
        today = today_column(plan, name)
        filled = "" if today is None else f"{today / MILLION:14,.2f}"
        lines.append(f"{word:26}{bare / MILLION:12,.2f}{hedged / MILLION:12,.2f}{filled}")
    for word, cells in word_rows(plan):
        row = "".join(f"{cell:>{width}}" for cell, width in zip(cells, (12, 12, 14), strict=False))
        lines.append(f"{word:26}{row}")
    if plan.worst_kept is not None:
        lines.append(worst_words(plan))
    lines += ["", f"what {level_word(plan)} owes to each cause, million USD"]
    lines += [f"  {word:32}{bare:>12}{hedged:>12}" for word, (bare, hedged) in cause_rows(plan)]
    lines += [f"  {line}" for line in cause_words(plan)]
    lines += ["", "legs, the one that does most first"]
    if len(plan.legs) > 1:
        lines.append(f"  {LEGS_APART}")
    needed = plan.drawn.factors.needed(plan.drawn.terms)
    for leg in plan.legs:
        sentence = reason(leg, plan.hedge.shortfall, plan.hedge.mean, needed)
        lines.append(f"  {leg.lots:+7,.0f} {leg.instrument.symbol:26} {sentence}")
    if not plan.legs:
        lines.append(f"  none: {none_words(plan)}")
    lines += ["", *_by_month(plan), "", *order_words(plan), *waiting_words(plan), "", *_aside(plan)]
    lines += ["what it rests on", *(f"  {line}" for line in plan.market.said)]
    lines += [*(f"  {line}" for line in scenario_words(plan)), *passed_words(plan), ""]
    return "\n".join([*lines, *silent_words(plan), *meaning_words(), NOTICE])


def _by_month(plan: Plan) -> list[str]:
    heads, rows = month_table(plan)
    lines = [f"  {row[0]:9}" + "".join(f"{cell:>17}" for cell in row[1:]) for row in (heads, *rows)]
    return ["position by month, hours", *lines, f"  {MONTHS_TOGETHER}"]


def programme_words(plan: Plan) -> list[str]:
    """Each policy on the plan, beside the others."""
    if not plan.programmes:
        return []
    heads = ("mean", level_word(plan), "CVaR 99 %", "later trades", "peak cash")
    lines = [
        f"{'as the date becomes clearer, million USD':40}" + "".join(f"{h:>13}" for h in heads)
    ]
    for one in plan.programmes:
        found = (one.mean, one.shortfall, one.shortfall_99, one.revising, one.cash_99)
        mark = "*" if one.policy is plan.need.trade.policy else " "
        row = "".join(f"{x / MILLION:13,.2f}" for x in found)
        lines.append(f"{mark} {POLICIES[one.policy]:38}{row}")
    return [*lines, *(f"  {one}" for one in above_budget_words(plan)), ""]


def _aside(plan: Plan) -> list[str]:
    """Frontier, other assumptions, effectiveness."""
    lines = []
    if plan.frontier:
        level = level_word(plan)
        lines.append(f"frontier, million USD (expected cost: {level}), lots as fractions")
        points = (f"{p.mean / MILLION:,.2f}: {p.shortfall / MILLION:,.2f}" for p in plan.frontier)
        lines += ["  " + "   ".join(points), ""]
    lines += programme_words(plan)
    if plan.changes:
        lines += [
            f"what would change this plan ({changes_head(plan)})",
            *(f"  {said:52}{lots}; {does}" for said, lots, does in change_rows(plan)),
            "",
        ]
    said = effectiveness_words(plan)
    return [*lines, "hedge effectiveness", *(f"  {line}" for line in said), ""] if said else lines


def effectiveness_words(plan: Plan) -> list[str]:
    """Regression and dollar offset for the accountant; nothing without a future or swap."""
    found, offset = plan.effectiveness, plan.offset
    if found is None or offset is None:
        return []
    verdict = "highly effective" if found.highly_effective else "NOT HIGHLY EFFECTIVE"
    sums = [f"{word} {one:.1%}" for word, one in
            (("where hours become dearer", offset.dearer), ("cheaper", offset.cheaper))
            if one is not None]  # fmt: skip
    inside = "within" if offset.passes else "NOT WITHIN"
    return [
        "futures and swaps on the hours they are designated to, prospective, over"
        f" {found.observations:,} modelled scenarios; calls are designated by intrinsic value",
        f"regression: slope {found.slope:.3f} (error {found.slope_error:.3f}), R2"
        f" {found.r_squared:.3f}: {verdict} by the practice under ASC 815 (slope -0.80 to -1.25, R2"
        " 0.80 or more); IFRS 9 has no bright line",
        f"dollar offset, what the hedge brings over what the hours cost more: {', '.join(sums)},"
        f" {inside} 80 to 125 %; scenario by scenario within it in {offset.within:.0%} of them",
    ]


def value(plan: Plan) -> dict[str, Any]:
    """The plan for programs: dollars as numbers, orders in micro-dollars and lots."""
    sent, offered = orders(plan)
    return {
        "need": plan.need.name,
        "day": plan.market.day.isoformat(),
        "grade": plan.need.grade,
        "hours": needed_hours(plan),
        "seed": plan.drawn.seed,
        "scenarios": len(plan.drawn.factors.start),
        "scenarios_of": plan.drawn.source,
        "fitted": list(plan.drawn.fitted),
        "assumed": list(plan.drawn.assumed),
        "volatility": swing_value(plan),
        "modelled": "every amount is over scenarios of a model; none was observed",
        "sources": list(plan.market.said),
        "level": plan.need.risk.level,
        "unhedged": _measures(plan, plan.bare),
        "hedged": _measures(plan, plan.hedged),
        "today": _today(plan),
        "gap": plan.hedge.gap if np.isfinite(plan.hedge.gap) else None,
        "policy": plan.need.trade.policy.value,
        "waiting": dict(plan.waiting),
        "programmes": [msgspec.to_builtins(one) for one in plan.programmes],
        "worst_kept": plan.worst_kept,
        "passed": [{"symbol": o.symbol, "why": o.why, "held": o.held} for o in plan.passed],
        **cause_value(plan),
        "legs": _legs(plan),
        "position_by_month": position_by_month(plan),
        "frontier": [
            {"mean": p.mean, "shortfall": p.shortfall, "cash": p.cash} for p in plan.frontier
        ],
        "changes": changes_value(plan),
        "effectiveness": _effectiveness(plan),
        "distribution": _distribution(plan),
        "orders": [msgspec.structs.asdict(one) for one in sent],
        "to_be_agreed": [{"name": o.name, "accelerators": o.accelerators} for o in offered],
        "in_short": in_short(plan),
        "warnings": warnings(plan),
        "defaults": dict(silent(plan.need)),
        "notice": NOTICE,
    }


def _today(plan: Plan) -> dict[str, Any] | None:
    """What the books fill at once; none where nothing is sent to a book."""
    found = plan.today
    if found is None:
        return None
    return {"wanted": found.wanted, "filled": found.filled, **_measures(plan, found.measures)}


def _legs(plan: Plan) -> list[dict[str, Any]]:
    needed = plan.drawn.factors.needed(plan.drawn.terms)
    return [
        {
            "symbol": leg.instrument.symbol,
            "kind": leg.instrument.kind.value,
            "lots": leg.lots,
            "trading": leg.trading,
            "protects_against_shortage": leg.instrument.kind in DELIVERED,
            "reason": reason(leg, plan.hedge.shortfall, plan.hedge.mean, needed),
        }
        for leg in plan.legs
    ]


def _effectiveness(plan: Plan) -> dict[str, Any] | None:
    found = plan.effectiveness
    if found is None:
        return None
    names = ("slope", "slope_error", "r_squared", "observations", "highly_effective")
    offset = plan.offset
    told_offset = None if offset is None else {
        "dearer": offset.dearer, "cheaper": offset.cheaper, "within_80_to_125": offset.within,
        "passes": offset.passes,
    }  # fmt: skip
    return {name: getattr(found, name) for name in names} | {"dollar_offset": told_offset}


def _distribution(plan: Plan) -> dict[str, list[float]]:
    """Costs at each hundredth, dollars."""
    levels = np.linspace(0.0, 1.0, 101)
    return {
        "levels": [round(float(level), 2) for level in levels],
        "unhedged": [float(x) for x in np.quantile(plan.costs_bare, levels)],
        "hedged": [float(x) for x in np.quantile(plan.costs_hedged, levels)],
    }


def _measures(plan: Plan, of: Measures) -> dict[str, Any]:
    found: dict[str, Any] = {name: float(getattr(of, name)) for name in of.__slots__}
    month = plan.drawn.factors.months[int(found.pop("worst_at"))]
    return found | {"worst_month_is_most_often": str(month)}

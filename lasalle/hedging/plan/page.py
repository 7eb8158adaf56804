"""A plan as one HTML page with its picture inside: nothing is loaded from anywhere."""

from __future__ import annotations

import base64
from html import escape

from lasalle.hedging.plan.measures import reason
from lasalle.hedging.plan.need import DEFAULTS
from lasalle.hedging.plan.orders import orders
from lasalle.hedging.plan.picture import picture
from lasalle.hedging.plan.planning import Plan
from lasalle.hedging.plan.telling import (
    MILLION,
    NOTICE,
    POLICIES,
    ROWS,
    bare_word,
    cause_rows,
    fall_words,
    needed_hours,
    passed_words,
    scenario_words,
    waiting_words,
    worst_words,
)

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1c1c1c}
body{max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}
td,th{padding:.3rem .6rem;text-align:left;vertical-align:top}
tr{border-bottom:1px solid #e2e2e2}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
img{max-width:100%}.note{color:#555}.warn{border-left:4px solid #c8553d;padding-left:.8rem}
"""


def page(plan: Plan) -> bytes:
    """The report of a plan for a treasurer: answer first, then why, then what it rests on."""
    need = plan.need
    saved = (plan.bare.shortfall_95 - plan.hedged.shortfall_95) / MILLION
    added = (plan.hedged.mean - plan.bare.mean) / MILLION
    takes, off = ("takes", "off") if saved >= 0 else ("adds", "to")
    costs, to = ("adds", "to") if added >= 0 else ("takes", "off")
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(need.name)}</title>",
        f"<style>{STYLE}</style><h1>{escape(need.name)}</h1>",
        f"<p class=note>{needed_hours(plan):,.0f} {escape(need.grade)} hours expected,"
        f" {need.start.run_days} days from a start between {need.first_start} and"
        f" {need.last_start}; planned {plan.market.day}.</p>",
        f"<p><b>The plan {takes} {abs(saved):,.2f} million USD {off} the mean of the dearest"
        f" twentieth of outcomes (CVaR 95 %) and {costs} {abs(added):,.2f} million {to} the"
        f" expected cost.</b> It pays {plan.hedged.premium / MILLION:,.2f} million of premium and"
        f" ties up {plan.hedged.cash_99 / MILLION:,.2f} million of margin cash at 99 %.</p>",
        f"<p class=warn>{NOTICE} {plan.hedged.unserved:.1%} of the need is expected to find none,"
        f" {plan.bare.unserved:.1%} without the plan.</p>",
        f"<p><b>{escape(worst_words(plan))}</b></p>",
        _measures(plan),
        _picture(plan),
        _legs(plan),
        _orders(plan),
        _programmes(plan),
        _changes(plan),
        _effectiveness(plan),
        _grounds(plan),
        "</html>",
    ]
    return "\n".join(parts).encode("utf-8")


def _table(heads: list[str], rows: list[list[str]], numbers: set[int]) -> str:
    def cells(row: list[str], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if n in numbers else ''}>{cell}</{tag}>"
            for n, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table><tr>{cells(heads, 'th')}</tr>{body}</table>"


def _measures(plan: Plan) -> str:
    rows = [
        [
            escape(word),
            f"{getattr(plan.bare, name) / MILLION:,.2f}",
            f"{getattr(plan.hedged, name) / MILLION:,.2f}",
        ]
        for word, name in ROWS
    ]
    causes = [[escape(word), f"{b:,.2f}", f"{h:,.2f}"] for word, b, h in cause_rows(plan)]
    heads = ["million USD, MODELLED", bare_word(plan), "hedged"]
    return (
        _table(heads, rows, {1, 2})
        + "<h2>What is left at risk, by cause</h2>"
        + _table(
            [f"CVaR {plan.need.risk.level:.1%}, million USD, MODELLED", *heads[1:]], causes, {1, 2}
        )
    )


def _picture(plan: Plan) -> str:
    inside = base64.b64encode(picture(plan)).decode("ascii")
    return f'<p><img alt="cost, position, causes, frontier" src="data:image/png;base64,{inside}">'


def _legs(plan: Plan) -> str:
    hours = needed_hours(plan)
    rows = [
        [
            f"{leg.lots:+,.0f}",
            escape(leg.instrument.symbol),
            escape(reason(leg, plan.hedge.shortfall, plan.hedge.mean, hours)),
        ]
        for leg in plan.legs
    ]
    if not rows:
        return "<h2>Legs</h2><p>None: within the limits no leg lowers CVaR.</p>"
    return "<h2>Legs, the one that does most first</h2>" + _table(
        ["lots", "series", "why"], rows, {0}
    )


def _orders(plan: Plan) -> str:
    sent, offered = orders(plan)
    rows = [
        [one.side, f"{one.lots:,}", escape(one.symbol), f"{one.limit_price / 1e6:.3f}",
         f"{one.shown:,}"]
        for one in sent
    ]  # fmt: skip
    rows += [["agree", f"{one.accelerators:,}", escape(one.name), "", ""] for one in offered]
    heads = ["side", "lots", "series", "limit, USD an hour", "shown in the book"]
    said = "".join(f"<p>{escape(line)}.</p>" for line in waiting_words(plan))
    return "<h2>Orders</h2>" + _table(heads, rows, {1, 3, 4}) + said


def _programmes(plan: Plan) -> str:
    rows = [
        [
            escape(POLICIES[one.policy]),
            *(f"{x / MILLION:,.2f}" for x in (one.mean, one.shortfall, one.shortfall_99,
                                              one.revising, one.cash_99)),
        ]
        for one in plan.programmes
    ]  # fmt: skip
    if not rows:
        return ""
    level = f"CVaR {plan.need.risk.level:.1%}"
    heads = ["million USD, MODELLED", "expected cost", level, "CVaR 99 %", "later trades",
             "peak margin cash, 99 %"]  # fmt: skip
    return "<h2>As the date becomes clearer</h2>" + _table(heads, rows, {1, 2, 3, 4, 5})


def _changes(plan: Plan) -> str:
    rows = [
        [
            escape(change.assumption),
            escape(", ".join(f"{lots:,.0f} {kind}" for kind, lots in change.lots.items())),
            fall_words((change.shortfall_bare - change.shortfall) / MILLION),
        ]
        for change in plan.changes
    ]
    heads = ["if", "lots, every series allowed", "CVaR, million USD"]
    return "<h2>What would change this plan</h2>" + _table(heads, rows, {2})


def _effectiveness(plan: Plan) -> str:
    found = plan.effectiveness
    if found is None:
        return ""
    verdict = "highly effective" if found.highly_effective else "not highly effective"
    return (
        "<h2>Hedge effectiveness</h2><p>Futures and swaps on the hours they are designated to,"
        f" prospective, over {found.observations:,} modelled scenarios: slope {found.slope:.3f}"
        f" (error {found.slope_error:.3f}), R&sup2; {found.r_squared:.3f}: {verdict} by the"
        " practice under ASC 815. IFRS 9 has no bright line. Calls are designated by their"
        " intrinsic value.</p>"
    )


def _grounds(plan: Plan) -> str:
    grounds = (*plan.market.said, *scenario_words(plan))
    said = "".join(f"<li>{escape(line)}</li>" for line in grounds)
    passed = "".join(f"<p>{escape(line)}.</p>" for line in passed_words(plan))
    rows = [[escape(field), escape(why)] for field, why in DEFAULTS.items()]
    return (
        f"<h2>What it rests on</h2><ul>{said}</ul>{passed}<p>Where the need is silent:</p>"
        + _table(["field", "default"], rows, set())
    )

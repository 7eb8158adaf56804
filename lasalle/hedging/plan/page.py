"""A plan as one HTML page with its picture inside: nothing is loaded from anywhere."""

from __future__ import annotations

import base64
from html import escape

from lasalle.hedging.plan.beside import today_column
from lasalle.hedging.plan.by_month import MONTHS_TOGETHER, month_table
from lasalle.hedging.plan.causes import cause_rows, cause_words
from lasalle.hedging.plan.change_words import change_rows, changes_head, level_word
from lasalle.hedging.plan.measures import reason
from lasalle.hedging.plan.orders import orders
from lasalle.hedging.plan.picture import picture
from lasalle.hedging.plan.plainly import (
    MEANT,
    in_short,
    limit_words,
    none_words,
    silent,
    warnings,
)
from lasalle.hedging.plan.planning import Plan
from lasalle.hedging.plan.telling import (
    MILLION,
    NOTICE,
    POLICIES,
    ROWS,
    above_budget_words,
    bare_word,
    effectiveness_words,
    need_words,
    passed_words,
    scenario_words,
    waiting_words,
    word_rows,
    worst_words,
)

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1c1c1c}
body{max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}
td,th{padding:.3rem .6rem;text-align:left;vertical-align:top}
tr{border-bottom:1px solid #e2e2e2}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
img{max-width:100%}.wide{overflow-x:auto}p.lead{font-size:1.08rem}li,td{overflow-wrap:break-word}
@media(max-width:32rem){td,th{padding:.25rem .35rem;font-size:.88rem}
img{max-width:none;width:44rem}}
.k{white-space:nowrap}.note{color:#555}.warn{border-left:4px solid #c8553d;padding-left:.8rem}
"""


def page(plan: Plan, drawn: bytes = b"") -> bytes:
    """The report of a plan for a treasurer: answer first, then why, then what it rests on; with its
    picture, where that is drawn already.
    """
    need = plan.need
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width,initial-scale=1'>",
        f"<title>{escape(need.name)}</title>",
        f"<style>{STYLE}</style><h1>{escape(need.name)}</h1>",
        f"<p class=note>{escape(need_words(plan))}; planned {plan.market.day}.</p>",
        *_short(plan),
        f"<p class=warn>{NOTICE}</p>",
        f"<p><b>{escape(worst_words(plan))}</b></p>",
        _measures(plan),
        _picture(drawn or picture(plan)),
        _legs(plan),
        _by_month(plan),
        _orders(plan),
        _programmes(plan),
        _changes(plan),
        _effectiveness(plan),
        _grounds(plan),
        _meaning(),
        "</html>",
    ]
    return "\n".join(parts).encode("utf-8")


def _short(plan: Plan) -> list[str]:
    """The answer in sentences; what warns stands first, and is seen."""
    warned = len(warnings(plan))
    return [
        f"<p class='{'lead warn' if n < warned else 'lead' if n < warned + 2 else 'more'}'>"
        f"{escape(line)}</p>"
        for n, line in enumerate(in_short(plan))
    ]


def _table(heads: list[str], rows: list[list[str]], numbers: set[int]) -> str:
    def cells(row: list[str], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if n in numbers else ''}>{cell}</{tag}>"
            for n, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<div class=wide><table><tr>{cells(heads, 'th')}</tr>{body}</table></div>"


def _whole(word: str) -> str:
    """A word that is not broken at its hyphens."""
    return f"<span class=k>{escape(word)}</span>"


def _measures(plan: Plan) -> str:
    rows = [
        [
            escape(word),
            f"{getattr(plan.bare, name) / MILLION:,.2f}",
            f"{getattr(plan.hedged, name) / MILLION:,.2f}",
            *(f"{x / MILLION:,.2f}" for x in (today_column(plan, name),) if x is not None),
        ]
        for word, name in ROWS
    ]
    rows += [[escape(word), *(_whole(cell) for cell in cells)] for word, cells in word_rows(plan)]
    causes = [[escape(word), *cells] for word, cells in cause_rows(plan)]
    none = "".join(f"<li>{escape(line)}</li>" for line in cause_words(plan))
    heads = ["million USD, MODELLED", bare_word(plan), "hedged"]
    return (
        _table([*heads, "filled today"][: len(rows[0])], rows, {1, 2, 3})
        + "<h2>What is left at risk, by cause</h2>"
        + _table(
            [f"{level_word(plan)}, million USD, MODELLED", *heads[1:]], causes, {1, 2}
        )
        + (f"<ul class=note>{none}</ul>" if none else "")
    )


def _picture(drawn: bytes) -> str:
    inside = base64.b64encode(drawn).decode("ascii")
    alt = "cost, position, causes, frontier"
    return f'<div class=wide><img alt="{alt}" src="data:image/png;base64,{inside}"></div>'


def _legs(plan: Plan) -> str:
    needed = plan.drawn.factors.needed(plan.drawn.terms)
    rows = [
        [
            f"{leg.lots:+,.0f}",
            f"<b>{escape(leg.instrument.symbol)}</b><br>"
            + escape(reason(leg, plan.hedge.shortfall, plan.hedge.mean, needed)),
        ]
        for leg in plan.legs
    ]
    if not rows:
        return f"<h2>Legs</h2><p>None. {none_words(plan)}.</p>"
    return "<h2>Legs, the one that does most first</h2>" + _table(
        ["lots", "series, and why it is there"], rows, {0}
    )


def _orders(plan: Plan) -> str:
    sent, offered = orders(plan)
    rows = [
        [one.side, f"{one.lots:,}", _whole(one.symbol), f"{one.limit_price / 1e6:.3f}",
         f"{one.shown:,}", f"{one.rest_price / 1e6:.3f}" if one.shown < one.lots else ""]
        for one in sent
    ]  # fmt: skip
    rows += [["agree", f"{one.accelerators:,}", escape(one.name), "", "", ""] for one in offered]
    heads = ["side", "lots", "series", "limit, USD an hour", "shown in the book", "the rest up to"]
    said = "".join(f"<p>{escape(line)}.</p>" for line in waiting_words(plan))
    said += "".join(f"<p>{escape(line)}</p>" for line in limit_words(plan))
    return "<h2>Orders</h2>" + _table(heads, rows, {1, 3, 4, 5}) + said


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
    heads = ["million USD, MODELLED", "expected cost", level_word(plan), "CVaR 99 %",
             "later trades",
             "peak margin cash, 99 %"]  # fmt: skip
    said = "".join(f"<p>{escape(line)}.</p>" for line in above_budget_words(plan))
    return "<h2>As the date becomes clearer</h2>" + _table(heads, rows, {1, 2, 3, 4, 5}) + said


def _changes(plan: Plan) -> str:
    if not plan.changes:
        return ""
    rows = [[escape(cell) for cell in row] for row in change_rows(plan)]
    head = changes_head(plan)
    return (
        f"<h2>What would change this plan</h2><p>{head[0].upper()}{escape(head[1:])}.</p>"
        + _table(["if", "lots", "what they do"], rows, set())
    )


def _effectiveness(plan: Plan) -> str:
    said = effectiveness_words(plan)
    if not said:
        return ""
    rows = "".join(f"<li>{escape(line[0].upper() + line[1:])}.</li>" for line in said)
    return f"<h2>Hedge effectiveness, for the accountant</h2><ul>{rows}</ul>"


def _by_month(plan: Plan) -> str:
    heads, rows = month_table(plan)
    cells = [[_whole(month), *rest] for month, *rest in rows]
    table = _table(heads, cells, set(range(1, len(heads))))
    return f"<h2>Position by month, hours</h2>{table}<p>{MONTHS_TOGETHER}</p>"


def _grounds(plan: Plan) -> str:
    grounds = (*plan.market.said, *scenario_words(plan))
    said = "".join(f"<li>{escape(line)}</li>" for line in grounds)
    passed = "".join(f"<p>{escape(line)}.</p>" for line in passed_words(plan))
    rows = [[escape(field), escape(why)] for field, why in silent(plan.need)]
    return (
        f"<h2>What it rests on</h2><ul>{said}</ul>{passed}<h2>Where the need is silent</h2>"
        + _table(["field", "what stands instead, and why"], rows, set())
    )


def _meaning() -> str:
    """What the words of the page mean, for whoever does not trade."""
    rows = [[escape(word), escape(said)] for word, said in MEANT.items()]
    return "<h2>Words</h2>" + _table(["word", "means"], rows, set())

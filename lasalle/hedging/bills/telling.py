"""A bill and its basis told: text for people, a value for programs, CSV of days, a picture."""

from __future__ import annotations

import csv
import io
from typing import Any

from lasalle.hedging.bills.basis import CLOSE, SOME, BillBasis, following, offset_of
from lasalle.hedging.bills.model import MILLION, Bill, Used
from lasalle.hedging.effectiveness import Regression, within_offset

HEADS = ("day", "grade", "location", "accelerator_hours", "cost_usd", "usd_an_hour")
OWN, INDEX, RATIO = "#c8553d", "#1f6f8b", "#2b2b2b"
SHOWN_LEFT, SHOWN_SERVICES = 20, 5


def _decimal(millionths: int) -> str:
    """Millionths as a decimal, exactly."""
    sign = "-" if millionths < 0 else ""
    whole, rest = divmod(abs(millionths), MILLION)
    return f"{sign}{whole}.{rest:06d}"


def days_csv(bill: Bill) -> bytes:
    """One row a day, grade and place; decimals are exact."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    for one in bill.used:
        price = "" if one.price is None else _decimal(one.price)
        amounts = _decimal(one.hours), _decimal(one.cost), price
        writer.writerow((one.day.isoformat(), one.grade, one.location, *amounts))
    return out.getvalue().encode("ascii")


def _grouped(bill: Bill) -> list[tuple[str, str, list[Used]]]:
    found: dict[tuple[str, str], list[Used]] = {}
    for one in bill.used:
        found.setdefault((one.grade, one.location), []).append(one)
    return [(grade, place, days) for (grade, place), days in sorted(found.items())]


def told(bill: Bill, basis: BillBasis | None, against: str) -> str:
    """The bill as text; `against` names the index and its source, or says why there is none."""
    lines = [
        f"{bill.rows:,} rows of FOCUS {bill.version or 'bills'}: {bill.rows_used:,} are hours of"
        f" accelerators, {bill.others:,} are other services"
        f" ({bill.others_cost / MILLION:,.2f} USD), {bill.not_understood:,} may be accelerators and"
        f" are not understood; cost is {bill.cost_column}",
        "",
        f"{'grade':12}{'place':10}{'days':>6}  {'first':12}{'last':12}{'accelerator-hours':>18}"
        f"{'cost USD':>18}{'USD an hour':>13}",
    ]
    for grade, place, days in _grouped(bill):
        hours, cost = sum(d.hours for d in days), sum(d.cost for d in days)
        price = f"{cost / hours:13.3f}" if hours > 0 else f"{'none':>13}"
        lines.append(
            f"{grade:12}{place:10}{len(days):6}  {days[0].day!s:12}{days[-1].day!s:12}"
            f"{hours / MILLION:18,.1f}{cost / MILLION:18,.2f}{price}"
        )
    if not bill.used:
        lines.append("  no hours of a graded accelerator")
    return "\n".join([*lines, "", *_left(bill), *_services(bill), *basis_words(basis, against)])


def _services(bill: Bill) -> list[str]:
    """What is taken for another service, the dearest first: where one is an accelerator after all,
    its words are seen here.
    """
    if not bill.services:
        return []
    lines = ["other services, the dearest first; one that is accelerators is named by --machines"]
    for one in bill.services[:SHOWN_SERVICES]:
        words = one.words.replace("\n", " ")
        lines.append(f"   {one.rows:8,} {one.cost / MILLION:16,.2f} USD  {words}")
    rest = bill.services[SHOWN_SERVICES:]
    if rest:
        cost = sum(one.cost for one in rest) / MILLION
        lines.append(f"   {sum(o.rows for o in rest):8,} {cost:16,.2f} USD  {len(rest)} more kinds")
    return [*lines, ""]


def _left(bill: Bill) -> list[str]:
    if not bill.left_out:
        return []
    lines = ["rows left out of the prices above"]
    for one in bill.left_out[:SHOWN_LEFT]:
        mark = " " if one.understood else "?"
        words = one.words.replace("\n", " ")
        first = f"; first in {one.first}" if one.first else ""
        lines.append(
            f" {mark} {one.rows:8,} {one.cost / MILLION:16,.2f} USD  {one.why}: {words}{first}"
        )
    rest = bill.left_out[SHOWN_LEFT:]
    if rest:
        cost = sum(one.cost for one in rest) / MILLION
        lines.append(f"   {sum(o.rows for o in rest):8,} {cost:16,.2f} USD  {len(rest)} more kinds")
    return [*lines, ""]


def basis_words(basis: BillBasis | None, against: str) -> list[str]:
    """What the bill is to the index, in sentences for whoever pays it."""
    if basis is None:
        return [f"no basis is shown: {against}"]
    dearer = "above" if basis.ratio >= 1 else "below"
    own = f"{abs(basis.ratio - 1):.1%} {dearer} the index"
    source = (
        f"from {basis.deviation_months} months"
        if basis.deviation_months
        else "from days, for there are fewer than three months"
    )
    lines = [
        f"own bill against {against}, {len(basis.days)} days from {basis.days[0]} to"
        f" {basis.days[-1]}",
        f"  level           {basis.ratio:.4f}: an hour was paid {own}",
        f"  deviation       {basis.deviation:.4f} of a month's ratio ({source})",
        f"  tracking error  {basis.tracking:.4f} USD an hour by day, {basis.tracking_share:.1%} of"
        " the index",
        _regressed("by day", "own price on index", basis.levels),
        _regressed("week to week", "changes of the means of weeks", basis.changes),
        _offset(basis),
        f"  In words: {following_words(basis)}.",
        _planned_on(basis),
    ]
    if basis.unpriced or basis.unfixed:
        lines.append(
            f"  left out: {basis.unpriced} days without hours or cost, {basis.unfixed} without a"
            " fixing"
        )
    heads = f"{'month':10}{'hours':>14}{'paid USD/h':>12}{'index USD/h':>12}{'ratio':>9}"
    rows = [
        f"  {one.month!s:10}{one.hours:14,.0f}{one.own:12.3f}{one.index:12.3f}"
        f"{one.own / one.index:9.3f}"
        for one in basis.months
    ]
    return [*lines, "", f"  {heads}", *rows]


def _offset(basis: BillBasis) -> str:
    found = offset_of(basis)
    if found is None:
        return "  dollar offset   none: there is one month, or the bill stands where it stood"
    inside = "within" if within_offset(found) else "NOT WITHIN"
    return (
        f"  dollar offset   {found:.1%} from {basis.months[0].month} to {basis.months[-1].month},"
        f" the index at the level over the bill: {inside} 80 to 125 %"
    )


def _planned_on(basis: BillBasis) -> str:
    """What of a move of the index a plan counts on."""
    found = following(basis, "")
    return (
        f"  A plan counts on {found.share:.0%} of a move of the index, at {basis.ratio:.4f} of it,"
        f" and on {found.deviation:.1%} a month of straying from that."
    )


def following_words(basis: BillBasis) -> str:
    """Whether the bill moves with the index, and what that means for a hedge on it."""
    found = following(basis, "")
    seen = found.fit
    if seen is None:
        return "the index never moved on these days, so they do not show whether the bill follows"
    over = "from week to week" if found.weekly else "over its days"
    if seen.r_squared >= CLOSE and seen.slope > 0:
        return f"the bill moves with the index {over}: a hedge on the index protects it"
    if seen.r_squared >= SOME and seen.slope > 0:
        return (
            f"the bill moves with the index {over} in part: a hedge on the index takes off that"
            " part, the rest stays yours"
        )
    return (
        f"the bill HARDLY MOVES with the index {over}, as one at a list price or under a commitment"
        " does not: a hedge on the index would add risk to it; plan only for hours whose price is"
        " still open"
    )


def _regressed(name: str, what: str, found: Regression | None) -> str:
    if found is None:
        return f"  {name:16}too few, or the index never moved"
    return (
        f"  {name:16}{what}: slope {found.slope:.3f} (error {found.slope_error:.3f}), R2"
        f" {found.r_squared:.3f}, {found.observations} pairs"
    )


def value(bill: Bill, basis: BillBasis | None, against: str) -> dict[str, Any]:
    """The bill for programs: whole millionths of hours and micro-dollars."""
    return {
        "focus": bill.version,
        "cost_column": bill.cost_column,
        "currency": "USD",
        "rows": bill.rows,
        "rows_used": bill.rows_used,
        "other_rows": bill.others,
        "other_cost_micro_dollars": bill.others_cost,
        "not_understood": bill.not_understood,
        "days": [
            {
                "day": one.day.isoformat(),
                "grade": one.grade,
                "location": one.location,
                "millionths_of_accelerator_hours": one.hours,
                "cost_micro_dollars": one.cost,
                "micro_dollars_an_hour": one.price,
            }
            for one in bill.used
        ],
        "left_out": [
            {
                "why": one.why,
                "words": one.words,
                "rows": one.rows,
                "cost_micro_dollars": one.cost,
                "understood": one.understood,
                "first": one.first,
            }
            for one in bill.left_out
        ],
        "other_services": [
            {"words": one.words, "rows": one.rows, "cost_micro_dollars": one.cost}
            for one in bill.services[:SHOWN_LEFT]
        ],
        "against": against,
        "basis": None if basis is None else basis_value(basis),
    }


def basis_value(basis: BillBasis) -> dict[str, Any]:
    """The basis for programs."""

    def fitted(found: Regression | None) -> dict[str, Any] | None:
        names = ("slope", "constant", "slope_error", "r_squared", "observations")
        return None if found is None else {name: getattr(found, name) for name in names}

    return {
        "days": len(basis.days),
        "first": basis.days[0].isoformat(),
        "last": basis.days[-1].isoformat(),
        "hours": basis.hours,
        "ratio": basis.ratio,
        "deviation": basis.deviation,
        "deviation_months": basis.deviation_months,
        "dollar_offset": offset_of(basis),
        "share_followed": following(basis, "").share,
        "tracking_error": basis.tracking,
        "tracking_share": basis.tracking_share,
        "levels": fitted(basis.levels),
        "changes": fitted(basis.changes),
        "months": [
            {"month": str(o.month), "hours": o.hours, "own": o.own, "index": o.index}
            for o in basis.months
        ],
    }


def basis_picture(basis: BillBasis, against: str) -> bytes:
    """Own price and index by day above, their ratio below; PNG."""
    # Loaded where something is drawn: a served house starts without it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 6.4))
    FigureCanvasAgg(figure)
    prices, ratios = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    prices.plot(basis.days, basis.own, color=OWN, lw=1.4, label="own bill")
    prices.plot(basis.days, basis.index, color=INDEX, lw=1.4, label="index")
    prices.set_ylabel("USD an accelerator-hour")
    prices.set_ylim(bottom=0)
    prices.legend(frameon=False)
    ratios.plot(basis.days, basis.own / basis.index, color=RATIO, lw=1.0)
    ratios.axhline(basis.ratio, color=OWN, lw=0.9, ls="--")
    ratios.set_ylabel("own bill / index")
    for axes in (prices, ratios):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#e6e6e6")
    figure.suptitle(f"Own bill against {against.partition(':')[0]}", x=0.09, ha="left")
    figure.autofmt_xdate()
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=120)
    return page.getvalue()

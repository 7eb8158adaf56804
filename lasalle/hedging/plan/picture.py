"""A plan as a picture, PNG bytes: cost with and without, position by month, causes, frontier."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from lasalle.hedging.plan.by_month import position_by_month
from lasalle.hedging.plan.causes import WORDS
from lasalle.hedging.plan.change_words import level_word
from lasalle.hedging.plan.planning import Plan
from lasalle.hedging.plan.tail import expected_shortfall
from lasalle.hedging.plan.telling import NOTICE, bare_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BARE, HEDGED, NEED = "#8a8a8a", "#1f6f8b", "#2b2b2b"
KINDS = {
    "future": "#1f6f8b",
    "swap": "#5aa9c4",
    "call": "#c8553d",
    "physical": "#3a7d44",
    "capacity": "#8fb996",
}
MILLION = 1e6


def picture(plan: Plan) -> bytes:
    """Four panels of a plan, every one of modelled scenarios."""
    # Loaded where something is drawn: a served house starts without it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12.5, 8.6))
    FigureCanvasAgg(figure)
    cost, position, causes, frontier = figure.subplots(2, 2).ravel()
    _cost(cost, plan)
    _position(position, plan)
    _causes(causes, plan)
    _frontier(frontier, plan)
    need = plan.need
    figure.suptitle(
        f"{need.name}: {need.grade}, start {need.first_start} to {need.last_start},"
        f" planned {plan.market.day}",
        x=0.05,
        y=0.975,
        ha="left",
        fontsize=14,
    )
    figure.text(
        0.05,
        0.018,
        f"{len(plan.costs_bare):,} scenarios, MODELLED. {NOTICE}",
        fontsize=9,
        color="#444444",
    )
    figure.subplots_adjust(left=0.185, right=0.975, top=0.89, bottom=0.10, hspace=0.36, wspace=0.22)
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=140)
    return page.getvalue()


def _cost(axes: Axes, plan: Plan) -> None:
    top = float(np.quantile(plan.costs_bare, 0.997)) / MILLION
    # What an unused hedge brings can make a cost less than nothing.
    low = min(0.0, float(min(plan.costs_bare.min(), plan.costs_hedged.min())) / MILLION)
    bins = np.linspace(low, top, 61).tolist()
    for costs, colour, word, level in (
        (plan.costs_bare, BARE, bare_word(plan), plan.bare.shortfall_95),
        (plan.costs_hedged, HEDGED, "hedged", plan.hedged.shortfall_95),
    ):
        axes.hist(costs / MILLION, bins=bins, color=colour, alpha=0.55, label=word)
        axes.axvline(level / MILLION, color=colour, linestyle="--", linewidth=1.6)
    axes.set_title("cost of the run (dashes: CVaR 95 %)", loc="left", fontsize=11)
    axes.set_xlabel("million USD")
    axes.set_ylabel("scenarios")
    axes.legend(frameon=False)


def _position(axes: Axes, plan: Plan) -> None:
    rows = [row for row in position_by_month(plan) if len(row) > 2 or row["needed"] > 0]
    names = [row["month"] for row in rows]
    floor = np.zeros(len(rows))
    for kind, colour in KINDS.items():
        height = np.array([row.get(kind, 0.0) for row in rows]) / 1e3
        if height.any():
            axes.bar(names, height, bottom=floor, color=colour, label=kind)
            floor = floor + height
    needed = np.array([row["needed"] for row in rows]) / 1e3
    axes.step(names, needed, where="mid", color=NEED, linewidth=1.6, label="expected need")
    axes.set_title("hours by month, thousand", loc="left", fontsize=11)
    axes.tick_params(axis="x", labelrotation=60, labelsize=8)
    axes.legend(frameon=False, fontsize=9)


def _causes(axes: Axes, plan: Plan) -> None:
    drawn = [one for one in WORDS if one in plan.causes_bare or one in plan.causes_hedged]
    words = [WORDS[cause] for cause in drawn]
    places = np.arange(len(words))
    for shift, causes, colour, word in (
        (-0.2, plan.causes_bare, BARE, bare_word(plan)),
        (0.2, plan.causes_hedged, HEDGED, "hedged"),
    ):
        amounts = [causes.get(cause, 0.0) / MILLION for cause in drawn]
        axes.barh(places + shift, amounts, height=0.38, color=colour, label=word)
    axes.set_yticks(places, words)
    axes.invert_yaxis()
    axes.axvline(0, color="#444444", linewidth=0.8)
    axes.set_title("what CVaR owes to each cause, million USD", loc="left", fontsize=11)
    axes.legend(frameon=False, fontsize=9, loc="best")


def _frontier(axes: Axes, plan: Plan) -> None:
    mean = [point.mean / MILLION for point in plan.frontier]
    shortfall = [point.shortfall / MILLION for point in plan.frontier]
    if mean:
        axes.plot(mean, shortfall, "o-", color=HEDGED, label="frontier")
    level = plan.need.risk.level
    for costs, colour, word in (
        (plan.costs_bare, BARE, bare_word(plan)),
        (plan.costs_hedged, NEED, "the plan"),
    ):
        # At the level of the need, as the frontier is.
        place = (costs.mean() / MILLION, expected_shortfall(costs, level) / MILLION)
        axes.plot(*place, "D", color=colour, label=word)
    axes.set_title("expected cost against CVaR, million USD", loc="left", fontsize=11)
    axes.set_xlabel("expected cost")
    axes.set_ylabel(level_word(plan))
    axes.legend(frameon=False, fontsize=9)

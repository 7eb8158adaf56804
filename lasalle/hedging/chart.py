"""The chart of the study as PNG bytes: cost by start date, one panel a plan."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from lasalle.contracts import Month
from lasalle.hedging.report import (
    CVAR_NAME,
    DELIVERY_NOTICE,
    STRATEGIES,
    TITLES,
    PlanReport,
    StudyReport,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {"unhedged": "#6b6b6b", "futures": "#1f6f8b", "futures_calls_swap": "#c8553d"}
MARKERS = {"unhedged": "o", "futures": "s", "futures_calls_swap": "^"}


def chart(report: StudyReport) -> bytes:
    """PNG of the cost of every start under each strategy; dashes mark the tail mean."""
    # Loaded where something is drawn: a served house starts without it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 6.4))
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(report.plans), squeeze=False)[0]
    dearest = max(o.greatest_cost for plan in report.plans for o in plan.outcomes.values())
    for axes, plan in zip(panels, report.plans, strict=True):
        _panel(axes, plan)
        axes.set_ylim(0, 1.06 * dearest / 1e12)  # one scale, so that the panels compare
    panels[0].set_ylabel("cost of the run, million USD")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(0.06, 0.925), ncols=4, frameon=False
    )
    word = "SIMULATED index" if report.simulated_index else "real index, GCP H100 spot"
    figure.suptitle(
        f"What the training run costs, by the day it starts ({word})",
        x=0.065,
        y=0.975,
        ha="left",
        fontsize=13,
    )
    figure.text(
        0.065,
        0.025,
        f"{report.model_notice}\nDashes: {CVAR_NAME}; starts overlap and are not independent.\n"
        f"{DELIVERY_NOTICE}",
        fontsize=8.5,
        color="#444444",
        va="bottom",
    )
    figure.subplots_adjust(left=0.065, right=0.975, top=0.80, bottom=0.21, wspace=0.11)
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=150)
    return page.getvalue()


def _panel(axes: Axes, plan: PlanReport) -> None:
    for name in STRATEGIES:
        outcome, colour = plan.outcomes[name], COLOURS[name]
        axes.plot(
            [start.start.toordinal() for start in outcome.starts],
            [start.cost / 1e12 for start in outcome.starts],
            color=colour,
            label=f"{TITLES[name]}",
            marker=MARKERS[name] if len(outcome.starts) < 60 else "",
            markersize=4,
            linewidth=1.6,
        )
        axes.axhline(outcome.cvar_cost / 1e12, color=colour, linestyle=(0, (5, 4)), linewidth=0.9)
    run, bare = plan.run, plan.outcomes["unhedged"].mean_cost
    saved = (bare - plan.outcomes["futures_calls_swap"].mean_cost) / 1e12
    word = "pays" if saved > 0 else "costs"
    axes.set_title(
        f"{run.name.capitalize()}: planned {run.plan_day} at "
        f"{plan.plan_price_micro_dollars / 1e6:.2f} USD an hour\n"
        f"futures + calls + swap: the hedge {word} {abs(saved):.1f} M USD on average",
        loc="left",
        fontsize=10,
    )
    axes.set_xlabel("start of the run")
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.7)
    axes.set_axisbelow(True)
    first, last = Month.of(run.first_start), Month.of(run.last_start)
    months = [first.plus(n) for n in range(last.minus(first) + 2)]
    axes.set_xticks([m.first_day.toordinal() for m in months], [str(m) for m in months])
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlim(months[0].first_day.toordinal() - 6, months[-1].first_day.toordinal() + 6)

"""The chart of the study as PNG bytes: cost by start date, one panel a plan."""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lasalle.hedging.report import CVAR_NAME, STRATEGIES, StudyReport

COLOURS = {"unhedged": "#8a8a8a", "futures": "#1f6f8b", "futures_calls_swap": "#c8553d"}


def chart(report: StudyReport) -> bytes:
    """PNG of the cost of every start under each strategy; dashes mark the tail mean."""
    figure = Figure(figsize=(12, 5.6), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(report.plans), squeeze=False)[0]
    for axes, plan in zip(panels, report.plans, strict=True):
        for name in STRATEGIES:
            outcome, colour = plan.outcomes[name], COLOURS[name]
            days = [start.start for start in outcome.starts]
            costs = [start.cost / 1e12 for start in outcome.starts]
            marker = "o" if len(days) < 40 else ""
            label = name.replace("_", " + ")
            axes.plot(days, costs, color=colour, label=label, marker=marker, markersize=3)
            axes.axhline(outcome.cvar_cost / 1e12, color=colour, linestyle="--", linewidth=0.8)
        axes.set_title(f"{plan.run.name}: planned {plan.run.plan_day}", loc="left")
        axes.set_xlabel("start of the run")
        axes.set_ylabel("cost, M USD")
        axes.set_ylim(bottom=0)
        axes.tick_params(axis="x", rotation=30)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].legend(frameon=False)
    word = "SIMULATED index" if report.simulated_index else "real index"
    figure.suptitle(
        f"Cost of the training run ({word}; hedge prices from the maker's model)\n"
        f"dashed: {CVAR_NAME}",
        fontsize=10,
    )
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=110)
    return page.getvalue()

"""Pictures of processes: what is expected with its quantiles, and the profile of reversion."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lasalle.pricing.processes import Fitted, PriceHistory, Process, Profile, Scenarios
from lasalle.pricing.processes.profile import FALL

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
COLOURS = ("#1f6f8b", "#c8553d", "#5b8c5a", "#6b6b6b")


def fan_chart(
    history: PriceHistory,
    fits: Sequence[Fitted[Process]],
    profile: Profile | None,
    days: int = 365,
) -> bytes:
    """PNG: a panel for each process with its central 50 and 90 %, and the profile beside."""
    count = len(fits) + (profile is not None)
    figure = Figure(figsize=(4.4 * count, 4.2))
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, count, squeeze=False)[0]
    for panel, fitted, colour in zip(panels, fits, COLOURS, strict=False):
        begin = fitted.fitted_on
        spans = np.linspace(1.0, days, 25)
        laws = [fitted.process.law(span / 365.0) for span in spans]
        rows = np.exp([[law.quantile(level) for level in LEVELS] for law in laws])
        dates = [begin + timedelta(days=float(span)) for span in spans]
        panel.plot(history.dates, history.prices, color="#222222", linewidth=1.1)
        for low, high, alpha in ((0, 4, 0.2), (1, 3, 0.35)):
            panel.fill_between(dates, rows[:, low], rows[:, high], color=colour, alpha=alpha, lw=0)
        panel.plot(dates, rows[:, 2], color=colour)
        panel.set_title(f"{fitted.name}: 50 and 90 %", loc="left", fontsize=10)
        panel.set_ylim(0.0, 1.15 * max(float(np.nanmax(history.prices)), float(rows[:, 4].max())))
        panel.tick_params(axis="x", rotation=35)
    if profile is not None:
        panel = panels[-1]
        panel.plot(profile.values, [-fall for fall in profile.falls], marker="o", color="#222222")
        panel.axhline(-FALL, linestyle="--", color="#c8553d")
        panel.set_xscale("log")
        panel.set_ylim(min(-6.0, -1.2 * FALL), 0.5)
        word = "told" if profile.told else "not told"
        panel.set_title(f"profile of {profile.name}: {word}", loc="left", fontsize=10)
        panel.set_xlabel(f"{profile.name}, {profile.unit}; above the dashes lies within 95 %")
    figure.suptitle(history.name, x=0.02, ha="left", fontsize=11)
    return _png(figure)


def scenario_chart(made: Scenarios, quantiles: Sequence[float]) -> bytes:
    """PNG: quantiles of each column's price by month."""
    count = len(made.columns)
    figure = Figure(figsize=(3.6 * count, 3.6))
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, count, squeeze=False)[0]
    for column, (panel, name) in enumerate(zip(panels, made.columns, strict=True)):
        rows = np.quantile(made.prices[:, :, column], quantiles, axis=0)
        dates: list[date] = list(made.months)
        panel.fill_between(dates, rows[0], rows[-1], alpha=0.25, color=COLOURS[0], lw=0)
        panel.plot(dates, rows[len(rows) // 2], color=COLOURS[0])
        panel.set_title(" ".join(name), fontsize=9, loc="left")
        panel.set_ylim(bottom=0.0)
        panel.tick_params(axis="x", rotation=35)
    return _png(figure)


def _png(figure: Figure) -> bytes:
    figure.tight_layout()
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=110)
    return page.getvalue()

"""An index drawn: a picture, and a page that answers the pointer and needs no network."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from importlib import resources
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lasalle.indices.record import Record, Row
from lasalle.indices.truth import said, stretches

INK, SHORT, MADE_UP = "#1f3a5f", "#b3261e", "#8a6d1f"


def picture(title: str, record: Record) -> bytes:
    """A PNG: fixings as steps, shortages marked, simulated stretches shaded and named, dates
    without a fixing left empty."""
    rows = record.current()
    figure = Figure(figsize=(10, 4.2), dpi=110)
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for run in _runs(rows):
        days: Any = [date.fromisoformat(r.fixing["day"]) for r in run]
        axes.step(days, [r.fixing["price"] / 1e6 for r in run], where="post", color=INK, lw=1.3)
    short = [r for r in rows if r.fixing["status"] == "shortage"]
    dates: Any = [date.fromisoformat(r.fixing["day"]) for r in short]
    axes.plot(
        dates,
        [r.fixing["price"] / 1e6 for r in short],
        ".",
        color=SHORT,
        label=f"shortage: {len(short)} dates",
    )
    _mark_made_up(axes, rows)
    axes.set_title("\n".join(filter(None, (title, said(rows)))), loc="left", fontsize=10)
    axes.set_ylabel("USD")
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    if short:
        axes.legend(frameon=False, fontsize=8)
    figure.tight_layout()
    sink = io.BytesIO()
    # No date and no program name in the file, so that the same record gives the same bytes.
    figure.savefig(sink, format="png", metadata={"Software": None})
    return sink.getvalue()


def _mark_made_up(axes: Any, rows: Sequence[Row]) -> None:
    """Shades each stretch of simulated fixings and writes the word over it."""
    for first, last in stretches(rows):
        days: Any = [date.fromisoformat(one.fixing["day"]) for one in (first, last)]
        axes.axvspan(days[0], days[1] + timedelta(days=1), color=MADE_UP, alpha=0.12, lw=0)
        axes.annotate(
            "simulated", (days[0], 0.97), xycoords=("data", "axes fraction"),
            xytext=(4, 0), textcoords="offset points", va="top", fontsize=9, color=MADE_UP,
        )  # fmt: skip


def page(title: str, record: Record) -> bytes:
    """A page of its own: drag to zoom, double click to go back, the pointer tells the date."""
    rows = record.current()
    found = [_point(row) for row in rows]
    template = (resources.files("lasalle.indices") / "chart.html").read_text(encoding="utf-8")
    content = json.dumps(found, separators=(",", ":")).replace("<", "\\u003c")
    told = template.replace("@TITLE@", escape(title)).replace("@SAID@", escape(said(rows)))
    return told.replace("@ROWS@", content).encode("utf-8")


def _point(row: Row) -> list[Any]:
    f = row.fixing
    says = ", ".join([f["rung"], *f["marks"], *([f["reason"]] if f["reason"] else [])])
    counted = [f["offers"], f["sources"]]
    return [f["day"], f["price"], f["status"], row.stage.value, says, *counted, int(f["simulated"])]


def _runs(rows: Sequence[Row]) -> list[list[Row]]:
    """Dates with a fixing, without a break."""
    runs: list[list[Row]] = [[]]
    for row in rows:
        if row.fixing["price"]:
            runs[-1].append(row)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]

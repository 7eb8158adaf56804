"""An index drawn: a picture, and a page that answers the pointer and needs no network."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from html import escape
from importlib import resources
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lasalle.indices.record import Record, Row

INK, SHORT = "#1f3a5f", "#b3261e"


def picture(title: str, record: Record) -> bytes:
    """A PNG: fixings as steps, shortages marked, dates without a fixing left empty."""
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
    axes.set_title(title, loc="left", fontsize=10)
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


def page(title: str, record: Record) -> bytes:
    """A page of its own: drag to zoom, double click to go back, the pointer tells the date."""
    found = [_point(row) for row in record.current()]
    template = (resources.files("lasalle.indices") / "chart.html").read_text(encoding="utf-8")
    content = json.dumps(found, separators=(",", ":")).replace("<", "\\u003c")
    return template.replace("@TITLE@", escape(title)).replace("@ROWS@", content).encode("utf-8")


def _point(row: Row) -> list[Any]:
    f = row.fixing
    says = ", ".join([f["rung"], *f["marks"], *([f["reason"]] if f["reason"] else [])])
    return [f["day"], f["price"], f["status"], row.stage.value, says, f["offers"], f["sources"]]


def _runs(rows: Sequence[Row]) -> list[list[Row]]:
    """Dates with a fixing, without a break."""
    runs: list[list[Row]] = [[]]
    for row in rows:
        if row.fixing["price"]:
            runs[-1].append(row)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]

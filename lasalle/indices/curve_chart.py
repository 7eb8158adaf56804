"""A published curve as PNG bytes: months with their band, and inputs over their months."""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lasalle.indices.curve import Curve, CurveInput, Place, Repriced

LINE, BAND, INPUT, WRONG = "#1f6f8b", "#cfe3ea", "#6b6b6b", "#c8553d"


def curve_chart(curve: Curve, note: str = "") -> bytes:
    """The months as steps over their band; an input stands over the months it averages."""
    figure = Figure(figsize=(11, 5.6))
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    _months(axes, curve)
    for one in curve.repricings:
        _input(axes, curve, one.input, one.held)
    axes.set_ylabel("USD per unit")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    every = max(1, len(curve.months) // 12)
    places = range(0, len(curve.months), every)
    axes.set_xticks(list(places), [str(curve.months[n].month) for n in places])
    axes.set_xlim(-0.6, len(curve.months) - 0.4)
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, 1.08), ncols=4, frameon=False)
    figure.suptitle(
        f"{curve.index}: forward curve of {curve.day}", x=0.065, y=0.975, ha="left", fontsize=13
    )
    wrong = [one.said() for one in curve.inconsistent]
    words = [
        f"Method {curve.method}, inputs {curve.input_sha256[:16]}. {note}".strip(),
        *(wrong[:2] or ["No input contradicts another."]),
    ]
    figure.text(0.065, 0.02, "\n".join(words), fontsize=8.5, color="#444444", va="bottom")
    figure.subplots_adjust(left=0.065, right=0.975, top=0.86, bottom=0.17)
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=150)
    return page.getvalue()


def _months(axes: Axes, curve: Curve) -> None:
    places = list(range(len(curve.months)))
    low, high = ([getattr(row, side) / 1e6 for row in curve.months] for side in ("low", "high"))
    axes.fill_between(places, low, high, step="mid", color=BAND, linewidth=0, label="band")
    forward = [row.forward / 1e6 for row in curve.months]
    axes.step(places, forward, where="mid", color=LINE, linewidth=1.8, label="forward")
    beyond = [n for n in places if curve.months[n].place is Place.BEYOND]
    if beyond:
        axes.axvspan(beyond[0] - 0.5, places[-1] + 0.5, color="#f4f4f4", zorder=-2)


def _input(axes: Axes, curve: Curve, one: CurveInput, held: Repriced) -> None:
    start = one.first.minus(curve.terms.first) - 0.4
    end = one.last.minus(curve.terms.first) + 0.4
    wrong = held is Repriced.INCONSISTENT
    label = "inconsistent input" if wrong else "input"
    known = {text.get_label() for text in axes.get_lines()} | {
        made.get_label() for made in axes.collections
    }
    level = (one.price or (one.bid + one.ask) / 2) / 1e6
    axes.hlines(
        level,
        start,
        end,
        colors=WRONG if wrong else INPUT,
        linewidth=1.6 if wrong else 0.9,
        linestyles="solid" if one.price else "dotted",
        label="_" if label in known else label,
    )

"""Walks forward as a picture, PNG bytes: the dearest twentieth by year of the plan, with the hedge
and without, and the mean.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lasalle.institution.walk_told import Walk

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BARE, HEDGED = "#8a8a8a", "#1f6f8b"
COLUMNS = 2


def chart(walks: Sequence[Walk]) -> bytes:
    """A panel a walk: bars are tails, diamonds means, million USD."""
    # Loaded where something is drawn: a served house starts without it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = max(1, -(-len(walks) // COLUMNS))
    figure = Figure(figsize=(11, 2.5 * rows + 0.8))
    FigureCanvasAgg(figure)
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axes in panels[len(walks) :]:
        axes.set_axis_off()
    for axes, walk in zip(panels, walks, strict=False):
        _panel(axes, walk)
    figure.suptitle(
        "Cost of the run by year of the plan, million USD: bars the dearest twentieth, diamonds"
        " the mean",
        x=0.06,
        ha="left",
        fontsize=11,
    )
    figure.tight_layout(rect=(0.02, 0.0, 1.0, 0.98))
    page = io.BytesIO()
    figure.savefig(page, format="png", dpi=80)
    return page.getvalue()


def _panel(axes: Axes, walk: Walk) -> None:
    years = [one for one in walk.years() if one.year]
    places = np.arange(len(years))
    for shift, colour, word, tails, means in (
        (-0.2, BARE, "bare", [y.bare_tail for y in years], [y.bare for y in years]),
        (0.2, HEDGED, "hedged", [y.hedged_tail for y in years], [y.hedged for y in years]),
    ):
        axes.bar(places + shift, np.array(tails) / 1e6, width=0.38, color=colour, label=word)
        axes.plot(
            places + shift, np.array(means) / 1e6, "D", color="white", markeredgecolor="#2b2b2b",
            markersize=4,
        )  # fmt: skip
    axes.set_xticks(places, [f"{one.year}" for one in years], fontsize=8)
    # Room above the bars for what they are.
    axes.set_ylim(top=1.25 * max(max(one.bare_tail, one.hedged_tail) for one in years) / 1e6)
    axes.set_title(walk.name, loc="left", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=7, ncols=2)

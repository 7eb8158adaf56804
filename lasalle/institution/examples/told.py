"""What an example says: labels of what is real, tables, sentences, a picture, a value."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lasalle.institution.settings import PRICES

COLOURS = ("#6b6b6b", "#1f6f8b", "#c8553d", "#7a9e3f")
VENUE = (
    "orders, fills, margin, calls, variation, settlement: commands sealed in a journal and decided"
    " by the core of a venue of its own, its clock driven"
)
NO_DELIVERY = (
    "physical delivery: what this story trades settles in cash; cash pays against the price and"
    " opens no hall, frees no machine and fills no shortage (run-example delivery delivers)"
)


@dataclass(frozen=True, slots=True)
class Labels:
    """What a reader is told first, a sentence each."""

    real: tuple[str, ...]
    modelled: tuple[str, ...]
    simulated: tuple[str, ...]
    assumed: tuple[str, ...]
    not_there: tuple[str, ...] = (NO_DELIVERY,)

    def rows(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Label and sentences, in the order they are read; what has none says so."""
        named = ("real", "modelled", "simulated", "assumed", "not_there")
        return tuple(
            (name.replace("_", " "), getattr(self, name) or ("nothing",)) for name in named
        )


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; numbers are in the unit the title says."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int, ...], ...]

    def lines(self) -> list[str]:
        """For people, the first column to the left."""
        cells = [self.columns, *(tuple(map(_cell, row)) for row in self.rows)]
        widths = [max(len(row[n]) for row in cells) for n in range(len(self.columns))]
        return [f"  {self.title}"] + [
            "    "
            + row[0].ljust(widths[0])
            + "".join(
                "  " + word.rjust(width) for word, width in zip(row[1:], widths[1:], strict=True)
            )
            for row in cells
        ]

    def value(self) -> list[dict[str, str | float | int]]:
        """For programs: a row each, by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart: a line or a group of bars for each name, over the same places."""

    title: str
    unit: str
    places: tuple[str, ...]
    series: Mapping[str, Sequence[float]]
    bars: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One example as it went."""

    name: str
    title: str
    labels: Labels
    tables: tuple[Table, ...]
    sentences: tuple[str, ...]
    panels: tuple[Panel, ...]
    figures: Mapping[str, Any]

    def text(self) -> str:
        """For people."""
        lines = [self.title, ""]
        for name, said in self.labels.rows():
            lines += [f"  {name:<10}{said[0]}", *(f"  {'':<10}{more}" for more in said[1:])]
        for table in self.tables:
            lines += ["", *table.lines()]
        return "\n".join([*lines, "", *self.sentences])

    def value(self) -> dict[str, Any]:
        """For programs; dollars."""
        return {
            "example": self.name,
            "labels": {name.replace(" ", "_"): list(said) for name, said in self.labels.rows()},
            "tables": {table.title: table.value() for table in self.tables},
            "sentences": list(self.sentences),
            **self.figures,
        }

    def picture(self) -> bytes:
        """PNG: the panels beside each other, the labels beneath."""
        figure = Figure(figsize=(6.2 * len(self.panels), 5.6))
        FigureCanvasAgg(figure)
        for axes, panel in zip(
            figure.subplots(1, len(self.panels), squeeze=False)[0], self.panels, strict=True
        ):
            _draw(axes, panel)
        figure.suptitle(self.title, x=0.05, y=0.97, ha="left", fontsize=12)
        beneath = "\n".join(f"{n}: {said[0]}" for n, said in self.labels.rows()[:3])
        figure.text(0.05, 0.02, beneath, fontsize=7.5, color="#444444", va="bottom")
        figure.subplots_adjust(left=0.08, right=0.975, top=0.84, bottom=0.24, wspace=0.22)
        page = io.BytesIO()
        figure.savefig(page, format="png", dpi=130)
        return page.getvalue()


def _cell(one: str | float | int) -> str:
    return one if isinstance(one, str) else f"{one:,.2f}" if isinstance(one, float) else f"{one:,}"


def _draw(axes: Axes, panel: Panel) -> None:
    width = 0.8 / max(len(panel.series), 1)
    for n, (name, values) in enumerate(panel.series.items()):
        colour = COLOURS[n % len(COLOURS)]
        if panel.bars:
            at = [place - 0.4 + width * (n + 0.5) for place in range(len(values))]
            axes.bar(at, list(values), width, color=colour, label=name)
        else:
            axes.plot(range(len(values)), list(values), color=colour, label=name, linewidth=1.6)
    step = max(1, len(panel.places) // 6)
    axes.set_xticks(range(0, len(panel.places), step), list(panel.places)[::step])
    axes.set_ylabel(panel.unit, fontsize=8)
    axes.set_title(panel.title, loc="left", fontsize=9)
    axes.tick_params(labelsize=8)
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=7.5)


def words_of(name: str) -> argparse.ArgumentParser:
    """Words that every such example has."""
    words = argparse.ArgumentParser(prog=f"lasalle run-example {name}")
    words.add_argument("--json", action="store_true", help="for programs")
    words.add_argument("--png", type=Path, default=Path(f"{name}.png"), help="the picture")
    words.add_argument("--prices", type=Path, default=PRICES, help="folder of price histories")
    words.add_argument("--quick", action="store_true", help="fewer months and branches")
    words.add_argument("--keep", type=Path, help="keeps the venues here, for lasalle verify")
    return words


def tell(story: Story, args: argparse.Namespace) -> int:
    """Standard output holds the report alone; the picture is a file."""
    args.png.write_bytes(story.picture())
    print(json.dumps(story.value(), indent=2) if args.json else story.text())
    print(f"Picture: {args.png}", file=sys.stderr)
    return 0

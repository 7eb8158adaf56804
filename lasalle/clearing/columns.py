"""Columns that a product brings of its own: a basis parts its two indices, a bounded week goes to
each of its floors and caps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lasalle.clearing.model import ScanRow, ScenarioLabel
from lasalle.contracts import Form, Month, Period, SeriesTerms, Symbol, parse_symbol
from lasalle.contracts.symbols import STRIKE_STEP_MICRO_DOLLARS
from lasalle.pricing import AverageTerms, difference_deviation
from lasalle.wire import ScenarioKind

FIRST_FUNDED, FUNDED_WEEKS = 2_001, 10
"""Scan groups of bounded weeks begin after those of the last family; so many weeks a family."""
BASIS_POINTS = ((1.0, 1.0), (-1.0, 1.0), (2.0, 0.35), (-2.0, 0.35))
"""Of SPAN's points those that a linear contract tells apart: ranges moved, weight of the loss."""


@dataclass(frozen=True, slots=True)
class Funding:
    """A week's columns: the average of the week at each of its levels, USD per unit."""

    block: Period
    row: ScanRow
    levels: tuple[float, ...]

    def labels(self) -> list[ScenarioLabel]:
        """One a level."""
        return [
            ScenarioLabel(ScenarioKind.SCAN, self.row.group, f"{self.row.name} at {level:.3f}")
            for level in self.levels
        ]


def fundings(name: str, group: int, series: Iterable[SeriesTerms]) -> list[Funding]:
    """Columns of every week a family lists: its floors and caps. A spread of bounded weeks is
    linear between them, so its worst is at one of them.
    """
    weeks: dict[Period, set[int]] = {}
    for one in series:
        if one.standard.symbol_form is Form.BOUNDED:
            symbol = parse_symbol(one.symbol)
            weeks.setdefault(symbol.period, set()).update(
                (symbol.floor_micro_dollars, symbol.cap_micro_dollars)
            )
    if len(weeks) > FUNDED_WEEKS:
        raise ValueError(f"weeks of {name}: expected at most {FUNDED_WEEKS}, found {len(weeks)}")
    return [
        Funding(
            block,
            ScanRow(
                FIRST_FUNDED + FUNDED_WEEKS * (group - 1) + n, 10_000, f"{name} {block}, funded"
            ),
            tuple(level / 1e6 for level in sorted(weeks[block])),
        )
        for n, block in enumerate(sorted(weeks))
    ]


def funded(loss: int) -> int:
    """What a table has for a loss that margin is to fund in full: the loss over the initial factor,
    towards zero, so that 1.10 of it is the loss and never more (CLR-080). Micro-dollars.
    """
    size = 10 * abs(loss) // 11
    return size if loss > 0 else -size


def funded_loss(series: SeriesTerms, level: float, mark_micro_dollars: int) -> int:
    """`funded` of what a lot loses from its mark to where a bounded week ends with its average at a
    level, so that a position alone is funded in full.
    """
    symbol = parse_symbol(series.symbol)
    end = min(max(round(level * 1e6), symbol.floor_micro_dollars), symbol.cap_micro_dollars)
    return funded((mark_micro_dollars - end) * series.hours_per_lot)


def funded_bounds(symbol: Symbol, mark_micro_dollars: int, units: int) -> tuple[int, int]:
    """Least and greatest loss of one long lot of a bounded week in any column: what it gains at the
    cap, and what it loses at the floor.
    """
    gain = (symbol.cap_micro_dollars - mark_micro_dollars) * units
    return -funded(gain), funded((mark_micro_dollars - symbol.floor_micro_dollars) * units)


def funded_at(
    labels: Sequence[ScenarioLabel], symbol: Symbol, losses: Sequence[int],
    marks: tuple[int, int], units: int,
) -> tuple[int, ...]:  # fmt: skip
    """Losses of a bounded week whose mark went from one to another, micro-dollars: it is funded
    from there. Its own columns say where the week ends, every other is kept within the bounds.
    """
    before, now = marks
    low, high = funded_bounds(symbol, now, units)
    own = {
        label.group
        for label, loss in zip(labels, losses, strict=True)
        if label.kind is ScenarioKind.SCAN and label.group >= FIRST_FUNDED and loss
    }

    def moved(loss: int) -> int:
        # Levels lie on the step of amounts, which is wider than what `funded` cut off.
        scale = 10 * units * STRIKE_STEP_MICRO_DOLLARS
        steps = (10 * units * before - 11 * loss + scale // 2) // scale
        return funded((now - steps * STRIKE_STEP_MICRO_DOLLARS) * units)

    return tuple(
        moved(loss) if label.kind is ScenarioKind.SCAN and label.group in own
        else min(max(loss, low), high) if label.kind is not ScenarioKind.SCAN
        else loss
        for label, loss in zip(labels, losses, strict=True)
    )  # fmt: skip


def parted(
    ranges: tuple[Mapping[Month, float], Mapping[Month, float]],
    curves: tuple[Mapping[Month, AverageTerms], Mapping[Month, AverageTerms]],
    correlation: float,
) -> dict[Month, tuple[float, float]]:
    """Log moves by which two indices part over a whole range of their difference: the one up and
    the other down, each by its own range times the share that correlation leaves.
    """
    found = {}
    for month in ranges[0]:
        sizes = [
            width[month] * curve[month].forward for width, curve in zip(ranges, curves, strict=True)
        ]
        together = difference_deviation(sizes[0], sizes[1], correlation)
        share = together / sum(sizes) if sum(sizes) > 0.0 else 0.0
        found[month] = (share * ranges[0][month], -share * ranges[1][month])
    return found

"""The cash that a hedge ties up along each scenario: margin of what lives, and variation paid."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lasalle.hedging.plan.instruments import Floats, Instrument
from lasalle.hedging.plan.scenarios import Scenarios
from lasalle.hedging.plan.tail import tail_rows

Rows = NDArray[np.intp]
BLOCK = 4
"""Times that are bounded together before a scenario is looked at time by time."""


class Cash:
    """Margin of a position at the table of the plan's day, lot by lot, which is no less than a
    house asks of the lots together, plus variation paid since that day, net of what came back.

    `fine` looks at the marks week by week, where scenarios have them: a fall that is made good by
    the end of its month was paid all the same. Within a week a path may stand lower still. They are
    kept in single precision: what a peak misses by it is a millionth.
    """

    def __init__(
        self, scenarios: Scenarios, instruments: Sequence[Instrument], hours: Floats, *, fine: bool
    ) -> None:
        alive = scenarios.weekly_alive if fine else None
        marks: Any = scenarios.weekly
        if alive is None or marks is None:
            alive, marks = scenarios.alive, scenarios.marks.transpose(2, 1, 0)
        months, self._times, self._count = marks.shape
        level = scenarios.curve.astype(marks.dtype)
        # A row a month, so that a product walks along memory.
        self._drop = (level[:, None, None] - marks).reshape(months, -1)
        self._hours = hours
        # A lot is margined as long as any of its months lives.
        carried = np.array([one.hours > 0 for one in instruments])
        living = alive.astype(np.float64) @ carried.T > 0
        self._long = np.where(living, [one.margin_long for one in instruments], 0.0)
        self._short = np.where(living, [one.margin_short for one in instruments], 0.0)

    def tied(self, lots: Floats) -> Floats:
        """Cash tied up by time and scenario (T, S), dollars; below 0 where more came back."""
        carried = lots @ self._hours
        which = np.flatnonzero(carried)
        margin = self._long @ np.maximum(lots, 0.0) + self._short @ np.maximum(-lots, 0.0)
        if not len(which):
            return np.broadcast_to(margin[:, None], (self._times, self._count))
        rows = self._drop[which] if len(which) < len(carried) else self._drop
        paid = carried[which].astype(rows.dtype) @ rows
        tied = paid.reshape(self._times, self._count)
        tied += margin[:, None].astype(tied.dtype)
        return np.asarray(tied)

    def peak(self, lots: Floats) -> tuple[Floats, Rows]:
        """Most cash tied up in each scenario, dollars (S,), never below 0, and at which time (S,);
        premium is not in it.
        """
        tied = self.tied(lots)
        when = tied.argmax(axis=0)
        most = tied[when, np.arange(len(when))].astype(np.float64)
        return np.maximum(most, 0.0), when

    @cached_property
    def _blocks(self) -> tuple[NDArray[Any], Floats]:
        """The deepest fall of each month within each block of times, (M, blocks x S), and the most
        margin a long lot has there, (blocks, n).
        """
        starts = np.arange(0, self._times, BLOCK)
        whole = self._drop.reshape(len(self._drop), self._times, self._count)
        deepest = np.maximum.reduceat(whole, starts, axis=1)
        return deepest.reshape(len(whole), -1), np.maximum.reduceat(self._long, starts, axis=0)

    @cached_property
    def _by_scenario(self) -> NDArray[Any]:
        """Falls with those of a scenario side by side, (S, M, T)."""
        whole = self._drop.reshape(len(self._drop), self._times, self._count)
        return np.ascontiguousarray(whole.transpose(2, 0, 1))

    def tail(self, lots: Floats, level: float) -> tuple[Rows, Floats, Rows]:
        """The scenarios of the greatest peaks, a share 1 - `level` of all; their peaks, and when.

        A long position ties up no more within a block of times than if each month were at its
        deepest there: those whose bound is among the greatest are looked at time by time, more of
        them until none that is left out can be in the tail.
        """
        wanted = max(1, round(self._count * (1 - level)))
        reach = 3 * wanted
        if reach >= self._count // 2 or np.any(lots < -1e-6):
            return self._whole_tail(lots, level)
        lots = np.maximum(lots, 0.0)
        bound = self._bounds(lots)
        while reach < self._count // 2:
            order = np.argpartition(bound, self._count - reach - 1)
            rows = order[self._count - reach :]
            peak, when = self._peak_of(lots, rows)
            best = np.argpartition(peak, reach - wanted)[reach - wanted :]
            # In single precision a bound may miss what it bounds by a millionth.
            if peak[best].min() >= bound[order[self._count - reach - 1]] * (1 + 1e-5):
                return rows[best], peak[best], when[best]
            reach *= 3
        return self._whole_tail(lots, level)

    def _whole_tail(self, lots: Floats, level: float) -> tuple[Rows, Floats, Rows]:
        peak, when = self.peak(lots)
        rows = tail_rows(peak, level)
        return rows, peak[rows], when[rows]

    def _bounds(self, lots: Floats) -> Floats:
        deepest, most = self._blocks
        carried = lots @ self._hours
        which = np.flatnonzero(carried)
        paid = carried[which].astype(deepest.dtype) @ (
            deepest[which] if len(which) < len(carried) else deepest
        )
        tied = paid.reshape(len(most), self._count)
        tied += (most @ lots)[:, None].astype(tied.dtype)
        return np.asarray(np.maximum(tied.max(axis=0), 0.0), dtype=np.float64)

    def _peak_of(self, lots: Floats, rows: Rows) -> tuple[Floats, Rows]:
        """Peaks of some scenarios, and when, for a long position."""
        falls = self._by_scenario[rows]
        tied = (lots @ self._hours).astype(falls.dtype) @ falls + (self._long @ lots)
        when = tied.argmax(axis=1)
        return np.maximum(tied[np.arange(len(rows)), when], 0.0).astype(np.float64), when

    def slope(self, rows: Rows, peak: Floats, when: Rows) -> tuple[Floats, Floats, Floats]:
        """How the mean peak over `rows`, each with its own, moves with a position, a long lot and a
        short lot, each (n,), dollars.
        """
        above = peak > 0
        tied, at = rows[above], when[above]
        share = len(tied) / len(rows)
        if not len(tied):
            none = np.zeros(len(self._hours))
            return none, none, none
        fallen = self._drop[:, at * self._count + tied].mean(axis=1, dtype=np.float64)
        return (
            share * self._hours @ fallen,
            share * self._long[at].mean(axis=0),
            share * self._short[at].mean(axis=0),
        )

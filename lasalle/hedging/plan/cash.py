"""The cash that a hedge ties up along each scenario: margin of what lives, and variation paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lasalle.hedging.plan.instruments import Floats, Instrument
from lasalle.hedging.plan.scenarios import Scenarios

Rows = NDArray[np.intp]


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
            alive, marks = scenarios.alive, scenarios.marks.transpose(2, 0, 1)
        months, self._count, self._times = marks.shape
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
        """Cash tied up by scenario and time, dollars; below 0 where more came back."""
        carried = lots @ self._hours
        which = np.flatnonzero(carried)
        margin = self._long @ np.maximum(lots, 0.0) + self._short @ np.maximum(-lots, 0.0)
        if not len(which):
            return np.broadcast_to(margin, (self._count, self._times))
        rows = self._drop[which] if len(which) < len(carried) else self._drop
        paid = carried[which].astype(rows.dtype) @ rows
        return np.asarray(paid.reshape(self._count, self._times) + margin)

    def peak(self, lots: Floats) -> tuple[Floats, Rows]:
        """Most cash tied up in each scenario, dollars (S,), never below 0, and at which time (S,);
        premium is not in it.
        """
        tied = self.tied(lots)
        when = tied.argmax(axis=1)
        return np.maximum(tied[np.arange(len(when)), when], 0.0), when

    def slope(self, rows: Rows, peak: Floats, when: Rows) -> tuple[Floats, Floats, Floats]:
        """How the mean peak over `rows` moves with a position, a long lot and a short lot, each
        (n,), dollars.
        """
        tied = rows[peak[rows] > 0]
        share = len(tied) / len(rows)
        if not len(tied):
            none = np.zeros(len(self._hours))
            return none, none, none
        at = when[tied]
        fallen = self._drop[:, tied * self._times + at].mean(axis=1, dtype=np.float64)
        return (
            share * self._hours @ fallen,
            share * self._long[at].mean(axis=0),
            share * self._short[at].mean(axis=0),
        )

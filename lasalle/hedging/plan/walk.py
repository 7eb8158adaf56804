"""A planner walked forward: plans made on what was known, judged by what came.

Each plan is bought on its day at the offers of that day and held until it settles; nothing is
rolled and nothing is sold, so that what is judged is the plan and no later skill. Starts overlap
and share one history: the figures are no probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from lasalle.contracts import Month
from lasalle.hedging.plan.drawing import PriceLaw, draw
from lasalle.hedging.plan.instruments import Instrument, Kind
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.need import Need
from lasalle.hedging.plan.optimiser import Hedge, Limits, Optimiser


@dataclass(frozen=True, slots=True)
class Bought:
    """A hedge as bought on a day: lots by instrument, and what they cost, dollars."""

    day: date
    months: tuple[Month, ...]
    instruments: tuple[Instrument, ...]
    hedge: Hedge

    def brought_in(self, settled: Mapping[Month, float]) -> float:
        """What the hedge brings when its months have settled, dollars, what it cost taken off.

        Raises KeyError where a month of a leg has not settled.
        """
        brought = -self.hedge.trading
        for one, lots in zip(self.instruments, self.hedge.lots, strict=True):
            if not lots:
                continue
            for month, hours in zip(self.months, one.hours, strict=True):
                if hours:
                    value = settled[month]
                    pays = max(value - one.strike, 0.0) if one.kind is Kind.CALL else value
                    brought += float(lots * hours * pays)
        return brought


@dataclass(frozen=True, slots=True)
class Judged:
    """One start of one plan, dollars: the bill as it came, and with what the hedge brought in."""

    planned: date
    start: date
    bare: float
    hedged: float


@dataclass(frozen=True, slots=True)
class Year:
    """The starts of a year: how many, means, the mean of the dearest tenth with and without
    the plan, and in what share of them the hedge lost, dollars.
    """

    year: int
    starts: int
    bare: float
    hedged: float
    bare_tail: float
    hedged_tail: float
    lost: float
    bare_spread: float
    hedged_spread: float


def buy(
    need: Need,
    day: date,
    curve: Mapping[Month, float],
    law: PriceLaw,
    instruments: Sequence[Instrument],
    limits: Limits,
    *,
    count: int = 2_000,
    seed: int = 1,
) -> Bought:
    """The hedge of least expected shortfall on what is known on a day, in whole lots."""
    drawn = draw(need, day, dict(curve), law, count=count, seed=seed)
    losses = Losses(drawn.factors.scenarios(drawn.terms), instruments)
    optimiser = Optimiser(losses, need.risk.level, tolerance=1e-4)
    hedge = optimiser.whole_lots(optimiser.least_shortfall(limits), limits)
    return Bought(day, drawn.factors.months, tuple(instruments), hedge)


def by_year(judged: Iterable[Judged], *, started: bool = False) -> list[Year]:
    """Starts by the year they were planned in, or began in where `started`, and all of them under
    the year 0.
    """
    rows = list(judged)
    dated = [(one.start if started else one.planned).year for one in rows]
    return [
        _year(year, [one for one, own in zip(rows, dated, strict=True) if year in (0, own)])
        for year in (*sorted(set(dated)), 0)
        if rows
    ]


def _year(year: int, rows: Sequence[Judged]) -> Year:
    bare = np.array([one.bare for one in rows])
    hedged = np.array([one.hedged for one in rows])
    tail = max(1, round(len(rows) / 10))
    return Year(
        year=year,
        starts=len(rows),
        bare=float(bare.mean()),
        hedged=float(hedged.mean()),
        bare_tail=float(np.sort(bare)[-tail:].mean()),
        hedged_tail=float(np.sort(hedged)[-tail:].mean()),
        lost=float(np.mean(hedged > bare)),
        bare_spread=float(bare.std()),
        hedged_spread=float(hedged.std()),
    )

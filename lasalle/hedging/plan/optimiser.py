"""The hedge of least expected shortfall, by cutting planes.

Expected shortfall is the dearest mean over any tail (Artzner and others 1999), so it lies above
the mean of every fixed tail, and cost is convex in the lots: each trial position gives one plane
under the true surface. A linear programme over the planes found so far gives the next trial and a
bound that no position can beat; it ends when best and bound meet. The method is Kelley's (1960) on
the aggregated form of Rockafellar and Uryasev (2000), as Künzi-Bay and Mayer (2006) show it: a
programme of a few hundred rows, where the plain one has a row a scenario. Planes stay true when
the bounds on mean, cash or premium move, so that a frontier starts from those of its last point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.master import Infeasible, Master
from lasalle.hedging.plan.tail import expected_shortfall, tail_rows

TRIALS = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan may not exceed, dollars; none where infinite.

    `cash` bounds the expected shortfall at `cash_level` of the most cash tied up, which is above
    its quantile there. `mean_cost` bounds the expected cost, trading included; `hours` the
    accelerator-hours of all cash contracts together.
    """

    premium: float = np.inf
    cash: float = np.inf
    cash_level: float = 0.99
    mean_cost: float = np.inf
    hours: float = np.inf


@dataclass(frozen=True, slots=True)
class Hedge:
    """A position and what it comes to, dollars.

    `lots` (n,) held after trading; `trading` what buying and selling costs, premium and fees
    included; `shortfall` and `mean` of total cost, trading included; `cash` the expected shortfall
    of the most cash tied up; `bound` the shortfall no admitted position can beat, at the same mean
    where that has a weight, minus infinity where least shortfall was not the question.
    """

    lots: Floats
    trading: float
    mean: float
    shortfall: float
    cash: float
    bound: float
    trials: int

    @property
    def gap(self) -> float:
        """How far the position may be from the best, as a share of its shortfall."""
        return (self.shortfall - self.bound) / max(abs(self.shortfall), 1.0)


__all__ = ["Hedge", "Infeasible", "Limits", "Optimiser"]


class Optimiser:
    """Plans over given losses; planes found for one question serve the next.

    With a `mean_weight` what is least is the shortfall and so many times the mean: a point of the
    frontier where the last dollar of mean takes so many dollars off the shortfall.
    """

    def __init__(
        self,
        losses: Losses,
        level: float = 0.95,
        tolerance: float = 1e-5,
        mean_weight: float = 0.0,
    ) -> None:
        if not 0 < level < 1:
            raise ValueError(f"level: expected above 0 and below 1, found {level}")
        self.losses = losses
        self.level = level
        self.tolerance = tolerance
        self._weight = mean_weight
        self._master = Master(losses.instruments, mean_weight)
        self._seen: dict[bytes, tuple[float, float, float]] = {}

    def measured(self, lots: Floats, limits: Limits) -> tuple[float, float, float]:
        """Mean and shortfall of cost and of cash for a position, trading left out; its planes are
        added. Cash is not looked at where it is not bounded, and is infinite then.
        """
        bounded = bool(np.isfinite(limits.cash))
        key = lots.tobytes() + repr((limits.cash_level, bounded)).encode()
        if key in self._seen:
            return self._seen[key]
        cost = self.losses.cost(lots)
        everything = np.arange(len(cost.values))
        mean = float(cost.values.mean())
        self._master.mean_plane(mean, self.losses.slope(cost, everything), lots)
        rows = tail_rows(cost.values, self.level)
        shortfall = float(cost.values[rows].mean())
        self._master.shortfall_plane(shortfall, self.losses.slope(cost, rows), lots)
        cash = np.inf
        if bounded:
            of = self.losses.cash_weekly
            rows, peak, when = of.tail(lots, limits.cash_level)
            cash = float(peak.mean())
            self._master.cash_plane(cash, *of.slope(rows, peak, when), lots)
        self._seen[key] = mean, shortfall, cash
        return self._seen[key]

    def traded(self, lots: Floats) -> Floats:
        """What moving each instrument to a position costs, premium and fees included (n,)."""
        return self._master.traded(lots)

    def trading(self, lots: Floats) -> tuple[float, float]:
        """What moving to a position costs, and the premium within it, dollars."""
        return self._master.trading(lots)

    def least_shortfall(self, limits: Limits, start: Floats | None = None) -> Hedge:
        """The position of least expected shortfall of cost within the limits, lots as fractions.

        Raises `Infeasible` where no position keeps them all.
        """
        self._master.set_limits(limits)
        if start is None:
            start = np.array([one.held for one in self.losses.instruments], dtype=np.float64)
        best: Hedge | None = None
        lots = start
        for trial in range(1, TRIALS + 1):
            found = self._hedge(lots, limits, trial)
            if self._better(found, best, limits):
                best = found
            bound, proposed = self._master.solve()
            if best is not None:
                best = replace(best, bound=bound - self._weight * best.mean, trials=trial)
                if best.gap <= self.tolerance:
                    return self._with_cash(best, limits)
            # A step between the best and the proposed one keeps the trials from swinging wide.
            steady = best is not None and trial % 4 != 0
            lots = 0.3 * proposed + 0.7 * best.lots if best is not None and steady else proposed
        if best is None:
            raise Infeasible("limits: no position was found that keeps them all")
        return self._with_cash(best, limits)

    def whole_lots(self, hedge: Hedge, limits: Limits, rounds: int = 12) -> Hedge:
        """The same question in whole lots, beginning from the answer in fractions.

        Each round solves the programme over the planes in whole lots and adds the planes of what it
        found; it ends when best and bound meet, or with the best of `rounds`. `gap` says how near
        the best it is. Raises `Infeasible` where no round finds a position within the limits.
        """
        self._master.set_limits(limits)
        best: Hedge | None = None
        bound = hedge.bound + self._weight * hedge.mean
        proposed: Floats = np.trunc(hedge.lots)
        for trial in range(1, rounds + 1):
            found = self._hedge(proposed, limits, trial)
            if self._better(found, best, limits):
                best = found
            if best is not None:
                best = replace(best, bound=bound - self._weight * best.mean)
                if best.gap <= self.tolerance:
                    break
            at_least, proposed = self._master.solve_whole(self.tolerance)
            bound = max(bound, at_least)
        if best is None:
            raise Infeasible("limits: no position in whole lots was found that keeps them all")
        best = replace(best, bound=bound - self._weight * best.mean)
        return self._with_cash(best, limits)

    def frontier(self, limits: Limits, points: int = 9) -> tuple[Hedge, ...]:
        """Positions from least mean cost to least shortfall, `points` of them, lots as fractions.

        The mean of cost is bounded at even steps between what the two ends come to.
        """
        if points < 2:
            raise ValueError(f"points: expected at least 2, found {points}")
        safest = self.least_shortfall(limits)
        cheapest = self._least_mean(limits, safest)
        found = [cheapest]
        for mean in np.linspace(cheapest.mean, safest.mean, points)[1:-1]:
            within = replace(limits, mean_cost=min(limits.mean_cost, float(mean)))
            found.append(self.least_shortfall(within, found[-1].lots))
        return (*found, safest)

    def _least_mean(self, limits: Limits, start: Hedge) -> Hedge:
        """The position of least mean cost within the limits."""
        self._master.set_limits(limits)
        self._master.aim("mean")
        try:
            lots, best = start.lots, start
            for trial in range(1, TRIALS + 1):
                found = self._hedge(lots, limits, trial)
                if self._kept(found, limits) and found.mean < best.mean:
                    best = replace(found, trials=trial)
                bound, lots = self._master.solve()
                if best.mean - bound <= self.tolerance * max(abs(best.mean), 1.0):
                    break
        finally:
            self._master.aim("shortfall")
        return self._with_cash(best, limits)

    def stated(self, lots: Floats) -> Hedge:
        """A position that was not sought but stated, and what it comes to; it has no bound."""
        return self._with_cash(self._hedge(lots, Limits(), 0), Limits())

    def keeps(self, lots: Floats, limits: Limits) -> bool:
        """Whether a position keeps the limits."""
        return self._kept(self._hedge(lots, limits, 0), limits)

    def aim(self, hedge: Hedge) -> float:
        """What is least in a plan, dollars: its shortfall, and its mean by its weight."""
        return hedge.shortfall + self._weight * hedge.mean

    def _better(self, found: Hedge, best: Hedge | None, limits: Limits) -> bool:
        return self._kept(found, limits) and (best is None or self.aim(found) < self.aim(best))

    def _with_cash(self, hedge: Hedge, limits: Limits) -> Hedge:
        """The same with its cash, where that was not bounded and so not looked at."""
        if np.isfinite(hedge.cash):
            return hedge
        peak, _ = self.losses.peak(hedge.lots)
        return replace(hedge, cash=expected_shortfall(peak, limits.cash_level))

    def _hedge(self, lots: Floats, limits: Limits, trial: int) -> Hedge:
        trading, _ = self._master.trading(lots)
        mean, shortfall, cash = self.measured(lots, limits)
        return Hedge(lots, trading, mean + trading, shortfall + trading, cash, -np.inf, trial)

    def _kept(self, hedge: Hedge, limits: Limits) -> bool:
        """Whether a position keeps the limits, to a millionth or a dollar (an hour): the programme
        itself is solved to a tenth of one.
        """
        _, premium = self._master.trading(hedge.lots)
        hours = float(self._master.cash_hours @ hedge.lots)
        return hours <= limits.hours * (1 + 1e-6) + 1.0 and all(
            value <= most + 1e-6 * max(1e6, abs(most))
            for value, most in (
                (premium, limits.premium),
                (hedge.cash, limits.cash),
                (hedge.mean, limits.mean_cost),
            )
            if np.isfinite(most)
        )

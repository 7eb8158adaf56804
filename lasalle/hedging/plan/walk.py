"""A planner walked forward: plans made on what was known, judged by what came.

Each plan is bought on its day at the offers of that day and held until it settles; nothing is
rolled and nothing is sold, so that what is judged is the plan and no later skill. Starts overlap
and share one history: the figures are no probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from lasalle.contracts import Month
from lasalle.hedging.plan.instruments import MARGINED, Floats, Instrument, Kind
from lasalle.hedging.plan.need import Need
from lasalle.hedging.plan.optimiser import Hedge
from lasalle.hedging.plan.planning import Plan

STARTS = 26
"""Starts a plan is judged by, as likely as one another under the dates its need states."""
DEAREST = 0.05
"""Share of the outcomes in the tail: what a plan lowers the mean of."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A hedge as bought on a day: lots by instrument, what they cost, dollars, and the forward
    curve it was bought on, dollars an hour (months,).
    """

    months: tuple[Month, ...]
    curve: Floats
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

    def peak_cash(
        self, marks: Iterable[Mapping[Month, float]], settled: Mapping[Month, float]
    ) -> float:
        """Most cash the hedge tied up, dollars: margin of what lived, at that of the plan's day,
        and variation paid, net of what came back. `marks` are forwards by month at each time, of
        the months that still traded; any other has settled.
        """
        hours = sum(
            (lots * one.hours for one, lots in self._legs() if one.kind in MARGINED),
            np.zeros(len(self.months)),
        )
        most = 0.0
        for seen in (dict(zip(self.months, map(float, self.curve), strict=True)), *marks):
            tied = sum(
                max(lots, 0.0) * one.margin_long
                for one, lots in self._legs()
                if any(held and m in seen for m, held in zip(self.months, one.hours, strict=True))
            )
            for month, carried, level in zip(self.months, hours, self.curve, strict=True):
                if carried:
                    mark = seen[month] if month in seen else settled[month]
                    tied += carried * (level - mark)
            most = max(most, float(tied))
        return most

    def _legs(self) -> list[tuple[Instrument, float]]:
        pairs = zip(self.instruments, self.hedge.lots, strict=True)
        return [(one, float(lots)) for one, lots in pairs if lots]


def bought(plan: Plan) -> Bought:
    """A plan as it is bought: every lot at the prices it supposes."""
    factors = plan.drawn.factors
    return Bought(factors.months, factors.curve, plan.instruments, plan.hedge)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A start and a size of the run, how likely the need holds the two, and its bill, dollars."""

    start: date
    chance: float
    bare: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan by what came, dollars: its outcomes, chances summing to 1; what the hedge brought in,
    its cost taken off; what the plan expected it to add to the cost; premium paid, and the most
    cash tied up, as the plan had it at 99 % and as it came.
    """

    planned: date
    outcomes: tuple[Outcome, ...]
    brought: float
    foreseen: float
    premium: float
    planned_cash: float
    cash: float

    @property
    def lost(self) -> bool:
        """Whether the run was dearer with the hedge, which is so for all its outcomes or none."""
        return self.brought < 0


def judge(
    plan: Plan,
    paid: Mapping[date, float],
    settled: Mapping[Month, float],
    marks: Iterable[Mapping[Month, float]],
) -> Judged:
    """A plan by the price of each day a run may last, what each month settled at, and the forwards
    in between; the bill is one for one with these prices. Raises KeyError where one is not known.
    """
    held, need = bought(plan), plan.need
    days = need.start.run_days
    hours = need.hours(float(held.curve[0]))
    found = []
    for first in starts(need):
        bill = hours / days * sum(paid[date.fromordinal(first + n)] for n in range(days))
        found += [
            Outcome(date.fromordinal(first), one.probability / STARTS, one.factor * bill)
            for one in need.size
        ]
    return Judged(
        planned=plan.market.day,
        outcomes=tuple(found),
        brought=held.brought_in(settled),
        foreseen=plan.hedged.mean - plan.bare.mean,
        premium=plan.hedged.premium,
        planned_cash=plan.hedged.cash_99,
        cash=held.peak_cash(marks, settled),
    )


def starts(need: Need) -> list[int]:
    """Days a run may start on, as ordinals: the middles of `STARTS` equal shares of chance."""
    return [int(day) for day in need.starts((np.arange(STARTS) + 0.5) / STARTS)]


@dataclass(frozen=True, slots=True)
class Year:
    """The plans of a year, dollars: how many, and weighted by the chances of their outcomes mean,
    tail and worst of the cost with and without the hedge, and in what share it lost; of its plans
    the mean of what they expected the hedge to add and of the premium, the most cash tied up on
    average and at most, and in how many that was above a budget.
    """

    year: int
    plans: int
    bare: float
    hedged: float
    bare_tail: float
    hedged_tail: float
    bare_worst: float
    hedged_worst: float
    lost: float
    foreseen: float
    premium: float
    cash: float
    most_cash: float
    above_budget: int


def by_year(judged: Iterable[Judged], budget: float, *, started: bool = False) -> list[Year]:
    """Plans by the year they were made in, or outcomes by that they began in where `started`, and
    all of them under the year 0; `budget` of cash, dollars.
    """
    rows = [
        (one.start.year if started else plan.planned.year, plan, one)
        for plan in judged
        for one in plan.outcomes
    ]
    years = sorted({year for year, _, _ in rows})
    return [
        _year(year, [(plan, one) for own, plan, one in rows if year in (0, own)], budget)
        for year in (*years, 0)
        if rows
    ]


def _year(year: int, rows: list[tuple[Judged, Outcome]], budget: float) -> Year:
    chance = np.array([one.chance for _, one in rows])
    bare = np.array([one.bare for _, one in rows])
    hedged = bare - np.array([plan.brought for plan, _ in rows])
    plans = list({id(plan): plan for plan, _ in rows}.values())
    cash = [plan.cash for plan in plans]
    return Year(
        year=year,
        plans=len(plans),
        bare=float(np.average(bare, weights=chance)),
        hedged=float(np.average(hedged, weights=chance)),
        bare_tail=tail_mean(bare, chance),
        hedged_tail=tail_mean(hedged, chance),
        bare_worst=float(bare.max()),
        hedged_worst=float(hedged.max()),
        lost=float(np.average([plan.lost for plan, _ in rows], weights=chance)),
        foreseen=float(np.mean([plan.foreseen for plan in plans])),
        premium=float(np.mean([plan.premium for plan in plans])),
        cash=float(np.mean(cash)),
        most_cash=max(cash),
        above_budget=sum(one > budget for one in cash),
    )


def tail_mean(costs: Floats, chance: Floats) -> float:
    """Mean of the dearest twentieth by chance; the outcome at its edge counts with what is left."""
    order = np.argsort(-costs, kind="stable")
    left = DEAREST * chance.sum()
    before = np.concatenate(([0.0], np.cumsum(chance[order])[:-1]))
    taken = np.clip(left - before, 0.0, chance[order])
    return float(costs[order] @ taken / left)

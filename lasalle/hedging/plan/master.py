"""The linear programme over the planes found so far, kept in HiGHS and solved anew from its last
basis.

Columns: a lot bought or sold at each step of each ladder, the long and the short side of each
margined position, and three values that the planes hold up: mean of cost, its expected shortfall,
expected shortfall of cash. Money counts in millions of dollars, so that the numbers stay near one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from numpy.typing import NDArray

from lasalle.hedging.plan.instruments import CASH, Floats, Instrument, Kind

if TYPE_CHECKING:
    from lasalle.hedging.plan.optimiser import Limits

HIGHS: Any = highspy.Highs  # its stubs leave the constructor without types
MILLION = 1e6
PREMIUM = (Kind.CALL, Kind.CAPACITY)
# Planes need a floor to stand on before the first of them: no plan costs less than this, dollars.
FLOOR = -1e13
# Whole lots lose little to fractions; past this a round ends with what it has.
WHOLE_SECONDS = 2.0


class Infeasible(ValueError):
    """No position keeps all the limits."""


class Master:
    """The programme and its columns; a dollar of mean cost counts `mean_weight` beside one of its
    shortfall.
    """

    def __init__(self, instruments: Sequence[Instrument], mean_weight: float = 0.0) -> None:
        self._mean_weight = mean_weight
        self._instruments = tuple(instruments)
        self._optional = np.array([one.kind in PREMIUM for one in instruments])
        self.cash_hours: Floats = np.array(
            [one.lot_hours if one.kind in CASH else 0.0 for one in instruments]
        )
        """Accelerator-hours of a lot of what settles in cash, none of what is delivered (n,)."""
        self._held = np.array([one.held for one in instruments], dtype=np.float64)
        owner, sign, price, most = [], [], [], []
        for n, one in enumerate(instruments):
            for direction, ladder in ((1.0, one.asks), (-1.0, one.bids)):
                for level in ladder:
                    owner.append(n)
                    sign.append(direction)
                    price.append(direction * level.price * one.lot_hours + one.fee)
                    most.append(level.lots)
        self._owner = np.array(owner, dtype=np.int64)
        self._sign = np.array(sign)
        self._price = np.array(price)
        self._most = np.array(most)
        self._steps = len(owner)
        self._ladders = {up: [self._ladder(n, up) for n in range(len(instruments))]
                         for up in (False, True)}  # fmt: skip
        self._long = self._steps + np.arange(len(self._instruments))
        self._short = self._long + len(self._instruments)
        self._mean = self._steps + 2 * len(self._instruments)
        self._shortfall, self._cash = self._mean + 1, self._mean + 2
        self._highs = HIGHS()
        self._highs.setOptionValue("output_flag", False)
        self._build()

    def _ladder(self, n: int, up: bool) -> tuple[Floats, Floats]:
        """Lots at the end of each step of a ladder, and what they cost up to there, from 0 on."""
        steps = (self._owner == n) & (self._sign == (1.0 if up else -1.0))
        most, price = self._most[steps], self._price[steps]
        return np.r_[0.0, np.cumsum(most)], np.r_[0.0, np.cumsum(most * price)]

    def _build(self) -> None:
        infinite = highspy.kHighsInf
        for most in self._most:
            self._highs.addVar(0.0, float(most))
        for _ in range(2 * len(self._instruments)):
            self._highs.addVar(0.0, infinite)
        for _ in range(3):
            self._highs.addVar(FLOOR / MILLION, infinite)
        # Row n: position of instrument n is its long less its short side.
        for n, one in enumerate(self._instruments):
            steps = np.flatnonzero(self._owner == n)
            index = np.r_[steps, self._long[n], self._short[n]]
            value = np.r_[self._sign[steps], -1.0, 1.0]
            self._row(-one.held, -one.held, index, value)
            self._bounds(int(self._long[n]), 0.0, max(0.0, one.most_lots))
            self._bounds(int(self._short[n]), 0.0, max(0.0, -one.least_lots))
        self._premium_row = len(self._instruments)
        bought = self._premium_steps()
        self._row(-infinite, infinite, bought, self._price[bought] / MILLION)
        self._mean_row = self._premium_row + 1
        steps = np.arange(self._steps)
        self._row(-infinite, infinite, np.r_[steps, self._mean], np.r_[self._price / MILLION, 1.0])
        self._hours_row = self._mean_row + 1
        carried = np.r_[self.cash_hours, -self.cash_hours] / MILLION
        self._row(-infinite, infinite, np.r_[self._long, self._short], carried)
        self.aim("shortfall")

    def aim(self, at: str) -> None:
        """What is to be least, trading included: `shortfall`, with the weight of the mean, or
        `mean`.
        """
        weight = {"shortfall": self._mean_weight, "mean": 1.0}[at]
        costs = np.zeros(self._cash + 1)
        costs[self._mean] = weight
        costs[self._shortfall] = 1.0 if at == "shortfall" else 0.0
        costs[: self._steps] = (costs[self._mean] + costs[self._shortfall]) * self._price / MILLION
        index = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(index), index, costs)

    def _premium_steps(self) -> NDArray[np.intp]:
        return np.flatnonzero(self._optional[self._owner])

    def _row(self, low: float, high: float, index: NDArray[np.int64], value: Floats) -> None:
        self._highs.addRow(low, high, len(index), index.astype(np.int32), value.astype(np.float64))

    def _bounds(self, column: int, low: float, high: float) -> None:
        self._highs.changeColBounds(column, low, high)

    def set_limits(self, limits: Limits) -> None:
        """Bounds on premium, mean cost and cash, dollars, and hours of cash contracts."""
        infinite = highspy.kHighsInf
        self._highs.changeRowBounds(self._premium_row, -infinite, limits.premium / MILLION)
        self._highs.changeRowBounds(self._mean_row, -infinite, limits.mean_cost / MILLION)
        self._highs.changeRowBounds(self._hours_row, -infinite, limits.hours / MILLION)
        self._bounds(self._cash, 0.0, limits.cash / MILLION)

    def _plane(self, column: int, value: float, slope: Floats, lots: Floats) -> None:
        """value + slope . (position - lots) <= column."""
        index = np.r_[self._long, self._short, column]
        scaled = slope / MILLION
        self._row(
            (value - float(slope @ lots)) / MILLION,
            highspy.kHighsInf,
            index,
            np.r_[-scaled, scaled, 1.0],
        )

    def mean_plane(self, mean: float, slope: Floats, lots: Floats) -> None:
        """Mean cost at a position, trading left out, and its slope in lots."""
        self._plane(self._mean, mean, slope, lots)

    def shortfall_plane(self, shortfall: float, slope: Floats, lots: Floats) -> None:
        """Expected shortfall of cost at a position, trading left out, and its slope in lots."""
        self._plane(self._shortfall, shortfall, slope, lots)

    def cash_plane(
        self, cash: float, slope: Floats, long: Floats, short: Floats, lots: Floats
    ) -> None:
        """Expected shortfall of cash at a position, its slope in lots, and in long and short
        lots.
        """
        at = slope @ lots + long @ np.maximum(lots, 0.0) + short @ np.maximum(-lots, 0.0)
        # Nothing ties up nothing: single precision alone says more, and would leave no plan to
        # whoever has no cash.
        self._row(
            min(cash - float(at), 0.0) / MILLION,
            highspy.kHighsInf,
            np.r_[self._long, self._short, self._cash],
            np.r_[-(slope + long), slope - short, MILLION] / MILLION,
        )

    def solve(self) -> tuple[float, Floats]:
        """Least shortfall over the planes, dollars, and its position.

        Raises `Infeasible` where the limits admit none.
        """
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise Infeasible(f"limits: no position keeps them all ({status.name[1:].lower()})")
        return float(self._highs.getObjectiveValue()) * MILLION, self._position()

    def _position(self) -> Floats:
        found: Floats = np.array(self._highs.getSolution().col_value, dtype=np.float64)
        return np.asarray(found[self._long] - found[self._short])

    def solve_whole(self, tolerance: float) -> tuple[float, Floats]:
        """As `solve`, positions in whole lots, to a relative gap of `tolerance`."""
        columns = np.r_[self._long, self._short].astype(np.int32)
        kinds = (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous)
        self._highs.setOptionValue("mip_rel_gap", tolerance)
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + WHOLE_SECONDS)
        for kind in kinds:
            self._highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), kind))
            if kind == kinds[0]:
                self._highs.run()
                found, lots = self._highs.getInfo(), np.round(self._position())
        self._highs.setOptionValue("time_limit", highspy.kHighsInf)
        return float(found.mip_dual_bound) * MILLION, lots

    def traded(self, lots: Floats) -> Floats:
        """What moving each instrument from what is held to a position costs, dollars (n,).

        Raises ValueError where a ladder is too short.
        """
        cost, change = np.zeros(len(lots)), lots - self._held
        for n in np.flatnonzero(change):
            wanted = abs(float(change[n]))
            most, paid = self._ladders[change[n] > 0][n]
            if wanted - most[-1] > 1e-6 * max(1.0, wanted):
                raise ValueError(
                    f"{self._instruments[n].symbol}: lots: expected at most {most[-1]:g} to trade,"
                    f" found {wanted:g}"
                )
            cost[n] = np.interp(wanted, most, paid)
        return cost

    def trading(self, lots: Floats) -> tuple[float, float]:
        """What moving to a position costs, and the premium within it, dollars."""
        cost = self.traded(lots)
        return float(cost.sum()), float(cost[self._optional].sum())

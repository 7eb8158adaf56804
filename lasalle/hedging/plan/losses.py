"""The cost of a need under each scenario, and the cash its hedge ties up, both convex in the lots.

Cost is the bill less what the hedge brings in; the prices paid for the hedge are left out, for they
do not depend on the scenario and the optimiser adds them as they are. What is held already was paid
for: a future stands at the mark of the plan's day, a premium is spent. Hours delivered or callable
serve the need first where that is worth most; what is left over is resold, or not called. That use
is the optimum of a small linear programme, so cost is convex in the lots and its slopes are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lasalle.hedging.plan.cash import Cash, Rows
from lasalle.hedging.plan.instruments import MARGINED, Floats, Instrument, Kind
from lasalle.hedging.plan.scenarios import Scenarios

EVERY = slice(None)


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost by scenario, dollars (S,), and what the last hour needed saves, dollars an hour, by
    month of need (entries,).
    """

    values: Floats
    marginal: Floats


class _Uses:
    """What an hour put to the need is worth above the same hour idle, by month of need.

    An entry is a scenario and a month in which the run needs hours. An offer is what serves it:
    all hours bought forward together, and each right by itself.
    """

    def __init__(self, scenarios: Scenarios, instruments: Sequence[Instrument]) -> None:
        self.rows, self.months = np.nonzero(scenarios.needed)
        at = self.rows, self.months
        self.needed = scenarios.needed[at]
        self.kept = scenarios.kept[at]
        dear, resold = (scenarios.paid + scenarios.lost)[at], scenarios.resold[at]
        forward = [n for n, one in enumerate(instruments) if one.kind is Kind.PHYSICAL]
        self.owners = [forward] if forward else []
        benefits = [dear - resold] if forward else []
        for n, one in enumerate(instruments):
            if one.kind is Kind.CAPACITY:
                self.owners.append([n])
                idle = np.maximum(resold - one.strike, 0.0)
                benefits.append(np.maximum(dear - one.strike, 0.0) - idle)
        self.benefits = np.array(benefits).reshape(len(benefits), len(self.rows))
        self._best_first = np.argsort(-self.benefits, axis=0, kind="stable")

    def saved(self, hours: Floats) -> tuple[Floats, Floats, Floats]:
        """Dollars saved in each entry by offers of (offers, months) hours; what the last hour
        needed saves, 0 where the need is not met; hours of need that no offer serves.
        """
        offered = hours[:, self.months] * self.kept
        left = self.needed.copy()
        saved, marginal = np.zeros_like(left), np.zeros_like(left)
        for which in self._best_first:
            amount = np.take_along_axis(offered, which[None], 0)[0]
            benefit = np.take_along_axis(self.benefits, which[None], 0)[0]
            saved += np.minimum(amount, left) * benefit
            reached = (amount >= left) & (left > 0)
            marginal[reached] = benefit[reached]
            left = np.maximum(left - amount, 0.0)
        return saved, marginal, left


class Losses:
    """Cost and cash of positions in given instruments under given scenarios."""

    def __init__(self, scenarios: Scenarios, instruments: Sequence[Instrument]) -> None:
        for one in instruments:
            if one.hours.shape != (scenarios.months,):
                raise ValueError(
                    f"{one.symbol}: hours: expected {scenarios.months} months,"
                    f" found {one.hours.shape[0]}"
                )
        self.scenarios = scenarios
        self.instruments = tuple(instruments)
        self._hours = np.array([one.hours for one in instruments]).reshape(-1, scenarios.months)
        self._uses = _Uses(scenarios, self.instruments)
        # Months of which a lot carries no hours bring nothing, and are most of them.
        carried = [np.flatnonzero(one.hours) for one in self.instruments]
        idle = [self._idle_by_month(one, which).sum(axis=1)
                for one, which in zip(self.instruments, carried, strict=True)]  # fmt: skip
        self._payoff: Floats = np.array(idle).T.copy()
        dear = scenarios.paid + scenarios.lost
        margined = np.array([one.kind in MARGINED for one in self.instruments])
        self._margined_hours = np.where(margined[:, None], self._hours, 0.0)
        held = np.array([one.held for one in self.instruments])
        # A future held stands at the mark of the day: from there on it brings the change alone.
        owed = float(held @ self._margined_hours @ scenarios.curve)
        self._bill: Floats = (scenarios.needed * dear).sum(axis=1) + owed

    def _idle_by_month(self, one: Instrument, months: Rows | slice = EVERY) -> Floats:
        """What a lot brings that serves no need in some months, (S, M), dollars; the price paid for
        it left out.
        """
        given, hours = self.scenarios, one.hours[months]
        settled = given.settled[:, months]
        if one.kind in MARGINED:
            return np.asarray(settled * hours)
        if one.kind is Kind.CALL:
            return np.asarray(np.maximum(settled - one.strike, 0.0) * hours)
        strike = one.strike if one.kind is Kind.CAPACITY else 0.0
        kept, paid, resold = (x[:, months] for x in (given.kept, given.paid, given.resold))
        idle = kept * np.maximum(resold - strike, 0.0)
        missed = (1.0 - kept) * given.made_good * np.maximum(paid - strike, 0.0)
        return np.asarray((idle + missed) * hours)

    def _offered(self, lots: Floats) -> Floats:
        """Hours by offer and month."""
        return np.array([lots[owned] @ self._hours[owned] for owned in self._uses.owners])

    def cost(self, lots: Floats) -> Cost:
        """Cost of every scenario for positions (n,), prices paid for them left out."""
        values = self._bill - self._payoff @ lots
        uses = self._uses
        if not uses.owners:
            return Cost(values, np.zeros(0))
        saved, marginal, _ = uses.saved(self._offered(lots))
        values -= np.bincount(uses.rows, saved, minlength=len(values))
        return Cost(values, marginal)

    def slope(self, cost: Cost, rows: Rows) -> Floats:
        """How the mean of cost over `rows` moves with each lot, (n,), dollars."""
        found: Floats = -self._payoff[rows].mean(axis=0)
        uses = self._uses
        if not uses.owners:
            return found
        among = np.zeros(len(cost.values), dtype=bool)
        among[rows] = True
        entries = among[uses.rows]
        months, kept = uses.months[entries], uses.kept[entries]
        for owned, benefit in zip(uses.owners, uses.benefits, strict=True):
            used = kept * np.maximum(benefit[entries] - cost.marginal[entries], 0.0)
            by_month = np.bincount(months, used, minlength=self.scenarios.months)
            found[owned] -= self._hours[owned] @ by_month / len(rows)
        return found

    def uncovered(self, lots: Floats) -> Floats:
        """Hours the need must find on the spot (S, M), those of rights that are worth calling being
        called.
        """
        given, uses = self.scenarios, self._uses
        if not uses.owners:
            return given.needed
        left = np.zeros_like(given.needed)
        left[uses.rows, uses.months] = uses.saved(self._offered(lots))[2]
        return left

    def payments(self, lots: Floats, traded: Floats) -> Floats:
        """Net payments by month (S, M), dollars: the bill, variation as it falls, settlement and
        hours as their months come, premium at once; `traded` is what each instrument cost (n,).
        Deposits of margin are left out. They sum to cost and trading.
        """
        given, uses = self.scenarios, self._uses
        found = given.needed * (given.paid + given.lost)
        if uses.owners:
            np.subtract.at(found, (uses.rows, uses.months), uses.saved(self._offered(lots))[0])
        for one, held, paid in zip(self.instruments, lots, traded, strict=True):
            if one.kind in MARGINED:
                # Bought off the mark: the difference is variation of the first evening.
                bought = held - one.held
                found[:, 0] += paid - bought * float(given.curve @ one.hours)
                continue
            found -= held * self._idle_by_month(one)
            if one.kind is Kind.PHYSICAL:
                found += paid * one.hours / one.lot_hours
            else:
                found[:, 0] += paid
        carried = lots @ self._margined_hours
        month_of = given.alive.argmax(axis=1)
        last = np.broadcast_to(given.curve, given.settled.shape)
        for time, month in enumerate(month_of):
            found[:, month] -= (given.marks[:, time] - last) @ carried
            last = given.marks[:, time]
        return np.asarray(found - (given.settled - last) * carried)

    @cached_property
    def cash_weekly(self) -> Cash:
        """Cash tied up at the finest times of the scenarios."""
        return Cash(self.scenarios, self.instruments, self._margined_hours, fine=True)

    @cached_property
    def cash_monthly(self) -> Cash:
        """Cash tied up as seen at the times of `marks` alone."""
        return Cash(self.scenarios, self.instruments, self._margined_hours, fine=False)

    def peak(self, lots: Floats) -> tuple[Floats, Rows]:
        """Most cash the hedge ties up in each scenario, dollars (S,), and at which time (S,)."""
        return self.cash_weekly.peak(lots)

    def peak_slope(self, rows: Rows, peak: Floats, when: Rows) -> tuple[Floats, Floats, Floats]:
        """How the mean peak over `rows` moves with a position, a long lot and a short lot, each
        (n,), dollars.
        """
        return self.cash_weekly.slope(rows, peak[rows], when[rows])

"""What becomes of a plan as the date becomes clearer: held, rolled, or moved to where the run is
then expected; each simulated along the scenarios by its rule, beside the others.

At the end of each month it is known whether the run has been called: its date and size are known
`notice_days` before its start, and until then only that they have not been. What is expected then
is the mean over the scenarios that cannot be told apart by that. The rules move futures alone, in
whole lots and never below none; calls and hours stay, counted at their price delta. Later trades
are at the marks of the month's end, worked over a month of books like those of the plan's day: they
pay half their spread, fees, and the impact of the need beyond that depth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lasalle.contracts import hours
from lasalle.hedging.plan.board import Quoted
from lasalle.hedging.plan.drawing import Drawn
from lasalle.hedging.plan.instruments import MARGINED, Floats, Instrument, Kind
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.need import Need, Policy
from lasalle.hedging.plan.tail import expected_shortfall
from lasalle.hedging.plan.weeks import DAYS_PER_YEAR
from lasalle.pricing.black import black_measures

WORKING_DATES = 20
"""A turn is worked over the month that follows: so many dates, a book of the plan's day on each."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Programme:
    """What a policy comes to over all scenarios, dollars: of total cost its mean, its shortfall at
    the level of the need, at 95 % and at 99 %; `revising` the mean cost of its later trades, and
    `moved` the hours they trade on average; `cash_99` as in the measures of a plan.
    """

    policy: Policy
    mean: float
    shortfall: float
    shortfall_95: float
    shortfall_99: float
    revising: float
    moved: float
    cash_99: float


@dataclass(frozen=True, slots=True)
class Trading:
    """What it costs to trade futures later: half a spread as a share of the price, a fee an hour,
    and the hours the books show over the dates a turn is worked in, beyond which as many again cost
    the share `impact` more.
    """

    half_spread: float
    fee: float
    depth: float
    impact: float

    @staticmethod
    def of(board: Sequence[Quoted], need: Need) -> Trading:
        """From the books of futures that have both sides, by medians; free of spread where none
        has.
        """
        spreads, fees, depths = [], [], []
        for one in board:
            if len(one.terms.months) == 1 and not one.terms.is_option and one.asks and one.bids:
                middle = (one.asks[0].price + one.bids[0].price) / 2
                spreads.append((one.asks[0].price - middle) / middle)
                fees.append(one.fee / one.terms.hours_per_lot)
                shown = sum(level.lots for level in (*one.asks, *one.bids)) / 2
                depths.append(WORKING_DATES * shown * one.terms.hours_per_lot)
        if not spreads:
            return Trading(0.0, 0.0, np.inf, need.trade.impact)
        spread, fee, depth = (float(np.median(one)) for one in (spreads, fees, depths))
        return Trading(spread, fee, depth, need.trade.impact)

    def cost(self, moved: Floats, price: Floats) -> Floats:
        """Dollars for moving so many hours, either way, beside what they are worth."""
        beyond = np.maximum(np.abs(moved) - self.depth, 0.0)
        hit = self.impact * beyond**2 / (2.0 * self.depth)
        return np.asarray(price * (self.half_spread * np.abs(moved) + hit) + self.fee * abs(moved))


class Course:
    """A plan's position along the scenarios, and the rules that may move it.

    `lots` (n,) as planned on `day`; `cover` the hours the plan is worth in price delta over those
    the need is expected to use, which the rules keep; of the plan itself unless stated.
    """

    def __init__(
        self,
        need: Need,
        day: date,
        drawn: Drawn,
        losses: Losses,
        lots: Floats,
        cover: float | None = None,
    ) -> None:
        self._need, self._drawn, self._losses, self._lots = need, drawn, losses, lots
        factors = drawn.factors
        self._day = day.toordinal()
        self._ends = np.array([one.toordinal() for one in factors.times])
        self._middles = np.array([m.first_day.toordinal() + m.days / 2 for m in factors.months])
        self._needed = factors.needed(drawn.terms)
        self.whole = float(self._needed.mean(axis=0).sum())
        self._lot = np.array([float(hours(month)) for month in factors.months])
        self.margined = np.array([one.kind in MARGINED for one in losses.instruments])
        self._carried = np.array([one.hours for one in losses.instruments])
        self.futures: Floats = (lots * self.margined) @ self._carried
        self._cover = cover

    @cached_property
    def cover(self) -> float:
        """Hours of the plan in price delta over those expected of the need."""
        if self._cover is not None:
            return self._cover
        held = self.futures + self._kept(self._day, self._losses.scenarios.curve[None])[0]
        return float(held.sum() / self.whole)

    def held(self) -> Floats:
        """Hours of futures and swaps by month that the plan began with."""
        began = np.array([one.held for one in self._losses.instruments])
        return np.asarray((began * self.margined) @ self._carried)

    def _kept(self, today: int, forward: Floats) -> Floats:
        """Price delta in hours, by scenario and month, of what the rules never move."""
        found = np.zeros(forward.shape)
        for one, lots in zip(self._losses.instruments, self._lots, strict=True):
            if not lots or one.kind in MARGINED:
                continue
            if one.kind is Kind.PHYSICAL:
                found += lots * one.hours
                continue
            for month in np.flatnonzero(one.hours):
                years = max(float(self._middles[month]) - today, 0.0) / DAYS_PER_YEAR
                deviation = np.sqrt(self._drawn.law.variance(years, 0.0))
                delta = black_measures(True, forward[:, month], one.strike, deviation).delta
                found[:, month] += lots * one.hours[month] * delta
        return found

    def expected(self, time: int) -> tuple[Floats, Flags]:
        """Hours expected by scenario and month at the end of a month, (S, M), and whether they are
        known (S,); before the first, -1, none are.
        """
        factors = self._drawn.factors
        if time < 0:
            none = np.zeros(len(factors.start), dtype=bool)
            return np.broadcast_to(self._needed.mean(axis=0), self._needed.shape), none
        reached = (factors.times[time] - factors.months[0].first_day).days
        known = factors.start <= reached + self._need.start.notice_days
        if known.all():
            return self._needed, known
        mean = self._needed[~known].mean(axis=0)
        return np.where(known[:, None], self._needed, mean), known

    def target(self, policy: Policy, time: int, forward: Floats) -> Floats:
        """Hours of futures a rule wants by scenario and month after the end of a month, (S, M), on
        the forward curve there; whole lots, none of months that are over.
        """
        wanted, known = self.expected(time)
        today = int(self._ends[time]) if time >= 0 else self._day
        bare = np.maximum(self.cover * wanted - self._kept(today, forward), 0.0)
        bare[:, : time + 1] = 0.0
        if policy is Policy.ROLLING:
            # The nearest month that does not average yet: one that does has half its move behind.
            front = min(time + 2, bare.shape[1] - 1)
            stacked = np.zeros_like(bare)
            stacked[:, front] = bare.sum(axis=1)
            bare = np.where(known[:, None], bare, stacked)
        return np.asarray(np.round(bare / self._lot) * self._lot)

    def run(self, policy: Policy, traded: Floats, later: Trading, tied: Tied) -> Programme:
        """A policy along every scenario; `traded` (n,) is what each instrument of the plan cost,
        `later` what its later trades will.
        """
        given, need = self._losses.scenarios, self._need
        still = np.where(self.margined, 0.0, self._lots)
        # A rule that never buys the plan's futures pays nothing for them either.
        begins = self.held() if policy is Policy.ROLLING else self.futures
        paid = traded[~self.margined].sum() if policy is Policy.ROLLING else traded.sum()
        cost = self._losses.cost(still).values + paid - float(begins @ given.curve)
        position = np.broadcast_to(begins, given.settled.shape)
        before = np.broadcast_to(given.curve, given.settled.shape)
        revised, moved, gained = np.zeros(given.count), np.zeros(given.count), np.zeros(given.count)
        peak = np.zeros(given.count)
        for time in range(-1, given.months):
            if time >= 0:
                peak = np.maximum(peak, tied.within(time, position, before, gained))
                gained = gained + ((given.marks[:, time] - before) * position).sum(axis=1)
                before = given.marks[:, time]
            if policy is Policy.STATIC or (time < 0 and policy is Policy.DELTA):
                continue
            change = self.target(policy, time, before) - position
            change[:, : time + 1] = 0.0
            # A turn moves all or nothing: small changes are not worth their spread.
            change *= (np.abs(change).sum(axis=1) > need.trade.band * self.whole)[:, None]
            revised += later.cost(change, before).sum(axis=1)
            moved += np.abs(change).sum(axis=1)
            position = position + change
        total = cost - gained + revised
        return Programme(
            policy=policy,
            mean=float(total.mean()),
            shortfall=expected_shortfall(total, need.risk.level),
            shortfall_95=expected_shortfall(total, 0.95),
            shortfall_99=expected_shortfall(total, 0.99),
            revising=float(revised.mean()),
            moved=float(moved.mean()),
            cash_99=float(np.quantile(peak, 0.99, method="higher")),
        )


class Tied:
    """The cash tied up along a course, week by week where the draws have weeks; margin an hour at
    the mean of the futures of the plan, long.
    """

    def __init__(self, losses: Losses, drawn: Drawn) -> None:
        factors = drawn.factors
        rates = [one.margin_long / one.lot_hours for one in losses.instruments
                 if one.kind in MARGINED]  # fmt: skip
        self._rate = float(np.mean(rates)) if rates else 0.0
        ends = [one.toordinal() for one in factors.times]
        if factors.weekly is None or factors.weeks is None:
            self._marks: Any = losses.scenarios.marks.transpose(1, 0, 2)
            self._months = list(range(len(ends)))
        else:
            self._marks = np.ascontiguousarray(factors.weekly.transpose(1, 2, 0))
            self._months = [int(np.searchsorted(ends, day)) for day in factors.weeks]

    def within(self, time: int, position: Floats, before: Floats, gained: Floats) -> Floats:
        """Most cash tied up within a month (S,): `position` (S, M) is held since its beginning,
        `before` the curve then and `gained` what came back until then.
        """
        most = np.zeros(len(gained))
        margin = self._rate * position[:, time:].sum(axis=1)
        began = np.einsum("sm,sm->s", before, position) - gained + margin
        for marks, month in zip(self._marks, self._months, strict=True):
            if month == time:
                np.maximum(most, began - np.einsum("sm,sm->s", marks, position), out=most)
        return most


def programmes(
    need: Need,
    day: date,
    drawn: Drawn,
    losses: Losses,
    lots: Floats,
    traded: Floats,
    board: Sequence[Quoted],
) -> tuple[Programme, ...]:
    """Every policy on a plan, static first."""
    course = Course(need, day, drawn, losses, lots)
    later, tied = Trading.of(board, need), Tied(losses, drawn)
    return tuple(course.run(policy, traded, later, tied) for policy in Policy)


def ruled_lots(policy: Policy, course: Course, losses: Losses, lots: Floats, known: bool) -> Floats:
    """Lots a rule wants on the plan's day: futures of single months moved, all else of `lots` as it
    is. `known` is whether the date is.
    """
    given = losses.scenarios
    rule = Policy.DELTA if known else policy
    wanted = course.target(rule, -1, np.broadcast_to(given.curve, given.settled.shape))[0]
    singles = {int(np.flatnonzero(one.hours)[0]): n for n, one in enumerate(losses.instruments)
               if one.kind is Kind.FUTURE and np.count_nonzero(one.hours) == 1}  # fmt: skip
    for n, one in enumerate(losses.instruments):
        if one.kind in MARGINED and n not in singles.values():
            wanted = np.maximum(wanted - lots[n] * one.hours, 0.0)
    found = lots.copy()
    for month, n in singles.items():
        one = losses.instruments[n]
        asked = round(float(wanted[month]) / one.lot_hours)
        found[n] = min(max(asked, one.least_lots), one.most_lots)
    return found


def within_books(
    wanted: Floats, instruments: Sequence[Instrument], board: Sequence[Quoted]
) -> Floats:
    """The same as far as the books of the day show lots; what is beyond waits for another day."""
    shown = {one.terms.symbol: one for one in board}
    found = wanted.copy()
    for n, one in enumerate(instruments):
        quoted = shown.get(one.symbol)
        if quoted is not None and wanted[n] != one.held and one.kind is Kind.FUTURE:
            buys = sum(int(level.lots) for level in quoted.asks) if one.asks else 0
            sells = sum(int(level.lots) for level in quoted.bids) if one.bids else 0
            found[n] = min(max(wanted[n], one.held - sells), one.held + buys)
    return found

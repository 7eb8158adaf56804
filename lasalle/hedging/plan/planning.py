"""A plan made: the hedge of least expected shortfall in whole lots, what it comes to beside no
hedge, the frontier it lies on, and what would change it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lasalle.hedging.effectiveness import Offset, Regression, offset_over, regression
from lasalle.hedging.plan.board import Passed, reached, tradable
from lasalle.hedging.plan.changes import Change, changes_of
from lasalle.hedging.plan.choosing import ASIDE, few_legs, limits_of, worth_it
from lasalle.hedging.plan.drawing import Drawn
from lasalle.hedging.plan.factors import Cause
from lasalle.hedging.plan.instruments import MARGINED, Floats, Instrument, Kind
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.market import Market, drawn_for
from lasalle.hedging.plan.measures import (
    Leg,
    Measures,
    at_rest,
    by_cause,
    legs,
    measured,
)
from lasalle.hedging.plan.need import Bill, Need, Policy, horizon
from lasalle.hedging.plan.optimiser import Hedge, Optimiser
from lasalle.hedging.plan.policies import Course, Programme, programmes, ruled_lots, within_books
from lasalle.hedging.plan.volatility import Swing, seen_by

COUNT = 10_000
"""Scenarios of a plan."""


@dataclass(frozen=True, slots=True)
class Today:
    """What the books of the day fill of a plan: lots its orders ask for and lots shown at their
    limits; what these alone come to.
    """

    wanted: int
    filled: int
    measures: Measures


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan and everything said of it. `bare` is without a hedge: what is held stays as it is.
    `uncounted` are lots by series that the account holds and the plan does not begin with.
    `waiting` are lots by series that a rule wants beyond what the books of the day show. Causes are
    over the first `ASIDE` scenarios and come on top of `rests`, the cost, bare and hedged, with
    every one of them still: with it they sum to the shortfall of those scenarios.
    """

    need: Need
    market: Market
    swing: Swing
    drawn: Drawn
    instruments: tuple[Instrument, ...]
    passed: tuple[Passed, ...]
    hedge: Hedge
    bare: Measures
    hedged: Measures
    legs: tuple[Leg, ...]
    causes_bare: Mapping[Cause, float]
    causes_hedged: Mapping[Cause, float]
    frontier: tuple[Hedge, ...]
    changes: tuple[Change, ...]
    effectiveness: Regression | None
    costs_bare: Floats
    costs_hedged: Floats
    programmes: tuple[Programme, ...] = ()
    waiting: Mapping[str, float] = field(default_factory=dict)
    rests: tuple[float, float] = (0.0, 0.0)
    today: Today | None = None
    offset: Offset | None = None
    uncounted: Mapping[str, int] = field(default_factory=dict)

    @property
    def worst_kept(self) -> bool | None:
        """Whether the shortfall stays within the worst acceptable cost, where one is stated."""
        worst = self.need.risk.worst_dollars
        return None if worst is None else self.hedge.shortfall <= worst


def make_plan(
    need: Need,
    market: Market,
    held: Mapping[str, int],
    *,
    count: int = COUNT,
    seed: int = 1,
    points: int = 9,
    ask_aside: bool = True,
) -> Plan:
    """The plan of a need. Raises ValueError where the need, the curve or the limits admit none.

    `points` of the frontier, 0 for none; `ask_aside` whether to say what would change the plan.
    """
    seen = seen_by(need, market, seed)
    market, months = seen.market, horizon(need, market.day)
    drawn = drawn_for(need, market, seen.source, count, seed)
    everything, passed = tradable(need, months, market.board, held)
    limits = limits_of(need, everything, drawn.terms.hours)
    optimiser, relaxed = few_legs(need, drawn, everything, limits)
    hedge = worth_it(need, optimiser, optimiser.whole_lots(relaxed, limits), limits)
    frontier = optimiser.frontier(limits, points) if points else ()
    aside = _programmes(need, market, drawn, optimiser, hedge) if ask_aside else ()
    chosen = _Chosen(optimiser, hedge, passed, {})
    if need.trade.policy is Policy.ROLLING or (need.trade.policy is Policy.DELTA and held):
        chosen = _ruled(need, market, drawn, held, chosen)
    optimiser, hedge = chosen.optimiser, chosen.hedge
    losses, instruments = optimiser.losses, optimiser.losses.instruments
    before = np.array([one.held for one in instruments])
    shortage = drawn.factors.shortage
    bare, hedged = (measured(losses, optimiser, lots, shortage) for lots in (before, hedge.lots))
    found = legs(losses, optimiser, hedge.lots, need.risk.level)
    tested = _effectiveness(losses, hedge.lots, need.bill)
    level, terms, few = need.risk.level, drawn.terms, drawn.first(ASIDE).factors
    rests = [at_rest(few, terms, instruments, lots) for lots in (before, hedge.lots)]
    return Plan(
        need=need,
        market=market,
        swing=seen.swing,
        drawn=drawn,
        instruments=instruments,
        passed=chosen.passed,
        hedge=hedge,
        bare=bare,
        hedged=hedged,
        legs=found,
        causes_bare=by_cause(few, terms, instruments, before, level),
        causes_hedged=by_cause(few, terms, instruments, hedge.lots, level),
        frontier=frontier,
        changes=changes_of(need, seen, held, drawn, (instruments, hedge)) if ask_aside else (),
        effectiveness=tested[0] if tested else None,
        costs_bare=losses.cost(before).values,
        costs_hedged=losses.cost(hedge.lots).values + hedge.trading,
        programmes=aside,
        waiting=chosen.waiting,
        rests=(rests[0], rests[1] + hedge.trading),
        today=_today(market, optimiser, found, shortage),
        offset=tested[1] if tested else None,
    )


def _today(
    market: Market, optimiser: Optimiser, found: Sequence[Leg], shortage: Floats
) -> Today | None:
    """What the books fill at once; none where nothing is sent to a book."""
    books = {one.terms.symbol: one for one in market.board}
    instruments = optimiser.losses.instruments
    at = {one.symbol: n for n, one in enumerate(instruments)}
    lots = np.array([one.held for one in instruments], dtype=np.float64)
    wanted = filled = 0
    for leg in found:
        symbol = leg.instrument.symbol
        if symbol in books:
            book = books[symbol].asks if leg.lots > 0 else books[symbol].bids
            asked = round(abs(leg.lots))
            _, shown = reached(book, asked)
            wanted, filled = wanted + asked, filled + shown
            lots[at[symbol]] += shown if leg.lots > 0 else -shown
    if not wanted:
        return None
    return Today(wanted, filled, measured(optimiser.losses, optimiser, lots, shortage))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The position of a plan; where a rule wants it, as far as today's books go, and the lots that
    wait.
    """

    optimiser: Optimiser
    hedge: Hedge
    passed: tuple[Passed, ...]
    waiting: Mapping[str, float]


def _programmes(
    need: Need, market: Market, drawn: Drawn, optimiser: Optimiser, hedge: Hedge
) -> tuple[Programme, ...]:
    traded = optimiser.traded(hedge.lots)
    of = optimiser.losses
    return programmes(need, market.day, drawn, of, hedge.lots, traded, market.board)


def _ruled(
    need: Need,
    market: Market,
    drawn: Drawn,
    held: Mapping[str, int],
    best: _Chosen,
) -> _Chosen:
    """The position a rule wants on the day instead of the best one: as much cover as that has, in
    the futures where the rule puts it. Calls and hours are those held, of the best plan where
    nothing is.
    """
    optimum, hedge, policy = best.optimiser, best.hedge, need.trade.policy
    early = policy is Policy.ROLLING
    months = horizon(need, market.day)
    everything, passed = tradable(need, months, market.board, held, early=early)
    lots_of = dict(zip((o.symbol for o in optimum.losses.instruments), hedge.lots, strict=True))
    chosen = [one for one in everything
              if one.held or one.symbol in lots_of or one.kind is Kind.FUTURE]  # fmt: skip
    losses = Losses(drawn.factors.scenarios(drawn.terms), chosen)
    lots = np.array([one.held for one in chosen])
    if not held:
        kept = [0.0 if one.kind in MARGINED else lots_of.get(one.symbol, 0.0) for one in chosen]
        lots = np.array(kept, dtype=np.float64)
    cover = Course(need, market.day, drawn, optimum.losses, hedge.lots).cover
    course = Course(need, market.day, drawn, losses, lots, cover)
    told = market.day.toordinal() + need.start.notice_days
    wanted = ruled_lots(policy, course, losses, lots, need.last_start.toordinal() <= told)
    today = within_books(wanted, chosen, market.board)
    traded = [n for n, one in enumerate(chosen) if today[n] or wanted[n] or one.held] or [0]
    few = Losses(losses.scenarios, [chosen[n] for n in traded])
    optimiser = Optimiser(few, need.risk.level)
    waiting = {chosen[n].symbol: float(wanted[n] - today[n]) for n in traded
               if wanted[n] != today[n]}  # fmt: skip
    return _Chosen(optimiser, optimiser.stated(today[traded]), passed, waiting)


def _effectiveness(losses: Losses, lots: Floats, bill: Bill) -> tuple[Regression, Offset] | None:
    """Regression and dollar offset over the scenarios of what futures and swaps bring, on what the
    hours they are designated to cost more than at the forward on the own bill, of which an hour
    moves as `hedge_ratio` hours of the index; none without such a leg.

    Calls are designated by their intrinsic value: it moves with the item on one side alone, so
    that no regression of both sides would say anything.
    """
    given = losses.scenarios
    carried = np.zeros(given.months)
    for one, held in zip(losses.instruments, lots, strict=True):
        carried += held * one.hours if one.kind in MARGINED else 0.0
    if not np.any(carried):
        return None
    at_forward = bill.followed(given.curve, float(given.curve[0]))
    follows = bill.hedge_ratio / bill.ratio
    item = -((given.paid / bill.ratio - at_forward) @ carried) / follows
    brought = (given.settled - given.curve) @ carried
    return regression(item, brought), offset_over(item, brought)



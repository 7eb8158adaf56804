"""A plan made: the hedge of least expected shortfall in whole lots, what it comes to beside no
hedge, the frontier it lies on, and what would change it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import msgspec
import numpy as np

from lasalle.contracts import Month
from lasalle.hedging.bills.basis import Following
from lasalle.hedging.effectiveness import Offset, Regression, offset_over, regression
from lasalle.hedging.plan.binding import none_kept
from lasalle.hedging.plan.board import Passed, Quoted, reached, tradable
from lasalle.hedging.plan.drawing import Drawn, Past, PriceLaw, draw, source_of
from lasalle.hedging.plan.factors import Cause
from lasalle.hedging.plan.instruments import CASH, MARGINED, Floats, Instrument, Kind
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.measures import (
    Leg,
    Measures,
    at_rest,
    by_cause,
    held_matters,
    legs,
    measured,
)
from lasalle.hedging.plan.need import Bill, Need, Policy, horizon
from lasalle.hedging.plan.optimiser import Hedge, Infeasible, Limits, Optimiser
from lasalle.hedging.plan.policies import Course, Programme, programmes, ruled_lots, within_books
from lasalle.hedging.plan.requoting import dearer, requoted
from lasalle.hedging.plan.sources import Source
from lasalle.hedging.plan.tail import expected_shortfall

COUNT, ASIDE = 10_000, 2_000
"""Scenarios of a plan, and of each question asked aside."""

TOLD = 1e-4
"""Share of the shortfall below which a gain is none: ten times the tolerance of a solution."""


@dataclass(frozen=True, slots=True)
class Market:
    """What a plan sees on its day, and nothing later: forward curve in dollars an hour, price law,
    board, in words where each comes from, the past that scenarios may be fitted on, and how far
    bills show that the own price follows the index, where there are any.
    """

    day: date
    curve: Mapping[Month, float]
    law: PriceLaw
    board: tuple[Quoted, ...]
    said: tuple[str, ...] = ()
    past: Past | None = None
    following: Following | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What another assumption would make of the plan: lots by kind, and the expected shortfalls at
    the level of the need without a hedge and with it, dollars.
    """

    assumption: str
    lots: Mapping[str, float]
    shortfall_bare: float
    shortfall: float


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
    months = horizon(need, market.day)
    source = source_of(need, market.law, market.past)
    drawn = _draw(need, market, source, count, seed)
    everything, passed = tradable(need, months, market.board, held)
    limits = limits_of(need, everything, drawn.terms.hours)
    optimiser, relaxed = _few_legs(need, drawn, everything, limits)
    hedge = _worth_it(need, optimiser, optimiser.whole_lots(relaxed, limits), limits)
    frontier = optimiser.frontier(limits, points) if points else ()
    aside = _programmes(need, market, drawn, optimiser, hedge) if ask_aside else ()
    waiting: Mapping[str, float] = {}
    if need.trade.policy is Policy.ROLLING or (need.trade.policy is Policy.DELTA and held):
        ruled = _ruled(need, market, drawn, held, optimiser, hedge)
        optimiser, hedge = ruled.optimiser, ruled.hedge
        passed, waiting = ruled.passed, ruled.waiting
    losses, instruments = optimiser.losses, optimiser.losses.instruments
    before = np.array([one.held for one in instruments])
    shortage = drawn.factors.shortage
    bare, hedged = (measured(losses, optimiser, lots, shortage) for lots in (before, hedge.lots))
    found = legs(losses, optimiser, hedge.lots, need.risk.level)
    tested = _effectiveness(losses, hedge.lots, need.bill)
    level, terms, few = need.risk.level, drawn.terms, _first(drawn, ASIDE).factors
    rests = [at_rest(few, terms, instruments, lots) for lots in (before, hedge.lots)]
    return Plan(
        need=need,
        market=market,
        drawn=drawn,
        instruments=instruments,
        passed=passed,
        hedge=hedge,
        bare=bare,
        hedged=hedged,
        legs=found,
        causes_bare=by_cause(few, terms, instruments, before, level),
        causes_hedged=by_cause(few, terms, instruments, hedge.lots, level),
        frontier=frontier,
        changes=tuple(_changes(need, market, source, held, seed)) if ask_aside else (),
        effectiveness=tested[0] if tested else None,
        costs_bare=losses.cost(before).values,
        costs_hedged=losses.cost(hedge.lots).values + hedge.trading,
        programmes=aside,
        waiting=waiting,
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
class _Ruled:
    """A position a rule wants, as far as today's books go, and the lots that wait."""

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
    optimum: Optimiser,
    hedge: Hedge,
) -> _Ruled:
    """The position a rule wants on the day instead of the best one: as much cover as that has, in
    the futures where the rule puts it. Calls and hours are those held, of the best plan where
    nothing is.
    """
    policy = need.trade.policy
    early = policy is Policy.ROLLING
    months = horizon(need, market.day)
    everything, passed = tradable(need, months, market.board, held, early=early)
    best = dict(zip((o.symbol for o in optimum.losses.instruments), hedge.lots, strict=True))
    chosen = [one for one in everything
              if one.held or one.symbol in best or one.kind is Kind.FUTURE]  # fmt: skip
    losses = Losses(drawn.factors.scenarios(drawn.terms), chosen)
    lots = np.array([one.held for one in chosen])
    if not held:
        kept = [0.0 if one.kind in MARGINED else best.get(one.symbol, 0.0) for one in chosen]
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
    return _Ruled(optimiser, optimiser.stated(today[traded]), passed, waiting)


def _draw(need: Need, market: Market, source: Source, count: int, seed: int) -> Drawn:
    curve = dict(market.curve)
    return draw(
        need, market.day, curve, market.law, count=count, seed=seed, source=source, past=market.past
    )


def _few_legs(
    need: Need, drawn: Drawn, everything: tuple[Instrument, ...], limits: Limits
) -> tuple[Optimiser, Hedge]:
    """The best hedge of few legs: those that do most for the shortfall among all, found on fewer
    scenarios, what is held counted among them; and whatever else is held.
    """
    sample = _first(drawn, ASIDE)
    losses = Losses(sample.factors.scenarios(sample.terms), everything)
    wide = Optimiser(losses, need.risk.level, tolerance=1e-4)
    try:
        found = wide.least_shortfall(limits)
    except Infeasible as error:
        raise Infeasible(none_kept(wide, limits)) from error
    level, matters = need.risk.level, held_matters(losses, found, need.risk.level)
    for leg in legs(losses, wide, found.lots, level):
        matters.setdefault(leg.instrument.symbol, leg.shortfall_without)
    ranked = sorted(matters, key=lambda symbol: -matters[symbol])
    kept = ranked[: need.trade.most_legs]
    chosen = [one for one in everything if one.symbol in kept or one.held]
    narrow = Losses(drawn.factors.scenarios(drawn.terms), chosen or everything[:1])
    optimiser = Optimiser(narrow, need.risk.level)
    return optimiser, optimiser.least_shortfall(limits)


def limits_of(need: Need, instruments: Sequence[Instrument], hours: float) -> Limits:
    """Limits of a need of so many hours at size 1. Premium is a budget of the whole hedge: what
    calls held have cost, or would today where that is not known, is out of it already.

    Cash contracts carry no more hours than the need can come to: more would be a bet, though a
    model in which hours are short when they are dear sees it pay for having none. What is held
    above that is sold, where it is above by more than the band and there is a bid.
    """
    budget, band = need.budget, need.trade.band
    spent = sum(one.spent for one in instruments if one.kind not in MARGINED)
    premium = max(budget.premium_dollars - spent, 0.0)
    most = hours * max(one.factor for one in need.size) * max(1.0, need.bill.hedge_ratio)
    cash = [one for one in instruments if one.kind in CASH]
    held = sum(one.held * one.lot_hours for one in cash)
    stuck = sum(max(one.held - sum(b.lots for b in one.bids), 0.0) * one.lot_hours for one in cash)
    whole = max(most, min(held, (1 + band) * most)) + stuck
    return Limits(premium, budget.cash_dollars, mean_cost=budget.mean_dollars, hours=whole)


def _worth_it(need: Need, optimiser: Optimiser, hedge: Hedge, limits: Limits) -> Hedge:
    """A hedge, or what is held where moving there is not worth it: no more hours than the band of
    the need, or nothing off the tail that the solution could tell. What is held is left as soon as
    it breaks a limit.
    """
    held = np.array([one.held for one in optimiser.losses.instruments])
    if not np.any(held) or not optimiser.keeps(held, limits):
        return hedge
    still = replace(optimiser.stated(held), bound=hedge.bound)
    carried = np.array([one.lot_hours for one in optimiser.losses.instruments])
    moved = float(np.abs(hedge.lots - held) @ carried)
    whole = float(optimiser.losses.scenarios.needed.sum(axis=1).mean())
    gained = (still.shortfall - hedge.shortfall) / max(abs(still.shortfall), 1.0)
    return hedge if moved > need.trade.band * whole and gained > TOLD else still


def _first(drawn: Drawn, count: int) -> Drawn:
    """The first draws alone."""
    return replace(drawn, factors=drawn.factors.first(count))


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


def _changes(
    need: Need, market: Market, source: Source, held: Mapping[str, int], seed: int
) -> list[Change]:
    """The plan under other assumptions, each alone, on fewer scenarios."""
    falling = replace(market.law, premium=market.law.premium + 0.15)
    asked: list[tuple[str, Need, Market, Source]] = [
        ("as planned", need, market, source),
        ("volatility half as much again, quotes too", need, *_wilder(market, source, 1.5)),
        ("volatility a quarter lower, quotes too", need, *_wilder(market, source, 0.75)),
        ("forwards expected to fall 15 % a year", need, replace(market, law=falling), source),
        ("calls a tenth dearer", need, replace(market, board=dearer(market.board, 1.1)), source),
    ]
    if np.isfinite(need.budget.cash_dollars):
        half = replace_budget(need, cash_dollars=need.budget.cash_dollars / 2)
        asked.append(("half the cash for margin", half, market, source))
    found = []
    for said, one, seen, of in asked:
        drawn = _draw(one, seen, of, ASIDE, seed)
        months = horizon(one, seen.day)
        instruments, _ = tradable(one, months, seen.board, held)
        losses = Losses(drawn.factors.scenarios(drawn.terms), instruments)
        optimiser = Optimiser(losses, one.risk.level, tolerance=1e-4)
        limits = limits_of(one, instruments, drawn.terms.hours)
        hedge = optimiser.least_shortfall(limits)
        before = np.array([i.held for i in instruments])
        lots: dict[str, float] = {}
        for instrument, amount in zip(instruments, hedge.lots, strict=True):
            lots[instrument.kind.value] = lots.get(instrument.kind.value, 0.0) + float(amount)
        # At the level of the need, as the hedge's own: 95 % beside 99 % would be no fall.
        bare = expected_shortfall(losses.cost(before).values, one.risk.level)
        found.append(Change(said, lots, bare, hedge.shortfall))
    return found


def _wilder(market: Market, source: Source, factor: float) -> tuple[Market, Source]:
    """The market and its scenarios with every volatility times a factor."""
    board = requoted(market.board, market.curve, factor)
    return replace(market, law=market.law.scaled(factor), board=board), source.scaled(factor)


def replace_budget(need: Need, **changed: float) -> Need:
    """The need with another budget."""
    budget = msgspec.structs.replace(need.budget, **changed)
    return msgspec.structs.replace(need, budget=budget)

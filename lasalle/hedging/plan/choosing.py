"""The hedge chosen for a need: the best of few legs within its limits, or what is held already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lasalle.hedging.plan.binding import none_kept
from lasalle.hedging.plan.drawing import Drawn
from lasalle.hedging.plan.instruments import CASH, MARGINED, Instrument
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.measures import held_matters, legs
from lasalle.hedging.plan.need import Need
from lasalle.hedging.plan.optimiser import Hedge, Infeasible, Limits, Optimiser

ASIDE = 2_000
"""Scenarios on which legs are chosen, and questions asked aside."""
TOLD = 1e-4
"""Share of the shortfall below which a gain is none: ten times the tolerance of a solution."""


def few_legs(
    need: Need, drawn: Drawn, everything: tuple[Instrument, ...], limits: Limits
) -> tuple[Optimiser, Hedge]:
    """The best hedge of few legs: those that do most for the shortfall among all, found on fewer
    scenarios, what is held counted among them; and whatever else is held.
    """
    sample = drawn.first(ASIDE)
    losses = Losses(sample.factors.scenarios(sample.terms), everything)
    weight = need.risk.mean_weight
    wide = Optimiser(losses, need.risk.level, tolerance=1e-4, mean_weight=weight)
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
    optimiser = Optimiser(narrow, need.risk.level, mean_weight=weight)
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


def worth_it(need: Need, optimiser: Optimiser, hedge: Hedge, limits: Limits) -> Hedge:
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
    gained = (optimiser.aim(still) - optimiser.aim(hedge)) / max(abs(still.shortfall), 1.0)
    return hedge if moved > need.trade.band * whole and gained > TOLD else still

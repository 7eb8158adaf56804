"""What would change a plan: the same question under other assumptions, one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from lasalle.hedging.plan.board import tradable
from lasalle.hedging.plan.choosing import ASIDE, few_legs, limits_of
from lasalle.hedging.plan.drawing import Drawn
from lasalle.hedging.plan.instruments import Instrument
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.market import Market, drawn_for
from lasalle.hedging.plan.need import Need, horizon
from lasalle.hedging.plan.optimiser import Hedge, Infeasible
from lasalle.hedging.plan.requoting import dearer, requoted
from lasalle.hedging.plan.sources import Source
from lasalle.hedging.plan.tail import expected_shortfall
from lasalle.hedging.plan.volatility import Seen, otherwise

Asked = tuple[str, Need, Market, Source]


@dataclass(frozen=True, slots=True)
class Change:
    """What another assumption would make of the plan: lots by kind, what the hedge adds to the
    expected cost, and the expected shortfalls at the level of the need without a hedge and with it,
    dollars. Without lots where no position keeps the limits under it.
    """

    assumption: str
    lots: Mapping[str, float]
    added: float
    shortfall_bare: float
    shortfall: float


def changes_of(
    need: Need,
    seen: Seen,
    held: Mapping[str, int],
    drawn: Drawn,
    planned: tuple[tuple[Instrument, ...], Hedge],
) -> tuple[Change, ...]:
    """The plan itself, then the best under each other assumption, of as many legs; all of them over
    as many draws of the same seed, so that the rows stand beside each other and beside the plan's
    own figures. Where the price law is another, the draws are.
    """
    own = _change("as planned", drawn, need, *planned)
    return own, *(_asked(one, seen, held, drawn) for one in _others(need, seen, drawn.seed))


def _others(need: Need, seen: Seen, seed: int) -> list[Asked]:
    """The other assumptions."""
    market, source, other = seen.market, seen.source, otherwise(need, seen, seed)
    falling = replace(market.law, premium=market.law.premium + 0.15)
    asked = [] if other is None else [(other[0], need, other[1].market, other[1].source)]
    asked += [
        ("volatility half as much again, quotes too", need, *_wilder(market, source, 1.5)),
        ("volatility a quarter lower, quotes too", need, *_wilder(market, source, 0.75)),
        ("forwards expected to fall 15 % a year", need, replace(market, law=falling), source),
        ("calls a tenth dearer", need, replace(market, board=dearer(market.board, 1.1)), source),
    ]
    if np.isfinite(need.budget.cash_dollars):
        half = replace_budget(need, cash_dollars=need.budget.cash_dollars / 2)
        asked.append(("half the cash for margin", half, market, source))
    return asked


def _asked(asked: Asked, seen: Seen, held: Mapping[str, int], drawn: Drawn) -> Change:
    """The best under an assumption, sought on the first draws and told over all."""
    said, need, market, source = asked
    if market.law != seen.market.law or source is not seen.source:
        drawn = drawn_for(need, market, source, len(drawn.factors.start), drawn.seed)
    instruments, _ = tradable(need, horizon(need, market.day), market.board, held)
    try:
        limits = limits_of(need, instruments, drawn.terms.hours)
        optimiser, hedge = few_legs(need, drawn.first(ASIDE), instruments, limits)
    except Infeasible:
        return Change(said, {}, 0.0, 0.0, 0.0)
    return _change(said, drawn, need, optimiser.losses.instruments, hedge)


def _change(
    said: str, drawn: Drawn, need: Need, instruments: Sequence[Instrument], hedge: Hedge
) -> Change:
    losses = Losses(drawn.factors.scenarios(drawn.terms), instruments)
    before = losses.cost(np.array([one.held for one in instruments])).values
    after = losses.cost(hedge.lots).values + hedge.trading
    kinds: dict[str, float] = {}
    for one, amount in zip(instruments, hedge.lots, strict=True):
        kinds[one.kind.value] = kinds.get(one.kind.value, 0.0) + float(amount)
    # At the level of the need, as the hedge's own: 95 % beside 99 % would be no fall.
    bare, hedged = (expected_shortfall(cost, need.risk.level) for cost in (before, after))
    return Change(said, kinds, float(after.mean() - before.mean()), bare, hedged)


def _wilder(market: Market, source: Source, factor: float) -> tuple[Market, Source]:
    """The market and its scenarios with every volatility times a factor."""
    board = requoted(market.board, market.curve, factor)
    return replace(market, law=market.law.scaled(factor), board=board), source.scaled(factor)


def replace_budget(need: Need, **changed: float) -> Need:
    """The need with another budget."""
    budget = msgspec.structs.replace(need.budget, **changed)
    return msgspec.structs.replace(need, budget=budget)

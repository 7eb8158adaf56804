"""What a plan sees of a market on its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from lasalle.contracts import Month
from lasalle.hedging.bills.basis import Following
from lasalle.hedging.plan.board import Quoted
from lasalle.hedging.plan.drawing import Drawn, Past, PriceLaw, draw
from lasalle.hedging.plan.need import Need
from lasalle.hedging.plan.sources import Source


@dataclass(frozen=True, slots=True)
class Implied:
    """What the calls of a month are quoted at: `deviation` of the log of its average, `volatility`
    a year of the index under which the curve model gives it.
    """

    month: Month
    deviation: float
    volatility: float


@dataclass(frozen=True, slots=True)
class Market:
    """What a plan sees on its day, and nothing later: forward curve in dollars an hour, price law,
    board, in words where each comes from, the past that scenarios may be fitted on, how far bills
    show that the own price follows the index, where there are any, and what calls are quoted at.
    """

    day: date
    curve: Mapping[Month, float]
    law: PriceLaw
    board: tuple[Quoted, ...]
    said: tuple[str, ...] = ()
    past: Past | None = None
    following: Following | None = None
    implied: tuple[Implied, ...] = ()

    @property
    def quoted(self) -> float | None:
        """Volatility a year of the index that calls are quoted at, the median of their months."""
        return median(one.volatility for one in self.implied) if self.implied else None


def drawn_for(need: Need, market: Market, source: Source, count: int, seed: int) -> Drawn:
    curve = dict(market.curve)
    return draw(
        need, market.day, curve, market.law, count=count, seed=seed, source=source, past=market.past
    )

"""What a plan may trade: instruments with the prices they can be had for, and what a lot carries.

Prices come as ladders: the levels of a book, best first, and beyond them what the planner supposes
a larger order would pay. Money is in dollars here, floats: a plan is an opinion, nothing in it is
owed; whole micro-dollars begin with the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Kind(StrEnum):
    """What an instrument does for a need."""

    FUTURE = "future"  # cash, average of its months, margined daily
    SWAP = "swap"  # as a future, over several months at one price
    CALL = "call"  # cash, average above the strike, premium paid at once
    PHYSICAL = "physical"  # hours delivered in its months at the price agreed
    CAPACITY = "capacity"  # the right to such hours at a strike, for a premium


MARGINED = (Kind.FUTURE, Kind.SWAP)
CASH = (Kind.FUTURE, Kind.SWAP, Kind.CALL)
DELIVERED = (Kind.PHYSICAL, Kind.CAPACITY)


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a ladder: dollars per GPU-hour, and the lots it is good for."""

    price: float
    lots: float


@dataclass(frozen=True, slots=True)
class Instrument:
    """One thing to trade.

    `hours` has the accelerator-hours a lot carries in each month of the horizon, shape (months,).
    `asks` and `bids` are ladders, best first; no bids means that it cannot be sold. Margin is in
    dollars a lot, long and short. `held` is the position the plan begins with, in lots, and
    `spent` what it is supposed to have cost, dollars.
    """

    symbol: str
    kind: Kind
    hours: Floats
    asks: tuple[Level, ...]
    bids: tuple[Level, ...] = ()
    strike: float = 0.0
    margin_long: float = 0.0
    margin_short: float = 0.0
    fee: float = 0.0
    held: float = 0.0
    least_lots: float = 0.0
    most_lots: float = np.inf
    spent: float = 0.0

    def __post_init__(self) -> None:
        if not self.symbol:
            raise ValueError("symbol: expected a name, found none")
        if self.hours.ndim != 1 or not np.all(self.hours >= 0) or not np.any(self.hours > 0):
            raise ValueError(f"{self.symbol}: hours: expected some in at least one month")
        for side, ladder, sign in (("asks", self.asks, 1), ("bids", self.bids, -1)):
            prices = [sign * level.price for level in ladder]
            if prices != sorted(prices):
                raise ValueError(f"{self.symbol}: {side}: expected the best price first")
            if any(not level.lots > 0 or not np.isfinite(level.price) for level in ladder):
                raise ValueError(f"{self.symbol}: {side}: expected finite prices, lots above 0")
        if self.asks and self.bids and self.bids[0].price > self.asks[0].price:
            raise ValueError(
                f"{self.symbol}: bids: expected at most the ask, {self.asks[0].price:g},"
                f" found {self.bids[0].price:g}"
            )
        if min(self.margin_long, self.margin_short, self.fee, self.strike) < 0:
            raise ValueError(f"{self.symbol}: margin, fee, strike: expected at least 0")
        if not self.least_lots <= self.held <= self.most_lots:
            raise ValueError(
                f"{self.symbol}: held: expected {self.least_lots} to {self.most_lots} lots,"
                f" found {self.held}"
            )
        if self.least_lots < 0 and self.kind not in MARGINED:
            raise ValueError(f"{self.symbol}: least_lots: expected 0, only futures are sold short")

    @property
    def lot_hours(self) -> float:
        """Accelerator-hours of a lot over all its months."""
        return float(self.hours.sum())


def with_impact(
    levels: tuple[Level, ...], *, buy: bool, per_depth: float, most_lots: float
) -> tuple[Level, ...]:
    """The ladder continued beyond what the book shows, up to `most_lots`.

    Each further depth of the book, as much as it shows, is supposed to cost the fraction
    `per_depth` of the last price more (less when selling): linear impact, the usual first guess
    (Kyle 1985), convex in cost. Its line is followed in stretches, each at the price of its middle:
    the first half a depth long, each next twice as long, so that it is followed closely where plans
    mostly end. Where they end does not depend on `most_lots`, which cuts the last of them short: a
    wider limit makes no lot dearer. Without a level there is nothing to continue.
    """
    shown = sum(level.lots for level in levels)
    if not levels:
        return levels
    sign = 1.0 if buy else -1.0
    last, more, begins, width = levels[-1].price, [], shown, shown / 2
    while begins < most_lots:
        price = last * (1 + sign * per_depth * (begins + width / 2 - shown) / shown)
        if price <= 0:
            break
        more.append(Level(price, min(width, most_lots - begins)))
        begins, width = begins + width, 2 * width
    return (*levels, *more)


def parted(levels: tuple[Level, ...], lots: float) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
    """The first lots of a ladder, and what comes after them."""
    first, rest, left = [], [], lots
    for level in levels:
        taken = min(left, level.lots)
        left -= taken
        first += [Level(level.price, taken)] if taken > 0 else []
        rest += [Level(level.price, level.lots - taken)] if taken < level.lots else []
    return tuple(first), tuple(rest)

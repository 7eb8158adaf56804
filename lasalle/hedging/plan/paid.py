"""What an account paid for what it holds, read from its fills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from lasalle.hedging.plan.board import Quoted


class Filled(Protocol):
    """A trade of one's own side: price in dollars a unit."""

    @property
    def symbol(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def lots(self) -> int: ...
    @property
    def price(self) -> str: ...
    @property
    def busted(self) -> bool: ...


def paid_prices(fills: Iterable[Filled], held: Mapping[str, int]) -> dict[str, float]:
    """Mean price paid of the lots held long, dollars a unit, by symbol; fills the oldest first. A
    sale takes its share of what was paid. A series whose fills do not come to the lots held, some
    having been transferred, is left out.
    """
    lots, paid = dict[str, int](), dict[str, float]()
    for one in fills:
        if one.busted:
            continue
        had, cost = lots.get(one.symbol, 0), paid.get(one.symbol, 0.0)
        if one.side == "buy":
            bought = max(had + one.lots, 0) - max(had, 0)
            lots[one.symbol], paid[one.symbol] = had + one.lots, cost + bought * float(one.price)
        else:
            left = had - one.lots
            lots[one.symbol] = left
            paid[one.symbol] = cost * left / had if left > 0 else 0.0
    return {symbol: paid[symbol] / most for symbol, most in held.items()
            if most > 0 and lots.get(symbol) == most}  # fmt: skip


def with_paid(board: Sequence[Quoted], prices: Mapping[str, float]) -> tuple[Quoted, ...]:
    """A board that knows what was paid for what is held, as `paid_prices` found it."""
    return tuple(replace(one, paid=prices.get(one.terms.symbol)) for one in board)

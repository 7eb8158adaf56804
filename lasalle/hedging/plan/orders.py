"""A plan as orders: the listed legs, whole lots, the dearest price each may pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from lasalle.hedging.plan.board import Quoted
from lasalle.hedging.plan.instruments import Level
from lasalle.hedging.plan.planning import Plan


class PlannedOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An immediate-or-cancel limit order: price in micro-dollars a unit, whole lots.

    `shown` are the lots the book had at that price or better; what is beyond waits for another day.
    """

    symbol: str
    side: Literal["buy", "sell"]
    lots: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    limit_price: Annotated[int, msgspec.Meta(gt=0)]
    shown: int


@dataclass(frozen=True, slots=True)
class Offered:
    """A leg to be agreed outside the book: hours, not listed yet."""

    name: str
    accelerators: int


def orders(plan: Plan) -> tuple[tuple[PlannedOrder, ...], tuple[Offered, ...]]:
    """Orders of the legs that trade on the exchange, and the legs that do not."""
    quoted: Mapping[str, Quoted] = {one.terms.symbol: one for one in plan.market.board}
    sent, offered = [], []
    for leg in plan.legs:
        symbol, lots = leg.instrument.symbol, round(abs(leg.lots))
        if symbol not in quoted:
            offered.append(Offered(symbol, lots))
            continue
        buy = leg.lots > 0
        book = quoted[symbol].asks if buy else quoted[symbol].bids
        price, shown = _reached(book, lots)
        tick = quoted[symbol].terms.tick_micro_dollars
        limit = round(price * 1e6 / tick) * tick
        sent.append(
            PlannedOrder(
                symbol=symbol,
                side="buy" if buy else "sell",
                lots=lots,
                limit_price=limit,
                shown=shown,
            )
        )
    return tuple(sent), tuple(offered)


def _reached(book: tuple[Level, ...], lots: int) -> tuple[float, int]:
    """Worst price of the book that so many lots reach, and the lots it shows up to there."""
    shown = 0
    for level in book:
        shown += int(level.lots)
        if shown >= lots:
            break
    return level.price, min(shown, lots)

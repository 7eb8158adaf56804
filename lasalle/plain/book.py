"""One series' book: price-time priority said with sorted prices and queues.

Prices are micro-dollars per unit. A queue is a dictionary from order to order: insertion is
arrival.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from lasalle.wire import Side


class Rests(Protocol):
    """What a book needs to know of an order."""

    order: int
    side: Side
    price: int
    lots: int


O = TypeVar("O", bound=Rests)  # noqa: E741 - the order


class Book(Generic[O]):
    """Both sides of a book. Bids are keyed by minus the price, so that the best is first on
    either side."""

    def __init__(self) -> None:
        self._keys: dict[Side, list[int]] = {Side.BUY: [], Side.SELL: []}
        self._levels: dict[Side, dict[int, dict[int, O]]] = {Side.BUY: {}, Side.SELL: {}}

    @staticmethod
    def _key(side: Side, price: int) -> int:
        return -price if side == Side.BUY else price

    def append(self, order: O) -> None:
        """Joins the end of the order's level."""
        key = self._key(order.side, order.price)
        level = self._levels[order.side].get(key)
        if level is None:
            level = self._levels[order.side][key] = {}
            insort(self._keys[order.side], key)
        level[order.order] = order

    def remove(self, order: O) -> None:
        """Leaves its level; the level goes when it is empty."""
        key = self._key(order.side, order.price)
        level = self._levels[order.side][key]
        del level[order.order]
        if not level:
            del self._levels[order.side][key]
            keys = self._keys[order.side]
            del keys[bisect_left(keys, key)]

    def best(self, side: Side) -> O | None:
        """First order of the best level, or None."""
        keys = self._keys[side]
        return next(iter(self._levels[side][keys[0]].values())) if keys else None

    def orders(self, side: Side) -> Iterator[O]:
        """Every order of a side, best price first, then first come."""
        for key in self._keys[side]:
            yield from self._levels[side][key].values()

    def levels(self, side: Side) -> list[tuple[int, int]]:
        """(price, total lots, hidden ones included), best first."""
        return [
            (abs(key), sum(o.lots for o in self._levels[side][key].values()))
            for key in self._keys[side]
        ]


def auction_price(
    bids: list[tuple[int, int]], asks: list[tuple[int, int]], reference: int, tick: int
) -> tuple[int, int, int]:
    """(price, lots, imbalance) of a call auction (EXC-020); (0, 0, 0) when nothing crosses.

    Most volume, then least imbalance, then the surplus side's end, then nearest the reference,
    then lower.
    """
    if not bids or not asks or bids[0][0] < asks[0][0]:
        return 0, 0, 0
    low, high = asks[0][0], bids[0][0]
    # Between two levels nothing changes, so a level and its neighbouring ticks stand for them all.
    beside = {p + away for p, _ in bids + asks for away in (-tick, 0, tick)}
    prices = {p for p in beside if low <= p <= high}
    # A reference between two ticks is as near to the upper one as to the lower one, or nearer.
    below = reference // tick * tick
    prices |= {min(max(near, low), high) for near in (below, below + tick)}
    table = []
    for price in sorted(prices):
        buy = sum(lots for p, lots in bids if p >= price)
        sell = sum(lots for p, lots in asks if p <= price)
        table.append((price, min(buy, sell), buy - sell))
    volume = max(v for _, v, _ in table)
    least = min(abs(i) for _, v, i in table if v == volume)
    tied = [row for row in table if row[1] == volume and abs(row[2]) == least]
    if all(i > 0 for _, _, i in tied):
        return tied[-1]
    if all(i < 0 for _, _, i in tied):
        return tied[0]
    return min(tied, key=lambda row: (abs(row[0] - reference), row[0]))

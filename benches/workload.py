"""The matching workloads: a seeded stream of limit orders and cancels, and the tape of their
trades.

The generator is splitmix64(seed), rnd(n) = next mod n. Until `orders` new orders are drawn:
first, with chance 1/16, the middle moves one tick up or down, within 1,000 of its start; then,
when the pool of orders not yet cancelled by the generator is not empty and rnd(1000) <
`cancels`, one of the pool is cancelled (the last takes its place; fills are not looked at, so
many cancels hit nothing); otherwise an order with the next id, side rnd(2), offset rnd(width),
1 + rnd(100) lots, at middle + cross - offset to buy, mirrored to sell. The tape is FNV-1a-64
over (maker id, taker id, price, lots) of every trade.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

MASK = 2**64 - 1
MIDDLE = 10_000
TAPE_START, TAPE_PRIME = 0xCBF29CE484222325, 0x100000001B3


class Operation(NamedTuple):
    """cancel: whether it is one; side 0 buys, 1 sells; price in ticks."""

    cancel: bool
    side: int
    lots: int
    price: int
    order: int


@dataclass(frozen=True)
class Workload:
    """Parameters of a stream and, where known, the tape of its trades."""

    name: str
    seed: int
    orders: int
    cancels: int
    cross: int
    width: int


W1 = Workload("W1", 42, 1_000_000, 500, 4, 25)
W2 = Workload("W2", 7, 1_000_000, 333, 40, 500)
W1_TAPE = 0x92B559F87A253678


def operations(workload: Workload) -> Iterator[Operation]:
    """The stream of a workload."""
    state = workload.seed & MASK

    def rnd(n: int) -> int:
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % n

    middle, order = MIDDLE, 0
    pool: list[int] = []
    while order < workload.orders:
        if rnd(16) == 0:
            middle += 1 if rnd(2) else -1
            middle = max(MIDDLE - 1_000, min(MIDDLE + 1_000, middle))
        if pool and rnd(1_000) < workload.cancels:
            i = rnd(len(pool))
            chosen, pool[i] = pool[i], pool[-1]
            pool.pop()
            yield Operation(True, 0, 0, 0, chosen)
            continue
        order += 1
        side, offset, lots = rnd(2), rnd(workload.width), 1 + rnd(100)
        away = workload.cross - offset
        pool.append(order)
        yield Operation(False, side, lots, middle - away if side else middle + away, order)


def tape(trades: Iterable[tuple[int, int, int, int]]) -> int:
    """FNV-1a-64 of (maker, taker, price, lots) of every trade."""
    found = TAPE_START
    for trade in trades:
        for word in trade:
            found = ((found ^ word) * TAPE_PRIME) & MASK
    return found

"""Matching workloads W1 and W2, written anew from their specification.

Records are 24 bytes, little-endian: operation u8 (0 new, 1 cancel), side u8 (0 buy, 1 sell), zero
u16, lots u32, price i64 in ticks, order id u64.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

RECORD = struct.Struct("<BBHIqQ")
WORD = (1 << 64) - 1
FNV_START = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3


@dataclass(frozen=True)
class Workload:
    """Parameters of one stream; `cancel_per_mille` counts among all operations."""

    name: str
    seed: int
    cancel_per_mille: int
    cross_ticks: int
    width_ticks: int
    orders: int = 1_000_000
    mid_ticks: int = 10_000


W1 = Workload("W1 thin", 42, 500, 4, 25)
W2 = Workload("W2 deep", 7, 333, 40, 500)
W1_TAPE = "92b559f87a253678"


class Operation(NamedTuple):
    """One message: a limit order, or the cancel of one (`lots` zero)."""

    cancel: bool
    side: int
    lots: int
    price: int
    order_id: int


def splitmix64(seed: int) -> Iterator[int]:
    """The generator of the specification: 64-bit numbers from a seed."""
    state = seed & WORD
    while True:
        state = (state + 0x9E3779B97F4A7C15) & WORD
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & WORD
        yield mixed ^ (mixed >> 31)


def operations(workload: Workload) -> Iterator[Operation]:
    """The stream until its last new order; it ignores fills, so a cancel may come too late."""
    draw = splitmix64(workload.seed).__next__
    mid, order_id = workload.mid_ticks, 0
    pool: list[int] = []
    while order_id < workload.orders:
        if draw() % 16 == 0:
            mid += 1 if draw() % 2 else -1
            mid = max(workload.mid_ticks - 1000, min(workload.mid_ticks + 1000, mid))
        if pool and draw() % 1000 < workload.cancel_per_mille:
            at = draw() % len(pool)
            gone, pool[at] = pool[at], pool[-1]
            pool.pop()
            yield Operation(True, 0, 0, 0, gone)
            continue
        order_id += 1
        side, off = draw() % 2, workload.cross_ticks - draw() % workload.width_ticks
        lots = 1 + draw() % 100
        pool.append(order_id)
        yield Operation(False, side, lots, mid + off if side == 0 else mid - off, order_id)


def encoded(workload: Workload) -> bytes:
    """The stream as records."""
    return b"".join(
        RECORD.pack(one.cancel, one.side, 0, one.lots, one.price, one.order_id)
        for one in operations(workload)
    )


@dataclass
class Tape:
    """What a matcher did: counts, and the FNV-1a fold of (maker, taker, price, lots) per trade."""

    trades: int = 0
    lots: int = 0
    cancels: int = 0
    cancels_refused: int = 0
    fold: int = FNV_START

    def trade(self, maker: int, taker: int, price: int, lots: int) -> None:
        """Fold one trade."""
        self.trades += 1
        self.lots += lots
        for word in (maker, taker, price, lots):
            self.fold = ((self.fold ^ word) * FNV_PRIME) & WORD

    @property
    def fnv(self) -> str:
        """The fold as 16 hexadecimal digits."""
        return f"{self.fold:016x}"

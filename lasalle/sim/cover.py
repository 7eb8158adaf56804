"""Coverage recomputed from the formula of the house's architecture, over the auditor's mirror.

It calls nothing of the core: vectors by numpy in 64 bits, sums of money in Python integers.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lasalle.sim.mirror import USD, Holding, Mirror, Resting
from lasalle.wire import ScenarioKind, Side

Vector = NDArray[np.int64]


class Cover(NamedTuple):
    """Both tests, micro-dollars: what there is and what is needed, with margin and in cash."""

    cover: int
    required: int
    free: int
    needed: int

    @property
    def holds(self) -> bool:
        return self.cover >= self.required and self.free >= self.needed


def cover_of(mirror: Mirror, holder: Holding) -> Cover:
    """Cash against 1.10 of the requirement, fills at the worst price and worst fees; and apart
    against premiums, such fills of all else, and fees."""
    lots: dict[int, tuple[int, int, int]] = {}
    for series in {*holder.positions, *(o.series for o in holder.orders.values())}:
        position = holder.positions[series][0] if series in holder.positions else 0
        lots[series] = (
            position,
            _open_lots(holder, series, Side.BUY),
            _open_lots(holder, series, Side.SELL),
        )
    gain = sum(
        (p[0] * mirror.series[s].mark - p[1]) * mirror.series[s].hours
        for s, p in holder.positions.items()
        if not mirror.series[s].is_option
    )
    free = holder.cash[USD] - holder.held[USD] - holder.due + min(0, gain)
    worse = sum(_worst_fill(mirror, o) + _fees(mirror, o) for o in holder.orders.values())
    paid = sum(_paid(mirror, o) + _fees(mirror, o) for o in holder.orders.values())
    required = ceil(Fraction(11, 10) * requirement(mirror, lots)) + worse
    return Cover(free, required, free, paid)


def _open_lots(holder: Holding, series: int, side: Side) -> int:
    return sum(o.lots for o in holder.orders.values() if (o.series, o.side) == (series, side))


def requirement(mirror: Mirror, lots: dict[int, tuple[int, int, int]]) -> int:
    """Margin for (position, open buys, open sells) by series."""
    if not mirror.labels or not lots:
        return 0
    loss = np.zeros(len(mirror.labels), dtype=np.int64)
    charges = 0
    for series, (q, b, o) in lots.items():
        row, terms = mirror.rows[series], mirror.series[series]
        a: Vector = np.fromiter((x.loss for x in row.losses), np.int64, len(row.losses))
        loss += q * a + np.maximum(0, np.maximum(b * a, -o * a))
        net = max(abs(q + b), abs(q - o))
        charges += row.liquidity * net
        charges += row.concentration * max(0, net - row.concentration_lots)
        if terms.is_option:
            charges -= q * terms.mark * terms.hours
    points: dict[int, list[int]] = defaultdict(list)
    tails: dict[ScenarioKind, list[int]] = defaultdict(list)
    for label, x in zip(mirror.labels, loss.tolist(), strict=True):
        if label.kind == ScenarioKind.SCAN:
            points[label.group].append(x)
        else:
            tails[label.kind].append(x)
    scan = sum(
        (Fraction(r.weight, 10_000) * max(0, *points[r.group]) for r in mirror.weights), Fraction(0)
    )
    tail = Fraction(3, 4) * expected_shortfall(tails[ScenarioKind.HISTORICAL]) + Fraction(
        1, 4
    ) * expected_shortfall(tails[ScenarioKind.STRESS])
    return max(0, ceil(max(scan, tail) + charges))


def expected_shortfall(losses: list[int]) -> Fraction:
    """ES99: 100 times the k worst plus (N - 100 k) times the next, over N."""
    n = len(losses)
    if not n:
        return Fraction(0)
    worst, k = sorted(losses, reverse=True), n // 100
    return Fraction(100 * sum(worst[:k]) + (n - 100 * k) * worst[k], n)


def _worst_fill(mirror: Mirror, order: Resting) -> int:
    """What a fill at the worst price costs against the mark; a short option counts its mark at
    1.10."""
    terms = mirror.series[order.series]
    if order.side == Side.BUY:
        worse = order.price - terms.mark
    else:
        worse = (ceil(Fraction(11 * terms.mark, 10)) if terms.is_option else terms.mark) - (
            order.price
        )
    return max(0, worse) * order.lots * terms.hours


def _paid(mirror: Mirror, order: Resting) -> int:
    """Cash the order may cost: an option's premium, or what else fills at the worst price cost."""
    terms = mirror.series[order.series]
    if terms.is_option and order.side == Side.BUY:
        return order.price * order.lots * terms.hours
    return _worst_fill(mirror, order)


def _fees(mirror: Mirror, order: Resting) -> int:
    return order.lots * mirror.series[order.series].fees

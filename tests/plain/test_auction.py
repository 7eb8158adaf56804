"""The plain auction price against every tick tried."""

from __future__ import annotations

import random

from lasalle.plain.book import auction_price


def tried(bids, asks, reference, tick):
    """The rule of EXC-020 said over every tick."""
    if not bids or not asks or bids[0][0] < asks[0][0]:
        return 0, 0, 0
    table = []
    for price in range(asks[0][0], bids[0][0] + 1, tick):
        buy = sum(n for p, n in bids if p >= price)
        sell = sum(n for p, n in asks if p <= price)
        table.append((price, min(buy, sell), buy - sell))
    volume = max(v for _, v, _ in table)
    least = min(abs(i) for _, v, i in table if v == volume)
    tied = [t for t in table if t[1] == volume and abs(t[2]) == least]
    if all(t[2] > 0 for t in tied):
        return max(tied)
    if all(t[2] < 0 for t in tied):
        return min(tied)
    return min(tied, key=lambda t: (abs(t[0] - reference), t[0]))


def test_the_auction_price_is_the_best_of_every_tick():
    chance, crossed, between = random.Random(3), 0, 0
    for _ in range(3_000):
        tick = chance.randint(1, 5)
        draw = lambda tick=tick: (chance.randint(1, 20) * tick, chance.randint(1, 9))
        bids = sorted(dict(draw() for _ in range(4)).items(), reverse=True)
        asks = sorted(dict(draw() for _ in range(4)).items())
        reference = chance.randint(1, 20 * tick)
        found = auction_price(bids, asks, reference, tick)
        assert found == tried(bids, asks, reference, tick), (bids, asks, reference, tick)
        crossed += found[1] > 0
        between += found[1] > 0 and found[0] not in {p for p, _ in bids + asks}
    assert crossed > 1_500
    assert between > 100

"""A small made-up market for plans: lognormal months, a run of unknown date and size."""

from __future__ import annotations

import numpy as np

from lasalle.hedging.plan.instruments import Floats, Instrument, Kind, Level
from lasalle.hedging.plan.scenarios import Scenarios

LOT = 730.0


def scenarios(count: int, months: int = 6, seed: int = 1, shortage: float = 0.2) -> Scenarios:
    """Prices that drift apart, a start in any but the last month, one run in three doubled."""
    rng = np.random.default_rng(seed)
    steps = 0.12 * rng.standard_normal((count, months)) - 0.0072
    settled = 2.5 * np.exp(np.cumsum(steps, axis=1))
    until = np.minimum(np.arange(months)[:, None], np.arange(months))
    start = rng.integers(1, months, count)
    needed = np.zeros((count, months))
    needed[np.arange(count), start] = 3e5 * np.where(rng.random(count) < 1 / 3, 2, 1)
    lost = np.where(rng.random((count, months)) < shortage, 5.0, 0.0)
    kept = np.where(rng.random((count, months)) < 0.1, 0.0, 1.0)
    return Scenarios(
        settled=settled,
        marks=settled[:, until],
        curve=np.full(months, 2.5),
        alive=np.arange(months)[:, None] <= np.arange(months),
        needed=needed,
        paid=settled * np.exp(0.03 * rng.standard_normal((count, months))),
        lost=lost,
        resold=0.6 * settled,
        kept=kept,
        made_good=0.9,
    )


def carried(months: int, *which: int) -> Floats:
    """Hours of a lot in given months."""
    hours = np.zeros(months)
    hours[list(which)] = LOT
    return hours


def cash_instruments(months: int = 6) -> list[Instrument]:
    """A future and a call a month, and one swap over the last three."""
    found = []
    for month in range(months):
        hours = carried(months, month)
        found.append(
            Instrument(
                f"F{month}",
                Kind.FUTURE,
                hours,
                (Level(2.51, 100), Level(2.54, 900)),
                (Level(2.48, 200),),
                margin_long=0.4 * LOT,
                margin_short=0.5 * LOT,
                most_lots=1000,
            )
        )
        found.append(
            Instrument(f"C{month}", Kind.CALL, hours, (Level(0.12, 400),), strike=2.75)
        )  # fmt: skip
    swap = carried(months, *range(months - 3, months))
    ladder = (Level(2.5, 50), Level(2.6, 300))
    found.append(Instrument("S", Kind.SWAP, swap, ladder, margin_long=0.9 * LOT, most_lots=350))
    return found


def delivered_instruments(months: int = 6) -> list[Instrument]:
    """Hours bought forward in two months and rights to them in three."""
    found = [
        Instrument(f"P{m}", Kind.PHYSICAL, carried(months, m), (Level(2.6, 300),)) for m in (2, 3)
    ]
    for month, strike in ((2, 2.4), (2, 3.0), (4, 2.6)):
        name = f"R{month}@{strike}"
        found.append(
            Instrument(
                name, Kind.CAPACITY, carried(months, month), (Level(0.4, 300),), strike=strike
            )
        )
    return found

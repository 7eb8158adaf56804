"""What a hundred suppliers may cost in a year: 100,000 draws with one price that jumps, and what
the shifted draws save.

A drawing of the loss beside one in which nothing is shifted: the peer is the same model plainly
drawn, and the figure of the second row is how many plain draws one shifted draw is worth for the
probability of the loss that one draw in a thousand passes.
"""

from __future__ import annotations

import time

import numpy as np

from benches.table import Row, row
from lasalle.credit.losses import Exposed, simulate, with_draws
from lasalle.credit.market import market_of
from lasalle.credit.terms import load_terms
from lasalle.credit.wrong_way import GRID

SUPPLIERS, DRAWS = 100, 100_000
COMMAND = "python -m benches credit"
CLOCK = "best of 3, processor time of one thread"


def book() -> list[Exposed]:
    """Suppliers in five places, a fifth of them short of what they sold."""
    rng = np.random.default_rng(1)
    found = []
    for n in range(SUPPLIERS):
        pd, short = float(rng.uniform(0.002, 0.08)), n % 5 == 0
        rises = np.maximum(GRID, 0.0) * (1.5 if short else 0.0)
        found.append(
            Exposed(
                f"s{n}", f"P{n % 5}", pd, float(rng.uniform(2e5, 4e6)), 2.4, 2.6,
                float(rng.uniform(1e5, 2e6)), float(rng.uniform(0, 1e6)), 1.6,
                np.minimum(0.99, pd * np.exp(rises)),
            )
        )  # fmt: skip
    return found


def rows() -> list[Row]:
    """Seconds of the drawing, and what a shifted draw is worth."""
    terms, suppliers = with_draws(load_terms(), DRAWS, 11), book()
    market = market_of(terms)
    taken: dict[bool, float] = {}
    spread: dict[bool, float] = {}
    at = 0.0
    for plain in (False, True):
        times = []
        for _ in range(3):
            began = time.process_time()
            found = simulate(suppliers, GRID, market, terms, plain=plain)
            times.append(time.process_time() - began)
        taken[plain] = min(times)
        at = at or found.at_quantile
        spread[plain] = float(np.var((found.losses >= at) * found.weights))
    return [
        row(
            f"loss of a year, {SUPPLIERS} suppliers, {DRAWS:,} draws",
            round(taken[False], 3), "s", command=COMMAND, taken=CLOCK,
            peer="the same, no draw shifted", peer_value=round(taken[True], 3),
        ),
        row(
            "plain draws that a shifted one is worth at 99.9 %",
            round(spread[True] / spread[False], 1), "draws", command=COMMAND, taken="one run",
        ),
    ]  # fmt: skip

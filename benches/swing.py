"""A swing right, 12 months and 6 rights, from 50,000 paths: a price as an interval, beside the
plain way of numpy, one least squares a date and number of rights, which gives a lower bound alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from benches.table import Row, row
from lasalle.pricing.exercise import OneFactor, Rights, price_interval, spot_less_strike

DATES, RIGHTS, PATHS, RUNS = 12, 6, 50_000, 3
COMMAND = "python -m benches swing"
PROCESS = OneFactor(np.full(DATES, 2.5), np.arange(1, DATES + 1) / 12, 2.0, 0.8)


def plain() -> float:
    """Longstaff and Schwartz with `numpy.linalg.lstsq` for each date and number of rights, on
    polynomials of the price up to the fifth degree.
    """
    rng = np.random.default_rng(1)
    state, states = np.zeros((PATHS, 1)), []
    for date in range(DATES):
        state = PROCESS.step(state, date, rng.standard_normal((PATHS, 1)))
        states.append(state)
    worth = np.zeros((RIGHTS + 1, PATHS))
    for date in reversed(range(DATES)):
        price = PROCESS.price(states[date], date)
        pays = np.maximum(price - 2.5, 0.0)
        functions = np.vander(price, 6)
        onward = np.zeros_like(worth)
        if date < DATES - 1:
            for left in range(1, RIGHTS + 1):
                fit = np.linalg.lstsq(functions, worth[left], rcond=None)[0]
                onward[left] = functions @ fit
        taken = pays + onward[:-1] > onward[1:]
        worth[1:] = np.where(taken, pays + worth[:-1], worth[1:])
    return float(worth[-1].mean())


def ours() -> float:
    """Both bounds; the middle of them."""
    terms = Rights(RIGHTS, np.ones(DATES))
    found = price_interval(PROCESS, spot_less_strike(PROCESS, 2.5), terms, paths=PATHS)
    return (found.lower + found.upper) / 2


def timed(call: Callable[[], float]) -> tuple[float, float]:
    """Seconds, median of the runs, and what was found."""
    found, value = [], 0.0
    for _ in range(RUNS):
        start = time.perf_counter()
        value = call()
        found.append(time.perf_counter() - start)
    return median(found), value


def rows() -> list[Row]:
    """Seconds of the interval beside the plain way; the two must agree on the price."""
    slow, reference = timed(plain)
    quick, found = timed(ours)
    if abs(found - reference) > 0.02 * reference:
        raise AssertionError(f"price: expected about {reference:.4f}, found {found:.4f}")
    return [
        row(
            f"swing right of {DATES} dates and {RIGHTS} rights, {PATHS:,} paths, both bounds",
            quick,
            "s",
            command=COMMAND,
            taken=f"median of {RUNS} runs, wall time",
            peer="numpy least squares by date and right, lower bound alone",
            peer_value=slow,
        )
    ]

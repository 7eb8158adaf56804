"""Availability as a process of its own: whether N can be had at any price, joint with the price.

A shortage shows as a missing price as often as a high one. Each size asked for is open or short;
it closes and opens at hazards a day that depend on the price, on the size and on how long the
state has lasted (a semi-Markov process: D. Cox, "Renewal theory", 1962; duration as a Weibull law,
J. Kalbfleisch and R. Prentice, "The statistical analysis of failure time data", 2002),

    log hazard = base + price * (ln P - ln P0) + size * log2(N / depth) + wear * ln(days in state),

where P0 is the usual price and depth the usual number on offer. The dependence on price is
therefore a pair of coefficients with standard errors. A cash contract pays the price of what was
fixed; it does not open what is short.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gamma

from lasalle.pricing.processes.draws import uniforms
from lasalle.pricing.processes.history import Floats

STREAM = 4
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hazard:
    """Coefficients of the log hazard of leaving a state, a day."""

    base: float
    price: float
    size: float
    wear: float

    def log(self, deviation: ArrayLike, doublings: ArrayLike) -> Floats:
        """Log hazard but for its wear, at a log price over the usual one and a size."""
        told = self.base + self.price * np.asarray(deviation, float)
        return np.asarray(told + self.size * np.asarray(doublings, float))

    def mean_days(self, deviation: ArrayLike, doublings: ArrayLike) -> Floats:
        """Mean duration of the state: a Weibull law of shape 1 + wear."""
        shape = 1.0 + self.wear
        longest = shape ** (1.0 / shape) * float(gamma(1.0 + 1.0 / shape))
        return np.asarray(longest * np.exp(self.log(deviation, doublings) / -shape))


@dataclass(frozen=True, slots=True)
class Availability:
    """Hazards of closing and of opening, and what is usual; sizes are in the unit of `depth`."""

    closing: Hazard
    opening: Hazard
    depth: float
    usual_log_price: float
    day: date

    def shortage(self, size: float, log_price: ArrayLike) -> Floats:
        """Long-run probability that a size cannot be had while the price stays."""
        deviation = np.asarray(log_price, float) - self.usual_log_price
        doublings = math.log2(size / self.depth)
        opens = self.opening.mean_days(deviation, doublings)
        closes = self.closing.mean_days(deviation, doublings)
        return np.asarray(opens / (opens + closes))

    def simulate(
        self,
        seed: int,
        size: float,
        prices: Floats,
        dates: tuple[date, ...],
        first: int = 0,
        short_before: float | None = None,
        stream: int = STREAM,
    ) -> Truths:
        """Whether a size is open on dates, given price paths of shape (paths, dates).

        Each date's state depends on that of the date before and on the price of its own date,
        at the mean hazards there; `short_before` is the probability of a shortage on `day`, the
        long-run one unless stated.
        """
        if dates[0] <= self.day:
            raise ValueError(f"dates: expected ones after {self.day}, found {dates[0]}")
        if size <= 0.0 or prices.shape[1] != len(dates):
            raise ValueError(
                f"availability: expected a size above 0 and {len(dates)} dates of prices, "
                f"found {size} and {prices.shape[1]}"
            )
        logs = np.log(prices)
        draws = uniforms(seed, stream, first, len(prices), len(dates) + 1)
        doublings = math.log2(size / self.depth)
        begin = self.shortage(size, logs[:, 0]) if short_before is None else short_before
        short = draws[:, 0] < begin
        found, before = np.empty(prices.shape, bool), self.day
        for step, day in enumerate(dates):
            days = (day - before).days
            deviation = logs[:, step] - self.usual_log_price
            closes = 1.0 / self.closing.mean_days(deviation, doublings)
            opens = 1.0 / self.opening.mean_days(deviation, doublings)
            total = closes + opens
            kept = np.exp(-total * days)
            chance = closes / total * (1.0 - kept) + short * kept
            short = draws[:, step + 1] < chance
            found[:, step], before = ~short, day
        return found

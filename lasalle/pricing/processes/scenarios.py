"""Joint scenarios of a need for compute: prices, availability, start and size, month by month."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from lasalle.pricing.processes.availability import Availability, Truths
from lasalle.pricing.processes.draws import normals, uniforms
from lasalle.pricing.processes.history import Floats
from lasalle.pricing.processes.market import Bootstrapped, Calibrated, Column, mid_months

START, SIZE = 12, 13
"""Streams of draws."""
AVAILABLE = 100
"""The first of the streams of availability: each column has its own."""


@dataclass(frozen=True, slots=True)
class Chances:
    """Values and their probabilities, which sum to one."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        whole = math.fsum(self.probabilities)
        if (
            len(self.values) != len(self.probabilities)
            or not self.values
            or min(self.probabilities) < 0.0
            or abs(whole - 1.0) > 1e-9
        ):
            raise ValueError(
                f"chances: expected a probability not below 0 for each of {len(self.values)} "
                f"values, of sum 1; found {self.probabilities}"
            )

    def drawn(self, levels: Floats) -> Floats:
        """The value at each level in (0, 1)."""
        number = np.searchsorted(np.cumsum(self.probabilities), levels, side="right")
        return np.array(self.values)[np.minimum(number, len(self.values) - 1)]


@dataclass(frozen=True, slots=True)
class NeedLaw:
    """What is uncertain of a need, beside the market.

    `start` in months from the first scenario month, 0 the first; `size` as a multiple of the
    planned size; `count` accelerators (or offers, the unit of the availability process) that
    must be had at once. `size_with_demand` is the correlation of the size with the demand that
    moves prices: a run that grows when everyone's does. A bootstrap allows 0 alone.
    """

    start: Chances
    size: Chances
    count: float = 1.0
    size_with_demand: float = 0.0


@dataclass(frozen=True, slots=True)
class Scenarios:
    """Paths numbered from `first` on; the same seed gives the same path in whatever batch.

    `prices` (paths, months, columns), USD per GPU-hour on the fifteenth of each month, which
    stands for its average; `available` (paths, months, columns), whether `count` could be had
    then at any price; `start` (paths,), number of a month; `size` (paths,), a multiple. Columns
    are pairs of grade and location. `modelled` says of each column whether its availability is
    a fitted process; where it is not, `available` is true and says nothing.
    """

    day: date
    months: tuple[date, ...]
    columns: tuple[Column, ...]
    prices: Floats
    available: Truths
    start: NDArray[np.int64]
    size: Floats
    modelled: tuple[bool, ...]
    seed: int
    first: int

    def at_start(self) -> tuple[Floats, Truths]:
        """(prices, availability) of shape (paths, columns) in the month each path starts."""
        rows = np.arange(len(self.start))
        return self.prices[rows, self.start], self.available[rows, self.start]

    def cheapest_available(self, share: Floats | None = None) -> tuple[Floats, NDArray[np.int64]]:
        """(price, column) of the cheapest open column at the start, by path.

        `share` divides each column's price: work an hour, H100 as 1. Where nothing is open the
        price is infinite and the column -1: no money buys what is not there.
        """
        prices, open_there = self.at_start()
        work = prices if share is None else prices / share
        asked = np.where(open_there, work, np.inf)
        number = np.argmin(asked, axis=1)
        best = asked[np.arange(len(asked)), number]
        return best, np.where(np.isinf(best), -1, number)


def scenarios(
    market: Calibrated | Bootstrapped,
    need: NeedLaw,
    *,
    seed: int,
    paths: int = 10_000,
    months: int = 24,
    availability: Mapping[str, Availability] | None = None,
    first: int = 0,
) -> Scenarios:
    """Joint paths from a market fitted up to its day; nothing later goes in.

    `availability` by grade; each location has draws of its own, and the price that opens or
    closes it is the one of its path.
    """
    if isinstance(market, Bootstrapped) and need.size_with_demand:
        raise ValueError("size_with_demand: expected 0 with a bootstrap, which has no demand")
    if not -1.0 <= need.size_with_demand <= 1.0:
        raise ValueError(f"size_with_demand: expected within 1, found {need.size_with_demand}")
    if not all(0 <= value < months and value == int(value) for value in need.start.values):
        raise ValueError(
            f"start: expected whole months from 0 to {months - 1}, found {need.start.values}"
        )
    dates = mid_months(market.day, months)
    prices, demand = market.paths(seed, paths, dates, first)
    available = np.ones(prices.shape, bool)
    fitted = availability or {}
    for column, (grade, _) in enumerate(market.columns):
        process = fitted.get(grade)
        if process is not None:
            available[:, :, column] = process.simulate(
                seed, need.count, prices[:, :, column], dates, first, stream=AVAILABLE + column
            )
    start = need.start.drawn(uniforms(seed, START, first, paths, 1)[:, 0]).astype(np.int64)
    shock = normals(seed, SIZE, first, paths, 1)[:, 0]
    if demand is not None:
        own = math.sqrt(1.0 - need.size_with_demand**2)
        shock = need.size_with_demand * demand + own * shock
    return Scenarios(
        day=market.day,
        months=dates,
        columns=market.columns,
        prices=prices,
        available=available,
        start=start,
        size=need.size.drawn(np.asarray(ndtr(shock))),
        modelled=tuple(grade in fitted for grade, _ in market.columns),
        seed=seed,
        first=first,
    )

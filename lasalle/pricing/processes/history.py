"""What a process is fitted to: prices by date up to a day, and curves of futures by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DAYS_PER_YEAR = 365.0
"""Distances are in years of 365 days, leap years too, as in the forward curve."""


def years_between(dates: tuple[date, ...]) -> Floats:
    """Steps between consecutive dates, years."""
    return np.diff([day.toordinal() for day in dates]) / DAYS_PER_YEAR


def _ascending(dates: tuple[date, ...], least: int) -> None:
    if len(dates) < least:
        raise ValueError(f"dates: expected at least {least}, found {len(dates)}")
    if any(b <= a for a, b in pairwise(dates)):
        raise ValueError("dates: expected strictly ascending, found one that is not")


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """A price on dates that ascend, at any distance; NaN is a date without a price.

    `prices` are USD per unit and positive; the first date has one.
    """

    name: str
    dates: tuple[date, ...]
    prices: Floats

    def __post_init__(self) -> None:
        _ascending(self.dates, 3)
        if self.prices.shape != (len(self.dates),):
            raise ValueError(f"prices: expected {len(self.dates)}, found shape {self.prices.shape}")
        if np.isnan(self.prices[0]) or bool(np.any(self.prices <= 0.0)):
            raise ValueError("prices: expected positive ones, the first not missing")

    def until(self, day: date) -> PriceHistory:
        """The same up to and including a day: what was known then."""
        count = sum(1 for one in self.dates if one <= day)
        return PriceHistory(self.name, self.dates[:count], self.prices[:count])

    def seen(self) -> PriceHistory:
        """The dates that have a price."""
        kept = ~np.isnan(self.prices)
        dates = tuple(day for day, has in zip(self.dates, kept, strict=True) if has)
        return PriceHistory(self.name, dates, self.prices[kept])

    def moves(self) -> tuple[Floats, Floats]:
        """(steps in years, log moves) between consecutive dates that have a price."""
        held = self.seen()
        return years_between(held.dates), np.diff(np.log(held.prices))


@dataclass(frozen=True, slots=True)
class FuturesHistory:
    """Futures prices on dates that ascend: rows are dates, columns contracts by distance.

    `years` is the distance of each to its delivery, `prices` are positive or NaN, both of shape
    (dates, columns). A date has at least one price.
    """

    name: str
    dates: tuple[date, ...]
    years: Floats
    prices: Floats

    def __post_init__(self) -> None:
        _ascending(self.dates, 3)
        shape = self.prices.shape
        if len(shape) != 2 or shape[0] != len(self.dates) or self.years.shape != shape:
            raise ValueError(
                f"prices and years: expected shape ({len(self.dates)}, columns), "
                f"found {shape} and {self.years.shape}"
            )
        if bool(np.any(self.prices <= 0.0)) or bool(np.any(self.years < 0.0)):
            raise ValueError("prices: expected positive ones at distances not below zero")
        if bool(np.any(np.all(np.isnan(self.prices), axis=1))):
            raise ValueError("prices: expected one on each date, found a date without")

    def until(self, day: date) -> FuturesHistory:
        """The same up to and including a day: what was known then."""
        count = sum(1 for one in self.dates if one <= day)
        return FuturesHistory(
            self.name, self.dates[:count], self.years[:count], self.prices[:count]
        )

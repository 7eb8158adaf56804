"""Filtered history of one index: overlapping moves, each scaled by volatility now over then.

G. Barone-Adesi, K. Giannopoulos and L. Vosper, "VaR without correlations for portfolios of
derivative securities", J. Futures Markets 19(5), 1999; decay and clipping are parameters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from scipy.special import ndtri

from lasalle.clearing.terms import MarginTerms
from lasalle.pricing.forward import DAYS_PER_YEAR, Floats

Fixings = Sequence[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class History:
    """Moves over the horizon and factors on deviations, newest first, as many as the model has
    columns; those behind `observed` are of the floor.

    `now` is the deviation of a day that moves are scaled to, `measured` what the filter says.
    """

    moves: tuple[float, ...]
    factors: tuple[float, ...]
    observed: int
    now: float
    measured: float

    @property
    def floor_binds(self) -> bool:
        """A floor stands in for what was measured."""
        return self.now > self.measured


def filtered(fixings_until_day: Fixings, terms: MarginTerms) -> History:
    """Filtered moves; where history is short, quantiles of a normal move at the volatility floor
    fill the missing columns, so that a young index is never margined as a calm one.

    Volatility now is never below the floor, nor, where the model asks for it, below that of its
    long look-back.
    """
    logs = [math.log(price) for _, price in fixings_until_day]
    daily = [b - a for a, b in pairwise(logs)]
    floor = terms.volatility_floor / math.sqrt(DAYS_PER_YEAR)
    variance = floor * floor
    deviations: list[float] = []
    for move in daily:
        deviations.append(math.sqrt(variance))  # known before the move
        variance = terms.ewma_lambda * variance + (1.0 - terms.ewma_lambda) * move * move
    measured = math.sqrt(variance)
    deviations.append(measured)
    now = max(floor, measured)
    if terms.floor_days and daily:
        now = max(now, math.sqrt(_mean_square(daily[-terms.floor_days :])))
    more, days = 1.0 + buffer_share(fixings_until_day, terms), terms.horizon_days
    moves: list[float] = []
    factors: list[float] = []
    for start in range(len(logs) - days - 1, -1, -1):
        if len(moves) == terms.windows:
            break
        scale = min(terms.scale_high, max(terms.scale_low, now / deviations[start]))
        moves.append(more * scale * (logs[start + days] - logs[start]))
        after = deviations[start + days] / deviations[start]
        factors.append(min(terms.volatility_high, max(terms.volatility_low, after)))
    observed, missing = len(moves), terms.windows - len(moves)
    horizon = more * floor * math.sqrt(days)
    fill: Floats = np.asarray(horizon * ndtri((np.arange(missing) + 0.5) / max(missing, 1)))
    return History(
        (*moves, *(float(x) for x in fill)), (*factors, *[1.0] * missing), observed, now, measured
    )


def historical_moves(
    fixings_until_day: Fixings, terms: MarginTerms
) -> tuple[tuple[float, ...], int]:
    """(Filtered moves and what fills them up, how many were observed)."""
    found = filtered(fixings_until_day, terms)
    return found.moves, found.observed


def buffer_share(fixings_until_day: Fixings, terms: MarginTerms) -> float:
    """What the buffer adds to a move, as a share: whole while volatility now is at or below its
    mean over the history, nothing from twice that on, in a straight line between.
    """
    if not terms.buffer:
        return 0.0
    logs = [math.log(price) for _, price in fixings_until_day]
    daily = [b - a for a, b in pairwise(logs)]
    floor = (terms.volatility_floor / math.sqrt(DAYS_PER_YEAR)) ** 2
    usual = max(floor, _mean_square(daily)) if daily else floor
    variance = usual
    for move in daily:
        variance = terms.ewma_lambda * variance + (1.0 - terms.ewma_lambda) * move * move
    ratio = math.sqrt(max(floor, variance) / usual)
    return terms.buffer * min(1.0, max(0.0, 2.0 - ratio))


def _mean_square(moves: Sequence[float]) -> float:
    return sum(move * move for move in moves) / len(moves)

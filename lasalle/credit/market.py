"""What compute costs and how its price moves: an argument of every method of the desk."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

from lasalle.credit.model import CreditError, micro
from lasalle.credit.roots import root
from lasalle.credit.terms import CreditTerms, PriceTerms

Floats = NDArray[np.float64]
MOST_JUMPS = 60


@dataclass(frozen=True)
class Market:
    """Micro-dollars an accelerator-hour by grade, how they move, and which grades are marked by the
    house; the rest are public offers from the table."""

    prices: Mapping[str, int]
    moves: PriceTerms
    marked: frozenset[str] = frozenset()

    def price(self, grade: str) -> int:
        """Price of a grade. Raises CreditError."""
        if grade not in self.prices:
            known = ", ".join(sorted(self.prices))
            raise CreditError(f"grade: expected one with a price, {known}, found {grade} (CRD-002)")
        return self.prices[grade]


def market_of(terms: CreditTerms, marks: Mapping[str, int] | None = None) -> Market:
    """The market by the house's marks, and by public offers where it has none."""
    marks = {grade: price for grade, price in (marks or {}).items() if price > 0}
    offers = {grade: micro(text) for grade, text in terms.prices.items()}
    return Market({**offers, **marks}, terms.price, frozenset(marks))


def yearly_deviation(moves: PriceTerms) -> float:
    """Deviation of a year's log move, jumps included."""
    jumps = moves.jumps * (moves.jump_mean**2 + moves.jump_deviation**2)
    return math.sqrt(moves.volatility**2 + jumps)


def log_moves(
    moves: PriceTerms, years: float, normal: Floats, counts: Floats, jumps: Floats
) -> Floats:
    """Log moves over a time from standard normals of diffusion, numbers of jumps, and standard
    normals of what they come to: the mean move of the price itself is its drift."""
    leap = math.exp(moves.jump_mean + moves.jump_deviation**2 / 2) - 1
    drift = (moves.drift - moves.volatility**2 / 2 - moves.jumps * leap) * years
    jumped = counts * moves.jump_mean + np.sqrt(counts) * moves.jump_deviation * jumps
    return np.asarray(drift + moves.volatility * math.sqrt(years) * normal + jumped)


def mixture(moves: PriceTerms, years: float) -> tuple[Floats, Floats, Floats]:
    """Weights, means and deviations of the log move, by the number of jumps."""
    count = np.arange(MOST_JUMPS)
    expected = moves.jumps * years
    weight = np.exp(count * math.log(max(expected, 1e-300)) - expected - gammaln(count + 1.0))
    leap = math.exp(moves.jump_mean + moves.jump_deviation**2 / 2) - 1
    drift = (moves.drift - moves.volatility**2 / 2 - moves.jumps * leap) * years
    mean = drift + count * moves.jump_mean
    deviation = np.sqrt(moves.volatility**2 * years + count * moves.jump_deviation**2)
    return np.asarray(weight, float), np.asarray(mean, float), np.asarray(deviation, float)


def spike_shortfall(moves: PriceTerms, days: float, tail: float) -> float:
    """Expected rise of the price, a share of it, over some days in the worst cases for who is
    short: the mean beyond a quantile of Merton's jump diffusion, a mixture of lognormal laws."""
    weight, mean, deviation = mixture(moves, days / 365.25)

    def below(log_move: float) -> float:
        return float(np.sum(weight * ndtr((log_move - mean) / deviation)))

    width = 12 * float(deviation[-1]) + abs(float(mean[-1])) + 1
    at = root(lambda x: below(x) - tail, -width, width)
    upper = ndtr((mean + deviation**2 - at) / deviation)
    beyond = float(np.sum(weight * np.exp(mean + deviation**2 / 2) * upper)) / (1 - tail)
    return beyond - 1

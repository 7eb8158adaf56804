"""Profile likelihood: how much a history says of one parameter when the others may follow it.

Source: D. Cox and D. Hinkley, "Theoretical statistics", 1974, chapter 9: twice the fall of the
log-likelihood from its maximum has the law of chi-squared with one degree of freedom; what falls
by less than 1.92 lies within a 95 % interval. A flat profile is a parameter that is not told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.special import chdtri

from lasalle.pricing.processes.history import PriceHistory
from lasalle.pricing.processes.two_factor_fit import fit_price

FALL = 0.5 * float(chdtri(1, 0.05))


@dataclass(frozen=True, slots=True)
class Profile:
    """Greatest log-likelihood at each value of a parameter, over the greatest of all."""

    name: str
    unit: str
    values: tuple[float, ...]
    falls: tuple[float, ...]

    @property
    def interval(self) -> tuple[float, float]:
        """Least and greatest value tried within 95 %; an end of what was tried is open."""
        held = [v for v, fall in zip(self.values, self.falls, strict=True) if fall <= FALL]
        return min(held), max(held)

    @property
    def told(self) -> bool:
        """Whether both ends of what was tried fall out of the interval."""
        return self.falls[0] > FALL and self.falls[-1] > FALL


def profile(
    name: str, unit: str, values: Sequence[float], log_likelihood: Callable[[float], float]
) -> Profile:
    """The profile of a parameter over values that ascend."""
    found = [log_likelihood(value) for value in values]
    best = max(found)
    return Profile(name, unit, tuple(values), tuple(best - one for one in found))


def reversion_profile(
    history: PriceHistory,
    values: Sequence[float] = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 60.0, 150.0),
) -> Profile:
    """Mean reversion of the two factors in a price alone, a year."""

    def at(value: float) -> float:
        held = {"correlation": 0.0, "reversion": value}
        return fit_price(history, held=held, errors=False).log_likelihood

    return profile("reversion", "a year", values, at)


def share_profile(
    history: PriceHistory,
    reversion: float = 2.0,
    values: Sequence[float] = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98),
) -> Profile:
    """Long share of the variance of a day at a stated reversion, in a price alone."""
    made = fit_price(history, errors=False).process
    total = math.hypot(made.short_volatility, made.long_volatility)

    def at(share: float) -> float:
        # The sum is told by the moves; only its parts are in question.
        held = {
            "correlation": 0.0,
            "reversion": reversion,
            "short volatility": total * (1.0 - share) ** 0.5,
            "long volatility": total * share**0.5,
        }
        return fit_price(history, held=held, errors=False).log_likelihood

    return profile("long share of variance", "", values, at)

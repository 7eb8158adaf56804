"""A process fitted to a history, and what the fit says of itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from lasalle.pricing.processes.diagnostics import Test, residual_tests
from lasalle.pricing.processes.estimation import Estimate
from lasalle.pricing.processes.history import Floats
from lasalle.pricing.processes.laws import Law


class Process(Protocol):
    """A law of a price from a day on."""

    def law(self, years: float) -> Law:
        """Law of the log price at a distance from the day fitted on."""
        ...

    def simulate(self, seed: int, paths: int, dates: tuple[date, ...], first: int = 0) -> Floats:
        """Prices of shape (paths, dates), of the paths numbered from `first` on."""
        ...


P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Fitted(Generic[P]):
    """The process with estimates, log-likelihood, standardised residuals, and what is not told.

    `residuals` are standard normal where the model is true; NaN where nothing was seen.
    """

    name: str
    history: str
    fitted_on: date
    process: P
    estimates: tuple[Estimate, ...]
    log_likelihood: float
    observations: int
    converged: bool
    residuals: Floats
    cannot_tell: tuple[str, ...]

    @property
    def bic(self) -> float:
        """Schwarz's criterion; smaller is better, between models of the same observations."""
        return len(self.estimates) * math.log(self.observations) - 2.0 * self.log_likelihood

    def estimate(self, name: str) -> Estimate:
        """One parameter. Raises KeyError for a name that is not one."""
        for one in self.estimates:
            if one.name == name:
                return one
        raise KeyError(f"{name}: expected one of {[one.name for one in self.estimates]}")

    def tests(self) -> tuple[Test, ...]:
        """Residual tests."""
        return residual_tests(self.residuals)

"""Maximum likelihood: parameters kept inside their domain, the maximum, and errors four ways.

Errors: from the curvature of the log-likelihood (Hessian); from the outer product of the scores
(OPG); both together (sandwich: H. White, Econometrica 50, 1982), which allows for a law of
residuals that is not the assumed one; and by a block bootstrap of the scores (P. Kline and A.
Santos, Journal of Econometric Methods 1, 2012; blocks of random length of D. Politis and J.
Romano, JASA 89, 1994), which allows for scores that depend on their neighbours as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from lasalle.pricing.processes.bootstrap import stationary_rows
from lasalle.pricing.processes.history import Floats

FLAT = 1e-3
"""Curvature of the log-likelihood in the search space below which nothing is told."""
BIG = 1e12
BOOTSTRAPS = 400


class Domain(Enum):
    """Where a parameter lives."""

    FREE = "any number"
    POSITIVE = "above 0"
    CORRELATION = "between -1 and 1"
    SHARE = "between 0 and 1"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name, a unit, and how the search sees it: without bounds."""

    name: str
    unit: str
    domain: Domain = Domain.FREE
    low: float = -math.inf
    high: float = math.inf

    @property
    def bounds(self) -> tuple[float, float]:
        """Ends of the search space; what is never reached is left open."""
        usual = {Domain.POSITIVE: 12.0, Domain.CORRELATION: 3.5, Domain.SHARE: 12.0}
        reach = usual.get(self.domain, 20.0)
        ends = [-reach, reach]
        for end, own in enumerate((self.low, self.high)):
            if math.isfinite(own):
                ends[end] = self.sought(own)
        return ends[0], ends[1]

    def at_bound(self, sought: float) -> bool:
        """Whether the search stopped at an end."""
        low, high = self.bounds
        return sought - low < 1e-6 or high - sought < 1e-6

    def value(self, sought: float) -> float:
        """The parameter at a point of the search space."""
        if self.domain is Domain.POSITIVE:
            return math.exp(min(max(sought, -40.0), 40.0))
        if self.domain is Domain.CORRELATION:
            return math.tanh(sought)
        if self.domain is Domain.SHARE:
            return 0.5 + 0.5 * math.tanh(0.5 * sought)
        return sought

    def sought(self, value: float) -> float:
        """The point of the search space for a parameter."""
        if self.domain is Domain.POSITIVE:
            return math.log(value)
        if self.domain is Domain.CORRELATION:
            return math.atanh(value)
        if self.domain is Domain.SHARE:
            return 2.0 * math.atanh(2.0 * value - 1.0)
        return value

    def slope(self, sought: float) -> float:
        """Change of the parameter for a step of the search space: the delta method."""
        value = self.value(sought)
        if self.domain is Domain.POSITIVE:
            return value
        if self.domain is Domain.CORRELATION:
            return 1.0 - value * value
        if self.domain is Domain.SHARE:
            return value * (1.0 - value)
        return 1.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A parameter and its standard errors, in its own unit; infinite where nothing tells it."""

    name: str
    unit: str
    value: float
    error: float
    opg_error: float
    robust_error: float
    bootstrap_error: float

    def __str__(self) -> str:
        return f"{self.name} {self.value:.4g} +/- {self.robust_error:.2g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the search ended, in the search space."""

    sought: Floats
    log_likelihood: float
    converged: bool


Objective = Callable[[Floats], float]
Contributions = Callable[[Floats], Floats]
Gradient = Callable[[Floats], Floats]
Both = Callable[[Floats], tuple[float, Floats]]


def _search(*asked: Any, **how: Any) -> Any:
    """What scipy.optimize.minimize finds; loaded where something is fitted, for it is heavy."""
    from scipy.optimize import minimize

    return minimize(*asked, **how)


def maximise(
    parameters: Sequence[Parameter],
    objective: Objective,
    starts: Sequence[Floats],
    both: Both | None = None,
) -> Maximum:
    """The greatest log-likelihood found from the starts, by L-BFGS-B within the bounds; `both`
    gives the objective and its gradient at once.
    """
    best: Maximum | None = None
    bounds = [one.bounds for one in parameters]
    low, high = np.array(bounds).T

    def sought_by(sought: Floats) -> float | tuple[float, Floats]:
        if both is None:
            return -_finite(objective(sought))
        value, gradient = both(sought)
        return -_finite(value), -np.nan_to_num(gradient)

    for start in starts:
        found = _search(
            sought_by,
            np.clip(start, low, high),
            method="L-BFGS-B",
            jac=both is not None,
            bounds=bounds,
            options={"maxiter": 500, "ftol": 1e-9, "gtol": 1e-3, "maxcor": 40, "maxfun": 40_000},
        )
        here = Maximum(np.asarray(found.x, float), -float(found.fun), bool(found.success))
        if best is None or here.log_likelihood > best.log_likelihood:
            best = here
    if best is None or best.log_likelihood <= -BIG:
        raise ValueError("likelihood: expected a finite one at some start, found none")
    return best


def _finite(value: float) -> float:
    return value if math.isfinite(value) else -BIG


def scores(contributions: Contributions, sought: Floats, step: float = 1e-4) -> Floats:
    """Derivative of each contribution by each parameter, shape (contributions, parameters)."""
    columns = []
    for index in range(len(sought)):
        up, down = sought.copy(), sought.copy()
        up[index] += step
        down[index] -= step
        columns.append((contributions(up) - contributions(down)) / (2.0 * step))
    return np.stack(columns, axis=1)


def hessian(
    objective: Objective, sought: Floats, gradient: Gradient | None = None, step: float = 1e-3
) -> Floats:
    """Second derivatives by central differences, symmetric."""
    count = len(sought)
    unit = np.eye(count) * step
    if gradient is not None:
        rows = [(gradient(sought + e) - gradient(sought - e)) / (2.0 * step) for e in unit]
        return np.asarray(0.5 * (np.stack(rows) + np.stack(rows).T))
    found, middle = np.zeros((count, count)), objective(sought)
    for i in range(count):
        for j in range(i + 1):
            if i == j:
                ahead, behind = objective(sought + unit[i]), objective(sought - unit[i])
                found[i, i] = (ahead - 2.0 * middle + behind) / step**2
                continue
            corners = (
                objective(sought + unit[i] + unit[j])
                - objective(sought + unit[i] - unit[j])
                - objective(sought - unit[i] + unit[j])
                + objective(sought - unit[i] - unit[j])
            )
            found[i, j] = found[j, i] = corners / (4.0 * step**2)
    return found


def _inverse(curvature: Floats) -> tuple[Floats, Floats]:
    """(pseudo-inverse of a curvature, share of each parameter in its flat directions)."""
    values, vectors = np.linalg.eigh(curvature)
    told = values > FLAT
    inverse = (vectors[:, told] / values[told]) @ vectors[:, told].T
    flat = np.sum(vectors[:, ~told] ** 2, axis=1)
    return inverse, flat


def estimates(
    parameters: Sequence[Parameter],
    maximum: Maximum,
    contributions: Contributions,
    gradient: Gradient | None = None,
    seed: int = 0,
) -> tuple[Estimate, ...]:
    """Each parameter with its errors; infinite in a flat direction, and at a bound."""
    sought = maximum.sought
    inner = np.array(
        [not p.at_bound(float(at)) for p, at in zip(parameters, sought, strict=True)], float
    )
    # A parameter at its bound is held there: it has no error and lends none to the others.
    kept = np.outer(inner, inner)
    curvature = kept * -hessian(lambda one: float(contributions(one).sum()), sought, gradient)
    told = scores(contributions, sought) * inner
    inverse, flat = _inverse(curvature)
    outer, outer_flat = _inverse(told.T @ told)
    sandwich = inverse @ told.T @ told @ inverse
    length = max(2.0, len(told) ** (1.0 / 3.0))
    rows = stationary_rows(seed, BOOTSTRAPS, len(told), len(told), length)
    centred = told - told.mean(axis=0)
    moved = np.stack([centred[row].sum(axis=0) for row in rows]) @ inverse
    found = []
    for index, parameter in enumerate(parameters):
        slope = abs(parameter.slope(float(sought[index])))
        bound = parameter.at_bound(float(sought[index]))
        told_by = [
            math.inf if bound or lost > 0.05 else slope * math.sqrt(max(float(variance), 0.0))
            for variance, lost in (
                (inverse[index, index], flat[index]),
                (outer[index, index], outer_flat[index]),
                (sandwich[index, index], flat[index]),
                (np.var(moved[:, index]), flat[index]),
            )
        ]
        value = parameter.value(float(sought[index]))
        found.append(Estimate(parameter.name, parameter.unit, value, *told_by))
    return tuple(found)

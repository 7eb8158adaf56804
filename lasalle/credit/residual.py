"""What a machine is still worth: the net rent it will bring until its life ends, over that of a new
one. The rate at which rents fall is fitted, with its error; life, running cost and discount are
chosen within ranges, because no public sale of a machine identifies them.

Random effects over models of accelerators: DerSimonian and Laird, Controlled Clinical Trials 7,
1986; errors by Knapp and Hartung, Statistics in Medicine 22, 2003.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from msgspec import Struct, ValidationError, convert
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from lasalle.contracts import parse_toml
from lasalle.credit.model import CreditError

Floats = NDArray[np.float64]
STEP_YEARS = 0.5
"""Matched changes are taken over half years: shorter ones repeat a list that stands."""
LEAST_STEPS = 2
LEAST_ERROR = 0.02
"""Of a rate a year: a list that did not move is no proof that rents do not."""


class Slope(Struct, frozen=True):
    """How fast the rent of a model fell in a source: a log rate a year (positive falls), its error,
    steps of half a year and series it rests on."""

    model: str
    source: str
    rate: float
    error: float
    steps: int
    series: int


class Decline(Struct, frozen=True):
    """Over models: the mean rate and its error, what models differ by, and how many there are."""

    rate: float
    error: float
    between: float
    models: int

    def with_practice(self, window_error: float, rate: float, error: float) -> Decline:
        """The fit weighed with what lenders' practice implies, each by its precision: all models
        saw the same years, so the error of the window does not fall with their number."""
        told = self.error**2 + self.between**2 + window_error**2
        weight = (1 / told) / (1 / told + 1 / error**2)
        mean = weight * self.rate + (1 - weight) * rate
        return Decline(mean, (weight * told) ** 0.5, 0.0, self.models)

    def draws(self, normal: Floats) -> Floats:
        """Rates of a model nobody has seen, from standard normal draws; heavier in the tails, by
        Student's law with as many degrees as models less two."""
        degrees = max(2, self.models - 2)
        heavier = stdtrit(degrees, ndtr(normal))
        return np.asarray(self.rate + heavier * np.hypot(self.error, self.between))


class ResidualTerms(Struct, frozen=True, forbid_unknown_fields=True):
    """The curve in force: the fitted decline with the error of its one window, what lenders'
    practice says with its error, and lowest, likely and highest of what is chosen."""

    fitted: Decline
    window_error: float
    practice_rate: float
    practice_error: float
    life_years: tuple[float, float, float]
    running_share: tuple[float, float, float]
    discount: tuple[float, float, float]
    draws: int
    seed: int


def matched_slope(
    model: str, source: str, series: Mapping[Any, Sequence[tuple[float, float]] | Floats]
) -> Slope | None:
    """The rate at which matched offers of a model fell: changes over half years of every series
    that has both ends, averaged at each step; None where there are too few. `series`: (years,
    price)."""
    if not series:
        return None
    every = [np.asarray(rows, float) for rows in series.values() if len(rows) > 1]
    every = [rows[np.argsort(rows[:, 0], kind="stable")] for rows in every]
    every = [rows for rows in every if rows[-1, 0] - rows[0, 0] >= STEP_YEARS]
    if not every:
        return None
    first, last = min(r[0, 0] for r in every), max(r[-1, 0] for r in every)
    grid = np.arange(first, last + 1e-9, STEP_YEARS)
    changes: list[list[float]] = [[] for _ in grid[1:]]
    for rows in every:
        inside = np.nonzero((grid >= rows[0, 0] - 1e-9) & (grid <= rows[-1, 0] + 1e-9))[0]
        at = np.searchsorted(rows[:, 0], grid[inside] + 1e-9) - 1
        levels = np.log(rows[at, 1])
        for place, change in zip(inside[:-1], np.diff(levels), strict=True):
            changes[place].append(float(change))
    steps = [-float(np.mean(found)) / STEP_YEARS for found in changes if found]
    if len(steps) < LEAST_STEPS:
        return None
    error = float(np.std(steps, ddof=1)) / len(steps) ** 0.5
    return Slope(
        model, source, float(np.mean(steps)), max(error, LEAST_ERROR), len(steps), len(every)
    )


def pooled(slopes: Sequence[Slope]) -> Decline:
    """The decline over models. Raises CreditError for fewer than three."""
    if len(slopes) < 3:
        raise CreditError(f"residual: expected three models or more, found {len(slopes)}")
    y = np.array([s.rate for s in slopes])
    variance = np.array([s.error for s in slopes]) ** 2
    weight = 1 / variance
    mean = float(np.sum(weight * y) / np.sum(weight))
    spread = float(np.sum(weight * (y - mean) ** 2))
    scale = float(np.sum(weight) - np.sum(weight**2) / np.sum(weight))
    between = max(0.0, (spread - (len(y) - 1)) / scale)
    weight = 1 / (variance + between)
    mean = float(np.sum(weight * y) / np.sum(weight))
    spread = float(np.sum(weight * (y - mean) ** 2)) / (len(y) - 1)
    error = float(np.sqrt(spread / np.sum(weight)))
    return Decline(mean, error, between**0.5, len(y))


def net_rent(age: Any, decline: Any, life: Any, running: Any, discount: Any) -> Floats:
    """Present value, in years of a new machine's rent, of what a machine of an age brings until its
    life ends or its rent no longer pays what it costs to run."""
    age, decline, life = (np.asarray(x, float) for x in (age, decline, life))
    running, discount = np.asarray(running, float), np.asarray(discount, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        pays_until = np.where(decline > 0, -np.log(running) / np.where(decline > 0, decline, 1),
                              np.inf)  # fmt: skip
    end = np.maximum(age, np.minimum(life, pays_until))
    left = end - age
    both = decline + discount
    rent = np.exp(-decline * age) * _annuity(both, left)
    return np.asarray(np.maximum(0.0, rent - running * _annuity(discount, left)))


def _annuity(rate: Floats, years: Floats) -> Floats:
    """A dollar a year for some years, discounted continuously; exact where the rate is nought."""
    small = np.abs(rate) < 1e-9
    safe = np.where(small, 1.0, rate)
    return np.asarray(np.where(small, years, -np.expm1(-safe * years) / safe))


@dataclass(frozen=True)
class ResidualCurve:
    """Shares of the price when bought, by age, as draws of what is not known."""

    decline: Floats
    life: Floats
    running: Floats
    discount: Floats

    def draws(self, age_years: float) -> Floats:
        """Every draw of the share that is left at an age."""
        terms = (self.decline, self.life, self.running, self.discount)
        new = net_rent(0.0, *terms)
        return np.asarray(net_rent(max(0.0, age_years), *terms) / new)

    def mean(self, age_years: float) -> float:
        """The mean share left."""
        return float(np.mean(self.draws(age_years)))

    def quantile(self, age_years: float, share: float) -> float:
        """The share left that is fallen short of with a probability."""
        return float(np.quantile(self.draws(age_years), share))


def curve_of(terms: ResidualTerms) -> ResidualCurve:
    """The curve under terms: what is chosen is drawn from triangles over its range."""
    rng = np.random.default_rng(terms.seed)
    half = rng.standard_normal(terms.draws // 2)
    normal = np.concatenate([half, -half])

    def triangle(low_mode_high: tuple[float, float, float]) -> Floats:
        uniform = rng.random(len(half))
        both = np.concatenate([uniform, 1 - uniform])
        low, mode, high = low_mode_high
        rising = low + np.sqrt(both * (high - low) * (mode - low))
        falling = high - np.sqrt((1 - both) * (high - low) * (high - mode))
        return np.asarray(np.where(both < (mode - low) / (high - low), rising, falling))

    # A model whose rent rises is no better security than one whose rent stands.
    told = terms.fitted.with_practice(terms.window_error, terms.practice_rate, terms.practice_error)
    decline = np.maximum(0.0, told.draws(normal))
    return ResidualCurve(
        decline, triangle(terms.life_years), triangle(terms.running_share), triangle(terms.discount)
    )


def read_residual(rows: Any) -> ResidualTerms:
    """Terms of the curve from a table. Raises CreditError."""
    try:
        terms = convert(rows, ResidualTerms)
    except ValidationError as error:
        raise CreditError(f"residual.toml: {error}") from None
    for name in ("life_years", "running_share", "discount"):
        low, mode, high = getattr(terms, name)
        if not 0 < low < mode < high:
            raise CreditError(f"{name}: expected 0 < low < likely < high, found {low, mode, high}")
    if terms.draws % 2 or not 1_000 <= terms.draws <= 100_000:
        raise CreditError(f"draws: expected an even number from 1000, found {terms.draws}")
    return terms


@cache
def load_curve() -> ResidualCurve:
    """The curve in force."""
    path = resources.files("lasalle.credit") / "table" / "residual.toml"
    return curve_of(read_residual(parse_toml(path.read_text(encoding="utf-8"))))

"""The two factors fitted by maximum likelihood: to a price alone, or to a panel of futures.

What a price alone cannot tell stands in `SPOT_CANNOT`: the likelihood is nearly flat along a
ridge of mean reversion and long share, which `profile.py` draws. Premiums are told by futures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from lasalle.pricing.processes.estimation import Domain, Maximum, Parameter, estimates, maximise
from lasalle.pricing.processes.fitted import Fitted
from lasalle.pricing.processes.history import (
    Floats,
    FuturesHistory,
    PriceHistory,
    years_between,
)
from lasalle.pricing.processes.kalman import (
    Filtered,
    Transition,
    filtered,
    smoothed,
    squared_misses,
)
from lasalle.pricing.processes.panel_score import by_parameter, slopes
from lasalle.pricing.processes.schwartz_smith import FactorState, SchwartzSmith

SPOT_CANNOT = (
    "the premiums of either factor: a price alone has no forward to compare with, so the forward "
    "is the expected price",
    "mean reversion apart from the long share of variance: many pairs give nearly the same "
    "likelihood, and the width of the curve beyond a year depends on which",
    "the drift, whose error is the long volatility over the square root of the years seen",
)
PANEL_CANNOT = (
    "the drift of the long factor: its error is the long volatility over the square root of the "
    "years seen, whatever the number of contracts; the drift of forwards is told",
    "the premium of the short factor apart from its mean, but for the years seen",
)
_SPOT = (
    Parameter("reversion", "a year", Domain.POSITIVE, 0.01, 200.0),
    Parameter("short volatility", "a year", Domain.POSITIVE, 0.001, 20.0),
    Parameter("long volatility", "a year", Domain.POSITIVE, 0.001, 20.0),
    Parameter("correlation", "", Domain.CORRELATION, -0.995, 0.995),
    Parameter("drift", "a year", low=-5.0, high=5.0),
)
_PREMIUMS = (Parameter("short premium", "a year"), Parameter("forward drift", "a year"))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is searched: log prices (dates, columns), distances, and which parameters are held.

    `held` are parameters of a price alone that are assumed and not fitted, by name.
    """

    dates: tuple[date, ...]
    years: Floats
    logs: Floats
    panel: bool
    harmonics: int
    held: dict[str, float]
    steps: Floats

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is fitted, in the order of the search space."""
        free = [one for one in _SPOT if one.name not in self.held]
        seasons = [
            Parameter(f"{wave} {n}", "log price")
            for n in range(1, self.harmonics + 1)
            for wave in ("cosine", "sine")
        ]
        if not self.panel:
            return (*free, *seasons)
        errors = [
            Parameter(f"error {n}", "log price", Domain.POSITIVE, 5e-4, 1.0)
            for n in range(1, self.logs.shape[1] + 1)
        ]
        return (*free, *_PREMIUMS, *seasons, *errors)

    def process(self, sought: Floats, state: FactorState) -> tuple[SchwartzSmith, Floats]:
        """(process, measurement errors) at a point of the search space."""
        named = {
            one.name: one.value(float(at)) for one, at in zip(self.parameters, sought, strict=True)
        } | self.held
        drift = named["drift"]
        waves = tuple(
            named[f"{wave} {n}"]
            for n in range(1, self.harmonics + 1)
            for wave in ("cosine", "sine")
        )
        made = SchwartzSmith(
            reversion=named["reversion"],
            short_volatility=named["short volatility"],
            long_volatility=named["long volatility"],
            correlation=named["correlation"],
            drift=drift,
            short_premium=named.get("short premium", 0.0),
            forward_drift=named.get("forward drift", drift),
            state=state,
            season=waves,
        )
        count = self.logs.shape[1]
        errors = [named[f"error {n}"] for n in range(1, count + 1)] if self.panel else [0.0]
        return made, np.array(errors)

    def parts(self, sought: Floats) -> tuple[Floats, Floats, Floats, float, Transition]:
        """(loading, observed, errors, variance of the first state, transition)."""
        made, errors = self.process(sought, FactorState(self.dates[0], 0.0, 0.0))
        steps = self.steps
        short, cross, long = made.covariance_terms(steps)
        by = Transition(
            np.exp(-made.reversion * steps),
            made.drift * steps,
            np.stack([short, cross, long], axis=1),
        )
        loading = np.exp(-made.reversion * self.years)
        observed = self.logs
        if self.panel:
            observed = observed - made.futures_adjustment(self.years)
        if self.harmonics:
            observed = observed - made.seasonal(self._days)
        variance = made.short_volatility**2 / (2.0 * made.reversion)
        return loading, observed, errors, variance, by

    def run(self, sought: Floats) -> Filtered:
        """The filter at a point of the search space."""
        loading, observed, errors, variance, by = self.parts(sought)
        return filtered(loading, observed, errors, (variance, self._level), by)

    @property
    def _level(self) -> float:
        return float(np.nanmean(self.logs[0]))

    def contributions(self, sought: Floats) -> Floats:
        """Log-likelihood of each date given those before it."""
        return self.run(sought).contributions

    def objective(self, sought: Floats) -> float:
        """Log-likelihood."""
        return float(self.contributions(sought).sum())

    def gradient(self, sought: Floats) -> Floats:
        """Score by Fisher's identity: one filter, one smoother, whatever the parameters."""
        return self.value_and_gradient(sought)[1]

    def value_and_gradient(self, sought: Floats) -> tuple[float, Floats]:
        """Log-likelihood and score, from one run of the filter."""
        loading, observed, errors, variance, by = self.parts(sought)
        run = filtered(loading, observed, errors, (variance, self._level), by)
        moments = smoothed(run, by.decay)
        made, _ = self.process(sought, FactorState(self.dates[0], 0.0, 0.0))
        told = by_parameter(
            slopes(moments, loading, observed, errors, variance, by),
            made,
            self.years,
            self.steps,
            self._days if self.harmonics else None,
        )
        if not self.panel:
            return float(run.contributions.sum()), self._in_search(sought, told)
        # By an error: a count of prices, and what was missed beside it.
        missed = np.nansum(squared_misses(moments, loading, observed), axis=0) / errors**2
        missed = missed - np.sum(~np.isnan(observed), axis=0)
        told |= {f"error {n}": float(one) for n, one in enumerate(missed / errors, 1)}
        return float(run.contributions.sum()), self._in_search(sought, told)

    def _in_search(self, sought: Floats, told: dict[str, float]) -> Floats:
        """Slopes by the parameters as slopes in the space that is searched."""
        pairs = zip(self.parameters, sought, strict=True)
        return np.array([told[one.name] * one.slope(float(at)) for one, at in pairs])

    @property
    def scored(self) -> bool:
        """Whether the score has a closed form: a season moves what a price alone shows of the
        factors, and Fisher's identity does not see it.
        """
        return self.panel or not self.harmonics

    @property
    def _days(self) -> Floats:
        """The day each price is for, as an ordinal."""
        days = np.array([day.toordinal() for day in self.dates], float)[:, None]
        return np.asarray(days + 365.0 * self.years)

    def starts(self) -> list[Floats]:
        """Points to search from: slow and fast reversion, much and little long variance."""
        column = self.logs[:, 0]
        kept = ~np.isnan(column)
        held = tuple(day for day, has in zip(self.dates, kept, strict=True) if has)
        steps, moves = years_between(held), np.diff(column[kept])
        volatility = max(math.sqrt(float(np.sum(moves**2)) / float(steps.sum())), 0.02)
        found = []
        for reversion, share in ((1.0, 0.3),) if self.panel else ((1.0, 0.3), (6.0, 0.6)):
            named = {
                "reversion": reversion,
                "short volatility": volatility * math.sqrt(1.0 - share),
                "long volatility": volatility * math.sqrt(share),
                "correlation": 0.0,
            }
            values = [
                named.get(one.name, 0.02 if one.name.startswith("error") else 0.0)
                for one in self.parameters
            ]
            found.append(
                np.array(
                    [one.sought(value) for one, value in zip(self.parameters, values, strict=True)]
                )
            )
        return found


def fit_price(
    history: PriceHistory,
    *,
    held: dict[str, float] | None = None,
    harmonics: int = 0,
    errors: bool = True,
) -> Fitted[SchwartzSmith]:
    """The two factors fitted to a price alone, seen without error.

    `held` fixes parameters by name: by default the correlation, at 0, since a price alone does
    not tell the two factors' shocks apart; `{}` fits all five. Without `errors` no standard errors
    are reckoned and there are no estimates: walks and profiles fit often.
    """
    fixed = {"correlation": 0.0} if held is None else dict(held)
    unknown = fixed.keys() - {one.name for one in _SPOT}
    if unknown:
        raise ValueError(f"held: expected names of parameters, found {sorted(unknown)}")
    logs, steps = np.log(history.prices)[:, None], years_between(history.dates)
    problem = Problem(history.dates, np.zeros_like(logs), logs, False, harmonics, fixed, steps)
    return _fit(history.name, problem, SPOT_CANNOT, errors)


def fit_panel(
    history: FuturesHistory, *, harmonics: int = 0, errors: bool = True
) -> Fitted[SchwartzSmith]:
    """The two factors fitted to futures prices, each distance seen with an error of its own."""
    if history.prices.shape[1] < 3:
        raise ValueError(
            f"{history.name}: expected at least 3 distances, found {history.prices.shape[1]}"
        )
    logs = np.log(history.prices)
    steps = years_between(history.dates)
    problem = Problem(history.dates, history.years, logs, True, harmonics, {}, steps)
    return _fit(history.name, problem, PANEL_CANNOT, errors)


def _fit(
    name: str, problem: Problem, cannot: tuple[str, ...], errors: bool
) -> Fitted[SchwartzSmith]:
    gradient = problem.gradient if problem.scored else None
    parameters = problem.parameters
    if parameters:
        both = problem.value_and_gradient if problem.scored else None
        best = maximise(parameters, problem.objective, problem.starts(), both)
    else:
        best = Maximum(np.empty(0), problem.objective(np.empty(0)), True)
    run = problem.run(best.sought)
    last = [float(value) for value in run.filtered[-1]]
    state = FactorState(problem.dates[-1], *last)
    made, blur = problem.process(best.sought, state)
    loading, observed, *_ = problem.parts(best.sought)
    short, long, p, c, q = (run.predicted[:, n : n + 1] for n in range(5))
    expected = loading * short + long
    variance = loading**2 * p + 2.0 * loading * c + q + blur**2
    # The first date has no law before it.
    residuals = ((observed - expected) / np.sqrt(variance))[1:]
    return Fitted(
        name="schwartz-smith",
        history=name,
        fitted_on=problem.dates[-1],
        process=made,
        estimates=estimates(parameters, best, problem.contributions, gradient) if errors else (),
        log_likelihood=best.log_likelihood,
        observations=int(np.sum(~np.isnan(problem.logs))),
        converged=best.converged,
        residuals=residuals[:, 0],
        cannot_tell=cannot,
    )

"""The score of two factors in closed form: slopes of the expected log-likelihood, and of its parts.

Fisher's identity gives the score of the prices as the slope of the expected log-likelihood of
states and prices, the smoothed moments held (J. Durbin and S. J. Koopman, 2nd ed. 2012, section
7.3.3). Here that slope is taken by what the model is made of, loadings, log prices, decay, drift,
noise, and carried to the parameters by the chain rule, so that a score costs one filter and one
smoother and no differences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lasalle.pricing.processes.history import Floats
from lasalle.pricing.processes.kalman import Smoothed, Transition
from lasalle.pricing.processes.schwartz_smith import SchwartzSmith


@dataclass(frozen=True, slots=True)
class Slopes:
    """Of the expected log-likelihood: by each loading and log price seen (dates, columns), by decay
    and drift (dates - 1), by noise (dates - 1, 3), by the variance of the first state.
    """

    loading: Floats
    observed: Floats
    decay: Floats
    drift: Floats
    noise: Floats
    start: float


def slopes(
    moments: Smoothed,
    loading: Floats,
    observed: Floats,
    errors: Floats,
    start_variance: float,
    by: Transition,
) -> Slopes:
    """Slopes at the parameters of the smoother; 0 where no price was seen."""
    mean, spread = moments.means, moments.covariances
    short, long = mean[:, :1], mean[:, 1:]
    seen = ~np.isnan(observed)
    miss = np.where(seen, observed - loading * short - long, 0.0)
    # A price without error has no weight here: the states of its date add up to it.
    blurred = seen & (errors > 0.0)
    told = np.where(blurred, 1.0 / np.where(errors > 0.0, errors, 1.0) ** 2, 0.0)
    blur = loading * spread[:, :1, 0] + spread[:, :1, 1]
    # States: the square of what each step leaves, and the weights it is looked at with.
    f, before, after = by.decay, spread[:-1], spread[1:]
    gap_short = mean[1:, 0] - f * mean[:-1, 0]
    gap_long = mean[1:, 1] - mean[:-1, 1] - by.drift
    lag = moments.lagged
    s11 = after[:, 0, 0] + f * f * before[:, 0, 0] - 2.0 * f * lag[:, 0, 0] + gap_short**2
    s12 = after[:, 0, 1] + f * before[:, 0, 1] - lag[:, 0, 1] - f * lag[:, 1, 0]
    s12 = s12 + gap_short * gap_long
    s22 = after[:, 1, 1] + before[:, 1, 1] - 2.0 * lag[:, 1, 1] + gap_long**2
    n11, n12, n22 = by.noise.T
    volume = n11 * n22 - n12 * n12
    i11, i12, i22 = n22 / volume, -n12 / volume, n11 / volume
    # N^-1 S N^-1, whose half less that of N^-1 is the slope by the noise.
    a11, a12 = i11 * s11 + i12 * s12, i11 * s12 + i12 * s22
    a21, a22 = i12 * s11 + i22 * s12, i12 * s12 + i22 * s22
    by_short = f * before[:, 0, 0] - lag[:, 0, 0] - gap_short * mean[:-1, 0]
    by_cross = before[:, 0, 1] - lag[:, 1, 0] - mean[:-1, 0] * gap_long
    first = mean[0, 0] ** 2 + spread[0, 0, 0]
    return Slopes(
        loading=told * (miss * short - blur),
        observed=-told * miss,
        decay=-(i11 * by_short + i12 * by_cross),
        drift=i12 * gap_short + i22 * gap_long,
        noise=np.stack(
            [
                0.5 * (a11 * i11 + a12 * i12 - i11),
                a11 * i12 + a12 * i22 - i12,
                0.5 * (a21 * i12 + a22 * i22 - i22),
            ],
            axis=1,
        ),
        start=0.5 * (first / start_variance - 1.0) / start_variance,
    )


def by_parameter(
    of: Slopes, made: SchwartzSmith, years: Floats, steps: Floats, days: Floats | None
) -> dict[str, float]:
    """The score by each parameter of the process, by name; `days` of the prices where there is a
    season.
    """
    k, s, z, rho = made.reversion, made.short_volatility, made.long_volatility, made.correlation
    once, twice, once_k, twice_k = _fades(k, years)
    step_once, step_twice, step_once_k, step_twice_k = _fades(k, steps)
    # The log prices seen have A(T) taken off: slopes by A are those by what is seen, turned over.
    aside, noise = -of.observed, of.noise
    half, cross = 0.5 * s * s, rho * s * z

    def found(adjust: Floats, short: Floats, between: Floats, long: Floats, start: float) -> float:
        moved = noise[:, 0] @ short + noise[:, 1] @ between + noise[:, 2] @ long
        return float(np.sum(aside * adjust) + moved + of.start * start)

    none, v = np.zeros_like(steps), s * s / (2.0 * k)
    by_reversion = (cross - made.short_premium) * once_k + half * twice_k
    told = {
        "reversion": found(by_reversion, s * s * step_twice_k, cross * step_once_k, none, -v / k)
        - float(np.sum(of.loading * years * np.exp(-k * years)))
        - float(of.decay @ (steps * np.exp(-k * steps))),
        "short volatility": found(
            s * twice + rho * z * once, 2.0 * s * step_twice, rho * z * step_once, none, s / k
        ),
        "long volatility": found(
            z * years + rho * s * once, none, rho * s * step_once, 2.0 * z * steps, 0.0
        ),
        "correlation": found(s * z * once, none, s * z * step_once, none, 0.0),
        "drift": float(of.drift @ steps),
        "short premium": found(-once, none, none, none, 0.0),
        "forward drift": found(years, none, none, none, 0.0),
    }
    if days is not None:
        angle = 2.0 * np.pi * days / 365.25
        for n in range(1, len(made.season) // 2 + 1):
            told[f"cosine {n}"] = float(np.sum(aside * np.cos(n * angle)))
            told[f"sine {n}"] = float(np.sum(aside * np.sin(n * angle)))
    return told


def _fades(k: float, t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """(1 - e^(-kt)) / k and (1 - e^(-2kt)) / 2k, and their slopes by k."""
    once, twice = -np.expm1(-k * t) / k, -np.expm1(-2.0 * k * t) / (2.0 * k)
    return once, twice, (t * np.exp(-k * t) - once) / k, (t * np.exp(-2.0 * k * t) - twice) / k

"""Greeks of options on a forward in the words of a desk: per volatility, per year, per rate.

Black's slopes are by deviation v = sigma root T; here they are by sigma and T. The rate discounts
alone, for the forward is given. Theta is what a year's passing brings, all else as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lasalle.pricing.black import black_measures
from lasalle.pricing.normalised import Floats


@dataclass(frozen=True, slots=True)
class Greeks:
    """Value; delta and gamma by forward; vega by a volatility of one; theta by a year; rho by a
    rate of one; vanna by forward and volatility; volga twice by volatility; delta by strike.
    """

    value: Floats
    delta: Floats
    gamma: Floats
    vega: Floats
    theta: Floats
    rho: Floats
    vanna: Floats
    volga: Floats
    strike_delta: Floats


def greeks(
    call: ArrayLike,
    forward: ArrayLike,
    strike: ArrayLike,
    volatility: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike = 0.0,
) -> Greeks:
    """Greeks of calls and puts under Black (1976); years from 0, where theta is 0."""
    left, sigma = np.asarray(years, np.float64), np.asarray(volatility, np.float64)
    if not np.all((left >= 0.0) & (left < 1e4)):
        raise ValueError("years: expected a number from 0 to 10,000")
    interest = np.asarray(rate, np.float64)
    if not np.all(np.abs(interest) <= 10.0):
        raise ValueError("rate: expected a number from -10 to 10 a year")
    root = np.sqrt(left)
    of = black_measures(call, forward, strike, sigma * root, np.exp(-interest * left))
    vega = of.vega * root
    decay = np.where(left > 0.0, 0.5 * of.vega * sigma / np.where(left > 0.0, root, 1.0), 0.0)
    return Greeks(
        value=of.value,
        delta=of.delta,
        gamma=of.gamma,
        vega=vega,
        theta=interest * of.value - decay,
        rho=-left * of.value,
        vanna=of.vanna * root,
        volga=of.volga * left,
        strike_delta=of.strike_delta,
    )

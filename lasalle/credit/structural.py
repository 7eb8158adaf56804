"""Probability that a firm's assets fall to what it owes: at a date (Merton), and at any time
before it (first passage of a barrier, at the level at which its owners stop paying, after
Leland).

R. Merton, Journal of Finance 29, 1974; F. Black and J. Cox, Journal of Finance 31, 1976; H. Leland,
Journal of Finance 49, 1994.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr

from lasalle.credit.model import CreditError
from lasalle.credit.roots import root


@dataclass(frozen=True, slots=True)
class Firm:
    """Assets and debt due at the horizon in any one unit; yearly interest in the same; volatility,
    drift and payout of assets a year."""

    assets: float
    debt: float
    interest: float
    volatility: float
    drift: float
    payout: float


def merton_pd(firm: Firm, years: float) -> float:
    """Probability that assets are below debt at a horizon. Drift is net of payout."""
    if firm.debt <= 0:
        return 0.0
    if firm.assets <= 0:
        return 1.0
    deviation = firm.volatility * math.sqrt(years)
    drift = firm.drift - firm.payout - firm.volatility**2 / 2
    distance = (math.log(firm.assets / firm.debt) + drift * years) / deviation
    return float(ndtr(-distance))


def leland_barrier(interest: float, tax: float, rate: float, payout: float, sigma: float) -> float:
    """Value of assets at which owners of a firm with perpetual debt stop paying its interest."""
    if interest <= 0:
        return 0.0
    drift = rate - payout - sigma**2 / 2
    power = (drift + math.sqrt(drift**2 + 2 * sigma**2 * rate)) / sigma**2
    return (1 - tax) * interest / rate * power / (1 + power)


def first_passage_pd(firm: Firm, barrier: float, years: float) -> float:
    """Probability that assets touch a barrier before a horizon."""
    if barrier <= 0:
        return 0.0
    if firm.assets <= barrier:
        return 1.0
    gap = math.log(firm.assets / barrier)
    drift = firm.drift - firm.payout - firm.volatility**2 / 2
    deviation = firm.volatility * math.sqrt(years)
    ended = float(ndtr((-gap - drift * years) / deviation))
    # Paths that touched the barrier and came back, by reflection.
    power = -2 * drift * gap / firm.volatility**2
    returned = math.exp(min(700.0, power)) * float(ndtr((-gap + drift * years) / deviation))
    return min(1.0, ended + returned)


def failure_pd(firm: Firm, years: float, tax: float, rate: float) -> float:
    """The larger of both: assets end below debt, or touch what owners stop paying at, which is no
    higher than the debt itself."""
    barrier = leland_barrier(firm.interest, tax, rate, firm.payout, firm.volatility)
    touched = first_passage_pd(firm, min(barrier, firm.debt), years)
    return max(merton_pd(firm, years), touched)


def equity_of(firm: Firm, rate: float, years: float) -> tuple[float, float]:
    """Worth and yearly volatility of equity as a call on assets."""
    deviation = firm.volatility * math.sqrt(years)
    growth = rate + firm.volatility**2 / 2
    upper = (math.log(firm.assets / firm.debt) + growth * years) / deviation
    discounted = firm.debt * math.exp(-rate * years)
    worth = firm.assets * float(ndtr(upper)) - discounted * float(ndtr(upper - deviation))
    return worth, float(ndtr(upper)) * firm.volatility * firm.assets / worth


def assets_of(
    equity: float, volatility: float, debt: float, rate: float, years: float
) -> tuple[float, float]:
    """Assets and their volatility that give the worth and volatility of equity in the market.
    Raises CreditError where none do."""
    if min(equity, volatility, debt) <= 0:
        raise CreditError(
            f"equity: expected worth, volatility and debt above 0, found {equity, volatility, debt}"
        )

    def worth(sigma: float) -> float:
        low, high = equity, equity + debt * math.exp(-rate * years)

        def short(assets: float) -> float:
            return equity_of(Firm(assets, debt, 0, sigma, 0, 0), rate, years)[0] - equity

        # Equity lies between assets less discounted debt and assets.
        return high if short(high) <= 0 else root(short, low, high)

    def miss(sigma: float) -> float:
        return equity_of(Firm(worth(sigma), debt, 0, sigma, 0, 0), rate, years)[1] - volatility

    least = volatility * equity / (equity + debt) * 0.25
    if miss(least) * miss(volatility) > 0:
        raise CreditError(f"equity: expected a volatility assets can have, found {volatility}")
    sigma = root(miss, least, volatility)
    return worth(sigma), sigma

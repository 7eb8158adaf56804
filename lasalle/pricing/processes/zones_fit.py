"""Availability of one cloud's spot: whether a zone has any, when one opens, how often it is taken.

Three things that are published of AWS and that the hazards of a marketplace do not hold: zones by
day with or without a spot price (a logit of none at any price; a hazard of the first price), and
bands of interruptions in a month by region and machine. A band bounds a probability, so the log of
its hazard lies in an interval (J. Tobin, Econometrica 26, 1958; interval regression),

    ln hazard a month = base + price ln(spot / on demand) + size log2(GPUs) + spread * normal,

and the spread is told because the bounds are known. Machines of one region or zone move together:
what they say is added before errors are reckoned, so that the robust error holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from lasalle.pricing.processes.availability import Availability, Hazard
from lasalle.pricing.processes.estimation import Domain, Estimate, Parameter, estimates, maximise
from lasalle.pricing.processes.history import Floats

Flags = NDArray[np.bool_]

MONTH_DAYS = 30.0
CANNOT = (
    "the price at which a zone opens: a zone without spot has no price of its own, so the opening"
    " hazard depends on size alone, and twelve openings tell little of it",
    "closing of a market: no zone of the panel ever lost its spot price; what is taken away is"
    " known of machines that run, by bands of a month, and stands in for it",
    "cause: a high price over on demand and an interruption both come from demand; AWS sets both",
    "sizes beyond one machine of eight GPUs: a thousand on one fabric is drawn out by one slope",
    "time: the bands are two snapshots four years apart, and none of a shortage that lasted",
)


@dataclass(frozen=True, slots=True)
class Bands:
    """Interruptions by region and machine: bounds of the probability in a month, log of spot over
    on demand, log2 of GPUs, number of the region.
    """

    low: Floats
    high: Floats
    price: Floats
    doublings: Floats
    cluster: Floats

    def among(self, rows: Flags) -> Bands:
        """Some of them."""
        return Bands(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Zones:
    """Zones and machines: whether a spot price ever was, log of spot over on demand of the region's
    other zones (NaN where there is none), log2 of GPUs, days without a price, whether one came at
    the end of them, number of the zone.
    """

    short: Floats
    price: Floats
    doublings: Floats
    days: Floats
    opened: Floats
    cluster: Floats


TAKEN = (
    Parameter("taken base", "log, a month", low=-15.0, high=15.0),
    Parameter("taken price", "log hazard by log price", low=-20.0, high=20.0),
    Parameter("taken size", "log hazard by doubling", low=-10.0, high=10.0),
    Parameter("taken spread", "log hazard", Domain.POSITIVE, 0.01, 20.0),
)
NONE = (
    Parameter("none base", "log odds", low=-20.0, high=20.0),
    Parameter("none price", "log odds by log price", low=-20.0, high=20.0),
    Parameter("none size", "log odds by doubling", low=-10.0, high=10.0),
)
OPENS = (
    Parameter("opens base", "log, a day", low=-25.0, high=5.0),
    Parameter("opens size", "log hazard by doubling", low=-10.0, high=10.0),
)
BEGIN = np.array([-2.0, 0.0, 0.0, 0.0])
Told = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class SpotAvailability:
    """What was told: estimates, the process of them, and log-likelihood by part."""

    estimates: tuple[Estimate, ...]
    process: Availability
    log_likelihoods: tuple[float, float, float]
    cannot_tell: tuple[str, ...] = CANNOT

    def taken(self, log_price: float, gpus: float) -> float:
        """Probability that a machine is taken in a month, at the middle of the spread."""
        named = {one.name: one.value for one in self.estimates}
        return taken_within(named, log_price, gpus)


def taken_within(named: dict[str, float], log_price: float, gpus: float) -> float:
    """Probability of an interruption in a month: the median over regions and machines."""
    told = named["taken base"] + named["taken price"] * log_price
    return -math.expm1(-math.exp(told + named["taken size"] * math.log2(gpus)))


def _by_cluster(told: Floats, cluster: Floats) -> Floats:
    """Sums over each cluster, in the order of their numbers."""
    return np.asarray(np.bincount(cluster.astype(np.int64), told), float)


def bands_told(seen: Bands) -> Told:
    """Log-likelihood of each row of bands at a point of the search space."""
    with np.errstate(divide="ignore"):
        low, high = (np.log(-np.log1p(-bound)) for bound in (seen.low, seen.high))

    def told(at: Floats) -> Floats:
        spread = math.exp(at[3])
        middle = at[0] + at[1] * seen.price + at[2] * seen.doublings
        below, above = (low - middle) / spread, (high - middle) / spread
        # A difference of normal tails, taken on the side where neither is one.
        flip = below + above > 0.0
        a, b = np.where(flip, -above, below), np.where(flip, -below, above)
        far, near = log_ndtr(b), log_ndtr(a)
        return np.asarray(far + np.log1p(-np.exp(np.minimum(near - far, -1e-12))))

    return told


def zones_told(seen: Zones) -> Told:
    """Log-likelihood of each zone and machine having no spot."""

    def told(at: Floats) -> Floats:
        odds = at[0] + at[1] * seen.price + at[2] * seen.doublings
        return np.asarray(seen.short * odds - np.logaddexp(0.0, odds))

    return told


def openings_told(seen: Zones) -> Told:
    """Log-likelihood of each stretch of days without a price, and of what ended it."""

    def told(at: Floats) -> Floats:
        log = at[0] + at[1] * seen.doublings
        return np.asarray(seen.opened * log - seen.days * np.exp(log))

    return told


def _fit(
    asked: tuple[Parameter, ...], told: Told, cluster: Floats, start: Floats
) -> tuple[tuple[Estimate, ...], float, Floats]:
    def contributions(at: Floats) -> Floats:
        return _by_cluster(told(at), cluster)

    best = maximise(asked, lambda at: float(contributions(at).sum()), [start])
    return estimates(asked, best, contributions), best.log_likelihood, best.sought


def fit_zones(bands: Bands, zones: Zones, day: date) -> SpotAvailability:
    """All three fitted. Raises ValueError where a part has nothing to fit."""
    priced = ~np.isnan(zones.price)
    waits = zones.days > 0.0
    for name, rows in (("bands", len(bands.low)), ("zones", int(priced.sum())),
                       ("days without a price", int(waits.sum()))):  # fmt: skip
        if rows < 10:
            raise ValueError(f"{name}: expected at least 10 rows, found {rows}")
    taken, first, at = _fit(TAKEN, bands_told(bands), bands.cluster, BEGIN)
    some = Zones(*(getattr(zones, name)[priced] for name in Zones.__slots__))
    none, second, _ = _fit(NONE, zones_told(some), some.cluster, np.zeros(3))
    shut = Zones(*(getattr(zones, name)[waits] for name in Zones.__slots__))
    opens, third, opening = _fit(OPENS, openings_told(shut), shut.cluster, np.array([-8.0, 0.0]))
    closing = Hazard(float(at[0]) - math.log(MONTH_DAYS), float(at[1]), float(at[2]), 0.0)
    made = Availability(
        closing, Hazard(float(opening[0]), 0.0, float(opening[1]), 0.0), 1.0, 0.0, day
    )
    return SpotAvailability((*taken, *none, *opens), made, (first, second, third))


def held_out(bands: Bands, folds: int = 5) -> tuple[float, float]:
    """Log score of a row in regions left out, over that of shares of bands alone, and its standard
    error over regions: whether price and size say anything where they were not fitted.
    """
    regions = np.unique(bands.cluster)
    gains: list[float] = []
    for fold in range(folds):
        out = np.isin(bands.cluster, regions[fold::folds])
        gains += _gains(bands.among(~out), bands.among(out))
    return _mean_and_error(gains)


def carried_over(earlier: Bands, later: Bands) -> tuple[float, float]:
    """The same of a fit to one snapshot, asked of another."""
    return _mean_and_error(_gains(earlier, later))


def _gains(kept: Bands, asked: Bands) -> list[float]:
    """By cluster of what is asked: mean log score of the fit to what is kept, over its shares."""
    _, _, at = _fit(TAKEN, bands_told(kept), kept.cluster, BEGIN)
    share = {low: float(np.mean(kept.low == low)) for low in np.unique(kept.low)}
    least = 1.0 / (2 * len(kept.low))
    plain = np.log([max(share.get(low, 0.0), least) for low in asked.low])
    gain = bands_told(asked)(at) - plain
    return [float(gain[asked.cluster == one].mean()) for one in np.unique(asked.cluster)]


def _mean_and_error(gains: list[float]) -> tuple[float, float]:
    return float(np.mean(gains)), float(np.std(gains, ddof=1) / math.sqrt(len(gains)))

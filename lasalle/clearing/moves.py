"""Joint scenarios of the whole curve: scan points, filtered historical moves, named stress moves.

Scan points follow CME SPAN: sixteen points of price (thirds of the range, and twice the range at
35 % of the loss) and volatility. Historical moves follow Barone-Adesi, Giannopoulos and Vosper,
"VaR without correlations for portfolios of derivative securities", J. Futures Markets 19(5),
1999: overlapping moves, each scaled by volatility now over volatility then.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from scipy.special import ndtri

from lasalle.clearing.model import ScanRow, ScenarioLabel
from lasalle.clearing.terms import MarginTerms
from lasalle.contracts import Month
from lasalle.pricing import AverageTerms, CurveModel
from lasalle.pricing.forward import DAYS_PER_YEAR, Floats
from lasalle.wire import ScenarioKind

LEVEL_GROUP = 1
TWIST_GROUP = 2
SCAN_ROWS = (
    ScanRow(LEVEL_GROUP, 10_000, "H100 level"),
    ScanRow(TWIST_GROUP, 10_000, "H100 curve twist"),
)
# (price in ranges, volatility direction, weight of the loss), in the order of SPAN's points 1 to
# 16.
SPAN_POINTS = (
    *((m / 3, v, 1.0) for m in (0, 1, -1, 2, -2, 3, -3) for v in (1, -1)),
    (2.0, 0, 0.35),
    (-2.0, 0, 0.35),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A column: its label, the log move of each month, the factor on deviations, the weight of
    the loss.
    """

    label: ScenarioLabel
    log_moves: Mapping[Month, float]
    volatility_factor: float
    weight: float


def scenarios(
    model: CurveModel,
    fixings_until_day: Sequence[tuple[date, int]],
    curve: Mapping[Month, AverageTerms],
    terms: MarginTerms,
) -> tuple[tuple[Scenario, ...], int]:
    """Every column for the months of a curve, and how many historical moves were observed."""
    months = sorted(curve)
    ranges = {month: price_range(model, month, months[0], curve[month], terms) for month in months}
    span = max(1, months[-1].minus(months[0]))
    place = {month: month.minus(months[0]) / span for month in months}
    found = [*_level(ranges, terms), *_twist(ranges, place, terms)]
    moves, observed = historical_moves(fixings_until_day, terms)
    for number, move in enumerate(moves):
        shift = {month: move * float(model.loading(curve[month].years)) for month in months}
        name = "filtered move" if number < observed else "floor quantile"
        label = ScenarioLabel(ScenarioKind.HISTORICAL, 0, f"{name} {number + 1}")
        found.append(Scenario(label, shift, 1.0, 1.0))
    for stress in terms.stress:
        shift = {m: stress.near + (stress.far - stress.near) * place[m] for m in months}
        label = ScenarioLabel(ScenarioKind.STRESS, 0, stress.name)
        found.append(Scenario(label, shift, stress.volatility, 1.0))
    return tuple(found), observed


def price_range(
    model: CurveModel, month: Month, first: Month, seen: AverageTerms, terms: MarginTerms
) -> float:
    """Scan range of a month as a log move: so many deviations of its own move over the horizon,
    never below the floor.
    """
    front = month.minus(first) < terms.front_months
    floor = terms.price_floor_front if front else terms.price_floor_back
    horizon = math.sqrt(terms.horizon_days / DAYS_PER_YEAR)
    deviation = model.volatility * float(model.deviation_ratio(seen.years)) * horizon
    return max(floor, terms.quantile * deviation)


def historical_moves(
    fixings_until_day: Sequence[tuple[date, int]], terms: MarginTerms
) -> tuple[tuple[float, ...], int]:
    """Log moves over the horizon, newest first, filtered; then floor quantiles up to the full
    number.

    Where history is short, quantiles of a normal move at the volatility floor fill the missing
    columns, so that a young index is never margined as a calm one. Volatility now is never below
    the floor.
    """
    logs = [math.log(price) for _, price in fixings_until_day]
    daily = [b - a for a, b in pairwise(logs)]
    floor = terms.volatility_floor / math.sqrt(DAYS_PER_YEAR)
    variance = floor * floor
    deviations: list[float] = []
    for move in daily:
        deviations.append(math.sqrt(variance))  # known before the move
        variance = terms.ewma_lambda * variance + (1.0 - terms.ewma_lambda) * move * move
    now = max(floor, math.sqrt(variance))
    observed: list[float] = []
    for start in range(len(logs) - terms.horizon_days - 1, -1, -1):
        if len(observed) == terms.windows:
            break
        scale = min(terms.scale_high, max(terms.scale_low, now / deviations[start]))
        observed.append(scale * (logs[start + terms.horizon_days] - logs[start]))
    missing = terms.windows - len(observed)
    horizon = floor * math.sqrt(terms.horizon_days)
    fill: Floats = np.asarray(horizon * ndtri((np.arange(missing) + 0.5) / max(missing, 1)))
    return (*observed, *(float(x) for x in fill)), len(observed)


def _level(ranges: Mapping[Month, float], terms: MarginTerms) -> list[Scenario]:
    return [
        Scenario(
            ScenarioLabel(ScenarioKind.SCAN, LEVEL_GROUP, f"scan {number}"),
            {month: share * width for month, width in ranges.items()},
            1.0 + direction * terms.volatility_range,
            weight,
        )
        for number, (share, direction, weight) in enumerate(SPAN_POINTS, 1)
    ]


def _twist(
    ranges: Mapping[Month, float], place: Mapping[Month, float], terms: MarginTerms
) -> list[Scenario]:
    """Near against far, and the middle against both ends, each up and down: what a spread is
    charged.
    """
    shapes = (
        ("near against far", {m: 1.0 - 2.0 * x for m, x in place.items()}),
        ("middle against ends", {m: 1.0 - 4.0 * abs(x - 0.5) for m, x in place.items()}),
        ("odd against even months", {m: 1.0 if m.month % 2 else -1.0 for m in place}),
    )
    return [
        Scenario(
            ScenarioLabel(
                ScenarioKind.SCAN, TWIST_GROUP, f"{name}, {'up' if sign > 0 else 'down'}"
            ),
            {m: sign * terms.twist_share * ranges[m] * shape[m] for m in place},
            1.0,
            1.0,
        )
        for name, shape in shapes
        for sign in (1.0, -1.0)
    ]

"""An index as a product sees it: its model, its fixings so far and the averages of its months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lasalle.contracts import Month, Period, SeriesTerms, parse_symbol
from lasalle.pricing.average import AverageTerms
from lasalle.pricing.forward import CurveModel, Floats
from lasalle.pricing.value import month_curve


@dataclass(frozen=True, slots=True)
class IndexCurve:
    """An index after its last fixing, prices in micro-dollars by date; `elapsed_days` that bring
    no move let uncertainty shrink.
    """

    model: CurveModel
    fixings: Mapping[date, int]
    months: Mapping[Month, AverageTerms]
    elapsed_days: int = 0


@dataclass(frozen=True, slots=True)
class Shocks:
    """Columns of a revaluation: of each index, by name, the log move of what is still to be fixed
    of each month; factors on deviations; dates within which the moves fall.
    """

    log_moves: Mapping[str, Mapping[Month, Floats]]
    factors: Floats
    horizon_days: int


def index_curve(
    model: CurveModel, fixings: Mapping[date, int], months: Iterable[Month], elapsed_days: int = 0
) -> IndexCurve:
    """The index with the averages of these months."""
    curve = month_curve(model, fixings, months, elapsed_days)
    return IndexCurve(model, fixings, curve, elapsed_days)


def block_of(series: SeriesTerms) -> Period:
    """The dates a series is about, as its symbol names them."""
    return parse_symbol(series.symbol).period

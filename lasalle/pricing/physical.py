"""A forward that is delivered: the expected mean of its index over the block, as a future's.

What capacity is worth beyond its index, because it is there, no index says and no model here adds:
the price of a forward that is delivered is its market's, and this is the mark where none trades.
"""

from __future__ import annotations

import numpy as np

from lasalle.contracts import SeriesTerms, hours
from lasalle.pricing.bounded import parts_of_week as parts_of_block
from lasalle.pricing.bounded import week_terms as block_terms
from lasalle.pricing.forward import Floats
from lasalle.pricing.indexed import IndexCurve, Shocks
from lasalle.pricing.value import SeriesValue


def physical_value(series: SeriesTerms, seen: IndexCurve) -> SeriesValue:
    """Value of a forward on a block, USD per unit; its delta is in lots of the future of the month
    it ends in."""
    terms = block_terms(series, seen)
    size = series.hours_per_lot / (series.standard.lot_size * hours(series.months[-1]))
    return SeriesValue(terms.value, terms.share * size, 0.0)


def physical_shocked(series: SeriesTerms, seen: IndexCurve, index: str, shocks: Shocks) -> Floats:
    """Values in each column: full revaluation."""
    terms = block_terms(series, seen)
    moves = shocks.log_moves[index]
    mean = np.zeros(len(shocks.factors))
    for month, part in parts_of_block(series, seen).items() if terms.share else ():
        mean = mean + part * np.exp(moves[month])
    return np.asarray(terms.known + terms.share * mean)

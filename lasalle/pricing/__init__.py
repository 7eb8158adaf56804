"""Values of every product settled in cash on a forward curve fitted up to a day."""

from lasalle.pricing.average import AverageTerms, average_option, average_terms
from lasalle.pricing.basis import against_index, daily_deviation, difference_deviation
from lasalle.pricing.black import BlackMeasures, black, black_measures
from lasalle.pricing.forward import CurveAssumptions, CurveModel, fit
from lasalle.pricing.greeks import Greeks, greeks
from lasalle.pricing.implied import Implied, Outcome, implied_deviation, implied_volatility
from lasalle.pricing.indexed import IndexCurve, Shocks, block_of, index_curve
from lasalle.pricing.products import PRICED, months_needed, product_shocked, product_value
from lasalle.pricing.value import SeriesValue, month_curve, series_value, shocked_values
from lasalle.pricing.variance import VarianceTerms, variance_terms

__all__ = [
    "PRICED",
    "AverageTerms",
    "BlackMeasures",
    "CurveAssumptions",
    "CurveModel",
    "Greeks",
    "Implied",
    "IndexCurve",
    "Outcome",
    "SeriesValue",
    "Shocks",
    "VarianceTerms",
    "against_index",
    "average_option",
    "average_terms",
    "black",
    "black_measures",
    "block_of",
    "daily_deviation",
    "difference_deviation",
    "fit",
    "greeks",
    "implied_deviation",
    "implied_volatility",
    "index_curve",
    "month_curve",
    "months_needed",
    "product_shocked",
    "product_value",
    "series_value",
    "shocked_values",
    "variance_terms",
]

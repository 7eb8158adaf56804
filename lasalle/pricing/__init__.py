"""Values of futures, swaps and average-price options on a forward curve fitted up to a day."""

from lasalle.pricing.average import AverageTerms, average_option, average_terms
from lasalle.pricing.black import black, black_delta, black_vega
from lasalle.pricing.forward import CurveAssumptions, CurveModel, fit
from lasalle.pricing.value import SeriesValue, month_curve, series_value, shocked_values

__all__ = [
    "AverageTerms",
    "CurveAssumptions",
    "CurveModel",
    "SeriesValue",
    "average_option",
    "average_terms",
    "black",
    "black_delta",
    "black_vega",
    "fit",
    "month_curve",
    "series_value",
    "shocked_values",
]

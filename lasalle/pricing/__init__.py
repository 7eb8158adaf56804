"""Values of every product settled in cash on a forward curve fitted up to a day."""

from lasalle.pricing.average import AverageTerms, average_terms
from lasalle.pricing.average_spread import (
    average_spread,
    average_spread_by_kirk,
    month_correlation,
)
from lasalle.pricing.basis import against_index, daily_deviation, difference_deviation
from lasalle.pricing.black import BlackMeasures, black, black_measures
from lasalle.pricing.conditioned import conditioned_average_options
from lasalle.pricing.forward import CurveAssumptions, CurveModel, fit
from lasalle.pricing.greeks import Greeks, greeks
from lasalle.pricing.implied import Implied, Outcome, implied_deviation, implied_volatility
from lasalle.pricing.indexed import IndexCurve, Shocks, block_of, index_curve
from lasalle.pricing.moments import (
    AverageMeasures,
    Averages,
    average_option,
    average_options,
    drawn_average_options,
    flat_averages,
)
from lasalle.pricing.portfolio import (
    Market,
    Portfolio,
    PortfolioValue,
    exposure_by_month,
    portfolio_value,
    scenario_losses,
)
from lasalle.pricing.products import (
    PRICED,
    months_needed,
    product_shocked,
    product_value,
    product_values,
    products_shocked,
)
from lasalle.pricing.spread import SpreadMeasures, kirk, spread_options
from lasalle.pricing.surface import ListedQuote, Smile, Surface, calibrate
from lasalle.pricing.svi import Slice, butterfly, calendar, ssvi_slice
from lasalle.pricing.value import SeriesValue, month_curve, series_value, shocked_values
from lasalle.pricing.variance import VarianceTerms, variance_terms

__all__ = [
    "PRICED",
    "AverageMeasures",
    "AverageTerms",
    "Averages",
    "BlackMeasures",
    "CurveAssumptions",
    "CurveModel",
    "Greeks",
    "Implied",
    "IndexCurve",
    "ListedQuote",
    "Market",
    "Outcome",
    "Portfolio",
    "PortfolioValue",
    "SeriesValue",
    "Shocks",
    "Slice",
    "Smile",
    "SpreadMeasures",
    "Surface",
    "VarianceTerms",
    "against_index",
    "average_option",
    "average_options",
    "average_spread",
    "average_spread_by_kirk",
    "average_terms",
    "black",
    "black_measures",
    "block_of",
    "butterfly",
    "calendar",
    "calibrate",
    "conditioned_average_options",
    "daily_deviation",
    "difference_deviation",
    "drawn_average_options",
    "exposure_by_month",
    "fit",
    "flat_averages",
    "greeks",
    "implied_deviation",
    "implied_volatility",
    "index_curve",
    "kirk",
    "month_correlation",
    "month_curve",
    "months_needed",
    "portfolio_value",
    "product_shocked",
    "product_value",
    "product_values",
    "products_shocked",
    "scenario_losses",
    "series_value",
    "shocked_values",
    "spread_options",
    "ssvi_slice",
    "variance_terms",
]

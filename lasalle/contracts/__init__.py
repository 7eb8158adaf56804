"""Contract standards and listed series: what one lot is, what it is called, when it stops
trading.
"""

from lasalle.contracts.listing import SeriesTerms, month_strip, series_listing
from lasalle.contracts.model import (
    Month,
    day_number,
    hours,
    last_trading_time,
    numbered_day,
)
from lasalle.contracts.standard import ContractError, Standard, load_standard, parse_standard
from lasalle.contracts.symbols import Symbol, SymbolError, parse_symbol
from lasalle.wire import SeriesKind

__all__ = [
    "ContractError",
    "Month",
    "SeriesKind",
    "SeriesTerms",
    "Standard",
    "Symbol",
    "SymbolError",
    "day_number",
    "hours",
    "last_trading_time",
    "load_standard",
    "month_strip",
    "numbered_day",
    "parse_standard",
    "parse_symbol",
    "series_listing",
]

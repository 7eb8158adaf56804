"""Contract standards and listed series: what one lot is, what it is called, when it stops
trading.
"""

from lasalle.contracts.catalogue import (
    LIST_FAMILY,
    LIST_PRODUCTS,
    STRIP_PRODUCTS,
    Catalogue,
    load_catalogue,
    load_standards,
    read_catalogue,
)
from lasalle.contracts.listing import (
    SeriesTerms,
    check_listable,
    find_standard,
    find_terms,
    listed_symbols,
    month_strip,
    months_ahead,
    series_listing,
    series_terms,
)
from lasalle.contracts.model import (
    Month,
    day_number,
    hours,
    last_trading_time,
    midnight_after,
    numbered_day,
)
from lasalle.contracts.periods import Period, PeriodError, Unit, month_period, parse_period
from lasalle.contracts.reading import StandardFault, StandardWrong, read_standard
from lasalle.contracts.standard import ContractError, Standard
from lasalle.contracts.symbols import Form, Symbol, SymbolError, month_future, parse_symbol
from lasalle.contracts.toml_text import parse_toml
from lasalle.wire import SeriesKind

__all__ = [
    "LIST_FAMILY",
    "LIST_PRODUCTS",
    "STRIP_PRODUCTS",
    "Catalogue",
    "ContractError",
    "Form",
    "Month",
    "Period",
    "PeriodError",
    "SeriesKind",
    "SeriesTerms",
    "Standard",
    "StandardFault",
    "StandardWrong",
    "Symbol",
    "SymbolError",
    "Unit",
    "check_listable",
    "day_number",
    "find_standard",
    "find_terms",
    "hours",
    "last_trading_time",
    "listed_symbols",
    "load_catalogue",
    "load_standards",
    "midnight_after",
    "month_future",
    "month_period",
    "month_strip",
    "months_ahead",
    "numbered_day",
    "parse_period",
    "parse_symbol",
    "parse_toml",
    "read_catalogue",
    "read_standard",
    "series_listing",
    "series_terms",
]

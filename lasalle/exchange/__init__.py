"""The exchange's desk: under which terms a series is listed."""

from lasalle.exchange.listing import (
    ExchangeError,
    ListingTerms,
    list_series,
    load_listing_terms,
    terms_of,
)

__all__ = ["ExchangeError", "ListingTerms", "list_series", "load_listing_terms", "terms_of"]

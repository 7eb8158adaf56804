"""The exchange's desk: under which terms a series is listed, and when it trades."""

from lasalle.exchange.listing import (
    ExchangeError,
    ListingTerms,
    list_series,
    listing_row,
    load_listing_terms,
    terms_of,
)
from lasalle.exchange.schedule import (
    Schedule,
    Standing,
    close_commands,
    load_schedule,
    pause_commands,
    state_commands,
)

__all__ = [
    "ExchangeError",
    "ListingTerms",
    "Schedule",
    "Standing",
    "close_commands",
    "list_series",
    "listing_row",
    "load_listing_terms",
    "load_schedule",
    "pause_commands",
    "state_commands",
    "terms_of",
]

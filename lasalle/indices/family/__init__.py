"""Indices made of other published numbers, each by a small published method of its own."""

from lasalle.indices.family.availability import availability, lead_time
from lasalle.indices.family.compute_per_token import compute_per_token, throughput_on
from lasalle.indices.family.derived import (
    Derived,
    DerivedError,
    DerivedMethod,
    published_methods,
    recompute,
)
from lasalle.indices.family.differentials import Leg, difference, ratio
from lasalle.indices.family.implied import MonthQuotes, OptionQuote, implied_volatility
from lasalle.indices.family.realised import realised_volatility

__all__ = [
    "Derived",
    "DerivedError",
    "DerivedMethod",
    "Leg",
    "MonthQuotes",
    "OptionQuote",
    "availability",
    "compute_per_token",
    "difference",
    "implied_volatility",
    "lead_time",
    "published_methods",
    "ratio",
    "realised_volatility",
    "recompute",
    "throughput_on",
]

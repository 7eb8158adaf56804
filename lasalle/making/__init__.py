"""The maker: two-sided quotes around the forward model, leaning against its inventory."""

from lasalle.making.desk import quote_commands
from lasalle.making.model import Against, MakerError, MakerTerms, Quote, load_maker_terms
from lasalle.making.quotes import Valuation, fair_marks, quotes, quotes_around, valuation

__all__ = [
    "Against",
    "MakerError",
    "MakerTerms",
    "Quote",
    "Valuation",
    "fair_marks",
    "load_maker_terms",
    "quote_commands",
    "quotes",
    "quotes_around",
    "valuation",
]

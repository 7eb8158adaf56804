"""The maker: two-sided quotes around the forward model, leaning against its inventory."""

from lasalle.making.model import MakerError, MakerTerms, Quote, load_maker_terms
from lasalle.making.quotes import fair_marks, quotes

__all__ = ["MakerError", "MakerTerms", "Quote", "fair_marks", "load_maker_terms", "quotes"]

"""LaSalle: a futures exchange, a clearing house and a capacity market for AI compute."""

__version__ = "0.1.0"

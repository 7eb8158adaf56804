"""The institution said plainly: the law as one can read it, and the oracle of the compiled core."""

from lasalle.plain.house import House
from lasalle.plain.postings import Posting, postings

__all__ = ["House", "Posting", "postings"]

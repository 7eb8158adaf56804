"""Real bills in FOCUS columns: accelerator-hours and what each was paid, by day, grade and place,
and how the own bill stands to the index.
"""

from lasalle.hedging.bills.basis import BillBasis, Following, basis_of, following
from lasalle.hedging.bills.model import Bill, BillError, LeftOut, Used
from lasalle.hedging.bills.reading import COSTS, BillReader
from lasalle.hedging.bills.words import Naming, naming

__all__ = [
    "COSTS",
    "Bill",
    "BillBasis",
    "BillError",
    "BillReader",
    "Following",
    "LeftOut",
    "Naming",
    "Used",
    "basis_of",
    "following",
    "naming",
]

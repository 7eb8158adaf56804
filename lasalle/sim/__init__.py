"""A made-up world on a real venue: one seed makes one day of members, makers, crashes and failing
disks."""

from lasalle.sim.day import Day, DayFailed, Result
from lasalle.sim.model import Violation
from lasalle.sim.shrink import Shrunk, shrink
from lasalle.sim.trace import lines_of
from lasalle.sim.venue import Parts, both_cores

__all__ = [
    "Day",
    "DayFailed",
    "Parts",
    "Result",
    "Shrunk",
    "Violation",
    "both_cores",
    "lines_of",
    "shrink",
]

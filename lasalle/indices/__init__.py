"""The published index: daily fixings from evidence by a stated method, and their month averages."""

from lasalle.indices.desk import INDEX, fixing_command
from lasalle.indices.method import (
    METHOD,
    Fixing,
    FixingError,
    MonthAverage,
    Observation,
    canonical_inputs,
    fix,
    fixing_history,
    month_average,
    parse_inputs,
)
from lasalle.indices.simulated import simulated_history

__all__ = [
    "INDEX",
    "METHOD",
    "Fixing",
    "FixingError",
    "MonthAverage",
    "Observation",
    "canonical_inputs",
    "fix",
    "fixing_command",
    "fixing_history",
    "month_average",
    "parse_inputs",
    "simulated_history",
]

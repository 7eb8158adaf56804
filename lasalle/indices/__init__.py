"""Published indices: daily fixings from evidence by stated methods, and their month averages."""

from lasalle.indices.chain import ChainFixing, Rung, State, Status, Step
from lasalle.indices.desk import INDEX, ONE_LIST, fixing_command, no_fix_command
from lasalle.indices.evidence import EVIDENCE_SCHEMA, Evidence, EvidenceError, PriceType, Unit
from lasalle.indices.history import replay
from lasalle.indices.method import (
    METHOD,
    Dated,
    Fixing,
    FixingError,
    IndexMethod,
    MonthAverage,
    NoFix,
    Observation,
    canonical_inputs,
    fix,
    fixing_history,
    month_average,
    parse_inputs,
)
from lasalle.indices.published import (
    ChainMethod,
    MeanMethod,
    MethodError,
    method_of,
    parse_method,
    published_methods,
)
from lasalle.indices.quotes import EvidenceBook, evidence_table
from lasalle.indices.settling import FinalPrice, average_of, final_price
from lasalle.indices.simulated import simulated_history
from lasalle.indices.step import step

__all__ = [
    "EVIDENCE_SCHEMA",
    "INDEX",
    "METHOD",
    "ONE_LIST",
    "ChainFixing",
    "ChainMethod",
    "Dated",
    "Evidence",
    "EvidenceBook",
    "EvidenceError",
    "FinalPrice",
    "Fixing",
    "FixingError",
    "IndexMethod",
    "MeanMethod",
    "MethodError",
    "MonthAverage",
    "NoFix",
    "Observation",
    "PriceType",
    "Rung",
    "State",
    "Status",
    "Step",
    "Unit",
    "average_of",
    "canonical_inputs",
    "evidence_table",
    "final_price",
    "fix",
    "fixing_command",
    "fixing_history",
    "method_of",
    "month_average",
    "no_fix_command",
    "parse_inputs",
    "parse_method",
    "published_methods",
    "replay",
    "simulated_history",
    "step",
]

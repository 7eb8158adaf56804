"""Clearing's estimates: margin tables in whole numbers by full revaluation in joint scenarios."""

from lasalle.clearing.desk import settlement_command, table_commands
from lasalle.clearing.filtering import historical_moves
from lasalle.clearing.model import MarginRow, MarginTable, ScanRow, ScenarioLabel
from lasalle.clearing.moves import Market, Scenario, scenarios
from lasalle.clearing.portfolio import (
    Held,
    MemberMargin,
    Requirement,
    member_margin,
    requirement,
    shortfall,
    shortfalls,
)
from lasalle.clearing.published_table import (
    Published,
    PublishedError,
    PublishedRow,
    published,
    read_published,
)
from lasalle.clearing.scan import Listed, family_table, margin_table
from lasalle.clearing.stress import (
    CaseKind,
    StressCase,
    StressLosses,
    load_stress_cases,
    stress_losses,
)
from lasalle.clearing.terms import MarginTerms, MarginTermsError, load_margin_terms
from lasalle.wire import ScenarioKind

__all__ = [
    "CaseKind",
    "Held",
    "Listed",
    "MarginRow",
    "MarginTable",
    "MarginTerms",
    "MarginTermsError",
    "Market",
    "MemberMargin",
    "Published",
    "PublishedError",
    "PublishedRow",
    "Requirement",
    "ScanRow",
    "Scenario",
    "ScenarioKind",
    "ScenarioLabel",
    "StressCase",
    "StressLosses",
    "family_table",
    "historical_moves",
    "load_margin_terms",
    "load_stress_cases",
    "margin_table",
    "member_margin",
    "published",
    "read_published",
    "requirement",
    "scenarios",
    "settlement_command",
    "shortfall",
    "shortfalls",
    "stress_losses",
    "table_commands",
]

"""What can be wrong with evidence of a delivery: each fault has a name and the rule it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Names of faults; `RULES` has the sentence of the rulebook each one breaks."""

    MALFORMED = "malformed"
    OUT_OF_RANGE = "out_of_range"
    WRONG_CONTRACT = "wrong_contract"
    WRONG_METHOD = "wrong_method"
    UNKNOWN_METER = "unknown_meter"
    WRONG_KEY = "wrong_key"
    ALTERED = "altered"
    REPEATED = "repeated"
    REORDERED = "reordered"
    GAP = "gap"
    UNCHAINED = "unchained"
    BACK_DATED = "back_dated"
    LATE = "late"
    CLOCK = "clock"
    ROWS = "rows"
    SUMS = "sums"
    DROPPED = "dropped"
    INSERTED = "inserted"
    TREE = "tree"
    CHECKPOINT = "checkpoint"
    NOT_COSIGNED = "not_cosigned"
    UNCOVERED = "uncovered"
    FORKED = "forked"
    TERMS = "terms"
    TOTALS = "totals"
    MISDATED = "misdated"


RULES = {
    Fault.MALFORMED: "DEL-001",
    Fault.OUT_OF_RANGE: "DEL-001",
    Fault.WRONG_KEY: "DEL-002",
    Fault.ALTERED: "DEL-002",
    Fault.UNKNOWN_METER: "DEL-002",
    Fault.UNCHAINED: "DEL-003",
    Fault.GAP: "DEL-003",
    Fault.REPEATED: "DEL-003",
    Fault.REORDERED: "DEL-003",
    Fault.BACK_DATED: "DEL-004",
    Fault.LATE: "DEL-004",
    Fault.CLOCK: "DEL-004",
    Fault.ROWS: "DEL-005",
    Fault.SUMS: "DEL-005",
    Fault.DROPPED: "DEL-006",
    Fault.INSERTED: "DEL-006",
    Fault.TREE: "DEL-006",
    Fault.CHECKPOINT: "DEL-007",
    Fault.NOT_COSIGNED: "DEL-007",
    Fault.UNCOVERED: "DEL-007",
    Fault.FORKED: "DEL-008",
    Fault.TERMS: "DEL-009",
    Fault.WRONG_CONTRACT: "DEL-009",
    Fault.WRONG_METHOD: "DEL-009",
    Fault.TOTALS: "DEL-010",
    Fault.MISDATED: "DEL-012",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """A fault found: where, which field, what was expected and what was found."""

    fault: Fault
    where: str
    field: str = ""
    expected: str = ""
    found: str = ""

    @property
    def rule(self) -> str:
        """The sentence of the rulebook it breaks."""
        return RULES[self.fault]

    def __str__(self) -> str:
        words = f"{self.where}: {self.fault.value}"
        if self.field:
            words += f": {self.field}"
        if self.expected or self.found:
            words += f": expected {self.expected}, found {self.found}"
        return f"{words} ({self.rule})"


class EvidenceRefused(ValueError):
    """Evidence that breaks a rule; bears the breach."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(str(breach))
        self.breach = breach


def refused(
    fault: Fault, where: str, field: str = "", expected: object = "", found: object = ""
) -> EvidenceRefused:
    """The refusal of a fault; long values are cut."""
    return EvidenceRefused(
        Breach(fault, where, field, str(expected)[:160], str(found)[:160])
    )

"""What each source says, turned into evidence: pure functions from what was read to rows."""

from lasalle.indices.sources.admission import REASONS, Reading, admit, combine
from lasalle.indices.sources.clouds import (
    aws_panel_evidence,
    gcp_history_evidence,
)
from lasalle.indices.sources.faults import SourceError, Unreachable
from lasalle.indices.sources.grading import grade_band, grade_of_machine, location_of
from lasalle.indices.sources.marketplaces import prime_history_evidence
from lasalle.indices.sources.plain import plain_evidence
from lasalle.indices.sources.source import NEVER_RUN_LIVE, Source
from lasalle.indices.sources.tokens import token_evidence

__all__ = [
    "NEVER_RUN_LIVE",
    "REASONS",
    "Reading",
    "Source",
    "SourceError",
    "Unreachable",
    "admit",
    "aws_panel_evidence",
    "combine",
    "gcp_history_evidence",
    "grade_band",
    "grade_of_machine",
    "location_of",
    "plain_evidence",
    "prime_history_evidence",
    "token_evidence",
]

"""Which sentences of the rulebook a run has shown: codes of tests that passed, never of text."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULE = re.compile(r"^\*\*([A-Z]{3}-\d{3})\*\*( \((?:proposed|withdrawn)\))? ", re.M)


def in_force() -> set[str]:
    """Codes of the rules in force."""
    text = "\n".join(path.read_text() for path in sorted((ROOT / "rulebook").glob("*.md")))
    return {code for code, status in RULE.findall(text) if not status}


def gaps(rules: set[str], shown: set[str], cited: set[str]) -> list[str]:
    """What a full run has to answer for: rules no passing test shows, codes that are no rule."""
    return [f"{code}: no test that passed shows this rule" for code in sorted(rules - shown)] + [
        f"{code}: a test cites it, and no rule in force has this code"
        for code in sorted(cited - rules)
    ]

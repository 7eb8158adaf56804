"""The plug-in in conftest.py asks these questions at the end of a full run."""

from __future__ import annotations

from tests.rules import ROOT, gaps, in_force


def test_a_gap_and_a_mystery_code_are_named() -> None:
    assert gaps({"CLR-001"}, {"CLR-001"}, {"CLR-001"}) == []
    assert gaps({"CLR-001"}, set(), {"CLR-001"}) == ["CLR-001: no test that passed shows this rule"]
    assert "no rule in force" in gaps(set(), set(), {"CLR-999"})[0]


def test_the_rulebook_is_read() -> None:
    assert {"INS-001", "LED-007", "EXC-024", "CLR-014", "GTW-001"} <= in_force()


def test_the_page_of_rules_says_what_shows_each_rule_in_force() -> None:
    page = (ROOT / "docs" / "reference" / "rules.md").read_text()
    parts = {part[:7]: part for part in page.split("\n**")[1:]}
    assert in_force() <= parts.keys()
    assert [code for code in sorted(in_force()) if "- Shown by " not in parts[code]] == []

"""What a person is told who asks for what is not there, and what a column means."""

from __future__ import annotations

from argparse import Namespace
from types import SimpleNamespace

import pytest

from lasalle.institution import command_line
from lasalle.institution.command_line import main


@pytest.mark.parametrize("scale", ["0", "-5"])
def test_a_drill_of_no_money_is_refused(scale: str, capsys) -> None:
    assert main(["default", "drill", "three-defaults", "--scale", scale]) == 1
    assert f"--scale: expected 1 to 60000, found {scale}" in capsys.readouterr().err


def test_the_columns_of_a_requirement_say_what_they_are(monkeypatch, capsys) -> None:
    after = SimpleNamespace(requirement="100.00", required_cover="111.50")
    change = SimpleNamespace(row=1, number=9, before=None, after=after, causes=[])
    house = SimpleNamespace(requirement_changes=lambda _: [change])
    monkeypatch.setattr(command_line, "_client", lambda _: house)
    assert command_line._requirement(Namespace(account=1)) == 0
    asked = capsys.readouterr()
    heads, row, *_ = (line for line in asked.out.splitlines() if line.strip("-─ "))
    assert "requirement USD" in heads
    assert "to be covered USD" in heads
    assert "margin" not in heads
    assert row.split()[2:4] == ["100.00", "111.50"]
    assert "without positions has that of its orders alone (CLR-001)" in asked.err

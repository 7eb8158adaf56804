"""`lasalle simulate` as a person meets it."""

from __future__ import annotations

import re

from lasalle.institution.command_line import main
from lasalle.sim import Day, both_cores
from tests.scenario import read_scenarios, tell


def test_a_day_is_told_as_lines_that_can_be_pasted(capsys):
    assert main(["simulate", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("SIMULATED")
    assert "#   traded series=" in said
    lines = [line for line in said.splitlines() if line.startswith("when ")]
    (scenario,) = read_scenarios("\n".join(["scenario pasted", *lines]), "said")
    number = tell(scenario).house.last_number
    told = re.search(r"seed 3: \d+ steps, (\d+) commands, journal (\w+)", said)
    assert told is not None
    assert int(told[1]) == number
    assert Day(3, both_cores()).run().journal.startswith(told[2])
    assert re.search(r"^ +\d+  traded$", said, re.MULTILINE)

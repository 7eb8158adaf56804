"""`lasalle delivery capacity` and `template`: handed over, graded, probed, replaced, metered."""

from __future__ import annotations

from pathlib import Path

import pytest

from lasalle.institution.command_line import main
from lasalle.institution.metering.templates import TEMPLATES


@pytest.mark.rule("DEL-055")
@pytest.mark.rule("DEL-058")
def test_capacity_is_tried_from_reservation_to_signed_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["delivery", "capacity", str(tmp_path / "tried"), "--slots", "4", "--fail", "1"]
    assert main([*words, "--accelerators", "2", "--rated-us", "60000000"]) == 0
    told = capsys.readouterr().out
    assert "stand-in: processor stand-in" in told
    # A minute is the standard: whatever this machine is, it is ten times as fast.
    assert "grade premium: quality 10300 of 10000; an hour of all is billed at 8.240000" in told
    assert [line for line in told.splitlines() if line.startswith("slot")] == [
        f"slot {slot}: {found} of 4 accelerators answered right and in time"
        for slot, found in enumerate((4, 2, 2, 4))
    ]
    assert "local-1-1-1 failed from slot 1 on; local-1-1-3 counts from 3" in told
    assert "12 of 16 accelerator-seconds healthy; 12 of 16 count" in told
    assert "3 of 4 accelerator-hours delivered" in told
    assert "event ended: revoked" in told
    assert main(words) == 1
    assert "expected an empty folder" in capsys.readouterr().err


@pytest.mark.rule("DEL-055")
def test_slow_nodes_are_of_the_lowest_grade_and_nonsense_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["delivery", "capacity", str(tmp_path / "slow"), "--nodes", "1", "--slots", "1"]
    assert main([*words, "--rated-us", "1"]) == 0
    assert "grade refused: quality" in capsys.readouterr().out
    for more, told in (
        (["--nodes", "9"], "--nodes: expected 1 to 8, found 9"),
        (["--fail", "1"], "--fail: expected a slot up to 0, found 1"),
    ):
        assert main([*words, *more]) == 1
        assert told in capsys.readouterr().err


@pytest.mark.parametrize("driver", TEMPLATES)
def test_a_template_is_printed_and_says_that_it_is_one(
    driver: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["delivery", "template", driver, "--start", "1790000000"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"TEMPLATE for {driver}: written from its documentation, run on no")
    assert all(f"\n{call}:\n" in told for call in ("reserve", "activate", "probe", "revoke"))
    assert main(["delivery", "template", "ssh"]) == 1
    assert "driver: expected one of slurm" in capsys.readouterr().err

"""The verb that names the cheapest grade says it of prices typed by hand, and refuses by name."""

from __future__ import annotations

import pytest

from lasalle.institution.command_line import main

ASKED = ["contracts", "ctd", "H100-SXM=2.45", "H200-SXM=2.90", "B200-SXM=8.90"]


def test_the_cheapest_and_its_invoice(capsys) -> None:
    assert main([*ASKED, "--settlement", "2.40"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    told = {row[0]: row for row in rows if len(row) == 6 and row[0].endswith("-SXM")}
    # 2.90 / 1.214468 = 2.387877; 2.40 x 1.214468 = 2.914723; the gain is 2.40 less 2.387877.
    assert told["H200-SXM"] == [
        "H200-SXM", "2.900000", "1.214468", "2.387877", "0.012123", "2.914723",
    ]  # fmt: skip
    assert [row[0] for row in rows if row[0] in told] == ["H200-SXM", "H100-SXM", "B200-SXM"]


def test_one_seed_gives_one_answer_and_no_time_makes_the_choice_worthless(capsys) -> None:
    said = []
    for more in (["--seed", "2"], ["--seed", "2"], ["--seed", "3"], ["--days", "0"]):
        assert main([*ASKED, *more]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] != said[2]
    assert "the choice is worth 0.0000" in said[3].replace("-0.0000", "0.0000")


def test_two_grades_are_priced_in_closed_form(capsys) -> None:
    assert main(ASKED[:4]) == 0
    assert "(error 0.0000)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["A100-80-SXM=1.10"], "expected one of B200-SXM, H100-SXM, H200-SXM"),
        (["H100-SXM=dear"], "H100-SXM: expected USD per hour"),
        (["H100-SXM=2", "H100-SXM=3"], "each grade once"),
        (["H100-SXM=2", "--basket", "month-future"], "a product with a basket"),
        (["H100-SXM=2", "H200-SXM=3", "--correlation", "2"], "correlation"),
    ],
)
def test_what_is_wrong_is_named(words, told, capsys) -> None:
    assert main(["contracts", "ctd", *words]) == 1
    assert told in capsys.readouterr().err

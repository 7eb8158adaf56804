"""The page of back-tests is what its command writes from the price histories."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from lasalle.clearing import load_margin_terms
from lasalle.institution import margin_study
from lasalle.institution.command_line import main
from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.settings import PRICES

PAGE = Path(__file__).parents[2] / "docs/desks/margin-backtest.md"
NEEDS_PRICES = pytest.mark.skipif(
    not (PRICES / "gpu_prices" / MARKET_FILE).is_file(), reason=f"no price history under {PRICES}"
)


def test_the_page_has_the_words_of_its_command() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for part in ("HEAD", "BARE", "SWINGS", "SENSITIVITY"):
        assert getattr(margin_study, part) in text


@NEEDS_PRICES
def test_rows_of_the_page_are_made_again() -> None:
    text = PAGE.read_text(encoding="utf-8")
    ours = [p for p in margin_study.histories(PRICES) if "L4" in p.name or "AWS" in p.name]
    assert len(ours) >= 2
    for bare in (False, True):
        found = margin_study.tested(ours, load_margin_terms(), bare)
        for line in margin_study.table_lines(found)[2:]:
            assert line in text


@NEEDS_PRICES
def test_the_report_of_a_day_is_told(capsys) -> None:
    assert main(["margin", "report", "--day", "2026-03-01"]) == 0
    told = capsys.readouterr().out
    assert "margin table for 2026-03-02, sha256 " in told
    assert "H100-2026-04 " in told
    assert "TSTD: " in told
    assert "history below 250 fixings: floors bind" in told


@NEEDS_PRICES
def test_a_day_before_a_family_began_is_told_without_it(capsys) -> None:
    assert main(["margin", "report", "--day", "2025-04-02"]) == 0
    told = capsys.readouterr().out
    assert "H100-2025-05 " in told
    assert "TSTD" not in told


def test_without_prices_it_says_what_it_wants(tmp_path, capsys) -> None:
    assert main(["margin", "backtest", "--prices", str(tmp_path)]) == 1
    assert f"expected {MARKET_FILE}" in capsys.readouterr().err


def test_a_held_price_stands_until_the_next() -> None:
    first = date(2026, 1, 30)
    path = margin_study.held({first: 2.0, first + timedelta(days=3): 1.5})
    assert [price for _, price in path] == [2_000_000] * 3 + [1_500_000]

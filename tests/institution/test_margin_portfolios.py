"""Back-tests of positions of several series: losses are of the house's own marks, what stands
against them is what it asks; a step passes a margin without floors and not the house's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from lasalle.clearing import load_margin_terms
from lasalle.clearing.backtest import coverage
from lasalle.institution import margin_portfolios as portfolios
from lasalle.institution.margin_portfolios import (
    lines,
    positions_on,
    rescaled,
    study,
    without_floors,
)

PAGE = Path(__file__).parents[2] / "docs/desks/margin-backtest.md"
FIRST = date(2025, 1, 1)
STEP = 130
"""Place of the fixing at which the price falls by two fifths."""


def path(level: int, fall: float = 0.0) -> list[tuple[date, int]]:
    """A price that hardly moves, and then may fall at once."""
    return [
        (
            FIRST + timedelta(days=n),
            round((level + 1_000 * (n % 5)) * (1.0 - fall if n >= STEP else 1.0)),
        )
        for n in range(140)
    ]


@pytest.fixture(scope="module")
def stepped():
    """Both sides of a step of two fifths, under the house's terms and without floors."""
    found = {}
    for name, terms in (
        ("house", load_margin_terms()),
        ("bare", without_floors(load_margin_terms())),
    ):
        rows = positions_on(path(4_000_000, 0.4), path(1_500_000), STEP - 1, terms)
        found[name] = {row.name: row for row in rows}
    return found


def test_losses_are_those_of_the_marks(stepped):
    rows = stepped["house"]
    loss = {name: row.loss for name, row in rows.items()}
    assert loss["put, short"] == -loss["put, long"] > 0
    assert loss["call, long"] == -loss["call, short"] > 0
    assert loss["straddle, short"] == pytest.approx(loss["call, short"] + loss["put, short"])
    assert loss["calendar, near against far"] == -loss["calendar, far against near"]
    assert loss["grades, H100 against the other"] == -loss["grades, the other against H100"] > 0
    assert rows.keys() == stepped["bare"].keys()
    assert len(rows) == 11


def test_a_long_option_never_loses_more_than_stands_against_it(stepped):
    for rows in stepped.values():
        for name in ("call, long", "put, long", "straddle, long"):
            assert rows[name].loss <= rows[name].against


def test_a_step_passes_the_model_alone_and_not_the_house(stepped):
    """The test can fail: without floors the same loss is beyond what is asked."""
    short = "put, short"
    assert stepped["bare"][short].loss == stepped["house"][short].loss
    assert stepped["bare"][short].loss > stepped["bare"][short].against
    floors = {name: row.asked for name, row in stepped["house"].items()}
    for name, row in stepped["bare"].items():
        assert row.asked <= floors[name] + 1e-6, name


def test_a_study_counts_every_date_once():
    terms = replace(load_margin_terms(), windows=50)
    dates = range(STEP - 5, STEP + 5, 2)
    found = study(path(4_000_000, 0.4), (), dates, terms)
    assert len(found) == 9, "without another grade there is no spread against it"
    assert all(told.tested == len(dates) for *_, told in found)
    bare = study(path(4_000_000, 0.4), (), dates, without_floors(terms))
    passed = {name: told.passed for name, _, told in bare}
    assert passed["put, short"] == 1
    said = lines([("a price", *one) for one in bare])
    assert said[0] == f"{sum(told.zone == 'green' for *_, told in bare)} of 9 are green."
    assert sum(line.startswith("| a price | ") for line in said) == 9
    red = coverage([(1.0, 2.0)] * 5 + [(1.0, 0.0)])
    told = lines([("a price", "put, short", 3.0, red)])
    assert told[2] == "- Not green: a price, put, short, 5 of 6 passed: red."


def test_a_rescaled_path_keeps_its_moves():
    whole = path(300_000)
    found = rescaled(whole, 7)
    assert found[7][1] == portfolios.LEVEL
    assert [day for day, _ in found] == [FIRST + timedelta(days=n) for n in range(len(whole))]
    for (_, before), (_, after) in zip(whole, found, strict=True):
        assert after / found[7][1] == pytest.approx(before / whole[7][1], abs=1e-6)


def test_the_page_has_the_words_of_the_study_and_every_position():
    text = PAGE.read_text(encoding="utf-8")
    _, section = text.split(portfolios.POSITIONS)
    for price, count in ((portfolios.FIRST, 11), *((name, 9) for name in portfolios.FUTURES)):
        for floors in ("", ", no floors"):
            assert section.count(f"\n| {price}{floors} | ") == count

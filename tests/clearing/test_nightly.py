"""Margin of many accounts at once is the margin of each, compiled or in numpy."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from lasalle.clearing import Held, Published, PublishedError, requirement
from lasalle.clearing.nightly import EXACT, Accounts, Nightly, accounts_of
from lasalle.wire import Bound
from tests.clearing.test_requirement import Drawn
from tests.cores import NOT_BUILT, compiled_house

NEEDS_CORE = pytest.mark.skipif(compiled_house() is None, reason=NOT_BUILT)
WAYS = [pytest.param(True, id="numpy"), pytest.param(False, id="compiled", marks=NEEDS_CORE)]


def positions(draw: random.Random, table: Published, most: int) -> dict[str, int]:
    picked = draw.sample(table.series, draw.randint(0, len(table.series)))
    return {row.symbol: draw.randint(-most, most) for row in picked}


@pytest.mark.rule("CLR-001")
@pytest.mark.parametrize("plain", WAYS)
def test_each_account_is_asked_what_it_is_asked_alone(plain: bool) -> None:
    draw, reached = random.Random(5), Counter[str]()
    for number in range(60):
        far = number % 2 == 0
        table = Drawn(draw, far).table
        most = Bound.ACCOUNT_GROSS_LOTS // 8 if far else 900
        held = [positions(draw, table, most) for _ in range(40)]
        run = Nightly(table, plain=plain)
        assert run.is_compiled is not plain
        found = run.requirements(accounts_of(held, table))
        for portfolio, asked in zip(held, found.tolist(), strict=True):
            alone = requirement({s: Held(n) for s, n in portfolio.items()}, table)
            assert asked == alone.requirement
            reached["asked"] += asked > 0
            reached["empty"] += not portfolio
            reached["past what a float says"] += asked > EXACT
            reached["scan"] += alone.scan_path > alone.tail_path
            reached["tail"] += alone.tail_path > alone.scan_path
    least = {"asked": 1_000, "empty": 100, "past what a float says": 300, "scan": 300, "tail": 300}
    assert {name for name, wanted in least.items() if reached[name] < wanted} == set(), reached


@pytest.mark.parametrize("plain", WAYS)
def test_no_accounts_are_asked_nothing(plain: bool) -> None:
    table = Drawn(random.Random(3), far=False).table
    assert Nightly(table, plain=plain).requirements(accounts_of([], table)).tolist() == []
    assert Nightly(table, plain=plain).requirements(accounts_of([{}], table)).tolist() == [0]


def test_what_does_not_fit_is_refused_in_words() -> None:
    table = Drawn(random.Random(3), far=False).table
    with pytest.raises(PublishedError, match="expected a series with a row"):
        accounts_of([{"elsewhere": 1}], table)
    one = np.array([1], np.int64)
    with pytest.raises(PublishedError, match="expected 1 of each, found 2 and 1"):
        Accounts(one, np.array([0, 0]), one)
    with pytest.raises(PublishedError, match="lots: expected at most"):
        Accounts(one, np.array([0]), np.array([2**21 + 1]))


@NEEDS_CORE
def test_the_compiled_table_refuses_what_it_cannot_hold() -> None:
    from lasalle._core import PortfolioTable

    row = (0, 0, 0, 0)
    with pytest.raises(ValueError, match="losses: expected 1 numbers, found 9 bytes"):
        PortfolioTable([(1, 1)], [(1, 1)], [row], bytes(9))
    with pytest.raises(ValueError, match="expected at most 1099511627776 either way"):
        PortfolioTable([(1, 1)], [(1, 1)], [row], (2**40 + 1).to_bytes(8, "little"))
    with pytest.raises(ValueError, match="9 is no ScenarioKind"):
        PortfolioTable([(9, 1)], [(1, 1)], [row], bytes(8))
    table = PortfolioTable([(1, 1)], [(1, 10_000)], [row], (5).to_bytes(8, "little"))
    word = (1).to_bytes(4, "little")
    assert table.requirements(word, bytes(4), word) == (5).to_bytes(8, "little")
    with pytest.raises(ValueError, match="series: expected a place below 1, found 1"):
        table.requirements(word, word, word)
    with pytest.raises(ValueError, match="expected 1 of each, found 0 and 1"):
        table.requirements(word, b"", word)
    for many in (2**22 + 1, 2**31):
        with pytest.raises(ValueError, match="account 0: more lots than an account may have"):
            table.requirements(word, bytes(4), many.to_bytes(4, "little"))

"""Suppliers short capacity fail in spikes: what they cost, with whom; nothing is made better."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from importlib import resources

import pytest

from lasalle.clearing.cover import load_cover_terms
from lasalle.clearing.sizing import Exposure, cover
from lasalle.clearing.wrong_way import Supply, supplies, wrong_way, wrong_way_run
from lasalle.plain.credit import Cover
from lasalle.plain.state import Account, Position, Series, State
from lasalle.wire import LedgerClass, SeriesKind

NAMES = ("fall", "rise", "spike")
CASH, CAPACITY, RIGHT, PUT = 1, 2, 3, 4
A_LOT = {CASH: (30, -20, -60), CAPACITY: (40, -30, -90), RIGHT: (10, -10, -50), PUT: (-9, 5, 9)}
"""Micro-dollars one long lot loses in each case."""


def series(number, **told):
    blank = {f.name: 0 for f in fields(Series)}
    return Series(**{**blank, "series": number, "hours": 10, "mark": 20, **told})


def house(lots, covered=()):
    """Account 21 of member 2 holds these lots; `covered` are (series, lots, until)."""
    state = State(last_time=1_000)
    future, call, put = SeriesKind.FUTURE, SeriesKind.CALL, SeriesKind.PUT
    for made in (
        series(CASH, series_kind=future, delivers=False),
        series(CAPACITY, series_kind=future, delivers=True),
        series(RIGHT, series_kind=call, delivers=True, strike=25, mark=1),
        series(PUT, series_kind=put, delivers=True, strike=25, mark=1),
    ):
        state.series[made.series] = made
    account = Account(21, 2, 1, 0, 0, 0, 0)
    account.positions = {n: Position(held) for n, held in lots.items()}
    state.accounts[21] = account
    for number, shown, until in covered:
        state.credit.covers[21, number] = Cover(21, number, shown, until, b"")
    return state


@pytest.mark.rule("CLR-095")
@pytest.mark.parametrize(
    ("lots", "covered", "short", "lost", "worth"),
    [
        ({CAPACITY: -2}, (), 2, (-80, 60, 180), (320, 460, 580)),
        ({CASH: -5}, (), 0, None, None),
        ({CASH: -5}, ((CASH, 3, 2_000),), 3, (-90, 60, 180), (0, 0, 0)),
        ({CASH: -2}, ((CASH, 3, 2_000),), 2, (-60, 40, 120), (0, 0, 0)),
        ({CASH: -5}, ((CASH, 3, 1_000),), 0, None, None),
        ({RIGHT: -1}, (), 1, (-10, 10, 50), (250, 270, 310)),
        ({CAPACITY: 2, PUT: -3}, (), 0, None, None),
    ],
)
def test_what_is_short_capacity(lots, covered, short, lost, worth):
    """Hours that deliver and hours that are covered; no longs, no cover that is over, no puts."""
    found = supplies(house(lots, covered), 3, A_LOT.__getitem__)
    if not short:
        assert found == ()
        return
    assert [(s.member, s.account, s.lots, s.lost, s.worth) for s in found] == [
        (2, 21, short, lost, worth)
    ]


@pytest.mark.rule("CLR-095")
def test_a_supplier_owes_a_penalty_and_its_line_in_spikes_and_nothing_elsewhere():
    state = house({CAPACITY: -2})
    state.balances[LedgerClass.LINE_PRINCIPAL, 21, 1] = -70
    (short,) = supplies(state, 3, A_LOT.__getitem__)
    assert short.owed == 70
    one = Exposure(2, 21, 80, (-80, 60, 180))
    # A tenth of 460 and of 580, rounded up: 46 and 58; in the fall the supplier does not fail.
    assert wrong_way(one, short, 1_000).losses == (-80, 60 + 46 + 70, 180 + 58 + 70)
    assert wrong_way(one, short, 1_001).losses[2] == 180 + 59 + 70
    with pytest.raises(ValueError, match="expected 1 cases, found 3"):
        wrong_way(replace(one, losses=(1,)), short, 1_000)


@pytest.mark.rule("CLR-095")
def test_suppliers_fail_together_with_the_largest_other():
    of = [
        Exposure(1, 11, 0, (500, 0, 0)),
        Exposure(2, 21, 80, (-80, 60, 180)),
        Exposure(3, 31, 10, (-20, 20, 90)),
        Exposure(4, 41, 0, (0, 30, 30)),
        Exposure(5, 51, 0, (0, 31, 20)),
    ]
    short = [
        Supply(2, 21, 2, (-80, 60, 180), (320, 460, 580), 70),
        Supply(3, 31, 1, (-20, 20, 90), (0, 0, 0), 0),
    ]
    run = wrong_way_run(of, NAMES, short, 1_000)
    assert (run.case, run.members, run.beyond_margin) == ("spike", (2, 3, 4), 228 + 80 + 30)
    assert cover(of, NAMES, 2).total == 500, "the worst of Cover-2 is a fall"
    second = run.by_member[0]
    assert (second.case, second.lost, second.penalty, second.owed) == ("spike", 180, 58, 70)
    assert (second.beyond_margin, run.by_member[1].beyond_margin) == (228, 80)
    none = wrong_way_run(of, NAMES, [], 1_000)
    assert (none.case, none.members, none.beyond_margin, none.by_member) == ("", (), 0, ())


@pytest.mark.rule("CLR-095")
def test_the_penalty_is_that_of_firm_delivery():
    clauses = resources.files("lasalle.contracts") / "standards" / "clauses"
    text = (clauses / "delivery-firm.1.toml").read_text(encoding="utf-8")
    assert load_cover_terms().penalty == tomllib.loads(text)["remedy"]["penalty"] > 0

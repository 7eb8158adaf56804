"""Custody of a reserve: ladder, rotation, release, shares, and tests of readiness."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lasalle.delivery.custody import (
    Action,
    Deed,
    ReserveWrong,
    Rung,
    challenge_of,
    drawn,
    is_ready,
    is_released,
    plan,
    read_reserve,
    readiness_due,
    shared_out,
)

KEYS = [f"{n:064x}" for n in range(1, 11)]
UNITS = ", ".join(f'{{ unit = "node-{n}", key = "{key}" }}' for n, key in enumerate(KEYS))
TEXT = f"""
account = 6
product = "TSTD.F"
rung_lots = 10
rungs = 2
rotate_days = 1
release_ratio = 12500
look_back = 4
price_band = 1000
answer_hours = 24
test_every_days = 30
test_share = 2500
test_pass = 9000
units = [{UNITS}]
shares = [{{ account = 7, weight = 2 }}, {{ account = 8, weight = 1 }}]
"""
TERMS = read_reserve(TEXT)
CALM, SPIKE = [100] * 5, [100] * 4 + [125]


@pytest.mark.rule("DEL-066")
def test_the_ladder_is_filled_and_a_rung_whose_time_has_come_is_rotated() -> None:
    rungs = [
        Rung("D4", 5, 0, 0, 104), Rung("D3", 4, 10, 98, 103), Rung("D2", 3, 4, 97, 102),
        Rung("D1", 1, 10, 96, 101), Rung("D0", 0, 10, 0, 0),
    ]  # fmt: skip
    assert plan(rungs, CALM, TERMS) == [
        Action(Deed.HOLD, "D0", 10, 0, "to be rotated, and nobody bids within the band: tried "
               "again, else it is delivered"),
        Action(Deed.ROTATE, "D1", 10, 90, "not released: sold again"),
        Action(Deed.BUY, "D2", 6, 110, "rung 1 of 2"),
    ]  # fmt: skip
    (bare,) = plan([Rung("D2", 3, 0, 0, 0)], CALM, TERMS)
    assert bare.why == "rung 1 of 2, nobody offers it within the band"
    assert plan([Rung("D1", 1, 0, 96, 101)], CALM, TERMS) == []


@pytest.mark.rule("DEL-080")
def test_nothing_is_bought_or_sold_outside_the_band_around_the_last_fixing() -> None:
    dear, low = Rung("D2", 3, 0, 0, 111), Rung("D1", 1, 10, 89, 0)
    assert [(one.deed, one.price) for one in plan([dear, low], CALM, TERMS)] == [
        (Deed.HOLD, 0), (Deed.BUY, 0)
    ]  # fmt: skip
    at = [Rung("D2", 3, 0, 0, 110), Rung("D1", 1, 10, 90, 0)]
    assert [one.price for one in plan(at, CALM, TERMS)] == [90, 110]
    assert [one.price for one in plan(at, [], TERMS)] == [0, 0], "without a fixing nothing is sent"


@pytest.mark.rule("DEL-067")
def test_a_rung_is_released_when_the_last_fixing_stands_above_the_mean() -> None:
    assert is_released(SPIKE, TERMS)
    assert not is_released([100] * 4 + [124], TERMS)
    assert not is_released([100, 100, 500], TERMS), "too few fixings say nothing"
    assert not is_released(CALM, TERMS)
    (kept,) = plan([Rung("D1", 1, 10, 96, 101)], SPIKE, TERMS)
    assert (kept.deed, kept.lots) == (Deed.RELEASE, 10)


@pytest.mark.rule("DEL-068")
def test_what_is_released_is_shared_out_by_weight() -> None:
    assert shared_out(10, TERMS) == {7: 7, 8: 3}
    assert shared_out(9, TERMS) == {7: 6, 8: 3}
    assert shared_out(1, TERMS) == {7: 1}
    even = replace(TERMS, shares=((8, 1), (7, 1)))
    assert shared_out(3, even) == {8: 1, 7: 2}
    for lots in range(40):
        assert sum(shared_out(lots, TERMS).values()) == lots


@pytest.mark.rule("DEL-069")
def test_nobody_chooses_what_a_readiness_test_draws() -> None:
    seed, other = "ab" * 32, "cd" * 32
    first = drawn(seed, 20260718, TERMS)
    assert first == drawn(seed, 20260718, TERMS)
    assert len(first) == 3, "a quarter, rounded up"
    seeds = {tuple(drawn(f"{n:064x}", 20260718, TERMS)) for n in range(20)}
    assert len(seeds) > 10, "another journal draws others"
    assert challenge_of(seed, 1, "node-1") != challenge_of(other, 1, "node-1")
    assert is_ready(dict.fromkeys("abcdefghij", True) | {"j": False}, TERMS)
    assert not is_ready({"a": True, "b": False}, TERMS)
    assert not is_ready({}, TERMS)
    assert readiness_due(100, 0, TERMS)
    assert readiness_due(100, 70, TERMS)
    assert not readiness_due(100, 71, TERMS)


@pytest.mark.rule("DEL-066")
@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ("rungs = 2", "rungs = 0", "rungs: expected 1 to 100, found 0"),
        ("rungs = 2", 'rungs = "2"', "rungs: expected 1 to 100"),
        ("rungs = 2\n", "", "reserve: expected"),
        ('product = "TSTD.F"', 'product = ""', "product: expected how its symbols begin"),
        ('product = "TSTD.F"', 'product = "TSTD"', "product: expected how its symbols begin"),
        ("weight = 1 }", "weight = 0 }", r"shares\[1\].weight: expected 1 or more, found 0"),
        ("account = 8", "account = 7", r"shares\[1\].account: expected each once"),
        ("account = 8", "account = 6", "expected other accounts than 6"),
        ("account = 6\n", "account = true\n", "account: expected 1 to"),
        ('unit = "node-3"', 'unit = "Node 3"', r"units\[3\].unit: expected"),
        (KEYS[2], KEYS[2][:-1], r"units\[2\].key: expected"),
        (KEYS[2], KEYS[3], "units: expected a key of its own"),
        ("price_band = 1000", "price_band = -1", "price_band: expected 0 to 10000, found -1"),
        ("rungs = 2", "rungs =", "expected TOML"),
    ],
)
def test_terms_that_are_wrong_are_refused(was: str, becomes: str, why: str) -> None:
    with pytest.raises(ReserveWrong, match=why):
        read_reserve(TEXT.replace(was, becomes))

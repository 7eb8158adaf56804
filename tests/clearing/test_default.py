"""The default desk's arithmetic: spreading a loss, cutting and selling a book, sizing a fund."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lasalle import wire
from lasalle.clearing.auction import bid, outcome, slices
from lasalle.clearing.losses import spread
from lasalle.clearing.sizing import (
    Exposure,
    SizingTerms,
    beyond_margin,
    contributions,
    cover,
    fund_size,
    liquidity_need,
    reverse_stress,
)
from lasalle.plain.waterfall import shares

NAMES = ("up", "down", "spike")
DOLLAR = 1_000_000
BOOK = [
    Exposure(1, 11, 100, (300, -300, 900)),
    Exposure(1, 12, 50, (-400, 400, -1200)),
    Exposure(2, 21, 80, (50, 50, 600)),
    Exposure(3, 31, 10, (0, 210, 100)),
]
ANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
WEIGHTS = st.lists(st.integers(0, 10**17), min_size=1, max_size=9)


@ANY
@given(WEIGHTS, st.integers(0, 10_000))
def test_a_loss_is_spread_whole_within_what_each_bears_and_as_the_law_does(weights, share):
    """The desk's arithmetic and the law's are two programs; they agree on every loss."""
    total = sum(weights) * share // 10_000
    found = [amount for _, amount in spread(total, list(enumerate(weights)))] or [0] * len(weights)
    assert sum(found) == (total if sum(weights) else 0)
    assert all(0 <= amount <= weight for amount, weight in zip(found, weights, strict=True))
    assert found == shares(total, weights)
    exact = [total * w / max(1, sum(weights)) for w in weights]
    assert all(abs(a - b) <= 1 + 1e-9 * b for a, b in zip(found, exact, strict=True))


def test_ties_of_remainders_go_to_the_first():
    assert spread(5, [(7, 2), (8, 2), (9, 2)]) == [(7, 2), (8, 2), (9, 1)]
    assert spread(3, [(7, 0), (8, 0)]) == []


@ANY
@given(st.dictionaries(st.integers(1, 9), st.integers(-50, 50), min_size=1), st.integers(1, 7))
def test_slices_are_the_book(positions, count):
    cut = slices(5, {s: n for s, n in positions.items() if n}, count, first=3)
    total: dict[int, int] = {}
    for one in cut:
        for item in one.lots:
            total[item.series] = total.get(item.series, 0) + item.lots
    assert total == {s: n for s, n in positions.items() if n}
    assert [one.number for one in cut] == list(range(3, 3 + len(cut)))
    for series, lots in total.items():
        parts = [i.lots for one in cut for i in one.lots if i.series == series]
        assert max(parts) - min(parts) <= 1 or len(parts) < abs(lots)


def test_a_slice_goes_to_whom_it_costs_least_and_only_within_the_reserve():
    (one, two) = slices(5, {10: 7}, 2)
    secret = bytes(32)
    opened = [
        bid(s.number, 5, who, amount, s.lots, 9, secret)[0]
        for who, s, amount in ((1, one, 50), (2, one, 40), (3, one, 40), (1, two, 101))
    ]
    other = bid(one.number, 5, 4, 1, two.lots, 9, secret)[0]
    found = outcome([one, two], [*opened, other], [1, 2, 3, 4, 6], {1: 100, 2: 100})
    assert [(a.slice, a.to_account, a.amount) for a in found.awards] == [(1, 2, 40)]
    assert found.unsold == (two,)
    assert found.absent == (4, 6)


def test_a_commitment_binds_every_word_of_a_bid():
    lots = (wire.SliceLots(10, 7),)
    base = bid(1, 5, 2, 40, lots, 9, bytes(32))[1].commitment
    others = [
        bid(2, 5, 2, 40, lots, 9, bytes(32)),
        bid(1, 6, 2, 40, lots, 9, bytes(32)),
        bid(1, 5, 3, 40, lots, 9, bytes(32)),
        bid(1, 5, 2, 41, lots, 9, bytes(32)),
        bid(1, 5, 2, 40, (wire.SliceLots(10, 8),), 9, bytes(32)),
        bid(1, 5, 2, 40, (wire.SliceLots(11, 7),), 9, bytes(32)),
        bid(1, 5, 2, 40, lots, 9, bytes(31) + b"\1"),
    ]
    assert len({base, *(sealed.commitment for _, sealed in others)}) == 8


def test_no_account_makes_the_loss_of_another_smaller():
    assert beyond_margin(BOOK, 0) == {1: 200, 2: 0, 3: 0}
    assert beyond_margin(BOOK, 1) == {1: 350, 2: 0, 3: 200}
    assert beyond_margin(BOOK, 2) == {1: 800, 2: 520, 3: 90}


def test_cover_is_the_worst_scenario_of_the_worst_members():
    one, two = cover(BOOK, NAMES, 1), cover(BOOK, NAMES, 2)
    assert (one.scenario, one.members, one.total) == ("spike", (1,), 800)
    assert (two.scenario, two.members, two.total) == ("spike", (1, 2), 1320)
    assert cover(BOOK, NAMES, 3).total == 1410


def test_the_fund_covers_what_binds_and_is_contributed_whole():
    terms = SizingTerms(floor=100, member_floor=0, buffer=1_000, margin_weight=5_000)
    found = fund_size(BOOK, NAMES, 200, terms)
    assert (found.binding, found.total) == ("the two largest less the first loss", 1_232)
    assert sum(found.contributions.values()) == found.total
    largest = fund_size(BOOK, NAMES, 600, terms)
    assert (largest.binding, largest.total) == ("the largest", 880)
    assert fund_size(BOOK, NAMES, 600, SizingTerms(5_000, 0)).binding == "the floor"
    raised = contributions(BOOK, NAMES, 1_000, SizingTerms(0, 400))
    assert min(raised.values()) == 400
    with pytest.raises(ValueError, match="0 to 10000"):
        SizingTerms(0, 0, buffer=10_001)


def test_what_a_fund_covers_it_covers():
    """With the fund and the first loss ready, no scenario of the set is beyond the two largest."""
    found = fund_size(BOOK, NAMES, 200, SizingTerms(0, 0, buffer=0))
    assert found.total + 200 >= cover(BOOK, NAMES, 2).total
    assert next(r.scale for r in reverse_stress(BOOK, NAMES, found.total + 200)) > 1_000


def test_reverse_stress_finds_the_least_multiple():
    found = {r.scenario: r for r in reverse_stress(BOOK, NAMES, 1_320)}
    spike = found["spike"]
    lost = [sum(sorted(beyond_margin(BOOK, 2, spike.scale - n).values())[-2:]) for n in (0, 1)]
    assert lost[0] > 1_320 >= lost[1]
    assert spike.members == (1, 2)
    assert reverse_stress(BOOK[3:], ("up",), 10)[0].scale == 0


def test_liquidity_is_what_the_two_worst_have_not_paid_by_each_hour():
    due = {1: {9: 100, 14: -30}, 2: {9: 50, 14: 80}, 3: {9: -150, 14: 60}}
    assert liquidity_need(due) == [(9, 150), (14, 200)]
    assert liquidity_need(due, failing=1) == [(9, 100), (14, 130)]

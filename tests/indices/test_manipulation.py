"""What it costs to move a fixing, and a thin market where mean and median are moved for nothing."""

from __future__ import annotations

from statistics import mean, median

import pytest

from lasalle.indices import ChainMethod, method_of
from lasalle.indices.chain import Rung, State, Step
from lasalle.indices.evidence import PriceType
from lasalle.indices.manipulation import Costs, attacked, exposure
from lasalle.indices.quotes import DateEvidence, EvidenceBook, evidence_table
from lasalle.indices.step import Outcome, outcome, step
from tests.indices.offers import SPOT, every, lived, method, seen


def last(rows, by=SPOT):
    """State before, evidence and step of the last date."""
    state, found = State(), None
    for evidence in EvidenceBook(evidence_table(rows)).dates(by):
        found = (state, evidence, step(by, state, evidence))
        state = found[2].state
    return found


def told(made: Step) -> Outcome:
    return Outcome(made.fixing.status, made.fixing.rung, made.fixing.price)


@pytest.mark.rule("IDX-017")
def test_the_cost_is_what_the_method_itself_says() -> None:
    rows = every(range(1, 6), 3.0, *(f"o{n}" for n in range(12)))
    rows += every(range(1, 6), 3.0, *(f"p{n}" for n in range(6)), source="aws-panel")
    before, evidence, made = last(rows)
    assert outcome(SPOT, before, evidence) == told(made)
    found = exposure(SPOT, before, evidence, made, lots=1_000)
    assert found is not None
    reached = 0
    for cost in found.costs:
        if not cost.offers:
            most = attacked(SPOT, before, evidence, made, PriceType.LIST, 256, cost.up)
            assert abs(most.price / made.fixing.price - 1) < cost.move_ppm / 1e6
            continue
        for count, enough in ((cost.offers, True), (cost.offers - 1, False)):
            moved = attacked(SPOT, before, evidence, made, PriceType.LIST, count, cost.up)
            change = abs(moved.price / made.fixing.price - 1)
            assert (change >= cost.move_ppm / 1e6) is enough
        assert cost.micro_dollars == cost.offers * 3_000_000
        assert cost.gain_micro_dollars == 1_000 * 24 * made.fixing.price * cost.move_ppm // 10**6
        reached += 1
    assert reached >= 2
    (up1, _, up5, _) = found.costs
    assert 0 < up1.offers < 10
    assert up5.offers == 0, "what lies outside every price long standing is led back that date"
    corridor = method_of("H100-US", 2)
    assert isinstance(corridor, ChainMethod)
    alone = exposure(corridor, before, evidence, made, lots=1_000)
    assert alone is not None
    assert alone.costs[2].offers > alone.costs[0].offers > 0, "the corridor alone lets it through"
    assert found.rung_after is Rung.WIDER
    assert found.withdrawals == 16


@pytest.mark.rule("IDX-017")
def test_what_leaves_first_is_what_silences_it_soonest() -> None:
    own = method(("offers = 3\nsources = 1\nsize = 0", "offers = 3\nsources = 2\nsize = 0"))
    rows = every(range(1, 6), 3.0, *(f"o{n}" for n in range(12)), source="aws-panel")
    rows += every(range(1, 6), 3.0, "p0", "p1")
    found = exposure(own, *last(rows, own), lots=1)
    assert found is not None
    assert (found.withdrawals, found.rung_after) == (2, Rung.WIDER), "the source with two offers"
    sizes = [seen(d, f"t{n}", 3.0 + n / 100, kind=PriceType.EXECUTED, size=60 if n == 7 else 4)
             for d in range(1, 6) for n in range(8)]  # fmt: skip
    found = exposure(SPOT, *last(sizes), lots=1)
    assert found is not None
    assert found.withdrawals == 1, "88 accelerators, 60 of them in one trade"


@pytest.mark.rule("IDX-017")
def test_stronger_evidence_is_dearer_to_make() -> None:
    dollars = {}
    for kind in (PriceType.EXECUTED, PriceType.EXECUTABLE, PriceType.LIST):
        rows = every(range(1, 6), 3.0, *(f"o{n}" for n in range(12)), kind=kind, size=64)
        before, evidence, made = last(rows)
        found = exposure(SPOT, before, evidence, made, 1_000, Costs())
        assert found is not None
        dollars[kind] = found.costs[0].micro_dollars
        assert found.costs[0].offers > 0
        if kind is PriceType.EXECUTABLE:
            # Above the market nobody takes them and they earn nothing; below, the band is lost.
            up, down = found.costs[:2]
            rent = 24 * made.fixing.price
            assert up.micro_dollars == rent * up.offers
            lost = rent * down.offers * (1 - 1 / 1.15)
            assert down.micro_dollars == pytest.approx(lost, rel=1e-5)
    assert dollars[PriceType.EXECUTED] > 20 * dollars[PriceType.EXECUTABLE]
    assert dollars[PriceType.EXECUTABLE] > 20 * dollars[PriceType.LIST]
    quiet = last([*every(range(1, 3), 3.0, "a", "b", "c"), seen(3, "z", 3.0)])
    told = exposure(SPOT, *quiet, 1_000)
    assert told is not None
    assert {c.offers for c in told.costs} == {1}, "no tier spoke: one offer moves what stands"


@pytest.mark.rule("IDX-017")
def test_on_a_thin_market_the_chain_stands_where_mean_and_median_do_not() -> None:
    """Of five offers the three cheapest leave; six more enter at twice the price."""
    own = method(("standing_dates = 10", "standing_dates = 30"))
    rows = every(range(1, 9), 3.0, "a", "b", "c", "d", "e")
    rows += every(range(9, 13), 3.03, "d", "e")
    rows += every(range(6, 13), 6.0, *(f"own{n}" for n in range(6)))
    prices = [s.fixing.price for s in lived(rows, own)]
    by_day: dict[int, list[int]] = {}
    for row in rows:
        by_day.setdefault(row.time, []).append(row.price)
    sheets = [by_day[time] for time in sorted(by_day)]
    assert max(map(mean, sheets)) > 1.5 * mean(sheets[0])
    assert max(map(median, sheets)) > 1.9 * median(sheets[0])
    assert set(prices) == {3_020_000}


@pytest.mark.rule("IDX-017")
def test_a_date_that_stands_on_earlier_ones_has_its_cost_too() -> None:
    """Carried, stale, begun or at the price of cover: own offers make the tier speak."""
    rows = every(range(1, 6), 3.0, *"abcd")
    _, evidence, made = last(rows)
    for days, rung in ((1, Rung.WIDER), (9, Rung.STALE)):
        empty = DateEvidence(evidence.day + days, (), (), frozenset(), False)
        standing = step(SPOT, made.state, empty)
        assert standing.fixing.rung is rung
        assert outcome(SPOT, made.state, empty) == told(standing)
        found = exposure(SPOT, made.state, empty, standing, lots=10)
        assert found is not None
        assert found.withdrawals == 0, "nothing of the date can leave"
        up = found.costs[0]
        assert (up.offers, up.micro_dollars) == (1, 3_000_000), "beside four that stand still"
        moved = attacked(SPOT, made.state, empty, standing, PriceType.LIST, up.offers, True)
        assert moved.price >= standing.fixing.price * 1.01
    first = next(iter(EvidenceBook(evidence_table(rows)).dates(SPOT)))
    begun = step(SPOT, State(), first)
    assert begun.fixing.rung is Rung.LEVEL
    cost = exposure(SPOT, State(), first, begun, lots=10)
    assert cost is not None
    assert any(c.offers for c in cost.costs)
    late = DateEvidence(evidence.day + 40, (), (), frozenset(), False)
    none = step(SPOT, made.state, late)
    assert outcome(SPOT, made.state, late) == told(none)
    assert exposure(SPOT, made.state, evidence, none, lots=10) is None, "no fixing, no cost"

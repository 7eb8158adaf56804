"""A chained index keeps the sentences of its chapter, one test a sentence."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from lasalle.indices.chain import Rung, State, Status, parse_state
from lasalle.indices.evidence import PriceType, Unit
from lasalle.indices.fixed_point import (
    BILLION,
    PICO,
    amount_of,
    half_even,
    log_of,
    shares,
    weighted_median,
)
from lasalle.indices.published import (
    ChainMethod,
    MethodError,
    method_of,
    parse_method,
    published_methods,
)
from tests.indices.offers import SPOT, every, lived, method, seen, words

ABCD = ("a", "b", "c", "d")


@pytest.mark.rule("IDX-001")
def test_every_fixing_bears_its_method_and_a_wrong_table_is_refused_by_field() -> None:
    (fixing,) = [s.fixing for s in lived(every(range(1, 2), 3.0, *ABCD))]
    assert (fixing.method_version, fixing.method_sha256) == (SPOT.version, SPOT.sha256)
    versions = sorted(version for index, version in published_methods() if index == "H100-US")
    assert (versions, method_of("H100-US").version) == ([1, 2, 3, 4], 4)
    assert method_of("H100-GCP-US-CENTRAL1").version == 1
    for old, new, field in (
        ("match_days = 35", "match_days = 0", "chain.match_days"),
        ("scale = 4", "scale = 4\nscales = 5", "outlier.scales"),
        ('weight = "size"', 'weight = "volume"', "tiers.executed.weight"),
        ("US-EAST = 1_000_000", "US-EAST = 1_100_000", "coefficients.location"),
        ("version = 4", 'version = "4"', "version"),
        ("hull_ppm = 5_000", "", "corridor.hull_ppm"),
        ("version = 4", "version = 3", "sources.publish"),
        ("version = 4\n", "version = 2\n", "sources.publish"),
        ("stale_days = 14", "stale_days = 61", "fallback.stale_days"),
        ('vast = ["vast"]', "", "sources.publishers"),
        ('vast = ["vast"]', 'vast = ["vast", "prime"]', "sources.publishers"),
        ('vast = ["vast"]', 'vast = ["vast", "gcp-history"]', "sources.publishers.vast"),
        ('linked = ""', "linked = 3", "fallback.linked"),
        ('linked = ""', 'linked = "H100-US-EAST"', "fallback.linked"),
    ):
        with pytest.raises(MethodError, match=field):
            method((old, new))
    with pytest.raises(MethodError, match="table"):
        parse_method(b"\xff")


@pytest.mark.rule("IDX-002")
def test_only_the_named_evidence_of_the_utc_date_is_read() -> None:
    rows = every(range(1, 4), 3.0, *ABCD)
    others = [
        seen(2, "x", 9.0, source="somebody"),
        seen(2, "x", 9.0, grade="B200-SXM"),
        seen(2, "x", 9.0, location="APAC"),
        seen(2, "x", 9.0, tenor=365),
    ]
    assert [s.fixing for s in lived(rows + others)] == [s.fixing for s in lived(rows)]
    edge = lived([*rows, seen(2, "a", 3.0, hour=23.9999), seen(4, "a", 3.0, hour=0)])
    assert [s.fixing.rows for s in edge] == [4, 5, 4, 1]


@pytest.mark.rule("IDX-003")
def test_the_strongest_tier_with_enough_gives_the_fixing() -> None:
    rows = every(range(1, 4), 3.0, *ABCD)
    trades = {"source": "lasalle-venue", "kind": PriceType.EXECUTED, "size": 32}
    strong = every(range(1, 3), 2.9, "x", "y", "z", **trades) + [
        seen(3, name, 2.9 * 1.1 + n / 100, **trades) for n, name in enumerate("xyz")
    ]
    last = lived(rows + strong)[-1].fixing
    assert (last.rung, last.offers) == (Rung.EXECUTED, 3)
    few = [r for r in strong if r.offer != "z"]
    assert lived(rows + few)[-1].fixing.rung is Rung.LIST
    small = [replace(r, size=8) for r in strong]
    assert lived(rows + small)[-1].fixing.rung is Rung.LIST, "48 accelerators of 64"


@pytest.mark.rule("IDX-004")
def test_an_offer_counts_once_at_its_weighted_median() -> None:
    rows = every(range(1, 3), 3.0, *ABCD)
    plain = lived(rows)[-1]
    flash = [seen(2, "a", 300.0, hour=13), seen(2, "a", 3.0, hour=14)]
    assert lived(rows + flash)[-1].fixing.price == plain.fixing.price
    twice = lived(rows + [replace(r, reference="again") for r in rows])[-1]
    assert twice.fixing.price == plain.fixing.price
    moved = [*every(range(1, 2), 3.0, *ABCD), *every(range(2, 3), 3.03, *ABCD)]
    clones = [
        replace(r, offer=f"{r.offer}-{n}") for r in moved if r.offer == "a" for n in range(50)
    ]
    assert lived(moved + clones)[-1].fixing.price == lived(moved)[-1].fixing.price
    assert sum(w == "clone" for w in words(lived(moved + clones)[-1]).values()) == 50
    trades = [
        seen(1, "x", usd, source="lasalle-venue", kind=PriceType.EXECUTED, size=size, reference=r)
        for usd, size, r in ((2.0, 1, "t1"), (3.0, 9, "t2"), (3.0, 9, "t2"), (4.0, 2, "t3"))
    ]
    (verdict,) = lived(trades)[0].verdicts
    assert verdict.price == 3_000_000


@pytest.mark.rule("IDX-005")
def test_offers_that_enter_or_leave_do_not_move_it() -> None:
    rows = every(range(1, 30), 3.0, *ABCD)
    rng = random.Random(5)
    crowd = [
        seen(day, f"n{n}", rng.uniform(2.0, 4.5))
        for n in range(60)
        for day in [rng.randrange(2, 30)]
    ]
    dear = every(range(5, 9), 4.0, *(f"w{n}" for n in range(20)))
    prices = {s.fixing.price for s in lived(rows + crowd + dear)}
    assert prices == {lived(rows)[0].fixing.price}
    assert len(crowd) + len(dear) > 100
    cheap_gone = [r for r in rows if r.offer != "a" or r.time < rows[40].time]
    assert {s.fixing.price for s in lived(cheap_gone)} == prices


@pytest.mark.rule("IDX-005")
@pytest.mark.rule("IDX-016")
def test_the_move_is_the_geometric_mean_rounded_once_half_to_even() -> None:
    rows = every(range(1, 2), 3.0, *ABCD)
    after = [
        seen(2, o, (3.0 + n / 100) * f)
        for n, (o, f) in enumerate(zip("abcd", (1, 1.02, 1.04, 0.98), strict=True))
    ]
    first, second = (s.fixing.price for s in lived(rows + after))
    assert first == 3_010_000
    wanted = first * (1.02 * 1.04 * 0.98) ** 0.25
    assert abs(second - wanted) <= 1
    assert (half_even(5, 2), half_even(7, 2), half_even(-5, 2)) == (2, 4, -2)


@pytest.mark.rule("IDX-006")
def test_a_silent_offer_comes_back_against_its_last_price_and_the_index() -> None:
    steady = every(range(1, 12), 3.0, "a", "b", "c", "d")
    gone = [r for r in steady if not (r.offer == "d" and 4 <= day_of(r) <= 6)]
    assert [s.fixing.price for s in lived(gone)] == [s.fixing.price for s in lived(steady)]

    def rising(day: int) -> float:
        return 1.01**day

    up = [
        seen(day, o, p * rising(day))
        for day in range(1, 12)
        for o, p in zip("abcd", (3, 3.1, 3.2, 3.3), strict=True)
    ]
    with_gap = [r for r in up if not (r.offer == "d" and 4 <= day_of(r) <= 6)]
    drift = [
        abs(a.fixing.price - b.fixing.price)
        for a, b in zip(lived(up), lived(with_gap), strict=True)
    ]
    assert max(drift) <= 3, "micro-dollars: all moved alike, so the silence moves nothing"
    late = method(("match_days = 35", "match_days = 7"), ("wider_days = 7", "wider_days = 3"))
    away = [r for r in steady if not (r.offer == "d" and day_of(r) > 2)] + [seen(11, "d", 3.3)]
    assert words(lived(away, late)[-1])["d"] == "entering"
    assert words(lived(away)[-1])["d"] == "counts"


def day_of(row) -> int:
    return (row.time - seen(1, "x", 1.0, hour=0).time) // (86_400 * 10**9) + 1


@pytest.mark.rule("IDX-006")
def test_a_newcomer_counts_after_its_season() -> None:
    long = method(("season_dates = 2", "season_dates = 4"))
    rows = every(range(1, 8), 3.0, *ABCD) + [seen(d, "n", 3.0 * 1.05**d) for d in range(3, 8)]
    found = [words(s).get("n") for s in lived(rows, long)]
    assert found == [None, None, "entering", "season", "season", "season", "counts"]
    prices = [s.fixing.price for s in lived(rows, long)]
    assert len(set(prices[:6])) == 1
    assert prices[6] > prices[5]


@pytest.mark.rule("IDX-007")
def test_caps_of_sources_and_offers_hold() -> None:
    rows = every(range(1, 3), 3.0, *(f"a{n}" for n in range(50)))
    rows += every(range(1, 3), 3.0, "b0", "b1", source="aws-panel")
    rows += every(range(1, 3), 3.0, "c0", "c1", source="azure-retail")
    weights: dict[str, int] = {}
    for verdict in lived(rows)[-1].verdicts:
        source = verdict.key.split("|")[1]
        weights[source] = weights.get(source, 0) + verdict.weight
    assert sum(weights.values()) == BILLION**2
    assert weights["gcp-history"] == 400_000_000 * BILLION, "three publishers of one source each"
    assert weights["aws-panel"] == weights["azure-retail"]
    assert shares([1, 1, 98], 400_000) == [300_000_000, 300_000_000, 400_000_000]
    assert shares([1, 5], 400_000) == [500_000_000, 500_000_000]
    # What the first loses lifts the second above the cap, and what both lose goes to the third.
    assert shares([10, 35, 55], 400_000) == [200_000_000, 400_000_000, 400_000_000]
    trades = [
        seen(1, f"t{n}", 3.0 + n / 100, kind=PriceType.EXECUTED, size=size)
        for n, size in enumerate((5, 5, 5, 5, 80))
    ]
    alone = {v.key.rsplit("|", 1)[1]: v.weight for v in lived(trades)[0].verdicts}
    assert alone["t4"] == BILLION * 250_000_000
    assert alone["t0"] == alone["t3"] == BILLION * 187_500_000
    assert sum(shares([3, 1, 2, 7, 7], 250_000)) == BILLION


@pytest.mark.rule("IDX-008")
def test_a_chain_begins_and_begins_anew_at_the_adjusted_level() -> None:
    dear = method(("US-WEST = 1_000_000", "US-WEST = 1_200_000"))
    rows = [seen(1, o, 3.6, location="US-WEST", size=n + 1) for n, o in enumerate("abc")]
    (step,) = lived(rows, dear)
    assert (step.fixing.price, step.fixing.marks) == (3_000_000, ("begun",))
    later = every(range(60, 62), 4.0, *ABCD)
    found = lived(rows + later, dear)
    assert found[59].fixing.marks == ("relinked",)
    assert found[59].fixing.price == 4_010_000
    assert {s.fixing.status for s in found[1:15]} == {Status.NO_FIX}, "an offer of one date"
    assert {s.fixing.status for s in found[20:59]} == {Status.NO_FIX}


@pytest.mark.rule("IDX-009")
def test_an_outlier_is_held_until_it_has_stood() -> None:
    rows = every(range(1, 8), 3.0, "a", "b", "c")
    flash = [seen(d, "d", 3.3 if d != 4 else 5.0) for d in range(1, 8)]
    prices = [s.fixing.price for s in lived(rows + flash)]
    assert len(set(prices)) == 1
    stays = [seen(d, "d", 3.3 if d < 4 else 4.4) for d in range(1, 8)]
    found = lived(rows + stays)
    assert [words(s)["d"] for s in found][2:6] == ["counts", "held", "counts", "counts"]
    assert found[3].fixing.price == found[2].fixing.price
    wanted = found[3].fixing.price * (4.4 / 3.3) ** 0.25
    assert abs(found[4].fixing.price - wanted) <= 2
    other = method(("scale = 4 ", "scale = 40 "))
    became = [seen(d, "d", 3.3 if d < 4 else 16.5) for d in range(1, 8)]
    found = lived(rows + became, other)
    assert [words(s)["d"] for s in found][2:6] == ["counts", "held", "entering", "season"]
    assert len({s.fixing.price for s in found}) == 1
    cents = [seen(d, "d", 330.0 if d > 3 else 3.3) for d in range(1, 8)]
    found = lived(rows + cents)
    assert {words(s)["d"] for s in found[3:]} == {"scale"}
    assert len({s.fixing.price for s in found}) == 1
    together = [replace(r, price=r.price * 13 // 10) if day_of(r) > 3 else r for r in rows]
    assert lived(together)[3].fixing.price == amount_of(log_of(3_010_000) + log_of(13) - log_of(10))


@pytest.mark.rule("IDX-010")
@pytest.mark.parametrize("name", ["T-INTERACTIVE", "T-STANDARD", "T-BATCH"])
def test_a_dearer_generation_of_models_moves_no_token_index(name: str) -> None:
    """Twice as many models as there were, three times as dear, standing for months."""
    by = method_of(name, 2)
    assert isinstance(by, ChainMethod)
    old = every(range(1, 120), 0.5, *(f"old-{n}" for n in range(6)), source="tokens-genai")
    new = every(range(30, 120), 1.5, *(f"new-{n}" for n in range(12)), source="tokens-genai")
    rows = [replace(row, unit=Unit.MILLION_TOKENS, grade=name, location="") for row in old + new]
    fixings = [s.fixing for s in lived([replace(row, tenor_days=1) for row in rows], by)]
    assert len(fixings) == 119
    assert {f.price for f in fixings} == {fixings[0].price}
    assert fixings[-1].level > 2 * fixings[-1].price, "the dear ones speak for the level"


@pytest.mark.rule("IDX-010")
def test_a_ratchet_is_led_back_to_the_corridor() -> None:
    """Enter low, rise, leave, and again: each rise counts, and the level does not move."""
    rows = every(range(1, 120), 3.0, *ABCD)
    usd = lambda day: 2.0 * 1.1 ** (day % 6)
    ratchet = [seen(d, f"r{d // 6}", usd(d)) for d in range(1, 120)]
    free = method(("step_ppm = 30_000", "step_ppm = 0"))
    held = [s.fixing.price / 1e6 for s in lived(rows + ratchet)]
    unheld = [s.fixing.price / 1e6 for s in lived(rows + ratchet, free)]
    assert unheld[-1] > 6.0
    assert max(held) < 3.02 * 1.15 * 1.03
    assert any("anchored" in s.fixing.marks for s in lived(rows + ratchet))


@pytest.mark.rule("IDX-011")
def test_a_silent_date_is_carried_and_marked_within_the_window() -> None:
    by = method(("stale_days = 14", "stale_days = 0"))
    found = [s.fixing for s in lived(every(range(1, 3), 3.0, *ABCD), by, last=12)]
    assert [f.status for f in found] == [Status.FIXED] * 9 + [Status.NO_FIX] * 3
    assert all(f.marks == ("carried",) and f.evidence_day == 20_455 for f in found[2:9])
    half = [*every(range(1, 3), 3.0, *ABCD), seen(3, "a", 3.3)]
    third = lived(half)[-1].fixing
    assert (third.rung, third.marks) == (Rung.WIDER, ())
    assert abs(third.price - found[1].price * 1.1**0.25) <= 2


@pytest.mark.rule("IDX-012")
def test_too_little_evidence_is_no_fix_with_a_reason_and_without_a_price() -> None:
    from lasalle.indices.history import replay
    from lasalle.indices.quotes import EvidenceBook, evidence_table

    rows = every(range(1, 3), 3.0, *ABCD)
    book = EvidenceBook(evidence_table(rows))
    narrow = method(("wider_days = 7", "wider_days = 0"), ("stale_days = 14", "stale_days = 0"))
    found = [s.fixing for s in replay(narrow, book, 20_458)]
    assert [f.status for f in found] == [Status.FIXED] * 2 + [Status.NO_FIX] * 3
    assert {(f.price, f.reason, f.rung) for f in found[2:]} == {(0, "evidence", Rung.NONE)}


@pytest.mark.rule("IDX-013")
def test_a_shortage_is_never_the_last_price() -> None:
    offers = {"kind": PriceType.EXECUTABLE, "source": "aws-panel"}
    rows = every(range(1, 4), 1.5, *ABCD, **offers)
    rows += [
        replace(r, price=0, price_type=PriceType.SHORTAGE)
        for r in every(range(4, 7), 1.5, *ABCD, **offers)
    ]
    rows += every(range(7, 9), 1.6, *ABCD, **offers)
    demand = every(range(1, 9), 4.1, "od", source="aws-panel", tenor=1)
    found = [s.fixing for s in lived(rows + demand)]
    assert [f.status for f in found[3:6]] == [Status.SHORTAGE] * 3
    assert {f.price for f in found[3:6]} == {4_100_000}
    assert found[6].status is Status.FIXED
    assert abs(found[6].price / found[2].price - 1.6 / 1.5) < 0.01
    bare = [s.fixing for s in lived(rows)]
    assert {(f.status, f.price, f.reason) for f in bare[3:6]} == {(Status.NO_FIX, 0, "shortage")}
    wild = [replace(r, price=r.price * 100) for r in demand]
    found = [s.fixing for s in lived(rows + wild)]
    assert {(f.status, f.price) for f in found[3:6]} == {(Status.NO_FIX, 0)}, "cover in cents"
    cheap = [replace(r, price=1_000_000) for r in demand]
    held = {s.fixing.price for s in lived(rows + cheap)[3:6]}
    assert held == {bare[2].price}, "never below it"
    lists = every(range(4, 7), 1.2, "l1", "l2", "l3")
    assert {s.fixing.status for s in lived(rows + lists)[3:6]} == {Status.NO_FIX}
    one = [r for r in rows if not (r.offer == "a" and r.price == 0)] + every(
        range(4, 7), 1.5, "a", **offers
    )
    assert Status.SHORTAGE not in {s.fixing.status for s in lived(one)}


@pytest.mark.rule("IDX-016")
def test_logarithms_are_whole_numbers_and_go_there_and_back() -> None:
    rng = random.Random(3)
    for _ in range(500):
        amount = rng.randrange(1_000, 10**9)
        assert abs(log_of(amount) / PICO - math.log(amount)) < 1e-11
        assert amount_of(log_of(amount)) == amount
    assert log_of(1) == 0
    assert weighted_median([3, 1, 2], [1, 1, 1]) == 2
    assert weighted_median([1, 2], [1, 1]) == 1
    assert Fraction(half_even(10**30 + 1, 2)) == 5 * 10**29


def test_a_state_parses_back_and_a_date_goes_forward_alone() -> None:
    steps = lived([*every(range(1, 5), 3.0, *ABCD), seen(4, "d", 9.0)])
    for step in steps:
        assert parse_state(step.state.rows()) == step.state
        assert step.fixing.state_after == step.state.root
    assert [s.fixing.state_before for s in steps[1:]] == [s.fixing.state_after for s in steps[:-1]]
    assert parse_state(State().rows()) == State()
    for bent in ([], [b"state|x"], steps[-1].state.rows()[::-1]):
        with pytest.raises(MethodError, match="state"):
            parse_state(bent)

"""Limits, collateral, margin of deliveries, warnings, and what a supplier is told it may sell."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from lasalle.credit.collateral import participates, secured
from lasalle.credit.delivery_margin import buyer_margin, margin_of_month, margins, required
from lasalle.credit.limits import headroom, month_limit, peak_floor, unsecured_line
from lasalle.credit.market import log_moves, spike_shortfall
from lasalle.credit.model import DOLLAR, Collateral, CreditError, Letter, SupplierFile
from lasalle.credit.portfolio import judge_all, judged
from lasalle.credit.residual import (
    Decline,
    Slope,
    load_curve,
    matched_slope,
    net_rent,
    pooled,
)
from lasalle.credit.warning import Seen, short_share
from lasalle.credit.what_if import moved, receivable, spiked, what_if
from tests.credit.world import BOOK, DAY, JUNE, MILLION, machines, money, sold, supplier
from tests.rules import ROOT

TERMS, MARKET = BOOK.terms, BOOK.market
CHAPTER = (ROOT / "rulebook" / "10-credit.md").read_text()


@pytest.mark.rule("CRD-005")
@pytest.mark.rule("CRD-022")
def test_a_grade_sells_its_share_of_what_counts_as_there():
    part = supplier(fleet=(machines(verified=600),))
    found = month_limit(part, "B", JUNE, TERMS)
    # 600 verified and half of 400: 800, of which grade B sells 80 %.
    assert (found.there, found.limit, found.binds) == (800.0, 640, "grade B")
    assert month_limit(part, "A", JUNE, TERMS).limit == 720
    assert month_limit(part, "E", JUNE, TERMS).limit == 0
    assert month_limit(part, "F", ("2026-12", "H100", "UE"), TERMS).limit == 0
    past = month_limit(part, "A", ("2020-06", "H100", "UE"), TERMS)
    assert (past.limit, past.binds) == (0, "the month is over")
    lapsed = supplier(fleet=(machines(verified=600, verified_until=DAY),))
    assert month_limit(lapsed, "B", JUNE, TERMS).there == 500.0
    taken_back = machines(verified=0, verified_until=None, reclaimable=True)
    assert month_limit(supplier(fleet=(taken_back,)), "A", JUNE, TERMS).there == 0
    assert "600 + 0.5 x 400 = 800" in CHAPTER


@pytest.mark.rule("CRD-006")
def test_neither_one_supplier_nor_one_place_is_the_market():
    h200 = machines(grade="H200", accelerators=20_000, verified=20_000)
    big = supplier(fleet=(machines(accelerators=20_000, verified=20_000), h200))
    here = supplier(supplier="here", sold=(sold(9_000),))

    def found(*others: SupplierFile, file: SupplierFile = big, grade: str = "H100") -> Any:
        limit = month_limit(file, "A", ("2027-06", grade, "UE"), TERMS, others)
        return limit.limit, limit.binds

    # A market begins with somebody, up to a published number, whoever else sold nothing or one.
    first = min("share of one place", "share of one supplier")
    assert found() == (TERMS.limits.alone, first)
    assert found(supplier(sold=(sold(1),)))[0] == TERMS.limits.alone - 1
    # 40 % of the market is two thirds of the 9,000 others sold; of a place that they fill, nothing.
    away = supplier(sold=(sold(20_000, place="UW"),))
    assert found(here, away) == (6_000, "share of one supplier")
    assert found(here) == (0, "share of one place")
    # Half of all in one place: no more than the 9,000 away, of which nobody else has any here.
    assert found(supplier(sold=(sold(9_000, place="UW", grade="H200"),)))[0] == TERMS.limits.alone
    # Own sales of another grade stand there as well: of the 6,000 of the place 1,000 are left.
    own = supplier(fleet=big.fleet, sold=(sold(5_000),))
    assert found(supplier(sold=(sold(6_000, place="UW"),)), file=own, grade="H200") == (
        1_000, "share of one place"
    )  # fmt: skip
    assert found(supplier(sold=(sold(6_000, place="UW"),)), file=own)[0] == TERMS.limits.alone


@pytest.mark.rule("CRD-007")
def test_who_is_too_small_posts_a_deposit_that_counts_nothing():
    tiny = supplier(
        fleet=(machines(accelerators=50, verified=50),),
        financials=money(tangible_net_worth_usd=100_000, cash_usd=500_000),
        collateral=Collateral(cash_usd=500_000, bond_usd=100_000),
    )
    assert participates(supplier(), TERMS)
    assert not participates(tiny, TERMS)
    found = secured(tiny, DAY, 10**12, BOOK.curve, TERMS)
    # Of 500,000 and 100,000: 200,000 stay untouched, and a tenth of the rest is taken.
    assert found.untouchable == 200_000 * DOLLAR
    assert found.delivery == (300_000 + 100_000) * 9 // 10 * DOLLAR


@pytest.mark.rule("CRD-008")
def test_the_floor_is_the_largest_run_of_weeks():
    assert peak_floor((), TERMS) == 0
    assert peak_floor((0, 0, 5), TERMS) == 5 * DOLLAR
    assert peak_floor((100, 200, 300, 0, 250), TERMS) == 600 * DOLLAR
    # A week of last year counts in the mean alone.
    old = (0,) * 20 + (900,) + (0,) * 30 + (30,)
    assert peak_floor(old, TERMS) == (900 + 30) // 2 * DOLLAR
    assert headroom(margin=70, floor=100, secured=90, unsecured=0).short == 10
    assert headroom(margin=70, floor=50, secured=90, unsecured=5).left == 25


@pytest.mark.rule("CRD-009")
def test_no_line_without_security_unless_it_is_switched_on():
    assert unsecured_line(supplier(), "A", 0, TERMS) == 0
    assert unsecured_line(supplier(), "A", MILLION * DOLLAR, TERMS) == MILLION * DOLLAR
    # A tenth of a net worth of 15 million.
    assert unsecured_line(supplier(), "A", 9 * MILLION * DOLLAR, TERMS) == 1_500_000 * DOLLAR
    assert unsecured_line(supplier(), "D", MILLION * DOLLAR, TERMS) == 0
    poor = supplier(financials=money(tangible_net_worth_usd=-5))
    assert unsecured_line(poor, "A", MILLION * DOLLAR, TERMS) == 0


def test_the_rise_in_the_worst_case_against_draws():
    moves, rng, many = TERMS.price, np.random.default_rng(8), 400_000
    days = 30.0
    counts = rng.poisson(moves.jumps * days / 365.25, many).astype(float)
    found = log_moves(moves, days / 365.25, rng.standard_normal(many), counts,
                      rng.standard_normal(many))  # fmt: skip
    rise = np.sort(np.expm1(found))
    worst = rise[int(many * 0.99) :]
    assert spike_shortfall(moves, days, 0.99) == pytest.approx(worst.mean(), rel=0.02)
    assert np.exp(found).mean() == pytest.approx(np.exp(moves.drift * days / 365.25), abs=0.002)


@pytest.mark.rule("CRD-013")
def test_delivery_margin_pays_for_hours_bought_today_and_the_tail():
    one = supplier(fleet=(machines(verified=0, verified_until=None),), sold=(sold(100),))
    asked = margin_of_month(one, JUNE, MARKET, TERMS)
    tail = -(-2_600_000 * spike_shortfall(MARKET.moves, 2, 0.99) // 1)
    hours = 100 * 24 * 30
    assert asked.hours == hours
    assert asked.price_part == hours * (200_000 + int(tail))
    assert asked.reserve == hours * 2_400_000 * 15 // 100
    assert asked.asked == asked.price_part + asked.reserve
    assert f"{asked.asked / DOLLAR:,.2f} USD" in CHAPTER
    near = supplier(sold=(sold(100, month="2026-11"),))
    under = margin_of_month(near, ("2026-11", "H100", "UE"), MARKET, TERMS)
    assert under.price_part == int(1.5 * asked.price_part)
    assert margins(supplier(sold=(sold(100, month="2026-10"),)), MARKET, TERMS) == ()
    assert buyer_margin(7, 100, 2_000_000, TERMS) == 7 + 10 * 100 * 2_000_000


@pytest.mark.rule("CRD-014")
def test_verified_spare_machines_take_off_their_share_of_the_price_part_alone():
    bare = margin_of_month(
        supplier(fleet=(machines(verified=0, verified_until=None),), sold=(sold(100),)), JUNE,
        MARKET, TERMS,
    )  # fmt: skip
    whole = margin_of_month(supplier(sold=(sold(100),)), JUNE, MARKET, TERMS)
    assert whole.offset == bare.price_part * 6 // 10
    assert whole.reserve == bare.reserve
    taken = supplier(sold=(sold(100), sold(950, elsewhere=True)))
    assert margin_of_month(taken, JUNE, MARKET, TERMS).offset == bare.price_part * 3 // 10
    assert f"{whole.asked / DOLLAR:,.2f} USD" in CHAPTER


@pytest.mark.rule("CRD-016")
def test_signs_lead_up_the_ladder():
    calm = judged(supplier(), BOOK)
    assert (calm.warned.signs, calm.warned.step.name) == ((), "none")
    grade = calm.score.grade
    better = {"B": "A", "C": "B", "D": "C"}.get(grade, "")
    short = supplier(sold=(sold(1_300),), collateral=Collateral(cash_usd=40 * MILLION))
    spike = Seen(rises={"H100": 0.3})
    assert short_share(short, TERMS) == pytest.approx(300 / 1_300)
    reached = {
        judged(supplier(), BOOK, seen=Seen(0.03)).warned.step.name: "one amber",
        judged(short, BOOK, seen=replace_seen(spike, 0.03)).warned.step.name: "two amber",
        judged(supplier(), BOOK, seen=Seen(0.2)).warned.step.name: "one red",
        judged(short, BOOK, seen=Seen(0.2, rises={"H100": 0.7})).warned.step.name: "two red",
    }
    beyond = judged(supplier(sold=(sold(900),)), BOOK)
    limit = next(x.limit for x in beyond.limits if x.month == "2027-06")
    assert [(s.name, s.level, s.found) for s in beyond.warned.signs] == [
        ("sold beyond the limit", "amber", pytest.approx(900 / limit - 1))
    ]
    assert list(reached) == ["watch", "hold", "secure", "replace"]
    assert judged(supplier(), BOOK, seen=Seen(rises={"H100": 9.0})).warned.signs == ()
    if better:
        fallen = judged(supplier(), BOOK, seen=Seen(grade_before=better)).warned.signs
        assert [s.name for s in fallen] == ["fallen grade"]
    raised = judged(short, BOOK, seen=Seen(0.2))
    asked = required(raised.margins)
    assert raised.room.margin == -(-asked * 125 // 100)
    assert raised.stops == "step secure of the ladder"


def replace_seen(seen: Seen, missed: float) -> Seen:
    return Seen(missed, seen.grade_before, seen.rises)


@pytest.mark.rule("CRD-016")
def test_a_broken_covenant_is_a_sign_red_when_far_beyond():
    def signs(limit: float) -> list[tuple[str, str]]:
        one = judged(supplier(covenants={"least_coverage": limit}), BOOK)
        return [(s.name, s.level) for s in one.warned.signs]

    assert signs(8.0) == []
    assert signs(8.5) == [("covenant least_coverage", "amber")]
    assert signs(16.0) == [("covenant least_coverage", "red")]
    lapsed = judged(supplier(fleet=(machines(verified_until=DAY),)), BOOK).warned.signs
    assert [s.name for s in lapsed] == ["verification of H100 in UE lapsed"]


@pytest.mark.rule("CRD-017")
@pytest.mark.parametrize("cash", [1, 40_000, 200_000, 9_000_000])
def test_what_is_said_can_be_sold_can_and_one_more_cannot(cash: int):
    one = supplier(collateral=Collateral(cash_usd=cash))
    found = what_if(one, judged(one, BOOK).score, JUNE, 2_500_000, MARKET, BOOK.curve, TERMS)

    def after(more: int):
        bigger = supplier(
            sold=(sold(more, "2.50"),) if more else (), collateral=Collateral(cash_usd=cash)
        )
        limit = month_limit(bigger, judged(one, BOOK).score.grade, JUNE, TERMS)
        held = secured(bigger, DAY, required(margins(bigger, MARKET, TERMS)), BOOK.curve, TERMS)
        short = headroom(required(margins(bigger, MARKET, TERMS)), 0, held.delivery, 0).short
        return limit.sold <= limit.limit and not short

    assert after(found.more)
    assert not after(found.more + 1)
    assert found.binds == (
        "security" if cash < MILLION else f"grade {judged(one, BOOK).score.grade}"
    )


@pytest.mark.rule("CRD-017")
def test_a_supplier_is_told_cash_of_a_spike_and_what_it_can_assign():
    one = supplier(sold=(sold(800), sold(400, elsewhere=True)))
    found = what_if(one, judged(one, BOOK).score, JUNE, 2_600_000, MARKET, BOOK.curve, TERMS,
                    stopped="asked to")  # fmt: skip
    assert (found.more, found.binds) == (0, "asked to")
    half, far = found.spikes
    assert (half.move, far.move) == (0.5, 1.5)
    for at, price in zip(found.spikes, ("3.70", "6.30"), strict=True):
        # Once variation is paid, what was sold at 2.40 stands as much higher as the market.
        stood = supplier(sold=(sold(800, price), sold(400, elsewhere=True)))
        asked = required(margins(stood, moved(MARKET, at.move), TERMS))
        assert at.margin == asked
        assert at.variation == 800 * 720 * int(2_600_000 * at.move)
        assert at.cash == max(0, asked + at.variation - MILLION * DOLLAR)
    assert far.cash > 0
    # 1,000 verified, 400 of them promised elsewhere: 600 for 720 hours at 2.40.
    due = receivable(one, TERMS)
    assert due.gross == 600 * 720 * 2_400_000
    assert due.assignable == due.gross * 85 // 100
    (hour,) = found.over_energy
    assert (hour.power, hour.over) == (65_000, 2_535_000)
    with pytest.raises(CreditError, match="H100 in UE"):
        what_if(
            one, judged(one, BOOK).score, ("2027-06", "B200", "UE"), 1, MARKET, BOOK.curve, TERMS
        )


@pytest.mark.rule("CRD-017")
def test_variation_is_paid_from_cash_and_the_line_whatever_machines_are_there():
    def half(held: Collateral, line: int = 0, **more):
        one = supplier(sold=(sold(100, "2.60"),), collateral=held, **more)
        score = judged(one, BOOK).score
        return spiked(one, score, 0.5, MARKET, BOOK.curve, TERMS, line * DOLLAR)

    told = half(Collateral(cash_usd=100_000))
    assert told.variation == 93_600 * DOLLAR
    assert told.cash == told.margin - 6_400 * DOLLAR > 0
    bare = half(Collateral(), fleet=(machines(verified=0, verified_until=None),))
    assert bare.variation == told.variation
    # A bond secures the margin and pays no variation; a line does.
    assert half(Collateral(bond_usd=MILLION)).cash == 93_600 * DOLLAR
    assert half(Collateral(bond_usd=MILLION), line=50_000).cash == 43_600 * DOLLAR
    # A letter counts a quarter of the margin that is then asked, not of today's.
    letter = Letter("Bank", "AA", MILLION, date(2027, 11, 1))
    under = half(Collateral(letters=(letter,)))
    assert under.cash == under.variation + under.margin - under.margin // 4
    # What is under delivery pays no variation: its margin rises.
    begun = supplier(sold=(sold(100, "2.60", month="2026-11"),))
    at = spiked(begun, judged(begun, BOOK).score, 0.5, MARKET, BOOK.curve, TERMS)
    assert at.variation == 0
    assert at.margin == required(margins(begun, moved(MARKET, 0.5), TERMS))


@pytest.mark.rule("CRD-017")
def test_letters_count_against_the_floor_in_what_is_said_as_in_what_is_judged():
    letter = Letter("Bank", "AA", 250_000, date(2027, 11, 1))
    one = supplier(collateral=Collateral(cash_usd=750_000, letters=(letter,)))
    one = replace(one, record=replace(one.record, weekly_invoices_usd=(MILLION,)))
    assert judged(one, BOOK).room.short == 0
    found = what_if(one, judged(one, BOOK).score, JUNE, 2_600_000, MARKET, BOOK.curve, TERMS)
    assert found.by_security > 0


def test_suppliers_are_judged_beside_each_other():
    found = judge_all([supplier(supplier="b", sold=(sold(10),)), supplier(supplier="a")], BOOK)
    assert [one.file.supplier for one in found] == ["a", "b"]
    limits = {(x.month, x.binds) for x in found[0].limits}
    assert ("2026-12", f"grade {found[0].score.grade}") in limits


@pytest.mark.rule("CRD-020")
def test_the_residual_curve_falls_and_says_what_it_does_not_know():
    curve = load_curve()
    ages = [0, 0.5, 1, 2, 4, 6, 9]
    means = [curve.mean(age) for age in ages]
    assert means[0] == 1.0
    assert means[-1] == 0.0
    assert means == sorted(means, reverse=True)
    assert (curve.decline >= 0).all()
    assert 0.30 <= 1 - curve.mean(1) <= 0.45, "lenders write off 35 to 40 % in the first year"
    assert curve.quantile(1, 0.95) - curve.quantile(1, 0.05) > 0.3


def test_net_rent_is_the_integral_of_what_is_left():
    for age, decline, life, running, discount in ((0.5, 0.3, 6, 0.3, 0.1), (2, 0.0, 5, 0.2, 0.1)):
        stop = min(life, -np.log(running) / decline if decline else life)
        at = np.linspace(age, stop, 200_001)
        paid = (np.exp(-decline * at) - running) * np.exp(-discount * (at - age))
        whole = np.trapezoid(paid, at)
        assert net_rent(age, decline, life, running, discount) == pytest.approx(whole, rel=1e-6)
    assert net_rent(7, 0.1, 6, 0.2, 0.1) == 0.0


def test_a_slope_is_found_again_from_matched_offers():
    years = np.arange(0, 3.01, 0.25)
    series = {
        n: [(t, price * np.exp(-0.3 * t)) for t in years[n:]] for n, price in enumerate((2.0, 9.0))
    }
    found = matched_slope("H100", "made", series)
    assert found is not None
    # A dear offer that enters late moves no rate: only what both ends have counts.
    assert found.rate == pytest.approx(0.3)
    assert matched_slope("H100", "made", {0: [(0.0, 1.0)]}) is None
    assert matched_slope("H100", "made", {}) is None


def test_random_effects_are_those_of_the_book():
    """DerSimonian and Laird by hand: three rates, errors 0.1, spread beyond them."""
    slopes = [Slope(str(n), "made", rate, 0.1, 4, 9) for n, rate in enumerate((0.1, 0.3, 0.8))]
    found = pooled(slopes)
    assert found.rate == pytest.approx(0.4)
    # Q = (0.09 + 0.01 + 0.16) / 0.01 = 26, less two degrees, over 200.
    assert found.between == pytest.approx(((26 - 2) / 200) ** 0.5)
    assert found.error == pytest.approx((0.26 / 2 / 3) ** 0.5)
    with pytest.raises(CreditError):
        pooled(slopes[:2])
    told = Decline(-0.08, 0.02, 0.0, 9).with_practice(0.30, 0.35, 0.25)
    assert -0.08 < told.rate < 0.35
    assert told.error < 0.25

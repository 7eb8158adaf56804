"""What collateral counts: letters within the limit of their issuer, pledged hardware, and the parts
that come to what is secured."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from lasalle.credit.collateral import secured
from lasalle.credit.delivery_margin import spare_at
from lasalle.credit.model import DOLLAR, Collateral, Hardware, Letter
from lasalle.credit.portfolio import delivery_credit, judge_all, judged
from lasalle.institution.credit_told import score_lines
from tests.credit.world import BOOK, DAY, JUNE, MILLION, machines, money, sold, supplier

TERMS = BOOK.terms


def letters(*found: Letter) -> Collateral:
    return Collateral(letters=found)


@pytest.mark.rule("CRD-010")
def test_a_letter_counts_by_rating_and_life_and_never_past_its_share():
    late, soon = date(2027, 11, 1), date(2026, 12, 1)
    for letter, counts in (
        (Letter("Bank", "AA", MILLION, late), MILLION),
        (Letter("Bank", "A", MILLION, late), 950_000),
        (Letter("Bank", "A", MILLION, late, drawn_usd=400_000), 570_000),
        (Letter("Bank", "BBB", MILLION, late), 0),
        (Letter("Bank", "AA", MILLION, soon), 0),
    ):
        found = secured(supplier(collateral=letters(letter)), DAY, 10**14, BOOK.curve, TERMS)
        assert found.letters == counts * DOLLAR, letter
    one = letters(Letter("Bank", "AA", MILLION, late))
    quarter = secured(supplier(collateral=one), DAY, 2 * MILLION * DOLLAR, BOOK.curve, TERMS)
    assert quarter.letters == MILLION // 2 * DOLLAR
    full = secured(
        supplier(collateral=one), DAY, 10**14, BOOK.curve, TERMS, {"Bank": 50 * MILLION * DOLLAR}
    )
    assert full.letters == 0


@pytest.mark.rule("CRD-010")
def test_the_limit_of_an_issuer_is_of_all_suppliers_together():
    def one(name: str, usd: int):
        letter = Letter("Bank", "AA", usd, date(2028, 1, 1))
        owed = supplier(supplier=name, sold=(sold(100_000),), collateral=letters(letter))
        return replace(owed, record=replace(owed.record, weekly_invoices_usd=(400 * MILLION,)))

    # Told by name, counted in the order they came on file.
    asked = [one("c", 30 * MILLION), one("b", 30 * MILLION), one("a", MILLION)]
    found = [judged.secured.letters for judged in judge_all(asked, BOOK)]
    assert found == [0, 20 * MILLION * DOLLAR, 30 * MILLION * DOLLAR]


@pytest.mark.rule("CRD-010")
def test_a_letter_drawn_beyond_its_amount_takes_nothing_from_another():
    late = date(2027, 11, 1)
    pair = letters(
        Letter("Bank", "AA", MILLION, late, drawn_usd=2 * MILLION),
        Letter("Other", "AA", MILLION, late),
    )
    found = secured(supplier(collateral=pair), DAY, 10**15, BOOK.curve, TERMS)
    assert found.letters == MILLION * DOLLAR


@pytest.mark.rule("CRD-010")
@pytest.mark.parametrize("small", [True, False])
def test_parts_told_add_up_to_what_is_secured(small: bool):
    held = Collateral(
        cash_usd=333_333, bond_usd=7,
        letters=(Letter("Bank", "A", 1_000_001, date(2027, 11, 1)),
                 Letter("Other", "AA", 900_000, date(2027, 11, 1), reference="LC-1")),
        hardware=(PLEDGED, replace(PLEDGED, insured=False)),
    )  # fmt: skip
    worth = money(tangible_net_worth_usd=-1 if small else 15 * MILLION)
    one = supplier(collateral=held, financials=worth, sold=(sold(900),))
    found = secured(one, DAY, 5_000_000 * DOLLAR, BOOK.curve, TERMS)
    assert found.untouchable == (200_000 * DOLLAR if small else 0)
    assert sum(piece.counts for piece in found.pieces) == found.delivery
    assert found.letters == 1_250_000 * DOLLAR
    assert found.hardware == 2_500_000 * DOLLAR
    why = {piece.what: piece.why for piece in found.pieces}
    assert why["letter LC-1 of Other, AA, to 2027-11-01"] == "letters cover 25% of what is required"
    cut = ", less 10 % of a small supplier"
    assert why["cash"] == (f"less a deposit of 200,000 USD{cut}" if small else "whole")
    told = "\n".join(score_lines(judged(one, BOOK)))
    assert "  performance bond counts 7 of 7 (whole)" in told or small


PLEDGED = Hardware("H100", "2025-11", "UE", 500, first_lien=True, insured=True)


@pytest.mark.rule("CRD-011")
@pytest.mark.rule("CRD-012")
def test_hardware_counts_what_a_forced_sale_brings_toward_delivery_alone():
    found = secured(supplier(collateral=Collateral(hardware=(PLEDGED,))), DAY, 10**15, BOOK.curve,
                    TERMS)  # fmt: skip
    # A year old, three months until it is sold, 15 % and 10 % lost in the sale.
    left = BOOK.curve.quantile(1.25, 0.25)
    assert found.hardware == int(500 * 30_000 * left * 0.85 * 0.90) * DOLLAR
    assert found.delivery == found.hardware
    assert found.initial == 0
    assert found.hardware < 500 * 30_000 * DOLLAR * 6 // 10
    bare = replace(PLEDGED, insured=False)
    second = replace(PLEDGED, first_lien=False)
    for one, times in ((bare, 0.5), (second, 0.0)):
        got = secured(
            supplier(collateral=Collateral(hardware=(one,))), DAY, 10**15, BOOK.curve, TERMS
        )
        assert got.hardware == pytest.approx(times * found.hardware, rel=1e-6)
    capped = secured(supplier(collateral=Collateral(hardware=(PLEDGED,))), DAY, MILLION * DOLLAR,
                     BOOK.curve, TERMS)  # fmt: skip
    assert capped.hardware == MILLION // 2 * DOLLAR


@pytest.mark.rule("CRD-011")
def test_a_pledge_is_worth_the_least_of_what_it_may_be_and_nothing_behind_a_debt():
    dear, cheap = machines(cost_usd=40_000), machines(cost_usd=20_000)
    pledge = Collateral(hardware=(PLEDGED,))

    def counts(*fleet) -> int:
        one = supplier(fleet=fleet, collateral=pledge)
        return secured(one, DAY, 10**15, BOOK.curve, TERMS).hardware

    assert counts(dear, cheap) == counts(cheap, dear) == counts(cheap) < counts(dear)
    owed = machines(cost_usd=20_000, encumbered_usd=1)
    assert counts(dear, owed) == counts(dear)
    assert counts(owed) == counts(machines(verified=0, reclaimable=True)) == 0


@pytest.mark.rule("CRD-014")
def test_a_machine_that_is_pledged_covers_nothing():
    def spare(*fleet, **lien: bool) -> int:
        pledge = Collateral(hardware=(replace(PLEDGED, **lien),))
        return spare_at(supplier(fleet=fleet, collateral=pledge), JUNE)

    assert spare(machines()) == 500
    assert spare(machines(verified=300)) == 300
    assert spare(machines(), first_lien=False) == 1_000
    assert spare(machines(encumbered_usd=1), machines(accelerators=600, verified=600)) == 1_100
    assert spare(machines(verified_until=DAY)) == 0


@pytest.mark.rule("CRD-014")
def test_delivery_credit_takes_of_each_part_its_own_share():
    def told(pledged: bool, **more) -> tuple[int, int, int, int, int]:
        pledge = Collateral(hardware=(replace(PLEDGED, accelerators=950),) if pledged else ())
        own = (machines(**more),)
        one = judged(supplier(fleet=own, sold=(sold(100),), collateral=pledge), BOOK)
        (asked,) = one.margins
        return *delivery_credit(one, TERMS), asked.offset, asked.asked, one.secured.hardware

    amount, share, offset, asked, hardware = told(pledged=True)
    assert amount == offset + hardware
    assert hardware == asked // 2
    # Of 100 sold 50 are covered: what they take off, and half of the rest.
    assert share == 10_000 * (offset + asked / 2) // (offset + asked)
    amount, share, offset, asked, _ = told(pledged=False)
    assert (amount, share) == (offset, 10_000 * offset // (offset + asked))
    assert told(pledged=True, verified=0, verified_until=None)[1] == 5_000
    assert told(pledged=False, verified=0, verified_until=None)[:2] == (0, 0)

"""Limits of the house on what stands in one asset or with one issuer: counted, capped, kept out."""

from __future__ import annotations

import pytest

from lasalle.clearing.collateral import CollateralError
from lasalle.clearing.concentration import (
    ConcentrationTerms,
    Intake,
    concentration_data,
    concentrations,
    load_concentration_terms,
    lowered,
    read_concentration_terms,
)
from lasalle.plain.collateral import value_of
from lasalle.plain.state import Account, Collateral, Reference, State
from lasalle.wire import LedgerClass

EUR, BILL, LETTER, OTHER = 2, 3, 4, 5
TERMS = ConcentrationTerms(2_500, 1_000, 100)
WHOLE = 1_000_000


def house(cash, units, cap=10**12):
    """Accounts 1, 2 and 3; a unit of each asset is worth a micro-dollar before haircut."""
    state = State()
    for asset, letter in ((EUR, False), (BILL, False), (LETTER, True), (OTHER, True)):
        state.assets[asset] = f"A{asset}"
        state.collateral[asset] = Collateral(asset, 0, cap, letter, WHOLE, 20260330)
    for account in (1, 2, 3):
        state.accounts[account] = Account(account, 1, 1, 0, 0, 0, 0)
    state.balances[LedgerClass.CASH, 1, 1] = cash
    for (account, asset), held in units.items():
        state.balances[LedgerClass.CASH, account, asset] = held
    return state


@pytest.mark.rule("CLR-096")
def test_an_asset_is_counted_beside_its_share_of_all_cover():
    state = house(6_000, {(1, EUR): 2_000, (2, EUR): 1_000, (2, BILL): 1_000})
    euro, bill, letter, other = concentrations(state, {}, TERMS)
    assert (euro.name, euro.counted, euro.limit, euro.over) == ("asset 2, A2", 3_000, 2_500, 500)
    # At 1,500 an account the two come to 1,500 and 1,000: the limit.
    assert euro.caps == ((EUR, 1_500),)
    assert (bill.counted, bill.limit, bill.over, bill.caps) == (1_000, 2_500, 0, ())
    assert (letter.limit, other.limit, letter.over) == (1_000, 1_000, 0)
    for law in state.collateral.values():
        law.account_cap = dict(euro.caps).get(law.asset, law.account_cap)
    counted = sum(value_of(state.collateral[EUR], held) for held in (2_000, 1_000))
    assert counted == euro.limit, "the law counts what the desk asks for"
    assert concentration_data(euro)["caps"] == [{"asset": EUR, "cap": 1_500}]


@pytest.mark.rule("CLR-096")
def test_letters_of_one_issuer_count_together_and_less():
    state = house(8_800, {(1, LETTER): 600, (2, OTHER): 600})
    assert not any(row.over for row in concentrations(state, {}, TERMS))
    bank = {LETTER: "a bank", OTHER: "a bank"}
    row = concentrations(state, bank, TERMS)[2]
    assert (row.name, row.assets) == ("a bank", (LETTER, OTHER))
    assert (row.counted, row.limit) == (1_200, 1_000)
    assert row.caps == ((LETTER, 500), (OTHER, 500))
    mixed = concentrations(state, {LETTER: "a bank", BILL: "a bank"}, TERMS)
    assert mixed[1].limit == 1_000, "a letter makes the limit that of letters"


def test_a_small_house_has_no_limit_and_nothing_is_no_fault():
    (euro, *_) = concentrations(house(0, {(1, EUR): 100}), {}, TERMS)
    assert (euro.counted, euro.limit, euro.over) == (100, 100, 0)
    assert lowered([], 5) == lowered([0], 5) == lowered([9], 0) == 0


@pytest.mark.parametrize("limit", range(0, 30, 3))
def test_a_cap_is_the_highest_that_keeps_the_limit(limit):
    values = [3, 9, 11, 2]
    cap = lowered(values, limit)
    assert sum(min(v, cap) for v in values) <= limit
    assert cap == max(values) or sum(min(v, cap + 1) for v in values) > limit


@pytest.mark.rule("CLR-096")
def test_what_would_pass_the_limit_is_not_taken_in_and_nothing_else_is_kept_out():
    state = house(7_000, {(1, EUR): 2_000})
    state.accounts[1].references["known"] = Reference("known", 1, 0, 0, 0)
    intake = Intake(state, {}, TERMS)
    assert intake.beyond(1, EUR, 300, "a") is None
    full = intake.beyond(2, EUR, 200, "b")
    assert full is not None
    assert (full.counted, full.limit) == (2_500, 9_500 // 4), "what came before it counts"
    assert "asset 2, A2: 0.00 USD counted, limit 0.00 USD (CLR-096)" in full.said()
    assert intake.beyond(1, EUR, 200, "known") is None, "the ledger has it"
    assert intake.beyond(9, EUR, 200, "c") is None, "the core refuses an account that is none"
    assert intake.beyond(2, 1, 10_000, "d") is None, "dollars have no limit"
    assert intake.beyond(2, EUR, 200, "e") is None, "with more cover there is room"
    capped = Intake(house(0, {(1, EUR): 500}, cap=300), {}, TERMS)
    assert capped.beyond(1, EUR, 100, "f") is None, "beyond its cap it counts no more than before"
    assert capped.beyond(2, EUR, 1, "g") is not None


def test_terms_are_data_within_bounds():
    terms = load_concentration_terms()
    assert 0 < terms.letter_share <= terms.share <= 10_000
    for text in ("share = 1\n", "share = -1\nletter_share = 1\nfloor = 1\n"):
        with pytest.raises(CollateralError, match="expected whole"):
            read_concentration_terms(text)
    with pytest.raises(CollateralError, match="up to 10000"):
        read_concentration_terms("share = 10001\nletter_share = 1\nfloor = 1\n")

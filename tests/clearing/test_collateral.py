"""Collateral: classes within the law, admissions, valuations from published prices, and lines that
come to what the core counts."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

import pytest

from lasalle import wire
from lasalle.clearing.collateral import (
    CollateralError,
    admission,
    concentrated,
    held,
    load_classes,
    read_classes,
    read_prices,
    valuation,
)
from lasalle.plain.collateral import value_of
from lasalle.plain.state import Collateral

PRICES = "asset,price_usd\n3,0.985\n2,1.0851\n"


def record(asset, haircut, cap, price, letter=False):
    return wire.CollateralRecord(
        asset=asset, haircut=haircut, account_cap=cap, letter=letter, price=price, day=20260330
    )


@pytest.mark.rule("CLR-040")
def test_the_classes_in_force_are_within_the_law_and_hardware_counts_nothing():
    classes = load_classes()
    assert classes["hardware"].haircut == 10_000
    assert classes["hardware"].account_cap == 0
    assert [c.name for c in classes.values() if c.letter] == ["letter"]
    made = admission(2, classes["currency"])
    assert (made.asset, made.haircut, made.account_cap) == (2, 800, 50_000_000 * 10**6)


@pytest.mark.parametrize(
    ("name", "years", "good"),
    [("bill", "0.5", True), ("bill", "1.01", False), ("bill", "0", False), ("bond-30", "30", True)],
)
def test_a_security_has_the_maturity_its_class_allows(name, years, good):
    terms = load_classes()[name]
    if good:
        assert admission(3, terms, Decimal(years)).haircut == terms.haircut
    else:
        with pytest.raises(CollateralError, match="years to maturity"):
            admission(3, terms, Decimal(years))


@pytest.mark.rule("CLR-041")
def test_a_valuation_names_its_inputs_and_ascends_by_asset():
    made = valuation(20260330, PRICES)
    assert made.prices == (wire.AssetPrice(2, 1_085_100), wire.AssetPrice(3, 985_000))
    assert made.inputs == sha256(PRICES.encode()).digest()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: expected asset,price_usd"),
        ("asset,price\n2,1\n", "line 1: expected asset,price_usd"),
        ("asset,price_usd\n2,x\n", "line 2: expected asset,price"),
        ("asset,price_usd\n2\n", "line 2: expected asset,price"),
        ("asset,price_usd\n2,1.0000001\n", "line 2: price: at most six decimals"),
        ("asset,price_usd\n2,NaN\n", "line 2: price"),
        ("asset,price_usd\n2,-1\n", "line 2: price: expected 0"),
        ("asset,price_usd\n2,1000001\n", "line 2: price: expected 0"),
        ("asset,price_usd\n2,1\n2,1\n", "line 3: asset 2 stands twice"),
    ],
)
def test_prices_that_are_none_are_refused(text, sentence):
    with pytest.raises(CollateralError, match=sentence):
        read_prices(text)


@pytest.mark.parametrize(
    ("bent", "sentence"),
    [
        ("haircut = 10001\naccount_cap = 1\nletter = false\nneeds = ''", "haircut"),
        ("haircut = 0\naccount_cap = -1\nletter = false\nneeds = ''", "account_cap"),
        ("haircut = 0", "expected"),
    ],
)
def test_a_class_out_of_bounds_is_refused(bent, sentence):
    with pytest.raises(CollateralError, match=sentence):
        read_classes(f"[x]\n{bent}\n")


def test_a_line_counts_what_the_core_counts_and_concentration_is_seen():
    terms = {2: record(2, 800, 10**12, 1_085_100), 3: record(3, 50, 10**9, 985_000)}
    units = {(1, 2): 1_234_567_891, (1, 3): 5 * 10**9, (4, 2): 7, (5, 9): 10, (6, 2): 0}
    lines = held(terms, units)
    for line in lines:
        t = terms[line.asset]
        law = Collateral(t.asset, t.haircut, t.account_cap, t.letter, t.price, t.day)
        assert line.value == value_of(law, line.units)
    assert [(x.account, x.asset) for x in lines] == [(1, 2), (1, 3), (4, 2)]
    assert sum(x.share for x in lines if x.account == 1) == pytest.approx(1)
    assert [(x.account, x.asset) for x in concentrated(lines, 0.5)] == [(1, 2), (1, 3)]

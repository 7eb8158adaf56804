"""Conversion factors follow from published results, and a basket from its factors."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from lasalle.contracts.catalogue import load_catalogue
from lasalle.contracts.conversion import (
    GRADES,
    Level,
    Result,
    factor,
    levels,
    load_conversion,
    model_of,
    parse_conversion,
    shared_cells,
    written,
)
from lasalle.contracts.conversion_basket import Basket
from lasalle.contracts.standard import ContractError
from lasalle.contracts.symbols import Form
from tools import conversion as tool

TABLE = load_conversion()


def result(submitter: str, benchmark: str, scenario: str, grade: str, tokens: int) -> Result:
    return Result("v1", submitter, benchmark, scenario, grade, Fraction(tokens))


def two_models(fast: int = 2, slow: int = 1) -> list[Result]:
    """Two models, two submitters; a B200 is four times an H100 on one and once on the other."""
    return [
        result(who, benchmark, "Offline", grade, 100 * tokens)
        for who in ("A", "B")
        for benchmark, grade, tokens in (
            ("m", "H100-SXM", 1),
            ("m", "B200-SXM", 2 * fast),
            ("n", "H100-SXM", 1),
            ("n", "B200-SXM", slow),
        )
    ]


@pytest.mark.skipif(
    not (tool.FOLDER / tool.FILE).exists(), reason="no ../shared/data/benchmarks to compute from"
)
def test_the_table_agrees_bit_for_bit_with_the_results() -> None:
    results = tool.results(tool.FOLDER / tool.FILE)
    assert len(results) >= 300
    assert written(results, tool.SOURCES) == tool.TABLE.read_text(encoding="utf-8")


def test_the_factor_of_h200_by_v5_1_worked_by_hand() -> None:
    """Levels as printed in the table; logs of their ratios to six places, by model."""
    levels_by_hand = {
        ("llama2-70b-99.9", "Offline"): ("4359.55", "3899.721875", 0.111464),
        ("llama2-70b-99.9", "Server"): ("4149.6409375", "3819.943125", 0.082787),
        ("llama3.1-405b", "Offline"): ("68.76325", "48.872375", 0.341457),
        ("llama3.1-405b", "Server"): ("36.92", "35.2134375", 0.047326),
        ("llama3.1-8b", "Offline"): ("7288.0375", "5777.08", 0.232336),
        ("llama3.1-8b", "Server"): ("7246.29625", "5103.99", 0.350468),
    }
    found = TABLE.levels["v5.1"]
    for cell, (h200, h100, log) in levels_by_hand.items():
        pair = [found[(*cell, g)].tokens_per_second for g in ("H200-SXM", "H100-SXM")]
        assert pair == [Fraction(h200), Fraction(h100)]
        assert math.log(pair[0] / pair[1]) == pytest.approx(log, abs=1e-6)
    # Means 0.0971255, 0.1943915, 0.2914020; of the three 0.1943063; e to that is 1.214468.
    mean = (0.0971255 + 0.1943915 + 0.2914020) / 3
    by_hand = TABLE.of("H200-SXM", "v5.1").parts_per_million
    assert by_hand == 1_214_468
    assert math.exp(mean) * 1e6 == pytest.approx(by_hand, abs=2)


def test_a_geometric_mean_worked_by_hand() -> None:
    """Ratios 4 and 1 over two models: their geometric mean is 2."""
    found = factor("v1", levels(two_models(), "v1"), "B200-SXM")
    assert (found.parts_per_million, found.models, found.cells) == (2_000_000, 2, 2)
    # Ratios 6 and 1: the root of 6 is 2.449489742..., so 2449490 parts per million.
    found = factor("v1", levels(two_models(fast=3), "v1"), "B200-SXM")
    assert found.parts_per_million == 2_449_490


def test_a_submitter_counts_once_however_many_systems_it_brings() -> None:
    many = [result("A", "m", "Offline", "H100-SXM", t) for t in (10, 20, 30, 1_000, 1_001)]
    (level,) = levels([*many, result("B", "m", "Offline", "H100-SXM", 50)], "v1").values()
    assert level == Level(Fraction(40), ("A", "B"), 6)


def test_accuracy_variants_are_one_model_and_the_strictest_both_ran_counts() -> None:
    assert (model_of("x-99.9"), model_of("x-99"), model_of("y")) == (("x", 2), ("x", 1), ("y", 0))
    made = levels(
        [
            result("A", "x-99.9", "Server", "H100-SXM", 1),
            result("A", "x-99", "Server", "H100-SXM", 2),
            result("A", "x-99", "Server", "B200-SXM", 8),
            result("A", "x-99", "Offline", "H100-SXM", 1),
            result("A", "x-99.9", "Offline", "H100-SXM", 1),
            result("A", "x-99.9", "Offline", "B200-SXM", 1),
            result("A", "x-99", "Offline", "B200-SXM", 1),
        ],
        "v1",
    )
    assert shared_cells(made, "B200-SXM", "H100-SXM") == {
        "x": [("x-99.9", "Offline"), ("x-99", "Server")]
    }


@pytest.mark.parametrize(
    ("results", "missing"),
    [
        ([r for r in two_models() if r.grade == "H100-SXM"], "no result of B200-SXM"),
        ([r for r in two_models() if r.grade != "H100-SXM"], "no result of H100-SXM"),
        ([r for r in two_models() if r.benchmark == "m"], "1 of 2 models"),
        ([r for r in two_models() if r.submitter == "A"], "1 of 2 submitters of H100-SXM"),
        (
            [r for r in two_models() if r.submitter == "A" or r.grade == "H100-SXM"],
            "1 of 2 submitters of B200-SXM",
        ),
    ],
)
def test_thin_evidence_gives_no_factor_and_says_what_is_missing(results, missing) -> None:
    found = factor("v1", levels(results, "v1"), "B200-SXM")
    assert found.parts_per_million == 0
    assert missing in found.missing


def test_what_the_published_rounds_convert() -> None:
    reached = {
        (f.round, f.grade): f.parts_per_million for f in TABLE.factors if f.parts_per_million
    }
    assert set(reached) - {(r, "H100-SXM") for r in TABLE.rounds} == {
        ("v4.1", "H200-SXM"),
        ("v5.1", "H200-SXM"),
        ("v5.1", "B200-SXM"),
    }
    assert TABLE.last_round(("H200-SXM", "B200-SXM", "H100-SXM")) == "v5.1"
    with pytest.raises(ContractError, match="no result of A100-80-SXM"):
        TABLE.of("A100-80-SXM", "v5.1")
    with pytest.raises(ContractError, match="one round converts together"):
        TABLE.last_round(GRADES)
    with pytest.raises(ContractError, match="a grade and a round"):
        TABLE.of("H100-SXM", "v9")


def test_software_alone_moved_an_h100_by_29_per_cent() -> None:
    """Why a factor carries its round."""
    cell = ("llama2-70b-99.9", "Offline", "H100-SXM")
    before, after = (TABLE.levels[r][cell].tokens_per_second for r in ("v4.1", "v5.1"))
    assert round(float(after / before), 3) == 1.291


def test_a_table_whose_factor_was_edited_is_refused() -> None:
    text = tool.TABLE.read_text(encoding="utf-8")
    stated = TABLE.of("B200-SXM", "v5.1").parts_per_million
    bent = text.replace(f"parts_per_million = {stated}", f"parts_per_million = {stated + 1}")
    with pytest.raises(ContractError, match=r"v5\.1: factor of B200-SXM"):
        parse_conversion(bent)


def test_the_shipped_basket_names_its_round_and_every_grade_converts() -> None:
    (standard,) = load_catalogue().named("H100", Form.BASKET)
    basket = Basket.of(TABLE, standard)
    assert (basket.round, list(basket.factors)) == ("v5.1", ["B200-SXM", "H100-SXM", "H200-SXM"])
    assert all(basket.factor(g) == TABLE.of(g, "v5.1").parts_per_million for g in basket.factors)
    assert standard.terms["product"]["basket"]["conversion"] == "mlperf-v5-1/1"
    with pytest.raises(ContractError, match="conversion: expected one of"):
        TABLE.round_of("mlperf-v5-1/2")
    (plain,) = (s for s in load_catalogue().named("H100", Form.AVERAGE) if s.form == "swap")
    with pytest.raises(ContractError, match="a product with a basket"):
        Basket.of(TABLE, plain)


BASKET = Basket.listed(TABLE, ("H200-SXM", "B200-SXM"))


def test_the_invoice_is_the_settlement_price_times_the_factor() -> None:
    basket = Basket("v1", {"H100-SXM": 1_000_000, "H200-SXM": 1_214_468, "B200-SXM": 3_520_169})
    # 2.400000 x 1.214468 = 2.9147232, and 2.400000 x 3.520169 = 8.4484056 USD an hour.
    assert basket.invoice_price(2_400_000, "H100-SXM") == 2_400_000
    assert basket.invoice_price(2_400_000, "H200-SXM") == 2_914_723
    assert basket.invoice_price(2_400_000, "B200-SXM") == 8_448_406
    # A hundred lots: 82 H200 carry 99.586376 of them; 28 B200 carry 98.564732.
    assert basket.accelerators(100, "H200-SXM") == (82, 413_624)
    assert basket.accelerators(100, "B200-SXM") == (28, 1_435_268)
    assert basket.accelerators(100, "H100-SXM") == (100, 0)


def test_the_cheapest_to_deliver_worked_by_hand() -> None:
    basket = Basket("v1", {"H100-SXM": 1_000_000, "H200-SXM": 1_250_000, "B200-SXM": 3_500_000})
    prices = {"H100-SXM": 2_500_000, "H200-SXM": 3_000_000, "B200-SXM": 8_575_000}
    ranked = basket.ranked(prices, 2_460_000)
    # 3.00 / 1.25 = 2.40; 8.575 / 3.5 = 2.45; 2.50 / 1 = 2.50.
    assert [(d.grade, d.converted_micro_dollars) for d in ranked] == [
        ("H200-SXM", 2_400_000),
        ("B200-SXM", 2_450_000),
        ("H100-SXM", 2_500_000),
    ]
    assert [d.gain for d in ranked] == [60_000, 10_000, -40_000]
    assert basket.cheapest(prices) == replace(ranked[0], gain=-ranked[0].converted)


def test_the_cheapest_is_cheapest_and_a_lot_costs_the_same_whatever_comes() -> None:
    draw, tried = random.Random(1), 0
    for _ in range(300):
        prices = {g: draw.randint(500_000, 9_000_000) for g in BASKET.factors}
        settlement = draw.randint(500_000, 9_000_000)
        best, *others = BASKET.ranked(prices, settlement)
        assert all(best.gain >= other.gain for other in others)
        for grade in prices:
            per_base_hour = Fraction(BASKET.invoice_price(settlement, grade) * 10**6,
                                     BASKET.factor(grade))  # fmt: skip
            assert abs(per_base_hour - settlement) <= 1
        tried += 1
    assert tried == 300


def test_a_basket_refuses_by_field() -> None:
    with pytest.raises(ContractError, match="grade: expected one of"):
        BASKET.invoice_price(1, "A100-80-SXM")
    with pytest.raises(ContractError, match="price of H100-SXM"):
        BASKET.ranked({"H100-SXM": 0}, 1)
    with pytest.raises(ContractError, match="prices"):
        BASKET.ranked({}, 1)
    with pytest.raises(ContractError, match="lots"):
        BASKET.accelerators(0, "H100-SXM")
    with pytest.raises(ContractError, match=r"A100-80-SXM by v4\.1"):
        Basket.listed(TABLE, ("A100-80-SXM",), "v4.1")

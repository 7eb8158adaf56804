"""The waterfall of settlement prices, step by step; each price says which step gave it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lasalle.clearing import waterfall
from lasalle.clearing.waterfall import (
    Evidence,
    Found,
    Level,
    Print,
    Waterfall,
    WaterfallError,
    load_call_terms,
    load_waterfall,
    settlement_price,
)
from lasalle.wire import PriceStep

NONE = Fraction(0)
TERMS = Waterfall(Fraction("0.15"), 2, 1800, 3, 5, 4, Fraction("0.04"), 3600, NONE, NONE)
CURVE, CLOSE = 2_500_000, 10**15
EARLY, LATE = CLOSE - 1801 * 10**9, CLOSE - 60 * 10**9

LAST = Print(LATE, 2_600_000, 5)


def found(**known):
    return settlement_price(Evidence(CURVE, CLOSE, **known), TERMS)


@pytest.mark.rule("CLR-047")
@pytest.mark.parametrize(
    ("known", "price", "step"),
    [
        ({}, CURVE, "CURVE"),
        ({"auction": [Print(CLOSE, 2_510_000, 1)]}, CURVE, "CURVE"),
        ({"auction": [Print(CLOSE, 2_510_000, 2)]}, 2_510_000, "AUCTION"),
        # Two lots at 2.52 and three at 2.55 are 2.538 on average.
        ({"trades": [Print(LATE, 2_520_000, 2), Print(LATE, 2_550_000, 3)]}, 2_538_000, "TRADES"),
        ({"trades": [Print(LATE, 2_520_000, 4)]}, CURVE, "CURVE"),
        ({"trades": [Print(EARLY, 2_520_000, 99)]}, CURVE, "CURVE"),
        ({"trades": [Print(LATE, 2_400_000, 9), *[LAST] * 3]}, 2_600_000, "TRADES"),
        ({"bid": Level(2_480_000, 4), "ask": Level(2_560_000, 4)}, 2_520_000, "QUOTES"),
        ({"bid": Level(2_480_000, 4), "ask": Level(2_560_000, 3)}, CURVE, "CURVE"),
        ({"bid": Level(2_440_000, 4), "ask": Level(2_560_000, 4)}, CURVE, "CURVE"),
        ({"bid": Level(2_480_000, 4)}, CURVE, "CURVE"),
        # A price too far from the curve is passed over, and the next step is asked.
        (
            {
                "auction": [Print(CLOSE, 2_875_001, 9)],
                "trades": [Print(LATE, 2_875_000, 9)],
            },
            2_875_000,
            "TRADES",
        ),
    ],
)  # fmt: skip
def test_the_first_step_that_has_a_price_near_the_curve_gives_it(known, price, step):
    assert found(**known) == Found(price, PriceStep[step])


def test_an_average_is_rounded_once_half_to_even():
    trades = [Print(LATE, 2_500_001, 5), Print(LATE, 2_500_000, 5)]
    assert found(trades=trades).price == 2_500_000


def test_a_worthless_option_still_has_a_price():
    assert settlement_price(Evidence(0, CLOSE), TERMS) == Found(1, PriceStep.CURVE)


def test_the_terms_in_force_are_read_and_bent_ones_refused(monkeypatch):
    assert load_waterfall().farthest == Fraction("0.15")
    assert load_call_terms().intraday_share == Fraction("1.1")
    monkeypatch.setattr(waterfall, "read_rows", {"calls": {"daily_seconds": 1}}.get)
    with pytest.raises(WaterfallError, match="intraday_share"):
        load_call_terms()
    bent = {"daily_seconds": -1, "intraday_seconds": 1, "intraday_share": 1}
    monkeypatch.setattr(waterfall, "read_rows", {"calls": bent}.get)
    with pytest.raises(WaterfallError, match="daily_seconds: expected a number of at least 0"):
        load_call_terms()


@pytest.mark.rule("CLR-047")
def test_a_price_around_a_par_is_measured_by_a_scale_and_not_by_itself() -> None:
    """Of 5 USD, 15 % are 0.75: a basis at 49.00 takes 48.25 and passes 48.24 over; 4 % are 0.20."""
    curve, steps = 49_000_000, []
    for price in (48_250_000, 48_249_999):
        trade = [Print(LATE, price, 9)]
        steps.append(settlement_price(Evidence(curve, CLOSE, (), trade, scale=5_000_000), TERMS))
    assert steps == [Found(48_250_000, PriceStep.TRADES), Found(curve, PriceStep.CURVE)]
    loose = settlement_price(Evidence(curve, CLOSE, (), [Print(LATE, 45_000_000, 9)]), TERMS)
    assert loose.step is PriceStep.TRADES, "of its own price it would pass"
    for ask, step in ((49_100_000, PriceStep.QUOTES), (49_100_001, PriceStep.CURVE)):
        sides = Level(48_900_000, 9), Level(ask, 9)
        found_at = settlement_price(Evidence(curve, CLOSE, (), (), *sides, 5_000_000), TERMS)
        assert found_at.step is step

"""Needs that no plan can be made of are refused by line and field."""

from __future__ import annotations

import re

import pytest

from lasalle.hedging.plan.need import NeedError, horizon, read_need
from tests.institution.hedge_needs import DAY, NEED, OFFERS

WHOLE = NEED + OFFERS + '[[substitutes]]\ngrade="A100"\nhours=2.0\nprice_ratio=0.4\ndeviation=0.2\n'


@pytest.mark.parametrize(
    ("was", "wrong", "field"),
    [
        ("dollars = 20_000_000", "dollars = nan", "amount"),
        ("dollars = 20_000_000", "dollars = 1e-300", "amount"),
        ("dollars = 20_000_000", "accelerator_hours = 0", "amount"),
        ("factor = 2.0", "factor = 1e-300", "size.1.factor"),
        ("factor = 2.0", "factor = inf", "size.1.factor"),
        ("latest = 2025-10-31", "latest = 9999-12-31", "start.latest"),
        ("dollars_a_day = 100_000", "failed_dollars = nan", "late.failed_dollars"),
        ("dollars_a_day = 100_000", "failed_dollars = -1.0", "late.failed_dollars"),
        ("level = 0.95", "worst_dollars = nan", "risk.worst_dollars"),
        ("level = 0.95", "level = nan", "risk.level"),
        ("price = 2.4", "price = nan", "offers.0.price"),
        ("price = 2.4", "price = 1e308", "offers.0.price"),
        ("strike = 2.4", "strike = nan", "offers.1.strike"),
        ("strike = 2.4", "strike = -1.0", "offers.1.strike"),
        ("accelerators = 512", "accelerators = 9000000000000000000", "offers.0.accelerators"),
        ('name = "hall 4 in July"', 'name = ""', "offers.0.name"),
        ('name = "right to hall 5"', 'name = "hall 4 in July"', "offers.1.name"),
        ('last = "2025-09"', 'last = "2025-01"', "offers.1.last"),
        ('first = "2025-07"', 'first = "July"', "offers.0.first"),
        ("deviation=0.2", "deviation=nan", "substitutes.0.deviation"),
        ("deviation=0.2", "deviation=-1.0", "substitutes.0.deviation"),
        ("price_ratio=0.4", "price_ratio=inf", "substitutes.0.price_ratio"),
    ],
)
def test_a_number_out_of_range_is_refused_by_field(was: str, wrong: str, field: str) -> None:
    """Not a number, without bound, below nothing, or of no meaning."""
    assert read_need(WHOLE, "need.toml").offers, "whole, it is a need"
    assert was in WHOLE
    with pytest.raises(NeedError, match=rf"^need\.toml:\d+: {field}: expected "):
        read_need(WHOLE.replace(was, wrong, 1), "need.toml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('[trade]\npolicy = "dynamc"',
         "trade.policy: expected one of static, rolling, delta, found 'dynamc'"),
        ('[trade]\ninstruments = ["future", "bond"]', "trade.instruments.1: expected one of future,"
         " swap, call, physical, capacity, found 'bond'"),
        ('[bill]\ncost = "Net"',
         "bill.cost: expected one of EffectiveCost, BilledCost, found 'Net'"),
        ('[trade]\nband = "wide"', "trade.band: expected a number, found text in quotes"),
        ("[bill]\nfollows = 3.0", "bill.follows: expected 0 to 2, found 3.0"),
        ("[bill]\nindex_dollars = 0.0", "bill.index_dollars: expected 0.01 to 1e+06, found 0.0"),
        ('[bill]\nfiles = "june.csv"', "bill.files: expected a list, found text in quotes"),
        ('[[successors]]\nday = "soon"\nprobability = 1.0',
         "successors.0.day: expected a day, YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_a_word_or_a_kind_that_is_none_is_told_with_what_may_stand_there(
    line: str, said: str
) -> None:
    """By field and line, every permitted word named."""
    with pytest.raises(NeedError, match=rf"^need\.toml:\d+: {re.escape(said)}"):
        read_need(f"{NEED}{line}\n", "need.toml")


def test_a_start_before_the_day_is_refused() -> None:
    """A plan looks forward."""
    need = read_need(NEED.replace("2025-06-01", DAY.isoformat()), "need.toml")
    with pytest.raises(ValueError, match="start: expected after the plan's day"):
        horizon(need, DAY)

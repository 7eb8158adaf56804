"""The implied volatility index returns the volatility its options were priced with."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import localcontext
from itertools import product

import numpy as np
import pytest

from lasalle.contracts import Month
from lasalle.indices.family import (
    DerivedError,
    MonthQuotes,
    OptionQuote,
    implied_volatility,
    recompute,
)
from lasalle.indices.family.implied import average_time, average_variance
from lasalle.pricing import CurveAssumptions, CurveModel, average_option, average_terms

SPOT = 2.5
DAY = date(2026, 3, 12)
MONTHS = (Month(2026, 3), Month(2026, 4), Month(2026, 5))
FINE = tuple(25_000 * n for n in range(20, 320))
"""Strikes from 0.50 to 7.98 USD, a cent for every per cent of the price."""


def listed(
    volatility: float,
    strikes: tuple[int, ...] = FINE,
    day: date = DAY,
    months: tuple[Month, ...] = MONTHS,
    spread: int = 0,
    long_share: float = 1.0,
) -> list[MonthQuotes]:
    """Options of months as `lasalle.pricing` values them, quoted so wide around the value."""
    stated = CurveAssumptions(long_share=long_share, risk_premium=0.0)
    model = CurveModel(day, 0.0, math.log(SPOT), volatility, 100, stated)
    fixings = {day - timedelta(days=n): round(SPOT * 1e6) for n in range(40)}
    found = []
    for month in months:
        terms = average_terms(model, fixings, month)
        to_come = [d for d in month.dates() if d > day]
        quotes = []
        for strike in strikes:
            sides = []
            for call in (True, False):
                value = round(average_option(call, terms, strike / 1e6)[0] * 1e6)
                sides += [max(value - spread, 0), value + spread]
            quotes.append(OptionQuote(strike, *sides))
        found.append(
            MonthQuotes(
                month.number,
                month.days,
                (to_come[0] - day).days,
                (to_come[-1] - day).days,
                sum(fixings[d] for d in month.dates() if d <= day),
                tuple(quotes),
            )
        )
    return found


def index(months: list[MonthQuotes]) -> float:
    """The index in per cent a year, once it has been made anew from its own lines."""
    found = implied_volatility("H100-US-VOL", 20260312, months)
    assert recompute(found.inputs) == found
    assert found.value is not None, found
    return found.value / 100


@pytest.mark.parametrize("volatility", [0.1, 0.2, 0.4, 0.8, 1.2])
def test_it_returns_the_volatility_of_the_options(volatility: float) -> None:
    assert index(listed(volatility)) == pytest.approx(100 * volatility, abs=0.25)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 17), date(2026, 3, 30)])
def test_it_is_the_same_at_every_age_of_the_month(day: date) -> None:
    assert index(listed(0.4, day=day)) == pytest.approx(40.0, abs=0.1)


@pytest.mark.parametrize("known", [0, 500_000])
def test_the_variance_of_four_strikes_by_hand(known: int) -> None:
    """Call and put are as far apart at 2.40 as at 2.80: the lower is taken, so the forward is 2.60
    and K0 2.40. What is known of the average shifts strikes and forward alike.
    """
    mids = ((2.0, 620_000, 20_000), (2.4, 300_000, 100_000),
            (2.8, 120_000, 320_000), (3.2, 40_000, 640_000))  # fmt: skip
    quotes = tuple(
        OptionQuote(round(k * 1e6) + known, call - 5, call + 5, put - 5, put + 5)
        for k, call, put in mids
    )
    found, reason = average_variance(MonthQuotes(202604, 30, 10, 20, 30 * known, quotes))
    strip = ((2.0, 0.02), (2.4, 0.2), (2.8, 0.12), (3.2, 0.04))
    wanted = 2 * sum(0.4 / k**2 * q for k, q in strip) - (2.6 / 2.4 - 1) ** 2
    assert (reason, float(found)) == ("", pytest.approx(wanted, abs=1e-12))


def test_no_arithmetic_of_the_caller_reaches_it() -> None:
    months = listed(0.4, day=date(2026, 3, 17))
    wide = implied_volatility("H100-US-VOL", 20260317, months)
    with localcontext(prec=3):
        assert implied_volatility("H100-US-VOL", 20260317, months) == wide


def test_missing_strikes_cost_what_is_stated() -> None:
    """Ten cents apart: half a point; a third of the strikes missing at random: one point."""
    tenths = tuple(100_000 * n for n in range(10, 51))
    assert index(listed(0.4, tenths)) == pytest.approx(40.0, abs=0.5)
    draw = np.random.default_rng(11)
    for _ in range(20):
        kept = tuple(strike for strike in FINE if draw.random() > 1 / 3)
        assert index(listed(0.4, kept)) == pytest.approx(40.0, abs=1.0)


def test_a_strip_that_ends_early_understates() -> None:
    narrow = tuple(strike for strike in FINE if 2_200_000 <= strike <= 2_800_000)
    assert 30.0 < index(listed(0.4, narrow)) < 39.5


def test_a_spread_leaves_the_middle() -> None:
    assert index(listed(0.4, spread=2_000)) == pytest.approx(40.0, abs=0.5)


def test_where_moves_revert_it_is_below_the_volatility_of_a_day() -> None:
    found = index(listed(0.4, long_share=0.75))
    assert 38.0 < found < 40.0


def test_two_strikes_without_a_bid_end_the_strip() -> None:
    whole = listed(0.4)
    (at,) = (n for n, quote in enumerate(whole[1].quotes) if quote.strike == 2_700_000)

    def without(month: MonthQuotes, numbers: set[int]) -> MonthQuotes:
        return replace(
            month,
            quotes=tuple(
                replace(quote, call_bid=0) if n in numbers else quote
                for n, quote in enumerate(month.quotes)
            ),
        )

    one = [whole[0], without(whole[1], {at}), whole[2]]
    two = [whole[0], without(whole[1], {at, at + 1}), whole[2]]
    assert index(one) == pytest.approx(index(whole), abs=0.1)
    assert index(two) < index(whole) - 1.0


def test_too_few_options_give_no_index() -> None:
    bare = [replace(month, quotes=month.quotes[80:81]) for month in listed(0.4)]
    found = implied_volatility("V", 20260312, bare)
    assert (found.value, found.reason) == (None, "no month with enough options")
    assert recompute(found.inputs) == found
    assert implied_volatility("V", 20260312, []).value is None
    (alone,) = listed(0.4, months=MONTHS[1:2])
    one = implied_volatility("V", 20260312, [alone])
    assert one.detail == "202604 alone"
    assert one.value == pytest.approx(4_000, abs=10)


def test_quotes_of_another_form_are_refused() -> None:
    told = implied_volatility("V", 20260312, listed(0.4, FINE[60:120])).inputs
    lines = told.decode().split("\n")
    twice = "\n".join([*lines[:3], lines[2], *lines[4:]]).encode()
    for bent, field in (
        (twice, "strikes"),
        (told.replace(b"202603|31|1|19|", b"202603|31|0|19|"), "dates to come"),
        (told.replace(b"202603|31|1|19|", b"202603|31|1|90|"), "dates to come"),
        (told[: told.rindex(b"\n", 0, -1) + 1], "strikes"),
        # A month of a million million days would be added up for ever.
        (told.replace(b"202603|31|1|19|", b"202603|1000000000000|1|999999999999|"), "days"),
    ):
        assert bent != told
        with pytest.raises(DerivedError, match=field):
            recompute(bent)


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 2), (5, 34), (20, 50)])
def test_the_time_of_an_average_is_the_mean_over_all_pairs(first: int, last: int) -> None:
    days = range(first, last + 1)
    mean = sum(min(pair) for pair in product(days, days)) / len(days) ** 2
    assert float(average_time(first, last)) == pytest.approx(mean, rel=1e-15)

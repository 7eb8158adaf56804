"""Seasoned averages, bounded weeks and variances beside QuantLib's engines; parity, and swaps at
their par rate.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.contracts import (
    Month,
    SeriesKind,
    find_terms,
    hours,
    load_standards,
    month_strip,
    parse_symbol,
    series_listing,
)
from lasalle.pricing import (
    AverageTerms,
    CurveAssumptions,
    CurveModel,
    average_option,
    fit,
    index_curve,
    month_curve,
    product_value,
    series_value,
    variance_terms,
)
from lasalle.pricing.average import moment_deviation

ql = pytest.importorskip("QuantLib", reason="QuantLib, a peer for tests only, is not installed")

TODAY = date(2026, 6, 10)
SIGMA, SPOT = 0.7, 2.5
DAY = date(2026, 6, 11)
PATH = [(date(2026, 1, 1) + timedelta(days=n), 2_500_000 + 9_000 * (n % 11)) for n in range(161)]


def peer(known: int, fixed_at: float, strike: float, call: bool) -> float:
    """QuantLib's value of an option on 30 daily fixings, `known` of them at one price."""
    ql.Settings.instance().evaluationDate = ql.Date(TODAY.day, TODAY.month, TODAY.year)
    days = [TODAY + timedelta(days=n) for n in range(1, 31 - known)]
    dates = [ql.Date(d.day, d.month, d.year) for d in days]
    count = ql.Actual365Fixed()
    flat = ql.YieldTermStructureHandle(ql.FlatForward(0, ql.NullCalendar(), 0.0, count))
    surface = ql.BlackConstantVol(0, ql.NullCalendar(), SIGMA, count)
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(SPOT)), flat, flat, ql.BlackVolTermStructureHandle(surface)
    )
    kind = ql.Option.Call if call else ql.Option.Put
    option = ql.DiscreteAveragingAsianOption(
        ql.Average.Arithmetic,
        known * fixed_at,
        known,
        dates,
        ql.PlainVanillaPayoff(kind, strike),
        ql.EuropeanExercise(dates[-1]),
    )
    option.setPricingEngine(ql.TurnbullWakemanAsianEngine(process))
    return float(option.NPV())


def ours(known: int, fixed_at: float) -> AverageTerms:
    years = np.arange(1, 31 - known) / 365
    deviation = moment_deviation(
        np.full(30 - known, SPOT), SIGMA**2 * np.minimum.outer(years, years)
    )
    return AverageTerms(known * fixed_at / 30, (30 - known) / 30, SPOT, deviation, 0.0)


@pytest.mark.parametrize("known", [1, 15, 28, 29])
@pytest.mark.parametrize("fixed_at", [1.8, 2.5, 3.4])
@pytest.mark.parametrize("call", [True, False])
def test_seasoned_averages(known: int, fixed_at: float, call: bool) -> None:
    """From one fixing known to one fixing left, in, at and out of the money by what is known."""
    compared = 0
    for strike in (2.0, 2.5, 3.0):
        if strike * 30 <= known * fixed_at:
            continue  # QuantLib's engine refuses the forward that is left; ours has its own test
        found = average_option(call, ours(known, fixed_at), strike)[0]
        assert found == pytest.approx(peer(known, fixed_at, strike, call), abs=1e-10)
        compared += 1
    assert compared >= 1 or known * fixed_at >= 90


@pytest.mark.parametrize("known", [0, 1, 15, 29])
def test_parity_of_average_options(known: int) -> None:
    """Call less put is the month future less the strike, whatever is already known."""
    for strike in (0.5, 2.4, 2.5, 4.0):
        terms = ours(known, 2.7)
        call, put = (average_option(side, terms, strike)[0] for side in (True, False))
        assert call - put == pytest.approx(terms.value - strike, abs=1e-12)


def test_a_swap_at_its_par_rate_is_worth_nothing() -> None:
    """The value of a swap is the fixed price at which its months, each paid on its own hours,
    net to zero."""
    model = fit(PATH)
    strip = month_strip(DAY, 24)
    curve = month_curve(model, dict(PATH), strip)
    forward = {m: round(curve[m].value * 1e6) for m in strip}
    swaps = [s for s in series_listing(load_standards(), DAY, forward) if s.kind is SeriesKind.SWAP]
    assert {len(s.months) for s in swaps} == {3, 12}
    for swap in swaps:
        par = series_value(swap, DAY, curve, model.volatility).value
        legs = 0.0
        for month in swap.months:
            seen = curve[month]
            legs += (seen.known + seen.share * seen.forward - par) * hours(month)
        assert legs == pytest.approx(0.0, abs=1e-9 * swap.hours_per_lot)


def test_a_seasoned_swap_carries_its_open_months_alone() -> None:
    model = fit(PATH)
    quarter = (Month(2026, 4), Month(2026, 5), Month(2026, 6))
    curve = month_curve(model, dict(PATH), quarter)
    listed = series_listing(
        load_standards(),
        date(2026, 3, 15),
        dict.fromkeys(month_strip(date(2026, 3, 15), 24), 2_500_000),
    )
    swap = next(s for s in listed if s.kind is SeriesKind.SWAP and s.months == quarter)
    assert series_value(swap, DAY, curve, 0.4).value == pytest.approx(curve[quarter[2]].value)
    assert curve[quarter[2]].known > 0.0


def flat_model(sigma: float) -> CurveModel:
    """The curve whose index is a geometric walk without drift, at SPOT after the last fixing."""
    assumptions = CurveAssumptions(long_share=1.0, risk_premium=0.0)
    return CurveModel(TODAY, 0.0, math.log(SPOT), sigma, 161, assumptions)


@pytest.mark.parametrize(("floor", "cap"), [(2.0, 3.0), (2.45, 2.55), (2.4, 4.0)])
@pytest.mark.parametrize("week", [24, 25])
def test_a_bounded_week_is_a_spread_of_the_engines_calls(week: int, floor, cap) -> None:
    """Week 24 has three of its seven fixings, week 25 none: from 8 and from 15 June."""
    model = flat_model(SIGMA)
    series = find_terms(parse_symbol(f"H100.W-2026W{week}-{floor:.3f}_{cap:.3f}"))
    known = {TODAY - timedelta(days=n): 2_600_000 for n in range(3)}
    ql.Settings.instance().evaluationDate = ql.Date(TODAY.day, TODAY.month, TODAY.year)
    block = parse_symbol(series.symbol).period
    to_come = [ql.Date(d.day, d.month, d.year) for d in block.dates() if d > TODAY]
    past = 7 - len(to_come)
    count = ql.Actual365Fixed()
    none = ql.YieldTermStructureHandle(ql.FlatForward(0, ql.NullCalendar(), 0.0, count))
    surface = ql.BlackConstantVol(0, ql.NullCalendar(), SIGMA, count)
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(SPOT)), none, none, ql.BlackVolTermStructureHandle(surface)
    )
    calls = []
    for strike in (floor, cap):
        option = ql.DiscreteAveragingAsianOption(
            ql.Average.Arithmetic, past * 2.6, past, to_come,
            ql.PlainVanillaPayoff(ql.Option.Call, strike), ql.EuropeanExercise(to_come[-1]),
        )  # fmt: skip
        option.setPricingEngine(ql.TurnbullWakemanAsianEngine(process))
        calls.append(float(option.NPV()))
    seen = index_curve(model, known, [])
    found = product_value(series, DAY, {"H100-US": seen}).value
    assert past in (0, 3)
    assert found == pytest.approx(floor + calls[0] - calls[1], abs=1e-10)


def test_expected_variance_is_the_engines_fair_variance() -> None:
    """QuantLib replicates a variance swap by a strip of options; daily sampling adds the square of
    the drift, a part in a thousand at most."""
    month, first = Month(2026, 6), date(2026, 5, 31)
    ql.Settings.instance().evaluationDate = ql.Date(first.day, first.month, first.year)
    count = ql.Actual365Fixed()
    none = ql.YieldTermStructureHandle(ql.FlatForward(0, ql.NullCalendar(), 0.0, count))
    surface = ql.BlackConstantVol(0, ql.NullCalendar(), SIGMA, count)
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(SPOT)), none, none, ql.BlackVolTermStructureHandle(surface)
    )
    swap = ql.VarianceSwap(
        ql.Position.Long, SIGMA**2, 1.0, ql.Date(first.day, first.month, first.year),
        ql.Date(30, 6, 2026),
    )  # fmt: skip
    strikes = [SPOT * math.exp(0.01 * n) for n in range(-250, 251)]
    calls, puts = [k for k in strikes if k >= SPOT], [k for k in strikes if k <= SPOT]
    swap.setPricingEngine(ql.ReplicatingVarianceSwapEngine(process, 0.01, calls, puts))
    seen = index_curve(replace(flat_model(SIGMA), fitted_on=first), {first: 2_500_000}, [])
    found = variance_terms(seen, month).expected
    assert found == pytest.approx(10 * swap.variance(), rel=0.005)
    assert found == pytest.approx(10 * SIGMA**2, rel=0.001)

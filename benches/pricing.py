"""Options by the array beside QuantLib and vollib, one option at a time as each of them is asked;
options on averages with their slopes, and the calibration of a surface.

All three are asked for the same options in the same run: forward 2.5, strikes about it within three
deviations, out of the money. QuantLib's implied deviation is asked with its own accuracy of 1e-6;
ours and vollib's come to the last places. What a peer refuses counts as its answer.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import numpy as np

from benches.table import Row, row
from lasalle.contracts import Month
from lasalle.pricing import (
    AverageTerms,
    ListedQuote,
    average_options,
    black,
    black_measures,
    calibrate,
    conditioned_average_options,
    flat_averages,
    implied_deviation,
    ssvi_slice,
)
from lasalle.pricing.processes import FactorState, FuturesHistory, SchwartzSmith, fit_panel

OPTIONS, SAMPLE = 200_000, 20_000
AVERAGES, FIXINGS, AVERAGE_SAMPLE = 10_000, 30, 300
COMMAND = "python -m benches pricing"
CLOCK = "best of 5, processor time of one thread"


def best(run: Callable[[], object], times: int = 5) -> float:
    """Least processor time of several runs, seconds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return min(spent)


def options(count: int) -> tuple[Any, ...]:
    """(calls, forwards, strikes, deviations, prices), out of the money."""
    law = np.random.default_rng(1)
    forward, deviation = np.full(count, 2.5), law.uniform(0.05, 0.8, count)
    strike = forward * np.exp(deviation * law.uniform(-3.0, 3.0, count))
    call = strike > forward
    return call, forward, strike, deviation, black(call, forward, strike, deviation)


def peer(module: str) -> Any:
    """A peer's module, None where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        return None


def _tolerant(formula: Callable[..., float]) -> Callable[..., float | None]:
    def asked(*given: Any) -> float | None:
        try:
            return formula(*given)
        except Exception:
            return None

    return asked


def quantlib_seconds() -> tuple[float | None, float | None]:
    """Seconds of a value and of an implied deviation in QuantLib."""
    ql = peer("QuantLib")
    if ql is None:
        return None, None
    call, forward, strike, deviation, price = (one.tolist() for one in options(SAMPLE))
    kinds = [ql.Option.Call if one else ql.Option.Put for one in call]
    value, implied = ql.blackFormula, _tolerant(ql.blackFormulaImpliedStdDev)
    asked = list(zip(kinds, strike, forward, deviation, price, strict=True))
    values = best(lambda: [value(kind, k, f, v) for kind, k, f, v, _ in asked])
    return values / SAMPLE, best(lambda: [implied(o, k, f, p) for o, k, f, _, p in asked]) / SAMPLE


def vollib_seconds() -> tuple[float | None, float | None]:
    """Seconds of a value and of an implied volatility in vollib, from a tenth of the sample."""
    values, implied = peer("vollib.black"), peer("vollib.black.implied_volatility")
    if values is None or implied is None:
        return None, None
    count = SAMPLE // 10
    call, forward, strike, deviation, price = (one.tolist() for one in options(count))
    kinds = ["c" if one else "p" for one in call]
    asked = list(zip(kinds, forward, strike, deviation, price, strict=True))
    value, solve = values.black, _tolerant(implied.implied_volatility)
    spent = best(lambda: [value(c, f, k, 1.0, 0.0, v) for c, f, k, v, _ in asked], 3)
    solved = best(lambda: [solve(p, f, k, 0.0, 1.0, c) for c, f, k, _, p in asked], 3)
    return spent / count, solved / count


def averaged() -> Any:
    """Ten thousand options on averages of their own, half of the dates of each known or fewer."""
    law = np.random.default_rng(3)
    forwards = law.uniform(1.5, 4.0, (AVERAGES, 1)) * np.ones(FIXINGS)
    years = law.uniform(0.0, 1.5, (AVERAGES, 1)) + np.arange(1, FIXINGS + 1) / 365.0
    fixed = law.integers(0, FIXINGS, AVERAGES)
    of = flat_averages(forwards, years, law.uniform(0.2, 1.0, AVERAGES), 2.5 * fixed, fixed)
    return average_options(
        law.random(AVERAGES) < 0.5, of.value * law.uniform(0.7, 1.3, AVERAGES), of
    )


def conditioned() -> Any:
    """The same options on a year of weeks, by conditioning."""
    law = np.random.default_rng(3)
    forwards = law.uniform(1.5, 4.0, (AVERAGES, 1)) * np.ones(52)
    strikes = forwards[:, 0] * law.uniform(0.7, 1.3, AVERAGES)
    call, volatility = law.random(AVERAGES) < 0.5, law.uniform(0.2, 1.0, AVERAGES)
    return conditioned_average_options(call, strikes, forwards, np.arange(1, 53) / 52, volatility)


def panel_fitted() -> Any:
    """Two factors fitted to 875 weeks of seven distances made of crude oil's parameters, with all
    standard errors.
    """
    count, law = 875, np.random.default_rng(5)
    dates = tuple(date(2007, 1, 1) + timedelta(days=7 * n) for n in range(count))
    years = np.tile(np.array([1.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0]) / 12.0, (count, 1))
    state = FactorState(dates[0], 0.1, 2.9)
    made = SchwartzSmith(1.49, 0.286, 0.145, 0.3, -0.0125, 0.157, 0.0115, state)
    k, short, long, logs = 1.49, 0.1, 2.9, np.empty_like(years)
    step = tuple(float(term) for term in made.covariance_terms(7 / 365))
    moves = law.multivariate_normal([0.0, 0.0], [[step[0], step[1]], [step[1], step[2]]], count)
    for at, (one, two) in enumerate(moves):
        short, long = short * math.exp(-k * 7 / 365) + one, long - 0.0125 * 7 / 365 + two
        logs[at] = short * np.exp(-k * years[at]) + long + made.futures_adjustment(years[at])
    logs += law.normal(0.0, 0.01, logs.shape)
    return fit_panel(FuturesHistory("made up", dates, years, np.exp(logs)))


def quantlib_average_seconds() -> float | None:
    """Seconds of one average-price option with delta, gamma and vega by bumps in QuantLib: four
    values of its Turnbull-Wakeman engine.
    """
    ql = peer("QuantLib")
    if ql is None:
        return None
    today, count = ql.Date(10, 6, 2026), ql.Actual365Fixed()
    ql.Settings.instance().evaluationDate = today
    flat = ql.YieldTermStructureHandle(ql.FlatForward(0, ql.NullCalendar(), 0.0, count))
    spot, sigma = ql.SimpleQuote(2.5), ql.SimpleQuote(0.6)
    surface = ql.BlackConstantVol(0, ql.NullCalendar(), ql.QuoteHandle(sigma), count)
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(spot), flat, flat, ql.BlackVolTermStructureHandle(surface)
    )
    dates = [today + 30 + n for n in range(FIXINGS)]
    option = ql.DiscreteAveragingAsianOption(
        ql.Average.Arithmetic, 0.0, 0, dates, ql.PlainVanillaPayoff(ql.Option.Call, 2.6),
        ql.EuropeanExercise(dates[-1]),
    )  # fmt: skip
    option.setPricingEngine(ql.TurnbullWakemanAsianEngine(process))

    def asked() -> None:
        for n in range(AVERAGE_SAMPLE):
            for price, volatility in ((2.5, 0.6), (2.51, 0.6), (2.49, 0.6), (2.5, 0.61)):
                spot.setValue(price + 1e-6 * n)
                sigma.setValue(volatility)
                option.NPV()

    return best(asked, 3) / AVERAGE_SAMPLE


def surface_of_a_year() -> Any:
    """Twelve months of eleven strikes, made of one SSVI surface, calibrated."""
    months = [Month(2026, 7).plus(n) for n in range(12)]
    curve, listed = {}, []
    for n, month in enumerate(months):
        at_money = 0.02 + 0.015 * n
        curve[month] = AverageTerms(0.0, 1.0, 2.5, math.sqrt(at_money), 0.1 + n / 12)
        of = ssvi_slice(at_money, -0.3, 0.9)
        for strike in np.linspace(1.6, 3.6, 11):
            call, v = bool(strike >= 2.5), math.sqrt(float(of.variance(math.log(strike / 2.5))))
            bid, ask = (float(black(call, 2.5, strike, v + side)) for side in (-0.004, 0.004))
            listed.append(ListedQuote(month, float(strike), call, bid, ask))
    made = calibrate("H100-US", date(2026, 6, 10), curve, listed)
    assert made.faults() == [], "what was made without arbitrage is found so"
    return made


def _averages_and_surface() -> list[Row]:
    averages, one = best(averaged), quantlib_average_seconds()
    who = "QuantLib Turnbull-Wakeman, four values, a sample extrapolated"
    named = f"{AVERAGES:,} seasoned average-price options of {FIXINGS} fixings, value and slopes"
    told = {"command": COMMAND, "taken": CLOCK}
    return [
        row(
            named, round(1e3 * averages, 1), "ms", peer=who,
            peer_value=round(1e3 * one * AVERAGES, 1) if one else None,
            reason="" if one else "not installed", **told,
        ),
        row(
            f"{AVERAGES:,} options on averages of 52 weeks by conditioning, value and slopes",
            round(1e3 * best(conditioned, 3), 1), "ms", command=COMMAND, taken=CLOCK,
        ),
        row(
            "two factors fitted to 875 weeks of seven distances, with all errors",
            round(best(panel_fitted, 1), 2), "s", command=COMMAND,
            taken="once, processor time of one thread",
        ),
        row(
            "a surface of twelve months and eleven strikes calibrated, with its checks",
            round(1e3 * best(surface_of_a_year, 3)), "ms", command=COMMAND,
            taken="best of 3, processor time of one thread",
        ),
    ]  # fmt: skip


def _beside(name: str, seconds: float, who: str, peer_seconds: float | None) -> Row:
    """Options a second, so that a ratio above one is ours ahead."""
    return row(
        name,
        round(1.0 / seconds),
        "options/s",
        command=COMMAND,
        taken=CLOCK,
        peer=who,
        peer_value=round(1.0 / peer_seconds) if peer_seconds else None,
        reason="" if peer_seconds else "not installed",
    )


def rows() -> list[Row]:
    """Black's value, its slopes, the deviation a price implies; averages; a surface."""
    call, forward, strike, deviation, price = options(OPTIONS)
    solved = implied_deviation(call, price, forward, strike)
    assert np.max(np.abs(solved.found / deviation - 1.0)) < 1e-13, "every deviation comes back"
    values = best(lambda: black(call, forward, strike, deviation)) / OPTIONS
    slopes = best(lambda: black_measures(call, forward, strike, deviation)) / OPTIONS
    implied = best(lambda: implied_deviation(call, price, forward, strike)) / OPTIONS
    ql_value, ql_implied = quantlib_seconds()
    vol_value, vol_implied = vollib_seconds()
    one = "QuantLib, one at a time"
    return [
        _beside("Black's value of an option", values, one, ql_value),
        _beside("Black's value and six slopes, beside a value", slopes, one, ql_value),
        _beside("Black's value of an option, beside vollib", values, "vollib", vol_value),
        _beside("implied volatility to the last places", implied, one + ", to 1e-6", ql_implied),
        _beside("implied volatility, beside vollib", implied, "vollib", vol_implied),
        *_averages_and_surface(),
    ]

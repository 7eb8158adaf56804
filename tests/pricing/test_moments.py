"""Options on averages by the array: published numbers, draws with a control, identities, bumps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasalle.pricing import (
    Averages,
    AverageTerms,
    average_option,
    average_options,
    black,
    drawn_average_options,
    flat_averages,
)
from lasalle.pricing.average import moment_deviation


def weekly(volatility: float, count: int = 26, rate: float = 0.08) -> tuple[np.ndarray, np.ndarray]:
    """Forwards and distances of fixings at weeks 1 to `count`, the price growing at a rate."""
    years = np.arange(1, count + 1) / 52.0
    return 100.0 * np.exp(rate * years), years


@pytest.mark.parametrize(
    ("volatility", "strike", "fixings"),
    [(s, k, n) for s in (0.1, 0.3, 0.6) for k in (90.0, 100.0, 115.0) for n in (4, 26, 52)],
)
def test_moment_matching_beside_draws_with_a_control(volatility, strike, fixings) -> None:
    """Averages that begin now: the lognormal law is off by at most 1.2 % of the price for each
    unit of variance to the last date, which is 2 % of the value at 60 % over a year."""
    forwards, years = weekly(volatility, fixings)
    covariance = volatility**2 * np.minimum.outer(years, years)
    drawn = drawn_average_options(True, strike, forwards, covariance, seed=3, paths=40_000)
    ours = average_options(True, strike, flat_averages(forwards, years, volatility)).value
    slack = 0.012 * 100.0 * volatility**2 * years[-1]
    assert abs(float(ours[0] - drawn.value[0])) < 4.0 * drawn.error[0] + slack
    if drawn.error_without[0] > 1e-4:
        assert 0.0 < drawn.error[0] < 0.25 * drawn.error_without[0], "a control worth its name"


@pytest.mark.parametrize("strike", [80.0, 100.0, 130.0])
def test_a_month_half_a_year_away_is_nearly_lognormal(strike: float) -> None:
    """What the house lists: thirty dates far off, at 60 %: within a thousandth of the price."""
    years = 0.5 + np.arange(30) / 365.0
    forwards, covariance = np.full(30, 100.0), 0.36 * np.minimum.outer(years, years)
    drawn = drawn_average_options(True, strike, forwards, covariance, seed=6, paths=60_000)
    ours = average_options(True, strike, flat_averages(forwards, years, 0.6)).value
    assert float(ours[0]) == pytest.approx(float(drawn.value[0]), abs=4.0 * drawn.error[0])
    assert drawn.error[0] < 2e-4 * 100.0


def test_the_control_alone_is_exact() -> None:
    """One fixing has no average: arithmetic is geometric, and the draw leaves no error."""
    forwards, covariance = np.array([2.5]), np.array([[0.16]])
    drawn = drawn_average_options(False, [2.0, 2.5], forwards, covariance, seed=1, paths=2_000)
    assert drawn.value == pytest.approx(black(False, 2.5, [2.0, 2.5], 0.4), abs=1e-14)
    assert np.all(drawn.error < 1e-15)


def test_levy_and_turnbull_published_number() -> None:
    """E. Levy (1992) and Haug, The Complete Guide to Option Pricing Formulas, second edition,
    section 4.20.3: a continuous average of six months on a price of 100 with cost of carry 5 % and
    volatility 20 %. Here its closed form: M1 and M2 of the continuous average, from a fine grid."""
    b, sigma, years = 0.05, 0.2, 0.5
    count = 4_000
    times = (np.arange(count) + 0.5) / count * years
    found = flat_averages(100.0 * np.exp(b * times), times, sigma)
    first = 100.0 * (math.exp(b * years) - 1) / (b * years)
    x = 2 * b + sigma**2
    second = (
        2 * 100.0**2 / ((b + sigma**2) * years**2)
        * ((math.exp(x * years) - 1) / x - (math.exp(b * years) - 1) / b)
    )  # fmt: skip
    assert float(found.forward[0]) == pytest.approx(first, rel=1e-7)
    deviation = math.sqrt(math.log(second / first**2))
    assert float(found.deviation[0]) == pytest.approx(deviation, rel=1e-4)


def test_the_sum_over_dates_is_the_sum_over_pairs() -> None:
    law = np.random.default_rng(4)
    forwards, years = law.uniform(1.0, 5.0, (50, 31)), np.sort(law.uniform(0.0, 2.0, (50, 31)))
    volatility = law.uniform(0.0, 2.0, 50)
    found = flat_averages(forwards, years, volatility, fixed_sum=2.5 * 7, fixed=7)
    for n in range(50):
        covariance = volatility[n] ** 2 * np.minimum.outer(years[n], years[n])
        exact = moment_deviation(forwards[n], covariance)
        assert float(found.deviation[n]) == pytest.approx(exact, rel=1e-11, abs=1e-7)
    assert found.known == pytest.approx(np.full(50, 2.5 * 7 / 38))
    assert found.share == pytest.approx(np.full(50, 31 / 38))
    assert found.value == pytest.approx((2.5 * 7 + forwards.sum(axis=1)) / 38)


@settings(max_examples=150, deadline=None)
@given(st.floats(0.0, 1.5), st.integers(0, 30), st.floats(0.5, 6.0), st.floats(0.5, 6.0))
def test_parity_of_averages_is_exact(volatility, fixed, strike, fixed_at) -> None:
    """Call less put is the future less the strike, however many fixings are known, whatever the
    volatility; and a future is a call with strike 0."""
    to_come = 31 - fixed
    of = flat_averages(
        np.full((1, to_come), 2.5), np.arange(1, to_come + 1) / 365, volatility,
        fixed_sum=fixed_at * fixed, fixed=fixed,
    )  # fmt: skip
    call, put = (average_options(kind, strike, of, 0.97) for kind in (True, False))
    future = float(of.value[0])
    assert float(call.value[0] - put.value[0]) == pytest.approx(0.97 * (future - strike), abs=1e-14)
    assert float(call.delta[0] - put.delta[0]) == pytest.approx(0.97, abs=1e-14)
    assert float(average_options(True, 0.0, of).value[0]) == pytest.approx(future, rel=1e-14)
    assert max(0.97 * (future - strike), 0.0) - 1e-14 <= call.value[0] <= 0.97 * future


@pytest.mark.parametrize("call", [True, False])
@pytest.mark.parametrize("fixed", [0, 12])
def test_slopes_are_the_bumped_ones(call: bool, fixed: int) -> None:
    count = 31 - fixed
    years, base = np.arange(1, count + 1) / 365 + 0.02, np.full((1, count), 2.5)
    known = {"fixed_sum": 2.7 * fixed, "fixed": fixed}
    strikes = np.array([2.2, 2.5, 2.9])

    def of(scale: float = 1.0, volatility: float = 0.8, passed: float = 0.0):
        rows = [np.repeat(x, 3, axis=0) for x in (base * scale, (years - passed)[None, :])]
        return flat_averages(*rows, np.full(3, volatility), **known)

    found, h = average_options(call, strikes, of()), 1e-6
    moved = (of(1 + h).value - of(1 - h).value)[0]
    up, down = (average_options(call, strikes, of(1 + s)) for s in (h, -h))
    assert found.delta == pytest.approx((up.value - down.value) / moved, abs=1e-8)
    assert found.gamma == pytest.approx((up.delta - down.delta) / moved, abs=1e-6)
    up, down = (average_options(call, strikes, of(volatility=0.8 + s)) for s in (h, -h))
    assert found.vega == pytest.approx((up.value - down.value) / (2 * h), abs=1e-8)
    up, down = (average_options(call, strikes, of(passed=s)) for s in (h, -h))
    assert found.theta == pytest.approx((up.value - down.value) / (2 * h), abs=1e-6)
    up, down = (average_options(call, strikes + s, of()) for s in (h, -h))
    assert found.strike_delta == pytest.approx((up.value - down.value) / (2 * h), abs=1e-8)
    assert np.all(np.abs(found.vega) > 1e-3)


def test_a_known_average_is_what_it_pays_and_arrays_say_what_one_says() -> None:
    terms = [
        AverageTerms(2.6, 0.0, 0.0, 0.0, 0.0),
        AverageTerms(0.0, 1.0, 2.5, 0.3, 0.2),
        AverageTerms(2.0, 0.25, 4.0, 0.3, 0.02),
    ]
    found = average_options([True, False, True], [2.5, 2.5, 1.5], Averages.of(terms, 0.5))
    assert found.value[0] == pytest.approx(0.1)
    assert (found.delta[0], found.gamma[0], found.vega[0]) == (0.0, 0.0, 0.0)
    assert found.delta[2] == 1.0, "what is known has passed the strike"
    for n, (kind, strike) in enumerate([(True, 2.5), (False, 2.5), (True, 1.5)]):
        value, delta, slope = average_option(kind, terms[n], strike)
        assert (value, delta) == (found.value[n], found.delta[n])
        assert found.vega[n] == pytest.approx(slope * terms[n].deviation / 0.5)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (([[2.5, -1.0]], [0.1, 0.2], 0.5), "forwards"),
        (([[2.5, math.nan]], [0.1, 0.2], 0.5), "forwards"),
        (([[2.5, 2.5]], [0.2, 0.1], 0.5), "years"),
        (([[2.5, 2.5]], [0.1, math.nan], 0.5), "years"),
        (([[2.5, 2.5]], [0.1, 0.2], -0.5), "volatility"),
        (([[2.5, 2.5]], [0.1, 0.2], 0.5, math.nan, 3), "fixed"),
    ],
)
def test_bad_numbers_are_refused_by_name(given, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        flat_averages(*given)

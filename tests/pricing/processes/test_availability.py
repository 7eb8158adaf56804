"""Availability: hazards found again, long-run shortage by count, joint with the price."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.pricing.processes.availability import Availability, Hazard
from lasalle.pricing.processes.availability_fit import (
    OfferHistory,
    closing_bound,
    fit_availability,
    fit_lifetimes,
    of_grade,
)

DAY = date(2025, 1, 1)
CLOSING, OPENING = Hazard(-0.2, 1.5, 0.8, 0.0), Hazard(0.5, -2.0, -0.5, 0.0)
MADE = Availability(CLOSING, OPENING, 8.0, math.log(2.0), DAY)


def two_sizes(times: int, seed: int, wear: float = 0.0) -> OfferHistory:
    """Two grades, each short of 8 or of 1 by hazards of their own; half an hour apart."""
    drawn = np.random.default_rng(seed)
    step, offers, prices = 1.0 / 48.0, [], []
    for _ in range(2):
        logs = [math.log(2.0)]
        for shock in drawn.normal(size=times - 1) * 0.01:
            logs.append(math.log(2.0) + 0.995 * (logs[-1] - math.log(2.0)) + shock)
        short, lasted, seen = False, 0.0, []
        for log in logs:
            leaves = OPENING if short else CLOSING
            deviation = log - math.log(2.0)
            rate = math.exp(float(leaves.log(deviation, 0.0)) + wear * math.log(lasted + step / 2))
            if drawn.random() < -math.expm1(-rate * step):
                short, lasted = not short, 0.0
            else:
                lasted += step
            seen.append(4.0 if short else 12.0)
        offers.append(seen)
        prices.append(np.exp(logs))
    days = np.arange(times) * step
    return OfferHistory("x", ("A", "B"), DAY, days, np.array(offers).T, np.array(prices).T)


def test_hazards_are_found_again() -> None:
    """The size asked for is one, so that size and base are told together: both at depth."""
    history = two_sizes(5_000, 3)
    fitted = fit_availability(history, (8.0,))
    depth = [math.log2(8.0 / np.nanmean(history.available[:, n])) for n in (0, 1)]
    for state, truth in (("closing", CLOSING), ("opening", OPENING)):
        base, size = fitted.estimate(f"{state} base"), fitted.estimate(f"{state} size")
        level = base.value + size.value * float(np.mean(depth))
        assert level == pytest.approx(truth.base, abs=0.35)
        price = fitted.estimate(f"{state} price")
        assert abs(price.value - truth.price) < 3.0 * price.robust_error
        wear = fitted.estimate(f"{state} wear")
        assert abs(wear.value) < 3.0 * wear.robust_error


def test_wear_is_found_when_states_last_by_lasting() -> None:
    fitted = fit_availability(two_sizes(5_000, 4, wear=-0.5), (8.0,))
    assert fitted.estimate("closing wear").value == pytest.approx(-0.5, abs=0.2)
    assert fitted.estimate("opening wear").value == pytest.approx(-0.5, abs=0.2)


def test_shortage_is_the_share_of_mean_durations() -> None:
    closes, opens = math.exp(-0.2), math.exp(0.5)
    assert float(MADE.shortage(8.0, math.log(2.0))) == pytest.approx(closes / (closes + opens))
    sizes = [float(MADE.shortage(n, math.log(2.0))) for n in (1.0, 4.0, 16.0, 256.0)]
    assert sizes == sorted(sizes), "a greater size is short more often"
    dear = float(MADE.shortage(8.0, math.log(3.0)))
    assert dear > float(MADE.shortage(8.0, math.log(2.0)))
    worn = Hazard(0.0, 0.0, 0.0, -0.5)
    # A Weibull law of shape 1/2 and cumulative hazard 2 sqrt(t) has mean 1/4 * Gamma(3) = 1/2.
    assert float(worn.mean_days(0.0, 0.0)) == pytest.approx(0.5)


def test_paths_are_short_as_often_as_told_and_with_the_price() -> None:
    months = tuple(DAY + timedelta(days=30 * n) for n in range(1, 7))
    prices = np.where(np.arange(20_000)[:, None] % 2 == 0, 1.6, 2.5) * np.ones((1, 6))
    open_there = MADE.simulate(1, 8.0, prices, months)
    for price, rows in ((1.6, slice(0, None, 2)), (2.5, slice(1, None, 2))):
        short = 1.0 - open_there[rows].mean()
        assert short == pytest.approx(float(MADE.shortage(8.0, math.log(price))), abs=0.01)
    again = MADE.simulate(1, 8.0, prices[50:80], months, first=50)
    assert np.array_equal(again, open_there[50:80])


def test_a_state_known_today_fades_at_the_hazards() -> None:
    tomorrow = (DAY + timedelta(days=1),)
    prices = np.full((40_000, 1), 2.0)
    short = 1.0 - MADE.simulate(2, 8.0, prices, tomorrow, short_before=1.0).mean()
    total, share = math.exp(-0.2) + math.exp(0.5), float(MADE.shortage(8.0, math.log(2.0)))
    assert short == pytest.approx(share + (1.0 - share) * math.exp(-total), abs=0.01)


def test_lifetimes_are_found_again_through_censoring() -> None:
    drawn = np.random.default_rng(2)
    sizes = drawn.choice([1.0, 8.0], 3_000)
    lives = 10.0 * np.exp(-0.4 * np.log2(sizes)) * drawn.weibull(0.7, 3_000)
    seen = drawn.uniform(1.0, 40.0, 3_000)
    told = fit_lifetimes(np.minimum(lives, seen), (lives <= seen).astype(float), sizes)
    for one, truth in zip(told, (10.0, 0.7, -0.4), strict=True):
        assert abs(one.value - truth) < 3.5 * one.error
        assert one.error < 0.2 * abs(truth)


def test_no_closing_in_a_thousand_days_allows_three() -> None:
    assert closing_bound(0, 1_000.0) == pytest.approx(3.0 / 1_000.0, rel=0.01)


def test_a_grade_has_its_own_depth_and_bad_input_is_refused() -> None:
    history = two_sizes(400, 5)
    made = of_grade(MADE, history, "B")
    assert made.depth == pytest.approx(float(history.available[:, 1].mean()))
    with pytest.raises(ValueError, match="size at times short"):
        fit_availability(history, (99.0,))
    with pytest.raises(ValueError, match="expected a size above 0"):
        MADE.simulate(1, 0.0, np.ones((1, 1)), (DAY + timedelta(days=1),))

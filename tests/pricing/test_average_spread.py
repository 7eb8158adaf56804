"""Calendar and basis spreads of averages: the model simulated, parity, what is known, bumps."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.contracts import Month
from lasalle.pricing import (
    average_option,
    average_spread,
    average_spread_by_kirk,
    fit,
    index_curve,
    month_correlation,
)

DAY = date(2026, 3, 18)
PATH = [
    (date(2026, 1, 1) + timedelta(days=n), 2_500_000 + 130_000 * (n * n % 11))
    for n in range((DAY - date(2026, 1, 1)).days)
]
MONTHS = [Month(2026, n) for n in (2, 3, 4, 6, 9)]
SEEN = index_curve(fit(PATH), dict(PATH), MONTHS)
MARCH, APRIL, SEPTEMBER = Month(2026, 3), Month(2026, 4), Month(2026, 9)


def test_a_calendar_spread_beside_the_model_simulated() -> None:
    """Every date of both months drawn from the model; half of March is known."""
    model = SEEN.model
    ahead = [
        np.array([(d - model.fitted_on).days for d in m.dates() if d > model.fitted_on]) / 365
        for m in (MARCH, SEPTEMBER)
    ]
    years = np.concatenate(ahead)
    covariance = model.covariance(years)
    values, vectors = np.linalg.eigh(covariance)
    normal = np.random.default_rng(3).standard_normal((60_000, len(years)))
    normal = np.concatenate([normal, -normal]) @ (vectors * np.sqrt(values.clip(0.0))).T
    price = model.forward(years) * np.exp(normal - 0.5 * np.diag(covariance))
    count = len(ahead[0])
    near, far = (SEEN.months[m] for m in (MARCH, SEPTEMBER))
    first = far.known + far.share * price[:, count:].mean(axis=1)
    second = near.known + near.share * price[:, :count].mean(axis=1)
    correlation = month_correlation(SEEN, SEPTEMBER, MARCH)
    logs = [np.log(price[:, part].mean(axis=1)) for part in (slice(count), slice(count, None))]
    assert correlation == pytest.approx(float(np.corrcoef(*logs)[0, 1]), abs=0.01)
    for strike in (-0.3, 0.0, 0.4):
        paid = np.maximum(first - second - strike, 0.0)
        error = float(paid.std()) / math.sqrt(len(paid))
        found = average_spread(True, far, near, strike, correlation)
        # The average is no lognormal: a thousandth of the value beside the draw.
        assert float(found.value) == pytest.approx(
            float(paid.mean()), abs=4 * error + 2e-3 * near.value
        )


def test_neighbouring_months_move_nearly_as_one_and_far_ones_less() -> None:
    close = month_correlation(SEEN, APRIL, Month(2026, 6))
    far = month_correlation(SEEN, APRIL, SEPTEMBER)
    assert 0.3 < far < close < 1.0
    assert month_correlation(SEEN, APRIL, APRIL) == pytest.approx(1.0, abs=1e-9)
    assert month_correlation(SEEN, Month(2026, 2), APRIL) == 0.0, "February is known"


@pytest.mark.parametrize("strike", [-0.4, 0.1, 0.7])
def test_parity_and_bumps(strike: float) -> None:
    first, second = SEEN.months[SEPTEMBER], SEEN.months[MARCH]
    call, put = (average_spread(kind, first, second, strike, 0.6, 0.97) for kind in (True, False))
    apart = 0.97 * (first.value - second.value - strike)
    assert float(call.value - put.value) == pytest.approx(apart, abs=1e-9)
    h = 1e-5
    up, down = (
        average_spread(True, replace(first, forward=first.forward + s), second, strike, 0.6, 0.97)
        for s in (h, -h)
    )
    slope = float(up.value - down.value) / (2 * h * first.share)
    assert float(call.first_delta) == pytest.approx(slope, abs=1e-6)
    near = average_spread_by_kirk(True, first, second, strike, 0.6, 0.97)
    assert near == pytest.approx(float(call.value), rel=0.03)


def test_against_a_known_month_it_is_an_option_on_the_other() -> None:
    known, other = SEEN.months[Month(2026, 2)], SEEN.months[SEPTEMBER]
    found = average_spread(True, other, known, 0.2, 0.0)
    exact = average_option(True, other, known.value + 0.2)[0]
    assert float(found.value) == pytest.approx(exact, abs=1e-10)

"""Product, market, measure: a portfolio is the sum of its series, and its slopes are bumps."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.contracts import Month, find_terms, hours, parse_symbol
from lasalle.pricing import (
    ListedQuote,
    Market,
    Portfolio,
    Shocks,
    black,
    calibrate,
    exposure_by_month,
    fit,
    index_curve,
    portfolio_value,
    product_shocked,
    product_value,
    products_shocked,
    scenario_losses,
)

FIRST, DAY = date(2026, 1, 1), date(2026, 3, 18)
PATH = [
    (FIRST + timedelta(days=n), 2_500_000 + 130_000 * (n * n % 11))
    for n in range((DAY - FIRST).days)
]
OTHER = [(day, round(price * 1.1)) for day, price in PATH]
MONTHS = [Month(2026, 1).plus(n) for n in range(8)]
INDICES = {
    "H100-US": index_curve(fit(PATH), dict(PATH), MONTHS),
    "H200-US": index_curve(fit(OTHER), dict(OTHER), MONTHS),
}
MARKET = Market(DAY, INDICES)
SYMBOLS = (
    "H100-2026-03", "H100-2026-05", "H100-2026Q2", "H100-2026-05-C-3.200", "H100-2026-05-P-2.800",
    "H100-2026-03-C-3.000", "H200.GH100-2026-05", "H100.W-2026W14-2.800_3.400", "H100.V-2026-05",
)  # fmt: skip
SERIES = [find_terms(parse_symbol(symbol)) for symbol in SYMBOLS]
LOTS = [4.0, -3.0, 2.0, 10.0, -7.0, 5.0, 6.0, -8.0, 3.0]
HELD = Portfolio.of(SERIES, LOTS)


def shocks(count: int = 40, seed: int = 2) -> Shocks:
    law = np.random.default_rng(seed)
    moves = {name: {month: law.normal(0.0, 0.1, count) for month in MONTHS} for name in INDICES}
    return Shocks(moves, law.uniform(0.6, 1.6, count), 2)


def test_many_shocked_at_once_have_the_bits_of_each_alone() -> None:
    """Options in one call of Black's formula, a seasoned month among them, and one that is over:
    margin tables are hashed, so that no bit may differ."""
    over = find_terms(parse_symbol("H100-2026-02-C-2.500"))
    known = index_curve(fit(PATH), dict(PATH), [Month(2026, 2), *MONTHS])
    indices = {**INDICES, "H100-US": known}
    given = shocks(173)
    given.log_moves["H100-US"][Month(2026, 2)] = np.zeros(173)
    early = date(2026, 2, 28)
    series = [*SERIES, over] * 3
    found = products_shocked(series, early, indices, given)
    assert len(found) == len(series)
    for one, row in zip(series, found, strict=True):
        assert np.array_equal(row, product_shocked(one, early, indices, given)), one.symbol
    assert np.ptp(found[3]) > 0.1
    assert np.ptp(found[-1]) == 0.0, "what is over moves no more"


def test_each_row_is_the_value_of_its_series() -> None:
    found = portfolio_value(HELD, MARKET)
    for n, series in enumerate(SERIES):
        one = product_value(series, DAY, INDICES)
        assert found.value[n] == pytest.approx(one.value, rel=1e-13), series.symbol
        assert found.delta[n] == pytest.approx(one.delta, rel=1e-13)
        assert found.vega[n] == pytest.approx(one.vega, rel=1e-12)
        units = LOTS[n] * series.open_hours(DAY)
        assert found.present[n] == pytest.approx(units * one.value)
    assert found.total == pytest.approx(float(found.present.sum()))
    paid = Portfolio.of(SERIES, LOTS, found.value)
    assert portfolio_value(paid, MARKET).total == pytest.approx(0.0, abs=1e-6)
    assert np.all(found.gamma[3:6] > 0.0)
    assert np.all(found.theta[3:6] < 0.0), "an option loses by waiting"


def test_theta_is_what_a_day_without_a_move_takes() -> None:
    """Seen a day later by the model, in the month of delivery and in one to come."""
    found = portfolio_value(HELD, MARKET)
    later = {
        name: index_curve(seen.model, seen.fixings, MONTHS, 1) for name, seen in INDICES.items()
    }
    after = portfolio_value(HELD, Market(DAY, later)).value
    for n in (3, 4, 5):
        lost = float(after[n] - found.value[n])
        assert lost < 0.0, SYMBOLS[n]
        assert found.theta[n] == pytest.approx(lost, rel=0.08), SYMBOLS[n]


def test_losses_are_those_of_every_series_revalued() -> None:
    columns = shocks()
    expected = np.zeros(40)
    for series, lots in zip(SERIES, LOTS, strict=True):
        now = product_value(series, DAY, INDICES).value
        after = product_shocked(series, DAY, INDICES, columns)
        expected += lots * series.open_hours(DAY) * (now - after)
    assert scenario_losses(HELD, MARKET, columns) == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert len(np.unique(np.round(expected))) == 40


def test_exposure_by_month_is_the_bumped_one() -> None:
    """Each month of each index moved alone by one in ten thousand, either way."""
    found, h = exposure_by_month(HELD, MARKET), 1e-4
    assert set(found) == {"H100-US", "H200-US"}
    checked = 0
    for name, months in found.items():
        for month, dollars in months.items():
            still = {m: np.zeros(2) for m in MONTHS}
            moves = {other: dict(still) for other in INDICES}
            moves[name][month] = np.array([h, -h])
            loss = scenario_losses(HELD, MARKET, Shocks(moves, np.ones(2), 0))
            terms = INDICES[name].months[month]
            slope = -(loss[0] - loss[1]) / (2 * h * terms.share * terms.forward)
            assert dollars == pytest.approx(slope, rel=2e-3, abs=0.02 * hours(month)), (name, month)
            checked += 1
    assert checked >= 5
    assert Month(2026, 3) in found["H100-US"]


def test_options_take_the_surface_where_there_is_one() -> None:
    month, terms = Month(2026, 5), INDICES["H100-US"].months[Month(2026, 5)]
    dear = 1.7 * terms.deviation
    listed = [
        ListedQuote(
            month,
            k,
            k >= terms.forward,
            *(
                float(black(k >= terms.forward, terms.forward, k, dear + s))
                for s in (-0.002, 0.002)
            ),
        )
        for k in np.linspace(2.4, 4.0, 9)
    ]
    surface = calibrate("H100-US", DAY, {month: terms}, listed)
    seen = portfolio_value(HELD, Market(DAY, INDICES, {"H100-US": surface}))
    flat = portfolio_value(HELD, MARKET)
    exact = float(black(True, terms.forward, 3.2, dear))
    assert seen.value[3] == pytest.approx(exact, abs=1e-3)
    assert seen.value[3] > 1.2 * flat.value[3]
    assert list(seen.value[[0, 1, 2, 5, 6, 7, 8]]) == list(flat.value[[0, 1, 2, 5, 6, 7, 8]])


def test_ten_thousand_options_are_one_call() -> None:
    """Not timed here: that every row of a large portfolio is its own option."""
    strikes = [f"{2.0 + 0.01 * (n % 200):.3f}" for n in range(200)]
    series = [
        find_terms(parse_symbol(f"H100-2026-0{m}-{kind}-{k}"))
        for m in (4, 5, 6)
        for kind in "CP"
        for k in strikes[::20]
    ]
    found = portfolio_value(Portfolio.of(series, [1.0] * len(series)), MARKET)
    assert np.all(np.isfinite(found.value))
    assert found.value[7] == pytest.approx(product_value(series[7], DAY, INDICES).value, rel=1e-13)


def test_what_is_over_or_does_not_fit_is_refused() -> None:
    over = Portfolio.of([find_terms(parse_symbol("H100-2026-02-C-3.000"))], [1.0])
    with pytest.raises(ValueError, match="expected a day up to 2026-02-28"):
        portfolio_value(over, MARKET)
    with pytest.raises(ValueError, match="expected one for each series"):
        Portfolio.of(SERIES, LOTS[:-1])
    assert math.isfinite(portfolio_value(Portfolio.of([], []), MARKET).total)

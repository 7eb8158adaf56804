"""Quarters, bounded weeks, bases and variances: identities, edges, bumps, the model simulated."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from lasalle.contracts import Month, find_terms, hours, parse_symbol
from lasalle.pricing import (
    CurveAssumptions,
    Shocks,
    average_option,
    average_terms,
    difference_deviation,
    fit,
    index_curve,
    product_shocked,
    product_value,
    variance_terms,
)
from lasalle.pricing.variance import jump_variance, price_of

FIRST, DAY = date(2026, 1, 1), date(2026, 3, 18)
PATH = [
    (FIRST + timedelta(days=n), 2_500_000 + 130_000 * (n * n % 11))
    for n in range((DAY - FIRST).days)
]
FITTED = DAY - timedelta(days=1)
OTHER = [(day, round(price * 1.1) + 50_000 * (n % 5)) for n, (day, price) in enumerate(PATH)]
MONTHS = [Month(2026, 1).plus(n) for n in range(8)]
MODEL, AGAINST = fit(PATH), fit(OTHER)
SEEN, BESIDE = (
    index_curve(model, dict(path), MONTHS) for model, path in ((MODEL, PATH), (AGAINST, OTHER))
)
INDICES = {"H100-US": SEEN, "H200-US": BESIDE}
WEEK = "H100.W-2026W12-{:.3f}_{:.3f}"
"""From 16 March: two of its seven fixings are known."""
NEXT_WEEK = "H100.W-2026W14-{:.3f}_{:.3f}"
"""Two dates of March and five of April."""
LAW = np.random.default_rng(20_260_318)


def terms(symbol: str):
    return find_terms(parse_symbol(symbol))


def value(symbol: str, indices=INDICES, day=DAY):
    return product_value(terms(symbol), day, indices)


def shocks(month_moves, factors, index="H100-US", horizon=2) -> Shocks:
    return Shocks({index: month_moves}, np.array(factors), horizon)


def simulated(model, days: int, paths: int) -> np.ndarray:
    """Paths of the model's log index at each of the days after its last fixing, drift so that the
    mean of the price is its forward."""
    years = np.arange(1, days + 1) / 365
    root = np.linalg.cholesky(model.covariance(years))
    mean = np.log(model.forward(years)) - 0.5 * np.diag(model.covariance(years))
    draws = LAW.standard_normal((paths // 2, days))
    return mean + np.concatenate([draws, -draws]) @ root.T


# -- quarters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("symbol", ["H100-2026Q1", "H100-2026Q2"])
def test_a_quarter_is_the_hour_weighted_mean_of_its_months(symbol: str) -> None:
    quarter = terms(symbol)
    lots = [SEEN.months[month].value * hours(month) for month in quarter.months]
    found = value(symbol)
    assert found.value * quarter.hours_per_lot == pytest.approx(sum(lots), rel=1e-12)
    assert found.delta == 3.0
    moved = shocks({m: np.array([0.3, -0.2]) for m in MONTHS}, [1.0, 2.0])
    whole = product_shocked(quarter, DAY, INDICES, moved) * quarter.hours_per_lot
    for column, move in enumerate((0.3, -0.2)):
        parts = [
            (seen.known + seen.share * seen.forward * math.exp(move)) * hours(month)
            for month, seen in ((m, SEEN.months[m]) for m in quarter.months)
        ]
        assert whole[column] == pytest.approx(sum(parts), rel=1e-12)
    if symbol.endswith("Q2"):
        live = [value(f"H100-{month}").value * hours(month) for month in quarter.months]
        assert live == pytest.approx(lots), "as its months are quoted"


# -- bounded weeks -------------------------------------------------------------------------------


@pytest.mark.parametrize("symbol", [WEEK, NEXT_WEEK])
@pytest.mark.parametrize("bounds", [(2.0, 4.0), (2.9, 3.1), (0.0, 3.0), (3.4, 9.0)])
def test_a_bounded_week_is_a_spread_of_calls(symbol: str, bounds) -> None:
    block = parse_symbol(symbol.format(*bounds)).period
    seen = average_terms(MODEL, dict(PATH), block)
    low, high = (average_option(True, seen, bound)[0] for bound in bounds)
    found = value(symbol.format(*bounds)).value
    assert found == pytest.approx(bounds[0] + low - high, abs=1e-12)
    put_low, put_high = (average_option(False, seen, bound)[0] for bound in bounds)
    assert found == pytest.approx(bounds[1] + put_low - put_high, abs=1e-12), "and of puts"
    assert bounds[0] <= found <= bounds[1]


def test_a_week_without_near_bounds_is_its_average() -> None:
    """And weeks that tile a month make its future."""
    wide = [value(f"H100.W-2026W{week}-0.000_100.000").value for week in range(14, 19)]
    blocks = [parse_symbol(f"H100.W-2026W{week}-0.000_100.000").period for week in range(14, 19)]
    for found, block in zip(wide, blocks, strict=True):
        assert found == pytest.approx(average_terms(MODEL, dict(PATH), block).value, abs=1e-9)
    forward = {
        day: float(MODEL.forward((day - FITTED).days / 365))
        for block in blocks
        for day in block.dates()
    }
    april = [price for day, price in forward.items() if Month.of(day) == Month(2026, 4)]
    assert len(april) == 30
    assert sum(wide) * 7 == pytest.approx(sum(forward.values()))
    assert np.mean(april) == pytest.approx(value("H100-2026-04").value)


def test_a_week_that_is_over_is_worth_its_fixings() -> None:
    known = dict(PATH)
    block = parse_symbol("H100.W-2026W11-1.000_9.000").period
    average = sum(known[day] for day in block.dates()) / 7e6
    for low, high, worth in ((1.0, 9.0, average), (0.5, 1.0, 1.0), (8.0, 9.0, 8.0)):
        symbol = f"H100.W-2026W11-{low:.3f}_{high:.3f}"
        found = value(symbol)
        assert (found.value, found.delta, found.vega) == (pytest.approx(worth), 0.0, 0.0)
        moved = shocks({m: np.array([1.0, -1.0]) for m in MONTHS}, [1.0, 5.0])
        assert (
            list(product_shocked(terms(symbol), DAY, INDICES, moved)) == [pytest.approx(worth)] * 2
        )


@pytest.mark.parametrize("symbol", [WEEK, NEXT_WEEK])
def test_measures_of_a_week_are_the_bumped_ones(symbol: str) -> None:
    series = terms(symbol.format(2.8, 3.3))
    found, h = product_value(series, DAY, INDICES), 1e-4
    moved = shocks({m: np.array([h, -h, 0.0, 0.0]) for m in MONTHS}, [1.0, 1.0, 1 + h, 1 - h])
    up, down, wild, calm = product_shocked(series, DAY, INDICES, moved)
    seen = average_terms(MODEL, dict(PATH), parse_symbol(series.symbol).period)
    slope = (up - down) / (2 * h * seen.share * seen.forward)
    assert found.delta * hours(series.months[-1]) / 168 == pytest.approx(slope, rel=1e-5)
    per_point = (wild - calm) / (2 * h * MODEL.volatility) * 0.01
    assert found.vega == pytest.approx(per_point, rel=1e-5)
    assert abs(slope) > 0.05


def test_a_week_in_two_months_moves_by_both() -> None:
    series = terms(NEXT_WEEK.format(0.0, 100.0))
    march, april = Month(2026, 3), Month(2026, 4)
    still = dict.fromkeys(MONTHS, np.array([0.0]))
    base = product_shocked(series, DAY, INDICES, shocks(still, [1.0]))[0]
    gains = {
        month: product_shocked(
            series, DAY, INDICES, shocks(still | {month: np.array([math.log(2)])}, [1.0])
        )[0]
        - base
        for month in (march, april)
    }
    assert sum(gains.values()) == pytest.approx(base)
    assert gains[march] / base == pytest.approx(2 / 7, rel=0.01)


def test_a_bounded_week_beside_the_model_simulated() -> None:
    """The average of lognormal prices is no lognormal; over a week the difference is below what
    200,000 paths can see."""
    paths = np.exp(simulated(MODEL, 5, 200_000))
    known = sum(dict(PATH)[d] for d in (date(2026, 3, 16), date(2026, 3, 17))) / 1e6
    average = (known + paths.sum(axis=1)) / 7
    for low, high in ((2.0, 4.0), (2.9, 3.1), (3.2, 6.0)):
        paid = np.clip(average, low, high)
        error = float(paid.std()) / math.sqrt(len(paid))
        assert value(WEEK.format(low, high)).value == pytest.approx(
            paid.mean(), abs=4 * error + 1e-9
        )
        assert error > 1e-6


# -- bases ---------------------------------------------------------------------------------------


def test_a_basis_is_par_and_the_difference_of_two_futures() -> None:
    for month in ("2026-03", "2026-05"):
        apart = value(f"H200-{month}").value - value(f"H100-{month}").value
        assert value(f"H200.GH100-{month}").value == pytest.approx(50.0 + apart, abs=1e-12)
        same = INDICES | {"H200-US": SEEN}
        assert value(f"H200.GH100-{month}", same).value == 50.0, "of an index with itself: nothing"
    moves = {m: np.array([0.4, -0.3, 0.0]) for m in MONTHS}
    other = {m: np.array([0.1, 0.3, 0.0]) for m in MONTHS}
    moved = Shocks({"H100-US": moves, "H200-US": other}, np.ones(3), 2)
    legs = [product_shocked(terms(f"{f}-2026-05"), DAY, INDICES, moved) for f in ("H200", "H100")]
    found = product_shocked(terms("H200.GH100-2026-05"), DAY, INDICES, moved)
    assert found == pytest.approx(50.0 + legs[0] - legs[1], abs=1e-12)
    assert len(set(found)) == 3
    one = Shocks({"H100-US": moves, "H200-US": moves}, np.ones(3), 2)
    alike = product_shocked(terms("H200.GH100-2026-05"), DAY, INDICES | {"H200-US": SEEN}, one)
    assert list(alike) == [50.0] * 3


def test_a_basis_stays_within_its_bounds() -> None:
    far = {m: np.array([5.0]) for m in MONTHS}
    still = {m: np.array([0.0]) for m in MONTHS}
    for own, other, bound in ((far, still, 100.0), (still, far, 0.001)):
        moved = Shocks({"H200-US": own, "H100-US": other}, np.ones(1), 2)
        assert product_shocked(terms("H200.GH100-2026-06"), DAY, INDICES, moved)[0] == bound


@pytest.mark.parametrize("correlation", [-1.0, 0.0, 0.15, 0.9, 1.0])
def test_the_deviation_of_a_difference_beside_draws(correlation: float) -> None:
    draws = LAW.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], 400_000)
    apart = 0.3 * draws[:, 0] - 0.5 * draws[:, 1]
    found = difference_deviation(0.3, 0.5, correlation)
    assert found == pytest.approx(float(apart.std()), rel=0.01)
    assert difference_deviation(0.4, 0.4, 1.0) == 0.0
    with pytest.raises(ValueError, match=r"correlation: expected -1 to 1, found 1\.5"):
        difference_deviation(0.3, 0.5, 1.5)


# -- variances -----------------------------------------------------------------------------------


def test_a_variance_is_what_is_realised_and_what_is_expected() -> None:
    known, march = dict(PATH), Month(2026, 3)
    days = [date(2026, 2, 28), *(d for d in march.dates() if d <= FITTED)]
    squares = sum(math.log(known[b] / known[a]) ** 2 for a, b in pairwise(days))
    found = variance_terms(SEEN, march)
    assert found.realised == pytest.approx(3650 / 31 * squares)
    assert value("H100.V-2026-03").value == found.realised + found.expected
    later = variance_terms(SEEN, Month(2026, 4))
    assert later.realised == 0.0
    per_date = later.expected / price_of(Month(2026, 4)) / 30
    left = found.expected / price_of(march) / 14
    assert left == pytest.approx(per_date, rel=0.01), "fourteen dates of March are to come"
    over = variance_terms(SEEN, Month(2026, 2))
    assert over.expected == 0.0
    assert over.realised > 0.0


def test_seasoning_adds_up() -> None:
    """Moving one date on with the move that the model expects leaves the value where it was, for
    variances of days add; and a month seen at its end is what it realised."""
    steady = replace(
        MODEL, short=0.0, assumptions=CurveAssumptions(long_share=1.0, risk_premium=0.0)
    )
    months, sigma = [Month(2026, 3)], steady.volatility
    known = dict(PATH)
    before = variance_terms(index_curve(steady, known, months), months[0]).value
    for n in range(14):
        day = FITTED + timedelta(days=n + 1)
        move = math.sqrt(sigma**2 / 365 + (0.5 * sigma**2 / 365) ** 2)
        known[day] = known[day - timedelta(days=1)] * math.exp(move if n % 2 else -move)
        seen = index_curve(replace(steady, fitted_on=day), known, months)
        assert variance_terms(seen, months[0]).value == pytest.approx(before, rel=1e-9)
    assert variance_terms(seen, months[0]).expected == 0.0


def test_expected_variance_beside_the_model_simulated() -> None:
    """Every date from the 18th to the end of April: both months, realised part and all."""
    paths = simulated(MODEL, 44, 100_000)
    start = math.log(dict(PATH)[FITTED] / 1e6)
    full = np.concatenate([np.full((len(paths), 1), start), paths], axis=1)
    squares = np.diff(full, axis=1) ** 2
    for month, part in ((Month(2026, 3), squares[:, :14]), (Month(2026, 4), squares[:, 14:])):
        found = variance_terms(SEEN, month)
        paid = found.realised + price_of(month) * part.sum(axis=1)
        error = float(paid.std()) / math.sqrt(len(paid))
        assert found.value == pytest.approx(float(paid.mean()), abs=4 * error)
        assert error < found.value / 200


def test_a_calm_index_expects_the_stated_jumps() -> None:
    calm = replace(MODEL, volatility=0.01)
    found = variance_terms(index_curve(calm, dict(PATH), MONTHS), Month(2026, 5))
    assert found.expected == pytest.approx(10 * jump_variance())
    assert jump_variance() == 0.0625
    assert variance_terms(SEEN, Month(2026, 5)).expected > found.expected


def test_a_move_is_realised_by_the_month_it_falls_in() -> None:
    moves = {m: np.array([0.0, 0.3, -0.3, 0.0]) for m in MONTHS}
    moved = shocks(moves, [1.0, 1.0, 1.0, 2.0])
    march, april = (terms(f"H100.V-2026-0{n}") for n in (3, 4))
    still, up, down, wild = product_shocked(march, DAY, INDICES, moved)
    assert up - still == pytest.approx(3650 / 31 * 0.09)
    assert up == down, "a square has no direction"
    assert wild - still == pytest.approx(3 * variance_terms(SEEN, Month(2026, 3)).expected)
    assert set(product_shocked(april, DAY, INDICES, moved)[:3]) == {value(april.symbol).value}
    near = fit([*PATH, *((FITTED + timedelta(days=n), 3_000_000) for n in range(1, 14))])
    known = dict(PATH) | {FITTED + timedelta(days=n): 3_000_000 for n in range(1, 14)}
    eve = {"H100-US": index_curve(near, known, MONTHS)}
    day = date(2026, 3, 31)
    reached = product_shocked(april, day, eve, moved)
    assert reached[1] - reached[0] == pytest.approx(3650 / 30 * 0.09), "within the horizon"


def test_vega_of_a_variance_is_the_bumped_one() -> None:
    h = 1e-5
    bumped = [
        product_value(
            terms("H100.V-2026-05"),
            DAY,
            {
                "H100-US": index_curve(
                    replace(MODEL, volatility=MODEL.volatility + s), dict(PATH), MONTHS
                )
            },
        ).value
        for s in (h, -h)
    ]
    slope = (bumped[0] - bumped[1]) / (2 * h) * 0.01
    assert value("H100.V-2026-05").vega == pytest.approx(slope, rel=1e-3)
    assert value("H100.V-2026-05").delta == 0.0


def test_a_day_that_passes_still_takes_its_variance_with_it() -> None:
    later = index_curve(MODEL, dict(PATH), MONTHS, elapsed_days=1)
    march, april = Month(2026, 3), Month(2026, 4)
    gone = variance_terms(SEEN, march).expected - variance_terms(later, march).expected
    assert gone == pytest.approx(variance_terms(SEEN, march).expected / 14, rel=0.02)
    assert variance_terms(later, april).expected == pytest.approx(
        variance_terms(SEEN, april).expected, rel=1e-3
    )


def test_a_price_never_passes_the_cap_and_a_month_needs_a_fixing_before_it() -> None:
    wild = replace(MODEL, volatility=9.0)
    seen = {"H100-US": index_curve(wild, dict(PATH), MONTHS)}
    assert value("H100.V-2026-05", seen).value == 100.0
    with pytest.raises(ValueError, match="expected one before 2026-01-01, found none"):
        variance_terms(SEEN, Month(2026, 1))


def test_what_has_no_model_or_is_over_is_refused() -> None:
    with pytest.raises(ValueError, match="form: expected one with a model, found BASKET"):
        value("H100.D-2026-05")
    with pytest.raises(ValueError, match="expected at most 2026-03-31, found 2026-04-01"):
        value("H100.V-2026-03", day=date(2026, 4, 1))

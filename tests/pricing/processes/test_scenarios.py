"""Joint scenarios: reproducible in whatever batch, dependent as stated, nothing seen ahead."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.pricing.processes.availability import Availability, Hazard
from lasalle.pricing.processes.market import (
    PriceTable,
    bootstrapped,
    calibrate,
    mid_months,
    shock_correlation,
)
from lasalle.pricing.processes.scenarios import Chances, NeedLaw, scenarios

DAY = date(2024, 1, 5)
COLUMNS = (("H100", "US"), ("H100", "EU"), ("A100", "US"))
NEED = NeedLaw(Chances((3.0, 4.0, 5.0), (0.2, 0.5, 0.3)), Chances((1.0, 2.0), (0.75, 0.25)), 8.0)


def table(weeks: int = 120, seed: int = 1) -> PriceTable:
    """Three columns that share a shock; the second begins late, the third misses prices."""
    drawn = np.random.default_rng(seed)
    common = drawn.normal(size=weeks)
    own = drawn.normal(size=(weeks, 3))
    logs = np.cumsum(0.04 * (0.8 * common[:, None] + 0.6 * own), axis=0) + np.log([2.5, 2.8, 1.2])
    prices = np.exp(logs)
    prices[:5, 1] = np.nan
    prices[7::9, 2] = np.nan
    return PriceTable(tuple(DAY + timedelta(days=7 * n) for n in range(weeks)), COLUMNS, prices)


def test_the_same_seed_gives_the_same_path_in_whatever_batch() -> None:
    history = table()
    open_there = {"H100": Availability(Hazard(-2, 1, 0.5, -0.5), Hazard(0, -1, -0.5, -0.5), 12.0,
                                       1.0, history.dates[-1])}  # fmt: skip
    for market in (calibrate(history), bootstrapped(history)):
        whole = scenarios(market, NEED, seed=5, paths=300, months=12, availability=open_there)
        parts = [
            scenarios(market, NEED, seed=5, paths=n, months=12, first=at, availability=open_there)
            for at, n in ((0, 1), (1, 200), (201, 99))
        ]
        for name in ("prices", "available", "start", "size"):
            joined = np.concatenate([getattr(part, name) for part in parts])
            assert np.array_equal(getattr(whole, name), joined), name
        other = scenarios(market, NEED, seed=6, paths=300, months=12)
        assert not np.array_equal(whole.prices, other.prices)
        assert whole.prices.shape == (300, 12, 3)
        assert whole.modelled == (True, True, False)
        assert other.available.all()


def test_start_and_size_come_as_often_as_stated() -> None:
    made = scenarios(calibrate(table()), NEED, seed=1, paths=20_000, months=6)
    for value, chance in zip((3, 4, 5), (0.2, 0.5, 0.3), strict=True):
        assert np.mean(made.start == value) == pytest.approx(chance, abs=0.015)
    assert np.mean(made.size == 2.0) == pytest.approx(0.25, abs=0.015)


def test_columns_move_together_as_in_the_history() -> None:
    history = table(400)
    stated = shock_correlation(history, 0.0)
    assert stated[0, 1] == pytest.approx(0.64, abs=0.12), "0.8 squared, the shared part"
    for market in (calibrate(history), bootstrapped(history, 1.0)):
        made = scenarios(market, NEED, seed=2, paths=20_000, months=6)
        # Paths of the first columns, which have no missing price to blur their weeks.
        found = np.corrcoef(np.log(made.prices[:, -1]).T)[0, 1]
        assert found == pytest.approx(stated[0, 1], abs=0.12)


def test_a_bootstrap_moves_as_the_history_did() -> None:
    history = table(400)
    made = bootstrapped(history, 1.0)
    dates = mid_months(made.day, 12)
    prices, _ = made.paths(3, 20_000, dates)
    weeks = round((dates[-1] - made.day).days / 7)
    for column in range(3):
        variance = float(np.var(np.log(prices[:, -1, column])))
        assert variance == pytest.approx(weeks * made.moves[:, column].var(), rel=0.05)
    assert np.log(prices[:, -1]).mean(axis=0) == pytest.approx(np.log(made.last), abs=0.03)


def test_a_size_may_grow_with_demand() -> None:
    need = NeedLaw(NEED.start, NEED.size, 1.0, 0.8)
    market = calibrate(table())
    made = scenarios(market, need, seed=3, paths=20_000, months=12)
    assert np.mean(made.size == 2.0) == pytest.approx(0.25, abs=0.015)
    dear = made.prices[:, -1, 0] > np.median(made.prices[:, -1, 0])
    assert made.size[dear].mean() > made.size[~dear].mean() + 0.1
    with pytest.raises(ValueError, match="bootstrap"):
        scenarios(bootstrapped(table()), need, seed=3, months=12)


def test_nothing_later_than_the_day_is_seen() -> None:
    history = table()
    day = history.dates[80]
    later = PriceTable(history.dates, COLUMNS, history.prices.copy())
    later.prices[81:] *= 7.0
    for fit in (calibrate, bootstrapped):
        made = [scenarios(fit(one.until(day)), NEED, seed=1, paths=50) for one in (history, later)]
        assert np.array_equal(made[0].prices, made[1].prices)
        assert made[0].day == day
        assert made[0].months[0] > day


def test_what_is_short_has_no_price() -> None:
    never = Availability(Hazard(20, 0, 0, 0), Hazard(-20, 0, 0, 0), 1.0, 0.0, table().dates[-1])
    market = calibrate(table())
    made = scenarios(market, NEED, seed=1, paths=500, availability={"H100": never, "A100": never})
    best, column = made.cheapest_available()
    assert np.isinf(best).all()
    assert (column == -1).all()
    best, column = scenarios(market, NEED, seed=1, paths=500, availability={"H100": never}
                             ).cheapest_available(np.array([1.0, 1.0, 0.4]))  # fmt: skip
    assert (column == 2).all()
    prices, _ = made.at_start()
    assert best == pytest.approx(prices[:, 2] / 0.4)


def test_bad_laws_are_refused() -> None:
    with pytest.raises(ValueError, match="sum 1"):
        Chances((1.0, 2.0), (0.5, 0.6))
    with pytest.raises(ValueError, match="whole months"):
        scenarios(calibrate(table()), NEED, seed=1, months=4)
    assert math.isfinite(sum(table().last()))

"""Back-test statistics against worked numbers, and a model tested on what it cannot know."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest

from lasalle.clearing import load_margin_terms, shortfall
from lasalle.clearing.backtest import (
    coverage,
    independence,
    kupiec,
    rolled,
    rolled_chain,
    shortfall_99,
    swing,
    unit_margin,
    zone,
)

TERMS = load_margin_terms()


def path(seed: int, days: int, daily: float, jump: int = 0) -> list[tuple[date, int]]:
    draw, level, found = random.Random(seed), 15.0, []
    for n in range(days):
        level += draw.gauss(0.0, daily) - (0.5 if n == jump else 0.0)
        found.append((date(2020, 1, 1) + timedelta(days=n), round(math.exp(level))))
    return found


def test_the_zones_are_those_of_the_basel_committee() -> None:
    """250 dates: green to 4, yellow from 5 to 9, red from 10 (BCBS, January 1996, table 2)."""
    zones = [zone(250, passed) for passed in range(12)]
    assert zones == ["green"] * 5 + ["yellow"] * 5 + ["red"] * 2


def test_kupiec_finds_his_own_regions() -> None:
    """Kupiec (1995), table 3, at 99 %: 1,000 dates are not rejected at 5 % from 5 to 16."""
    kept = [x for x in range(40) if (kupiec(1_000, x) or 0.0) > 0.05]
    assert (kept[0], kept[-1]) == (5, 16)
    assert kupiec(1_000, 10) == pytest.approx(1.0)
    assert kupiec(0, 0) is None


def test_runs_of_hits_are_no_chance() -> None:
    apart = [n % 50 == 7 for n in range(1_000)]
    together = [n % 250 in (7, 8, 9, 10, 11) for n in range(1_000)]
    assert sum(apart) == sum(together)
    assert (independence(apart) or 0.0) > 0.3
    assert (independence(together) or 1.0) < 1e-6
    assert independence([False] * 20) is None


def test_the_shortfall_is_that_of_the_law() -> None:
    draw = random.Random(3)
    for count in (1, 99, 100, 150, 200, 777):
        losses = [draw.randint(-(10**6), 10**6) for _ in range(count)]
        law = float(Fraction(*shortfall(losses)))
        assert shortfall_99(np.array(losses, float)) == pytest.approx(law)


def test_a_margin_knows_nothing_of_what_follows() -> None:
    calm, fallen = path(1, 500, 0.01), path(1, 500, 0.01, jump=401)
    told, again = (rolled(one, TERMS, 390, 1) for one in (calm, fallen))
    assert [(d.long, d.short) for d in told[:10]] == [(d.long, d.short) for d in again[:10]]
    assert again[10].long_loss > 0.35, "the loss of the 400th date is the jump of the next"
    assert again[13].long > told[13].long, "and only then does the margin grow"


def test_a_model_without_floors_covers_what_it_is_made_for_and_not_less() -> None:
    terms = replace(TERMS, volatility_floor=0.01)
    days = rolled(path(2, 2_600, 0.02), terms, 300, 2, bare=True)
    found = coverage((d.long, d.long_loss) for d in days)
    assert found.tested == 1_149
    assert 0 < found.passed <= 12
    assert found.zone == "green"
    halved = coverage((0.5 * d.long, d.long_loss) for d in days)
    assert halved.zone == "red"
    assert (halved.kupiec or 1.0) < 1e-6
    assert halved.worst == pytest.approx(2 * found.worst)


def test_the_whole_margin_is_never_below_the_floor() -> None:
    long, short = unit_margin(path(3, 300, 0.001), TERMS)
    assert long >= 1.0 - math.exp(-TERMS.price_floor_front) + TERMS.future_ratio
    assert short >= math.exp(TERMS.price_floor_front) - 1.0 + TERMS.future_ratio


def test_swings_are_counted_by_hand() -> None:
    found = swing([1.0, 1.0, 1.5, 1.2, 3.0, 2.0], spans=(1, 2, 9))
    assert found.peak_over_trough == pytest.approx(3.0)
    assert found.growth == ((1, pytest.approx(1.5)), (2, pytest.approx(1.0)))


def test_a_roll_is_no_move() -> None:
    """A strip in steep contango that never moves: contracts step down one place a month."""
    curves = []
    for n in range(200):
        day = date(2020, 1, 1) + timedelta(days=n)
        done = (day.year - 2020) * 12 + day.month - 1 + (day.day >= 20)
        curves.append((day, {k: 50.0 * 1.03 ** (k + done) for k in range(1, 31)}))
    chain = rolled_chain(curves, 2)
    assert {price for _, price in chain} == {1_000_000}
    assert curves[-1][1][2] > 1.15 * curves[0][1][2], "as it stands it climbs"

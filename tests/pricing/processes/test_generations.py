"""Generations: the substitution curve and the bend found again; a launch that is uncertain."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.pricing.processes.generations import (
    Generation,
    Launch,
    Substitution,
    launches,
    parity_bend,
    per_work,
)
from lasalle.pricing.processes.generations_fit import (
    ListPrices,
    OfferCounts,
    fit_generation,
    fit_substitution,
)

LAUNCH = Launch("NEW", date(2022, 1, 1), date(2022, 7, 1), "made up")
CURVE = Substitution(1.5, 0.4)
DAYS = tuple(date(2021, 7, 1) + timedelta(days=30 * n) for n in range(50))
AGES = np.array([(day - LAUNCH.let).days / 365.0 for day in DAYS])


def test_launches_are_facts_in_order() -> None:
    told = launches()
    assert all(one.announced < one.let and one.source for one in told.values())
    assert told["H100"].let == date(2023, 7, 26)
    assert told["B200"].announced == date(2024, 3, 18)


def test_the_curve_is_found_again() -> None:
    drawn = np.random.default_rng(1)
    newer = drawn.binomial(200, CURVE.share(AGES)).astype(float)
    made, (lag, width) = fit_substitution(OfferCounts(DAYS, 200.0 - newer, newer), LAUNCH)
    assert abs(made.lag - 1.5) < 3.0 * lag.error
    assert abs(made.width - 0.4) < 3.0 * width.error
    assert float(made.share(-0.1)) == 0.0
    assert float(made.share(made.lag)) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="offers on at least 5 dates"):
        fit_substitution(OfferCounts(DAYS[:12], np.ones(12), np.zeros(12)), LAUNCH)


def offers(seed: int, decay: float, bend: float, sellers: int = 12) -> ListPrices:
    drawn = np.random.default_rng(seed)
    years = np.array([(day - DAYS[0]).days / 365.0 for day in DAYS])
    path = -decay * years - bend * CURVE.share(AGES)
    rows = [
        (day.toordinal(), math.exp(1.0 + own + path[n] + noise[n]), offer, offer % sellers)
        for offer in range(3 * sellers)
        for own, noise in [(drawn.normal(0.0, 0.3), drawn.normal(0.0, 0.05, len(DAYS)))]
        for n, day in enumerate(DAYS)
    ]
    return ListPrices("OLD", *(np.array(column, float) for column in zip(*rows, strict=True)))


def test_decay_and_bend_are_found_again_and_their_errors_cover() -> None:
    held = 0
    for seed in range(30):
        fitted = fit_generation(offers(seed, 0.15, 0.5), CURVE, LAUNCH, ((LAUNCH.let, 1.0),))
        for one, truth in zip(fitted.estimates, (0.15, 0.5), strict=True):
            held += abs(one.value - truth) < 1.96 * one.robust_error
    # Twelve clusters: the sandwich is a little too small, as is known of few clusters.
    assert 48 <= held <= 60


def test_offers_that_never_change_are_refused() -> None:
    still = offers(1, 0.0, 0.0)
    prices = ListPrices(
        "OLD", still.days, np.full(len(still.days), 2.0), still.offers, still.sellers
    )
    with pytest.raises(ValueError, match="whose price changed"):
        fit_generation(prices, CURVE, LAUNCH, ((LAUNCH.let, 1.0),))


def test_an_uncertain_launch_is_a_mixture_on_paths_as_in_the_law() -> None:
    day = date(2026, 1, 1)
    soon, late = date(2026, 4, 1), date(2027, 4, 1)
    made = Generation(1.0, 0.1, 0.6, Substitution(0.5, 0.1), 0.2, ((soon, 0.3), (late, 0.7)), day)
    ends = (date(2026, 6, 1), date(2027, 1, 1))
    logs = np.log(made.simulate(2, 40_000, ends))
    for column, end in enumerate(ends):
        years = (end - day).days / 365.0
        law = made.law(years)
        assert logs[:, column].mean() == pytest.approx(law.mean, abs=0.01)
        assert logs[:, column].var() == pytest.approx(law.variance, rel=0.04)
        assert np.exp(logs[:, column]).mean() == pytest.approx(made.forward(years), rel=0.01)
    # Soon: all of the bend by January 2027. Late: none of it.
    law = made.law(1.0)
    assert law.means[1] - law.means[0] == pytest.approx(
        0.6 * (1 - 1 / (1 + math.exp(2.54))), abs=0.03
    )
    again = made.simulate(2, 10, ends, first=30)
    assert np.array_equal(np.log(again), logs[30:40])


def test_a_launch_that_is_over_bends_no_more() -> None:
    made = Generation(1.0, 0.1, 0.6, Substitution(1.0, 0.1), 0.0, ((date(2015, 1, 1), 1.0),),
                      date(2026, 1, 1))  # fmt: skip
    assert made.law(1.0).mean == pytest.approx(0.9)
    with pytest.raises(ValueError, match="sum 1"):
        Generation(1.0, 0.1, 0.6, CURVE, 0.1, ((date(2026, 1, 1), 0.5),), date(2026, 1, 1))


def test_parity_is_where_an_hour_of_work_costs_the_same() -> None:
    bend = parity_bend(2.5, 5.6, 3.520169)
    assert 2.5 * math.exp(-bend) == pytest.approx(float(per_work(5.6, 3.520169)))
    with pytest.raises(ValueError, match="factor"):
        per_work(1.0, 0.0)

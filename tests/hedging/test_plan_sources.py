"""Scenarios by source: calibrated, drawn again, or as stated; the same bits by seed, centred on the
forward curve, and together where what was seen moved together.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from lasalle.contracts import Month
from lasalle.hedging.plan.drawing import Drawn, Past, PriceLaw, draw, source_of
from lasalle.hedging.plan.fitted_sources import (
    CalibratedFactors,
    Redrawn,
    conditional,
    fit_variance,
)
from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.market import Implied, Market, drawn_for
from lasalle.hedging.plan.need import NeedError, horizon, read_need
from lasalle.hedging.plan.shortage import (
    Scarcity,
    both_below,
    scarcity_of,
    shortages,
    steadiness,
)
from lasalle.hedging.plan.sources import Source
from lasalle.hedging.plan.volatility import otherwise, seen_by, settled_deviations
from lasalle.hedging.plan.weeks import Weeks
from lasalle.pricing.processes import Availability, Hazard, PriceTable
from lasalle.pricing.processes.generations import Generation, Substitution
from tests.institution.hedge_needs import DAY, NEED

LAW = PriceLaw(2.0, 0.3, 0.4)
OTHER = """[[substitutes]]
grade = "H100"
location = "EU"
hours = 1.0
price_ratio = 1.05
"""
WEEKS = Weeks(DAY, horizon(read_need(NEED, "need.toml"), DAY))
SOURCES = ("two-factor", "processes", "jumps", "regimes", "bootstrap")


@cache
def table(weeks: int = 60) -> PriceTable:
    """Two places that move together, now calm and now wild."""
    rng = np.random.default_rng(5)
    days = tuple(DAY - timedelta(days=7 * n + 3) for n in reversed(range(weeks)))
    wild = np.where(np.arange(weeks) // 20 % 2, 0.06, 0.02)[:, None]
    both = rng.standard_normal((weeks, 1)), 0.4 * rng.standard_normal((weeks, 2))
    moves = wild * (both[0] + both[1])
    return PriceTable(days, (("H100", "US"), ("H100", "EU")), 2.5 * np.exp(np.cumsum(moves, 0)))


def need_text(source: str, more: str = "") -> str:
    """A need of that source."""
    return f'scenarios = "{source}"\n' + NEED + more


@cache
def fitted(source: str, weeks: int = 60) -> Source:
    """A source of that name, fitted once."""
    need = read_need(need_text(source, OTHER), "need.toml")
    return source_of(need, LAW, Past(table(weeks)))


def alone(columns: tuple[None, ...]) -> CalibratedFactors:
    """The calibrated source with substitutes of which it has no history."""
    of = fitted("processes")
    assert isinstance(of, CalibratedFactors)
    return replace(of, columns=columns)


@cache
def drawn(source: str, count: int = 1_000, seed: int = 4) -> Drawn:
    """Draws on a flat curve."""
    need = read_need(need_text(source, OTHER), "need.toml")
    curve: dict[Month, float] = dict.fromkeys(horizon(need, DAY), 2.5)
    return draw(need, DAY, curve, LAW, count=count, seed=seed, source=fitted(source))


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_is_centred_and_the_same_by_seed(source: str) -> None:
    """Months settle at their forwards on average, marks too; the same seed gives the same bits and
    another seed others.
    """
    found = drawn(source)
    mean = found.factors.settled[:, -1].mean()
    error = found.factors.settled[:, -1].std() / np.sqrt(1_000)
    assert abs(mean - 2.5) < 4 * error
    assert found.factors.marks[:, 2, -1].mean() == pytest.approx(2.5, abs=4 * error)
    assert found.factors.settled[:, -1].std() > 0.2
    assert found.source == source
    assert found.fitted
    again = drawn.__wrapped__(source)
    for name in ("settled", "marks", "basis", "shortage", "weekly", "start", "size"):
        assert np.array_equal(getattr(found.factors, name), getattr(again.factors, name))
    other = drawn(source, 500, 5)
    assert not np.array_equal(other.factors.settled, found.factors.settled[:500])


def test_a_source_without_history_is_refused() -> None:
    """None at all, one too short, and a source nobody knows."""
    need = read_need(need_text("processes"), "need.toml")
    with pytest.raises(ValueError, match="expected a history to fit processes on, found none"):
        source_of(need, LAW)
    with pytest.raises(ValueError, match="at least 26 weeks of every grade and place, found 19"):
        source_of(need, LAW, Past(table(20)))
    with pytest.raises(NeedError, match="scenarios: expected"):
        read_need(need_text("crystal"), "need.toml")


def test_a_short_history_is_flagged() -> None:
    """Below two years the answer says so; at two years it does not."""
    for weeks, short in ((60, True), (105, False)):
        told = " ".join(fitted("bootstrap", weeks).fitted)
        assert ("SHORT HISTORY" in told) is short
        assert f"{weeks - 1} weeks to {table(weeks).dates[-1]}" in told
    assert "SHORT HISTORY" in " ".join(fitted("processes").fitted)


@pytest.mark.parametrize("source", ["processes", "jumps", "regimes", "bootstrap"])
def test_what_moved_together_moves_together(source: str) -> None:
    """The other place's weekly moves correlate with the grade's as in the history, not as stated
    walks would.
    """
    moves = fitted(source).moves(WEEKS, 800, 3)
    lead = np.diff(moves.passing + moves.lasting, axis=1).ravel()
    assert moves.others[0] is not None
    other = lead + np.diff(moves.others[0], axis=1).ravel()
    seen = float(np.corrcoef(*table().weekly_moves().T)[0, 1])
    assert seen > 0.6
    assert float(np.corrcoef(lead, other)[0, 1]) == pytest.approx(seen, abs=0.15)
    assert np.exp(moves.others[0][:, -1]).mean() == pytest.approx(1.0, abs=0.03)


def test_a_bootstrap_takes_all_columns_of_a_date() -> None:
    """A move of the path is the same row's move in every column, over the volatility of its time
    and times that of the path's.
    """
    of = replace(Redrawn.of(table(), (1,)))
    object.__setattr__(of, "drawn_from", np.column_stack([of.drawn_from[:, 0]] * 2))
    moves = of.moves(WEEKS, 200, 2)
    assert moves.others[0] is not None
    assert np.abs(moves.others[0]).max() < 1e-9, "two columns alike never part"


def test_the_filter_finds_calm_and_storm() -> None:
    """Moves that cluster have a reaction, and their filtered ones cluster less; moves that stand
    still have no filter.
    """
    moves = table().weekly_moves()[:, 0]
    moves = moves - moves.mean()
    reaction, memory = fit_variance(moves)
    assert 0 < reaction < reaction + memory <= 0.98
    scaled = moves / np.sqrt(conditional(moves, reaction, memory)[:-1])

    def clustered(x: Floats) -> float:
        return float(np.corrcoef(x[1:] ** 2, x[:-1] ** 2)[0, 1])

    assert clustered(scaled) < clustered(moves)
    assert fit_variance(np.zeros(40)) == (0.0, 0.0)


def test_a_scaled_source_strays_further() -> None:
    """Half as much again in every volatility."""
    for source in SOURCES:
        of = fitted(source)
        plain, wide = (one.moves(WEEKS, 200, 3) for one in (of, of.scaled(1.5)))
        spread = [(m.passing + m.lasting)[:, 20].std() for m in (plain, wide)]
        assert spread[1] == pytest.approx(1.5 * spread[0], rel=1e-6)


def test_both_below_is_the_bivariate_normal() -> None:
    """Beside scipy's, and the ends: independence and the same."""
    from scipy.stats import multivariate_normal

    for quantile in (-1.6449, -0.5):
        for rho in (0.0, 0.3, 0.9):
            peer = multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([quantile, quantile])
            assert both_below(quantile, rho) == pytest.approx(peer, abs=2e-6)


def test_shortages_last_and_are_shared() -> None:
    """Each grade is short as often as stated, a shortage lasts as long as stated, and two grades
    are short together the more they share; what is dear is short more often.
    """
    flat = np.zeros((3_000, 60))
    of = Scarcity(0.1, 3.0, 35.0, 0.8)
    one, other = shortages(of, [flat, flat], 1)
    assert one.mean() == pytest.approx(0.1, abs=0.01)
    assert other.mean() == pytest.approx(0.1, abs=0.01)
    begins = (one[:, 1:] & ~one[:, :-1]).sum()
    assert 7 * one[:, 1:].sum() / begins == pytest.approx(35.0, rel=0.12)
    together = (one & other).mean()
    apart = (np.logical_and(*shortages(replace(of, common=0.0), [flat, flat], 1))).mean()
    assert apart == pytest.approx(0.01, abs=0.004)
    assert together > 4 * apart
    dear, _ = shortages(of, [flat + 0.3, flat], 1)
    odds = 0.1 / 0.9 * np.exp(0.9)
    assert dear.mean() == pytest.approx(odds / (1 + odds), abs=0.01)
    assert np.all(dear >= one), "the same scarcity at a higher price"
    assert steadiness(Scarcity(0.1, 0.0, 1.0, 0.0)) < 1e-6, "passes within the week"


def test_neighbouring_months_are_short_together() -> None:
    """In the draws of a need a month short makes the next more likely short."""
    more = "[supply]\nshortage = 0.1\nslope = 0.0\nlasts_days = 60\n"
    need = read_need(NEED + more, "need.toml")
    curve = dict.fromkeys(horizon(need, DAY), 2.5)
    found = draw(need, DAY, curve, LAW, count=3_000, seed=4).factors.shortage
    short, after = found[:, 4] > 0.9, found[:, 5] > 0.9
    assert after[short].mean() > 4 * after.mean()


def test_a_fitted_availability_gives_slope_and_length() -> None:
    """Hazards rise and fall with the price: the log odds are those of its long-run shortage."""
    hazards = Hazard(-2.0, 1.0, 0.5, 0.0), Hazard(-1.0, -0.5, -0.5, 0.0)
    hazard = Availability(*hazards, 8.0, 0.0, date(2025, 1, 1))
    found = scarcity_of(read_need(NEED, "need.toml").supply, hazard)
    odds = [p / (1 - p) for p in (float(hazard.shortage(8.0, x)) for x in (0.0, 0.2))]
    assert found.slope == pytest.approx(np.log(odds[1] / odds[0]) / 0.2)
    assert found.lasts_days == pytest.approx(np.exp(1.0))
    assert found.share == 0.05, "stated: no data tell it for a thousand accelerators"
    need = read_need(need_text("processes", "[supply]\nmeasured = true\n"), "need.toml")
    curve = dict.fromkeys(horizon(need, DAY), 2.5)
    with pytest.raises(ValueError, match=r"supply\.measured: expected offers of a marketplace"):
        draw(need, DAY, curve, LAW, count=50, seed=1, source=alone(()), past=Past(table()))
    past = Past(table(), hazard)
    told = draw(need, DAY, curve, LAW, count=50, seed=1, source=alone(()), past=past)
    assert any("log odds +1.5" in line for line in told.fitted)


def test_a_successor_bends_the_grade_and_not_its_substitute() -> None:
    """With an uncertain successor the last month spreads wider, is centred all the same, and is
    cheaper where the successor came early; without prices to fit a bend on it is refused.
    """
    more = "[[successors]]\nday = 2025-04-01\nprobability = 0.5\n"
    more += "[[successors]]\nday = 2027-01-01\nprobability = 0.5\n"
    h200 = OTHER.replace('"H100"', '"H200"').replace('location = "EU"\n', "")
    need = read_need(need_text("processes", more + h200), "need.toml")
    source = alone((None,))
    curve = dict.fromkeys(horizon(need, DAY), 2.5)
    bent = Generation(0.0, 0.0, 1.5, Substitution(0.3, 0.05), 0.2, ((DAY, 1.0),), DAY)
    past = Past(table(), generation=bent)
    found = draw(need, DAY, curve, LAW, count=1_000, seed=4, source=source, past=past)
    plain = drawn("processes")
    last = found.factors.settled[:, -1]
    assert last.std() > 1.5 * plain.factors.settled[:, -1].std()
    assert last.mean() == pytest.approx(2.5, abs=4 * last.std() / np.sqrt(1_000))
    logs = np.log(last)
    assert logs.std() == pytest.approx(
        np.hypot(np.log(plain.factors.settled[:, -1]).std(), 0.75), rel=0.1
    )
    with pytest.raises(ValueError, match="successors: expected prices of a generation"):
        draw(need, DAY, curve, LAW, count=50, seed=4, source=source, past=Past(table()))
    with pytest.raises(NeedError, match="successors: expected scenarios fitted to what was seen"):
        read_need(NEED + more, "need.toml")


@pytest.mark.parametrize("source", ["processes", "bootstrap"])
def test_a_fitted_source_strays_as_far_as_calls_are_quoted_where_the_need_asks(source: str) -> None:
    """By default as what was seen; its volatility beside the law is measured on its own paths."""
    months = horizon(read_need(NEED, "need.toml"), DAY)
    curve = dict.fromkeys(months, 2.5)
    quoted = tuple(Implied(month, 0.3, 0.9) for month in months[2:5])
    market = Market(DAY, curve, LAW, (), past=Past(table()), implied=quoted)
    usual, asked = (
        read_need(more + need_text(source), "need.toml")
        for more in ("", 'volatility = "quoted"\n')
    )
    calm, wild = (seen_by(need, market, 3) for need in (usual, asked))
    assert calm.market is market
    assert calm.swing.scenarios == calm.swing.fitted == wild.swing.fitted
    assert wild.swing.scenarios == 0.9
    assert wild.market.law.volatility == pytest.approx(0.9)
    deviations = [
        settled_deviations(drawn_for(need, seen.market, seen.source, 800, 3).factors.settled)
        for need, seen in ((usual, calm), (asked, wild))
    ]
    times = np.median(deviations[1][1:] / deviations[0][1:])
    assert times == pytest.approx(0.9 / calm.swing.fitted, rel=0.02)
    other = otherwise(usual, calm, 3)
    assert other is not None
    assert other[0] == "volatility as the calls are quoted, 90% a year"
    assert other[1].swing == wild.swing

"""Points, probabilities and grades, against closed forms and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace
from scipy.stats import norm

from lasalle.credit.model import CreditError
from lasalle.credit.portfolio import judged
from lasalle.credit.scoring import (
    combined,
    figures,
    grade_of,
    logit,
    pd_of_points,
    score_of,
    worth_of,
)
from lasalle.credit.structural import (
    Firm,
    assets_of,
    equity_of,
    failure_pd,
    first_passage_pd,
    leland_barrier,
    merton_pd,
)
from tests.credit.world import BOOK, machines, money, sold, supplier

TERMS = BOOK.terms


def score(**more):
    return score_of(supplier(**more), BOOK.market, BOOK.curve, BOOK.card, TERMS)


@pytest.mark.rule("CRD-002")
def test_points_are_the_sum_of_what_each_line_says():
    one = score()
    assert one.points == 600 + sum(points for _, points in one.lines.values())
    for name, (figure, points) in one.lines.items():
        assert BOOK.card.lines[name].points(figure) == points
    assert set(one.lines) == set(BOOK.card.lines)


@pytest.mark.rule("CRD-002")
def test_forty_points_double_the_odds():
    def odds(points: int, audited: bool = True) -> float:
        pd = pd_of_points(points, audited, TERMS)
        return (1 - pd) / pd

    assert odds(600) == pytest.approx(30)
    assert odds(640) == pytest.approx(2 * odds(600))
    assert odds(600, audited=False) == pytest.approx(20)


def test_few_hours_say_little_of_delivery():
    worth = worth_of(supplier(), BOOK.market, BOOK.curve, TERMS)

    def missing(promised: int, delivered: int) -> float:
        record = replace(supplier().record, promised_hours=promised, delivered_hours=delivered)
        return figures(supplier(record=record), worth, BOOK.card)["delivered"]

    assert missing(0, 0) == pytest.approx(0.01)
    assert missing(1_000, 500) == pytest.approx(0.011, abs=0.001)
    assert missing(10_000_000, 5_000_000) > 0.45


@pytest.mark.rule("CRD-003")
def test_both_models_are_weighed_in_log_odds_within_bounds():
    assert logit(combined(0.02, 0.08, TERMS)) == pytest.approx((logit(0.02) + logit(0.08)) / 2)
    assert combined(0.0, 0.0, TERMS) == pytest.approx(TERMS.score.least_pd)
    assert combined(1.0, 1.0, TERMS) == pytest.approx(TERMS.score.most_pd)


@pytest.mark.rule("CRD-004")
def test_grades_begin_where_the_one_above_ends():
    for better, worse in zip(TERMS.grade, TERMS.grade[1:], strict=False):
        assert grade_of(better.most_pd, TERMS) == better.name
        assert grade_of(better.most_pd + 1e-9, TERMS) == worse.name


@pytest.mark.rule("CRD-003")
def test_what_weakens_a_supplier_never_helps_it():
    good = score()
    weaker = {
        "debt": score(financials=money(debt_due_usd=12_000_000, debt_later_usd=9_000_000)),
        "cash": score(financials=money(cash_usd=200_000)),
        "earnings": score(financials=money(earnings_usd=100_000)),
        "age": score(fleet=(machines(vintage="2022-01"),)),
        "unaudited": score(financials=money(audited=False)),
        "undelivered": score(record=replace(supplier().record, delivered_hours=6_000_000)),
        "short": score(sold=(sold(4_000, month="2027-01", price="2.10"),)),
    }
    assert {name: one.pd > good.pd for name, one in weaker.items()} == dict.fromkeys(weaker, True)


def test_a_grade_without_a_price_is_refused():
    with pytest.raises(CreditError, match="found K80"):
        score(fleet=(machines(grade="K80"),))


def test_traded_equity_is_heard_where_it_says_worse():
    calm = score()
    nervous = score(financials=money(market_equity_usd=2_000_000, equity_volatility=1.5))
    assert nervous.structural_pd > calm.structural_pd
    rich = score(financials=money(market_equity_usd=900_000_000, equity_volatility=0.2))
    assert rich.structural_pd == calm.structural_pd


FIRM = Firm(assets=100, debt=70, interest=4, volatility=0.35, drift=0.06, payout=0.02)


def test_merton_is_the_law_of_the_logarithm():
    distance = (math.log(100 / 70) + (0.04 - 0.35**2 / 2) * 2) / (0.35 * math.sqrt(2))
    assert merton_pd(FIRM, 2) == pytest.approx(norm.cdf(-distance), rel=1e-12)


def test_the_first_passage_against_paths_with_bridges():
    rng = np.random.default_rng(3)
    steps, paths, barrier, years = 16, 100_000, 60.0, 1.0
    drift = FIRM.drift - FIRM.payout - FIRM.volatility**2 / 2
    dt = years / steps
    x = np.full(paths, math.log(FIRM.assets / barrier))
    alive = np.ones(paths)
    for _ in range(steps):
        after = x + drift * dt + FIRM.volatility * math.sqrt(dt) * rng.standard_normal(paths)
        # Between two points above it, a bridge touches the barrier with this probability.
        touched = np.exp(-2 * np.maximum(x, 0) * np.maximum(after, 0) / (FIRM.volatility**2 * dt))
        alive *= np.where((x > 0) & (after > 0), 1 - touched, 0)
        x = after
    found, error = 1 - alive.mean(), alive.std() / math.sqrt(paths)
    assert first_passage_pd(FIRM, barrier, years) == pytest.approx(found, abs=4 * error)
    assert error < 0.002


def test_without_drift_a_barrier_is_touched_twice_as_often_as_it_is_ended_below():
    still = Firm(100, 70, 0, 0.3, 0.3**2 / 2, 0.0)
    ended = norm.cdf(-math.log(100 / 70) / 0.3)
    assert first_passage_pd(still, 70, 1.0) == pytest.approx(2 * ended, rel=1e-12)


def test_lelands_barrier_solves_the_owners_choice():
    """Owners stop where the slope of equity is nought: at the barrier that maximises equity."""
    tax, rate, payout, sigma, interest = 0.21, 0.045, 0.03, 0.3, 4.0
    drift = rate - payout - sigma**2 / 2
    power = (drift + math.sqrt(drift**2 + 2 * sigma**2 * rate)) / sigma**2
    debt = (1 - tax) * interest / rate

    def equity(assets: float, barrier: float) -> float:
        hit = (assets / barrier) ** -power
        return assets - debt + (debt - barrier) * hit

    best = max(np.linspace(20, 65, 45_001), key=lambda b: equity(100.0, b))
    assert leland_barrier(interest, tax, rate, payout, sigma) == pytest.approx(best, abs=0.002)


def test_assets_are_found_again_from_their_equity():
    for assets, sigma in ((100.0, 0.2), (80.0, 0.5), (200.0, 0.8)):
        worth, volatility = equity_of(Firm(assets, 70, 0, sigma, 0, 0), 0.045, 1.0)
        assert assets_of(worth, volatility, 70, 0.045, 1.0) == pytest.approx((assets, sigma))
    with pytest.raises(CreditError):
        assets_of(0, 0.3, 70, 0.045, 1)


def test_the_failure_is_the_larger_of_both_and_certain_without_assets():
    assert failure_pd(FIRM, 1.0, 0.21, 0.045) >= merton_pd(FIRM, 1.0)
    assert failure_pd(Firm(0, 70, 4, 0.3, 0, 0), 1.0, 0.21, 0.045) == 1.0
    assert failure_pd(Firm(100, 0, 0, 0.3, 0, 0), 1.0, 0.21, 0.045) == 0.0


@pytest.mark.rule("CRD-015")
def test_short_cover_fails_in_a_spike_and_covered_hours_do_not():
    covered = judged(supplier(sold=(sold(900),)), BOOK)
    short = judged(supplier(sold=(sold(6_000), sold(6_000, month="2027-05"))), BOOK)
    pds = [pd for _, pd in covered.wrong_way.by_move]
    assert pds[2] == pytest.approx(pds[0])
    assert covered.wrong_way.passes == ()
    moved = [pd for _, pd in short.wrong_way.by_move]
    assert moved[0] < moved[1] < moved[2]
    assert short.wrong_way.alpha > 1 > covered.wrong_way.alpha
    assert "loss on short cover" in short.wrong_way.passes
    assert short.stops.startswith("wrong-way risk")

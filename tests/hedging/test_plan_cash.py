"""Cash of a hedge week by week beside month ends, and quotes made anew under another volatility."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lasalle.contracts import SeriesKind, month_strip
from lasalle.hedging.plan.board import Quoted
from lasalle.hedging.plan.drawing import PriceLaw, draw
from lasalle.hedging.plan.instruments import Instrument, Kind, Level
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.measures import measured
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.optimiser import Limits, Optimiser
from lasalle.hedging.plan.paths import WeeklyPrices
from lasalle.hedging.plan.requoting import dearer, requoted
from lasalle.hedging.plan.scenarios import Scenarios
from lasalle.hedging.plan.sources import TwoFactor
from lasalle.hedging.plan.tail import expected_shortfall
from lasalle.hedging.plan.weeks import Weeks
from lasalle.pricing import black
from tests.institution.hedge_needs import DAY, NEED

LAW = PriceLaw(6.0, 0.8, 0.3)
LOT = 720.0
SAID = read_need(NEED, "need.toml")
MONTHS = horizon(SAID, DAY)
DRAWN = draw(SAID, DAY, dict.fromkeys(MONTHS, 2.5), LAW, count=1_500, seed=3)


def future(month: int) -> Instrument:
    """A future of one month."""
    hours = np.zeros(len(MONTHS))
    hours[month] = LOT
    return Instrument(
        f"F{month}", Kind.FUTURE, hours, (Level(2.5, 5_000),), margin_long=400.0,
        margin_short=250.0, most_lots=5_000,
    )  # fmt: skip


FUTURES = [future(5), future(6), future(7)]
FINE = Losses(DRAWN.factors.scenarios(DRAWN.terms), FUTURES)
LOTS = np.array([300.0, 500.0, 200.0])


def test_peak_cash_by_week_by_hand() -> None:
    """Margin while a month lives and what its marks have fallen, the dearest week of each path."""
    weekly, days = DRAWN.factors.weekly, DRAWN.factors.weeks
    assert weekly is not None
    assert days is not None
    lasts = np.array([month.last_day.toordinal() for month in MONTHS])
    for lots, margin in ((LOTS, 400.0), (-LOTS, -250.0)):
        for row in (0, 7, 99):
            worst = 0.0
            for week, day in enumerate(days):
                tied = 0.0
                for held, month in zip(lots, (5, 6, 7), strict=True):
                    tied += held * LOT * (2.5 - float(weekly[month, week, row]))
                    tied += held * margin * bool(day <= lasts[month])
                worst = max(worst, tied)
            assert FINE.peak(lots)[0][row] == pytest.approx(worst, rel=1e-5)


def test_both_peaks_are_measured() -> None:
    """The quantile at 99 % by week, and what month ends show of it."""
    found = measured(FINE, Optimiser(FINE), LOTS, DRAWN.factors.shortage)
    peaks = (np.sort(one)[-15] for one in (FINE.peak(LOTS)[0], FINE.cash_monthly.peak(LOTS)[0]))
    assert [found.cash_99, found.cash_99_month_ends] == [pytest.approx(one) for one in peaks]
    assert found.cash_99 > found.cash_99_month_ends


def test_a_bound_that_misleads_is_seen_through() -> None:
    """Months that fall in different weeks of a block have a bound no week reaches: the scenarios
    that tie up most are found behind four hundred of them.
    """
    weekly = np.full((2, 4, 1_000), 2.5, dtype=np.float32)
    weekly[0, 0, :400] = weekly[1, 1, :400] = 1.5
    weekly[:, 2, 400:410] = 1.75
    one = np.ones((1_000, 2))
    given = Scenarios(
        settled=2.5 * one, marks=np.full((1_000, 1, 2), 2.5), curve=np.full(2, 2.5),
        alive=np.ones((1, 2), dtype=bool), needed=one, paid=one, lost=0 * one, resold=0 * one,
        kept=one, weekly=weekly, weekly_alive=np.ones((4, 2), dtype=bool),
    )  # fmt: skip
    both = [
        Instrument(f"F{n}", Kind.FUTURE, np.eye(2)[n], (Level(2.5, 9.0),)) for n in range(2)
    ]
    rows, peak, when = Losses(given, both).cash_weekly.tail(np.ones(2), 0.99)
    assert sorted(rows) == list(range(400, 410))
    assert peak == pytest.approx(np.full(10, 1.5))
    assert set(when) == {2}


def test_month_ends_show_less_cash_than_weeks() -> None:
    """Of the same position: what is tied up between month ends is in the bound and in the figure.

    A plan bounded at month ends alone would need more cash than it was given.
    """
    fine, coarse = FINE.peak(LOTS)[0], FINE.cash_monthly.peak(LOTS)[0]
    assert (fine > coarse + 1.0).mean() > 0.5
    tails = [expected_shortfall(peak, 0.99) for peak in (fine, coarse)]
    assert tails[0] > 1.01 * tails[1]
    assert fine.mean() > 1.05 * coarse.mean()
    given = DRAWN.factors.scenarios(DRAWN.terms)
    monthly = Losses(replace(given, weekly=None, weekly_alive=None), FUTURES)
    limits = Limits(cash=900_000.0)
    blind = Optimiser(monthly).least_shortfall(limits)
    assert expected_shortfall(FINE.peak(blind.lots)[0], 0.99) > 1.01 * limits.cash
    seen = Optimiser(FINE).least_shortfall(limits)
    assert expected_shortfall(FINE.peak(seen.lots)[0], 0.99) <= limits.cash * (1 + 1e-5)
    assert seen.lots.sum() < blind.lots.sum()


def test_the_tail_of_peaks_is_that_of_all_scenarios() -> None:
    """Found from bounds by block or scenario by scenario: the same scenarios, peaks and times; for
    a short position, where no bound holds, all are looked at.
    """
    rng = np.random.default_rng(1)
    cash, narrowed = FINE.cash_weekly, 0
    for lots in (LOTS, np.array([900.0, 0.0, 0.0]), *rng.uniform(0, 900, (6, 3)), -LOTS):
        rows, peak, when = cash.tail(lots, 0.99)
        every, at = cash.peak(lots)
        expected = np.sort(every)[-15:]
        assert np.sort(peak) == pytest.approx(expected, rel=1e-5)
        assert peak == pytest.approx(every[rows], rel=1e-5)
        tied = cash.tied(lots)
        assert tied[when, rows] == pytest.approx(every[rows], rel=1e-5)
        narrowed += bool(np.all(lots >= 0))
        assert at.shape == every.shape
    assert narrowed == 8
    nothing = cash.tail(0.0 * LOTS, 0.99)
    assert not nothing[1].any()
    slope = cash.slope(*nothing)
    assert not np.any(slope)


def test_the_mean_of_the_tail_moves_as_its_slope_says() -> None:
    """Away from kinks: the difference quotient, lot by lot."""
    cash = FINE.cash_weekly
    rows, peak, when = cash.tail(LOTS, 0.99)
    slope, long, short = cash.slope(rows, peak, when)
    assert short == pytest.approx(long * 250 / 400)
    for n in range(3):
        step = np.zeros(3)
        step[n] = 1.0
        up, down = (cash.peak(LOTS + sign * step)[0][rows].mean() for sign in (1, -1))
        assert slope[n] + long[n] == pytest.approx((up - down) / 2, rel=0.01)


def test_a_week_is_marked_at_what_is_known_and_the_rest_at_its_forward() -> None:
    """A month under way: its past weeks' mean and, for those to come, the forward; over, what it
    settled at; before it begins, the forward.
    """
    weeks = Weeks(DAY, MONTHS)
    prices = WeeklyPrices(weeks, np.full(len(MONTHS), 2.5), 0.0, TwoFactor(LAW).moves(weeks, 9, 1))
    days, marks = prices.by_week()
    assert np.array_equal(days, weeks.days)
    within = np.flatnonzero(weeks.month_of == 3)
    for week in (int(within[0]) - 3, int(within[1]), int(within[-1])):
        past = within[within <= week]
        ahead = prices.forward(week, 3)
        if len(past) == len(within):
            expected = prices.settled[:, 3]
        else:
            known = prices.spot[:, past].sum(axis=1)
            expected = (known + (len(within) - len(past)) * ahead) / len(within)
        assert marks[3][week] == pytest.approx(expected, rel=1e-6)
    assert marks[3][-1] == pytest.approx(prices.settled[:, 3], rel=1e-6)


def test_many_marks_are_thinned_to_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other week where every week would be too many."""
    from lasalle.hedging.plan import paths

    weeks = Weeks(DAY, MONTHS)
    moves = TwoFactor(LAW).moves(weeks, 9, 1)
    prices = WeeklyPrices(weeks, np.full(len(MONTHS), 2.5), 0.0, moves)
    _, whole = prices.by_week()
    monkeypatch.setattr(paths, "MOST_MARKS", whole.size // 2 + 1)
    days, half = prices.by_week()
    assert np.array_equal(days, weeks.days[1::2])
    assert np.array_equal(half, whole[:, 1::2])


def quoted(kind: SeriesKind, price: float, strike: float = 0.0) -> Quoted:
    """A series with one offer and one bid."""
    from types import SimpleNamespace
    from typing import Any

    terms: Any = SimpleNamespace(
        kind=kind,
        is_option=kind is SeriesKind.CALL,
        months=(MONTHS[5],),
        strike_micro_dollars=round(strike * 1e6),
    )
    return Quoted(terms, (Level(price, 10),), (Level(0.9 * price, 10),), 100.0, 120.0)


def test_quotes_follow_the_volatility() -> None:
    """A call at the formula's price is quoted at the formula's price of the other volatility, in
    and out of the money; margins rise alike; futures and impossible prices stand.
    """
    curve = dict.fromkeys(month_strip(DAY, 12), 2.5)
    for strike in (2.0, 2.5, 3.5):
        at, wild = (float(black(True, 2.5, strike, s)) for s in (0.3, 0.45))
        made = requoted([quoted(SeriesKind.CALL, at, strike)], curve, 1.5)[0]
        assert made.asks[0].price == pytest.approx(wild, rel=1e-9)
        assert made.bids[0].price < made.asks[0].price
        assert made.asks[0].lots == 10
    assert (made.margin_long, made.margin_short) == (150.0, 180.0)
    swap = requoted([quoted(SeriesKind.FUTURE, 2.51)], curve, 1.5)[0]
    assert swap.asks[0].price == 2.51
    below = requoted([quoted(SeriesKind.CALL, 0.1, 2.0)], curve, 1.5)[0]
    assert below.asks[0].price == 0.1, "below intrinsic: no volatility gives it"
    more = dearer([quoted(SeriesKind.CALL, 0.2, 2.5), quoted(SeriesKind.FUTURE, 2.51)], 1.1)
    assert [one.asks[0].price for one in more] == pytest.approx([0.22, 2.51])

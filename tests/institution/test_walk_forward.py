"""The walk forward judges plans by what came, and no plan sees it coming."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lasalle.contracts import Month
from lasalle.hedging.plan.instruments import Instrument, Kind, Level
from lasalle.hedging.plan.need import Need
from lasalle.hedging.plan.optimiser import Hedge
from lasalle.hedging.plan.walk import Bought, Judged, buy, by_year
from lasalle.institution import walk_forward
from lasalle.institution.walk_forward import FUTURES, gpu, need_of, read_futures, traded

MONTHS = tuple(Month(2027, 1).plus(n) for n in range(3))
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def made_up(seed: int, until: date) -> walk_forward.Curves:
    """A curve of 24 nearby months that wanders, every trading date from 2010."""
    rng = np.random.default_rng(seed)
    day, level, found = date(2010, 1, 4), 4.0, {}
    while day <= until:
        if day.weekday() < 5:
            level *= float(np.exp(0.02 * rng.standard_normal()))
            tail = 4.0 + (level - 4.0) * np.exp(-np.arange(24) / 12)
            noise = np.exp(0.002 * rng.standard_normal(24))
            found[day] = {n + 1: float(tail[n] * noise[n]) for n in range(24)}
        day += timedelta(days=1)
    return found


def test_what_a_hedge_brings_by_hand() -> None:
    """A future at 2.51 and a call of strike 2.6 for 0.1, settled at 3.0 and 2.5."""
    hours = np.array([0.0, 700.0, 0.0])
    later = np.array([0.0, 0.0, 720.0])
    future = Instrument("F", Kind.FUTURE, hours, (Level(2.51, 10),))
    call = Instrument("C", Kind.CALL, later, (Level(0.1, 10),), strike=2.6)
    trading = 4 * 700 * 2.51 + 5 * 720 * 0.1
    hedge = Hedge(np.array([4.0, 5.0]), trading, 0.0, 0.0, 0.0, 0.0, 1)
    bought = Bought(date(2027, 1, 1), MONTHS, (future, call), hedge)
    settled = {MONTHS[1]: 3.0, MONTHS[2]: 2.5}
    assert bought.brought_in(settled) == pytest.approx(4 * 700 * 0.49 - 360.0)
    settled[MONTHS[2]] = 3.0
    assert bought.brought_in(settled) == pytest.approx(4 * 700 * 0.49 + 5 * 720 * 0.4 - 360.0)
    with pytest.raises(KeyError):
        bought.brought_in({MONTHS[1]: 3.0})


def test_years_and_all_of_them() -> None:
    """Means, dearest tenth and losers, by hand."""
    rows = [
        Judged(date(2026, 1, 1), date(2026, 7, n), 10.0 + n, 12.0) for n in range(1, 11)
    ] + [Judged(date(2027, 1, 1), date(2027, 7, 1), 30.0, 31.0)]
    first, second, whole = by_year(rows)
    assert (first.year, second.year, whole.year) == (2026, 2027, 0)
    assert (first.starts, first.bare, first.bare_tail) == (10, 15.5, 20.0)
    assert first.lost == pytest.approx(0.1)
    assert (second.hedged, second.lost) == (31.0, 1.0)
    assert whole.starts == 11
    assert by_year([]) == []


def test_a_need_of_the_walk_is_what_it_says() -> None:
    """Six months ahead, six months wide; at firsts of months with equal chances, or any day."""
    wide = need_of(date(2026, 1, 5), "H100", 30, stones=False)
    assert (wide.first_start, wide.last_start) == (date(2026, 7, 1), date(2026, 12, 31))
    stones = need_of(date(2026, 1, 5), "NG", 28, stones=True)
    assert [one.day.day for one in stones.start.milestones] == [1] * 6


def lots_of_plans(
    curves: walk_forward.Curves, monkeypatch: pytest.MonkeyPatch
) -> dict[date, list[float]]:
    """What each plan of a walk bought, by its day."""
    bought: dict[date, list[float]] = {}

    def noted(need: Need, day: date, *rest: Any, **more: Any) -> Bought:
        made = buy(need, day, *rest, **more)
        bought[day] = [float(lots) for lots in made.hedge.lots]
        return made

    with monkeypatch.context() as patched:
        patched.setattr(walk_forward, "buy", noted)
        judged, plans = traded("NG", curves, every=3)
    assert plans >= 3
    assert len(judged) == 6 * plans
    return bought


def test_later_prices_change_no_plan_on_traded_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every price after a date doubled: the lots of every plan made by then are the same, and of a
    later one not.
    """
    cut = date(2013, 9, 30)
    curves = made_up(1, date(2014, 12, 31))
    changed = {
        day: {n: 2 * price for n, price in held.items()} if day > cut else held
        for day, held in curves.items()
    }
    lots = [lots_of_plans(seen, monkeypatch) for seen in (curves, changed)]
    early = [day for day in lots[0] if day <= cut]
    assert len(early) >= 2
    assert all(lots[0][day] == lots[1][day] for day in early)
    assert any(lots[0][day] != lots[1][day] for day in lots[0] if day > cut)


def test_a_hedge_narrows_the_cost_on_made_up_futures() -> None:
    """The spread of what was paid is smaller with the plan than without it."""
    judged, _ = traded("NG", made_up(2, date(2016, 6, 30)), every=6)
    whole = by_year(judged)[-1]
    assert whole.hedged_spread < whole.bare_spread


def test_real_prices() -> None:
    """The H100 list and natural gas, a few plans: costs are of the order of the budget."""
    if not (SHARED / "power" / FUTURES).exists():
        pytest.skip("../shared/data is not there")
    judged, source, plans = gpu(SHARED, 12)
    assert plans >= 1
    assert "GCP H100 spot" in source
    assert all(2e6 < one.bare < 8e7 for one in judged)
    curves = read_futures(SHARED)["NG"]
    recent = {day: held for day, held in curves.items() if day.year >= 2017}
    judged, plans = traded("NG", recent, every=12)
    assert plans >= 2
    assert {one.start.day for one in judged} == {1}

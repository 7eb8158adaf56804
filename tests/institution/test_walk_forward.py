"""The walk forward judges plans by what came, and no plan sees it coming."""

from __future__ import annotations

from dataclasses import replace
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
from lasalle.indices import fixing_history, simulated_history
from lasalle.institution import walk_forward
from lasalle.institution.walk_forward import (
    FAR,
    FUTURES,
    NEAR,
    need_of,
    plan_days,
    read_futures,
    traded,
    walked,
)
from lasalle.institution.walk_prices import PriceList, matched, price_lists
from lasalle.institution.walk_told import Walk, told

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
    rows = [Judged(date(2026, 1, 1), date(2026, 7, n), 10.0 + n, 12.0) for n in range(1, 11)] + [
        Judged(date(2027, 1, 1), date(2027, 7, 1), 30.0, 31.0)
    ]
    first, second, whole = by_year(rows)
    assert (first.year, second.year, whole.year) == (2026, 2027, 0)
    assert (first.starts, first.bare, first.bare_tail) == (10, 15.5, 20.0)
    assert first.lost == pytest.approx(0.1)
    assert (second.hedged, second.lost) == (31.0, 1.0)
    assert whole.starts == 11
    assert by_year([]) == []
    later = by_year([Judged(date(2026, 11, 1), date(2027, 2, 1), 1.0, 2.0)], started=True)
    assert [one.year for one in later] == [2027, 0]
    walk = Walk("a list", "made up", 2, tuple(rows), FAR)
    assert [row["year"] for row in walk.value()["planned"]] == [2026, 2027, 0]
    assert sum(row["starts"] for row in walk.value()["started"][:-1]) == 11
    assert "planned 2026      10" in told([walk])


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
    lists = {one.name: one for one in price_lists(SHARED)}
    assert len(lists) == 5
    assert not any(one.simulated for one in lists.values())
    begun = {one.begins.year for one in lists.values()}
    assert begun == {2022, 2023, 2024}
    judged, plans = walked(lists["H100 GCP spot"], NEAR, 12)
    assert plans >= 1
    assert all(2e6 < one.bare < 8e7 for one in judged)
    curves = read_futures(SHARED)["NG"]
    recent = {day: held for day, held in curves.items() if day.year >= 2017}
    judged, plans = traded("NG", recent, every=12)
    assert plans >= 2
    assert {one.start.day for one in judged} == {1}


def test_a_chain_of_zones_is_moved_by_none_that_enters() -> None:
    days = [date(2023, 1, n) for n in range(1, 5)]
    seen = [{"a": 1.0, "b": 4.0}, {"a": 2.0, "b": 2.0, "c": 90.0}, {"c": 45.0}, {"a": 7.0}]
    found = matched(dict(zip(days, seen, strict=True)))
    # 2.5, then x2 and /2 together; c halves alone; a comes back without a date to match.
    assert [round(found[day], 6) for day in days] == [2.5, 2.5, 1.25, 1.25]


def test_plans_begin_a_fortnight_after_a_list_does() -> None:
    days = plan_days(date(2022, 12, 2), date(2023, 3, 31))
    assert days == [date(2022, 12, 16), *(date(2023, month, 1) for month in (1, 2, 3))]
    late = plan_days(date(2024, 5, 17), date(2024, 7, 31))
    assert late == [date(2024, 5, 31), date(2024, 7, 1)]


def test_later_prices_change_no_plan_on_a_price_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every price after a date tripled: plans made by then buy the same lots."""
    first, cut, last = date(2024, 1, 1), date(2024, 5, 20), date(2024, 12, 31)
    fixings = fixing_history(simulated_history(3, first, last), last)
    tripled = tuple(
        replace(f, price_micro_dollars=3 * f.price_micro_dollars) if f.day > cut else f
        for f in fixings
    )
    bought: list[dict[date, list[float]]] = []
    for some in (fixings, tripled):
        lots: dict[date, list[float]] = {}

        def noted(need: Need, day: date, *rest: Any, to: Any = lots, **more: Any) -> Bought:
            made = buy(need, day, *rest, **more)
            to[day] = [float(n) for n in made.hedge.lots]
            return made

        with monkeypatch.context() as patched:
            patched.setattr(walk_forward, "buy", noted)
            walked(PriceList("H100 x", "made up", some, first, last), NEAR, 2)
        bought.append(lots)
    early = [day for day in bought[0] if day <= cut]
    assert len(early) >= 2
    assert all(bought[0][day] == bought[1][day] for day in early)
    assert any(bought[0][day] != bought[1][day] for day in bought[0] if day > cut)

"""The walk forward judges plans by what came, and no plan sees it coming."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from lasalle.contracts import Month
from lasalle.hedging.plan.instruments import Instrument, Kind, Level
from lasalle.hedging.plan.optimiser import Hedge
from lasalle.hedging.plan.planning import Plan, make_plan
from lasalle.hedging.plan.walk import Bought, Judged, Outcome, by_year, starts, tail_mean
from lasalle.indices import Fixing, fixing_history, simulated_history
from lasalle.institution import walk_forward, walk_traded
from lasalle.institution.walk_chart import chart
from lasalle.institution.walk_forward import walked
from lasalle.institution.walk_needs import (
    HALVED,
    QUARTERED,
    SHIPPED,
    need_of,
    plan_days,
    shipped,
)
from lasalle.institution.walk_prices import PriceList, matched, price_lists
from lasalle.institution.walk_told import Walk, told
from lasalle.institution.walk_traded import FUTURES, read_futures, traded

MONTHS = tuple(Month(2027, 1).plus(n) for n in range(3))
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FEW = 300
BUDGET = shipped().budget


def made_up(seed: int, until: date) -> walk_traded.Curves:
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


def by_hand() -> Bought:
    """Four futures at 2.51 where the forward stood at 2.50, and five calls of strike 2.6."""
    hours, later = np.array([0.0, 700.0, 0.0]), np.array([0.0, 0.0, 720.0])
    future = Instrument("F", Kind.FUTURE, hours, (Level(2.51, 10),), margin_long=100.0)
    call = Instrument("C", Kind.CALL, later, (Level(0.1, 10),), strike=2.6, margin_long=9.0)
    trading = 4 * 700 * 2.51 + 5 * 720 * 0.1
    hedge = Hedge(np.array([4.0, 5.0]), trading, 0.0, 0.0, 0.0, 0.0, 1)
    return Bought(MONTHS, np.array([2.4, 2.5, 2.6]), (future, call), hedge)


def test_what_a_hedge_brings_by_hand() -> None:
    """A future at 2.51 and a call of strike 2.6 for 0.1, settled at 3.0 and 2.5."""
    bought = by_hand()
    settled = {MONTHS[1]: 3.0, MONTHS[2]: 2.5}
    assert bought.brought_in(settled) == pytest.approx(4 * 700 * 0.49 - 360.0)
    settled[MONTHS[2]] = 3.0
    assert bought.brought_in(settled) == pytest.approx(4 * 700 * 0.49 + 5 * 720 * 0.4 - 360.0)
    with pytest.raises(KeyError):
        bought.brought_in({MONTHS[1]: 3.0})


def test_the_most_cash_a_hedge_ties_up_by_hand() -> None:
    """Margin while months live, and a fall of the future's month counted on 2,800 hours; a fall
    that is made good was tied up all the same, and what settled stays paid.
    """
    bought, settled = by_hand(), {MONTHS[1]: 2.3, MONTHS[2]: 2.5}
    every = dict(zip(MONTHS, (2.4, 2.5, 2.6), strict=True))
    margins = 4 * 100.0 + 5 * 9.0
    assert bought.peak_cash([], settled) == pytest.approx(margins)
    fallen = [{**every, MONTHS[1]: 2.4}, every]
    assert bought.peak_cash(fallen, settled) == pytest.approx(margins + 280.0)
    over = [{MONTHS[2]: 2.6}]
    assert bought.peak_cash(over, settled) == pytest.approx(45.0 + 560.0)


def judged_by_hand() -> list[Judged]:
    """A plan of 2026 with ten outcomes whose hedge lost 1, and one of 2027 that brought 3."""
    outcomes = tuple(Outcome(date(2027, 1, n), 0.1, 10.0 + n) for n in range(1, 11))
    one = Judged(date(2026, 1, 1), outcomes, -1.0, 0.5, 2.0, 6.0, 9.0)
    other = (Outcome(date(2028, 1, 1), 0.75, 20.0), Outcome(date(2028, 1, 2), 0.25, 60.0))
    return [one, Judged(date(2027, 1, 1), other, 3.0, 0.5, 1.0, 6.0, 7.0)]


def test_years_and_all_of_them() -> None:
    """Means, tails, worst, losers and cash above a budget, by hand."""
    rows = judged_by_hand()
    first, second, whole = by_year(rows, 8.0)
    assert (first.year, second.year, whole.year, whole.plans) == (2026, 2027, 0, 2)
    assert first.bare == pytest.approx(15.5)
    assert first.hedged == pytest.approx(16.5)
    assert (first.bare_tail, first.bare_worst, first.hedged_worst) == (20.0, 20.0, 21.0)
    assert (second.bare, second.hedged, second.hedged_worst) == (30.0, 27.0, 57.0)
    assert (first.lost, second.lost, whole.lost) == (1.0, 0.0, 0.5)
    assert (whole.premium, whole.cash, whole.most_cash, whole.above_budget) == (1.5, 8.0, 9.0, 1)
    assert by_year([], 8.0) == []
    assert [one.year for one in by_year(rows, 8.0, started=True)] == [2027, 2028, 0]
    walk = Walk("a list", "made up", tuple(rows))
    assert [row["year"] for row in walk.value()["planned"]] == [2026, 2027, 0]
    assert "planned 2026      1" in told([walk])
    assert chart([walk]).startswith(b"\x89PNG")


def test_a_tail_takes_the_outcome_at_its_edge_in_part() -> None:
    """A twentieth of chances 0.97, 0.01, 0.02: all of the last two, and 0.02 of the first."""
    found = tail_mean(np.array([1.0, 5.0, 9.0]), np.array([0.97, 0.01, 0.02]))
    assert found == pytest.approx((0.02 * 1 + 0.01 * 5 + 0.02 * 9) / 0.05)


def test_a_need_of_the_walk_is_the_one_that_ships() -> None:
    """Twelve to eighteen months ahead as shipped, half of that, and a quarter in whole months; its
    budgets and sizes untouched; starts lie as the need has them.
    """
    need = need_of(date(2026, 12, 1), "H100")
    assert need == replace_name(shipped(), "H100")
    half, quarter = (need_of(date(2026, 1, 5), "x", one) for one in (HALVED, QUARTERED))
    assert (half.first_start, half.last_start) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (quarter.first_start, quarter.last_start) == (date(2026, 4, 1), date(2026, 5, 31))
    assert half.budget == quarter.budget == shipped().budget
    assert half.size == shipped().size
    drawn = starts(need)
    assert drawn == sorted(drawn)
    assert need.first_start.toordinal() <= drawn[0]
    assert drawn[-1] <= need.last_start.toordinal()


def replace_name(need: Any, name: str) -> Any:
    """The need under another name."""
    return type(need)(**{n: getattr(need, n) for n in need.__struct_fields__} | {"name": name})


def lots_of_plans(
    of: ModuleType, walk: Callable[[], list[Judged]], monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[date, dict[str, float]], list[Judged]]:
    """What each plan of a walk bought, by its day and symbol; every one keeps the budgets."""
    bought: dict[date, dict[str, float]] = {}

    def noted(*given: Any, **more: Any) -> Plan:
        made = make_plan(*given, **more)
        lots = (float(n) for n in made.hedge.lots)
        symbols = (one.symbol for one in made.instruments)
        bought[made.market.day] = dict(zip(symbols, lots, strict=True))
        assert made.hedged.premium <= BUDGET.premium_dollars + 1.0
        assert made.hedge.cash <= BUDGET.cash_dollars * (1 + 1e-6)
        return made

    with monkeypatch.context() as patched:
        patched.setattr(of, "make_plan", noted)
        judged = walk()
    assert [one.planned for one in judged] == list(bought)
    return bought, judged


def test_later_prices_change_no_plan_on_traded_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every price after a date doubled: the lots of every plan made by then are the same, of a
    later one not, and what the early ones brought is not either.
    """
    cut = date(2013, 5, 31)
    curves = made_up(1, date(2014, 12, 31))
    changed = {
        day: {n: 2 * price for n, price in held.items()} if day > cut else held
        for day, held in curves.items()
    }

    def walk(seen: walk_traded.Curves) -> Callable[[], list[Judged]]:
        return lambda: traded("NG", seen, every=2, calls=True, count=FEW)

    found = [lots_of_plans(walk_traded, walk(seen), monkeypatch) for seen in (curves, changed)]
    lots, judged = zip(*found, strict=True)
    early = [day for day in lots[0] if day <= cut]
    assert len(early) >= 2
    assert all(lots[0][day] == lots[1][day] for day in early)
    assert any(lots[0][day] != lots[1][day] for day in lots[0] if day > cut)
    assert all(one.brought != two.brought for one, two in zip(*judged, strict=True))
    assert any(one.premium > 0 for one in judged[0])
    assert all(one.cash > 0 for one in judged[0])
    outcomes = judged[0][0].outcomes
    assert sum(one.chance for one in outcomes) == pytest.approx(1.0)
    assert len({one.start for one in outcomes}) > 20


def test_real_prices() -> None:
    """The H100 list and natural gas, a plan or two: costs are of the order of the budget."""
    if not (SHARED / "power" / FUTURES).exists():
        pytest.skip("../shared/data is not there")
    lists = {one.name: one for one in price_lists(SHARED)}
    assert len(lists) == 5
    assert not any(one.simulated for one in lists.values())
    begun = {one.begins.year for one in lists.values()}
    assert begun == {2022, 2023, 2024}
    judged = walked(lists["H100 GCP spot"], SHIPPED, every=12, count=FEW)
    assert judged
    assert all(2e6 < one.bare < 2e8 for plan in judged for one in plan.outcomes)
    curves = read_futures(SHARED)["NG"]
    recent = {day: held for day, held in curves.items() if day.year >= 2018}
    assert traded("NG", recent, every=12, count=FEW)


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
    first, cut, last = date(2024, 1, 1), date(2024, 5, 20), date(2025, 1, 31)
    fixings = tuple(fixing_history(simulated_history(3, first, last), last))
    tripled = tuple(
        replace(f, price_micro_dollars=3 * f.price_micro_dollars) if f.day > cut else f
        for f in fixings
    )

    def walk(some: tuple[Fixing, ...]) -> Callable[[], list[Judged]]:
        of = PriceList("H100 x", "made up", some, first, last)
        return lambda: walked(of, HALVED, every=2, count=FEW)

    found = [lots_of_plans(walk_forward, walk(some), monkeypatch) for some in (fixings, tripled)]
    assert all(one.premium > 0 and one.cash > 0 for _, judged in found for one in judged)
    bought = [lots for lots, _ in found]
    early = [day for day in bought[0] if day <= cut]
    assert len(early) >= 2
    assert all(bought[0][day] == bought[1][day] for day in early)

"""The lab's policy on a paper market: it sees only its day, builds, rolls, and costs or pays as
the path says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from lasalle.hedging import (
    FALLING,
    FUTURES,
    FUTURES_CALLS_SWAP,
    RISING,
    decide,
    need_gpu_hours,
    start_outcome,
)
from lasalle.indices import Fixing, fixing_history, simulated_history
from lasalle.indices.gcp_history import gcp_history
from lasalle.making import Quote
from lasalle.pricing import CurveAssumptions
from tests.hedging.paper_market import PaperMarket, run_out, trunk_days

HISTORY = Path(__file__).parents[3] / "shared/data/gpu_prices/gcp_gpu_prices_2022_2026.parquet"


def real_fixings() -> tuple[Fixing, ...]:
    if not HISTORY.exists():
        pytest.skip("the GCP price history is not beside this checkout")
    return fixing_history(gcp_history(HISTORY), last=date(2026, 7, 31))


def test_need_is_20_million_dollars_at_the_plan_day() -> None:
    known = {f.day: f.price_micro_dollars for f in real_fixings()}
    assert need_gpu_hours(FALLING, known) == -(-20_000_000 * 10**6 // 7_801_053)
    assert round(need_gpu_hours(FALLING, known) / 1e6, 1) == 2.6
    assert round(need_gpu_hours(RISING, known) / 1e6, 1) == 7.8


@pytest.mark.parametrize("plan", [FUTURES, FUTURES_CALLS_SWAP], ids=lambda p: p.name)
def test_changing_every_later_price_leaves_orders_identical(plan) -> None:
    """Two markets whose index parts after a day send the same orders up to that day."""
    path = fixing_history(simulated_history(5, date(2024, 1, 1), date(2025, 12, 31)))
    cut = FALLING.plan_day + timedelta(days=20)
    bent = tuple(
        f if f.day < cut else replace(f, price_micro_dollars=f.price_micro_dollars * 3)
        for f in path
    )
    sent = []
    for fixings in (path, bent):
        market = PaperMarket(FALLING, plan, fixings, CurveAssumptions())
        for day in trunk_days(FALLING, cut + timedelta(days=22)):
            market.step(day)
        sent.append(market.orders)
    before = [[x for x in orders if x[0] <= cut] for orders in sent]
    assert before[0] == before[1]
    assert len(before[0]) >= 20  # reach: the comparison saw real orders
    assert sent[0] != sent[1] or plan is FUTURES  # and later prices do matter once they are seen


def test_a_fixing_after_the_day_is_refused() -> None:
    with pytest.raises(ValueError, match="none after"):
        decide(RISING, FUTURES, date(2025, 4, 2), [(date(2025, 4, 3), 2_500_000)], {}, [])


def test_orders_stay_within_the_quote_taken() -> None:
    known = [(date(2025, 3, 31) + timedelta(days=n), 2_552_879) for n in range(5)]
    quote = Quote("H100-2026-05", 2_600_000, 30, 2_640_000, 40)
    (order,) = decide(RISING, FUTURES, date(2025, 4, 4), known, {}, [quote])
    assert (order.buy, order.lots, order.limit_price) == (True, 40, 2_640_000)


def test_when_the_run_starts_elsewhere_other_months_are_closed() -> None:
    known = [(RISING.plan_day, 2_552_879)]
    position = {"H100-2026-04": 1_000, "H100-2026-06": 1_000, "H100-2026-04_2026-06": 100}
    book = [Quote(name, 4_000_000, 9_999, 4_010_000, 99_999) for name in position]
    start = date(2026, 4, 1)
    sent = decide(RISING, FUTURES_CALLS_SWAP, start, known, position, book, started_on=start)
    orders = {o.symbol: o for o in sent}
    assert not orders["H100-2026-06"].buy
    assert orders["H100-2026-06"].lots == 1_000
    assert not orders["H100-2026-04_2026-06"].buy
    # 7,834,289 GPU-hours / 30 days / 24 h = 10,881 accelerators, of which 60 % are base layer.
    assert orders["H100-2026-04"].buy
    assert orders["H100-2026-04"].lots == round(0.6 * 7_834_289 / 720) - 1_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("run", "pays"), [(FALLING, False), (RISING, True)], ids=["falling", "rising"]
)
@pytest.mark.parametrize("plan", [FUTURES, FUTURES_CALLS_SWAP], ids=lambda p: p.name)
def test_the_hedge_costs_in_the_falling_plan_and_pays_in_the_rising_one(run, pays, plan) -> None:
    fixings = real_fixings()
    known = {f.day: f.price_micro_dollars for f in fixings}
    need = need_gpu_hours(run, known)
    starts = (run.starts()[10], run.starts()[-20])
    market = PaperMarket(run, plan, fixings, CurveAssumptions())
    reached, saved = 0, []
    for day in sorted({*trunk_days(run, starts[-1]), *starts}):
        if day in starts:
            branch = run_out(market, day)
            hedged = start_outcome(run, need, day, known, branch.statement)
            bare = start_outcome(run, need, day, known)
            assert (hedged.cost < bare.cost) is pays, (day, hedged.cost, bare.cost)
            assert not branch.position
            if plan is FUTURES_CALLS_SWAP:
                assert hedged.premium > 0
            saved.append((bare.cost - hedged.cost) // 10**12)
            reached += 1
        market.step(day)
    print(run.name, plan.name, "M USD saved by start:", saved)
    assert reached >= 2
    filled = sum(f.lots_filled for f in market.fills)
    asked = sum(f.lots_asked for f in market.fills)
    assert filled == asked

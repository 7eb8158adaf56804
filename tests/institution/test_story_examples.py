"""Examples with a story: each runs through its venue, loses nothing, sees nothing that comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lasalle.contracts import Month
from lasalle.hedging import Fill, LedgerDay
from lasalle.indices import Fixing, fixing_history, simulated_history
from lasalle.institution.examples import hall, inference, reserve, right
from lasalle.institution.examples.venue import (
    Cash,
    Index,
    larger_maker,
    live_through,
    model_of,
    quiet,
    run_out,
    toward,
)
from lasalle.institution.study_day import StudyVenue
from lasalle.institution.words import STUDIES
from lasalle.making import Quote, load_maker_terms
from lasalle.venue import verify


def path(seed: int, first: date, last: date) -> Index:
    """A simulated index that says so."""
    fixings = list(fixing_history(simulated_history(seed, first, last), last))
    return Index(fixings, "a simulated path", simulated=True)


def stepped(index: Index, day: date, share: float) -> Index:
    """The path with every price from a date on multiplied."""
    fixings = [
        replace(f, price_micro_dollars=round(f.price_micro_dollars * share)) if f.day >= day else f
        for f in index.fixings
    ]
    return replace(index, fixings=fixings)


def run(main: Callable[[list[str]], int], folder: Path, words: Sequence[str] = ()) -> None:
    assert main(["--quick", "--prices", str(folder), "--png", str(folder / "p.png"), *words]) == 0
    assert (folder / "p.png").read_bytes()[:4] == b"\x89PNG"


def test_every_story_is_a_word_of_the_command() -> None:
    stories = {hall.NAME, inference.NAME, reserve.NAME, right.NAME}
    assert stories <= set(STUDIES)
    assert {STUDIES[name] for name in stories} == {
        module.__name__ for module in (hall, inference, reserve, right)
    }


def test_a_hall_sold_forward_is_told_late(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep = tmp_path / "venues"
    run(hall.main, tmp_path, ["--json", "--keep", str(keep)])
    told = json.loads(capsys.readouterr().out)
    assert told["labels"]["simulated"][0].startswith("index: a simulated path")
    assert any("physical delivery" in said for said in told["labels"]["not_there"])
    (one,) = told["halls"]
    assert one["lots_sold"] == 2 * hall.ACCELERATORS * hall.SOLD_PER_HUNDRED // 100
    on_time, late = one["delays"]
    assert on_time["owed_on_hours_not_made_usd"] == 0.0
    assert late["owed_on_hours_not_made_usd"] != 0.0
    # The position kept brings the same whatever the delay; only the spot differs.
    brought = [kept - spot for spot, kept, _ in (row["totals_usd"] for row in one["delays"])]
    assert brought[0] == pytest.approx(brought[1])
    assert late["totals_usd"][0] < on_time["totals_usd"][0]
    expected = sum(0.5 * row["totals_usd"][2] for row in one["delays"])
    assert one["expected_usd"][2] == pytest.approx(expected)
    venues = sorted(found.parent for found in keep.rglob("journal"))
    assert len(venues) == 3
    assert verify(venues[0]).faults == []


def test_served_days_of_a_late_hall_by_hand() -> None:
    one = hall.Hall("x", date(2025, 5, 1), Month(2025, 8), 2)
    assert one.served(0) == {Month(2025, 8): 1.0, Month(2025, 9): 1.0}
    assert one.served(41) == {Month(2025, 8): 0.0, Month(2025, 9): 20 / 30}
    flat = path(1, date(2025, 1, 1), date(2025, 12, 31))
    fixed = [replace(f, price_micro_dollars=3_000_000) for f in flat.fixings]
    sold = {"H100GC-2025-08": (-100, 2.5), "H100GC-2025-09": (-100, 2.5)}
    spot, owed = hall.revenue(one, replace(flat, fixings=fixed), 41, sold)
    assert spot == pytest.approx(20 * 24 * hall.ACCELERATORS * 3.0)
    assert owed == pytest.approx((31 + 10) * 24 * 100 * 0.5)


def test_an_inference_company_keeps_its_margin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Compute doubles after the sale: bare the margin is gone, hedged it is near what was planned,
    but for spreads, fees and what the quotes did not take."""
    first, last = date(2024, 6, 1), date(2025, 3, 31)
    tokens, compute = stepped(path(5, first, last), first, 0.15), path(6, first, last)
    doubled = stepped(compute, date(2024, 12, 10), 2.0)
    monkeypatch.setattr(inference, "tokens", lambda _prices, _last: tokens)
    monkeypatch.setattr(inference, "compute", lambda _prices: doubled)
    run(inference.main, tmp_path, ["--json"])
    (deal,) = json.loads(capsys.readouterr().out)["deals"]
    planned = deal["planned_margin_usd"]
    assert deal["margin_bare_usd"] < 0.0 < planned
    assert deal["compute_hedge_usd"] > 0.0
    assert deal["margin_hedged_usd"] == pytest.approx(planned, rel=0.25)
    assert deal["margin_hedged_usd"] < planned


def test_a_reserve_is_released_by_its_rule_and_not_before(tmp_path: Path) -> None:
    """Months after a step of a half are released; orders before a step know nothing of it."""
    index = path(7, date(2024, 6, 1), date(2025, 3, 31))
    flat = replace(
        index, fixings=[replace(f, price_micro_dollars=3_000_000) for f in index.fixings]
    )
    step = date(2024, 12, 20)
    months = [Month(2024, 12), Month(2025, 1)]
    fills: list[list[Fill]] = []
    for n, one in enumerate((flat, stepped(flat, step, 1.5))):
        model = model_of(one, larger_maker(5))
        model.wanted = reserve.listed
        venue = StudyVenue(tmp_path / str(n), model)
        venue.open(date(2024, 11, 25), months)
        policy = reserve.ladder(months[-1])
        live_through(venue, policy, date(2024, 11, 25), date(2025, 1, 6), date(2024, 11, 25))
        fills.append(venue.fills)
        held = [reserve.Rung(m, 500, 500, 3.0, 3.75, one.average(m), reserve.released(
            model.history(date(2025, 2, 1)), m.first_day)) for m in months]  # fmt: skip
        assert [rung.released for rung in held] == [False, bool(n)]
        assert (held[1].relief > 0.0) is bool(n)
        venue.close()
    early = [[fill for fill in some if fill.day <= step] for some in fills]
    assert early[0] == early[1]
    assert len(early[0]) >= 4
    sold = [[f for f in some if not f.buy and f.day >= date(2025, 1, 1)] for some in fills]
    assert sold[0], "a rung that is not released goes"
    assert not sold[1], "a released one stays"


def test_a_sale_knows_nothing_of_what_comes_and_loses_no_cent(tmp_path: Path) -> None:
    """Every price after a day tripled: the sales up to it are the same; run out, what was paid in
    and did not come back is what the position lost, to the micro-dollar."""
    begins, cut, month = date(2024, 10, 1), date(2024, 10, 8), Month(2024, 11)
    index = path(9, date(2024, 6, 1), date(2024, 12, 31))
    hall_of_a_month = hall.Hall("x", begins, month, 1)
    fills, brought = list[list[Fill]](), list[float]()
    for n, one in enumerate((index, stepped(index, date(2024, 10, 9), 3.0))):
        model = model_of(one)
        model.wanted = hall.month_futures
        venue = StudyVenue(tmp_path / str(n), model)
        venue.open(begins, [month])
        live_through(venue, hall.sell(hall_of_a_month), begins, date(2024, 10, 12), begins)
        fills.append(venue.fills)
        run_out(venue, quiet, date(2024, 10, 13), begins)
        cash = Cash.of(venue.statement, venue.fills)
        assert cash.paid_in == -cash.brought_micro
        brought.append(cash.brought)
        sold = -sum(fill.lots_filled * fill.hours_per_lot for fill in venue.fills)
        worth = sum(fill.paid * fill.hours_per_lot for fill in venue.fills)
        final = round(one.average(month) * 1e6)
        # What a short brings: what it was sold at less what it settled at, and its fees.
        assert cash.brought_micro == worth + sold * final - round(cash.fees * 1e6)
    early = [[fill for fill in some if fill.day <= cut] for some in fills]
    assert early[0] == early[1]
    assert len(early[0]) == 8
    assert fills[0] != fills[1]
    assert brought[1] < brought[0], "short of a price that tripled"


def test_a_month_and_a_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(right.main, tmp_path)
    told = capsys.readouterr().out
    assert "simulated index: a simulated path" in told
    assert "its last week sold back" in told


def test_the_week_sold_back_by_hand() -> None:
    """Of a month of 30 days at 2.00 for 24 and a future at 2.10, the rest is sold at 2.50."""
    month = Month(2025, 9)
    fixed = dict.fromkeys(month.dates(), 2_000_000)
    sale = Fill(date(2025, 9, 25), "F", False, 10, 10, 10, 21_000_000, 0.0, 0, 0, 720)
    days, price = right.week_of([sale], month, fixed)
    assert days == 6.0
    assert price == pytest.approx((2.1 * 30 - 2.0 * 24) / 6)
    assert right.week_of([], month, fixed) == (0.0, 0.0)


def test_orders_go_toward_targets_within_what_is_shown() -> None:
    quotes = [Quote("A", 100, 5, 110, 7), Quote("B", 90, 3, 95, 3)]
    orders = toward({"A": 10, "B": -2, "C": 4}, {"B": 4}, quotes, "test")
    assert [(o.symbol, o.buy, o.lots, o.limit_price, o.lots_wanted) for o in orders] == [
        ("A", True, 7, 110, 10),
        ("B", False, 3, 90, 6),
    ]
    assert toward({"A": 1}, {"A": 1}, quotes, "test") == []


def test_cash_of_an_account_by_hand() -> None:
    days = [
        LedgerDay(date(2025, 1, 1), -50, 30, 2, 100, deposits=200, called=1),
        LedgerDay(date(2025, 1, 2), 20, 0, 0, 0, withdrawals=170),
    ]
    cash = Cash.of(days, [])
    assert (cash.brought_micro, cash.paid_in) == (-30, 30)
    assert (cash.premium, cash.peak, cash.calls) == (30e-6, 200e-6, 1)


def test_a_larger_maker_is_larger_in_depth_alone() -> None:
    usual, larger = load_maker_terms(), larger_maker(3)
    assert larger.future_lots == 3 * usual.future_lots
    assert larger.capacity_lots == 3 * usual.capacity_lots
    assert larger.half_spread_ratio == usual.half_spread_ratio


def test_a_mean_needs_its_whole_month() -> None:
    index = Index(list[Fixing](), "none", simulated=True)
    with pytest.raises(AssertionError, match="over"):
        index.average(Month(2025, 1))

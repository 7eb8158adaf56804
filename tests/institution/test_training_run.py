"""The training run through a venue: short, on the simulated path, and blind to what comes later."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lasalle import wire
from lasalle.contracts import Month
from lasalle.hedging import FUTURES, FUTURES_CALLS_SWAP, TrainingRun
from lasalle.indices import Fixing
from lasalle.institution import study_day, training_run
from lasalle.institution.study_day import LAB, StudyVenue
from lasalle.institution.study_model import Model
from lasalle.institution.training_run import load_index, run_out, run_strategy
from lasalle.plain import House
from lasalle.plain.margin import judge
from lasalle.pricing import CurveAssumptions
from lasalle.venue import verify
from lasalle.venue.core import COMPILED_NOTICE, PLAIN_NOTICE, make_core

RUN = TrainingRun("short", date(2024, 12, 20), date(2025, 1, 10), date(2025, 3, 10), run_days=20)
MONTHS = [Month(2025, m) for m in (1, 2, 3)]


@pytest.fixture(scope="module")
def fixings() -> list[Fixing]:
    found, simulated, source = load_index(None)
    assert simulated
    assert "simulated" in source
    return found


def stepped(fixings: list[Fixing], day: date, share: float) -> list[Fixing]:
    """The path with every price from a date on multiplied, in whole micro-dollars."""
    return [
        replace(f, price_micro_dollars=round(f.price_micro_dollars * share)) if f.day >= day else f
        for f in fixings
    ]


def opened(folder, fixings, plain=False, monkeypatch=None):
    if plain:
        monkeypatch.setattr(study_day, "make_core", lambda _: (House(), "plain"))
    venue = StudyVenue(folder, Model(fixings, CurveAssumptions()))
    venue.open(RUN.plan_day + timedelta(days=1), MONTHS)
    return venue


def live_through(folder, fixings, days, plan=FUTURES_CALLS_SWAP):
    """A venue taken through the days after the plan, with every command it sealed."""
    venue = opened(folder, fixings)
    for n in range(1, days + 1):
        day = RUN.plan_day + timedelta(days=n)
        started = RUN.first_start if day >= RUN.first_start else None
        venue.run_day(day, RUN, plan, started)
    return venue, sealed_in(venue)


def sealed_in(venue):
    return [c for b in venue.journal.batches() for _, c in wire.read_frames(b.frames)]


def test_the_hedge_is_traded_settled_and_closed_in_the_venue(tmp_path, fixings) -> None:
    venue, sealed = live_through(tmp_path, fixings, 20)
    run_out(venue, RUN, FUTURES_CALLS_SWAP, RUN.first_start)
    sealed = sealed_in(venue)
    placed = [c for c in sealed if isinstance(c, wire.PlaceOrder)]
    kinds = {
        t.kind.name
        for t in Model(fixings, CurveAssumptions()).listing(
            RUN.plan_day + timedelta(days=1), MONTHS
        )
    }
    assert kinds == {"FUTURE", "CALL", "SWAP"}
    traded = {f.symbol for f in venue.fills if f.lots_filled}
    assert any("_" in s for s in traded), "a swap was traded"
    assert any("-C-" in s for s in traded), "a call was traded"
    assert len(placed) >= len(venue.fills) >= 20
    assert venue.funded_orders == len(placed) - len(venue.fills) > 0
    finals = [
        wire.SettleFinal.unpack(c.payload, wire.SettleFinal.BLOCK)
        for c in sealed
        if isinstance(c, wire.Propose) and c.command == wire.SettleFinal.KIND
    ]
    assert {c.month for c in finals} >= {202501, 202502}
    january = [f.price_micro_dollars for f in fixings if Month.of(f.day) == Month(2025, 1)]
    assert {c.price for c in finals if c.month == 202501} == {round(sum(january) / 31)}
    days = [c.day for c in sealed if isinstance(c, wire.SettleVariation)]
    assert len(days) >= len(venue.statement) - 2, "every day is marked"
    assert any(entry.withdrawals for entry in venue.statement)
    assert sum(entry.fees for entry in venue.statement) > 0
    paid_in = sum(entry.deposits - entry.withdrawals for entry in venue.statement)
    assert paid_in == -sum(entry.cash for entry in venue.statement)
    assert verify(tmp_path).faults == []


def test_calls_are_opened_and_met_with_deposits(tmp_path, fixings, monkeypatch) -> None:
    """The index halves: variation exceeds the lab's cash, the house advances it and opens a
    call, the lab pays on the day, and the core finds the account covered every evening."""
    steep = stepped(fixings, date(2025, 1, 4), 0.5)
    venue = opened(tmp_path, steep, plain=True, monkeypatch=monkeypatch)
    opened_calls, closed_calls, advanced = [], [], 0

    def listen(told) -> None:
        nonlocal advanced
        for _, event in told:
            if getattr(event, "account", 0) == LAB:
                opened_calls.extend([event] if isinstance(event, wire.CallOpened) else [])
                closed_calls.extend([event] if isinstance(event, wire.CallClosed) else [])
                advanced += event.advanced if isinstance(event, wire.PaymentPosted) else 0

    venue.sequencer.listen(listen)
    state = venue.sequencer.core.state
    for n in range(1, 30):
        venue.run_day(RUN.plan_day + timedelta(days=n), RUN, FUTURES, None)
        assert judge(state, state.accounts[LAB]).covered
        assert state.balance(wire.LedgerClass.CASH, LAB) == venue.ledger.cash
        assert state.due(LAB) == venue.ledger.due == 0
    assert len(opened_calls) == len(closed_calls) >= 1
    assert advanced > 0
    worst = max(venue.statement, key=lambda entry: entry.called)
    assert worst.day == date(2025, 1, 5)
    assert worst.owed == advanced == opened_calls[0].amount
    assert worst.deposits >= worst.called > worst.owed


def test_later_prices_change_no_order(tmp_path, fixings) -> None:
    """Every price after a date is changed; quotes, margin and orders up to it stay the same."""
    kinds = (wire.PlaceOrder, wire.MassQuote, wire.LoadMarginRow, wire.Deposit)
    _, one = live_through(tmp_path / "whole", fixings, 36)
    whole = [c for c in one if isinstance(c, kinds)]
    for days in (6, 25):  # while the hedge is built; after the run began and was rolled
        seen_until = RUN.plan_day + timedelta(days=days)
        changed = [
            replace(f, price_micro_dollars=f.price_micro_dollars * 3 + 1)
            if f.day > seen_until
            else f
            for f in fixings
        ]
        _, two = live_through(tmp_path / f"{days}", changed, days + 1)
        until = [c for c in two if isinstance(c, kinds)]
        assert sum(isinstance(c, wire.PlaceOrder) for c in until) >= days
        assert until == whole[: len(until)]
        _, three = live_through(tmp_path / f"{days}-on", changed, days + 3)
        assert [c for c in three if isinstance(c, kinds)] != whole[: len(three)]


def test_a_branch_leaves_its_trunk_alone(tmp_path, fixings) -> None:
    short = replace(RUN, last_start=date(2025, 1, 12))
    model = Model(fixings, CurveAssumptions())
    starts = short.starts()[::2]
    whole = run_strategy(short, FUTURES, model, starts, tmp_path / "two")
    alone = run_strategy(short, FUTURES, model, starts[1:], tmp_path / "one")
    assert len(whole.starts) == 2
    assert whole.starts[1] == alone.starts[0]
    assert whole.starts[0] != whole.starts[1]
    assert whole.starts[1].fills


def test_both_cores_tell_the_lab_the_same(tmp_path, fixings, monkeypatch) -> None:
    if make_core(choice="")[1] != COMPILED_NOTICE:
        pytest.skip("no compiled core was built")
    steep = stepped(fixings, date(2025, 1, 4), 0.5)
    fast, sealed = live_through(tmp_path / "compiled", steep, 30)
    monkeypatch.setenv("LASALLE_CORE", "plain")
    slow, plainly = live_through(tmp_path / "plain", steep, 30)
    assert (fast.notice, slow.notice) == (COMPILED_NOTICE, PLAIN_NOTICE)
    assert sealed == plainly
    assert fast.statement == slow.statement
    assert fast.sequencer.core.state_hash() == slow.sequencer.core.state_hash()


def test_the_first_line_says_simulated(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(training_run, "FALLING", replace(RUN, name="falling"))
    monkeypatch.setattr(training_run, "RISING", replace(RUN, name="rising"))
    short = replace(RUN, last_start=date(2025, 1, 12))
    study = training_run.study

    def brief(prices, every, cells, keep=None):
        return study(prices, every, cells, runs=(replace(short, name="falling"),), keep=keep)

    monkeypatch.setattr(training_run, "study", brief)
    png, words = tmp_path / "chart.png", ["--quick", "--prices", str(tmp_path)]
    keep = tmp_path / "venues"
    assert training_run.main([*words, "--png", str(png), "--keep", str(keep)]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0].startswith("SIMULATED")
    assert "1 of 1 cases done" in told.err
    assert png.read_bytes()[:4] == b"\x89PNG"
    venues = sorted(path.parent for path in keep.rglob("journal"))
    assert len(venues) == 2 * 2  # two strategies, each a trunk and one start
    assert verify(venues[0]).faults == []
    assert training_run.main([*words, "--json", "--png", str(png)]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["index"]["simulated"]
    assert value["notices"][0].startswith("SIMULATED")
    plan = value["plans"]["falling"]
    assert {"unhedged", "futures", "futures_calls_swap"} <= set(plan)

"""Cost of a start, tail over the starts, and a report that says what is real."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from lasalle.contracts import Month
from lasalle.hedging import (
    FUTURES,
    RISING,
    Basis,
    Fill,
    LedgerDay,
    ModelFacts,
    PlanReport,
    SensitivityCell,
    StudyReport,
    TrainingRun,
    cvar_over_starts,
    expected_lots,
    run_bill,
    start_outcome,
    strategy_outcome,
)
from lasalle.hedging.chart import chart
from lasalle.hedging.need import basis, started_lots
from lasalle.hedging.treasury import TreasuryTerms, called, wire_in, wire_out

RUN = TrainingRun("rising", date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 31), 30, 720_000_000)
FIXINGS = {d: 2_000_000 for m in (1, 3, 4) for d in Month(2026, m).dates()}


def test_an_unhedged_bill_is_hours_times_fixings() -> None:
    bill = run_bill(RUN, 720, date(2026, 3, 22), FIXINGS)
    assert bill == {Month(2026, 3): 10 * 24 * 2_000_000, Month(2026, 4): 20 * 24 * 2_000_000}


def test_expected_lots_carry_the_whole_need() -> None:
    wanted = expected_lots(RISING, 7_834_289, RISING.plan_day)
    total = sum((lots * 24 * month.days for month, lots in wanted.items()), Fraction(0))
    assert total == 7_834_289
    assert list(wanted) == [Month(2026, m) for m in (4, 5, 6, 7)]


def test_lots_of_a_started_run_are_its_accelerators() -> None:
    """720 GPU-hours over 30 days are one accelerator: one lot while it runs, part of one after."""
    assert started_lots(RUN, 720, date(2026, 3, 2)) == {Month(2026, 3): 1}
    assert started_lots(RUN, 720, date(2026, 3, 22)) == {
        Month(2026, 3): 1,
        Month(2026, 4): Fraction(20, 30),
    }


@pytest.mark.parametrize(
    ("costs", "cvar"),
    [(list(range(100)), 97), (list(range(40)), 38), ([5], 5), (list(range(30)), 29)],
)
def test_cvar_over_starts(costs: list[int], cvar: int) -> None:
    """Rockafellar and Uryasev (2002): mean of the dearest 5 %, the start at the edge with its part.

    30 starts: 1.5 of them, (29 + 0.5 x 28) / 1.5 = 28.67, rounded 29; 40 starts: (39 + 38) / 2 =
    38.5, to 38.
    """
    assert cvar_over_starts(costs) == cvar


def test_a_start_reads_its_cash_from_the_ledger() -> None:
    statement = [
        LedgerDay(date(2026, 1, 5), -100, 60, 1, 500, deposits=700),
        LedgerDay(date(2026, 2, 5), -50, 0, 1, 700, deposits=150, called=120, owed=20),
        LedgerDay(date(2026, 2, 6), 0, 0, 0, 700, withdrawals=50, called=40),
        LedgerDay(date(2026, 3, 9), 400, 0, 0, 0, withdrawals=1_050),
    ]
    outcome = start_outcome(RUN, 720, date(2026, 3, 1), FIXINGS, statement)
    assert outcome.bill == 720 * 2_000_000
    assert outcome.cost == outcome.bill - 250
    assert (outcome.premium, outcome.fees) == (60, 2)
    assert outcome.peak_margin_cash == 700 + 150
    assert outcome.margin_cash_days == 700 + 850 + 800 + 0
    assert outcome.worst_month == outcome.bill - 400
    assert (outcome.calls, outcome.largest_call, outcome.calls_owed) == (2, 120, 1)


def test_basis_is_what_whole_months_leave() -> None:
    """720 GPU-hours from 22 March: March lots pay the run's own days, April's pay the whole
    month, so that a price that moves after the run ends is the basis."""
    start = date(2026, 3, 22)
    assert basis(RUN, 720, start, FIXINGS) == 0
    later = {d: p + (3_000_000 if d > date(2026, 4, 20) else 0) for d, p in FIXINGS.items()}
    assert basis(RUN, 720, start, later) == -Fraction(20, 30) * 24 * 10 * 3_000_000


def report(simulated: bool) -> StudyReport:
    starts = [date(2026, 3, 1), date(2026, 3, 2)]
    statement = [LedgerDay(date(2026, 3, 1), 100_000_000, 0, 0, 50_000_000, 60_000_000)]
    day, name = date(2026, 1, 2), "H100-2026-03"
    fill = Fill(day, name, True, 20, 10, 5, 5 * 2_010_000, 2_000_000.0, 1_990_000, 10, 744)
    bare = strategy_outcome("unhedged", [start_outcome(RUN, 720, s, FIXINGS) for s in starts])
    paid = strategy_outcome(
        FUTURES.name, [start_outcome(RUN, 720, s, FIXINGS, statement, [fill]) for s in starts]
    )
    outcomes = {
        "unhedged": bare,
        "futures": paid,
        "futures_calls_swap": replace(paid, name="futures_calls_swap"),
    }
    cells = tuple(SensitivityCell(p, v, outcomes) for p in (0.0, 0.05) for v in (1.0, 1.5))
    plan = PlanReport(
        run=RUN,
        need_gpu_hours=720,
        plan_price_micro_dollars=2_000_000,
        plan_evidence_day=RUN.plan_day - timedelta(days=2),
        carried_days=3,
        outcomes=outcomes,
        sensitivity=cells,
        model=ModelFacts(40, 5, 0.4, 0.05, 2.1),
        basis=Basis.over(RUN, 720, starts, FIXINGS),
        days_between_starts=1,
        days_between_cell_starts=4,
    )
    return StudyReport((plan,), simulated, "GCP")


def test_the_report_says_what_is_real_and_what_it_finds() -> None:
    text = report(False).text()
    for words in (
        "not against non-availability",
        f"at 2.00 USD (carried from {RUN.plan_day - timedelta(days=2)})",
        "CVaR over the overlapping starts of one path",
        "In the rising plan the hedge pays 0.00 M USD on average over 2 starts (futures only).",
        "copied",
    ):
        assert words in text
    # At the top, under the table and under the sensitivity: no table stands without it.
    assert text.count("Only the index is real; futures, option and swap prices come from") == 3
    assert report(True).text().startswith("SIMULATED")
    assert "Only the index is real" not in report(True).text()


def test_every_row_shows_fill_slippage_and_depth() -> None:
    lines = report(False).text().splitlines()
    rows = [line for line in lines if "25%" in line and "0.00 (0.00)" in line]
    assert len(rows) == 2 + 4  # both hedges, then each premium and volatility


def test_the_report_for_programs() -> None:
    value = json.loads(json.dumps(report(False).value()))
    plan = value["plans"]["rising"]
    assert {"unhedged", "futures", "futures_calls_swap"} <= set(plan)
    assert plan["futures"]["cost_usd"] == plan["unhedged"]["cost_usd"] - 100
    assert plan["futures"]["fill_ratio"] == 0.5
    assert plan["futures"]["fill_of_wanted"] == 0.25
    assert plan["futures"]["slippage_usd"] == pytest.approx(0.01 * 5 * 744)
    assert plan["futures"]["slippage_to_mark_usd"] == pytest.approx(0.02 * 5 * 744)
    assert plan["futures"]["peak_margin_cash_usd"] == 60
    assert "cvar_over_overlapping_starts_of_one_path_usd" in plan["unhedged"]


def test_a_call_is_answered_and_surplus_comes_back() -> None:
    terms = TreasuryTerms(buffer=1_000, surplus=3_000, step=10)
    assert called(cash=900, required=1_000, due=0) == 100
    assert called(cash=0, required=1_000, due=250) == 1_250
    assert called(cash=1_000, required=1_000, due=0) == 0
    assert wire_in(101, 1_000, terms) == 210
    assert wire_out(1_300, 1_000, terms) == 0
    assert wire_out(1_309, 1_000, terms) == 200
    assert wire_out(1_309, 0, terms) == 1_309


def test_the_chart_is_a_png() -> None:
    assert chart(report(True))[:8] == b"\x89PNG\r\n\x1a\n"

"""The unhedged training run, run for real: every order goes through a venue with a driven clock."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from lasalle.contracts import Month
from lasalle.hedging import (
    FALLING,
    FUTURES,
    FUTURES_CALLS_SWAP,
    RISING,
    HedgePlan,
    PlanReport,
    SensitivityCell,
    StrategyOutcome,
    StudyReport,
    TrainingRun,
    need_gpu_hours,
    start_outcome,
    strategy_outcome,
)
from lasalle.hedging.chart import chart
from lasalle.hedging.report import SIMULATED_NOTICE
from lasalle.indices import Fixing, fixing_history, simulated_history
from lasalle.indices.gcp_history import gcp_history
from lasalle.institution.demo import MARKET_FILE
from lasalle.institution.study_day import Model, StudyVenue
from lasalle.pricing import CurveAssumptions

PRICES = Path(__file__).resolve().parents[3] / "shared" / "data"
PREMIA = (0.0, 0.05, 0.15)
VOLATILITIES = (0.75, 1.0, 1.5)
BASE = (0.05, 1.0)
CELL_EVERY = 30
"""Days between the starts of the other premia and volatilities."""
SIMULATED_FIRST, SIMULATED_LAST = date(2023, 6, 1), date(2026, 9, 30)


def load_index(prices: Path | None) -> tuple[list[Fixing], bool, str]:
    """(fixings, simulated, where they come from)."""
    path = prices / "gpu_prices" / MARKET_FILE if prices else None
    if path is not None and path.exists():
        observed = gcp_history(path)
        last = max(o.day for o in observed) + timedelta(days=62)
        return (
            list(fixing_history(observed, last)),
            False,
            (
                "GCP H100 spot, us-central1 a3-highgpu-8g, rows without flags; "
                "days without a row carry the last fixing"
            ),
        )
    observed = simulated_history(20_240_601, SIMULATED_FIRST, SIMULATED_LAST)
    return list(fixing_history(observed, SIMULATED_LAST)), True, "a simulated path, seed 20240601"


def run_strategy(
    run: TrainingRun, plan: HedgePlan, model: Model, starts: Sequence[date], folder: Path
) -> StrategyOutcome:
    """One strategy through the venue: a common past to the first start, then a branch a start."""
    fixings = {f.day: f.price_micro_dollars for f in model.fixings}
    need = need_gpu_hours(run, fixings)
    last = starts[-1] + timedelta(days=run.run_days)
    months = [
        Month.of(run.first_start).plus(n)
        for n in range(Month.of(last).minus(Month.of(run.first_start)) + 1)
    ]
    trunk = StudyVenue(folder / "trunk", model)
    day = run.plan_day + timedelta(days=1)
    trunk.open(day, months)
    outcomes, fills = [], []
    while day <= starts[-1]:
        if day in starts:
            branch = trunk.branch(folder / day.isoformat())
            end = Month.of(day + timedelta(days=run.run_days - 1)).plus(1).first_day
            now = day
            while now <= end or any(branch.position.values()):
                branch.run_day(now, run, plan, day)
                now += timedelta(days=1)
            outcomes.append(start_outcome(run, need, day, fixings, branch.statement))
            fills += branch.fills
            branch.close()
        trunk.run_day(day, run, plan, None)
        day += timedelta(days=1)
    fills += trunk.fills
    trunk.close()
    return strategy_outcome(plan.name, outcomes, fills)


def run_cell(
    run: TrainingRun, fixings: list[Fixing], every: int, cell: tuple[float, float]
) -> dict[str, StrategyOutcome]:
    """Every strategy of a plan under one risk premium a year and one volatility multiplier."""
    prices = {f.day: f.price_micro_dollars for f in fixings}
    starts = run.starts()[::every]
    need = need_gpu_hours(run, prices)
    bare = [start_outcome(run, need, start, prices) for start in starts]
    outcomes = {"unhedged": strategy_outcome("unhedged", bare)}
    stated = replace(CurveAssumptions(), risk_premium=cell[0], volatility_multiplier=cell[1])
    model = Model(fixings, stated)
    for plan in (FUTURES, FUTURES_CALLS_SWAP):
        with tempfile.TemporaryDirectory() as folder:
            outcomes[plan.name] = run_strategy(run, plan, model, starts, Path(folder))
    return outcomes


def study(
    prices: Path | None,
    every: int,
    cells: Sequence[tuple[float, float]],
    runs: Sequence[TrainingRun] = (FALLING, RISING),
) -> StudyReport:
    """The whole study: the base case at every start asked for, the other cases a month apart."""
    fixings, simulated, source = load_index(prices)
    fixed = {f.day: f.price_micro_dollars for f in fixings}
    asked = [(run, every, BASE) for run in runs]
    asked += [(run, max(every, CELL_EVERY), cell) for run in runs for cell in cells]
    with ProcessPoolExecutor(min(2, len(asked))) as pool:
        jobs = [pool.submit(run_cell, run, fixings, step, cell) for run, step, cell in asked]
        for done, _ in enumerate(as_completed(jobs), 1):
            print(f"{done} of {len(jobs)} cases done", file=sys.stderr, flush=True)
    found = [job.result() for job in jobs]
    plans = []
    for i, run in enumerate(runs):
        end = run.last_start + timedelta(days=run.run_days)
        carried = sum(f.carried for f in fixings if run.plan_day <= f.day <= end)
        first = len(runs) + i * len(cells)
        table = tuple(SensitivityCell(p, v, found[first + k]) for k, (p, v) in enumerate(cells))
        plans.append(
            PlanReport(
                run, need_gpu_hours(run, fixed), fixed[run.plan_day], carried, found[i], table
            )
        )
    return StudyReport(tuple(plans), simulated, source)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="lasalle run-example training-run")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--png", type=Path, default=Path("training-run.png"))
    parser.add_argument("--prices", type=Path, default=PRICES, help="folder with gpu_prices/")
    parser.add_argument("--every", type=int, default=7, help="days between the starts that are run")
    parser.add_argument("--quick", action="store_true", help="the base case alone")
    args = parser.parse_args(argv)
    if load_index(args.prices)[1] and not args.json:
        print(SIMULATED_NOTICE, flush=True)
    cells = () if args.quick else tuple((p, v) for p in PREMIA for v in VOLATILITIES)
    report = study(args.prices, args.every, cells)
    args.png.write_bytes(chart(report))
    if args.json:
        value = report.value()
        value["days_between_starts"] = {"base": args.every, "cells": max(args.every, CELL_EVERY)}
        print(json.dumps(value, indent=2))
    else:
        print(report.text())
        print(
            f"Every order above went through a venue of its own; starts are {args.every} days "
            f"apart. Chart: {args.png}"
        )
    return 0

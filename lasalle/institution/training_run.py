"""The unhedged training run, run for real: every order goes through a venue with a driven clock."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from lasalle.contracts import Month
from lasalle.hedging import (
    FALLING,
    FUTURES,
    FUTURES_CALLS_SWAP,
    RISING,
    Basis,
    HedgePlan,
    ModelFacts,
    PlanReport,
    SensitivityCell,
    StartOutcome,
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
from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.settings import PRICES
from lasalle.institution.study_day import StudyVenue
from lasalle.institution.study_model import Model
from lasalle.pricing import CurveAssumptions
from lasalle.venue.core import make_core

PREMIA = (0.0, 0.05, 0.15)
VOLATILITIES = (0.75, 1.0, 1.5)
BASE = (CurveAssumptions().risk_premium, CurveAssumptions().volatility_multiplier)
EVERY = 7
CELL_EVERY = 28
"""Days between the starts of the other premia and volatilities: every fourth of the base's."""
SIMULATED_FIRST, SIMULATED_LAST = date(2023, 6, 1), date(2026, 9, 30)
AFTER_LAST_DAYS = 62
"""Days the last real fixing is carried, so that the month of the last run day settles."""
MEMORY_DISK = Path("/dev/shm")


def load_index(prices: Path | None) -> tuple[list[Fixing], bool, str]:
    """(fixings, simulated, where they come from)."""
    path = prices / "gpu_prices" / MARKET_FILE if prices else None
    if path is not None and path.exists():
        observed = gcp_history(path)
        last = max(o.day for o in observed)
        fixings = list(fixing_history(observed, last + timedelta(days=AFTER_LAST_DAYS)))
        seen = sum(not f.carried for f in fixings)
        dates = (last - fixings[0].day).days + 1
        source = (
            "GCP H100 spot, us-central1 a3-highgpu-8g, rows without flags; "
            f"{seen} observed dates of {dates} from {fixings[0].day} to {last}, "
            "on the others the last fixing stands and is marked as carried"
        )
        return fixings, False, source
    simulated = simulated_history(20_240_601, SIMULATED_FIRST, SIMULATED_LAST)
    return list(fixing_history(simulated, SIMULATED_LAST)), True, "a simulated path, seed 20240601"


def run_strategy(
    run: TrainingRun,
    plan: HedgePlan,
    model: Model,
    starts: Sequence[date],
    folder: Path,
    keep: bool = False,
) -> StrategyOutcome:
    """One strategy through the venue: a common past to the first start, then a branch a start."""
    fixings = {day: model.fixing(day).price_micro_dollars for day in _span(run)}
    need = need_gpu_hours(run, fixings)
    last = starts[-1] + timedelta(days=run.run_days - 1)
    count = Month.of(last).minus(Month.of(run.first_start)) + 1
    months = [Month.of(run.first_start).plus(n) for n in range(count)]
    trunk = StudyVenue(folder / "trunk", model)
    day = run.plan_day + timedelta(days=1)
    trunk.open(day, months)
    outcomes: list[StartOutcome] = []
    while day <= starts[-1]:
        if day in starts:
            branch = trunk.branch(folder / day.isoformat())
            run_out(branch, run, plan, day)
            if not keep:
                shutil.rmtree(branch.folder)
            outcome = start_outcome(run, need, day, fixings, branch.statement, branch.fills)
            outcomes.append(outcome)
        trunk.run_day(day, run, plan, None)
        day += timedelta(days=1)
    trunk.close()
    return strategy_outcome(plan.name, outcomes)


def run_out(venue: StudyVenue, run: TrainingRun, plan: HedgePlan, start: date) -> None:
    """Takes a venue from the start of the run until everything is settled and taken back."""
    end = Month.of(start + timedelta(days=run.run_days - 1)).plus(1).first_day
    now = start
    while now <= end or any(venue.position.values()):
        venue.run_day(now, run, plan, start)
        now += timedelta(days=1)
    assert venue.ledger.cash == venue.ledger.due == 0, "what was paid in was lost or taken back"
    venue.close()


def _span(run: TrainingRun) -> list[date]:
    last = run.last_start + timedelta(days=run.run_days)
    return [run.plan_day + timedelta(days=n) for n in range((last - run.plan_day).days + 1)]


@dataclass(frozen=True)
class Case:
    """One plan under one risk premium a year and one volatility multiplier."""

    run: TrainingRun
    every: int
    premium: float
    multiplier: float
    keep: Path | None

    @property
    def name(self) -> str:
        return f"{self.run.name}-premium-{self.premium:g}-volatility-{self.multiplier:g}"


def run_case(fixings: list[Fixing], case: Case) -> dict[str, StrategyOutcome]:
    """Every strategy of a case, each through venues of its own."""
    run, prices = case.run, {f.day: f.price_micro_dollars for f in fixings}
    starts = run.starts()[:: case.every]
    need = need_gpu_hours(run, prices)
    bare = [start_outcome(run, need, start, prices) for start in starts]
    outcomes = {"unhedged": strategy_outcome("unhedged", bare)}
    stated = replace(
        CurveAssumptions(), risk_premium=case.premium, volatility_multiplier=case.multiplier
    )
    model = Model(fixings, stated)
    for plan in (FUTURES, FUTURES_CALLS_SWAP):
        with tempfile.TemporaryDirectory(dir=_scratch()) as scratch:
            folder = case.keep / case.name / plan.name if case.keep else Path(scratch)
            outcomes[plan.name] = run_strategy(
                run, plan, model, starts, folder, keep=case.keep is not None
            )
    return outcomes


def _scratch() -> Path | None:
    """A disk in memory where there is one: the folders are thrown away."""
    return MEMORY_DISK if os.access(MEMORY_DISK, os.W_OK) else None


def thinned(outcomes: dict[str, StrategyOutcome], every: int) -> dict[str, StrategyOutcome]:
    """The same outcomes over every so-many-th start alone."""
    return {
        name: strategy_outcome(name, outcome.starts[::every]) for name, outcome in outcomes.items()
    }


def study(
    prices: Path | None,
    every: int,
    cells: Sequence[tuple[float, float]],
    runs: Sequence[TrainingRun] = (FALLING, RISING),
    keep: Path | None = None,
) -> StudyReport:
    """The whole study: the base case at every start asked for, the other cases at fewer."""
    fixings, simulated, source = load_index(prices)
    thin = max(1, CELL_EVERY // every)
    cases = [Case(run, every, *BASE, keep) for run in runs]
    cases += [Case(run, every * thin, *c, keep) for run in runs for c in cells if c != BASE]
    found = _run_all(fixings, cases)
    plans = []
    for run in runs:
        of_run = {
            (c.premium, c.multiplier): o for c, o in zip(cases, found, strict=True) if c.run == run
        }
        base = of_run[BASE]
        table = tuple(
            SensitivityCell(p, v, thinned(base, thin) if (p, v) == BASE else of_run[p, v])
            for p, v in cells
        )
        plans.append(_plan_report(run, fixings, base, table, every, every * thin))
    return StudyReport(tuple(plans), simulated, source)


def _run_all(fixings: list[Fixing], cases: Sequence[Case]) -> list[dict[str, StrategyOutcome]]:
    """Outcomes in the order of the cases; one line on standard error as each is done."""
    began = time.monotonic()
    print(make_core()[1], file=sys.stderr, flush=True)
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(cases))) as pool:
        jobs = {pool.submit(run_case, fixings, case): case for case in cases}
        for done, job in enumerate(as_completed(jobs), 1):
            seconds = time.monotonic() - began
            print(
                f"{done} of {len(jobs)} cases done after {seconds:.0f} s: {jobs[job].name}",
                file=sys.stderr,
                flush=True,
            )
    return [job.result() for job in jobs]


def _plan_report(
    run: TrainingRun,
    fixings: list[Fixing],
    outcomes: dict[str, StrategyOutcome],
    table: tuple[SensitivityCell, ...],
    every: int,
    cell_every: int,
) -> PlanReport:
    prices = {f.day: f.price_micro_dollars for f in fixings}
    standing = next(f for f in fixings if f.day == run.plan_day)
    end = run.last_start + timedelta(days=run.run_days)
    need = need_gpu_hours(run, prices)
    stated = CurveAssumptions()
    model = Model(fixings, stated)
    sizing = run.plan_day + timedelta(days=1)
    curve = model.curve(sizing)
    ahead = float(curve.forward((run.first_start - run.plan_day).days / 365))
    return PlanReport(
        run=run,
        need_gpu_hours=need,
        plan_price_micro_dollars=standing.price_micro_dollars,
        plan_evidence_day=standing.evidence_day,
        carried_days=sum(f.carried for f in fixings if run.plan_day <= f.day <= end),
        outcomes=outcomes,
        sensitivity=table,
        model=ModelFacts(
            fixings=curve.fixings,
            observed=model.observed(sizing),
            volatility=curve.volatility,
            risk_premium=stated.risk_premium,
            forward=ahead,
        ),
        basis=Basis.over(run, need, [s.start for s in outcomes["unhedged"].starts], prices),
        days_between_starts=every,
        days_between_cell_starts=cell_every,
    )


def parser() -> argparse.ArgumentParser:
    """Words of the example."""
    words = argparse.ArgumentParser(prog="lasalle run-example training-run")
    words.add_argument("--json", action="store_true", help="for programs")
    words.add_argument("--png", type=Path, default=Path("training-run.png"), help="the chart")
    words.add_argument("--prices", type=Path, default=PRICES, help="folder with gpu_prices/")
    words.add_argument("--every", type=int, default=EVERY, help="days between starts (1: all)")
    words.add_argument("--quick", action="store_true", help="the base case alone")
    words.add_argument(
        "--keep", type=Path, help="keeps the folder of every venue here, for lasalle verify"
    )
    return words


def main(argv: list[str]) -> int:
    """Runs the example; standard output holds the report alone, progress is on standard error."""
    args = parser().parse_args(argv)
    if args.every < 1:
        raise ValueError(f"--every: expected at least 1, found {args.every}")
    if load_index(args.prices)[1]:
        print(SIMULATED_NOTICE, file=sys.stderr, flush=True)
    if args.keep:
        if args.keep.exists() and any(args.keep.iterdir()):
            raise ValueError(f"--keep: expected an empty folder, found {args.keep}")
        args.keep.mkdir(parents=True, exist_ok=True)
    cells = () if args.quick else tuple((p, v) for p in PREMIA for v in VOLATILITIES)
    report = study(args.prices, args.every, cells, keep=args.keep)
    args.png.write_bytes(chart(report))
    print(json.dumps(report.value(), indent=2) if args.json else report.text())
    print(f"Chart: {args.png}", file=sys.stderr)
    return 0

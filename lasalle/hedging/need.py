"""What the run needs and what it costs without a hedge: exact, rounded once where it is named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache

from lasalle.contracts import Month, hours
from lasalle.hedging.model import TrainingRun


def need_gpu_hours(run: TrainingRun, fixings: Mapping[date, int]) -> int:
    """GPU-hours the budget buys at the plan day's fixing, rounded up; fixed from then on."""
    if run.plan_day not in fixings:
        raise ValueError(f"fixings: expected one for {run.plan_day}, found none")
    return -(-run.budget_micro_dollars // fixings[run.plan_day])


def daily_hours(run: TrainingRun, need: int) -> Fraction:
    """GPU-hours of each run day, exact."""
    return Fraction(need, run.run_days)


def run_bill(
    run: TrainingRun, need: int, start: date, fixings: Mapping[date, int]
) -> dict[Month, int]:
    """Floating bill in micro-dollars by calendar month; each month is rounded half to even once."""
    exact: dict[Month, Fraction] = {}
    for day in run.dates(start):
        if day not in fixings:
            raise ValueError(f"fixings: expected one for {day}, found none")
        month = Month.of(day)
        exact[month] = exact.get(month, Fraction(0)) + daily_hours(run, need) * fixings[day]
    return {month: round(cost) for month, cost in exact.items()}


@cache
def expected_lots(run: TrainingRun, need: int, from_day: date) -> dict[Month, Fraction]:
    """Expected need by month in month lots, every start not before `from_day` being equally
    likely.
    """
    starts = run.starts(from_day)
    run_days: dict[Month, int] = {}
    for start in starts:
        for day in run.dates(start):
            month = Month.of(day)
            run_days[month] = run_days.get(month, 0) + 1
    weight = daily_hours(run, need) / max(1, len(starts))
    return {month: weight * count / hours(month) for month, count in run_days.items()}


def basis(run: TrainingRun, need: int, start: date, fixings: Mapping[date, int]) -> Fraction:
    """Bill of a start less what its month lots are worth from the start on, micro-dollars.

    What month futures cannot carry: they average whole months, the run pays its own days. Exact.
    """
    bill = sum((daily_hours(run, need) * fixings[day] for day in run.dates(start)), Fraction(0))
    carried = Fraction(0)
    for month, lots in started_lots(run, need, start).items():
        days = [day for day in month.dates() if day >= start]
        carried += lots * 24 * sum(fixings[day] for day in days)
    return bill - carried


def started_lots(run: TrainingRun, need: int, start: date) -> dict[Month, Fraction]:
    """Lots that carry a run whose start is known.

    In the month of the start a lot is worth the fixings from the start on; in a later month it
    is worth all of them, so that fewer lots carry the days the run still has there.
    """
    accelerators = daily_hours(run, need) / 24
    run_days: dict[Month, int] = {}
    for day in run.dates(start):
        run_days[Month.of(day)] = run_days.get(Month.of(day), 0) + 1
    first = Month.of(start)
    carried = {m: (m.last_day - start).days + 1 if m == first else m.days for m in run_days}
    return {month: accelerators * days / carried[month] for month, days in run_days.items()}

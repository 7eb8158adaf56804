"""`lasalle run-example walk-forward`: the planner on real prices, month by month, nothing seen in
advance.

GPU: the price list of GCP's H100 in us-central1, real; futures and calls are the maker's model on
fixings before the day. Natural gas and crude oil: traded futures, real, forwards too; each month
stands for one of the need, and settles at its own contract's price on the 15th of the month before.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean

import numpy as np
import pyarrow.parquet as parquet

from lasalle.contracts import Month
from lasalle.hedging.plan.board import tradable
from lasalle.hedging.plan.drawing import PriceLaw
from lasalle.hedging.plan.instruments import Instrument, Kind, Level
from lasalle.hedging.plan.need import Need, horizon, read_need
from lasalle.hedging.plan.optimiser import Limits
from lasalle.hedging.plan.walk import Bought, Judged, Year, buy, by_year
from lasalle.institution.evidence import PRICES
from lasalle.institution.hedge_market import modelled_market
from lasalle.institution.training_run import load_index
from lasalle.pricing.processes.history import FuturesHistory
from lasalle.pricing.processes.two_factor_fit import fit_panel

FUTURES = "futures_nearby_NG_CL_2007.parquet"
DISTANCES = (1, 3, 6, 9, 12, 18, 24)
FIT_YEARS, FIT_DAYS = 3, 7
AHEAD, WINDOW = 6, 6
"""Months from the plan to the first start, and months of starts."""
LOT, HALF_SPREAD = 10_000.0, 0.001
DOLLARS = 20_000_000.0
Curves = dict[date, dict[int, float]]


def need_of(day: date, grade: str, run_days: int, stones: bool) -> Need:
    """20 million dollars at the price of the day, a start six to eleven months later; at the first
    of a month where `stones`, else on any day.
    """
    first = Month.of(day).plus(AHEAD)
    last = first.plus(WINDOW - 1)
    if stones:
        rows = [
            f"[[start.milestones]]\nday = {first.plus(n).first_day}\nprobability = {1 / WINDOW!r}"
            for n in range(WINDOW)
        ]
        start = f"[start]\nrun_days = {run_days}\n" + "\n".join(rows)
    else:
        window = f"earliest = {first.first_day}\nlatest = {last.last_day}"
        start = f"[start]\nrun_days = {run_days}\n{window}"
    text = (
        f'name = "walk"\ngrade = "{grade}"\nlocation = "any"\n[amount]\ndollars = {DOLLARS}\n'
        f"[bill]\ndeviation = 0.0\n[supply]\nshortage = 0.0\nfailure = 0.0\n{start}\n"
    )
    return read_need(text, "walk.toml")


def gpu(prices: Path, every: int) -> tuple[list[Judged], str, int]:
    """Starts of every plan on the H100 price list whose months have settled, where it comes from,
    and how many plans there were.
    """
    fixings, simulated, source = load_index(prices)
    known = {one.day: one.price_micro_dollars / 1e6 for one in fixings}
    observed = max(one.day for one in fixings if not one.carried)
    settled = _averages(known, observed)
    judged, plans, month = [], 0, Month.of(min(known)).plus(1)
    while month.plus(AHEAD + WINDOW).last_day <= observed:
        day = month.first_day
        need = need_of(day, "H100", 30, stones=False)
        market = modelled_market(day, fixings, horizon(need, day))
        instruments, _ = tradable(need, horizon(need, day), market.board, {})
        bought = buy(need, day, market.curve, market.law, instruments, Limits())
        hours = need.hours(market.curve[month])
        brought = bought.brought_in(settled)
        start = need.first_start
        while start <= need.last_start:
            bill = hours / 30 * sum(known[start + timedelta(days=n)] for n in range(30))
            judged.append(Judged(day, start, bill, bill - brought))
            start += timedelta(days=7)
        plans, month = plans + 1, month.plus(every)
    return judged, ("SIMULATED: " if simulated else "") + source, plans


def _averages(known: Mapping[date, float], last: date) -> dict[Month, float]:
    """Mean of each month whose dates are all over by a last one."""
    found: dict[Month, float] = {}
    for month in sorted({Month.of(day) for day in known}):
        if month.last_day <= last and all(day in known for day in month.dates()):
            found[month] = fmean(known[day] for day in month.dates())
    return found


def traded(root: str, curves: Curves, every: int) -> tuple[list[Judged], int]:
    """Starts of every plan on traded futures, and how many plans there were."""
    settled = dict(_settlements(curves))
    days = _firsts(curves)
    law: PriceLaw | None = None
    fitted_in, judged, plans = 0, list[Judged](), 0
    for day in days[::every]:
        if (day - min(curves)).days < 365 * FIT_YEARS:
            continue
        if day.year != fitted_in:
            law, fitted_in = _law(root, curves, day), day.year
        assert law is not None, "fitted above"
        bought, need = _bought(root, day, curves[day], law)
        months = [Month.of(one.day) for one in need.start.milestones]
        if not set(months) <= set(settled):
            continue
        plans += 1
        brought = bought.brought_in(settled)
        for one in need.start.milestones:
            hours = need.hours(curves[day][1])
            bill = hours * settled[Month.of(one.day)]
            judged.append(Judged(day, one.day, bill, bill - brought))
    return judged, plans


def _bought(
    root: str, day: date, nearby: Mapping[int, float], law: PriceLaw
) -> tuple[Bought, Need]:
    """The hedge of a day in the month futures of the window, at settlement and half a spread."""
    need = need_of(day, root, 28, stones=True)
    months = horizon(need, day)
    today = Month.of(day)
    curve = {month: nearby[max(month.minus(today), 1)] for month in months}
    instruments = []
    for n, month in enumerate(months):
        if month < Month.of(need.first_start):
            continue
        hours = np.zeros(len(months))
        hours[n] = LOT
        ladder = (Level(curve[month] * (1 + HALF_SPREAD), 1e6),)
        instruments.append(Instrument(f"{root} {month}", Kind.FUTURE, hours, ladder, most_lots=1e6))
    return buy(need, day, curve, law, instruments, Limits()), need


def _law(root: str, curves: Curves, day: date) -> PriceLaw:
    """Two factors fitted by maximum likelihood on the weeks of the three years before a day."""
    since = day - timedelta(days=365 * FIT_YEARS)
    dates: list[date] = []
    for one in sorted(curves):
        if since <= one < day and (not dates or (one - dates[-1]).days >= FIT_DAYS):
            dates.append(one)
    prices = np.array([[curves[one][n] for n in DISTANCES] for one in dates])
    # A contract's month begins so many months on, less the days of this one that are over.
    years = np.array([[(n - (one.day - 1) / 30.4) / 12 for n in DISTANCES] for one in dates])
    history = FuturesHistory(root, tuple(dates), years, prices)
    made = fit_panel(history, errors=False).process
    return PriceLaw(
        made.reversion, made.short_volatility, made.long_volatility, made.correlation
    )  # fmt: skip


def _firsts(curves: Curves) -> list[date]:
    """First trading date of each month."""
    found: dict[Month, date] = {}
    for day in sorted(curves):
        found.setdefault(Month.of(day), day)
    return list(found.values())


def _settlements(curves: Curves) -> Iterator[tuple[Month, float]]:
    """(month, price of its contract on the last trading date to the 15th of the month before)."""
    latest: dict[Month, date] = {}
    for day in sorted(curves):
        if day.day <= 15:
            latest[Month.of(day)] = day
    for month, day in latest.items():
        yield month.plus(1), curves[day][1]


def read_futures(prices: Path) -> dict[str, Curves]:
    """Settlement prices by root, date and nearby, of dates with all that is needed."""
    found: dict[str, Curves] = defaultdict(lambda: defaultdict(dict))
    for row in parquet.read_table(prices / "power" / FUTURES).to_pylist():
        if row["value"] > 0.0:
            found[row["root"]][row["date"].date()][row["nearby"]] = row["value"]
    needed = set(range(1, max(DISTANCES) + 1))
    return {
        root: {day: held for day, held in curves.items() if needed <= set(held)}
        for root, curves in found.items()
    }


def main(argv: list[str]) -> int:
    """Runs the example; standard output holds the report alone."""
    words = argparse.ArgumentParser(prog="lasalle run-example walk-forward")
    words.add_argument("--json", action="store_true", help="for programs")
    words.add_argument("--prices", type=Path, default=PRICES, help="folder of price histories")
    words.add_argument("--every", type=int, default=1, help="months between plans")
    args = words.parse_args(argv)
    if args.every < 1:
        raise ValueError(f"--every: expected at least 1, found {args.every}")
    print("planning the H100 list ...", file=sys.stderr, flush=True)
    judged, source, plans = gpu(args.prices, args.every)
    found = {"H100 list": (by_year(judged), f"{source}; quotes MODELLED", plans)}
    file = args.prices / "power" / FUTURES
    if file.exists():
        for root, curves in sorted(read_futures(args.prices).items()):
            print(f"planning {root} ...", file=sys.stderr, flush=True)
            judged, plans = traded(root, curves, args.every)
            said = "traded futures, real, forwards too; half a spread of 0.1 % assumed"
            found[root] = (by_year(judged), said, plans)
    else:
        print(f"{file}: not there; traded futures are left out", file=sys.stderr)
    print(_value(found) if args.json else _told(found))
    return 0


Found = dict[str, tuple[list[Year], str, int]]


def _value(found: Found) -> str:
    return json.dumps(
        {
            name: {
                "source": said,
                "plans": plans,
                "years": [{n: getattr(one, n) for n in one.__slots__} for one in years],
            }
            for name, (years, said, plans) in found.items()
        },
        indent=2,
    )


def _told(found: Found) -> str:
    lines = []
    for name, (years, said, plans) in found.items():
        lines += [
            f"{name}: {said}",
            f"  {plans} plans, each on what was known that day; starts overlap, so that no figure"
            " is a probability",
            "  million USD   starts    bare  hedged   bare tail  hedged tail   bare spread"
            "  hedged spread   hedge lost",
        ]
        for one in years:
            word = str(one.year) if one.year else "all"
            lines.append(
                f"  {word:>11}{one.starts:9,}{one.bare / 1e6:8.2f}{one.hedged / 1e6:8.2f}"
                f"{one.bare_tail / 1e6:12.2f}{one.hedged_tail / 1e6:13.2f}"
                f"{one.bare_spread / 1e6:14.2f}{one.hedged_spread / 1e6:15.2f}{one.lost:13.0%}"
            )
        lines.append("")
    lines.append(
        "tail: mean of the dearest tenth; hedge lost: share of the starts that were dearer with"
        " the plan. A hedge bounds a cost; where prices fell it lost."
    )
    return "\n".join(lines)

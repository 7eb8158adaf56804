"""`lasalle run-example walk-forward`: the planner on real prices, month by month, nothing seen in
advance.

GPU: lists of one provider each, real (`walk_prices.py`); futures and calls are the maker's model on
fixings before the day. Natural gas and crude oil: traded futures, real, forwards too; each month
stands for one of the need, and settles at its own contract's price on the 15th of the month before.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from lasalle.hedging.plan.walk import Bought, Judged, buy
from lasalle.institution.hedge_market import modelled_market
from lasalle.institution.settings import PRICES
from lasalle.institution.walk_prices import PriceList, price_lists
from lasalle.institution.walk_told import Walk, told
from lasalle.pricing.processes.history import FuturesHistory
from lasalle.pricing.processes.two_factor_fit import fit_panel

FUTURES = "futures_nearby_NG_CL_2007.parquet"
DISTANCES = (1, 3, 6, 9, 12, 18, 24)
FIT_YEARS, FIT_DAYS = 3, 7
FORTNIGHT = 14
LOT, HALF_SPREAD = 10_000.0, 0.001
DOLLARS = 20_000_000.0
Curves = dict[date, dict[int, float]]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Months from a plan to the first start, and months of starts; a run may last a month more."""

    first: int
    window: int

    @property
    def last(self) -> int:
        """Months to the last that a run may need."""
        return self.first + self.window

    def __str__(self) -> str:
        return f"starts {self.first} to {self.first + self.window - 1} months ahead"


FAR, NEAR = Ahead(6, 6), Ahead(2, 3)
"""What the charter's lab does not know; and a shorter question, of which more is over."""


def need_of(day: date, grade: str, run_days: int, stones: bool, ahead: Ahead | None = None) -> Need:
    """20 million dollars at the price of the day, a start so many months later, six to eleven
    unless stated; at the first of a month where `stones`, else on any day.
    """
    span = ahead or FAR
    first = Month.of(day).plus(span.first)
    last = first.plus(span.window - 1)
    if stones:
        chance = 1 / span.window
        rows = [
            f"[[start.milestones]]\nday = {first.plus(n).first_day}\nprobability = {chance!r}"
            for n in range(span.window)
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


def walked(
    listed: PriceList, ahead: Ahead, every: int = 1, until: date = date.max
) -> tuple[list[Judged], int]:
    """Starts of every plan on a list of prices whose months have settled, and how many plans there
    were: one a fortnight after the list's first date, then one each first of a month.
    """
    known, observed = listed.known(), min(listed.observed, until)
    settled = _averages(known, observed)
    judged, plans = list[Judged](), 0
    for day in plan_days(listed.begins, observed)[::every]:
        if Month.of(day).plus(ahead.last).last_day > observed:
            break
        need = need_of(day, listed.name.split()[0], 30, stones=False, ahead=ahead)
        months = horizon(need, day)
        market = modelled_market(day, listed.fixings, months, margined=False)
        instruments, _ = tradable(need, months, market.board, {})
        bought = buy(need, day, market.curve, market.law, instruments, Limits())
        hours = need.hours(market.curve[Month.of(day)])
        brought = bought.brought_in(settled)
        start = need.first_start
        while start + timedelta(days=29) <= observed and start <= need.last_start:
            bill = hours / 30 * sum(known[start + timedelta(days=n)] for n in range(30))
            judged.append(Judged(day, start, bill, bill - brought))
            start += timedelta(days=7)
        plans += 1
    return judged, plans


def plan_days(first: date, last: date) -> list[date]:
    """A fortnight after a first date, then every first of a month that is no nearer to it."""
    days = [first + timedelta(days=FORTNIGHT)]
    month = Month.of(days[0]).plus(1)
    while month.first_day <= last:
        if (month.first_day - days[0]).days >= FORTNIGHT:
            days.append(month.first_day)
        month = month.plus(1)
    return days


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
    found: list[Walk] = []
    for listed in price_lists(args.prices):
        for ahead in (FAR, NEAR):
            _say(f"planning {listed.name}, {ahead} ...")
            judged, plans = walked(listed, ahead, args.every)
            said = ("SIMULATED: " if listed.simulated else "") + listed.source
            if plans:
                name = f"{listed.name}, {ahead}"
                found.append(Walk(name, f"{said}; quotes MODELLED", plans, tuple(judged), ahead))
    for ahead in (FAR, NEAR):
        found.append(_together(ahead, [one for one in found if one.ahead == ahead]))
    file = args.prices / "power" / FUTURES
    if file.exists():
        for root, curves in sorted(read_futures(args.prices).items()):
            _say(f"planning {root} ...")
            judged, plans = traded(root, curves, args.every)
            said = "traded futures, real, forwards too; half a spread of 0.1 % assumed"
            found.append(Walk(root, said, plans, tuple(judged), FAR))
    else:
        _say(f"{file}: not there; traded futures are left out")
    print(json.dumps([one.value() for one in found], indent=2) if args.json else told(found))
    return 0


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _together(ahead: Ahead, walks: Sequence[Walk]) -> Walk:
    """The walks over all lists of prices as one."""
    judged = tuple(one for walk in walks for one in walk.judged)
    plans = sum(walk.plans for walk in walks)
    return Walk(f"all lists, {ahead}", "the lists above together", plans, judged, ahead)

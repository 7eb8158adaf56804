"""The planner on traded futures of natural gas and crude oil, whose forwards are real.

Each month of a need is a month's contract, settled at its own price on the 15th of the month before
or the last trading date to it; a run pays each day what the contract of its month settled at. In
the last days of a month the nearest contract is not the same on every market, so that only dates up
to the 17th are read. Assumed: half a spread, any depth, and margin at the 99 % fall of two weeks
under the fitted law. Calls are MODELLED where they are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from math import exp, sqrt
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

from lasalle.contracts import (
    LIST_FAMILY,
    LIST_PRODUCTS,
    Month,
    SeriesKind,
    SeriesTerms,
    load_standards,
    months_ahead,
    series_listing,
)
from lasalle.hedging.plan.board import Quoted
from lasalle.hedging.plan.drawing import PriceLaw
from lasalle.hedging.plan.instruments import Kind, Level
from lasalle.hedging.plan.market import Market
from lasalle.hedging.plan.need import horizon
from lasalle.hedging.plan.planning import make_plan
from lasalle.hedging.plan.walk import Judged, judge
from lasalle.institution.walk_needs import COUNT, need_of
from lasalle.pricing.black import black
from lasalle.pricing.processes.history import FuturesHistory
from lasalle.pricing.processes.two_factor_fit import fit_panel

CRUDE = 25.0
"""A barrel is read as so many units, so that a lot of crude is about as many dollars as one of
compute, and whole lots as fine.
"""
FUTURES = "futures_nearby_NG_CL_2007.parquet"
DISTANCES = (1, 3, 6, 9, 12, 18, 24)
FIT_YEARS, FIT_DAYS = 3, 7
SETTLES, LAST_READ = 15, 17
HALF_SPREAD, DEPTH = 0.001, 1e6
DEARER = 1.1
"""Volatility a modelled call is offered at, over the fitted one."""
MARGIN_DEVIATIONS, MARGIN_YEARS = 2.33, 14 / 365
Curves = dict[date, dict[int, float]]


def traded(
    root: str,
    curves: Curves,
    *,
    every: int = 1,
    calls: bool = False,
    count: int = COUNT,
    mean_weight: float = 0.0,
    tell: Callable[[date], None] | None = None,
) -> list[Judged]:
    """Every plan on traded futures whose months have settled, the first trading date of each month
    on; with modelled calls beside them, or futures alone.
    """
    read = {day: held for day, held in curves.items() if day.day <= LAST_READ}
    settled = settlements(read)
    days = [day for day in _firsts(read) if (day - min(read)).days >= 365 * FIT_YEARS]
    kinds = (Kind.FUTURE, Kind.CALL) if calls else (Kind.FUTURE,)
    law: PriceLaw | None = None
    fitted_in, judged = 0, list[Judged]()
    for day in days[::every]:
        need = need_of(day, root, instruments=kinds, mean_weight=mean_weight)
        months = horizon(need, day)
        if months[-1] not in settled:
            break
        if law is None or day.year != fitted_in:
            law, fitted_in = fitted(root, read, day), day.year
        if tell:
            tell(day)
        plan = make_plan(
            need, _market(day, read[day], law, calls), {}, count=count, points=0, ask_aside=False
        )
        paid = {
            one: settled[month] for month in months for one in month.dates() if month in settled
        }
        judged.append(judge(plan, paid, settled, _marks(read, day, months)))
    return judged


def fitted(root: str, curves: Curves, day: date) -> PriceLaw:
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


def _market(day: date, nearby: Mapping[int, float], law: PriceLaw, calls: bool) -> Market:
    """Month futures at settlement and half a spread, and calls on them where asked for, under the
    terms of the house's series.
    """
    standards = load_standards(LIST_FAMILY, LIST_PRODUCTS)
    strip = [Month.of(day).plus(n) for n in range(months_ahead(standards))]
    curve = {month: nearby[max(n, 1)] for n, month in enumerate(strip)}
    listed = series_listing(standards, day, {m: round(p * 1e6) for m, p in curve.items()})
    wanted = (SeriesKind.FUTURE, SeriesKind.CALL) if calls else (SeriesKind.FUTURE,)
    board = [_quoted(one, day, curve, law) for one in listed
             if one.kind in wanted and one.months[0] > strip[1]]  # fmt: skip
    return Market(day=day, curve=curve, law=law, board=tuple(board))


def _quoted(terms: SeriesTerms, day: date, curve: Mapping[Month, float], law: PriceLaw) -> Quoted:
    month = terms.months[0]
    forward = curve[month]
    begins = (month.first_day - day).days / 365
    if terms.kind is SeriesKind.FUTURE:
        level = Level(forward * (1 + HALF_SPREAD), DEPTH)
        own = MARGIN_DEVIATIONS * sqrt(_variance(law, begins, MARGIN_YEARS))
        margin = forward * (1 - exp(-own)) * terms.hours_per_lot
        return Quoted(terms, (level,), (), margin, margin)
    ends = (month.plus(-1).first_day + timedelta(days=SETTLES - 1) - day).days / 365
    deviation = DEARER * sqrt(_variance(law, begins, ends))
    price = float(black(1.0, forward, terms.strike_micro_dollars / 1e6, deviation))
    return Quoted(terms, (Level(max(price, 1e-6), DEPTH),), (), 0.0, 0.0)


def _variance(law: PriceLaw, begins: float, over: float) -> float:
    """Variance of the log price of a contract whose month begins in `begins` years, over the next
    `over` of them.
    """
    pull, short, long = law.reversion, law.passing, law.lasting
    one, two = (
        (exp(-n * pull * (begins - over)) - exp(-n * pull * begins)) / (n * pull) for n in (1, 2)
    )
    return short**2 * two + long**2 * over + 2 * law.correlation * short * long * one


def _marks(curves: Curves, day: date, months: tuple[Month, ...]) -> Iterator[dict[Month, float]]:
    """Settlement prices of each later date, of the months whose contracts still trade."""
    for one in sorted(curves):
        today = Month.of(one)
        if one <= day or today > months[-1]:
            continue
        alive = [m for m in months if m.minus(today) > (0 if one.day <= SETTLES else 1)]
        yield {month: curves[one][month.minus(today)] for month in alive}


def _firsts(curves: Curves) -> list[date]:
    """First trading date of each month."""
    found: dict[Month, date] = {}
    for day in sorted(curves):
        found.setdefault(Month.of(day), day)
    return list(found.values())


def settlements(curves: Curves) -> dict[Month, float]:
    """Price of each month's contract on the last trading date to the 15th of the month before."""
    latest: dict[Month, date] = {}
    for day in sorted(curves):
        if day.day <= SETTLES:
            latest[Month.of(day)] = day
    return {month.plus(1): curves[day][1] for month, day in latest.items()}


def read_futures(prices: Path) -> dict[str, Curves]:
    """Settlement prices by root, date and nearby, of dates with all that is needed."""
    found: dict[str, Curves] = defaultdict(lambda: defaultdict(dict))
    for row in parquet.read_table(prices / "power" / FUTURES).to_pylist():
        if row["value"] > 0.0:
            unit = CRUDE if row["root"] == "CL" else 1.0
            found[row["root"]][row["date"].date()][row["nearby"]] = row["value"] / unit
    needed = set(range(1, max(DISTANCES) + 1))
    return {
        root: {day: held for day, held in curves.items() if needed <= set(held)}
        for root, curves in found.items()
    }

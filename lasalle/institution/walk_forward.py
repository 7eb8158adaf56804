"""`lasalle run-example walk-forward`: the planner on real prices, month by month, nothing seen in
advance.

GPU: lists of one provider each, real (`walk_prices.py`); futures, swaps and calls are the maker's
model on fixings before the day. Natural gas and crude oil: traded futures, forwards real too
(`walk_traded.py`). The need is the one that ships (`walk_needs.py`), the planner that of
`lasalle hedge plan`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean

from lasalle.contracts import Month
from lasalle.hedging.plan.need import horizon
from lasalle.hedging.plan.planning import make_plan
from lasalle.hedging.plan.walk import Judged, judge
from lasalle.institution.hedge_market import modelled_market
from lasalle.institution.settings import PRICES
from lasalle.institution.study_model import Model
from lasalle.institution.walk_needs import (
    COUNT,
    HALVED,
    QUARTERED,
    SHIPPED,
    Ahead,
    need_of,
    plan_days,
)
from lasalle.institution.walk_prices import PriceList, price_lists
from lasalle.institution.walk_told import Walk, told
from lasalle.institution.walk_traded import FUTURES, Curves, read_futures, traded
from lasalle.pricing import CurveAssumptions, month_curve

MARKETS = ("lists", "CL", "NG")
MARK_DAYS = 7
ENOUGH = 12
"""Plans of a year: a list with fewer of them is walked over a shorter window too."""
Tell = Callable[[date], None]


def walked(
    listed: PriceList,
    ahead: Ahead = SHIPPED,
    *,
    every: int = 1,
    count: int = COUNT,
    mean_weight: float = 0.0,
    tell: Tell | None = None,
) -> list[Judged]:
    """Every plan on a list of prices whose months have settled: one a fortnight after the list's
    first date, then one each first of a month.
    """
    known, observed = listed.known(), listed.observed
    settled = _averages(known, observed)
    believed = Model(list(listed.fixings), CurveAssumptions())
    judged = list[Judged]()
    for day in plan_days(listed.begins, observed)[::every]:
        need = need_of(day, listed.name, ahead, mean_weight=mean_weight)
        months = horizon(need, day)
        if months[-1].last_day > observed:
            break
        if tell:
            tell(day)
        market = modelled_market(day, listed.fixings, months)
        plan = make_plan(need, market, {}, count=count, points=0, ask_aside=False)
        judged.append(judge(plan, known, settled, _marks(believed, day, months)))
    return judged


def _marks(model: Model, day: date, months: Sequence[Month]) -> Iterator[Mapping[Month, float]]:
    """What the maker's model marks at each week after a day, of the months that are not over."""
    one = day + timedelta(days=MARK_DAYS)
    while one <= months[-1].last_day:
        alive = [month for month in months if month.last_day >= one]
        curve = month_curve(model.curve(one), model.prices(one), alive)
        yield {month: curve[month].value for month in alive}
        one += timedelta(days=MARK_DAYS)


def _averages(known: Mapping[date, float], last: date) -> dict[Month, float]:
    """Mean of each month whose dates are all over by a last one."""
    found: dict[Month, float] = {}
    for month in sorted({Month.of(day) for day in known}):
        if month.last_day <= last and all(day in known for day in month.dates()):
            found[month] = fmean(known[day] for day in month.dates())
    return found


def main(argv: list[str]) -> int:
    """Runs the example; standard output holds the report alone."""
    words = argparse.ArgumentParser(prog="lasalle run-example walk-forward")
    words.add_argument("--json", action="store_true", help="for programs")
    words.add_argument("--png", type=Path, help="the picture, by year of the plan")
    words.add_argument("--prices", type=Path, default=PRICES, help="folder of price histories")
    words.add_argument("--every", type=int, default=1, help="months between plans")
    words.add_argument("--market", choices=MARKETS, action="append", help="this one; again, more")
    words.add_argument(
        "--mean-weight", type=float, default=0.0, help="what a dollar of expected cost counts"
    )
    args = words.parse_args(argv)
    if args.every < 1:
        raise ValueError(f"--every: expected at least 1, found {args.every}")
    if not 0 <= args.mean_weight <= 100:
        raise ValueError(f"--mean-weight: expected 0 to 100, found {args.mean_weight}")
    found: list[Walk] = []
    weight = args.mean_weight
    markets = args.market or MARKETS
    if "lists" in markets:
        found += _lists(args.prices, args.every, weight)
    file = args.prices / "power" / FUTURES
    roots = [name for name in markets if name != "lists"]
    if file.exists():
        curves = read_futures(args.prices) if roots else {}
        for root in roots:
            found += _futures(root, curves[root], args.every, weight)
    elif roots:
        _say(f"{file}: not there; traded futures are left out")
    if args.png:
        # Loaded where something is drawn.
        from lasalle.institution.walk_chart import chart

        args.png.write_bytes(chart(found))
    print(json.dumps([one.value() for one in found], indent=2) if args.json else told(found))
    return 0


def _lists(prices: Path, every: int, weight: float) -> Iterator[Walk]:
    """Each list over the window of the need, and over shorter ones until there is a year of plans;
    then all of them over that of the need.
    """
    whole = list[Judged]()
    for listed in price_lists(prices):
        said = ("SIMULATED: " if listed.simulated else "") + listed.source
        for ahead in (SHIPPED, HALVED, QUARTERED):
            name = f"{listed.name}, {ahead}"
            judged = walked(listed, ahead, every=every, mean_weight=weight, tell=_teller(name))
            whole += judged if ahead == SHIPPED else []
            if judged:
                yield Walk(name, f"{said}; quotes and marks MODELLED", tuple(judged))
            if len(judged) * every >= ENOUGH:
                break
    if whole:
        yield Walk(f"all lists, {SHIPPED}", "the lists above together", tuple(whole))


def _futures(root: str, curves: Curves, every: int, weight: float) -> Iterator[Walk]:
    """Traded futures alone, and with calls beside them."""
    real = "traded futures, real, forwards and marks too; half a spread of 0.1 % and margin assumed"
    for calls, name, said in (
        (False, f"{root}, futures", real),
        (True, f"{root}, futures and calls", f"{real}; calls MODELLED on them"),
    ):
        judged = traded(
            root, curves, every=every, calls=calls, mean_weight=weight, tell=_teller(name)
        )
        if judged:
            yield Walk(f"{name}, {SHIPPED}", said, tuple(judged))


def _teller(name: str) -> Tell:
    began = time.monotonic()

    def tell(day: date) -> None:
        _say(f"{name}: planning {day}, {time.monotonic() - began:.0f} s")

    return tell


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)

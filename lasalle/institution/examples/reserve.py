"""`lasalle run-example reserve`: a government builds a reserve of compute and releases it by rule.

Hours cannot be stored: the reserve is a ladder of month futures and of calls a quarter above the
forward, six months long, a rung added each first of a month. The rule of release is published: on
the first of a month, when the last fixing stands a quarter above the mean of the last 180, the rung
of that month is released, held to its settlement, and what it pays above its price is handed to
those who need the hours. Otherwise the rung is sold again before it begins to settle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean

from lasalle.contracts import Month, SeriesTerms, hours, parse_symbol
from lasalle.hedging import Fill, Order
from lasalle.institution.examples.told import VENUE, Labels, Panel, Story, Table, tell, words_of
from lasalle.institution.examples.venue import (
    MILLION,
    Cash,
    Index,
    compute,
    folder,
    larger_maker,
    live_through,
    model_of,
    run_out,
    toward,
)
from lasalle.institution.study_day import Policy, Seen, StudyVenue

NAME = "reserve"
AHEAD = 6
RUNG_FUTURES, RUNG_CALLS = 500, 500
RELEASE_PER_HUNDRED, LOOK_BACK = 125, 180
MAKER_TIMES = 5
CALL_SHARE, HALF_STEP = 1.25, 25_000
FIRST, LAST = date(2024, 6, 1), date(2026, 6, 30)


def released(history: Sequence[tuple[date, int]], first_day: date) -> bool:
    """Whether the month that begins on a day is released, by fixings before that day alone."""
    seen = [price for day, price in history if day < first_day][-LOOK_BACK:]
    return bool(seen) and seen[-1] * 100 >= RELEASE_PER_HUNDRED * fmean(seen)


def listed(_day: date, terms: SeriesTerms, forward: Mapping[Month, int]) -> bool:
    """Futures of every rung, and of each the call nearest a quarter above its forward."""
    if len(terms.months) > 1:
        return False
    month = terms.months[0]
    if not terms.is_option:
        return True
    return abs(terms.strike_micro_dollars - CALL_SHARE * forward[month]) <= HALF_STEP


def ladder(last: Month) -> Policy:
    """Toward a rung in each month ahead; months that begin are kept where released, else sold."""

    def orders(seen: Seen) -> list[Order]:
        today = Month.of(seen.day)
        targets: dict[str, int] = {}
        for quote in seen.quotes:
            symbol = parse_symbol(quote.symbol)
            month, held = symbol.first_month, seen.position.get(quote.symbol, 0)
            if month <= today:
                # A rung that has begun is kept where its month is released, else it goes.
                keep = released(seen.history, month.first_day)
                targets[quote.symbol] = held if keep else 0
            elif month <= last and not symbol.is_option:
                targets[quote.symbol] = RUNG_FUTURES
            elif month <= last:
                other = sum(
                    lots
                    for name, lots in seen.position.items()
                    if name != quote.symbol and _is_call(name, month)
                )
                # One call a month: the strike it began with, not each that is listed later.
                targets[quote.symbol] = held if other else RUNG_CALLS
        return toward(targets, seen.position, seen.quotes, "ladder")

    return orders


def _is_call(name: str, month: Month) -> bool:
    symbol = parse_symbol(name)
    return symbol.is_option and symbol.first_month == month


@dataclass(frozen=True, slots=True)
class Rung:
    """A month of the ladder as it came, dollars: lots held into it, mean price of the futures,
    strike of the calls, index of the month, whether released, and what it paid above its price.
    """

    month: Month
    futures: int
    calls: int
    price: float
    strike: float
    index: float
    released: bool

    @property
    def relief(self) -> float:
        """What those who need the hours are handed, never below 0; 0 where nothing is released."""
        if not self.released:
            return 0.0
        per_future = max(self.index - self.price, 0.0) * self.futures
        per_call = max(self.index - self.strike, 0.0) * self.calls
        return (per_future + per_call) * hours(self.month)


def rungs(venue: StudyVenue, index: Index, first: Month, last: Month) -> list[Rung]:
    """Every month that has settled."""
    found = []
    history = venue.model.history(LAST)
    for month in (first.plus(n) for n in range(last.minus(first) + 1)):
        futures, calls, price, strike = _held(venue.fills, month)
        told = released(history, month.first_day)
        found.append(Rung(month, futures, calls, price, strike, index.average(month), told))
    return found


def _held(fills: Sequence[Fill], month: Month) -> tuple[int, int, float, float]:
    """Lots bought of a month's future and calls before it began, their mean price and strike."""
    future, call = list[Fill](), list[Fill]()
    for fill in fills:
        symbol = parse_symbol(fill.symbol)
        if symbol.first_month == month and fill.buy and fill.day < month.first_day:
            (call if symbol.is_option else future).append(fill)
    lots = sum(one.lots_filled for one in future)
    price = sum(one.paid for one in future) / lots / MILLION if lots else 0.0
    rights = sum(one.lots_filled for one in call)
    struck = sum(one.lots_filled * parse_symbol(one.symbol).strike_micro_dollars for one in call)
    return lots, rights, price, struck / rights / MILLION if rights else 0.0


def story(prices: Path | None, *, quick: bool = False, keep: Path | None = None) -> Story:
    """The whole example."""
    index = compute(prices)
    first, last = FIRST, LAST
    if quick:
        first, last = date(2024, 10, 1), date(2025, 2, 28)
    months = tuple(
        Month.of(first).plus(n) for n in range(Month.of(last).minus(Month.of(first)) + 1)
    )[1:]
    model = model_of(index, larger_maker(MAKER_TIMES))
    model.wanted = listed
    policy = ladder(months[-1])
    with folder(keep, NAME) as where:
        venue = StudyVenue(where / "venue", model)
        venue.open(first, months[:AHEAD])
        day = first
        while day <= last:
            ahead = tuple(m for m in months if 0 < m.minus(Month.of(day)) <= AHEAD)
            end = min(Month.of(day).last_day, last)
            live_through(venue, policy, day, end, first, ahead if day > first else ())
            day = end + timedelta(days=1)
        run_out(venue, policy, day, first)
        found = rungs(venue, index, months[0], months[-1])
        cash = Cash.of(venue.statement, venue.fills)
    return _told(index, found, cash, months)


def _told(index: Index, found: list[Rung], cash: Cash, months: Sequence[Month]) -> Story:
    relief = sum(one.relief for one in found)
    freed = [one for one in found if one.released]
    lots_hours = sum((one.futures + one.calls) * hours(one.month) for one in found)
    freed_hours = sum((one.futures + one.calls) * hours(one.month) for one in freed)
    brought = f"brought in {cash.brought / 1e6:.2f}"
    if cash.brought < 0:
        brought = f"cost {-cash.brought / 1e6:.2f}"
    return Story(
        NAME,
        "A strategic reserve of compute: a rolling ladder of rights, released by a published rule",
        _labels(index),
        (
            Table(
                "rungs; USD an hour, relief in million USD",
                ("month", "futures", "at", "calls", "strike", "index", "released", "relief"),
                tuple(
                    (str(one.month), one.futures, one.price, one.calls, one.strike, one.index,
                     "yes" if one.released else "no", one.relief / 1e6)
                    for one in found
                ),
            ),
        ),
        (
            f"The reserve {brought} M USD in all over {len(months)} months, premium"
            f" {cash.premium / 1e6:.2f} and fees {cash.fees / 1e6:.2f} of it; at most"
            f" {cash.peak / 1e6:.2f} were tied up, {cash.calls} days had a call.",
            f"It was released in {len(freed)} of {len(found)} months: rights on {freed_hours:,}"
            f" hours paid {relief / 1e6:.2f} M USD above their prices; it stood for"
            f" {lots_hours:,} hours.",
            "Handed out, that relief leaves the reserve at"
            f" {(cash.brought - relief) / 1e6:.2f} M USD: what standing ready cost.",
        ),
        (
            Panel(
                "What an hour was held at, and the index", "USD an hour",
                tuple(str(one.month) for one in found),
                {
                    "index": [one.index for one in found],
                    "futures of the rung": [one.price for one in found],
                    "strike of its calls": [one.strike for one in found],
                },
            ),
            Panel(
                "Relief by month", "million USD", tuple(str(one.month) for one in found),
                {"relief": [one.relief / 1e6 for one in found]}, bars=True,
            ),
        ),
        {
            "net_usd": cash.brought, "premium_usd": cash.premium, "peak_margin_cash_usd": cash.peak,
            "relief_usd": relief, "released_months": [str(one.month) for one in freed],
            "months": len(found), "released_hours": freed_hours,
        },
    )  # fmt: skip


def _labels(index: Index) -> Labels:
    said = f"index: {index.said}"
    return Labels(
        real=(VENUE,) if index.simulated else (said, VENUE),
        modelled=("every price of a future or call: the maker's quotes on earlier fixings",),
        simulated=(said,) if index.simulated else (),
        assumed=(
            f"a rung of {RUNG_FUTURES} futures and {RUNG_CALLS} calls a month, {AHEAD} months"
            f" ahead; released at {RELEASE_PER_HUNDRED} % of the mean of {LOOK_BACK} fixings",
            f"a maker {MAKER_TIMES} times as deep as the demonstration's",
            "who is handed the relief, and that it buys hours: where none are to be had it is"
            " money",
        ),
    )


def main(argv: list[str]) -> int:
    """Runs the example."""
    args = words_of(NAME).parse_args(argv)
    return tell(story(args.prices, quick=args.quick, keep=args.keep), args)

"""Margin tested on positions of the house's own model: options on averages, straddles, calendar
and inter-grade spreads, from real prices.

At each date the curve is fitted on what was known, series are listed, marked and margined as the
house does; two dates later they are marked again with the fixings that came. An account has against
a loss what it is asked for the positions and the value of its options.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lasalle.clearing import (
    Held,
    Listed,
    MarginTerms,
    family_table,
    load_margin_terms,
    published,
    requirement,
)
from lasalle.clearing.backtest import Coverage, coverage
from lasalle.clearing.filtering import Fixings
from lasalle.contracts import (
    Month,
    SeriesKind,
    SeriesTerms,
    load_standards,
    month_strip,
    months_ahead,
    series_listing,
)
from lasalle.making import fair_marks
from lasalle.pricing import CurveModel, fit, month_curve

FAMILIES = ("H100", "H200")
"""The grade tested, and the one it is spread against: the table of the house gives these two an
offset of half, so what is held against H100 is margined as H200 whatever its prices are of."""
NEAR, FAR = 1, 6
"""Months ahead of what is held."""
SEEN = 750
FIRST = "H100-GCP-US-CENTRAL1"
"""GCP spot of H100 in us-central1, one list."""
FUTURES = ("natural gas, nearby 2", "crude oil, nearby 2")
GROWN, APART = 300, 20
"""Dates before the first one tested of gas and oil, and from one to the next."""
LEVEL = 5_000_000
"""Micro-dollars a rescaled price has on the date tested."""
Portfolio = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A family on a day: its curve, what is listed, and its marks."""

    model: CurveModel
    fixings: Fixings
    listing: tuple[SeriesTerms, ...]
    marks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tested:
    """A portfolio of a date: what stood against a loss of it, and the loss over the horizon; USD.
    `asked` is the requirement alone, before the initial factor."""

    day: date
    name: str
    against: float
    loss: float
    asked: float


def marked(name: str, known: Fixings, listing: Sequence[SeriesTerms]) -> Marked:
    """A family as the house marks it on the day after the last of its known fixings; what is listed
    already keeps its terms."""
    day = known[-1][0] + timedelta(days=1)
    model, seen = fit(known[-SEEN:]), dict(known)
    standards = load_standards(
        name, ("month-future", "average-option") if name == FAMILIES[0] else ("month-future",)
    )
    if not listing:
        months = month_strip(day, months_ahead(standards))
        curve = month_curve(model, seen, months)
        forward = {m: max(1, round(curve[m].value * 1e6)) for m in months}
        listing = [
            s for s in series_listing(standards, day, forward)
            if s.months[0] in (months[NEAR], months[FAR])
        ]  # fmt: skip
    return Marked(model, known, tuple(listing), fair_marks(model, seen, day, listing))


def portfolios(first: Marked, second: Marked | None, day: date) -> dict[str, Portfolio]:
    """Lots by symbol of each position tested, on the near and the far month."""
    near, far = (Month.of(day).plus(n) for n in (NEAR, FAR))

    def future(of: Marked, month: Month) -> SeriesTerms:
        return next(s for s in of.listing if s.kind is SeriesKind.FUTURE and s.months == (month,))

    def at_the_money(kind: SeriesKind) -> str:
        mark = first.marks[future(first, near).symbol]
        rights = [s for s in first.listing if s.kind is kind and s.months == (near,)]
        return min(rights, key=lambda s: abs(s.strike_micro_dollars - mark)).symbol

    call, put = at_the_money(SeriesKind.CALL), at_the_money(SeriesKind.PUT)
    a, b = future(first, near).symbol, future(first, far).symbol
    found: dict[str, Portfolio] = {
        "call, long": {call: 1},
        "call, short": {call: -1},
        "put, long": {put: 1},
        "put, short": {put: -1},
        "straddle, long": {call: 1, put: 1},
        "straddle, short": {call: -1, put: -1},
        "covered call": {a: 1, call: -1},
        "calendar, near against far": {a: 1, b: -1},
        "calendar, far against near": {a: -1, b: 1},
    }
    if second is not None:
        other = future(second, near).symbol
        # As many dollars of one as of the other: a lot of each would be mostly the dearer one.
        ratio = max(1, round(100 * first.marks[a] / second.marks[other]))
        found["grades, H100 against the other"] = {a: 100, other: -ratio}
        found["grades, the other against H100"] = {a: -100, other: ratio}
    return found


def positions_on(
    fixings: Fixings, other: Fixings, at: int, terms: MarginTerms
) -> list[Tested]:
    """Every portfolio of the date of a fixing."""
    known, horizon = fixings[: at + 1], terms.horizon_days
    last, day = known[-1][0], known[-1][0] + timedelta(days=1)
    seen = [row for row in other if row[0] <= last]
    second = marked(FAMILIES[1], seen, ()) if len(seen) > horizon else None
    first = marked(FAMILIES[0], known, ())
    both = [first] if second is None else [first, second]
    rows = [
        Listed(name, group, of.model, list(of.fixings), of.listing)
        for group, (name, of) in enumerate(zip(FAMILIES, both, strict=False), 1)
    ]
    marks = {symbol: mark for of in both for symbol, mark in of.marks.items()}
    listing = [s for of in both for s in of.listing]
    table = published(family_table(rows, day, marks, terms), 1, listing)
    later: dict[str, int] = {}
    for name, of, path in zip(FAMILIES, both, (fixings, other), strict=False):
        until = last + timedelta(days=horizon)
        after = [row for row in path if row[0] <= until]
        later.update(marked(name, after, of.listing).marks)
    series = {s.symbol: s for s in listing}
    found = []
    for name, lots in portfolios(first, second, day).items():
        asked = requirement({s: Held(n) for s, n in lots.items()}, table)
        lost = sum(
            n * (marks[s] - later[s]) * series[s].open_hours(day) for s, n in lots.items()
        )
        against = asked.requirement + asked.option_value
        found.append(Tested(day, name, against / 1e6, lost / 1e6, asked.requirement / 1e6))
    return found


def rescaled(path: Fixings, at: int) -> Fixings:
    """A path whose price at one place is five dollars and whose days follow each other: strikes are
    listed on a grid, and a trading day counts as a date."""
    factor, first = LEVEL / path[at][1], path[0][0]
    return [
        (first + timedelta(days=n), max(1, round(price * factor)))
        for n, (_, price) in enumerate(path)
    ]


def study(
    path: Fixings, other: Fixings, dates: Sequence[int], terms: MarginTerms, *, scaled: bool = False
) -> list[tuple[str, float, Coverage]]:
    """Of each portfolio the mean it is asked, USD, and what the dates showed."""
    days: list[Tested] = []
    for at in dates:
        seen = path[max(0, at + 1 - SEEN) : at + 1 + terms.horizon_days]
        place = len(seen) - 1 - terms.horizon_days
        days += positions_on(rescaled(seen, place) if scaled else seen, other, place, terms)
    found = []
    for name in dict.fromkeys(one.name for one in days):
        mine = [one for one in days if one.name == name]
        told = coverage((one.against, one.loss) for one in mine)
        found.append((name, sum(one.asked for one in mine) / len(mine), told))
    return found


def without_floors(terms: MarginTerms) -> MarginTerms:
    """The model alone: no floor of price or volatility, nothing least of short options."""
    return replace(
        terms, price_floor_front=1e-4, price_floor_back=1e-4, volatility_floor=0.01,
        short_option_ratio=0.0,
    )  # fmt: skip


def rows(
    compute: Fixings, other: Fixings, futures: Mapping[str, Fixings], first: int
) -> list[tuple[str, str, float, Coverage]]:
    """(price, position, mean asked, what was found) under the house's terms, then none."""
    terms = load_margin_terms()
    found: list[tuple[str, str, float, Coverage]] = []
    for told, used in (("", terms), (", no floors", without_floors(terms))):
        dates = range(first, len(compute) - used.horizon_days, used.horizon_days)
        found += [(f"{FIRST}{told}", *one) for one in study(compute, other, dates, used)]
        for name, path in futures.items():
            dates = range(GROWN, len(path) - used.horizon_days, APART)
            known = study(path, (), dates, used, scaled=True)
            found += [(f"{name}{told}", *one) for one in known]
    return found


def lines(found: Sequence[tuple[str, str, float, Coverage]]) -> list[str]:
    """The figures as a table of the page, behind what is not green."""
    both = [(name, of, told) for name, of, _, told in found]
    green = sum(told.zone == "green" for *_, told in both)
    made = [f"{green} of {len(both)} are green.", ""]
    made += [
        f"- Not green: {name}, {of}, {told.passed} of {told.tested} passed: {told.zone}."
        for name, of, told in both
        if told.zone != "green"
    ]
    made += [
        f"- In runs: {name}, {of}, {told.independence:.3f}."
        for name, of, told in both
        if told.independence is not None and told.independence < 0.05
    ]
    made += ["", "| price | position | mean asked, USD | dates | passed | covered | Kupiec | zone "
             "| worst |", "|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, of, asked, told in found:
        chance = "-" if told.kupiec is None else f"{told.kupiec:.3f}"
        worst = f"{100 * max(0.0, told.worst):.0f} %" if math.isfinite(told.worst) else "-"
        made.append(
            f"| {name} | {of} | {asked:,.0f} | {told.tested} | {told.passed} "
            f"| {100 * told.covered:.2f} % | {chance} | {told.zone} | {worst} |"
        )
    return made


POSITIONS = """\
## Positions of several series

Options on the average of the next month at the money, straddles, a covered call, a calendar
spread of the next month against the sixth, and H100 against another grade (A100 in us-central1,
in the place of H200, with which the house gives an offset of half), a hundred lots against as
many dollars. At each date the curve is fitted, series are listed, marked and margined as the
house does; two dates later they are marked again from the fixings that came. What stands against
a loss is the requirement and the value of the options, before the initial factor 1.10. Of gas and
oil every twentieth date is taken, their trading days counted as dates, at a price of five
dollars. *No floors* takes away the floors of price and volatility and the least that a short
option is asked: the scan of 2.67 deviations, the tails with a quarter of their weight on stress
moves of compute, which are wide for gas and oil, and the charges are left.

What it does and does not show. No price of an option on compute was ever dealt: marks of both
dates are the model's own, so that this tests margin against moves of the index, not against what
an option would fetch; volatility moves only as the fit does. A long option cannot lose more than
its value: its rows are green by construction and no test. A curve that the model makes bends
little when its index steps, so calendar spreads lose next to nothing here, whatever dealers would
ask. Dates with a step are few: green is a check and no proof."""

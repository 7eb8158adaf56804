"""Joint draws of price, date, size, basis, shortage and supplier for a need.

Prices follow the source the need names (`sources.py`, `fitted_sources.py`), centred on the forward
curve of the day (`paths.py`). Whether hours are to be had follows the price of each week
(`shortage.py`); where a substitute would serve, the cheaper that is to be had is taken, and only
where all are short is there nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lasalle.contracts import Month
from lasalle.hedging.plan.factors import Factors, Terms
from lasalle.hedging.plan.fitted_sources import CalibratedFactors, CalibratedProcess, Redrawn
from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.need import Need, Scenery, horizon
from lasalle.hedging.plan.paths import WeeklyPrices
from lasalle.hedging.plan.shortage import Scarcity, scarcity_of, shortages
from lasalle.hedging.plan.sources import (
    Moves,
    PriceLaw,
    Source,
    TwoFactor,
    bends,
    stated_walk,
)
from lasalle.hedging.plan.weeks import STEP_DAYS, Weeks
from lasalle.pricing.processes.availability import Availability
from lasalle.pricing.processes.draws import normals, uniforms
from lasalle.pricing.processes.generations import Generation
from lasalle.pricing.processes.market import PriceTable

__all__ = ["STEP_DAYS", "Drawn", "Past", "PriceLaw", "Scenery", "draw", "source_of"]
NEEDS, BILLS, SUPPLIES = 102, 103, 104
"""Streams of draws, one a purpose."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was seen up to the plan's day, to fit scenarios on: prices by date, grade and place, the
    need's own first; a fitted availability, and a generation whose successor came, where there are.
    """

    table: PriceTable
    availability: Availability | None = None
    generation: Generation | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws and what they were made from; `source` as the need names it, and in words what of the
    draws was fitted and what is assumed.
    """

    factors: Factors
    terms: Terms
    law: PriceLaw
    seed: int
    source: str = Scenery.TWO_FACTOR.value
    fitted: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def first(self, count: int) -> Drawn:
        """The first draws alone."""
        return replace(self, factors=self.factors.first(count))


def source_of(need: Need, law: PriceLaw, past: Past | None = None) -> Source:
    """The source a need names. Raises ValueError where it lacks the history it is fitted on."""
    if need.scenarios is Scenery.TWO_FACTOR:
        return TwoFactor(law, len(need.substitutes))
    if past is None:
        raise ValueError(
            f"scenarios: expected a history to fit {need.scenarios.value} on, found none;"
            " two-factor scenarios need none, and --prices DIR brings one from files"
        )
    names = past.table.columns
    wanted = [(one.grade, one.location or need.location) for one in need.substitutes]
    columns = tuple(names.index(one) if one in names else None for one in wanted)
    if need.scenarios is Scenery.PROCESSES:
        return CalibratedFactors.of(past.table, columns)
    if need.scenarios is Scenery.BOOTSTRAP:
        return Redrawn.of(past.table, columns)
    return CalibratedProcess.of(past.table, columns, need.scenarios.value)


def draw(
    need: Need,
    day: date,
    curve: dict[Month, float],
    law: PriceLaw,
    *,
    count: int,
    seed: int,
    source: Source | None = None,
    past: Past | None = None,
) -> Drawn:
    """`count` draws for a need planned on a day, on a forward curve in dollars an hour.

    The same seed gives the same draws. Raises ValueError where the curve lacks a month.
    """
    months = horizon(need, day)
    lacking = [str(month) for month in months if month not in curve]
    if lacking:
        raise ValueError(
            f"curve: expected prices to {months[-1]}, where the run may end, found none for"
            f" {lacking[0]}: nothing is listed so far out yet"
        )
    source = source_of(need, law, past) if source is None else source
    level = np.array([curve[month] for month in months])
    weeks = Weeks(day, months)
    uniform = uniforms(seed, NEEDS, 0, count, 2)
    start = need.starts(uniform[:, 0]) - months[0].first_day.toordinal()
    moves = _bent(need, past, source.moves(weeks, count, seed), weeks, seed)
    prices = WeeklyPrices(weeks, level, law.premium, moves)
    scarce = scarcity_of(need.supply, _availability(need, past))
    days, today = need.start.run_days, float(level[0])
    strays = need.bill.deviation * normals(seed, BILLS, 0, count, len(months))
    bill = need.bill.ratio * np.exp(strays - need.bill.deviation**2 / 2)
    had = _to_be_had(need, prices, moves, scarce, seed, bill)
    own, grade, place = _basis(need, prices, start, had)
    failing = uniforms(seed, SUPPLIES, 0, count, len(months)) < need.supply.failure
    marked, weekly = prices.by_week()
    factors = Factors(
        months=months,
        times=tuple(month.last_day for month in months),
        curve=level,
        settled=prices.settled,
        marks=prices.marks,
        start=start,
        size=need.sizes(uniform[:, 1]),
        bill=bill,
        days=own,
        grade=grade,
        place=place,
        shortage=prices.over_run(had.short.astype(np.float64), start, days),
        kept=(~failing).astype(np.float64),
        weeks=marked,
        weekly=weekly,
    )
    hours = need.hours(today)
    lost, supply = need.late.dollars / hours, need.supply
    terms = Terms(hours, days, lost, supply.resale, supply.made_good, need.bill, today)
    assumed = (*source.assumed, *_assumed(need, moves, scarce))
    fitted = (*source.fitted, *_fitted(need, scarce))
    return Drawn(factors, terms, law, seed, source.name, fitted, assumed)


def _availability(need: Need, past: Past | None) -> Availability | None:
    if not need.supply.measured:
        return None
    if past is None or past.availability is None:
        raise ValueError("supply.measured: expected offers of a marketplace before the day, and"
                         " scenarios fitted to what was seen; found none")  # fmt: skip
    return past.availability


def _bent(need: Need, past: Past | None, moves: Moves, weeks: Weeks, seed: int) -> Moves:
    """The grade bent by successors that may come; a substitute of another grade is not."""
    if not need.successors:
        return moves
    if past is None or past.generation is None:
        raise ValueError("successors: expected prices of a generation whose successor came to fit"
                         " a bend on, found none")  # fmt: skip
    chances = [(one.day.toordinal(), one.probability) for one in need.successors]
    bend = bends(past.generation, chances, weeks, len(moves.passing), seed)
    others = tuple(
        one if one is None or other.grade == need.grade else one - bend + bend.mean(axis=0)
        for one, other in zip(moves.others, need.substitutes, strict=True)
    )
    return Moves(moves.passing, moves.lasting + bend, moves.reversion, None, others)


@dataclass(frozen=True, slots=True)
class _Had:
    """What an hour costs by week (paths, weeks): of the need's own grade and place, with the
    substitutes of other grades, and with those elsewhere as well; whether none of them is to be
    had.
    """

    own: Floats
    grades: Floats
    places: Floats
    short: NDArray[np.bool_]


def _to_be_had(
    need: Need, prices: WeeklyPrices, moves: Moves, scarce: Scarcity, seed: int, bill: Floats
) -> _Had:
    """The cheapest that is to be had in each week, own bill in, (paths, months)."""
    weeks, count = prices.weeks, len(prices.spot)
    forward = prices.level[weeks.month_of]
    today = float(prices.level[0])
    over = np.log(prices.spot / forward)
    ratios = [
        stated_walk(other.deviation, n, weeks, count, seed) if known is None else known
        for n, (other, known) in enumerate(zip(need.substitutes, moves.others, strict=True))
    ]
    short, *others_short = shortages(scarce, [over, *(over + one for one in ratios)], seed)
    own = paid = need.bill.followed(prices.spot, today) * bill[:, weeks.month_of]
    grades = own
    found = list(zip(need.substitutes, ratios, others_short, strict=True))
    # In which order they are asked changes nothing but which of them a saving is told of.
    for elsewhere in (False, True):
        for other, ratio, lacking in found:
            if (other.grade == need.grade) is not elsewhere:
                continue
            strayed = need.bill.followed(prices.spot * np.exp(ratio), today)
            instead = strayed * (need.bill.ratio * other.hours * other.price_ratio)
            cheaper = np.where(short, instead, np.minimum(paid, instead))
            paid = np.where(lacking, paid, cheaper)
            short = short & lacking
        grades = grades if elsewhere else paid
    return _Had(own, grades, paid, short)


def _basis(
    need: Need, prices: WeeklyPrices, start: Floats, had: _Had
) -> tuple[Floats, Floats, Floats]:
    """The run's own days, other grades and other places, each as a factor on the price before it
    (paths, months); 1 where a month has no week to come, or no substitute is named.
    """
    run_days, today = need.start.run_days, float(prices.level[0])

    def over(now: Floats, before: Floats) -> Floats:
        if now is before:
            return np.ones_like(followed)
        run, was = (prices.over_run(one, start, run_days) for one in (now, before))
        return np.divide(run, was, out=np.ones_like(run), where=was > 0.0)

    followed = need.bill.followed(prices.settled, today)
    own = prices.over_run(need.bill.followed(prices.spot, today), start, run_days)
    days = np.where(own > 0.0, own / followed, 1.0)
    return days, over(had.grades, had.own), over(had.places, had.grades)


def _fitted(need: Need, scarce: Scarcity) -> tuple[str, ...]:
    found = []
    if scarce.fitted:
        found.append(
            f"shortage: its dependence on price (log odds {scarce.slope:+.1f} a unit of log price)"
            f" and mean length ({scarce.lasts_days:.1f} days), on offers of a marketplace at its"
            " usual depth"
        )
    if need.successors:
        found.append("bend of the grade when its successor comes: that of the generation before")
    return tuple(found)


def _assumed(need: Need, moves: Moves, scarce: Scarcity) -> tuple[str, ...]:
    share = f"shortage {scarce.share:.1%} of the time at the forward price"
    if not scarce.fitted:
        share += f", odds {scarce.slope:+.1f} a unit of log price, {scarce.lasts_days:g} days long"
    found = [f"{share}; grades share {scarce.common:.0%} of their scarcity"]
    unseen = [one.grade for one, seen in zip(need.substitutes, moves.others, strict=True)
              if seen is None]  # fmt: skip
    if unseen and need.scenarios is not Scenery.TWO_FACTOR:
        found.append(f"no history of {', '.join(unseen)}: strays as stated")
    found.append("date, size, own bill and suppliers as the need states, each by itself")
    if need.bill.follows != 1.0:
        found.append(
            f"own bill: {need.bill.follows:.0%} of a move of the index, on every hour of the run; a"
            " price that is fixed to a date before the run is open again after it"
        )
    return tuple(found)

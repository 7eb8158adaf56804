"""How far the scenarios of a plan stray: by the volatility that calls of the board are quoted at,
or by what was fitted to prices seen. A house's maker knows more history than its log tells, and a
market expects what it will: the two are two numbers, and a plan says which it takes.

Both are volatilities a year of the index under the curve model, as the surface of a house tells
them, so that they may be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from lasalle.contracts import Month, SeriesKind
from lasalle.hedging.plan.board import Quoted
from lasalle.hedging.plan.drawing import source_of
from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.market import Implied, Market
from lasalle.hedging.plan.need import Need, Scenery, Volatility, horizon
from lasalle.hedging.plan.paths import WeeklyPrices
from lasalle.hedging.plan.sources import Source, TwoFactor
from lasalle.hedging.plan.weeks import Weeks
from lasalle.pricing import AverageTerms
from lasalle.pricing.implied import Outcome, implied_deviation

NEAR = 0.25
"""Log distance of strike and forward above which a call says little of the volatility at the money.
"""
APART = 0.05
"""Share by which two volatilities differ that are told as two."""
MEASURED = 1_000
"""Paths on which the volatility of a fitted source is measured."""


@dataclass(frozen=True, slots=True)
class Swing:
    """Volatilities a year: `fitted` to what was seen, and that which calls are `quoted` at, the
    median of their months, none where no call is quoted on both sides; and which of them the
    scenarios have.
    """

    taken: Volatility
    fitted: float
    quoted: float | None

    @property
    def scenarios(self) -> float:
        """Of the scenarios."""
        quoted = self.taken is Volatility.QUOTED
        return self.quoted if quoted and self.quoted is not None else self.fitted

    @property
    def apart(self) -> bool:
        """Whether the two are two."""
        return self.quoted is not None and abs(self.quoted / self.fitted - 1) > APART


@dataclass(frozen=True, slots=True)
class Seen:
    """A market and its scenarios at the volatility a need takes, and the market as it was asked
    with.
    """

    asked: Market
    market: Market
    source: Source
    swing: Swing


def implied_of(
    board: Sequence[Quoted],
    curve: Mapping[Month, float],
    averages: Mapping[Month, AverageTerms],
    volatility: float,
) -> tuple[Implied, ...]:
    """What each month's calls are quoted at: the middle of the one nearest the money, around the
    middle of the month's future where that is quoted too, so that a maker who leans moves nothing.

    `averages` are those of a curve model of `volatility`, of months without a fixing yet.
    """
    futures = {one.terms.months[0]: _middle(one) for one in board
               if one.terms.kind is SeriesKind.FUTURE}  # fmt: skip
    found = []
    for month, average in sorted(averages.items()):
        forward = futures.get(month) or curve.get(month, 0.0)
        calls = [(one.terms.strike_micro_dollars / 1e6, _middle(one)) for one in board
                 if one.terms.kind is SeriesKind.CALL and one.terms.months[0] == month]  # fmt: skip
        if forward <= 0.0 or average.share < 1.0 or not average.deviation:
            continue
        near = [(abs(np.log(strike / forward)), strike, price) for strike, price in calls if price]
        distance, strike, price = min(near, default=(np.inf, 0.0, 0.0))
        if distance > NEAR:
            continue
        of = implied_deviation(True, price, forward, strike)
        if Outcome(int(of.outcome)) is Outcome.FOUND:
            deviation = float(of.found)
            found.append(Implied(month, deviation, volatility * deviation / average.deviation))
    return tuple(found)


def _middle(one: Quoted) -> float:
    """Middle of a book; 0 where one side is empty."""
    return (one.asks[0].price + one.bids[0].price) / 2 if one.asks and one.bids else 0.0


def seen_by(need: Need, market: Market, seed: int) -> Seen:
    """The market as a need takes its volatility. Raises ValueError where it asks for that of calls
    and none is quoted, or for a source that lacks its history.
    """
    source, quoted = source_of(need, market.law, market.past), market.quoted
    two = need.scenarios is Scenery.TWO_FACTOR
    fitted = market.law.volatility * (1.0 if two else _beside_law(need, market, source, seed))
    usual = Volatility.QUOTED if two and quoted is not None else Volatility.FITTED
    swing = Swing(need.volatility or usual, fitted, quoted)
    if swing.taken is Volatility.FITTED:
        return Seen(market, market, source, swing)
    if quoted is None:
        raise ValueError(
            "volatility: expected a call quoted on both sides to read it from, found none;"
            ' volatility = "fitted" needs none'
        )
    factor, law = quoted / fitted, market.law.scaled(quoted / market.law.volatility)
    taken = market
    if abs(factor - 1.0) > 1e-9:
        taken, source = replace(market, law=law), source.scaled(factor)
    if isinstance(source, TwoFactor):
        months = len(market.implied)
        said = f"volatility of the index: that of the calls on the board, the median of {months}"
        source = replace(source, fitted=(f"{said} months",))
    return Seen(market, taken, source, swing)


def otherwise(need: Need, seen: Seen, seed: int) -> tuple[str, Seen] | None:
    """The same at the volatility not taken, in words too; none where the two are one."""
    swing = seen.swing
    if not swing.apart or swing.quoted is None:
        return None
    quoted = swing.taken is Volatility.QUOTED
    other = Volatility.FITTED if quoted else Volatility.QUOTED
    rate = swing.fitted if quoted else swing.quoted
    word = "fitted to what was seen" if quoted else "the calls are quoted"
    asked = msgspec.structs.replace(need, volatility=other)
    return f"volatility as {word}, {rate:.0%} a year", seen_by(asked, seen.asked, seed)


def settled_deviations(settled: Floats) -> Floats:
    """Deviation of the log of what each month settles at (M,), from draws (S, M)."""
    return np.asarray(np.log(settled).std(axis=0))


def _beside_law(need: Need, market: Market, source: Source, seed: int) -> float:
    """How far a source strays beside the law of the curve model: median over months to come."""
    weeks = Weeks(market.day, horizon(need, market.day))
    level = np.array([market.curve[month] for month in weeks.months])
    own, of_law = (
        settled_deviations(
            WeeklyPrices(weeks, level, 0.0, one.moves(weeks, MEASURED, seed)).settled
        )
        for one in (source, TwoFactor(market.law, len(need.substitutes)))
    )
    return float(np.median(own[1:] / of_law[1:]))

"""Back-tests of margin: how often a loss over the horizon passed it, and whether that was chance.

P. Kupiec, "Techniques for verifying the accuracy of risk measurement models", J. Derivatives 3(2),
1995: are there too many. P. Christoffersen, "Evaluating interval forecasts", International Economic
Review 39(4), 1998: do they come in runs. Zones are those of the Basel Committee (1996), by the
cumulative probability of so many or fewer at one in a hundred: green below 95 %, red from 99.99 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, chdtrc, xlogy

from lasalle.clearing.filtering import Fixings, buffer_share, filtered
from lasalle.clearing.terms import MarginTerms

Floats = NDArray[np.float64]
LEVEL = 0.01
"""Share of losses that coverage at 99 % lets pass."""
GREEN, RED = 0.95, 0.9999


@dataclass(frozen=True, slots=True)
class DayMargin:
    """A long and a short unit of one index on a date, as shares of the price: the requirement on
    that date, and the loss over the horizon that followed.
    """

    day: date
    long: float
    short: float
    long_loss: float
    short_loss: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a back-test found of one side; p-values are of the two likelihood ratios, None where
    there is nothing to tell.
    """

    tested: int
    passed: int
    kupiec: float | None
    independence: float | None
    zone: str
    worst: float
    """The largest loss over its margin; infinite where one met no margin."""

    @property
    def covered(self) -> float:
        """Share of losses within the margin."""
        return 1.0 - self.passed / self.tested


def shortfall_99(losses: Floats) -> float:
    """Expected shortfall at 99 % of equally likely losses: the formula of CLR-001, in floats."""
    count = len(losses)
    worst, whole = np.sort(losses)[::-1], count // 100
    return float(100.0 * worst[:whole].sum() + (count - 100 * whole) * worst[whole]) / count


def unit_margin(
    fixings: Fixings, terms: MarginTerms, bare: bool = False, stress_weight: float = 0.25
) -> tuple[float, float]:
    """Requirements of one long and one short unit as shares of the price, from fixings up to a
    date: greater of scan and tails, and liquidity. `bare` is the filtered tail alone; the weight
    of stress is that of CLR-001 unless another is asked about.
    """
    moves = np.array(filtered(fixings, terms).moves)
    tails = [_sides(moves)]
    if bare:
        return tails[0]
    tails.append(_sides(np.array([one.near for one in terms.stress])))
    width = (1.0 + buffer_share(fixings, terms)) * terms.price_floor_front
    asked = []
    for side, sign in enumerate((1.0, -1.0)):
        scan = max(
            weight * sign * (1.0 - math.exp(share * width)) for share, _, weight in terms.points
        )
        tail = (1.0 - stress_weight) * tails[0][side] + stress_weight * tails[1][side]
        asked.append(max(scan, tail) + terms.future_ratio)
    return asked[0], asked[1]


def _sides(moves: Floats) -> tuple[float, float]:
    """Shortfalls of a long and of a short unit over log moves."""
    return shortfall_99(1.0 - np.exp(moves)), shortfall_99(np.exp(moves) - 1.0)


def rolled(
    fixings: Fixings, terms: MarginTerms, first: int, step: int, bare: bool = False, seen: int = 750
) -> list[DayMargin]:
    """Margin of each `step`-th date from the `first` on, from the `seen` fixings before it and no
    later one, beside what followed. Dates `step` apart share no day of their losses where a step is
    no shorter than the horizon.
    """
    found = []
    for at in range(first, len(fixings) - terms.horizon_days, step):
        long, short = unit_margin(fixings[max(0, at + 1 - seen) : at + 1], terms, bare)
        day, price = fixings[at]
        after = fixings[at + terms.horizon_days][1] / price
        found.append(DayMargin(day, long, short, 1.0 - after, after - 1.0))
    return found


def coverage(pairs: Iterable[tuple[float, float]]) -> Coverage:
    """Tests of (margin, loss) pairs in the order of their dates."""
    both = list(pairs)
    hits = [loss > margin for margin, loss in both]
    tested, passed = len(hits), sum(hits)
    worst = max((_over(loss, margin) for margin, loss in both), default=0.0)
    return Coverage(
        tested, passed, kupiec(tested, passed), independence(hits), zone(tested, passed), worst
    )


def _over(loss: float, margin: float) -> float:
    if margin > 0.0:
        return loss / margin
    return math.inf if loss > margin else 0.0


def kupiec(tested: int, passed: int, level: float = LEVEL) -> float | None:
    """Probability of a likelihood ratio as large, were the rate `level`; None without a date."""
    if not tested:
        return None
    rate = passed / tested
    at_level = xlogy(passed, level) + xlogy(tested - passed, 1.0 - level)
    as_seen = xlogy(passed, rate) + xlogy(tested - passed, 1.0 - rate)
    return float(chdtrc(1, max(0.0, -2.0 * (at_level - as_seen))))


def independence(hits: Sequence[bool]) -> float | None:
    """Probability of a likelihood ratio as large, did one hit say nothing of the next; None without
    a hit that has a date behind it.
    """
    counts = np.zeros((2, 2))
    for before, after in pairwise(hits):
        counts[int(before), int(after)] += 1
    if not counts[1].sum() or not counts[:, 1].sum():
        return None
    # A hit on the last date alone leaves no date behind a miss, or none behind a hit.
    rates = counts[:, 1] / np.maximum(counts.sum(axis=1), 1.0)
    pooled = counts[:, 1].sum() / counts.sum()
    apart = sum(xlogy(counts[s, 0], 1.0 - rates[s]) + xlogy(counts[s, 1], rates[s]) for s in (0, 1))
    same = xlogy(counts[:, 0].sum(), 1.0 - pooled) + xlogy(counts[:, 1].sum(), pooled)
    return float(chdtrc(1, max(0.0, -2.0 * (same - apart))))


def zone(tested: int, passed: int) -> str:
    """Green, yellow or red, by the chance of so many or fewer at one in a hundred."""
    chance = float(bdtr(passed, tested, LEVEL)) if passed else 0.0
    return "green" if chance < GREEN else "yellow" if chance < RED else "red"


@dataclass(frozen=True, slots=True)
class Swing:
    """How margin swings: peak over trough, and the largest growth within so many dates, as shares
    of what it was (D. Murphy, M. Vasios and N. Vause, Bank of England FSP 29, 2014).
    """

    peak_over_trough: float
    growth: tuple[tuple[int, float], ...]
    mean: float


def swing(margins: Sequence[float], spans: Sequence[int] = (1, 5, 30)) -> Swing:
    """Figures of margins by date."""
    path = np.array(margins)
    growth = [
        (span, float(np.max(path[span:] / path[:-span]) - 1.0))
        for span in spans
        if span < len(path)
    ]
    return Swing(float(path.max() / path.min()), tuple(growth), float(path.mean()))


def rolled_chain(curves: Sequence[tuple[date, dict[int, float]]], nearby: int) -> Fixings:
    """The n-th nearby of a futures strip as one path without rolls, in micro-units from a million:
    each move is of one contract. A month rolls on the date whose strip looks most like the one
    before moved up by a contract, if one does.
    """
    gains = []
    for (_, before), (day, after) in pairwise(curves):
        kept = [n for n in range(2, 25) if n in after and n in before and n + 1 in before]
        straight = sum(abs(math.log(after[n] / before[n])) for n in kept)
        moved = sum(abs(math.log(after[n] / before[n + 1])) for n in kept)
        gains.append((day, straight - moved))
    rolls: dict[tuple[int, int], tuple[date, float]] = {}
    for day, gain in gains:
        month = (day.year, day.month)
        if gain > rolls.get(month, (day, 0.0))[1]:
            rolls[month] = (day, gain)
    on = {day for day, _ in rolls.values()}
    level, found = 0.0, [(curves[0][0], 1_000_000)]
    for (_, before), (day, after) in pairwise(curves):
        level += math.log(after[nearby] / before[nearby + (day in on)])
        found.append((day, max(1, round(1e6 * math.exp(level)))))
    return found

"""What a hedge cost: from ledger statements and fills to outcomes by start and over the starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lasalle.contracts import Month
from lasalle.hedging.model import TrainingRun
from lasalle.hedging.need import run_bill


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One day of the lab's ledger statement, micro-dollars; received is positive.

    `cash`: everything trading moved: variation, settlement, premium and fees. `premium`: of it,
    premium paid less premium received for options, paid is positive. `fees`: of it, paid is
    positive. `required`: cash the house holds against the position at the end of the day.
    """

    day: date
    cash: int
    premium: int
    fees: int
    required: int


@dataclass(frozen=True, slots=True)
class Fill:
    """What became of an order: lots asked and filled, price against the mid it saw, and depth at
    the touch.
    """

    day: date
    symbol: str
    buy: bool
    lots_asked: int
    lots_filled: int
    price: int
    middle: float
    depth_lots: int
    hours_per_lot: int

    @property
    def slippage_micro_dollars(self) -> float:
        """Cost of trading away from the mid; paid is positive."""
        sign = 1.0 if self.buy else -1.0
        return sign * (self.price - self.middle) * self.lots_filled * self.hours_per_lot


@dataclass(frozen=True, slots=True)
class StartOutcome:
    """Cost of one start, micro-dollars; without a hedge the hedge figures are zero."""

    start: date
    bill: int
    hedge_cash: int
    worst_month: int
    premium: int
    fees: int
    peak_margin_cash: int

    @property
    def cost(self) -> int:
        """Bill less everything the hedge brought in."""
        return self.bill - self.hedge_cash


@dataclass(frozen=True, slots=True)
class StrategyOutcome:
    """Outcome over the overlapping starts of one path, micro-dollars except where the name says
    so.
    """

    name: str
    starts: tuple[StartOutcome, ...]
    mean_cost: int
    least_cost: int
    greatest_cost: int
    cvar_cost: int
    worst_month: int
    mean_premium: int
    mean_fees: int
    peak_margin_cash: int
    lots_asked: int
    lots_filled: int
    slippage: int
    mean_depth_lots: float

    @property
    def fill_ratio(self) -> float:
        """Lots filled over lots asked; 1 where nothing was asked."""
        return self.lots_filled / self.lots_asked if self.lots_asked else 1.0


def start_outcome(
    run: TrainingRun,
    need: int,
    start: date,
    fixings: Mapping[date, int],
    statement: Sequence[LedgerDay] = (),
) -> StartOutcome:
    """Outcome of one start from the realised index and the ledger statement of its account.

    The worst month is the largest net payment of a calendar month: bill less hedge cash. Peak
    margin cash is the largest sum, over days, of cash held by the house and cash the hedge has
    cost so far.
    """
    bill = run_bill(run, need, start, fixings)
    net = dict(bill)
    paid, peak = 0, 0
    for entry in sorted(statement, key=lambda e: e.day):
        month = Month.of(entry.day)
        net[month] = net.get(month, 0) - entry.cash
        paid -= entry.cash
        peak = max(peak, entry.required + max(0, paid))
    return StartOutcome(
        start=start,
        bill=sum(bill.values()),
        hedge_cash=-paid,
        worst_month=max(net.values()),
        premium=sum(entry.premium for entry in statement),
        fees=sum(entry.fees for entry in statement),
        peak_margin_cash=peak,
    )


def cvar_over_starts(costs: Sequence[int], tail_per_hundred: int = 5) -> int:
    """CVaR over the overlapping starts of one path: mean of the dearest share of starts.

    Source: R. Rockafellar and S. Uryasev, "Conditional value-at-risk for general loss
    distributions", J. Banking and Finance 26, 2002: the start at the edge of the tail counts
    with its part. Overlapping starts of one path are not independent: this is no probability
    statement. Rounded half to even.
    """
    if not costs:
        raise ValueError("costs: expected at least one start, found none")
    size = Fraction(len(costs) * tail_per_hundred, 100)
    left, total = size, Fraction(0)
    for cost in sorted(costs, reverse=True):
        weight = min(Fraction(1), left)
        total += weight * cost
        left -= weight
        if left == 0:
            break
    return round(total / size)


def strategy_outcome(
    name: str, starts: Sequence[StartOutcome], fills: Sequence[Fill] = ()
) -> StrategyOutcome:
    """Outcome over all starts; means are rounded half to even.

    Fills are those of every order actually sent, each once, also where starts share their past.
    """
    costs = [outcome.cost for outcome in starts]
    filled = [fill for fill in fills if fill.lots_filled]
    return StrategyOutcome(
        name=name,
        starts=tuple(starts),
        mean_cost=round(Fraction(sum(costs), len(costs))),
        least_cost=min(costs),
        greatest_cost=max(costs),
        cvar_cost=cvar_over_starts(costs),
        worst_month=max(outcome.worst_month for outcome in starts),
        mean_premium=round(Fraction(sum(o.premium for o in starts), len(starts))),
        mean_fees=round(Fraction(sum(o.fees for o in starts), len(starts))),
        peak_margin_cash=max(outcome.peak_margin_cash for outcome in starts),
        lots_asked=sum(fill.lots_asked for fill in fills),
        lots_filled=sum(fill.lots_filled for fill in fills),
        slippage=round(sum(fill.slippage_micro_dollars for fill in filled)),
        mean_depth_lots=sum(f.depth_lots for f in fills) / len(fills) if fills else 0.0,
    )

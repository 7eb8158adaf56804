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
    positive. `required`: cash the house requires for the position at the day's sweep.
    `deposits`, `withdrawals`: what the lab paid in and took back. `called`: what the house asked
    for after the day's marks; `owed`: of it, variation the account could not pay from its cash.
    """

    day: date
    cash: int
    premium: int
    fees: int
    required: int
    deposits: int = 0
    withdrawals: int = 0
    called: int = 0
    owed: int = 0


@dataclass(frozen=True, slots=True)
class Fill:
    """What became of an order: lots wanted, asked and filled, and what it met.

    `paid`: sum of price times lots over its trades. `middle`: mid of the quote it saw; `mark`:
    the model's value of that day, before the maker leans against its inventory; `depth_lots`:
    lots at the touch. Prices are micro-dollars per GPU-hour.
    """

    day: date
    symbol: str
    buy: bool
    lots_wanted: int
    lots_asked: int
    lots_filled: int
    paid: int
    middle: float
    mark: int
    depth_lots: int
    hours_per_lot: int

    def slippage(self, price: float) -> float:
        """Cost of trading away from a price, micro-dollars; paid is positive."""
        sign = 1.0 if self.buy else -1.0
        return sign * (self.paid - price * self.lots_filled) * self.hours_per_lot


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
    margin_cash_days: int
    calls: int
    largest_call: int
    calls_owed: int
    fills: tuple[Fill, ...] = ()

    @property
    def cost(self) -> int:
        """Bill less everything the hedge brought in."""
        return self.bill - self.hedge_cash


@dataclass(frozen=True, slots=True)
class StrategyOutcome:
    """Outcome over the overlapping starts of one path, micro-dollars except where the name says
    so.

    `most_calls`: most days with a call on the way to and through one start; `most_calls_owed`:
    most days on which variation exceeded the cash in the account. Slippage is a mean over
    starts: against the mid of the quote taken, and against the mark, which the maker's inventory
    does not move.
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
    mean_margin_cash_days: int
    most_calls: int
    most_calls_owed: int
    largest_call: int
    lots_wanted: int
    lots_asked: int
    lots_filled: int
    mean_slippage: int
    mean_slippage_to_mark: int
    mean_depth_lots: float
    mean_order_days: float

    @property
    def fill_ratio(self) -> float:
        """Lots filled over lots asked; 1 where nothing was asked."""
        return self.lots_filled / self.lots_asked if self.lots_asked else 1.0

    @property
    def fill_of_wanted(self) -> float:
        """Lots filled over lots still wanted, day by day: how much of a day's gap the depth
        took.
        """
        return self.lots_filled / self.lots_wanted if self.lots_wanted else 1.0


def start_outcome(
    run: TrainingRun,
    need: int,
    start: date,
    fixings: Mapping[date, int],
    statement: Sequence[LedgerDay] = (),
    fills: Sequence[Fill] = (),
) -> StartOutcome:
    """Outcome of one start from the realised index, the ledger statement of its account and its
    fills.

    The worst month is the largest net payment of a calendar month: bill less hedge cash. Peak
    margin cash is the most cash the lab had paid in, net of what it took back, at any moment.
    """
    bill = run_bill(run, need, start, fixings)
    net = dict(bill)
    paid_in = peak = cash_days = 0
    for entry in sorted(statement, key=lambda e: e.day):
        month = Month.of(entry.day)
        net[month] = net.get(month, 0) - entry.cash
        # Deposits of a day come before its withdrawals.
        peak = max(peak, paid_in + entry.deposits)
        paid_in += entry.deposits - entry.withdrawals
        cash_days += max(0, paid_in)
    return StartOutcome(
        start=start,
        bill=sum(bill.values()),
        hedge_cash=sum(entry.cash for entry in statement),
        worst_month=max(net.values()),
        premium=sum(entry.premium for entry in statement),
        fees=sum(entry.fees for entry in statement),
        peak_margin_cash=peak,
        margin_cash_days=cash_days,
        calls=sum(entry.called > 0 for entry in statement),
        largest_call=max((entry.called for entry in statement), default=0),
        calls_owed=sum(entry.owed > 0 for entry in statement),
        fills=tuple(fills),
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


def strategy_outcome(name: str, starts: Sequence[StartOutcome]) -> StrategyOutcome:
    """Outcome over all starts; means are rounded half to even.

    A fill before the starts part counts once for each start that shares it.
    """
    costs = [outcome.cost for outcome in starts]
    fills = [fill for outcome in starts for fill in outcome.fills]
    order_days = sum(len({fill.day for fill in outcome.fills}) for outcome in starts)
    return StrategyOutcome(
        name=name,
        starts=tuple(starts),
        mean_cost=_mean(costs),
        least_cost=min(costs),
        greatest_cost=max(costs),
        cvar_cost=cvar_over_starts(costs),
        worst_month=max(outcome.worst_month for outcome in starts),
        mean_premium=_mean([o.premium for o in starts]),
        mean_fees=_mean([o.fees for o in starts]),
        peak_margin_cash=max(outcome.peak_margin_cash for outcome in starts),
        mean_margin_cash_days=_mean([o.margin_cash_days for o in starts]),
        most_calls=max(outcome.calls for outcome in starts),
        most_calls_owed=max(outcome.calls_owed for outcome in starts),
        largest_call=max(outcome.largest_call for outcome in starts),
        lots_wanted=sum(fill.lots_wanted for fill in fills),
        lots_asked=sum(fill.lots_asked for fill in fills),
        lots_filled=sum(fill.lots_filled for fill in fills),
        mean_slippage=round(sum(fill.slippage(fill.middle) for fill in fills) / len(starts)),
        mean_slippage_to_mark=round(sum(fill.slippage(fill.mark) for fill in fills) / len(starts)),
        mean_depth_lots=sum(f.depth_lots for f in fills) / len(fills) if fills else 0.0,
        mean_order_days=order_days / len(starts),
    )


def _mean(amounts: Sequence[int]) -> int:
    return round(Fraction(sum(amounts), len(amounts)))

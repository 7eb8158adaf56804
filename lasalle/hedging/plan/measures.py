"""What a hedge comes to: cost and cash of a position, what is left at risk and by which cause, and
what each leg is there for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial

import numpy as np

from lasalle.hedging.plan.factors import Cause, Factors, Terms
from lasalle.hedging.plan.instruments import DELIVERED, Floats, Instrument, Kind
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.optimiser import Hedge, Optimiser
from lasalle.hedging.plan.tail import expected_shortfall


@dataclass(frozen=True, slots=True)
class Measures:
    """A position over all scenarios, dollars.

    `mean`, `shortfall_95`, `shortfall_99`, `least`, `most` of total cost, trading included; `worst
    month` is the mean over scenarios of the largest net payment of one calendar month, deposits of
    margin left out, `worst_month_95` that of the dearest twentieth of them, and `worst_at` the
    month, counted from the first, that is most often the worst among those; `premium` and `trading`
    as paid at once; `cash_99` the 99 % quantile of the most cash tied up, looked at week by week,
    and `cash_99_month_ends` what month ends alone would show of it; `unserved` the share of the
    need that is expected to find no hour at any price.
    """

    mean: float
    shortfall_95: float
    shortfall_99: float
    least: float
    most: float
    worst_month: float
    premium: float
    trading: float
    cash_99: float
    unserved: float
    cash_99_month_ends: float = 0.0
    worst_month_95: float = 0.0
    worst_at: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of a plan: lots bought (sold below 0), the cost of trading them, and what leaving
    it out would do to mean and shortfall of cost, dollars.
    """

    instrument: Instrument
    lots: float
    trading: float
    mean_without: float
    shortfall_without: float


def measured(
    losses: Losses, optimiser: Optimiser, lots: Floats, shortage: Floats
) -> Measures:
    """Every measure of a position; `shortage` (S, M) is the share of hours that cannot be had."""
    trading, premium = optimiser.trading(lots)
    cost = losses.cost(lots).values + trading
    peak, _ = losses.peak(lots)
    coarse, _ = losses.cash_monthly.peak(lots)
    payments = losses.payments(lots, optimiser.traded(lots))
    worst = payments.max(axis=1)
    dearest = np.argsort(-worst, kind="stable")[: max(1, len(worst) // 20)]
    return Measures(
        mean=float(cost.mean()),
        shortfall_95=expected_shortfall(cost, 0.95),
        shortfall_99=expected_shortfall(cost, 0.99),
        least=float(cost.min()),
        most=float(cost.max()),
        worst_month=float(worst.mean()),
        premium=premium,
        trading=trading,
        cash_99=float(np.quantile(peak, 0.99, method="higher")),
        unserved=float((losses.uncovered(lots) * shortage).sum() / losses.scenarios.needed.sum()),
        cash_99_month_ends=float(np.quantile(coarse, 0.99, method="higher")),
        worst_month_95=expected_shortfall(worst, 0.95),
        worst_at=int(np.bincount(payments[dearest].argmax(axis=1)).argmax()),
    )


def legs(losses: Losses, optimiser: Optimiser, lots: Floats, level: float) -> tuple[Leg, ...]:
    """Every leg of a position, the one that matters most to the shortfall first."""
    held = np.array([one.held for one in losses.instruments])
    trading, _ = optimiser.trading(lots)
    found = []
    for n in np.flatnonzero(lots != held):
        without = lots.copy()
        without[n] = held[n]
        less, _ = optimiser.trading(without)
        cost = losses.cost(without).values + less
        found.append(
            Leg(
                losses.instruments[n],
                float(lots[n] - held[n]),
                trading - less,
                float(cost.mean()),
                expected_shortfall(cost, level),
            )
        )
    return tuple(sorted(found, key=lambda leg: -leg.shortfall_without))


def held_matters(losses: Losses, hedge: Hedge, level: float) -> dict[str, float]:
    """The shortfall of a hedge without each position held that stays in it, given back at what it
    is expected to bring, dollars: as `shortfall_without` of a leg.
    """
    cost = losses.cost(hedge.lots).values
    found = {}
    for n, one in enumerate(losses.instruments):
        if one.held and abs(hedge.lots[n]) >= 1:
            without = hedge.lots.copy()
            without[n] = 0.0
            bare = losses.cost(without).values
            bare -= bare.mean() - cost.mean()
            found[one.symbol] = expected_shortfall(bare, level) + hedge.trading
    return found


def by_cause(
    factors: Factors, terms: Terms, instruments: Sequence[Instrument], lots: Floats, level: float
) -> dict[Cause, float]:
    """What each cause that moves adds to the expected shortfall of cost, dollars: Shapley's value
    over the orders in which causes are let move. The values sum to the shortfall less what cost
    comes to with every cause held still.
    """
    used = [(one, held) for one, held in zip(instruments, lots, strict=True) if held]
    # One instrument at least, so that there is something to hold nothing of.
    used = used or [(instruments[0], 0.0)]
    instruments, lots = [one for one, _ in used], np.array([held for _, held in used])
    moving = [cause for cause in Cause if factors.moves(cause, terms)]
    if not any(one.kind in DELIVERED for one in instruments):
        # Whoever buys no hours is failed by nobody.
        moving = [cause for cause in moving if cause is not Cause.SUPPLIER]
    # Cost asks for no mark: those of one time are as good as all, and cheaper to look through.
    bare = replace(factors, times=factors.times[:1], marks=factors.marks[:, :1])
    worth: dict[frozenset[Cause], float] = {}
    for size in range(len(moving) + 1):
        for free in combinations(moving, size):
            still = bare.held_still([cause for cause in moving if cause not in free])
            cost = Losses(still.scenarios(terms), instruments).cost(lots).values
            worth[frozenset(free)] = expected_shortfall(cost, level)
    found = dict.fromkeys(moving, 0.0)
    count = len(moving)
    for cause in moving:
        others = [one for one in moving if one is not cause]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for before in combinations(others, size):
                without = frozenset(before)
                found[cause] += weight * (worth[without | {cause}] - worth[without])
    return found


def at_rest(
    factors: Factors, terms: Terms, instruments: Sequence[Instrument], lots: Floats
) -> float:
    """Cost with every cause held still, prices paid for the hedge left out, dollars: what the
    causes come on top of.
    """
    still = factors.held_still(list(Cause)).first(1)
    return float(Losses(still.scenarios(terms), instruments).cost(lots).values[0])


def reason(leg: Leg, shortfall: float, mean: float, needed: Floats) -> str:
    """One sentence: what the leg carries beside what the need, (S, M) hours, uses in its months and
    how often, what it takes off the shortfall and adds to the mean.
    """
    one = leg.instrument
    carried, uses = abs(leg.lots) * one.lot_hours, needed[:, one.hours > 0].sum(axis=1)
    month = "month" if np.count_nonzero(one.hours) == 1 else "months"
    falls = (
        f"the run is expected to use {uses.mean():,.0f} then and falls there in"
        f" {np.count_nonzero(uses) / len(uses):.0%} of the outcomes"
        if np.any(uses)
        else "the run never falls there"
    )
    does = {
        Kind.FUTURE: "fixes the price of",
        Kind.SWAP: "fixes one price over its months for",
        Kind.CALL: f"caps at {one.strike:.2f} USD the price of",
        Kind.PHYSICAL: "secures the hours themselves, and their price, for",
        Kind.CAPACITY: f"gives the right at {one.strike:.2f} USD to the hours themselves for",
    }[one.kind]
    saved, added = leg.shortfall_without - shortfall, mean - leg.mean_without
    what = "takes" if saved >= 0 else "adds"
    costs = f"costs {_money(added)}" if added >= 0 else f"saves {_money(-added)}"
    side = "" if leg.lots > 0 else "sold, so that it no longer "
    without = "" if one.kind in DELIVERED else "; it protects against price, not against shortage"
    return (
        f"{side}{does} {carried:,.0f} hours of its {month}, where {falls}; the trade {what}"
        f" {_money(abs(saved))} {'off' if saved >= 0 else 'to'} the dearest outcomes (CVaR) and"
        f" {costs} on average{without}."
    )


def _money(dollars: float) -> str:
    size = abs(dollars)
    if size >= 1e6:
        return f"{dollars / 1e6:,.2f} million USD"
    if size >= 1e3:
        return f"{dollars / 1e3:,.0f} thousand USD"
    return f"{dollars:,.0f} USD"

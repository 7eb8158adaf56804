"""What can be traded for a need on a day: listed series with their quotes, and offers of hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lasalle.contracts import Form, Month, SeriesKind, SeriesTerms, hours
from lasalle.hedging.plan.instruments import Instrument, Kind, Level, parted, with_impact
from lasalle.hedging.plan.need import Need, offered_months

UNFOLLOWED = "settles on an index that the own bill does not follow"
KINDS = {
    SeriesKind.FUTURE: Kind.FUTURE,
    SeriesKind.SWAP: Kind.SWAP,
    SeriesKind.CALL: Kind.CALL,
}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A listed series and its book: ladders in dollars an hour, best first; margin and fee in
    dollars a lot; `paid` the mean price of what is held, dollars an hour, where that is known.
    """

    terms: SeriesTerms
    asks: tuple[Level, ...]
    bids: tuple[Level, ...]
    margin_long: float
    margin_short: float
    fee: float = 0.0
    paid: float | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A series that serves no leg, why not, and the lots held of it, which no figure counts."""

    symbol: str
    why: str
    held: int = 0


def tradable(
    need: Need,
    months: Sequence[Month],
    board: Sequence[Quoted],
    held: Mapping[str, int],
    *,
    early: bool = False,
) -> tuple[tuple[Instrument, ...], tuple[Passed, ...]]:
    """Instruments of a need over its months, and the series passed over; `early` futures settle
    before the run can start, for a programme that rolls them.

    Raises ValueError where nothing is left to trade.
    """
    found, passed = [], []
    for quoted in board:
        why, lots = _unfit(need, months, quoted, early), held.get(quoted.terms.symbol, 0)
        if not why:
            found.append(_listed(need, months, quoted, lots))
        elif lots and _counted(months, quoted):
            # Nothing more of it is bought, but what is held hedges and ties up cash all the same.
            found.append(_listed(need, months, replace(quoted, asks=()), lots))
        else:
            passed.append(Passed(quoted.terms.symbol, why, lots))
    symbols = {quoted.terms.symbol for quoted in board}
    passed += [
        Passed(symbol, "is not on the board of the need", lots)
        for symbol, lots in held.items()
        if lots and symbol not in symbols
    ]
    if not need.bill.can_be_hedged and not found:
        # A plan of nothing is over something that could be held: a series that is not offered.
        some = [one for one in board if _counted(months, one)][:1]
        found += [_listed(need, months, replace(one, asks=(), bids=()), 0) for one in some]
    for offer in need.offers:
        if offer.name in symbols:
            raise ValueError(f"offers: expected a name of its own, found {offer.name}, a series")
        which = offered_months(offer)
        if not set(which) <= set(months):
            passed.append(Passed(offer.name, "delivers outside the months of the need"))
            continue
        carried = np.array([float(hours(m)) if m in which else 0.0 for m in months])
        ladder = (Level(offer.price, float(offer.accelerators)),)
        found.append(
            Instrument(
                offer.name,
                offer.kind,
                carried,
                ladder,
                strike=offer.strike,
                most_lots=float(offer.accelerators),
            )
        )
    if not found:
        whys = ", ".join(f"{n} {why}" for why, n in Counter(p.why for p in passed).items())
        raise ValueError(
            f"board: expected a series or an offer in the months of the need, {months[0]} to"
            f" {months[-1]}, its start from {need.first_start}; found none among"
            f" {len(passed)} series: {whys or 'the board is empty'}"
        )
    return tuple(found), tuple(passed)


def reached(book: tuple[Level, ...], lots: int) -> tuple[float, int]:
    """Worst price of the book that so many lots reach, and the lots it shows up to there."""
    shown = 0
    for level in book:
        shown += int(level.lots)
        if shown >= lots:
            break
    return level.price, min(shown, lots)


def _counted(months: Sequence[Month], quoted: Quoted) -> bool:
    """Whether what is held of a series can be counted in a plan."""
    average = quoted.terms.standard.symbol_form is Form.AVERAGE
    return average and quoted.terms.kind in KINDS and set(quoted.terms.months) <= set(months)


def _unfit(need: Need, months: Sequence[Month], quoted: Quoted, early: bool) -> str:
    """Why a series serves no leg of a need; empty where it does."""
    terms = quoted.terms
    kind = KINDS.get(terms.kind)
    if terms.standard.symbol_form is not Form.AVERAGE or kind is None:
        return "is no future, swap or call on an average"
    if kind not in need.trade.instruments:
        return f"the need does not allow a {kind}"
    if not need.bill.can_be_hedged:
        return UNFOLLOWED
    if not set(terms.months) <= set(months):
        return "settles outside the months of the need"
    rolled = early and kind is Kind.FUTURE
    if terms.months[0] < Month.of(need.first_start) and not rolled:
        return "settles before the run can start"
    if not quoted.asks:
        return "has no offer in its book"
    return ""


def _listed(need: Need, months: Sequence[Month], quoted: Quoted, held: int) -> Instrument:
    terms, kind = quoted.terms, KINDS[quoted.terms.kind]
    if held < 0 and kind is Kind.CALL:
        raise ValueError(
            f"{terms.symbol}: held: expected no call sold short, found {held:,} lots; a plan bounds"
            " no such loss: close them first"
        )
    within = {month: float(hours(month)) for month in terms.months}
    share = terms.hours_per_lot / sum(within.values())
    most = float(max(need.trade.most_lots, held))
    impact = need.trade.impact
    asks = with_impact(quoted.asks, buy=True, per_depth=impact, most_lots=most - min(held, 0))
    # What is held has gone so far up the line already: a position built over days is priced as one
    # that is bought at once, and planned again it is the same.
    taken, asks = parted(asks, max(held, 0))
    bids = with_impact(quoted.bids, buy=False, per_depth=impact, most_lots=max(held, 0))
    if held > 0 and quoted.paid is not None:
        taken = (Level(quoted.paid, held),)
    elif held > 0 and not taken:
        taken = (Level(bids[0].price if bids else 0.0, held),)
    spent = sum(one.lots * (one.price * terms.hours_per_lot + quoted.fee) for one in taken)
    return Instrument(
        terms.symbol,
        kind,
        np.array([share * within.get(month, 0.0) for month in months]),
        asks,
        # A plan buys cover and may sell what is held; it never goes short.
        bids if held > 0 else (),
        strike=terms.strike_micro_dollars / 1e6,
        margin_long=quoted.margin_long,
        margin_short=quoted.margin_short,
        fee=quoted.fee,
        held=float(held),
        least_lots=float(min(held, 0)),
        most_lots=most,
        spent=spent,
    )

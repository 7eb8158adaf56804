"""What can be traded for a need on a day: listed series with their quotes, and offers of hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lasalle.contracts import Form, Month, SeriesKind, SeriesTerms, hours
from lasalle.hedging.plan.instruments import Instrument, Kind, Level, with_impact
from lasalle.hedging.plan.need import Need, offered_months

KINDS = {
    SeriesKind.FUTURE: Kind.FUTURE,
    SeriesKind.SWAP: Kind.SWAP,
    SeriesKind.CALL: Kind.CALL,
}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A listed series and its book: ladders in dollars an hour, best first; margin and fee in
    dollars a lot.
    """

    terms: SeriesTerms
    asks: tuple[Level, ...]
    bids: tuple[Level, ...]
    margin_long: float
    margin_short: float
    fee: float = 0.0


@dataclass(frozen=True, slots=True)
class Passed:
    """A series that serves no leg, and why not."""

    symbol: str
    why: str


def tradable(
    need: Need,
    months: Sequence[Month],
    board: Sequence[Quoted],
    held: Mapping[str, int],
) -> tuple[tuple[Instrument, ...], tuple[Passed, ...]]:
    """Instruments of a need over its months, and the series passed over.

    Raises ValueError where nothing is left to trade.
    """
    found, passed = [], []
    for quoted in board:
        why = _unfit(need, months, quoted)
        if why:
            passed.append(Passed(quoted.terms.symbol, why))
        else:
            found.append(_listed(need, months, quoted, held.get(quoted.terms.symbol, 0)))
    for offer in need.offers:
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
        raise ValueError(
            "board: expected a series or an offer in the months of the need, found none"
        )
    return tuple(found), tuple(passed)


def _unfit(need: Need, months: Sequence[Month], quoted: Quoted) -> str:
    """Why a series serves no leg of a need; empty where it does."""
    terms = quoted.terms
    kind = KINDS.get(terms.kind)
    if terms.standard.symbol_form is not Form.AVERAGE or kind is None:
        return "is no future, swap or call on an average"
    if kind not in need.trade.instruments:
        return f"the need does not allow a {kind}"
    if not set(terms.months) <= set(months):
        return "settles outside the months of the need"
    if terms.months[0] < Month.of(need.first_start):
        return "settles before the run can start"
    if not quoted.asks:
        return "has no offer in its book"
    return ""


def _listed(need: Need, months: Sequence[Month], quoted: Quoted, held: int) -> Instrument:
    terms, kind = quoted.terms, KINDS[quoted.terms.kind]
    within = {month: float(hours(month)) for month in terms.months}
    share = terms.hours_per_lot / sum(within.values())
    most = float(max(need.trade.most_lots, held))
    asks = with_impact(
        quoted.asks, buy=True, per_depth=need.trade.impact, most_lots=most - min(held, 0)
    )
    bids = with_impact(
        quoted.bids, buy=False, per_depth=need.trade.impact, most_lots=max(held, 0)
    )  # fmt: skip
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
    )

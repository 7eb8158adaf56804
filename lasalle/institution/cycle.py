"""The clearing cycle of a house: settlement prices by the waterfall, marks through the day, calls.

Everything is read from the views, and what is asked depends on nothing else: a cycle that was
interrupted goes on where it stood, and one that was finished asks for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lasalle import wire
from lasalle.clearing import MarginTable
from lasalle.clearing.columns import funded_at
from lasalle.clearing.waterfall import (
    CallTerms,
    Evidence,
    Found,
    Level,
    Print,
    Waterfall,
    settlement_price,
)
from lasalle.contracts import (
    ContractError,
    Form,
    Symbol,
    SymbolError,
    find_terms,
    parse_symbol,
)
from lasalle.views.accounts import AccountsView
from lasalle.views.market import MarketView, SeriesView
from lasalle.wire import Aggressor, PriceStep, SeriesState, Side

SECOND = 10**9
BASES = (Form.LOCATION_BASIS, Form.GRADE_BASIS)
OPTIONS = (wire.SeriesKind.CALL, wire.SeriesKind.PUT)
DECLARE = wire.DeclareDefault
WATERFALL = 3
"""Behaviour from which settlement prices say whence they come and calls are issued."""
TABLES_OF_A_DAY = 100
"""Numbers of tables a day has: its own, and those of its hours."""


def first_table(day: int) -> int:
    """Number of the margin table that a day's settlement (YYYYMMDD) is followed by."""
    return day * TABLES_OF_A_DAY


def evidence(view: SeriesView, curve: int, until: int) -> Evidence:
    """What the market shows of a series until a time, nanoseconds UTC; its closing auction are the
    trades of the moment it closed."""
    closed = view.changed.time if view.state == SeriesState.CLOSED and view.changed else 0
    prints = [(Print(h.time, t.price, t.lots), t.aggressor) for h, t in view.trades]
    auction = [p for p, side in prints if side == Aggressor.NONE and p.time == closed]
    trades = [p for p, side in prints if not (side == Aggressor.NONE and p.time == closed)]
    bids, asks = view.levels[Side.BUY], view.levels[Side.SELL]
    bid = Level(max(bids), bids[max(bids)]) if bids else Level()
    ask = Level(min(asks), asks[min(asks)]) if asks else Level()
    return Evidence(curve, closed or until, auction, trades, bid, ask, scale_of(view))


def scale_of(view: SeriesView) -> int:
    """What shares of a basis' price are of: a tenth of its par, for the price is par and little
    more; 0 for any other series, whose price it is. Micro-dollars.
    """
    try:
        symbol = parse_symbol(view.terms.symbol)
        par = find_terms(symbol).standard.par_micro_dollars if symbol.form in BASES else 0
    except (ContractError, SymbolError):
        return 0
    return par // 10


def settlement(
    market: MarketView,
    day: int,
    curve: Mapping[str, int],
    terms: Waterfall,
    standing: Mapping[str, int],
) -> wire.SettleVariation | wire.SettlePrices:
    """Settlement prices of a day (YYYYMMDD) from the curve's marks and what the market showed,
    each with its step where the law knows steps.

    standing: prices of series whose final price waits; one that no curve marks stands as it is.
    """
    marks = {**curve, **standing}
    alive = {n: v for n, v in sorted(market.series.items()) if v.terms.symbol in marks}
    alive = {n: v for n, v in alive.items() if v.state != SeriesState.EXPIRED}
    if market.behaviour < WATERFALL:
        prices = tuple(wire.SeriesPrice(n, max(1, marks[v.terms.symbol])) for n, v in alive.items())
        return wire.SettleVariation(day=day, prices=prices)
    found = {}
    for n, view in alive.items():
        mark = marks[view.terms.symbol]
        if view.terms.symbol in curve:
            found[n] = settlement_price(evidence(view, mark, 0), terms)
        else:
            found[n] = Found(mark, PriceStep.STANDING)
    return wire.SettlePrices(
        day=day, prices=tuple(wire.FoundPrice(f.step, n, f.price) for n, f in found.items())
    )


def live_marks(market: MarketView, now: int, terms: Waterfall) -> dict[str, Found]:
    """Marks of series that trade now, by symbol: trades, quotes, else the mark in force."""
    return {
        view.terms.symbol: settlement_price(evidence(view, view.mark, now), terms)
        for number, view in market.series.items()
        if number in market.rows and view.state == SeriesState.OPEN and view.mark
    }


def greatest_move(market: MarketView, marks: Mapping[str, Found]) -> float:
    """The greatest share by which a mark differs from the one in force."""
    moves = (
        abs(found.price - view.mark) / (scale_of(view) or view.mark)
        for view, found in ((market.by_symbol[symbol], found) for symbol, found in marks.items())
    )
    return max(moves, default=0.0)


def marked(
    table: MarginTable, marks: Mapping[str, int], views: Mapping[str, SeriesView]
) -> MarginTable:
    """A table at other marks: losses stay, a long option still loses no more than its mark, and a
    bounded week is funded from its new one.
    """
    rows = []
    for row in table.rows:
        mark = marks.get(row.symbol, row.mark_micro_dollars)
        losses, terms = row.losses_micro_dollars, views[row.symbol].terms
        if terms.series_kind in OPTIONS and mark < row.mark_micro_dollars:
            losses = tuple(min(loss, mark * terms.hours) for loss in losses)
        if (symbol := _bounded(row.symbol)) is not None:
            was = row.mark_micro_dollars, mark
            losses = funded_at(table.labels, symbol, losses, was, terms.hours)
        rows.append(replace(row, mark_micro_dollars=mark, losses_micro_dollars=losses))
    return replace(table, rows=tuple(rows))


def _bounded(text: str) -> Symbol | None:
    """The symbol of a bounded week; None of any other series."""
    try:
        symbol = parse_symbol(text)
    except SymbolError:
        return None
    return symbol if symbol.form is Form.BOUNDED else None


def declarations(accounts: AccountsView) -> list[wire.Propose]:
    """For every member with a late call, of its own or of a client, that is not in default: the
    proposal to declare it, while none waits (CLR-039). An operator declares by approving it."""
    late = {accounts.accounts[n].member for n, c in accounts.margin_calls.items() if not c.due}
    waiting = {p.payload for p in accounts.proposals.values() if p.command == DECLARE.KIND}
    wanted = [DECLARE(member=member).pack() for member in sorted(late - accounts.margins.defaults)]
    return [wire.Propose(command=DECLARE.KIND, payload=p) for p in wanted if p not in waiting]


def calls(accounts: AccountsView, terms: CallTerms, *, daily: bool) -> list[wire.IssueCall]:
    """A call on every account that is not covered and has none; between settlements only where
    what is required passes its share of the cover."""
    found = []
    seconds = terms.daily_seconds if daily else terms.intraday_seconds
    for number, judged in accounts.uncovered().items():
        if number in accounts.margin_calls:
            continue
        far = judged.required > terms.intraday_share * max(0, judged.cover)
        if daily or far or judged.free < judged.needed:
            found.append(wire.IssueCall(account=number, timeout=seconds * SECOND))
    return found

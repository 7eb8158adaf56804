"""Deciding mass quotes: all legs or none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle.plain.limits import check_size
from lasalle.plain.margin import Open, judge, opens
from lasalle.plain.matching import cancel_all, refresh, work
from lasalle.plain.orders import (
    check_band,
    check_covered,
    check_lots,
    check_may_trade,
    check_price,
    check_row,
    find_series,
)
from lasalle.plain.state import CALLS, Account, Place, Refused, State
from lasalle.wire import (
    Bound,
    CancelReason,
    MassQuote,
    OrderAccepted,
    OrderType,
    Quote,
    Refusal,
    SeriesState,
    Side,
    TimeInForce,
)

Events = Iterator[Any]


def mass_quote(state: State, place: Place, command: MassQuote) -> Events:
    account = state.accounts[command.account]
    if state.stale(account):
        yield from refresh(state, account)
    check_may_trade(state, account)
    legs = _quote_legs(state, place, account, command)
    old = {(o.series, o.side): o for o in account.orders.values() if o.quote}
    ends, begins = [], []
    for number, (series, side, price, lots) in legs:
        stands = old.get((series, side))
        if stands is not None and (stands.price, stands.lots) == (price, lots):
            continue
        ends += [stands] if stands is not None else []
        begins += [(number, Open(series, side, price, lots))] if lots else []
    live = opens(o for o in account.orders.values() if o not in ends)
    for _, leg in begins:
        check_size(account, state.series[leg.series], live, leg.side, leg.price, leg.lots)
        live.append(leg)
    check_covered(judge(state, account, live))
    yield from cancel_all(ends, CancelReason.QUOTE_REPLACED)
    for number, leg in begins:
        yield OrderAccepted(
            order=number,
            account=account.account,
            series=leg.series,
            side=leg.side,
            order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.DAY,
            self_trade=command.self_trade,
            quote=True,
            close_out=False,
            price=leg.price,
            lots=leg.lots,
            session=command.session,
            label=command.label,
        )
    for number, _ in begins:
        if number in state.orders:
            yield from work(state, place, state.orders[number])


def _quote_legs(
    state: State, place: Place, account: Account, command: MassQuote
) -> list[tuple[int, Open]]:
    """(order id, leg) of both sides of every quote, guarded leg by leg (EXC-017)."""
    if not 1 <= len(command.quotes) <= Bound.QUOTES or (
        len({q.series for q in command.quotes}) != len(command.quotes)
    ):
        raise Refused(Refusal.QUOTES_OUT_OF_BOUNDS, Bound.QUOTES, len(command.quotes))
    legs = []
    for j, quote in enumerate(command.quotes):
        series = find_series(state, quote.series)
        if series.state != SeriesState.OPEN and series.state not in CALLS:
            raise Refused(Refusal.SERIES_NOT_TRADING, SeriesState.OPEN, series.state)
        if place.time >= series.last_trading_time:
            raise Refused(Refusal.TRADING_ENDED, series.last_trading_time, place.time)
        protection = account.protections.get(series.group)
        if protection is not None and protection.tripped:
            raise Refused(Refusal.PROTECTION_TRIPPED, 0, series.group)
        check_row(state, series)
        for offset, leg in enumerate(_sides(quote)):
            if leg.lots:
                check_lots(leg.lots)
                check_price(series, leg.price)
                check_band(series, leg.side, leg.price)
            legs.append((place.number + 2 * j + offset, leg))
    return legs


def _sides(quote: Quote) -> tuple[Open, Open]:
    return (
        Open(quote.series, Side.BUY, quote.bid_price, quote.bid_lots),
        Open(quote.series, Side.SELL, quote.ask_price, quote.ask_lots),
    )

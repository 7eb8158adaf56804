"""How a live order meets the book: sweep, rest, elect, refresh, protect, uncross."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle.plain.book import auction_price
from lasalle.plain.margin import judge, open_premiums
from lasalle.plain.state import Account, Order, Place, Series, State
from lasalle.wire import (
    AccountRefreshed,
    Aggressor,
    AuctionUncrossed,
    Bound,
    CancelReason,
    MakerProtectionTripped,
    MarginCallMet,
    OrderCancelled,
    OrderElected,
    OrderReduced,
    OrderRested,
    OrderState,
    OrderType,
    PauseReason,
    ReferenceMoved,
    SelfTrade,
    SeriesState,
    SeriesStateChanged,
    Side,
    SliceRefreshed,
    TimeInForce,
    Traded,
)

Events = Iterator[Any]
IMMEDIATE = (TimeInForce.IOC, TimeInForce.FOK)


def opposite(side: Side) -> Side:
    return Side.SELL if side == Side.BUY else Side.BUY


def crosses(side: Side, price: int, other: int) -> bool:
    """True when an order at `price` reaches a resting one at `other`."""
    return other <= price if side == Side.BUY else other >= price


def cancelled(order: Order, reason: CancelReason) -> OrderCancelled:
    resting = order.state == OrderState.RESTING
    return OrderCancelled(
        order=order.order,
        account=order.account,
        series=order.series,
        side=order.side,
        price=order.price,
        visible=order.visible if resting else 0,
        lots=order.lots,
        reason=reason,
    )


def cancel_all(orders: list[Order], reason: CancelReason) -> Events:
    """Cancels in order of order id."""
    for order in sorted(orders, key=lambda o: o.order):
        yield cancelled(order, reason)


def refresh(state: State, account: Account) -> Events:
    """Judges an account under the marks in force; a deficit ends its risk-raising orders
    (CLR-006)."""
    judgement = judge(state, account)
    yield AccountRefreshed(
        account=account.account, requirement=judgement.requirement, covered=judgement.covered
    )
    if judgement.covered:
        call = state.calls.get(account.account)
        if call is not None:
            yield MarginCallMet(call=call.call, account=call.account)
        return
    room: dict[tuple[int, Side], int] = {}
    for order in sorted(account.orders.values(), key=lambda o: o.order):
        sign = -1 if order.side == Side.BUY else 1
        key = (order.series, order.side)
        left = room.setdefault(key, max(0, sign * account.lots(order.series)))
        if order.close_out or order.lots <= left:
            room[key] = left - order.lots
            continue
        yield cancelled(order, CancelReason.DEFICIT)
    if state.free_of_holds(account) < open_premiums(state, account):
        paying = [
            o
            for o in account.orders.values()
            if o.side == Side.BUY and state.series[o.series].is_option
        ]
        yield from cancel_all(paying, CancelReason.DEFICIT)


def work(state: State, place: Place, order: Order) -> Events:
    """Takes what crosses, then rests or ends what is left."""
    series = state.series[order.series]
    immediate = order.time_in_force in IMMEDIATE or order.order_type == OrderType.STOP
    if series.state == SeriesState.OPEN and not state.halted:
        anchor = series.last_price or series.reference_price
        needed = order.lots if order.time_in_force == TimeInForce.FOK else order.minimum_lots
        if needed:
            yield from _refresh_makers(state, order)
            if order.order not in state.orders:
                return
            if _fillable(state, order, anchor, needed) < needed:
                fok = order.time_in_force == TimeInForce.FOK
                reason = CancelReason.FOK_UNFILLED if fok else CancelReason.MINIMUM_UNMET
                yield cancelled(order, reason)
                return
        yield from _sweep(state, place, order, anchor)
    if order.order not in state.orders:
        return
    if immediate:
        paused = series.state == SeriesState.PAUSED
        reason = CancelReason.VOLATILITY_PAUSE if paused else CancelReason.IOC_REMAINDER
        yield cancelled(order, reason)
    else:
        yield OrderRested(
            series=order.series,
            side=order.side,
            price=order.price,
            visible=order.slice_lots,
            order=order.order,
            account=order.account,
        )


def _refresh_makers(state: State, order: Order) -> Events:
    makers = list(state.books[order.series].orders(opposite(order.side)))
    for account in sorted({m.account for m in makers if crosses(order.side, order.price, m.price)}):
        if state.stale(state.accounts[account]):
            yield from refresh(state, state.accounts[account])


def _within_pause_range(series: Series, anchor: int, price: int) -> bool:
    return not series.pause_range or abs(price - anchor) * 10_000 <= series.pause_range * anchor


def _fillable(state: State, order: Order, anchor: int, needed: int) -> int:
    """Lots a sweep would fill at once, counted up to `needed` (EXC-013)."""
    series = state.series[order.series]
    owner = state.accounts[order.account].owner
    lots = fills = 0
    for maker in state.books[order.series].orders(opposite(order.side)):
        if lots >= needed or not crosses(order.side, order.price, maker.price):
            break
        if not _within_pause_range(series, anchor, maker.price):
            break
        if state.accounts[maker.account].owner == owner:
            if _gives_way(order, maker):
                continue
            break
        fills += 1 + (
            -(-(maker.lots - maker.visible) // maker.display_lots) if maker.display_lots else 0
        )
        if fills > Bound.FILLS_PER_COMMAND:
            break
        lots += maker.lots
    return lots


def _sweep(state: State, place: Place, order: Order, anchor: int) -> Events:
    series = state.series[order.series]
    book = state.books[order.series]
    fills = 0
    while order.order in state.orders:
        maker = book.best(opposite(order.side))
        if maker is None or not crosses(order.side, order.price, maker.price):
            return
        if not _within_pause_range(series, anchor, maker.price):
            yield SeriesStateChanged(
                series=series.series,
                state=SeriesState.PAUSED,
                reason=PauseReason.VOLATILITY,
                until=place.time + series.pause_duration,
            )
            return
        if state.stale(state.accounts[maker.account]):
            yield from refresh(state, state.accounts[maker.account])
            continue
        if state.accounts[maker.account].owner == state.accounts[order.account].owner:
            yield from _self_trade(order, maker)
            continue
        if fills == Bound.FILLS_PER_COMMAND:
            yield cancelled(order, CancelReason.SWEEP_BOUND)
            return
        fills += 1
        lots = min(order.lots, maker.visible)
        buy, sell = (order, maker) if order.side == Side.BUY else (maker, order)
        yield traded(state, buy, sell, maker.price, lots, Aggressor(order.side))
        yield from after_trade(state, series, (maker, order))


def traded(
    state: State, buy: Order, sell: Order, price: int, lots: int, aggressor: Aggressor
) -> Traded:
    """The trade of two orders with its fees and premium.

    Fees never take cash that is not there: a side that came in only because it reduces a position
    in deficit, and cannot pay its fees whole, pays none; the other side pays its own (CLR-012).
    """
    series = state.series[buy.series]
    charged = {}
    for order in (buy, sell):
        account = state.accounts[order.account]
        resting = aggressor not in (Aggressor.NONE, Aggressor(order.side))
        fee = (series.maker_fee if resting else series.taker_fee) * lots
        clearing = series.clearing_fee * lots
        room = max(0, state.free_of_holds(account) - open_premiums(state, account))
        charged[order.side] = (fee, clearing) if fee + clearing <= room else (0, 0)
    return Traded(
        series=series.series,
        price=price,
        lots=lots,
        aggressor=aggressor,
        buy_price=buy.price if buy.state == OrderState.RESTING else 0,
        sell_price=sell.price if sell.state == OrderState.RESTING else 0,
        buy_order=buy.order,
        sell_order=sell.order,
        buy_account=buy.account,
        sell_account=sell.account,
        buy_fee=charged[Side.BUY][0],
        sell_fee=charged[Side.SELL][0],
        buy_clearing_fee=charged[Side.BUY][1],
        sell_clearing_fee=charged[Side.SELL][1],
        premium=price * lots * series.hours if series.is_option else 0,
    )


def after_trade(state: State, series: Series, orders: tuple[Order, ...]) -> Events:
    """Next slices, elections and maker protection that a trade brings, in that order."""
    for order in orders:
        if order.state == OrderState.RESTING and order.lots and not order.visible:
            yield refreshed(order)
    yield from elect(state, series)
    for order in orders:
        if order.quote:
            yield from _protect(state, series, state.accounts[order.account])


def refreshed(order: Order) -> SliceRefreshed:
    return SliceRefreshed(
        series=order.series,
        side=order.side,
        price=order.price,
        visible=order.slice_lots,
        order=order.order,
        account=order.account,
    )


def elect(state: State, series: Series) -> Events:
    """Elects every waiting stop the last trade has reached, in order of order id (EXC-011)."""
    last = series.last_price
    if not last:
        return
    for order in sorted(state.waiting[series.series].values(), key=lambda o: o.order):
        reached = last >= order.stop_price if order.side == Side.BUY else last <= order.stop_price
        if reached:
            yield OrderElected(order=order.order, account=order.account, series=order.series)


def _protect(state: State, series: Series, account: Account) -> Events:
    p = account.protections.get(series.group)
    if p is None or p.tripped:
        return
    over = (
        (p.lots_limit and p.lots >= p.lots_limit)
        or (p.delta_limit and abs(p.delta) >= p.delta_limit)
        or (p.vega_limit and abs(p.vega) >= p.vega_limit)
    )
    if not over:
        return
    yield MakerProtectionTripped(account=account.account, group=series.group)
    quotes = [
        o
        for o in account.orders.values()
        if o.quote and state.series[o.series].group == series.group
    ]
    yield from cancel_all(quotes, CancelReason.MAKER_PROTECTION)


def _gives_way(order: Order, maker: Order) -> bool:
    """Whether a resting order is cancelled for the incoming one of its owner, which goes on
    (EXC-015)."""
    if order.close_out != maker.close_out:
        return order.close_out
    return order.self_trade == SelfTrade.CANCEL_OLDEST


def _self_trade(order: Order, maker: Order) -> Events:
    """Self-trade prevention, by the incoming order's mode; of a close-out and another order the
    close-out stays (EXC-015)."""
    mode = order.self_trade
    if order.close_out != maker.close_out:
        yield cancelled(maker if order.close_out else order, CancelReason.SELF_TRADE)
        return
    if mode == SelfTrade.DECREMENT:
        lots = min(order.lots, maker.visible)
        yield OrderReduced(
            order=maker.order,
            account=maker.account,
            series=maker.series,
            side=maker.side,
            price=maker.price,
            lots=lots,
            visible=lots,
        )
        if maker.lots and not maker.visible:
            yield refreshed(maker)
        yield OrderReduced(
            order=order.order,
            account=order.account,
            series=order.series,
            side=order.side,
            price=order.price,
            lots=lots,
            visible=0,
        )
        return
    if mode in (SelfTrade.CANCEL_OLDEST, SelfTrade.CANCEL_BOTH):
        yield cancelled(maker, CancelReason.SELF_TRADE)
    if mode in (SelfTrade.CANCEL_NEWEST, SelfTrade.CANCEL_BOTH):
        yield cancelled(order, CancelReason.SELF_TRADE)


def _trades_now(series: Series, place: Place) -> bool:
    return series.state == SeriesState.OPEN and place.time < series.last_trading_time


def run_elected(state: State, place: Place) -> Events:
    """Works elected stops in order of election, at most a bound each time (EXC-011)."""
    for _ in range(Bound.ELECTIONS_PER_COMMAND):
        ready = [
            o
            for o in state.orders.values()
            if o.state == OrderState.ELECTED and _trades_now(state.series[o.series], place)
        ]
        if not ready or state.halted:
            return
        order = min(ready, key=lambda o: o.priority)
        account = state.accounts[order.account]
        if state.stale(account):
            yield from refresh(state, account)
        if order.order in state.orders:
            yield from work(state, place, order)


def uncross(state: State, series: Series) -> Events:
    """The call auction of a series (EXC-020)."""
    book = state.books[series.series]
    makers = {o.account for side in (Side.BUY, Side.SELL) for o in book.orders(side)}
    for account in sorted(makers):
        if state.stale(state.accounts[account]):
            yield from refresh(state, state.accounts[account])
    # Self-trade prevention can leave the book crossed; the auction is then held again.
    while True:
        price, lots, imbalance = auction_price(
            book.levels(Side.BUY), book.levels(Side.SELL), series.reference_price, series.tick
        )
        yield AuctionUncrossed(series=series.series, price=price, lots=lots, imbalance=imbalance)
        if not price:
            return
        yield from _match_at(state, series, price)
        bid, ask = book.best(Side.BUY), book.best(Side.SELL)
        if bid is None or ask is None or bid.price < ask.price:
            return


def _match_at(state: State, series: Series, price: int) -> Events:
    """Trades everything that crosses the auction price, in price-time order."""
    book = state.books[series.series]
    any_trade = False
    while True:
        buy, sell = book.best(Side.BUY), book.best(Side.SELL)
        if buy is None or sell is None or buy.price < price or sell.price > price:
            break
        if state.accounts[buy.account].owner == state.accounts[sell.account].owner:
            leaves = max(buy, sell, key=lambda o: (not o.close_out, o.priority))
            yield cancelled(leaves, CancelReason.SELF_TRADE)
            continue
        any_trade = True
        yield traded(state, buy, sell, price, min(buy.visible, sell.visible), Aggressor.NONE)
        yield from after_trade(state, series, (buy, sell))
    if any_trade:
        yield ReferenceMoved(series=series.series, price=price)

"""What orders, trades and position moves write."""

from __future__ import annotations

from typing import Any

from lasalle.plain.state import Offer, Order, Place, Position, Protection, Reference, State, Trade
from lasalle.plain.timers import ACCOUNT_TIMER, OFFER_TIMER, ORDER_TIMER, set_timer
from lasalle.wire import Bound, OrderState


def remember(state: State, place: Place, event: Any, order: int) -> None:
    """Keeps a client reference; past the cap the one that came first is forgotten (EXC-004)."""
    if not event.reference:
        return
    account = state.accounts[event.account]
    account.references[event.reference] = Reference(
        event.reference, place.number, event.reference_time, order, event.body
    )
    if len(account.references) > Bound.REFERENCES_PER_ACCOUNT:
        first = next(iter(account.references))
        gone = account.references.pop(first)
        account.reference_floor = max(account.reference_floor, gone.reference_time)


def order_accepted(state: State, number: int, place: Place, event: Any) -> None:
    order = Order(
        event.order,
        event.account,
        event.series,
        event.side,
        event.order_type,
        event.time_in_force,
        event.self_trade,
        event.quote,
        event.close_out,
        event.price,
        event.lots,
        event.display_lots,
        event.minimum_lots,
        event.stop_price,
        event.expiry,
        event.session,
        event.label,
        event.reference,
    )
    state.orders[order.order] = order
    state.accounts[order.account].orders[order.order] = order
    set_timer(state, (ORDER_TIMER, order.order), order.expiry)
    remember(state, place, event, order.order)


def order_rested(state: State, number: int, place: Place, event: Any) -> None:
    order = state.orders[event.order]
    order.state, order.visible, order.priority = OrderState.RESTING, event.visible, number
    state.books[order.series].append(order)


def order_waiting(state: State, number: int, place: Place, event: Any) -> None:
    order = state.orders[event.order]
    order.state = OrderState.WAITING
    state.waiting[order.series][order.order] = order


def order_elected(state: State, number: int, place: Place, event: Any) -> None:
    order = state.orders[event.order]
    order.state, order.priority = OrderState.ELECTED, number
    del state.waiting[order.series][order.order]


def order_replaced(state: State, number: int, place: Place, event: Any) -> None:
    order = state.orders[event.order]
    if event.kept:
        order.lots, order.visible = event.lots, event.visible
    else:
        state.books[order.series].remove(order)
        order.state, order.visible = OrderState.TAKING, 0
        order.price, order.lots = event.price, event.lots
    remember(state, place, event, order.order)


def order_reduced(state: State, number: int, place: Place, event: Any) -> None:
    take_lots(state, state.orders[event.order], event.lots)


def slice_refreshed(state: State, number: int, place: Place, event: Any) -> None:
    order = state.orders[event.order]
    order.visible, order.priority = event.visible, number
    state.books[order.series].append(order)


def order_cancelled(state: State, number: int, place: Place, event: Any) -> None:
    order = state.orders[event.order]
    if order.state == OrderState.RESTING:
        state.books[order.series].remove(order)
    state.waiting[order.series].pop(order.order, None)
    forget_order(state, order)


def take_lots(state: State, order: Order, lots: int) -> None:
    """Takes lots off an order; an empty slice leaves the queue, an empty order the house."""
    order.lots -= lots
    assert order.lots >= 0, "an order never fills past its size"
    if order.state == OrderState.RESTING:
        order.visible -= lots
        if order.visible == 0:
            state.books[order.series].remove(order)
    if order.lots == 0:
        forget_order(state, order)


def forget_order(state: State, order: Order) -> None:
    del state.orders[order.order]
    del state.accounts[order.account].orders[order.order]
    state.timers.pop((ORDER_TIMER, order.order), None)


# -- trades and positions ------------------------------------------------------------------------


def move_position(state: State, account: int, series: int, lots: int, price: int) -> None:
    positions = state.accounts[account].positions
    position = positions.setdefault(series, Position())
    position.lots += lots
    if not state.series[series].is_option:
        position.cost += lots * price
    if position.lots == 0 and position.cost == 0:
        del positions[series]


def traded(state: State, number: int, place: Place, event: Any) -> None:
    series = state.series[event.series]
    series.last_price = event.price
    for order_id, sign in ((event.buy_order, 1), (event.sell_order, -1)):
        order = state.orders[order_id]
        if order.quote:
            count_fill(state, place, order, sign * event.lots)
        take_lots(state, order, event.lots)
    move_position(state, event.buy_account, event.series, event.lots, event.price)
    move_position(state, event.sell_account, event.series, -event.lots, event.price)
    state.trades[number] = Trade(
        number,
        event.series,
        event.price,
        event.lots,
        event.buy_account,
        event.sell_account,
        event.buy_fee,
        event.sell_fee,
        event.buy_clearing_fee,
        event.sell_clearing_fee,
    )


def count_fill(state: State, place: Place, order: Order, lots: int) -> None:
    group = state.series[order.series].group
    protection = state.accounts[order.account].protections.get(group)
    if protection is None or state.table is None:
        return
    if place.time - protection.started >= protection.interval:
        protection.started, protection.lots = place.time, 0
        protection.delta = protection.vega = 0
    row = state.table.series[order.series]
    protection.lots += abs(lots)
    protection.delta = _within(protection.delta + lots * row.delta)
    protection.vega = _within(protection.vega + lots * row.vega)


def _within(value: int) -> int:
    """A count that stops at the ends of 64 bits, far beyond every limit."""
    return max(-(2**63), min(2**63 - 1, value))


def trade_busted(state: State, number: int, place: Place, event: Any) -> None:
    move_position(state, event.buy_account, event.series, -event.lots, event.price)
    move_position(state, event.sell_account, event.series, event.lots, event.price)
    state.accounts[event.buy_account].seen = state.accounts[event.sell_account].seen = 0
    del state.trades[event.trade]


def trade_adjusted(state: State, number: int, place: Place, event: Any) -> None:
    for account, lots in ((event.buy_account, event.lots), (event.sell_account, -event.lots)):
        move_position(state, account, event.series, -lots, event.old_price)
        move_position(state, account, event.series, lots, event.price)
        state.accounts[account].seen = 0
    state.trades[event.trade].price = event.price


def position_transferred(state: State, number: int, place: Place, event: Any) -> None:
    move_position(state, event.account, event.series, -event.lots, event.price)
    move_position(state, event.to_account, event.series, event.lots, event.price)
    forget_offer(state, event.offer)


def transfer_offered(state: State, number: int, place: Place, event: Any) -> None:
    state.offers[event.offer] = Offer(
        event.offer,
        event.account,
        event.to_account,
        event.series,
        event.lots,
        event.price,
        event.due,
    )
    set_timer(state, (OFFER_TIMER, event.offer), event.due)


def offer_ended(state: State, number: int, place: Place, event: Any) -> None:
    forget_offer(state, event.offer)


def forget_offer(state: State, offer: int) -> None:
    if not offer:
        return
    del state.offers[offer]
    set_timer(state, (OFFER_TIMER, offer), 0)


def protection_set(state: State, number: int, place: Place, event: Any) -> None:
    protections = state.accounts[event.account].protections
    protections.pop(event.group, None)
    if event.lots_limit or event.delta_limit or event.vega_limit:
        protections[event.group] = Protection(
            event.group,
            event.interval,
            event.lots_limit,
            event.delta_limit,
            event.vega_limit,
            place.time,
        )


def protection_tripped(state: State, number: int, place: Place, event: Any) -> None:
    state.accounts[event.account].protections[event.group].tripped = True


def dead_man(state: State, number: int, place: Place, event: Any) -> None:
    due = getattr(event, "due", 0)
    state.accounts[event.account].dead_man = due
    set_timer(state, (ACCOUNT_TIMER, event.account), due)

"""Limits of an account: of an order, of a position, and of the products it is eligible for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle.plain.margin import Open, opens
from lasalle.plain.matching import cancelled
from lasalle.plain.state import Account, Refused, Series, State
from lasalle.wire import Bound, CancelReason, ProductClass, Refusal, Side

EVERY_PRODUCT = sum(ProductClass)


def check_size(
    account: Account, series: Series, live: list[Open], side: Side, price: int, lots: int
) -> None:
    """Fat-finger caps, position limit and the gross bound with this order added (INS-007)."""
    if lots > account.order_lots_limit:
        raise Refused(Refusal.ORDER_LOTS_LIMIT, account.order_lots_limit, lots)
    value = lots * price * series.hours
    if value > account.order_value_limit:
        raise Refused(Refusal.ORDER_VALUE_LIMIT, account.order_value_limit, value)
    check_position(account, series, lots if side == Side.BUY else -lots, live)
    gross = sum(abs(p.lots) for p in account.positions.values()) + sum(o.lots for o in live) + lots
    if gross > Bound.ACCOUNT_GROSS_LOTS:
        raise Refused(Refusal.GROSS_LOTS_BOUND, Bound.ACCOUNT_GROSS_LOTS, gross)


def check_position(
    account: Account, series: Series, lots: int, live: list[Open] | None = None
) -> None:
    """The products and the position limit with these signed lots on top of what is open on their
    side; what only takes a position towards zero passes both (INS-007, INS-014)."""
    live = opens(account.orders.values()) if live is None else live
    side, sign = (Side.BUY, 1) if lots > 0 else (Side.SELL, -1)
    same = sum(o.lots for o in live if o.series == series.series and o.side == side) + abs(lots)
    held = account.lots(series.series)
    if -sign * held >= same:
        return
    if account.barred & series.product_class:
        eligible = EVERY_PRODUCT & ~account.barred
        raise Refused(Refusal.PRODUCT_NOT_ELIGIBLE, eligible, series.product_class)
    worst = abs(held + sign * same)
    if worst > account.position_limit:
        raise Refused(Refusal.POSITION_LIMIT, account.position_limit, worst)


def end_raising(state: State, account: Account) -> Iterator[Any]:
    """Ends orders in products the account is not eligible for that would not only reduce what it
    has (INS-014)."""
    room: dict[tuple[int, Side], int] = {}
    for order in sorted(account.orders.values(), key=lambda o: o.order):
        if not account.barred & state.series[order.series].product_class:
            continue
        sign = -1 if order.side == Side.BUY else 1
        key = (order.series, order.side)
        left = room.setdefault(key, max(0, sign * account.lots(order.series)))
        if order.lots > left:
            yield cancelled(order, CancelReason.NOT_ELIGIBLE)
        else:
            room[key] = left - order.lots

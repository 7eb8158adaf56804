"""Deciding what becomes of a request to trade: place, replace, quote, cancel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import google_crc32c

from lasalle.plain.limits import check_size
from lasalle.plain.margin import Judgement, Open, judge, open_premiums, opens, reduces
from lasalle.plain.matching import (
    IMMEDIATE,
    cancel_all,
    cancelled,
    crosses,
    elect,
    opposite,
    refresh,
    work,
)
from lasalle.plain.state import CALLS, Account, Order, Place, Refused, Series, State
from lasalle.wire import (
    Bound,
    CancelOrder,
    CancelReason,
    MassCancel,
    OrderAccepted,
    OrderReplaced,
    OrderState,
    OrderType,
    OrderWaiting,
    PlaceOrder,
    Refusal,
    ReplaceOrder,
    Replayed,
    Role,
    SeriesState,
    Side,
    TimeInForce,
)

Events = Iterator[Any]
STOPS = (OrderType.STOP, OrderType.STOP_LIMIT)


def same(event: type[Any], command: Any) -> Any:
    """The event that repeats a command's fields."""
    return event(**{f: getattr(command, f) for f in event.__struct_fields__})


def terms_check(command: Any) -> int:
    """CRC32C of a command's terms: its body up to session, label and reference."""
    tail = 33 + 8 + (12 if isinstance(command, PlaceOrder) else 0)
    return int(google_crc32c.value(command.pack()[: command.BLOCK - tail]))


def replay(account: Account, command: Any) -> Replayed | None:
    """The first result, when the same reference and terms came before (EXC-003)."""
    known = account.references.get(command.reference) if command.reference else None
    if known is None or known.body != terms_check(command):
        return None
    return Replayed(account=account.account, original=known.original)


def check_reference(account: Account, place: Place, command: Any) -> None:
    """Refuses malformed, stale, early and reused references (EXC-003, EXC-004)."""
    reference, at = command.reference, command.reference_time or place.time
    if not all(" " <= c <= "~" for c in reference):
        raise Refused(Refusal.REFERENCE_MALFORMED)
    if not reference:
        return
    floor = max(account.reference_floor, place.time - Bound.REFERENCE_WINDOW)
    if at <= floor:
        raise Refused(Refusal.REFERENCE_STALE, floor, at)
    if at > place.time + Bound.REFERENCE_LEAD:
        raise Refused(Refusal.REFERENCE_EARLY, place.time, at)
    if reference in account.references:
        raise Refused(Refusal.REFERENCE_REUSED, 0, account.references[reference].original)


def check_may_trade(state: State, account: Account, close_out: bool = False) -> None:
    """A close-out needs an open market alone: a defaulter is suspended or killed (CLR-013)."""
    if state.members[account.member].suspended and not close_out:
        raise Refused(Refusal.MEMBER_SUSPENDED, 0, account.member)
    if account.killed and not close_out:
        raise Refused(Refusal.ACCOUNT_KILLED, 0, account.account)
    if state.halted:
        raise Refused(Refusal.MARKET_HALTED)


def find_series(state: State, number: int) -> Series:
    series = state.series.get(number)
    if series is None:
        raise Refused(Refusal.SERIES_UNKNOWN, 0, number)
    return series


def check_lots(lots: int) -> None:
    if lots <= 0:
        raise Refused(Refusal.QUANTITY_NOT_POSITIVE, 1, lots)
    if lots > Bound.ORDER_LOTS:
        raise Refused(Refusal.QUANTITY_TOO_LARGE, Bound.ORDER_LOTS, lots)


def check_price(series: Series, price: int) -> None:
    if price < series.tick:
        raise Refused(Refusal.PRICE_BELOW_TICK, series.tick, price)
    if price % series.tick:
        raise Refused(Refusal.PRICE_OFF_TICK, series.tick, price)
    if price > Bound.PRICE:
        raise Refused(Refusal.PRICE_TOO_HIGH, Bound.PRICE, price)


def check_band(series: Series, side: Side, price: int) -> None:
    low, high = series.band_edges()
    if side == Side.BUY and price > high:
        raise Refused(Refusal.PRICE_OUTSIDE_BAND, high, price)
    if side == Side.SELL and price < low:
        raise Refused(Refusal.PRICE_OUTSIDE_BAND, low, price)


def check_row(state: State, series: Series) -> None:
    if state.table is None or series.series not in state.table.series:
        raise Refused(Refusal.MARGIN_ROW_MISSING, 0, series.series)


def check_covered(judgement: Judgement) -> None:
    if judgement.cover < judgement.required:
        raise Refused(Refusal.MARGIN_SHORT, judgement.required, judgement.cover)
    if judgement.free < judgement.needed:
        raise Refused(Refusal.PREMIUM_SHORT, judgement.needed, judgement.free)


# -- place ---------------------------------------------------------------------------------------


def place_order(state: State, place: Place, command: PlaceOrder) -> Events:
    account = state.accounts[command.account]
    again = replay(account, command)
    if again is not None:
        yield again
        return
    if state.series.get(command.series) and state.stale(account):
        yield from refresh(state, account)
    price = _checked_price(state, place, account, command)
    _check_cover(state, account, command, price)
    yield OrderAccepted(
        order=place.number,
        account=command.account,
        series=command.series,
        side=command.side,
        order_type=command.order_type,
        time_in_force=command.time_in_force,
        self_trade=command.self_trade,
        quote=False,
        close_out=command.close_out,
        price=price,
        lots=command.lots,
        display_lots=command.display_lots,
        minimum_lots=command.minimum_lots,
        stop_price=command.stop_price,
        expiry=command.expiry,
        session=command.session,
        label=command.label,
        reference=command.reference,
        reference_time=command.reference_time or place.time,
        body=terms_check(command),
    )
    order = state.orders[place.number]
    if command.order_type not in STOPS:
        yield from work(state, place, order)
        return
    yield OrderWaiting(order=order.order, account=order.account, series=order.series)
    yield from elect(state, state.series[order.series])


def _checked_price(state: State, place: Place, account: Account, command: PlaceOrder) -> int:
    """Every guard before coverage, in order of precedence; gives the worst price (EXC-008)."""
    check_may_trade(state, account, command.close_out)
    check_reference(account, place, command)
    series = find_series(state, command.series)
    _check_state(series, place, command)
    check_lots(command.lots)
    price = _worst_price(state, series, command)
    _check_terms(series, place, command)
    if command.post_only and series.state == SeriesState.OPEN:
        best = state.books[series.series].best(opposite(command.side))
        if best is not None and crosses(command.side, price, best.price):
            raise Refused(Refusal.POST_ONLY_CROSSES, best.price, price)
    if len(account.orders) >= Bound.OPEN_ORDERS_PER_ACCOUNT:
        raise Refused(Refusal.ORDERS_TOO_MANY, Bound.OPEN_ORDERS_PER_ACCOUNT, len(account.orders))
    check_size(account, series, opens(account.orders.values()), command.side, price, command.lots)
    check_row(state, series)
    return price


def _check_state(series: Series, place: Place, command: PlaceOrder) -> None:
    resting = command.time_in_force not in IMMEDIATE and not command.minimum_lots
    if series.state != SeriesState.OPEN and not (series.state in CALLS and resting):
        raise Refused(Refusal.SERIES_NOT_TRADING, SeriesState.OPEN, series.state)
    if place.time >= series.last_trading_time:
        raise Refused(Refusal.TRADING_ENDED, series.last_trading_time, place.time)


def _worst_price(state: State, series: Series, command: PlaceOrder) -> int:
    """The limit, or the protection price of market and stop orders fixed at entry."""
    if command.order_type in (OrderType.LIMIT, OrderType.STOP_LIMIT):
        check_price(series, command.price)
        check_band(series, command.side, command.price)
        return command.price
    if command.price:
        raise Refused(Refusal.PRICE_NOT_WANTED, 0, command.price)
    if command.order_type == OrderType.STOP:
        return _protected(series, command.side, max(command.stop_price, 0))
    best = state.books[series.series].best(opposite(command.side))
    if best is None:
        raise Refused(Refusal.NO_PROTECTION_PRICE)
    low, high = series.band_edges()
    worst = _protected(series, command.side, best.price)
    edge = (
        high // series.tick * series.tick
        if command.side == Side.BUY
        else (-(-low // series.tick) * series.tick)
    )
    return min(worst, edge) if command.side == Side.BUY else max(worst, edge)


def _protected(series: Series, side: Side, price: int) -> int:
    """A price the protection distance beyond, on tick, towards `price`, at least one tick."""
    away = price * series.protection // 10_000
    if side == Side.BUY:
        return min((price + away) // series.tick * series.tick, Bound.PRICE)
    return max(-(-(price - away) // series.tick) * series.tick, series.tick)


def _check_terms(series: Series, place: Place, command: PlaceOrder) -> None:
    kind, life = command.order_type, command.time_in_force
    immediate = life in IMMEDIATE
    plain = not (command.post_only or command.display_lots)
    allowed = {
        OrderType.MARKET: immediate and plain,
        OrderType.STOP: not immediate and plain and not command.minimum_lots,
        OrderType.STOP_LIMIT: not (immediate or command.post_only or command.minimum_lots),
        OrderType.LIMIT: not (immediate and not plain)
        and not (command.post_only and command.minimum_lots)
        and not (life == TimeInForce.FOK and command.minimum_lots),
    }
    if not allowed[kind]:
        raise Refused(Refusal.COMBINATION_NOT_ALLOWED)
    if (life == TimeInForce.GTD) != (command.expiry > place.time):
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, place.time, command.expiry)
    if life != TimeInForce.GTD and command.expiry:
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, 0, command.expiry)
    stop = command.stop_price
    good = series.tick <= stop <= Bound.PRICE and stop % series.tick == 0
    if (kind in STOPS and not good) or (kind not in STOPS and stop):
        raise Refused(Refusal.STOP_PRICE_WRONG, series.tick, stop)
    if not 0 <= command.display_lots <= command.lots:
        raise Refused(Refusal.DISPLAY_OUT_OF_BOUNDS, command.lots, command.display_lots)
    if not 0 <= command.minimum_lots <= command.lots:
        raise Refused(Refusal.MINIMUM_OUT_OF_BOUNDS, command.lots, command.minimum_lots)


def _check_cover(state: State, account: Account, command: PlaceOrder, price: int) -> None:
    """Covered, or only reducing a position in deficit with its premium at hand (CLR-003,
    CLR-006); a close-out needs its premium alone (CLR-013)."""
    series = state.series[command.series]
    paid = price * command.lots * series.hours * (series.is_option and command.side == Side.BUY)
    free, needed = state.free_of_holds(account), open_premiums(state, account) + paid
    if command.close_out:
        if paid and free < needed:
            raise Refused(Refusal.PREMIUM_SHORT, needed, free)
        return
    plus = Open(command.series, command.side, price, command.lots)
    judgement = judge(state, account, [*opens(account.orders.values()), plus])
    if judgement.covered:
        return
    in_deficit = not judge(state, account).covered
    reducing = reduces(account, command.series, command.side, command.lots)
    if in_deficit and reducing and free >= needed:
        return
    check_covered(judgement)


# -- replace, cancel -----------------------------------------------------------------------------


def find_order(account: Account, order: int, target: str) -> Order:
    """A live order of the account, by order id or by client reference."""
    if not order and target in account.references:
        order = account.references[target].order
    found = account.orders.get(order)
    if found is None:
        raise Refused(Refusal.ORDER_UNKNOWN, 0, order)
    return found


def is_theirs(state: State, place: Place, order: Order) -> bool:
    """False for a close-out when a member asks: it stays the clearing desk's (CLR-013)."""
    return not (order.close_out and state.actors[place.actor].member)


def check_theirs(state: State, place: Place, order: Order) -> None:
    if not is_theirs(state, place, order):
        raise Refused(Refusal.ROLE_MISSING, Role.CLEARING, state.actors[place.actor].roles)


def replace_order(state: State, place: Place, command: ReplaceOrder) -> Events:
    account = state.accounts[command.account]
    again = replay(account, command)
    if again is not None:
        yield again
        return
    if state.stale(account):
        yield from refresh(state, account)
    check_may_trade(state, account)
    check_reference(account, place, command)
    order = find_order(account, command.order, command.target)
    check_theirs(state, place, order)
    series = state.series[order.series]
    if series.state != SeriesState.OPEN and series.state not in CALLS:
        raise Refused(Refusal.SERIES_NOT_TRADING, SeriesState.OPEN, series.state)
    if place.time >= series.last_trading_time:
        raise Refused(Refusal.TRADING_ENDED, series.last_trading_time, place.time)
    if order.state != OrderState.RESTING:
        raise Refused(Refusal.ORDER_NOT_RESTING, 0, order.order)
    check_lots(command.lots)
    check_price(series, command.price)
    check_band(series, order.side, command.price)
    others = opens(o for o in account.orders.values() if o is not order)
    smaller = command.price == order.price and command.lots <= order.lots
    if not smaller:
        check_size(account, series, others, order.side, command.price, command.lots)
        check_row(state, series)
        plus = Open(order.series, order.side, command.price, command.lots)
        check_covered(judge(state, account, [*others, plus]))
    yield OrderReplaced(
        order=order.order,
        account=order.account,
        series=order.series,
        side=order.side,
        old_price=order.price,
        old_visible=order.visible,
        price=command.price,
        lots=command.lots,
        visible=min(order.visible, command.lots) if smaller else 0,
        kept=smaller,
        reference=command.reference,
        reference_time=command.reference_time or place.time,
        body=terms_check(command),
    )
    if not smaller:
        yield from work(state, place, order)


def cancel_order(state: State, place: Place, command: CancelOrder) -> Events:
    order = find_order(state.accounts[command.account], command.order, command.target)
    check_theirs(state, place, order)
    yield cancelled(order, CancelReason.REQUESTED)


def mass_cancel(state: State, place: Place, command: MassCancel) -> Events:
    wanted = [
        o
        for o in state.accounts[command.account].orders.values()
        if command.series in (0, o.series)
        and command.session in (0, o.session)
        and command.label in (0, o.label)
        and is_theirs(state, place, o)
    ]
    yield from cancel_all(wanted, CancelReason.MASS_REQUESTED)

"""Deciding margin tables, settlement and busts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.alignment import alignment, check_variation, variation_so_far
from lasalle.plain.limits import end_raising
from lasalle.plain.lines import accrue, covered_losses, drawing, repay
from lasalle.plain.margin import exposures, unsettled
from lasalle.plain.matching import cancel_all, refresh
from lasalle.plain.months import month_ends, month_hours
from lasalle.plain.orders import check_band, check_price, find_series, same
from lasalle.plain.soundness import check_settles_in_cash
from lasalle.plain.state import (
    COLLATERAL,
    Account,
    Place,
    Position,
    Refused,
    Series,
    State,
    Trade,
    need_behaviour,
)
from lasalle.wire import (
    Bound,
    CancelReason,
    HaltReason,
    LedgerClass,
    Refusal,
    ScenarioKind,
    SeriesKind,
    SeriesState,
    Side,
)

Events = Iterator[Any]
TRADING = (SeriesState.OPEN, SeriesState.PAUSED, SeriesState.PRE_OPEN, SeriesState.PRE_CLOSE)


# -- margin tables -------------------------------------------------------------------------------


def begin_margin_table(state: State, place: Place, command: wire.BeginMarginTable) -> Events:
    in_force = state.table.table if state.table else 0
    if command.table <= in_force:
        raise Refused(Refusal.TABLE_NOT_AHEAD, in_force, command.table)
    groups = {r.group for r in command.rows}
    labels = {s.group for s in command.scenarios if s.kind == ScenarioKind.SCAN}
    good = (
        1 <= len(command.scenarios) <= Bound.SCENARIOS
        and len(groups) == len(command.rows)
        and groups == labels
        and all(r.weight <= 10_000 for r in command.rows)
        and all(s.group == 0 for s in command.scenarios if s.kind != ScenarioKind.SCAN)
    )
    if not good:
        raise Refused(Refusal.SCENARIOS_OUT_OF_BOUNDS, Bound.SCENARIOS, len(command.scenarios))
    yield same(wire.MarginTableBegun, command)


def load_margin_row(state: State, place: Place, command: wire.LoadMarginRow) -> Events:
    find_series(state, command.series)
    if state.loading is None or state.loading.table != command.table:
        raise Refused(Refusal.TABLE_NOT_OPEN, 0, command.table)
    wanted = len(state.loading.scenarios)
    if len(command.losses) != wanted:
        raise Refused(Refusal.LOSSES_OUT_OF_BOUNDS, wanted, len(command.losses))
    for item in command.losses:
        if abs(item.loss) > Bound.LOSS_PER_LOT:
            raise Refused(Refusal.LOSSES_OUT_OF_BOUNDS, wanted, item.loss)
    for value, bound in (
        (command.mark, Bound.PRICE),
        (command.liquidity, Bound.CHARGE_PER_LOT),
        (command.concentration_lots, Bound.ACCOUNT_GROSS_LOTS),
        (command.concentration, Bound.CHARGE_PER_LOT),
        (abs(command.delta), Bound.LOSS_PER_LOT),
        (abs(command.vega), Bound.LOSS_PER_LOT),
    ):
        if not 0 <= value <= bound:
            raise Refused(Refusal.ROW_OUT_OF_BOUNDS, bound, value)
    yield same(wire.MarginRowLoaded, command)


def activate_margin_table(state: State, place: Place, command: wire.ActivateMarginTable) -> Events:
    if state.loading is None or state.loading.table != command.table:
        raise Refused(Refusal.TABLE_NOT_OPEN, 0, command.table)
    in_force = state.table.table if state.table else 0
    if command.replaces != in_force:
        raise Refused(Refusal.TABLE_NOT_REPLACED, in_force, command.replaces)
    for series in sorted(state.series.values(), key=lambda s: s.series):
        needed = series.state not in (SeriesState.EXPIRED, SeriesState.LISTED)
        if needed and series.series not in state.loading.series:
            raise Refused(Refusal.ROW_MISSING, 0, series.series)
    for row in state.loading.series.values():
        if state.series[row.series].state == SeriesState.EXPIRED:
            raise Refused(Refusal.SERIES_NOT_TRADING, SeriesState.OPEN, SeriesState.EXPIRED)
    yield wire.MarginTableActivated(table=command.table)


def sweep_accounts(state: State, place: Place, command: wire.SweepAccounts) -> Events:
    left = min(command.limit, Bound.SWEEP_ACCOUNTS)
    for account in sorted(state.accounts.values(), key=lambda a: a.account):
        if left and state.stale(account):
            left -= 1
            yield from refresh(state, account)


# -- payments ------------------------------------------------------------------------------------


def check_payments(state: State, amounts: dict[int, int]) -> None:
    """What is collected, and all that is owed with it, stays within the bound (CLR-015)."""
    collected = sum(-amount for amount in amounts.values() if amount < 0)
    owed = state.balance(LedgerClass.ADVANCES_RECEIVABLE) + collected
    if collected and owed > Bound.MONEY:
        raise Refused(Refusal.SETTLEMENT_TOO_LARGE, Bound.MONEY, owed)


def pay(state: State, amounts: dict[int, int], covered: dict[int, int] | None = None) -> Events:
    """Collects from payers, then pays receivers, through the settlement account (CLR-007,
    CLR-009); `covered`: losses that lines lend for (CLR-052)."""
    yield from _paid(state, amounts, covered or {}, wire.PaymentPosted)


def align(state: State, day: int, amounts: dict[int, int]) -> Events:
    """Price alignment is paid as variation is, and no line lends for it (CLR-057)."""
    so_far = variation_so_far(state)

    def posted(account: int, **fields: int) -> wire.AlignmentPosted:
        return wire.AlignmentPosted(account=account, variation=so_far[account], **fields)

    yield from _paid(state, amounts, {}, posted)


def _paid(
    state: State, amounts: dict[int, int], covered: dict[int, int], posted: Callable[..., Any]
) -> Events:
    assert sum(amounts.values()) == 0, "what is paid is received"
    for account in sorted(a for a, amount in amounts.items() if amount < 0):
        yield from _collected(state, account, -amounts[account], covered.get(account, 0), posted)
    for account in sorted(a for a, amount in amounts.items() if amount > 0):
        yield from _received(state, account, amounts[account], posted)
    yield from stand_still(state)


def _collected(
    state: State, account: int, loss: int, covered: int, posted: Callable[..., Any]
) -> Events:
    """A payer's money enters the settlement account; the house advances what it lacks."""
    payer = state.accounts[account]
    from_cash = min(loss, max(0, state.free_of_holds(payer)))
    drawn = drawing(state, payer, loss - from_cash, covered)
    if drawn:
        yield wire.LineDrawn(account=account, amount=drawn)
        from_cash += drawn
    advanced = min(loss - from_cash, state.balance(LedgerClass.HOUSE_LIQUIDITY))
    shortfall = loss - from_cash - advanced
    yield posted(
        account=account,
        amount=-loss,
        from_cash=from_cash,
        advanced=advanced,
        shortfall=shortfall,
    )
    if state.due(account):
        yield wire.CallOpened(account=account, amount=state.due(account))


def collect(state: State, account: int, amount: int) -> Events:
    """Money of one payer enters the settlement account; no line lends for it."""
    yield from _collected(state, account, amount, 0, wire.PaymentPosted)


def receive(state: State, account: int, amount: int) -> Events:
    """Money in transit reaches an account, what it owes first."""
    yield from _received(state, account, amount, wire.PaymentPosted)


def _received(state: State, account: int, amount: int, posted: Callable[..., Any]) -> Events:
    due = state.due(account)
    repaid = min(due, amount)
    yield posted(account=account, amount=amount, to_dues=repaid)
    if due and repaid == due:
        yield wire.CallClosed(account=account)
    yield from repay(state, state.accounts[account], amount - repaid)


def stand_still(state: State) -> Events:
    """The market halts once the house could not advance all that was due."""
    if state.balance(LedgerClass.DEFAULT_SHORTFALL) and not state.halted:
        yield wire.MarketHalted(reason=HaltReason.LIQUIDITY_EXHAUSTED)


def holders(state: State, series: int) -> list[tuple[int, Position]]:
    return [
        (a.account, a.positions[series]) for a in state.accounts.values() if series in a.positions
    ]


def _settled_amounts(
    state: State, command: wire.SettleVariation | wire.SettlePrices
) -> dict[int, int]:
    """What each account receives at these settlement prices, which are refused here (CLR-007)."""
    if command.day <= state.settled_day:
        raise Refused(Refusal.DAY_NOT_AHEAD, state.settled_day, command.day)
    last = 0
    for item in command.prices:
        series = find_series(state, item.series)
        low = 0 if series.is_option else 1
        if not low <= item.price <= Bound.PRICE:
            raise Refused(Refusal.ROW_OUT_OF_BOUNDS, Bound.PRICE, item.price)
        if series.state == SeriesState.EXPIRED:
            raise Refused(Refusal.SERIES_NOT_TRADING, SeriesState.OPEN, series.state)
        if item.series <= last:
            raise Refused(Refusal.PRICES_UNORDERED, last, item.series)
        last = item.series
    priced = {item.series: item.price for item in command.prices}
    held = {s for a in state.accounts.values() for s in a.positions}
    for number in sorted(held - priced.keys()):
        raise Refused(Refusal.PRICE_MISSING, 0, number)
    amounts: dict[int, int] = {}
    for number, price in priced.items():
        series = state.series[number]
        if series.is_option:
            continue
        for account, position in holders(state, number):
            gain = (position.lots * price - position.cost) * series.hours
            amounts[account] = amounts.get(account, 0) + gain
    check_payments(state, amounts)
    return amounts


def settle_variation(state: State, place: Place, command: wire.SettleVariation) -> Events:
    yield from _settle(state, place, command, command.prices, None)


def settle_prices(state: State, place: Place, command: wire.SettlePrices) -> Events:
    need_behaviour(state, COLLATERAL)
    steps = tuple(wire.StepFound(p.step, p.series) for p in command.prices)
    prices = tuple(wire.SeriesPrice(p.series, p.price) for p in command.prices)
    found = wire.PricesFound(day=command.day, steps=steps)
    yield from _settle(state, place, command, prices, found)


def _settle(
    state: State,
    place: Place,
    command: wire.SettleVariation | wire.SettlePrices,
    prices: tuple[wire.SeriesPrice, ...],
    found: wire.PricesFound | None,
) -> Events:
    """Alignment of the variation before this day and interest of lines are reckoned first; then
    alignment is paid, and variation."""
    amounts = _settled_amounts(state, command)
    check_variation(state, prices)
    aligned = alignment(state, command.day)
    losers = [(a, amount) for a, amount in [*amounts.items(), *aligned.items()] if amount < 0]
    owes: dict[int, int] = {}
    for account, amount in losers:
        owes[account] = owes.get(account, 0) + amount
    check_payments(state, owes)
    covered, since = covered_losses(state, place, prices), state.settled_day
    if found is not None:
        yield found
    yield from align(state, command.day, aligned)
    yield wire.VariationSettled(day=command.day, prices=prices)
    yield from accrue(state, since, command.day)
    yield from pay(state, amounts, covered)


def settle_final(state: State, place: Place, command: wire.SettleFinal) -> Events:
    series = find_series(state, command.series)
    check_settles_in_cash(state, series)
    if not 0 <= command.price <= Bound.PRICE:
        raise Refused(Refusal.ROW_OUT_OF_BOUNDS, Bound.PRICE, command.price)
    if command.month != series.first_month:
        raise Refused(Refusal.MONTH_WRONG, series.first_month, command.month)
    expired = series.first_month == series.last_month
    hours = series.hours if expired else month_hours(command.month)
    if command.hours != hours:
        raise Refused(Refusal.HOURS_WRONG, hours, command.hours)
    if series.state in TRADING or series.state == SeriesState.EXPIRED:
        raise Refused(Refusal.SERIES_STILL_TRADING, SeriesState.CLOSED, series.state)
    if expired and place.time < series.last_trading_time:
        raise Refused(Refusal.TRADING_NOT_ENDED, series.last_trading_time, place.time)
    if place.time < series.period_ends:
        raise Refused(Refusal.PERIOD_NOT_OVER, series.period_ends, place.time)
    if not series.period_ends and place.time < month_ends(command.month):
        raise Refused(Refusal.MONTH_NOT_OVER, month_ends(command.month), place.time)
    amounts = {
        account: _final_amount(series, position, command.price, command.hours)
        for account, position in holders(state, command.series)
    }
    check_payments(state, amounts)
    if expired:
        live = [o for o in state.orders.values() if o.series == command.series]
        yield from cancel_all(live, CancelReason.SERIES_EXPIRED)
    yield wire.FinalSettled(
        series=command.series,
        month=command.month,
        price=command.price,
        hours=command.hours,
        expired=expired,
    )
    yield from pay(state, amounts)


def _final_amount(series: Series, position: Position, price: int, hours: int) -> int:
    """What a position receives (CLR-008)."""
    if series.series_kind == SeriesKind.CALL:
        return position.lots * max(0, price - series.strike) * hours
    if series.series_kind == SeriesKind.PUT:
        return position.lots * max(0, series.strike - price) * hours
    return (position.lots * price - position.cost) * hours


# -- error trades --------------------------------------------------------------------------------


def _find_trade(state: State, number: int) -> Trade:
    trade = state.trades.get(number)
    if trade is None:
        raise Refused(Refusal.TRADE_UNKNOWN, 0, number)
    return trade


def _check_gross(account: Account, series: int, lots: int) -> None:
    """What a bust leaves stays within the bound: positions may have moved on since the trade."""
    gross = sum(abs(p.lots) for p in account.positions.values())
    gross += sum(o.lots for o in account.orders.values())
    held = account.lots(series)
    gross += abs(held + lots) - abs(held)
    if gross > Bound.ACCOUNT_GROSS_LOTS and abs(held + lots) > abs(held):
        raise Refused(Refusal.GROSS_LOTS_BOUND, Bound.ACCOUNT_GROSS_LOTS, gross)


def _check_unsettled(state: State, trade: Trade, lots: int, cost: int) -> None:
    """What either side would be owed at marks stays within the bound when the buyer's position
    changes by these lots and cost and the seller's by their opposite (CLR-015)."""
    for number, sign in ((trade.buy_account, 1), (trade.sell_account, -1)):
        moved = {trade.series: (sign * lots, sign * cost)}
        gain = unsettled(state, exposures(state.accounts[number], [], moved))
        if abs(gain) > Bound.MONEY:
            raise Refused(Refusal.SETTLEMENT_TOO_LARGE, Bound.MONEY, abs(gain))


def bust_trade(state: State, place: Place, command: wire.BustTrade) -> Events:
    trade = _find_trade(state, command.trade)
    series = state.series[trade.series]
    for number, lots in ((trade.buy_account, -trade.lots), (trade.sell_account, trade.lots)):
        _check_gross(state.accounts[number], trade.series, lots)
    back = trade.price * trade.lots * series.hours if series.is_option else 0
    amounts = {trade.buy_account: back, trade.sell_account: -back}
    _check_unsettled(state, trade, -trade.lots, -trade.lots * trade.price)
    check_payments(state, amounts)
    yield wire.TradeBusted(
        trade=trade.trade,
        series=trade.series,
        price=trade.price,
        lots=trade.lots,
        buy_account=trade.buy_account,
        sell_account=trade.sell_account,
        buy_fee=trade.buy_fee,
        sell_fee=trade.sell_fee,
        buy_clearing_fee=trade.buy_clearing_fee,
        sell_clearing_fee=trade.sell_clearing_fee,
    )
    if back:
        yield from pay(state, amounts)
    for number in sorted((trade.buy_account, trade.sell_account)):
        yield from end_raising(state, state.accounts[number])


def adjust_trade(state: State, place: Place, command: wire.AdjustTrade) -> Events:
    trade = _find_trade(state, command.trade)
    series = state.series[trade.series]
    check_price(series, command.price)
    for side in Side:
        check_band(series, side, command.price)
    buyer, seller = trade.buy_account, trade.sell_account
    cost = (command.price - trade.price) * trade.lots
    more = cost * series.hours if series.is_option else 0
    amounts = {buyer: -more, seller: more}
    _check_unsettled(state, trade, 0, cost)
    check_payments(state, amounts)
    yield wire.TradeAdjusted(
        trade=trade.trade,
        series=trade.series,
        old_price=trade.price,
        price=command.price,
        lots=trade.lots,
        buy_account=buyer,
        sell_account=seller,
    )
    if more:
        yield from pay(state, amounts)

"""What each event writes. Evolving cannot fail: what could be refused was refused before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lasalle.plain.alignment import forget_rates, keep_variation, take_up
from lasalle.plain.book import Book
from lasalle.plain.evolve_collateral import (
    collateral_admitted,
    collateral_valued,
    digest_published,
    margin_call_late,
    margin_call_met,
    margin_called,
)
from lasalle.plain.evolve_default import DEFAULT_WRITES, keep_gains
from lasalle.plain.evolve_delivery import DELIVERY_WRITES, forget_exercises
from lasalle.plain.evolve_joining import JOINED, bar
from lasalle.plain.evolve_orders import (
    dead_man,
    forget_offer,
    offer_ended,
    order_accepted,
    order_cancelled,
    order_elected,
    order_reduced,
    order_replaced,
    order_rested,
    order_waiting,
    position_transferred,
    protection_set,
    protection_tripped,
    remember,
    slice_refreshed,
    trade_adjusted,
    trade_busted,
    traded,
    transfer_offered,
)
from lasalle.plain.months import month_after
from lasalle.plain.postings import postings
from lasalle.plain.state import (
    DELIVERY,
    Account,
    Actor,
    Fixing,
    Member,
    NoFix,
    Pending,
    Place,
    Proposal,
    Series,
    State,
)
from lasalle.plain.tables import Row, Table
from lasalle.plain.timers import PROPOSAL_TIMER, SERIES_TIMER, TRANSFER_TIMER, set_timer
from lasalle.wire import (
    NON_NEGATIVE,
    LedgerClass,
    Role,
    SeriesState,
    TransferReason,
)

ALL_ROLES = sum(Role)


def evolve(state: State, number: int, place: Place, event: Any) -> None:
    """Writes event `number`, caused by the command at `place`, into the state."""
    state.last_event = number
    shortfall = -state.balance(LedgerClass.DEFAULT_SHORTFALL)
    for debit, credit, asset, amount in postings(event, shortfall):
        assert amount > 0, "a posting moves a positive amount"
        for key, change in ((debit, -amount), (credit, amount)):
            balance = state.balances.get((*key, asset), 0) + change
            assert balance >= 0 or key[0] not in NON_NEGATIVE, f"{key} never goes below zero"
            state.balances[(*key, asset)] = balance
    write = WRITES.get(event.NAME)
    if write is not None:
        write(state, number, place, event)


# -- institution ---------------------------------------------------------------------------------


def _house_opened(state: State, number: int, place: Place, event: Any) -> None:
    state.name, state.behaviour = event.name, max(1, event.behaviour)
    state.assets[1] = "USD"
    for operator in event.operators:
        state.actors[operator.actor] = Actor(operator.actor, 0, ALL_ROLES)


def _proposed(state: State, number: int, place: Place, event: Any) -> None:
    state.proposals[event.proposal] = Proposal(
        event.proposal, place.actor, event.command, event.due, event.payload
    )
    set_timer(state, (PROPOSAL_TIMER, event.proposal), event.due)


def _proposal_gone(state: State, number: int, place: Place, event: Any) -> None:
    del state.proposals[event.proposal]
    set_timer(state, (PROPOSAL_TIMER, event.proposal), 0)


def _member_registered(state: State, number: int, place: Place, event: Any) -> None:
    state.members[event.member] = Member(event.member, event.name)


def _actor_registered(state: State, number: int, place: Place, event: Any) -> None:
    state.actors[event.registered] = Actor(event.registered, event.member, event.roles)


def _account_opened(state: State, number: int, place: Place, event: Any) -> None:
    state.accounts[event.account] = Account(
        event.account,
        event.member,
        event.account_kind,
        event.owner,
        event.position_limit,
        event.order_lots_limit,
        event.order_value_limit,
        seen=state.epoch,
    )
    bar(state, state.accounts[event.account])


def _limits_set(state: State, number: int, place: Place, event: Any) -> None:
    account = state.accounts[event.account]
    account.position_limit = event.position_limit
    account.order_lots_limit = event.order_lots_limit
    account.order_value_limit = event.order_value_limit


def _member_suspended(state: State, number: int, place: Place, event: Any) -> None:
    state.members[event.member].suspended = True


def _member_reinstated(state: State, number: int, place: Place, event: Any) -> None:
    state.members[event.member].suspended = False


def _killed(state: State, number: int, place: Place, event: Any) -> None:
    state.accounts[event.account].killed = True


def _released(state: State, number: int, place: Place, event: Any) -> None:
    state.accounts[event.account].killed = False


def _halted(state: State, number: int, place: Place, event: Any) -> None:
    state.halted = True


def _resumed(state: State, number: int, place: Place, event: Any) -> None:
    state.halted = False


def _asset_defined(state: State, number: int, place: Place, event: Any) -> None:
    state.assets[event.asset] = event.name


def _behaviour_switched(state: State, number: int, place: Place, event: Any) -> None:
    state.behaviour = event.behaviour


def _series_listed(state: State, number: int, place: Place, event: Any) -> None:
    terms = {name: getattr(event, name) for name in event.__struct_fields__}
    state.series[event.series] = Series(**terms)
    state.symbols[event.symbol] = event.series
    state.books[event.series] = Book()
    state.waiting[event.series] = {}


def _series_state(state: State, number: int, place: Place, event: Any) -> None:
    series = state.series[event.series]
    if event.state == SeriesState.PRE_OPEN or series.state in (
        SeriesState.LISTED,
        SeriesState.CLOSED,
    ):
        series.last_price = 0
    series.state, series.until = event.state, event.until
    set_timer(state, (SERIES_TIMER, series.series), event.until)


def _fees_set(state: State, number: int, place: Place, event: Any) -> None:
    series = state.series[event.series]
    series.maker_fee, series.taker_fee = event.maker_fee, event.taker_fee
    series.clearing_fee = event.clearing_fee
    # Worst fees of open orders changed: every account is judged again at its next touch.
    state.epoch = number


def _reference_moved(state: State, number: int, place: Place, event: Any) -> None:
    state.series[event.series].reference_price = event.price


def _fixing(state: State, number: int, place: Place, event: Any) -> None:
    state.fixings[event.index] = Fixing(event.index, event.day, event.price)


def _no_fix(state: State, number: int, place: Place, event: Any) -> None:
    last = state.fixings.get(event.index)
    price, fixed = (last.price, last.fixed or last.day) if last else (0, 0)
    told = state.behaviour >= DELIVERY
    state.fixings[event.index] = Fixing(event.index, event.day, price, fixed if told else 0)
    state.no_fixes[event.index, event.day] = NoFix(event.index, event.day, event.reason)


def _late_fixing(state: State, number: int, place: Place, event: Any) -> None:
    del state.no_fixes[event.index, event.day]


# -- money ---------------------------------------------------------------------------------------


def _transfer_posted(state: State, number: int, place: Place, event: Any) -> None:
    if event.reason == TransferReason.WITHDRAWAL:
        _release_hold(state, event.pending)
    if event.reason == TransferReason.DEPOSIT:
        remember(state, place, event, 0)


def _transfer_pended(state: State, number: int, place: Place, event: Any) -> None:
    state.pendings[event.transfer] = Pending(
        event.transfer, event.account, event.asset, event.amount, event.due
    )
    held = state.accounts[event.account].held
    held[event.asset] = held.get(event.asset, 0) + event.amount
    set_timer(state, (TRANSFER_TIMER, event.transfer), event.due)
    remember(state, place, event, 0)


def _transfer_voided(state: State, number: int, place: Place, event: Any) -> None:
    _release_hold(state, event.transfer)


def _release_hold(state: State, transfer: int) -> None:
    pending = state.pendings.pop(transfer)
    state.accounts[pending.account].held[pending.asset] -= pending.amount
    state.timers.pop((TRANSFER_TIMER, transfer), None)


# -- margin and settlement -----------------------------------------------------------------------


def _table_begun(state: State, number: int, place: Place, event: Any) -> None:
    state.loading = Table(event.table, event.scenarios, event.rows)


def _row_loaded(state: State, number: int, place: Place, event: Any) -> None:
    assert state.loading is not None, "a row is loaded into an open table"
    state.loading.series[event.series] = Row(
        event.series,
        event.mark,
        event.liquidity,
        event.concentration_lots,
        event.concentration,
        event.delta,
        event.vega,
        tuple(x.loss for x in event.losses),
    )


def _table_activated(state: State, number: int, place: Place, event: Any) -> None:
    assert state.loading is not None, "an activated table was loaded"
    state.table, state.loading, state.epoch = state.loading, None, number
    for row in state.table.series.values():
        _set_mark(state, row.series, row.mark)


def _set_mark(state: State, series: int, mark: int) -> None:
    terms = state.series[series]
    terms.mark = terms.reference_price = mark


def _account_refreshed(state: State, number: int, place: Place, event: Any) -> None:
    state.accounts[event.account].seen = number


def _variation_settled(state: State, number: int, place: Place, event: Any) -> None:
    state.settled_day, state.epoch = event.day, number
    gains: dict[int, int] = {}
    for item in event.prices:
        _set_mark(state, item.series, item.price)
        if state.series[item.series].is_option:
            continue
        hours = state.series[item.series].hours
        for account in state.accounts.values():
            position = account.positions.get(item.series)
            if position is not None:
                gain = (position.lots * item.price - position.cost) * hours
                gains[account.account] = gains.get(account.account, 0) + gain
                keep_variation(state, account.account, item.series, gain)
                position.cost = position.lots * item.price
                if position.lots == 0:
                    del account.positions[item.series]
    keep_gains(state, gains)
    forget_rates(state, event.day)
    state.trades.clear()


def _final_settled(state: State, number: int, place: Place, event: Any) -> None:
    state.epoch = number
    series = state.series[event.series]
    take_up(state, event.series, event.hours, series.hours)
    series.hours -= event.hours
    series.first_month = month_after(event.month)
    for trade in [t for t in state.trades.values() if t.series == event.series]:
        del state.trades[trade.trade]
    if not event.expired:
        return
    series.state, series.until = SeriesState.EXPIRED, 0
    for offer in [o for o in state.offers.values() if o.series == event.series]:
        forget_offer(state, offer.offer)
    for account in state.accounts.values():
        account.positions.pop(event.series, None)
    forget_exercises(state, event.series)


WRITES: dict[str, Callable[[State, int, Place, Any], None]] = {
    "house_opened": _house_opened,
    "proposed": _proposed,
    "approved": _proposal_gone,
    "proposal_lapsed": _proposal_gone,
    "proposal_withdrawn": _proposal_gone,
    "member_registered": _member_registered,
    "actor_registered": _actor_registered,
    "account_opened": _account_opened,
    "limits_set": _limits_set,
    "member_suspended": _member_suspended,
    "member_reinstated": _member_reinstated,
    "kill_switch_engaged": _killed,
    "kill_switch_released": _released,
    "market_halted": _halted,
    "market_resumed": _resumed,
    "asset_defined": _asset_defined,
    "behaviour_switched": _behaviour_switched,
    "series_listed": _series_listed,
    "series_state_changed": _series_state,
    "fees_set": _fees_set,
    "reference_moved": _reference_moved,
    "fixing_published": _fixing,
    "no_fix_declared": _no_fix,
    "late_fixing_published": _late_fixing,
    "transfer_posted": _transfer_posted,
    "transfer_pended": _transfer_pended,
    "transfer_voided": _transfer_voided,
    "order_accepted": order_accepted,
    "order_rested": order_rested,
    "order_waiting": order_waiting,
    "order_elected": order_elected,
    "order_replaced": order_replaced,
    "order_reduced": order_reduced,
    "slice_refreshed": slice_refreshed,
    "order_cancelled": order_cancelled,
    "traded": traded,
    "trade_busted": trade_busted,
    "trade_adjusted": trade_adjusted,
    "position_transferred": position_transferred,
    "transfer_offered": transfer_offered,
    "offer_ended": offer_ended,
    "maker_protection_set": protection_set,
    "maker_protection_tripped": protection_tripped,
    "dead_man_armed": dead_man,
    "dead_man_fired": dead_man,
    "margin_table_begun": _table_begun,
    "margin_row_loaded": _row_loaded,
    "margin_table_activated": _table_activated,
    "account_refreshed": _account_refreshed,
    "variation_settled": _variation_settled,
    "final_settled": _final_settled,
    **DEFAULT_WRITES,
    "collateral_admitted": collateral_admitted,
    "collateral_valued": collateral_valued,
    "margin_called": margin_called,
    "margin_call_met": margin_call_met,
    "margin_call_late": margin_call_late,
    "digest_published": digest_published,
    **JOINED,
    **DELIVERY_WRITES,
}
"""Events that write more than their postings."""

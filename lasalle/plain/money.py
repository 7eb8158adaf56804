"""Deciding deposits, withdrawals and the house's liquidity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.calls import see_call
from lasalle.plain.collateral import counted
from lasalle.plain.lines import check_securing, repay
from lasalle.plain.margin import judge, open_premiums
from lasalle.plain.orders import check_reference, replay, same, terms_check
from lasalle.plain.soundness import owed, owes_fund
from lasalle.plain.state import USD, Account, Place, Refused, State
from lasalle.plain.waterfall import dues
from lasalle.wire import AccountKind, Bound, LedgerClass, Refusal, TransferReason

Events = Iterator[Any]


def check_amount(amount: int) -> None:
    """Refuses an amount that is none, or beyond the bound (LED-002)."""
    if amount <= 0:
        raise Refused(Refusal.AMOUNT_NOT_POSITIVE, 1, amount)
    if amount > Bound.MONEY:
        raise Refused(Refusal.AMOUNT_TOO_LARGE, Bound.MONEY, amount)


def deposit(state: State, place: Place, command: wire.Deposit) -> Events:
    account = state.accounts.get(command.account)
    if account is None:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, command.account)
    again = replay(account, command)
    if again is not None:
        yield again
        return
    if command.asset not in state.assets:
        raise Refused(Refusal.ASSET_UNKNOWN, 0, command.asset)
    check_reference(account, place, command)
    if not command.reference:
        raise Refused(Refusal.REFERENCE_MISSING)
    check_amount(command.amount)
    check_amount(state.balance(LedgerClass.CASH, account.account, command.asset) + command.amount)
    check_amount(command.amount - state.balance(LedgerClass.BANK, 0, command.asset))
    due = state.due(command.account) if command.asset == USD else 0
    repaid = min(due, command.amount)
    yield wire.TransferPosted(
        account=command.account,
        asset=command.asset,
        amount=command.amount,
        reason=TransferReason.DEPOSIT,
        to_dues=repaid,
        pending=0,
        reference=command.reference,
        reference_time=command.reference_time or place.time,
        body=terms_check(command),
    )
    if due and repaid == due:
        yield wire.CallClosed(account=command.account)
    if command.asset == USD:
        yield from repay(state, account, command.amount - repaid)
    yield from see_call(state, account)


def withdrawable(state: State, account: int, asset: int) -> int:
    """Cash that can leave without uncovering the account (LED-005), beyond what its line
    (CLR-054) and the delivery fund (DEL-029) are owed."""
    if asset == USD:
        return max(0, room_beyond_line(state, account) - owes_fund(state, account))
    return max(0, state.free_of_holds(state.accounts[account], asset))


def room_beyond_line(state: State, account: int) -> int:
    """Cash that can pay the delivery fund: all that covers nothing, beyond what a line owes."""
    holder = state.accounts[account]
    free = state.free_of_holds(holder)
    judgement = judge(state, holder)
    room = min(judgement.cover - judgement.required, judgement.free - judgement.needed)
    return min(free - open_premiums(state, holder), room) - owed(state, account)


def _check_leaving(state: State, account: Account, asset: int, units: int) -> None:
    """Collateral leaves only while what stays covers the account (CLR-044)."""
    if asset not in state.collateral:
        return
    now, after = counted(state, account), counted(state, account, (asset, units))
    judgement = judge(state, account)
    needed = judgement.required
    cover = judgement.cover - now.cover(needed) + after.cover(needed)
    if cover < min(needed, judgement.cover):
        raise Refused(Refusal.MARGIN_SHORT, needed, cover)


def _sells(state: State, place: Place, account: Account, asset: int) -> bool:
    """True when the house takes collateral to pay what is owed: by the account, or, of a house
    account, by any account of its member (CLR-031); or what secures a line that owes (CLR-055)."""
    if state.actors[place.actor].member or asset not in state.collateral:
        return False
    if asset in state.credit.securities and owed(state, account.account):
        return True
    house = account.account_kind == AccountKind.HOUSE
    owing = dues(state, account.member)
    return account.account in owing or (house and bool(owing))


def request_withdrawal(state: State, place: Place, command: wire.RequestWithdrawal) -> Events:
    account = state.accounts[command.account]
    again = replay(account, command)
    if again is not None:
        yield again
        return
    defaulted = account.member in state.defaults
    if defaulted and not _sells(state, place, account, command.asset):
        raise Refused(Refusal.MEMBER_IN_DEFAULT, 0, account.member)
    if command.asset not in state.assets:
        raise Refused(Refusal.ASSET_UNKNOWN, 0, command.asset)
    check_reference(account, place, command)
    if not command.reference:
        raise Refused(Refusal.REFERENCE_MISSING)
    check_amount(command.amount)
    if not 0 <= command.timeout <= Bound.MONEY:
        raise Refused(Refusal.TIMEOUT_NEGATIVE, 0, command.timeout)
    most = withdrawable(state, command.account, command.asset)
    if command.amount > most:
        raise Refused(Refusal.CASH_SHORT, most, command.amount)
    if not defaulted:
        _check_leaving(state, account, command.asset, command.amount)
        check_securing(state, account, command.asset, command.amount)
    yield wire.TransferPended(
        transfer=place.number,
        account=command.account,
        asset=command.asset,
        amount=command.amount,
        due=place.time + command.timeout if command.timeout else 0,
        reference=command.reference,
        reference_time=command.reference_time or place.time,
        body=terms_check(command),
    )


def post_withdrawal(state: State, place: Place, command: wire.PostWithdrawal) -> Events:
    pending = state.pendings.get(command.transfer)
    if pending is None:
        raise Refused(Refusal.TRANSFER_UNKNOWN, 0, command.transfer)
    yield wire.TransferPosted(
        account=pending.account,
        asset=pending.asset,
        amount=pending.amount,
        reason=TransferReason.WITHDRAWAL,
        to_dues=0,
        pending=pending.transfer,
    )


def void_withdrawal(state: State, place: Place, command: wire.VoidWithdrawal) -> Events:
    pending = state.pendings.get(command.transfer)
    if pending is None:
        raise Refused(Refusal.TRANSFER_UNKNOWN, 0, command.transfer)
    yield same(wire.TransferVoided, pending)


def fund_liquidity(state: State, place: Place, command: wire.FundLiquidity) -> Events:
    check_amount(command.amount)
    check_amount(command.amount - state.balance(LedgerClass.BANK))
    shortfall = -state.balance(LedgerClass.DEFAULT_SHORTFALL)
    yield wire.TransferPosted(
        account=0,
        asset=USD,
        amount=command.amount,
        reason=TransferReason.LIQUIDITY,
        to_dues=min(shortfall, command.amount),
    )

"""Guards that the steps of a default share: who is sound, who has left, what its line is owed."""

from __future__ import annotations

from lasalle.plain.stakes import Cooling
from lasalle.plain.state import DELIVERY, Account, Refused, Series, State
from lasalle.wire import DeliveryParty, LedgerClass, Refusal


def find_account(state: State, number: int) -> Account:
    account = state.accounts.get(number)
    if account is None:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, number)
    return account


def check_sound(state: State, member: int) -> None:
    """Refuses a member that is suspended or in default."""
    if member in state.defaults:
        raise Refused(Refusal.MEMBER_IN_DEFAULT, 0, member)
    if state.members[member].suspended:
        raise Refused(Refusal.MEMBER_SUSPENDED, 0, member)


def check_in_default(state: State, member: int) -> None:
    if member not in state.defaults:
        raise Refused(Refusal.MEMBER_NOT_IN_DEFAULT, 0, member)


def principal_of(state: State, account: int) -> int:
    """What a line lent an account and has not back, micro-dollars."""
    return -state.balance(LedgerClass.LINE_PRINCIPAL, account)


def owed(state: State, account: int) -> int:
    """What an account owes under its line, micro-dollars, zero or positive."""
    return principal_of(state, account) - state.balance(LedgerClass.LINE_INTEREST, account)


def cools(state: State, cooling: Cooling, time: int) -> bool:
    """True while a cooling period runs: until its end, and while a default that reaches the account
    is open (CLR-034)."""
    reached = any(stake.account == cooling.account for stake in state.stakes.values())
    return reached or time <= cooling.until


def has_left(state: State, member: int, time: int) -> bool:
    """True when the notice of a member is effective, no cooling period of it runs any more, and it
    holds and owes nothing (CLR-034)."""
    notice = state.notices.get(member)
    if notice is None or time < notice.effective:
        return False
    theirs = [a for a in state.accounts.values() if a.member == member]
    if any(a.positions or state.due(a.account) or owed(state, a.account) for a in theirs):
        return False
    if any(owes_delivery(state, a.account) or owes_fund(state, a.account) for a in theirs):
        return False
    coolings = [state.coolings[a.account] for a in theirs if a.account in state.coolings]
    return not any(cools(state, cooling, time) for cooling in coolings)


def check_settles_in_cash(state: State, series: Series) -> None:
    """What turns into deliveries is not settled in cash (DEL-020)."""
    if state.behaviour >= DELIVERY and series.turns_into_deliveries:
        raise Refused(Refusal.SERIES_DELIVERS, 0, series.series)


def owes_fund(state: State, account: int) -> int:
    """What the delivery fund paid for an account and has not back, micro-dollars (DEL-029)."""
    return -state.balance(LedgerClass.DELIVERY_OWED, account)


def owes_delivery(state: State, account: int) -> bool:
    """True while the account is on a side of a delivery (DEL-027)."""
    return any(account in (d.account, d.buyer) for d in state.owed.deliveries.values())

def lets_fail(state: State, account: int) -> bool:
    """True while units are missing that the account let fail (DEL-036)."""
    for delivery in state.owed.deliveries.values():
        buys = delivery.failed == DeliveryParty.BUYER
        if delivery.missing and account == (delivery.buyer if buys else delivery.account):
            return True
    return False

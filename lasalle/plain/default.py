"""Deciding a default: the fund, declaration, porting, loss, tear-up, close."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.auction import check_no_slices, leaves, take_back
from lasalle.plain.bonds import repay_fund
from lasalle.plain.exchanging import exchange_over
from lasalle.plain.institution import offer_ended
from lasalle.plain.joining import check_member_eligible
from lasalle.plain.limits import end_raising
from lasalle.plain.lines import close_lines, left_for_lines
from lasalle.plain.margin import judge
from lasalle.plain.matching import cancel_all, refresh
from lasalle.plain.money import check_amount, withdrawable
from lasalle.plain.orders import check_covered, find_series, same
from lasalle.plain.rights import offer_over
from lasalle.plain.securing import free_bond, free_guarantees
from lasalle.plain.settlement import check_payments, pay
from lasalle.plain.soundness import (
    check_in_default,
    check_sound,
    cools,
    find_account,
    has_left,
    owed,
    owes_delivery,
)
from lasalle.plain.state import (
    DEFAULTS,
    RECOVERY,
    USD,
    Place,
    Refused,
    State,
    need_behaviour,
)
from lasalle.plain.waterfall import (
    Part,
    accounts_of,
    allocation,
    dues,
    share_list,
    shares,
    unspent,
)
from lasalle.wire import (
    AccountKind,
    CancelReason,
    LedgerClass,
    LossLayer,
    OfferEnd,
    Refusal,
)

Events = Iterator[Any]
IN_CASH = (LossLayer.ASSESSMENT, LossLayer.GAINS, LossLayer.CLIENT_GAINS)
"""Layers that take the cash of survivors, or leave them owing."""


# -- what stands to be lost ----------------------------------------------------------------------


def fund_tranche(state: State, place: Place, command: wire.FundTranche) -> Events:
    need_behaviour(state, DEFAULTS)
    check_amount(command.amount)
    check_amount(command.amount - state.balance(LedgerClass.BANK))
    yield same(wire.TrancheFunded, command)


def contribute_fund(state: State, place: Place, command: wire.ContributeFund) -> Events:
    need_behaviour(state, DEFAULTS)
    account = state.accounts[command.account]
    if account.account_kind != AccountKind.HOUSE:
        raise Refused(Refusal.ACCOUNT_NOT_HOUSE, 0, command.account)
    check_sound(state, account.member)
    check_amount(command.amount)
    most = withdrawable(state, command.account, USD)
    if command.amount > most:
        raise Refused(Refusal.CASH_SHORT, most, command.amount)
    yield same(wire.FundContributed, command)


def return_fund(state: State, place: Place, command: wire.ReturnFund) -> Events:
    need_behaviour(state, DEFAULTS)
    find_account(state, command.account)
    check_amount(command.amount)
    if not _is_free(state, place, command.account):
        for member in sorted(state.defaults):
            raise Refused(Refusal.DEFAULT_OPEN, 0, member)
    most = state.balance(LedgerClass.DEFAULT_FUND, command.account)
    if command.amount > most:
        raise Refused(Refusal.FUND_SHORT, most, command.amount)
    yield same(wire.FundReturned, command)


def _is_free(state: State, place: Place, account: int) -> bool:
    """True when no open default reaches the account, as its member has left (CLR-034)."""
    reached = any(stake.account == account for stake in state.stakes.values())
    member = state.accounts[account].member
    sound = member not in state.defaults and not reached
    return sound and has_left(state, member, place.time)


def give_notice(state: State, place: Place, command: wire.GiveNotice) -> Events:
    need_behaviour(state, RECOVERY)
    member = state.actors[place.actor].member
    if member not in state.members:
        raise Refused(Refusal.MEMBER_UNKNOWN, 0, member)
    if member in state.notices:
        raise Refused(Refusal.NOTICE_STANDING, 0, member)
    theirs = [c for c in state.coolings.values() if state.accounts[c.account].member == member]
    running = [c.until for c in theirs if cools(state, c, place.time)]
    if not running:
        raise Refused(Refusal.NOTICE_NOT_NOW, 0, member)
    yield wire.NoticeGiven(member=member, effective=max(running))


# -- declaration and close -----------------------------------------------------------------------


def declare_default(state: State, place: Place, command: wire.DeclareDefault) -> Events:
    need_behaviour(state, DEFAULTS)
    member = state.members.get(command.member)
    if member is None:
        raise Refused(Refusal.MEMBER_UNKNOWN, 0, command.member)
    if command.member in state.defaults:
        raise Refused(Refusal.MEMBER_IN_DEFAULT, 0, command.member)
    if not member.suspended:
        yield same(wire.MemberSuspended, command)
    yield same(wire.DefaultDeclared, command)
    numbers = {a.account for a in accounts_of(state, command.member)}
    theirs = [o for o in state.orders.values() if o.account in numbers and not o.close_out]
    yield from cancel_all(theirs, CancelReason.MEMBER_SUSPENDED)
    for pending in sorted(state.pendings.values(), key=lambda p: p.transfer):
        if pending.account in numbers:
            yield same(wire.TransferVoided, pending)
    yield from _sides_lapse(state, numbers)
    for number in sorted(numbers):
        yield from free_bond(state, number)
        yield from free_guarantees(state, number)


def _sides_lapse(state: State, numbers: set[int]) -> Events:
    """No side of a delivery is given or taken on the word of before a default (DEL-030)."""
    for _, offer in sorted(state.owed.offers.items()):
        if numbers & {offer.account, offer.to_account}:
            yield offer_over(offer, OfferEnd.LAPSED)
    for _, exchange in sorted(state.owed.exchanges.items()):
        if numbers & {exchange.account, exchange.to_account}:
            yield exchange_over(exchange, OfferEnd.LAPSED)


def close_default(state: State, place: Place, command: wire.CloseDefault) -> Events:
    need_behaviour(state, DEFAULTS)
    check_in_default(state, command.member)
    for account in accounts_of(state, command.member):
        if account.positions or state.due(account.account) or owes_delivery(state, account.account):
            raise Refused(Refusal.DEFAULT_UNFINISHED, 0, account.account)
        if any(g.account == account.account for g in state.owed.guarantees.values()):
            raise Refused(Refusal.DEFAULT_UNFINISHED, 0, account.account)
    parts, left = left_for_lines(state, command.member)
    numbers = {a.account for a in accounts_of(state, command.member)}
    theirs = [o for o in state.orders.values() if o.account in numbers]
    yield from cancel_all(theirs, CancelReason.MEMBER_SUSPENDED)
    yield from take_back(state, numbers)
    yield from close_lines(state, parts, left)
    yield from repay_fund(state, numbers)
    yield same(wire.DefaultClosed, command)


# -- clients -------------------------------------------------------------------------------------


def offer_port(state: State, place: Place, command: wire.OfferPort) -> Events:
    need_behaviour(state, DEFAULTS)
    account = find_account(state, command.account)
    check_in_default(state, account.member)
    if account.account_kind != AccountKind.CLIENT:
        raise Refused(Refusal.ACCOUNT_NOT_CLIENT, 0, command.account)
    if command.member not in state.members:
        raise Refused(Refusal.MEMBER_UNKNOWN, 0, command.member)
    check_sound(state, command.member)
    yield same(wire.PortOffered, command)


def accept_port(state: State, place: Place, command: wire.AcceptPort) -> Events:
    need_behaviour(state, DEFAULTS)
    port = state.ports.get(command.account)
    if port is None or port.member != state.actors[place.actor].member:
        raise Refused(Refusal.PORT_UNKNOWN, 0, command.account)
    check_sound(state, port.member)
    account = state.accounts[command.account]
    due = state.due(command.account) + owed(state, command.account)
    if due:
        raise Refused(Refusal.ACCOUNT_OWES, 0, due)
    check_member_eligible(state, account, port.member)
    check_covered(judge(state, account))
    yield from cancel_all(list(account.orders.values()), CancelReason.POSITION_TRANSFERRED)
    for offer in sorted(state.offers.values(), key=lambda o: o.offer):
        if offer.account == command.account:
            yield offer_ended(offer, OfferEnd.LAPSED)
    yield from take_back(state, {command.account})
    if account.dead_man and state.behaviour >= RECOVERY:
        yield wire.DeadManArmed(account=command.account, due=0)
    yield wire.AccountPorted(
        account=command.account, from_member=account.member, member=port.member
    )


# -- the waterfall -------------------------------------------------------------------------------


def allocate_loss(state: State, place: Place, command: wire.AllocateLoss) -> Events:
    need_behaviour(state, DEFAULTS)
    check_in_default(state, command.member)
    loss = sum(dues(state, command.member).values())
    check_amount(command.loss)
    if command.loss != loss:
        raise Refused(Refusal.LOSS_WRONG, loss, command.loss)
    if state.behaviour >= RECOVERY:
        _check_sold(state, command.member)
    parts = allocation(state, command.member)
    _check_shares(share_list(parts), list(command.shares))
    yield wire.LossFound(
        member=command.member, loss=loss, left=loss - sum(part.amount for part in parts)
    )
    for part in parts:
        yield from _allocated(state, command.member, part)
    if state.behaviour >= RECOVERY:
        for number in sorted({p.account for p in parts if p.layer in IN_CASH}):
            yield from refresh(state, state.accounts[number])


def _check_sold(state: State, member: int) -> None:
    """No slice is out to bids, and collateral that bears the loss is sold (CLR-033, CLR-037)."""
    check_no_slices(state, member)
    owing = dues(state, member)
    for account in accounts_of(state, member):
        if account.account_kind != AccountKind.HOUSE and account.account not in owing:
            continue
        for asset in sorted(state.collateral):
            if state.balance(LedgerClass.CASH, account.account, asset):
                raise Refused(Refusal.COLLATERAL_STANDS, asset, account.account)


def _check_shares(wanted: list[wire.LossShare], found: list[wire.LossShare]) -> None:
    """The shares named are those the law comes to, one by one (CLR-024, CLR-025)."""
    for i in range(max(len(wanted), len(found))):
        wants = wanted[i] if i < len(wanted) else None
        names = found[i] if i < len(found) else None
        layers = (int(wants.layer) if wants else 0, int(names.layer) if names else 0)
        if wants is None or names is None or layers[0] != layers[1]:
            raise Refused(Refusal.LAYER_WRONG, *layers)
        if (wants.account, wants.amount) != (names.account, names.amount):
            raise Refused(Refusal.SHARE_WRONG, wants.amount, names.amount)


def _allocated(state: State, member: int, part: Part) -> Events:
    """A part is paid from what its layer has, or becomes a due of who bears it."""
    owed = 0
    if part.layer == LossLayer.ASSESSMENT:
        owed = part.amount
    elif part.layer == LossLayer.GAINS:
        cash = max(0, state.free_of_holds(state.accounts[part.account]))
        owed = part.amount - min(cash, part.amount)
    yield wire.LossAllocated(
        account=part.account,
        member=member,
        due_account=part.due_account,
        layer=part.layer,
        amount=part.amount,
        owed=owed,
    )
    if owed:
        yield wire.CallOpened(account=part.account, amount=state.due(part.account))
    if not state.due(part.due_account):
        yield wire.CallClosed(account=part.due_account)


def tear_up(state: State, place: Place, command: wire.TearUp) -> Events:
    need_behaviour(state, DEFAULTS)
    account = find_account(state, command.account)
    check_in_default(state, account.member)
    series = find_series(state, command.series)
    held = account.lots(command.series)
    if not held:
        raise Refused(Refusal.POSITION_SHORT, 0, 0)
    if state.behaviour >= RECOVERY:
        check_no_slices(state, account.member)
    left = unspent(state, account.member)
    if left:
        raise Refused(Refusal.LAYER_NOT_EXHAUSTED, 0, left)
    against = [a for a in state.accounts.values() if a.lots(command.series) * held < 0]
    against.sort(key=lambda a: a.account)
    weights = [abs(a.lots(command.series)) for a in against]
    cut = [
        wire.AccountLots(a.account, lots)
        for a, lots in zip(against, shares(abs(held), weights), strict=True)
        if lots
    ]
    _check_cuts(cut, list(command.cuts))
    sign = 1 if held > 0 else -1
    value = sign * series.mark * series.hours if series.is_option else 0
    amounts = {c.account: -value * c.lots for c in cut if value}
    if amounts:
        amounts[command.account] = value * abs(held)
    check_payments(state, amounts)
    yield wire.TornUp(account=command.account, series=command.series, lots=held, price=series.mark)
    for item in cut:
        yield leaves(series, command.account, item.account, sign * item.lots)
    closing = [o for o in account.orders.values() if o.series == command.series]
    yield from cancel_all(closing, CancelReason.POSITION_TRANSFERRED)
    yield from pay(state, amounts)
    for item in cut:
        yield from end_raising(state, state.accounts[item.account])
        yield from refresh(state, state.accounts[item.account])


def _check_cuts(wanted: list[wire.AccountLots], found: list[wire.AccountLots]) -> None:
    for i in range(max(len(wanted), len(found))):
        wants = wanted[i] if i < len(wanted) else wire.AccountLots(0, 0)
        names = found[i] if i < len(found) else wire.AccountLots(0, 0)
        if wants != names:
            raise Refused(Refusal.CUT_WRONG, wants.lots, names.lots)

"""Deciding a default: the fund, declaration, porting, sealed bids, loss, tear-up, close."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from struct import pack
from typing import Any

from lasalle import wire
from lasalle.plain.institution import offer_ended
from lasalle.plain.joining import check_member_eligible
from lasalle.plain.limits import check_position, end_raising
from lasalle.plain.margin import judge
from lasalle.plain.matching import cancel_all, refresh
from lasalle.plain.money import check_amount, withdrawable
from lasalle.plain.orders import check_covered, find_series, same
from lasalle.plain.settlement import check_payments, pay
from lasalle.plain.state import (
    DEFAULTS,
    USD,
    Account,
    Place,
    Refused,
    Series,
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
    Bound,
    CancelReason,
    LedgerClass,
    LossLayer,
    OfferEnd,
    Refusal,
    SeriesState,
    Tranche,
)

Events = Iterator[Any]
TRANCHES = {
    Tranche.FIRST_LOSS: LedgerClass.FIRST_LOSS,
    Tranche.SECOND_TRANCHE: LedgerClass.SECOND_TRANCHE,
}


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
    _check_sound(state, account.member)
    check_amount(command.amount)
    most = withdrawable(state, command.account, USD)
    if command.amount > most:
        raise Refused(Refusal.CASH_SHORT, most, command.amount)
    yield same(wire.FundContributed, command)


def return_fund(state: State, place: Place, command: wire.ReturnFund) -> Events:
    need_behaviour(state, DEFAULTS)
    _find_account(state, command.account)
    check_amount(command.amount)
    for member in sorted(state.defaults):
        raise Refused(Refusal.DEFAULT_OPEN, 0, member)
    most = state.balance(LedgerClass.DEFAULT_FUND, command.account)
    if command.amount > most:
        raise Refused(Refusal.FUND_SHORT, most, command.amount)
    yield same(wire.FundReturned, command)


def _find_account(state: State, number: int) -> Account:
    account = state.accounts.get(number)
    if account is None:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, number)
    return account


def _check_sound(state: State, member: int) -> None:
    """Refuses a member that is suspended or in default."""
    if member in state.defaults:
        raise Refused(Refusal.MEMBER_IN_DEFAULT, 0, member)
    if state.members[member].suspended:
        raise Refused(Refusal.MEMBER_SUSPENDED, 0, member)


def _check_in_default(state: State, member: int) -> None:
    if member not in state.defaults:
        raise Refused(Refusal.MEMBER_NOT_IN_DEFAULT, 0, member)


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


def close_default(state: State, place: Place, command: wire.CloseDefault) -> Events:
    need_behaviour(state, DEFAULTS)
    _check_in_default(state, command.member)
    for account in accounts_of(state, command.member):
        if account.positions or state.due(account.account):
            raise Refused(Refusal.DEFAULT_UNFINISHED, 0, account.account)
    numbers = {a.account for a in accounts_of(state, command.member)}
    theirs = [o for o in state.orders.values() if o.account in numbers]
    yield from cancel_all(theirs, CancelReason.MEMBER_SUSPENDED)
    yield same(wire.DefaultClosed, command)


# -- clients -------------------------------------------------------------------------------------


def offer_port(state: State, place: Place, command: wire.OfferPort) -> Events:
    need_behaviour(state, DEFAULTS)
    account = _find_account(state, command.account)
    _check_in_default(state, account.member)
    if account.account_kind != AccountKind.CLIENT:
        raise Refused(Refusal.ACCOUNT_NOT_CLIENT, 0, command.account)
    if command.member not in state.members:
        raise Refused(Refusal.MEMBER_UNKNOWN, 0, command.member)
    _check_sound(state, command.member)
    yield same(wire.PortOffered, command)


def accept_port(state: State, place: Place, command: wire.AcceptPort) -> Events:
    need_behaviour(state, DEFAULTS)
    port = state.ports.get(command.account)
    if port is None or port.member != state.actors[place.actor].member:
        raise Refused(Refusal.PORT_UNKNOWN, 0, command.account)
    _check_sound(state, port.member)
    account = state.accounts[command.account]
    due = state.due(command.account)
    if due:
        raise Refused(Refusal.ACCOUNT_OWES, 0, due)
    check_member_eligible(state, account, port.member)
    check_covered(judge(state, account))
    yield from cancel_all(list(account.orders.values()), CancelReason.POSITION_TRANSFERRED)
    for offer in sorted(state.offers.values(), key=lambda o: o.offer):
        if offer.account == command.account:
            yield offer_ended(offer, OfferEnd.LAPSED)
    yield wire.AccountPorted(
        account=command.account, from_member=account.member, member=port.member
    )


# -- the auction ---------------------------------------------------------------------------------


def commit_bid(state: State, place: Place, command: wire.CommitBid) -> Events:
    need_behaviour(state, DEFAULTS)
    account = state.accounts[command.account]
    _check_sound(state, account.member)
    giver = _find_account(state, command.from_account)
    _check_in_default(state, giver.member)
    if not any(p.lots for p in giver.positions.values()):
        raise Refused(Refusal.POSITION_SHORT, 0, 0)
    if command.until <= place.time:
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, place.time, command.until)
    yield same(wire.BidCommitted, command)


def commitment(award: wire.AwardSlice) -> bytes:
    """SHA-256 of a bid: slice, accounts, amount, secret and positions, little-endian (CLR-023)."""
    text = pack("<IIIq", award.slice, award.from_account, award.to_account, award.amount)
    text += award.secret
    text += b"".join(pack("<Iq", item.series, item.lots) for item in award.positions)
    return sha256(text).digest()


def award_slice(state: State, place: Place, command: wire.AwardSlice) -> Events:
    need_behaviour(state, DEFAULTS)
    giver = _find_account(state, command.from_account)
    _check_in_default(state, giver.member)
    taker = _find_account(state, command.to_account)
    _check_sound(state, taker.member)
    bid = state.bids.get((command.slice, command.to_account))
    if bid is None or bid.from_account != giver.account or bid.until < place.time:
        raise Refused(Refusal.BID_UNKNOWN, 0, command.to_account)
    if bid.commitment != commitment(command):
        raise Refused(Refusal.BID_BROKEN, 0, command.slice)
    if abs(command.amount) > Bound.MONEY:
        raise Refused(Refusal.AMOUNT_TOO_LARGE, Bound.MONEY, abs(command.amount))
    moved = _slice_moves(state, giver, taker, command)
    judgement = judge(state, taker, moved=moved)
    check_covered(
        judgement._replace(
            cover=judgement.cover + command.amount, free=judgement.free + command.amount
        )
    )
    amounts = {taker.account: command.amount, giver.account: -command.amount}
    check_payments(state, amounts)
    yield wire.SliceAwarded(
        account=command.to_account,
        slice=command.slice,
        from_account=command.from_account,
        amount=command.amount,
    )
    for item in command.positions:
        yield _moves(state.series[item.series], giver.account, taker.account, item.lots)
    if command.amount:
        yield from pay(state, amounts)


def _slice_moves(
    state: State, giver: Account, taker: Account, command: wire.AwardSlice
) -> dict[int, tuple[int, int]]:
    """Lots and cost that come to the taker, by series; each is held by the giver and within the
    taker's limits."""
    if not command.positions:
        raise Refused(Refusal.POSITION_SHORT, 0, 0)
    moved: dict[int, tuple[int, int]] = {}
    last, gross = 0, sum(abs(p.lots) for p in taker.positions.values())
    gross += sum(o.lots for o in taker.orders.values())
    for item in command.positions:
        if item.series <= last:
            raise Refused(Refusal.SLICE_UNORDERED, last, item.series)
        last = item.series
        series = find_series(state, item.series)
        if series.state == SeriesState.EXPIRED:
            raise Refused(Refusal.SERIES_NOT_TRADING, SeriesState.OPEN, series.state)
        held, taken = giver.lots(item.series), taker.lots(item.series)
        if held * item.lots <= 0 or abs(item.lots) > abs(held):
            raise Refused(Refusal.POSITION_SHORT, held, item.lots)
        check_position(taker, series, item.lots)
        gross += abs(taken + item.lots) - abs(taken)
        cost = 0 if series.is_option else item.lots * series.mark
        moved[item.series] = (item.lots, cost)
    if gross > Bound.ACCOUNT_GROSS_LOTS:
        raise Refused(Refusal.GROSS_LOTS_BOUND, Bound.ACCOUNT_GROSS_LOTS, gross)
    return moved


def _moves(series: Series, giver: int, taker: int, lots: int) -> wire.PositionTransferred:
    """Lots leave a member in default at the mark."""
    return wire.PositionTransferred(
        offer=0,
        account=giver,
        to_account=taker,
        series=series.series,
        lots=lots,
        price=series.mark,
    )


# -- the waterfall -------------------------------------------------------------------------------


def allocate_loss(state: State, place: Place, command: wire.AllocateLoss) -> Events:
    need_behaviour(state, DEFAULTS)
    _check_in_default(state, command.member)
    loss = sum(dues(state, command.member).values())
    check_amount(command.loss)
    if command.loss != loss:
        raise Refused(Refusal.LOSS_WRONG, loss, command.loss)
    parts = allocation(state, command.member)
    _check_shares(share_list(parts), list(command.shares))
    yield wire.LossFound(
        member=command.member, loss=loss, left=loss - sum(part.amount for part in parts)
    )
    for part in parts:
        yield from _allocated(state, command.member, part)


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
    account = _find_account(state, command.account)
    _check_in_default(state, account.member)
    series = find_series(state, command.series)
    held = account.lots(command.series)
    if not held:
        raise Refused(Refusal.POSITION_SHORT, 0, 0)
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
        yield _moves(series, command.account, item.account, sign * item.lots)
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

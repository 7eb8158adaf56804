"""The auction of the book of a member in default: slices, sealed bids, their opening, awards
(CLR-023, CLR-032, CLR-033)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from hashlib import sha256
from struct import pack
from typing import Any

from lasalle import wire
from lasalle.plain.limits import check_position
from lasalle.plain.margin import judge
from lasalle.plain.matching import cancel_all
from lasalle.plain.orders import check_covered, find_series, same
from lasalle.plain.settlement import check_payments, pay
from lasalle.plain.soundness import check_in_default, check_sound, find_account, owed
from lasalle.plain.stakes import Bid, Slice
from lasalle.plain.state import (
    DEFAULTS,
    RECOVERY,
    Account,
    Place,
    Refused,
    Series,
    State,
    need_behaviour,
)
from lasalle.wire import BidEnd, Bound, CancelReason, Refusal, SeriesState, SliceLots

Events = Iterator[Any]


# -- slices --------------------------------------------------------------------------------------


def offer_slice(state: State, place: Place, command: wire.OfferSlice) -> Events:
    need_behaviour(state, RECOVERY)
    giver = find_account(state, command.from_account)
    check_in_default(state, giver.member)
    if command.slice in state.slices:
        raise Refused(Refusal.SLICE_KNOWN, 0, command.slice)
    for before, after in ((place.time, command.seals), (command.seals, command.opens)):
        if after <= before:
            raise Refused(Refusal.EXPIRY_NOT_AHEAD, before, after)
    if not command.positions:
        raise Refused(Refusal.POSITION_SHORT, 0, 0)
    last = 0
    for item in command.positions:
        last = _in_order(last, item.series)
        _tradable(state, item.series)
        left = giver.lots(item.series) - _out(state, giver.account, item.series)
        if left * item.lots <= 0 or abs(item.lots) > abs(left):
            raise Refused(Refusal.POSITION_SHORT, left, item.lots)
    _check_amount(state, command.positions, command.reserve)
    yield same(wire.SliceOffered, command)


def _out(state: State, account: int, series: int) -> int:
    """Lots of an account's position that are out to bids."""
    theirs = [s for s in state.slices.values() if s.from_account == account]
    return sum(item.lots for s in theirs for item in s.positions if item.series == series)


def _in_order(last: int, series: int) -> int:
    if series <= last:
        raise Refused(Refusal.SLICE_UNORDERED, last, series)
    return series


def _tradable(state: State, number: int) -> Series:
    series = find_series(state, number)
    if series.state == SeriesState.EXPIRED:
        raise Refused(Refusal.SERIES_NOT_TRADING, SeriesState.OPEN, series.state)
    return series


def _check_amount(state: State, positions: Iterable[SliceLots], amount: int) -> None:
    """An amount, either way, is within the share of the value at the marks (CLR-033)."""
    terms = [(item, state.series[item.series]) for item in positions]
    value = sum(abs(item.lots) * series.mark * series.hours for item, series in terms)
    most = value * Bound.BID_SHARE // 10_000
    if abs(amount) > most:
        raise Refused(Refusal.BID_OUT_OF_BOUNDS, most, abs(amount))


def _find_slice(state: State, number: int) -> Slice:
    found = state.slices.get(number)
    if found is None:
        raise Refused(Refusal.SLICE_UNKNOWN, 0, number)
    return found


def end_slice(state: State, place: Place, command: wire.EndSlice) -> Events:
    need_behaviour(state, RECOVERY)
    found = _find_slice(state, command.slice)
    if place.time <= found.opens:
        yield from take_back(state, {found.from_account}, found.slice)
        return
    yield from _ends(state, place, found, None)
    yield wire.SliceEnded(slice=found.slice, from_account=found.from_account)


def take_back(state: State, accounts: Container[int], only: int | None = None) -> Events:
    """Slices of these accounts end, and the bids for them unread; `only` names one of them."""
    theirs = [s for s in state.slices.values() if s.from_account in accounts]
    theirs = [s for s in theirs if only is None or s.slice == only]
    for found in sorted(theirs, key=lambda s: s.slice):
        for bid in _bids(state, found.slice):
            yield _bid_ended(bid, BidEnd.WITHDRAWN)
        yield wire.SliceEnded(slice=found.slice, from_account=found.from_account)


def check_no_slices(state: State, member: int) -> None:
    """Refuses while a slice of a member's book is out to bids (CLR-033)."""
    for number in sorted(state.slices):
        if state.accounts[state.slices[number].from_account].member == member:
            raise Refused(Refusal.SLICE_STANDING, 0, number)


# -- bids ----------------------------------------------------------------------------------------


def commit_bid(state: State, place: Place, command: wire.CommitBid) -> Events:
    need_behaviour(state, DEFAULTS)
    account = state.accounts[command.account]
    check_sound(state, account.member)
    giver = find_account(state, command.from_account)
    check_in_default(state, giver.member)
    if not any(p.lots for p in giver.positions.values()):
        raise Refused(Refusal.POSITION_SHORT, 0, 0)
    ahead = place.time
    if state.behaviour >= RECOVERY:
        found = _find_slice(state, command.slice)
        if found.from_account != command.from_account:
            raise Refused(Refusal.SLICE_UNKNOWN, 0, command.slice)
        if place.time > found.seals:
            raise Refused(Refusal.BID_WINDOW, found.seals, place.time)
        ahead = found.opens
    if command.until <= ahead:
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, ahead, command.until)
    yield same(wire.BidCommitted, command)


def commitment(award: wire.AwardSlice) -> bytes:
    """SHA-256 of a bid: slice, accounts, amount, secret and positions, little-endian (CLR-023)."""
    text = pack("<IIIq", award.slice, award.from_account, award.to_account, award.amount)
    text += award.secret
    text += b"".join(pack("<Iq", item.series, item.lots) for item in award.positions)
    return sha256(text).digest()


def open_bid(state: State, place: Place, command: wire.OpenBid) -> Events:
    need_behaviour(state, RECOVERY)
    check_sound(state, state.accounts[command.account].member)
    found = _find_slice(state, command.slice)
    bid = state.bids.get((command.slice, command.account))
    if bid is None:
        raise Refused(Refusal.BID_UNKNOWN, 0, command.account)
    if not found.seals < place.time <= found.opens:
        bound = found.seals if place.time <= found.seals else found.opens
        raise Refused(Refusal.BID_WINDOW, bound, place.time)
    if bid.opened:
        raise Refused(Refusal.BID_OPEN, 0, command.slice)
    opened = wire.AwardSlice(
        slice=command.slice,
        from_account=found.from_account,
        to_account=command.account,
        amount=command.amount,
        secret=command.secret,
        positions=found.positions,
    )
    if bid.commitment != commitment(opened):
        raise Refused(Refusal.BID_BROKEN, 0, command.slice)
    _check_amount(state, found.positions, command.amount)
    yield same(wire.BidOpened, command)


def _bids(state: State, number: int) -> list[Bid]:
    """Bids for a slice, ascending by account."""
    return [state.bids[key] for key in sorted(state.bids) if key[0] == number]


def _bid_ended(bid: Bid, reason: BidEnd) -> wire.BidEnded:
    return wire.BidEnded(
        account=bid.account, slice=bid.slice, from_account=bid.from_account, reason=reason
    )


def _worth(state: State, place: Place, found: Slice, bid: Bid) -> BidEnd:
    """What a bid that does not win comes to (CLR-033)."""
    if not bid.opened:
        return BidEnd.UNOPENED
    if bid.until < place.time:
        return BidEnd.LAPSED
    if bid.amount > found.reserve:
        return BidEnd.ABOVE_RESERVE
    taker = state.accounts[bid.account]
    try:
        check_sound(state, taker.member)
        _check_carries(state, taker, bid.amount, _taken(state, None, taker, found.positions))
    except Refused:
        return BidEnd.UNCOVERED
    return BidEnd.COUNTED


def _ends(
    state: State, place: Place, found: Slice, winner: int | None
) -> list[wire.BidEnded]:
    """What every bid for a slice comes to as it ends; winner: the account that takes it."""
    ends = []
    for bid in _bids(state, found.slice):
        reason = BidEnd.WON if bid.account == winner else _worth(state, place, found, bid)
        ends.append(_bid_ended(bid, reason))
    return ends


# -- awards --------------------------------------------------------------------------------------


def _check_best(state: State, place: Place, found: Slice, command: wire.AwardSlice) -> None:
    """The windows are over, and the bid is within the reserve and the best of those that stand and
    can be carried; ties go to the lower account (CLR-033)."""
    if place.time <= found.opens:
        raise Refused(Refusal.BID_WINDOW, found.opens, place.time)
    if command.amount > found.reserve:
        raise Refused(Refusal.BID_OUT_OF_BOUNDS, found.reserve, command.amount)
    asks = (command.amount, command.to_account)
    bids = [b for b in _bids(state, found.slice) if b.opened]
    for bid in sorted(bids, key=lambda b: (b.amount, b.account)):
        better = (bid.amount, bid.account) < asks
        if better and _worth(state, place, found, bid) == BidEnd.COUNTED:
            raise Refused(Refusal.AWARD_NOT_BEST, bid.account, command.to_account)


def award_slice(state: State, place: Place, command: wire.AwardSlice) -> Events:
    need_behaviour(state, DEFAULTS)
    giver = find_account(state, command.from_account)
    check_in_default(state, giver.member)
    taker = find_account(state, command.to_account)
    check_sound(state, taker.member)
    opens = state.behaviour >= RECOVERY
    found = _find_slice(state, command.slice) if opens else None
    bid = state.bids.get((command.slice, command.to_account))
    if bid is None or bid.from_account != giver.account or bid.until < place.time:
        raise Refused(Refusal.BID_UNKNOWN, 0, command.to_account)
    if found is not None and not bid.opened:
        raise Refused(Refusal.BID_UNKNOWN, 0, command.to_account)
    if bid.commitment != commitment(command):
        raise Refused(Refusal.BID_BROKEN, 0, command.slice)
    if abs(command.amount) > Bound.MONEY:
        raise Refused(Refusal.AMOUNT_TOO_LARGE, Bound.MONEY, abs(command.amount))
    if found is not None:
        _check_best(state, place, found, command)
    moved = _taken(state, giver, taker, command.positions)
    _check_carries(state, taker, command.amount, moved)
    amounts = {taker.account: command.amount, giver.account: -command.amount}
    check_payments(state, amounts)
    if found is not None:
        yield from _ends(state, place, found, taker.account)
    yield wire.SliceAwarded(
        account=command.to_account,
        slice=command.slice,
        from_account=command.from_account,
        amount=command.amount,
    )
    for item in command.positions:
        yield leaves(state.series[item.series], giver.account, taker.account, item.lots)
    if found is not None:
        gone = {item.series for item in command.positions}
        closing = [o for o in giver.orders.values() if o.series in gone]
        yield from cancel_all(closing, CancelReason.POSITION_TRANSFERRED)
    if command.amount:
        yield from pay(state, amounts)


def _check_carries(
    state: State, taker: Account, amount: int, moved: dict[int, tuple[int, int]]
) -> None:
    """Who takes a slice for an amount is covered afterwards, when its line has been repaid of it
    (CLR-054)."""
    judgement = judge(state, taker, moved=moved)
    came = max(0, amount - state.due(taker.account))
    kept = amount - min(came, owed(state, taker.account))
    check_covered(judgement._replace(cover=judgement.cover + kept, free=judgement.free + kept))


def _taken(
    state: State, giver: Account | None, taker: Account, positions: Iterable[SliceLots]
) -> dict[int, tuple[int, int]]:
    """Lots and cost that come to the taker, by series; each is held by the giver, where one is
    asked of, and within the taker's limits."""
    if not positions:
        raise Refused(Refusal.POSITION_SHORT, 0, 0)
    moved: dict[int, tuple[int, int]] = {}
    last, gross = 0, sum(abs(p.lots) for p in taker.positions.values())
    gross += sum(o.lots for o in taker.orders.values())
    for item in positions:
        last = _in_order(last, item.series)
        series = _tradable(state, item.series)
        held = giver.lots(item.series) if giver else item.lots
        taken = taker.lots(item.series)
        if held * item.lots <= 0 or abs(item.lots) > abs(held):
            raise Refused(Refusal.POSITION_SHORT, held, item.lots)
        check_position(taker, series, item.lots)
        gross += abs(taken + item.lots) - abs(taken)
        cost = 0 if series.is_option else item.lots * series.mark
        moved[item.series] = (item.lots, cost)
    if gross > Bound.ACCOUNT_GROSS_LOTS:
        raise Refused(Refusal.GROSS_LOTS_BOUND, Bound.ACCOUNT_GROSS_LOTS, gross)
    return moved


def leaves(series: Series, giver: int, taker: int, lots: int) -> wire.PositionTransferred:
    """Lots leave a member in default at the mark."""
    return wire.PositionTransferred(
        offer=0,
        account=giver,
        to_account=taker,
        series=series.series,
        lots=lots,
        price=series.mark,
    )

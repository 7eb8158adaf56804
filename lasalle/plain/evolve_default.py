"""What events of a default write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lasalle.plain.evolve_joining import bar
from lasalle.plain.soundness import cools, has_left
from lasalle.plain.stakes import Bid, Cooling, Default, Notice, Port, Slice, Stake, spend
from lasalle.plain.state import DEFAULTS, RECOVERY, Place, State
from lasalle.wire import BidEnd, Bound, LedgerClass, LossLayer


def default_declared(state: State, number: int, place: Place, event: Any) -> None:
    state.defaults[event.member] = Default(event.member, number)
    for (class_, account, _), balance in sorted(state.balances.items()):
        if class_ != LedgerClass.DEFAULT_FUND or not balance:
            continue
        member = state.accounts[account].member
        if member not in state.defaults and not has_left(state, member, place.time):
            _cool(state, place, account, balance)
            stake = Stake(event.member, account, balance)
            state.stakes[event.member, account] = stake


def _cool(state: State, place: Place, account: int, contribution: int) -> None:
    """A cooling period begins with a declaration, or one that runs goes on (CLR-034)."""
    if state.behaviour < RECOVERY:
        return
    cooling = state.coolings.get(account)
    if cooling is None or not cools(state, cooling, place.time):
        cooling = state.coolings[account] = Cooling(account, 0)
    cooling.base = max(cooling.base, contribution)
    cooling.until = place.time + Bound.COOLING_PERIOD


def fund_contributed(state: State, number: int, place: Place, event: Any) -> None:
    """Who contributes stays (CLR-034)."""
    state.notices.pop(state.accounts[event.account].member, None)


def notice_given(state: State, number: int, place: Place, event: Any) -> None:
    state.notices[event.member] = Notice(event.member, event.effective)


def slice_offered(state: State, number: int, place: Place, event: Any) -> None:
    _forget_bids(state, event.slice)
    state.slices[event.slice] = Slice(
        *(event.slice, event.from_account, event.reserve),
        *(event.seals, event.opens, event.positions),
    )


def bid_opened(state: State, number: int, place: Place, event: Any) -> None:
    bid = state.bids[event.slice, event.account]
    bid.opened, bid.amount = True, event.amount


def bid_ended(state: State, number: int, place: Place, event: Any) -> None:
    del state.bids[event.slice, event.account]
    if event.reason in (BidEnd.WON, BidEnd.COUNTED):
        _has_bid(state, event)


def slice_ended(state: State, number: int, place: Place, event: Any) -> None:
    del state.slices[event.slice]


def _forget_bids(state: State, number: int) -> None:
    for key in [k for k in state.bids if k[0] == number]:
        del state.bids[key]


def _has_bid(state: State, event: Any) -> None:
    """The member of who bid has bid for the book of the one in default."""
    member = state.accounts[event.from_account].member
    bidder = state.accounts[event.account].member
    for stake in state.stakes.values():
        if stake.member == member and state.accounts[stake.account].member == bidder:
            stake.bid = True


def port_offered(state: State, number: int, place: Place, event: Any) -> None:
    state.ports[event.account] = Port(event.account, event.member)


def account_ported(state: State, number: int, place: Place, event: Any) -> None:
    state.accounts[event.account].member = event.member
    bar(state, state.accounts[event.account])
    del state.ports[event.account]
    for key in [k for k, b in state.bids.items() if b.from_account == event.account]:
        del state.bids[key]


def bid_committed(state: State, number: int, place: Place, event: Any) -> None:
    state.bids[event.slice, event.account] = Bid(
        event.slice, event.account, event.from_account, event.until, event.commitment
    )
    if state.behaviour < RECOVERY:
        _has_bid(state, event)


def slice_awarded(state: State, number: int, place: Place, event: Any) -> None:
    _forget_bids(state, event.slice)
    state.slices.pop(event.slice, None)


def loss_allocated(state: State, number: int, place: Place, event: Any) -> None:
    if event.layer in (LossLayer.GAINS, LossLayer.CLIENT_GAINS):
        before = state.earlier.get(event.account, 0)
        if before > 0:
            keep(state.earlier, event.account, before - min(before, event.amount))
        state.gains[event.account] -= event.amount
        if not state.gains[event.account]:
            del state.gains[event.account]
    elif event.layer == LossLayer.ASSESSMENT:
        state.stakes[event.member, event.account].assessed += event.amount
        if event.account in state.coolings:
            state.coolings[event.account].assessed += event.amount
    elif event.layer in (LossLayer.ABSENT_FUND, LossLayer.BIDDING_FUND):
        stake = state.stakes[event.member, event.account]
        left, stake.used = stake.left, stake.used + event.amount
        spend(_other_stakes(state, event), left, event.amount)
    elif event.layer == LossLayer.OWN_FUND:
        stood = state.balance(LedgerClass.DEFAULT_FUND, event.account) + event.amount
        spend(_other_stakes(state, event), stood, event.amount)


def _other_stakes(state: State, event: Any) -> list[Stake]:
    """Stakes of the account that bears a loss in the defaults of others."""
    theirs = [s for s in state.stakes.values() if s.account == event.account]
    return [s for s in theirs if s.member != event.member]


def default_closed(state: State, number: int, place: Place, event: Any) -> None:
    del state.defaults[event.member]
    for key in [k for k in state.stakes if k[0] == event.member]:
        del state.stakes[key]
    for number_ in [n for n in state.ports if state.accounts[n].member == event.member]:
        del state.ports[number_]
    for key in [
        k for k, b in state.bids.items() if state.accounts[b.from_account].member == event.member
    ]:
        del state.bids[key]
    if not state.defaults:
        # Of a default to come only the last settlement is not past.
        for account, gain in state.earlier.items():
            keep(state.gains, account, state.gains.get(account, 0) - gain)
        state.earlier.clear()


def keep(amounts: dict[int, int], account: int, amount: int) -> None:
    """Keeps an amount of an account within the bound, none where it is zero."""
    amounts.pop(account, None)
    if amount:
        amounts[account] = max(-Bound.MONEY, min(Bound.MONEY, amount))


def keep_gains(state: State, gains: dict[int, int]) -> None:
    """What accounts gained in the last variation settlement (CLR-027), from behaviour 4 on less
    what they lost, and while a default is open in all since the last one before it (CLR-035)."""
    if state.behaviour >= RECOVERY and state.defaults:
        state.earlier = dict(state.gains)
        for account, gain in gains.items():
            keep(state.gains, account, state.gains.get(account, 0) + gain)
    elif state.behaviour >= RECOVERY:
        state.gains = {a: gain for a, gain in gains.items() if gain}
    elif state.behaviour >= DEFAULTS:
        state.gains = {a: gain for a, gain in gains.items() if gain > 0}


DEFAULT_WRITES: dict[str, Callable[[State, int, Place, Any], None]] = {
    write.__name__: write
    for write in (
        *(default_declared, port_offered, account_ported, bid_committed, slice_awarded),
        *(loss_allocated, default_closed, slice_offered, bid_opened, bid_ended, slice_ended),
        *(fund_contributed, notice_given),
    )
}
"""What each event of a default writes beside its postings, by its name."""

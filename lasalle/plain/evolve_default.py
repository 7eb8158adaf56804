"""What events of a default write."""

from __future__ import annotations

from typing import Any

from lasalle.plain.evolve_joining import bar
from lasalle.plain.stakes import Bid, Default, Port, Stake, spend
from lasalle.plain.state import DEFAULTS, Place, State
from lasalle.wire import LedgerClass, LossLayer


def default_declared(state: State, number: int, place: Place, event: Any) -> None:
    state.defaults[event.member] = Default(event.member, number)
    for (class_, account, _), balance in sorted(state.balances.items()):
        if class_ != LedgerClass.DEFAULT_FUND or not balance:
            continue
        if state.accounts[account].member not in state.defaults:
            stake = Stake(event.member, account, balance)
            state.stakes[event.member, account] = stake


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
    member = state.accounts[event.from_account].member
    bidder = state.accounts[event.account].member
    for stake in state.stakes.values():
        if stake.member == member and state.accounts[stake.account].member == bidder:
            stake.bid = True


def slice_awarded(state: State, number: int, place: Place, event: Any) -> None:
    for key in [k for k in state.bids if k[0] == event.slice]:
        del state.bids[key]


def loss_allocated(state: State, number: int, place: Place, event: Any) -> None:
    if event.layer == LossLayer.GAINS:
        state.gains[event.account] -= event.amount
        if not state.gains[event.account]:
            del state.gains[event.account]
    elif event.layer == LossLayer.ASSESSMENT:
        state.stakes[event.member, event.account].assessed += event.amount
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


def keep_gains(state: State, gains: dict[int, int]) -> None:
    """What accounts gained in the last variation settlement (CLR-027)."""
    if state.behaviour >= DEFAULTS:
        state.gains = {a: gain for a, gain in gains.items() if gain > 0}

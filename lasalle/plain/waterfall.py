"""Who bears the loss of a default, layer by layer: what an allocation is held against (CLR-024 to
CLR-027, CLR-034, CLR-035)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lasalle.plain.stakes import Stake
from lasalle.plain.state import RECOVERY, Account, State
from lasalle.wire import AccountKind, Bound, LedgerClass, LossLayer, LossShare

FUND = LedgerClass.DEFAULT_FUND
PREFUNDED = (
    LossLayer.OWN_FUND,
    LossLayer.FIRST_LOSS,
    LossLayer.ABSENT_FUND,
    LossLayer.BIDDING_FUND,
    LossLayer.SECOND_TRANCHE,
)


class Part(NamedTuple):
    """What `account` (0: the house) bears in a layer of what `due_account` owes."""

    layer: LossLayer
    account: int
    due_account: int
    amount: int


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """A total spread over weights that come to at least as much: rounded down, what is left by
    largest remainder, ties in the order given (CLR-025)."""
    whole = sum(weights)
    if not total or not whole:
        return [0] * len(weights)
    given = [total * weight // whole for weight in weights]
    remainders = [(-(total * weight % whole), place) for place, weight in enumerate(weights)]
    for _, place in sorted(remainders)[: total - sum(given)]:
        given[place] += 1
    return given


def dues(state: State, member: int) -> dict[int, int]:
    """What each account of a member owes, ascending by account."""
    owes = {a.account: state.due(a.account) for a in accounts_of(state, member)}
    return {account: due for account, due in owes.items() if due}


def accounts_of(state: State, member: int) -> list[Account]:
    """Accounts of a member, ascending."""
    found = [a for a in state.accounts.values() if a.member == member]
    return sorted(found, key=lambda a: a.account)


def own_money(state: State, member: int, left: dict[int, int]) -> list[Part]:
    """The margin: each account's cash pays its own dues, then house cash those of all (CLR-030)."""
    found, spare = [], {}
    for account in accounts_of(state, member):
        cash = max(0, state.free_of_holds(account))
        own = min(cash, left.get(account.account, 0))
        if own:
            left[account.account] -= own
            found.append(Part(LossLayer.MARGIN, account.account, account.account, own))
        if account.account_kind == AccountKind.HOUSE:
            spare[account.account] = cash - own
    for payer, cash in spare.items():
        for due_account in left:
            amount = min(cash, left[due_account])
            if amount:
                cash -= amount
                left[due_account] -= amount
                found.append(Part(LossLayer.MARGIN, payer, due_account, amount))
    return found


def survivors(state: State, member: int) -> list[Stake]:
    """Who stands to lose in a default and is not in one, by member and account."""
    found = [s for s in state.stakes.values() if s.member == member]
    found = [s for s in found if state.accounts[s.account].member not in state.defaults]
    return sorted(found, key=lambda s: (state.accounts[s.account].member, s.account))


def capacity(state: State, member: int, layer: LossLayer) -> list[tuple[int, int]]:
    """The most that each account (0: the house) bears in a layer beyond the margin, in order of
    member and account."""
    if layer == LossLayer.OWN_FUND:
        return [(a.account, state.balance(FUND, a.account)) for a in accounts_of(state, member)]
    if layer == LossLayer.FIRST_LOSS:
        return [(0, state.balance(LedgerClass.FIRST_LOSS))]
    if layer == LossLayer.SECOND_TRANCHE:
        return [(0, state.balance(LedgerClass.SECOND_TRANCHE))]
    if layer == LossLayer.LIQUIDITY:
        return [(0, Bound.MONEY)]
    if layer in (LossLayer.GAINS, LossLayer.CLIENT_GAINS):
        return _gained(state, layer)
    stakes = survivors(state, member)
    if layer == LossLayer.ASSESSMENT:
        return [(s.account, assessable(state, s)) for s in stakes]
    bidding = layer == LossLayer.BIDDING_FUND
    return [
        (s.account, min(state.balance(FUND, s.account), s.left))
        for s in stakes
        if s.bid == bidding
    ]


def _gained(state: State, layer: LossLayer) -> list[tuple[int, int]]:
    """Gains that members not in default give back: a house account what it gained, a client what of
    it is still in its cash (CLR-027, CLR-035)."""
    clients = layer == LossLayer.CLIENT_GAINS
    kind = AccountKind.CLIENT if clients else AccountKind.HOUSE
    found = [state.accounts[number] for number, gain in state.gains.items() if gain > 0]
    found = [a for a in found if a.account_kind == kind and a.member not in state.defaults]
    found.sort(key=lambda a: (a.member, a.account))
    if not clients:
        return [(a.account, state.gains[a.account]) for a in found]
    cash = {a.account: max(0, state.free_of_holds(a)) for a in found}
    return [(a.account, min(state.gains[a.account], cash[a.account])) for a in found]


def assessable(state: State, stake: Stake) -> int:
    """What a survivor can still be assessed for: in one default as much as its stake, in a cooling
    period twice the most it had in the fund (CLR-026, CLR-034)."""
    left = stake.contribution - stake.assessed
    cooling = state.coolings.get(stake.account)
    if cooling is None:
        return left
    return max(0, min(left, Bound.ASSESSMENT_MULTIPLE * cooling.base - cooling.assessed))


def layers(state: State) -> list[LossLayer]:
    """The layers beyond the margin under the behaviour in force."""
    last = LossLayer.LIQUIDITY if state.behaviour >= RECOVERY else LossLayer.GAINS
    return [layer for layer in LossLayer if LossLayer.MARGIN < layer <= last]


def allocation(state: State, member: int) -> list[Part]:
    """What bears the dues of a member in default: each layer is used up before the next one."""
    left = dues(state, member)
    found = own_money(state, member, left)
    for layer in layers(state):
        bearers = capacity(state, member, layer)
        weights = [most for _, most in bearers]
        total = min(sum(left.values()), sum(weights))
        for (account, _), share in zip(bearers, shares(total, weights), strict=True):
            found += _split(layer, account, share, left)
    return found


def _split(layer: LossLayer, account: int, share: int, left: dict[int, int]) -> list[Part]:
    """A share spent on dues, ascending by the account that owes."""
    found = []
    for due_account in left:
        amount = min(share, left[due_account])
        if amount:
            share -= amount
            left[due_account] -= amount
            found.append(Part(layer, account, due_account, amount))
    return found


def share_list(parts: Sequence[Part]) -> list[LossShare]:
    """Parts as a command names them: one share a layer and account; within a layer in order of
    member and account, as parts are but those of the margin."""
    found: dict[tuple[LossLayer, int], int] = {}
    for part in parts:
        key = (part.layer, part.account)
        found[key] = found.get(key, 0) + part.amount
    named = [LossShare(layer, account, amount) for (layer, account), amount in found.items()]
    return sorted(named, key=lambda s: (s.layer, s.account if s.layer == LossLayer.MARGIN else 0))


def unspent(state: State, member: int) -> int:
    """What the layers before the haircut of gains can still bear (CLR-028)."""
    before = (*PREFUNDED, LossLayer.ASSESSMENT)
    return sum(most for layer in before for _, most in capacity(state, member, layer))

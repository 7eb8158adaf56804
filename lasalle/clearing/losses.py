"""Who bears the loss of a default: the allocation the desk asks for, in whole micro-dollars.

The core holds it against the law by its own hand (CLR-024 to CLR-028); nothing here binds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lasalle import wire
from lasalle.clearing.standing import Standing
from lasalle.plain.state import RECOVERY
from lasalle.wire import AccountKind, Bound, LedgerClass, LossLayer, LossShare


@dataclass(frozen=True, slots=True)
class Allocation:
    """Shares by layer and account; `loss` = sum of the shares + `left`, micro-dollars."""

    member: int
    loss: int
    shares: tuple[LossShare, ...]
    left: int

    def command(self) -> wire.AllocateLoss:
        """The words to the core."""
        return wire.AllocateLoss(member=self.member, loss=self.loss, shares=self.shares)

    def by_layer(self) -> dict[LossLayer, int]:
        """What each layer bears."""
        found = dict.fromkeys(LossLayer, 0)
        for share in self.shares:
            found[share.layer] += share.amount
        return found


def spread(total: int, most: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """A total over (who, most) in proportion, rounded down; the micro-dollars left over go one by
    one to the largest remainders, the first in the list first."""
    bearers = list(most)
    whole = sum(weight for _, weight in bearers)
    if not whole:
        return []
    exact = [divmod(total * weight, whole) for _, weight in bearers]
    left = total - sum(floor for floor, _ in exact)
    order = sorted(range(len(bearers)), key=lambda place: (-exact[place][1], place))
    up = set(order[:left])
    return [(who, exact[i][0] + (i in up)) for i, (who, _) in enumerate(bearers)]


def bearers(book: Standing, member: int, layer: LossLayer) -> list[tuple[int, int]]:
    """Who can bear how much in a layer past the margin, by member and account; 0 is the house."""
    if layer == LossLayer.FIRST_LOSS:
        return [(0, book.balances[LedgerClass.FIRST_LOSS, 0])]
    if layer == LossLayer.SECOND_TRANCHE:
        return [(0, book.balances[LedgerClass.SECOND_TRANCHE, 0])]
    if layer == LossLayer.OWN_FUND:
        return [(account, book.fund(account)) for account in book.accounts(member)]
    found: dict[int, int] = {}
    if layer == LossLayer.LIQUIDITY:
        return [(0, Bound.MONEY)]
    if layer == LossLayer.GAINS:
        found = {a: g for a, g in book.gains.items() if book.kind[a] == AccountKind.HOUSE}
    elif layer == LossLayer.CLIENT_GAINS:
        clients = [a for a in book.gains if book.kind[a] == AccountKind.CLIENT]
        found = {a: min(book.gains[a], max(0, book.cash(a))) for a in clients}
    else:
        for account, stake in book.defaults[member].items():
            if layer == LossLayer.ASSESSMENT:
                found[account] = book.assessable(member, account)
            elif stake.bid == (layer == LossLayer.BIDDING_FUND):
                found[account] = min(book.fund(account), stake.contribution - stake.used)
    sound = [a for a in found if book.member[a] not in book.defaults]
    sound = [a for a in sound if found[a] >= 0]
    return [(a, found[a]) for a in sorted(sound, key=lambda a: (book.member[a], a))]


def margin_shares(book: Standing, member: int) -> dict[int, int]:
    """Cash that each account of a member in default gives: a client's for its own dues alone."""
    accounts = book.accounts(member)
    given = {a: min(max(0, book.cash(a)), book.due(a)) for a in accounts}
    left = sum(book.due(a) for a in accounts) - sum(given.values())
    for account in accounts:
        if book.kind[account] == AccountKind.HOUSE:
            more = min(left, max(0, book.cash(account)) - given[account])
            given[account] += more
            left -= more
    return given


def layers(book: Standing) -> list[LossLayer]:
    """The layers under the behaviour in force."""
    last = LossLayer.LIQUIDITY if book.behaviour >= RECOVERY else LossLayer.GAINS
    return [layer for layer in LossLayer if layer <= last]


def allocate(book: Standing, member: int) -> Allocation:
    """What bears all that the accounts of a member in default owe, each layer before the next."""
    loss = left = sum(book.due(account) for account in book.accounts(member))
    shares: list[LossShare] = []
    for layer in layers(book):
        if layer == LossLayer.MARGIN:
            given = list(margin_shares(book, member).items())
        else:
            able = bearers(book, member, layer)
            given = spread(min(left, sum(most for _, most in able)), able)
        shares += [LossShare(layer, account, amount) for account, amount in given if amount]
        left -= sum(amount for _, amount in given)
    return Allocation(member, loss, tuple(shares), left)


def tear_up(book: Standing, account: int, series: int) -> wire.TearUp:
    """The end of a position against the other side, in proportion and whole lots (CLR-028)."""
    held = book.lots[account, series]
    against = sorted((a, abs(n)) for (a, s), n in book.lots.items() if s == series and n * held < 0)
    cuts = spread(abs(held), against)
    return wire.TearUp(
        account=account,
        series=series,
        cuts=tuple(wire.AccountLots(a, lots) for a, lots in cuts if lots),
    )


def resources(book: Standing, member: int) -> dict[LossLayer, int]:
    """What each layer past the margin and before the gains still has for a default."""
    before = [layer for layer in LossLayer if LossLayer.MARGIN < layer < LossLayer.GAINS]
    return {layer: sum(most for _, most in bearers(book, member, layer)) for layer in before}

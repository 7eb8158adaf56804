"""Liquidity by currency and hour in a case of the stress set: dollars the house advances when two
members do not pay, and in each other currency what is owed in it and what would have to be sold.

Every listed series settles in dollars, so a case makes nothing fall due in another currency. What
can be asked of the house in it are withdrawals of foreign cash, and nothing is converted to pay
them (CLR-094).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lasalle.clearing.sizing import Exposure, liquidity_need
from lasalle.plain import margin
from lasalle.plain.collateral import WHOLE_UNIT, counted
from lasalle.plain.state import USD, Account, Collateral, State
from lasalle.wire import LedgerClass

FAILING = 2
"""Members whose failing together the house covers (EMIR Art. 43)."""
HOUR = 3_600 * 10**9


@dataclass(frozen=True, slots=True)
class Need:
    """Liquidity of a currency (an asset of the ledger): (hour of the day UTC from the settlement
    on, smallest units needed by then), what stands ready in it, and the most of it that two failing
    members' cash would have to be sold of for dollars."""

    asset: int
    name: str
    hours: tuple[tuple[int, int], ...]
    ready: int
    to_sell: int = 0


def needs(
    state: State,
    of: Sequence[Exposure],
    cases: int,
    settled: int,
    sale_hours: int,
    ready: int,
) -> list[Need]:
    """By currency and hour; `ready` is the house's own liquidity in dollars."""
    found = [_dollars(state, of, cases, settled, sale_hours, ready)]
    return found + [_foreign(state, of, cases, asset, settled) for asset in _currencies(state)]


def _dollars(
    state: State, of: Sequence[Exposure], cases: int, settled: int, sale_hours: int, ready: int
) -> Need:
    """What the house advances when the two whose failing costs it most pay nothing of a case's
    variation beyond their own dollars, until their other assets are sold."""
    at = settled // HOUR % 24
    worst: dict[int, int] = {}
    for case in range(cases):
        due: dict[int, dict[int, int]] = {}
        for one, unpaid in _unpaid(state, of, case):
            hours = due.setdefault(one.member, {})
            hours[at] = hours.get(at, 0) + unpaid
            sold = min(unpaid, _sold(state, state.accounts[one.account]))
            hours[at + sale_hours] = hours.get(at + sale_hours, 0) - sold
        for hour, need in liquidity_need(due, FAILING) if due else ():
            worst[hour] = max(worst.get(hour, 0), need)
    name = state.assets.get(USD, "USD")
    return Need(USD, name, tuple(sorted(worst.items())), ready)


def _unpaid(
    state: State, of: Sequence[Exposure], case: int
) -> Iterator[tuple[Exposure, int]]:
    """Accounts whose own dollars do not pay what a case costs them, and by how much."""
    for one in of:
        dollars = max(0, state.free_of_holds(state.accounts[one.account]))
        unpaid = max(0, one.losses[case] - dollars)
        if unpaid:
            yield one, unpaid


def _sold(state: State, account: Account) -> int:
    """What an account's other assets fetch after their haircut, micro-dollars."""
    found = counted(state, account)
    return max(0, found.other + found.letters)


def _currencies(state: State) -> list[int]:
    """Assets that are cash in another currency: named by three capitals (ISO 4217)."""
    named = sorted(state.assets.items())
    return [
        asset for asset, name in named
        if asset != USD and len(name) == 3 and name.isalpha() and name.isupper()
    ]  # fmt: skip


def _foreign(
    state: State, of: Sequence[Exposure], cases: int, asset: int, settled: int
) -> Need:
    """What may be asked of the house in a currency in the hour of the settlement: withdrawals that
    wait, and what every account could take out and stay covered. `ready` is all that is held of it.
    """
    at = settled // HOUR % 24
    accounts = list(state.accounts.values())
    waiting = sum(account.held.get(asset, 0) for account in accounts)
    leaving = sum(_may_leave(state, account, asset) for account in accounts)
    held = sum(state.balance(LedgerClass.CASH, account.account, asset) for account in accounts)
    hours = ((at, waiting + leaving),) if waiting + leaving else ()
    most = max((_to_sell(state, of, case, asset) for case in range(cases)), default=0)
    return Need(asset, state.assets[asset], hours, held, most)


def _counts(terms: Collateral | None) -> int:
    """Micro-dollars of a whole unit, in ten-thousandths, after the haircut; 0 where it counts
    nothing."""
    return terms.price * (10_000 - terms.haircut) if terms else 0


def _may_leave(state: State, account: Account, asset: int) -> int:
    """Smallest units an account could take out now and stay covered (CLR-044)."""
    units = max(0, state.free_of_holds(account, asset))
    counts = _counts(state.collateral.get(asset))
    if not units or not counts:
        return units
    judged = margin.judge(state, account, [])
    excess = max(0, judged.cover - judged.required)
    return min(units, excess * WHOLE_UNIT * 10_000 // counts)


def _to_sell(state: State, of: Sequence[Exposure], case: int, asset: int) -> int:
    """Smallest units of the two members that fall short most which pay for what they lack."""
    short: dict[int, int] = {}
    units: dict[int, int] = {}
    counts = _counts(state.collateral.get(asset))
    for one, unpaid in _unpaid(state, of, case):
        own = max(0, state.free_of_holds(state.accounts[one.account], asset))
        wanted = -(-unpaid * WHOLE_UNIT * 10_000 // counts) if counts else 0
        short[one.member] = short.get(one.member, 0) + unpaid
        units[one.member] = units.get(one.member, 0) + min(own, wanted)
    two = sorted(short, key=lambda member: (-short[member], member))[:FAILING]
    return sum(units[member] for member in two)


def need_data(need: Need) -> dict[str, Any]:
    """A currency as plain data; what would be sold is told of other currencies than the dollar."""
    most = max((amount for _, amount in need.hours), default=0)
    told = {
        "asset": need.asset,
        "name": need.name,
        "most": most,
        "ready": need.ready,
        "short": max(0, most - need.ready),
        "hours": [
            {"hour": hour % 24, "days_later": hour // 24, "need": amount}
            for hour, amount in need.hours
        ],
    }
    return told if need.asset == USD else {**told, "to_sell": need.to_sell}

"""Lines of what a statement says of deliveries, and whether they come to the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lasalle.wire import LedgerClass

Key = tuple[LedgerClass, int]
USD = 1
COLUMNS = {
    LedgerClass.CASH: "cash",
    LedgerClass.DUE_FROM_MEMBER: "cash",
    LedgerClass.DELIVERY_RECEIVABLE: "receivable",
    LedgerClass.DELIVERY_MARGIN: "margin",
    LedgerClass.PERFORMANCE_BOND: "bond",
    LedgerClass.GUARANTEE: "guarantee",
    LedgerClass.DELIVERY_OWED: "fund",
}
"""The column of a money line that a posting belongs to, by its class; cash less what is owed."""
KEPT = ("receivable", "margin", "bond", "guarantee", "fund")
"""Columns that hold money of deliveries alone: they come to what its balances changed by."""


class DeliveryLine(NamedTuple):
    """A delivery at the settlement, or as it ended: `state` says which. `other` is the account on
    the other side; times are nanoseconds UTC, quality in ten-thousandths, money in micro-dollars.

    receivable: what is kept for the seller, hours not yet final with it. to_come: price of the
    hours not yet metered at the quality accepted, which the buyer has yet to pay.
    """

    delivery: int
    symbol: str
    party: str
    other: int
    state: str
    lots: int
    price: int
    begins: int
    first_hour: int
    hours: int
    metered_hours: int
    final_hours: int
    missing: int
    quality: int
    receivable: int
    to_come: int
    needs: int
    due: int


class HoursLine(NamedTuple):
    """Hours that were metered, or became final, in the day, or are not yet final: accelerator-hours
    delivered and excused, what the buyer pays for them, `state` (waiting, disputed, final,
    corrected) and until when, nanoseconds UTC."""

    metered: int
    delivery: int
    first_hour: int
    hours: int
    units: int
    excused: int
    quality: int
    amount: int
    state: str
    due: int


class RemedyLine(NamedTuple):
    """Accelerator-hours made good: `party` is paid or received; micro-dollars of each source in the
    order of the law, and what none of them paid."""

    event: int
    time: int
    delivery: int
    party: str
    units: int
    cover_price: int
    in_cash: bool
    cost: int
    sources: tuple[tuple[str, int], ...]
    unpaid: int


class MoneyLine(NamedTuple):
    """What moved in a day, by delivery (0: of all of them) and what for, micro-dollars: cash less
    dues, kept for the seller, set aside, bond, guarantees given, owed to the delivery fund
    (negative)."""

    delivery: int
    what: str
    cash: int
    receivable: int
    margin: int
    bond: int
    guarantee: int
    fund: int


class CreditLine(NamedTuple):
    """What hardware and spare capacity count (DEL-034): most, micro-dollars; share in
    ten-thousandths; until, nanoseconds UTC; what it counts at the settlement."""

    most: int
    share: int
    until: int
    counts: int
    basis: bytes


class GuaranteeLine(NamedTuple):
    """A guarantee that stands at the settlement: `party` gives or has it, `other` is on the other
    end; what it still holds, micro-dollars; until, nanoseconds UTC."""

    guarantee: int
    party: str
    other: int
    amount: int
    until: int
    basis: bytes


@dataclass(frozen=True, slots=True)
class DeliveryPart:
    """Deliveries of an account over a settled day. needs: what they ask, after `credit`; lacks:
    what of it is neither set aside nor in the bond, micro-dollars."""

    deliveries: tuple[DeliveryLine, ...]
    hours: tuple[HoursLine, ...]
    remedies: tuple[RemedyLine, ...]
    money: tuple[MoneyLine, ...]
    needs: int
    lacks: int
    credit: CreditLine | None
    guarantees: tuple[GuaranteeLine, ...]


def not_footing(
    part: DeliveryPart, opening: Mapping[Key, int], closing: Mapping[Key, int]
) -> list[str]:
    """What of a part does not come to the balances of its account."""
    found = []
    changed: dict[str, int] = dict.fromkeys(KEPT, 0)
    for class_, column in COLUMNS.items():
        if column in changed:
            key = (class_, USD)
            changed[column] += closing.get(key, 0) - opening.get(key, 0)
    for column, change in changed.items():
        said = sum(getattr(line, column) for line in part.money)
        if said != change:
            found.append(f"its deliveries' {column} comes to {said}, its balance moved by {change}")
    kept = sum(line.receivable for line in part.deliveries if line.party == "seller")
    balance = closing.get((LedgerClass.DELIVERY_RECEIVABLE, USD), 0)
    if kept != balance:
        found.append(f"{kept} is kept of its deliveries, {balance} in the ledger")
    given = sum(line.amount for line in part.guarantees if line.party == "gives")
    balance = closing.get((LedgerClass.GUARANTEE, USD), 0)
    if given != balance:
        found.append(f"its guarantees hold {given}, {balance} in the ledger")
    for remedy in part.remedies:
        paid = sum(amount for _, amount in remedy.sources) + remedy.unpaid
        if paid != remedy.cost:
            found.append(f"remedy {remedy.event} cost {remedy.cost}, its sources come to {paid}")
    return found

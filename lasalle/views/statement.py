"""Nouns of a statement: an account over a settled day, and whether it adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lasalle.views.statement_delivery_lines import DeliveryPart, not_footing
from lasalle.wire import LedgerClass

Key = tuple[LedgerClass, int]
"""A balance of an account: ledger class and asset."""
OWED = (LedgerClass.CASH, LedgerClass.DUE_FROM_MEMBER)
"""Balances whose sum in dollars an account's purposes explain: its cash, less what it owes."""
USD = 1


class Line(NamedTuple):
    """A posting: event, nanoseconds UTC, cause, class, asset, smallest units; a credit is
    positive."""

    event: int
    time: int
    cause: str
    ledger_class: LedgerClass
    asset: int
    amount: int


class Held(NamedTuple):
    """A position at the settlement: lots, the settlement price in micro-dollars per unit, hours of
    a lot."""

    series: int
    symbol: str
    lots: int
    mark: int
    hours: int


class TradeLine(NamedTuple):
    """A trade of the account, or its end: event, nanoseconds UTC, what (bought, sold, undone,
    corrected), signed lots, micro-dollars per unit, fees and premium in micro-dollars (positive is
    received)."""

    event: int
    time: int
    what: str
    symbol: str
    lots: int
    price: int
    fees: int
    premium: int


class CollateralLine(NamedTuple):
    """An asset other than dollars at the settlement, in its own units (CLR-094): smallest units,
    its price in micro-dollars a whole unit, haircut in ten-thousandths, and the micro-dollars it
    counts (CLR-041); its name, and the day (YYYYMMDD) its price was published for."""

    asset: int
    units: int
    price: int
    haircut: int
    value: int
    name: str
    priced: int


class CallLine(NamedTuple):
    """What became of a margin call: event, nanoseconds UTC, call, what, micro-dollars."""

    event: int
    time: int
    call: int
    what: str
    amount: int


@dataclass
class Statement:
    """An account over one settled day (YYYYMMDD). Amounts are smallest units of their asset;
    `requirement` is margin in micro-dollars as judged first after the settlement, None before."""

    account: int
    member: int
    day: int
    first: int
    last: int
    """Command numbers it covers; the last one settled the day."""
    opening: dict[Key, int]
    lines: tuple[Line, ...]
    closing: dict[Key, int]
    positions: tuple[Held, ...]
    calls: tuple[CallLine, ...]
    fees: int
    """Micro-dollars of fees paid, those returned taken off."""
    trades: tuple[TradeLine, ...] = ()
    purposes: dict[str, int] = field(default_factory=dict)
    """Micro-dollars of cash less dues by what they are for; they come to what both changed by."""
    collateral: tuple[CollateralLine, ...] = ()
    requirement: int | None = None
    covered: bool | None = None
    deliveries: DeliveryPart | None = None
    """None where the account has none, and no money beside one."""

    def moved(self) -> dict[Key, int]:
        """Sum of the lines by balance."""
        found: dict[Key, int] = defaultdict(int)
        for line in self.lines:
            found[line.ledger_class, line.asset] += line.amount
        return found


def owed(balances: Mapping[Key, int]) -> int:
    """Cash in dollars less what is owed, micro-dollars."""
    return sum(balances.get((class_, USD), 0) for class_ in OWED)


def unreconciled(statements: Iterable[Statement]) -> list[str]:
    """What does not add up: opening and lines to closing, a closing to the next opening."""
    found: list[str] = []
    before: dict[int, dict[Key, int]] = {}
    for one in statements:
        where = f"statement of account {one.account} of {one.day}"
        moved = one.moved()
        for key in sorted({*one.opening, *moved, *one.closing}):
            total = one.opening.get(key, 0) + moved.get(key, 0)
            if total != one.closing.get(key, 0):
                found.append(f"{where}: {key[0].name.lower()} comes to {total}, not to its closing")
        explained, changed = sum(one.purposes.values()), owed(one.closing) - owed(one.opening)
        if explained != changed:
            found.append(f"{where}: its purposes come to {explained}, cash and dues to {changed}")
        if one.deliveries is not None:
            faults = not_footing(one.deliveries, one.opening, one.closing)
            found += [f"{where}: {fault}" for fault in faults]
        if before.get(one.account, one.opening) != one.opening:
            found.append(f"{where}: it does not open as the one before closed")
        before[one.account] = one.closing
    return found

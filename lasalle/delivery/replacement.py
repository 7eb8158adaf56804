"""What is bought, or sold, to make missing units good: how much of what at which limit, and the
price it came to (DEL-063, DEL-064). Prices in micro-dollars a unit; nothing here asks anybody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

RATIO = 10_000


@dataclass(frozen=True, slots=True)
class Book:
    """A block that still trades: what can be had of it by price, lots."""

    series: int
    symbol: str
    begins: int
    units_per_lot: int
    tick: int
    levels: Mapping[int, int]
    """Offers where units are bought, bids where they are sold."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What an order of the remedy account came to: lots of so many units at a price."""

    trade: int
    series: int
    lots: int
    price: int
    units_per_lot: int

    @property
    def units(self) -> int:
        """Units it replaces."""
        return self.lots * self.units_per_lot


@dataclass(slots=True)
class Offered:
    """An offer of a position told by an event, with signed lots, and what became of it."""

    event: int
    to_account: int
    series: int
    lots: int
    price: int
    taken: bool = False
    ended: bool = False
    """Declined, lapsed or withdrawn."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order to send at once and never to rest: whole lots at a limit."""

    series: int
    symbol: str
    lots: int
    limit: int


@dataclass(frozen=True, slots=True)
class Covered:
    """Units replaced at a price, and the fills they are made of."""

    units: int
    price: int
    fills: tuple[Fill, ...]


def limit_of(fixing: int, cash_factor: int, *, buys: bool) -> int:
    """The worst price at which replacement is better than cash at the index."""
    return fixing * (RATIO + (cash_factor if buys else -cash_factor)) // RATIO


def wanted(units: int, books: Iterable[Book], limit: int, *, buys: bool) -> Wanted | None:
    """The next order: of the block that begins soonest whose book has a whole lot within the limit;
    None where no block has.
    """
    for book in sorted(books, key=lambda one: (one.begins, one.series)):
        lots, last = units // book.units_per_lot, 0
        taken = 0
        for price in sorted(book.levels, reverse=not buys):
            if taken == lots or (price > limit if buys else price < limit):
                break
            taken, last = min(lots, taken + book.levels[price]), price
        if taken:
            return Wanted(book.series, book.symbol, taken, last)
    return None


def unbooked(fills: Sequence[Fill], booked_units: int) -> tuple[Fill, ...]:
    """Fills no remedy was booked for yet: remedies take them whole, trade by trade."""
    left = booked_units
    found = []
    for fill in sorted(fills, key=lambda one: one.trade):
        if left >= fill.units:
            left -= fill.units
        else:
            found.append(fill)
    return tuple(found)


def claimed(fill: Fill, lots: int, to_account: int, free: list[Offered]) -> Offered | None:
    """The first offer of signed lots made after a fill on its terms, taken out of those still free;
    None where it was not offered."""
    for offer in free:
        same = (offer.to_account, offer.series, offer.lots, offer.price) == (
            to_account, fill.series, lots, fill.price,
        )  # fmt: skip
        if same and offer.event > fill.trade:
            free.remove(offer)
            return offer
    return None


def covered(fills: Sequence[Fill], missing: int, *, buys: bool) -> Covered | None:
    """Fills together: units and their mean price, rounded once against who failed; None for none.
    No more than is missing."""
    units = sum(fill.units for fill in fills)
    if not units:
        return None
    paid = sum(fill.units * fill.price for fill in fills)
    price = -(-paid // units) if buys else paid // units
    return Covered(min(units, missing), price, tuple(fills))


def evidence_of(delivery: int, fills: Sequence[Fill], orders: Sequence[str]) -> bytes:
    """SHA-256 of what a remedy rests on: its trades, or the orders that found nothing."""
    said = {
        "delivery": delivery,
        "orders": list(orders),
        "trades": [[f.trade, f.series, f.lots, f.price] for f in fills],
    }
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()

"""Custody of a strategic reserve: hours cannot be stored, so it is a rolling ladder of positions
that deliver, and capacity that stands. What is bought, rotated, tested and released on a day
follows from published terms and public figures alone (DEL-066 to DEL-069); this is a plan, and
binds nobody until it is asked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from hashlib import sha256
from typing import Any

RATIO = 10_000


class ReserveWrong(ValueError):
    """A term of a reserve is missing or wrong; says which, what was expected and found."""


@dataclass(frozen=True, slots=True)
class ReserveTerms:
    """A reserve as it is published; ratios in ten-thousandths, days of the calendar."""

    product: str
    """How the symbols of its blocks begin, as TSTD.F."""
    rung_lots: int
    rungs: int
    """Blocks ahead that are held at a time."""
    rotate_days: int
    """A rung that is not released is sold so many days before its trading ends."""
    release_ratio: int
    """Of the last fixing to the mean of those before, from which a rung is released."""
    look_back: int
    test_every_days: int
    test_share: int
    """Share of the standing units that a readiness test draws, rounded up."""
    test_pass: int
    """Share of the drawn units that has to answer."""
    shares: tuple[tuple[int, int], ...]
    """Accounts that a release goes to, and their weights."""


_WHOLE = {
    "rung_lots": (1, 10**6), "rungs": (1, 100), "rotate_days": (0, 30),
    "release_ratio": (RATIO, 10 * RATIO), "look_back": (1, 1_000), "test_every_days": (1, 366),
    "test_share": (1, RATIO), "test_pass": (1, RATIO),
}  # fmt: skip


def read_reserve(text: str) -> ReserveTerms:
    """Terms of a file. Raises ReserveWrong."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ReserveWrong(f"reserve: expected TOML, found {error}") from None
    names = {field.name for field in fields(ReserveTerms)}
    if set(table) != names:
        raise ReserveWrong(f"reserve: expected {sorted(names)}, found {sorted(table)}")
    for name, (least, most) in _WHOLE.items():
        value = table[name]
        if type(value) is not int or not least <= value <= most:
            raise ReserveWrong(f"{name}: expected {least} to {most}, found {value!r}")
    if type(table["product"]) is not str or not table["product"]:
        raise ReserveWrong(f"product: expected how its symbols begin, found {table['product']!r}")
    return ReserveTerms(**{**table, "shares": _shares(table["shares"])})


def _shares(rows: Any) -> tuple[tuple[int, int], ...]:
    found = rows if isinstance(rows, list) else []
    sound = [
        row
        for row in found
        if isinstance(row, dict)
        and set(row) == {"account", "weight"}
        and all(type(n) is int and n > 0 for n in row.values())
    ]
    accounts = {row["account"] for row in sound}
    if not found or len(sound) != len(found) or len(accounts) != len(found):
        expected = "rows of account and weight, each once"
        raise ReserveWrong(f"shares: expected {expected}, found {rows!r}")
    return tuple((row["account"], row["weight"]) for row in sound)


class Deed(StrEnum):
    """What is done of a rung."""

    BUY = "buy"
    ROTATE = "rotate"
    RELEASE = "release"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Rung:
    """A block that trades: days until its trading ends, lots the reserve holds, best bid and offer
    in micro-dollars a unit, 0 where there is none."""

    symbol: str
    days_left: int
    held: int
    bid: int
    ask: int


@dataclass(frozen=True, slots=True)
class Action:
    """What a day asks of a rung: lots, the price to begin from, and why."""

    deed: Deed
    symbol: str
    lots: int
    price: int
    why: str


def is_released(prices: Sequence[int], terms: ReserveTerms) -> bool:
    """Whether the last fixing stands so far above the mean of those before it, exactly (DEL-067).
    With fewer fixings than the terms look back at nothing is released."""
    before = prices[:-1][-terms.look_back :]
    if len(before) < terms.look_back:
        return False
    return prices[-1] * RATIO * len(before) >= terms.release_ratio * sum(before)


def plan(rungs: Iterable[Rung], prices: Sequence[int], terms: ReserveTerms) -> list[Action]:
    """What a day asks, the nearest rung first (DEL-066, DEL-067): a rung whose time has come is
    released or sold again, the ladder is filled up to its length behind it."""
    released, found = is_released(prices, terms), list[Action]()
    ladder = 0
    for rung in sorted(rungs, key=lambda one: (one.days_left, one.symbol)):
        if rung.days_left <= terms.rotate_days:
            found += _due(rung, released=released)
            continue
        if ladder < terms.rungs:
            ladder += 1
            short = terms.rung_lots - rung.held
            if short > 0:
                why = f"rung {ladder} of {terms.rungs}" + ("" if rung.ask else ", nobody offers it")
                found.append(Action(Deed.BUY, rung.symbol, short, rung.ask, why))
    return found


def _due(rung: Rung, *, released: bool) -> list[Action]:
    """A rung whose trading is about to end."""
    if rung.held <= 0:
        return []
    if released:
        why = "the last fixing stands above the published ratio: kept to its delivery"
        return [Action(Deed.RELEASE, rung.symbol, rung.held, 0, why)]
    if not rung.bid:
        why = "to be rotated, and nobody bids: offered, else it is delivered"
        return [Action(Deed.HOLD, rung.symbol, rung.held, 0, why)]
    return [Action(Deed.ROTATE, rung.symbol, rung.held, rung.bid, "not released: sold again")]


def shared_out(lots: int, terms: ReserveTerms) -> dict[int, int]:
    """Lots of a released delivery by account: by weight, rounded down, what is left by largest
    remainder, ties to the lower account (DEL-068)."""
    whole = sum(weight for _, weight in terms.shares)
    found = {account: lots * weight // whole for account, weight in terms.shares}
    left = lots - sum(found.values())
    rests = sorted((-(lots * weight % whole), account) for account, weight in terms.shares)
    for _, account in rests[:left]:
        found[account] += 1
    return {account: n for account, n in found.items() if n}


def drawn(units: Iterable[str], day: int, terms: ReserveTerms) -> list[str]:
    """Standing units that a readiness test of a day draws: by the digest of day and name, so that
    nobody chooses them and everybody can say which they are (DEL-069)."""
    names = sorted(set(units))
    many = -(-len(names) * terms.test_share // RATIO)
    ranked = sorted(names, key=lambda name: sha256(f"{day} {name}".encode()).digest())
    return sorted(ranked[:many])


def is_ready(answered: Mapping[str, bool], terms: ReserveTerms) -> bool:
    """Whether enough of the units a test drew answered; one that drew none shows nothing."""
    return bool(answered) and sum(answered.values()) * RATIO >= terms.test_pass * len(answered)


def readiness_due(day_number: int, last_test: int, terms: ReserveTerms) -> bool:
    """Whether a readiness test is due on a day, counted in days since any day; 0: none was made."""
    return not last_test or day_number - last_test >= terms.test_every_days

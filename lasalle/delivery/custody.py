"""Custody of a strategic reserve: hours cannot be stored, so it is a rolling ladder of positions
that deliver, and capacity that stands. What is bought, rotated, tested and released on a day
follows from published terms and public figures alone (DEL-066 to DEL-069, DEL-080 to DEL-083);
this is a plan, and binds nobody until it is asked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from hashlib import sha256
from typing import Any

RATIO = 10_000
PROBE_SIZE = 128
"""Rows of the matrices whose product an answer brings."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
HEX_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
PRODUCT = re.compile(r"[A-Z0-9]{2,8}\.[A-Z0-9]{1,6}", re.ASCII)
Column = tuple[str, "re.Pattern[str] | None"]
"""A field, and the form of its text; None: a number."""
MOST_UNITS, MOST_SHARES = 1_000, 100


class ReserveWrong(ValueError):
    """A term of a reserve is missing or wrong; says which, what was expected and found."""


@dataclass(frozen=True, slots=True)
class ReserveTerms:
    """A reserve as it is published; ratios in ten-thousandths, days of the calendar."""

    account: int
    """The account that holds it."""
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
    price_band: int
    """How far above the last fixing a rung is bought, and below it one is sold, at most."""
    test_every_days: int
    test_share: int
    """Share of the standing units that a readiness test draws, rounded up."""
    test_pass: int
    """Share of the drawn units that has to answer."""
    answer_hours: int
    """Time in which a drawn unit answers."""
    units: tuple[tuple[str, str], ...]
    """Standing units by name, and the Ed25519 key each answers with, hexadecimal."""
    shares: tuple[tuple[int, int], ...]
    """Accounts that a release goes to, and their weights."""


_WHOLE = {
    "account": (1, 2**32 - 1), "rung_lots": (1, 10**6), "rungs": (1, 100), "rotate_days": (0, 30),
    "release_ratio": (RATIO, 10 * RATIO), "look_back": (1, 900), "price_band": (0, RATIO),
    "test_every_days": (1, 366), "test_share": (1, RATIO), "test_pass": (1, RATIO),
    "answer_hours": (1, 168),
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
    product = table["product"]
    if type(product) is not str or not PRODUCT.fullmatch(product):
        raise ReserveWrong(f"product: expected how its symbols begin, as TSTD.F, found {product!r}")
    units = _rows("units", table["units"], ("unit", NAME), ("key", HEX_KEY), MOST_UNITS)
    if len({key for _, key in units}) != len(units):
        raise ReserveWrong("units: expected a key of its own for each, found one twice")
    shares = _rows("shares", table["shares"], ("account", None), ("weight", None), MOST_SHARES)
    if not shares:
        raise ReserveWrong("shares: expected one row at least, found none")
    if table["account"] in dict(shares):
        raise ReserveWrong(f"shares: expected other accounts than {table['account']}, which gives")
    return ReserveTerms(**{**table, "units": units, "shares": shares})


def _rows(name: str, rows: Any, first: Column, second: Column, most: int) -> tuple[Any, ...]:
    """Rows of two columns, the first of them each once. Raises ReserveWrong by row and field."""
    if not isinstance(rows, list) or len(rows) > most:
        raise ReserveWrong(f"{name}: expected at most {most} rows, found {str(rows)[:80]}")
    found: dict[Any, Any] = {}
    for n, row in enumerate(rows):
        if not isinstance(row, dict) or set(row) != {first[0], second[0]}:
            raise ReserveWrong(
                f"{name}[{n}]: expected {first[0]} and {second[0]}, found {str(row)[:80]}"
            )
        for field, form in (first, second):
            value = row[field]
            if form is None and (type(value) is not int or not 1 <= value < 2**32):
                raise ReserveWrong(f"{name}[{n}].{field}: expected 1 or more, found {value!r}")
            if form is not None and (type(value) is not str or not form.fullmatch(value)):
                raise ReserveWrong(f"{name}[{n}].{field}: expected {form.pattern}, found {value!r}")
        if row[first[0]] in found:
            raise ReserveWrong(f"{name}[{n}].{first[0]}: expected each once, found it twice")
        found[row[first[0]]] = row[second[0]]
    return tuple(found.items())


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
    if not prices or len(before) < terms.look_back:
        return False
    return prices[-1] * RATIO * len(before) >= terms.release_ratio * sum(before)


def plan(rungs: Iterable[Rung], prices: Sequence[int], terms: ReserveTerms) -> list[Action]:
    """What a day asks, the nearest rung first (DEL-066, DEL-067): a rung whose time has come is
    released or sold again, the ladder is filled up to its length behind it. Prices are fixings in
    their order, the last one the newest; an action without a price sends nothing (DEL-080)."""
    released, found = is_released(prices, terms), list[Action]()
    last = prices[-1] if prices else 0
    dearest = last * (RATIO + terms.price_band) // RATIO
    cheapest = -(-last * (RATIO - terms.price_band) // RATIO)
    ladder = 0
    for rung in sorted(rungs, key=lambda one: (one.days_left, one.symbol)):
        if rung.days_left <= terms.rotate_days:
            found += _due(rung, cheapest, released=released)
            continue
        if ladder < terms.rungs:
            ladder += 1
            short = terms.rung_lots - rung.held
            if short > 0:
                offered = 0 < rung.ask <= dearest
                why = f"rung {ladder} of {terms.rungs}"
                why += "" if offered else ", nobody offers it within the band"
                price = dearest if offered else 0
                found.append(Action(Deed.BUY, rung.symbol, short, price, why))
    return found


def _due(rung: Rung, cheapest: int, *, released: bool) -> list[Action]:
    """A rung whose trading is about to end."""
    if rung.held <= 0:
        return []
    if released:
        why = "the last fixing stands above the published ratio: kept to its delivery"
        return [Action(Deed.RELEASE, rung.symbol, rung.held, 0, why)]
    if not rung.bid or rung.bid < cheapest or not cheapest:
        why = "to be rotated, and nobody bids within the band: tried again, else it is delivered"
        return [Action(Deed.HOLD, rung.symbol, rung.held, 0, why)]
    return [Action(Deed.ROTATE, rung.symbol, rung.held, cheapest, "not released: sold again")]


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


def drawn(seed: str, day: int, terms: ReserveTerms) -> list[str]:
    """Standing units that a readiness test of a day draws: by the digest of the seed, the day and
    the name, so that nobody knows them before and everybody can say afterwards which they are
    (DEL-069). seed: hexadecimal, of the journal when the test was drawn."""
    names = sorted(name for name, _ in terms.units)
    many = -(-len(names) * terms.test_share // RATIO)
    ranked = sorted(names, key=lambda name: sha256(f"{seed} {day} {name}".encode()).digest())
    return sorted(ranked[:many])


def challenge_of(seed: str, day: int, unit: str) -> str:
    """What a drawn unit is asked: 32 hexadecimal digits."""
    return sha256(f"lasalle readiness\n{seed} {day} {unit}".encode()).hexdigest()[:32]


def statement_of(challenge: str, work: str, evidence: str) -> bytes:
    """What a unit signs: the challenge, the digest of the work it asks, the digest of what else is
    shown, empty for nothing."""
    return f"lasalle readiness answer\n{challenge}\n{work}\n{evidence}\n".encode()


def is_ready(answered: Mapping[str, bool], terms: ReserveTerms) -> bool:
    """Whether enough of the units a test drew answered; one that drew none shows nothing."""
    return bool(answered) and sum(answered.values()) * RATIO >= terms.test_pass * len(answered)


def readiness_due(day_number: int, last_test: int, terms: ReserveTerms) -> bool:
    """Whether a readiness test is due on a day, counted in days since any day; 0: none was made."""
    return not last_test or day_number - last_test >= terms.test_every_days

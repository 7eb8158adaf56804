"""The published forward curve: its inputs, its months, its method; version 1.

The curve is a price for each month, in whole micro-dollars per unit, from prices of contracts on
averages over one month or several. It says what the venue's own quotes, trades and marks say, and
nothing of a model: the maker's model stands in `lasalle/pricing/forward.py`. What is solved, and
from whom it is taken, stands in `docs/theory/curve.md`; the solution in `curve_fit.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from fractions import Fraction

from lasalle.contracts import Month, hours

CURVE_METHOD = 1
MOST_MONTHS = 120
MOST_INPUTS = 500
LEAST_TICK = 20
"""Micro-dollars: a tenth of a smaller tick is not told apart from the rounding of a month."""


class CurveError(ValueError):
    """Inputs of a curve are missing or wrong; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


class Standing(IntEnum):
    """How strong a price is: a contradiction is laid at the door of the weaker one."""

    LIST = 1
    """Published without a word on whether anything was to be had; no price to hit, a band."""
    MARK = 2
    """A settlement price of the house, with nobody on the book beside it."""
    EXECUTABLE = 4
    """The middle of a two-sided book."""
    EXECUTED = 8
    """A trade inside the book, or with no book beside it."""


@dataclass(frozen=True, slots=True)
class CurveInput:
    """A price for the average over consecutive months, weighted by hours; micro-dollars per unit.

    `price` is what the curve reprices; 0 says there is none, only the band from `bid` to `ask`.
    """

    name: str
    standing: Standing
    first: Month
    last: Month
    bid: int
    price: int
    ask: int
    tick: int

    def __post_init__(self) -> None:
        if not self.name or not self.name.isascii() or "|" in self.name or "\n" in self.name:
            raise CurveError("name", "ASCII without | or line ends", self.name)
        if self.last < self.first:
            raise CurveError(f"{self.name}: last", f"from {self.first}", str(self.last))
        if self.tick < LEAST_TICK:
            raise CurveError(f"{self.name}: tick", f"from {LEAST_TICK} micro-dollars", self.tick)
        if not 0 <= self.bid <= self.ask or self.ask == 0:
            raise CurveError(f"{self.name}: bid, ask", "0 <= bid <= ask", (self.bid, self.ask))
        if self.price and not self.bid <= self.price <= self.ask:
            expected = f"0, or from bid {self.bid} to ask {self.ask}"
            raise CurveError(f"{self.name}: price", expected, self.price)

    @property
    def months(self) -> tuple[Month, ...]:
        """The months averaged, ascending."""
        return tuple(self.first.plus(n) for n in range(self.last.minus(self.first) + 1))

    def average(self, forward: Mapping[Month, int]) -> Fraction:
        """Exact average of a curve over the months, in micro-dollars."""
        total = sum(hours(month) for month in self.months)
        return Fraction(sum(hours(month) * forward[month] for month in self.months), total)


@dataclass(frozen=True, slots=True)
class CurveTerms:
    """What is fixed beside the inputs; all whole numbers, so that they are stored exactly.

    first, months: the strip published. flatness: weight of a first difference, over that of a
    second one, parts per million. roughness: deviation of a second difference a month, parts per
    million of the level, from which the band is made. season: twelve factors of the calendar
    months, parts per million, their mean one million; empty is off.
    """

    first: Month
    months: int = 24
    flatness: int = 10_000
    roughness: int = 20_000
    season: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.months <= MOST_MONTHS:
            raise CurveError("months", f"1 to {MOST_MONTHS}", self.months)
        if self.flatness < 1 or self.roughness < 1:
            raise CurveError("flatness, roughness", "from 1", (self.flatness, self.roughness))
        if self.season and (
            len(self.season) != 12 or min(self.season) <= 0 or sum(self.season) != 12_000_000
        ):
            raise CurveError("season", "twelve positive factors of mean 1000000", self.season)

    @property
    def strip(self) -> tuple[Month, ...]:
        """Months published."""
        return tuple(self.first.plus(n) for n in range(self.months))


class Place(IntEnum):
    """Where a month stands among the inputs."""

    QUOTED = 1
    """An input of its own."""
    BETWEEN = 2
    """Inside or before the last month any price reaches."""
    BEYOND = 3
    """After it: the smoothest continuation, and a band that widens."""


@dataclass(frozen=True, slots=True)
class CurveMonth:
    """One month of a published curve; micro-dollars per unit."""

    month: Month
    forward: int
    low: int
    high: int
    place: Place


class Repriced(IntEnum):
    """How the curve holds an input."""

    EXACT = 1
    """Within a tenth of its tick; for a band, inside it."""
    INSIDE = 2
    """Inside bid and ask, not at its price: other inputs say otherwise."""
    INCONSISTENT = 3
    """No curve holds it inside its own bid and ask together with `against`: it was left out."""


@dataclass(frozen=True, slots=True)
class Repricing:
    """An input at the published curve: its average there, and what is missing to price and band.

    off: micro-dollars from the price, rounded half to even, 0 for a band. beyond: micro-dollars
    outside bid and ask, 0 inside. against: inputs that leave no room for it.
    """

    input: CurveInput
    average: Fraction
    held: Repriced
    off: int
    beyond: int
    against: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        one: CurveInput,
        forward: Mapping[Month, int],
        held: Repriced,
        against: tuple[str, ...] = (),
    ) -> Repricing:
        """An input at a curve, held as found."""
        average = one.average(forward)
        off = round(average - one.price) if one.price else 0
        edge = min(max(average, Fraction(one.bid)), Fraction(one.ask))
        beyond = round(average - edge) if held is Repriced.INCONSISTENT else 0
        return cls(one, average, held, off, beyond, against)

    def said(self) -> str:
        """The finding in a sentence."""
        one = self.input
        if self.held is Repriced.EXACT:
            return f"{one.name}: repriced"
        if self.held is Repriced.INSIDE:
            return f"{one.name}: inside bid and ask, {_dollars(self.off)} from its price"
        side = "above" if self.average > one.ask else "below"
        beside = f", against {', '.join(self.against)}" if self.against else ""
        return (
            f"{one.name}: inconsistent: the curve stands {_dollars(abs(self.beyond))} {side} "
            f"{_dollars(one.bid)} to {_dollars(one.ask)}{beside}"
        )


@dataclass(frozen=True, slots=True)
class Curve:
    """A published curve and what it was made from; anyone makes it again from `inputs`."""

    index: str
    day: date
    terms: CurveTerms
    months: tuple[CurveMonth, ...]
    repricings: tuple[Repricing, ...]
    inputs: bytes
    method: int = CURVE_METHOD

    @property
    def input_sha256(self) -> str:
        """Digest of the canonical inputs, terms included."""
        return hashlib.sha256(self.inputs).hexdigest()

    @property
    def forward(self) -> dict[Month, int]:
        """The price of each month."""
        return {row.month: row.forward for row in self.months}

    @property
    def inconsistent(self) -> tuple[Repricing, ...]:
        """Inputs that no curve holds together with the others."""
        return tuple(r for r in self.repricings if r.held is Repriced.INCONSISTENT)


def basis_input(
    name: str,
    standing: Standing,
    months: tuple[Month, Month],
    quote: tuple[int, int, int],
    tick: int,
    other: Mapping[Month, int],
) -> CurveInput:
    """A quote (bid, price, ask) for this curve less another one, as an input of this curve: the
    other's average over the months is added, rounded half to even to a micro-dollar.
    """
    probe = CurveInput(name, standing, *months, 1, 1, 1, tick)
    missing = [str(month) for month in probe.months if month not in other]
    if missing:
        raise CurveError(f"{name}: other", f"a price for {missing[0]}", "nothing")
    added = round(probe.average(other))
    bid, price, ask = (max(0, added + value) for value in quote)
    return CurveInput(name, standing, *months, bid, price, ask, tick)


def reserved_input(
    name: str, first: Month, months: int, price: int, band: int = 5_000, tick: int = 1_000
) -> CurveInput:
    """A published commitment of one or several years as a band around its price.

    A list price of reserved capacity is a ratio of the provider's own list, so it moves the curve
    only where it lies outside `band` ten-thousandths of it.
    """
    reach = price * band // 10_000
    last = first.plus(months - 1)
    low, high = max(0, price - reach), price + reach
    return CurveInput(name, Standing.LIST, first, last, low, 0, high, tick)


def canonical_curve_inputs(
    index: str, day: date, terms: CurveTerms, inputs: Iterable[CurveInput]
) -> bytes:
    """Bytes whose SHA-256 a curve bears: the method, the terms, then one sorted line an input."""
    season = ",".join(str(factor) for factor in terms.season) or "off"
    head = f"{index} curve v{CURVE_METHOD}|{day.isoformat()}"
    stated = (
        f"terms|{terms.first}|{terms.months}|flatness {terms.flatness}|"
        f"roughness {terms.roughness}|season {season}"
    )
    rows = sorted(
        f"{i.name}|{i.standing.name.lower()}|{i.first}|{i.last}|{i.bid}|{i.price}|{i.ask}|{i.tick}"
        for i in inputs
    )
    return "\n".join([head, stated, *rows, ""]).encode("ascii")


def parse_curve_inputs(text: bytes) -> tuple[str, date, CurveTerms, tuple[CurveInput, ...]]:
    """What `canonical_curve_inputs` wrote; a text that would not write back is refused."""
    try:
        lines = text.decode("ascii").split("\n")
        name, _, day_text = lines[0].partition("|")
        index, _, version = name.partition(" curve v")
        if int(version) != CURVE_METHOD:
            raise CurveError("method", str(CURVE_METHOD), version)
        _, first, months, flatness, roughness, season = lines[1].split("|")
        factors = season.removeprefix("season ")
        terms = CurveTerms(
            _month(first),
            int(months),
            int(flatness.removeprefix("flatness ")),
            int(roughness.removeprefix("roughness ")),
            () if factors == "off" else tuple(int(f) for f in factors.split(",")),
        )
        day = date.fromisoformat(day_text)
        found = tuple(_read(line) for line in lines[2:-1])
    except CurveError:
        raise
    except (ValueError, KeyError, IndexError) as error:
        raise CurveError("inputs", "a text of canonical curve inputs", str(error)) from error
    if canonical_curve_inputs(index, day, terms, found) != text:
        raise CurveError("inputs", "sorted lines that each end", f"{len(lines)} lines")
    return index, day, terms, found


def _read(line: str) -> CurveInput:
    name, standing, first, last, *prices = line.split("|")
    bid, price, ask, tick = (int(p) for p in prices)
    kind = Standing[standing.upper()]
    return CurveInput(name, kind, _month(first), _month(last), bid, price, ask, tick)


def _month(text: str) -> Month:
    year, month = text.split("-")
    return Month(int(year), int(month))


def check_inputs(inputs: Sequence[CurveInput], terms: CurveTerms) -> None:
    """Refuses what cannot make a curve: none at all, a name twice, a month outside the strip."""
    if not 1 <= len(inputs) <= MOST_INPUTS:
        raise CurveError("inputs", f"1 to {MOST_INPUTS}", len(inputs))
    seen: set[str] = set()
    last = terms.first.plus(terms.months - 1)
    for one in inputs:
        if one.name in seen:
            raise CurveError("inputs", "one input a name", one.name)
        seen.add(one.name)
        if one.first < terms.first or one.last > last:
            expected = f"months from {terms.first} to {last}"
            raise CurveError(f"{one.name}: months", expected, f"{one.first} to {one.last}")


def _dollars(micro: int) -> str:
    sign = "-" if micro < 0 else ""
    return f"{sign}{abs(micro) // 1_000_000}.{abs(micro) % 1_000_000:06d}"

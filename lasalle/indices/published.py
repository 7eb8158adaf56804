"""Published methods: one TOML table an index and version, read, checked and kept as it was written.

Version 1 of an index is one mean of one source (`method.py`). From version 2 on an index is a chain
of matched offers (`chain.py`), and every number the chain uses stands in its table.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lasalle.contracts import parse_toml
from lasalle.indices.evidence import PriceType, Unit
from lasalle.indices.fixed_point import MILLION, log_of_ppm
from lasalle.indices.method import IndexMethod

TIERS = (PriceType.EXECUTED, PriceType.EXECUTABLE, PriceType.LIST)
"""The evidence hierarchy, strongest first."""
MOST_BYTES = 1 << 16
"""Longest table of a method."""
HULL_VERSION = 3
"""Version from which a chain is led back into the hull of the prices behind it (IDX-019)."""
PUBLISHER_VERSION = 4
"""Version from which publishers are capped, lists stand a while longer, and a fixing outside all
its prices says so (IDX-022, IDX-023, IDX-024)."""
_FILE = re.compile(r"([A-Z0-9][A-Z0-9-]*)\.v([1-9]\d*)\.toml")


class MethodError(ValueError):
    """A table of a method is wrong; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, slots=True)
class Least:
    """Least evidence of a tier: matched offers, sources, and their size together."""

    offers: int
    sources: int
    size: int
    by_size: bool
    """Whether an offer weighs as its size, else as one."""


@dataclass(frozen=True, slots=True)
class ChainMethod:
    """Every number of a chained index. Ratios in parts per million, spans in days."""

    index: str
    number: int
    version: int
    title: str
    unit: Unit
    base: tuple[str, str, int]
    """Grade, location and tenor the index is a price of."""
    provisional: int
    """Nanoseconds after the date ends until its provisional fixing."""
    challenge_hours: int
    sources: frozenset[str]
    publishers: Mapping[str, str]
    """Who sets or keeps what a source says, by name of the source; empty before version 4, where
    each source stands for itself."""
    publisher_cap: int
    source_cap: int
    offer_cap: int
    tiers: Mapping[PriceType, Least]
    coefficients: Mapping[str, Mapping[Any, int]]
    """Logarithm of grade, location, tenor and tier against the base; what has none is no evidence.
    """
    match_days: int
    season: int
    band: int
    """Logarithm an offer may part from the others in a date without being held."""
    deviations: int
    """How many median absolute deviations it may part instead, where that is wider, in ppm."""
    centre_offers: int
    confirm_dates: int
    scale: int
    """Logarithm of the ratio beyond which a price is of another unit, not of another day."""
    farthest: int
    """Logarithm of the widest move that is one; beyond, what was priced became another thing."""
    corridor: int
    step: int
    """Logarithms: how far the chain may part from the level; the most it is moved back a date."""
    standing: int
    """Dates an offer is seen before it speaks for the level the chain is led back to."""
    hull: int | None
    """Logarithm: how far the chain may lie below the lowest, or above the highest, of the prices
    that speak for the level; None under version 2, which asks for the corridor alone."""
    wider_days: int
    stale_days: int
    """Days a list price stands where the wider window has too little; 0: none."""
    cover_tenors: frozenset[int]
    """Tenors that give the price of cover in a shortage; none: a shortage is a no-fix."""
    text: bytes
    """The table itself."""

    @property
    def sha256(self) -> str:
        """Digest of the table: what a fixing names its method by."""
        return hashlib.sha256(self.text).hexdigest()


@dataclass(frozen=True, slots=True)
class MeanMethod:
    """Version 1: the mean of one source, carried where it is silent (`method.py`)."""

    index: str
    number: int
    version: int
    title: str
    source: str
    text: bytes

    @property
    def identity(self) -> IndexMethod:
        """As the inputs of its fixings name it."""
        return IndexMethod(self.index, self.version, self.source)

    @property
    def sha256(self) -> str:
        """Digest of the table."""
        return hashlib.sha256(self.text).hexdigest()


Method = ChainMethod | MeanMethod


class _Table:
    """A table under its dotted name; a field missing, extra or of another kind is refused by it."""

    def __init__(self, rows: Mapping[str, Any], name: str = "") -> None:
        self._rows, self._name, self._asked = rows, name, set[str]()

    def field(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def take(self, key: str, kind: type, expected: str) -> Any:
        self._asked.add(key)
        value = self._rows.get(key)
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            raise MethodError(self.field(key), expected, value)
        return value

    def text(self, key: str) -> str:
        return str(self.take(key, str, "words"))

    def number(self, key: str, least: int, most: int) -> int:
        value = self.take(key, int, f"a whole number from {least} to {most}")
        if not least <= value <= most:
            raise MethodError(self.field(key), f"a whole number from {least} to {most}", value)
        return int(value)

    def numbers(self, key: str) -> frozenset[int]:
        values = self.take(key, list, "a list of whole numbers")
        if not all(type(value) is int and value >= 0 for value in values):
            raise MethodError(self.field(key), "whole numbers from 0", values)
        return frozenset(values)

    def names(self, key: str) -> frozenset[str]:
        values = self.take(key, list, "a list of names")
        if not values or not all(isinstance(value, str) and value for value in values):
            raise MethodError(self.field(key), "at least one name", values)
        return frozenset(values)

    def table(self, key: str) -> _Table:
        return _Table(self.take(key, dict, "a table"), self.field(key))

    def held(self) -> list[str]:
        return list(self._rows)

    def closed(self) -> None:
        if extra := sorted(self._rows.keys() - self._asked):
            raise MethodError(self.field(extra[0]), "no such field", self._rows[extra[0]])


def parse_method(text: bytes) -> Method:
    """A method from its table. Raises MethodError."""
    if len(text) > MOST_BYTES:
        raise MethodError("table", f"at most {MOST_BYTES} bytes", len(text))
    try:
        rows = parse_toml(text.decode("utf-8"))
    except ValueError as error:
        raise MethodError("table", "TOML", str(error)) from error
    top = _Table(rows)
    if top.number("version", 1, 2**16) == 1:
        method = MeanMethod(
            index=top.text("index"),
            number=top.number("number", 1, 2**32 - 1),
            version=1,
            title=top.text("title"),
            source=top.text("source"),
            text=text,
        )
        top.closed()
        return method
    return _chain_method(top, text)


def _chain_method(top: _Table, text: bytes) -> ChainMethod:
    base, time, sources = top.table("base"), top.table("timetable"), top.table("sources")
    chain, outlier, corridor = top.table("chain"), top.table("outlier"), top.table("corridor")
    fallback, shortage = top.table("fallback"), top.table("shortage")
    unit, version = top.text("unit"), top.number("version", 2, 2**16)
    if unit not in Unit.__members__:
        raise MethodError("unit", " or ".join(Unit.__members__), unit)
    tiers = _tiers(top.table("tiers"))
    publishers, publisher_cap, stale_days = _publishers(sources, fallback, version)
    method = ChainMethod(
        index=top.text("index"),
        number=top.number("number", 1, 2**32 - 1),
        version=version,
        title=top.text("title"),
        unit=Unit[unit],
        base=(base.text("grade"), base.text("location"), base.number("tenor_days", 0, 9_999)),
        provisional=60 * 10**9 * time.number("provisional_minutes", 0, 1_440),
        challenge_hours=time.number("challenge_hours", 1, 240),
        sources=sources.names("names"),
        publishers=publishers,
        publisher_cap=publisher_cap,
        source_cap=sources.number("cap_ppm", 1, MILLION),
        offer_cap=sources.number("offer_cap_ppm", 1, MILLION),
        tiers=tiers,
        coefficients=_coefficients(top.table("coefficients"), tiers),
        match_days=chain.number("match_days", 1, 400),
        season=chain.number("season_dates", 1, 100),
        band=log_of_ppm(MILLION + outlier.number("band_ppm", 1, 9 * MILLION)),
        deviations=outlier.number("deviations_ppm", 1, 100 * MILLION),
        centre_offers=outlier.number("centre_offers", 1, 1_000),
        confirm_dates=outlier.number("confirm_dates", 0, 30),
        scale=log_of_ppm(MILLION * outlier.number("scale", 2, 90)),
        farthest=log_of_ppm(MILLION * outlier.number("farthest", 2, 90)),
        corridor=log_of_ppm(MILLION + corridor.number("width_ppm", 1, 9 * MILLION)),
        step=log_of_ppm(MILLION + corridor.number("step_ppm", 0, MILLION)),
        standing=corridor.number("standing_dates", 1, 400),
        hull=_hull(corridor, version),
        wider_days=fallback.number("wider_days", 0, 60),
        stale_days=stale_days,
        cover_tenors=shortage.numbers("cover_tenors"),
        text=text,
    )
    if fallback.take("linked", str, "nothing"):  # its move would enter a fixing unsealed
        raise MethodError("fallback.linked", "nothing: an index follows no other", "an index")
    for table in (base, time, sources, chain, outlier, corridor, fallback, shortage, top):
        table.closed()
    for kind, value in zip(("grade", "location", "tenor"), method.base, strict=True):
        if method.coefficients[kind].get(value) != 0:
            raise MethodError(f"coefficients.{kind}", f"1000000 for the base {value!r}", "another")
    return method


def _hull(corridor: _Table, version: int) -> int | None:
    if version < HULL_VERSION:
        return None
    return log_of_ppm(MILLION + corridor.number("hull_ppm", 0, 9 * MILLION))


def _publishers(
    sources: _Table, fallback: _Table, version: int
) -> tuple[dict[str, str], int, int]:
    """(publisher of each source, cap of a publisher, days a list stands) from version 4 on."""
    if version < PUBLISHER_VERSION:
        return {}, MILLION, 0
    table = sources.table("publishers")
    found: dict[str, str] = {}
    for publisher in table.held():
        for source in sorted(table.names(publisher)):
            if found.setdefault(source, publisher) != publisher:
                raise MethodError(table.field(publisher), "sources of no other", source)
    if found.keys() != sources.names("names"):
        expected = "every source of sources.names under one publisher, and no other"
        odd = sorted(found.keys() ^ sources.names("names"))
        raise MethodError("sources.publishers", expected, odd)
    cap = sources.number("publisher_cap_ppm", 1, MILLION)
    return found, cap, fallback.number("stale_days", 0, 60)


def _tiers(table: _Table) -> dict[PriceType, Least]:
    tiers = {}
    for tier in TIERS:
        if tier.name.lower() not in table.held():
            continue
        row = table.table(tier.name.lower())
        weight = row.text("weight")
        if weight not in ("size", "equal"):
            raise MethodError(row.field("weight"), "size or equal", weight)
        tiers[tier] = Least(
            offers=row.number("offers", 1, 10_000),
            sources=row.number("sources", 1, 1_000),
            size=row.number("size", 0, 10**9),
            by_size=weight == "size",
        )
        row.closed()
    if not tiers:
        raise MethodError("tiers", "one of executed, executable, list", "none")
    table.closed()
    return tiers


def _coefficients(table: _Table, tiers: Mapping[PriceType, Least]) -> dict[str, dict[Any, int]]:
    found: dict[str, dict[Any, int]] = {}
    for kind in ("grade", "location", "tenor"):
        rows = table.table(kind)
        logs = {key: log_of_ppm(rows.number(key, 1_000, 1_000 * MILLION)) for key in rows.held()}
        if not logs:
            raise MethodError(rows.field(kind), "at least the base", "none")
        if kind == "tenor" and not all(key.isdecimal() for key in logs):
            raise MethodError(rows.field(kind), "days", sorted(logs))
        found[kind] = {int(key): log for key, log in logs.items()} if kind == "tenor" else logs
    rows = table.table("tier")
    found["tier"] = {
        tier: log_of_ppm(rows.number(tier.name.lower(), 1_000, 1_000 * MILLION)) for tier in tiers
    }
    rows.closed()
    table.closed()
    return found


@cache
def published_methods() -> Mapping[tuple[str, int], Method]:
    """Every published method by index and version, from the tables in `lasalle/indices/methods`."""
    found: dict[tuple[str, int], Method] = {}
    numbers: dict[int, str] = {}
    folder = resources.files("lasalle.indices") / "methods"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        named = _FILE.fullmatch(file.name)
        if named is None:
            continue
        method = parse_method(file.read_bytes())
        if (method.index, method.version) != (named[1], int(named[2])):
            raise MethodError(f"{file.name}: index, version", named[0], method.index)
        if numbers.setdefault(method.number, method.index) != method.index:
            raise MethodError(f"{file.name}: number", "one index a number", method.number)
        found[method.index, method.version] = method
    return found


def method_of(index: str, version: int = 0) -> Method:
    """A published method; version 0 is the latest of the index. Raises MethodError."""
    methods = published_methods()
    versions = [v for name, v in methods if name == index]
    found = methods.get((index, version or max(versions, default=0)))
    if found is None:
        expected = ", ".join(f"{name} v{v}" for name, v in methods)
        raise MethodError("index", expected, f"{index} v{version}" if version else index)
    return found

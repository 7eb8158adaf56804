"""The evidence of an index by date: its rows in canonical form, and one quote an offer.

All of it in whole numbers and columns; what a row does to the fixing is decided in `chain.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
from numpy.typing import NDArray

from lasalle.indices.evidence import EVIDENCE_SCHEMA, Evidence, EvidenceError, PriceType, Unit
from lasalle.indices.fixed_point import log_of
from lasalle.indices.published import ChainMethod

DAY = 86_400 * 10**9
"""Nanoseconds of a UTC date."""
MOST_SIZE = 10**9
"""No row weighs more than this, whatever it says."""
_KEY = ("price_type", "source", "grade", "location", "tenor_days", "offer")
_WORDS = ("source", "grade", "location", "offer", "reference")
_BAD = r"[^ -{}~]"
"""A row is printable ASCII without the bar that parts its fields."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The very thing priced, as an index sees it; `key` names it in states and verdicts."""

    key: str
    tier: PriceType
    source: str
    place: str
    """The key without its tier: what a shortage names."""
    shift: int
    """Logarithm of its coefficients, taken off to reach the base grade, location and tenor."""
    cover_shift: int
    """The same without the tenor's: in a shortage one pays for the tenor one can get."""
    main: bool
    """Whether its tenor is evidence of the index."""
    cover: bool
    """Whether its tenor gives the price of cover in a shortage."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One offer on one date: the weighted median of what was seen of it."""

    offer: Offer
    price: int
    log: int
    size: int
    simulated: bool


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """What an index reads of one date (days since 1970)."""

    day: int
    rows: tuple[bytes, ...]
    """Canonical rows, sorted: the input set whose Merkle root the fixing bears."""
    quotes: tuple[Quote, ...]
    """In order of their keys."""
    short: frozenset[str]
    """Places that were asked, had none all day, and name themselves."""
    simulated: bool


def evidence_table(rows: list[Evidence]) -> arrow.Table:
    """Rows as a table of `EVIDENCE_SCHEMA`."""
    names = EVIDENCE_SCHEMA.names
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    return arrow.table(columns, schema=EVIDENCE_SCHEMA)


def parse_row(row: bytes) -> Evidence:
    """Evidence of a canonical row. Raises EvidenceError."""
    parts = row.decode("ascii", "replace").split("|")
    try:
        source, time, unit, grade, location, tenor, *rest = parts
        size, kind, price, offer, reference, made = rest
        evidence = Evidence(
            source=source,
            time=int(time),
            unit=Unit(int(unit)),
            grade=grade,
            location=location,
            tenor_days=int(tenor),
            size=int(size),
            price_type=PriceType(int(kind)),
            price=int(price),
            offer=offer,
            reference=reference,
            simulated={"observed": False, "simulated": True}[made],
        )
    except (ValueError, KeyError) as error:
        raise EvidenceError("row", "twelve fields of evidence", row) from error
    if canonical_rows(evidence_table([evidence])) != [row]:
        raise EvidenceError("row", "the canonical form of its fields", row)
    return evidence


def canonical_rows(table: arrow.Table) -> list[bytes]:
    """Each row as its fields, parted by bars, in the order of `EVIDENCE_SCHEMA`."""
    for name in _WORDS:
        bad = compute.match_substring_regex(table[name], _BAD)
        if compute.any(bad).as_py():
            found = table[name].filter(bad)[0].as_py()
            raise EvidenceError(name, "printable ASCII without a bar", found)
    columns: list[Any] = [
        compute.if_else(table[name], "simulated", "observed")
        if arrow.types.is_boolean(table[name].type)
        else table[name].cast(arrow.string())
        for name in EVIDENCE_SCHEMA.names
    ]
    joined = compute.binary_join_element_wise(*columns, "|").cast(arrow.binary())
    found_rows: list[bytes] = joined.to_pylist()
    return found_rows


class EvidenceBook:
    """A table of evidence, read once for however many indices are fixed from it."""

    def __init__(self, table: arrow.Table) -> None:
        if table.schema.names != EVIDENCE_SCHEMA.names:
            raise EvidenceError("columns", ", ".join(EVIDENCE_SCHEMA.names), table.schema.names)
        self.table = table.cast(EVIDENCE_SCHEMA).combine_chunks()
        if any(column.null_count for column in self.table.columns):
            raise EvidenceError("columns", "no nulls", "some")
        self._codes: dict[str, tuple[NDArray[Any], list[Any]]] = {}

    @cached_property
    def rows(self) -> NDArray[np.object_]:
        """Every row in canonical form."""
        found = np.empty(len(self.table), dtype=object)
        found[:] = canonical_rows(self.table)
        return found

    def numbers(self, name: str) -> NDArray[np.int64]:
        """A column of whole numbers."""
        return np.asarray(self.table[name].to_numpy(), dtype=np.int64)

    def _among(self, name: str, wanted: Any) -> NDArray[np.bool_]:
        if name not in self._codes:
            codes = compute.dictionary_encode(self.table[name].combine_chunks())
            if isinstance(codes, arrow.ChunkedArray):
                codes = codes.combine_chunks()
            self._codes[name] = (codes.indices.to_numpy(), codes.dictionary.to_pylist())
        indices, words = self._codes[name]
        known = np.array([word in wanted for word in words], dtype=bool)
        return known[indices] if len(known) else np.zeros(len(indices), dtype=bool)

    def inputs(self, method: ChainMethod) -> NDArray[np.int64]:
        """Rows that are evidence of an index by unit, grade, location, source, tenor and tier."""
        coefficients = method.coefficients
        priced = self._among("price_type", method.tiers.keys() | {PriceType.SHORTAGE})
        listed = ~self._among("price_type", {PriceType.SHORTAGE})
        mask = (
            self._among("unit", {method.unit})
            & self._among("source", method.sources)
            & self._among("grade", coefficients["grade"])
            & self._among("location", coefficients["location"])
            & (
                (self._among("tenor_days", coefficients["tenor"]) & priced)
                | (self._among("tenor_days", method.cover_tenors) & listed)
            )
        )
        return np.flatnonzero(mask)

    def dates(self, method: ChainMethod) -> Iterator[DateEvidence]:
        """Evidence of an index date by date, in order; dates without any are left out."""
        at = self.inputs(method)
        if not len(at):
            return
        rows = self.rows[at]
        days = self.numbers("time")[at] // DAY
        quotes, short = _quotes(method, self.table.take(arrow.array(at)), days)
        made = np.asarray(self.table["simulated"].to_numpy(), dtype=bool)[at]
        order = np.argsort(days, kind="stable")
        parted, starts = np.unique(days[order], return_index=True)
        ends = [*starts[1:].tolist(), len(order)]
        for day, start, end in zip(parted.tolist(), starts.tolist(), ends, strict=True):
            chosen = order[start:end]
            yield DateEvidence(
                day=day,
                rows=tuple(sorted(rows[chosen].tolist())),
                quotes=tuple(quotes.get(day, ())),
                short=frozenset(short.get(day, ())),
                simulated=bool(made[chosen].any()),
            )


def offer_of(method: ChainMethod, key: str) -> Offer:
    """An offer from its key."""
    kind, place = key.split("|", 1)
    source, grade, location, tenor_text, _ = place.split("|", 4)
    tier, tenor = PriceType(int(kind)), int(tenor_text)
    tables = method.coefficients
    stands = tables["grade"].get(grade, 0) + tables["location"].get(location, 0)
    stands += tables["tier"].get(tier, 0)
    main = tenor in tables["tenor"] and (tier in method.tiers or tier is PriceType.SHORTAGE)
    return Offer(
        key=key,
        tier=tier,
        source=source,
        place=place,
        shift=stands + tables["tenor"].get(tenor, 0),
        cover_shift=stands - tables["tier"].get(tier, 0),
        main=main,
        cover=tenor in method.cover_tenors,
    )


def _quotes(
    method: ChainMethod, table: arrow.Table, days: NDArray[np.int64]
) -> tuple[dict[int, list[Quote]], dict[int, set[str]]]:
    """Quotes and shortages of each date."""
    columns = [table[name].cast(arrow.string()).combine_chunks() for name in _KEY]
    codes = compute.dictionary_encode(compute.binary_join_element_wise(*columns, "|"))
    if isinstance(codes, arrow.ChunkedArray):
        codes = codes.combine_chunks()
    words: list[str] = codes.dictionary.to_pylist()
    # Codes in the order of their keys, so that sorting by code is sorting by key.
    rank = np.empty(len(words), dtype=np.int64)
    ranked = sorted(range(len(words)), key=words.__getitem__)
    rank[ranked] = np.arange(len(words))
    offers = [offer_of(method, words[n]) for n in ranked]
    key = rank[codes.indices.to_numpy()]
    price, size, time = (
        np.asarray(table[name].to_numpy(), dtype=np.int64) for name in ("price", "size", "time")
    )
    executed = np.asarray(table["price_type"].to_numpy()) == PriceType.EXECUTED
    trade = np.zeros(len(key), dtype=np.int64)
    if executed.any():  # one trade told twice bears one reference; two of one instant bear two
        told = compute.dictionary_encode(table["reference"].combine_chunks())
        if isinstance(told, arrow.ChunkedArray):
            told = told.combine_chunks()
        trade[executed] = told.indices.to_numpy()[executed] + 1
    # By size last: of a row told twice in two sizes the smaller counts, wherever either stands.
    order = np.lexsort((size, trade, time, price, key, days))
    sort = [column[order] for column in (days, key, price, time, trade)]
    first = np.ones(len(order), dtype=bool)
    if len(order) > 1:
        first[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in sort])
    order = order[first]
    weight = np.where(executed, np.clip(size, 1, MOST_SIZE), 1)[order]
    made = np.asarray(table["simulated"].to_numpy(), dtype=bool)[order]
    starts, middle = _weighted_medians(days[order], key[order], weight)
    sizes = np.where(
        executed[order][starts],
        np.add.reduceat(np.clip(size[order], 0, MOST_SIZE), starts),
        np.minimum.reduceat(np.clip(size[order], 0, MOST_SIZE), starts),
    )
    simulated = np.logical_or.reduceat(made, starts)
    quotes: dict[int, list[Quote]] = {}
    short: dict[int, set[str]] = {}
    for day, code, amount, many, fake in zip(
        days[order][starts].tolist(),
        key[order][starts].tolist(),
        price[order][middle].tolist(),
        sizes.tolist(),
        simulated.tolist(),
        strict=True,
    ):
        offer = offers[code]
        if offer.tier is PriceType.SHORTAGE:
            short.setdefault(day, set()).add(offer.place)
        else:
            quotes.setdefault(day, []).append(Quote(offer, amount, log_of(amount), many, fake))
    for day, places in short.items():
        places -= {q.offer.place for q in quotes.get(day, ())}
    return quotes, short


def _weighted_medians(
    days: NDArray[np.int64], key: NDArray[np.int64], weight: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each run of one date and key starts, and where its lower weighted median stands; rows
    are sorted by date, key and price.
    """
    change = np.ones(len(key), dtype=bool)
    change[1:] = (days[1:] != days[:-1]) | (key[1:] != key[:-1])
    starts = np.flatnonzero(change)
    run = np.cumsum(change) - 1
    below = np.cumsum(weight)
    before = below[starts] - weight[starts]
    total = np.add.reduceat(weight, starts)
    reached = 2 * (below - before[run]) >= total[run]
    place = np.where(reached, np.arange(len(key)), len(key))
    return starts, np.minimum.reduceat(place, starts)

"""Listing: the terms of a contract, with the bands and fees of a table, become one command."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

from lasalle import wire
from lasalle.contracts import (
    Form,
    SeriesTerms,
    check_listable,
    find_terms,
    last_trading_time,
    parse_symbol,
)

PINNING_BEHAVIOUR = 2
"""Behaviour from which a listing names its contract standard (EXC-027)."""
DELIVERY_BEHAVIOUR = 5
"""Behaviour from which positions turn into deliveries (DEL-020)."""
PERIOD_BEHAVIOUR = 3
"""Behaviour from which a series settles when a period within a month is over (CLR-016)."""


class ExchangeError(ValueError):
    """A row of the exchange's tables is missing or wrong; says field, expected and found."""


@dataclass(frozen=True, slots=True)
class ListingTerms:
    """What a listing adds to a contract: ratios in ten-thousandths, fees in micro-dollars per lot,
    the pause in seconds.
    """

    group: int
    band: int
    pause_range: int
    pause_seconds: int
    protection: int
    maker_fee: int
    taker_fee: int
    clearing_fee: int


def read_table(name: str) -> dict[str, Any]:
    """A table shipped with the exchange."""
    path = resources.files("lasalle.exchange") / "table" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def load_listing_terms(name: str) -> ListingTerms:
    """A row of the table: `linear` for futures and swaps, `option`, `basis`, or `study`."""
    table = read_table("listing")
    row = table.get(name)
    expected = {field.name for field in fields(ListingTerms)}
    if not isinstance(row, dict) or set(row) != expected:
        raise ExchangeError(f"{name}: expected {sorted(expected)}, found {row!r}")
    return ListingTerms(**row)


def listing_row(terms: SeriesTerms) -> str:
    """Row of the table that a series is listed under by the day's desk."""
    form = terms.standard.symbol_form
    if form in (Form.LOCATION_BASIS, Form.GRADE_BASIS):
        return "basis"
    return "option" if terms.is_option or form is Form.VARIANCE else "linear"


@cache
def published_indices() -> Mapping[str, int]:
    """Number on the log of each index the house publishes."""
    found: dict[str, int] = read_table("listing")["indices"]
    return found


def list_series(
    terms: SeriesTerms,
    number: int,
    reference_price: int,
    rules: ListingTerms,
    indices: Mapping[str, int] | None = None,
    behaviour: int = wire.SCHEMA_VERSION,
) -> wire.ListSeries:
    """The command that lists a contract under a number; the reference price, in micro-dollars per
    unit, is at least one tick. Refuses what is settled by delivery under a law that knows none, and
    what settles on an index that is not among those published. The series pins version and digest
    of its standard, and the end of a block shorter than its month, where the behaviour in force
    carries them.
    """
    pinned = behaviour >= PINNING_BEHAVIOUR
    own = behaviour >= PERIOD_BEHAVIOUR and terms.period_ends < last_trading_time(terms.months[-1])
    known = published_indices() if indices is None else indices
    check_listable(terms, known, delivery=behaviour >= DELIVERY_BEHAVIOUR)
    first, last = terms.settled_months()
    return wire.ListSeries(
        series=number,
        symbol=terms.symbol,
        series_kind=terms.kind,
        group=rules.group,
        index=known[terms.index],
        first_month=first.number,
        last_month=last.number,
        hours=terms.hours_per_lot,
        tick=terms.tick_micro_dollars,
        strike=terms.strike_micro_dollars,
        reference_price=max(terms.tick_micro_dollars, reference_price),
        band=rules.band,
        pause_range=rules.pause_range,
        pause_duration=rules.pause_seconds * 10**9,
        protection=rules.protection,
        maker_fee=rules.maker_fee,
        taker_fee=rules.taker_fee,
        clearing_fee=rules.clearing_fee,
        last_trading_time=terms.last_trading_time,
        standard_version=terms.standard.version if pinned else 0,
        standard_hash=terms.standard.sha256 if pinned else bytes(32),
        period_ends=terms.period_ends if own else 0,
        delivers=terms.standard.delivers,
    )


def terms_of(symbols: Iterable[str]) -> list[SeriesTerms]:
    """Terms of listed symbols, read back from the grammar."""
    return [find_terms(parse_symbol(symbol)) for symbol in symbols]

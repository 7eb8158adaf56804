"""What a listed series is in words: the unit of its price, one lot of it, how it settles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lasalle import wire
from lasalle.contracts import ContractError, Form, SymbolError, Unit, find_terms, parse_symbol
from lasalle.indices import ChainMethod, published_methods
from lasalle.indices import Unit as Priced
from lasalle.views.model import dollars

UNITS = {Priced.GPU_HOUR: "GPU-hour", Priced.MILLION_TOKENS: "million tokens"}
LOTS = {
    "GPU-hour": "one accelerator for every UTC hour of the delivery period",
    "million tokens": "one million tokens an hour, for every UTC hour of the delivery period",
}
SETTLEMENT = {
    wire.SeriesKind.FUTURE: "cash, against the average of the index over the delivery month",
    wire.SeriesKind.CALL: "cash, exercised when the month's index average lies above the strike",
    wire.SeriesKind.PUT: "cash, exercised when the month's index average lies below the strike",
    wire.SeriesKind.SWAP: "cash, month by month, against each month's index average",
}
QUARTERLY = "cash, against the average of the index over the delivery quarter"
VARIANCE_UNIT = "variance unit"
"""A thousandth of a price point: 1,000 of them are one USD for each variance point."""


@dataclass(frozen=True, slots=True)
class Said:
    """A series in words; `index_unit` is what one price of its index is for, `unit` what one price
    of the series is.
    """

    index_name: str
    index_unit: str
    unit: str
    lot: str
    settlement: str


@cache
def index_and_unit(index: int) -> tuple[str, str]:
    """Name of an index and what one price of it is for; empty and "unit" where it has no published
    method.
    """
    for method in published_methods().values():
        if method.number == index:
            unit = method.unit if isinstance(method, ChainMethod) else Priced.GPU_HOUR
            return method.index, UNITS[unit]
    return "", "unit"


@cache
def said_of(index: int, symbol: str, kind: wire.SeriesKind) -> Said:
    """A series by its symbol; one outside the grammar is what its kind says."""
    name, unit = index_and_unit(index)
    plain = Said(name, unit, unit, LOTS.get(unit, f"one {unit}"), SETTLEMENT[kind])
    try:
        found = parse_symbol(symbol)
        standard = find_terms(found).standard
    except (ContractError, SymbolError):
        return plain
    if found.form is Form.VARIANCE:
        lot = f"1,000 {VARIANCE_UNIT}s: one USD for each variance point"
        settlement = "cash, against the realised variance of the index over the month"
        return Said(name, unit, VARIANCE_UNIT, lot, settlement)
    if found.form is Form.BOUNDED:
        bounds = (found.floor_micro_dollars, found.cap_micro_dollars)
        floor, cap = map(dollars, bounds)
        settlement = f"cash, against the week's average of the index, from {floor} to {cap} USD"
        return Said(name, unit, unit, plain.lot, settlement)
    if standard.delivers:
        settlement = "delivery, paid as it is metered; what is missing is made good at cover cost"
        return Said(name, unit, unit, plain.lot, settlement)
    if found.form in (Form.LOCATION_BASIS, Form.GRADE_BASIS):
        par, other = (
            dollars(standard.par_micro_dollars),
            standard.terms["contract"]["against_index"],
        )
        settlement = f"cash, against {par} USD plus the month's average of {name} less {other}"
        return Said(name, unit, unit, plain.lot, settlement)
    if found.period.unit is Unit.QUARTER:
        return Said(name, unit, unit, plain.lot, QUARTERLY)
    return plain

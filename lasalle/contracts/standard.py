"""A contract standard: a product, for one grade or class, with every term it refers to.

Its canonical text is all of it, and its SHA-256 names that text: a listed series pins both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lasalle.contracts.periods import Unit
from lasalle.contracts.symbols import Form
from lasalle.wire import SeriesKind


class ContractError(ValueError):
    """A term is missing or wrong; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, slots=True)
class FormRules:
    """What a form of contract implies for its other terms."""

    symbol: Form
    kinds: tuple[SeriesKind, ...]
    derivation: str
    average: str
    firmness: str
    """Clauses it needs: cash, firm or contingent; all but cash are delivered."""
    blocks: tuple[Unit, ...]

    @property
    def delivers(self) -> bool:
        """Whether it is settled by delivery."""
        return self.firmness != "cash"


_FUTURE, _CALL, _SWAP = (SeriesKind.FUTURE,), (SeriesKind.CALL,), (SeriesKind.SWAP,)
_EITHER = (SeriesKind.CALL, SeriesKind.PUT)
_MONTH, _SLICES = (Unit.MONTH,), (Unit.HOUR, Unit.DAY, Unit.WEEK, Unit.MONTH)
_AVERAGE, _BASIS, _DELIVERY = (
    ("index_average", "fixings"),
    ("basis", "difference"),
    ("delivery", "none"),
)
FORMS = {
    "future": FormRules(Form.AVERAGE, _FUTURE, *_AVERAGE, "cash", (Unit.MONTH, Unit.QUARTER)),
    "option": FormRules(Form.AVERAGE, _EITHER, *_AVERAGE, "cash", _MONTH),
    "swap": FormRules(Form.AVERAGE, _SWAP, *_AVERAGE, "cash", (Unit.MONTHS,)),
    "location_basis": FormRules(Form.LOCATION_BASIS, _FUTURE, *_BASIS, "cash", _MONTH),
    "grade_basis": FormRules(Form.GRADE_BASIS, _FUTURE, *_BASIS, "cash", _MONTH),
    "variance": FormRules(Form.VARIANCE, _FUTURE, "variance", "realised_variance", "cash", _MONTH),
    "bounded": FormRules(Form.BOUNDED, _FUTURE, *_AVERAGE, "cash", (Unit.WEEK,)),
    "basket": FormRules(Form.BASKET, _FUTURE, *_DELIVERY, "firm", _MONTH),
    "firm_forward": FormRules(Form.FIRM, _FUTURE, *_DELIVERY, "firm", _SLICES),
    "contingent_forward": FormRules(Form.CONTINGENT, _FUTURE, *_DELIVERY, "contingent", _SLICES),
    "capacity_call": FormRules(Form.CAPACITY_CALL, _CALL, *_DELIVERY, "firm", _MONTH),
    "flexible_start": FormRules(Form.FLEXIBLE_START, _CALL, *_DELIVERY, "firm", (Unit.QUARTER,)),
}
"""Forms by the word a product states."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Blocks listed at a time: so many, from so many after the current one; `months` long and
    lying within so many months of the day, for a run of months.
    """

    unit: Unit
    peak: bool
    first: int
    count: int
    months: int = 0
    within_months: int = 0


@dataclass(frozen=True, eq=False)
class Standard:
    """The terms of one contract; prices in micro-dollars per unit."""

    product: str
    version: int
    form: str
    family: str
    """Family of the grade or class, as symbols name it."""
    place: str
    """Location as symbols name it."""
    index: str
    against: str
    """Family or place a basis is taken against, as symbols name it, else empty."""
    unit: str
    lot_size: int
    lot_per_hour: bool
    tick_micro_dollars: int
    par_micro_dollars: int
    strips: tuple[Strip, ...]
    strikes_per_ten_thousand: tuple[int, ...]
    strike_step_micro_dollars: int
    bounds_per_ten_thousand: tuple[tuple[int, int], ...]
    accelerators: tuple[int, ...]
    days: tuple[int, ...]
    terms: Mapping[str, Any]
    """Everything it states: product, slice, locations, blocks, calendar, clauses."""

    @property
    def symbol_form(self) -> Form:
        """Form of its symbols."""
        return FORMS[self.form].symbol

    @property
    def kinds(self) -> tuple[SeriesKind, ...]:
        """Kinds of its series."""
        return FORMS[self.form].kinds

    @property
    def delivers(self) -> bool:
        """Whether it is settled by delivery."""
        return FORMS[self.form].delivers

    @property
    def symbol_place(self) -> str:
        """Place its symbols name; empty where they name none."""
        placed = (Form.LOCATION_BASIS, Form.CAPACITY_CALL, Form.FLEXIBLE_START)
        forward = self.symbol_form in (Form.FIRM, Form.CONTINGENT)
        capacity = self.terms["slice"]["kind"] == "grade"
        return self.place if self.symbol_form in placed or (forward and capacity) else ""

    @cached_property
    def canonical(self) -> str:
        """Every term in one text: JSON, names ascending, no space."""
        return json.dumps(self.terms, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def sha256(self) -> bytes:
        """Digest of the canonical text."""
        return hashlib.sha256(self.canonical.encode()).digest()

    @property
    def name(self) -> str:
        """Product, version and what it is listed for, `month-future/1 H100 US`."""
        return f"{self.product}/{self.version} {self.family} {self.place}"

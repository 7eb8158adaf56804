"""What the desks of the study estimate on a day, from fixings before it alone; kept by day.

Every venue of one case stands on the same days and lists the same series, so that what one
estimated serves the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lasalle.clearing import MarginTable, load_margin_terms, margin_table, table_commands
from lasalle.contracts import (
    LIST_FAMILY,
    LIST_PRODUCTS,
    Month,
    SeriesKind,
    SeriesTerms,
    Symbol,
    day_number,
    load_standards,
    months_ahead,
    series_listing,
    series_terms,
)
from lasalle.contracts.model import nanoseconds
from lasalle.indices import ONE_LIST, Fixing, month_average
from lasalle.making import MakerTerms, Valuation, load_maker_terms, valuation
from lasalle.pricing import CurveAssumptions, CurveModel, fit, month_curve
from lasalle.venue.sequencer import Asked, check

TABLE_EVERY_DAYS = 7
TABLE_MOVE = 0.01


Wanted = Callable[[date, SeriesTerms, Mapping[Month, int]], bool]
"""Whether a series is listed on a day, given the forward by month in micro-dollars."""


@dataclass
class Model:
    """The index, its number on the log and what is listed on it, what is assumed of it, and every
    estimate made so far.
    """

    fixings: list[Fixing]
    assumptions: CurveAssumptions
    maker: MakerTerms = field(default_factory=load_maker_terms)
    family: str = LIST_FAMILY
    products: tuple[str, ...] = LIST_PRODUCTS
    index: int = ONE_LIST
    wanted: Wanted | None = None
    also: Callable[[date], Sequence[Symbol]] | None = None
    _known: dict[date, dict[date, int]] = field(default_factory=dict)
    _history: dict[date, list[tuple[date, int]]] = field(default_factory=dict)
    _curves: dict[date, CurveModel] = field(default_factory=dict)
    _values: dict[date, Valuation] = field(default_factory=dict)
    _tables: dict[date, MarginTable] = field(default_factory=dict)
    _averages: dict[Month, int] = field(default_factory=dict)
    _commands: dict[date, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_day = {f.day: f for f in self.fixings}

    def fixing(self, day: date) -> Fixing:
        """The fixing of a date; only the venue's day desk, which publishes it, asks for it."""
        return self._by_day[day]

    def average(self, month: Month) -> int:
        """Final settlement price of a month, micro-dollars."""
        if month not in self._averages:
            self._averages[month] = month_average(self.fixings, month).price_micro_dollars
        return self._averages[month]

    def prices(self, day: date) -> dict[date, int]:
        """Fixings published by a venue day: those of earlier dates."""
        if day not in self._known:
            self._known[day] = {f.day: f.price_micro_dollars for f in self.fixings if f.day < day}
        return self._known[day]

    def history(self, day: date) -> list[tuple[date, int]]:
        """The same in order of their dates."""
        if day not in self._history:
            self._history[day] = sorted(self.prices(day).items())
        return self._history[day]

    def observed(self, day: date) -> int:
        """Of the fixings published by a day, those with evidence of their own."""
        return sum(f.day < day and not f.carried for f in self.fixings)

    def curve(self, day: date) -> CurveModel:
        """The maker's model on a day."""
        if day not in self._curves:
            self._curves[day] = fit(self.history(day), self.assumptions)
        return self._curves[day]

    def values(self, day: date, listed: Sequence[SeriesTerms]) -> Valuation:
        """Every listed series valued on a day."""
        if day not in self._values:
            self._values[day] = valuation(
                self.curve(day), self.prices(day), day, listed, self.maker
            )
        return self._values[day]

    def table(self, day: date, listed: Sequence[SeriesTerms]) -> MarginTable:
        """Margin table of a day."""
        if day not in self._tables:
            marks = self.values(day, listed).marks()
            self._tables[day] = margin_table(
                self.curve(day), self.history(day), day, listed, marks, load_margin_terms()
            )
        return self._tables[day]

    def table_due(self, day: date, plan_day: date) -> bool:
        """Weekly, at each month's start, and whenever the index has moved by more than 1 %."""
        if (day - plan_day).days % TABLE_EVERY_DAYS == 0 or day.day == 1:
            return True
        known = self.prices(day)
        last, before = (known.get(day - timedelta(days=n), 0) for n in (1, 2))
        return abs(last - before) > TABLE_MOVE * before

    def listing(self, day: date, months: Sequence[Month]) -> list[SeriesTerms]:
        """The series of the family a run in these months can use: futures, calls, quarter
        swaps; and before them what is asked for by name.
        """
        standards = load_standards(self.family, self.products)
        strip = [Month.of(day).plus(n) for n in range(months_ahead(standards))]
        curve = month_curve(self.curve(day), self.prices(day), strip)
        forward = {m: round(curve[m].value * 1e6) for m in strip}
        asked = [series_terms(standards, one) for one in (self.also(day) if self.also else ())]
        return asked + [
            terms
            for terms in series_listing(standards, day, forward)
            if all(m in months for m in terms.months)
            and terms.kind != SeriesKind.PUT
            and (terms.kind != SeriesKind.SWAP or len(terms.months) == 3)
            and (self.wanted is None or self.wanted(day, terms, forward))
        ]

    def table_commands(
        self, day: date, listed: Sequence[SeriesTerms], numbers: dict[str, int], replaces: int
    ) -> list[Any]:
        """The commands that load a day's table; rows are made and checked once for all venues."""
        if day not in self._commands:
            made = table_commands(self.table(day, listed), day_number(day), replaces, numbers)
            for command in made:
                check(Asked(0, command))
            self._commands[day] = made
        assert self._commands[day][-1].replaces == replaces, "venues of a case share their tables"
        return self._commands[day]


def noon(day: date) -> int:
    """Venue time at 12:00 UTC of a day, nanoseconds."""
    return nanoseconds(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

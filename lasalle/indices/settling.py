"""The final price of a series from the fixings of its index, as its standard words it.

Exact until the one rounding, half to even to a micro-dollar; a logarithm is correctly rounded at
40 digits, so that it is one number wherever it is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import pairwise

from lasalle.contracts import Form, Month, SeriesKind, SeriesTerms, parse_symbol
from lasalle.indices.method import FixingError

Fixings = Mapping[str, Mapping[date, int | None]]
"""Fixings of each index by name and date, micro-dollars per unit; None for a date that has none for
good, which is not one nobody has told of yet."""


LEAST_FIFTHS = 4
"""Of five dates of a period so many have a fixing, or its average is no final price (CLR-019)."""


@dataclass(frozen=True, slots=True)
class FinalPrice:
    """What a series settles at: exact, and as the core takes it."""

    exact_micro_dollars: Fraction
    price_micro_dollars: int


def settled_dates(terms: SeriesTerms, month: Month) -> tuple[date, ...]:
    """Dates whose fixings count: a swap's of the month that settles, any other's of its block."""
    if terms.kind is SeriesKind.SWAP:
        return month.dates()
    return parse_symbol(terms.symbol).period.dates()


def final_price(terms: SeriesTerms, month: Month, fixings: Fixings) -> FinalPrice:
    """Final price of a series for the month that settles. Raises FixingError where its standard
    needs more fixings than there are, or where the standard settles on no index.
    """
    standard, form = terms.standard, terms.standard.symbol_form
    dates = settled_dates(terms, month)
    price = standard.terms["product"]["price"]
    if form is Form.AVERAGE:
        exact = average_of(fixings, terms.index, dates)
    elif form is Form.BOUNDED:
        symbol = parse_symbol(terms.symbol)
        exact = average_of(fixings, terms.index, dates)
        exact = _within(exact, symbol.floor_micro_dollars, symbol.cap_micro_dollars)
    elif form in (Form.LOCATION_BASIS, Form.GRADE_BASIS):
        against = standard.terms["contract"]["against_index"]
        dates = counted_dates(fixings, (terms.index, against), dates)
        exact = standard.par_micro_dollars + average_of(fixings, terms.index, dates)
        exact -= average_of(fixings, against, dates)
        exact = _within(exact, price["least_micro_dollars"], price["most_micro_dollars"])
    elif form is Form.VARIANCE:
        exact = realised_variance(fixings, terms.index, month)
        exact = min(exact, Fraction(price["most_micro_dollars"]))
    else:
        raise FixingError("form", "a series on averages or on realised variance", form.name)
    return FinalPrice(exact, round(exact))  # half to even: Fraction.__round__


def _within(price: Fraction, least: int, most: int) -> Fraction:
    return min(max(price, Fraction(least)), Fraction(most))


def average_of(fixings: Fixings, index: str, dates: Iterable[date]) -> Fraction:
    """Exact average of an index over those of these dates that have a fixing (CLR-019)."""
    known = fixings.get(index, {})
    prices = [known[day] or 0 for day in counted_dates(fixings, (index,), dates)]
    return Fraction(sum(prices), len(prices))


def counted_dates(
    fixings: Fixings, indices: Iterable[str], dates: Iterable[date]
) -> tuple[date, ...]:
    """Those of some dates on which every one of some indices has a fixing. Raises FixingError where
    a date was not told of, and where fewer than four fifths of them are left (CLR-019).
    """
    wanted, names = tuple(dates), tuple(indices)
    found = wanted
    for index in names:
        known = fixings.get(index, {})
        missing = [day for day in wanted if day not in known]
        if missing:
            expected = f"one of {index} for each of {len(wanted)} dates"
            raise FixingError("fixings", expected, f"none for {missing[0]}")
        found = tuple(day for day in found if known[day] is not None)
    least = -(-len(wanted) * LEAST_FIFTHS // 5)
    if len(found) < least:
        expected = f"{least} at least of {len(wanted)} dates of {' and '.join(names)} with one"
        raise FixingError("fixings", expected, len(found))
    return found


_CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)
DAYS_A_YEAR = 365
PERCENT_SQUARED = 10_000
"""Variance points of a variance of one a year."""
_MICRO_OF_A_POINT = 1_000
"""A price of one dollar is a thousand variance points."""


def realised_variance(fixings: Fixings, index: str, month: Month) -> Fraction:
    """Realised variance of a month as a price, micro-dollars: 365 / n times the sum of squared
    logarithms of each fixing over the one before, in thousands of points; n dates, mean zero.

    The first move is from the last fixing before the month. A date without one adds nothing, and
    its move counts with the next. Raises FixingError where a move has no two ends, and where fewer
    than four fifths of the dates have one (IDX-027).
    """
    known = {day: price for day, price in fixings.get(index, {}).items() if price is not None}
    before = max((day for day in known if day < month.first_day), default=None)
    inside = [day for day in month.dates() if day in known]
    least = -(-month.days * LEAST_FIFTHS // 5)
    if before is None or len(inside) < least:
        expected = f"one of {index} before {month.first_day} and {least} at least in {month}"
        raise FixingError("fixings", expected, f"{len(inside)} in the month, last before {before}")
    total = Decimal(0)
    for earlier, later in pairwise([before, *inside]):
        ratio = _CONTEXT.divide(Decimal(known[later]), Decimal(known[earlier]))
        move = _CONTEXT.ln(ratio)
        total = _CONTEXT.add(total, _CONTEXT.multiply(move, move))
    points = Fraction(total) * PERCENT_SQUARED * DAYS_A_YEAR / month.days
    return points * _MICRO_OF_A_POINT

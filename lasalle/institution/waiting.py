"""What is final of a series, and how one whose final price waits, for fixings or for an actor, is
marked and margined while everything else goes on (CLR-019).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from lasalle import wire
from lasalle.clearing import MarginRow, MarginTable
from lasalle.contracts import (
    ContractError,
    Month,
    SeriesKind,
    SeriesTerms,
    SymbolError,
    find_terms,
    hours,
    midnight_after,
    parse_symbol,
)
from lasalle.indices import average_of, final_price
from lasalle.institution.families import index_names
from lasalle.views.market import MarketView, SeriesView

Days = Mapping[int, Mapping[date, int | None]]
"""Fixings by number of the index and date, micro-dollars; None for a date without one."""


def over(view: SeriesView, now: date) -> bool:
    """Whether what a series settles next has ended when a date begins."""
    if view.terms.period_ends:
        return view.terms.period_ends < midnight_after(now)
    return view.first_month < Month.of(now).number


def ended(view: SeriesView, now: date) -> bool:
    """Whether all that a series settles has ended when a date begins: it is marked no more."""
    return over(view, now) and view.first_month == view.terms.last_month


def final_of(number: int, view: SeriesView, fixings: Days) -> wire.SettleFinal:
    """The final settlement that fixings give the oldest month of a series. Raises FixingError where
    they are too few, or its standard has no final price here.
    """
    terms, month, names = view.terms, Month.from_number(view.first_month), index_names()
    by_name = {names[index]: prices for index, prices in fixings.items() if index in names}
    standard = _standard_terms(view)
    if standard is not None:
        found = final_price(standard, month, by_name).price_micro_dollars
    else:
        own = {terms.symbol: fixings.get(terms.index, {})}
        found = round(average_of(own, terms.symbol, month.dates()))
    swap = terms.series_kind is SeriesKind.SWAP
    lot = hours(month) if swap else terms.hours
    return wire.SettleFinal(series=number, month=month.number, price=found, hours=lot)


def _standard_terms(view: SeriesView) -> SeriesTerms | None:
    """Terms of a series by the standard its symbol names; None where it was listed by an operator
    under other terms, and settles on the average of its month.
    """
    try:
        found = find_terms(parse_symbol(view.terms.symbol))
    except (ContractError, SymbolError):
        return None
    listed = (index_names().get(view.terms.index), view.terms.tick)
    return found if listed == (found.index, found.tick_micro_dollars) else None


def standing_marks(
    market: MarketView,
    waiting: Iterable[int],
    marks: Mapping[str, int],
    believed: Mapping[int, Mapping[date, int]],
    now: date,
) -> dict[str, int]:
    """Settlement prices of series that wait: the last one stands. A swap whose later months run is
    worth, by hours, what is believed of the months that wait and its mark for those that run.

    believed: price of every date before `now` by number of the index.
    """
    found = {}
    for number in waiting:
        view = market.series[number]
        symbol, running = view.terms.symbol, marks.get(view.terms.symbol)
        if running is None:
            if number in market.rows:
                found[symbol] = view.mark
            continue
        months = _months(view)
        ended = [month for month in months if month < Month.of(now)]
        value = Fraction(running * sum(hours(m) for m in months if m not in ended))
        for month in ended:
            known = believed.get(view.terms.index, {})
            prices = [known[day] for day in month.dates() if day in known] or [running]
            value += Fraction(sum(prices), len(prices)) * hours(month)
        found[symbol] = round(value / sum(map(hours, months)))
    return found


def _months(view: SeriesView) -> list[Month]:
    """Months a swap has yet to settle."""
    first, last = Month.from_number(view.first_month), Month.from_number(view.terms.last_month)
    return [first.plus(n) for n in range(last.minus(first) + 1)]


def with_standing(
    table: MarginTable, market: MarketView, waiting: Iterable[int], marks: Mapping[str, int]
) -> MarginTable:
    """A margin table with the series that wait: each keeps the row of the table in force, under the
    columns of this one; a row there is already takes the mark that stands.
    """
    columns = [(label.kind, label.group) for label in table.labels]
    before = [(label.kind, label.group) for label in market.scenarios]
    rows = [replace(r, mark_micro_dollars=marks.get(r.symbol, r.mark_micro_dollars))
            for r in table.rows]  # fmt: skip
    there = {row.symbol for row in rows}
    for number in waiting:
        symbol, row = market.series[number].terms.symbol, market.rows.get(number)
        if row is None or symbol in there:
            continue
        rows.append(
            MarginRow(
                symbol=symbol,
                mark_micro_dollars=marks.get(symbol, row.mark),
                losses_micro_dollars=aligned([x.loss for x in row.losses], before, columns),
                liquidity_micro_dollars=row.liquidity,
                concentration_lots=row.concentration_lots,
                concentration_micro_dollars=row.concentration,
                delta_millionths=row.delta,
                vega_micro_dollars=row.vega,
            )
        )
    return replace(table, rows=tuple(rows))


def aligned(
    losses: Sequence[int], before: Sequence[tuple[int, int]], after: Sequence[tuple[int, int]]
) -> tuple[int, ...]:
    """Losses of a row under the columns of another table: the first of a kind and group stays the
    first, a column more than there were has the loss of the last, one of a new group none.
    """
    known: dict[tuple[int, int], list[int]] = defaultdict(list)
    for label, loss in zip(before, losses, strict=True):
        known[label].append(loss)
    taken: Counter[tuple[int, int]] = Counter()
    found = []
    for label in after:
        of = known.get(label, [0])
        found.append(of[min(taken[label], len(of) - 1)])
        taken[label] += 1
    return tuple(found)

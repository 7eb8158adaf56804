"""What is listed on a date: the strip of months, options around the forward, calendar swaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lasalle.contracts.model import Month, hours, last_trading_time
from lasalle.contracts.standard import ContractError, Standard
from lasalle.contracts.symbols import Symbol
from lasalle.wire import SeriesKind


@dataclass(frozen=True, slots=True)
class SeriesTerms:
    """Everything a listed series is; prices in micro-dollars per GPU-hour, time in nanoseconds
    UTC.
    """

    symbol: str
    kind: SeriesKind
    months: tuple[Month, ...]
    hours_per_lot: int
    tick_micro_dollars: int
    strike_micro_dollars: int
    underlying: str
    index: str
    last_trading_time: int

    @property
    def is_option(self) -> bool:
        """Whether the series is a call or a put."""
        return self.kind in (SeriesKind.CALL, SeriesKind.PUT)

    def open_months(self, day: date) -> tuple[Month, ...]:
        """Months not yet settled on a day; a swap carries the hours of these only."""
        return tuple(month for month in self.months if month.last_day >= day)

    def open_hours(self, day: date) -> int:
        """Hours one lot still carries on a day, past months of a swap being settled."""
        return sum(hours(month) for month in self.open_months(day))


def month_strip(day: date, months: int) -> tuple[Month, ...]:
    """The month of the date and those that follow it, `months` in all."""
    first = Month.of(day)
    return tuple(first.plus(n) for n in range(months))


def series_terms(standard: Standard, symbol: Symbol) -> SeriesTerms:
    """Terms of the series a symbol names under a standard."""
    if symbol.family != standard.family:
        raise ContractError("family", standard.family, symbol.family)
    option = symbol.kind in (SeriesKind.CALL, SeriesKind.PUT)
    future = str(Symbol(symbol.family, SeriesKind.FUTURE, symbol.first_month, symbol.first_month))
    return SeriesTerms(
        symbol=str(symbol),
        kind=symbol.kind,
        months=symbol.months,
        hours_per_lot=sum(hours(month) for month in symbol.months),
        tick_micro_dollars=standard.tick_micro_dollars,
        strike_micro_dollars=symbol.strike_micro_dollars,
        underlying=future if option else standard.index,
        index=standard.index,
        last_trading_time=last_trading_time(symbol.last_month),
    )


def strikes(standard: Standard, forward_micro_dollars: int) -> tuple[int, ...]:
    """Strikes listed around a forward: each multiple rounded to the nearest step, halves up."""
    step = standard.strike_step_micro_dollars
    if forward_micro_dollars <= 0:
        raise ContractError("forward", "a positive price", forward_micro_dollars)
    rounded = {
        max(step, (forward_micro_dollars * share + 5_000 * step) // (10_000 * step) * step)
        for share in standard.strikes_per_ten_thousand
    }
    return tuple(sorted(rounded))


def series_listing(
    standard: Standard, day: date, forward_micro_dollars: Mapping[Month, int]
) -> tuple[SeriesTerms, ...]:
    """Series of a family on a date, given the forward curve by month; in symbol order within a
    kind.

    The strip starts with the month of the date. Options start there too. Swaps are the calendar
    quarters and years that lie wholly in the strip and have not begun before the date's month.
    """
    strip = month_strip(day, standard.future_months)
    missing = [str(month) for month in strip if month not in forward_micro_dollars]
    if missing:
        raise ContractError("forward_micro_dollars", f"a price for {missing[0]}", "nothing")
    named = [Symbol(standard.family, SeriesKind.FUTURE, month, month) for month in strip]
    for kind in (SeriesKind.CALL, SeriesKind.PUT):
        for month in strip[: standard.option_months]:
            for strike in strikes(standard, forward_micro_dollars[month]):
                named.append(Symbol(standard.family, kind, month, month, strike))
    for length, limit in ((3, standard.quarter_swaps), (12, standard.year_swaps)):
        starts = [month for month in strip if (month.month - 1) % length == 0]
        whole = [month for month in starts if month.plus(length - 1) <= strip[-1]]
        for month in whole[:limit]:
            named.append(Symbol(standard.family, SeriesKind.SWAP, month, month.plus(length - 1)))
    return tuple(series_terms(standard, symbol) for symbol in named)

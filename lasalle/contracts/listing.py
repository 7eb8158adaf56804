"""What is listed on a date: the blocks of each strip, strikes and bounds around the forward."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import product as pairs

from lasalle.contracts.catalogue import load_catalogue
from lasalle.contracts.model import Month, hours, nanoseconds
from lasalle.contracts.periods import Period, Unit, months_period, period_of
from lasalle.contracts.standard import ContractError, Standard, Strip
from lasalle.contracts.symbols import Form, Symbol, month_future, parse_symbol
from lasalle.wire import SeriesKind


@dataclass(frozen=True, slots=True)
class SeriesTerms:
    """Everything a listed series is; prices in micro-dollars per unit, time in nanoseconds UTC."""

    symbol: str
    kind: SeriesKind
    months: tuple[Month, ...]
    hours_per_lot: int
    """Units of one lot: hours of one accelerator, millions of tokens, thousandths of a point."""
    tick_micro_dollars: int
    strike_micro_dollars: int
    underlying: str
    index: str
    last_trading_time: int
    standard: Standard

    @property
    def is_option(self) -> bool:
        """Whether the series is a call or a put."""
        return self.kind in (SeriesKind.CALL, SeriesKind.PUT)

    @property
    def period_ends(self) -> int:
        """First nanosecond UTC after the block its symbol names."""
        return parse_symbol(self.symbol).period.ends

    def open_months(self, day: date) -> tuple[Month, ...]:
        """Months not yet settled on a day: a swap settles month by month, any other series once,
        after its last.
        """
        if self.kind is SeriesKind.SWAP:
            return tuple(month for month in self.months if month.last_day >= day)
        return self.months if self.months[-1].last_day >= day else ()

    def open_hours(self, day: date) -> int:
        """Units one lot still carries on a day, past months of a swap being settled."""
        months = self.open_months(day)
        if self.kind is SeriesKind.SWAP:
            return self.standard.lot_size * sum(hours(month) for month in months)
        return self.hours_per_lot if months else 0

    def settled_months(self) -> tuple[Month, Month]:
        """First and last month by which the core settles it: a swap month by month, any other
        series once, in the month its block ends.
        """
        last = self.months[-1]
        return (self.months[0], last) if self.kind is SeriesKind.SWAP else (last, last)


def month_strip(day: date, months: int) -> tuple[Month, ...]:
    """The month of the date and those that follow it, `months` in all."""
    first = Month.of(day)
    return tuple(first.plus(n) for n in range(months))


def months_ahead(standards: Iterable[Standard]) -> int:
    """Months for which contracts need a forward: the farthest that a strip reaches."""
    rows = [strip for standard in standards for strip in standard.strips]
    lengths = {Unit.QUARTER: 3}
    return max(s.within_months or (s.first + s.count) * lengths.get(s.unit, 1) for s in rows)


def business_day(standard: Standard, day: date) -> bool:
    """Whether a date is a business day of a contract's calendar."""
    calendar = standard.terms["calendar"]
    holidays = {(row["month"], row["day"]) for row in calendar["holiday"]}
    return day.isoweekday() in calendar["weekdays"] and (day.month, day.day) not in holidays


@lru_cache(maxsize=65_536)
def trading_ends(standard: Standard, period: Period) -> int:
    """First nanosecond at which no order is accepted in the series of a block."""
    rule = standard.terms["product"]["trading"]
    if rule["last"] == "block_end":
        return period.ends
    day, left = period.first_day, rule["business_days"]
    while left:
        day -= timedelta(days=1)
        left -= business_day(standard, day)
    return nanoseconds(datetime.combine(day, time(rule["utc_hour"]), UTC))


def series_terms(standards: Iterable[Standard], symbol: Symbol) -> SeriesTerms:
    """Terms of the series a symbol names, under the one of these contracts that lists it."""
    given = tuple(standards)
    found = [standard for standard in given if _names(standard, symbol)]
    if len(found) != 1:
        raise _of_no_contract(given, symbol)
    standard, future = found[0], month_future(symbol.family, symbol.first_month)
    averaged = symbol.form is Form.AVERAGE and symbol.is_option
    return SeriesTerms(
        symbol=str(symbol),
        kind=symbol.kind,
        months=symbol.months,
        hours_per_lot=units_per_lot(standard, symbol),
        tick_micro_dollars=standard.tick_micro_dollars,
        strike_micro_dollars=symbol.strike_micro_dollars,
        underlying=str(future) if averaged else standard.index,
        index=standard.index,
        last_trading_time=trading_ends(standard, symbol.period),
        standard=standard,
    )


def find_terms(symbol: Symbol) -> SeriesTerms:
    """Terms of the series a symbol names under the newest standards of the catalogue; of a block
    they list no more, under the newest that did."""
    catalogue = load_catalogue()
    named = catalogue.named(symbol.family, symbol.form) or catalogue.every_standard()
    if not any(_names(standard, symbol) for standard in named):
        before = [s for s in catalogue.every_version if _names(s, symbol)]
        named = (max(before, key=lambda s: s.version),) if before else named
    return series_terms(named, symbol)


def find_standard(symbol: Symbol, sha256: bytes) -> Standard:
    """The standard a series was listed under, by its digest; the newest for a series that names
    none. Raises ContractError."""
    newest = find_terms(symbol).standard
    if not any(sha256) or newest.sha256 == sha256:
        return newest
    catalogue, product = load_catalogue(), newest.terms["product"]["id"]
    for file in catalogue.products:
        if file.terms["id"] == product:
            for one in catalogue.standards(file):
                if one.sha256 == sha256:
                    return one
    raise ContractError("standard", f"one of the catalogue for {symbol}", sha256.hex())


def _of_no_contract(standards: Iterable[Standard], symbol: Symbol) -> ContractError:
    """Which part of a symbol the first is that none of these contracts has, and what they have."""
    left, against = tuple(standards), symbol.form is Form.GRADE_BASIS
    parts: tuple[tuple[str, str, Callable[[Standard], Iterable[object]]], ...] = (
        ("family", symbol.family, lambda s: (s.family,)),
        ("form", _form_said(symbol.form), lambda s: (_form_said(s.symbol_form),)),
        ("place", symbol.place, lambda s: (s.symbol_place,)),
        ("against", symbol.against, lambda s: (s.against if against else "",)),
        ("period", _block_said(symbol.period.unit, symbol.peak), _blocks_said),
        ("kind", symbol.kind.name.lower(), lambda s: (kind.name.lower() for kind in s.kinds)),
        ("accelerators", str(symbol.accelerators), lambda s: map(str, s.accelerators or (0,))),
        ("days", str(symbol.days), lambda s: map(str, s.days or (0,))),
    )
    for field, found, of in parts:
        has = {str(word) for standard in left for word in of(standard)}
        if found not in has:
            expected = " or ".join(word or "none" for word in sorted(has))
            return ContractError(field, f"{expected}, for a series", found or "none")
        left = tuple(standard for standard in left if found in map(str, of(standard)))
    return ContractError("symbol", "a series of one of these contracts", str(symbol))


def _form_said(form: Form) -> str:
    return form.name.lower().replace("_", " ")


def _block_said(unit: Unit, peak: bool) -> str:
    return f"{'peak ' if peak else ''}{unit}"


def _blocks_said(standard: Standard) -> Iterator[str]:
    return (_block_said(strip.unit, strip.peak) for strip in standard.strips)


def units_per_lot(standard: Standard, symbol: Symbol) -> int:
    """Units of one lot: the size for every hour delivered, or once."""
    if not standard.lot_per_hour:
        return standard.lot_size
    run = 24 * symbol.days if symbol.days else symbol.period.hours(peak=symbol.peak)
    return standard.lot_size * run


def _names(standard: Standard, symbol: Symbol) -> bool:
    """Whether a symbol is of the form and slice a contract is for."""
    against = standard.against if standard.symbol_form is Form.GRADE_BASIS else ""
    strip = any(symbol.period.unit is s.unit and symbol.peak == s.peak for s in standard.strips)
    return (
        strip
        and symbol.family == standard.family
        and symbol.form is standard.symbol_form
        and symbol.kind in standard.kinds
        and symbol.place == standard.symbol_place
        and symbol.against == against
        and (not symbol.accelerators or symbol.accelerators in standard.accelerators)
        and (not symbol.days or symbol.days in standard.days)
    )


def strikes(standard: Standard, forward_micro_dollars: int) -> tuple[int, ...]:
    """Strikes listed around a forward: each multiple rounded to the nearest step, halves up."""
    step = standard.strike_step_micro_dollars
    rounded = {
        max(step, _rounded(forward_micro_dollars, share, step))
        for share in standard.strikes_per_ten_thousand
    }
    return tuple(sorted(rounded))


def bounds(standard: Standard, forward_micro_dollars: int) -> tuple[tuple[int, int], ...]:
    """Floors and caps listed around a forward, each rounded to the nearest step, halves up; a cap
    is at least one step above its floor.
    """
    step = standard.strike_step_micro_dollars
    found = []
    for floor_share, cap_share in standard.bounds_per_ten_thousand:
        floor = _rounded(forward_micro_dollars, floor_share, step)
        found.append((floor, max(floor + step, _rounded(forward_micro_dollars, cap_share, step))))
    return tuple(dict.fromkeys(found))


def _rounded(forward_micro_dollars: int, share: int, step: int) -> int:
    if forward_micro_dollars <= 0:
        raise ContractError("forward", "a positive price", forward_micro_dollars)
    return (forward_micro_dollars * share + 5_000 * step) // (10_000 * step) * step


def strip_periods(strip: Strip, day: date) -> Iterator[Period]:
    """Blocks a strip has on a date, ascending."""
    if strip.unit is Unit.MONTHS:
        yield from _runs(strip, day)
        return
    first = period_of(strip.unit, day).plus(strip.first)
    yield from (first.plus(n) for n in range(strip.count))


def _runs(strip: Strip, day: date) -> Iterator[Period]:
    """Runs of months that begin a quarter, or a year, and lie wholly in the months ahead."""
    ahead = month_strip(day, strip.within_months)[strip.first :]
    starts = [month for month in ahead if (month.month - 1) % strip.months == 0]
    runs = [months_period(m, m.plus(strip.months - 1), Unit.MONTHS) for m in starts]
    yield from [run for run in runs if run.last_month <= ahead[-1]][: strip.count]


def listed_symbols(
    standard: Standard, day: date, forward_micro_dollars: Mapping[Month, int]
) -> Iterator[Symbol]:
    """Symbols of a contract on a date, given the forward by month where strikes or bounds need
    it. What has stopped trading when the date begins, and everything on a day that is no business
    day, is left out.
    """
    if not business_day(standard, day):
        return
    begins = nanoseconds(datetime.combine(day, time(), UTC))
    open_blocks = [
        (strip.peak, period)
        for strip in standard.strips
        for period in strip_periods(strip, day)
        if trading_ends(standard, period) > begins
    ]
    for kind in standard.kinds:
        for peak, period in open_blocks:
            yield from _symbols(standard, kind, period, peak, forward_micro_dollars)


def _symbols(
    standard: Standard,
    kind: SeriesKind,
    period: Period,
    peak: bool,
    forward_micro_dollars: Mapping[Month, int],
) -> Iterator[Symbol]:
    form, family, place = standard.symbol_form, standard.family, standard.symbol_place
    against = standard.against if form is Form.GRADE_BASIS else ""
    if not standard.strike_step_micro_dollars:
        yield Symbol(family, kind, period, form=form, place=place, against=against, peak=peak)
        return
    month = period.last_month if period.unit is Unit.WEEK else period.first_month
    forward = forward_micro_dollars.get(month)
    if forward is None:
        raise ContractError("forward_micro_dollars", f"a price for {month}", "nothing")
    for floor, cap in bounds(standard, forward):
        yield Symbol(
            family, kind, period, form=form, floor_micro_dollars=floor, cap_micro_dollars=cap
        )
    gangs = pairs(standard.accelerators or (0,), standard.days or (0,))
    for accelerators, days in gangs:
        for strike in strikes(standard, forward):
            yield Symbol(
                family,
                kind,
                period,
                strike,
                form=form,
                place=place,
                accelerators=accelerators,
                days=days,
            )


def series_listing(
    standards: Iterable[Standard], day: date, forward_micro_dollars: Mapping[Month, int]
) -> tuple[SeriesTerms, ...]:
    """Series of contracts on a date, given the forward curve by month: contract by contract, in
    symbol order within a kind.
    """
    return tuple(
        series_terms((standard,), symbol)
        for standard in standards
        for symbol in listed_symbols(standard, day, forward_micro_dollars)
    )


def check_listable(terms: SeriesTerms, indices: Iterable[str], *, delivery: bool = False) -> None:
    """Refuses a series whose settlement nothing stands for: physical delivery where the law in
    force knows none, or an index that is not among those published.
    """
    if terms.standard.delivers and not delivery:
        expected = "a series settled in cash: delivery is listed under a law that knows it"
        raise ContractError("listing", expected, terms.symbol)
    needed = [terms.index, terms.standard.terms["contract"].get("against_index", terms.index)]
    for index in needed:
        if index not in set(indices):
            expected = f"a series on a published index: {index} is not published"
            raise ContractError("listing", expected, terms.symbol)

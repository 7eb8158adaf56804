"""Quotes of a house's listed options on month averages, as implied volatility reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lasalle.client import Asking, Client
from lasalle.client.shapes import Fixing
from lasalle.contracts import Month, numbered_day
from lasalle.indices.family import MonthQuotes, OptionQuote
from lasalle.indices.family.derived import Truth
from lasalle.views import MarketView
from lasalle.wire import SeriesKind, SeriesState, Side


@dataclass(frozen=True, slots=True)
class ListedOption:
    """A listed option with its best bid and offer; micro-dollars, 0 where there is none."""

    month: Month
    strike: int
    call: bool
    bid: int
    ask: int


def month_quotes(
    options: Iterable[ListedOption], fixings: Mapping[date, int], day: date
) -> list[MonthQuotes]:
    """Months with options and dates to come after `day`.

    A month that has begun needs its fixings up to the day: one of them missing, the month is left
    out, because what is known of its average is not known.
    """
    by_month: dict[Month, dict[int, dict[bool, ListedOption]]] = defaultdict(dict)
    for option in options:
        by_month[option.month].setdefault(option.strike, {})[option.call] = option
    found = []
    for month, strikes in sorted(by_month.items()):
        to_come = [one for one in month.dates() if one > day]
        known = [fixings.get(one, 0) for one in month.dates() if one <= day]
        if to_come and all(known):
            quotes = tuple(_quote(strike, sides) for strike, sides in sorted(strikes.items()))
            first, last = (to_come[0] - day).days, (to_come[-1] - day).days
            found.append(MonthQuotes(month.number, month.days, first, last, sum(known), quotes))
    return found


def _quote(strike: int, sides: Mapping[bool, ListedOption]) -> OptionQuote:
    call, put = sides.get(True), sides.get(False)
    return OptionQuote(
        strike,
        *((call.bid, call.ask) if call else (0, 0)),
        *((put.bid, put.ask) if put else (0, 0)),
    )


def option_quotes(
    market: MarketView, index: int, day: date, provisional: Mapping[date, int] | None = None
) -> list[MonthQuotes]:
    """Months with options on an index, by the books of an open house now. provisional: prices of
    dates that are not final, and so not on the log.
    """
    options = [
        ListedOption(
            Month.from_number(view.terms.first_month),
            view.terms.strike,
            view.terms.series_kind is SeriesKind.CALL,
            max(view.levels[Side.BUY], default=0),
            min(view.levels[Side.SELL], default=0),
        )
        for view in list(market.series.values())
        if view.terms.index == index
        and view.state != SeriesState.EXPIRED
        and view.terms.series_kind in (SeriesKind.CALL, SeriesKind.PUT)
    ]
    fixings = dict(provisional or {}) | {
        numbered_day(fixing.day): fixing.price
        for fixing in market.fixings
        if fixing.index == index and fixing.price > 0
    }
    return month_quotes(options, fixings, day)


@dataclass(frozen=True, slots=True)
class AskedQuotes:
    """What a served house says of the options on an index."""

    day: date
    """Of its last fixing."""
    months: list[MonthQuotes]
    truth: Truth
    """Modelled where its own maker quotes them; simulated where a fixing of the month is made up.
    """


def asked_quotes(client: Client, index: int, wanted: date | None = None) -> AskedQuotes:
    """Months with options on an index by the books of a served house now, which is the day of its
    last fixing. Raises ValueError for another day that is wanted, before a book is asked for.
    """
    asking = Asking("GET", "/v1/fixings", list[Fixing], within="fixings", every_page=True)
    told = [fixing for fixing in client.ask(asking) if fixing.index == index]
    fixings = {numbered_day(f.day): round(Decimal(f.price) * 1_000_000) for f in told}
    if not fixings:
        raise ValueError(f"fixings: expected some of index {index}, found none")
    day = max(fixings)
    if wanted not in (None, day):
        raise ValueError(f"day: expected {day}, the last fixing of this house, found {wanted}")
    months = month_quotes(_asked(client, index), fixings, day)
    first = int(f"{day:%Y%m}01")
    made_up = any(fixing.simulated for fixing in told if fixing.day >= first)
    return AskedQuotes(day, months, Truth(made_up, bool(client.status()["demo"])))


def _asked(client: Client, index: int) -> Iterator[ListedOption]:
    for series in client.series():
        if series.index != index or series.kind not in ("call", "put"):
            continue
        if series.state == "expired":
            continue
        book, tick = client.book(series.symbol), series.tick_micro_dollars
        yield ListedOption(
            Month.from_number(series.first_month),
            round(Decimal(series.strike) * 1_000_000),
            series.kind == "call",
            book.bids[0].price_ticks * tick if book.bids else 0,
            book.asks[0].price_ticks * tick if book.asks else 0,
        )

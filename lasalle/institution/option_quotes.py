"""Quotes of a house's listed options on month averages, as implied volatility reads them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from lasalle.contracts import Month, numbered_day
from lasalle.indices.family import MonthQuotes, OptionQuote
from lasalle.views import MarketView
from lasalle.views.market import SeriesView
from lasalle.wire import SeriesKind, SeriesState, Side

Sides = tuple[int, int]
"""Best bid and offer, micro-dollars; 0 where there is none."""


def option_quotes(market: MarketView, index: int, day: date) -> list[MonthQuotes]:
    """Months with options on an index and dates to come after `day`, by their books now.

    A month that has begun needs its fixings up to the day: one of them missing, the month is left
    out, because what is known of its average is not known.
    """
    by_month: dict[Month, dict[int, dict[SeriesKind, Sides]]] = defaultdict(dict)
    for view in market.series.values():
        terms = view.terms
        if terms.index != index or view.state == SeriesState.EXPIRED:
            continue
        if terms.series_kind in (SeriesKind.CALL, SeriesKind.PUT):
            month = Month.from_number(terms.first_month)
            by_month[month].setdefault(terms.strike, {})[terms.series_kind] = _best(view)
    fixings = {
        numbered_day(fixing.day): fixing.price
        for fixing in market.fixings
        if fixing.index == index and fixing.price > 0
    }
    found = []
    for month, strikes in sorted(by_month.items()):
        to_come = [one for one in month.dates() if one > day]
        known = [fixings.get(one) for one in month.dates() if one <= day]
        if not to_come or None in known:
            continue
        found.append(
            MonthQuotes(
                month=month.number,
                days=month.days,
                first_to_come=(to_come[0] - day).days,
                last_to_come=(to_come[-1] - day).days,
                known=sum(price for price in known if price is not None),
                quotes=tuple(
                    OptionQuote(
                        strike,
                        *sides.get(SeriesKind.CALL, (0, 0)),
                        *sides.get(SeriesKind.PUT, (0, 0)),
                    )
                    for strike, sides in sorted(strikes.items())
                ),
            )
        )
    return found


def _best(view: SeriesView) -> Sides:
    return max(view.levels[Side.BUY], default=0), min(view.levels[Side.SELL], default=0)

"""What a plan sees: the board of a day from the maker's model, or that of a served house."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, date, datetime
from typing import Any

from lasalle.clearing import Held, Published, published, read_published, requirement
from lasalle.client.asking import Asking, asking_book, asking_series, asking_status
from lasalle.client.shapes import Series
from lasalle.contracts import Form, Month, SeriesKind, SeriesTerms, month_strip, parse_symbol
from lasalle.contracts.listing import find_terms
from lasalle.hedging.plan.board import Quoted
from lasalle.hedging.plan.drawing import PriceLaw
from lasalle.hedging.plan.instruments import Level
from lasalle.hedging.plan.market import Implied, Market
from lasalle.hedging.plan.volatility import implied_of
from lasalle.indices import Fixing
from lasalle.institution.asked_fixings import asked_fixings
from lasalle.institution.study_model import Model
from lasalle.making import Quote, quotes_around
from lasalle.pricing import CurveAssumptions, CurveModel, fit, month_curve

STATES = {
    "closed": "shut",
    "listed": "not open yet",
    "pre_open": "in its opening auction",
    "pre_close": "in its closing auction",
    "paused": "paused",
}
"""States of a series in which no book can be bought from, as whoever waits calls them."""


def price_law(model: CurveModel) -> PriceLaw:
    """The two factors of a curve model, as the planner draws them."""
    share = model.assumptions.long_share
    return PriceLaw(
        reversion=model.assumptions.reversion,
        passing=model.volatility * math.sqrt(1 - share),
        lasting=model.volatility * math.sqrt(share),
        premium=model.assumptions.risk_premium,
    )


def modelled_market(
    day: date,
    fixings: Sequence[Fixing],
    months: Sequence[Month],
    assumptions: CurveAssumptions | None = None,
    source: str = "",
    *,
    margined: bool = True,
) -> Market:
    """The board of a day as the house's own maker would quote it, from fixings before it alone;
    without its margin where nobody asks for it.

    Raises ValueError where no fixing is known by then.
    """
    known = [one for one in fixings if one.day < day]
    if not known:
        raise ValueError(f"--day: expected a day after the first fixing, found {day}")
    model = Model(known, assumptions or CurveAssumptions())
    curve = model.curve(day)
    listing = model.listing(day, tuple(months))
    quotes = quotes_around(model.values(day, listing), {}, model.maker)
    table = published(model.table(day, listing), 1, listing) if margined else None
    terms = {one.symbol: one for one in listing}
    strip = month_strip(day, len(months))
    forward = month_curve(curve, model.prices(day), strip)
    board = tuple(_quoted(terms[quote.symbol], quote, table) for quote in quotes)
    calls = {one.months[0] for one in listing if one.kind is SeriesKind.CALL}
    observed = model.observed(day)
    return Market(
        day=day,
        curve={month: forward[month].value for month in strip},
        law=price_law(curve),
        board=board,
        said=(
            f"index: {source or 'as given'}; {len(known)} fixings before {day},"
            f" {observed} observed",
            "forward curve, quotes and depth: MODELLED, the maker's two factors fitted on them,"
            f" volatility {curve.volatility:.0%} a year, premium"
            f" {curve.assumptions.risk_premium:.0%} a year",
        ),
        # The maker's own: what rounding to ticks makes of it would be read from its quotes.
        implied=tuple(
            Implied(month, forward[month].deviation, curve.volatility)
            for month in strip
            if month in calls and forward[month].share == 1.0
        ),
    )


def _quoted(terms: SeriesTerms, quote: Quote, table: Published | None) -> Quoted:
    asks = (Level(quote.ask_price / 1e6, float(quote.ask_lots)),) if quote.ask_lots else ()
    bids = (Level(quote.bid_price / 1e6, float(quote.bid_lots)),) if quote.bid_lots else ()
    margin = margin_of_a_lot(terms.symbol, table) if table else (0.0, 0.0)
    return Quoted(terms, asks, bids, *margin)


def margin_of_a_lot(symbol: str, table: Published) -> tuple[float, float]:
    """Initial margin of one lot alone, long and short, dollars.

    A position of several series is asked no more than its lots one by one.
    """
    long, short = (requirement({symbol: Held(lots)}, table).initial / 1e6 for lots in (1, -1))
    return long, short


def served_market(
    ask: Callable[[Asking[Any]], Any],
    grade: str,
    location: str,
    months: Callable[[date], Sequence[Month]],
) -> Market:
    """The board of a served house: books, margin table, curve and fixings as anyone reads them.

    `months` gives the months wanted, from the day of the newest curve on. Raises ValueError where
    the house lists no family of the grade, or none on an index of the location.
    """
    listed = ask(asking_series())
    family = [one for one in listed if one.symbol.startswith(f"{grade}-")]
    if not family:
        names = {one.symbol.partition("-")[0].partition(".")[0] for one in listed}
        known = ", ".join(sorted(names))
        raise ValueError(f"grade: expected a family the house lists, {known}; found {grade}")
    # An index without a place in its name, as of tokens, is of every place.
    index = f"{grade}-{location}"
    names = {one.index_name for one in family}
    if index not in names and grade not in names:
        places = sorted(name.removeprefix(f"{grade}-") for name in names)
        raise ValueError(f"location: expected one of {', '.join(places)}, found {location}")
    index = index if index in names else grade
    series = [one for one in family if one.index_name == index]
    told = ask(Asking("GET", f"/v1/curves/{index}", dict[str, Any], repeatable=True))
    curve = {
        Month.from_number(row["month"]): row["forward_micro_dollars"] / 1e6
        for row in told["months"]
    }
    day = _read_day(told["day"])
    wanted = set(months(day))
    model = fit(sorted(asked_fixings(ask, series[0].index).items()))
    table = read_published(
        ask(Asking("GET", "/v1/margin/tables/current", dict[str, Any], repeatable=True))
    )
    status = ask(asking_status())
    useful = [one for one in series if _terms(one.symbol, wanted)]
    if useful and not any(one.state == "open" for one in useful):
        raise ValueError(shut_words(Counter(one.state for one in useful), status))
    board = _served_board(ask, useful, wanted, table)
    ahead = [month for month in curve if month > Month.of(model.fitted_on)]
    averages = month_curve(model, {}, ahead)
    return Market(
        day=day,
        curve=curve,
        law=price_law(model),
        board=tuple(board),
        said=(
            f"books, margin table {table.table} and the curve of {index} of {day}: as the house"
            " serves them",
            f"what is real and what is simulated there: {_real(status)}",
            f"volatility {model.volatility:.0%} a year: MODELLED, fitted on {model.fixings} fixings"
            f" of {index}",
        ),
        implied=implied_of(board, curve, averages, model.volatility),
    )


def _served_board(
    ask: Callable[[Asking[Any]], Any],
    useful: Sequence[Series],
    wanted: Set[Month],
    table: Published,
) -> list[Quoted]:
    """Open series that have a margin row, each with its book."""
    board = []
    for one in useful:
        terms = _terms(one.symbol, wanted)
        if terms is None or one.state != "open":
            continue
        book = ask(asking_book(one.symbol))
        asks, bids = (
            tuple(Level(float(level.price), float(level.lots)) for level in side)
            for side in (book.asks, book.bids)
        )
        if one.symbol in table.by_symbol:
            fee = float(one.taker_fee) + float(one.clearing_fee)
            board.append(Quoted(terms, asks, bids, *margin_of_a_lot(one.symbol, table), fee))
    return board


def shut_words(states: Mapping[str, int], status: Mapping[str, Any]) -> str:
    """That nothing trades now, why, and when it does again by the day the house tells."""
    most = max(states, key=lambda state: states[state])
    why = STATES.get(most, most)
    if status.get("halted"):
        return (
            "market: expected one that trades, found it halted by the house's operators; the status"
            " of the house says when it trades again"
        )
    schedule = str(status.get("schedule", ""))
    opens = re.search(r"open (\d\d:\d\d) to", schedule)
    clock = datetime.fromtimestamp(int(status.get("venue_time", 0)) / 1e9, UTC)
    when = f"; it opens at {opens[1]} UTC" if opens else ""
    day = f". Its day: {schedule}" if schedule else ""
    return (
        f"market: expected one that trades, found it {why} at {clock:%H:%M} UTC by the house's"
        f" clock{when}: plan then, when there are prices to plan on{day}"
    )


def _terms(symbol: str, wanted: Set[Month]) -> SeriesTerms | None:
    """Terms of a listed series that a plan of some months may use; None for any other."""
    named = parse_symbol(symbol)
    terms = find_terms(named) if named.form is Form.AVERAGE else None
    return terms if terms is not None and set(terms.months) <= wanted else None


def _read_day(told: int | str) -> date:
    """A day as the house writes it."""
    return date.fromisoformat(str(told))


def _real(status: Mapping[str, Any]) -> str:
    found = {name: status[name] for name in ("real", "simulated") if name in status}
    return "; ".join(
        f"{name}: {said if isinstance(said, str) else ', '.join(map(str, said)) or 'nothing'}"
        for name, said in found.items()
    )

"""What a plan sees: the board of a day from the maker's model, or that of a served house."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from lasalle.clearing import Held, Published, published, requirement
from lasalle.contracts import Month, SeriesTerms, month_strip
from lasalle.hedging.plan.board import Quoted
from lasalle.hedging.plan.drawing import PriceLaw
from lasalle.hedging.plan.instruments import Level
from lasalle.hedging.plan.planning import Market
from lasalle.indices import Fixing
from lasalle.institution.study_model import Model
from lasalle.making import Quote, quotes_around
from lasalle.pricing import CurveAssumptions, CurveModel, month_curve


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
) -> Market:
    """The board of a day as the house's own maker would quote it, from fixings before it alone.

    Raises ValueError where no fixing is known by then.
    """
    known = [one for one in fixings if one.day < day]
    if not known:
        raise ValueError(f"--day: expected a day after the first fixing, found {day}")
    model = Model(known, assumptions or CurveAssumptions())
    curve = model.curve(day)
    listing = model.listing(day, tuple(months))
    quotes = quotes_around(model.values(day, listing), {}, model.maker)
    table = published(model.table(day, listing), 1, listing)
    terms = {one.symbol: one for one in listing}
    strip = month_strip(day, len(months))
    forward = month_curve(curve, model.prices(day), strip)
    board = tuple(_quoted(terms[quote.symbol], quote, table) for quote in quotes)
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
    )


def _quoted(terms: SeriesTerms, quote: Quote, table: Published) -> Quoted:
    asks = (Level(quote.ask_price / 1e6, float(quote.ask_lots)),) if quote.ask_lots else ()
    bids = (Level(quote.bid_price / 1e6, float(quote.bid_lots)),) if quote.bid_lots else ()
    return Quoted(terms, asks, bids, *margin_of_a_lot(terms.symbol, table))


def margin_of_a_lot(symbol: str, table: Published) -> tuple[float, float]:
    """Initial margin of one lot alone, long and short, dollars.

    A position of several series is asked no more than its lots one by one.
    """
    long, short = (requirement({symbol: Held(lots)}, table).initial / 1e6 for lots in (1, -1))
    return long, short

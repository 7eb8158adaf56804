"""Orders as programs write them: symbols, ticks or decimal prices, client order ids."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from lasalle import wire
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.views import MarketView
from lasalle.views.market import SeriesView

MICRO = 1_000_000
Id = Annotated[int, Meta(ge=1, le=2**32 - 1)]
Session = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Lots = Annotated[int, Meta(ge=-(2**62), le=2**62)]
Number = Annotated[int, Meta(ge=0, le=2**62)]
Label = Annotated[int, Meta(ge=0)]
Ticks = Annotated[int, Meta(ge=0, le=2**53)]
Price = Annotated[
    str,
    Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$", description="USD per unit, exact, as 6.35"),
]
Reference = Annotated[str, Meta(max_length=32, pattern=r"^[ -~]*$")]
Time = Number | Annotated[str, Meta(pattern=r"^[0-9]{1,19}$")]
"""Nanoseconds UTC; digits in text for programs whose numbers have fewer than 64 bits."""
Symbol = Annotated[str, Meta(max_length=32)]


class NewOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order: a price is whole ticks or decimal text, never both; times are nanoseconds UTC."""

    account: Id
    symbol: Symbol
    side: Literal["buy", "sell"]
    lots: Lots
    price_ticks: Ticks | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    stop_price_ticks: Ticks | UnsetType = UNSET
    stop_price: Price | UnsetType = UNSET
    order_type: Literal["limit", "market", "stop", "stop_limit"] = "limit"
    time_in_force: Literal["day", "gtc", "gtd", "ioc", "fok"] = "gtc"
    self_trade: Literal["cancel_newest", "cancel_oldest", "cancel_both", "decrement"] = (
        "cancel_newest"
    )
    post_only: bool = False
    close_out: bool = False
    display_lots: Lots = 0
    minimum_lots: Lots = 0
    expiry: Time = 0
    session: Session | UnsetType = UNSET
    label: Label = 0
    client_order_id: Reference = ""
    reference_time: Time = 0


class NewTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other terms of an order: what is not said stays."""

    lots: Lots | UnsetType = UNSET
    price_ticks: Ticks | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    client_order_id: Reference = ""
    reference_time: Time = 0


class NewQuote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both sides of a quote; no lots, no side."""

    symbol: Symbol
    bid_ticks: Ticks = 0
    bid_lots: Lots = 0
    ask_ticks: Ticks = 0
    ask_lots: Lots = 0


class NewQuotes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Quotes that replace the account's quotes in the series they name, all or none."""

    account: Id
    quotes: Annotated[list[NewQuote], Meta(max_length=wire.Bound.QUOTES)]
    self_trade: Literal["cancel_newest", "cancel_oldest", "cancel_both", "decrement"] = (
        "cancel_newest"
    )
    session: Session | UnsetType = UNSET
    label: Label = 0


def series_named(market: MarketView, symbol: str) -> SeriesView:
    """A listed series. Raises Denied (series_unknown)."""
    view = market.by_symbol.get(symbol)
    if view is None:
        raise Denied(
            f"symbol {symbol[:40]}: expected a listed symbol",
            name="series_unknown",
            field="symbol",
            found=symbol[:40],
        )
    return view


def place(market: MarketView, order: NewOrder, session: int = 0) -> wire.PlaceOrder:
    """The command of an order; `session` is the one it bears when it names none."""
    terms = series_named(market, order.symbol).terms
    return wire.PlaceOrder(
        account=order.account,
        series=terms.series,
        side=wire.Side[order.side.upper()],
        order_type=wire.OrderType[order.order_type.upper()],
        time_in_force=wire.TimeInForce[order.time_in_force.upper()],
        self_trade=wire.SelfTrade[order.self_trade.upper()],
        post_only=order.post_only,
        close_out=order.close_out,
        price=micro_dollars("price", order.price_ticks, order.price, terms.tick),
        lots=order.lots,
        display_lots=order.display_lots,
        minimum_lots=order.minimum_lots,
        stop_price=micro_dollars(
            "stop_price", order.stop_price_ticks, order.stop_price, terms.tick
        ),
        expiry=int(order.expiry),
        session=session if order.session is UNSET else order.session,
        label=order.label,
        reference=order.client_order_id,
        reference_time=int(order.reference_time),
    )


def mass_quote(market: MarketView, quotes: NewQuotes, session: int = 0) -> wire.MassQuote:
    """The command of a list of quotes."""
    legs = []
    for quote in quotes.quotes:
        terms = series_named(market, quote.symbol).terms
        bid, ask = quote.bid_ticks * terms.tick, quote.ask_ticks * terms.tick
        legs.append(
            wire.Quote(
                terms.series,
                _fits("bid_ticks", bid),
                quote.bid_lots,
                _fits("ask_ticks", ask),
                quote.ask_lots,
            )
        )
    return wire.MassQuote(
        account=quotes.account,
        self_trade=wire.SelfTrade[quotes.self_trade.upper()],
        session=session if quotes.session is UNSET else quotes.session,
        label=quotes.label,
        quotes=tuple(legs),
    )


def micro_dollars(name: str, ticks: int | UnsetType, text: str | UnsetType, tick: int) -> int:
    """A price given as ticks or as decimal text; 0 when it is not given. Raises BadCommand."""
    if ticks is not UNSET and text is not UNSET:
        raise BadCommand(name, f"either {name}_ticks or {name}", "both")
    if ticks is not UNSET:
        return _fits(f"{name}_ticks", ticks * tick)
    return 0 if text is UNSET else int(Decimal(text) * MICRO)


def _fits(name: str, price: int) -> int:
    if price >= 2**63:
        raise BadCommand(name, f"at most {wire.Bound.PRICE_TICKS} ticks", str(price))
    return price

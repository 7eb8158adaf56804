"""Settlement prices by a published waterfall: closing auction, last trades, quotes, curve.

The first step that has a price gives it, and the price says which step that was. A price that
lies too far from the curve is passed over, so that no few lots at the close move a settlement.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from importlib import resources
from typing import Any, NamedTuple

from lasalle.wire import PriceStep

SECOND = 10**9
STEPS = ("auction", "trades", "quotes", "intraday")


class WaterfallError(ValueError):
    """A term of the waterfall or of calls is missing or unknown; says expected and found."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """What each step needs. Shares are of the curve, of the middle, or of the mark in force."""

    farthest: Fraction
    auction_least_lots: int
    trades_seconds: int
    trades_most: int
    trades_least_lots: int
    quotes_least_lots: int
    quotes_widest: Fraction
    intraday_every_seconds: int
    intraday_least_move: Fraction
    intraday_alarm_move: Fraction


@dataclass(frozen=True, slots=True)
class CallTerms:
    """Seconds to meet a call, and the share of its cover that an account may be required between
    settlements before it is called."""

    daily_seconds: int
    intraday_seconds: int
    intraday_share: Fraction


class Print(NamedTuple):
    """A trade: nanoseconds UTC, micro-dollars per unit, lots."""

    time: int
    price: int
    lots: int


class Level(NamedTuple):
    """The best price of a side, micro-dollars per unit, and its lots: none when there is none."""

    price: int = 0
    lots: int = 0


NO_LEVEL = Level()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a series: its price on the curve, micro-dollars per unit; trades of its
    closing auction; trades before it, oldest first; the best bid and offer; when it closed, or now;
    `scale` is what shares are of where that is not the price itself, as of a basis around its par.
    """

    curve: int
    until: int
    auction: Sequence[Print] = ()
    trades: Sequence[Print] = ()
    bid: Level = NO_LEVEL
    ask: Level = NO_LEVEL
    scale: int = 0


class Found(NamedTuple):
    """A settlement price, at least one micro-dollar per unit, and the step that gave it."""

    price: int
    step: PriceStep


def read_rows(name: str) -> dict[str, Any]:
    """A table of the clearing desk; fractions are read as they are written."""
    path = resources.files("lasalle.clearing") / "table" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Fraction)


def load_waterfall() -> Waterfall:
    """The waterfall in force."""
    rows = read_rows("waterfall")
    flat = {"farthest": rows.pop("farthest", None)}
    for step, terms in rows.items():
        flat |= {f"{step}_{name}": value for name, value in terms.items()}
    return Waterfall(**_checked(Waterfall, flat))


def load_call_terms() -> CallTerms:
    """The terms of margin calls in force."""
    return CallTerms(**_checked(CallTerms, read_rows("calls")))


def _checked(kind: type[Any], found: dict[str, Any]) -> dict[str, Any]:
    expected = {field.name for field in fields(kind)}
    if set(found) != expected:
        raise WaterfallError(f"expected {sorted(expected)}, found {sorted(found)}")
    for name, value in found.items():
        if not isinstance(value, int | Fraction) or value < 0:
            raise WaterfallError(f"{name}: expected a number of at least 0, found {value!r}")
    return found


def settlement_price(known: Evidence, terms: Waterfall) -> Found:
    """The first step of the waterfall that has a price near the curve."""
    for price, step in (
        (_average(known.auction, terms.auction_least_lots), PriceStep.AUCTION),
        (_last_trades(known, terms), PriceStep.TRADES),
        (_middle(known, terms), PriceStep.QUOTES),
    ):
        if price and abs(price - known.curve) <= terms.farthest * (known.scale or known.curve):
            return Found(price, step)
    return Found(max(1, known.curve), PriceStep.CURVE)


def _average(prints: Sequence[Print], least: int) -> int:
    """Average weighted by lots, rounded half to even; 0 for too few of them."""
    lots = sum(p.lots for p in prints)
    if lots < max(1, least):
        return 0
    return round(Fraction(sum(p.price * p.lots for p in prints), lots))


def _last_trades(known: Evidence, terms: Waterfall) -> int:
    since = known.until - terms.trades_seconds * SECOND
    late = [p for p in known.trades[-terms.trades_most :] if since < p.time <= known.until]
    return _average(late, terms.trades_least_lots)


def _middle(known: Evidence, terms: Waterfall) -> int:
    bid, ask = known.bid, known.ask
    if min(bid.lots, ask.lots) < max(1, terms.quotes_least_lots):
        return 0
    middle = Fraction(bid.price + ask.price, 2)
    if ask.price - bid.price > terms.quotes_widest * (known.scale or middle):
        return 0
    return round(middle)

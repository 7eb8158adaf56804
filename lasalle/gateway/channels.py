"""Public channels of the stream, and the snapshots a reader starts from."""

from __future__ import annotations

from typing import Any

from lasalle.gateway.faults import BadCommand
from lasalle.gateway.stream import written
from lasalle.indices.family.listed import derived_names
from lasalle.indices.published import published_methods
from lasalle.views import MarketView
from lasalle.views.market import trade_row

TRADES_FIRST = 100
MOST_CHANNELS = 1_000
CHANNELS = ("book", "trades", "fixings", "no_fixes", "indices", "derived", "curves", "status")

INDICES = frozenset(index for index, _ in published_methods())
NARROWED = {"indices": INDICES, "curves": INDICES, "derived": derived_names()}
"""What a channel that tells no series may be narrowed to."""


def channels(market: MarketView, listed: Any) -> frozenset[str]:
    """Channels a reader names: `book`, `trades.SYMBOL` and so on. Raises BadCommand."""
    if not isinstance(listed, list) or len(listed) > MOST_CHANNELS:
        raise BadCommand("channels", f"a list of at most {MOST_CHANNELS} names", listed)
    for name in listed:
        channel, _, symbol = name.partition(".") if isinstance(name, str) else ("", "", "")
        known = NARROWED.get(channel, market.by_symbol)
        if channel not in CHANNELS or (symbol and symbol not in known):
            raise BadCommand("channels", f"{', '.join(CHANNELS)} or one of them.SYMBOL", name)
    return frozenset(listed)


def arrival(market: MarketView, wanted: frozenset[str]) -> bytes:
    """What a reader gets first: the books it wants, and the last trades, newest first."""
    views = [
        v
        for v in market.series.values()
        if not wanted or "book" in wanted or f"book.{v.terms.symbol}" in wanted
    ]
    recent = sorted(((h, e, v) for v in views for h, e in v.trades), key=lambda t: -t[0].number)
    return written(
        {
            "channel": "snapshot",
            "seq": market.last_event,
            "books": [v.book() for v in views],
            "trades": [trade_row(v, h, e) for h, e, v in recent[:TRADES_FIRST]],
        }
    )


def fresh(market: MarketView, symbol: str | None, wanted: frozenset[str]) -> bytes:
    """A snapshot a reader asks for after a gap: one book, or all it wants. Raises BadCommand."""
    if symbol is None:
        return arrival(market, wanted)
    if symbol not in market.by_symbol:
        raise BadCommand("symbol", "a listed symbol", symbol)
    return written({"channel": "snapshot", "books": [market.by_symbol[symbol].book()]})

"""The maker's words to the core: its quotes as mass quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lasalle import wire
from lasalle.making.model import Quote


def quote_commands(
    account: int, found: Sequence[Quote], series: Mapping[str, int]
) -> list[wire.MassQuote]:
    """Mass quotes of an account, each of at most the schema's bound; `series` gives numbers by
    symbol.
    """
    legs = [
        wire.Quote(series[q.symbol], q.bid_price, q.bid_lots, q.ask_price, q.ask_lots)
        for q in found
    ]
    size = wire.Bound.QUOTES
    return [
        wire.MassQuote(
            account=account,
            self_trade=wire.SelfTrade.CANCEL_NEWEST,
            quotes=tuple(legs[i : i + size]),
        )
        for i in range(0, len(legs), size)
    ]

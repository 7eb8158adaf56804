"""The venue's own trades and quotes, from the views of an open house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as arrow

from lasalle.contracts import ContractError, SymbolError, find_terms, parse_symbol
from lasalle.indices.evidence import Unit
from lasalle.indices.sources import Reading
from lasalle.indices.sources.venue import VenuePrice, VenueSeries, venue_evidence
from lasalle.views import History, MarketView
from lasalle.wire import Side

TRADES_AT_ONCE = 1_000


@dataclass(frozen=True)
class VenueSource:
    """Trades that history keeps, and the best offer to sell as the market view has it now.

    `series` says what a symbol is; None leaves it out. `now` is the venue's time, at which the
    resting offers stand.
    """

    market: MarketView
    history: History
    series: Callable[[str], VenueSeries | None]
    now: Callable[[], int]
    with_beliefs: bool = False
    name: str = "lasalle-venue"
    origin: str = "LaSalle's own journal"
    licence: str = "LaSalle's own"
    live: str = "this house"

    def reading(self, since: int, until: int) -> Reading:
        """Rows of the window and what was refused; a resting offer is of this moment alone."""
        prices = [*self._trades(since, until), *self._asks(since, until)]
        return venue_evidence(
            prices, since, until, source=self.name, with_beliefs=self.with_beliefs
        )

    def read(self, since: int, until: int) -> arrow.Table:
        """The admitted rows of `reading`."""
        return self.reading(since, until).evidence

    def _trades(self, since: int, until: int) -> Iterator[VenuePrice]:
        for number, view in sorted(self.market.series.items()):
            series = self.series(view.terms.symbol)
            if series is None:
                continue
            before = 0
            while page := self.history.trades(number, before, TRADES_AT_ONCE):
                for trade in page:
                    if since <= trade.time < until and not trade.busted:
                        terms = trade.terms
                        yield VenuePrice(series, trade.time, terms.price, terms.lots, trade.trade)
                before = page[0].trade
                if page[0].time < since:
                    break

    def _asks(self, since: int, until: int) -> Iterator[VenuePrice]:
        now = self.now()
        if not since <= now < until:
            return
        for _, view in sorted(self.market.series.items()):
            series, levels = self.series(view.terms.symbol), dict(view.levels[Side.SELL])
            if series is not None and levels:
                best = min(levels)
                yield VenuePrice(series, now, best, levels[best], view.seq, resting=True)


def venue_series(symbol: str) -> VenueSeries | None:
    """What a series of the house is to evidence, by the standard its symbol names; None for one
    that was listed under other terms.
    """
    try:
        terms = find_terms(parse_symbol(symbol))
    except (ContractError, SymbolError):
        return None
    slice_, location = terms.standard.terms["slice"], terms.standard.terms["location"]
    graded = slice_["kind"] == "grade"
    months = terms.months
    return VenueSeries(
        symbol=symbol,
        grade=str(slice_["id"]),
        location=str(location["id"]) if graded else "",
        tenor_days=(months[-1].last_day - months[0].first_day).days + 1,
        lot_units=terms.standard.lot_size,
        cash_settled=terms.standard.terms["product"]["settlement"]["method"] == "cash",
        unit=Unit.GPU_HOUR if graded else Unit.MILLION_TOKENS,
    )

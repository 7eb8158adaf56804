"""A venue on which work is delivered, asked as a client asks, without a socket between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from lasalle import wire
from lasalle.client.asking import Asking
from lasalle.client.calls import WaitingCalls
from lasalle.delivery.invoice import TaxRow
from lasalle.gateway.answers import Tellings, answered
from lasalle.gateway.commands import COMMANDS, build, read_object
from lasalle.gateway.deliveries import Deliveries
from lasalle.gateway.endpoints import Asked, Table
from lasalle.gateway.faults import Denied, refused
from lasalle.gateway.keys import Signer
from lasalle.gateway.nominations import Nominations
from lasalle.gateway.obligations import Obligations
from lasalle.gateway.reading import Reading
from lasalle.institution.delivery_store import DeliveryStore
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    HOUR,
    PRICE,
    SUPPLIER,
    DeliveryVenue,
)
from lasalle.wire import Side

TERMS = {
    "nomination_lead": 30 * HOUR, "grace": HOUR, "inspection": 2 * HOUR, "dispute": 24 * HOUR,
    "seller_margin": 300_000, "prefund_hours": 24, "penalty": 1_000, "cash_factor": 2_500,
    "quality_floor": 8_000, "quality_cap": 11_000, "determination": 48 * HOUR,
    "remedy_window": 24 * HOUR, "cover_band": 5_000, "correction": 24 * HOUR,
    "correction_share": 500,
}  # fmt: skip


@dataclass
class Kept:
    """What keeps documents of deliveries."""

    reading: Reading
    deliveries: Deliveries | None


class OwnDoor(WaitingCalls):
    """A client of one actor of a venue."""

    def __init__(self, venue: DeliveryVenue, actor: int, taxes: tuple[TaxRow, ...] = ()) -> None:
        self._venue, self._actor = venue, actor
        house = venue.house
        reading = Reading(house.market, house.accounts)
        obligations = Obligations(house.accounts, reading, taxes)
        nominations = Nominations(Kept(reading, DeliveryStore(house.folder)), obligations,
                                  self._asked)  # fmt: skip
        self._table = Table([*obligations.endpoints(), *nominations.endpoints()])

    def ask(self, asking: Asking[Any]) -> Any:
        """The answer, or the fault a served house would tell."""
        try:
            content, status = self._carried_out(asking), 200
        except Denied as denied:
            content, status = denied.body(), denied.status
        found, _ = asking.read(httpx.Response(status, content=msgspec.json.encode(content)))
        return found

    def _carried_out(self, asking: Asking[Any]) -> Any:
        bare, _, query = asking.path.partition("?")
        if bare.startswith("/v1/commands/"):
            kind = COMMANDS[bare.rpartition("/")[2]]
            return self._command(build(kind, read_object(asking.body)))
        found = self._table.find(bare)
        assert found is not None, bare
        endpoint = found[0][asking.method]
        signer = Signer("key", self._actor, frozenset({"read", "trade"}))
        signer.need(endpoint.scope)
        asked = Asked(signer, found[1], endpoint.read_query(query.encode()), asking.body)
        return asyncio.run(endpoint.run(asked))

    async def _asked(self, _: Signer, command: Any) -> dict[str, Any]:
        told: dict[str, Any] = self._command(command)
        return told

    def _command(self, command: Any) -> Any:
        told = self._venue.house.ask(self._actor, command)
        for _, event in told:
            if isinstance(event, wire.Refused):
                raise refused(event)
        return answered(Tellings(), self._venue.house.accounts, self._actor, command, told)


def owned(venue: DeliveryVenue, account: int) -> int:
    """Cash of an account, and what it has set aside for deliveries."""
    balances = venue.house.accounts.accounts[account].balances
    return sum(
        balances.get((class_, 1), 0)
        for class_ in (wire.LedgerClass.CASH, wire.LedgerClass.DELIVERY_MARGIN)
    )


def traded(venue: DeliveryVenue, lots: int = 100, price: int = PRICE) -> str:
    """Lots of the nearest block, sold by the supplier and bought by the buyer; its symbol."""
    symbol = venue.series[0].symbol
    venue.order(SUPPLIER, symbol, Side.SELL, lots, price)
    venue.order(BUYER, symbol, Side.BUY, lots, price)
    return symbol


def begun(venue: DeliveryVenue, lots: int = 100) -> int:
    """A delivery of the nearest block by hand; its number."""
    symbol = traded(venue, lots)
    terms = venue.series[0]
    venue.clock.to(terms.last_trading_time)
    series = venue.number(symbol)
    venue.ask(1, wire.SetSeriesState(series=series, state=wire.SeriesState.CLOSED))
    starts = terms.period_ends - terms.hours_per_lot * HOUR
    events = venue.agreed(wire.BeginDelivery(series=series, starts=starts, **TERMS))
    return next(e.delivery for e in events if isinstance(e, wire.DeliveryMade))

"""What a side of a delivery nominates, shown to the house over REST: a seller's is held against the
contract standard of the series before its digest is named, and what was named is kept for both
sides of the delivery and for nobody else (DEL-070, DEL-077)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta

from lasalle import wire
from lasalle.client.obligations import Nominated, Nomination
from lasalle.client.shapes import Shape
from lasalle.contracts import ContractError, find_standard, parse_symbol
from lasalle.delivery.nominating import NominationWrong, check_nomination
from lasalle.gateway.deliveries import Deliveries
from lasalle.gateway.endpoints import Asked, Endpoint, read_body
from lasalle.gateway.faults import BEHIND, FOUND_SHOWN, BadCommand, Denied
from lasalle.gateway.keys import Signer
from lasalle.gateway.obligations import UNKNOWN, Obligations
from lasalle.gateway.reading import Reading
from lasalle.plain.obligations import Delivery
from lasalle.wire import DeliveryParty

MOST_CHARACTERS = 64_000
"""Of a document: two thousand nodes by name."""
LOOKED_BACK = 500
"""Events of owners before that of a delivery among which stands the one it took the place of."""
Asks = Callable[[Signer, Any], Awaitable[dict[str, Any]]]


class Holder(Protocol):
    """What keeps documents of deliveries, or none."""

    deliveries: Deliveries | None
    reading: Reading


class NewNomination(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document a side nominates: a seller's is TOML in the form of the house."""

    document: Annotated[str, Meta(min_length=1, max_length=MOST_CHARACTERS)]


class NominationsOfBoth(Shape, frozen=True):
    """What each side that nominated nominated last."""

    nominations: list[Nomination]


class Nominations:
    """The paths of nominations. ask: hands a command of a signer to the venue."""

    def __init__(self, held: Holder, obligations: Obligations, ask: Asks) -> None:
        self._held, self._obligations, self._ask = held, obligations, ask
        # One after the other: what was kept for a command that is refused is dropped unshared.
        self._turn = asyncio.Lock()

    def endpoints(self) -> list[Endpoint]:
        """The declarations."""
        path = "/v1/accounts/{account}/deliveries/{delivery}/nomination"
        faults = ("account_unknown", UNKNOWN, "role_missing", BEHIND)
        return [
            Endpoint(
                "POST", path, self.nominate,
                "Nominates a document: a seller's is held against the contract standard, its "
                "digest is named, and both sides may read it.",
                Nominated, "trade", 10, NewNomination,
                faults=(*faults, "nomination_wrong", "file_unknown"),
            ),
            Endpoint(
                "GET", path, self.read,
                "What both sides nominated, for an actor of the member of either.",
                NominationsOfBoth, "read", 10, faults=faults,
            ),
        ]  # fmt: skip

    async def nominate(self, asked: Asked) -> Any:
        """A document in: checked, kept, named."""
        account, number, party = await self._side(asked)
        said: NewNomination = read_body(NewNomination, asked.body)
        store = self._held.deliveries
        if store is None:
            raise Denied("this house keeps no documents of deliveries", name="file_unknown")
        try:
            content = said.document.encode("utf-8")
        except UnicodeEncodeError as error:
            raise BadCommand("document", "text", str(error)) from None
        delivery = self._held.reading.accounts.margins.owed.deliveries.get(number)
        brings = ""
        if delivery is not None and party == DeliveryParty.SELLER:
            brings = await asyncio.to_thread(self._conforms, said.document, delivery)
        digest = sha256(content)
        side, named = party.name.lower(), digest.hexdigest()
        command = wire.NominateDelivery(
            account=account, delivery=number, nomination=digest.digest()
        )
        async with self._turn:
            is_new = await asyncio.to_thread(store.keep_nomination, number, side, content)
            try:
                answer = await self._ask(asked.signer, command)
            except Denied:
                if is_new:
                    await asyncio.to_thread(store.drop_nomination, number, side, named)
                raise
            await asyncio.to_thread(store.drop_other_nominations, number, side, named)
        return {"digest": named, "brings": brings, "events": answer["events"]}

    def _conforms(self, document: str, delivery: Delivery) -> str:
        """What a seller's document brings. Raises Denied."""
        terms = self._held.reading.accounts.symbols[delivery.series]
        try:
            standard = find_standard(parse_symbol(terms.symbol), terms.standard_hash)
        except ContractError as error:
            raise Denied(str(error), name="file_unknown", field="standard") from None
        try:
            return check_nomination(document, standard, delivery.lots)
        except NominationWrong as error:
            raise Denied(
                str(error), name="nomination_wrong", field=error.field,
                expected=error.expected[:FOUND_SHOWN], found=error.found[:FOUND_SHOWN],
            ) from None  # fmt: skip

    async def read(self, asked: Asked) -> Any:
        """What both sides nominated."""
        _, number, _ = await self._side(asked)
        rows = [await self._last(number, party) for party in _SIDES]
        return {"nominations": [row for row in rows if row is not None]}

    async def _side(self, asked: Asked) -> tuple[int, int, DeliveryParty]:
        """Account, delivery and the side the account is on. Raises Denied for anybody else: a
        pledgee, and the house."""
        account = self._held.reading.of_member(asked.signer.actor, asked.account())
        _, number, told = await self._obligations.steps(asked)
        made = told[0][1]
        for party, side in zip(_SIDES, (made.account, made.buyer), strict=True):
            if side == account:
                return account, number, party
        text = f"account {account} is on no side of delivery {number}"
        raise Denied(text, name=UNKNOWN, field="delivery", found=number)

    async def _last(self, number: int, party: DeliveryParty) -> dict[str, Any] | None:
        """What a side nominated last, for this delivery or for the one it took the place of."""
        told = await self._obligations.every_step(number)
        for header, event in reversed(told):
            if isinstance(event, wire.DeliveryNominated) and event.party == party:
                return {
                    "party": party.name.lower(), "account": event.account,
                    "digest": event.nomination.hex(), "event": header.number,
                    "time": header.time,
                    "document": await self._document(number, party, event.nomination.hex()),
                }  # fmt: skip
        header, made = told[0]
        if not made.nominated & party:
            return None
        before = await self._before(header)
        return None if before is None else await self._last(before, party)

    async def _before(self, made: wire.Header) -> int | None:
        """The delivery that ended, or was cut, when this one was made."""
        found = await self._held.reading.feed(max(0, made.number - LOOKED_BACK), LOOKED_BACK)
        for header, event in reversed(found):
            ended = isinstance(event, (wire.DeliveryEnded, wire.DeliveryTerminated))
            if ended and header.cause == made.cause and header.number < made.number:
                return int(event.delivery)
        return None

    async def _document(self, number: int, party: DeliveryParty, digest: str) -> str | None:
        store = self._held.deliveries
        if store is None:
            return None
        found = await asyncio.to_thread(store.nomination, number, party.name.lower(), digest)
        return None if found is None else found.decode("utf-8")


_SIDES = (DeliveryParty.SELLER, DeliveryParty.BUYER)

"""Deliveries of an account over REST: where each stands, every step of it, its invoice, and what is
set aside. Steps themselves are asked as commands, by name."""

from __future__ import annotations

import asyncio
from typing import Any

from lasalle import wire
from lasalle.client.obligations import DeliveryMoney, DeliverySide, DeliveryStory, Invoice
from lasalle.delivery.invoice import (
    Delivered,
    MadeGood,
    Supply,
    TaxRow,
    invoice_of,
    tax_between,
)
from lasalle.gateway import shapes
from lasalle.gateway.answers import shown
from lasalle.gateway.endpoints import MOST_NUMBER, Asked, Endpoint, Query, bounded
from lasalle.gateway.faults import BEHIND, Denied
from lasalle.gateway.pages import PAGED, page
from lasalle.gateway.reading import Reading
from lasalle.views import AccountsView, obligations
from lasalle.views.model import Told

WHICH = Query("state", "Deliveries that are open, or that ended.", words=("open", "ended"))
UNKNOWN = wire.Refusal.DELIVERY_UNKNOWN.name.lower()


class Obligations:
    """What is asked of deliveries. taxes: which tax a supply bears, the first that fits."""

    def __init__(
        self, accounts: AccountsView, reading: Reading, taxes: tuple[TaxRow, ...] = ()
    ) -> None:
        self._views, self._reading, self.taxes = accounts, reading, taxes

    def endpoints(self) -> list[Endpoint]:
        """The declarations."""
        own = "/v1/accounts/{account}"
        one = own + "/deliveries/{delivery}"
        unknown = ("account_unknown", UNKNOWN, BEHIND)
        return [
            Endpoint(
                "GET", own + "/deliveries", self.listed,
                "Deliveries the account is on a side of, or holds in pledge, by number; or those "
                "that ended, newest first.",
                shapes.page_of("DeliverySides", "deliveries", DeliverySide), "read", 5,
                query=(*PAGED, WHICH), faults=("account_unknown", BEHIND),
            ),
            Endpoint(
                "GET", own + "/delivery-money", self.money,
                "What its deliveries need set aside, what is, what lacks; offers of sides.",
                DeliveryMoney, "read", 2, faults=("account_unknown",),
            ),
            Endpoint(
                "GET", one, self.story, "A delivery with its terms and every step of it.",
                DeliveryStory, "read", 10, faults=unknown,
            ),
            Endpoint(
                "GET", one + "/invoice", self.invoice,
                "The invoice of a delivery so far, tax as lines of data.",
                Invoice, "read", 10, faults=unknown,
            ),
        ]  # fmt: skip

    async def listed(self, asked: Asked) -> Any:
        account = self._reading.own(asked.signer.actor, asked.account())
        if asked.query.get("state") == "ended":
            since = self._reading.since(asked.signer.actor, account)[0]
            return await asyncio.to_thread(self._ended, account, since, asked.query)
        mine = obligations.own(self._views, account)
        rows, following = page("deliveries", mine, lambda d: int(d.delivery), asked.query)
        told = [obligations.row(self._views, d, account) for d in rows]
        return {"deliveries": told, "next": following}

    def _ended(self, account: int, since: int, query: dict[str, Any]) -> Any:
        """Those that ended and began when the account was the asker's."""
        history = self._views.history
        numbers = (number for number in history.ended(account) if number >= since)
        rows, following = page("deliveries", numbers, lambda number: -number, query)
        told = []
        for number in rows:
            story = obligations.story_of(history.steps(number))
            assert story is not None, "a delivery that ended was made"
            told.append(obligations.ended_row(self._views, number, story, account))
        return {"deliveries": told, "next": following}

    async def money(self, asked: Asked) -> Any:
        account = self._reading.own(asked.signer.actor, asked.account())
        return obligations.summary(self._views, account)

    async def story(self, asked: Asked) -> Any:
        account, number, told = await self.steps(asked)
        owed = self._views.margins.owed
        delivery = owed.deliveries.get(number)
        return {
            "delivery": number,
            "now": obligations.row(self._views, delivery, account) if delivery else None,
            "terms": obligations.terms_row(owed, delivery) if delivery else None,
            "steps": [shown(header, event) for header, event in told],
        }

    async def invoice(self, asked: Asked) -> Any:
        _, number, told = await self.steps(asked)
        story = obligations.story_of(told)
        assert story is not None, "its first step was found"
        supply = supply_of(self._views, number, story)
        found = invoice_of(supply, tax_between(self.taxes, supply.seller, supply.buyer))
        return {**found.told(), "text": found.text()}

    async def steps(self, asked: Asked) -> tuple[int, int, list[Told]]:
        """The account, the delivery and its steps. Raises Denied where it was on no side of it."""
        account = self._reading.own(asked.signer.actor, asked.account())
        number = bounded("delivery", asked.path["delivery"], MOST_NUMBER // 2)
        told = await self.every_step(number)
        made = told[0][1] if told else None
        sides = (made.account, made.buyer) if isinstance(made, wire.DeliveryMade) else ()
        held = self._views.margins.owed.deliveries.get(number)
        pledged = held is not None and held.pledgee == account
        since = self._reading.since(asked.signer.actor, account)[0]
        if (account not in sides and not pledged) or number < since:
            text = f"delivery {number} is not of account {account}, or there is none"
            raise Denied(text, name=UNKNOWN, field="delivery", found=number)
        return account, number, told

    async def every_step(self, number: int) -> list[Told]:
        """Every step of a delivery, whoever asks."""
        kept = await asyncio.to_thread(self._views.history.steps, number)
        return obligations.steps(self._views, number, kept)


def supply_of(accounts: AccountsView, number: int, story: obligations.Story) -> Supply:
    """A delivery as its invoice sees it."""
    made = story.made
    return Supply(
        number,
        accounts.symbols[made.series].symbol,
        made.account,
        made.buyer,
        made.price,
        story.quality,
        [
            Delivered(h.first_hour, h.hours, h.units, h.amount, h.final)
            for h in story.hours.values()
        ],
        [MadeGood(r.payer, r.units, r.cover_price, r.cost - r.unpaid) for r in story.remedies],
        story.fees,
        number in accounts.margins.owed.deliveries,
    )

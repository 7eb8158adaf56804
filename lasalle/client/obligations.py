"""Deliveries of an account: requests and what they answer."""

from __future__ import annotations

from typing import Any

import msgspec

from lasalle.client.asking import Asking
from lasalle.client.shapes import Shape


class Waiting(Shape, frozen=True):
    """Metered hours that are not yet final; `disputed_by` is the account that disputes them."""

    metered: int
    first_hour: int
    hours: int
    units: int
    excused: int
    amount: str
    final_at: int
    disputed_by: int
    evidence: str


class DeliverySide(Shape, frozen=True):
    """A delivery for one of its sides: where it stands, what it waits for and until when. Money in
    USD, times in nanoseconds UTC, quality in ten-thousandths. Of one that ended `paid` is what its
    seller was paid, `remedies` what remedies paid its buyer, below zero its seller; both are empty
    while it is owed."""

    delivery: int
    symbol: str
    party: str
    seller: int
    buyer: int
    pledgee: int
    state: str
    waits_for: str
    due: int
    lots: int
    price: str
    begins: int
    first_hour: int
    hours: int
    nominated: list[str]
    quality: int
    metered_hours: int
    final_hours: int
    missing: int
    held: str
    needs: str
    waiting: list[Waiting]
    paid: str = ""
    remedies: str = ""


class DeliveryOffer(Shape, frozen=True):
    """A side of a delivery, whole or a part, on offer to another account."""

    offer: int
    account: int
    to_account: int
    delivery: int
    lots: int
    first_hour: int
    hours: int
    amount: str
    due: int


class GuaranteeHeld(Shape, frozen=True):
    """What `account` has set aside for what `to_account` owes out of failed deliveries: USD it
    still holds, until then (nanoseconds UTC), on the digest of what was signed."""

    guarantee: int
    account: int
    to_account: int
    amount: str
    until: int
    basis: str


class DeliveryMoney(Shape, frozen=True):
    """What the deliveries of an account need set aside, what is, what lacks and is required by the
    coverage test, what is kept for it as a seller, and offers of sides it is part of; USD. What
    hardware and spare capacity count: at most `credit` and `credit_share` ten-thousandths of the
    seller's margin until then (nanoseconds UTC), at the moment `credit_counts`. What others
    guarantee for it is `guaranteed`, what it guarantees for others `given`, each of them a row."""

    account: int
    needs: str
    lacks: str
    margin: str
    bond: str
    guaranteed: str
    given: str
    receivable: str
    credit: str
    credit_share: int
    credit_counts: str
    credit_until: int
    owes_fund: str
    offers: list[DeliveryOffer]
    guarantees: list[GuaranteeHeld]


class DeliveryStory(Shape, frozen=True):
    """A delivery with its terms while it is owed, and every step of it, oldest first."""

    delivery: int
    now: DeliverySide | None
    terms: dict[str, Any] | None
    steps: list[dict[str, Any]]


class InvoiceLine(Shape, frozen=True):
    """A line of an invoice, whole micro-dollars, and the code and rate of its tax."""

    what: str
    units: int
    price: int
    net: int
    code: str
    rate: int


class TaxLine(Shape, frozen=True):
    """Tax by code and rate: whole micro-dollars, ten-thousandths."""

    net: int
    code: str
    rate: int
    amount: int


class Invoice(Shape, frozen=True):
    """The invoice of a delivery so far, whole micro-dollars; negative is owed to the buyer. `text`
    is the same for a person."""

    invoice: str
    symbol: str
    seller: int
    buyer: int
    provisional: bool
    lines: list[InvoiceLine]
    taxes: list[TaxLine]
    net: int
    tax: int
    gross: int
    text: str


class Nominated(Shape, frozen=True):
    """What a side nominated: the digest the core was told, what a seller's document brings in a
    sentence (empty of a buyer's), and what the command did."""

    digest: str
    brings: str
    events: list[dict[str, Any]]


class Nomination(Shape, frozen=True):
    """What a side of a delivery nominated last, nanoseconds UTC; `document` is none where the house
    was told its digest alone."""

    party: str
    account: int
    digest: str
    event: int
    time: int
    document: str | None


def _own(account: int) -> str:
    return f"/v1/accounts/{account}/deliveries"


def asking_deliveries(account: int, *, ended: bool = False) -> Asking[list[DeliverySide]]:
    """Deliveries an account is on a side of, or holds in pledge; or those that ended, newest
    first."""
    path = _own(account) + ("?state=ended" if ended else "")
    return Asking(
        "GET", path, list[DeliverySide], within="deliveries", repeatable=True,
        every_page=True,
    )  # fmt: skip


def asking_delivery_money(account: int) -> Asking[DeliveryMoney]:
    """What is set aside for the deliveries of an account, and what lacks."""
    path = f"/v1/accounts/{account}/delivery-money"
    return Asking("GET", path, DeliveryMoney, repeatable=True)


def asking_delivery(account: int, delivery: int) -> Asking[DeliveryStory]:
    """A delivery with every step of it."""
    return Asking("GET", f"{_own(account)}/{delivery}", DeliveryStory, repeatable=True)


def asking_invoice(account: int, delivery: int) -> Asking[Invoice]:
    """The invoice of a delivery so far."""
    return Asking("GET", f"{_own(account)}/{delivery}/invoice", Invoice, repeatable=True)


def asking_nominate(account: int, delivery: int, document: str) -> Asking[Nominated]:
    """Nominates a document: a seller's is held against the contract standard before its digest is
    named, and both sides may read it."""
    body = msgspec.json.encode({"document": document})
    return Asking("POST", f"{_own(account)}/{delivery}/nomination", Nominated, body)


def asking_nominations(account: int, delivery: int) -> Asking[list[Nomination]]:
    """What both sides of a delivery nominated, for either of them."""
    path = f"{_own(account)}/{delivery}/nomination"
    return Asking("GET", path, list[Nomination], within="nominations", repeatable=True)

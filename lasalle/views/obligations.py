"""Deliveries as their two sides see them: where each stands, what it waits for, what it came to.

The state is the law's own, folded by its own words (`MarginView.owed`); here it is told. What a
delivery was before is read from its steps, every event that names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from lasalle import wire
from lasalle.plain.obligations import (
    Delivery,
    DeliveryOffer,
    Guarantee,
    Metered,
    Obligations,
    Terms,
)
from lasalle.views.accounts import AccountsView
from lasalle.views.model import STEPS, Told, dollars
from lasalle.wire import DeliveryParty, DeliveryState, LedgerClass

USD = 1
HOUR = 3_600_000_000_000
S, P = DeliveryState, DeliveryParty
WAITS_FOR = {
    S.PAIRED: "nominations of {lacks}, else it fails or is abandoned",
    S.SCHEDULED: "the seller's tender, else it fails",
    S.TENDERED: "the buyer's word on the tender; silence accepts it",
    S.RUNNING: "hours to be metered",
    S.CONTESTED: "two actors of the house to determine the rejection; else it stands",
    S.FAILED: "what is missing to be made good",
}
"""What a delivery waits for, by where it stands."""


def own(accounts: AccountsView, account: int) -> list[Delivery]:
    """Deliveries an account is on a side of, or holds in pledge, ascending."""
    found = accounts.margins.owed.deliveries.values()
    mine = [d for d in found if account in (d.account, d.buyer, d.pledgee)]
    return sorted(mine, key=lambda d: d.delivery)


def waits_for(delivery: Delivery) -> str:
    """What it waits for, in words."""
    sides = {P.SELLER: "the seller", P.BUYER: "the buyer"}
    lacks = " and ".join(s for p, s in sides.items() if not delivery.nominated & p)
    if delivery.state == S.RUNNING and delivery.metered_hours == delivery.hours:
        return "what is missing to be made good" if delivery.missing else "hours to be final"
    return WAITS_FOR[delivery.state].format(lacks=lacks)


def metered_hours(delivery: Delivery) -> int:
    """Hours that were metered. The law counts those of a delivery that failed as done (DEL-022),
    though nothing was ever metered of it."""
    return 0 if delivery.state == S.FAILED else delivery.metered_hours


def final_hours(delivery: Delivery) -> int:
    """Hours that were metered and are final; none of a delivery that failed."""
    return 0 if delivery.state == S.FAILED else delivery.final_hours


def row(accounts: AccountsView, delivery: Delivery, account: int) -> dict[str, Any]:
    """A delivery for one of its sides, money in dollars, times in nanoseconds UTC."""
    owed = accounts.margins.owed
    terms, party = owed.terms_of(delivery), delivery.party(account)
    waiting = owed.open_metered(delivery.delivery)
    return {
        "delivery": delivery.delivery,
        "symbol": accounts.symbols[delivery.series].symbol,
        "party": party.name.lower() if party else "pledgee",
        "seller": delivery.account,
        "buyer": delivery.buyer,
        "pledgee": delivery.pledgee,
        "state": delivery.state.name.lower(),
        "waits_for": waits_for(delivery),
        "due": delivery.due,
        "lots": delivery.lots,
        "price": dollars(delivery.price),
        "begins": delivery.starts + delivery.first_hour * HOUR,
        "first_hour": delivery.first_hour,
        "hours": delivery.hours,
        "nominated": [p.name.lower() for p in (P.SELLER, P.BUYER) if delivery.nominated & p],
        "quality": delivery.quality,
        "metered_hours": metered_hours(delivery),
        "final_hours": final_hours(delivery),
        "missing": delivery.missing,
        "held": dollars(delivery.held),
        "needs": dollars(delivery.needs(party, terms) if party else 0),
        "waiting": [_metered_row(metered) for metered in waiting],
        "paid": "",
        "remedies": "",
    }


def ended_row(accounts: AccountsView, number: int, story: Story, account: int) -> dict[str, Any]:
    """The same of a delivery that ended: `state` says how."""
    made, hours = story.made, story.hours.values()
    return {
        "delivery": number,
        "symbol": accounts.symbols[made.series].symbol,
        "party": "seller" if account == made.account else "buyer",
        "seller": made.account,
        "buyer": made.buyer,
        "pledgee": 0,
        "state": story.ended,
        "waits_for": "nothing: it ended",
        "due": 0,
        "lots": made.lots,
        "price": dollars(made.price),
        "begins": made.starts + made.first_hour * HOUR,
        "first_hour": made.first_hour,
        "hours": made.hours,
        "nominated": [p.name.lower() for p in (P.SELLER, P.BUYER) if made.nominated & p],
        "quality": story.quality,
        "metered_hours": sum(h.hours for h in hours),
        "final_hours": sum(h.hours for h in hours if h.final),
        "missing": 0,
        "held": dollars(0),
        "needs": dollars(0),
        "waiting": [],
        "paid": dollars(story.paid),
        "remedies": dollars(story.remedies_paid()),
    }


def _metered_row(metered: Metered) -> dict[str, Any]:
    return {
        "metered": metered.metered,
        "first_hour": metered.first_hour,
        "hours": metered.hours,
        "units": metered.units,
        "excused": metered.excused,
        "amount": dollars(metered.amount),
        "final_at": metered.due,
        "disputed_by": metered.disputed,
        "evidence": metered.evidence.hex(),
    }


def terms_row(owed: Obligations, delivery: Delivery) -> dict[str, Any]:
    """On what terms a delivery is made (DEL-020)."""
    terms: Terms = owed.terms_of(delivery)
    return {
        "nomination_lead": terms.nomination_lead,
        "grace": terms.grace,
        "inspection": terms.inspection,
        "dispute": terms.dispute,
        "contingent": terms.contingent,
        "seller_margin": dollars(terms.seller_margin),
        "prefund_hours": terms.prefund_hours,
        "penalty": terms.penalty,
        "cash_factor": terms.cash_factor,
        "quality_floor": terms.quality_floor,
        "quality_cap": terms.quality_cap,
        "determination": terms.determination,
        "remedy_window": terms.remedy_window,
        "cover_band": terms.cover_band,
        "correction": terms.correction,
        "correction_share": terms.correction_share,
    }


def offer_row(offer: DeliveryOffer) -> dict[str, Any]:
    """An offer of a side of a delivery."""
    return {
        "offer": offer.offer,
        "account": offer.account,
        "to_account": offer.to_account,
        "delivery": offer.delivery,
        "lots": offer.lots,
        "first_hour": offer.first_hour,
        "hours": offer.hours,
        "amount": dollars(offer.amount),
        "due": offer.due,
    }


def guarantee_row(guarantee: Guarantee) -> dict[str, Any]:
    """A guarantee for what an account owes out of failed deliveries (DEL-035)."""
    return {
        "guarantee": guarantee.guarantee,
        "account": guarantee.account,
        "to_account": guarantee.to_account,
        "amount": dollars(guarantee.amount),
        "until": guarantee.until,
        "basis": guarantee.basis.hex(),
    }


def summary(accounts: AccountsView, account: int) -> dict[str, Any]:
    """What an account owes and is owed of deliveries, and the money set aside for it."""
    balances, margins = accounts.accounts[account].balances, accounts.margins
    offers = [o for o in margins.owed.offers.values() if account in (o.account, o.to_account)]

    def of(class_: LedgerClass) -> str:
        return dollars(balances.get((class_, USD), 0))

    guarantees = [
        guarantee
        for _, guarantee in sorted(margins.owed.guarantees.items())
        if account in (guarantee.account, guarantee.to_account)
    ]
    credit = margins.owed.credits.get(account)
    return {
        "account": account,
        "needs": dollars(margins.needs(account)),
        "lacks": dollars(margins.lacks(account, balances)),
        "margin": of(LedgerClass.DELIVERY_MARGIN),
        "bond": of(LedgerClass.PERFORMANCE_BOND),
        "guaranteed": dollars(sum(g.amount for g in margins.owed.guarantees_for(account))),
        "given": of(LedgerClass.GUARANTEE),
        "receivable": of(LedgerClass.DELIVERY_RECEIVABLE),
        "credit": dollars(credit.amount if credit else 0),
        "credit_share": credit.share if credit else 0,
        "credit_counts": dollars(margins.counts(account)),
        "credit_until": credit.until if credit else 0,
        "owes_fund": dollars(-balances.get((LedgerClass.DELIVERY_OWED, USD), 0)),
        "offers": [offer_row(o) for o in sorted(offers, key=lambda o: o.offer)],
        "guarantees": [guarantee_row(g) for g in guarantees],
    }


# -- steps ---------------------------------------------------------------------------------------


def steps(accounts: AccountsView, delivery: int, told: Iterable[Told]) -> list[Told]:
    """Every step of a delivery, oldest first: what the history told, and what is newer than it."""
    found = {header.number: (header, event) for header, event in told}
    for header, event in list(accounts.feed):
        if type(event) in STEPS and event.delivery == delivery:
            found[header.number] = (header, event)
    return [found[number] for number in sorted(found)]


@dataclass(frozen=True, slots=True)
class Hours:
    """Metered hours as they came out; amount in micro-dollars, what the buyer pays for them."""

    metered: int
    first_hour: int
    hours: int
    units: int
    excused: int
    amount: int
    evidence: bytes
    missing: int = 0
    final: bool = False
    determined: bool = False


@dataclass(frozen=True, slots=True)
class Remedy:
    """Units made good: cost, what no source paid, and what each source paid, micro-dollars."""

    event: int
    payer: int
    units: int
    cover_price: int
    in_cash: bool
    cost: int
    unpaid: int
    evidence: bytes
    paid: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Story:
    """What became of a delivery, from its steps."""

    made: wire.DeliveryMade
    quality: int = 10_000
    hours: dict[int, Hours] = field(default_factory=dict)
    remedies: list[Remedy] = field(default_factory=list)
    fees: list[tuple[int, int]] = field(default_factory=list)
    """Who lost a dispute, and the fee it paid to the other side, micro-dollars."""
    paid: int = 0
    """Micro-dollars the seller was paid of what was kept for it."""
    ended: str = ""

    def remedies_paid(self) -> int:
        """Micro-dollars that remedies paid the buyer; below zero, the seller."""
        return sum(
            sum(one.paid.values()) * (-1 if one.payer == self.made.buyer else 1)
            for one in self.remedies
        )


def story_of(told: Iterable[Told]) -> Story | None:
    """The story of a delivery; None where its first step is not there."""
    story: Story | None = None
    for header, event in told:
        if isinstance(event, wire.DeliveryMade):
            story = Story(event)
        elif story is not None:
            _on(story, header.number, event)
    return story


def _on(story: Story, number: int, event: Any) -> None:
    if isinstance(event, wire.DeliveryTendered):
        story.quality = event.quality
    elif isinstance(event, wire.DeliveryMetered):
        story.hours[event.metered] = Hours(
            event.metered, event.first_hour, event.hours, event.units, event.excused, event.amount,
            event.evidence,
        )  # fmt: skip
    elif isinstance(event, wire.MeteredDetermined):
        story.hours[event.metered] = replace(
            story.hours[event.metered], units=event.units, excused=event.excused,
            amount=event.amount, evidence=event.evidence, determined=True,
        )  # fmt: skip
        if event.fee:
            story.fees.append((event.account, event.fee))
    elif isinstance(event, wire.MeteredCorrected):
        known = story.hours[event.metered]
        paid = known.amount + event.amount
        story.hours[event.metered] = replace(known, units=event.units, amount=paid)
    elif isinstance(event, wire.TenderDetermined):
        if event.fee:
            story.fees.append((event.loser, event.fee))
    elif isinstance(event, wire.MeteredFinal):
        known = story.hours[event.metered]
        story.hours[event.metered] = replace(known, missing=event.missing, final=True)
    elif isinstance(event, wire.DeliveryRemedied):
        story.remedies.append(
            Remedy(
                number, event.account, event.units, event.cover_price, event.in_cash, event.cost,
                event.unpaid, event.evidence,
            )
        )  # fmt: skip
    elif isinstance(event, wire.RemedyPaid):
        story.remedies[-1].paid[event.source.name.lower()] = event.amount
    elif isinstance(event, wire.ReceivablePaid):
        story.paid += event.amount
    elif isinstance(event, wire.DeliveryEnded):
        story.ended = event.reason.name.lower()

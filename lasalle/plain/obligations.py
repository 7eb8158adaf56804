"""What the state of the house keeps of deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field

from lasalle.wire import DeliveryParty, DeliveryState


@dataclass(slots=True)
class Terms:
    """Terms of the deliveries of a series (DEL-020); seller_margin: micro-dollars an
    accelerator-hour; penalty and cash_factor: ten-thousandths."""

    series: int
    starts: int
    nomination_lead: int
    grace: int
    inspection: int
    dispute: int
    contingent: bool
    seller_margin: int
    prefund_hours: int
    penalty: int
    cash_factor: int


@dataclass(slots=True)
class Delivery:
    """`account` owes `buyer` these accelerators for these hours of the block that begins at
    `starts`; missing: accelerator-hours to be made good; held: micro-dollars kept until none is."""

    delivery: int
    account: int
    buyer: int
    series: int
    lots: int
    price: int
    starts: int
    first_hour: int
    hours: int
    nominated: int = 0
    pledgee: int = 0
    due: int = 0
    state: DeliveryState = DeliveryState.PAIRED
    quality: int = 10_000
    metered_hours: int = 0
    final_hours: int = 0
    missing: int = 0
    failed: DeliveryParty = DeliveryParty.NOBODY
    held: int = 0

    def of(self, party: DeliveryParty) -> int:
        """The account on a side."""
        return self.account if party == DeliveryParty.SELLER else self.buyer

    def party(self, account: int) -> DeliveryParty:
        """The side an account is on."""
        if account == self.account:
            return DeliveryParty.SELLER
        return DeliveryParty.BUYER if account == self.buyer else DeliveryParty.NOBODY

    def needs(self, party: DeliveryParty, terms: Terms) -> int:
        """Micro-dollars a side has to have set aside (DEL-027)."""
        if self.state == DeliveryState.FAILED:
            return self.missing * terms.seller_margin if party == self.failed else 0
        left = self.hours - self.final_hours
        if party == DeliveryParty.SELLER:
            return (self.lots * left + self.missing) * terms.seller_margin
        return self.lots * min(left, terms.prefund_hours) * self.price


@dataclass(slots=True)
class Metered:
    """Metered hours of a delivery that are not yet final; amount: what the buyer paid for them."""

    metered: int
    delivery: int
    first_hour: int
    hours: int
    units: int
    excused: int
    amount: int
    evidence: bytes
    due: int
    disputed: int = 0


@dataclass(slots=True)
class DeliveryOffer:
    offer: int
    account: int
    to_account: int
    delivery: int
    lots: int
    first_hour: int
    hours: int
    amount: int
    due: int


@dataclass(slots=True)
class Exercise:
    """Lots of a right that are taken, from `starts` (0: when the series begins)."""

    account: int
    series: int
    lots: int
    starts: int


@dataclass(slots=True)
class Obligations:
    """Deliveries and what belongs to them, each by its number; terms by series, exercises by
    account and series."""

    terms: dict[int, Terms] = field(default_factory=dict)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    metered: dict[int, Metered] = field(default_factory=dict)
    offers: dict[int, DeliveryOffer] = field(default_factory=dict)
    exercises: dict[tuple[int, int], Exercise] = field(default_factory=dict)

    def terms_of(self, delivery: Delivery) -> Terms:
        return self.terms[delivery.series]

    def open_metered(self, delivery: int) -> list[Metered]:
        """Metered hours of a delivery that are not yet final, ascending."""
        found = [m for m in self.metered.values() if m.delivery == delivery]
        return sorted(found, key=lambda m: m.metered)

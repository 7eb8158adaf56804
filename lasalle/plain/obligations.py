"""What the state of the house keeps of deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field

from lasalle.wire import DeliveryParty, DeliveryState

HOUR = 3_600_000_000_000


@dataclass(slots=True)
class Terms:
    """Terms of the deliveries of a series (DEL-020); seller_margin: micro-dollars an
    accelerator-hour; penalty and what follows without a unit: ten-thousandths."""

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
    quality_floor: int
    quality_cap: int
    determination: int
    remedy_window: int
    cover_band: int
    correction: int
    correction_share: int


@dataclass(slots=True)
class Delivery:
    """`account` owes `buyer` these accelerators for these hours of the block that begins at
    `starts`; missing: accelerator-hours to be made good; held: micro-dollars kept for them; early:
    begin of its first hour as tendered; rejected: its last tender was, and it can be contested."""

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
    early: int = 0
    metered_hours: int = 0
    final_hours: int = 0
    missing: int = 0
    failed: DeliveryParty = DeliveryParty.NOBODY
    held: int = 0
    rejected: bool = False

    @property
    def begins(self) -> int:
        """Begin of its first hour."""
        return self.starts + self.first_hour * HOUR

    @property
    def ends(self) -> int:
        """End of its last hour."""
        return self.begins + self.hours * HOUR

    def of(self, party: DeliveryParty) -> int:
        """The account on a side."""
        return self.account if party == DeliveryParty.SELLER else self.buyer

    def party(self, account: int) -> DeliveryParty:
        """The side an account is on."""
        if account == self.account:
            return DeliveryParty.SELLER
        return DeliveryParty.BUYER if account == self.buyer else DeliveryParty.NOBODY

    def needs(self, party: DeliveryParty, terms: Terms) -> int:
        """Micro-dollars a side has to have set aside, rounded up once (DEL-027)."""
        if self.state == DeliveryState.FAILED:
            return self.missing * terms.seller_margin if party == self.failed else 0
        left = self.hours - self.final_hours
        if party == DeliveryParty.SELLER:
            return (self.lots * left + self.missing) * terms.seller_margin
        if self.state != DeliveryState.RUNNING:
            # Parts of a block need together what the whole did, whoever split it.
            ahead = min(self.hours, terms.prefund_hours - self.first_hour)
            return self.lots * max(0, ahead) * self.price
        priced = self.lots * min(left, terms.prefund_hours) * self.price
        return -(-priced * self.quality // 10_000)

    def kept(self, terms: Terms) -> int:
        """Micro-dollars kept of what is final for what is missing: its price and the penalty,
        rounded up (DEL-025)."""
        return -(-self.missing * self.price * (10_000 + terms.penalty) // 10_000)


@dataclass(slots=True)
class Metered:
    """Metered hours of a delivery that are not yet final; amount: what the buyer paid for them."""

    metered: int
    delivery: int
    first_hour: int
    hours: int
    units: int
    excused: int
    quality: int
    amount: int
    evidence: bytes
    due: int
    disputed: int = 0


@dataclass(slots=True)
class FinalHours:
    """Hours that are final and can be corrected until `due`; most: accelerator-hours that can have
    been delivered; share: ten-thousandths of them that a correction may come to."""

    metered: int
    delivery: int
    account: int
    buyer: int
    price: int
    units: int
    most: int
    quality: int
    share: int
    due: int


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
class DeliveryCredit:
    """Counts for an account toward the margin of what it delivers, up to `amount` micro-dollars and
    `share` ten-thousandths of that margin, until then (DEL-034)."""

    account: int
    amount: int
    share: int
    until: int
    basis: bytes


@dataclass(slots=True)
class Guarantee:
    """`account` has set `amount` micro-dollars aside for what `to_account` owes out of failed
    deliveries, until then; what was paid of it is gone (DEL-035)."""

    guarantee: int
    account: int
    to_account: int
    amount: int
    until: int
    basis: bytes


@dataclass(slots=True)
class Exchange:
    """A waiting offer of futures for physical: `account` gives signed lots of `series`, and takes
    delivery where it gives a long position, delivers where it gives a short one."""

    offer: int
    account: int
    to_account: int
    series: int
    lots: int
    price: int
    physical: int
    accelerators: int
    first_hour: int
    hours: int
    delivery_price: int
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
    account and series, credits by account."""

    terms: dict[int, Terms] = field(default_factory=dict)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    metered: dict[int, Metered] = field(default_factory=dict)
    offers: dict[int, DeliveryOffer] = field(default_factory=dict)
    exercises: dict[tuple[int, int], Exercise] = field(default_factory=dict)
    credits: dict[int, DeliveryCredit] = field(default_factory=dict)
    finals: dict[int, FinalHours] = field(default_factory=dict)
    exchanges: dict[int, Exchange] = field(default_factory=dict)
    guarantees: dict[int, Guarantee] = field(default_factory=dict)

    def terms_of(self, delivery: Delivery) -> Terms:
        return self.terms[delivery.series]

    def guarantees_for(self, account: int) -> list[Guarantee]:
        """Guarantees given for an account, the oldest first."""
        found = [g for g in self.guarantees.values() if g.to_account == account]
        return sorted(found, key=lambda g: g.guarantee)

    def open_metered(self, delivery: int) -> list[Metered]:
        """Metered hours of a delivery that are not yet final, ascending."""
        found = [m for m in self.metered.values() if m.delivery == delivery]
        return sorted(found, key=lambda m: m.metered)

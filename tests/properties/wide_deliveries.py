"""Deliveries in the wide stories: every step and misstep until they are paid or made good."""

from __future__ import annotations

from lasalle import wire
from lasalle.plain.state import GUARANTEES
from lasalle.wire import DeliveryParty, DeliveryState, Side
from tests.properties.wide_physical import DIGEST, HOUR, HOURS, POOR, PhysicalTeller
from tests.properties.wide_world import ACCOUNTS, CENT, DOLLAR, FUTURE, SECOND, WHALES, Asked


class DeliveryTeller(PhysicalTeller):
    """The wide stories in a house that delivers, with a habit for what is delivered."""

    def ask_delivery(self) -> Asked:
        """Steps of a delivery: mostly the next one, at times another's, or none in time."""
        dice = self.random
        if not self.deliveries:
            yield from self.ask_physical()
            return
        number = dice.choice(sorted(self.deliveries))
        for _ in range(dice.randint(4, 12)):
            if number in self.deliveries:
                yield from self.step(number)
            elif number in self.stands and dice.random() < 0.5:
                yield from self.ask_correction()
        if dice.random() < 0.15:
            self.clock += dice.choice((HOUR, 3 * HOUR))
            yield wire.AdvanceTime(), 0

    def step(self, number: int) -> Asked:
        dice = self.random
        step = {
            DeliveryState.PAIRED: self.nominate,
            DeliveryState.SCHEDULED: self.tender,
            DeliveryState.TENDERED: self.inspect,
            DeliveryState.RUNNING: self.meter,
            DeliveryState.FAILED: self.remedy,
            DeliveryState.CONTESTED: self.determine_tender,
        }[DeliveryState(self.stands[number])]
        if dice.random() < 0.1:
            step = dice.choice(
                (
                    *(self.nominate, self.tender, self.inspect, self.meter, self.remedy),
                    *(self.determine_tender, self.terminate),
                )
            )
        yield from step(number, self.deliveries[number])

    def nominate(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        if dice.random() < 0.7:
            yield from self.hand_over(number, made)
        for account in (made.account, made.buyer):
            if dice.random() < (0.3 if account == POOR else 0.8):
                asked = wire.NominateDelivery(account=account, delivery=number, nomination=DIGEST)
                yield asked, 100 + account
        stranger = dice.choice(ACCOUNTS)
        wrong = dice.choice((number, number + 1))
        yield wire.NominateDelivery(account=stranger, delivery=wrong), 100 + stranger

    def hand_over(self, number: int, made: wire.DeliveryMade) -> Asked:
        """A side, or a part of it, is offered, pledged, taken, taken back."""
        dice = self.random
        giver = dice.choice((made.account, made.buyer))
        taker = dice.choice((*ACCOUNTS, made.account, made.buyer, 77))
        if dice.random() < 0.45:
            pledged = wire.PledgeDelivery(account=made.buyer, delivery=number, to_account=taker)
            yield pledged, 100 + made.buyer
        whole = dice.random() < 0.3
        first = made.first_hour + (0 if whole else dice.randint(-1, made.hours))
        offer = wire.OfferDelivery(
            account=giver,
            delivery=number,
            to_account=taker,
            lots=made.lots if whole else dice.randint(1, made.lots + 1),
            first_hour=max(0, first),
            hours=made.hours if whole else dice.randint(1, made.hours),
            amount=dice.choice((0, 7, 40 * DOLLAR, -3 * DOLLAR, 10**6 * DOLLAR)),
        )
        yield offer, 100 + giver
        if self.offered:
            waits = self.offered[max(self.offered)]
            if dice.random() < 0.2:
                ends = dice.choice((waits.account, waits.to_account, 3))
                yield wire.WithdrawDelivery(account=ends, offer=waits.offer), 100 + ends
            takes = dice.choice((waits.to_account,) * 5 + (2,))
            yield wire.AcceptDelivery(account=takes, offer=waits.offer), 100 + takes
        if dice.random() < 0.2:
            freed = wire.PledgeDelivery(account=taker, delivery=number, to_account=0)
            yield freed, 100 + taker

    def tender(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        if dice.random() < 0.2:
            return
        who = dice.choice((made.account,) * 6 + (made.buyer,))
        if dice.random() < 0.1:
            # The last hour of the block is over once a tender was rejected late.
            self.clock = max(self.clock, made.starts + dice.choice((0, HOURS)) * HOUR)
        begins = made.starts + made.first_hour * HOUR
        asked = wire.TenderDelivery(
            account=who,
            delivery=number,
            quality=dice.choice((10_000, 10_000, 9_500, 12_345, 0)),
            starts=dice.choice((0, 0, 0, begins - HOUR, begins + HOUR)),
            evidence=DIGEST,
        )
        yield asked, 100 + who
        if dice.random() < 0.3:
            yield from self.contest(number, made)
        elif made.hours <= 3 and dice.random() < 0.6:
            yield from self.stall(number, made)

    def stall(self, number: int, made: wire.DeliveryMade) -> Asked:
        """A short block is tendered and rejected until it is over."""
        for _ in range(made.hours + 2):
            self.clock = max(self.clock, made.starts + made.first_hour * HOUR) + HOUR - 2 * SECOND
            rejected = wire.RejectTender(account=made.buyer, delivery=number, evidence=DIGEST)
            yield rejected, 100 + made.buyer
            tender = wire.TenderDelivery(account=made.account, delivery=number, quality=10_000)
            yield tender, 100 + made.account

    def inspect(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        who = dice.choice((made.buyer,) * 6 + (made.account,))
        if dice.random() < 0.2:
            self.clock = max(self.clock, made.starts + dice.choice((0, HOURS - 1)) * HOUR)
        if dice.random() < 0.4:
            digest = dice.choice((DIGEST,) * 4 + (bytes(32),))
            yield wire.RejectTender(account=who, delivery=number, evidence=digest), 100 + who
            yield from self.contest(number, made)
        elif dice.random() < 0.8:
            yield wire.AcceptTender(account=who, delivery=number), 100 + who

    def contest(self, number: int, made: wire.DeliveryMade) -> Asked:
        """Who is right about a rejection, if there was one."""
        dice = self.random
        who = dice.choice((made.account,) * 6 + (made.buyer,))
        if dice.random() < 0.5:
            asked = wire.ContestRejection(account=who, delivery=number, evidence=DIGEST)
            yield asked, 100 + who
        if dice.random() < 0.7:
            yield from self.determine_tender(number, made)

    def determine_tender(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        if dice.random() < 0.3:
            self.clock += 2 * HOUR
        asked = wire.DetermineTender(
            delivery=number,
            accepted=dice.random() < 0.5,
            fee=dice.choice((0, 5 * DOLLAR, -1)),
            evidence=DIGEST,
        )
        yield asked, 1

    def terminate(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        digest = dice.choice((DIGEST,) * 4 + (bytes(32),))
        party = dice.choice(tuple(DeliveryParty))
        yield wire.TerminateDelivery(delivery=number, party=party, evidence=digest), 1

    def meter(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        if self.done[number] >= made.hours and dice.random() < 0.9:
            yield from self.wait(made)
            yield from self.remedy(number, made)
            return
        first = made.first_hour + self.done[number]
        hours = dice.randint(1, max(1, made.hours - self.done[number] + dice.choice((0, 0, 1))))
        if dice.random() < 0.8:
            self.clock = max(self.clock, made.starts + (first + hours) * HOUR)
        most = made.lots * hours
        asked = wire.MeterDelivery(
            delivery=number,
            hours=hours,
            units=dice.choice((most, most, most // 2, max(0, most - 1), 0, most + 1)),
            excused=dice.choice((0, 0, 0, 1)),
            quality=dice.choice((0, 0, 9_000, 9_999, 1)),
            evidence=dice.choice((DIGEST,) * 12 + (bytes(32),)),
        )
        yield asked, 1
        yield from self.dispute(made)
        if dice.random() < 0.15:
            yield from self.terminate(number, made)
        if dice.random() < 0.2:
            yield from self.remedy(number, made)

    def wait(self, made: wire.DeliveryMade) -> Asked:
        """Hours that are metered are disputed, or become final."""
        yield from self.dispute(made)
        self.clock += self.random.choice((HOUR, 2 * HOUR, 3 * HOUR))
        yield wire.AdvanceTime(), 0

    def dispute(self, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        theirs = [m for m, (d, _) in self.metered.items() if d == made.delivery]
        number = dice.choice([*theirs, *theirs, *theirs, 7])
        _, most = self.metered.get(number, (0, 1))
        if dice.random() < 0.6:
            who = dice.choice((made.account, made.buyer, made.buyer, 3))
            for _ in range(dice.choice((1, 1, 2))):
                asked = wire.DisputeMetered(account=who, metered=number, evidence=DIGEST)
                yield asked, 100 + who
        if dice.random() < 0.6:
            determined = wire.DetermineMetered(
                metered=number,
                units=dice.choice((most, most // 2, most // 3, most + 1)),
                excused=dice.choice((0, 1)),
                quality=dice.choice((0, 0, 0, 9_000, 20_000)),
                fee=dice.choice((0, 5 * DOLLAR, 5 * DOLLAR, self.too_much())),
                loser=dice.choice((made.account, made.buyer, made.buyer, 2)),
                evidence=DIGEST,
            )
            yield determined, 1

    def too_much(self) -> int:
        """A fee that no hours can cost, where the behaviour in force bounds it."""
        return 10**9 * DOLLAR if self.behaviour >= GUARANTEES else 0

    def remedy(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        if dice.random() < 0.04:
            self.clock += 9 * 24 * HOUR
        poor = POOR in (made.account, made.buyer)
        if dice.random() < (0.9 if poor else 0.1):
            yield from self.guaranteed(POOR if poor else made.account)
        if poor and dice.random() < 0.5:
            # Margin of a position keeps cash that a guarantee pays before.
            price, lots = self.price(FUTURE), dice.choice((1, 3))
            for account, side in ((POOR, Side.BUY), (WHALES[0], Side.SELL)):
                yield self.order(account, FUTURE, side, price, lots), 100 + account
        if dice.random() < 0.7:
            asked = wire.RemedyDelivery(
                delivery=number,
                units=dice.choice((1, made.lots, made.lots * made.hours, made.lots * made.hours)),
                cover_price=dice.choice((0, 200, 400, 2_700, 2_700, 30_000)) * CENT,
                evidence=DIGEST,
            )
            yield asked, 1
        if self.owes or dice.random() < 0.05:
            yield from self.ask_bond()

    def ask_bond(self) -> Asked:
        """Bonds and the delivery fund."""
        dice = self.random
        account, amount = dice.choice(ACCOUNTS), dice.choice((1, 30 * DOLLAR, 10**5 * DOLLAR))
        yield wire.PostBond(account=account, amount=amount), 100 + account
        yield wire.ReturnBond(account=account, amount=dice.choice((1, amount))), 100 + account
        yield wire.FundDelivery(amount=dice.choice((1, 200 * DOLLAR))), 1
        for owes in sorted(self.owes | {account}):
            cash, reference = 10**5 * DOLLAR, f"o{self.sequence}"
            if owes in self.owes:
                yield wire.Deposit(account=owes, asset=1, amount=cash, reference=reference), 1
            yield wire.RepayDelivery(account=owes, amount=dice.choice((1, 1, amount))), 100 + owes
        self.owes = set()

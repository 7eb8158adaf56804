"""Deliveries in the wide stories: physical series that turn into obligations, and every step and
misstep until they are paid or made good."""

from __future__ import annotations

from typing import Any

from lasalle import wire
from lasalle.wire import (
    DeliveryState,
    OrderType,
    RemedySource,
    SelfTrade,
    SeriesKind,
    SeriesState,
    Side,
    TimeInForce,
)
from tests.properties.wide_stories import WideTeller
from tests.properties.wide_world import ACCOUNTS, CENT, DOLLAR, MARKETS, SECOND, Asked

HOUR = 3600 * SECOND
HOURS = 10
"""Hours of a block."""
POOR = 6
"""Account with too little money for what it sells."""
DIGEST = bytes(range(32))


class DeliveryTeller(WideTeller):
    """The wide stories in a house that delivers, with a habit for what is delivered."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.behaviour = 5
        for habit, weight in (("physical", 6), ("delivery", 30), ("bond", 2)):
            if habit in self.habits:
                self.weights[self.habits.index(habit)] = weight
        self.physical: dict[int, SeriesKind] = {}
        self.deliveries: dict[int, wire.DeliveryMade] = {}
        self.stands: dict[int, int] = {}
        self.done: dict[int, int] = {}
        self.metered: dict[int, int] = {}
        self.offered: dict[int, wire.DeliveryOffered] = {}
        self.owes: set[int] = set()

    # -- what is known -----------------------------------------------------------------------

    def see_order_accepted(self, header: wire.Header, event: Any) -> None:
        if event.series in MARKETS:
            super().see_order_accepted(header, event)

    def see_traded(self, header: wire.Header, event: Any) -> None:
        if event.series in MARKETS:
            super().see_traded(header, event)

    def see_final_settled(self, header: wire.Header, event: Any) -> None:
        super().see_final_settled(header, event)
        self.physical.pop(event.series, None)

    def see_delivery_made(self, header: wire.Header, event: Any) -> None:
        self.deliveries[event.delivery] = event
        self.stands[event.delivery], self.done[event.delivery] = DeliveryState.PAIRED, 0

    def see_delivery_nominated(self, header: wire.Header, event: Any) -> None:
        self.done[event.delivery] |= event.party
        if self.done[event.delivery] == 3:
            self.stands[event.delivery], self.done[event.delivery] = DeliveryState.SCHEDULED, 0

    def see_delivery_tendered(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.TENDERED

    def see_delivery_rejected(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.SCHEDULED

    def see_delivery_accepted(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.RUNNING

    def see_delivery_failed(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.FAILED

    def see_delivery_metered(self, header: wire.Header, event: Any) -> None:
        self.metered[event.metered] = event.delivery
        self.done[event.delivery] += event.hours

    def see_metered_final(self, header: wire.Header, event: Any) -> None:
        self.metered.pop(event.metered, None)

    def see_delivery_ended(self, header: wire.Header, event: Any) -> None:
        self.deliveries.pop(event.delivery, None)

    def see_delivery_offered(self, header: wire.Header, event: Any) -> None:
        self.offered[event.offer] = event

    def see_remedy_paid(self, header: wire.Header, event: Any) -> None:
        if event.source == RemedySource.FUND:
            self.owes.add(event.account)

    # -- from position to obligation ---------------------------------------------------------

    def new_table(self) -> Asked:
        """The table of the others, with rows of what delivers."""
        labels = 0
        for command, actor in super().new_table():
            if isinstance(command, wire.BeginMarginTable):
                labels = len(command.scenarios)
            if isinstance(command, wire.ActivateMarginTable):
                for series in self.physical:
                    losses = [self.random.randint(-DOLLAR, DOLLAR) for _ in range(labels)]
                    told = tuple(wire.ScenarioLoss(loss) for loss in losses)
                    mark = 250 * CENT if self.physical[series] == SeriesKind.FUTURE else 20 * CENT
                    row = wire.LoadMarginRow(
                        table=command.table, series=series, mark=mark, losses=told
                    )
                    yield row, 1
            yield command, actor

    def ask_physical(self) -> Asked:
        """A future or a right on capacity is listed, traded, closed, taken, and delivered."""
        dice = self.random
        if self.halted:
            yield from self.ask_mend()
        series, kind = (
            1000 + self.sequence,
            dice.choice((SeriesKind.FUTURE,) * 2 + (SeriesKind.CALL,)),
        )
        listed = wire.ListSeries(
            series=series,
            symbol=f"P{series}",
            series_kind=kind,
            group=1,
            index=dice.choice((1, 1, 9)),
            first_month=202612,
            last_month=202612,
            hours=HOURS,
            tick=CENT,
            strike=250 * CENT if kind == SeriesKind.CALL else 0,
            reference_price=(250 if kind == SeriesKind.FUTURE else 20) * CENT,
            band=5000,
            protection=300,
            last_trading_time=self.clock + 60 * SECOND,
            delivers=True,
        )
        yield listed, 1
        self.physical[series] = kind
        yield from self.new_table()
        yield wire.SetSeriesState(series=series, state=SeriesState.OPEN), 1
        yield from self.traded_lots(listed)
        begun = self.begin(series)
        yield begun, 1
        yield wire.SetSeriesState(series=series, state=SeriesState.CLOSED), 1
        yield begun, 1
        self.clock += 61 * SECOND
        yield from (
            (command, 1)
            for command in dice.sample(
                (
                    self.begin(10),
                    self.begin(series, inspection=0),
                    self.begin(series, starts=self.clock),
                ),
                1,
            )
        )
        for left in list(self.physical):
            yield wire.SetSeriesState(series=left, state=SeriesState.CLOSED), 1
            yield self.begin(left), 1

    def traded_lots(self, listed: wire.ListSeries) -> Asked:
        """Some lots change hands, and a buyer says what it takes of a right."""
        dice = self.random
        for _ in range(dice.randint(1, 4)):
            buyer, seller = dice.sample(ACCOUNTS, 2)
            if buyer != POOR and dice.random() < 0.4:
                seller = POOR
            price, lots = listed.reference_price, dice.randint(1, 20)
            for account, side in ((buyer, Side.BUY), (seller, Side.SELL)):
                order = wire.PlaceOrder(
                    account=account,
                    series=listed.series,
                    side=side,
                    order_type=OrderType.LIMIT,
                    time_in_force=TimeInForce.GTC,
                    self_trade=SelfTrade.CANCEL_NEWEST,
                    price=price,
                    lots=lots,
                )
                yield order, 100 + account
            taken = wire.ExerciseRight(
                account=buyer,
                series=listed.series if listed.strike else dice.choice((listed.series, 10, 11)),
                lots=dice.randint(0, lots),
                starts=dice.choice((0, 0, self.clock + 5 * HOUR, 1)),
            )
            yield taken, 100 + buyer

    def begin(self, series: int, **terms: int) -> wire.BeginDelivery:
        dice = self.random
        told: dict[str, Any] = {
            "starts": self.clock + 3 * HOUR,
            "nomination_lead": HOUR,
            "grace": HOUR,
            "inspection": HOUR,
            "dispute": 2 * HOUR,
            "contingent": dice.random() < 0.5,
            "seller_margin": dice.choice((0, 50 * CENT, 900 * CENT)),
            "prefund_hours": dice.choice((0, 4, 24)),
            "penalty": dice.choice((0, 1_000)),
            "cash_factor": dice.choice((0, 2_500)),
        }
        return wire.BeginDelivery(series=series, **(told | terms))

    # -- every step --------------------------------------------------------------------------

    def ask_delivery(self) -> Asked:
        """Steps of a delivery: mostly the next one, at times another's, or none in time."""
        dice = self.random
        if not self.deliveries:
            yield from self.ask_physical()
            return
        number = dice.choice(sorted(self.deliveries))
        for _ in range(dice.randint(2, 8)):
            if number in self.deliveries:
                yield from self.step(number)
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
        }[DeliveryState(self.stands[number])]
        if dice.random() < 0.1:
            step = dice.choice((self.nominate, self.tender, self.inspect, self.meter, self.remedy))
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
        if dice.random() < 0.3:
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
        quality = dice.choice((10_000, 9_500, 12_345, 0))
        asked = wire.TenderDelivery(account=who, delivery=number, quality=quality, evidence=DIGEST)
        yield asked, 100 + who

    def inspect(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        who = dice.choice((made.buyer,) * 6 + (made.account,))
        kind = dice.choice((wire.AcceptTender,) * 4 + (wire.RejectTender,))
        if dice.random() < 0.8:
            yield kind(account=who, delivery=number), 100 + who

    def meter(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
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
            evidence=DIGEST,
        )
        yield asked, 1
        yield from self.dispute(made)
        yield from self.remedy(number, made)

    def dispute(self, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        number = dice.choice([*sorted(self.metered), 7])
        if dice.random() < 0.4:
            who = dice.choice((made.account, made.buyer, made.buyer, 3))
            for _ in range(dice.choice((1, 1, 2))):
                yield wire.DisputeMetered(account=who, metered=number), 100 + who
        if dice.random() < 0.5:
            asked = wire.DetermineMetered(
                metered=number,
                units=dice.randint(0, 12 * made.lots),
                excused=dice.choice((0, 1)),
                fee=dice.choice((0, 5 * DOLLAR)),
                loser=dice.choice((made.account, made.buyer, made.buyer, 2)),
            )
            yield asked, 1

    def remedy(self, number: int, made: wire.DeliveryMade) -> Asked:
        dice = self.random
        if dice.random() < 0.7:
            asked = wire.RemedyDelivery(
                delivery=number,
                units=dice.choice((1, made.lots, made.lots * made.hours, made.lots * made.hours)),
                cover_price=dice.choice((0, 200, 400, 15_000, 20_000)) * CENT,
                evidence=DIGEST,
            )
            yield asked, 1
        if self.owes or dice.random() < 0.1:
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

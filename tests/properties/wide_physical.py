"""Physical series in the wide stories: listed, traded, turned into deliveries, exchanged for
futures; and what is known of each delivery."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from lasalle import wire
from lasalle.plain.state import GUARANTEES
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
from tests.properties.wide_world import (
    ACCOUNTS,
    CENT,
    DOLLAR,
    FUTURE,
    MARKETS,
    SECOND,
    WHALES,
    Asked,
)

HOUR = 3600 * SECOND
HOURS = 10
"""Hours of a block."""
POOR = 6
"""Account with too little money for what it sells."""
DIGEST = bytes(range(32))


class PhysicalTeller(WideTeller):
    """The wide stories in a house that delivers: how deliveries come to be, and what stands beside
    them."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.behaviour = 5 if seed % 5 == 4 else GUARANTEES
        # A future that stays can be exchanged for physical.
        weights = {"physical": 6, "delivery": 30, "bond": 5, "final": 0, "default": 2}
        weights |= {"exchange": 4, "credit": 4, "correction": 3, "guarantee": 4}
        for habit, weight in weights.items():
            if habit in self.habits:
                self.weights[self.habits.index(habit)] = weight
        self.physical: dict[int, SeriesKind] = {}
        self.deliveries: dict[int, wire.DeliveryMade] = {}
        self.stands: dict[int, int] = {}
        self.done: dict[int, int] = {}
        self.metered: dict[int, tuple[int, int]] = {}
        """Delivery of metered hours, and the most that can have been delivered in them."""
        self.offered: dict[int, wire.DeliveryOffered] = {}
        self.owes: set[int] = set()
        self.given: dict[int, int] = {}
        """Guarantors by the numbers of their guarantees."""
        self.finals: list[tuple[int, int]] = []
        self.begun: wire.DeliveryBegun | None = None
        self.exchange: wire.ExchangeOffered | None = None

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

    def see_delivery_begun(self, header: wire.Header, event: Any) -> None:
        self.begun = event

    def see_delivery_terminated(self, header: wire.Header, event: Any) -> None:
        made = self.deliveries[event.delivery]
        self.deliveries[event.delivery] = replace(made, hours=event.hours or made.hours)

    def see_rejection_contested(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.CONTESTED

    def see_tender_determined(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.SCHEDULED

    def see_exchange_offered(self, header: wire.Header, event: Any) -> None:
        self.exchange = event

    def see_delivery_tendered(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.TENDERED

    def see_delivery_rejected(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.SCHEDULED

    def see_delivery_accepted(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.RUNNING

    def see_delivery_failed(self, header: wire.Header, event: Any) -> None:
        self.stands[event.delivery] = DeliveryState.FAILED

    def see_delivery_metered(self, header: wire.Header, event: Any) -> None:
        most = self.deliveries[event.delivery].lots * event.hours
        self.metered[event.metered] = (event.delivery, most)
        self.done[event.delivery] += event.hours

    def see_metered_final(self, header: wire.Header, event: Any) -> None:
        _, most = self.metered.pop(event.metered)
        if event.due:
            self.finals.append((event.metered, most))

    def see_delivery_ended(self, header: wire.Header, event: Any) -> None:
        self.deliveries.pop(event.delivery, None)

    def see_delivery_offered(self, header: wire.Header, event: Any) -> None:
        self.offered[event.offer] = event

    def see_guarantee_given(self, header: wire.Header, event: Any) -> None:
        self.given[event.guarantee] = event.account

    def see_guarantee_ended(self, header: wire.Header, event: Any) -> None:
        del self.given[event.guarantee]

    def see_remedy_paid(self, header: wire.Header, event: Any) -> None:
        if event.source == RemedySource.FUND:
            self.owes.add(event.account)

    def price(self, series: int, away: int = 4) -> int:
        """What delivers goes at the price it was listed at."""
        if series in MARKETS:
            return super().price(series, away)
        right = self.physical.get(series) == SeriesKind.CALL
        return (20 if right else 250) * CENT

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
        month = month_of(self.clock + 4 * HOUR)
        listed = wire.ListSeries(
            series=series,
            symbol=f"P{series}",
            series_kind=kind,
            group=1,
            index=dice.choice((1, 1, 9)),
            first_month=month,
            last_month=month,
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
                    self.begin(series, starts=self.clock + 40 * 24 * HOUR),
                    wire.SettleFinal(series=series, month=month, price=CENT, hours=HOURS),
                ),
                2,
            )
        )
        for left in list(self.physical):
            yield wire.SetSeriesState(series=left, state=SeriesState.CLOSED), 1
            yield self.begin(left), 1
        yield from self.ask_exchange()

    def traded_lots(self, listed: wire.ListSeries) -> Asked:
        """Some lots change hands, and a buyer says what it takes of a right."""
        dice = self.random
        for _ in range(dice.randint(3, 6)):
            buyer, seller = dice.sample(ACCOUNTS, 2)
            if buyer != POOR and dice.random() < 0.4:
                seller = POOR
            price, lots = listed.reference_price, dice.choice((1, 7, 20, 100))
            for account, side in ((buyer, Side.BUY), (seller, Side.SELL)):
                yield self.order(account, listed.series, side, price, lots), 100 + account
            if not listed.strike and dice.random() < 0.7:
                continue
            taken = wire.ExerciseRight(
                account=buyer,
                series=listed.series if listed.strike else dice.choice((listed.series, 10, 11)),
                lots=dice.randint(0, lots),
                starts=dice.choice((0, 0, self.clock + 5 * HOUR, self.clock + 999 * HOUR, 1)),
            )
            yield taken, 100 + buyer

    def order(
        self, account: int, series: int, side: Side, price: int, lots: int
    ) -> wire.PlaceOrder:
        return wire.PlaceOrder(
            account=account,
            series=series,
            side=side,
            order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            self_trade=SelfTrade.CANCEL_NEWEST,
            price=price,
            lots=lots,
        )

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
            "quality_floor": 9_000,
            "quality_cap": dice.choice((10_000, 13_000)),
            "determination": 2 * HOUR,
            "remedy_window": dice.choice((2 * HOUR, 9 * HOUR, 30 * 24 * HOUR)),
            "cover_band": dice.choice((5_000, 100_000)),
            "correction": dice.choice((0, 24 * HOUR, 400 * HOUR)),
            "correction_share": dice.choice((0, 1_000, 10_000)),
        }
        return wire.BeginDelivery(series=series, **(told | terms))

    # -- beside deliveries -------------------------------------------------------------------

    def ask_correction(self) -> Asked:
        """Hours that are final are corrected, or can be no more."""
        dice = self.random
        number, most = dice.choice([*self.finals[-4:], (7, 1)])
        units = dice.choice((most - 1, most, most // 2, 0, most + 1))
        yield wire.CorrectMetered(metered=number, units=units, evidence=DIGEST), 1

    def ask_credit(self) -> Asked:
        dice = self.random
        credit = wire.SetDeliveryCredit(
            account=dice.choice((*ACCOUNTS, POOR, POOR, 77)),
            amount=dice.choice((0, 40 * DOLLAR, 10**5 * DOLLAR)),
            share=dice.choice((0, 5_000, 10_000, 10_001)),
            until=dice.choice((0, self.clock + HOUR, self.clock + 20 * HOUR)),
            basis=DIGEST,
        )
        yield credit, 1

    def ask_guarantee(self) -> Asked:
        yield from self.guaranteed(self.random.choice((POOR, *ACCOUNTS, 77, 0)))

    def guaranteed(self, covered: int) -> Asked:
        """An account guarantees for another (0: for itself), at times too often or too much, and
        takes it back, at times too early."""
        dice = self.random
        giver = dice.choice((*ACCOUNTS, *WHALES))
        taker = covered or giver
        for _ in range(dice.choice((1, 1, 1, 2, 6))):
            given = wire.GiveGuarantee(
                account=giver,
                to_account=taker,
                amount=dice.choice((1, 1, 30 * DOLLAR, 200 * DOLLAR, 10**11 * DOLLAR)),
                until=self.clock + dice.choice((HOUR, 20 * HOUR, 900 * HOUR, 900 * HOUR, -1)),
                basis=dice.choice((DIGEST,) * 8 + (bytes(32),)),
            )
            yield given, 100 + giver
        if dice.random() < 0.4:
            number = dice.choice([*self.given, 7])
            who = dice.choice((self.given.get(number, giver),) * 6 + (giver,))
            yield wire.ReturnGuarantee(account=who, guarantee=number), 100 + who

    def ask_exchange(self) -> Asked:
        """Futures for physical: a position is offered for a delivery, and taken, or not."""
        dice = self.random
        if self.begun is None:
            return
        for lots in dice.sample((1, -1, 2, -2), 2):
            giver, taker = dice.sample(ACCOUNTS, 2)
            price = self.price(FUTURE)
            for account, side in ((giver, Side.BUY), (taker, Side.SELL)):
                side = side if lots > 0 else (Side.SELL if side == Side.BUY else Side.BUY)
                yield self.order(account, FUTURE, side, price, abs(lots)), 100 + account
            hours = dice.choice((1, 2, HOURS))
            most = abs(lots) * MARKETS[FUTURE][2] // hours
            offer = wire.OfferExchange(
                account=giver,
                to_account=taker,
                series=dice.choice((FUTURE,) * 8 + (11, self.begun.series)),
                lots=lots,
                price=price,
                physical=dice.choice((self.begun.series,) * 8 + (FUTURE,)),
                accelerators=dice.choice((most,) * 6 + (most + 1, 0)),
                first_hour=dice.choice((0, 0, 0, 0, 0, 1, 999)),
                hours=hours,
                delivery_price=dice.choice((250 * CENT,) * 6 + (0,)),
            )
            yield offer, 100 + giver
            if self.exchange is None:
                continue
            waits = self.exchange
            if dice.random() < 0.2:
                ends = dice.choice((waits.account, waits.to_account, 3))
                yield wire.WithdrawExchange(account=ends, offer=waits.offer), 100 + ends
            if dice.random() < 0.8:
                takes = dice.choice((waits.to_account,) * 5 + (2,))
                yield wire.AcceptExchange(account=takes, offer=waits.offer), 100 + takes


def month_of(time: int) -> int:
    """Month of a time UTC, YYYYMM."""
    day = datetime.fromtimestamp(time // SECOND, UTC)
    return 100 * day.year + day.month

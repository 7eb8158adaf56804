"""A delivery day on a venue and a log whose disks lose their power: the story of the example, step
by step, each chosen from what is durable and from nothing that was remembered."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from lasalle import wire
from lasalle.institution.delivery_round import DeliveryDesk, RemedyAccount
from lasalle.institution.examples.delivery_metering import Judged, Meters, cheating, honest
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    DESK,
    FIRST,
    HOUR,
    OTHER,
    PRICE,
    SECOND,
    SUPPLIER,
    DeliveryVenue,
    StepRefused,
)
from lasalle.sim.disk import Fault, PowerCut, SimulatedDisk
from lasalle.wire import DeliveryState, Refusal, SeriesState, Side
from tests.delivery import world

LOTS, HOURS, CHEATED, REQUESTS = 48, 24, 5, 4
FAULTS = (Fault.TORN_WRITE, Fault.BEFORE_FLUSH, Fault.AFTER_FLUSH)
EVIDENCE = b"\x02" * 32
S = DeliveryState


@dataclass
class DeliveryDay:
    """One seed: the power goes with a chance at every command and every reading."""

    folder: Path
    seed: int
    chance: float
    reached: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.disk = SimulatedDisk(self.random, self.reached)
        self.shelf = world.Memory()
        self.number = 0
        self.starts = 0
        self._last: Any = None
        self._open()

    def live(self) -> None:
        """The whole day, however often the power goes."""
        for _ in range(1_000):
            try:
                if not self._step():
                    return
            except PowerCut:
                self._restart("venue")
            except world.PowerCut:
                self._restart("meters")
        raise AssertionError("the day ends")

    def close(self) -> None:
        """Lets go of everything."""
        house = self.venue.house
        house.history.close()
        house.keys.close()
        os.close(house.lock)

    def bundle(self) -> bytes:
        """The day's log in one file, once the power stays."""
        self.chance = 0.0
        self._judged(HOURS)
        assert self.meters is not None, "the hours were judged"
        self.meters.cosign(HOURS)
        return self.meters.bundle()

    # -- the power -----------------------------------------------------------------------------

    def _open(self) -> None:
        self.venue = DeliveryVenue.open(self.folder, self.disk)
        remedy = RemedyAccount(DESK, 10 + DESK)
        self.desk = DeliveryDesk(self.venue.house.views, FIRST, SECOND, remedy)
        self.meters: Meters | None = None
        self.read = 0
        """Hours these meters have read since they were started."""

    def _restart(self, what: str) -> None:
        """Everything goes dark at once; what stood disputed stands disputed."""
        self.reached[f"power cut of the {what}"] += 1
        disputed = self._disputed()
        self.close()
        self.disk.plan(None)
        self.disk.lose_power()
        self.shelf.countdown = -1
        self.shelf = self.shelf.after_crash(self.random)
        self._open()
        # Nobody was answered an approval that was durable, and it determines what was disputed.
        determined = isinstance(self._last, wire.Approve)
        assert determined or disputed <= self._disputed(), "a dispute stands where it stood"
        self.reached["disputes that stood through a cut"] += bool(disputed & self._disputed())

    def _disputed(self) -> set[int]:
        """Disputes that were answered for: the views are told of what is durable alone."""
        owed = self.venue.house.accounts.margins.owed
        return {number for number, metered in owed.metered.items() if metered.disputed}

    def _ask(self, actor: int, command: Any) -> list[Any]:
        self._last = command
        if self.random.random() < self.chance:
            self.disk.plan(self.random.choice(FAULTS))
        try:
            return self.venue.ask(actor, command)
        except StepRefused as refused:
            if refused.refusal != Refusal.REFERENCE_REUSED:
                raise
            self.reached["orders sent again"] += 1
            return []
        finally:
            self.disk.plan(None)

    def _of_two(self, command: Any) -> None:
        """Proposed, or approved where it waits."""
        waiting = self.venue.house.accounts.proposals
        for number, one in waiting.items():
            if one.command == command.KIND and one.payload == command.pack():
                self._ask(SECOND, wire.Approve(proposal=number))
                return
        self._ask(FIRST, wire.Propose(command=command.KIND, payload=command.pack()))

    def _order(self, account: int, symbol: str, side: Side, price: int, lots: int) -> None:
        view = self.venue.house.accounts.accounts[account]
        reference = f"once-{account}-{symbol}"[:32]
        if reference in view.references:
            return
        self._ask(10 + account, wire.PlaceOrder(
            account=account, series=self.venue.number(symbol), side=side,
            order_type=wire.OrderType.LIMIT, time_in_force=wire.TimeInForce.GTC,
            self_trade=wire.SelfTrade.CANCEL_NEWEST, price=price, lots=lots,
            reference=reference, reference_time=self.venue.clock.now,
        ))  # fmt: skip

    # -- the day -------------------------------------------------------------------------------

    def _step(self) -> bool:
        """One step; False when the day is over."""
        venue = self.venue
        view = venue.house.market.by_symbol[venue.series[0].symbol]
        owed = venue.house.accounts.margins.owed.deliveries
        if view.state == SeriesState.OPEN:
            self._trade(view)
        elif stage := self.desk.due(venue.clock.now):
            self._ask(stage[0].actor, stage[0].command)
        elif owed:
            (delivery,) = owed.values()
            self.number, self.starts = delivery.delivery, delivery.starts
            self._deliver(delivery)
        else:
            return False
        return True

    def _trade(self, view: Any) -> None:
        symbol, venue = view.terms.symbol, self.venue
        if venue.house.accounts.accounts[BUYER].positions.get(view.terms.series):
            venue.clock.to(view.terms.last_trading_time)
            closed = wire.SetSeriesState(series=view.terms.series, state=SeriesState.CLOSED)
            self._ask(FIRST, closed)
            return
        self._order(SUPPLIER, symbol, Side.SELL, PRICE, LOTS)
        self._order(BUYER, symbol, Side.BUY, PRICE, LOTS)

    def _deliver(self, delivery: Any) -> None:
        number = delivery.delivery
        if delivery.state == S.PAIRED:
            account = SUPPLIER if not delivery.nominated & 1 else BUYER
            nominate = wire.NominateDelivery(account=account, delivery=number, nomination=EVIDENCE)
            self._ask(10 + account, nominate)
        elif delivery.state == S.SCHEDULED:
            tender = wire.TenderDelivery(
                account=SUPPLIER, delivery=number, quality=10_000, evidence=EVIDENCE
            )
            self._ask(10 + SUPPLIER, tender)
        elif delivery.state == S.TENDERED:
            self._until(delivery.starts + 2 * HOUR)
        elif self._open_hour(delivery) is not None:
            self._dispute(delivery)
        elif delivery.metered_hours < HOURS:
            self._book(delivery)
        elif self._disputed():
            self._determine(delivery)
        else:
            self._until(delivery.starts + (HOURS + 26) * HOUR)

    def _until(self, moment: int) -> None:
        self.venue.clock.to(moment)
        self._ask(0, wire.AdvanceTime())

    def _judged(self, hours: int) -> list[Judged]:
        """The meters, made anew after a cut, read every hour again, and each is judged."""
        if self.meters is None:
            self.meters = Meters(self.shelf, self.number, self.starts // 1_000, HOURS, LOTS)
            self.read = 0
        for hour in range(self.read, hours):
            if self.random.random() < self.chance:
                self.shelf.countdown = self.random.randint(1, 8)
            made = cheating if hour == CHEATED else honest
            self.meters.read(hour, made(hour, REQUESTS))
            self.shelf.countdown = -1
            self.read = hour + 1
        return [self.meters.judge(hour) for hour in range(hours)]

    def _book(self, delivery: Any) -> None:
        hour = delivery.metered_hours
        self.venue.clock.to(delivery.starts + (hour + 1) * HOUR)
        judged = self._judged(hour + 1)[hour]
        book = wire.MeterDelivery(
            delivery=self.number, hours=1, units=judged.units, evidence=judged.evidence
        )
        self._ask(FIRST, book)

    def _open_hour(self, delivery: Any) -> Any:
        """The hour that was cheated on, booked and not disputed yet."""
        owed = self.venue.house.accounts.margins.owed
        waiting = owed.open_metered(delivery.delivery)
        return next((m for m in waiting if m.first_hour == CHEATED and not m.disputed), None)

    def _dispute(self, delivery: Any) -> None:
        self._judged(delivery.metered_hours)
        metered = self._open_hour(delivery)
        assert self.meters is not None, "the hours were judged"
        evidence = self.meters.dispute(CHEATED)
        dispute = wire.DisputeMetered(
            account=SUPPLIER, metered=metered.metered, evidence=evidence
        )
        self._ask(10 + SUPPLIER, dispute)

    def _determine(self, delivery: Any) -> None:
        self._judged(HOURS)
        assert self.meters is not None, "the hours were judged"
        _, judged = self.meters.determine(CHEATED)
        self._order(OTHER, self.venue.series[-1].symbol, Side.SELL, 430_000, 3)
        (metered,) = self._disputed()
        self._of_two(wire.DetermineMetered(
            metered=metered, units=judged.units, fee=15 * 10**6, loser=SUPPLIER,
            evidence=judged.evidence,
        ))  # fmt: skip

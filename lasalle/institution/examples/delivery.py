"""`lasalle run-example delivery`: tokens sold forward, delivered, metered by three parties, cheated
on for an hour, disputed, determined, bought elsewhere and paid, on a venue of its own.

The commands, the law that decides them, the log, its proof and the judgement are those of any
house. The meters read a llama.cpp server with real weights; with `--simulated` their readings are
made up. Members and their money always are.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.delivery.auditing import MEAN_LIMIT
from lasalle.delivery.desk_terms import load_desk_terms
from lasalle.delivery.invoice import Tax, invoice_of, usd
from lasalle.delivery.statements import Answer
from lasalle.delivery.terms import Side as MeterSide
from lasalle.delivery.verifying import verify
from lasalle.gateway.obligations import supply_of
from lasalle.institution.delivery_round import DeliveryDesk, RemedyAccount
from lasalle.institution.examples.delivery_endpoint import TRACES, EndpointMeters, Shape
from lasalle.institution.examples.delivery_metering import HOUR_US, Judged, Metering, Meters
from lasalle.institution.examples.delivery_told import (
    LOTS,
    MADE_UP,
    NAME,
    Told,
    Trace,
    labels_of,
)
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    DESK,
    FIRST,
    HOUR,
    NAMES,
    OTHER,
    PRICE,
    SECOND,
    SUPPLIER,
    DeliveryVenue,
)
from lasalle.institution.examples.venue import folder
from lasalle.institution.metering.model_server import missing
from lasalle.venue.shelf import FolderShelf
from lasalle.views import obligations
from lasalle.wire import Side

HOURS, CHEATED = 24, 5
FEE, COVER = 15 * 10**6, 430_000
"""Micro-dollars: of a lost dispute; of a million tokens that another supplier still sells."""
SEALED = b"\x01" * 32
"""Stands for the digest of a nomination, whose content is nobody's business here."""


class Story:
    """A venue, its desk of deliveries, and what is done on it."""

    def __init__(self, where: Path, progress: Callable[[str], None]) -> None:
        self.where, self.progress = where, progress
        self.venue = DeliveryVenue.open(where / "house")
        remedy = RemedyAccount(DESK, 10 + DESK)
        self.desk = DeliveryDesk(self.venue.house.views, FIRST, SECOND, remedy)
        self.trace, self.symbol = Trace(), self.venue.series[0].symbol
        self.remedies: list[wire.DeliveryRemedied] = []
        self.payments: list[wire.RemedyPaid] = []

    def say(self, who: str, what: str) -> None:
        """Traced at the time of the venue."""
        self.trace.on(self.venue.clock.now, who, what)

    def run_desk(self) -> list[Any]:
        """Everything the desk of deliveries does now, and what came of it."""
        told = []
        while stage := self.desk.due(self.venue.clock.now):
            for asked in stage:
                told += self.venue.ask(asked.actor, asked.command)
        for event in told:
            self._heard(event)
        return told

    def until(self, moment: int) -> None:
        """Time passes; what came due is told."""
        paid = 0
        for event in self.venue.until(moment):
            if isinstance(event, wire.ReceivablePaid):
                paid += event.amount
            else:
                self._heard(event)
        if paid:
            self.say("clearing desk", f"pays {NAMES[SUPPLIER]} {usd(paid)} for hours now final")

    def _heard(self, event: Any) -> None:
        if isinstance(event, wire.DeliveryMade):
            self.say("clearing desk", f"delivery {event.delivery}: {event.lots} x {self.symbol},"
                     f" {event.hours} hours at {usd(event.price)}")  # fmt: skip
        elif isinstance(event, wire.DeliveryAccepted):
            self.say(NAMES[BUYER], "accepts by silence" if event.silent else "accepts")
        elif isinstance(event, wire.Traded):
            symbol = self.venue.house.accounts.symbols[event.series].symbol
            self.say("remedy desk", f"buys {event.lots} lot of {symbol} at {usd(event.price)}")
        elif isinstance(event, wire.DeliveryRemedied):
            self.remedies.append(event)
            self.say("clearing desk", f"makes {event.units} units good at"
                     f" {usd(event.cover_price)}: {NAMES[event.account]} owes {usd(event.cost)},"
                     f" unpaid {usd(event.unpaid)}")  # fmt: skip
        elif isinstance(event, wire.RemedyPaid):
            self.payments.append(event)
            self.say("clearing desk", f"pays {usd(event.amount)} of it from"
                     f" {event.source.name.lower()}")  # fmt: skip
        elif isinstance(event, wire.ReceivablePaid):
            self.say("clearing desk", f"pays {NAMES[SUPPLIER]} {usd(event.amount)} kept for it")
        elif isinstance(event, wire.DeliveryEnded):
            self.say("clearing desk", f"the delivery ended: {event.reason.name.lower()}")

    # -- the steps -----------------------------------------------------------------------------

    def traded(self) -> None:
        """Lots change hands in the book, and trading ends."""
        self.venue.order(SUPPLIER, self.symbol, Side.SELL, LOTS, PRICE)
        self.say(NAMES[SUPPLIER], f"sells {LOTS} {self.symbol} at {usd(PRICE)}")
        self.venue.order(BUYER, self.symbol, Side.BUY, LOTS, PRICE)
        self.say(NAMES[BUYER], f"buys {LOTS} {self.symbol} at {usd(PRICE)}")
        self.venue.clock.to(self.venue.series[0].last_trading_time)
        series = self.venue.number(self.symbol)
        closed = wire.SetSeriesState(series=series, state=wire.SeriesState.CLOSED)
        self.venue.ask(FIRST, closed)
        self.run_desk()

    @property
    def delivery(self) -> Any:
        """The one delivery that is owed."""
        (found,) = self.venue.house.accounts.margins.owed.deliveries.values()
        return found

    def scheduled(self) -> None:
        """Both sides nominate, the seller tenders, the buyer says nothing."""
        number = self.delivery.delivery
        for account in (SUPPLIER, BUYER):
            command = wire.NominateDelivery(account=account, delivery=number, nomination=SEALED)
            self.venue.ask(10 + account, command)
            self.say(NAMES[account], "nominates")
        tender = wire.TenderDelivery(
            account=SUPPLIER, delivery=number, quality=10_000, evidence=SEALED
        )
        self.venue.ask(10 + SUPPLIER, tender)
        self.say(NAMES[SUPPLIER], "tenders at full quality")
        self.until(self.delivery.starts + 2 * HOUR)

    def metered(self, meters: Metering) -> list[tuple[Judged, int]]:
        """Every hour is read by three meters, judged and booked; the hours in which the readings
        are further apart than is tolerated, each with the number of its booking."""
        number, starts = self.delivery.delivery, self.delivery.starts
        kept = []
        for hour in range(HOURS):
            self.until(starts + (hour + 1) * HOUR)
            meters.live(hour)
            judged = meters.judge(hour)
            self._told_of(judged, meters)
            meters.cosign(hour)
            book = wire.MeterDelivery(
                delivery=number, hours=1, units=judged.units, evidence=judged.evidence
            )
            booked = self.venue.ask(FIRST, book)
            event = next(e for e in booked if isinstance(e, wire.DeliveryMetered))
            if judged.compared.answer is Answer.DISPUTED:
                kept.append((judged, int(event.metered)))
        apart = {judged.hour for judged, _ in kept}
        tokens = sum(
            meters.readings[MeterSide.BUYER, hour].sum_prompt
            + meters.readings[MeterSide.BUYER, hour].sum_completion
            for hour in range(HOURS)
        )
        self.say("meters", f"{HOURS} hours read by buyer, supplier and referee, {tokens:,} tokens"
                 f" counted by the buyer's; {HOURS - len(apart)} agree")  # fmt: skip
        return kept

    def _told_of(self, judged: Judged, meters: Metering) -> None:
        """What meters and referee found in an hour, where there is anything."""
        hour, both, audits = judged.hour, judged.compared, meters.audits.get(judged.hour)
        done = f"hour {hour} ({hour + 1} of {HOURS}): {both.answer.value}"
        if judged.charged or both.answer is Answer.DISPUTED:
            told = f"buyer {both.buyer.output:,} tokens, supplier {both.supplier.output:,}"
            self.say("meters", f"hour {hour}: {told}: {judged.units} of {LOTS} units stand")
        if judged.charged:
            self.say("referee", f"the evidence speaks of {', '.join(judged.charged)}")
            done += f", {', '.join(judged.charged)}"
        if audits is not None and not audits.of_the_model:
            meters.accuse(hour)
            told = f"mean gap {audits.mean / 1e6:.3f} nats of {audits.tokens} tokens"
            most = f"at most {MEAN_LIMIT / 1e6:.3f} is the model's"
            self.say("referee", f"another model answered: {told}, {most}")
        self.progress(done)

    def disputed(self, meters: Metering, judged: Judged, metered: int, number: int) -> str:
        """The supplier disputes, the referee counts again; what it found, in words."""
        hour = judged.hour
        evidence = meters.dispute(hour, number, HOURS - 1)
        dispute = wire.DisputeMetered(account=SUPPLIER, metered=metered, evidence=evidence)
        self.venue.ask(10 + SUPPLIER, dispute)
        self.say(NAMES[SUPPLIER], f"disputes hour {hour}")
        found, judged = meters.determine(hour, number, HOURS - 1)
        self.say("referee", f"bisects to {len(found.rows)} rows: {found.reason}")
        loser = SUPPLIER if found.loser is not None and found.loser.value == "supplier" else BUYER
        for event in self.venue.agreed(
            wire.DetermineMetered(
                metered=metered, units=judged.units, fee=FEE, loser=loser, evidence=judged.evidence
            )
        ):
            self._heard(event)
        self.say("clearing desk", f"{judged.units} units are determined; {NAMES[loser]} lost and"
                 f" pays {usd(FEE)}")  # fmt: skip
        return found.reason

    def made_good(self) -> None:
        """Cover is bought, booked, taken over."""
        later = self.venue.series[-1].symbol
        self.venue.order(OTHER, later, Side.SELL, 3, COVER)
        self.say(NAMES[OTHER], f"offers 3 {later} at {usd(COVER)}")
        told = self.run_desk()
        for offer in (e for e in told if isinstance(e, wire.TransferOffered)):
            self.venue.ask(10 + BUYER, wire.AcceptTransfer(account=BUYER, offer=offer.offer))
            self.say(NAMES[BUYER], f"takes over {offer.lots} lot of {later} at {usd(offer.price)}")

    def paid(self) -> dict[str, Any]:
        """The last hours become final and are paid, what is still missing in cash; what the
        remedies came to."""
        end = self.delivery.starts + (HOURS + 25) * HOUR
        for moment in (end, end + load_desk_terms().window):
            self.until(moment)
            self.run_desk()
        made, paid = self.remedies, defaultdict[str, int](int)
        for one in self.payments:
            paid[one.source.name.lower()] += one.amount
        return {
            "units": sum(e.units for e in made),
            "cover_price": max((e.cover_price for e in made if not e.in_cash), default=0),
            "cost": sum(e.cost for e in made), "unpaid": sum(e.unpaid for e in made),
            "paid": dict(paid),
        }  # fmt: skip

    def ledger(self) -> dict[str, dict[str, int]]:
        """What moved the money of each account and of the house since they paid in."""
        found: dict[str, dict[str, int]] = {}
        accounts = self.venue.house.accounts.accounts
        for account, view in accounts.items():
            moved: dict[str, int] = defaultdict(int)
            for line in view.lines:
                moved[line.why] += line.amount
            found[NAMES[account]] = {why: n for why, n in moved.items() if n}
        found["the house"] = {"balances": sum(self.venue.house.accounts.house.values())}
        return found


def story(where: Path, args: argparse.Namespace, progress: Callable[[str], None]) -> Told:
    """The whole example in a folder."""
    told = Story(where, progress)
    told.traded()
    number, starts = told.delivery.delivery, told.delivery.starts
    told.scheduled()
    assert HOUR_US * 1_000 == HOUR, "meters count microseconds, the venue nanoseconds"
    shelf = FolderShelf(where / "log")
    said = (shelf, number, starts // 1_000, HOURS, LOTS)
    meters: Metering
    if args.simulated:
        meters, labels = Meters(*said, cheated=CHEATED), MADE_UP
    else:
        progress("starting two model servers with real weights")
        real = EndpointMeters(*said, folder=where / "meters", cheated=CHEATED, shape=args.shape,
                              traces=args.traces)  # fmt: skip
        meters, labels = real, labels_of(real.shape, real.told)
    try:
        kept = told.metered(meters)
    finally:
        meters.close()
    found = [
        told.disputed(meters, judged, metered, n) for n, (judged, metered) in enumerate(kept, 1)
    ]
    assert kept, "an hour was cheated on, and the meters saw it"
    meters.cosign(HOURS)
    told.made_good()
    remedy = told.paid()
    content = meters.bundle()
    (where / "delivery.bundle").write_bytes(content)
    shelf.close()
    accounts = told.venue.house.accounts
    steps = obligations.steps(accounts, number, ())
    known = obligations.story_of(steps)
    assert known is not None, "the delivery was made"
    invoice = invoice_of(supply_of(accounts, number, known), Tax("S", 1_900))
    ledger = told.ledger()
    return Told(
        told.trace, labels, kept[0][0], found[0], verify(content, terms_sha256=meters.terms.sha256),
        invoice, ledger, remedy, told.venue.close(),
    )  # fmt: skip


def main(argv: list[str], shape: Shape | None = None) -> int:
    """Runs the example; 1 where the proof does not hold, 2 where there is no endpoint to meter."""
    words = argparse.ArgumentParser(prog=f"lasalle run-example {NAME}")
    words.add_argument("--json", action="store_true", help="for programs")
    words.add_argument("--keep", type=Path, help="keeps venue, log and bundle here")
    words.add_argument(
        "--traces", type=Path, default=TRACES, help="folder of the published traces (%(default)s)"
    )
    words.add_argument(
        "--simulated", action="store_true", help="readings made up, of requests nobody sent"
    )
    args = words.parse_args(argv, argparse.Namespace(shape=shape or Shape()))
    if not args.simulated and missing():
        print(f"run-example {NAME}: {missing()} (make meter); --simulated makes readings up",
              file=sys.stderr)  # fmt: skip
        return 2

    def progress(what: str) -> None:
        if not args.simulated:
            print(what, file=sys.stderr, flush=True)

    with folder(args.keep, NAME) as where:
        told = story(where, args, progress)
    print(json.dumps(told.value(), indent=2) if args.json else told.text())
    return 0 if told.verdict.sound else 1

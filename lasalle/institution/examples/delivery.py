"""`lasalle run-example delivery`: tokens sold forward, delivered, metered by three parties, cheated
on for an hour, disputed, determined, bought elsewhere and paid, on a venue of its own.

The commands, the law that decides them, the log, its proof and the judgement are those of any
house. Members, their money, the requests and what the meters saw of them are made up.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.delivery.invoice import Tax, invoice_of, usd
from lasalle.delivery.verifying import Verdict, verify
from lasalle.gateway.obligations import supply_of
from lasalle.institution.delivery_round import DeliveryDesk, RemedyAccount
from lasalle.institution.examples.delivery_metering import (
    HOUR_US,
    Judged,
    Meters,
    cheating,
    honest,
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
from lasalle.institution.examples.told import VENUE, Labels
from lasalle.institution.examples.venue import folder
from lasalle.venue.shelf import FolderShelf
from lasalle.views import obligations
from lasalle.wire import Side

NAME, LOTS, HOURS, CHEATED = "delivery", 48, 24, 5
FEE, COVER = 25 * 10**6, 430_000
"""Micro-dollars: of a lost dispute; of a million tokens that another supplier still sells."""
SEALED = b"\x01" * 32
"""Stands for the digest of a nomination, whose content is nobody's business here."""
LABELS = Labels(
    real=(
        VENUE,
        "the log, its signatures and proofs, the judgement of each hour, the dispute bisected to"
        " the rows and counted again, the purchase of cover in the book",
    ),
    modelled=(),
    simulated=(
        "readings: three meters with keys anybody can make, of requests nobody sent; a word stands"
        " for a token and 48 requests for 48 million tokens",
        "members, their money, the price at which tokens fix and at which cover is offered",
    ),
    assumed=("the law and the published terms of a firm forward on work, as they stand",),
    not_there=("a model behind an endpoint: nobody answers the requests",),
)


@dataclass
class Trace:
    """What happened, in order."""

    rows: list[tuple[int, str, str]] = field(default_factory=list)

    def on(self, time: int, who: str, what: str) -> None:
        """One more step."""
        self.rows.append((time, who, what))


@dataclass
class Told:
    """The example as it went."""

    trace: Trace
    judged: Judged
    found: str
    verdict: Verdict
    invoice: Any
    ledger: dict[str, dict[str, int]]
    """Micro-dollars by account and reason; the sum of all is zero."""
    remedy: dict[str, Any]
    state_hash: str

    def value(self) -> dict[str, Any]:
        """For programs."""
        return {
            "example": NAME,
            "labels": {name: list(said) for name, said in LABELS.rows()},
            "trace": [{"time": t, "who": who, "what": what} for t, who, what in self.trace.rows],
            "cheated_hour": {
                "hour": self.judged.hour,
                "buyer_tokens": self.judged.compared.buyer.output,
                "supplier_tokens": self.judged.compared.supplier.output,
                "units": self.judged.units,
                "determined": self.found,
            },
            "remedy": self.remedy,
            "proof": {
                "sound": self.verdict.sound, "whole": self.verdict.whole,
                "entries": self.verdict.entries, "readings": self.verdict.readings,
                "rows": self.verdict.rows,
            },
            "invoice": self.invoice.told(),
            "ledger_micro_dollars": self.ledger,
            "state_hash": self.state_hash,
        }  # fmt: skip

    def text(self) -> str:
        """For a person."""
        rows = [f"{NAME}: tokens sold forward, delivered, metered, disputed and made good", ""]
        rows += [f"  {name}: {'; '.join(said)}" for name, said in LABELS.rows()]
        rows += ["", "Trace, UTC"]
        for time, who, what in self.trace.rows:
            rows.append(
                f"  {datetime.fromtimestamp(time / 1e9, UTC):%d %b %H:%M}  {who:<13} {what}"
            )
        v = self.verdict
        rows += ["", f"Proof, verified offline from the bundle's bytes: "
                 f"{'SOUND' if v.sound else 'NOT SOUND'}, {v.entries} entries, {v.readings} "
                 f"readings, {v.rows} rows shown"]  # fmt: skip
        rows += ["", self.invoice.text().rstrip(), "", "Ledger, USD"]
        reasons = sorted({reason for moved in self.ledger.values() for reason in moved})
        names = list(self.ledger)
        rows.append(f"  {'':<26}" + "".join(f"{name:>18}" for name in names))
        for reason in reasons:
            cells = (usd(self.ledger[name].get(reason, 0)) for name in names)
            rows.append(f"  {reason:<26}" + "".join(f"{cell:>18}" for cell in cells))
        totals = (usd(sum(self.ledger[name].values())) for name in names)
        rows.append(f"  {'in all':<26}" + "".join(f"{total:>18}" for total in totals))
        total = sum(sum(moved.values()) for moved in self.ledger.values())
        rows += [f"  sum of all: {usd(total)}", f"State hash: {self.state_hash}"]
        return "\n".join(rows)


class Story:
    """A venue, its desk of deliveries, and what is done on it."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self.venue = DeliveryVenue.open(where / "house")
        remedy = RemedyAccount(DESK, 10 + DESK)
        self.desk = DeliveryDesk(self.venue.house.views, FIRST, SECOND, remedy)
        self.trace, self.symbol = Trace(), self.venue.series[0].symbol

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
            self.say("clearing desk", f"makes {event.units} units good at"
                     f" {usd(event.cover_price)}: {NAMES[event.account]} owes {usd(event.cost)},"
                     f" unpaid {usd(event.unpaid)}")  # fmt: skip
        elif isinstance(event, wire.RemedyPaid):
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

    def metered(self, meters: Meters) -> tuple[Judged, int]:
        """Every hour is read by three meters, judged and booked; the hour that was cheated on, and
        the number of its booking."""
        number, starts, kept = self.delivery.delivery, self.delivery.starts, None
        for hour in range(HOURS):
            self.until(starts + (hour + 1) * HOUR)
            meters.read(hour, cheating(hour) if hour == CHEATED else honest(hour))
            meters.cosign(hour)
            judged = meters.judge(hour)
            book = wire.MeterDelivery(
                delivery=number, hours=1, units=judged.units, evidence=judged.evidence
            )
            booked = self.venue.ask(FIRST, book)
            if hour == CHEATED:
                event = next(e for e in booked if isinstance(e, wire.DeliveryMetered))
                both = judged.compared
                self.say(
                    "meters",
                    f"hour {hour}: buyer {both.buyer.output:,} tokens, supplier"
                    f" {both.supplier.output:,}: {judged.units} of {LOTS} units stand",
                )
                kept = judged, int(event.metered)
        self.say("meters", f"{HOURS} hours read by buyer, supplier and referee; the others agree")
        assert kept is not None, "an hour was cheated on"
        return kept

    def disputed(self, meters: Meters, metered: int) -> str:
        """The supplier disputes, the referee counts again; what it found, in words."""
        evidence = meters.dispute(CHEATED)
        dispute = wire.DisputeMetered(account=SUPPLIER, metered=metered, evidence=evidence)
        self.venue.ask(10 + SUPPLIER, dispute)
        self.say(NAMES[SUPPLIER], f"disputes hour {CHEATED}")
        found, judged = meters.determine(CHEATED)
        meters.cosign(HOURS)
        self.say("referee", found.reason)
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

    def made_good(self) -> dict[str, Any]:
        """Cover is bought, booked, taken over; what the remedy came to."""
        later = self.venue.series[-1].symbol
        self.venue.order(OTHER, later, Side.SELL, 3, COVER)
        self.say(NAMES[OTHER], f"offers 3 {later} at {usd(COVER)}")
        told = self.run_desk()
        made = next(e for e in told if isinstance(e, wire.DeliveryRemedied))
        paid = {e.source.name.lower(): e.amount for e in told if isinstance(e, wire.RemedyPaid)}
        for offer in (e for e in told if isinstance(e, wire.TransferOffered)):
            self.venue.ask(10 + BUYER, wire.AcceptTransfer(account=BUYER, offer=offer.offer))
            self.say(NAMES[BUYER], f"takes over {offer.lots} lot of {later} at {usd(offer.price)}")
        return {
            "units": made.units, "cover_price": made.cover_price, "cost": made.cost,
            "unpaid": made.unpaid, "paid": paid,
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


def story(where: Path) -> Told:
    """The whole example in a folder."""
    told = Story(where)
    told.traded()
    number, starts = told.delivery.delivery, told.delivery.starts
    told.scheduled()
    shelf = FolderShelf(where / "log")
    meters = Meters(shelf, number, starts // 1_000, HOURS, LOTS)
    assert HOUR_US * 1_000 == HOUR, "meters count microseconds, the venue nanoseconds"
    judged, metered = told.metered(meters)
    found = told.disputed(meters, metered)
    remedy = told.made_good()
    told.until(starts + (HOURS + 25) * HOUR)
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
        told.trace, judged, found, verify(content, terms_sha256=meters.terms.sha256), invoice,
        ledger, remedy, told.venue.close(),
    )  # fmt: skip


def main(argv: list[str]) -> int:
    """Runs the example; 1 where the proof does not hold."""
    words = argparse.ArgumentParser(prog=f"lasalle run-example {NAME}")
    words.add_argument("--json", action="store_true", help="for programs")
    words.add_argument("--keep", type=Path, help="keeps venue, log and bundle here")
    args = words.parse_args(argv)
    with folder(args.keep, NAME) as where:
        told = story(where)
    print(json.dumps(told.value(), indent=2) if args.json else told.text())
    return 0 if told.verdict.sound else 1

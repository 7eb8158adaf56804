"""One delivery day of real processes over the loopback: a house that is served, meters of buyer,
supplier and referee as proxies in a row, streamed requests to an engine that is made up. Each seed
kills them with SIGKILL at moments of its own, and what was not answered is asked again.

SIMULATED: the engine, its words, members, money, and a clock that is set forward hour by hour; the
programs, their files, sockets and signatures are those that serve a house.

    python -m tests.simulation.day_of_programs FOLDER FIRST LAST KILLS

prints what each seed came to, a line of JSON each.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import shutil
import sys
import time
from argparse import Namespace
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from lasalle import wire
from lasalle.client import Asking
from lasalle.contracts import day_number
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.readings import sign
from lasalle.delivery.statements import Dispute
from lasalle.institution import delivery_desk
from lasalle.institution.delivery_store import DELIVERIES_PATH, DeliveryStore
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    DAY,
    FIRST,
    HOUR,
    INDEX,
    OTHER,
    PRICE,
    SUPPLIER,
    at,
    day_blocks,
)
from lasalle.wire import SeriesState
from tests.simulation.day_found import (
    BLOCK,
    CHEATED,
    COVER,
    COVER_LOTS,
    DETERMINED,
    EVIDENCE,
    FEE,
    HOURS,
    LOTS,
    found_house,
    readings_of,
)
from tests.simulation.day_of_kills import DayOfKills
from tests.simulation.lives import LONGEST, DayClock, Life, Nursery, free_port

MINUTE = 60 * 10**9
SPECIFICATION = made_specification(quantity_basis="utf8_bytes")
SIDES = {1: "buyer", 2: "supplier", 3: "referee"}
ACTOR = {"buyer.example": 10 + BUYER, "supplier.example": 10 + SUPPLIER}
SENDS = {1: 10 + BUYER, 2: 10 + SUPPLIER, 3: 10 + BUYER}


class DayOfPrograms(DayOfKills):
    """One seed, from the trade to what is made good."""

    async def live(self) -> dict[str, Any]:
        """The whole day; what came of it."""
        begun = time.monotonic()
        self.clock.to(at(DAY, 9, 10))
        self.venue.begin()
        await asyncio.gather(self.engine.start(), self.venue.listening())
        try:
            await self._until_delivery()
            await self._begin_meters()
            for hour in range(HOURS):
                await self._hour(hour)
            await self._end()
            return {
                "seed": self.seed, "number": self.number, "whole": self.whole,
                "tested": self.tested, "refused": sorted(self.refused),
                "cut": sorted(self.cut), "asked": self.asked, "reached": self.reached,
                "seconds": round(time.monotonic() - begun, 2),
            }  # fmt: skip
        finally:
            for life in (self.venue, *self.meters.values()):
                if life.pid and life.alive:
                    await life.kill()
            await self.http.aclose()
            await self.engine.stop()

    # -- before the day ------------------------------------------------------------------------

    async def _until_delivery(self) -> None:
        self.block, self.later = day_blocks(DAY)[0], day_blocks(DAY)[-1].symbol
        await self._step("trade", -1, self._by(self._trade))
        self.clock.to(self.block.last_trading_time + MINUTE)
        await self._step("begin", -1, self._by(self._begin))

    def _trade(self) -> None:
        for account, side, symbol, price, lots in (
            (SUPPLIER, "sell", self.block.symbol, PRICE, LOTS),
            (BUYER, "buy", self.block.symbol, PRICE, LOTS),
            (OTHER, "sell", self.later, COVER, COVER_LOTS),
        ):
            tick = next(s.tick_micro_dollars for s in self._client(10 + account).series()
                        if s.symbol == symbol)  # fmt: skip
            self._client(10 + account).place(
                account, symbol, side, lots, price_ticks=price // tick,
                client_order_id=f"once-{account}", reference_time=at(DAY, 9),
            )  # fmt: skip

    def _begin(self) -> None:
        """Trading ends; the desk of the served house begins the delivery, a second actor agrees;
        both sides nominate, the seller tenders, the buyer accepts."""
        if len(self._client(FIRST).fixings()) < 2:
            self._ask(FIRST, wire.PublishFixing(
                index=INDEX, day=day_number(DAY + timedelta(days=2)), price=PRICE))  # fmt: skip
        series = next(s for s in self._client(FIRST).series() if s.symbol == self.block.symbol)
        if series.state != "closed" and self._now() is None:
            closed = wire.SetSeriesState(series=series.series, state=SeriesState.CLOSED)
            self._ask(FIRST, closed)
        self._approved(wire.BeginDelivery.NAME, lambda: self._now() is not None)
        now = self._now()
        self.number, self.starts = now.delivery, now.begins
        for account, side in ((SUPPLIER, "seller"), (BUYER, "buyer")):
            if side not in now.nominated:
                self._ask(10 + account, wire.NominateDelivery(
                    account=account, delivery=self.number, nomination=EVIDENCE))  # fmt: skip
        if now.state in ("paired", "scheduled"):
            self._ask(10 + SUPPLIER, wire.TenderDelivery(
                account=SUPPLIER, delivery=self.number, quality=10_000, evidence=EVIDENCE,
            ))  # fmt: skip
        if self._now().state == "tendered":
            self._ask(10 + BUYER, wire.AcceptTender(account=BUYER, delivery=self.number))

    async def _begin_meters(self) -> None:
        store = DeliveryStore(self.house)
        terms = metered_terms(
            SPECIFICATION, self.starts // 1_000, contract=self.number, intervals=HOURS
        )
        self.terms = msgspec.structs.replace(terms, log_key=store.key().public.hex())
        store.begin(self.terms, ACTOR, SPECIFICATION)
        store.publish(self.number)
        store.close()
        self.clock.to(self.starts - MINUTE)
        ports = {meter: free_port() for meter in SIDES}
        for meter, side in SIDES.items():
            secret = self.folder / f"{side}.key"
            secret.write_text(sha256(f"made up: {side}".encode()).hexdigest() + "\n")
            next_one = self.engine.address if meter == 2 else f"http://127.0.0.1:{ports[2]}"
            words = (
                "delivery", "meter", str(self.folder / side), "--log",
                str(self.house / "deliveries" / str(self.number)), "--meter", str(meter),
                "--secret", str(secret), "--upstream", next_one, "--port", str(ports[meter]),
            )  # fmt: skip
            told = self.folder / f"{side}.txt"
            self.meters[meter] = Life(self.nursery, side, words, ports[meter], told)
            self.meters[meter].begin()
        await asyncio.gather(*(meter.listening() for meter in self.meters.values()))

    # -- the day -------------------------------------------------------------------------------

    async def _hour(self, hour: int) -> None:
        self.clock.to(self.starts + hour * HOUR + MINUTE)
        await self._step("stream", hour, lambda: self._stream(hour))
        if hour % BLOCK < BLOCK - 1:
            return
        self.clock.to(self.starts + (hour + 1) * HOUR + 10**9)
        await self._step("send", hour, lambda: self._send(hour + 1))
        await self._step("cosign", hour, self._by(self._cosign))
        await self._step("book", hour, self._by(lambda: self._book(hour)))
        if hour == CHEATED:
            await self._step("dispute", hour, self._by(self._dispute))
        if hour == DETERMINED:
            await self._step("determine", hour, self._by(self._determine))
            await self._step("remedy", hour, self._by(lambda: self._remedied(0)))

    async def _send(self, readings: int) -> None:
        """What every meter read of the hours so far goes into the log."""
        for meter, side in SIDES.items():
            entries, until = self.folder / side / "entries", time.monotonic() + LONGEST
            while not (entries / f"{readings:08d}").exists():
                assert time.monotonic() < until, f"{side} signs no reading {readings}"
                await asyncio.sleep(0.005)
            args = Namespace(what="send", dir=self.folder / side, contract=self.number,
                             after=max(0, readings - BLOCK - 1))  # fmt: skip
            await asyncio.to_thread(delivery_desk.run, args, self._client(SENDS[meter]))

    def _cosign(self) -> None:
        for name, actor in ACTOR.items():
            side = name.split(".")[0]
            secret = self.folder / f"{side}.watch"
            secret.write_text(sha256(f"made up: {side} watch".encode()).hexdigest() + "\n")
            args = Namespace(
                what="cosign", contract=self.number, name=name, secret=secret, terms="",
                seen=self.folder / f"{side}.seen", at=self.venue.address,
            )  # fmt: skip
            delivery_desk.run(args, self._client(actor))

    def _book(self, last: int) -> None:
        """The desk of the served house books every hour to the last from the log."""
        until = time.monotonic() + LONGEST
        while (hour := self._now().metered_hours) <= last:
            assert time.monotonic() < until, f"the desk never books hour {hour}"
            time.sleep(0.1)

    def _cheated(self) -> Any:
        """The hour that was cheated on, while it is not final."""
        return next((w for w in self._now().waiting if w.first_hour == CHEATED), None)

    def _dispute(self) -> None:
        """The supplier's word in the log, and then at the house."""
        metered = self._cheated()
        if metered.disputed_by:
            return
        readings = readings_of(self.folder, CHEATED)
        dispute = Dispute(
            contract=self.number, meter=2, made_us=(self.starts + (CHEATED + 1) * HOUR) // 1_000,
            nonce=f"{1:032x}", dispute=1, readings=readings, rows=(),
            claim="all was there", evidence=(), deposit_micro=0,
        )  # fmt: skip
        entry = sign(dispute, made_key("supplier")).content.decode()
        body = json.dumps({"entries": [entry]}).encode()
        path = f"{DELIVERIES_PATH}/{self.number}/entries"
        client = self._client(10 + SUPPLIER)
        client.ask(Asking("POST", path, dict, body=body, repeatable=True))
        self._ask(10 + SUPPLIER, wire.DisputeMetered(
            account=SUPPLIER, metered=metered.metered, evidence=sha256(entry.encode()).digest(),
        ))  # fmt: skip

    def _determine(self) -> None:
        """Two actors of the house end it."""
        metered = self._cheated()
        if metered is not None:
            self.determined = True
            self._of_two(wire.DetermineMetered(
                metered=metered.metered, units=metered.units, fee=FEE, loser=SUPPLIER,
                evidence=EVIDENCE,
            ))  # fmt: skip

    # -- after the day -------------------------------------------------------------------------

    async def _end(self) -> None:
        """Everything is sent and cosigned, every hour is final, what is missing made good."""
        await self._step("send", HOURS, lambda: self._send(HOURS))
        await self._step("cosign", HOURS, self._by(self._cosign))
        self.clock.to(self.starts + (HOURS + 27) * HOUR)
        await self._step("remedy", HOURS, self._by(lambda: self._remedied(None)))
        proof = Namespace(
            what="prove", log=f"{self.venue.address}{DELIVERIES_PATH}/{self.number}",
            rows=self.folder / "rows", out=self.folder / "day.bundle", without="",
        )  # fmt: skip
        for meter, side in SIDES.items():
            shutil.copytree(self.folder / side / "rows" / str(meter),
                            self.folder / "rows" / str(meter))  # fmt: skip
        await self._step("prove", HOURS, self._by(lambda: _proved(proof)))

    def _remedied(self, missing: int | None) -> None:
        """What the desk bought or pays is approved, until no more is missing, or all has ended."""

        def done() -> bool:
            now = self._now()
            return bool((now and now.missing) == missing)

        self._approved(wire.RemedyDelivery.NAME, done)


def _proved(args: Namespace) -> None:
    delivery_desk.run(args)


def main() -> None:
    """Lives through seeds."""
    folder, first, last, kills = Path(sys.argv[1]), *map(int, sys.argv[2:])
    # What every life reads first is read once, before any is forked.
    for name in ("serve", "metering.running"):
        import_module(f"lasalle.institution.{name}")
    day_blocks(DAY)
    nursery, clock = Nursery(), DayClock(folder / "clock")
    found_house(folder / "founded")
    told = sys.stdout
    for seed in range(first, last + 1):
        here = folder / str(seed)
        shutil.copytree(folder / "founded", here)
        day = DayOfPrograms(here, seed, kills, nursery, clock)
        with contextlib.redirect_stdout(io.StringIO()):
            came = asyncio.run(day.live())
        print(json.dumps(came), file=told, flush=True)
    nursery.close()


if __name__ == "__main__":
    main()

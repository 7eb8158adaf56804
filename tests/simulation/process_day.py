"""One delivery day of real processes over the loopback: a house that is served, meters of buyer,
supplier and referee as proxies in a row, streamed requests to an engine that is made up. Each seed
kills them with SIGKILL at moments of its own, and what was not answered is asked again.

SIMULATED: the engine, its words, members, money, and a clock that is set forward hour by hour; the
programs, their files, sockets and signatures are those that serve a house.

    python -m tests.simulation.process_day FOLDER FIRST LAST KILLS

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
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import httpx
import msgspec

from lasalle import wire
from lasalle.client import Asking, Client, Key
from lasalle.client.faults import REFUSED
from lasalle.contracts import day_number
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.readings import sign
from lasalle.delivery.statements import Dispute
from lasalle.gateway.answers import said
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
    SECOND,
    SUPPLIER,
    at,
    day_blocks,
)
from lasalle.institution.metering.http_parts import Request, plain_answer
from lasalle.institution.metering.made_up_engine import MadeUpEngine
from lasalle.wire import SeriesState
from tests.simulation.day_found import (
    CHEATED,
    COVER,
    COVER_LOTS,
    DETERMINED,
    EVIDENCE,
    FEE,
    HOURS,
    LOTS,
    found_house,
    hour_judged,
)
from tests.simulation.lives import LONGEST, DayClock, Life, Nursery, free_port

REQUESTS = 3
MINUTE = 60 * 10**9
SPECIFICATION = made_specification(quantity_basis="utf8_bytes")
SIDES = {1: "buyer", 2: "supplier", 3: "referee"}
ACTOR = {"buyer.example": 10 + BUYER, "supplier.example": 10 + SUPPLIER}
SENDS = {1: 10 + BUYER, 2: 10 + SUPPLIER, 3: 10 + BUYER}
OFTEN = [(hour, phase) for hour in range(2, HOURS, 3) for phase in ("send", "book")]
RARE = [
    *((hour, "cosign") for hour in range(5, HOURS, 6)),
    (-1, "trade"), (-1, "begin"), (CHEATED, "dispute"), (DETERMINED, "determine"),
    (DETERMINED, "remedy"), (HOURS, "send"), (HOURS, "cosign"), (HOURS, "remedy"),
]  # fmt: skip
"""Steps by hour; those that come seldom are drawn more often, so that some seeds hit them."""


class Engine(MadeUpEngine):
    """Refuses every other request of the hour that is cheated on."""

    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if b"refuse" in request.body:
            writer.write(plain_answer(500, "no capacity"))
        else:
            await super().answer(request, writer)


@dataclass
class ProcessDay:
    """One seed."""

    folder: Path
    seed: int
    kills: int
    nursery: Nursery
    clock: DayClock
    reached: Counter[str] = field(default_factory=Counter)
    whole: dict[str, str] = field(default_factory=dict)
    """What the buyer's program received to its end, by the nonce it chose."""
    tested: dict[str, str] = field(default_factory=dict)
    """The same of the referee."""
    asked: dict[str, int] = field(default_factory=dict)
    """Hour of every request, by nonce."""
    under_way: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    """Requests the engine refused, as the client was told."""
    cut: set[str] = field(default_factory=set)
    """Requests that were under way when something was killed."""
    number: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.phase, self.determined = "", False
        self.one_at_a_time = asyncio.Lock()
        self.http = httpx.AsyncClient(verify=False, timeout=LONGEST)
        self.killing: set[asyncio.Task[None]] = set()
        self.house = self.folder / "house"
        keys = json.loads((self.folder / "keys.json").read_text())
        self.keys = {int(actor): Key(*pair) for actor, pair in keys.items()}
        self.watch = self.keys[0]
        port, self.engine = free_port(), Engine(pause_s=0.001)
        words = ("run", "--dir", str(self.house), "--port", str(port), "--door-port", "0")
        self.venue = Life(self.nursery, "venue", words, port, self.folder / "venue.txt")
        self.meters: dict[int, Life] = {}
        self.clients: dict[int, Client] = {}
        steps = [(hour, "stream") for hour in range(HOURS)] + OFTEN * 2 + RARE * 3
        self.plan = Counter(self.random.choice(steps) for _ in range(self.kills))

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

    # -- what is killed ------------------------------------------------------------------------

    async def _step(self, phase: str, hour: int, work: Callable[[], Awaitable[None]]) -> None:
        """Work that may be cut off, until it is done; whoever is killed in it is up again after."""
        self.phase = phase
        for _ in range(self.plan[hour, phase]):
            task = asyncio.create_task(self._kill(0.06 if phase == "stream" else 0.012))
            self.killing.add(task)
        until = time.monotonic() + LONGEST
        while True:
            try:
                await work()
                break
            except (httpx.TransportError, OSError):
                assert time.monotonic() < until, f"{phase} of hour {hour} never ends"
                self.reached["asked again"] += 1
                await asyncio.sleep(0.005)
        self.phase = "between"
        while self.killing:
            await self.killing.pop()

    async def _kill(self, within: float) -> None:
        """One of the processes, at a moment; sometimes again while it starts."""
        delay, life = self.random.random() * within, self.random.choice(
            [self.venue, self.venue, *self.meters.values()]
        )
        await asyncio.sleep(delay)
        async with self.one_at_a_time:
            disputed = await self._disputed() if life is self.venue else set()
            self.cut |= self.under_way
            self.reached[f"{life.name} killed, {self.phase}"] += 1
            await life.kill()
            await asyncio.sleep(self.random.choice((0.0, 0.0, 0.03)))
            life.begin()
            if self.random.random() < 0.3:
                await asyncio.sleep(self.random.random() * 0.1)
                self.reached[f"{life.name} killed, starting"] += 1
                await life.kill()
                life.begin()
            await life.listening()
            if disputed and not self.determined:
                assert disputed <= await self._disputed(), "a dispute stands where it stood"
                self.reached["disputes that stood through a kill"] += 1

    async def _disputed(self) -> set[int]:
        """Metered hours that are disputed, as the house tells its member; nothing where it cannot
        be asked now."""
        if not self.number:
            return set()
        try:
            with Client(self.venue.address, self.watch) as client:
                found = await asyncio.to_thread(client.deliveries, SUPPLIER)
        except (httpx.TransportError, OSError):
            return set()
        return {hour.first_hour for one in found for hour in one.waiting if hour.disputed_by}

    # -- what is asked -------------------------------------------------------------------------

    def _client(self, actor: int) -> Client:
        if actor not in self.clients:
            self.clients[actor] = Client(self.venue.address, self.keys[actor])
        return self.clients[actor]

    def _ask(self, actor: int, command: Any) -> Any:
        return self._client(actor).command(command.NAME, **said(command))

    def _now(self, actor: int = 10 + SUPPLIER) -> Any:
        """The delivery as its side sees it."""
        found = self._client(actor).deliveries(actor - 10)
        return found[0] if found else None

    def _of_two(self, command: Any) -> None:
        """Proposed, or approved where it waits."""
        waiting = self._proposals(command.NAME)
        if not waiting:
            self._ask(FIRST, wire.Propose(command=command.KIND, payload=command.pack()))
            waiting = self._proposals(command.NAME)
        self._ask(SECOND, wire.Approve(proposal=waiting[0]))

    def _proposals(self, name: str) -> list[int]:
        asking = Asking("GET", "/v1/proposals", list[dict[str, Any]], within="proposals")
        rows = self._client(SECOND).ask(asking)
        return [row["proposal"] for row in rows if row["command"] == name]

    async def _in_thread(self, work: Callable[[], None]) -> None:
        await asyncio.to_thread(work)

    def _by(self, work: Callable[[], None]) -> Callable[[], Awaitable[None]]:
        return lambda: self._in_thread(work)

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

    def _approved(self, name: str, done: Callable[[], bool]) -> None:
        """What the house's desk proposes is approved until it is done."""
        until = time.monotonic() + LONGEST
        while not done():
            for number in self._proposals(name):
                # What it was about may have come due meanwhile, and ended it.
                with contextlib.suppress(REFUSED["proposal_unknown"]):
                    self._ask(SECOND, wire.Approve(proposal=number))
            assert time.monotonic() < until, f"the desk never proposes {name}"
            time.sleep(0.1)

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
        if hour % 3 < 2:
            return
        self.clock.to(self.starts + (hour + 1) * HOUR + 10**9)
        await self._step("send", hour, lambda: self._send(hour + 1))
        if hour % 6 == 5:
            await self._step("cosign", hour, self._by(self._cosign))
        await self._step("book", hour, self._by(lambda: self._book(hour)))
        if hour == CHEATED:
            await self._step("dispute", hour, self._by(self._dispute))
        if hour == DETERMINED:
            await self._step("determine", hour, self._by(self._determine))
            await self._step("remedy", hour, self._by(lambda: self._remedied(0)))

    async def _stream(self, hour: int) -> None:
        """The requests of an hour at once; one that is cut off is made again under a new nonce."""
        wanted = [self._request(self.meters[1], hour, n, self.whole) for n in range(REQUESTS)]
        if hour % 6 == 0:
            wanted.append(self._request(self.meters[3], hour, REQUESTS, self.tested))
        await asyncio.gather(*wanted)

    async def _request(
        self, meter: Life, hour: int, number: int, whole: dict[str, str]
    ) -> None:  # fmt: skip
        refuse = hour == CHEATED and number < 2
        body = json.dumps({
            "prompt": f"hour {hour} number {number}{' refuse' if refuse else ''}",
            "max_tokens": 4 + (hour + number) % 9, "stream": True,
        })  # fmt: skip
        until, tries = time.monotonic() + LONGEST, 0
        while True:
            assert time.monotonic() < until, f"request {number} of hour {hour} never ends"
            nonce = sha256(f"{hour} {number} {tries}".encode()).hexdigest()[:32]
            self.asked[nonce], tries = hour, tries + 1
            headers = {"x-meter-nonce": nonce, **({"x-meter-retry": "1"} if tries > 1 else {})}
            self.under_way.add(nonce)
            try:
                answer = await self.http.post(
                    f"{meter.address}/v1/completions", content=body, headers=headers
                )
            except httpx.TransportError:
                await asyncio.sleep(0.02)
                continue
            finally:
                self.under_way.discard(nonce)
            if answer.status_code == 200 and answer.text.endswith("data: [DONE]\n\n"):
                whole[nonce] = _words(answer.text)
                return
            if answer.status_code == 500:
                self.refused.add(nonce)
                return
            await asyncio.sleep(0.02)

    async def _send(self, readings: int) -> None:
        """What every meter read of the hours so far goes into the log."""
        for meter, side in SIDES.items():
            entries, until = self.folder / side / "entries", time.monotonic() + LONGEST
            while not (entries / f"{readings:08d}").exists():
                assert time.monotonic() < until, f"{side} signs no reading {readings}"
                await asyncio.sleep(0.005)
            args = Namespace(what="send", dir=self.folder / side, contract=self.number,
                             after=max(0, readings - 4))  # fmt: skip
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
        """Every hour to the last that is not booked yet, each by itself."""
        while (hour := self._now().metered_hours) <= last:
            judged = hour_judged(self.folder, self.terms, SPECIFICATION, hour)
            self._ask(FIRST, wire.MeterDelivery(
                delivery=self.number, hours=1, units=judged.units,
                evidence=bytes.fromhex(judged.sha256),
            ))  # fmt: skip

    def _cheated(self) -> Any:
        """The hour that was cheated on, while it is not final."""
        return next((w for w in self._now().waiting if w.first_hour == CHEATED), None)

    def _dispute(self) -> None:
        """The supplier's word in the log, and then at the house."""
        metered = self._cheated()
        if metered.disputed_by:
            return
        judged = hour_judged(self.folder, self.terms, SPECIFICATION, CHEATED)
        dispute = Dispute(
            contract=self.number, meter=2, made_us=(self.starts + (CHEATED + 1) * HOUR) // 1_000,
            nonce=f"{1:032x}", dispute=1, readings=judged.readings, rows=(),
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
            rows=self.folder / "rows", out=self.folder / "day.bundle",
        )  # fmt: skip
        for meter, side in SIDES.items():
            shutil.copytree(self.folder / side / "rows" / str(meter),
                            self.folder / "rows" / str(meter))  # fmt: skip
        await self._step("prove", HOURS, self._by(lambda: _proved(proof)))

    def _remedied(self, missing: int | None) -> None:
        """What the desk bought or pays is approved, until no more is missing, or all has ended."""

        def done() -> bool:
            now = self._now()
            return (now and now.missing) == missing

        self._approved(wire.RemedyDelivery.NAME, done)


def _proved(args: Namespace) -> None:
    delivery_desk.run(args)


def _words(streamed: str) -> str:
    """The text of a streamed answer."""
    found = [json.loads(line[6:]) for line in streamed.split("\n\n") if line.startswith("data: {")]
    return "".join(one["choices"][0]["text"] for one in found)


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
        day = ProcessDay(here, seed, kills, nursery, clock)
        with contextlib.redirect_stdout(io.StringIO()):
            came = asyncio.run(day.live())
        print(json.dumps(came), file=told, flush=True)
    nursery.close()


if __name__ == "__main__":
    main()

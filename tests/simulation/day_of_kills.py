"""What kills a day of real processes and asks again: requests that stream through the meters, what
the house is asked over REST, and a plan of moments at which one of them is killed with SIGKILL.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import httpx

from lasalle import wire
from lasalle.client import Asking, Client, Key
from lasalle.client.faults import REFUSED
from lasalle.gateway.answers import said
from lasalle.institution.examples.delivery_venue import FIRST, SECOND, SUPPLIER
from lasalle.institution.metering.http_parts import Request, plain_answer
from lasalle.institution.metering.made_up_engine import MadeUpEngine
from tests.simulation.day_found import BLOCK, CHEATED, DETERMINED, HOURS
from tests.simulation.lives import LONGEST, DayClock, Life, Nursery, free_port

REQUESTS = 3
"""Of the buyer an hour."""
OFTEN = [
    (hour, phase) for hour in range(BLOCK - 1, HOURS, BLOCK) for phase in ("send", "cosign", "book")
]
RARE = [
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
class DayOfKills:
    """One seed: what it kills and what it asks."""

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
        steps = [(hour, "stream") for hour in range(HOURS)] + OFTEN * 3 + RARE * 2
        self.plan = Counter(self.random.choice(steps) for _ in range(self.kills))

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
            await self._struck(life, self.phase)
            await asyncio.sleep(self.random.choice((0.0, 0.0, 0.03)))
            life.begin()
            if self.random.random() < 0.3:
                await asyncio.sleep(self.random.random() * 0.1)
                await self._struck(life, "starting")
                life.begin()
            await life.listening()
            if disputed and not self.determined:
                assert disputed <= await self._disputed(), "a dispute stands where it stood"
                self.reached["disputes that stood through a kill"] += 1

    async def _struck(self, life: Life, phase: str) -> None:
        self.cut |= self.under_way
        self.reached[f"{life.name} killed, {phase}"] += 1
        await life.kill()

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

    # -- what streams --------------------------------------------------------------------------

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


def _words(streamed: str) -> str:
    """The text of a streamed answer."""
    found = [json.loads(line[6:]) for line in streamed.split("\n\n") if line.startswith("data: {")]
    return "".join(one["choices"][0]["text"] for one in found)

"""The delivery of the example at a real endpoint: llama.cpp servers with real weights behind the
meters of supplier, buyer and referee, requests streamed over HTTP, an hour in which the supplier
cheats. Real seconds of an hour are those its requests take: the rest of it is skipped on the meters'
clocks, so that every latency in a row is one that was waited.

    buyer's program -> buyer's meter -> supplier's meter -> engine
    referee         -> referee's meter -> buyer's meter      (so that no request tells whose it is)
"""  # noqa: E501

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import httpx

from lasalle.delivery.answers import AnswerReader
from lasalle.delivery.auditing import LEAST_TOKENS, Audited, audited
from lasalle.delivery.charges import Seen, charges
from lasalle.delivery.judging import Revealed
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification
from lasalle.delivery.meter_book import MeterBook
from lasalle.delivery.readings import WorkReading, read_entry
from lasalle.delivery.rows import WorkRow, read_rows
from lasalle.delivery.terms import Product, Side
from lasalle.institution.examples.delivery_metering import HOUR_US, Judged, Metering
from lasalle.institution.metering.coarsening import coarsened
from lasalle.institution.metering.gguf import counter_of, read_model_file
from lasalle.institution.metering.keeper import MeterClock, MeterKeeper
from lasalle.institution.metering.model_server import ModelServer, model_path
from lasalle.institution.metering.proxy import Claims, MeterProxy
from lasalle.institution.metering.refereeing import ask, gaps, prompts
from lasalle.institution.metering.suppliers import HONEST, Conduct, LyingBook, SupplierSide, altered
from lasalle.institution.metering.traffic import Arrival, azure, bounded, mooncake, send
from lasalle.institution.metering.trials import counters
from lasalle.institution.settings import PRICES

TRACES = PRICES / "traces"
NAMES = ("azure_llm_2023_conv.csv", "mooncake_conversation.csv.gz")
OVERSOLD = Conduct(
    "oversold", coarse_bits=2, pad_ppm=120_000, refuse_ppm=500_000, usage_ppm=300_000
)
"""A request is refused with even odds (429); what is answered is answered by weights of two bits,
the supplier's meter adds 12 tokens in a hundred to the output, and the engine's own counts are
three tenths too high."""
ATTEMPTS = 8
US = 1_000_000


@dataclass(frozen=True)
class Shape:
    """Of an hour: requests, the real seconds within which they are sent, the longest prompt and
    answer, in tokens; tokens of an audit."""

    requests: int = 6
    seconds: float = 1.0
    input: int = 8
    output: int = 6
    audit: int = 36
    lived: frozenset[int] | None = None
    """Hours in which anybody asks; every one by default."""


class LivedClock(MeterClock):
    """Runs with the real second, and is set forward over what nobody waits for."""

    def to(self, now_ns: int) -> None:
        """The instant it shows now, nanoseconds since 1970."""
        self._offset = now_ns - time.monotonic_ns()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def arrivals_of(traces: Path, shape: Shape, hours: int) -> tuple[list[list[Arrival]], str]:
    """The requests of each hour, and where their shape is from: published traces, half of each,
    where they are there; else drawn."""
    count, paths = shape.requests * hours, [traces / name for name in NAMES]
    if all(path.exists() for path in paths):
        half = count - count // 2
        found = [azure(paths[0], half), mooncake(paths[1], count - half)]
        each = [_spread(one) for one in found]
        per, rest = -(-shape.requests // 2), shape.requests // 2
        made = [
            each[0][n * per : (n + 1) * per] + each[1][n * rest : (n + 1) * rest]
            for n in range(hours)
        ]
        told = "their lengths and spacing are of the Azure (2023) and Mooncake traces, scaled"
    else:
        chance = random.Random(0)
        drawn = [
            Arrival(chance.random(), 4 + chance.randrange(shape.input - 3),
                    4 + chance.randrange(shape.output - 3), chance.random() < 0.5)
            for _ in range(count)
        ]  # fmt: skip
        made = [drawn[n * shape.requests : (n + 1) * shape.requests] for n in range(hours)]
        told = "their lengths and spacing drawn from a seed: no published traces lie here"
    return [bounded(_from_now(one), shape.seconds, shape.input, shape.output) for one in made], told


def _spread(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The same requests over one unit of time, whichever span the trace has."""
    span = max((one.at_s for one in arrivals), default=0.0) or 1.0
    return [replace(one, at_s=one.at_s / span) for one in arrivals]


def _from_now(arrivals: Sequence[Arrival]) -> list[Arrival]:
    first = min((one.at_s for one in arrivals), default=0.0)
    return sorted((replace(one, at_s=one.at_s - first) for one in arrivals), key=lambda a: a.at_s)


@dataclass
class EndpointMeters(Metering):
    """The three meters of the delivery, their endpoint, and what the supplier does in each hour."""

    folder: Path = field(default_factory=Path)
    cheated: int = -1
    shape: Shape = field(default_factory=Shape)
    traces: Path = TRACES

    def __post_init__(self) -> None:
        path = model_path()
        assert path is not None, "the weights are installed"
        self.model = read_model_file(path)
        self.counter = counter_of(self.model)
        self.specification = made_specification(
            model=self.model.sha256, tokenizer=self.model.tokenizer_sha256,
            chat_template=self.model.template_sha256, planned=self.shape.requests,
            tolerance_ppm=2_000,
        )  # fmt: skip
        super().__post_init__()
        self.arrivals, self.told = arrivals_of(self.traces, self.shape, self.hours)
        self.seen: dict[int, Seen] = {}
        self._texts: dict[str, Revealed] = {}
        self._runner = asyncio.Runner()
        # Two engines: the supplier's, and the referee's own copy of what was sold.
        self._servers = [ModelServer(path, free_port()) for _ in range(2)]
        try:
            for server in self._servers:
                server.wait()
            self._runner.run(self._start())
        except BaseException:
            self._stop_servers()
            raise

    def live(self, hour: int) -> None:
        """An hour at the endpoint: requests, audits, readings."""
        cheap: ModelServer | None = None
        try:
            if hour == self.cheated:
                cheap = self._cheaper()
            self._runner.run(self._hour(hour, cheap))
        finally:
            if cheap is not None:
                cheap.stop()

    def judge(self, hour: int) -> Judged:
        """The hour by both readings, with what the evidence charges the supplier with."""
        found = super().judge(hour)
        charged = charges(self.seen[hour], self.specification)
        return replace(found, charged=tuple(sorted(one.value for one in charged)))

    def close(self) -> None:
        """Stops meters and engines."""
        try:
            self._runner.run(self._stop())
        finally:
            self._runner.close()
            self._stop_servers()

    # -- what stands there ---------------------------------------------------------------------

    async def _start(self) -> None:
        books = {
            side: (LyingBook if side is Side.SUPPLIER else MeterBook)(
                self.terms, n, made_key(side.value), self.specification
            )
            for n, side in enumerate(Side, 1)
        }
        self.clocks = {side: LivedClock() for side in Side}
        for clock in self.clocks.values():
            clock.to(self.start_us * 1_000)
        own, theirs = counters(self.counter)
        self.supplier = SupplierSide(
            self.folder / "supplier", books[Side.SUPPLIER], theirs, HONEST,
            _host(self._servers[0]), clock=self.clocks[Side.SUPPLIER],
        )  # fmt: skip
        await self.supplier.start()
        self.keepers = {Side.SUPPLIER: self.supplier.keeper}
        self.proxies: dict[Side, MeterProxy] = {}
        upstream = self.supplier.address
        for side, counter in ((Side.BUYER, own), (Side.REFEREE, counters(self.counter)[0])):
            keeper = MeterKeeper(self.folder / side.value, books[side], self.clocks[side])
            proxy = MeterProxy(keeper, counter, upstream)
            await proxy.start()
            self.keepers[side], self.proxies[side], upstream = keeper, proxy, proxy.address

    async def _stop(self) -> None:
        for proxy in self.proxies.values():
            await proxy.stop()
            proxy.keeper.close()
        await self.supplier.stop()

    def _stop_servers(self) -> None:
        for server in self._servers:
            server.stop()

    def _cheaper(self) -> ModelServer:
        path = self.folder / "cheaper.gguf"
        coarsened(self.model, path, OVERSOLD.coarse_bits)
        server = ModelServer(path, free_port())
        try:
            server.wait()
        finally:
            # The server holds what it mapped.
            path.unlink()
        return server

    # -- an hour -------------------------------------------------------------------------------

    async def _hour(self, hour: int, cheap: ModelServer | None) -> None:
        conduct = HONEST if cheap is None else OVERSOLD
        front, book = self.supplier.front, self.supplier.book
        assert isinstance(book, LyingBook)
        front.conduct, front.engine = conduct, _host(cheap or self._servers[0])
        book.alter = altered(conduct)
        self._all_clocks(self.start_us + hour * HOUR_US)
        buyer = self.proxies[Side.BUYER]
        buyer.claims = Claims()
        lived = self.shape.lived is None or hour in self.shape.lived
        found: list[int] = []
        if lived:
            auditing = asyncio.create_task(self._audited(hour))
            await send(
                buyer.address, self.arrivals[hour], hour, heard=self._heard,
                now_ns=self.clocks[Side.BUYER].now_ns,
            )  # fmt: skip
            found = await auditing
        claims = buyer.claims
        self._all_clocks(self.start_us + (hour + 1) * HOUR_US)
        self.audits[hour] = audited(found) if found else Audited(0, 0, 0)
        self._read(hour)
        rows = self.rows[self.terms.meters[0].meter, hour]
        self._reveal(rows)
        self.seen[hour] = Seen(
            *self._both(hour), rows, self.audits[hour], claims.prompt + claims.completion,
            claims.counted_prompt + claims.counted_completion, claims.answers,
        )  # fmt: skip

    def _all_clocks(self, now_us: int) -> None:
        for clock in self.clocks.values():
            clock.to(now_us * 1_000)

    def _read(self, hour: int) -> None:
        """Every meter signs its reading of the hour, and sends it."""
        entries = []
        for meter in self.terms.meters:
            keeper = self.keepers[meter.side]
            keeper.close_due()
            (entry,) = keeper.entries(hour)
            reading = read_entry(entry).statement
            assert isinstance(reading, WorkReading)
            self.readings[meter.side, hour] = reading
            lines = keeper.rows_of(meter.meter, hour + 1) or []
            block = b"".join(line + b"\n" for line in lines)
            found = read_rows(Product.WORK, block, "rows").rows if block else []
            self.rows[meter.meter, hour] = [row for row in found if isinstance(row, WorkRow)]
            entries.append(entry)
        self.log.admit_all(entries)

    def _heard(self, body: bytes, answer: bytes) -> None:
        """What the buyer's program had of an answer, to show the referee if need be."""
        reader = AnswerReader(streamed=True)
        reader.feed(answer)
        reader.end()
        self._texts[sha256(body).hexdigest()] = Revealed(body, reader.text)

    def _reveal(self, rows: Sequence[WorkRow]) -> None:
        for row in rows:
            if row.request in self._texts:
                self.revealed[row.nonce] = self._texts[row.request]

    async def _audited(self, hour: int) -> list[int]:
        """Gaps of as many tokens as show something, or of what came in so many attempts."""
        found: list[int] = []
        address, model = self.proxies[Side.REFEREE].address, self._servers[1].address
        async with (
            httpx.AsyncClient(base_url=address, timeout=120.0, verify=False,
                              headers={"x-meter-audit": "1"}) as client,
            httpx.AsyncClient(base_url=model, timeout=120.0, verify=False) as scorer,
        ):  # fmt: skip
            for prompt in prompts(ATTEMPTS, hour):
                audit = await ask(client, prompt, self.shape.audit)
                if audit.text:
                    digest = sha256(audit.body).hexdigest()
                    self._texts[digest] = Revealed(audit.body, audit.text)
                    found += await gaps(scorer, self.counter, audit)
                if len(found) >= LEAST_TOKENS:
                    break
        return found


def _host(server: ModelServer) -> tuple[str, int]:
    return "127.0.0.1", int(server.address.rsplit(":", 1)[1])

"""Meters that run: requests pass through the proxies of buyer and supplier, each counts by itself,
and nothing that was counted is lost or counted twice, wherever a meter is killed."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from lasalle.delivery.answers import AnswerReader
from lasalle.delivery.counting import Counter, byte_counter, chatml
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.meter_book import MeterBook, Sighting
from lasalle.delivery.readings import check_sums, read_entry
from lasalle.delivery.rows import Mark, WorkRow, checked_rows, read_rows
from lasalle.delivery.terms import Product, Side, Terms
from lasalle.institution.metering.keeper import MeterClock, MeterKeeper
from lasalle.institution.metering.made_up_engine import MadeUpEngine, words_of
from lasalle.institution.metering.proxy import LEFT, MeterProxy

US, NS = 1_000_000, 1_000_000_000
SIDES = {Side.BUYER: 1, Side.SUPPLIER: 2, Side.REFEREE: 3}


def begun_terms(**said: Any) -> Terms:
    start = int(time.time()) * US - US
    return metered_terms(made_specification(), start, **said)


def keeper(folder: Path, terms: Terms, side: Side) -> MeterKeeper:
    book = MeterBook(terms, SIDES[side], made_key(side.value), made_specification())
    return MeterKeeper(folder, book)


class Line:
    """An engine behind the supplier's meter behind the buyer's."""

    def __init__(self, folder: Path, terms: Terms, engine: MadeUpEngine | None = None) -> None:
        self.engine = engine or MadeUpEngine()
        self.keepers = {
            side: keeper(folder / side.value, terms, side) for side in (Side.BUYER, Side.SUPPLIER)
        }

    async def __aenter__(self) -> Line:
        await self.engine.start()
        self.supplier = MeterProxy(
            self.keepers[Side.SUPPLIER], byte_counter(), self.engine.address
        )
        await self.supplier.start()
        self.buyer = MeterProxy(self.keepers[Side.BUYER], byte_counter(), self.supplier.address)
        await self.buyer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.buyer.stop()
        await self.supplier.stop()
        await self.engine.stop()

    def rows(self, side: Side) -> list[WorkRow]:
        return self.keepers[side].book.work_rows


def body(words: str, count: int = 6, **said: Any) -> bytes:
    asked = {"messages": [{"role": "user", "content": words}], "max_tokens": count, **said}
    return json.dumps(asked).encode()


CHAT = "/v1/chat/completions"


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 20))


@pytest.mark.rule("DEL-040")
@pytest.mark.rule("DEL-041")
def test_both_sides_count_the_words_that_passed(tmp_path: Path) -> None:
    """Not what the engine says of its counts, which is kept beside."""

    async def story() -> None:
        async with (
            Line(tmp_path, begun_terms()) as line,
            httpx.AsyncClient(base_url=line.buyer.address) as client,
        ):
            line.engine.claims_times = 3
            asked = [body(f"prompt {n}", n + 1, stream=n % 2 == 0) for n in range(6)]
            answers = await asyncio.gather(*(client.post(CHAT, content=one) for one in asked))
            for one, answer in zip(asked, answers, strict=True):
                assert answer.status_code == 200
                assert answer.content.count(b"usage") == 1
                assert words_of(one, 1)[0].encode() in answer.content
            await client.get("/v1/models")
            seen = {side: {r.nonce: r for r in line.rows(side)} for side in line.keepers}
            assert len(seen[Side.BUYER]) == len(asked) == line.engine.asked
            assert seen[Side.BUYER].keys() == seen[Side.SUPPLIER].keys()
            for nonce, row in seen[Side.BUYER].items():
                other = seen[Side.SUPPLIER][nonce]
                for name in ("request", "output", "ids", "prompt", "cached", "completion",
                             "output_bytes", "finish", "status"):  # fmt: skip
                    assert getattr(row, name) == getattr(other, name), name
            counts = sorted(row.completion for row in line.rows(Side.BUYER))
            assert counts == sorted(len("".join(words_of(one, n + 1)))
                                    for n, one in enumerate(asked))  # fmt: skip
            claims = line.buyer.claims
            assert (claims.answers, claims.completion) == (6, claims.counted_completion)
            assert claims.prompt == 3 * claims.counted_prompt > 0

    run(story)


@pytest.mark.rule("DEL-042")
def test_what_failed_delivered_nothing_and_what_was_left_counts_as_it_passed(
    tmp_path: Path,
) -> None:
    class Failing(MadeUpEngine):
        async def answer(self, request: Any, writer: Any) -> None:
            if b"full" in request.body:
                writer.write(b"HTTP/1.1 429 \r\ncontent-length: 2\r\n\r\n{}")
            elif b"torn" in request.body:
                writer.write(b"HTTP/1.1 200 \r\ntransfer-encoding: chunked\r\n\r\n5\r\ndata:\r\n")
                writer.close()
            else:
                await super().answer(request, writer)

    async def story() -> None:
        line = Line(tmp_path, begun_terms(), Failing(pause_s=0.01))
        async with line, httpx.AsyncClient(base_url=line.buyer.address) as client:
            assert (await client.post(CHAT, content=body("full"))).status_code == 429
            with pytest.raises(httpx.RemoteProtocolError):
                await client.post(CHAT, content=body("torn", stream=True))
            async with client.stream("POST", CHAT, content=body("x", 90, stream=True)) as answer:
                async for _ in answer.aiter_raw():
                    break
            for _ in range(100):
                if len(line.rows(Side.SUPPLIER)) == 3:
                    break
                await asyncio.sleep(0.02)
            for side in line.keepers:
                full, torn, left = line.rows(side)
                assert (full.status, full.marks, full.completion) == (429, Mark.ERROR, 0)
                assert (torn.status, torn.marks, torn.prompt) == (0, Mark.ERROR, 0)
                assert (left.status, left.marks) == (LEFT, 0)
                assert 0 < left.completion < 400

    run(story)


@pytest.mark.rule("DEL-042")
def test_an_endpoint_that_takes_no_connection_failed_and_its_client_did_not_leave(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        line = Line(tmp_path, begun_terms(), MadeUpEngine())
        async with line, httpx.AsyncClient(base_url=line.buyer.address) as client:
            await line.supplier.stop()
            for stream in (False, True):
                answer = await client.post(CHAT, content=body("gone", stream=stream))
                assert answer.status_code == 502
                assert "takes no connection" in answer.text
            found = [(row.status, row.marks, row.completion) for row in line.rows(Side.BUYER)]
            assert found == [(0, Mark.ERROR, 0)] * 2

    run(story)


@pytest.mark.rule("DEL-041")
def test_words_are_read_however_they_come() -> None:
    """In pieces, as reasoning, as calls of tools; what is packed, torn or an error is no answer."""
    said = [
        {"choices": [{"delta": {"role": "assistant", "content": None}}]},
        {"choices": [{"delta": {"reasoning_content": "so "}}]},
        {"choices": [{"delta": {"content": "yes"}}]},
        {"choices": [{"delta": {"tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
    ]
    stream = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in said)
    for step in (1, 7, len(stream)):
        reader = AnswerReader(streamed=True)
        came = [reader.feed(stream[n : n + step]) for n in range(0, len(stream), step)]
        reader.end()
        assert (reader.text, reader.whole, sum(came) > 0) == ("so yesf{}", True, True)
        assert not came[0] or step == len(stream)
    for bad in (b"data: \x1f\x8b\n\n", b'data: {"error":{"code":500}}\n\n', stream[:300], b""):
        reader = AnswerReader(streamed=True)
        reader.feed(bad)
        reader.end()
        assert not reader.whole


@pytest.mark.rule("DEL-041")
def test_a_client_cannot_hide_words_from_its_meter(tmp_path: Path) -> None:
    """Nothing is packed on the way, and two requests in one breath are not served."""
    heard: list[Any] = []

    class Hearing(MadeUpEngine):
        async def answer(self, request: Any, writer: Any) -> None:
            heard.append(dict(request.headers))
            await super().answer(request, writer)

    async def story() -> None:
        line = Line(tmp_path, begun_terms(), Hearing())
        async with line:
            whole = body("hi")
            asked = b"POST %s HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\n" % CHAT.encode()
            asked += b"content-length: %d\r\n\r\n%s" % (len(whole), whole)
            for times, served in ((1, 1), (2, 0)):
                reader, writer = await asyncio.open_connection("127.0.0.1", line.buyer.port)
                writer.write(asked * times)
                found = await reader.read(12)
                assert found.startswith(b"HTTP/1.1 200") is bool(served)
                writer.close()
            assert len(heard) == 1
            assert b"accept-encoding" not in heard[0]

    run(story)


@pytest.mark.rule("DEL-043")
def test_what_is_cached_is_counted_by_the_rule_and_not_by_what_the_engine_says() -> None:
    counter = Counter(lambda text: list(text.encode()), chatml("be brief"))
    first = counter.encode("a" * 40 + "b" * 8)
    assert counter.cached(first) == 0
    assert counter.cached(first) == 32  # 47 of 48 are common at most, two whole blocks
    assert counter.cached(counter.encode("a" * 16 + "c")) == 16
    assert counter.cached(counter.encode("a" * 15)) == 0


class Told(MeterClock):
    """A clock that a test turns."""

    def __init__(self, now_ns: int) -> None:
        super().__init__()
        self.at_ns = now_ns

    def now_ns(self) -> int:
        return max(self.at_ns, self.floor_ns)


def sighting(n: int, at_ns: int) -> Sighting:
    return Sighting(
        f"{n:032x}", f"{n:064x}", at_ns - 9_000, at_ns - 9_000, at_ns - 5_000, at_ns, 200,
        "words", list(b"words"), 7, 0, "stop",
    )  # fmt: skip


@pytest.mark.rule("DEL-044")
def test_a_meter_killed_anywhere_loses_nothing_and_counts_nothing_twice(tmp_path: Path) -> None:
    """Seeded deaths between any two steps: the folder alone goes on, torn ends included."""
    terms = metered_terms(made_specification(), 1_790_000_000 * US, interval_us=US, intervals=30)
    chance, deaths, torn, cut_off = random.Random(5), 0, 0, 0

    drawn = itertools.count(1)

    async def life(kept: MeterKeeper, ended: list[str], steps: int) -> None:
        for _ in range(steps):
            clock = kept.clock
            assert isinstance(clock, Told)
            clock.at_ns += chance.randrange(NS // 12)
            at = clock.now_ns()
            one = sighting(next(drawn), at)
            kept.begin(one.nonce, one.request, at - 9_000, at - 9_000)
            if chance.random() < 0.8:
                await kept.end(one)
                if not kept.book.over:
                    ended.append(one.nonce)

    for story in range(4):
        ended: list[str] = []
        folder, clock = tmp_path / str(story), Told(terms.start_us * 1_000)
        while True:
            kept = MeterKeeper(
                folder, MeterBook(terms, 1, made_key("buyer"), made_specification()), clock
            )
            cut_off += kept.cut_off
            if kept.book.over:
                break
            asyncio.run(life(kept, ended, chance.randrange(1, 20)))
            kept.close()  # As a kill leaves it: nothing more is written.
            if chance.random() < 0.4:
                # It is started again only when intervals have passed.
                clock.at_ns += chance.randrange(4 * NS)
            deaths += 1
            if chance.random() < 0.5 and not kept.book.over:
                with kept._rows_path(kept.book.sequence + 1).open("ab") as file:
                    file.write(b"[1,1,\"buy")
                torn += 1
        rows = _proved(kept, terms)
        assert [r.nonce for r in rows if not r.marks] == ended
        assert len({r.nonce for r in rows}) == len(rows)
        kept.close()
    assert deaths > 20
    assert torn > 5
    assert cut_off > 10


def _proved(kept: MeterKeeper, terms: Terms) -> list[WorkRow]:
    """Every row of a folder, each reading's root and sums held against them."""
    rows: list[WorkRow] = []
    for number, content in enumerate(kept.entries(), 1):
        reading = read_entry(content).statement
        found = kept.rows_of(1, number)
        assert found is not None
        block = read_rows(Product.WORK, b"".join(row + b"\n" for row in found), "kept")
        span = (reading.end_us - reading.start_us) * 1_000
        assert checked_rows(
            block, terms.contract, Side.BUYER, reading.seq_first, span, "kept"
        ) is None
        assert check_sums(reading, block, made_specification()) is None
        rows += [row for row in block.rows if isinstance(row, WorkRow)]
    return rows

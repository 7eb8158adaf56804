"""Traffic in the shape of published traces: when requests came and how long they were, slowed down
and cut to what a small endpoint can serve. Only the shape is real; the words are drawn.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import httpx

PREFIX = "You answer for a market of computing capacity. Be brief and say what you know. "
WORDS = ("hour", "node", "price", "rack", "token", "power", "grid", "lease", "queue", "spot")
NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request of a trace: seconds after the first, tokens in and out, and whether it begins as
    one before did."""

    at_s: float
    input: int
    output: int
    shared: bool = False


def azure(path: Path, count: int) -> list[Arrival]:
    """The first requests of an Azure LLM inference trace (2023)."""
    with path.open(newline="") as file:
        rows = list(islice(csv.DictReader(file), count))
    times = [datetime.fromisoformat(row["TIMESTAMP"][:26]) for row in rows]
    return [
        Arrival((at - times[0]).total_seconds(), int(row["ContextTokens"]),
                int(row["GeneratedTokens"]))
        for at, row in zip(times, rows, strict=True)
    ]  # fmt: skip


def mooncake(path: Path, count: int) -> list[Arrival]:
    """The first requests of the Mooncake conversation trace; those that reuse more than the block
    all of them begin with are shared."""
    with gzip.open(path, "rt") as file:
        rows = list(islice(csv.DictReader(file), count))
    return [
        Arrival(int(row["timestamp_ms"]) / 1_000, int(row["input_length"]),
                int(row["output_length"]), int(row["reused_blocks_prefix"]) > 0)
        for row in rows
    ]  # fmt: skip


def bounded(
    arrivals: Sequence[Arrival], seconds: float, most_input: int, most_output: int
) -> list[Arrival]:
    """The same requests within so many seconds, each length scaled by the one factor that makes
    the longest fit."""
    span = max((one.at_s for one in arrivals), default=0.0) or 1.0
    longest_in = max((one.input for one in arrivals), default=1)
    longest_out = max((one.output for one in arrivals), default=1)
    return [
        Arrival(
            one.at_s * seconds / span,
            max(4, one.input * most_input // longest_in),
            max(4, one.output * most_output // longest_out),
            one.shared,
        )
        for one in arrivals
    ]


def bodies(arrivals: Sequence[Arrival], seed: int) -> Iterator[bytes]:
    """A body for each request, streamed, greedy and with the usage at its end."""
    chance = random.Random(seed)
    for number, one in enumerate(arrivals):
        words = " ".join(chance.choice(WORDS) for _ in range(one.input))
        said = (PREFIX if one.shared else f"Question {number}. ") + words
        yield json.dumps({
            "prompt": said, "max_tokens": one.output, "temperature": 0, "stream": True,
            "stream_options": {"include_usage": True},
        }).encode()  # fmt: skip


async def send(
    address: str,
    arrivals: Sequence[Arrival],
    seed: int = 0,
    *,
    now_ns: Callable[[], int] = time.time_ns,
    heard: Callable[[bytes, bytes], None] | None = None,
) -> list[int]:
    """Sends every request when it is due, whatever became of those before (an open loop); gives
    the status of each, 0 where the answer broke off. now_ns: the clock of the buyer's meter; heard
    is told body and answer of what was answered."""
    begun, begun_ns = time.monotonic(), now_ns()
    statuses = [0] * len(arrivals)
    client = httpx.AsyncClient(
        base_url=address, timeout=120.0, limits=httpx.Limits(max_connections=200), verify=False
    )
    async with client:

        async def one(number: int, arrival: Arrival, body: bytes) -> None:
            await asyncio.sleep(max(0.0, begun + arrival.at_s - time.monotonic()))
            due = begun_ns + int(arrival.at_s * NS)
            with suppress(httpx.HTTPError):
                answer = await client.post(
                    "/v1/completions", content=body, headers={"x-meter-scheduled-ns": str(due)}
                )
                statuses[number] = answer.status_code
                if heard is not None and answer.status_code == httpx.codes.OK:
                    heard(body, answer.content)

        pairs = zip(arrivals, bodies(arrivals, seed), strict=True)
        await asyncio.gather(*(one(n, *pair) for n, pair in enumerate(pairs)))
    return statuses

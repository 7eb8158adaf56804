"""A publisher that answers what a test tells it to, and a clock that only sleeping moves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from lasalle.institution.sources import Fetcher, web_client

HOUR = 3_600 * 10**9
NOW = int(datetime(2026, 3, 12, 12, tzinfo=UTC).timestamp()) * 10**9
WINDOW = (NOW - HOUR, NOW + HOUR)
Answer = Callable[[httpx.Request], httpx.Response]


class Clock:
    """Seconds that pass only by sleeping."""

    def __init__(self) -> None:
        self.seconds, self.slept = NOW / 10**9, list[float]()

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def fetcher(answer: Answer, folder: Path | None = None, clock: Clock | None = None) -> Fetcher:
    at = clock or Clock()
    client = web_client(httpx.MockTransport(answer))
    return Fetcher(client, folder, clock=at, sleep=at.sleep)


def body(content: bytes | dict[str, Any]) -> Answer:
    told = content if isinstance(content, bytes) else json.dumps(content).encode()
    return lambda _: httpx.Response(200, content=told)

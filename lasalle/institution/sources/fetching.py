"""Asking publishers over HTTP: at a limited rate, again after passing faults, from a cache on disk.

A copy in the cache is used without asking while it is fresh, and revalidated by its ETag or
Last-Modified afterwards. Headers that were sent, keys among them, are never written down.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from lasalle.indices.sources import SourceError, Unreachable

TRIES = 4
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
TIMEOUT_SECONDS = 30.0
MOST_BYTES = 64 << 20
PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Statuses after which the same request may succeed."""


def web_client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client that says who asks and follows no redirection to another host."""
    return httpx.Client(
        timeout=TIMEOUT_SECONDS,
        follow_redirects=False,
        headers={"User-Agent": "LaSalle-index/1 (price evidence)"},
        transport=transport,
    )


@dataclass
class Fetcher:
    """Fetches bodies of answers. Not shared between threads.

    folder: where copies are kept; None keeps none. pause_between: least seconds between two
    requests to one host.
    """

    client: httpx.Client
    folder: Path | None = None
    pause_between: float = 1.0
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _last: dict[str, float] = field(default_factory=dict)

    def get(
        self,
        source: str,
        address: str,
        headers: Mapping[str, str] | None = None,
        fresh_seconds: float = 0.0,
        keep: bool = True,
    ) -> bytes:
        """Body of an answer. Raises Unreachable where nobody answers or refuses us, SourceError
        where the answer is too long.
        """
        copy = _Copy(self.folder, address) if keep and self.folder is not None else None
        if copy and copy.body is not None and self.clock() - copy.asked_at < fresh_seconds:
            return copy.body
        asked = {**(headers or {}), **(copy.conditions() if copy else {})}
        answer = self._answered(source, address, asked)
        if answer.status_code == 304 and copy and copy.body is not None:
            copy.touch(self.clock())
            return copy.body
        if answer.status_code != 200:
            hint = " (is the key right?)" if answer.status_code in (401, 403) else ""
            raise Unreachable(f"{source}: {_host(address)} answered {answer.status_code}{hint}")
        if copy:
            copy.write(answer, self.clock())
        return answer.content

    def held_since(self, address: str) -> float | None:
        """Seconds since 1970 at which the copy of an address was first seen as it is; None without
        one. An answer that ought to change and does not was not written anew.
        """
        return _Copy(self.folder, address).held_since if self.folder is not None else None

    def _answered(self, source: str, address: str, headers: Mapping[str, str]) -> httpx.Response:
        fault = ""
        for attempt in range(TRIES):
            self._take_turn(_host(address))
            try:
                answer = self._bounded(source, address, headers)
            except (httpx.TransportError, httpx.DecodingError) as error:
                fault = f"{type(error).__name__}: {error}"
                wait = 0.0
            else:
                if answer.status_code not in PASSING:
                    return answer
                fault = f"status {answer.status_code}"
                wait = self._told_to_wait(answer.headers.get("Retry-After", ""))
                if wait > LONGEST_PAUSE_SECONDS:
                    raise Unreachable(
                        f"{source}: {_host(address)} answered {answer.status_code} and asks to "
                        f"wait {wait:.0f} s, longer than one asking waits; ask again then"
                    )
            if attempt + 1 < TRIES:
                pause = max(wait, FIRST_PAUSE_SECONDS * 2**attempt)
                self.sleep(min(pause, LONGEST_PAUSE_SECONDS))
        raise Unreachable(
            f"{source}: no answer from {_host(address)} in {TRIES} tries ({fault}); "
            "without a network this source has nothing to say"
        )

    def _told_to_wait(self, told: str) -> float:
        """Seconds of a Retry-After, which says them or a moment; 0 where it says neither."""
        if told.isascii() and told.isdigit():
            return float(told)
        try:
            moment = parsedate_to_datetime(told)
        except ValueError:
            return 0.0
        return max(0.0, moment.timestamp() - self.clock())

    def _bounded(self, source: str, address: str, headers: Mapping[str, str]) -> httpx.Response:
        with self.client.stream("GET", address, headers=dict(headers)) as answer:
            content = bytearray()
            for part in answer.iter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    raise SourceError(f"{source}: answer", f"at most {MOST_BYTES} bytes", "more")
            kept = {
                name: word for name, word in answer.headers.items() if name.lower() not in _ENCODED
            }
            return httpx.Response(answer.status_code, headers=kept, content=bytes(content))

    def _take_turn(self, host: str) -> None:
        wait = self._last.get(host, -1e18) + self.pause_between - self.clock()
        if wait > 0:
            self.sleep(wait)
        self._last[host] = self.clock()


_ENCODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class _Copy:
    """One answer on disk: the body, and beside it what revalidates it."""

    def __init__(self, folder: Path | None, address: str) -> None:
        assert folder is not None
        name = hashlib.sha256(address.encode()).hexdigest()
        self.address = address
        self.path, self.notes = folder / f"{name}.body", folder / f"{name}.json"
        self.body: bytes | None = None
        self.told: dict[str, str] = {}
        self.asked_at = 0.0
        self.held_since: float | None = None
        try:
            notes = json.loads(self.notes.read_text(encoding="utf-8"))
            body = self.path.read_bytes()
            if hashlib.sha256(body).hexdigest() == notes["sha256"] and notes["address"] == address:
                self.body, self.told = body, dict(notes["told"])
                self.asked_at = float(notes["asked_at"])
                self.held_since = float(notes["held_since"])
        except (OSError, ValueError, KeyError, TypeError):
            self.body = None  # absent or bent: asked for anew

    def conditions(self) -> dict[str, str]:
        """Headers that ask for the body only if it is another."""
        if self.body is None:
            return {}
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        return {name: self.told[word] for name, word in pairs if word in self.told}

    def write(self, answer: httpx.Response, now: float) -> None:
        """Keeps an answer; one that may not be kept is not."""
        if "no-store" in answer.headers.get("Cache-Control", ""):
            return
        if answer.content != self.body:
            self.held_since = None
        self.body = answer.content
        self.told = {
            word: answer.headers[word]
            for word in ("etag", "last-modified")
            if word in answer.headers
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        _replace(self.path, answer.content)
        self.touch(now)

    def touch(self, now: float) -> None:
        """Writes down that the body held at a moment."""
        assert self.body is not None
        self.asked_at = now
        self.held_since = now if self.held_since is None else self.held_since
        notes = {
            "address": self.address,
            "asked_at": now,
            "held_since": self.held_since,
            "sha256": hashlib.sha256(self.body).hexdigest(),
            "told": self.told,
        }
        _replace(self.notes, json.dumps(notes, indent=1).encode())


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_suffix(path.suffix + f".{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def _host(address: str) -> str:
    return httpx.URL(address).host

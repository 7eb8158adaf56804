"""Clients of a house, sync and async: requests are signed, refusals come back as exceptions, and
what may be repeated is repeated when an answer was lost."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import httpx

from lasalle.client.asking import Asking
from lasalle.client.calls import Calls, WaitingCalls
from lasalle.client.faults import Fault
from lasalle.client.signing import Key
from lasalle.client.stream import Stream

T = TypeVar("T")
TIMEOUT_SECONDS = 30


def trusted(address: str) -> ssl.SSLContext | bool:
    """Whom to believe who they are. A plain address shows no certificate, so that none is trusted
    there: reading those of the world would cost a command more time than its answer.
    """
    return address.startswith("https:") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Client(WaitingCalls):
    """A member's program that waits for each answer; its methods are the table of `Calls`."""

    def __init__(self, address: str, key: Key | None = None) -> None:
        self._key = key
        self._http = httpx.Client(
            base_url=address, timeout=TIMEOUT_SECONDS, verify=trusted(address)
        )

    def ask(self, asking: Asking[T]) -> T:
        """Signs, sends and reads, again where that is safe. Raises Fault and its kinds, and
        httpx.TransportError when no answer came."""
        found, cursor = self._page(asking)
        while cursor is not None:
            more, cursor = self._page(asking.after(cursor))
            joined: Any = [*_rows(found), *_rows(more)]
            found = joined
        return found

    def _page(self, asking: Asking[T]) -> tuple[T, str | None]:
        attempt = 0
        while True:
            try:
                return asking.read(self._http.request(**_request(asking, self._key)))
            except (Fault, httpx.TransportError) as error:
                pause = asking.pause(attempt, error)
                if pause is None:
                    raise
            time.sleep(pause)
            attempt += 1

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class AsyncClient(Calls):
    """A member's program on an event loop; the methods of `Client`, awaited."""

    awaits = True

    def __init__(self, address: str, key: Key | None = None) -> None:
        self._key, self._address = key, address
        self._http = httpx.AsyncClient(
            base_url=address, timeout=TIMEOUT_SECONDS, verify=trusted(address)
        )

    async def ask(self, asking: Asking[T]) -> T:
        """As `Client.ask`."""
        found, cursor = await self._page(asking)
        while cursor is not None:
            more, cursor = await self._page(asking.after(cursor))
            joined: Any = [*_rows(found), *_rows(more)]
            found = joined
        return found

    async def _page(self, asking: Asking[T]) -> tuple[T, str | None]:
        attempt = 0
        while True:
            try:
                return asking.read(await self._http.request(**_request(asking, self._key)))
            except (Fault, httpx.TransportError) as error:
                pause = asking.pause(attempt, error)
                if pause is None:
                    raise
            await asyncio.sleep(pause)
            attempt += 1

    def open_stream(
        self,
        channels: list[str] | None = None,
        *,
        private_after: int | None = None,
        cancel_on_disconnect: str = "session",
    ) -> Stream:
        """A stream of this house, to be entered: `async with client.open_stream() as stream`."""
        return Stream(
            self._address,
            self._key,
            channels,
            private_after=private_after,
            cancel_on_disconnect=cancel_on_disconnect,
        )

    async def stream(
        self, channels: list[str] | None = None, *, private_after: int | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        """Messages of the house; with a key logged in, and private events too."""
        async with self.open_stream(channels, private_after=private_after) as stream:
            async for message in stream:
                yield message

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()


def _request(asking: Asking[Any], key: Key | None) -> dict[str, Any]:
    """A request of httpx, signed now."""
    signed = key.headers(asking.method, asking.path, asking.body) if key else {}
    return {
        "method": asking.method,
        "url": asking.path,
        "content": asking.body,
        "headers": {**asking.headers(), **signed},
    }


def _rows(page: Any) -> list[Any]:
    assert isinstance(page, list), "what comes page by page is a list"
    return page

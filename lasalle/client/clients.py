"""Clients of a house, sync and async: requests are signed, refusals come back as exceptions, and
what may be repeated is repeated when an answer was lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import httpx

from lasalle.client import asking as a
from lasalle.client.asking import Asking
from lasalle.client.faults import Fault
from lasalle.client.shapes import (
    Account,
    Answer,
    Balance,
    Book,
    Call,
    DayStatement,
    Fill,
    Margin,
    Order,
    Position,
    Series,
    SettlementPrice,
    StatementLine,
    Trade,
)
from lasalle.client.signing import Key
from lasalle.client.stream import Stream

T = TypeVar("T")
TIMEOUT_SECONDS = 30


class Client:
    """A member's program that waits for each answer."""

    def __init__(self, address: str, key: Key | None = None) -> None:
        self._key = key
        self._http = httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS)

    def ask(self, asking: Asking[T]) -> T:
        """Signs, sends and reads, again where that is safe. Raises Fault and its kinds, and
        httpx.TransportError when no answer came."""
        attempt = 0
        while True:
            signed = self._key.headers(asking.method, asking.path, asking.body) if self._key else {}
            try:
                return asking.read(
                    self._http.request(
                        asking.method,
                        asking.path,
                        content=asking.body,
                        headers={**asking.headers(), **signed},
                    )
                )
            except (Fault, httpx.TransportError) as error:
                pause = asking.pause(attempt, error)
                if pause is None:
                    raise
            time.sleep(pause)
            attempt += 1

    def command(self, name: str, **fields: Any) -> Answer:
        """Any command of the schema by name."""
        return self.ask(a.asking_command(name, fields))

    def place(self, account: int, symbol: str, side: str, lots: int, **more: Any) -> Answer:
        """An order; `price_ticks`, `client_order_id`, `time_in_force`, `post_only` and so on.

        Without a `client_order_id` it gets one, so that a lost answer never makes two orders.
        """
        return self.ask(a.asking_order(account, symbol, side, lots, **more))

    def cancel(self, account: int, order: int | str) -> Answer:
        """By number, or by client order id as `ref:NAME`."""
        return self.ask(a.asking_cancel(account, order))

    def cancel_all(self, account: int, **which: Any) -> Answer:
        """Every order, or those of a `symbol`, a `label`, a `session`."""
        return self.ask(a.asking_cancels(account, **which))

    def replace(self, account: int, order: int | str, **fields: Any) -> Answer:
        """`price_ticks` and `lots`; with a `client_order_id` of its own it may be repeated."""
        return self.ask(a.asking_replace(account, order, **fields))

    def order(self, account: int, order: int | str) -> Order:
        """An order alive or ended, by number or as `ref:NAME`."""
        return self.ask(a.asking_found(account, order))

    def live_orders(self, account: int) -> list[Order]:
        """The first page of live orders."""
        return self.ask(a.asking_orders(account))

    def account(self, number: int) -> Account:
        return self.ask(a.asking_account(number))

    def statement(self, account: int) -> list[StatementLine]:
        """The first page of the account's postings."""
        return self.ask(a.asking_statement(account))

    def margin(self, account: int) -> Margin:
        """Both tests of the account as it stands now."""
        return self.ask(a.asking_margin(account))

    def balances(self, account: int) -> list[Balance]:
        return self.ask(a.asking_rows(account, "balances", Balance))

    def positions(self, account: int) -> list[Position]:
        return self.ask(a.asking_rows(account, "positions", Position))

    def fills(self, account: int) -> list[Fill]:
        """The first page of the account's trades, oldest first."""
        return self.ask(a.asking_rows(account, "fills", Fill))

    def calls(self, account: int) -> list[Call]:
        """Calls standing and closed."""
        return self.ask(a.asking_rows(account, "calls", Call))

    def day_statement(self, account: int, day: int) -> DayStatement:
        """Cash and positions over one settled day, YYYYMMDD."""
        return self.ask(a.asking_day(account, day))

    def settlement_prices(self, symbol: str) -> list[SettlementPrice]:
        """Settlement prices by day, oldest first."""
        return self.ask(a.asking_settlements(symbol))

    def book(self, symbol: str) -> Book:
        return self.ask(a.asking_book(symbol))

    def trades(self, symbol: str) -> list[Trade]:
        """The first page of trades, newest first."""
        return self.ask(a.asking_trades(symbol))

    def series(self) -> list[Series]:
        """Every listed series."""
        found, cursor = [], None
        while True:
            page = self.ask(a.asking_series(cursor))
            found += a.series_of(page)
            cursor = page["next"]
            if cursor is None:
                return found

    def status(self) -> dict[str, Any]:
        return self.ask(a.asking_status())

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """One page of private events after a number."""
        return self.ask(a.asking_events(after))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class AsyncClient:
    """A member's program on an event loop; `ask` takes the same askings as `Client`."""

    def __init__(self, address: str, key: Key | None = None) -> None:
        self._key, self._address = key, address
        self._http = httpx.AsyncClient(base_url=address, timeout=TIMEOUT_SECONDS)

    async def ask(self, asking: Asking[T]) -> T:
        """As `Client.ask`."""
        attempt = 0
        while True:
            signed = self._key.headers(asking.method, asking.path, asking.body) if self._key else {}
            try:
                return asking.read(
                    await self._http.request(
                        asking.method,
                        asking.path,
                        content=asking.body,
                        headers={**asking.headers(), **signed},
                    )
                )
            except (Fault, httpx.TransportError) as error:
                pause = asking.pause(attempt, error)
                if pause is None:
                    raise
            await asyncio.sleep(pause)
            attempt += 1

    async def command(self, name: str, **fields: Any) -> Answer:
        return await self.ask(a.asking_command(name, fields))

    async def place(self, account: int, symbol: str, side: str, lots: int, **more: Any) -> Answer:
        return await self.ask(a.asking_order(account, symbol, side, lots, **more))

    async def cancel(self, account: int, order: int | str) -> Answer:
        return await self.ask(a.asking_cancel(account, order))

    async def cancel_all(self, account: int, **which: Any) -> Answer:
        return await self.ask(a.asking_cancels(account, **which))

    async def replace(self, account: int, order: int | str, **fields: Any) -> Answer:
        return await self.ask(a.asking_replace(account, order, **fields))

    async def order(self, account: int, order: int | str) -> Order:
        return await self.ask(a.asking_found(account, order))

    async def live_orders(self, account: int) -> list[Order]:
        return await self.ask(a.asking_orders(account))

    async def account(self, number: int) -> Account:
        return await self.ask(a.asking_account(number))

    async def book(self, symbol: str) -> Book:
        return await self.ask(a.asking_book(symbol))

    async def status(self) -> dict[str, Any]:
        return await self.ask(a.asking_status())

    async def events(self, after: int = 0) -> list[dict[str, Any]]:
        return await self.ask(a.asking_events(after))

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

"""Drop copy of what members are asked: every change of an account's requirement, with its causes,
by stream and page by page.

What may have changed is noted with each event and reckoned after it, in at most a fifth of the
loop's time: under load the changes of many commands are one row that names them all, and each row
begins where the one before ended.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from lasalle import wire
from lasalle.client.shapes import RequirementChange
from lasalle.gateway import shapes
from lasalle.gateway.endpoints import Asked, Endpoint
from lasalle.gateway.pages import PAGE, PAGED, make_cursor, read_cursor
from lasalle.gateway.reading import Reading
from lasalle.views import AccountsView
from lasalle.views.accounts import EPOCHS, OF_ORDERS
from lasalle.views.model import STEPS
from lasalle.views.requirement import AskedOf, Change, RequirementStore

OWNERS = ("account", "to_account", "buy_account", "sell_account", "buyer")
OF_ACCOUNTS = OF_ORDERS | STEPS | {
    wire.PositionTransferred,
    wire.LimitsSet,
    wire.TransferPosted,
    wire.DeliveryMarginMoved,
    wire.BondMoved,
}
"""Events that may change what the accounts in them are asked."""
USD, STEP_SECONDS, SHARE = 1, 0.005, 4
"""A step lasts so long at most; the pause behind it so many times as long."""
REFUSED_SECONDS = 1.0
"""Until rows that the disk refused are tried again."""
OPENED = "house_opened"
"""Cause of what changed while the house was not served."""


class Requirements:
    """What each account was asked last, and what may have changed it since."""

    def __init__(
        self, accounts: AccountsView, store: RequirementStore, tell: Callable[[list[Change]], None]
    ) -> None:
        self._views, self.store, self._tell = accounts, store, tell
        self._last = store.newest()
        self._dirty: dict[int, dict[str, list[int]]] = {}
        self._places: dict[int, tuple[int, int, int]] = {}
        """Time, command and event of the last cause noted, by account."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduled = False

    def start(self, number: int) -> None:
        """From here on changes are reckoned: first those made while nobody served the house, up to
        a command."""
        self._loop = asyncio.get_running_loop()
        place = (time.time_ns(), number, self._views.margins.last_event)
        for account in self._views.accounts:
            self._note(account, OPENED, place)
        self._soon(0.0)

    def on(self, header: wire.Header, event: Any) -> None:
        """Notes what an event may have changed."""
        place = (header.time, header.cause, header.number)
        if type(event) in OF_ACCOUNTS:
            if isinstance(event, wire.TransferPosted) and event.asset == USD:
                return
            for name in OWNERS:
                account = getattr(event, name, 0)
                if account:
                    self._note(account, event.NAME, place)
        elif isinstance(event, EPOCHS):
            for number, view in self._views.accounts.items():
                if view.positions or view.orders or number in self._last:
                    self._note(number, event.NAME, place)
        elif isinstance(event, wire.AccountOpened):
            self._note(event.account, event.NAME, place)
        else:
            return
        self._soon(0.0)

    def _note(self, account: int, cause: str, place: tuple[int, int, int]) -> None:
        causes = self._dirty.setdefault(account, {})
        known = causes.get(cause)
        if known is None:
            causes[cause] = [place[1], place[1], 1]
        else:
            known[1], known[2] = place[1], known[2] + 1
        self._places[account] = place

    def _soon(self, pause: float) -> None:
        if self._loop is None or self._scheduled or not self._dirty:
            return
        self._scheduled = True
        self._loop.call_later(pause, self._step)

    def _step(self) -> None:
        begun, made = time.perf_counter(), list[Change]()
        self._scheduled = False
        while self._dirty and time.perf_counter() - begun < STEP_SECONDS:
            account = next(iter(self._dirty))
            causes = self._dirty.pop(account)
            change = self._changed(account, causes, len(made))
            if change is not None:
                made.append(change)
        if made:
            self._keep(made)
            self._tell(made)
        self._soon(SHARE * (time.perf_counter() - begun))

    def _keep(self, made: list[Change]) -> None:
        """Keeps rows; what the disk refuses is noted again, and is in a later row."""
        try:
            self.store.add(made)
        except sqlite3.Error:
            for c in made:
                self._dirty[c.account] = {name: [*counts] for name, *counts in c.causes}
                self._places[c.account] = (c.time, c.number, c.event)
            self._soon(REFUSED_SECONDS)
            raise
        self._last.update((change.account, change.after) for change in made)

    def _changed(self, account: int, causes: dict[str, list[int]], ahead: int) -> Change | None:
        view, before = self._views.accounts[account], self._last.get(account)
        after = self._views.margins.asked(account, view.orders.values(), view.balances)
        at, number, event = self._places.pop(account)
        if after is None or after == (before or AskedOf()):
            return None
        told = tuple((name, c[0], c[1], c[2]) for name, c in causes.items())
        row = self.store.last + ahead + 1
        return Change(row, account, at, number, event, told, before, after)

    def stop(self) -> None:
        """Reckons what is left, and lets go of the store."""
        while self._dirty:
            self._step()
        self._loop = None
        self.store.close()

    def now(self, account: int) -> AskedOf:
        """What the account was asked by its last row."""
        return self._last.get(account, AskedOf())

    async def settled(self) -> None:
        """Waits until nothing that was noted is left to reckon."""
        while self._dirty:
            await asyncio.sleep(STEP_SECONDS)


def endpoints(requirements: Requirements, reading: Reading) -> list[Endpoint]:
    """The declarations."""

    def changes(asked: Asked) -> Any:
        account = reading.own(asked.signer.actor, asked.account())
        after, limit = read_cursor("requirement", asked.query) or 0, asked.query.get("limit", PAGE)
        since = reading.since(asked.signer.actor, account)[0]
        found = requirements.store.after(after, limit + 1, account, since)
        following = None
        if len(found) > limit:
            following = make_cursor("requirement", found[limit - 1].row)
        return {"changes": [c.told() for c in found[:limit]], "next": following}

    return [
        Endpoint(
            "GET", "/v1/accounts/{account}/requirement", changes,
            "Every change of what the account is asked, with its causes, oldest first.",
            shapes.page_of("RequirementChanges", "changes", RequirementChange), "read", 5,
            query=PAGED, faults=("account_unknown",),
        )
    ]  # fmt: skip

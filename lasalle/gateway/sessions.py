"""Sessions: who is logged on, and what happens to the orders of whoever leaves."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from lasalle import wire
from lasalle.venue.waiting import Waiting

SCOPES = ("none", "session", "account")


@dataclass(frozen=True)
class Session:
    """A logon: its actor, and what is cancelled when it ends.

    scope session: orders that name it; account: every order of its accounts; none: nothing but what
    names it.
    """

    number: int
    actor: int
    scope: str = "session"
    accounts: tuple[int, ...] = ()


class Sessions:
    """Open sessions; numbers are given once in the life of a process.

    A session that a process held when it died is lost when the house opens again. What the account
    scope promises needs a living house: a member arms the dead-man timer for the rest.
    """

    def __init__(self, waiting: Waiting, last: int = 0) -> None:
        """last: highest number that a live order of an earlier process names."""
        self._waiting = waiting
        self._open: dict[int, Session] = {}
        self._last = last

    def __len__(self) -> int:
        return len(self._open)

    def open(self, actor: int, scope: str = "session", accounts: tuple[int, ...] = ()) -> Session:
        """A new session of an actor."""
        self._last += 1
        session = self._open[self._last] = Session(self._last, actor, scope, accounts)
        return session

    def actor(self, number: int) -> int | None:
        """Who holds an open session."""
        session = self._open.get(number)
        return session.actor if session else None

    def forget(self, number: int) -> None:
        """A session whose loss the frame door seals itself."""
        self._open.pop(number, None)

    async def close(self, number: int) -> None:
        """Ends a session: whoever left by word or by wire has no order of it in the book."""
        session = self._open.pop(number, None)
        if session is None:
            return
        await self._waiting.lose_session(number)
        for account in session.accounts if session.scope == "account" else ():
            with contextlib.suppress(Exception):
                await self._waiting.ask(session.actor, wire.MassCancel(account=account))

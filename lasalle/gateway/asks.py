"""A command of an actor on its way to the venue and back: one way for every request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from typing import Any

from lasalle import wire
from lasalle.gateway.answers import answered
from lasalle.gateway.faults import Denied, refused
from lasalle.gateway.keys import Signer
from lasalle.gateway.shared import Shared
from lasalle.venue.messages import TRADING, TRANSFERS
from lasalle.venue.sequencer import Told

COSTS = {"cancel_order": 1, "mass_cancel": 1, "engage_kill_switch": 1, "mass_quote": 20}
USUAL_COST = 10
"""A cancel costs a tenth of an order, so that whoever must get out can."""
ANY_SESSION = (wire.MassCancel, wire.LoseSession)
"""Commands that may name a session of somebody else."""


def scope_of(name: str) -> str:
    """The scope a command needs."""
    return "trade" if name in TRADING else "transfer" if name in TRANSFERS else "admin"


class UnderWay:
    """A command that waits for its answer; `finish` makes the answer of what was told."""

    __slots__ = ("_began", "_command", "_shared", "_signer", "_then", "_told")

    def __init__(self, shared: Shared, signer: Signer, command: Any) -> None:
        self._shared, self._signer, self._command = shared, signer, command
        self._began = time.perf_counter()
        self._told: list[Told] | Exception | None = None
        self._then: Callable[[], None] | None = None

    def then(self, call: Callable[[], None]) -> None:
        """Calls once when the venue has answered, never before this returns."""
        self._then = call

    def tell(self, told: list[Told] | Exception) -> None:
        """What the venue answered, or why it did not."""
        self._told = told
        if self._then is not None:
            self._then()

    def __await__(self) -> Generator[Any, Any, dict[str, Any]]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.then(lambda: None if done.done() else done.set_result(None))
        yield from done.__await__()
        return self.finish()

    def finish(self) -> dict[str, Any]:
        """The core's answer, once the venue has answered. Raises Denied when the command was
        refused, and what the venue raised."""
        told, command, shared = self._told, self._command, self._shared
        assert told is not None, "a command is finished when the venue has answered"
        if isinstance(told, Exception):
            raise told
        seconds = time.perf_counter() - self._began
        outcome = shared.measures.command(command.NAME, told, seconds)
        if shared.log.kept:
            shared.log.command(
                trace=getattr(command, "reference", "") or getattr(command, "target", ""),
                name=command.NAME,
                actor=self._signer.actor,
                key=self._signer.key,
                account=getattr(command, "account", 0),
                number=told[0][0].cause if told else 0,
                outcome=outcome,
                microseconds=round(seconds * 1e6),
            )
        if outcome != "accepted":
            for _, event in told:
                if isinstance(event, wire.Refused):
                    raise refused(event)
        actor = self._signer.actor
        return answered(shared.tellings, shared.accounts, actor, command, told)


def begin(shared: Shared, signer: Signer, command: Any) -> UnderWay:
    """Hands a command to the venue, in the order of the calls. Raises Denied, and what
    `Waiting.begin` raises."""
    session = getattr(command, "session", 0)
    if (
        session
        and not isinstance(command, ANY_SESSION)
        and shared.sessions.actor(session) != signer.actor
    ):
        raise Denied(
            f"session {session} is not an open session of yours",
            name="session_unknown",
            field="session",
            found=session,
        )
    asked = UnderWay(shared, signer, command)
    shared.waiting.begin(signer.actor, command, asked.tell)
    return asked

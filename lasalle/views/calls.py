"""What events make of the calls on an account: dues and margin, opened, late, and met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lasalle import wire
from lasalle.views.model import Call
from lasalle.wire import Header

CALLS = (
    wire.CallOpened,
    wire.CallClosed,
    wire.MarginCalled,
    wire.MarginCallMet,
    wire.MarginCallLate,
)
"""Events that open, change and end calls."""


def opened_call(header: Header, event: wire.CallOpened | wire.MarginCalled) -> Call:
    """A call as it is told first."""
    if isinstance(event, wire.CallOpened):
        return Call(header.number, header.time, event.amount, 0, due=header.time)
    margin = (event.call, event.required, event.due)
    return Call(header.number, header.time, event.amount, 0, *margin)


def after_call(calls: Sequence[Call], header: Header, event: Any) -> list[Call]:
    """The calls of an account after an event of CALLS. At most one for dues and one for margin
    stands at a time."""
    if isinstance(event, wire.CallOpened | wire.MarginCalled):
        return [*calls, opened_call(header, event)]
    margin = not isinstance(event, wire.CallClosed)
    changed: dict[str, int] = {"closed": header.number}
    if isinstance(event, wire.MarginCallLate):
        changed = {"late": header.number, "amount": event.amount}
    return [c if c.closed or bool(c.number) != margin else replace(c, **changed) for c in calls]

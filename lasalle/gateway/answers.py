"""Events for the eyes of one actor, and what is worth a notice in the answer to a command."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from lasalle import wire
from lasalle.views import AccountsView

OWNERS = ("account", "to_account", "buy_account", "sell_account")
SIDES = ("buy", "sell")
EXPECTED_ENDS = (
    wire.CancelReason.REQUESTED,
    wire.CancelReason.MASS_REQUESTED,
    wire.CancelReason.IOC_REMAINDER,
    wire.CancelReason.QUOTE_REPLACED,
)
"""Reasons a command's own author expects an order to end for."""


def said(command: Any) -> dict[str, Any]:
    """Every field of a command as `make_command` reads it."""
    return {name: _said(getattr(command, name)) for name in command.__struct_fields__}


def _said(value: Any) -> Any:
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [said(item) for item in value]
    return value


def shown(header: wire.Header, event: Any) -> dict[str, Any]:
    """An event with its fields; whole numbers are whole numbers, enums words, digests hexadecimal,
    lists their length."""
    fields: dict[str, Any] = {"event": header.number, "time": header.time, "name": event.NAME}
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, IntEnum):
            value = value.name.lower()
        elif isinstance(value, bytes):
            value = value.hex()
        elif isinstance(value, tuple):
            value = len(value)
        # An event says its own name; a field of that word, as a member's, stands beside it.
        fields["named" if name == "name" else name] = value
    return fields


def owners(event: Any) -> set[int]:
    """Accounts an event tells of."""
    return {getattr(event, n) for n in OWNERS if getattr(event, n, 0)}


def may_see(accounts: AccountsView, actor: int, event: Any) -> bool:
    """For the answer to an actor's own command: no stranger's account in it."""
    named = owners(event)
    return not named or any(accounts.may_see(actor, a) for a in named)


def own_side(
    accounts: AccountsView, actor: int, event: Any, fields: dict[str, Any]
) -> dict[str, Any]:
    """A trade without the side of a stranger: account, order, level and fees are its owner's."""
    for side in SIDES:
        account = getattr(event, f"{side}_account", 0)
        if account and not accounts.may_see(actor, account):
            fields = {n: v for n, v in fields.items() if not n.startswith(f"{side}_")}
    return fields


def own_event(
    accounts: AccountsView, actor: int, header: wire.Header, event: Any
) -> dict[str, Any] | None:
    """An event of the private feed of an actor, or None when it is not for it."""
    if not any(accounts.may_see(actor, a) for a in owners(event)):
        return None
    return own_side(accounts, actor, event, shown(header, event))


def answered(
    accounts: AccountsView, actor: int, command: Any, told: list[tuple[wire.Header, Any]]
) -> dict[str, Any]:
    """The answer to a command that was not refused."""
    return {
        "replayed": any(isinstance(e, wire.Replayed) for _, e in told),
        "events": [
            own_side(accounts, actor, e, shown(h, e))
            for h, e in told
            if may_see(accounts, actor, e)
        ],
        "warnings": notices(accounts, actor, command, told),
    }


def notices(
    accounts: AccountsView, actor: int, command: Any, told: list[tuple[wire.Header, Any]]
) -> list[dict[str, str]]:
    """What refused nothing and is worth knowing."""
    found = []
    if getattr(command, "reference", "") and not getattr(command, "reference_time", 1):
        found.append(
            {
                "name": "reference_without_time",
                "field": "reference_time",
                "text": "a reference without the time of its first use is remembered only while "
                "the account's list of references has room",
            }
        )
    for _, event in told:
        if (
            isinstance(event, wire.OrderCancelled)
            and event.reason not in EXPECTED_ENDS
            and accounts.may_see(actor, event.account)
        ):
            reason = event.reason.name.lower()
            found.append(
                {
                    "name": f"cancelled_{reason}",
                    "field": "order",
                    "text": f"{event.lots} lots of order {event.order} ended at once: {reason}",
                }
            )
    return found

"""Bodies of answers: faults with the rule that refused, events for the eyes of one actor."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import msgspec
from starlette.responses import Response

from lasalle import wire
from lasalle.views import AccountsView

STATUS = {
    "reference_reused": 409,
    "role_missing": 403,
    "account_not_yours": 403,
    "actor_unknown": 403,
    "account_unknown": 404,
    "order_unknown": 404,
    "series_unknown": 404,
}
OWNERS = ("account", "to_account", "buy_account", "sell_account")
SIDES = ("buy", "sell")


def answer(content: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")


def fault(status: int, name: str, text: str, **more: Any) -> Response:
    """An error body: code, name, field, rule, expected, found, text."""
    body = {
        "code": 0,
        "name": name,
        "field": "",
        "rule": "",
        "expected": None,
        "found": None,
        "text": text,
        **more,
    }
    return answer({"error": body}, status)


def refusal_fault(event: wire.Refused) -> Response:
    """The refusal of the core, in the words of the registry."""
    refusal = wire.Refusal(event.refusal)
    rule, field, text = wire.REFUSALS[refusal]
    name = refusal.name.lower()
    return fault(
        STATUS.get(name, 422),
        name,
        text.format(expected=event.expected, found=event.found),
        code=int(refusal),
        field=field,
        rule=rule,
        expected=event.expected,
        found=event.found,
    )


def shown(header: wire.Header, event: Any) -> dict[str, Any]:
    """An event for its owner: numbers of 64 bits as text."""
    fields = {}
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, IntEnum):
            value = value.name.lower()
        elif isinstance(value, bytes):
            value = value.hex()
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
            value = str(value)
        elif isinstance(value, tuple):
            value = len(value)
        fields[name] = value
    return {"event": header.number, "time": str(header.time), "name": event.NAME, **fields}


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
    """A trade without the side of a stranger: account, order, level and fee are its owner's."""
    for side in SIDES:
        account = getattr(event, f"{side}_account", 0)
        if account and not accounts.may_see(actor, account):
            for name in ("account", "order", "price", "fee", "clearing_fee"):
                fields.pop(f"{side}_{name}", None)
    return fields


def own_event(
    accounts: AccountsView, actor: int, header: wire.Header, event: Any
) -> dict[str, Any] | None:
    """An event of the private feed of an actor, or None when it is not for it."""
    if not any(accounts.may_see(actor, a) for a in owners(event)):
        return None
    return own_side(accounts, actor, event, shown(header, event))

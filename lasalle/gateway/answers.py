"""Events for the eyes of one actor, and what is worth a notice in the answer to a command."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from lasalle import wire
from lasalle.views import AccountsView
from lasalle.views.model import STEPS

OWNERS = ("account", "to_account", "buy_account", "sell_account", "buyer")
SIDES = ("buy", "sell")
EXPECTED_ENDS = (
    wire.CancelReason.REQUESTED,
    wire.CancelReason.MASS_REQUESTED,
    wire.CancelReason.IOC_REMAINDER,
    wire.CancelReason.QUOTE_REPLACED,
)
"""Reasons a command's own author expects an order to end for."""
TELLINGS_KEPT = 4_096
"""Events whose JSON is kept: more than a batch has."""
ENCODER = msgspec.json.Encoder()


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


class Plan(NamedTuple):
    """How the events of one message are told."""

    names: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    """Values of the fields, in the order of the names."""
    changed: tuple[tuple[str, Callable[[Any], Any]], ...]
    """Fields that are told in another form than they have."""
    owners: tuple[str, ...]
    sides: tuple[str, ...]


def _plan(kind: Any) -> Plan:
    fields = kind.__struct_fields__
    changed = [(_told(n), _form(kind.__annotations__[n])) for n in fields]
    return Plan(
        tuple(_told(n) for n in fields),
        attrgetter(*fields) if len(fields) > 1 else lambda e: tuple(getattr(e, n) for n in fields),
        tuple((n, form) for n, form in changed if form is not None),
        tuple(n for n in OWNERS if n in fields),
        tuple(side for side in SIDES if f"{side}_account" in fields),
    )


def _told(name: str) -> str:
    """An event says its own name; a field of that word, as a member's, stands beside it."""
    return "named" if name == "name" else name


def _form(annotation: str) -> Callable[[Any], Any] | None:
    """Enums are words, digests hexadecimal, lists their length; whole numbers stay."""
    if annotation in ("int", "bool", "str"):
        return None
    if annotation == "bytes":
        return bytes.hex
    if annotation.startswith("tuple["):
        return len
    return {m: m.name.lower() for m in getattr(wire, annotation)}.__getitem__


PLANS: dict[Any, Plan] = {m: _plan(m) for m in wire.MESSAGES.values()}


def shown(header: wire.Header, event: Any) -> dict[str, Any]:
    """An event with its fields; whole numbers are whole numbers, enums words, digests hexadecimal,
    lists their length."""
    plan = PLANS[type(event)]
    fields = {"event": header.number, "time": header.time, "name": event.NAME}
    fields.update(zip(plan.names, plan.read(event), strict=True))
    for name, form in plan.changed:
        fields[name] = form(fields[name])
    return fields


class Tellings:
    """Events as JSON: each is written once, however many hear it. For events of one side alone;
    of a trade every owner hears its part."""

    def __init__(self) -> None:
        self._kept: dict[int, bytes] = {}

    def json(self, header: wire.Header, event: Any) -> bytes:
        """The object an event is told as."""
        found = self._kept.get(header.number)
        if found is None:
            if len(self._kept) >= TELLINGS_KEPT:
                self._kept.clear()
            found = self._kept[header.number] = ENCODER.encode(shown(header, event))
        return found

    def own(self, accounts: AccountsView, actor: int, header: wire.Header, event: Any) -> bytes:
        """The same for the eyes of an actor."""
        if PLANS[type(event)].sides:
            return ENCODER.encode(own_side(accounts, actor, event, shown(header, event)))
        return self.json(header, event)


def is_own(accounts: AccountsView, actor: int, event: Any, number: int) -> bool:
    """Whether an event of a number belongs into the private feed of an actor: of an account that
    was ported only what came with its port and after."""
    mine = [a for a in whose(accounts, event) if accounts.may_see(actor, a)]
    ports = accounts.margins.ports
    if not ports or accounts.of_house(actor):
        return bool(mine)
    return any(number >= ports[a][-1].event if a in ports else True for a in mine)


def owners(event: Any) -> set[int]:
    """Accounts an event tells of."""
    named = {getattr(event, n) for n in PLANS[type(event)].owners}
    named.discard(0)
    return named


def whose(accounts: AccountsView, event: Any) -> set[int]:
    """Accounts an event is for: those it tells of, and of a step of a delivery both its sides."""
    found = owners(event)
    if type(event) in STEPS:
        found |= set(accounts.margins.sides.get(event.delivery, ()))
    return found


def may_see(accounts: AccountsView, actor: int, event: Any) -> bool:
    """For the answer to an actor's own command: no stranger's account in it."""
    named = PLANS[type(event)].owners
    if len(named) == 1:
        account = getattr(event, named[0])
        return not account or accounts.may_see(actor, account)
    told = owners(event)
    return not told or any(accounts.may_see(actor, a) for a in told)


def own_side(
    accounts: AccountsView, actor: int, event: Any, fields: dict[str, Any]
) -> dict[str, Any]:
    """A trade without the side of a stranger: account, order, level and fees are its owner's."""
    sides = PLANS[type(event)].sides
    for side in sides:
        account = getattr(event, f"{side}_account")
        if account and not accounts.may_see(actor, account):
            fields = {n: v for n, v in fields.items() if not n.startswith(f"{side}_")}
    return fields


def own_event(
    accounts: AccountsView, actor: int, header: wire.Header, event: Any
) -> dict[str, Any] | None:
    """An event of the private feed of an actor, or None when it is not for it."""
    if not is_own(accounts, actor, event, header.number):
        return None
    return own_side(accounts, actor, event, shown(header, event))


def answered(
    tellings: Tellings,
    accounts: AccountsView,
    actor: int,
    command: Any,
    told: list[tuple[wire.Header, Any]],
) -> dict[str, Any]:
    """The answer to a command that was not refused."""
    return {
        "replayed": any(isinstance(e, wire.Replayed) for _, e in told),
        "events": [
            msgspec.Raw(tellings.own(accounts, actor, h, e))
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

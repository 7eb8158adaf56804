"""What the compiled engine must know of messages, read from the generated ones: who may ask a
command, and which fields of an event are whose."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from lasalle import wire
from lasalle.venue.sequencer import FIRST_EVENT_KIND, URGENT

READ, TRADE, TRANSFER, ADMIN = 1, 2, 4, 8
SCOPES = {"read": READ, "trade": TRADE, "transfer": TRANSFER, "admin": ADMIN}
OWNERS = ("account", "to_account", "buy_account", "sell_account", "buyer")
SIDES = ("buy", "sell")
ANY_SESSION = (wire.MassCancel, wire.LoseSession)
TRADING = frozenset(
    (
        "place_order",
        "replace_order",
        "cancel_order",
        "mass_cancel",
        "mass_quote",
        "set_maker_protection",
        "arm_dead_man",
        "engage_kill_switch",
        *("open_bid", "commit_bid"),
        *("exercise_right", "nominate_delivery", "tender_delivery", "accept_tender"),
        *("reject_tender", "contest_rejection", "dispute_metered"),
    )
)
"""What a trader does with an account in the market, and with what it owes and takes of it."""
TRANSFERS = frozenset(
    (
        *("request_withdrawal", "contribute_fund"),
        *("offer_transfer", "accept_transfer", "withdraw_offer"),
        *("offer_delivery", "accept_delivery", "withdraw_delivery", "pledge_delivery"),
        *("offer_exchange", "accept_exchange", "withdraw_exchange"),
        *("post_bond", "return_bond", "repay_delivery"),
        *("give_guarantee", "return_guarantee"),
    )
)
"""What moves money of an account, or takes a position or a contract from one to another."""


@dataclass(frozen=True)
class Table:
    """The messages in the form the engine takes; offsets are bytes of the block."""

    asks: list[tuple[int, int, bool, int | None]]
    seen: list[tuple[int, list[int], list[tuple[int, list[tuple[int, int]]]]]]
    teaches: list[tuple[int, str, int, int]]
    lose_session: int
    schema_version: int


def scope_of(kind: Any) -> int:
    """Bit of the scope a key needs for a command; 0: only the venue itself asks it."""
    if not kind.ROLES:
        return 0
    return TRADE if kind.NAME in TRADING else TRANSFER if kind.NAME in TRANSFERS else ADMIN


def fields_of(kind: Any) -> dict[str, tuple[int, int]]:
    """(offset, bytes) of each fixed field of a message; what varies is declared behind them."""
    found, at = {}, 0
    for name, code in zip(kind.__struct_fields__, _codes(kind.LAYOUT.format), strict=False):
        size = struct.calcsize("<" + code)
        found[name] = (at, size)
        at += size
    return found


def _codes(layout: str) -> list[str]:
    """One code a field: `<I33pq` is I, 33p, q; `3I` is three."""
    found, digits = [], ""
    for letter in layout.lstrip("<"):
        if letter.isdigit():
            digits += letter
        elif letter in "sp":
            found.append(digits + letter)
            digits = ""
        else:
            found += [letter] * int(digits or 1)
            digits = ""
    return found


def table() -> Table:
    """The table of the schema in force."""
    asks, seen, teaches = [], [], []
    for kind in wire.MESSAGES.values():
        if kind.KIND < FIRST_EVENT_KIND:
            at = fields_of(kind).get("session")
            session = at[0] if at and kind not in ANY_SESSION else None
            asks.append((kind.KIND, scope_of(kind), issubclass(kind, URGENT), session))
        elif kind.KIND < 2 * FIRST_EVENT_KIND:
            seen.append((kind.KIND, *_seen(kind)))
    for event, what, subject in (
        (wire.AccountOpened, "account", "account"),
        (wire.ActorRegistered, "actor", "registered"),
    ):
        fields = fields_of(event)
        teaches.append((event.KIND, what, fields[subject][0], fields["member"][0]))
    teaches.append((wire.HouseOpened.KIND, "operators", 0, 0))
    return Table(asks, seen, teaches, wire.LoseSession.KIND, wire.SCHEMA_VERSION)


def _seen(kind: Any) -> tuple[list[int], list[tuple[int, list[tuple[int, int]]]]]:
    if kind is wire.Refused:
        return [], []  # whoever asked hears why not, of a stranger's account too
    fields = fields_of(kind)
    owners = [fields[n][0] for n in OWNERS if n in fields]
    sides = []
    for side in SIDES:
        if f"{side}_account" in fields:
            blanked = [place for name, place in fields.items() if name.startswith(f"{side}_")]
            sides.append((fields[f"{side}_account"][0], blanked))
    return owners, sides

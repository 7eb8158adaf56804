"""Nouns of the views: an order as its owner sees it, a line of the ledger, a fill, a statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lasalle import wire
from lasalle.wire import Header, LedgerClass

Told = tuple[Header, Any]
STEPS = frozenset(
    m for k, m in wire.MESSAGES.items() if 1000 <= k < 2000 and "delivery" in m.__struct_fields__
)
"""Events that are steps of a delivery."""
OWNERS = ("account", "buy_account")
"""One of these fields is in every event an owner may see."""
OWNED = {m: tuple(n for n in OWNERS if n in m.__struct_fields__) for m in wire.MESSAGES.values()}
"""Fields of each message that say whose it is."""
LIVE = "live"
FIXING = (wire.FixingPublished, wire.LateFixingPublished, wire.NoFixDeclared)
"""Events that tell of a day of an index."""


def owned(event: Any) -> bool:
    """Whether an event is of an account."""
    return any(getattr(event, name) for name in OWNED.get(type(event), ()))


def dollars(amount: int) -> str:
    """Micro-dollars as an exact decimal string."""
    sign, whole = "-" if amount < 0 else "", abs(amount)
    return f"{sign}{whole // 1_000_000}.{whole % 1_000_000:06d}"


def as_fixing(event: wire.FixingPublished | wire.LateFixingPublished) -> wire.FixingPublished:
    """A fixing as one of its day, whether it came in turn or late (CLR-018)."""
    if isinstance(event, wire.FixingPublished):
        return event
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    return wire.FixingPublished(carried=False, **fields)


def last_of_each(
    ordered: Sequence[wire.FixingPublished], most: int
) -> list[wire.FixingPublished]:
    """Fixings in their order, the last so many of each index."""
    left = Counter(fixing.index for fixing in ordered)
    found = []
    for fixing in ordered:
        if left[fixing.index] <= most:
            found.append(fixing)
        left[fixing.index] -= 1
    return found


@dataclass
class OrderView:
    """An order as its owner sees it; `status` is live, filled, reduced or cancelled (with the
    reason); `lots` are those still open, `total` those asked for under its present terms.
    """

    accepted: wire.OrderAccepted
    lots: int
    filled: int = 0
    status: str = LIVE
    price: int = 0
    total: int = 0

    def shown(self, symbol: str) -> dict[str, Any]:
        a = self.accepted
        return {
            "order": str(a.order),
            "account": a.account,
            "symbol": symbol,
            "side": a.side.name.lower(),
            "type": a.order_type.name.lower(),
            "time_in_force": a.time_in_force.name.lower(),
            "price": dollars(self.price),
            "lots": self.total,
            "open_lots": self.lots,
            "filled_lots": self.filled,
            "status": self.status,
            "client_order_id": a.reference,
            "quote": a.quote,
        }


def accepted_order(event: wire.OrderAccepted) -> OrderView:
    """The view of an order at its beginning."""
    return OrderView(event, event.lots, price=event.price, total=event.lots)


@dataclass(frozen=True)
class StatementLine:
    """One posting to an account: event number, nanoseconds UTC, why, micro-dollars; a credit is
    positive.
    """

    event: int
    time: int
    why: str
    ledger_class: LedgerClass
    asset: int
    amount: int


class Line(NamedTuple):
    """A line of the ledger with its account (0: the house) and the command that caused it."""

    account: int
    cause: int
    line: StatementLine


class Port(NamedTuple):
    """An account that became another member's: event and command, who had it and who has it."""

    account: int
    event: int
    command: int
    from_member: int
    member: int


class Move(NamedTuple):
    """Lots that came to an account (or left it) by a command."""

    account: int
    cause: int
    series: int
    lots: int


@dataclass(frozen=True)
class TradeView:
    """A trade with both sides, for the house; owners and the public see their part of it."""

    trade: int
    time: int
    terms: wire.Traded
    busted: bool = False

    @property
    def header(self) -> Header:
        """Number and time of its event; the rest of the header is not kept."""
        return Header(0, wire.Traded.KIND, 0, 0, 0, self.trade, self.time, 0, 0, 0)


@dataclass(frozen=True)
class Call:
    """What an account was told it owes, or lacks of its margin, micro-dollars. `opened`, `late` and
    `closed` are event numbers, 0 while there is none.

    number: of a margin call on the log, 0 for dues. due: deadline of a margin call, nanoseconds
    UTC; dues are payable at once, and theirs is the time they were told. A late call's amount is
    what was lacking when its time was over.
    """

    opened: int
    time: int
    amount: int
    closed: int
    number: int = 0
    required: int = 0
    due: int = 0
    late: int = 0

    @property
    def state(self) -> str:
        """open, late (its time is over and it is not met) or met."""
        if self.closed:
            return "met"
        return "late" if self.late else "open"


@dataclass(frozen=True)
class DayStatement:
    """An account over one settled day (YYYYMMDD): cash in micro-dollars before and after, what
    moved it by reason, lots held at the settlement by series.
    """

    account: int
    day: int
    opening: int
    closing: int
    moved: dict[str, int] = field(default_factory=dict)
    positions: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """How far a view is folded: last event, last command number, and the journal's chain there."""

    event: int = 0
    number: int = 0
    chain: str = ""


class HistoryBehind(Exception):
    """The history has yet to fold events that its answer depends on; ask again."""

    def __init__(self, found: int, expected: int, fault: str = "") -> None:
        """found: last event folded. expected: the event up to which it must be."""
        more = f" ({fault})" if fault else ""
        super().__init__(
            f"history is folded up to event {found}: expected up to {expected}, ask again{more}"
        )
        self.found, self.expected = found, expected


def state_header(header: Header) -> Header:
    """What is kept of the event that set a state: number, time, actor."""
    return Header(0, 0, 0, 0, 0, header.number, header.time, 0, header.actor, 0)


def port_of(header: Header, event: wire.AccountPorted) -> Port:
    """A port as it was told."""
    return Port(event.account, header.number, header.cause, event.from_member, event.member)


def moves(header: Header, event: Any) -> list[Move]:
    """What an event does to positions; expiry is left to the keeper, who knows the holders."""
    cause, series = header.cause, getattr(event, "series", 0)
    if isinstance(event, wire.Traded | wire.TradeBusted):
        sign = 1 if isinstance(event, wire.Traded) else -1
        return [
            Move(event.buy_account, cause, series, sign * event.lots),
            Move(event.sell_account, cause, series, -sign * event.lots),
        ]
    if isinstance(event, wire.PositionTransferred):
        return [
            Move(event.account, cause, series, -event.lots),
            Move(event.to_account, cause, series, event.lots),
        ]
    return []

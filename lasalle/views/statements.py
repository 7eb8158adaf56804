"""Statements of accounts over a settled day, folded from the events of the journal alone.

A statement covers the commands after one variation settlement up to and with the next. Every
posting to the account is a line of it; opening balances and lines add up to closing balances, and
closing balances are the ledger's own, to the micro-dollar (`unreconciled`).
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lasalle import wire
from lasalle.views.history import MOVING, POSTING, Ledger, moves
from lasalle.wire import Header, LedgerClass

HEAD = struct.Struct("<IH")
EVENTS: tuple[Any, ...] = (
    *POSTING,
    *MOVING,
    wire.AccountOpened,
    wire.AccountPorted,
    wire.SeriesListed,
    wire.VariationSettled,
    wire.FinalSettled,
    wire.AccountRefreshed,
    wire.MarginCalled,
    wire.MarginCallMet,
    wire.MarginCallLate,
    wire.CallOpened,
    wire.CallClosed,
)
SHOWN = frozenset(event.KIND for event in EVENTS)
"""Events that a statement shows, or is made from."""
Key = tuple[LedgerClass, int]
"""A balance of an account: ledger class and asset."""
CAUSES = {
    "traded": "trade: fees and option premium",
    "trade_busted": "error trade undone",
    "transfer_posted": "deposit or withdrawal",
    "payment_posted": "settlement",
    "fund_contributed": "into the default fund",
    "fund_returned": "out of the default fund",
    "loss_allocated": "loss of a default",
}
"""What a posting is for, by the event that tells it."""
OF_CALLS: dict[type[Any], str] = {
    wire.MarginCalled: "called",
    wire.MarginCallMet: "met",
    wire.MarginCallLate: "late",
    wire.CallOpened: "dues",
    wire.CallClosed: "dues paid",
}


class Line(NamedTuple):
    """A posting: event, nanoseconds UTC, cause, class, asset, smallest units; a credit is
    positive."""

    event: int
    time: int
    cause: str
    ledger_class: LedgerClass
    asset: int
    amount: int


class Held(NamedTuple):
    """A position at the settlement: lots, the settlement price in micro-dollars per unit, hours of
    a lot."""

    series: int
    symbol: str
    lots: int
    mark: int
    hours: int


class CallLine(NamedTuple):
    """What became of a margin call: event, nanoseconds UTC, call, what, micro-dollars."""

    event: int
    time: int
    call: int
    what: str
    amount: int


@dataclass
class Statement:
    """An account over one settled day (YYYYMMDD). Amounts are smallest units of their asset;
    `requirement` is margin in micro-dollars as judged first after the settlement, None before."""

    account: int
    member: int
    day: int
    first: int
    last: int
    """Command numbers it covers; the last one settled the day."""
    opening: dict[Key, int]
    lines: tuple[Line, ...]
    closing: dict[Key, int]
    positions: tuple[Held, ...]
    calls: tuple[CallLine, ...]
    fees: int
    """Micro-dollars of fees paid, those returned taken off."""
    requirement: int | None = None
    covered: bool | None = None

    def moved(self) -> dict[Key, int]:
        """Sum of the lines by balance."""
        found: dict[Key, int] = defaultdict(int)
        for line in self.lines:
            found[line.ledger_class, line.asset] += line.amount
        return found


@dataclass
class _Open:
    """An account since the last settlement."""

    member: int
    balances: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    opening: dict[Key, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    calls: list[CallLine] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    fees: int = 0


class Statements:
    """Fold of all events of a house, from its first, into the statements of its settled days."""

    def __init__(self, days: Iterable[int] = (), account: int = 0) -> None:
        """Keeps the statements of these days, or of all when none is named; of one account, or of
        all when it is 0."""
        self.found: dict[tuple[int, int], Statement] = {}
        """By day and account."""
        self.settled: dict[int, int] = {}
        """Command number of each day's settlement."""
        self._days, self._account = set(days), account
        self._open: dict[int, _Open] = {}
        self._series: dict[int, tuple[str, int, int]] = {}
        self._ledger = Ledger()
        self._closing: tuple[int, int] | None = None
        self._since = 0
        self._unjudged: dict[int, Statement] = {}

    def take(self, frames: bytes) -> None:
        """Folds event frames, in order; what no statement shows is passed over unread."""
        at, end = 0, len(frames)
        while at < end:
            length, kind = HEAD.unpack_from(frames, at)
            if kind in SHOWN:
                frame = frames[at : at + length]
                header = wire.read_header(frame)
                self.on(header, wire.read_body(header, frame))
            at += length

    def finish(self) -> None:
        """Closes a day whose settlement was the last command told."""
        if self._closing is not None:
            self._close(*self._closing)
            self._closing = None

    def now(self) -> tuple[dict[int, dict[Key, int]], dict[int, dict[int, int]]]:
        """Balances and lots of each account after what was told."""
        kept = self._open.items()
        balances = {n: {k: v for k, v in one.balances.items() if v} for n, one in kept}
        return balances, {n: {s: v for s, v in o.positions.items() if v} for n, o in kept}

    def on(self, header: Header, event: Any) -> None:
        """Folds an event."""
        if self._closing is not None and header.cause != self._closing[1]:
            self.finish()
        for account, _, line in self._ledger.lines(header, event):
            if account:
                self._post(account, Line(line.event, line.time, CAUSES.get(line.why, line.why),
                                         line.ledger_class, line.asset, line.amount))  # fmt: skip
        for move in moves(header, event):
            self._open[move.account].positions[move.series] += move.lots
        self._fold(header, event)

    def _post(self, account: int, line: Line) -> None:
        one = self._open[account]
        one.lines.append(line)
        one.balances[line.ledger_class, line.asset] += line.amount

    def _fold(self, header: Header, event: Any) -> None:
        if isinstance(event, wire.AccountOpened):
            self._open[event.account] = _Open(event.member)
        elif isinstance(event, wire.AccountPorted):
            self._open[event.account].member = event.member
        elif isinstance(event, wire.SeriesListed):
            self._series[event.series] = (event.symbol, 0, event.hours)
        elif isinstance(event, wire.Traded | wire.TradeBusted):
            sign = 1 if isinstance(event, wire.Traded) else -1
            self._open[event.buy_account].fees += sign * (event.buy_fee + event.buy_clearing_fee)
            self._open[event.sell_account].fees += sign * (event.sell_fee + event.sell_clearing_fee)
        elif isinstance(event, wire.VariationSettled):
            for item in event.prices:
                symbol, _, hours = self._series[item.series]
                self._series[item.series] = (symbol, item.price, hours)
            self.settled[event.day] = header.cause
            self._closing = (event.day, header.cause)
        elif isinstance(event, wire.FinalSettled):
            symbol, mark, hours = self._series[event.series]
            self._series[event.series] = (symbol, mark, hours - event.hours)
            if event.expired:
                for one in self._open.values():
                    one.positions.pop(event.series, None)
        elif isinstance(event, wire.AccountRefreshed):
            waiting = self._unjudged.pop(event.account, None)
            if waiting is not None:
                waiting.requirement, waiting.covered = event.requirement, event.covered
        else:
            self._call(header, event)

    def _call(self, header: Header, event: Any) -> None:
        what = OF_CALLS.get(type(event))
        if what is not None:
            number, amount = getattr(event, "call", 0), getattr(event, "amount", 0)
            line = CallLine(header.number, header.time, number, what, amount)
            self._open[event.account].calls.append(line)

    def _close(self, day: int, last: int) -> None:
        """Writes the statement of every account over a day that was settled."""
        self._unjudged = {}
        for number, one in sorted(self._open.items()):
            wanted = (not self._days or day in self._days) and self._account in (0, number)
            if wanted:
                made = self._statement(number, one, day, last)
                self.found[day, number] = self._unjudged[number] = made
            one.opening = {k: v for k, v in one.balances.items() if v}
            one.lines, one.calls, one.fees = [], [], 0
        self._since = last

    def _statement(self, number: int, one: _Open, day: int, last: int) -> Statement:
        held = tuple(
            Held(series, self._series[series][0], lots, *self._series[series][1:])
            for series, lots in sorted(one.positions.items())
            if lots
        )
        return Statement(
            account=number,
            member=one.member,
            day=day,
            first=self._since + 1,
            last=last,
            opening=dict(one.opening),
            lines=tuple(one.lines),
            closing={k: v for k, v in sorted(one.balances.items()) if v},
            positions=held,
            calls=tuple(one.calls),
            fees=one.fees,
        )


def unreconciled(statements: Iterable[Statement]) -> list[str]:
    """What does not add up: opening and lines to closing, a closing to the next opening."""
    found: list[str] = []
    before: dict[int, dict[Key, int]] = {}
    for one in statements:
        where = f"statement of account {one.account} of {one.day}"
        moved = one.moved()
        for key in sorted({*one.opening, *moved, *one.closing}):
            total = one.opening.get(key, 0) + moved.get(key, 0)
            if total != one.closing.get(key, 0):
                found.append(f"{where}: {key[0].name.lower()} comes to {total}, not to its closing")
        if before.get(one.account, one.opening) != one.opening:
            found.append(f"{where}: it does not open as the one before closed")
        before[one.account] = one.closing
    return found


def differing(fold: Statements, records: bytes) -> list[str]:
    """Accounts whose lines do not add up to the balances, or lots, that records tell."""
    ledger: dict[int, dict[Key, int]] = defaultdict(dict)
    held: dict[int, dict[int, int]] = defaultdict(dict)
    for _, record in wire.read_frames(records):
        if isinstance(record, wire.BalanceRecord) and record.account:
            key = (LedgerClass(record.ledger_class), record.asset)
            ledger[record.account][key] = record.balance
        elif isinstance(record, wire.PositionRecord) and record.lots:
            held[record.account][record.series] = record.lots
    balances, lots = fold.now()
    found = []
    for number in sorted({*balances, *ledger, *held}):
        if balances.get(number, {}) != ledger[number]:
            found.append(f"account {number}: its postings come to other balances than the ledger's")
        if lots.get(number, {}) != held[number]:
            found.append(f"account {number}: its trades come to other lots than its positions")
    return found

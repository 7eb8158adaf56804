"""Statements of accounts over a settled day, folded from the events of the journal alone.

A statement covers the commands after one variation settlement up to and with the next. Every
posting to the account is a line of it; opening balances and lines add up to closing balances, and
closing balances are the ledger's own, to the micro-dollar (`unreconciled`).
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lasalle import wire
from lasalle.plain.collateral import value_of
from lasalle.plain.evolve_delivery import DELIVERY_WRITES
from lasalle.plain.state import Collateral, State
from lasalle.views.history import MOVING, POSTING, Ledger
from lasalle.views.model import StatementLine, moves
from lasalle.views.statement import (
    OWED,
    USD,
    CallLine,
    CollateralLine,
    Held,
    Key,
    Line,
    Statement,
    TradeLine,
)
from lasalle.views.statement_deliveries import DeliveryFold
from lasalle.wire import Header, LedgerClass

HEAD = struct.Struct("<IH")
EVENTS: tuple[Any, ...] = (
    *POSTING,
    *MOVING,
    wire.AssetDefined,
    wire.AccountOpened,
    wire.AccountPorted,
    wire.SeriesListed,
    wire.TradeAdjusted,
    wire.CollateralAdmitted,
    wire.CollateralValued,
    wire.VariationSettled,
    wire.FinalSettled,
    wire.AccountRefreshed,
    wire.MarginCalled,
    wire.MarginCallMet,
    wire.MarginCallLate,
    wire.CallOpened,
    wire.CallClosed,
    *(message for message in wire.MESSAGES.values() if message.NAME in DELIVERY_WRITES),
)
SHOWN = frozenset(event.KIND for event in EVENTS)
"""Events that a statement shows, or is made from."""
CAUSES = {
    "traded": "trade: fees and option premium",
    "trade_busted": "error trade undone",
    "transfer_posted": "deposit or withdrawal",
    "payment_posted": "settlement",
    "fund_contributed": "into the default fund",
    "fund_returned": "out of the default fund",
    "loss_allocated": "loss of a default",
    "alignment_posted": "price alignment",
    "line_drawn": "drawn under the line",
    "line_accrued": "interest of the line",
    "line_repaid": "line repaid",
    "line_written_off": "line written off",
}
"""What a posting is for, by the event that tells it."""
PURPOSES: dict[type[Any], str] = {
    wire.VariationSettled: "variation",
    wire.FinalSettled: "final settlement",
    wire.TradeBusted: "error trades",
    wire.TradeAdjusted: "error trades",
}
"""What the payments of a command are for, by the event that tells the command."""
OF_POSTINGS = {
    "trade_busted": "fees",
    "fund_contributed": "default fund",
    "fund_returned": "default fund",
    "loss_allocated": "loss of a default",
    "line_drawn": "line",
    "line_repaid": "line",
    "alignment_posted": "price alignment",
}
"""What any other posting is for; one that is not named here is for what its event says."""
OF_CALLS: dict[type[Any], str] = {
    wire.MarginCalled: "called",
    wire.MarginCallMet: "met",
    wire.MarginCallLate: "late",
    wire.CallOpened: "dues",
    wire.CallClosed: "dues paid",
}


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
    trades: list[TradeLine] = field(default_factory=list)
    purposes: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    """By what it is for and the command, 0 where the event says all."""


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
        self._reasons: dict[int, str] = {}
        """What the payments of a command are for."""
        self._collateral: dict[int, Collateral] = {}
        self._assets: dict[int, str] = {}
        self._deliveries = DeliveryFold()

    def begin(self, state: State) -> None:
        """Goes on from the state right after a settlement, as if all before it had been told."""
        self._since = state.last_number
        self._ledger = Ledger(-state.balance(LedgerClass.DEFAULT_SHORTFALL))
        self._collateral = {a: replace(terms) for a, terms in state.collateral.items()}
        self._assets = dict(state.assets)
        self._deliveries.begin(state.owed)
        self._series = {n: (s.symbol, s.mark, s.hours) for n, s in state.series.items()}
        for number, account in state.accounts.items():
            one = self._open[number] = _Open(account.member)
            one.positions |= {n: p.lots for n, p in account.positions.items() if p.lots}
        for (class_, account_number, asset), balance in state.balances.items():
            if account_number and balance:
                self._open[account_number].balances[class_, asset] = balance
        for one in self._open.values():
            one.opening = dict(one.balances)

    @property
    def judged(self) -> bool:
        """Whether every statement of the last settlement has its margin."""
        return self._closing is None and not self._unjudged

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
        self._deliveries.look(header, event)
        delivery, what = self._deliveries.of_posting(header, event)
        for account, _, line in self._ledger.lines(header, event):
            if account and what:
                self._deliveries.post(account, delivery, what, line)
            if account:
                self._post(account, Line(line.event, line.time, CAUSES.get(line.why, line.why),
                                         line.ledger_class, line.asset, line.amount))  # fmt: skip
                self._explain(account, header.cause, event, line, what)
        self._deliveries.paid(header, event)
        self._deliveries.on(header, event)
        if type(event) in PURPOSES:
            self._reasons[header.cause] = PURPOSES[type(event)]
        for move in moves(header, event):
            self._open[move.account].positions[move.series] += move.lots
        self._fold(header, event)

    def _post(self, account: int, line: Line) -> None:
        one = self._open[account]
        one.lines.append(line)
        one.balances[line.ledger_class, line.asset] += line.amount

    def _explain(
        self, account: int, cause: int, event: Any, line: StatementLine, of_delivery: str
    ) -> None:
        """Adds a posting to what it is for; those of a trade are told apart where it is told."""
        if line.ledger_class not in OWED or line.asset != USD or isinstance(event, wire.Traded):
            return
        purpose, command = OF_POSTINGS.get(event.NAME, event.NAME), 0
        if of_delivery:
            purpose = of_delivery
        elif isinstance(event, wire.TransferPosted):
            purpose = event.reason.name.lower() + "s"
        elif isinstance(event, wire.PaymentPosted):
            # What a settlement is of may be told after its payments.
            purpose, command = "settlement", cause
        self._open[account].purposes[purpose, command] += line.amount

    def _trade(self, header: Header, event: Any) -> None:
        """A trade to both its sides, or its end."""
        symbol = self._series[event.series][0]
        for side, sign in (("buy", 1), ("sell", -1)):
            account = getattr(event, f"{side}_account")
            if not account:
                continue
            one, lots, what = self._open[account], sign * event.lots, "corrected"
            fees = premium = 0
            if isinstance(event, wire.Traded):
                what, premium = ("bought", "sold")[sign < 0], -sign * event.premium
                fees = -_fees(event, side)
                one.purposes["fees", 0] += fees
                one.purposes["premium", 0] += premium
            elif isinstance(event, wire.TradeBusted):
                what, lots, fees = "undone", -lots, _fees(event, side)
            one.fees -= fees
            line = (what, symbol, lots, event.price, fees, premium)
            one.trades.append(TradeLine(header.number, header.time, *line))

    def _fold(self, header: Header, event: Any) -> None:
        if isinstance(event, wire.AccountOpened):
            self._open[event.account] = _Open(event.member)
        elif isinstance(event, wire.AccountPorted):
            self._open[event.account].member = event.member
        elif isinstance(event, wire.SeriesListed):
            self._series[event.series] = (event.symbol, 0, event.hours)
        elif isinstance(event, wire.Traded | wire.TradeBusted | wire.TradeAdjusted):
            self._trade(header, event)
        elif isinstance(event, wire.CollateralAdmitted):
            known = self._collateral.get(event.asset)
            price, day = (known.price, known.day) if known else (0, 0)
            self._collateral[event.asset] = Collateral(
                event.asset, event.haircut, event.account_cap, event.letter, price, day
            )
        elif isinstance(event, wire.CollateralValued):
            for valued in event.prices:
                terms = self._collateral[valued.asset]
                terms.price, terms.day = valued.price, event.day
        elif isinstance(event, wire.AssetDefined):
            self._assets[event.asset] = event.name
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
            one.lines, one.calls, one.fees, one.trades = [], [], 0, []
            one.purposes = defaultdict(int)
        self._since, self._reasons = last, {}
        self._deliveries.close()

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
            trades=tuple(one.trades),
            purposes=self._purposes(one),
            collateral=tuple(self._held(one)),
            deliveries=self._deliveries.part(number, one.balances, self._series),
        )

    def _purposes(self, one: _Open) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for (purpose, command), amount in one.purposes.items():
            found[self._reasons.get(command, purpose)] += amount
        return {purpose: amount for purpose, amount in sorted(found.items()) if amount}

    def _held(self, one: _Open) -> Iterator[CollateralLine]:
        for (class_, asset), units in sorted(one.balances.items()):
            terms = self._collateral.get(asset)
            if class_ == LedgerClass.CASH and asset != USD and units and terms is not None:
                value = value_of(terms, units)
                told = (terms.price, terms.haircut, value, self._assets[asset], terms.day)
                yield CollateralLine(asset, units, *told)


def _fees(event: wire.Traded | wire.TradeBusted, side: str) -> int:
    """Fees of one side."""
    return int(getattr(event, f"{side}_fee") + getattr(event, f"{side}_clearing_fee"))


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

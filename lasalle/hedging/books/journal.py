"""Journal entries of a hedge account, from its statements: whole micro-dollars, each date in
balance, the reserve rolled from day to day.

Futures and swaps: variation is cash, its designated part goes to the cash-flow hedge reserve, the
rest to profit or loss. Calls: carried at the settlement price; of what that moves by, intrinsic
value goes to the cash-flow hedge reserve, time value to the reserve of the cost of hedging. A
reserve is reclassified when the months its series hedges are over: into the cost of compute for the
share of the hours that arose, into profit or loss for those that did not. The hypothetical
derivative has the terms of the designated hours, so that the designated part is effective whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from lasalle.contracts import Month, SeriesTerms, numbered_day, parse_symbol
from lasalle.contracts.listing import find_terms
from lasalle.hedging.bills.model import round_half_even
from lasalle.hedging.books.designation import WHOLE, Designation

Arose = Callable[[Month], tuple[int, int]]
"""Share of a month's designated hours that were used, as a fraction: above, below."""
Forward = Callable[[str, date], int | None]
"""Settlement price of the future on a call's month, micro-dollars a unit; None where unknown."""


class Book(Enum):
    """Accounts of the journal: code and name."""

    CLEARING = "1000", "Cash at the clearing house, less dues"
    BANK = "1010", "Bank"
    FUND = "1030", "Default fund contribution"
    OPTIONS = "1100", "Options bought, at settlement price"
    RESERVE = "3100", "OCI: cash-flow hedge reserve"
    COST_RESERVE = "3110", "OCI: cost of hedging reserve"
    OPENING = "3900", "Opening balance"
    COMPUTE = "5000", "Cost of compute"
    FEES = "6000", "Trading and clearing fees"
    UNDESIGNATED = "7000", "Gains and losses of derivatives not designated"
    NOT_ARISEN = "7100", "Hedges of hours that did not arise"
    OTHER = "7900", "Other result at the clearing house"


PURPOSES = {
    "deposits": (Book.BANK, "deposit"),
    "withdrawals": (Book.BANK, "withdrawal"),
    "fees": (Book.FEES, "fees"),
    "default fund": (Book.FUND, "default fund"),
}
"""Account against cash of what a statement's purposes name; any other is told under its name."""


OF_POSITIONS = ("variation", "final settlement", "error trades")
"""What a statement's positions and trades explain, series by series."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a debit is positive, a credit negative, micro-dollars."""

    day: date
    book: Book
    amount: int
    symbol: str
    why: str


class JournalError(ValueError):
    """Statements from which no journal follows, and why."""


@dataclass(slots=True)
class _Series:
    """A series as it stood at the last settlement; reserves are gains, positive."""

    terms: SeriesTerms
    lots: int = 0
    mark: int = 0
    hours: int = 0
    reserve: int = 0
    cost_reserve: int = 0
    carried: int = 0
    intrinsic: int = 0
    rolled: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def micro(text: str) -> int:
    """Decimal text of dollars in micro-dollars, exactly."""
    return int(Decimal(text) * 1_000_000)


def all_arose(_: Month) -> tuple[int, int]:
    """Every designated hour is taken to have been used."""
    return 1, 1


def unknown_forward(_: str, __: date) -> None:
    """No forward is known."""
    return


class HedgeJournal:
    """Takes the statements of one account in their order. `entries` sum to 0 on each date. Nothing
    is designated on days before `since`, that of the memo.
    """

    def __init__(
        self,
        designation: Designation,
        arose: Arose = all_arose,
        forward: Forward = unknown_forward,
        since: date = date.min,
    ) -> None:
        self._since, self._designates = since, True
        self._legs = {leg.symbol: leg.lots * leg.designated for leg in designation.legs}
        self._arose, self._forward = arose, forward
        self._series: dict[str, _Series] = {}
        self._cash: int | None = None
        self.entries: list[Entry] = []

    def take(self, statement: Mapping[str, Any]) -> None:
        """One settled day. Raises JournalError where it does not follow the one before, or where
        what was paid is not what the positions explain.
        """
        day = numbered_day(int(statement["day"]))
        self._designates = day >= self._since
        opening, closing = (_owed(statement[part]) for part in ("opening", "closing"))
        first = len(self.entries)
        if self._cash is None:
            self._pay(day, Book.OPENING, opening, "", "opening balance")
        elif self._cash != opening:
            raise JournalError(
                f"statement of {day}: expected an opening of {self._cash} micro-dollars, as the one"
                f" before closed, found {opening}; statements may be missing between"
            )
        purposes = {name: micro(text) for name, text in statement["purposes"].items()}
        now = {one["symbol"]: one for one in statement["positions"]}
        trades = defaultdict(list)
        for one in statement["trades"]:
            trades[one["symbol"]].append(one)
        for symbol in {*now, *trades}:
            if symbol not in self._series:
                self._series[symbol] = _Series(_terms(symbol, day))
        self._simple(day, purposes)
        over = self._settled(day, purposes, now, trades)
        self._reclassify(day, over)
        self._check(day, first, closing - (0 if self._cash is None else opening))
        self._cash = closing

    def roll(self) -> list[dict[str, Any]]:
        """The reserves of each series: what came in, what went out where, what is left."""
        return [
            {
                "symbol": symbol,
                **{name: one.rolled[name] for name in ("gains", "compute", "not_arisen")},
                "closing": one.reserve + one.cost_reserve,
            }
            for symbol, one in sorted(self._series.items())
        ]

    def _write(self, day: date, book: Book, amount: int, symbol: str, why: str) -> None:
        if amount:
            self.entries.append(Entry(day, book, amount, symbol, why))

    def _pay(self, day: date, book: Book, received: int, symbol: str, why: str) -> None:
        """Cash received against an account."""
        self._write(day, Book.CLEARING, received, symbol, why)
        self._write(day, book, -received, symbol, why)

    def _simple(self, day: date, purposes: Mapping[str, int]) -> None:
        for name, amount in purposes.items():
            if name not in (*OF_POSITIONS, "premium"):
                book, why = PURPOSES.get(name, (Book.OTHER, name))
                self._pay(day, book, amount, "", why)

    def _settled(
        self,
        day: date,
        purposes: Mapping[str, int],
        now: Mapping[str, Mapping[str, Any]],
        trades: Mapping[str, list[Mapping[str, Any]]],
    ) -> dict[str, tuple[int, int]]:
        """Variation, finals and option values; gives the series of which months were settled, each
        with the hours settled and the hours there were.
        """
        paid, over, before = {}, {}, {}
        premium = 0
        for symbol, one in self._series.items():
            lots, mark, hours = _position(now.get(symbol), one)
            traded = sum(_lots(t) * micro(t["price"]) * one.hours for t in trades.get(symbol, ()))
            moved = sum(_lots(t) for t in trades.get(symbol, ()))
            before[symbol] = max(abs(one.lots), abs(one.lots + moved), abs(lots))
            gone = bool(one.lots + moved) and not lots
            if not gone and one.lots + moved != lots:
                raise JournalError(
                    f"statement of {day}: {symbol}: expected {one.lots + moved} lots by its trades,"
                    f" found {lots}; a journal begins with the account's first statement"
                )
            if gone or (lots and hours != one.hours):
                over[symbol] = (one.hours - (0 if gone else hours), one.hours)
            if one.terms.is_option:
                cost = -sum(micro(t["premium"]) for t in trades.get(symbol, ()))
                premium -= cost
                one.carried += cost
                self._pay(day, Book.OPTIONS, -cost, symbol, "premium")
            elif symbol not in over:
                paid[symbol] = lots * mark * hours - one.lots * one.mark * one.hours - traded
        if premium != purposes.get("premium", 0):
            raise JournalError(
                f"statement of {day}: premium: expected {premium} micro-dollars by its trades,"
                f" found {purposes.get('premium', 0)}"
            )
        self._share_rest(day, purposes, paid, over)
        for symbol, amount in paid.items():
            if not self._series[symbol].terms.is_option:
                self._gain(day, symbol, amount, before[symbol], "variation")
        for symbol, one in self._series.items():
            if one.terms.is_option:
                self._revalue(day, symbol, now.get(symbol), paid.get(symbol, 0), before[symbol])
            one.lots, one.mark, one.hours = _position(now.get(symbol), one)
        return over

    def _share_rest(
        self,
        day: date,
        purposes: Mapping[str, int],
        paid: dict[str, int],
        over: Mapping[str, tuple[int, int]],
    ) -> None:
        """Gives what the other positions do not explain to the series that settled: what their
        month's price says, and what is then left by hours.
        """
        total = sum(purposes.get(name, 0) for name in OF_POSITIONS)
        known = {symbol: self._expected(day, symbol) for symbol in over}
        paid |= {symbol: amount or 0 for symbol, amount in known.items()}
        rest = total - sum(paid.values())
        if not over:
            if rest:
                raise JournalError(
                    f"statement of {day}: variation: expected {total - rest} micro-dollars by its"
                    f" positions, found {total}"
                )
            return
        unknown = [symbol for symbol, amount in known.items() if amount is None] or list(over)
        weights = {s: abs(self._series[s].lots) * over[s][0] or 1 for s in unknown}
        sum_of, given, last = sum(weights.values()), 0, 0
        for symbol, weight in sorted(weights.items()):
            given += weight
            upto = round_half_even(rest * given, sum_of)
            paid[symbol] += upto - last
            last = upto

    def _expected(self, day: date, symbol: str) -> int | None:
        """What a series that settles pays by the settlement price of its month's future; None
        where that is not known, or it has several months.
        """
        one = self._series[symbol]
        final = self._forward(symbol, day)
        if final is None or len(one.terms.months) > 1:
            return None
        if not one.terms.is_option:
            return one.lots * one.hours * (final - one.mark)
        return one.lots * one.hours * max(0, final - one.terms.strike_micro_dollars)

    def _effective(self, symbol: str, amount: int, lots: int) -> int:
        """The designated part of an amount, of so many lots."""
        covered = self._legs.get(symbol, 0) if self._designates else 0
        whole = max(lots * WHOLE, covered)
        return round_half_even(amount * covered, whole) if covered > 0 else 0

    def _gain(self, day: date, symbol: str, amount: int, lots: int, why: str) -> None:
        one, part = self._series[symbol], self._effective(symbol, amount, lots)
        self._write(day, Book.CLEARING, amount, symbol, why)
        self._write(day, Book.RESERVE, -part, symbol, why)
        self._write(day, Book.UNDESIGNATED, part - amount, symbol, why)
        one.reserve += part
        one.rolled["gains"] += part

    def _revalue(
        self, day: date, symbol: str, position: Mapping[str, Any] | None, final: int, lots: int
    ) -> None:
        """An option to its settlement price, after what it paid."""
        one = self._series[symbol]
        self._pay(day, Book.OPTIONS, final, symbol, "final settlement")
        one.carried -= final
        worth = micro(position["value"]) if position else 0
        intrinsic = self._intrinsic(day, one, position, final)
        moved, inner = worth - one.carried, intrinsic - one.intrinsic
        # What was paid out is intrinsic value that has become cash.
        part, time = (self._effective(symbol, x, lots) for x in (inner, moved - inner))
        self._write(day, Book.OPTIONS, moved, symbol, "settlement price")
        self._write(day, Book.RESERVE, -part, symbol, "intrinsic value")
        self._write(day, Book.COST_RESERVE, -time, symbol, "time value")
        self._write(day, Book.UNDESIGNATED, part + time - moved, symbol, "settlement price")
        one.carried, one.intrinsic = worth, 0 if position is None else intrinsic
        one.reserve += part
        one.cost_reserve += time
        one.rolled["gains"] += part + time

    def _intrinsic(
        self, day: date, one: _Series, position: Mapping[str, Any] | None, final: int
    ) -> int:
        if position is None:
            return final
        forward = self._forward(one.terms.symbol, day)
        if forward is None:
            return one.intrinsic
        lots, _, hours = _position(position, one)
        return lots * hours * max(0, forward - one.terms.strike_micro_dollars)

    def _reclassify(self, day: date, over: Mapping[str, tuple[int, int]]) -> None:
        """Reserves of months that are over, into the cost they hedged."""
        for symbol, one in self._series.items():
            ended = [month for month in one.terms.months if month.last_day <= day]
            if symbol in over:
                settled, hours = over[symbol]
            elif not one.lots and len(ended) == len(one.terms.months):
                settled = hours = 1
            else:
                continue
            month = ended[-1] if ended else one.terms.months[0]
            above, below = self._arose(month)
            for book, name in ((Book.RESERVE, "reserve"), (Book.COST_RESERVE, "cost_reserve")):
                amount = round_half_even(getattr(one, name) * settled, hours)
                used = round_half_even(amount * above, below)
                self._write(day, book, amount, symbol, f"hedged hours of {month}")
                self._write(day, Book.COMPUTE, -used, symbol, f"hedged hours of {month}")
                self._write(day, Book.NOT_ARISEN, used - amount, symbol, f"hours of {month} unused")
                setattr(one, name, getattr(one, name) - amount)
                one.rolled["compute"] += used
                one.rolled["not_arisen"] += amount - used

    def _check(self, day: date, first: int, change: int) -> None:
        written = self.entries[first:]
        total = sum(one.amount for one in written)
        assert total == 0, f"entries of {day} are in balance"
        cash = sum(one.amount for one in written if one.book is Book.CLEARING)
        if cash != change:
            raise JournalError(
                f"statement of {day}: cash less dues: expected {cash} micro-dollars by its"
                f" purposes, found {change}"
            )


def _owed(balances: Iterable[Mapping[str, Any]]) -> int:
    """Dollars of cash, less what is owed."""
    return sum(
        micro(one["amount"])
        for one in balances
        if one["class"] in ("cash", "due_from_member") and one["asset"] == 1
    )


def _terms(symbol: str, day: date) -> SeriesTerms:
    terms = find_terms(parse_symbol(symbol))
    if terms is None:
        raise JournalError(f"statement of {day}: expected a listed series, found {symbol}")
    return terms


def _position(position: Mapping[str, Any] | None, one: _Series) -> tuple[int, int, int]:
    """Lots, mark and hours of a lot at a settlement, the last from the value where it can be."""
    if one.hours == 0:
        one.hours = one.terms.hours_per_lot
    if position is None:
        return 0, one.mark, one.hours
    lots, mark = int(position["lots"]), micro(position["mark"])
    value = micro(position["value"])
    return lots, mark, value // (lots * mark) if lots * mark else one.hours


def _lots(trade: Mapping[str, Any]) -> int:
    return int(trade["lots"])

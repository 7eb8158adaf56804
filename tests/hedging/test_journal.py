"""The journal of a hedge account: every date in balance, cash as the statements have it, reserves
rolled and reclassified when the hedged hours arise.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from lasalle.contracts import Month
from lasalle.hedging.books.designation import Designation, HedgingLeg
from lasalle.hedging.books.journal import Arose, Book, Forward, HedgeJournal, JournalError
from lasalle.views.model import dollars

JUNE, CALL, SWAP = "H100-2026-06", "H100-2026-06-C-2.500", "H100-2026-06_2026-08"
HOURS = {JUNE: 720, CALL: 720, SWAP: 2_208}


def leg(symbol: str, kind: str, lots: int, designated: int = 10_000) -> HedgingLeg:
    return HedgingLeg(
        symbol=symbol, kind=kind, lots=lots, months=("2026-06",), hours=(720.0,), strike=0.0,
        designated=designated,
    )  # fmt: skip


def designation(*legs: HedgingLeg) -> Designation:
    return Designation(
        need="Run", grade="H100", location="US", day="2026-05-01", first_start="2026-06-01",
        last_start="2026-06-02", run_days=30, ratio=1.0, expected_hours=1.0, probable_hours=1.0,
        carried_hours=1.0, designated_hours=1.0, months=(), legs=legs, own_use=(), slope=None,
        slope_error=None, r_squared=None, observations=0, highly_effective=None, sources=(),
        causes={},
    )  # fmt: skip


class Account:
    """An account as a clearing house would run it: cash, lots, marks, statement after statement."""

    def __init__(self) -> None:
        self.cash = 0
        self.lots: dict[str, int] = defaultdict(int)
        self.marks: dict[str, int] = {}
        self.hours = dict(HOURS)

    def day(
        self,
        day: int,
        marks: dict[str, int],
        trades: tuple[tuple[str, int, int], ...] = (),
        deposit: int = 0,
        finals: dict[str, int] | None = None,
    ) -> dict[str, Any]:
        """A statement; finals are payments of series that end."""
        opening, purposes, told = self.cash, defaultdict(int), []
        purposes["deposits"] += deposit
        moved = 0
        for symbol, lots, price in trades:
            option = symbol == CALL
            premium = -lots * price * HOURS[symbol] if option else 0
            purposes["premium"] += premium
            purposes["fees"] -= 7 * abs(lots)
            if not option:
                moved -= lots * price * self.hours[symbol]
                moved += lots * self.marks.get(symbol, 0) * self.hours[symbol]
            self.lots[symbol] += lots
            told.append({"symbol": symbol, "lots": lots, "price": dollars(price),
                         "premium": dollars(premium)})  # fmt: skip
        for symbol, paid in (finals or {}).items():
            purposes["final settlement"] += paid
            if symbol == SWAP:
                self.hours[SWAP] -= 720
            else:
                del self.lots[symbol]
        for symbol, lots in self.lots.items():
            if symbol != CALL:
                before = self.marks.get(symbol, 0)
                moved += lots * (marks[symbol] - before) * self.hours[symbol]
        purposes["variation"] += moved
        self.marks |= marks
        self.cash += sum(purposes.values())
        return {
            "account": 2,
            "day": day,
            "opening": [{"class": "cash", "asset": 1, "amount": dollars(opening)}],
            "closing": [
                {"class": "cash", "asset": 1, "amount": dollars(self.cash)},
                {"class": "cash", "asset": 2, "amount": "5.000000"},
            ],
            "purposes": {name: dollars(amount) for name, amount in purposes.items() if amount},
            "trades": told,
            "positions": [
                {"symbol": s, "lots": n, "mark": dollars(self.marks[s]),
                 "value": dollars(n * self.marks[s] * self.hours[s])}
                for s, n in self.lots.items() if n
            ],
        }  # fmt: skip


def story(
    designated: Designation,
    arose: Arose | None = None,
    forward: Forward | None = None,
    since: date = date.min,
) -> HedgeJournal:
    """Bought on the first day, marked, settled at the end of June; the swap lives on."""
    more: dict[str, Any] = {"since": since}
    if arose:
        more["arose"] = arose
    if forward:
        more["forward"] = forward
    made, account = HedgeJournal(designated, **more), Account()
    marks = {JUNE: 2_400_000, CALL: 110_000, SWAP: 2_450_000}
    bought = ((JUNE, 10, 2_390_000), (CALL, 5, 100_000), (SWAP, 2, 2_450_000))
    made.take(account.day(20260501, marks, bought, deposit=10**11))
    made.take(account.day(20260502, marks | {JUNE: 2_700_000, CALL: 260_000, SWAP: 2_500_000}))
    final = 2_650_000
    paid = {
        JUNE: 10 * 720 * (final - 2_700_000),
        CALL: 5 * 720 * (final - 2_500_000),
        SWAP: 2 * 720 * (final - 2_500_000),
    }
    made.take(account.day(20260630, {SWAP: 2_480_000}, finals=paid))
    made.take(account.day(20260701, {SWAP: 2_480_000}))
    assert sum(e.amount for e in made.entries if e.book is Book.CLEARING) == account.cash
    return made


def balance(made: HedgeJournal, book: Book, until: date = date.max) -> int:
    return sum(e.amount for e in made.entries if e.book is book and e.day <= until)


def FINAL(_: str, day: date) -> int | None:
    """The price of June once it is over."""
    return 2_650_000 if day >= date(2026, 6, 30) else None


WHOLE = designation(leg(JUNE, "future", 10), leg(CALL, "call", 5), leg(SWAP, "swap", 2))


def test_every_date_is_in_balance_in_whole_micro_dollars() -> None:
    made = story(WHOLE, forward=FINAL)
    dates: dict[date, int] = defaultdict(int)
    for one in made.entries:
        assert isinstance(one.amount, int)
        assert one.amount != 0
        dates[one.day] += one.amount
    assert set(dates.values()) == {0}
    assert len(dates) == 3, "nothing happens on the first of July"


def test_the_reserve_holds_the_gain_until_its_hours_arise() -> None:
    """Of a future: variation into the reserve, out of it into the cost of compute at month's end;
    of a call the gain over its premium; of a swap the third that settled.
    """
    made = story(WHOLE, forward=FINAL)
    before = balance(made, Book.RESERVE, date(2026, 5, 2)) + balance(
        made, Book.COST_RESERVE, date(2026, 5, 2)
    )
    assert before == -(10 * 720 * 310_000 + 5 * 720 * 160_000 + 2 * 2_208 * 50_000)
    rolled = {one["symbol"]: one for one in made.roll()}
    assert rolled[JUNE]["gains"] == 10 * 720 * 260_000
    assert rolled[JUNE]["compute"] == rolled[JUNE]["gains"]
    assert rolled[CALL]["gains"] == 5 * 720 * (150_000 - 100_000)
    assert rolled[CALL]["closing"] == rolled[JUNE]["closing"] == 0
    swap = rolled[SWAP]
    assert swap["gains"] == 2 * (720 * 200_000 + 1_488 * 30_000)
    assert swap["compute"] == round(swap["gains"] * 720 / 2_208)
    assert swap["closing"] == swap["gains"] - swap["compute"]
    assert balance(made, Book.OPTIONS) == 0
    assert balance(made, Book.COMPUTE) == -sum(one["compute"] for one in made.roll())
    assert balance(made, Book.RESERVE) + balance(made, Book.COST_RESERVE) == -swap["closing"]
    assert balance(made, Book.UNDESIGNATED) == 0
    assert balance(made, Book.FEES) == 7 * 17


def test_what_is_not_designated_is_profit_or_loss() -> None:
    """Six of ten lots, and a series that nothing designates."""
    made = story(designation(leg(JUNE, "future", 10, 6_000)), forward=FINAL)
    rolled = {one["symbol"]: one for one in made.roll()}
    gain = 10 * 720 * 260_000
    assert rolled[JUNE]["gains"] == gain * 6 // 10
    assert rolled[CALL]["gains"] == rolled[SWAP]["gains"] == 0
    others = 5 * 720 * 50_000 + 2 * (720 * 200_000 + 1_488 * 30_000)
    assert balance(made, Book.UNDESIGNATED) == -(gain * 4 // 10) - others


def test_nothing_is_designated_before_the_day_of_the_memo() -> None:
    """What the first day brought is profit or loss, what came after is as it would have been."""
    whole, late = story(WHOLE, forward=FINAL), story(WHOLE, forward=FINAL, since=date(2026, 5, 2))
    first = {JUNE: 10 * 720 * 10_000, CALL: 5 * 720 * 10_000, SWAP: 0}
    gains = {one["symbol"]: one["gains"] for one in whole.roll()}
    assert {one["symbol"]: one["gains"] for one in late.roll()} == {
        symbol: gain - first[symbol] for symbol, gain in gains.items()
    }
    assert balance(late, Book.UNDESIGNATED) == -sum(first.values())
    assert balance(late, Book.RESERVE, date(2026, 5, 1)) == 0


def test_hours_that_did_not_arise_leave_the_reserve_for_profit_or_loss() -> None:
    made = story(WHOLE, arose=lambda _: (3, 4), forward=FINAL)
    rolled = {one["symbol"]: one for one in made.roll()}
    assert rolled[JUNE]["compute"] == rolled[JUNE]["gains"] * 3 // 4
    assert rolled[JUNE]["not_arisen"] == rolled[JUNE]["gains"] // 4
    assert balance(made, Book.NOT_ARISEN) == -sum(one["not_arisen"] for one in made.roll())


def test_finals_of_unknown_price_are_shared_and_nothing_is_lost() -> None:
    """Without the price of the month each date is still in balance, and the sum the same."""
    known, shared = story(WHOLE, forward=FINAL), story(WHOLE)
    total = sum(one["gains"] for one in known.roll())
    assert sum(one["gains"] for one in shared.roll()) == total


def test_intrinsic_value_is_told_from_time_value() -> None:
    made = story(WHOLE, forward=lambda _, day: FINAL("", day) or 2_600_000)
    inner = [e for e in made.entries if e.why == "intrinsic value" and e.day.month == 5]
    outer = [e for e in made.entries if e.why == "time value" and e.day.month == 5]
    assert sum(e.amount for e in inner) == -5 * 720 * 100_000
    assert sum(e.amount for e in inner + outer) == -5 * 720 * 160_000


def test_statements_that_do_not_follow_are_refused() -> None:
    """A missing day, a positions' worth of variation too many, a journal begun in the middle."""
    marks = {JUNE: 2_400_000}
    account, made = Account(), HedgeJournal(WHOLE)
    made.take(account.day(20260501, marks, ((JUNE, 1, 2_400_000),), deposit=10**9))
    account.day(20260502, {JUNE: 2_500_000})
    with pytest.raises(JournalError, match="expected an opening of"):
        made.take(account.day(20260503, {JUNE: 2_600_000}))
    middle = HedgeJournal(WHOLE)
    with pytest.raises(JournalError, match="begins with the account's first statement"):
        middle.take(account.day(20260504, {JUNE: 2_700_000}))
    bent = Account().day(20260501, marks, ((JUNE, 1, 2_400_000),), deposit=10**9)
    bent["closing"][0]["amount"] = "1.000000"
    with pytest.raises(JournalError, match="cash less dues: expected"):
        HedgeJournal(WHOLE).take(bent)


def test_months_are_those_of_the_series() -> None:
    """The month asked for is the one that ended."""
    asked: list[Month] = []

    def arose(month: Month) -> tuple[int, int]:
        asked.append(month)
        return 1, 1

    story(WHOLE, arose=arose, forward=FINAL)
    assert set(asked) == {Month(2026, 6)}

"""`lasalle hedge report`, `memo` and `journal`: a saved plan told again, its designation, the
entries of its account.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec

from lasalle.client import Asking, Client, Fault
from lasalle.client.shapes import Fill
from lasalle.contracts import Month, numbered_day
from lasalle.hedging.bills import Bill
from lasalle.hedging.books.designation import Designation
from lasalle.hedging.books.inception import (
    SinceInception,
    bought_of,
    issued,
    since_inception,
)
from lasalle.hedging.books.journal import (
    Arose,
    Book,
    Entry,
    Forward,
    HedgeJournal,
    all_arose,
    micro,
    unknown_forward,
)
from lasalle.hedging.books.memo import Held, Memo, memo
from lasalle.hedging.books.memo_forms import html, markdown, pdf
from lasalle.hedging.plan.answer import Answer, read_answer
from lasalle.institution.bills_desk import read_bills

FORMS: dict[str, Callable[[Memo], bytes]] = {
    ".md": lambda made: markdown(made).encode("utf-8"),
    ".html": lambda made: html(made).encode("utf-8"),
    ".pdf": pdf,
}
HEADS = ("date", "account", "name", "debit_micro_dollars", "credit_micro_dollars", "series", "what")


def report(args: argparse.Namespace, _: Client | None = None) -> int:
    """A saved plan told as it was, nothing reckoned anew."""
    answer = _read(args.plan)
    for path, content in (
        (args.html, answer.html.encode("utf-8")),
        (args.png, answer.png),
        (args.orders, msgspec.json.format(msgspec.json.encode(answer.orders), indent=2) + b"\n"),
    ):
        _write(path, content)
    print(json.dumps(answer.value, indent=2) if args.json else answer.text)
    return 0


def write_memo(args: argparse.Namespace, _: Client | None = None) -> int:
    """The draft of a saved plan's designation, in the form its name says."""
    answer = _read(args.plan)
    by = Held(
        args.entity, answer.house, answer.account, _second(answer.written), answer.sha256
    )  # fmt: skip
    made = memo(answer.designation, by)
    if args.out is None:
        print(markdown(made))
    else:
        _write_memo(args.out, made, "--out")
    return 0


def issue_memo(
    args: argparse.Namespace, answer: Answer, fills: Sequence[Fill], held: Mapping[str, int]
) -> None:
    """The memo of what is held of a saved plan, dated at its last fill where that was today; says
    so where nothing is.
    """
    bought = bought_of(answer.designation, answer.orders, fills)
    lots = {symbol: min(round(sum(one.lots for one in days)), held.get(symbol, 0))
            for symbol, days in bought.items()}  # fmt: skip
    of = issued(answer.designation, lots)
    if not of.legs:
        print("lasalle hedge: nothing of the plan is held, so that there is nothing to designate;"
              " no memo was written", file=sys.stderr)  # fmt: skip
        return
    held_days = {leg.symbol: bought[leg.symbol] for leg in of.legs}
    last = max(one.time for days in held_days.values() for one in days)
    now = max(time.time_ns(), last)
    by = Held(
        args.entity, answer.house, answer.account, _second(now), answer.sha256, held_days,
        _second(last), _second(now)[:10] != _second(last)[:10],
    )  # fmt: skip
    _write_memo(args.memo, memo(of, by), "--memo")


def since_inception_of(
    answer: Answer, fills: Sequence[Fill], client: Client
) -> SinceInception | None:
    """The dollar offset of a saved plan since its lots were filled, by the marks of the house."""
    bought = bought_of(answer.designation, answer.orders, fills)

    def marks(symbol: str) -> dict[date, float]:
        prices = _settled(client, symbol)
        return {numbered_day(day): price / 1e6 for day, price in prices.items()}

    return since_inception(answer.designation, bought, marks)


def _second(time_ns: int) -> str:
    """A time in nanoseconds, as its second UTC."""
    return f"{datetime.fromtimestamp(time_ns // 10**9, UTC):%Y-%m-%d %H:%M:%S}"


def check_memo(path: Path, option: str) -> None:
    """Raises ValueError for a memo in no form or folder: before anything is sent, not after."""
    if path.suffix not in FORMS:
        raise ValueError(f"{option}: expected a name in {', '.join(FORMS)}, found {path}")
    if not path.parent.is_dir():
        raise ValueError(f"{option}: expected a folder that is there, found no {path.parent}")


def _write_memo(path: Path, made: Memo, option: str) -> None:
    check_memo(path, option)
    _write(path, FORMS[path.suffix](made))


def journal(args: argparse.Namespace, client: Client | None) -> int:
    """The journal of a hedge account, from its statements in files or of the house."""
    answer = _read(args.plan)
    arose = (
        arose_of(answer.designation, read_bills(args.bills, "EffectiveCost"))
        if args.bills
        else all_arose
    )
    if args.statements:
        statements = [json.loads(path.read_bytes()) for path in args.statements]
        statements.sort(key=lambda one: int(one["day"]))
        forward: Forward = unknown_forward
    else:
        assert client is not None, "the command line brings one"
        statements = asked_statements(client, answer.account)
        forward = settled_forward(client)
    made = HedgeJournal(answer.designation, arose, forward, args.since or date.min)
    for one in statements:
        made.take(one)
    _write(args.out, journal_csv(made.entries))
    told = journal_value(made, statements)
    print(json.dumps(told, indent=2) if args.json else journal_words(told))
    return 0


def _read(path: Path) -> Answer:
    return read_answer(path.read_bytes(), str(path))


def _write(path: Path | None, content: bytes) -> None:
    if path:
        path.write_bytes(content)
        print(f"{path} written", file=sys.stderr)


def asked_statements(client: Client, account: int) -> list[dict[str, Any]]:
    """Whole statements of every settled day a house keeps, ascending. Raises ValueError where it
    keeps none.
    """
    path = f"/v1/accounts/{account}/statements"
    days = client.ask(
        Asking("GET", path + "?limit=500", list[dict[str, int]], within="statements",
               repeatable=True, every_page=True)
    )  # fmt: skip
    if not days:
        raise ValueError(f"account {account}: expected statements of settled days, found none")
    found = []
    for one in sorted(row["day"] for row in days):
        day = numbered_day(one).isoformat()
        whole = Asking("GET", f"{path}/{day}?format=json", dict[str, Any], repeatable=True)
        found.append(client.ask(whole))
    return found


def _settled(client: Client, symbol: str) -> dict[int, int]:
    """Settlement prices of a series by day, micro-dollars a unit; none of one the house does not
    know.
    """
    try:
        rows = client.settlement_prices(symbol)
    except Fault:
        return {}
    return {one.day: one.price_micro_dollars for one in rows}


def settled_forward(client: Client) -> Forward:
    """Settlement prices of the future on a call's month, as the house tells them."""

    prices = cache(partial(_settled, client))

    def forward(symbol: str, day: date) -> int | None:
        future = re.match(r"[A-Z0-9]+-\d{4}-\d{2}", symbol)
        return prices(future[0]).get(int(f"{day:%Y%m%d}")) if future else None

    return forward


def arose_of(designation: Designation, bill: Bill) -> Arose:
    """Share of the designated hours of a month that the bills show as used."""
    used: dict[Month, int] = {}
    for one in bill.of(designation.grade, designation.location):
        month = Month.of(one.day)
        used[month] = used.get(month, 0) + one.hours
    meant: dict[str, float] = {}
    for leg in designation.legs:
        for month_text, hours in zip(leg.months, leg.hours, strict=True):
            part = leg.lots * hours * leg.designated / 10_000 / designation.ratio
            meant[month_text] = meant.get(month_text, 0.0) + part

    def arose(month: Month) -> tuple[int, int]:
        wanted = round(meant.get(str(month), 0.0) * 1_000_000)
        return (min(used.get(month, 0), wanted), wanted) if wanted > 0 else (1, 1)

    return arose


def journal_csv(entries: Iterable[Entry]) -> bytes:
    """One row a line; a date's debits equal its credits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    for one in entries:
        code, name = one.book.value
        debit, credit = max(one.amount, 0), max(-one.amount, 0)
        row = (one.day.isoformat(), code, name, debit or "", credit or "", one.symbol, one.why)
        writer.writerow(row)
    return out.getvalue().encode("utf-8")


def journal_value(made: HedgeJournal, statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Balances of the journal, the roll of its reserves, and what it reconciles to."""
    balances: dict[Book, int] = dict.fromkeys(Book, 0)
    for one in made.entries:
        balances[one.book] += one.amount
    last = statements[-1]
    closing = sum(
        micro(one["amount"])
        for one in last["closing"]
        if one["class"] in ("cash", "due_from_member") and one["asset"] == 1
    )
    return {
        "account": last["account"],
        "first": statements[0]["day"],
        "last": last["day"],
        "days": len(statements),
        "entries": len(made.entries),
        "balances": [
            {"account": book.value[0], "name": book.value[1], "micro_dollars": amount}
            for book, amount in balances.items()
            if amount
        ],
        "reserves": made.roll(),
        "cash_by_journal": balances[Book.CLEARING],
        "cash_by_statement": closing,
    }


def journal_words(told: Mapping[str, Any]) -> str:
    """The journal in short, for a person."""
    lines = [
        f"account {told['account']}, {told['days']} settled days from {told['first']} to"
        f" {told['last']}: {told['entries']:,} lines, each date in balance",
        f"cash by the journal {told['cash_by_journal'] / 1e6:,.6f} USD, by the statement"
        f" {told['cash_by_statement'] / 1e6:,.6f} USD",
        "",
        "balances (debit positive)",
    ]
    for one in told["balances"]:
        lines.append(f"  {one['account']} {one['name']:50}{one['micro_dollars'] / 1e6:20,.6f}")
    lines += ["", f"  {'reserves':28}{'gains':>18}{'to compute':>18}{'not arisen':>18}{'left':>18}"]
    for one in told["reserves"]:
        amounts = (one[name] / 1e6 for name in ("gains", "compute", "not_arisen", "closing"))
        lines.append(f"  {one['symbol']:28}" + "".join(f"{x:18,.2f}" for x in amounts))
    return "\n".join(lines)

"""`lasalle line`: commands that open lines of credit for covered sellers, and what is owed."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.institution.books_desk import Books
from lasalle.institution.named_file import digest_of
from lasalle.plain.lines import secured
from lasalle.plain.records import read_records
from lasalle.plain.soundness import owed
from lasalle.views.model import dollars
from lasalle.wire import LedgerClass


def run(args: argparse.Namespace) -> int:
    """0 when it is said, 1 where a line owes more than secures it."""
    if args.what == "report":
        return _report(args.dir)
    desk: dict[str, Callable[[argparse.Namespace], Any]] = {
        "cover": _cover,
        "set": _set,
        "secure": _secure,
        "fund": _fund,
    }
    command = desk[args.what](args)
    fields: dict[str, Any] = {}
    for name in command.__struct_fields__:
        found = getattr(command, name)
        fields[name] = found.hex() if isinstance(found, bytes) else found
    print(f"lasalle propose {command.NAME} '{json.dumps(fields)}'")
    return 0


def _micro(name: str, text: str) -> int:
    try:
        amount = Decimal(text) * 10**6
    except InvalidOperation:
        raise ValueError(f"{name}: expected dollars, found {text}") from None
    if amount != amount.to_integral_value() or amount < 0:
        raise ValueError(f"{name}: expected dollars of whole micro-dollars, found {text}")
    return int(amount)


def _digest(path: Path) -> bytes:
    digest, size = digest_of(path)
    if not size:
        raise ValueError(f"evidence: expected what was verified, found nothing at {path}")
    return digest


def _cover(args: argparse.Namespace) -> wire.RecordCover:
    return wire.RecordCover(
        account=args.account,
        series=args.series,
        lots=args.lots,
        until=args.until,
        evidence=_digest(args.evidence),
    )


def _set(args: argparse.Namespace) -> wire.SetLine:
    return wire.SetLine(
        account=args.account, limit=_micro("limit", args.limit), rate=args.rate
    )


def _secure(args: argparse.Namespace) -> wire.SecureLines:
    cap = _micro("cap", args.cap)
    return wire.SecureLines(asset=args.asset, advance=args.advance, account_cap=cap)


def _fund(args: argparse.Namespace) -> wire.FundLines:
    return wire.FundLines(amount=_micro("amount", args.amount))


def _report(folder: Path) -> int:
    """Lines of a house with what each owes, what secures it, and its covers."""
    state = read_records(Books.read(folder).records)
    covers: dict[int, list[str]] = defaultdict(list)
    for (account, number), cover in sorted(state.credit.covers.items()):
        stands = "in force" if cover.until > state.last_time else "over"
        symbol = state.series[number].symbol
        covers[account].append(f"  {cover.lots} lots of {symbol} covered, {stands}")
    short = 0
    for account, line in sorted(state.credit.lines.items()):
        due, value = owed(state, account), secured(state, state.accounts[account])
        short += due > value
        print(
            f"account {account}: limit {dollars(line.limit)}, {line.rate} millionths a day, "
            f"owes {dollars(due)}, secured by {dollars(value)}"
            + (", more than secures it" if due > value else "")
        )
        print(*covers[account], sep="\n")
    fund = state.balance(LedgerClass.LINE_FUND)
    lent, earned = (
        state.balance(LedgerClass.LINES_RECEIVABLE),
        state.balance(LedgerClass.LINE_INCOME),
    )
    print(f"to lend {dollars(fund)}, owed {dollars(lent)}, interest earned {dollars(earned)}")
    return 1 if short else 0

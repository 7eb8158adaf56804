"""`lasalle collateral`: the classes of collateral, commands that admit and price assets, and what
accounts lean on."""

from __future__ import annotations

import argparse
import json
from decimal import Decimal, InvalidOperation
from typing import Any

from lasalle import wire
from lasalle.clearing.collateral import (
    admission,
    concentrated,
    held,
    load_classes,
    valuation,
)
from lasalle.institution.books_desk import Books
from lasalle.views.model import dollars
from lasalle.wire import LedgerClass

USD = 1


def run(args: argparse.Namespace) -> int:
    """0 when all is said; a report of concentration is no fault."""
    if args.what == "classes":
        _classes()
    else:
        {"admit": _admit, "value": _value, "report": _report}[args.what](args)
    return 0


def _classes() -> None:
    for one in load_classes().values():
        cap = dollars(one.account_cap)
        kind = ", a letter of credit" if one.letter else ""
        print(f"{one.name}: haircut {one.haircut / 100:g} %, an account counts at most {cap}{kind}")
        print(f"  {one.needs}")


def _admit(args: argparse.Namespace) -> None:
    classes = load_classes()
    if args.name not in classes:
        raise ValueError(f"class: expected one of {', '.join(classes)}, found {args.name}")
    try:
        years = Decimal(args.years)
    except InvalidOperation:
        raise ValueError(f"--years: expected a number, found {args.years}") from None
    _print("propose", admission(args.asset, classes[args.name], years))


def _value(args: argparse.Namespace) -> None:
    _print("ask", valuation(args.day, args.file.read_text(encoding="utf-8")))


def _print(verb: str, command: Any) -> None:
    fields: dict[str, Any] = {}
    for name in command.__struct_fields__:
        found = getattr(command, name)
        if isinstance(found, bytes):
            fields[name] = found.hex()
        elif isinstance(found, tuple):
            fields[name] = [{"asset": x.asset, "price": x.price} for x in found]
        else:
            fields[name] = found
    print(f"lasalle {verb} {command.NAME} '{json.dumps(fields)}'")


def _report(args: argparse.Namespace) -> None:
    terms: dict[int, wire.CollateralRecord] = {}
    units: dict[tuple[int, int], int] = {}
    for _, record in wire.read_frames(Books.read(args.dir).records):
        if isinstance(record, wire.CollateralRecord):
            terms[record.asset] = record
        elif isinstance(record, wire.BalanceRecord):
            if record.ledger_class == LedgerClass.CASH and record.asset != USD:
                units[record.account, record.asset] = record.balance
        elif isinstance(record, wire.PendingRecord) and record.asset != USD:
            units[record.account, record.asset] -= record.amount
    lines = held(terms, units)
    for line in lines:
        told = f"{dollars(line.units)} units count {dollars(line.value)} dollars"
        print(f"account {line.account}, asset {line.asset}: {told}, {line.share:.0%} of its own")
    for line in concentrated(lines, args.most):
        print(f"concentrated: account {line.account} has more than {args.most:.0%} of {line.asset}")
    print(f"{len(lines)} holdings of {len(terms)} assets admitted")

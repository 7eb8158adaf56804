"""`lasalle collateral`: the classes of collateral, commands that admit and price assets, and what
accounts lean on."""

from __future__ import annotations

import argparse
import csv
import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.clearing.collateral import (
    admission,
    concentrated,
    held,
    load_classes,
    valuation,
)
from lasalle.clearing.concentration import Intake, concentrations, load_concentration_terms
from lasalle.institution.books_desk import Books
from lasalle.plain.records import read_records
from lasalle.views.model import dollars
from lasalle.wire import LedgerClass

USD, ISSUERS = 1, "issuers.csv"


def run(args: argparse.Namespace) -> int:
    """0 when all is said; a report of concentration is no fault."""
    if args.what == "classes":
        _classes()
    else:
        {"admit": _admit, "value": _value, "report": _report, "deposit": _deposit}[args.what](args)
    return 0


def read_issuers(folder: Path) -> dict[int, str]:
    """Who issued each asset, from `issuers.csv` in the folder of a house: `asset,issuer`. None
    where there is no file. Raises ValueError."""
    path = folder / ISSUERS
    if not path.exists():
        return {}
    found: dict[int, str] = {}
    with path.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        if list(rows.fieldnames or []) != ["asset", "issuer"]:
            raise ValueError(f"{path}: expected heads asset,issuer, found {rows.fieldnames}")
        for row in rows:
            if not (row["asset"] or "").isdecimal() or not row["issuer"]:
                raise ValueError(f"{path}: expected a number and a name, found {row}")
            if int(row["asset"]) in found:
                raise ValueError(f"{path}: expected each asset once, found {row['asset']} twice")
            found[int(row["asset"])] = row["issuer"]
    return found


def intake_of(folder: Path) -> Intake:
    """What deposits in a house may come to, from its journal as it stands."""
    state = read_records(Books.read(folder).records)
    return Intake(state, read_issuers(folder), load_concentration_terms())


def _deposit(args: argparse.Namespace) -> None:
    """What the custodian holds is booked by a command that is printed only within the limit."""
    full = intake_of(args.dir).beyond(args.account, args.asset, args.units, args.reference)
    if full is not None:
        raise ValueError(f"not taken in: {full.said()}")
    fields = {name: getattr(args, name) for name in ("account", "asset")}
    _print("ask", wire.Deposit(**fields, amount=args.units, reference=args.reference))


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
    records = Books.read(args.dir).records
    for _, record in wire.read_frames(records):
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
    state = read_records(records)
    for row in concentrations(state, read_issuers(args.dir), load_concentration_terms()):
        print(f"limit of {row.said()}{': BEYOND IT, ask two operators for' if row.over else ''}")
        for asset, cap in row.caps:
            law = terms[asset]
            _print("propose", wire.AdmitCollateral(
                asset=asset, haircut=law.haircut, account_cap=cap, letter=law.letter
            ))  # fmt: skip
    print(f"{len(lines)} holdings of {len(terms)} assets admitted")

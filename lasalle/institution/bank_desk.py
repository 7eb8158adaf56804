"""`lasalle bank`: statements of the bank in, each entry once; deposits and paid withdrawals booked;
payment files out; what is not matched, and whether bank and ledger come to the same.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.clearing.bank_files import (
    BankFileError,
    Payment,
    check_payment,
    read_statements,
    write_payments,
)
from lasalle.clearing.concentration import Intake
from lasalle.institution.bank_book import (
    HELD,
    MATCHED,
    BankBook,
    Item,
    Withdrawal,
    differences,
)
from lasalle.institution.books_desk import Books
from lasalle.institution.collateral_desk import intake_of
from lasalle.views.model import dollars
from lasalle.wire import LedgerClass

Send = Callable[[str, dict[str, Any]], Any]
"""Asks a command of a served house by its name and fields; raises a Fault where it is refused."""


class Ledger:
    """What the journal of a house says of money: currencies, accounts, withdrawals that wait."""

    def __init__(self, folder: Path) -> None:
        self.assets: dict[str, int] = {}
        self.accounts: set[int] = set()
        self.banked: dict[str, int] = {}
        """What the ledger says the banks hold, micro-units by currency."""
        self.time = 0
        self.number = 0
        names: dict[int, str] = {}
        waiting: list[wire.PendingRecord] = []
        for _, record in wire.read_frames(Books.read(folder).records):
            if isinstance(record, wire.HouseRecord):
                self.time, self.number = record.last_time, record.last_number
            elif isinstance(record, wire.AssetRecord):
                names[record.asset], self.assets[record.name] = record.name, record.asset
            elif isinstance(record, wire.AccountRecord):
                self.accounts.add(record.account)
            elif isinstance(record, wire.PendingRecord):
                waiting.append(record)
            elif (
                isinstance(record, wire.BalanceRecord) and record.ledger_class == LedgerClass.BANK
            ):
                self.banked[names[record.asset]] = -record.balance
        self.waiting = {
            p.transfer: Withdrawal(p.transfer, p.account, names[p.asset], p.amount) for p in waiting
        }


def run(args: argparse.Namespace, send: Send | None = None) -> int:
    """0 when all is done; 1 where bank and ledger differ."""
    book = BankBook(args.dir)
    try:
        if args.what == "take":
            return _take(args, book)
        if args.what == "held":
            for item in book.items(HELD):
                print(_told(item))
            return 0
        if args.what == "match":
            book.match(args.item, args.account)
            return 0
        if args.what == "pay":
            return _pay(args, book)
        if args.what == "reconcile":
            return _reconcile(args, book)
        assert send is not None, "only a served house books"
        return post(book, Ledger(args.dir).assets, send, intake_of(args.dir))
    finally:
        book.close()


def _told(item: Item) -> str:
    sign = "" if item.credit else "-"
    what = f"account {item.account}" if item.account else f"withdrawal {item.transfer}"
    named = what if item.account or item.transfer else "nobody"
    return (
        f"item {item.item}: {sign}{dollars(item.amount)} {item.currency}, {item.reference}, "
        f"{item.state}, for {named}: {item.text!r}"
    )


def _take(args: argparse.Namespace, book: BankBook) -> int:
    ledger, new = Ledger(args.dir), []
    for statement in read_statements(args.file.read_bytes()):
        new += book.take(statement, ledger.accounts, ledger.waiting, ledger.time)
    for item in new:
        print(_told(item))
    print(f"{len(new)} new entries, {sum(i.state == HELD for i in new)} of them held")
    return 0


def post(
    book: BankBook, assets: dict[str, int], send: Send, intake: Intake | None = None
) -> int:
    """Books every matched entry: asked again after an interruption, the ledger says that it has it
    already, and has it once. What would count beyond a limit of the intake stays matched."""
    count = 0
    for item in book.items(MATCHED):
        if item.account:
            if item.currency not in assets:
                raise ValueError(f"item {item.item}: {item.currency} is no asset of the house")
            place = item.account, assets[item.currency], item.amount, item.ledger_reference
            if intake and (full := intake.beyond(*place)):
                print(f"item {item.item}: not booked: {full.said()}")
                continue
            fields: dict[str, Any] = {
                "account": item.account,
                "asset": assets[item.currency],
                "amount": item.amount,
                "reference": item.ledger_reference,
                "reference_time": item.taken,
            }
            send("deposit", fields)
        else:
            send("post_withdrawal", {"transfer": item.transfer})
        book.posted(item.item)
        count += 1
    print(f"{count} entries booked, {len(book.items(HELD))} held")
    return 0


def _payees(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"--payees: expected a TOML file, found {error}") from error


def _party(payees: dict[str, Any], name: str, blank: Payment) -> Payment:
    found = payees.get(name)
    if not isinstance(found, dict) or set(found) != {"name", "iban", "bic"}:
        raise ValueError(f"--payees: [{name}]: expected name, iban and bic, found {found}")
    return replace(blank, **found)


def _pay(args: argparse.Namespace, book: BankBook) -> int:
    ledger, payees = Ledger(args.dir), _payees(args.payees)
    moment = datetime.fromtimestamp(ledger.time // 10**9, UTC)
    made: list[Payment] = []
    for one in ledger.waiting.values():
        if one.currency != args.currency:
            continue
        blank = Payment(f"LASALLE-W{one.transfer}", one.currency, one.amount, "", "", "", "")
        payment = _party(payees, str(one.account), replace(blank, text=f"Account {one.account}"))
        try:
            check_payment(payment)
        except BankFileError as error:
            print(f"not paid: {error}")
            continue
        made.append(payment)
    name = args.name or f"LASALLE-{ledger.number}"
    numbers = {int(p.end_to_end.removeprefix("LASALLE-W")): p for p in made}
    chosen = [numbers[transfer] for transfer in book.pay(sorted(numbers), name)]
    if not chosen:
        print("no withdrawal waits that no file pays")
        return 0
    payer = _party(payees, "house", Payment("house", args.currency, 0, "", "", "", ""))
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    args.out.write_bytes(write_payments(name, stamp, moment.date(), payer, chosen))
    total = dollars(sum(p.amount for p in chosen))
    print(f"{args.out}: {len(chosen)} payments of {total} {args.currency}, file {name}")
    return 0


def _reconcile(args: argparse.Namespace, book: BankBook) -> int:
    ledger, items = Ledger(args.dir), book.items()
    found = differences(book.closings(), items, ledger.banked)
    for (iban, currency), amount in sorted(book.closings().items()):
        print(f"{iban}: {dollars(amount)} {currency}")
    for currency, amount in sorted(ledger.banked.items()):
        print(f"ledger: {dollars(amount)} {currency}")
    for item in items:
        if item.state in (HELD, MATCHED):
            print(_told(item))
    for currency, amount in found.items():
        print(f"DIFFERENCE: {dollars(amount)} {currency}")
    print(json.dumps({"differences": len(found), "held": len(book.items(HELD))}))
    return 1 if found else 0

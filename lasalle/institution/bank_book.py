"""What the bank told of the house's accounts, entry by entry, each once: a file in SQLite beside
the journal. It keeps no money; what binds is the ledger.

An entry is held until it is matched: a credit with the trading account its text names, a debit with
the withdrawal it pays, either by hand with another, or with the house itself.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lasalle.clearing.bank_files import BankFileError, BankStatement, Entry

FILE = "bank.sqlite"
HELD, MATCHED, POSTED, HOUSE = "held", "matched", "posted", "house"
NAMED = re.compile(r"(?i)\bLASALLE[- ]?(\d{1,10})\b")
"""How a payer names a trading account in the text of a transfer."""
PAID = re.compile(r"LASALLE-W(\d{1,20})")
"""How the house names a withdrawal in the payment it makes."""
TABLES = """
CREATE TABLE IF NOT EXISTS entries (
    item INTEGER PRIMARY KEY, iban TEXT NOT NULL, reference TEXT NOT NULL, currency TEXT NOT NULL,
    amount INTEGER NOT NULL, credit INTEGER NOT NULL, day TEXT NOT NULL, end_to_end TEXT NOT NULL,
    text TEXT NOT NULL, taken INTEGER NOT NULL, state TEXT NOT NULL, account INTEGER NOT NULL,
    transfer INTEGER NOT NULL, UNIQUE (iban, reference));
CREATE TABLE IF NOT EXISTS closings (
    iban TEXT NOT NULL, name TEXT NOT NULL, currency TEXT NOT NULL, opening INTEGER NOT NULL,
    closing INTEGER NOT NULL, place INTEGER PRIMARY KEY, UNIQUE (iban, name));
CREATE TABLE IF NOT EXISTS payments (transfer INTEGER PRIMARY KEY, name TEXT NOT NULL);
"""
COLUMNS = "item, iban, reference, currency, amount, credit, taken, state, account, transfer, text"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it stands: micro-units, 1 where it came in and 0 where it left, nanoseconds UTC
    it was taken at, and the account or withdrawal it is matched with (0: none)."""

    item: int
    iban: str
    reference: str
    currency: str
    amount: int
    credit: int
    taken: int
    state: str
    account: int
    transfer: int
    text: str

    @property
    def ledger_reference(self) -> str:
        """Under which it is booked: the same entry is booked once (LED-003)."""
        return "b" + sha256(f"{self.iban} {self.reference}".encode()).hexdigest()[:31]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal that waits in the ledger: its request, account, currency, micro-units."""

    transfer: int
    account: int
    currency: str
    amount: int


class BankBook:
    """The entries of a house's accounts at its banks."""

    def __init__(self, folder: Path) -> None:
        self._file = sqlite3.connect(folder / FILE, isolation_level=None)
        self._file.executescript(TABLES)

    def close(self) -> None:
        """Lets the file go."""
        self._file.close()

    def take(
        self,
        statement: BankStatement,
        accounts: Iterable[int],
        waiting: Mapping[int, Withdrawal],
        now: int,
    ) -> list[Item]:
        """Keeps a statement's entries that are not kept yet, all or none, and matches them; gives
        those that are new. A statement that is known gives none; one that opens otherwise than
        the last closed, or tells a known entry otherwise, is refused."""
        known, new = set(accounts), []
        with closing(self._file.cursor()) as run:
            run.execute("BEGIN IMMEDIATE")
            try:
                if self._known(run, statement):
                    run.execute("ROLLBACK")
                    return []
                for entry in statement.entries:
                    made = self._keep(run, statement.iban, entry, known, waiting, now)
                    if made:
                        new.append(made)
                run.execute("COMMIT")
            except BaseException:
                run.execute("ROLLBACK")
                raise
        return [item for item in self.items() if item.item in new]

    def _known(self, run: sqlite3.Cursor, statement: BankStatement) -> bool:
        told = (statement.currency, statement.opening, statement.closing)
        run.execute(
            "SELECT currency, opening, closing FROM closings WHERE iban = ? AND name = ?",
            (statement.iban, statement.name),
        )
        found = run.fetchone()
        if found is not None:
            if found != told:
                raise BankFileError(f"Stmt {statement.name}: it was told otherwise before")
            return True
        run.execute(
            "SELECT closing FROM closings WHERE iban = ? ORDER BY place DESC", (statement.iban,)
        )
        last = run.fetchone()
        if last is not None and last[0] != statement.opening:
            raise BankFileError(
                f"Stmt {statement.name}: opens at {statement.opening}, the last closed at {last[0]}"
            )
        run.execute(
            "INSERT INTO closings (iban, name, currency, opening, closing) VALUES (?, ?, ?, ?, ?)",
            (statement.iban, statement.name, *told),
        )
        return False

    def _keep(
        self,
        run: sqlite3.Cursor,
        iban: str,
        entry: Entry,
        accounts: set[int],
        waiting: Mapping[int, Withdrawal],
        now: int,
    ) -> int:
        body = (entry.currency, entry.amount, int(entry.credit), entry.end_to_end, entry.text)
        run.execute(
            "SELECT currency, amount, credit, end_to_end, text FROM entries "
            "WHERE iban = ? AND reference = ?",
            (iban, entry.reference),
        )
        found = run.fetchone()
        if found is not None:
            if found != body:
                raise BankFileError(f"entry {entry.reference}: it was told otherwise before")
            return 0
        account, transfer = matched(entry, accounts, waiting)
        state = MATCHED if account or transfer else HELD
        run.execute(
            "INSERT INTO entries (iban, reference, currency, amount, credit, end_to_end, text, "
            "day, taken, state, account, transfer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (iban, entry.reference, *body, entry.day.isoformat(), now, state, account, transfer),
        )
        return int(run.lastrowid or 0)

    def items(self, *states: str) -> list[Item]:
        """Entries in these states, or all, in the order they were taken."""
        rows = self._file.execute(f"SELECT {COLUMNS} FROM entries ORDER BY item")
        made = [Item(*row) for row in rows]
        return [item for item in made if not states or item.state in states]

    def match(self, item: int, account: int) -> None:
        """Matches a held credit with an account by hand; 0 says that it is the house's own."""
        found = [i for i in self.items(HELD) if i.item == item]
        if not found or (account and not found[0].credit):
            raise BankFileError(f"item {item}: expected a held one, a credit for an account")
        state = MATCHED if account else HOUSE
        self._file.execute(
            "UPDATE entries SET state = ?, account = ? WHERE item = ? AND state = ?",
            (state, account, item, HELD),
        )

    def posted(self, item: int) -> None:
        """The ledger has it."""
        self._file.execute(
            "UPDATE entries SET state = ? WHERE item = ? AND state = ?", (POSTED, item, MATCHED)
        )

    def pay(self, transfers: Iterable[int], name: str) -> list[int]:
        """Gives the withdrawals of the payment file of a name: those that it had, and those that
        no file has yet. The same name again gives the same file, and none is paid in two."""
        wanted = list(transfers)
        rows = [(transfer, name) for transfer in wanted]
        self._file.executemany("INSERT OR IGNORE INTO payments VALUES (?, ?)", rows)
        found = self._file.execute("SELECT transfer FROM payments WHERE name = ?", (name,))
        mine = {row[0] for row in found}
        return [transfer for transfer in wanted if transfer in mine]

    def closings(self) -> dict[tuple[str, str], int]:
        """The last closing balance of each account at a bank, by IBAN and currency."""
        rows = self._file.execute("SELECT iban, currency, closing FROM closings ORDER BY place")
        return {(iban, currency): closed for iban, currency, closed in rows}


def matched(entry: Entry, accounts: set[int], waiting: Mapping[int, Withdrawal]) -> tuple[int, int]:
    """The account a credit names, or the withdrawal a debit pays; (0, 0) where it is not plain."""
    if entry.several:
        return 0, 0
    if entry.credit:
        named = {int(number) for number in NAMED.findall(entry.text)}
        return (named.pop(), 0) if len(named) == 1 and named <= accounts else (0, 0)
    paid = PAID.fullmatch(entry.end_to_end)
    found = waiting.get(int(paid[1])) if paid else None
    same = found is not None and (found.currency, found.amount) == (entry.currency, entry.amount)
    return 0, found.transfer if found is not None and same else 0


def differences(
    closings: Mapping[tuple[str, str], int], items: Iterable[Item], ledger: Mapping[str, int]
) -> dict[str, int]:
    """By currency, what the banks hold less what the ledger says they do and the entries it has
    not booked explain; nothing where both are reconciled."""
    found: dict[str, int] = {}
    for (_, currency), amount in closings.items():
        found[currency] = found.get(currency, 0) + amount
    for currency, amount in ledger.items():
        found[currency] = found.get(currency, 0) - amount
    for item in items:
        if item.state in (HELD, MATCHED):
            found[item.currency] -= item.amount if item.credit else -item.amount
    return {currency: amount for currency, amount in sorted(found.items()) if amount}

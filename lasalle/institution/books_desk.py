"""`lasalle statement`, `lasalle proof` and the books' part of `lasalle verify`: what the journal of
a house in a folder comes to, account by account.

The folder is only read, the key of the proofs apart; a served house may be asked.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.venue.disk import FolderDisk
from lasalle.venue.journal import Journal
from lasalle.venue.replay import replay
from lasalle.views import proof as proofs
from lasalle.views import statement_proof as statement_proofs
from lasalle.views.model import dollars
from lasalle.views.statement import Statement, unreconciled
from lasalle.views.statement_pages import as_csv, as_json, as_pdf
from lasalle.views.statements import HEAD, Statements, differing
from lasalle.wire import LedgerClass, Publication

PROOF_KEY = "proof.key"
"""Random bytes from which salts are made: who has them can open every proof."""


class Books:
    """The statements of a house, the digests on its log, and what does not reconcile."""

    def __init__(self, account: int = 0) -> None:
        self.fold, self.name = Statements(account=account), "LaSalle"
        self.digests: dict[tuple[Publication, int], bytes] = {}
        self.records = b""

    @classmethod
    def read(cls, folder: Path, account: int = 0) -> Books:
        """The books of a house in a folder, from its whole journal."""
        if not (folder / "journal").is_dir():
            raise ValueError(f"{folder}: expected a folder with a journal")
        books = cls(account)
        disk = FolderDisk(folder / "journal", read_only=True)
        core, _, _ = replay(Journal(disk, read_only=True), on_events=books.take)
        disk.close()
        books.close(core.snapshot())
        return books

    def take(self, frames: bytes) -> None:
        """Folds the events of a batch."""
        self.fold.take(frames)
        at, end = 0, len(frames)
        while at < end:
            length, kind = HEAD.unpack_from(frames, at)
            if kind in (wire.DigestPublished.KIND, wire.HouseOpened.KIND):
                frame = frames[at : at + length]
                event = wire.read_body(wire.read_header(frame), frame)
                if isinstance(event, wire.HouseOpened):
                    self.name = event.name
                else:
                    self.digests[event.publication, event.day] = event.digest
            at += length

    def close(self, records: bytes) -> None:
        """Nothing more is told: the state is what the records tell."""
        self.fold.finish()
        self.records = records

    def statements(self) -> list[Statement]:
        """By day and account."""
        return [self.fold.found[key] for key in sorted(self.fold.found)]

    def faults(self) -> list[str]:
        """Where statements, ledger and positions do not come to the same."""
        return unreconciled(self.statements()) + differing(self.fold, self.records)


def run(args: argparse.Namespace) -> int:
    """0 when all is written or sound."""
    if args.verb == "statement":
        return _statement(args)
    return _make(args) if args.what == "make" else _check(args)


def _day(books: Books, asked: int) -> int:
    settled = sorted(books.fold.settled)
    if not settled or (asked and asked not in settled):
        last = f"; the last is {settled[-1]}" if settled else "; none is"
        raise ValueError(f"--day: expected a day that was settled{last}, found {asked}")
    return asked or settled[-1]


def _statement(args: argparse.Namespace) -> int:
    books = Books.read(args.dir, args.account)
    day = _day(books, args.day)
    found = [one for one in books.statements() if one.day == day]
    if not found:
        raise ValueError(f"account: expected one of the house, found {args.account}")
    faults = books.faults()
    for fault in faults:
        print(fault, file=sys.stderr)
    for one in found:
        content = _written(one, args.format, books.name)
        if args.out is None and len(found) == 1 and args.format != "pdf":
            print(content.decode("ascii"), end="")
            continue
        folder = args.out or Path("statements")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{day}-{one.account}.{args.format}"
        path.write_bytes(content)
        print(path)
    return 1 if faults else 0


def _written(one: Statement, form: str, house: str) -> bytes:
    if form == "pdf":
        return as_pdf(one, house)
    return as_csv(one) if form == "csv" else as_json(one)


# -- proof of balances ---------------------------------------------------------------------------


def proof_key(folder: Path) -> bytes:
    """The key of a house's proofs; made, for its owner alone, where there is none."""
    path = folder / PROOF_KEY
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
    found = path.read_bytes()
    if len(found) != 32:
        raise ValueError(f"{path}: expected 32 bytes, found {len(found)}")
    return found


def trees_of(books: Books, day: int, key: bytes) -> dict[int, proofs.Tree]:
    """A tree of each asset: what the house owes each account at the settlement of a day."""
    return owed_trees([one for one in books.statements() if one.day == day], day, key)


def owed_trees(statements: Iterable[Statement], day: int, key: bytes) -> dict[int, proofs.Tree]:
    """The same, from the statements of the day."""
    owed: dict[int, dict[int, int]] = {}
    for one in statements:
        for (kind, asset), amount in one.closing.items():
            if kind == LedgerClass.CASH:
                owed.setdefault(asset, {})[one.account] = amount
    return {a: proofs.make_tree(key, day, a, found) for a, found in sorted(owed.items())}


def _make(args: argparse.Namespace) -> int:
    books = Books.read(args.dir)
    day = _day(books, args.day)
    trees = trees_of(books, day, proof_key(args.dir))
    digest = proofs.digest_of(day, {asset: tree.root for asset, tree in trees.items()})
    args.out.mkdir(parents=True, exist_ok=True)
    accounts = [one.account for one in books.statements() if one.day == day]
    for account in accounts:
        content = json.dumps(proofs.proof(account, day, trees), indent=1) + "\n"
        (args.out / f"{day}-{account}.json").write_text(content, encoding="ascii")
    for asset, tree in trees.items():
        print(f"asset {asset}: {dollars(tree.root.sum)} owed, root {tree.root.hash.hex()}")
    print(f"{len(accounts)} proofs in {args.out}")
    known = books.digests.get((Publication.BALANCES, day))
    if known is None:
        fields = {"publication": "balances", "day": day, "digest": digest.hex()}
        print(f"to put it on the log: lasalle ask publish_digest '{json.dumps(fields)}'")
    elif known != digest:
        print(f"FAULTY: the log has the digest {known.hex()}, the ledger gives {digest.hex()}")
        return 1
    else:
        print(f"the log has this digest: {digest.hex()}")
    return 0


def _check(args: argparse.Namespace) -> int:
    try:
        said = json.loads(args.file.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{args.file}: expected a proof, found {error}") from error
    if isinstance(said, dict) and said.get("format") == statement_proofs.FORMAT:
        return _check_statement(args, said)
    try:
        found = proofs.check(said)
    except proofs.ProofError as error:
        raise ValueError(f"{args.file}: {error}") from error
    for asset, total in sorted(found.totals.items()):
        mine = dollars(found.balances.get(asset, 0))
        print(f"asset {asset}: {mine} of account {found.account} within {dollars(total)}")
    wanted = args.digest
    if args.dir is not None:
        on_log = Books.read(args.dir).digests.get((Publication.BALANCES, found.day))
        wanted = on_log.hex() if on_log else "none"
    if not wanted:
        print(f"sound; the log of {found.day} has to say {found.digest.hex()}")
        return 0
    if wanted != found.digest.hex():
        raise ValueError(f"digest: the log says {wanted}, the proof gives {found.digest.hex()}")
    print(f"sound, and on the log of {found.day}")
    return 0


def _check_statement(args: argparse.Namespace, said: dict[str, Any]) -> int:
    """What a served house gives beside a statement: its balances, and the statement itself."""
    content = args.statement.read_bytes() if args.statement else b""
    try:
        found = statement_proofs.check(said, content)
    except proofs.ProofError as error:
        raise ValueError(f"{args.file}: {error}") from error
    on_log = Books.read(args.dir).digests if args.dir is not None else {}
    for publication, digest in found.items():
        name = publication.name.lower()
        if args.dir is None:
            print(f"{name}: sound; the log of {said['day']} has to say {digest.hex()}")
            continue
        told = on_log.get((publication, int(said["day"])))
        if told != digest:
            have = told.hex() if told else "none"
            raise ValueError(f"{name}: the log says {have}, the proof gives {digest.hex()}")
        print(f"{name}: sound, and on the log of {said['day']}")
    return 0

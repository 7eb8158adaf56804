"""`lasalle member`: applications of firms that want to clear, in a register beside the journal.

The register has the identities; the log has a member's number and short name, the digest of its
application, and the products it is eligible for. Nobody admits alone: the commands printed here
are proposed by one operator and approved by another (INS-004).
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from lasalle import wire
from lasalle.clearing.membership import (
    ApplicationError,
    check_eligible,
    load_rules,
    product_names,
    product_set,
    read_application,
    read_screening,
)
from lasalle.institution.books_desk import Books

FILE = "members.sqlite"
HOOK_SECONDS = 60
TABLES = """
CREATE TABLE IF NOT EXISTS applications (
    number INTEGER PRIMARY KEY, lei TEXT NOT NULL UNIQUE, short TEXT NOT NULL,
    content BLOB NOT NULL, digest TEXT NOT NULL, screening TEXT NOT NULL DEFAULT '');
"""


@contextmanager
def register(folder: Path) -> Iterator[sqlite3.Connection]:
    """The register of a house, readable by its owner alone."""
    path = folder / FILE
    if not path.exists():
        path.touch(mode=0o600)
    file = sqlite3.connect(path, isolation_level=None)
    try:
        file.executescript(TABLES)
        yield file
    finally:
        file.close()


def run(args: argparse.Namespace) -> int:
    """0 when it is done, 1 where a screening speaks against the firm."""
    if not (args.dir / "journal").is_dir():
        raise ValueError(f"{args.dir}: expected a folder with a journal")
    with register(args.dir) as file:
        if args.what == "apply":
            return _apply(args, file)
        if args.what == "screen":
            return _screen(args, file)
        if args.what == "admit":
            return _admit(args, file)
        if args.what == "restrict":
            return _restrict(args)
        if args.what == "products":
            return _products(args)
        for number, lei, short, digest, screening in file.execute(
            "SELECT number, lei, short, digest, screening FROM applications ORDER BY number"
        ):
            print(f"{number}: {short}, LEI {lei}, digest {digest}, {screening or 'not screened'}")
        return 0


def _apply(args: argparse.Namespace, file: sqlite3.Connection) -> int:
    text = args.file.read_text(encoding="utf-8")
    files = {}
    try:
        named = tomllib.loads(text).get("documents", {})
    except tomllib.TOMLDecodeError:
        named = {}
    for path in named.values() if isinstance(named, dict) else ():
        found = args.file.parent / str(path)
        files[path] = found.read_bytes() if found.is_file() else b""
    one = read_application(text, files)
    check_eligible(one, load_rules())
    try:
        done = file.execute(
            "INSERT INTO applications (lei, short, content, digest) VALUES (?, ?, ?, ?)",
            (one.lei, one.short, one.canonical(), one.digest.hex()),
        )
    except sqlite3.IntegrityError:
        raise ApplicationError(f"lei: {one.lei} has applied already") from None
    print(f"application {done.lastrowid}: digest {one.digest.hex()}")
    return 0


def _found(file: sqlite3.Connection, number: int) -> tuple[str, bytes, str, str]:
    rows = file.execute(
        "SELECT short, content, digest, screening FROM applications WHERE number = ?", (number,)
    )
    found: tuple[str, bytes, str, str] | None = rows.fetchone()
    if found is None:
        raise ApplicationError(f"application: expected one of the register, found {number}")
    return found


def _screen(args: argparse.Namespace, file: sqlite3.Connection) -> int:
    """The hook is a program of the house's: the application on its input, its answer on its
    output."""
    _, content, _, _ = _found(file, args.number)
    try:
        told = subprocess.run(
            [args.hook], input=content, capture_output=True, timeout=HOOK_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ApplicationError(f"hook: expected an answer, found {error}") from error
    found = read_screening(told.stdout.decode("utf-8", "replace"))
    said = f"kyc {found.kyc}, sanctions {found.sanctions}, by {found.by}, {found.reference}"
    file.execute(
        "UPDATE applications SET screening = ? WHERE number = ?",
        (("passed: " if found.passed else "against: ") + said, args.number),
    )
    print(said)
    return 0 if found.passed else 1


def _admit(args: argparse.Namespace, file: sqlite3.Connection) -> int:
    short, content, digest, screening = _found(file, args.number)
    if not screening.startswith("passed: "):
        raise ApplicationError(f"screening: expected passed, found {screening or 'none'}")
    fields = json.dumps({"member": args.member, "name": short})
    published = json.dumps({"publication": "membership", "day": args.day, "digest": digest})
    eligible = json.dumps(
        {
            "member": args.member,
            "account": 0,
            "products": product_set(json.loads(content)["products"]),
            "basis": digest,
        }
    )
    print(f"lasalle propose register_member '{fields}'")
    print(f"lasalle propose set_eligibility '{eligible}'")
    print(f"lasalle ask publish_digest '{published}'")
    return 0


def _restrict(args: argparse.Namespace) -> int:
    """What is withheld rests on a decision in writing, whose digest goes on the log."""
    decision = args.decision.read_bytes()
    if not decision:
        raise ApplicationError(f"decision: expected a text, found nothing at {args.decision}")
    fields = {
        "member": args.member,
        "account": args.account,
        "products": product_set(args.products),
        "basis": sha256(decision).hexdigest(),
    }
    print(f"lasalle propose set_eligibility '{json.dumps(fields)}'")
    return 0


def _products(args: argparse.Namespace) -> int:
    members: dict[int, int] = {}
    for _, record in wire.read_frames(Books.read(args.dir).records):
        if isinstance(record, wire.MemberRecord):
            members[record.member] = record.withheld
            print(f"member {record.member}, {record.name}: {product_names(record.withheld)}")
        elif isinstance(record, wire.AccountRecord):
            withheld = record.withheld | members[record.member]
            print(f"account {record.account} of {record.member}: {product_names(withheld)}")
    return 0

"""Statements and the digests of a settled day: made each evening from the day's own commands, kept
for their owners in one file of the house, their digests put on the log.

A leaf of the tree of statements, or of collateral, is a salt and the bytes that its owner is given:
the root stands on the log, and each owner can check its own without seeing another's.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import sqlite3
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.indices.merkle import leaves_of, proof_of, root_of
from lasalle.institution.books_desk import owed_trees, proof_key
from lasalle.institution.day_close import read_statements
from lasalle.institution.views import LivingViews
from lasalle.venue.waiting import Waiting
from lasalle.views import proof as proofs
from lasalle.views.statement import unreconciled
from lasalle.views.statement_pages import as_data, as_json, csv_of, pdf_of
from lasalle.views.statement_proof import FORMAT, collateral_bytes
from lasalle.wire import Publication

FILE = "statements.sqlite"
DIGESTS = 3
"""Behaviour from which digests of publications stand on the log (CLR-048)."""
PUBLISHED = (Publication.STATEMENTS, Publication.COLLATERAL, Publication.BALANCES)
SCHEMA = (
    """CREATE TABLE IF NOT EXISTS statements (day INTEGER NOT NULL, account INTEGER NOT NULL,
        statement BLOB NOT NULL, proof BLOB NOT NULL, PRIMARY KEY (day, account))""",
    """CREATE TABLE IF NOT EXISTS digests (day INTEGER NOT NULL, publication INTEGER NOT NULL,
        digest BLOB NOT NULL, PRIMARY KEY (day, publication))""",
)


class StatementStore:
    """What was made of each settled day, whole or not at all. From any thread."""

    def __init__(self, folder: Path, house: Callable[[], str] = lambda: "LaSalle") -> None:
        """house: gives its name, which pages say."""
        self._path, self._lock, self._house = folder / FILE, threading.Lock(), house
        self._db: sqlite3.Connection | None = None

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            if self._db is None:
                if not self._path.exists():
                    return []
                self._db = self._open()
            return self._db.execute(sql, values).fetchall()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, check_same_thread=False)
        for statement in SCHEMA:
            db.execute(statement)
        return db

    def days(self, account: int) -> list[int]:
        """Days of which an account has a statement here, YYYYMMDD, ascending."""
        rows = self._rows("SELECT day FROM statements WHERE account = ? ORDER BY day", account)
        return [day for (day,) in rows]

    def read(self, account: int, day: int) -> dict[str, Any] | None:
        """The data of a statement; None where none is kept."""
        return self._one("statement", account, day)

    def proof(self, account: int, day: int) -> dict[str, Any] | None:
        """What proves a statement, its collateral and its balances; None where none is kept."""
        return self._one("proof", account, day)

    def file(self, account: int, day: int, form: str) -> bytes | None:
        """A statement as a file: json (its very bytes), csv or pdf."""
        said = self.read(account, day)
        return None if said is None else written(said, form, self._house())

    def _one(self, what: str, account: int, day: int) -> dict[str, Any] | None:
        sql = f"SELECT {what} FROM statements WHERE day = ? AND account = ?"
        rows = self._rows(sql, day, account)
        found: dict[str, Any] | None = json.loads(zlib.decompress(rows[0][0])) if rows else None
        return found

    def digests(self, day: int) -> dict[Publication, bytes]:
        """The digests of a day; none where it is not kept."""
        rows = self._rows("SELECT publication, digest FROM digests WHERE day = ?", day)
        return {Publication(number): digest for number, digest in rows}

    def first(self) -> int:
        """The first day that is kept, YYYYMMDD; 0 where none is."""
        rows = self._rows("SELECT COALESCE(MIN(day), 0) FROM digests")
        return int(rows[0][0]) if rows else 0

    def keep(
        self,
        day: int,
        rows: Sequence[tuple[int, bytes, Mapping[str, Any]]],
        digests: Mapping[Publication, bytes],
    ) -> None:
        """Lays down a day: (account, bytes of its statement, its proof), and the digests."""
        with self._lock:
            db = self._db = self._db or self._open()
            with db:
                for account, statement, proof in rows:
                    told = json.dumps(proof, separators=(",", ":")).encode("ascii")
                    packed = (day, account, zlib.compress(statement), zlib.compress(told))
                    db.execute("INSERT INTO statements VALUES (?, ?, ?, ?)", packed)
                for publication, digest in digests.items():
                    row = (day, int(publication), digest)
                    db.execute("INSERT INTO digests VALUES (?, ?, ?)", row)

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None


def written(said: Mapping[str, Any], form: str, house: str) -> bytes:
    """A statement's data as a file: json, csv or pdf."""
    if form == "pdf":
        return pdf_of(said, house)
    return csv_of(said) if form == "csv" else (json.dumps(said, indent=1) + "\n").encode("ascii")


def salt_of(key: bytes, publication: Publication, day: int, account: int) -> bytes:
    """The salt of a leaf; who lacks the key of the house guesses no statement by its hash."""
    told = f"{publication.name.lower()} {day} {account}".encode()
    return hmac.digest(key, told, sha256)


def make_day(
    folder: Path, day: int
) -> tuple[list[tuple[int, bytes, dict[str, Any]]], dict[Publication, bytes]]:
    """Statements, proofs and digests of a settled day, from the journal. Raises ValueError where
    the day is not settled, or a statement does not add up."""
    statements, key = read_statements(folder, day, keep=True), proof_key(folder)
    faults = unreconciled(statements)
    if faults:
        raise ValueError(f"statements of {day}: {'; '.join(faults)}")
    bodies = {
        Publication.STATEMENTS: [as_json(one) for one in statements],
        Publication.COLLATERAL: [collateral_bytes(as_data(one)) for one in statements],
    }
    salts = {p: [salt_of(key, p, day, one.account) for one in statements] for p in bodies}
    leaves = {
        p: leaves_of(s + b for s, b in zip(salts[p], rows, strict=True))
        for p, rows in bodies.items()
    }
    trees = owed_trees(statements, day, key)
    roots = {p: root_of(found) for p, found in leaves.items()}
    digests = dict(roots)
    digests[Publication.BALANCES] = proofs.digest_of(day, {a: t.root for a, t in trees.items()})
    rows = []
    for place, one in enumerate(statements):
        proof: dict[str, Any] = {
            "format": FORMAT, "account": one.account, "day": day,
            "balances": proofs.proof(one.account, day, trees),
        }  # fmt: skip
        for p, found in leaves.items():
            proof[p.name.lower()] = {
                "salt": salts[p][place].hex(),
                "path": [[right, h.hex()] for right, h in proof_of(found, place)],
                "root": roots[p].hex(),
            }
        rows.append((one.account, bodies[Publication.STATEMENTS][place], proof))
    return rows, digests


class StatementDuty:
    """Statements of the day are made and kept, then their digests put on the log in order; one that
    stands there for the day is not asked for again."""

    def __init__(
        self,
        folder: Path,
        store: StatementStore,
        views: LivingViews,
        waiting: Waiting,
        actor: int,
    ) -> None:
        self._folder, self._store, self._views = folder, store, views
        self._waiting, self._actor = waiting, actor

    @property
    def name(self) -> str:
        """As its faults are held under."""
        return "statements"

    def first(self) -> int:
        """The first day whose statements are kept."""
        return self._store.first()

    def due(self, day: int) -> bool:
        """Whether the day is not kept, or a digest of it is not on the log."""
        if not self._store.digests(day):
            return True
        return self._lacking(day) is not None

    def _lacking(self, day: int) -> Publication | None:
        """The first publication whose digest of the day may still be put on the log: a later one
        there closes the day for good (CLR-048)."""
        accounts = self._views.accounts
        roles = accounts.actors.get(self._actor, (0, 0))[1]
        if not roles & wire.Role.CLEARING or self._views.market.behaviour < DIGESTS:
            return None
        known = accounts.digests
        lacking = (p for p in PUBLISHED if p not in known or known[p].day < day)
        return next(lacking, None)

    async def carry_out(self, day: int) -> str:
        """Makes what lacks. Raises ValueError where the log has another digest of the day."""
        digests = self._store.digests(day)
        if not digests:
            rows, digests = await asyncio.to_thread(make_day, self._folder, day)
            await asyncio.to_thread(self._store.keep, day, rows, digests)
        for publication in PUBLISHED:
            found = self._views.accounts.digests.get(publication)
            if found is not None and found.day == day and found.digest != digests[publication]:
                name = publication.name.lower()
                raise ValueError(f"the log has another digest of the {name} of {day}")
        for publication in PUBLISHED:
            if self._lacking(day) != publication:
                continue
            command = wire.PublishDigest(
                publication=publication, day=day, digest=digests[publication]
            )
            for _, event in await self._waiting.ask(self._actor, command):
                if isinstance(event, wire.Refused):
                    name = wire.Refusal(event.refusal).name.lower()
                    raise ValueError(f"publish_digest was refused: {name}")
        known = self._views.accounts.digests
        stand = all(p in known and known[p].day >= day for p in PUBLISHED)
        told = "their digests stand on the log" if stand else "no digest of them is on the log"
        return f"Statements of {day} are kept, and {told}."

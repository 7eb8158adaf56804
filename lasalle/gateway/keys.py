"""Keys: Ed25519 public keys, each for one actor. The private half never reaches the house."""

from __future__ import annotations

import ipaddress
import secrets
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

WINDOW_MS = 5_000
SCOPES = ("read", "trade", "transfer", "admin")
USUAL_SCOPES = ("read", "trade")


class KeyRefused(Exception):
    """A request is not signed by a key of the house; says which part."""


class ScopeMissing(Exception):
    """The key is sound but not for this kind of request, or not from this address."""


@dataclass(frozen=True)
class Signer:
    """Who signed: key, actor, scopes."""

    key: str
    actor: int
    scopes: frozenset[str]

    def need(self, scope: str) -> None:
        """Raises ScopeMissing."""
        if scope not in self.scopes:
            raise ScopeMissing(f"key {self.key}: expected the scope {scope}")


@dataclass(frozen=True)
class NewKey:
    """A key as its owner keeps it; `secret` is the private half in hexadecimal."""

    key: str
    secret: str


def signed_text(time_ms: int, method: str, path: str, body: bytes) -> bytes:
    """What is signed: time in milliseconds, method, path with query, SHA-256 of the body."""
    return f"{time_ms}\n{method}\n{path}\n{sha256(body).hexdigest()}".encode()


def sign(secret: str, text: bytes) -> str:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(text).hex()


class KeyStore:
    """Public keys in a file beside the journal; signatures seen within the window are kept once."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, public BLOB, "
            "actor INTEGER, revoked INTEGER DEFAULT 0, scopes TEXT DEFAULT 'read,trade', "
            "networks TEXT DEFAULT '', created INTEGER DEFAULT 0)"
        )
        self._add_columns()
        self._seen: dict[str, int] = {}

    def _add_columns(self) -> None:
        """A store of the first form gains what it lacks; its keys keep reading and trading."""
        present = {row[1] for row in self._db.execute("PRAGMA table_info(keys)")}
        for name, kind in (
            ("scopes", "TEXT DEFAULT 'read,trade'"),
            ("networks", "TEXT DEFAULT ''"),
            ("created", "INTEGER DEFAULT 0"),
        ):
            if name not in present:
                with self._db:
                    self._db.execute(f"ALTER TABLE keys ADD COLUMN {name} {kind}")

    def create(
        self, actor: int, scopes: Iterable[str] = USUAL_SCOPES, networks: Iterable[str] = ()
    ) -> NewKey:
        """A new key for an actor; only its public half is kept.

        networks: addresses it may come from, as 10.0.0.0/8; none allows every address.
        """
        wanted = tuple(scopes)
        if not set(wanted) <= set(SCOPES):
            raise ValueError(f"scopes {','.join(wanted)}: expected some of {', '.join(SCOPES)}")
        allowed = ",".join(str(ipaddress.ip_network(n)) for n in networks)
        private = Ed25519PrivateKey.generate()
        key = secrets.token_hex(8)
        with self._db:
            self._db.execute(
                "INSERT INTO keys (key, public, actor, scopes, networks, created) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (
                    key,
                    private.public_key().public_bytes_raw(),
                    actor,
                    ",".join(wanted),
                    allowed,
                    time.time_ns(),
                ),
            )
        return NewKey(key, private.private_bytes_raw().hex())

    def revoke(self, key: str) -> bool:
        with self._db:
            return (
                self._db.execute(
                    "UPDATE keys SET revoked = 1 WHERE key = ? AND revoked = 0", (key,)
                ).rowcount
                == 1
            )

    def signer(
        self,
        headers: dict[str, str],
        now_ms: int,
        method: str,
        path: str,
        body: bytes,
        address: str = "",
    ) -> Signer:
        """Who signed a request. Raises KeyRefused, ScopeMissing."""
        key, signature = headers.get("x-lasalle-key", ""), headers.get("x-lasalle-signature", "")
        stamp = headers.get("x-lasalle-timestamp", "")
        if not (key and signature and stamp.isascii() and stamp.isdigit()):
            raise KeyRefused("expected X-LaSalle-Key, X-LaSalle-Timestamp, X-LaSalle-Signature")
        if abs(now_ms - int(stamp)) > WINDOW_MS:
            raise KeyRefused(f"timestamp {stamp}: expected within {WINDOW_MS} ms of {now_ms}")
        found = self._db.execute(
            "SELECT public, actor, scopes, networks FROM keys WHERE key = ? AND revoked = 0", (key,)
        ).fetchone()
        if found is None:
            raise KeyRefused("the key is not known or was revoked")
        try:
            Ed25519PublicKey.from_public_bytes(found[0]).verify(
                bytes.fromhex(signature), signed_text(int(stamp), method, path, body)
            )
        except (InvalidSignature, ValueError):
            raise KeyRefused("the signature does not fit the request") from None
        self._seen = {s: t for s, t in self._seen.items() if abs(now_ms - t) <= WINDOW_MS}
        if signature.lower() in self._seen:
            raise KeyRefused("the signature was used before")
        self._seen[signature.lower()] = int(stamp)
        if found[3] and not _within(address, found[3].split(",")):
            raise ScopeMissing(f"key {key}: not allowed from this address")
        return Signer(key, int(found[1]), frozenset(found[2].split(",")))

    def close(self) -> None:
        self._db.close()


def _within(address: str, networks: list[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(n) for n in networks)

"""Keys: Ed25519 public keys, each for one actor. The private half never reaches the house."""

from __future__ import annotations

import ipaddress
import secrets
import sqlite3
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lasalle.client.signing import sign, signed_text
from lasalle.gateway.faults import Denied
from lasalle.gateway.verifying import Verifying, public_key

__all__ = ["KeyRefused", "KeyStore", "NewKey", "ScopeMissing", "Signer", "sign", "signed_text"]

WINDOW_MS = 5_000
SCOPES = ("read", "trade", "transfer", "admin")
USUAL_SCOPES = ("read", "trade")
STAMP_DIGITS = 16
SIGNATURE_DIGITS = 128
LOOK_AGAIN_SECONDS = 0.25


class KeyRefused(Denied):
    """A request is not signed by a key of the house; says which part."""

    name = "key_refused"


class ScopeMissing(Denied):
    """The key is sound but not for this kind of request, or not from this address."""

    name = "scope_missing"


@dataclass(frozen=True)
class Signer:
    """Who signed: key, actor, scopes."""

    key: str
    actor: int
    scopes: frozenset[str]

    def need(self, scope: str) -> None:
        """Raises ScopeMissing."""
        if scope not in self.scopes:
            raise ScopeMissing(
                f"key {self.key}: expected the scope {scope}",
                field="scope",
                expected=scope,
                found=",".join(sorted(self.scopes)),
            )


@dataclass(frozen=True)
class NewKey:
    """A key as its owner keeps it; `secret` is the private half in hexadecimal."""

    key: str
    secret: str


@dataclass(frozen=True)
class _Known:
    """A key that is not revoked, ready to verify."""

    public: Verifying
    signer: Signer
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


class SeenOnce:
    """What was heard within the window, so that nothing is heard twice."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self._order: deque[tuple[int, bytes]] = deque()

    def add(self, digest: bytes, now_ms: int) -> bool:
        """False when it was heard before.

        A stamp may lie one window ahead, so what was heard is kept for two windows.
        """
        while self._order and self._order[0][0] < now_ms - 2 * WINDOW_MS:
            self._seen.discard(self._order.popleft()[1])
        if digest in self._seen:
            return False
        self._seen.add(digest)
        self._order.append((now_ms, digest))
        return True


def key_name(public: bytes) -> str:
    """The name of a key that its owner made: the beginning of the SHA-256 of its public half."""
    return sha256(public).hexdigest()[:16]


class KeyStore:
    """Public keys in a file beside the journal."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, public BLOB, "
            "actor INTEGER, revoked INTEGER DEFAULT 0, scopes TEXT DEFAULT 'read,trade', "
            "networks TEXT DEFAULT '', created INTEGER DEFAULT 0)"
        )
        self._add_columns()
        self._seen = SeenOnce()
        self._known: dict[str, _Known] = {}
        self._version = -1
        self._look_again = 0.0

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
        public = private.public_key().public_bytes_raw()
        row = (key, public, actor, ",".join(wanted), allowed, time.time_ns())
        with self._db:
            self._db.execute(
                "INSERT INTO keys (key, public, actor, scopes, networks, created) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
        self._known.clear()
        return NewKey(key, private.private_bytes_raw().hex())

    def admit(
        self,
        actor: int,
        public: bytes,
        scopes: Iterable[str] = USUAL_SCOPES,
        networks: Iterable[str] = (),
    ) -> str:
        """Takes the public half of a key made elsewhere; gives its name, the same every time."""
        wanted = tuple(scopes)
        if not set(wanted) <= set(SCOPES):
            raise ValueError(f"scopes {','.join(wanted)}: expected some of {', '.join(SCOPES)}")
        public_key(public)
        allowed = ",".join(str(ipaddress.ip_network(n)) for n in networks)
        key = key_name(public)
        row = (key, public, actor, ",".join(wanted), allowed, time.time_ns())
        try:
            with self._db:
                self._db.execute(
                    "INSERT INTO keys (key, public, actor, scopes, networks, created) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    row,
                )
        except sqlite3.IntegrityError:
            raise ValueError(f"key {key}: expected one that is not admitted yet") from None
        self._known.clear()
        return key

    def revoke(self, key: str) -> bool:
        """False when there is no such key, or it was revoked before."""
        with self._db:
            changed = self._db.execute(
                "UPDATE keys SET revoked = 1 WHERE key = ? AND revoked = 0", (key,)
            ).rowcount
        self._known.clear()
        return changed == 1

    def alive(self, key: str) -> bool:
        """Whether the key is known and not revoked."""
        return self._find(key) is not None

    def logon(self, key: str, signature: bytes, text: bytes, address: str) -> Signer:
        """Who signed the text of a logon, which holds a nonce of the house. Raises KeyRefused,
        ScopeMissing."""
        found = self._find(key)
        if found is None:
            raise KeyRefused("the key is not known or was revoked", field="key")
        if not found.public.verify(signature, text):
            raise KeyRefused("the signature does not fit the nonce", field="signature")
        if found.networks and not _within(address, found.networks):
            raise ScopeMissing(f"key {key}: not allowed from this address", field="address")
        return found.signer

    def signer(
        self,
        given: tuple[str, str, str],
        now_ms: int,
        method: str,
        path: str,
        body: bytes,
        address: str = "",
    ) -> Signer:
        """Who signed a request; `given` are key, timestamp and signature as they were sent. Raises
        KeyRefused, ScopeMissing."""
        key, stamp, signature = given
        if not (key and signature and stamp):
            raise KeyRefused("expected X-LaSalle-Key, X-LaSalle-Timestamp, X-LaSalle-Signature")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= STAMP_DIGITS):
            raise KeyRefused("timestamp: expected milliseconds UTC", field="timestamp")
        if abs(now_ms - int(stamp)) > WINDOW_MS:
            raise KeyRefused(
                f"timestamp {stamp}: expected within {WINDOW_MS} ms of {now_ms}",
                field="timestamp",
                expected=now_ms,
                found=int(stamp),
            )
        found = self._find(key)
        if found is None:
            raise KeyRefused("the key is not known or was revoked", field="key")
        text = signed_text(int(stamp), method, path, body)
        if not found.public.verify(_signature(signature), text):
            raise KeyRefused("the signature does not fit the request", field="signature")
        # What was said is remembered, not how it was signed: another signature of the same words
        # by the same key is the same request.
        if not self._seen.add(sha256(key.encode() + text).digest(), now_ms):
            raise KeyRefused("the signature was used before", field="signature")
        if found.networks and not _within(address, found.networks):
            raise ScopeMissing(f"key {key}: not allowed from this address", field="address")
        return found.signer

    def _find(self, key: str) -> _Known | None:
        """A living key. Keys that another process added or revoked are known a moment later:
        asking SQLite costs as much as verifying half a signature."""
        now = time.monotonic()
        if now >= self._look_again:
            self._look_again = now + LOOK_AGAIN_SECONDS
            version = self._db.execute("PRAGMA data_version").fetchone()[0]
            if version != self._version:
                self._version = version
                self._known.clear()
        known = self._known.get(key)
        if known is not None:
            return known
        row = self._db.execute(
            "SELECT public, actor, scopes, networks FROM keys WHERE key = ? AND revoked = 0", (key,)
        ).fetchone()
        if row is None:
            return None
        known = self._known[key] = _Known(
            public_key(row[0]),
            Signer(key, int(row[1]), frozenset(row[2].split(","))),
            tuple(ipaddress.ip_network(n) for n in row[3].split(",") if n),
        )
        return known

    def close(self) -> None:
        self._db.close()


def _signature(text: str) -> bytes:
    """The bytes of a signature; none, which fit nothing, for what is no hexadecimal text of it."""
    try:
        return bytes.fromhex(text) if len(text) == SIGNATURE_DIGITS else b""
    except ValueError:
        return b""


def _within(
    address: str, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)

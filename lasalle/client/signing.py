"""What is signed and how: Ed25519 over time, method, path with query, and the hash of the body."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MOST_CHARACTERS = 65_536
"""A file that goes on beyond them is no key."""


def signed_text(time_ms: int, method: str, path: str, body: bytes) -> bytes:
    """What is signed: time in milliseconds, method, path with query, SHA-256 of the body."""
    return f"{time_ms}\n{method}\n{path}\n{sha256(body).hexdigest()}".encode()


def sign(secret: str, text: bytes) -> str:
    """Signature in hexadecimal; `secret` is the private half in hexadecimal."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(text).hex()


class Key:
    """A key of a house: its name and the private half in hexadecimal."""

    def __init__(self, key: str, secret: str) -> None:
        self.key, self.secret = key, secret
        self._private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
        self._last_ms = 0

    def __repr__(self) -> str:
        return f"Key({self.key!r})"

    @staticmethod
    def read(path: Path) -> Key:
        """From a file as `lasalle key` prints it. Raises ValueError for any other file."""
        try:
            with path.open() as file:
                content = json.loads(file.read(MOST_CHARACTERS))
            return Key(content["key"], content["secret"])
        except (ValueError, KeyError, TypeError):
            raise ValueError(
                f"{path}: expected a key file, a JSON object with key and secret in hexadecimal "
                "as lasalle keygen writes it"
            ) from None

    def headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """What signs a request now.

        A house hears a signature once, so no two requests of a key bear the same millisecond.
        """
        stamp = self._last_ms = max(time.time_ns() // 1_000_000, self._last_ms + 1)
        return {
            "X-LaSalle-Key": self.key,
            "X-LaSalle-Timestamp": str(stamp),
            "X-LaSalle-Signature": self._private.sign(signed_text(stamp, method, path, body)).hex(),
        }

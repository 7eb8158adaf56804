"""Public halves of keys, ready to verify: compiled where that is built, else by way of OpenSSL."""

from __future__ import annotations

import importlib
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SMALL_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""Points of small order with the sign bit cleared: a signature of such a key fits texts that nobody
signed."""


class Verifying(Protocol):
    """A public key."""

    def verify(self, signature: bytes, text: bytes) -> bool:
        """Whether the key made this signature of the text."""


class OpenSslKey:
    """A key of the cryptography package."""

    def __init__(self, raw: bytes) -> None:
        """Raises ValueError for bytes that are no key."""
        if len(raw) == 32 and raw[:31] + bytes([raw[31] & 0x7F]) in SMALL_ORDER:
            raise ValueError("an Ed25519 key: a point of small order")
        self._key = Ed25519PublicKey.from_public_bytes(raw)

    def verify(self, signature: bytes, text: bytes) -> bool:
        """Whether the key made this signature of the text."""
        try:
            self._key.verify(signature, text)
        except InvalidSignature:
            return False
        return True


def _compiled() -> Any:
    try:
        return getattr(importlib.import_module("lasalle._core"), "PublicKey", None)
    except ImportError:
        return None


public_key: Any = _compiled() or OpenSslKey
"""Makes a `Verifying` of 32 bytes. Raises ValueError for bytes that are no key."""

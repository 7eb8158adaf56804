"""Ed25519 over statements: what is signed begins with what it is, so that no signature of one kind
serves as another's (RFC 8032)."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

KEY_BYTES = 32
SIGNATURE_BYTES = 64


class SigningKey:
    """The private half of a key. Its owner alone has it."""

    def __init__(self, secret: bytes) -> None:
        """secret: 32 bytes drawn by the owner."""
        self._private = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._private.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return f"SigningKey({self.public.hex()})"

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(message)


@lru_cache(maxsize=256)
def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)


def signed_by(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of a public key signed a message; False for what is no key at all."""
    try:
        _public(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

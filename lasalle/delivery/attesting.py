"""Attestation of a node: an Entity Attestation Token (RFC 9711) as a signed JWT, held against the
key of who attests, our own nonce, the hour and the accelerators that were nominated (DEL-059).

It says that accelerators and firmware are genuine. It says nothing of the model they run, of their
speed or of where they stand.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

MOST_BYTES = 65_536
SKEW_S = 60
"""Seconds by which an attester's clock may be ahead."""
PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class _Curve:
    """A curve of RFC 7518: its kind, the digest signed with it, bytes of half a signature."""

    kind: type[ec.EllipticCurve]
    digest: hashes.HashAlgorithm
    width: int


CURVES = {
    "ES256": _Curve(ec.SECP256R1, hashes.SHA256(), 32),
    "ES384": _Curve(ec.SECP384R1, hashes.SHA384(), 48),
}


class NotAttested(ValueError):
    """A token that does not show what it should: which claim, what was expected and found."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """What a token shows."""

    attester: str
    accelerators: tuple[str, ...]
    issued_s: int
    expires_s: int
    sha256: str


class Header(msgspec.Struct, frozen=True):
    """The head of a token: algorithm, and name of the key."""

    alg: str
    kid: str = ""


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    iat: int
    exp: int
    eat_nonce: str
    ueids: list[str] = []
    result: bool | None = msgspec.field(default=None, name="x-nvidia-overall-att-result")


def verified(
    token: str,
    keys: Mapping[str, PublicKey],
    nonce: str,
    now_s: int,
    accelerators: Collection[str],
) -> Attestation:
    """What a token shows. keys: of attesters, by the key's name; nonce: the one we gave;
    accelerators: those that were nominated. Raises NotAttested."""
    parts = token.split(".")
    if len(token) > MOST_BYTES or len(parts) != 3:
        raise NotAttested("token: expected three parts of a JWT (DEL-059)")
    header = _read(parts[0], Header, "header")
    check_signature(header, keys, f"{parts[0]}.{parts[1]}".encode(), _bytes(parts[2], "signature"))
    claims = _read(parts[1], _Claims, "claims")
    found = tuple(sorted(claims.ueids))
    for name, sound, expected, told in (
        ("eat_nonce", claims.eat_nonce == nonce, nonce, claims.eat_nonce),
        ("iat", claims.iat <= now_s + SKEW_S, f"up to {now_s + SKEW_S}", claims.iat),
        ("exp", claims.exp > now_s, f"after {now_s}", claims.exp),
        ("x-nvidia-overall-att-result", claims.result is True, "true", claims.result),
        ("ueids", found == tuple(sorted(accelerators)), sorted(accelerators), list(found)),
    ):
        if not sound:
            raise NotAttested(f"{name}: expected {expected}, found {told} (DEL-059)")
    digest = sha256(token.encode()).hexdigest()
    return Attestation(claims.iss, found, claims.iat, claims.exp, digest)


def check_signature(
    header: Header, keys: Mapping[str, PublicKey], message: bytes, signature: bytes
) -> None:
    """Raises NotAttested where a signature is not by the key the header names, in its way."""
    key = keys.get(header.kid)
    if key is None:
        known = ", ".join(sorted(keys))
        raise NotAttested(f"kid: expected one of {known}, found {header.kid} (DEL-059)")
    try:
        if header.alg == "EdDSA" and isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
            return
        curve = CURVES.get(header.alg)
        if curve is not None and isinstance(key, ec.EllipticCurvePublicKey):
            if len(signature) != 2 * curve.width or not isinstance(key.curve, curve.kind):
                raise InvalidSignature
            halves = (signature[: curve.width], signature[curve.width :])
            pair = (int.from_bytes(half, "big") for half in halves)
            key.verify(encode_dss_signature(*pair), message, ec.ECDSA(curve.digest))
            return
    except InvalidSignature:
        raise NotAttested(f"signature: expected one of {header.kid} over it (DEL-059)") from None
    # The algorithm is the key's: a token never chooses how it is looked at.
    raise NotAttested(f"alg: expected that of the key {header.kid}, found {header.alg} (DEL-059)")


def _bytes(part: str, where: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise NotAttested(f"{where}: expected base64url (DEL-059)") from None


def _read(part: str, kind: Any, where: str) -> Any:
    try:
        return msgspec.json.decode(_bytes(part, where), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAttested(f"{where}: {error} (DEL-059)") from None

"""The one form of a statement: JSON as RFC 8785 has it, of whole numbers and ASCII words.

Keys stand in order, nothing stands between, no number has a point. Numbers stay within 2^53 - 1,
so that every reader of JSON has the same ones. One value has one form, and a form that is not it
is refused, so that a hash names a value and not a spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any

import msgspec

from lasalle.delivery.faults import EvidenceRefused, Fault, refused

MOST = 2**53 - 1
"""The largest number of a statement (I-JSON, RFC 7493)."""
Count = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
"""A whole number from zero."""
Signed = Annotated[int, msgspec.Meta(ge=-MOST, le=MOST)]
"""A whole number of either sign."""
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal."""
Nonce = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]
"""Sixteen bytes nobody could foresee, in hexadecimal."""
Word = Annotated[str, msgspec.Meta(pattern=r"^[ -~]{0,80}$")]
"""Printable ASCII."""
NONE = "0" * 64
"""Where a digest of nothing is asked for."""

_ENCODER = msgspec.json.Encoder(order="sorted")
_FIELD = re.compile(r" - at `\$\.?(.*)`$")
_NAMED = re.compile(r"field `([^`]*)`")


def canonical(value: Any) -> bytes:
    """The bytes of a value. Raises ValueError for a float, which has no one form."""
    written = _ENCODER.encode(value)
    if not isinstance(value, msgspec.Struct) and _has_float(value):
        raise ValueError("expected whole numbers, found one with a point")
    return written


def _has_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_has_float, value))
    return isinstance(value, float)


def digest(value: Any) -> str:
    """SHA-256 of the one form of a value, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def reader(kind: Any) -> Callable[[bytes, str], Any]:
    """Reads values of a kind from their one form; what it gives raises EvidenceRefused, which
    names the field."""
    decoder = msgspec.json.Decoder(kind)

    def read(content: bytes, where: str) -> Any:
        try:
            value = decoder.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise bent(error, where) from None
        if _ENCODER.encode(value) != content:
            found = content[:120].decode("ascii", "replace")
            raise refused(Fault.MALFORMED, where, "bytes", "the canonical form", found)
        return value

    return read


def bent(error: Exception, where: str) -> EvidenceRefused:
    """The refusal of what could not be read, in the words of the field."""
    words = str(error)
    at = _FIELD.search(words) or _NAMED.search(words)
    fault = Fault.MALFORMED
    if " <= " in words or " >= " in words or "out of range" in words:
        fault = Fault.OUT_OF_RANGE
    elif not isinstance(error, msgspec.ValidationError):
        return refused(fault, where, "bytes", "JSON", words.removeprefix("JSON is malformed: "))
    expected = _FIELD.sub("", words).removeprefix("Expected ")
    return refused(fault, where, at.group(1) if at else "bytes", expected, "another")

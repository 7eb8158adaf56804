"""Files that a person names to a command, read up to a bound: one that never ends, as a device does
not, is told and not read on."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

MOST_TEXT_BYTES = 1 << 20
"""Longest text that says something: terms, a key, a token, a supplier's file."""
MOST_FILE_BYTES = 1 << 30
"""Longest file that shows something: a bundle, rows of a reading, evidence."""
A_PIECE = 1 << 20


def content_of(path: Path, most: int = MOST_TEXT_BYTES) -> bytes:
    """Bytes of a file. Raises ValueError where there are more than `most`, OSError."""
    return b"".join(_pieces(path, most))


def text_of(path: Path, most: int = MOST_TEXT_BYTES) -> str:
    """A file as text in UTF-8, its lines ended as they are. Raises ValueError where it is longer
    or none, OSError."""
    content = content_of(path, most)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected text in UTF-8, found {error.reason}") from None


def digest_of(path: Path, most: int = MOST_FILE_BYTES) -> tuple[bytes, int]:
    """SHA-256 of a file and how many bytes it has. Raises ValueError where it is longer,
    OSError."""
    digest, found = sha256(), 0
    for piece in _pieces(path, most):
        digest.update(piece)
        found += len(piece)
    return digest.digest(), found


def secret_of(path: Path) -> bytes:
    """A key of 32 bytes from its hexadecimal digits. Raises ValueError, OSError."""
    try:
        secret = bytes.fromhex(text_of(path).strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise ValueError(f"{path}: expected a key of 64 hexadecimal digits, found none")
    return secret


def _pieces(path: Path, most: int) -> Iterator[bytes]:
    found = 0
    with path.open("rb") as file:
        while piece := file.read(A_PIECE):
            found += len(piece)
            if found > most:
                raise ValueError(f"{path}: expected at most {most} bytes, found more")
            yield piece

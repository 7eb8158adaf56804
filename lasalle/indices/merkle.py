"""Merkle trees over rows of evidence, as RFC 6962 has them: one root names a set of rows.

A leaf is SHA-256 of 0x00 and the row, a node SHA-256 of 0x01 and its two children; a list is parted
at the largest power of two below its length. Whoever holds the leaves finds the row that was bent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

_sha256 = hashlib.sha256
EMPTY = _sha256(b"").digest()


def leaves_of(rows: Iterable[bytes]) -> list[bytes]:
    """The leaf of each row."""
    return [_sha256(b"\0" + row).digest() for row in rows]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves in their order; of none, the digest of nothing."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        # Pairs from the left and an odd one lifted as it is: the tree RFC 6962 tells by recursion.
        pairs = [_sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2])]  # noqa: B905
        if len(level) % 2:
            pairs.append(level[-1])
        level = pairs
    return level[0]


def proof_of(leaves: Sequence[bytes], place: int) -> list[tuple[bool, bytes]]:
    """What proves that a leaf stands under the root: siblings upwards, each right or left."""
    level, proof = list(leaves), []
    while len(level) > 1:
        sibling = place ^ 1
        if sibling < len(level):
            proof.append((sibling > place, level[sibling]))
        pairs = [_sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2])]  # noqa: B905
        if len(level) % 2:
            pairs.append(level[-1])
        level, place = pairs, place // 2
    return proof


def proves(root: bytes, leaf: bytes, proof: Iterable[tuple[bool, bytes]]) -> bool:
    """Whether a proof leads from a leaf to the root."""
    for right, sibling in proof:
        leaf = _sha256(b"\1" + (leaf + sibling if right else sibling + leaf)).digest()
    return leaf == root

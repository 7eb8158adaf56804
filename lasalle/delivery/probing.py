"""Probes of capacity: a challenge nobody could foresee, work that has to be done to answer it, and
an answer that is looked at without doing the work again (DEL-058).

The work is a product of two square matrices drawn from the challenge. Who checks multiplies by a
vector of its own instead (R. Freivalds, 1977): a wrong product passes with a chance below one in
2^30. On an accelerator the kernel of the standard takes its place; the one here runs on a
processor, and what it measures is no accelerator's speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

KERNEL = "processor stand-in: integer matrix product"
PRIME = 2**31 - 1
PPM = 1_000_000


def challenge(secret: bytes, contract: int, node: str, slot: int) -> str:
    """The challenge of a slot: known to who has the secret, whose digest stood in the log before,
    and to everybody afterwards."""
    told = f"{contract} {node} {slot}".encode()
    return sha256(b"lasalle probe\n" + secret + told).hexdigest()[:32]


def matrices(nonce: str, size: int) -> tuple[Any, Any]:
    """The two matrices of a challenge, of numbers below 2^15."""
    count = 2 * size * size * 2
    stream = b"".join(
        sha256(bytes.fromhex(nonce) + n.to_bytes(4, "big")).digest() for n in range(-(-count // 32))
    )
    drawn = np.frombuffer(stream[:count], dtype="<u2").astype(np.int64) & 0x7FFF
    both = drawn.reshape(2, size, size)
    return both[0], both[1]


def worked(nonce: str, size: int) -> bytes:
    """The product, as a node answers with it."""
    one, other = matrices(nonce, size)
    return bytes(np.ascontiguousarray(one @ other, dtype="<i8").tobytes())


def is_right(nonce: str, size: int, answer: bytes, secret: bytes) -> bool:
    """Whether an answer is the product, by a vector the node does not know."""
    if len(answer) != 8 * size * size:
        return False
    one, other = matrices(nonce, size)
    stream = b"".join(
        sha256(secret + answer[:64] + n.to_bytes(4, "big")).digest() for n in range(-(-size // 8))
    )
    vector = np.frombuffer(stream[: 4 * size], dtype="<u4").astype(np.int64) % PRIME
    product = np.frombuffer(answer, dtype="<i8").reshape(size, size)
    left = _times(product % PRIME, vector)
    right = _times(one, _times(other, vector))
    return bool(np.array_equal(left, right))


def _times(matrix: Any, vector: Any) -> Any:
    """A matrix by a vector modulo the prime, a column at a time so that nothing overflows."""
    return (matrix * vector % PRIME).sum(axis=1) % PRIME


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back of a probe: the answer, and how long it took."""

    answer: bytes
    taken_ns: int


def grade_ppm(taken_ns: int, rated_ns: int) -> int:
    """Measured speed over that of the grade, rounded down; no speed counts for more than tenfold,
    since a clock that stood still is no accelerator."""
    return min(10 * PPM, rated_ns * PPM // max(1, taken_ns))


def found_healthy(
    due: int, right: bool, taken_ns: int, deadline_ns: int, speed_ppm: int, least_ppm: int
) -> int:
    """Accelerators of a node that count in a slot: all that are due where the answer is right, in
    time and in grade; else none (DEL-058)."""
    return due if right and taken_ns <= deadline_ns and speed_ppm >= least_ppm else 0

"""The Merkle tree of a log as RFC 9162 has it: roots, and proofs that an entry stands in a tree and
that one tree is the beginning of another.

A node is named by its level and its place: node (l, n) is the root over leaves n * 2^l up to
(n + 1) * 2^l. Proofs are made from nodes wherever they are kept, and checked from hashes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from lasalle.indices.merkle import EMPTY

HASH_BYTES = 32
Nodes = Callable[[int, int], bytes]
"""The hash of a whole node by level and place."""


def leaf_hash(entry: bytes) -> bytes:
    """The leaf of an entry."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node over two."""
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: enough to go on, and to say its root at every size."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """peaks: roots of the whole subtrees that make the tree, largest first."""
        if size.bit_count() != len(peaks):
            raise ValueError(f"a tree of {size} has {size.bit_count()} peaks, found {len(peaks)}")
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> None:
        """One more leaf."""
        at = self.size
        while at & 1:
            leaf = sha256(b"\1" + self.peaks.pop() + leaf).digest()
            at >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        if not self.peaks:
            return EMPTY
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found


def peaks_of(size: int, nodes: Nodes) -> list[bytes]:
    """The roots of the whole subtrees that make a tree of a size, largest first."""
    found, begin = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append(nodes(level, begin >> level))
            begin += 1 << level
    return found


def span_hash(begin: int, end: int, nodes: Nodes) -> bytes:
    """The root over leaves begin to end, where begin is a place at which RFC 9162 parts a tree."""
    length = end - begin
    if length.bit_count() == 1:
        level = length.bit_length() - 1
        return nodes(level, begin >> level)
    middle = begin + _split(length)
    return node_hash(span_hash(begin, middle, nodes), span_hash(middle, end, nodes))


def _split(length: int) -> int:
    """The largest power of two below a length."""
    return 1 << ((length - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """What leads from a leaf to the root of a tree, leaf upwards (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not in a tree of {size}")
    found: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            found.append(span_hash(middle, end, nodes))
            end = middle
        else:
            found.append(span_hash(begin, middle, nodes))
            begin = middle
    return found[::-1]


def consistency_proof(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """What shows that a tree of size `first` begins one of size `second` (RFC 9162, 2.1.4.1);
    nothing where they are of one size or the first is empty."""
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {first} does not begin one of {second}")
    if first in (0, second):
        return []
    found: list[bytes] = []
    begin, end, whole = 0, second, True
    while first != end:
        middle = begin + _split(end - begin)
        if first <= middle:
            found.append(span_hash(middle, end, nodes))
            end = middle
        else:
            found.append(span_hash(begin, middle, nodes))
            begin, whole = middle, False
    if not whole:
        found.append(span_hash(begin, end, nodes))
    return found[::-1]


def includes(
    leaf: bytes, index: int, size: int, proof: Iterable[bytes], root: bytes
) -> bool:
    """Whether a proof leads from a leaf to the root (RFC 9162, 2.1.3.2)."""
    path = list(proof)
    if not 0 <= index < size or not _are_hashes(leaf, root, *path):
        return False
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def begins(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that the first tree begins the second (RFC 9162, 2.1.4.2). An empty
    tree begins every tree, and nothing proves it."""
    path = list(proof)
    if not 0 <= first <= second or (first == 0) != (first_root == EMPTY):
        return False
    if first == second:
        return not path and first_root == second_root
    if not _are_hashes(first_root, second_root, *path):
        return False
    if first == 0:
        return not path
    if first.bit_count() == 1:
        path.insert(0, first_root)
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _are_hashes(*found: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in found)

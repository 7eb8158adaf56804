"""Proof of balances: each member can check its own cash against one published root, seeing nobody
else's.

Each balance is parted into PARTS random amounts, each a leaf with a salt of its own; leaves stand
in order of their hashes. A node is hashed over both children and both their sums, and no sum is
negative, so that the root's sum is what the house owes in all. A neighbour shows an amount of a
part, which is nobody's balance.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from lasalle.indices.merkle import EMPTY

PARTS = 8
"""Leaves of one balance."""
FORMAT = "lasalle proof of balances 1"
_sha256 = hashlib.sha256


class ProofError(ValueError):
    """A proof is not one, or does not lead to what it says; tells what was expected and found."""


class Node(NamedTuple):
    """A hash and the sum below it, smallest units of the asset."""

    hash: bytes
    sum: int


@dataclass(frozen=True)
class Tree:
    """A tree of one asset, level by level from the leaves, with the place of each part."""

    levels: tuple[tuple[Node, ...], ...]
    parts: Mapping[int, tuple[tuple[bytes, int, int], ...]]
    """By account: salt, amount and place of each part."""

    @property
    def root(self) -> Node:
        """The root, and what the house owes in all."""
        return self.levels[-1][0] if self.levels[-1] else Node(EMPTY, 0)


def leaf(salt: bytes, account: int, amount: int) -> Node:
    """A part of a balance."""
    body = b"\0" + salt + account.to_bytes(4, "big") + amount.to_bytes(16, "big")
    return Node(_sha256(body).digest(), amount)


def node(left: Node, right: Node) -> Node:
    """Two nodes as one: both sums are under its hash."""
    body = b"\1" + b"".join(n.hash + n.sum.to_bytes(16, "big") for n in (left, right))
    return Node(_sha256(body).digest(), left.sum + right.sum)


def parted(
    secret: bytes, day: int, asset: int, account: int, balance: int
) -> list[tuple[bytes, int]]:
    """Salt and amount of each part of a balance; who lacks the secret guesses neither."""
    salts = []
    for n in range(PARTS):
        told = f"{day} {asset} {account} {n}".encode()
        salts.append(hmac.digest(secret, told, "sha256"))
    # Cut at random points of the balance, which the salts give.
    cuts = sorted(int.from_bytes(s[:16], "big") % (balance + 1) for s in salts[1:])
    amounts = [b - a for a, b in zip([0, *cuts], [*cuts, balance], strict=True)]
    return list(zip(salts, amounts, strict=True))


def make_tree(secret: bytes, day: int, asset: int, balances: Mapping[int, int]) -> Tree:
    """The tree of the balances of a day by account; none is negative."""
    rows: list[tuple[Node, int, bytes]] = []
    for account, balance in balances.items():
        if balance < 0:
            raise ProofError(f"account {account}: expected at least 0, found {balance}")
        for salt, amount in parted(secret, day, asset, account, balance):
            rows.append((leaf(salt, account, amount), account, salt))
    rows.sort(key=lambda row: row[0].hash)
    parts: dict[int, list[tuple[bytes, int, int]]] = {account: [] for account in balances}
    for place, (made, account, salt) in enumerate(rows):
        parts[account].append((salt, made.sum, place))
    levels = [tuple(row[0] for row in rows)]
    while len(levels[-1]) > 1:
        level = levels[-1]
        pairs = [node(a, b) for a, b in zip(level[::2], level[1::2])]  # noqa: B905
        levels.append((*pairs, level[-1]) if len(level) % 2 else tuple(pairs))
    return Tree(tuple(levels), {account: tuple(found) for account, found in parts.items()})


def path(tree: Tree, place: int) -> list[tuple[bool, Node]]:
    """What leads from a leaf to the root: siblings upwards, each right or left."""
    found = []
    for level in tree.levels[:-1]:
        sibling = place ^ 1
        if sibling < len(level):
            found.append((sibling > place, level[sibling]))
        place //= 2
    return found


def digest_of(day: int, roots: Mapping[int, Node]) -> bytes:
    """What stands on the log for a day: roots and sums of every asset, in ASCII JSON."""
    return _sha256(_canonical(day, {a: [n.hash.hex(), n.sum] for a, n in roots.items()})).digest()


def _canonical(day: int, roots: Mapping[int, Any]) -> bytes:
    said = {"day": day, "format": FORMAT, "roots": [[a, *roots[a]] for a in sorted(roots)]}
    return json.dumps(said, separators=(",", ":"), sort_keys=True).encode("ascii")


def proof(account: int, day: int, trees: Mapping[int, Tree]) -> dict[str, Any]:
    """What an account's owner is given: its own parts, their paths, the roots of the day."""
    mine = {asset: tree for asset, tree in trees.items() if account in tree.parts}
    return {
        "format": FORMAT,
        "account": account,
        "day": day,
        "roots": [[a, trees[a].root.hash.hex(), trees[a].root.sum] for a in sorted(trees)],
        "balances": [
            {
                "asset": asset,
                "parts": [
                    {
                        "salt": salt.hex(),
                        "amount": amount,
                        "path": [[r, n.hash.hex(), n.sum] for r, n in path(tree, place)],
                    }
                    for salt, amount, place in tree.parts[account]
                ],
            }
            for asset, tree in sorted(mine.items())
        ],
    }


@dataclass(frozen=True)
class Checked:
    """What a sound proof says: the account's balances by asset, smallest units, and the digest
    that has to stand on the log for its day."""

    account: int
    day: int
    balances: dict[int, int]
    totals: dict[int, int]
    digest: bytes


def check(said: Any) -> Checked:
    """Recomputes every root of a proof from its parts. Raises ProofError where it does not lead
    there, or is not a proof."""
    try:
        return _check(said)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        if isinstance(error, ProofError):
            raise
        raise ProofError(f"expected a proof of balances, found {error!r}") from error


def _check(said: Any) -> Checked:
    if said["format"] != FORMAT:
        raise ProofError(f"format: expected {FORMAT!r}, found {said['format']!r}")
    roots = {int(a): Node(bytes.fromhex(h), int(total)) for a, h, total in said["roots"]}
    balances: dict[int, int] = {}
    for one in said["balances"]:
        asset, seen = int(one["asset"]), set()
        for part in one["parts"]:
            salt = bytes.fromhex(part["salt"])
            if salt in seen:
                raise ProofError(f"asset {asset}: a part stands twice")
            seen.add(salt)
            found = leaf(salt, int(said["account"]), int(part["amount"]))
            for right, hash_, total in part["path"]:
                sibling = Node(bytes.fromhex(hash_), int(total))
                found = node(found, sibling) if right else node(sibling, found)
            if found != roots[asset]:
                raise ProofError(
                    f"asset {asset}: expected the root {roots[asset].hash.hex()} over "
                    f"{roots[asset].sum}, found {found.hash.hex()} over {found.sum}"
                )
            balances[asset] = balances.get(asset, 0) + int(part["amount"])
    totals = {asset: root.sum for asset, root in roots.items()}
    day = int(said["day"])
    return Checked(int(said["account"]), day, balances, totals, digest_of(day, roots))

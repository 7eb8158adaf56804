"""A proof that a statement, and the collateral in it, is what the house put its digest on the log
of: a salted leaf and its path to the root of the day."""

from __future__ import annotations

import json
from typing import Any

from lasalle.indices.merkle import leaves_of, proves
from lasalle.views import proof as proofs
from lasalle.views.proof import ProofError
from lasalle.wire import Publication

FORMAT = "lasalle proof of a statement 1"


def collateral_bytes(said: dict[str, Any]) -> bytes:
    """What the leaf of an account's collateral is of: the assets of its statement's data."""
    told = {name: said[name] for name in ("account", "collateral", "day")}
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode("ascii")


def check(said: Any, statement: bytes = b"") -> dict[Publication, bytes]:
    """The digests that have to stand on the log for what a proof shows: its balances and, where the
    bytes of the statement are given, the statement and its collateral. Raises ProofError."""
    try:
        found = {Publication.BALANCES: proofs.check(said["balances"]).digest}
        whose = (said["balances"]["account"], said["balances"]["day"])
        if whose != (said["account"], said["day"]):
            raise ProofError(f"balances: expected account and day of the proof, found {whose}")
        if statement:
            one = json.loads(statement)
            if (one["account"], one["day"]) != (said["account"], said["day"]):
                raise ProofError("statement: expected the account and the day of the proof")
            for publication, body in (
                (Publication.STATEMENTS, statement),
                (Publication.COLLATERAL, collateral_bytes(one)),
            ):
                found[publication] = _root(said[publication.name.lower()], body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, ProofError):
            raise
        raise ProofError(f"expected a proof of a statement, found {error!r}") from error
    return found


def _root(said: Any, body: bytes) -> bytes:
    (leaf,) = leaves_of([bytes.fromhex(said["salt"]) + body])
    root = bytes.fromhex(said["root"])
    path = [(bool(right), bytes.fromhex(sibling)) for right, sibling in said["path"]]
    if not proves(root, leaf, path):
        raise ProofError(f"root {said['root']}: the path does not lead there from these bytes")
    return root

"""A party that cosigns: it remembers the last checkpoint it put its name to, and puts it to none
that is not proved to begin with that one. Two parties that do so cannot be shown two logs."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from lasalle.delivery.faults import Fault, refused
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.notes import Note, SignatureLine, check_log_signature, cosign
from lasalle.delivery.terms import Terms
from lasalle.delivery.tree import begins
from lasalle.indices.merkle import EMPTY


@dataclass(frozen=True, slots=True)
class Seen:
    """The last checkpoint a cosigner put its name to."""

    size: int = 0
    root: bytes = EMPTY

    @property
    def content(self) -> bytes:
        """As it is kept: durable before the cosignature is given away."""
        return f"{self.size} {base64.b64encode(self.root).decode('ascii')}\n".encode("ascii")

    @staticmethod
    def read(content: bytes) -> Seen:
        """From what was kept. Raises ValueError."""
        size, root = content.decode("ascii").split()
        return Seen(int(size), base64.b64decode(root, validate=True))


@dataclass(frozen=True)
class Cosigning:
    """A party's name and key for the log of a delivery."""

    terms: Terms
    name: str
    key: SigningKey

    def cosigned(
        self, seen: Seen, note: Note, proof: Sequence[bytes], seconds: int
    ) -> tuple[Seen, SignatureLine]:
        """What is remembered from now on, to be made durable first, and the cosignature. Raises
        EvidenceRefused: where the log shrank or went another way it is forked."""
        checkpoint = note.checkpoint
        where = f"checkpoint {checkpoint.size}"
        check_log_signature(note, self.terms, where)
        if checkpoint.size < seen.size:
            raise refused(Fault.FORKED, where, "size", f"at least {seen.size}", checkpoint.size)
        if not begins(seen.size, checkpoint.size, seen.root, checkpoint.root, proof):
            grown = f"one that begins with {seen.root.hex()} at {seen.size}"
            raise refused(Fault.FORKED, where, "root", grown, checkpoint.root.hex())
        line = cosign(checkpoint, self.name, self.key, seconds)
        return Seen(checkpoint.size, checkpoint.root), line
